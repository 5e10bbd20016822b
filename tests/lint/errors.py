#!/usr/bin/env python3
"""src/ERRORS.md lists every sentence of the sources, and no other; and all are in one style.

A sentence is a string literal with a blank and a letter in it: nothing else in the library speaks. In the list it stands
as code, each value in it as <what it is>. Literals that nobody reads as a sentence are named below."""

import os
import re
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")

LAYERS = ["api", "net", "engine", "record", "handshake", "kex", "x509", "crypto", "base"]

# Files and folders whose text is labels or a report, not an error.
OTHER_FILES = (
    "api/explain.c",   # the diagram's and the report's lines
    "api/names.c",     # names of numbers
    "x509/describe/",  # a certificate for people to read
)

OTHER_LITERALS = {
    # labels of PEM blocks
    "X509 CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CRL", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY", "-----BEGIN ", "-----END ",
    # labels of key schedules and signatures
    "tls13 ", "c e traffic", "c hs traffic", "s hs traffic", "c ap traffic", "s ap traffic", "exp master", "res master",
    "res binder", "traffic upd", "master secret", "extended master secret", "key expansion", "client finished",
    "server finished", "TLS 1.3, client CertificateVerify", "TLS 1.3, server CertificateVerify",
}

# What a sentence may begin with that is no small letter.
NAMES = ("EE ", "CA ", "CRL ", "EOF ", "DNS ", "EDI ", "URI ", "X.400 ", "EC ", "RSA ", "RSA-PSS ", "Certificate: ",
         "SSL ", "TLS ")

# What was being done: the fault follows.
DOING = ("handshake failed", "read failed", "write failed", "key update failed")

FORMAT = re.compile(r"%[-+ 0#*]*\d*(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j|t)?[diouxXscp]")
VALUE = re.compile(r"<[^<>`]+>")


TOKEN = re.compile(r"""/\*.*?\*/|'(?:[^'\\\n]|\\.)*'|"((?:[^"\\\n]|\\.)*)"|(\w+)|\S""", re.S)


def literals(text):
    """String literals, those side by side as one, macros that are strings put in."""
    macros = dict(re.findall(r'^#define (\w+) "((?:[^"\\]|\\.)*)"$', text, re.M))
    text = re.sub(r"^#include .*|^#define \w+", ";", text, flags=re.M)
    whole = None
    for m in TOKEN.finditer(text + " ;"):
        if m.group().startswith("/*"):
            continue
        part = m.group(1) if m.group(1) is not None else macros.get(m.group(2))
        if part is not None:
            whole = (whole or "") + part
        elif whole is not None:
            yield re.sub(r"\\(.)", r"\1", whole)
            whole = None


def is_sentence(text):
    return " " in text and re.search("[A-Za-z]{2}", FORMAT.sub("", text)) and text not in OTHER_LITERALS


def shape(text):
    """What code and list have in common: values as <>, no blanks around."""
    return re.sub("((0x)?<>)+", "<>", VALUE.sub("<>", FORMAT.sub("<>", text))).strip()


def said():
    """shape: (file, literal) of all sentences in the sources."""
    out = {}
    for layer in LAYERS:
        for folder, _, files in os.walk(os.path.join(TOP, "src", layer)):
            for name in sorted(files):
                path = os.path.relpath(os.path.join(folder, name), os.path.join(TOP, "src"))
                if name.endswith((".c", ".h")) and not path.startswith(OTHER_FILES):
                    with open(os.path.join(TOP, "src", path), encoding="utf-8") as f:
                        for text in literals(f.read()):
                            if is_sentence(text):
                                out.setdefault(shape(text), (path, text))
    return out


def listed():
    """Shapes of all code in the list that has a blank; code that is indented is an example."""
    with open(os.path.join(TOP, "src", "ERRORS.md"), encoding="utf-8") as f:
        text = re.sub(r"^    .*\n", "", f.read(), flags=re.M)
    spans = [a or b for a, b in re.findall(r"``(.+?)``(?!`)|(?<!`)`([^`]+)`(?!`)", text, re.S)]
    return {shape(re.sub(r"\s*\n\s*", " ", s)) for s in spans if " " in s}


def style(text):
    """What is wrong with the style of a sentence; None: nothing."""
    words = FORMAT.sub("", text)
    if re.search(r"[.!]$", text) and not text.endswith("..."):
        return "ends with a dot or an exclamation mark"
    if re.match(r"[A-Z]", text) and not text.startswith(NAMES):
        return "begins with a capital letter"
    if re.match(r"(\w+ )?(failed|failure|error|unknown error)$", text) and text not in DOING:
        return "does not say what"
    if re.search(r"\b[A-Z]{6,}\b", words.replace("PRIVATE KEY", "")):
        return "shouts"
    return None


def main():
    code, doc = said(), listed()
    bad = 0
    for key in sorted(set(code) - doc):
        print("src/ERRORS.md lacks a sentence of src/%s: %s" % code[key])
        bad = 1
    for key in sorted(doc - set(code)):
        print("src/ERRORS.md has what nothing says: %s" % key)
        bad = 1
    for path, text in code.values():
        why = style(text)
        if why:
            print("src/%s: \"%s\" %s" % (path, text, why))
            bad = 1
    if not bad:
        print("%d sentences" % len(code))
    return bad


if __name__ == "__main__":
    sys.exit(main())
