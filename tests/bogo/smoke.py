#!/usr/bin/env python3
"""The shim against OpenSSL by way of Python's ssl, in the place of the BoGo runner: that it speaks the runner's protocol.

    smoke.py BOGO_SHIM
"""

import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
import pki as pki_module


def recv_all(raw, length):
    got = b""
    while len(got) < length:
        piece = raw.recv(length - len(got))
        if not piece:
            break
        got += piece
    return got


def serve(listener, context, connections, results):
    for _ in range(connections):
        raw, _ = listener.accept()
        raw.settimeout(5)
        ident = recv_all(raw, 8)
        results["ids"].append(int.from_bytes(ident, "little"))
        try:
            with context.wrap_socket(raw, server_side=True) as tls:
                results["versions"].append(tls.version())
                results["reused"].append(tls.session_reused)
                results["clients"].append(tls.getpeercert(True) is not None)
                tls.sendall(b"B" * 32)
                results["echo"].append(recv_all(tls, 32) == bytes([0x42 ^ 0xFF]) * 32)
                tls.unwrap()
        except (ssl.SSLError, OSError) as e:
            results["errors"].append(str(e))


def run(shim, context, flags, connections=1):
    results = {k: [] for k in ("ids", "versions", "reused", "clients", "echo", "errors")}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener, context, connections, results))
        thread.start()
        r = subprocess.run([shim, "-port", str(listener.getsockname()[1]), "-shim-id", "7", *flags], capture_output=True, text=True,
                           timeout=20)
        thread.join(10)
    return r, results


def refuse(shim, flags):
    """A server that answers nonsense and is gone: what the shim has to say ends in a reset, which must not count as broken."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        shim = subprocess.Popen([shim, "-port", str(listener.getsockname()[1]), "-shim-id", "7", *flags], stderr=subprocess.PIPE, text=True)
        raw, _ = listener.accept()
        with raw:
            head = recv_all(raw, 8 + 5)
            recv_all(raw, int.from_bytes(head[-2:], "big"))
            raw.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        _, text = shim.communicate(timeout=20)
    return shim.returncode, text


def main():
    shim = sys.argv[1]
    failed = 0

    def check(name, ok, detail):
        nonlocal failed
        print(("ok      " if ok else "FAILED  ") + name + ("" if ok else ": %s" % (detail,)))
        failed += not ok

    with tempfile.TemporaryDirectory() as folder:
        pki = pki_module.Pki(folder)
        for version, number in ((ssl.TLSVersion.TLSv1_2, "771"), (ssl.TLSVersion.TLSv1_3, "772")):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = context.maximum_version = version
            context.load_cert_chain(pki.path("p256.chain.pem"), pki.path("p256.key"))
            for extra in ([], ["-async"]):
                r, got = run(shim, context, extra + ["-check-close-notify"])
                check("echo %s %s" % (version.name, extra), r.returncode == 0 and got["echo"] == [True] and
                      got["ids"] == [7] and r.stderr == "--- DONE ---\n", (r.returncode, r.stderr, got))
            r, got = run(shim, context, ["-resume-count", "1"], 2)
            check("resumption " + version.name, r.returncode == 0 and got["reused"] == [False, True], (r.stderr, got))
            r, got = run(shim, context, ["-verify-fail", "-verify-peer"])
            check("verify-fail " + version.name, r.returncode == 1 and "certificate verification failed" in r.stderr,
                  (r.returncode, r.stderr))
            asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            asking.minimum_version = asking.maximum_version = version
            asking.load_cert_chain(pki.path("rsa.chain.pem"), pki.path("rsa.key"))
            asking.load_verify_locations(pki.path("root.pem"))
            asking.verify_mode = ssl.CERT_REQUIRED
            for kind in ("rsa", "p256", "p384", "ed25519"):
                pki.leaf("client-" + kind, kind, ext=["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=clientAuth"])
                r, got = run(shim, asking, ["-cert-file", pki.path("client-%s.chain.pem" % kind), "-key-file",
                                            pki.path("client-%s.key" % kind)])
                check("client certificate %s %s" % (version.name, kind), r.returncode == 0 and got["clients"] == [True],
                      (r.stderr, got))
        for extra in ([], ["-async"]):
            status, text = refuse(shim, extra)
            check("a server that goes away %s" % extra, status == 1 and "speaks no TLS" in text, (status, text))
        r, _ = run(shim, context, ["-no-such-flag"], 0)
        check("an unknown flag", r.returncode == 89, r.returncode)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
