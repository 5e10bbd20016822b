#!/usr/bin/env python3
"""What --explain=json tells of a connection, against what tshark sees of it on the wire: order and sizes.

    wire.py HTTPS_GET      (needs tshark and the right to capture on the loopback interface; exits 77 without)
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

import scenarios

KINDS = {"ChangeCipherSpec": "change_cipher_spec", "Alert": "alert", "application data": "data"}


def told(doc, direction):
    """(kind, bytes): handshake messages with their header, application data with that of its record."""
    return [(KINDS.get(m["type"], "handshake"), m["record_length"] if m["type"] == "application data" else m["length"])
            for m in doc["messages"] if m["direction"] == direction]


def seen(pcap, keys, port):
    """The same from tshark, by direction."""
    xml = subprocess.run(["tshark", "-r", pcap, "-d", "tcp.port==%d,tls" % port, "-o", "tls.keylog_file:" + keys, "-Y",
                          "tls && tcp.port==%d" % port, "-T", "pdml"], capture_output=True).stdout
    streams = {}
    for packet in ElementTree.fromstring(xml):
        stream = [int(f.get("show")) for f in packet.iter("field") if f.get("name") == "tcp.stream"][0]
        out = streams.setdefault(stream, {"sent": [], "received": []})
        to = [f.get("show") for f in packet.iter("field") if f.get("name") == "tcp.dstport"][0]
        into = out["sent" if to == str(port) else "received"]
        for f in (f for p in packet if p.get("name") == "tls" for f in p.iter("field")):
            if f.get("name") == "tls.handshake.length":
                into.append(("handshake", int(f.get("show")) + 4))
            elif f.get("name") == "tls.change_cipher_spec":
                into.append(("change_cipher_spec", 1))
            elif f.get("name") == "tls.alert_message":
                into.append(("alert", 2))
            elif f.get("name") == "tls.app_data":
                into.append(("data", len(f.get("value", "")) // 2 + 5))
    return streams[max(streams)]  # those before were to see whether the server is up


def main():
    if shutil.which("tshark") is None:
        print("skipped: no tshark")
        return 77
    runs, failed = [], 0
    with tempfile.TemporaryDirectory() as folder:
        pcap, keys = os.path.join(folder, "pcap"), os.path.join(folder, "keys")
        world = scenarios.World(folder, sys.argv[1])
        shark = subprocess.Popen(["tshark", "-q", "-i", "lo", "-f", "tcp", "-w", pcap], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        time.sleep(4)
        if shark.poll() is not None:
            print("skipped: tshark may not capture here")
            return 77
        for s in scenarios.connections(world):
            if s.fields.get("resumed") or "key update" in s.name:
                continue
            with s.server() as server:
                r = subprocess.run(s.command(world, server.port, "--explain=json"), capture_output=True, text=True,
                                   env=dict(os.environ, SSLKEYLOGFILE=keys))
                runs.append((s.name, server.port, json.loads(r.stderr)))
        time.sleep(2)
        shark.terminate()
        shark.wait()
        for name, port, doc in runs:
            wire = seen(pcap, keys, port)
            for direction in ("sent", "received"):
                ours = told(doc, direction)
                if ours != wire[direction] or not ours:
                    failed += 1
                    print("FAILED  %s, %s: told %s, on the wire %s" % (name, direction, ours, wire[direction]))
    print("%d connections compared with the wire, %d directions differ" % (len(runs), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
