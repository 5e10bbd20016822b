#!/usr/bin/env python3
"""What --explain=json tells of a connection, against what tshark sees of it on the wire: order and sizes.

    wire.py HTTPS_GET      (needs tshark and the right to capture on the loopback interface; exits 77 without,
                           and says so)
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
FAILURES = ["wrong name", "no common cipher suite", "client certificate wanted"]  # alerts: sent, received, received late


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
    return streams[max(n for n in streams if streams[n]["sent"])]  # others see whether the server is up, before and after


def capture(pcap):
    """tshark as it writes what passes on the loopback interface; None: it may not."""
    shark = subprocess.Popen(["tshark", "-q", "-i", "lo", "-f", "tcp", "-w", pcap], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    for _ in range(200):
        if shark.poll() is not None:
            return None
        if os.path.exists(pcap) and os.path.getsize(pcap) > 0:
            return shark
        time.sleep(0.1)
    shark.kill()
    shark.wait()
    return None


def connect(world, s, keys):
    """The port of one connection, and what --explain=json tells of it."""
    env, session = dict(os.environ, SSLKEYLOGFILE=keys), s.session(world)
    with s.server() as server:
        if session:
            subprocess.run(s.command(world, server.port, "-s", session), capture_output=True, env=env)
        with scenarios.talking(server):
            r = subprocess.run(s.command(world, server.port, "--explain=json", session), capture_output=True, text=True, env=env)
        return server.port, json.loads(r.stderr)


def skipped(why):
    print("skipped: --explain against what tshark sees: " + why)
    return 77


def main():
    if shutil.which("tshark") is None:
        return skipped("there is no tshark")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        pcap, keys = os.path.join(folder, "pcap"), os.path.join(folder, "keys")
        world = scenarios.World(folder, sys.argv[1])
        shark = capture(pcap)
        if shark is None:
            return skipped("it may not capture here")
        kinds = scenarios.connections(world) + [s for s in scenarios.failures(world) if s.name in FAILURES]
        runs = [(s.name, *connect(world, s, keys)) for s in kinds]
        time.sleep(2)  # until the last packets are in the file
        shark.terminate()
        shark.wait()
        for name, port, doc in runs:
            wire = seen(pcap, keys, port)
            for direction in ("sent", "received"):
                ours, theirs = told(doc, direction), wire[direction]
                if direction == "received":
                    theirs = theirs[:len(ours)]  # what comes after a refusal, or our close, is not read any more
                if ours != theirs or not ours:
                    failed += 1
                    print("FAILED  %s, %s: told %s, on the wire %s" % (name, direction, ours, theirs))
    print("%d connections compared with the wire, %d of them failures: %d directions differ" % (len(runs), len(FAILURES), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
