"""Certificates that must be refused, each with its own words; client certificates; stapled OCSP responses; early data."""

import os
import subprocess
import time

import servers

LEAF = ["subjectAltName=DNS:localhost", "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature"]


def bad_certificates(run):
    """(name of the leaf, chain to send, what must be said)"""
    p = run.pki
    p.authority("other-root")
    p.leaf("untrusted", "p256", issuer="other-root")
    p.leaf("wrong-name", "p256", san="DNS:other.example")
    p.leaf("client-only", "p256", ext=LEAF + ["extendedKeyUsage=clientAuth"])
    p.leaf("no-ca", "p256", ext=["basicConstraints=critical,CA:FALSE", "subjectAltName=DNS:localhost"], issuer="root")
    p.leaf("under-no-ca", "p256", issuer="no-ca")
    p.leaf("weak", ["-newkey", "rsa:1024"])
    p.leaf("sha1", "p256", sign=("-sha1",))
    p.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", p.path("self.key"),
          "-out", p.path("self.pem"), "-days", "30", "-nodes", "-subj", "/CN=localhost", "-addext",
          "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE")
    dated(p, "expired", "20200101000000Z", "20210101000000Z")
    dated(p, "not-yet", "20400101000000Z", "20410101000000Z")
    return [
        ("untrusted", None, "unable to get local issuer certificate"),
        ("expired", "inter", "certificate has expired"),
        ("not-yet", "inter", "certificate is not yet valid"),
        ("wrong-name", "inter", "not present in server certificate"),
        ("client-only", "inter", "unsupported certificate purpose"),
        ("under-no-ca", "no-ca", "CN=no-ca"),
        ("weak", "inter", "1024"),
        ("sha1", "inter", "SHA-1"),
        ("self", None, "self signed certificate"),
        ("p256", None, "unable to get local issuer certificate"),  # the intermediate is not sent
    ]


def dated(p, name, start, end):
    """openssl x509 cannot choose both dates; openssl ca can."""
    folder = p.path("ca")
    os.makedirs(folder, exist_ok=True)
    open(os.path.join(folder, "index.txt"), "w").close()
    with open(os.path.join(folder, "serial"), "w") as f:
        f.write("%d000\n" % (1 + len(name)))
    with open(os.path.join(folder, "ca.cnf"), "w") as f:
        f.write("[ca]\ndefault_ca=d\n[d]\ndatabase=%s/index.txt\nserial=%s/serial\nnew_certs_dir=%s\ndefault_md=sha256\n"
                "policy=any\nx509_extensions=leaf\n[any]\ncommonName=supplied\n[leaf]\n%s\n" %
                (folder, folder, folder, "\n".join(LEAF + ["extendedKeyUsage=serverAuth"])))
    p.run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", p.path(name + ".key"), "-out",
          p.path(name + ".csr"), "-nodes", "-subj", "/CN=" + name)
    p.run("openssl", "ca", "-batch", "-config", os.path.join(folder, "ca.cnf"), "-in", p.path(name + ".csr"), "-out",
          p.path(name + ".pem"), "-cert", p.path("inter.pem"), "-keyfile", p.path("inter.key"), "-startdate", start,
          "-enddate", end, "-notext")


def refuse(run):
    for name, chain, words in bad_certificates(run):
        port = servers.free_port()
        argv = ["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert", run.pki.path(name + ".pem"), "-key",
                run.pki.path(name + ".key"), "-quiet", "-WWW", "-cipher", "ALL:@SECLEVEL=0"]
        if chain:
            argv += ["-cert_chain", run.pki.path(chain + ".pem")]
        with servers.Server(argv, port, cwd=run.www) as s:
            for version in ("1.3", "1.2"):
                run.refused("openssl-s_server", "certificates refused: %s, TLS %s" % (name, version), s.port, ["--tls-max", version], 60, words)


CLIENT_KINDS = ("rsa", "pss", "p256", "p384", "ed25519")


def with_each_certificate(run, server, port, kinds=CLIENT_KINDS, versions=("1.3", "1.2")):
    for version in versions:
        for kind in kinds:
            run.check(server, "client certificate %s: TLS %s" % (kind, version), port, 16385,
                      ["--tls-max", version, "--cert", run.pki.path("client-%s.chain.pem" % kind), "--key",
                       run.pki.path("client-%s.key" % kind)], ["* TLS " + version, "200 "])


def client_certificates(run):
    for kind in CLIENT_KINDS:
        run.pki.leaf("client-" + kind, kind, ext=["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=clientAuth"])
    root = run.pki.path("root.pem")
    with servers.s_server(run.pki, "p256", run.www, "-Verify", "3", "-CAfile", root, "-verify_return_error") as s:
        with_each_certificate(run, "openssl-s_server", s.port)
        for version in ("1.3", "1.2"):
            run.refused("openssl-s_server", "no client certificate: TLS " + version, s.port, ["--tls-max", version],
                        35 if version == "1.2" else 56, "certificate")
    extra = "ssl_client_certificate %s; ssl_verify_client on; ssl_verify_depth 3;" % root
    with servers.nginx(run.pki, "p256", run.www, run.folder, extra) as s:
        with_each_certificate(run, "nginx", s.port)
    extra = ('ssl.verifyclient.activate = "enable"\nssl.verifyclient.enforce = "enable"\nssl.ca-file = "%s"\n'
             'ssl.verifyclient.depth = 3' % root)
    with servers.lighttpd(run.pki, "p256", run.www, run.folder, "mod_gnutls", extra) as s:
        with_each_certificate(run, "lighttpd-gnutls", s.port)


def late_client_certificate(run):
    """RFC 9846, 4.7.2: s_server is told by hand to ask for the certificate after the request, and then to answer."""
    port, log = servers.free_port(), os.path.join(run.folder, "late.log")
    argv = ["sh", "-c", 'exec "$@" >"%s" 2>&1' % log, "sh", "openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert",
            run.pki.path("p256.pem"), "-key", run.pki.path("p256.key"), "-cert_chain", run.pki.path("inter.pem"), "-CAfile",
            run.pki.path("root.pem"), "-verify_return_error", "-crlf"]
    with servers.Server(argv, port, stdin=subprocess.PIPE) as s:
        get = subprocess.Popen([run.get, "-v", "--tlsv1.3", "--cacert", run.pki.path("root.pem"), "--post-handshake-auth", "--cert",
                                run.pki.path("client-p384.chain.pem"), "--key", run.pki.path("client-p384.key"), "-m", "20",
                                "https://localhost:%d/" % port], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for words, answer in ((b"GET ", b"c\n"), (b"CN = client-p384", b"HTTP/1.0 200 OK\nContent-Length: 6\n\nknown\n")):
            for _ in range(200):
                if words in open(log, "rb").read():
                    break
                time.sleep(0.05)
            s.process.stdin.write(answer)
            s.process.stdin.flush()
        body, said = get.communicate()
    what = "client certificate after the handshake: P-384"
    good = get.returncode == 0 and "known" in body and b"CN = client-p384" in open(log, "rb").read()
    run.judge("openssl-s_server", what, good, said[-300:])


def client_certificates_node(run, npm):
    options = {"requestCert": True, "rejectUnauthorized": True, "ca": open(run.pki.path("root.pem")).read()}
    with servers.node(npm, run.pki, "p256", run.www, run.folder, options) as s:
        with_each_certificate(run, "node-24", s.port)


def response(run, status, name, clock=()):
    """A DER response for the leaf p256, signed by its issuer; good for two days from what the clock says."""
    p = run.pki
    serial = subprocess.run(["openssl", "x509", "-in", p.path("p256.pem"), "-noout", "-serial"], capture_output=True,
                            text=True).stdout.strip().split("=")[1]
    with open(p.path("index.txt"), "w") as f:
        f.write("%s\t400101000000Z\t%s\t%s\tunknown\t/CN=p256\n" %
                (status, "260101000000Z,keyCompromise" if status == "R" else "", serial))
    p.run("openssl", "ocsp", "-issuer", p.path("inter.pem"), "-cert", p.path("p256.pem"), "-reqout", p.path("req.der"))
    p.run(*clock, "openssl", "ocsp", "-index", p.path("index.txt"), "-rsigner", p.path("inter.pem"), "-rkey", p.path("inter.key"),
          "-CA", p.path("inter.pem"), "-reqin", p.path("req.der"), "-respout", p.path(name), "-ndays", "2")
    return p.path(name)


def staples(run):
    """Each state from two TLS stacks. lighttpd sends good ones only, gnutls-serv any."""
    states = {"good": response(run, "V", "good.der"), "revoked": response(run, "R", "revoked.der"),
              "missing": None}
    if servers.have("faketime"):
        states["expired"] = response(run, "V", "expired.der", ["faketime", "9 days ago"])
    else:
        print("skipped: expired OCSP staples (no faketime)")
    for state, staple in states.items():
        stapled = ["-status_file", staple] if staple else []
        with servers.s_server(run.pki, "p256", run.www, *stapled) as s:
            one_staple(run, "openssl-s_server", state, s.port)
        if state in ("revoked", "expired"):
            staple_gnutls(run, state, staple)
            continue
        with servers.lighttpd(run.pki, "p256", run.www, run.folder, "mod_gnutls",
                              'ssl.stapling-file = "%s"' % staple if staple else "") as s:
            one_staple(run, "lighttpd-gnutls", state, s.port)
    with servers.nginx(run.pki, "p256", run.www, run.folder, "ssl_stapling on; ssl_stapling_file %s;" % states["good"]) as s:
        one_staple(run, "nginx", "good", s.port)
    with servers.s_server(run.pki, "p384", run.www, "-status_file", states["good"]) as s:
        for version in ("1.3", "1.2"):
            run.refused("openssl-s_server", "OCSP staple of another certificate: TLS " + version, s.port, ["--tls-max", version],
                        91, "ocsp verify failed")


STAPLE_WORDS = {"revoked": "keyCompromise", "expired": "ocsp response not current: it was to be renewed by", "missing": "no stapled OCSP response provided"}


def one_staple(run, server, state, port):
    for version in ("1.3", "1.2"):
        what, options = "OCSP staple %s: TLS %s" % (state, version), ["--tls-max", version, "--cert-status"]
        if state == "good":
            run.check(server, what, port, 16385, options, ["OCSP             good"])
        else:
            run.refused(server, what, port, options, 91, STAPLE_WORDS[state])


def early_data(run):
    with servers.nginx(run.pki, "p256", run.www, run.folder, "ssl_early_data on; ssl_session_cache shared:x:1m;") as s:
        session = os.path.join(run.folder, "early-session")
        options = ["--tlsv1.3", "--session", session, "--tls-earlydata"]
        run.check("nginx", "early data: first", s.port, 16385, options, ["session          new"])
        run.check("nginx", "early data: accepted", s.port, 16385, options, ["early data       accepted"])
    with servers.nginx(run.pki, "p256", run.www, run.folder, "ssl_session_cache shared:y:1m;") as s:
        run.check("nginx", "early data rejected: sent again", s.port, 16385, options, ["* TLS 1.3"])


GNUTLS_GET = "{get} -v --cacert {p}/root.pem --resolve localhost:5599:127.0.0.1 -o {f}/body %s https://localhost:5599/"


def gnutls_serv(run, options, calls, command=GNUTLS_GET):
    """What is said of calls to gnutls-serv, which binds to all addresses: in a network namespace of its own. What it says
    itself is then in gnutls.out. None: there is none."""
    if not servers.have("gnutls-serv"):
        print("skipped: gnutls-serv is not installed")
        return None
    get = command + "; echo exit $? >&2;"
    script = ("ip link set lo up; gnutls-serv --http --port 5599 --x509certfile {p}/p256.chain.pem --x509keyfile "
              "{p}/p256.key " + options + " >{f}/gnutls.out 2>&1 & sleep 1; " + "".join(get % c for c in calls) + " kill $!")
    script = script.format(p=run.pki.folder, f=run.folder, get=run.get)
    r = subprocess.run(["unshare", "-n", "sh", "-c", script], capture_output=True, text=True, errors="replace")
    if "unshare" in r.stderr and "not permitted" in r.stderr:
        print("skipped: gnutls-serv (no network namespace)")
        return None
    return r.stderr


def gnutls_said(run, what, options, calls, words):
    said = gnutls_serv(run, options, calls)
    if said is not None:
        run.judge("gnutls-serv", what, all(w in said for w in words), said[-300:])


def staple_gnutls(run, state, staple):
    for version in ("1.3", "1.2"):
        gnutls_said(run, "OCSP staple %s: TLS %s" % (state, version), "--ocsp-response " + staple + " --ignore-ocsp-response-errors",
                    ["--cert-status --tls-max " + version], [STAPLE_WORDS[state], "exit 91"])


def early_data_gnutls(run):
    """Its TLS takes early data, its HTTP does not."""
    call = "--session {f}/gnutls-session --tls-earlydata"
    gnutls_said(run, "early data: accepted", "--earlydata --maxearlydata=16384", [call, call], ["early data       accepted"])


def everything(run):
    refuse(run)
    client_certificates(run)
    late_client_certificate(run)
    staples(run)
    early_data(run)
    early_data_gnutls(run)
