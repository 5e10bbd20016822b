#!/usr/bin/env python3
"""Compares what the library reads in certificates with what openssl(1) prints.

    compare_openssl.py [--sample N] [--list] CERTDUMP FILE_OR_FOLDER...

CERTDUMP is the program built from tests/tools/certdump.c. Every PEM certificate in the files (and in the *.txt, *.pem,
*.crt files of the folders) is compared once: subject, issuer, validity, subjectAltName and SHA-256 fingerprint.
--sample N takes N of them, evenly spread. A line for each difference. What the library refuses (openssl looks at
extensions and keys only when asked for them) is compared without its subjectAltName, and listed with --list. The last
line is `N compared, N differ, N of them refused by tls99, N refused by openssl, N refused by both`.
Exit status: 1 if any differ, 2 if nothing could be compared, 77 if there is no openssl.
"""
import base64
import concurrent.futures
import hashlib
import os
import re
import shutil
import subprocess
import sys

BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----")
OPENSSL = ["openssl", "x509", "-inform", "DER", "-noout", "-fingerprint", "-sha256", "-subject", "-issuer", "-dates",
           "-ext", "subjectAltName", "-nameopt",
           "esc_2253,esc_ctrl,esc_msb,utf8,dump_nostr,dump_der,sep_comma_plus,dn_rev,oid"]
OTHER = re.compile(r"(othername|Registered ID):.*?(?=, (?:DNS|IP Address|email|URI|DirName|othername|Registered ID):|$)")


def files_of(path):
    if not os.path.isdir(path):
        return [path]
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names
                  if name.endswith((".txt", ".pem", ".crt")))


def fingerprint(der):
    return ":".join("%02X" % b for b in hashlib.sha256(der).digest())


def collect(paths):
    """Fingerprint -> DER of every certificate in the files."""
    certs = {}
    for path in paths:
        with open(path, "rb") as f:
            for block in BLOCK.finditer(f.read()):
                der = base64.b64decode(block.group(1))
                certs.setdefault(fingerprint(der), der)
    return certs


def fields(text):
    """The lines of a record as a dict; what openssl prints differently from one version to the next is made alike."""
    record, key = {}, None
    for line in text.splitlines():
        if line.startswith("X509v3 Subject Alternative Name:"):
            key = "subjectAltName"
            record["critical"] = "critical" in line
        elif key and line.startswith("    "):
            record[key] = OTHER.sub(r"\1", line.strip())
        elif "=" in line:
            name, value = line.split("=", 1)
            record[name] = value
    return record


def ours(certdump, paths):
    """Fingerprint -> record."""
    records = {}
    for start in range(0, len(paths), 200):
        out = subprocess.run([certdump] + paths[start:start + 200], check=True, stdout=subprocess.PIPE).stdout
        for text in out.decode("utf-8", "backslashreplace").split("\n\n"):
            record = fields(text)
            if "sha256 Fingerprint" in record:
                records[record["sha256 Fingerprint"]] = record
    return records


def theirs(der):
    done = subprocess.run(OPENSSL, input=der, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    record = fields(done.stdout.decode("utf-8", "backslashreplace"))
    return record if done.returncode == 0 and "notAfter" in record else {"refused": "by openssl"}


def main(args):
    sample, verbose = 0, False
    while args and args[0].startswith("--"):
        if args[0] == "--sample":
            sample = int(args[1])
            args = args[1:]
        elif args[0] == "--list":
            verbose = True
        args = args[1:]
    if len(args) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    if shutil.which("openssl") is None:
        print("skipped: there is no openssl to compare with")
        return 77
    paths = [p for arg in args[1:] for p in files_of(arg)]
    certs = collect(paths)
    keys = sorted(certs)
    if sample and sample < len(keys):
        keys = [keys[i * len(keys) // sample] for i in range(sample)]
    mine = ours(args[0], paths)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        other = dict(zip(keys, pool.map(theirs, (certs[k] for k in keys))))

    compared = differ = both = by_us = by_them = 0
    for key in keys:
        a, b = mine.get(key, {"refused": "not found"}), other[key]
        reason = a.pop("refused", None)
        if "refused" in b:
            both += reason is not None
            by_them += reason is None
            if verbose:
                print("refused by openssl: %s %s" % (key[:23], a.get("subject")))
            continue
        if reason is not None:
            by_us += 1
            b = {k: v for k, v in b.items() if k not in ("subjectAltName", "critical")}
            if verbose:
                print("refused by tls99: %s: %s %s" % (reason, key[:23], b.get("subject")))
        compared += 1
        differ += a != b
        for field in sorted(set(a) | set(b)):
            if a.get(field) != b.get(field):
                print("%s %s:\n  tls99   %r\n  openssl %r" % (key[:23], field, a.get(field), b.get(field)))
    print("%d compared, %d differ, %d of them refused by tls99, %d refused by openssl, %d refused by both"
          % (compared, differ, by_us, by_them, both))
    return 2 if compared == 0 else 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
