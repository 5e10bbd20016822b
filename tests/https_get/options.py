#!/usr/bin/env python3
"""Options of https_get: redirects, outputs, sessions, client certificates, staples, key logs, addresses, and usage errors.

    options.py HTTPS_GET
"""

import os
import ssl
import stat
import sys

import support

PASSWORD = "s3cret:\\word"


def hello(connection, _):
    """Says what was asked for, as long as something is."""
    while (request := support.read_request(connection)):
        connection.sendall(support.answer(request.split(b" ")[1]))


def redirects(t):
    where = {"location": "", "status": "302 Found"}

    def handle(connection, _):
        while (request := support.read_request(connection)):
            path = request.split(b" ")[1].decode()
            steps = path[1:].isdigit() and int(path[1:])
            if steps:
                connection.sendall(support.answer(b"gone", where["status"], "Location: /%d" % (steps - 1)))
            elif path == "/away":
                connection.sendall(support.answer(b"gone", where["status"], "Location: " + where["location"]))
            else:
                connection.sendall(support.answer(path.encode()))

    with support.Scripted(t.pki, handle) as s, support.Scripted(t.pki, hello) as other:
        t.expect("a redirect without -L", t.run(s.url("/1")), 0, (), b"gone")
        for status in ("301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"):
            where["status"] = status
            t.expect("-L, " + status, t.run("-L", s.url("/2")), 0, (), b"/0")
        where["status"] = "300 Choices"
        t.expect("-L, 300", t.run("-L", s.url("/2")), 0, (), b"gone")
        where["status"] = "302 Found"
        for location, body in ((other.url("/b?c"), b"/b?c"), ("//localhost:%d/d" % other.port, b"/d"), ("../e/./f", b"/e/f"),
                               ("?g", b"/away?g")):
            where["location"] = location
            t.expect("-L to " + location.replace(str(other.port), "PORT"), t.run("-L", s.url("/away")), 0, (), body)
        t.expect("50 redirects", t.run("-L", s.url("/50")), 0, (), b"/0")
        t.expect("51 redirects", t.run("-L", s.url("/51")), 47, "after 50 redirects (--max-redirs)")
        t.expect("--max-redirs 2, and 2", t.run("-L", "--max-redirs", "2", s.url("/2")), 0, (), b"/0")
        t.expect("--max-redirs 2, and 3", t.run("-L", "--max-redirs=2", s.url("/3")), 47, "after 2 redirects")
        t.expect("--max-redirs 0", t.run("-L", "--max-redirs", "0", s.url("/1")), 47, "after 0 redirects")
        t.expect("--max-redirs -1", t.run("-L", "--max-redirs", "-1", s.url("/60")), 0, (), b"/0")
        where["location"] = "http://localhost/"
        t.expect("-L to http", t.run("-L", s.url("/away")), 1, "redirects to http://localhost/")
        where["location"] = "https://[::1/"
        t.expect("-L to a malformed URL", t.run("-L", s.url("/away")), 3, "redirects to https://[::1/")


def outputs(t):
    def read(name):
        with open(t.path(name), "rb") as f:
            return f.read()

    with support.Scripted(t.pki, hello) as s:
        t.expect("-o", t.run("-o", "one", s.url("/a")), 0, (), b"")
        t.check("-o: the file", read("one") == b"/a")
        t.expect("-O", t.run("-O", s.url("/dir/two?x=1")), 0, (), b"")
        t.check("-O: the file", read("two") == b"/dir/two?x=1")
        t.expect("-o -", t.run("-o", "-", s.url("/a")), 0, (), b"/a")
        t.expect("outputs in the order of the URLs", t.run("-o", "three", "-O", s.url("/3"), s.url("/four"), s.url("/5")), 0, (), b"/5")
        t.check("outputs in order: the files", read("three") == b"/3" and read("four") == b"/four")
        t.expect("a user in the URL", t.run("https://me:secret@localhost/"), 3,
                 "user names and passwords are not taken from URLs (-H Authorization: is)")
        t.expect("-O without a name", t.run("-O", s.url("/")), 23, "has no file name")
        t.expect("-o into a folder that is not there", t.run("-o", "no/such", s.url("/a")), 23, ["no/such", "No such file"])
        t.expect("-o to a folder", t.run("-o", ".", s.url("/a")), 23, "Is a directory")
        if os.path.exists("/dev/full"):
            t.expect("a full disk", t.run("-o", "/dev/full", s.url("/a")), 23, "No space left")
            with open("/dev/full", "wb") as full:
                t.expect("a full disk behind stdout", t.run(s.url("/a"), stdout=full), 23, "stdout: No space left")
        reading, writing = os.pipe()
        os.close(reading)
        t.expect("nobody reads", t.run(s.url("/a"), stdout=writing), 23, "stdout: Broken pipe")
        os.close(writing)
        r = t.run("-o", "no/such", s.url("/a"), "-o", "six", s.url("/6"))
        t.expect("a failure before a success", r, 23)
        t.check("a failure before a success: the file", read("six") == b"/6")
    with support.Scripted(t.pki, hello) as s:
        t.expect("nothing listens", t.run("-o", "kept", "https://localhost:1/"), 7)
        t.check("nothing listens: no file is made", not os.path.exists(t.path("kept")))


def sessions(t):
    for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
        name = "session-%d" % version
        with support.Scripted(t.pki, hello, context=support.server_context(t.pki, version=version)) as s:
            first, second = (t.run("-v", "--session", name, s.url("/a")) for _ in range(2))
            t.expect(name + ", first", first, 0, (), b"/a", ["esumed"])
            t.expect(name + ", second", second, 0, "esumed", b"/a")
            t.check(name + ": mode", stat.S_IMODE(os.stat(t.path(name)).st_mode) == 0o600)
            os.chmod(t.path(name), 0o644)
            t.expect(name + ", readable for others", t.run("--session", name, s.url("/a")), 26, "session file " + name)
            t.expect(name + ", no folder", t.run("--session", "no/such", s.url("/a")), 26, "No such file")


def client_certificates(t):
    pki = t.pki
    pki.leaf("me", "p256", issuer="root", ext=["extendedKeyUsage=clientAuth", "keyUsage=critical,digitalSignature"])
    pki.leaf("you", "p256", issuer="root", ext=["extendedKeyUsage=clientAuth", "keyUsage=critical,digitalSignature"])
    pki.run("openssl", "pkcs8", "-topk8", "-in", pki.path("me.key"), "-out", pki.path("secret.key"), "-passout",
            "pass:" + PASSWORD, "-v2", "aes-256-cbc")
    with open(pki.path("a:b.pem"), "w") as both:
        for part in ("me.pem", "secret.key"):
            with open(pki.path(part)) as f:
                both.write(f.read())
    context = support.server_context(pki)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(pki.path("root.pem"))
    cert, key, secret = pki.path("me.pem"), pki.path("me.key"), pki.path("secret.key")
    both = pki.path("a:b.pem").replace(":", "\\:")
    with support.Scripted(pki, hello, context=context) as s:
        url = s.url("/a")
        t.expect("-E and --key", t.run("-E", cert, "--key", key, url), 0, (), b"/a")
        t.expect("an encrypted key and --pass", t.run("-E", cert, "--key", secret, "--pass", PASSWORD, url), 0, (), b"/a")
        t.expect("FILE:PASSWORD", t.run("-E", both + ":" + PASSWORD, url), 0, (), b"/a")
        t.expect("--pass goes before FILE:PASSWORD", t.run("--pass", PASSWORD, "-E", both + ":wrong", url), 0, (), b"/a")
        t.expect("no password", t.run("-E", cert, "--key", secret, url), 58)
        t.expect("a wrong password", t.run("-E", cert, "--key", secret, "--pass", "x", url), 58, (), b"", [PASSWORD])
        t.expect("somebody else's key", t.run("-E", cert, "--key", pki.path("you.key"), url), 58)
        t.expect("no such certificate", t.run("-E", "none.pem", url), 58, "none.pem")
        t.expect("--key alone", t.run("--key", key, url), 2, "--key without --cert")
        r = t.run(url)
        # the server closes once it has seen that there is none: before our request, or behind it
        t.check("no certificate", r.returncode in (55, 56) and "certificate_required" in r.stderr, (r.returncode, r.stderr))


def silence(t):
    with support.Scripted(t.pki, hello) as s:
        r = t.run("-s", "https://localhost:1/")
        t.check("-s", r.returncode == 7 and r.stderr == "", r.stderr)
        r = t.run("-sS", "https://localhost:1/")
        t.check("-sS", r.returncode == 7 and r.stderr.startswith("https_get: "), r.stderr)
        t.expect("without --cacert", t.run(s.url(), ca=False), 60)
        t.expect("-k", t.run("-k", s.url("/a"), ca=False), 0, (), b"/a")
        t.expect("--cert-status, nothing stapled", t.run("--cert-status", s.url()), 91, "stapled")
        t.expect("--cacert of no file", t.run("--cacert", "none.pem", s.url(), ca=False), 77, "none.pem")
        t.expect("--crlfile of no file", t.run("--crlfile", "none.pem", s.url()), 82, "none.pem")


def key_log(t):
    labels = {ssl.TLSVersion.TLSv1_3: {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
                                       "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0", "EXPORTER_SECRET"},
              ssl.TLSVersion.TLSv1_2: {"CLIENT_RANDOM"}}
    for version, expected in labels.items():
        context = support.server_context(t.pki, version=version)
        context.keylog_filename = t.path("server-%d" % version)  # OpenSSL's own
        name = "client-%d" % version
        with support.Scripted(t.pki, hello, context=context) as s:
            t.expect(name, t.run(s.url("/a"), env={"SSLKEYLOGFILE": name}), 0, (), b"/a")
        lines = [set(open(t.path(p)).read().splitlines()) for p in (name, context.keylog_filename)]
        lines = [{x for x in some if not x.startswith("#")} for some in lines]
        t.check(name + ": OpenSSL writes the same", lines[0] and lines[0] == lines[1], lines)
        t.check(name + ": labels", {x.split()[0] for x in lines[0]} == expected, lines[0])
        t.check(name + ": mode", stat.S_IMODE(os.stat(t.path(name)).st_mode) == 0o600)
    with support.Scripted(t.pki, hello) as s:
        t.expect("a log that cannot be written", t.run(s.url("/a"), env={"SSLKEYLOGFILE": "no/such"}), 0, "not written", b"/a")


def addresses(t):
    with support.Scripted(t.pki, hello) as s:
        t.check("-6, and nothing listens there", t.run("-6", s.url()).returncode in (6, 7))
    t.pki.leaf("v6", "p256", issuer="root", san="IP:::1")
    try:
        s = support.Scripted(t.pki, hello, cert="v6", host="::1")
    except OSError:
        print("no IPv6 here: its part is skipped")
        return
    with s:
        t.expect("[::1]", t.run(s.url("/a", "[::1]")), 0, (), b"/a")
        t.expect("[0:0::1]", t.run(s.url("/a", "[0:0::1]")), 0, (), b"/a")
        t.expect("[::1], -6", t.run("-6", s.url("/a", "[::1]")), 0, (), b"/a")
        t.check("[::1], -4", t.run("-4", s.url("/a", "[::1]")).returncode in (6, 7))
        t.expect("a name that the certificate lacks", t.run("--resolve", "localhost:%d:::1" % s.port, s.url()), 60, "localhost")
        t.expect("--resolve to no address", t.run("--resolve", "[::1]:%d" % s.port, s.url()), 2)


USAGE = [
    ([], "no URL"), (["--nonsense"], "--nonsense: no such option"), (["-Z", "https://x/"], "-Z: no such option"),
    (["https://x/", "-o"], "-o: needs a value"), (["https://x/", "--cacert"], "--cacert: needs a value"),
    (["--silent=yes", "https://x/"], "takes no value"), (["-m", "soon", "https://x/"], "not a number of seconds"),
    (["-m", "-1", "https://x/"], "not a number of seconds"), (["--max-redirs", "-2", "https://x/"], "not a number from -1"),
    (["--tls-max", "1.1", "https://x/"], "no such value"), (["--tlsv1.3", "--tls-max", "1.2", "https://x/"], "least version"),
    (["--explain=xml", "https://x/"], "no such value"), (["-H", "a\r\nb: c", "https://x/"], "no such value"),
    (["-o", "a", "-o", "b", "https://x/"], "more of them than URLs"), (["--resolve", "x:443", "https://x/"], "no such value"),
    (["--cacert", "x"] + ["https://x/"] * 257, "too many URLs"),
]

URLS = [("http://x/", 1), ("ftp://x/", 1), ("https://", 3), ("https://x:0x1/", 3), ("https://x:65536/", 3), ("https://[::1/", 3),
        ("https://a b/", 3), ("https://nowhere.invalid/", 6)]


def usage(t):
    for args, words in USAGE:
        t.expect("usage: " + " ".join(args)[:40].replace("\r\n", "<CRLF>"), t.run(*args, ca=False), 2, words, b"")
    for url, code in URLS:
        t.expect("URL " + url, t.run(url, ca=False), code, (), b"")
    t.expect("--help", t.run("--help", ca=False), 0, (), None)
    t.check("--help: goes to stdout", t.run("-h", ca=False).stdout.startswith(b"usage: https_get "))
    t.check("--version", t.run("-V", ca=False).stdout.startswith(b"https_get "))


if __name__ == "__main__":
    sys.exit(support.main(redirects, outputs, sessions, client_certificates, silence, key_log, addresses, usage))
