#!/usr/bin/env python3
"""SSLKEYLOGFILE, proven by Wireshark: tshark decrypts a captured TLS 1.2 and TLS 1.3 session and shows the GET.

    keylog.py HTTPS_GET      (needs tshark and the right to capture on the loopback interface; exits 77 without)
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pki as pki_module
import servers


def capture(get, folder, pki, www, version):
    pcap, log = os.path.join(folder, "p" + version), os.path.join(folder, "k" + version)
    with servers.s_server(pki, "p256", www) as s:
        shark = subprocess.Popen(["tshark", "-i", "lo", "-f", "tcp port %d" % s.port, "-w", pcap], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        while "Capturing" not in (line := shark.stderr.readline()):
            if line == "":
                return None
        time.sleep(1)
        subprocess.run([get, "-s", "--cacert", pki.path("root.pem"), "--tls-max", version, "https://localhost:%d/page" % s.port],
                       env=dict(os.environ, SSLKEYLOGFILE=log), check=True, capture_output=True)
        time.sleep(2)
        shark.terminate()
        shark.communicate()
        r = subprocess.run(["tshark", "-r", pcap, "-d", "tcp.port==%d,tls" % s.port, "-o", "tls.keylog_file:" + log, "-Y",
                            "http.request", "-T", "fields", "-e", "http.request.uri"], capture_output=True, text=True)
    return r.stdout.strip()


def main():
    if shutil.which("tshark") is None:
        print("skipped: no tshark")
        return 77
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        pki = pki_module.Pki(os.path.join(folder, "pki"))
        www = os.path.join(folder, "www")
        os.makedirs(www)
        with open(os.path.join(www, "page"), "w") as f:
            f.write("hello")
        for version in ("1.3", "1.2"):
            uri = capture(os.path.abspath(sys.argv[1]), folder, pki, www, version)
            if uri is None:
                print("skipped: no right to capture on the loopback interface")
                return 77
            print("TLS %s: tshark saw %s" % (version, uri or "nothing"))
            failed += uri != "/page"
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
