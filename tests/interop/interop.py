#!/usr/bin/env python3
"""Every version, cipher suite, group and kind of certificate that both sides have, against real servers: a GET each, its
body compared byte for byte. Prints a table of what passed; exits 1 if anything failed.

    interop.py HTTPS_GET [--probe PROBE] [--npm FOLDER] [--quick]
"""

import argparse
import collections
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import extensions
import pki as pki_module
import refusals
import servers

SIZES = [0, 1, 16383, 16384, 16385, 50_000_000]

CIPHERS_13 = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
CIPHERS_12 = ["AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"]
CLASSIC = ["X25519", "P-256", "P-384", "P-521"]
PQ = ["X25519MLKEM768"]
NAMES = {"X25519": "x25519", "P-256": "secp256r1", "P-384": "secp384r1", "P-521": "secp521r1"}
ALL_CERTS = ["rsa", "pss", "p256", "p384", "p521", "ed25519"]


class Run:
    def __init__(self, get, folder):
        self.get, self.folder = get, folder
        self.www = os.path.join(folder, "www")
        os.makedirs(self.www)
        self.pki = pki_module.Pki(os.path.join(folder, "pki"))
        self.passed, self.failed = collections.Counter(), []  # by (feature, server); in words
        self.always = []  # options for every call
        for size in SIZES:
            with open(os.path.join(self.www, "f%d" % size), "wb") as f:
                f.write(os.urandom(size))

    def fetch(self, port, size, *options):
        """(status, body, what was said)"""
        out = os.path.join(self.folder, "body")
        if os.path.exists(out):
            os.remove(out)
        r = subprocess.run([self.get, "-v", "--cacert", self.pki.path("root.pem"), "-m", "60", "-o", out, *self.always, *options,
                            "https://localhost:%d/f%d" % (port, size)], capture_output=True, text=True, errors="replace")
        body = open(out, "rb").read() if os.path.exists(out) else b""
        return r.returncode, body, r.stderr

    def well(self, server, what):
        self.passed[what.split(":")[0], server] += 1

    def judge(self, server, what, good, said):
        if good:
            self.well(server, what)
        else:
            self.failed.append("%s: %s: %s" % (server, what, said))

    def check(self, server, what, port, size, options, expected):
        """what: "feature: detail"; the table counts by feature and server"""
        code, body, said = self.fetch(port, size, *options)
        same = body == open(os.path.join(self.www, "f%d" % size), "rb").read()
        missing = [e for e in expected if e not in said]
        if code == 0 and same and not missing:
            self.well(server, what)
        else:
            last = said.strip().splitlines()[-1] if said.strip() else ""
            self.failed.append("%s: %s: exit %d, body %s, missing %s: %s" %
                               (server, what, code, "same" if same else "differs", missing, last))

    def refused(self, server, what, port, options, status, text):
        """It must fail, with this exit status and these words, and deliver nothing."""
        code, body, said = self.fetch(port, 16385, *options)
        if code == status and text in said and body == b"":
            self.well(server, what)
        else:
            self.failed.append("%s: %s: exit %d instead of %d, %d bytes, said: %s" %
                               (server, what, code, status, len(body), said.strip().splitlines()[-1:]))

    def sizes(self, server, port):
        for size in SIZES:
            for version in ("1.3", "1.2"):
                if version == "1.3" and server in ("lighttpd-mbedtls", "node-1.2"):
                    continue
                self.check(server, "sizes: %d, TLS %s" % (size, version), port, size, ["--tls-max", version], ["* TLS " + version])

    def matrix(self, server, port, cert, versions, groups, ciphers13=CIPHERS_13, ciphers12=CIPHERS_12):
        if "1.3" in versions:
            for group in groups:
                for cipher in ciphers13:
                    self.check(server, "TLS 1.3%s: %s %s %s" % (" X25519MLKEM768" if group in PQ else "", cert, group, cipher), port, 16385,
                               ["--tlsv1.3", "--tls13-ciphers", cipher, "--curves", group],
                               ["* TLS 1.3, " + NAMES.get(group, group), cipher])
        if "1.2" in versions:
            prefix = "ECDHE-RSA-" if cert in ("rsa", "pss") else "ECDHE-ECDSA-"
            for group in [g for g in groups if g in CLASSIC]:
                # the curve of an ECDSA certificate must be on offer too: it is, after the one that is tried
                extra = {"p256": ",P-256", "p384": ",P-384", "p521": ",P-521"}.get(cert, "")
                if extra[1:] == group:
                    extra = ""
                for cipher in ciphers12:
                    self.check(server, "TLS 1.2: %s %s %s" % (cert, group, cipher), port, 16385,
                               ["--tls-max", "1.2", "--ciphers", prefix + cipher, "--curves", group + extra],
                               ["* TLS 1.2"] + ([NAMES[group]] if not extra else []))

    def legacy_rsa(self, server, port):
        for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384"):
            self.check(server, "RSA key transport: " + cipher, port, 16385,
                       ["--tls-max", "1.2", "--legacy-rsa", "--ciphers", cipher], ["* TLS 1.2, RSA key transport"])

    def hello_retry(self, server, port, group, first="SecP384r1MLKEM1024,X25519"):
        """The server takes another group than those a share was sent for: the first, and the first hybrid or not."""
        self.check(server, "HelloRetryRequest: to " + group, port, 16385,
                   ["--tlsv1.3", "--curves", first + "," + group], ["HelloRetryRequest", NAMES.get(group, group)])

    def resumption(self, server, port, versions=("1.3", "1.2")):
        for version in versions:
            session = os.path.join(self.folder, "session")
            if os.path.exists(session):
                os.remove(session)
            options = ["--tls-max", version, "--session", session]
            self.check(server, "resumption %s: made" % version, port, 16385, options, ["session          new"])
            self.check(server, "resumption %s: resumed" % version, port, 16385, options, ["session          resumed"])


def openssl_s_server(run, quick):
    for cert in ALL_CERTS:
        with servers.s_server(run.pki, cert, run.www, "-groups", "X25519:P-256:P-384:P-521") as s:
            run.matrix("openssl-s_server", s.port, cert, ("1.3", "1.2"), CLASSIC[:1] if quick else CLASSIC)
            if cert == "rsa":
                run.legacy_rsa("openssl-s_server", s.port)
    with servers.s_server(run.pki, "p256", run.www, "-groups", "P-256") as s:
        run.hello_retry("openssl-s_server", s.port, "P-256")


def nginx(run, quick):
    for cert in ALL_CERTS:
        with servers.nginx(run.pki, cert, run.www, run.folder) as s:
            run.matrix("nginx", s.port, cert, ("1.3", "1.2"), CLASSIC[:1] if quick else CLASSIC)
            if cert == "rsa":
                run.legacy_rsa("nginx", s.port)
            if cert == "p256":
                run.sizes("nginx", s.port)
                run.resumption("nginx", s.port)
    with servers.nginx(run.pki, "p256", run.www, run.folder, "ssl_ecdh_curve P-384;") as s:
        run.hello_retry("nginx", s.port, "P-384")


# What each module's TLS stack can do.
LIGHTTPD = {
    "openssl": (ALL_CERTS, ("1.3", "1.2"), CLASSIC),
    "gnutls": (["rsa", "p256", "p384", "p521", "ed25519"], ("1.3", "1.2"), CLASSIC),
    "nss": (["rsa"], ("1.3", "1.2"), CLASSIC),  # its module leaves ChaCha20 only for TLS 1.3
    "wolfssl": (["rsa", "p256", "p384"], ("1.3", "1.2"), ["P-256", "P-384"]),
    "mbedtls": (["rsa", "p256", "p384", "p521"], ("1.2",), ["X25519", "P-256", "P-384", "P-521"]),
}


def lighttpd(run, quick):
    for module, (certs, versions, groups) in LIGHTTPD.items():
        name = "lighttpd-" + module
        for cert in certs:
            with servers.lighttpd(run.pki, cert, run.www, run.folder, "mod_" + module) as s:
                # wolfSSL 5.5 closes when it is asked for a staple that it does not have
                run.always = ["--no-status-request"] if module == "wolfssl" else []
                run.matrix(name, s.port, cert, versions, groups[:1] if quick else groups,
                           CIPHERS_13[2:] if module == "nss" else CIPHERS_13)
                if cert == certs[0]:
                    run.sizes(name, s.port)
                    run.resumption(name, s.port, versions)
                if name == "lighttpd-wolfssl" and cert == "p256":
                    run.refused(name, "no-op HelloRetryRequest refused: P-384 twice", s.port, ["--tlsv1.3", "--curves", "SecP384r1MLKEM1024"],
                                35, "hello_retry_request: asks for")
                run.always = []


def from_npm(run, quick, npm):
    for name, start in (("node-24", servers.node), ("bun", servers.bun), ("deno", servers.deno), ("esbuild-go", servers.esbuild)):
        for cert in ("p256", "rsa"):
            with start(npm, run.pki, cert, run.www, run.folder) as s:
                groups = PQ + (["X25519", "P-256", "P-384"] if not quick else [])
                run.matrix(name, s.port, cert, ("1.3", "1.2"), groups)
                if cert == "p256":
                    run.sizes(name, s.port)
                    run.resumption(name, s.port)
                    if name in ("bun", "deno"):  # they have no P-521
                        run.hello_retry(name, s.port, "P-384", first="P-521")
    with servers.node(npm, run.pki, "p256", run.www, run.folder, {"ecdhCurve": "P-384"}) as s:
        run.hello_retry("node-24", s.port, "P-384")
    with servers.node(npm, run.pki, "p256", run.www, run.folder, {"ecdhCurve": "X25519MLKEM768"}) as s:
        run.hello_retry("node-24", s.port, "X25519MLKEM768", first="X25519,SecP384r1MLKEM1024")


def print_table(run):
    for feature in dict.fromkeys(f for f, _ in run.passed):
        print("%-32s %s" % (feature, ", ".join("%s %d" % (s, n) for (f, s), n in run.passed.items() if f == feature)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("get")
    parser.add_argument("--probe")
    parser.add_argument("--npm")
    parser.add_argument("--only", help="openssl, nginx, lighttpd, refusals, extensions")
    parser.add_argument("--quick", action="store_true", help="one group for each combination")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = Run(os.path.abspath(a.get), folder)
        suites = [("openssl", openssl_s_server), ("nginx", nginx), ("lighttpd", lighttpd)]
        if a.only:
            suites = [(n, f) for n, f in suites if n == a.only]
        for program, suite in suites:
            if servers.have(program):
                suite(run, a.quick)
            else:
                print("skipped: %s is not installed" % program)
        if a.only in (None, "refusals") and servers.have("nginx"):
            refusals.everything(run)
        if a.only in (None, "extensions") and a.probe:
            extensions.everything(run, os.path.abspath(a.probe), a.npm)
        if a.npm and not a.only:
            from_npm(run, a.quick, a.npm)
            refusals.client_certificates_node(run, a.npm)
        for option, what in (("npm", "servers from npm"), ("probe", "extensions that https_get has no option for")):
            if not getattr(a, option):
                print("skipped: %s (no --%s)" % (what, option))
        for failure in run.failed:
            print("FAILED", failure)
        print_table(run)
        print("%d passed, %d failed" % (sum(run.passed.values()), len(run.failed)))
        return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
