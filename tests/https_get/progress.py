#!/usr/bin/env python3
"""How https_get shows that a download goes on: a bar on a terminal, lines with -#, nothing with -s.

    progress.py HTTPS_GET [--show]      --show: what a terminal of 80 columns showed, redraw by redraw
"""

import os
import re
import sys
import time

import support
from terminal import watch

PIECES, PIECE = 40, 50000


def slow(connection, _):
    """/sized, /chunked, /open: 2 MB in 2 s; /still: half of it, a second of nothing, the rest; /small: at once; /none."""
    while True:
        request = support.read_request(connection)
        if not request:
            return
        path = request.split()[1].decode()
        if path in ("/small", "/none"):
            connection.sendall(support.answer(b"hello" if path == "/small" else b""))
            continue
        kind = {"/chunked": b"Transfer-Encoding: chunked\r\n", "/open": b""}.get(path, b"Content-Length: %d\r\n" % (PIECES * PIECE))
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + kind + b"\r\n")
        for i in range(PIECES):
            data = b"x" * PIECE
            connection.sendall(b"%x\r\n%s\r\n" % (PIECE, data) if path == "/chunked" else data)
            time.sleep(1.2 if path == "/still" and i == PIECES // 2 - 1 else 0 if path == "/still" else 0.05)
        if path == "/chunked":
            connection.sendall(b"0\r\n\r\n")
        if path == "/open":
            support.close_notify(connection)
            return


class Terminal:
    """Runs https_get with a terminal as stderr; redraws: (time, text) of each part that begins with CR; lines: what stays."""

    def __init__(self, t, columns, *args, stdout_too=False):
        streams = ("stdout", "stderr") if stdout_too else ("stderr",)
        self.code, parts = watch([t.get, *t.ca, *args], streams, columns, cwd=t.folder)
        self.parts, self.redraws = [(when, part.decode()) for when, part in parts], []
        for when, text in self.parts:
            self.redraws += [(when, part) for part in text.replace("\r\n", "\n").split("\r") if part]
        self.lines = [line.split("\r")[-1] for line in "".join(p for _, p in self.parts).replace("\r\n", "\n").split("\n")[:-1]]

    def widest(self):
        return max((len(part.rstrip("\n")) for _, part in self.redraws), default=0)

    def a_second(self):
        """Redraws, over the whole time: when each arrives here says little on a busy machine."""
        times = [when for when, _ in self.redraws]
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0


def bars(t):
    with support.Scripted(t.pki, slow) as s:
        out = ["-o", t.path("body")]
        term = Terminal(t, 80, *out, s.url("/sized"))
        t.check("bar: exit 0", term.code == 0, term.code)
        t.check("bar: no line of more than 79 columns", 60 <= term.widest() <= 79, term.widest())
        t.check("bar: at most 11 redraws a second", 5 < term.a_second() <= 11, term.a_second())
        t.check("bar: one line that stays, with 100%", len(term.lines) == 1 and "100%" in term.lines[0] and "2.0 MB" in term.lines[0],
                term.lines)
        t.check("bar: whole at the end", "#" in term.lines[0] and "-" not in term.lines[0], term.lines)
        t.check("bar: grows", [p.count("#") for _, p in term.redraws] == sorted(p.count("#") for _, p in term.redraws), term.redraws)
        t.check("bar: rate and time left", any("kB/s" in p and "left" in p for _, p in term.redraws), term.redraws)
        t.check("bar: named", all(p.startswith("sized ") for _, p in term.redraws), term.redraws)
        t.check("bar: the body is whole", os.path.getsize(t.path("body")) == PIECES * PIECE, os.path.getsize(t.path("body")))
        if "--show" in sys.argv:
            print("\n".join("|" + p.rstrip("\n").ljust(79) + "|" for _, p in term.redraws))
        for path in ("/chunked", "/open"):
            term = Terminal(t, 80, *out, s.url(path))
            t.check(path + ": bytes, rate, time, no percentage", term.code == 0 and len(term.lines) == 1 and "2.0 MB" in term.lines[0]
                    and "/s" in term.lines[0] and re.search(r" 0:0[2-9] ", term.lines[0]) and "%" not in term.lines[0], term.lines)
            t.check(path + ": no line of more than 79 columns", term.widest() <= 79, term.widest())
        term = Terminal(t, 80, *out, s.url("/still"))
        still = [p for _, p in term.redraws if "1.0 MB" in p]
        t.check("the bar is redrawn while nothing comes", len(still) >= 8, term.redraws)
        for path, size in (("/small", "5 B"), ("/none", "0 B")):
            term = Terminal(t, 80, *out, s.url(path))
            t.check(path + ": one line with 100%", len(term.redraws) == 1 and "100%" in term.lines[0] and size in term.lines[0],
                    term.redraws)
        for columns in (200, 120, 60, 40, 30, 20, 10, 5, 2):
            term = Terminal(t, columns, *out, s.url("/small"))
            t.check("%d columns: no broken line" % columns, term.code == 0 and term.widest() <= columns - 1, term.redraws)
            t.check("%d columns: 100%%" % columns, columns < 6 or "100%" in term.lines[0], term.lines)


def several(t):
    with support.Scripted(t.pki, slow) as s:
        args = []
        for i, path in enumerate(("/sized", "/small", "/chunked")):
            args += ["-o", t.path("body%d" % i), s.url(path)]
        term = Terminal(t, 80, *args)
        t.check("several URLs: a line each", [line.split()[0] for line in term.lines] == ["sized", "small", "chunked"], term.lines)
        t.check("several URLs: one connection", s.count == 1, s.count)


def no_bar(t):
    with support.Scripted(t.pki, slow) as s:
        out = ["-o", t.path("body")]
        for name, args in (("-s", ["-s"]), ("-s -#", ["-s", "-#"]), ("-I", ["-I"])):
            t.check(name + ": nothing", Terminal(t, 80, *out, *args, s.url("/small")).parts == [])
        term = Terminal(t, 80, s.url("/small"), stdout_too=True)
        t.check("body and bar do not mix", "".join(p for _, p in term.parts) == "hello", term.parts)
        term = Terminal(t, 80, *out, s.url("/small") + "%")
        t.check("no terminal: nothing", t.run(*out, s.url("/small")).stderr == "")


def lines(t):
    with support.Scripted(t.pki, slow) as s:
        r = t.run("-#", "-o", t.path("body"), s.url("/sized"))
        got = r.stderr.splitlines()
        t.check("-#: ten lines", [line.split(",")[0] for line in got] == ["sized: %d%%" % p for p in range(10, 101, 10)], got)
        t.check("-#: sizes and rate", all("of 2.0 MB" in line and "B/s" in line for line in got), got)
        r = t.run("-#", "-o", t.path("body"), s.url("/chunked"))
        t.check("-# without a length: one line", r.stderr.startswith("chunked: 2.0 MB, ") and r.stderr.count("\n") == 1, r.stderr)
        r = t.run("-#", "-o", t.path("a"), s.url("/small"), "-o", t.path("b"), s.url("/none"))
        t.check("-#: a line each", [line.split(",")[0] for line in r.stderr.splitlines()] == ["small: 100%", "none: 100%"], r.stderr)


def failure(t):
    """A bar that does not come to its end leaves its line, and the sentence stands below."""

    def cut(connection, _):
        support.read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500)
        time.sleep(0.3)
        support.close_notify(connection)

    with support.Scripted(t.pki, cut) as s:
        term = Terminal(t, 80, "-o", t.path("body"), s.url("/cut"))
        t.check("cut short: exit 18", term.code == 18, term.code)
        t.check("cut short: 50%, then why", len(term.lines) == 2 and "50%" in term.lines[0] and
                term.lines[1].startswith("https_get: ") and "500 of 1000" in term.lines[1], term.lines)


if __name__ == "__main__":
    sys.exit(support.main(bars, several, no_bar, lines, failure))
