"""What the tests of https_get share: certificates, servers that say what a script tells them to, and a table of results."""

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
import pki as pki_module
import servers

CA = "root.pem"


class Pki(pki_module.Pki):
    """An authority, and a leaf that it issued: what most tests need."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.authority("root")
        self.leaf("p256", "p256", issuer="root")


class Scripted:
    """A TLS server of Python's ssl module. handler(connection, number) is called in a thread for each connection."""

    def __init__(self, pki, handler, cert="p256", context=None, tls=True, host="127.0.0.1"):
        self.handler, self.tls, self.count = handler, tls, 0
        self.context = context or server_context(pki, cert)
        self.listener = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def url(self, path="/", host="localhost"):
        return "https://%s:%d%s" % (host, self.port, path)

    def accept(self):
        while True:
            try:
                raw, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.count += 1
                number = self.count
            threading.Thread(target=self.serve, args=(raw, number), daemon=True).start()

    def serve(self, raw, number):
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        raw.settimeout(30)
        with contextlib.suppress(OSError, ValueError):
            connection = self.context.wrap_socket(raw, server_side=True) if self.tls else raw
            self.handler(connection, number)
            connection.close()


def server_context(pki, cert="p256", version=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pki.path(cert + ".chain.pem"), pki.path(cert + ".key"))
    context.set_alpn_protocols(["http/1.1"])
    if version is not None:
        context.minimum_version = context.maximum_version = version
    return context


def read_request(connection):
    """A request with its end; b"" at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    return data


def close_notify(connection):
    with contextlib.suppress(OSError, ValueError):
        connection.settimeout(5)
        connection.unwrap()


def reset(connection):
    raw = socket.socket(fileno=connection.detach())
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    raw.close()


def answer(body=b"", status="200 OK", *fields):
    lines = ["HTTP/1.1 " + status, "Content-Length: %d" % len(body), *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Test:
    """Collects results; with statement: a folder of its own with the certificates in it."""

    def __init__(self, get):
        self.get, self.failed, self.passed = os.path.abspath(get), 0, 0

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        self.pki = Pki(self.path("pki"))
        self.ca = ["--cacert", self.pki.path(CA)]
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args, env=None, ca=True, timeout=60, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL):
        """Errors as text, the body as bytes."""
        r = subprocess.run([self.get, *(self.ca if ca else []), *args], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE,
                           env=dict(os.environ, **(env or {})), timeout=timeout, cwd=self.folder)
        r.stderr = r.stderr.decode(errors="replace")
        return r

    def check(self, name, ok, detail=""):
        self.passed += bool(ok)
        self.failed += not ok
        if not ok:
            print("FAILED  %s: %s" % (name, detail))

    def expect(self, name, r, code, said=(), body=None, not_said=()):
        """The exit code; words on stderr; the body."""
        detail = "exit %d, body %r, said %r" % (r.returncode, (r.stdout or b"")[:200], r.stderr[-600:])
        self.check(name + ": exit %d" % code, r.returncode == code, detail)
        for words in [said] if isinstance(said, str) else said:
            self.check(name + ": says " + words, words in r.stderr, detail)
        for words in [not_said] if isinstance(not_said, str) else not_said:
            self.check(name + ": does not say " + words, words not in r.stderr, detail)
        if body is not None:
            self.check(name + ": body", r.stdout == body, detail)
        last = r.stderr.rstrip("\n").split("\n")[-1]
        if code != 0 and "-s" not in r.args:
            self.check(name + ": one sentence", last.startswith("https_get: "), detail)

    def done(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        return 1 if self.failed else 0


def main(*parts):
    """Runs each part with a Test of its own: as the main program of a file."""
    with Test(sys.argv[1]) as t:
        for part in parts:
            part(t)
        return t.done()
