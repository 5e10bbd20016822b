#!/usr/bin/env python3
"""https_get --explain and --explain=json against openssl s_server: fields, order of messages, lines of 80 columns.

    explain.py HTTPS_GET
"""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
import pki as pki_module
import servers

# Name: type, or a tuple of types.
FIELDS = {
    "version": (str, type(None)), "cipher_suite": (str, type(None)), "group": (str, type(None)),
    "signature_scheme": (str, type(None)), "alpn": (str, type(None)), "resumed": bool, "early_data": str,
    "ocsp": (str, type(None)), "peer_certificates": list, "times_ms": dict, "messages": list, "error": (str, type(None)),
}

FULL_13 = ["ClientHello", "ServerHello", "EncryptedExtensions", "Certificate", "CertificateVerify", "Finished", "Finished"]
RETRY_13 = ["ClientHello", "HelloRetryRequest", "ClientHello"] + FULL_13[1:]
FULL_12 = ["ClientHello", "ServerHello", "Certificate", "ServerKeyExchange", "ServerHelloDone", "ClientKeyExchange", "Finished",
           "NewSessionTicket", "Finished"]
RSA_12 = [m for m in FULL_12 if m != "ServerKeyExchange"]


def in_order(wanted, messages):
    """wanted, one after the other; others may stand between."""
    rest = iter(messages)
    return all(w in rest for w in wanted)


def main():
    get, failed = os.path.abspath(sys.argv[1]), 0

    def check(name, ok, detail=""):
        nonlocal failed
        print(("ok      " if ok else "FAILED  ") + name + ("" if ok else ": %s" % (detail,)))
        failed += not ok

    with tempfile.TemporaryDirectory() as folder:
        pki = pki_module.Pki(os.path.join(folder, "pki"))
        www = os.path.join(folder, "www")
        os.makedirs(www)
        with open(os.path.join(www, "page"), "w") as f:
            f.write("hello")
        session = os.path.join(folder, "session")
        root = ["--cacert", pki.path("root.pem")]
        cases = [
            ("TLS 1.3", "p256", [], root, FULL_13, "TLSv1.3", None),
            ("TLS 1.3 HelloRetryRequest", "p256", ["-groups", "P-384"],
             root + ["--curves", "X25519,P-384"], RETRY_13, "TLSv1.3", None),
            ("session made", "p256", [], root + ["--session", session], FULL_13, "TLSv1.3", None),
            ("TLS 1.2", "p256", ["-tls1_2"], root, FULL_12, "TLSv1.2", None),
            ("TLS 1.2 RSA", "rsa", ["-tls1_2", "-cipher", "AES128-GCM-SHA256"], root + ["--legacy-rsa"], RSA_12, "TLSv1.2", None),
            ("untrusted", "p256", [], [], ["ClientHello", "ServerHello", "Certificate", "Alert"], None,
             "certificate verification failed"),
            ("no common version", "p256", ["-tls1_2"], root + ["--tlsv1.3"], ["ClientHello", "Alert"], None, "protocol_version"),
            ("no common cipher", "p256", ["-cipher", "ECDHE-RSA-AES128-GCM-SHA256", "-tls1_2"], root, ["ClientHello", "Alert"],
             None, "handshake_failure"),
        ]
        for name, cert, server, options, wanted, version, error in cases:
            with servers.s_server(pki, cert, www, *server) as s:
                url = "https://localhost:%d/page" % s.port
                r = subprocess.run([get, "-s", "--explain=json", *options, url], capture_output=True, text=True)
                try:
                    doc = json.loads(r.stderr)
                except ValueError as e:
                    check(name + ": JSON", False, (e, r.stderr[:300]))
                    continue
                check(name + ": fields", set(doc) == set(FIELDS) and all(isinstance(doc[k], t) for k, t in FIELDS.items()), doc)
                check(name + ": version", doc["version"] == version, doc["version"])
                kinds = [m["type"] for m in doc["messages"]]
                check(name + ": messages", in_order(wanted, kinds), kinds)
                check(name + ": error", (doc["error"] is None) == (error is None) and (error or "") in (doc["error"] or ""),
                      doc["error"])
                times = [m["time_ms"] for m in doc["messages"]]
                check(name + ": times", times == sorted(times), times)
                r = subprocess.run([get, "-s", "--explain", *options, url], capture_output=True, text=True)
                lines = r.stderr.splitlines()
                check(name + ": 80 columns", lines and max(map(len, lines)) <= 80, max(map(len, lines), default=0))
                check(name + ": straight", all(line.endswith("|") for line in lines[1:]), [x for x in lines[1:] if x[-1:] != "|"])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
