"""Connections of every kind and their failures, each with a server that nobody here wrote.

A scenario: name, context manager of the server, options of https_get, and what must come of it.
"""

import contextlib
import os
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "interop"))
import pki as pki_module
import refusals
import servers

HELLO_13 = ["ClientHello", "ServerHello", "EncryptedExtensions"]
FULL_13 = HELLO_13 + ["Certificate", "CertificateVerify", "Finished", "Finished"]
HELLO_12 = ["ClientHello", "ServerHello", "Certificate"]
REST_12 = ["ServerHelloDone", "ClientKeyExchange", "ChangeCipherSpec", "Finished", "ChangeCipherSpec", "Finished"]


class Scenario:
    def __init__(self, name, server, options, messages, error=None, says=(), root=True, **fields):
        self.name, self.server, self.options, self.messages = name, server, list(options), messages
        self.error, self.says, self.root, self.fields = error, says, root, fields

    def session(self, world):
        """The file of the session that is to be resumed; None: none is."""
        return os.path.join(world.folder, "session-" + re.sub(r"\W", "", self.name)) if self.fields.get("resumed") else None

    def command(self, world, port, explain, session=None):
        argv = [world.get, explain, "-o", os.devnull, *self.options]
        argv += ["--cacert", world.pki.path("root.pem")] if self.root else []
        argv += ["--session", session] if session else []
        return argv + ["https://localhost:%d/page" % port]


class Chat(servers.Server):
    """s_server that is told by hand to change its keys, and then to answer. What it says is kept in a file."""

    def __init__(self, argv, port, log):
        super().__init__(["sh", "-c", 'exec "$@" >"%s" 2>&1' % log, "sh", *argv], port, stdin=subprocess.PIPE)
        self.log = log

    def wait_for(self, words):
        for _ in range(200):
            with open(self.log, "rb") as f:
                if words in f.read():
                    return
            time.sleep(0.05)
        raise RuntimeError("s_server never said %r" % words)

    def tell(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def say(self):
        self.wait_for(b"GET ")
        self.tell(b"K\n")
        self.wait_for(b"SSL_do_handshake")
        self.tell(b"HTTP/1.0 200 OK\nContent-Length: 10\n\nnew keys\n")


@contextlib.contextmanager
def talking(server):
    """Servers that are told what to do are told it meanwhile; after that they are as new."""
    if not hasattr(server, "say"):
        yield
        return
    talk = threading.Thread(target=server.say)
    talk.start()
    yield
    talk.join()
    server.__exit__()
    server.__enter__()


class World:
    """What all scenarios need: certificates, a page, the program."""

    def __init__(self, folder, get):
        self.folder, self.get = folder, os.path.abspath(get)
        self.pki = pki_module.Pki(os.path.join(folder, "pki"))
        self.www = os.path.join(folder, "www")
        os.makedirs(self.www)
        with open(os.path.join(self.www, "page"), "w") as f:
            f.write("hello")
        refusals.bad_certificates(self)
        self.pki.leaf("client", "p256", ext=["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=clientAuth"])
        self.pki.leaf("names", "p256", san="DNS:a.example,DNS:*.example,DNS:localhost")
        self.pki.leaf("strange", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-utf8"])
        self.pki.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout",
                     self.pki.path("strange.key"), "-out", self.pki.path("strange.pem"), "-days", "30", "-nodes", "-utf8", "-subj",
                     "/CN=Z\u00fcrich \u6771\u4eac \u202ekcab | e\u0301", "-addext", "subjectAltName=DNS:localhost")
        self.good = refusals.response(self, "V", "good.der")
        self.revoked = refusals.response(self, "R", "revoked.der")

    def s_server(self, cert, *options):
        return servers.s_server(self.pki, cert, self.www, *options)

    def no_chain(self, cert, *options):
        port = servers.free_port()
        return servers.Server(["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert", self.pki.path(cert + ".pem"),
                               "-key", self.pki.path(cert + ".key"), "-quiet", "-WWW", *options], port, cwd=self.www)

    def nginx(self, extra="", cert="p256"):
        return servers.nginx(self.pki, cert, self.www, self.folder, extra)

    def no_tls(self):
        """nginx that speaks HTTP in the clear."""
        server = self.nginx()
        path = os.path.join(self.folder, "nginx-%d.conf" % server.port)
        with open(path) as f:
            text = f.read().replace("%d ssl;" % server.port, "%d;" % server.port)
        with open(path, "w") as f:
            f.write(text)
        return server

    def chat(self):
        port = servers.free_port()
        return Chat(["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert", self.pki.path("p256.pem"), "-key",
                     self.pki.path("p256.key"), "-cert_chain", self.pki.path("inter.pem"), "-crlf"], port, os.path.join(self.folder, "chat.log"))

    @contextlib.contextmanager
    def nobody(self):
        yield type("Port", (), {"port": servers.free_port()})


def connections(w):
    verify = ["-Verify", "3", "-CAfile", w.pki.path("root.pem"), "-verify_return_error"]
    client = ["--cert", w.pki.path("client.chain.pem"), "--key", w.pki.path("client.key")]
    early = "ssl_early_data on; ssl_session_cache shared:early:1m;"
    rsa = ["-tls1_2", "-cipher", "AES128-GCM-SHA256"]
    aes_first = ["--tls13-ciphers", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"]  # by default only with AES in the CPU
    return [
        Scenario("TLS 1.3", lambda: w.s_server("p256"), aes_first, FULL_13 + ["application data", "application data"], version="TLSv1.3",
                 group="x25519", signature_scheme="ecdsa_secp256r1_sha256", cipher_suite="TLS_AES_128_GCM_SHA256",
                 matched_name="localhost", says=["chose TLS_AES_128_GCM_SHA256: the server's pick, our first of 9",
                                                 "localhost matches localhost: yes", "the handshake is complete: 1 round trip"]),
        Scenario("TLS 1.3, nginx, many names", lambda: w.nginx(cert="names"), [], FULL_13, version="TLSv1.3", alpn="http/1.1",
                 says=["localhost matches a.example: no; matches *.example: no; matches localhost: yes",
                       "chose http/1.1 by ALPN"]),
        Scenario("TLS 1.3 with HelloRetryRequest", lambda: w.s_server("p256", "-groups", "P-384"), [],
                 ["ClientHello", "HelloRetryRequest", "ClientHello"] + FULL_13[1:], version="TLSv1.3", group="secp384r1",
                 hello_retry=True, says=["wants secp384r1 (our fourth of 4), for which there was no key share",
                                         "complete: 2 round trips"]),
        Scenario("TLS 1.2 ECDHE", lambda: w.s_server("rsa", "-tls1_2"), [], HELLO_12 + ["ServerKeyExchange"] + REST_12,
                 version="TLSv1.2", group="x25519", signature_scheme="rsa_pss_rsae_sha256",
                 says=["chose TLS 1.2: the highest that the server has", "complete: 2 round trips"]),
        Scenario("TLS 1.2 RSA key transport", lambda: w.s_server("rsa", *rsa), ["--legacy-rsa"], HELLO_12 + REST_12,
                 version="TLSv1.2", group=None, signature_scheme=None, cipher_suite="TLS_RSA_WITH_AES_128_GCM_SHA256",
                 says=["whoever gets the server's key later can read it"]),
        Scenario("TLS 1.3 resumed", lambda: w.s_server("p256"), [], HELLO_13 + ["Finished", "Finished"], version="TLSv1.3",
                 resumed=True, session="resumed", says=["resumes the session", "verified in the earlier session"]),
        Scenario("TLS 1.2 resumed", lambda: w.s_server("p256", "-tls1_2"), [],
                 ["ClientHello", "ServerHello", "ChangeCipherSpec", "Finished", "ChangeCipherSpec", "Finished"], version="TLSv1.2",
                 resumed=True, session="resumed", says=["complete: 1 round trip"]),
        Scenario("TLS 1.3, 0-RTT", lambda: w.nginx(early), ["--tls-earlydata"],
                 ["ClientHello", "application data", "ServerHello", "EncryptedExtensions", "Finished", "EndOfEarlyData", "Finished",
                  "application data"], version="TLSv1.3", resumed=True, early_data="accepted",
                 says=["early data accepted: the server has the request already"]),
        Scenario("TLS 1.3, client certificate", lambda: w.s_server("p256", *verify), client,
                 HELLO_13 + ["CertificateRequest", "Certificate", "CertificateVerify", "Finished", "Certificate", "CertificateVerify",
                             "Finished"], version="TLSv1.3", client_certificate="sent",
                 says=["wants to know who we are, too", "sends the client certificate of"]),
        Scenario("TLS 1.2, client certificate", lambda: w.s_server("p256", "-tls1_2", *verify), client,
                 HELLO_12 + ["ServerKeyExchange", "CertificateRequest", "ServerHelloDone", "Certificate", "ClientKeyExchange",
                             "CertificateVerify"], version="TLSv1.2", client_certificate="sent"),
        Scenario("TLS 1.3, stapled OCSP", lambda: w.s_server("p256", "-status_file", w.good), ["--cert-status"], FULL_13, ocsp="good",
                 says=["not revoked: the stapled OCSP response says \"good\""]),
        Scenario("TLS 1.3, key update", w.chat, [], FULL_13 + ["KeyUpdate", "application data", "Alert"], version="TLSv1.3",
                 says=["what the server sends from here on is encrypted under new keys"]),
        Scenario("a name in other scripts", lambda: w.no_chain("strange"), ["-k"], FULL_13, version="TLSv1.3",
                 says=["anybody could have sent this", "NOT VERIFIED"]),
    ]


def failures(w):
    refused = FULL_13[:4] + ["Alert"]
    old = "-cipher", "ALL:@SECLEVEL=0"
    hello = ["ClientHello", "Alert"]
    return [
        Scenario("unknown authority", lambda: w.s_server("p256"), [], refused, "unable to get local issuer certificate", root=False),
        Scenario("wrong name", lambda: w.s_server("wrong-name"), [], refused, "not present in server certificate",
                 says=["localhost matches other.example: no"]),
        Scenario("expired", lambda: w.s_server("expired"), [], refused, "certificate has expired"),
        Scenario("self signed", lambda: w.no_chain("self"), [], refused, "self signed certificate"),
        Scenario("intermediate missing", lambda: w.no_chain("p256"), [], refused, "unable to get local issuer certificate"),
        Scenario("weak key", lambda: w.s_server("weak", *old), [], refused, "1024"),
        Scenario("revoked", lambda: w.s_server("p256", "-status_file", w.revoked), [], refused, "keyCompromise"),
        Scenario("no staple", lambda: w.s_server("p256"), ["--cert-status"], refused, "no stapled OCSP response provided"),
        Scenario("no common version", lambda: w.s_server("p256", "-tls1_2"), ["--tlsv1.3"], hello, "protocol_version"),
        Scenario("TLS 1.1 server", lambda: w.s_server("p256", "-tls1_1", *old), [], hello, "protocol_version"),
        Scenario("no common cipher suite", lambda: w.s_server("p256", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"), [], hello,
                 "handshake_failure"),
        Scenario("RSA key transport alone", lambda: w.s_server("rsa", "-tls1_2", "-cipher", "AES128-GCM-SHA256"), [], hello,
                 "handshake_failure"),
        Scenario("no common group", lambda: w.s_server("p256", "-groups", "P-521"), ["--curves", "X25519"], hello, "handshake_failure"),
        Scenario("no common protocol", lambda: w.s_server("p256", "-alpn", "h2"), [], hello, "no_application_protocol"),
        Scenario("name not served", lambda: w.nginx("ssl_reject_handshake on;"), [], hello, "unrecognized_name"),
        Scenario("client certificate wanted", lambda: w.s_server("p256", "-Verify", "3", "-verify_return_error"), [],
                 FULL_13[:3] + ["CertificateRequest", "Certificate", "Alert"], "certificate_required",
                 client_certificate="none", says=["there is no client certificate (-E gives one)"]),
        Scenario("client certificate refused", lambda: w.s_server("p256", "-tls1_2", "-Verify", "3", "-CAfile",
                                                                  w.pki.path("other-root.pem"), "-verify_return_error"),
                 ["--cert", w.pki.path("client.chain.pem"), "--key", w.pki.path("client.key")], HELLO_12 + ["Certificate", "Alert"],
                 "unknown_ca", client_certificate="sent"),
        Scenario("no TLS there", w.no_tls, [], ["ClientHello"], "HTTP/1.1 400"),
        Scenario("nobody there", w.nobody, [], [], "Connection refused"),
    ]
