"""A throw-away certificate authority with leaves of every kind, made by openssl(1)."""

import os
import subprocess

KEYS = {
    "rsa": ["-newkey", "rsa:2048"],
    "pss": ["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"],
    "p256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "p521": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"],
    "ed25519": ["-newkey", "ed25519"],
}


class Pki:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.authority("root")
        self.leaf("inter", "p256", issuer="root", ext=["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"])
        for kind in KEYS:
            self.leaf(kind, kind, issuer="inter")

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, *args):
        subprocess.run(args, check=True, capture_output=True)

    def authority(self, name):
        self.run("openssl", "req", "-x509", *KEYS["p256"], "-keyout", self.path(name + ".key"), "-out",
                 self.path(name + ".pem"), "-days", "30", "-nodes", "-subj", "/CN=Test " + name, "-addext",
                 "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def leaf(self, name, kind, issuer="inter", san="DNS:localhost,IP:127.0.0.1", days="20", ext=None, sign=(), start=None):
        """NAME.pem: leaf alone; NAME.chain.pem: with its issuer; NAME.all.pem: with its key too."""
        lines = ext if ext is not None else [
            "subjectAltName=" + san, "basicConstraints=critical,CA:FALSE",
            "keyUsage=critical,digitalSignature" + (",keyEncipherment" if kind == "rsa" else ""),
            "extendedKeyUsage=serverAuth"]
        with open(self.path(name + ".ext"), "w") as f:
            f.write("\n".join(lines) + "\n")
        self.run("openssl", "req", *(kind if isinstance(kind, list) else KEYS[kind]), "-keyout",
                 self.path(name + ".key"), "-out", self.path(name + ".csr"), "-nodes", "-subj", "/CN=" + name)
        self.run("openssl", "x509", "-req", "-in", self.path(name + ".csr"), "-CA", self.path(issuer + ".pem"), "-CAkey",
                 self.path(issuer + ".key"), "-CAcreateserial", "-out", self.path(name + ".pem"), "-days", days, "-extfile",
                 self.path(name + ".ext"), *sign)
        with open(self.path(name + ".chain.pem"), "w") as out:
            out.write(open(self.path(name + ".pem")).read())
            if issuer != "root":
                out.write(open(self.path(issuer + ".pem")).read())
        with open(self.path(name + ".all.pem"), "w") as out:
            out.write(open(self.path(name + ".key")).read() + open(self.path(name + ".chain.pem")).read())
