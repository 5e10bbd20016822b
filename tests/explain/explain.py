#!/usr/bin/env python3
"""https_get --explain and --explain=json, against real servers: order, fields, reasons, frames of 80 columns.

    explain.py HTTPS_GET [--show]      (--show: print the pictures)
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

import scenarios
import schema as schema_module
from terminal import on_terminal

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = ["version", "cipher_suite", "group", "signature_scheme", "alpn", "resumed", "early_data", "ocsp", "peer_certificates",
       "times_ms", "messages", "error"]


def in_order(wanted, messages):
    """wanted, one after the other; others may stand between."""
    rest = iter(messages)
    return all(w in rest for w in wanted)


def columns(line):
    """How many a terminal shows."""
    return sum(0 if unicodedata.combining(c) or unicodedata.category(c) in ("Cf", "Cc") else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def framed(line):
    """A line between the lines of life, an edge of the box, the heading, or none."""
    return line == "" or (columns(line) == 77 and re.match(r"   [|+].*[|+]$", line) is not None) or \
        (columns(line) == 80 and re.match(r"\[Client\] +\[Server\]$", line) is not None)


class Test:
    def __init__(self, get, show):
        self.failed, self.passed, self.get, self.show = 0, 0, get, show
        with open(os.path.join(HERE, "..", "..", "examples", "https_get", "explain.schema.json")) as f:
            self.schema = json.load(f)

    def check(self, name, ok, detail=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED  %s: %s" % (name, detail))

    def json(self, s, text):
        name = s.name + ", JSON"
        try:
            doc = json.loads(text)
        except ValueError as e:
            self.check(name, False, (e, text[-300:]))
            return
        self.check(name + ": schema", schema_module.check(doc, self.schema) == [], schema_module.check(doc, self.schema)[:3])
        self.check(name + ": fields of the top", all(k in doc for k in TOP), doc.keys())
        self.check(name + ": messages", in_order(s.messages, [m["type"] for m in doc["messages"]]), [m["type"] for m in doc["messages"]])
        self.check(name + ": error", (s.error or "") in (doc["error"] or "") and (doc["error"] is None) == (s.error is None), doc["error"])
        for key, value in s.fields.items():
            self.check("%s: %s" % (name, key), doc[key] == value, doc[key])
        self.check(name + ": whom", (doc["server_name"], doc["address"]) == ("localhost", "127.0.0.1") and
                   doc["port"].isdigit(), (doc["server_name"], doc["address"], doc["port"]))
        times = [m["time_ms"] for m in doc["connecting"] + doc["messages"]]
        self.check(name + ": times", times == sorted(times) and times[-1] <= doc["times_ms"]["total"], times)
        if s.error is None:
            self.check(name + ": peer", doc["resumed"] or (len(doc["peer_certificates"]) > 0 and doc["server_name"] == "localhost"))
            self.check(name + ": steps", doc["times_ms"]["handshake"] > 0 and doc["times_ms"]["tcp"] > 0, doc["times_ms"])
            self.check(name + ": last is close_notify", doc["messages"][-1]["fields"].get("description") == "close_notify",
                       doc["messages"][-1])

    def text(self, s, text):
        name = s.name + ", text"
        lines = [x for x in text.split("\n") if not x.startswith("https_get: ")]
        if self.show:
            print("\n==== %s\n%s" % (s.name, text))
        self.check(name + ": frame", all(framed(x) for x in lines), [x for x in lines if not framed(x)][:3])
        arrows = [m.group(1).strip() for x in lines for m in [re.match(r"   \|(?:--|<-) [({\[]?(\w[\w ]*(?:-ACK)?)", x)] if m]
        self.check(name + ": arrows", in_order([m for m in s.messages], arrows), arrows)
        flat = re.sub(r"\s+", " ", re.sub(r"\|\n +\|", " ", text))
        for words in s.says:
            self.check("%s: says %s" % (name, words), words in flat, flat[-1500:])
        if s.error is None:
            self.check(name + ": TCP", in_order(["TCP SYN to 127", "TCP SYN-ACK", "TCP ACK"], arrows), arrows[:5])
            self.check(name + ": panel", "-- Security -" in text and "key exchange" in text and "No connection" not in text)
        else:
            self.check(name + ": reason", re.search("-- (No connection|Then it failed) -", text) is not None and s.error in flat, flat[-600:])
            self.check(name + ": reason once", "https_get: " not in text, text[-600:])

    def terminal(self, s, argv):
        name = s.name + ", terminal"
        colour = on_terminal(argv, dict(os.environ, NO_COLOR=""))
        plain = re.sub(r"\033\[[0-9;]*m", "", colour)
        lines = [x for x in plain.split("\n") if not x.startswith("https_get: ")]
        self.check(name + ": colour", "\033[" in colour)
        self.check(name + ": frame", "\033" not in plain and all(framed(x) for x in lines), [x for x in lines if not framed(x)][:3])
        self.check(name + ": every colour ends on its line",
                   all(re.search(r"\033\[[1-9]", x) is None or re.search(r".*\033\[(.*?)m", x).group(1) == "0"
                       for x in colour.split("\n")))

    def one(self, world, s):
        session = s.session(world)
        with s.server() as server:
            if session:
                subprocess.run(s.command(world, server.port, "-s", session), capture_output=True)
            for explain in ("--explain=json", "--explain"):
                argv = s.command(world, server.port, explain, session)
                with scenarios.talking(server):
                    r = subprocess.run(argv, capture_output=True, text=True)
                self.check(s.name + ": exit", (r.returncode == 0) == (s.error is None), (r.returncode, r.stderr[-300:]))
                (self.json if explain == "--explain=json" else self.text)(s, r.stderr)
            if not hasattr(server, "say"):
                self.terminal(s, argv)

    def options(self, world):
        """NO_COLOR; documents without a connection; nothing but the document on stderr."""
        with world.s_server("p256") as server:
            url = "https://localhost:%d/page" % server.port
            argv = [self.get, "--explain", "--cacert", world.pki.path("root.pem"), url]
            self.check("NO_COLOR", "\033" not in on_terminal(argv, dict(os.environ, NO_COLOR="1")))
            for more, words in (["ftp://x/"], "only https"), (["https://localhost:1/", "-v", "-#"], "refused"), \
                    (["-v", "-#", "--fail", url + "none"], None), (["--cacert", "/none", url], "/none"):
                argv = [self.get, "--explain=json", "-o", os.devnull, *more]
                r = subprocess.run(argv, capture_output=True, text=True)
                try:
                    doc = json.loads(r.stderr)
                    self.check("alone on stderr: %s" % more, schema_module.check(doc, self.schema) == [] and
                               doc["error"] is not None and (words or "") in doc["error"], doc["error"])
                except ValueError as e:
                    self.check("alone on stderr: %s" % more, False, (e, r.stderr))


def main():
    test = Test(os.path.abspath(sys.argv[1]), "--show" in sys.argv)
    with tempfile.TemporaryDirectory() as folder:
        world = scenarios.World(folder, sys.argv[1])
        good, bad = scenarios.connections(world), scenarios.failures(world)
        for s in good + bad:
            try:
                test.one(world, s)
            except scenarios.servers.NotInstalled as e:
                print("skipped: %s: %s is not installed" % (s.name, e))
        test.options(world)
    print("%d kinds of connection, %d kinds of failure: %d checks passed, %d failed" %
          (len(good), len(bad), test.passed, test.failed))
    return 1 if test.failed else 0


if __name__ == "__main__":
    sys.exit(main())
