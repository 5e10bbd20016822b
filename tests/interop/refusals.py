"""Certificates that must be refused, each with its own words; client certificates; stapled OCSP responses; early data."""

import os
import subprocess

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
                run.refused("refusals", "%s, TLS %s" % (name, version), s.port, ["--tls-max", version], 60, words)


def client_certificates(run):
    for kind in ("rsa", "pss", "p256", "p384", "ed25519"):
        run.pki.leaf("client-" + kind, kind, ext=["basicConstraints=critical,CA:FALSE", "extendedKeyUsage=clientAuth"])
    with servers.s_server(run.pki, "p256", run.www, "-Verify", "3", "-CAfile", run.pki.path("root.pem"),
                          "-verify_return_error") as s:
        for version in ("1.3", "1.2"):
            for kind in ("rsa", "pss", "p256", "p384", "ed25519"):
                run.check("client certificates", "s_server %s %s" % (kind, version), s.port, 16385,
                          ["--tls-max", version, "--cert", run.pki.path("client-%s.chain.pem" % kind), "--key",
                           run.pki.path("client-%s.key" % kind)], ["* TLS " + version])
    extra = "ssl_client_certificate %s; ssl_verify_client on; ssl_verify_depth 3;" % run.pki.path("root.pem")
    with servers.nginx(run.pki, "p256", run.www, run.folder, extra) as s:
        for version in ("1.3", "1.2"):
            for kind in ("rsa", "p256", "ed25519"):
                run.check("client certificates", "nginx %s %s" % (kind, version), s.port, 16385,
                          ["--tls-max", version, "--cert", run.pki.path("client-%s.chain.pem" % kind), "--key",
                           run.pki.path("client-%s.key" % kind)], ["* TLS " + version, "200 OK"])


    extra = ('ssl.verifyclient.activate = "enable"\nssl.verifyclient.enforce = "enable"\nssl.ca-file = "%s"\n'
             'ssl.verifyclient.depth = 3' % run.pki.path("root.pem"))
    with servers.lighttpd(run.pki, "p256", run.www, run.folder, "mod_gnutls", extra) as s:
        for version in ("1.3", "1.2"):
            for kind in ("rsa", "p256", "p384", "ed25519"):
                run.check("client certificates", "lighttpd-gnutls %s %s" % (kind, version), s.port, 16385,
                          ["--tls-max", version, "--cert", run.pki.path("client-%s.chain.pem" % kind), "--key",
                           run.pki.path("client-%s.key" % kind)], ["* TLS " + version, "200 OK"])


def response(run, status, name, hours=None):
    """A DER response for the leaf p256, signed by its issuer."""
    p = run.pki
    serial = subprocess.run(["openssl", "x509", "-in", p.path("p256.pem"), "-noout", "-serial"], capture_output=True,
                            text=True).stdout.strip().split("=")[1]
    with open(p.path("index.txt"), "w") as f:
        f.write("%s\t400101000000Z\t%s\t%s\tunknown\t/CN=p256\n" %
                (status, "260101000000Z,keyCompromise" if status == "R" else "", serial))
    p.run("openssl", "ocsp", "-issuer", p.path("inter.pem"), "-cert", p.path("p256.pem"), "-reqout", p.path("req.der"))
    p.run("openssl", "ocsp", "-index", p.path("index.txt"), "-rsigner", p.path("inter.pem"), "-rkey", p.path("inter.key"),
          "-CA", p.path("inter.pem"), "-reqin", p.path("req.der"), "-respout", p.path(name), *(hours or ["-ndays", "2"]))
    return p.path(name)


def staples(run):
    good = response(run, "V", "good.der")
    revoked = response(run, "R", "revoked.der")
    for version in ("1.3", "1.2"):
        with servers.s_server(run.pki, "p256", run.www, "-status_file", good) as s:
            run.check("OCSP stapling", "s_server good " + version, s.port, 16385, ["--tls-max", version, "--cert-status"],
                      ["OCSP             good"])
        with servers.s_server(run.pki, "p256", run.www, "-status_file", revoked) as s:
            run.refused("OCSP stapling", "s_server revoked " + version, s.port, ["--tls-max", version], 91, "keyCompromise")
        with servers.s_server(run.pki, "p256", run.www) as s:
            run.refused("OCSP stapling", "s_server missing " + version, s.port, ["--tls-max", version, "--cert-status"], 91,
                        "no stapled OCSP response provided")
        with servers.nginx(run.pki, "p256", run.www, run.folder, "ssl_stapling on; ssl_stapling_file %s;" % good) as s:
            run.check("OCSP stapling", "nginx good " + version, s.port, 16385, ["--tls-max", version, "--cert-status"],
                      ["OCSP             good"])
        with servers.lighttpd(run.pki, "p256", run.www, run.folder, "mod_gnutls", 'ssl.stapling-file = "%s"' % good) as s:
            run.check("OCSP stapling", "lighttpd-gnutls good " + version, s.port, 16385, ["--tls-max", version, "--cert-status"],
                      ["OCSP             good"])
        with servers.s_server(run.pki, "p384", run.www, "-status_file", good) as s:
            run.refused("OCSP stapling", "of another certificate " + version, s.port, ["--tls-max", version], 91, "ocsp verify failed")


def early_data(run):
    with servers.nginx(run.pki, "p256", run.www, run.folder, "ssl_early_data on; ssl_session_cache shared:x:1m;") as s:
        session = os.path.join(run.folder, "early-session")
        options = ["--tlsv1.3", "--session", session, "--tls-earlydata"]
        run.check("early data", "nginx first", s.port, 16385, options, ["session          new"])
        run.check("early data", "nginx accepted", s.port, 16385, options, ["early data       accepted"])
    with servers.nginx(run.pki, "p256", run.www, run.folder, "ssl_session_cache shared:y:1m;") as s:
        run.check("early data", "another server: not lost", s.port, 16385, options, ["* TLS 1.3"])


def early_data_gnutls(run):
    """gnutls-serv binds to all addresses: in a network namespace of its own. It takes early data, but its HTTP does not."""
    script = ("ip link set lo up; gnutls-serv --http --quiet --port 5599 --x509certfile {p}/p256.chain.pem --x509keyfile "
              "{p}/p256.key --earlydata --maxearlydata=16384 >/dev/null 2>&1 & sleep 1; for i in 1 2; do {get} -v --cacert "
              "{p}/root.pem --session {f}/gnutls-session --tls-earlydata --resolve localhost:5599:127.0.0.1 -o {f}/body "
              "https://localhost:5599/; done; kill $!").format(p=run.pki.folder, f=run.folder, get=run.get)
    r = subprocess.run(["unshare", "-n", "sh", "-c", script], capture_output=True, text=True, errors="replace")
    if "unshare" in r.stderr and "not permitted" in r.stderr:
        print("skipped: gnutls-serv (no network namespace)")
    elif "early data       accepted" in r.stderr:
        run.passed["early data"] += 1
    else:
        run.failed.append("early data: gnutls-serv: " + r.stderr[-300:])


def everything(run):
    refuse(run)
    client_certificates(run)
    staples(run)
    early_data(run)
    if servers.have("gnutls-serv"):
        early_data_gnutls(run)
