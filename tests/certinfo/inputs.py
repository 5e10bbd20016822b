#!/usr/bin/env python3
"""certinfo: exit codes, options, what is no certificate, terminals, and real servers on this machine.

    inputs.py CERTINFO      exit status: 1 if anything is wrong, 77 without openssl
"""
import calendar
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "explain"), os.path.join(HERE, "..", "interop")]
import pki as pki_module
import schema as schema_module
import servers
from terminal import on_terminal

SCHEMA = os.path.join(HERE, "..", "..", "examples", "certinfo", "certinfo.schema.json")


class Test:
    def __init__(self, certinfo, folder):
        self.certinfo, self.folder, self.passed, self.failed = certinfo, folder, 0, 0
        self.pki = pki_module.Pki(folder)
        with open(SCHEMA) as f:
            self.schema = json.load(f)

    def check(self, name, ok, detail=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED  %s: %s" % (name, detail))

    def path(self, name):
        return self.pki.path(name)

    def write(self, name, content):
        with open(self.path(name), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return self.path(name)

    def run(self, *args, stdin=b""):
        done = subprocess.run([self.certinfo, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                              check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def expect(self, name, args, code, out="", err="", stdin=b""):
        """Exit code, and what stdout and stderr must match; err "": nothing is complained about."""
        got = self.run(*args, stdin=stdin)
        ok = got[0] == code and re.search(out, got[1]) and (re.search(err, got[2]) if err else got[2] == "")
        self.check(name, ok, got)
        return got[1]

    def document(self, name, args, code, stdin=b""):
        got = self.run("--json", *args, stdin=stdin)
        document = json.loads(got[1])
        wrong = schema_module.check(document, self.schema)
        self.check(name, got[0] == code and not wrong, (got, wrong))
        return document


# ---- Verdicts ----

def verdicts(t):
    root, chain = ["--cacert", t.path("root.pem")], t.path("p256.chain.pem")

    t.expect("a chain that leads to a trust anchor is accepted", [*root, chain], 0, r"(?m)^VERIFIED.*\n(.*\n)*The name is not checked")
    t.expect("so it is for a name that it has", [*root, "--host", "localhost", chain], 0, "VERIFIED for localhost")
    t.expect("and an address", [*root, "--host=127.0.0.1", chain], 0, "VERIFIED for 127.0.0.1")
    t.expect("but not for another name", [*root, "--host", "example.com", chain], 1, "NOT VERIFIED: .*example.com")
    t.expect("a chain without its issuer is rejected", [*root, t.path("p256.pem")], 1, "NO ISSUER")
    t.expect("and one that leads to nobody trusted", [chain], 1, "NO ISSUER")
    t.expect("time: not yet valid", [*root, "--at", "2001-02-03T04:05:06Z", chain], 1, "NOT YET VALID(.*\n)*.*REJECTED")
    out = t.expect("time: expired", [*root, "--at", "2101-02-03", chain], 1, "EXPIRED(.*\n)*.*REJECTED")
    t.check("time: the one that was given is not the clock's", "the time that was given is 2101-02-03 00:00:00 UTC" in
            re.sub(r"\s+[|]?\s*", " ", out) and "clock" not in out, out)
    t.expect("--no-verify gives no verdict", ["--no-verify", chain], 0, r"names +localhost, IP 127.0.0.1(?!(.*\n)*.*VERIFIED)")
    t.expect("a folder of trust anchors", ["--capath", os.path.dirname(t.write("anchors/root.pem", open(t.path("root.pem")).read())),
                                           chain], 0, "(?m)^VERIFIED")
    t.expect("no CRL for a certificate", [*root, "--crl", t.crl, chain], 1, "NOT VERIFIED: .*CRL|NOT VERIFIED: .*revocation")
    t.expect("revoked", [*root, "--crl", t.crl, t.path("revoked.pem")], 1, "revoked")
    t.expect("not revoked", [*root, "--crl", t.crl, t.path("direct.pem")], 0, "(?m)^VERIFIED")
    t.expect("--strict knows more rules", [*root, "--strict", t.path("direct.pem")], 1, "NOT VERIFIED")
    t.expect("DER", [*root, "--host", "localhost", t.der], 0, "VERIFIED for localhost")
    t.expect("stdin", [*root, "-"], 0, r"^stdin:(.*\n)*VERIFIED", stdin=open(chain, "rb").read())
    t.expect("keys and text around certificates do not matter", [*root, t.path("p256.all.pem")], 0, "(?m)^VERIFIED")
    out = t.expect("of several files the worst counts", [*root, chain, t.path("p256.pem"), chain], 1)
    t.check("each has a verdict", len(re.findall("(?m)^(NOT )?VERIFIED", out)) == 3, out)
    t.expect("unreadable is worse than rejected", [*root, t.path("p256.pem"), "/nonexistent", chain], 2, "(?m)^VERIFIED", "No such file")


def documents(t):
    root, chain = ["--cacert", t.path("root.pem")], t.path("p256.chain.pem")

    d = t.document("JSON: accepted", [*root, "--host", "localhost", "--at", "2100-01-01T00:00:00+01:00", chain], 1)
    t.check("JSON: the time", d["time"] == "2099-12-31T23:00:00Z" and d["inputs"][0]["verification"]["time"] == d["time"], d)
    d = t.document("JSON: accepted", [*root, "--host", "localhost", chain], 0)
    first = d["inputs"][0]
    t.check("JSON: the verdict, and the path", d["accepted"] is True and first["accepted"] is True and first["host"] == "localhost" and
            first["verification"]["tree"]["state"] == "accepted" and
            first["verification"]["tree"]["issuers"][0]["issuers"][0]["trusted"] is True, d)
    d = t.document("JSON: rejected", [*root, "--host", "example.com", chain], 1)
    t.check("JSON: the reason", d["accepted"] is False and "example.com" in d["inputs"][0]["verification"]["error"], d)
    d = t.document("JSON: unreadable among others", [*root, chain, t.path("p256.key")], 2)
    t.check("JSON: which, and why", d["accepted"] is None and d["inputs"][0]["error"] is None and
            "private key" in d["inputs"][1]["error"] and d["inputs"][1]["certificates"] is None, d)
    d = t.document("JSON: --no-verify", ["--no-verify", chain], 0)
    t.check("JSON: no verdict", d["accepted"] is None and d["inputs"][0]["verification"] is None, d)
    d = t.document("JSON: a name that is no UTF-8", [t.write(os.fsdecode(b"\xff\"\\.pem"), b"x")], 2)
    t.check("JSON: it is escaped", "\ufffd" in d["inputs"][0]["input"], d)


# ---- What is no certificate ----

def others(t):
    def openssl(*args):
        return subprocess.run(["openssl", *args], check=True, capture_output=True).stdout

    key, pem = t.path("rsa.key"), open(t.path("rsa.pem")).read()
    der = open(t.der, "rb").read()
    cases = [
        ("a private key", open(key).read(), "private key"),
        ("PKCS#8 in DER", openssl("pkey", "-in", key, "-outform", "DER"), "private key"),
        ("PKCS#1 in DER", openssl("rsa", "-in", key, "-outform", "DER"), "private key"),
        ("SEC 1 in DER", openssl("ec", "-in", t.path("p256.key"), "-outform", "DER"), "private key"),
        ("an encrypted key in DER", openssl("pkcs8", "-topk8", "-in", key, "-outform", "DER", "-passout", "pass:x"), "private key"),
        ("a request", open(t.path("rsa.csr")).read(), "request"),
        ("a request in DER", openssl("req", "-in", t.path("rsa.csr"), "-outform", "DER"), "request"),
        ("a public key", openssl("pkey", "-in", key, "-pubout"), "public key"),
        ("a public key in DER", openssl("pkey", "-in", key, "-pubout", "-outform", "DER"), "public key"),
        ("a CRL", open(t.crl).read(), "--crl"),
        ("a CRL in DER", openssl("crl", "-in", t.crl, "-outform", "DER"), "--crl"),
        ("PKCS#7", openssl("crl2pkcs7", "-nocrl", "-certfile", t.path("rsa.pem")), "openssl pkcs7"),
        ("PKCS#7 in DER", openssl("crl2pkcs7", "-nocrl", "-certfile", t.path("rsa.pem"), "-outform", "DER"), "openssl pkcs7"),
        ("PKCS#12", openssl("pkcs12", "-export", "-in", t.path("rsa.pem"), "-inkey", key, "-passout", "pass:x"), "openssl pkcs12"),
        ("HTML", "\n<!DOCTYPE html><html></html>", "HTML"),
        ("JSON", '{"error": "no"}', "JSON"),
        ("SSH", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI x@y\n", "SSH"),
        ("base64 alone", "".join(pem.splitlines()[1:-1]), "BEGIN CERTIFICATE"),
        ("PEM cut off", pem[:len(pem) // 2], "cut off"),
        ("DER cut off", der[:len(der) // 2], "cut off"),
        ("nothing", b"", "is empty"),
        ("blanks", b"\n \r\n", "is empty"),
        ("text", "hello\n", "neither PEM nor DER"),
        ("text that begins as DER does", "0123456789", "neither PEM nor DER"),
        ("zeros", bytes(5000), "neither PEM nor DER"),
    ]
    for name, content, says in cases:
        t.expect("no certificate: " + name, [t.write("other", content)], 2, "^$", "^certinfo: .*other: .*" + says)
    t.expect("no certificate: a folder", [t.folder], 2, "^$", "is a folder")
    t.expect("no certificate: not there", ["/nonexistent/x"], 2, "^$", "No such file")
    t.expect("no certificate: a host without https://", ["host.invalid"], 2, "^$", "https://host.invalid")
    t.expect("no certificate: stdin", ["-"], 2, "^$", "stdin: is empty")
    t.expect("a control character in a name does not reach the terminal", [t.path("\x1b[31m")], 2, "^$", r"\\x1b\[31m")
    junk = "-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n"
    t.expect("a certificate that does not decode is shown as that, and rejected", [t.write("junk.pem", junk)], 1, "malformed +does not decode")


# ---- Options ----

def options(t):
    chain = t.path("p256.chain.pem")
    for name, args, err in [("nothing", [], "nothing to look at"), ("no such option", ["--nope", chain], "--nope: no such option"),
                            ("a value is missing", [chain, "--host"], "needs a value"),
                            ("a value too many", ["--json=yes", chain], "takes no value"),
                            ("an empty value", ["--host=", chain], "not empty"),
                            ("no CA file", ["--cacert", "/nonexistent", chain], "/nonexistent"),
                            ("no CRL file", ["--crl", "/nonexistent", chain], "/nonexistent"),
                            ("two kinds of anchors", ["--cacert", "x", "--capath", "y", chain], "not together"),
                            ("another scheme", ["http://localhost/"], "only https"),
                            ("a bad port", ["https://localhost:99999"], "port"),
                            ("a user's name", ["https://me:secret@localhost"], "user names and passwords are not taken from URLs\n$"),
                            ("no time at all", ["--timeout", "0", chain], "seconds")]:
        t.expect("usage: " + name, args, 2, "^$", "^certinfo: .*" + err)
    t.expect("a folder of anchors that is not there", ["--capath", "/nonexistent", chain], 2, "", "^certinfo: .*/nonexistent")
    for bad in ("yesterday", "0", "-1", "2026-13-01", "2026-02-29", "2026-01-01T25:00:00Z", "2026-01-01T00:00:00", "2026-01-01x",
                "1969-12-31", "99999999999999", "2026-01-01T00:00:00+1"):
        t.expect("--at " + bad, ["--at", bad, chain], 2, "^$", "not a time")
    for text, year in [("2028-02-29T23:59:59Z", 2028), ("2026-07-01T12:00:00.25-02:30", 2026), ("2026-07-01", 2026), ("86400", 1970),
                       ("2000-03-01T00:00:00Z", 2000), ("2100-12-31 23:59:59z", 2100), ("9999-12-31T23:59:59Z", 9999)]:
        d = t.document("--at " + text, ["--at", text, chain], 1)
        m = re.match(r"(\d+)-(\d+)-(\d+)(?:[T ](\d+):(\d+):(\d+)(?:\.\d+)?(?:[Zz]|([+-])(\d+):(\d+)))?$", text)
        wanted = int(text) if m is None else calendar.timegm([int(x or 0) for x in m.groups()[:6]]) - (
            int(m.group(7) + "1") * (3600 * int(m.group(8)) + 60 * int(m.group(9))) if m.group(7) else 0)
        t.check("--at %s is understood" % text, d["time"] == time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(wanted)) and
                d["time"].startswith(str(year)), d["time"])
    out = t.expect("--help", ["--help"], 0, "^usage: certinfo")
    t.check("--help: 80 columns", max(map(len, out.splitlines())) <= 80, out)
    t.expect("--version", ["-V"], 0, r"^certinfo \d+\.\d+")
    t.expect("what comes after -- is no option", ["--", "--json"], 2, "^$", "--json: No such file")


# ---- Terminals ----

def terminals(t):
    args = ["--cacert", t.path("root.pem"), "--at", "2001-01-01", t.path("p256.chain.pem")]
    env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    plain = t.run(*args)[1]
    coloured = on_terminal([t.certinfo, *args], env, "stdout")
    t.check("no colour in a pipe", "\x1b" not in plain, plain)
    t.check("colour on a terminal", "\x1b[1;31mREJECTED\x1b[0m" in coloured and "\x1b[1;31mNOT YET VALID" in coloured, coloured)
    t.check("it is the same text", re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain, (coloured, plain))
    t.check("NO_COLOR", on_terminal([t.certinfo, *args], dict(env, NO_COLOR="1"), "stdout") == plain)
    t.check("an empty NO_COLOR does not count", on_terminal([t.certinfo, *args], dict(env, NO_COLOR=""), "stdout") == coloured)
    t.check("80 columns", max(map(len, plain.splitlines()[2:])) <= 80, plain)
    t.check("JSON has no colour", "\x1b" not in on_terminal([t.certinfo, "--json", *args], env, "stdout"))


# ---- Servers ----

def live(t):
    root = ["--cacert", t.path("root.pem")]

    with servers.s_server(t.pki, "rsa", t.folder) as server:
        url = "https://localhost:%d" % server.port
        t.expect("a server that is trusted", [*root, url], 0, r"^https://localhost:\d+ \(127.0.0.1, TLSv1.3\): as the server sent\n?.*(.*\n)*VERIFIED for localhost")
        t.expect("a server that is not", [url], 1, "(?m)^NOT VERIFIED: .*(.*\n)*.*NO ISSUER")
        t.expect("--host is the name it must have", [*root, "--host", "example.com", url], 1, "NOT VERIFIED: .*example.com")
        t.expect("a path in the URL is of no meaning", [*root, url + "/a?b#c"], 0, "VERIFIED for localhost")
        t.expect("an address", [*root, "https://127.0.0.1:%d/" % server.port], 0, "VERIFIED for 127.0.0.1")
        d = t.document("a server, JSON", [*root, url], 0)["inputs"][0]
        t.check("a server, JSON: what is said", d["kind"] == "server" and d["server"] == {
            "host": "localhost", "port": server.port, "address": "127.0.0.1", "version": "TLSv1.3"} and d["host"] == "localhost" and
            [c["subject"] for c in d["certificates"]] == ["CN=rsa", "CN=inter"], d)
    with servers.s_server(t.pki, "old", t.folder, "-tls1_2") as server:
        t.expect("an expired certificate over TLS 1.2", [*root, "https://localhost:%d" % server.port], 1,
                 r"TLSv1.2(.*\n)*.*EXPIRED 1[0-9] days ago(.*\n)*NOT VERIFIED: .*expired")
    with servers.s_server(t.pki, "rsa", t.folder, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0") as server:
        t.expect("a server that speaks only TLS 1.1", ["https://localhost:%d" % server.port], 2, "^$", "handshake failed: ")
    with servers.s_server(t.pki, "rsa", t.folder, "-tls1_2", "-Verify", "1", "-verify_return_error") as server:
        t.expect("a server that wants a certificate of ours: what it sent is judged, and the failure told",
                 [*root, "https://localhost:%d" % server.port], 2, "VERIFIED for localhost", "it may want the client certificate")
    silent = socket.create_server(("127.0.0.1", 0))
    t.expect("a server that is silent", ["--timeout", "1", "https://127.0.0.1:%d" % silent.getsockname()[1]], 2, "^$", "within 1 s")
    silent.close()
    talker = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=lambda: talker.accept()[0].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), daemon=True).start()
    t.expect("a server that speaks no TLS", ["https://127.0.0.1:%d" % talker.getsockname()[1]], 2, "^$", "HTTP/1.1 400")
    talker.close()
    t.expect("no server", ["https://127.0.0.1:%d" % servers.free_port()], 2, "^$", "connect ")
    t.document("no server, JSON", ["https://127.0.0.1:%d" % servers.free_port()], 2)


def prepare(t):
    """Leaves of the root itself, one of them revoked; one that has expired; a CRL."""
    p = t.pki
    p.leaf("direct", "p256", issuer="root")
    p.leaf("revoked", "p256", issuer="root")
    p.run("openssl", "req", "-new", "-key", p.path("rsa.key"), "-subj", "/CN=old", "-out", p.path("old.csr"))
    shutil.copy(p.path("rsa.key"), p.path("old.key"))
    os.makedirs(p.path("anchors"), exist_ok=True)
    t.write("index.txt", "")
    t.write("crlnumber", "01\n")
    t.write("serial", "0a11\n")
    t.write("ca.cnf", "[ca]\ndefault_ca=d\n[d]\ndatabase=%s\ncrlnumber=%s\nserial=%s\ndefault_md=sha256\ndefault_crl_days=10\npolicy=p\n"
            "new_certs_dir=%s\n[p]\ncommonName=supplied\n" % (p.path("index.txt"), p.path("crlnumber"), p.path("serial"), t.folder))
    ca = ["openssl", "ca", "-batch", "-config", p.path("ca.cnf")]
    now = time.time()
    stamp = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(now - days * 86400)) for days in (100, 15)]
    p.run(*ca, "-cert", p.path("inter.pem"), "-keyfile", p.path("inter.key"), "-in", p.path("old.csr"), "-out", p.path("old.pem"),
          "-startdate", stamp[0], "-enddate", stamp[1], "-extfile", p.path("rsa.ext"), "-notext")
    signer = ["-cert", p.path("root.pem"), "-keyfile", p.path("root.key")]
    p.run(*ca, *signer, "-revoke", p.path("revoked.pem"))
    p.run(*ca, *signer, "-gencrl", "-out", p.path("crl.pem"))
    p.run("openssl", "x509", "-in", p.path("direct.pem"), "-outform", "DER", "-out", p.path("direct.der"))
    t.crl, t.der = p.path("crl.pem"), p.path("direct.der")


def main(args):
    if len(args) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    if shutil.which("openssl") is None:
        print("skipped: there is no openssl to make certificates with")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        t = Test(os.path.abspath(args[0]), folder)
        prepare(t)
        for part in (verdicts, documents, others, options, terminals, live):
            part(t)
    print("%d passed, %d failed" % (t.passed, t.failed))
    return 1 if t.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
