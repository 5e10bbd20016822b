#!/usr/bin/env python3
"""certinfo on every certificate there is: no crash, JSON as its schema says, lines of 80 columns, fields as openssl has them.

    certificates.py [--sample N] CERTINFO FILE_OR_FOLDER...

certinfo sees all certificates in the files (and in the *.txt, *.pem, *.crt files of the folders); of what it says, subject,
issuer, serial number, validity, key, subjectAltName, key usage, extended key usage, basicConstraints and which of these
are critical are compared with `openssl x509 -text`: of all certificates, or with --sample of N, evenly spread (openssl
takes 30 ms for each). Exit status: 1 if anything is wrong, 2 if nothing could be compared, 77 without openssl or certificates.
"""
import collections
import concurrent.futures
import hashlib
import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "explain"), os.path.join(HERE, "..", "x509")]
import compare_openssl
import schema as schema_module

SCHEMA = os.path.join(HERE, "..", "..", "examples", "certinfo", "certinfo.schema.json")
TEXT = ["openssl", "x509", "-inform", "DER", "-noout", "-text", "-certopt", "no_sigdump", "-nameopt",
        "esc_2253,esc_ctrl,utf8,dump_nostr,dump_der,sep_comma_plus_space,dn_rev,sname"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
CUT = 1000  # entries of a list that are told
BATCH = 100  # files a call

KEY_USAGE = {"Digital Signature": "digitalSignature", "Non Repudiation": "nonRepudiation",
             "Key Encipherment": "keyEncipherment", "Data Encipherment": "dataEncipherment",
             "Key Agreement": "keyAgreement", "Certificate Sign": "keyCertSign", "CRL Sign": "cRLSign",
             "Encipher Only": "encipherOnly", "Decipher Only": "decipherOnly"}
PURPOSES = {"1.3.6.1.5.5.7.3.1": "TLS Web Server Authentication", "1.3.6.1.5.5.7.3.2": "TLS Web Client Authentication",
            "1.3.6.1.5.5.7.3.3": "Code Signing", "1.3.6.1.5.5.7.3.4": "E-mail Protection",
            "1.3.6.1.5.5.7.3.8": "Time Stamping", "1.3.6.1.5.5.7.3.9": "OCSP Signing",
            "1.3.6.1.5.5.7.3.5": "IPSec End System", "1.3.6.1.5.5.7.3.6": "IPSec Tunnel", "1.3.6.1.5.5.7.3.7": "IPSec User",
            "2.5.29.37.0": "Any Extended Key Usage", "1.3.6.1.4.1.311.10.3.3": "Microsoft Server Gated Crypto",
            "1.3.6.1.4.1.311.10.3.4": "Microsoft Encrypted File System",
            "1.3.6.1.4.1.311.20.2.2": "Microsoft Smartcard Login", "2.16.840.1.113730.4.1": "Netscape Server Gated Crypto",
            "1.3.6.1.4.1.11129.2.4.4": "CT Precertificate Signer"}
EXTENSIONS = {"subjectAltName": "Subject Alternative Name", "keyUsage": "Key Usage", "extKeyUsage": "Extended Key Usage",
              "basicConstraints": "Basic Constraints"}
SAN = re.compile(r", (?=(?:DNS|IP Address|email|URI|DirName|othername|Registered ID|X400Name|EdiPartyName):)")
NAMES = {"DNS": "DNS", "IP": "IP Address", "email": "email", "URI": "URI", "directory": "DirName", "other": "othername",
         "registered": "Registered ID", "x400": "X400Name", "edi": "EdiPartyName"}


# ---- What certinfo says ----

def name_of(entry):
    """A subjectAltName entry as openssl prints it; of directory and other names only that there is one."""
    kind, value = NAMES[entry["type"]], entry["value"]
    if kind in ("DirName", "othername", "Registered ID", "X400Name", "EdiPartyName"):
        return kind
    if kind == "IP Address" and ":" in value:
        value = ":".join("%X" % int(part, 16) for part in ipaddress.ip_address(value).exploded.split(":"))
    return kind + ":" + value


def key_of(key):
    kind = {"1.2.840.113549.1.1.1": "RSA", "1.2.840.113549.1.1.10": "RSA-PSS", "1.2.840.10045.2.1": "EC"}.get(key["oid"])
    if kind == "EC":
        return "EC %s %s" % (key.get("curve", {}).get("name"), key.get("bits"))
    return "%s %s %s" % (kind, key["bits"], key.get("exponent")) if kind else key.get("name", key["oid"])


def ours(cert):
    by_name = {e.get("name"): e for e in cert.get("extensions", [])}
    record = {"subject": cert["subject"], "issuer": cert["issuer"], "serial": cert["serial"].lstrip("0"),
              "not_before": cert["not_before"], "not_after": cert["not_after"], "version": cert["version"],
              "key": key_of(cert["key"])}
    if "subject_alt_names" in cert:
        record["san"] = [name_of(e) for e in cert["subject_alt_names"]]
    if "key_usage" in cert:
        record["key_usage"] = set(cert["key_usage"])
    if "extended_key_usage" in cert:
        record["purposes"] = [PURPOSES.get(e["oid"], e["oid"]) for e in cert["extended_key_usage"]]
    if "basic_constraints" in cert:
        record["basic"] = (cert["basic_constraints"]["ca"], cert["basic_constraints"].get("path_length"))
    record["critical"] = {n for n in EXTENSIONS if n in by_name and by_name[n]["critical"]}
    return record


# ---- What openssl says ----

def openssl_time(text):
    month, day, clock, year, _ = text.split()
    return "%04d-%02d-%02dT%sZ" % (int(year), MONTHS.index(month) + 1, int(day), clock)


def openssl_key(text):
    kind = re.search(r"Public Key Algorithm: (.*)", text).group(1).strip()
    bits = re.search(r"Public-Key: \((\d+) bit", text)
    exponent = re.search(r"^ {16}Exponent: (\d+)", text, re.M)
    curve = re.search(r"NIST CURVE: (\S+)", text)
    named = re.search(r"ASN1 OID: (\S+)", text)
    if kind in ("rsaEncryption", "rsassaPss") and bits:
        return "%s %s %s" % ("RSA" if kind == "rsaEncryption" else "RSA-PSS", bits.group(1),
                             exponent.group(1) if exponent else None)
    if kind == "id-ecPublicKey" and bits:
        return "EC %s %s" % (curve.group(1) if curve else named.group(1) if named else None, bits.group(1))
    return {"ED25519": "Ed25519", "ED448": "Ed448", "dsaEncryption": "DSA"}.get(kind, kind)


def openssl_extensions(text):
    """Name -> (critical, value), of those that have one line, which most have."""
    found = {}
    for m in re.finditer(r"^ {12}X509v3 ([A-Za-z ]+): ?(critical)?\s*\n((?: {16}.*\n?)*)", text, re.M):
        found.setdefault(m.group(1), (m.group(2) is not None, m.group(3).rstrip("\n")[16:]))
    return found


def theirs(der):
    done = subprocess.run(TEXT, input=der, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        return None
    text = done.stdout.decode("utf-8", "backslashreplace")
    serial = re.search(r"Serial Number:\s+(?:(\(Negative\))?\s*((?:[0-9a-f]{2}:?)+)\n|(-?)\d+ \(-?0x([0-9a-f]+)\))", text)
    extensions = openssl_extensions(text)
    record = {"subject": re.search(r"^ {8}Subject: ?(.*)", text, re.M).group(1),
              "issuer": re.search(r"^ {8}Issuer: ?(.*)", text, re.M).group(1),
              "serial": (serial.group(2) or serial.group(4)).replace(":", "").lstrip("0"),
              "negative": bool(serial.group(1) or serial.group(3)),
              "not_before": openssl_time(re.search(r"Not Before: (.*)", text).group(1)),
              "not_after": openssl_time(re.search(r"Not After : (.*)", text).group(1)),
              "version": int(re.search(r"Version: (\d+)", text).group(1)), "key": openssl_key(text)}
    if "Subject Alternative Name" in extensions:
        names = SAN.split(extensions["Subject Alternative Name"][1])
        record["san"] = [n if n.split(":")[0] in ("DNS", "IP Address", "email", "URI") else n.split(":")[0] for n in names]
    if "Key Usage" in extensions:
        record["key_usage"] = {KEY_USAGE.get(u, u) for u in extensions["Key Usage"][1].split(", ") if u}
    if "Extended Key Usage" in extensions:
        record["purposes"] = [p for p in extensions["Extended Key Usage"][1].split(", ") if p]
    if "Basic Constraints" in extensions:
        m = re.match(r"CA:(TRUE|FALSE)(?:, pathlen:(\d+))?", extensions["Basic Constraints"][1])
        record["basic"] = (m.group(1) == "TRUE", int(m.group(2)) if m.group(2) else None) if m else None
    record["critical"] = {n for n, long in EXTENSIONS.items() if long in extensions and extensions[long][0]}
    return record


def alike(a, b):
    """The two, without what can only differ in how it is written."""
    a, b = dict(a), dict(b)
    if b.pop("negative"):  # openssl prints the absolute value, we the bytes
        a.pop("serial"), b.pop("serial")
    if a["key"].startswith("EC ") and a["key"].endswith(" None"):  # a curve that is not known has no bits
        a["key"] = a["key"].rsplit(" ", 1)[0]
        b["key"] = b["key"].rsplit(" ", 1)[0]
    if len(a.get("san", [])) == CUT:
        b["san"] = b["san"][:CUT]
    for record in (a, b):
        for field in ("subject", "issuer"):
            record[field] = "" if record[field] == "(empty name)" else re.sub(r"\\([ #])", r"\1", record[field]).replace(" + ", "+")
    return a, b


# ---- The test ----

class Test:
    def __init__(self, certinfo, files):
        self.certinfo, self.files, self.wrong = certinfo, files, []
        self.count = collections.Counter()
        self.certs = {}  # SHA-256 -> what certinfo says
        with open(SCHEMA) as f:
            self.schema = json.load(f)

    def run(self, *args):
        done = subprocess.run([self.certinfo, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False)
        if done.returncode not in (0, 1, 2):
            self.wrong.append("ended with %d: %s" % (done.returncode, " ".join(args)[:300]))
        return done

    def documents(self, *options):
        for start in range(0, len(self.files), BATCH):
            batch = self.files[start:start + BATCH]
            done = self.run("--json", *options, *batch)
            document = json.loads(done.stdout)
            document_wrong = schema_module.check(document, self.schema)
            self.wrong += ["%s: %s" % (batch[0], w) for w in document_wrong[:20]]
            self.count["documents"] += 1
            if not all(byte < 128 for byte in done.stdout) or len(document["inputs"]) != len(batch):
                self.wrong.append("%s: not ASCII, or not as many inputs" % batch[0])
            for entry in document["inputs"]:
                self.entry(entry)

    def entry(self, entry):
        self.count["inputs"] += 1
        if entry["error"] is not None:
            self.wrong.append("%s: %s" % (entry["input"], entry["error"]))
            return
        self.count["accepted" if entry["accepted"] else "rejected"] += 1
        if entry["accepted"] != entry["verification"]["verified"]:
            self.wrong.append("%s: two verdicts" % entry["input"])
        if not entry["accepted"] and not entry["verification"].get("error"):
            self.wrong.append("%s: rejected without a reason" % entry["input"])
        for cert in entry["certificates"]:
            self.certs[cert["sha256"]] = cert

    def text(self):
        """Lines of 80 columns; a word that is longer (a URI, a name) may stand out."""
        for start in range(0, len(self.files), BATCH):
            done = self.run(*self.files[start:start + BATCH])
            for line in done.stdout.decode().splitlines():
                self.count["lines"] += 1
                if len(line) > 80 and " " in line.strip()[16:60]:
                    self.wrong.append("%d columns: %s" % (len(line), line))
                if re.search(r"[\x00-\x1f\x7f-\x9f]", line):
                    self.wrong.append("a control character: %r" % line)

    def compare(self, der):
        digest = hashlib.sha256(der).hexdigest()
        cert = self.certs.get(digest)
        if cert is None:
            return "%s: certinfo did not see it" % digest
        other = theirs(der)
        if other is None:
            self.count["refused by openssl"] += 1
            return None
        if "malformed" in cert:
            self.count["malformed to tls99"] += 1
            return None
        try:
            a, b = alike(ours(cert), other)
        except KeyError as e:
            self.count["with a malformed key"] += "malformed" in cert["key"]
            return None if "malformed" in cert["key"] else "%s: %s is missing" % (digest, e)
        self.count["compared"] += 1
        self.count["fields"] += len(b)
        fields = ["%s: certinfo %r, openssl %r" % (f, a.get(f), b.get(f)) for f in sorted(set(a) | set(b)) if a.get(f) != b.get(f)]
        return "%s (%s): %s" % (digest[:16], a["subject"], "; ".join(fields)) if fields else None


def main(args):
    sample = 0
    if args[:1] == ["--sample"]:
        sample, args = int(args[1]), args[2:]
    if len(args) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    if shutil.which("openssl") is None or not any(os.path.exists(arg) for arg in args[1:]):
        print("skipped: there is no openssl to compare with, or no certificate")
        return 77
    files = [f for arg in args[1:] if os.path.exists(arg) for f in compare_openssl.files_of(arg)]
    with_certs = [f for f in files if compare_openssl.collect([f])]
    ders = [der for _, der in sorted(compare_openssl.collect(with_certs).items())]
    test = Test(args[0], with_certs)
    test.documents()
    test.text()
    chosen = [ders[i * len(ders) // sample] for i in range(sample)] if 0 < sample < len(ders) else ders
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        test.wrong += [w for w in pool.map(test.compare, chosen) if w]
    for wrong in test.wrong[:50]:
        print(wrong)
    print("%d certificates in %d files; %s; %d wrong" %
          (len(ders), len(with_certs), ", ".join("%d %s" % (n, what) for what, n in sorted(test.count.items())), len(test.wrong)))
    return 2 if test.count["compared"] == 0 else 1 if test.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
