#!/usr/bin/env python3
"""Answers of odd and of hostile servers: what https_get takes, what it refuses, and with which exit code.

    answers.py HTTPS_GET [--curl]      --curl: curl(1) gets the same answers, and where it exits otherwise is printed
"""

import subprocess
import sys

import support

NOTIFY, FIN, RESET = "close_notify", "FIN", "RST"  # how the server ends the connection
OK = b"HTTP/1.1 200 OK\r\n"
SIZED = OK + b"Content-Length: 5\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MANY = b"".join(b"X-%d: y\r\n" % i for i in range(499))

# name, what the server sends, how it ends, exit code, body, words on stderr
CASES = [
    # --- what is well ---
    ("Content-Length", SIZED + b"\r\nhello", NOTIFY, 0, b"hello", ""),
    ("no bytes", OK + b"Content-Length: 0\r\n\r\n", NOTIFY, 0, b"", ""),
    ("to the end", OK + b"\r\nhello", NOTIFY, 0, b"hello", ""),
    ("HTTP/1.0 to the end", b"HTTP/1.0 200 OK\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("a status without reason", b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("a status of its own", b"HTTP/1.1 599 Odd\r\nContent-Length: 5\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("bare LF", b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", NOTIFY, 0, b"hello", ""),
    ("names in any case", OK + b"cOnTeNt-LeNgTh:5\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("blanks around a value", OK + b"Content-Length: \t 5 \t\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("a value folded (obs-fold)", OK + b"Content-Length:\r\n \t5\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("a folded value that hides a length", OK + b"X: y\r\n Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello", NOTIFY, 0,
     b"hello", ""),
    ("one length twice", SIZED + b"Content-Length: 5\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("one length twice in a list", OK + b"Content-Length: 5, 5\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("more than it said", SIZED + b"\r\nhello and more", NOTIFY, 0, b"hello", ""),
    ("a length and no close_notify", SIZED + b"\r\nhello", FIN, 0, b"hello", ""),
    ("100 Continue first", b"HTTP/1.1 100 Continue\r\n\r\n" + SIZED + b"\r\nhello", NOTIFY, 0, b"hello", ""),
    ("103 Early Hints first", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 3\r\n\r\n" + SIZED + b"\r\nhello", NOTIFY,
     0, b"hello", ""),
    ("204 without a body", b"HTTP/1.1 204 No Content\r\n\r\n", NOTIFY, 0, b"", ""),
    ("204 with a length", b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", NOTIFY, 0, b"", ""),
    ("304 with a length", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", NOTIFY, 0, b"", ""),
    ("chunks", CHUNKED + b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", NOTIFY, 0, b"hello world", ""),
    ("chunks and no close_notify", CHUNKED + b"5\r\nhello\r\n0\r\n\r\n", FIN, 0, b"hello", ""),
    ("chunks with extensions", CHUNKED + b"5;a=b;c=\"d\"\r\nhello\r\n0;x\r\n\r\n", NOTIFY, 0, b"hello", ""),
    ("chunks with blanks after the size", CHUNKED + b"5 \t\r\nhello\r\n0\r\n\r\n", NOTIFY, 0, b"hello", ""),
    ("chunks with trailers", CHUNKED + b"5\r\nhello\r\n0\r\nX: y\r\nContent-Length: 1\r\n\r\n", NOTIFY, 0, b"hello", ""),
    ("chunk sizes in both cases, with zeros", CHUNKED + b"00000000000000000000a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", NOTIFY,
     0, b"01234567890123456789", ""),
    ("chunks and a length: chunks count", SIZED + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", NOTIFY, 0, b"abc", ""),
    ("identity", SIZED + b"Transfer-Encoding: identity\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("500 headers", OK + MANY + b"Content-Length: 5\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("a header of 30000 bytes", SIZED + b"X: " + b"y" * 30000 + b"\r\n\r\nhello", NOTIFY, 0, b"hello", ""),
    ("Location without -L", b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 5\r\n\r\nhello", NOTIFY, 0, b"hello",
     ""),
    # --- cut short ---
    ("nothing", b"", NOTIFY, 52, b"", "without an answer"),
    ("nothing, no close_notify", b"", FIN, 52, b"", "without an answer"),
    ("a body cut short", SIZED + b"\r\nhel", NOTIFY, 18, b"hel", "3 of 5 bytes"),
    ("a body cut short, no close_notify", SIZED + b"\r\nhel", FIN, 18, b"hel", "3 of 5 bytes"),
    ("a body cut short by a reset", SIZED + b"\r\nhel", RESET, 56, None, "reset"),
    ("a chunk cut short", CHUNKED + b"5\r\nhel", NOTIFY, 18, b"hel", "cut short"),
    ("no last chunk", CHUNKED + b"5\r\nhello\r\n", NOTIFY, 18, b"hello", "cut short"),
    ("no end of the trailers", CHUNKED + b"5\r\nhello\r\n0\r\n", NOTIFY, 18, b"hello", "cut short"),
    ("no close_notify after a body to the end", OK + b"\r\nhello", FIN, 56, b"hello", "without close_notify"),
    ("a head cut short", OK + b"Content-Len", NOTIFY, 18, b"", "cut short"),
    ("a status cut short", b"HTTP/1.", NOTIFY, 18, b"", "cut short"),
    # --- no HTTP/1.1 ---
    ("HTTP/0.9", b"<html>hello</html>\r\n", NOTIFY, 1, b"", "not HTTP/1.1"),
    ("HTTP/2", b"HTTP/2 200\r\n\r\n", NOTIFY, 1, b"", "HTTP/2"),
    ("SSH", b"SSH-2.0-OpenSSH_9.2\r\n", NOTIFY, 1, b"", "SSH-2.0"),
    ("101 Switching Protocols", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nhello", NOTIFY, 8, b"", "101"),
    ("a status of two digits", b"HTTP/1.1 20 OK\r\n\r\nhello", NOTIFY, 1, b"", "status"),
    ("a status of four digits", b"HTTP/1.1 2000 OK\r\n\r\nhello", NOTIFY, 1, b"", "status"),
    ("status 000", b"HTTP/1.1 000 OK\r\n\r\nhello", NOTIFY, 1, b"", "status"),
    # --- headers ---
    ("a header without a colon", OK + b"Oops\r\n\r\nhello", NOTIFY, 8, b"", "Oops"),
    ("a header without a name", OK + b": x\r\n\r\nhello", NOTIFY, 8, b"", "no header"),
    ("a blank before the colon", OK + b"Content-Length : 5\r\n\r\nhello", NOTIFY, 8, b"", "no header"),
    ("a blank before the first header", OK + b" Content-Length: 5\r\n\r\nhello", NOTIFY, 8, b"", "blanks"),
    ("a NUL in a header", OK + b"X: a\0b\r\n\r\nhello", NOTIFY, 8, b"", "NUL"),
    ("a CR in a header", OK + b"X: a\rContent-Length: 5\r\n\r\nhello", NOTIFY, 8, b"", "CR"),
    ("501 headers", OK + MANY + b"A: b\r\nContent-Length: 5\r\n\r\nhello", NOTIFY, 8, b"", "500 headers"),
    ("a header of 40000 bytes", OK + b"X: " + b"y" * 40000 + b"\r\n\r\nhello", NOTIFY, 8, b"", "32767"),
    ("a folded header of 40000 bytes", OK + b"X: y\r\n" + (b" " + b"y" * 4000 + b"\r\n") * 10 + b"\r\nhello", NOTIFY, 8, b"", "32767"),
    ("headers of 200000 bytes", OK + (b"X: " + b"y" * 20000 + b"\r\n") * 10 + b"\r\nhello", NOTIFY, 8, b"", "131072"),
    ("answers 1xx without end", b"HTTP/1.1 100 Continue\r\n\r\n" * 40 + SIZED + b"\r\nhello", NOTIFY, 8, b"", "1xx"),
    # --- lengths ---
    ("two lengths", SIZED + b"Content-Length: 6\r\n\r\nhello", NOTIFY, 8, b"", "Content-Length: 5 and Content-Length: 6"),
    ("two lengths in a list", OK + b"Content-Length: 5, 6\r\n\r\nhello", NOTIFY, 8, b"", "no length"),
    ("a negative length", OK + b"Content-Length: -5\r\n\r\nhello", NOTIFY, 8, b"", "-5"),
    ("a length with a sign", OK + b"Content-Length: +5\r\n\r\nhello", NOTIFY, 8, b"", "+5"),
    ("a length in hexadecimal", OK + b"Content-Length: 0x5\r\n\r\nhello", NOTIFY, 8, b"", "0x5"),
    ("a length with letters after it", OK + b"Content-Length: 5 bytes\r\n\r\nhello", NOTIFY, 8, b"", "5 bytes"),
    ("an empty length", OK + b"Content-Length:\r\n\r\nhello", NOTIFY, 8, b"", "no length"),
    ("a length of 2^64", OK + b"Content-Length: 18446744073709551616\r\n\r\nhello", NOTIFY, 8, b"", "18446744073709551616"),
    ("a length of 2^63", OK + b"Content-Length: 9223372036854775808\r\n\r\nhello", NOTIFY, 8, b"", "9223372036854775808"),
    ("a length of 1 EB, cut short", OK + b"Content-Length: 1000000000000000000\r\n\r\nhello", NOTIFY, 18, b"hello", "5 of 1000000000000000000"),
    # --- chunks ---
    ("gzip, chunked", OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", NOTIFY, 61, b"", "gzip"),
    ("gzip", OK + b"Transfer-Encoding: gzip\r\n\r\nhello", NOTIFY, 61, b"", "gzip"),
    ("chunked, chunked", OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", NOTIFY, 61, b"", "chunked"),
    ("xchunked", OK + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", NOTIFY, 61, b"", "xchunked"),
    ("no chunk size", CHUNKED + b"\r\nhello\r\n0\r\n\r\n", NOTIFY, 56, b"", "chunk"),
    ("a negative chunk size", CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n", NOTIFY, 56, b"", "chunk"),
    ("a chunk size with 0x", CHUNKED + b"0x5\r\nhello\r\n0\r\n\r\n", NOTIFY, 56, b"", "0x5"),
    ("a blank before a chunk size", CHUNKED + b" 5\r\nhello\r\n0\r\n\r\n", NOTIFY, 56, b"", "chunk"),
    ("letters after a chunk size", CHUNKED + b"5 x\r\nhello\r\n0\r\n\r\n", NOTIFY, 56, b"", "chunk"),
    ("a chunk size of 2^63", CHUNKED + b"8000000000000000\r\nhello\r\n0\r\n\r\n", NOTIFY, 56, b"", "chunk"),
    ("a chunk size of 2^64 + 5", CHUNKED + b"10000000000000005\r\nhello\r\n0\r\n\r\n", NOTIFY, 56, b"", "chunk"),
    ("a chunk longer than its size", CHUNKED + b"3\r\nhello\r\n0\r\n\r\n", NOTIFY, 56, b"hel", "longer than its size"),
    ("a chunk shorter than its size", CHUNKED + b"7\r\nhello\r\n0\r\n\r\n", NOTIFY, 56, None, "chunk"),
    ("a chunk size that does not end", CHUNKED + b"5" + b";x" * 40000, NOTIFY, 56, b"", "32767"),
    ("trailers without end", CHUNKED + b"5\r\nhello\r\n0\r\n" + b"A: b\r\n" * 600 + b"\r\n", NOTIFY, 56, b"hello", "trailers"),
]

# For HEAD: no body whatever is said.
HEAD_CASES = [
    ("HEAD with a length", SIZED + b"\r\n", 0, SIZED + b"\r\n"),
    ("HEAD with chunks", CHUNKED, 0, CHUNKED),
    ("HEAD without anything", OK + b"\r\n", 0, OK + b"\r\n"),
]


def sender(script):
    """A handler that sends script["data"], in pieces of script["piece"], and ends as script["end"] says."""

    def handle(connection, _):
        if not support.read_request(connection):
            return
        data, piece = script["data"], script["piece"]
        for i in range(0, len(data), piece):
            connection.sendall(data[i:i + piece])
        if script["end"] == NOTIFY:
            support.close_notify(connection)
        elif script["end"] == RESET:
            support.reset(connection)

    return handle


def odd_answers(t):
    script = {"data": b"", "end": FIN, "piece": 1 << 20}
    with support.Scripted(t.pki, sender(script)) as s:
        for name, data, end, code, body, words in CASES:
            for piece in (1 << 20, 1):
                if piece == 1 and len(data) > 500:
                    continue
                script.update(data=data, end=end, piece=piece)
                t.expect(name + (", byte by byte" if piece == 1 else ""), t.run(s.url()), code, [words] if words else [], body)
        for name, data, code, body in HEAD_CASES:
            script.update(data=data, end=NOTIFY, piece=1 << 20)
            t.expect(name, t.run("-I", s.url()), code, [], body)
        script.update(data=OK + b"X: \x1b[31mred\x07\xff\r\nContent-Length: 0\r\n\r\n", end=NOTIFY)
        r = t.run("-v", s.url())
        t.expect("control characters do not reach the terminal", r, 0, ["< X: \\x1b[31mred\\x07\\xff"], b"", ["\x1b"])


def curl(t):
    script = {"data": b"", "end": FIN, "piece": 1 << 20}
    with support.Scripted(t.pki, sender(script)) as s:
        for name, data, end, code, _, _ in CASES:
            script.update(data=data, end=end)
            r = subprocess.run(["curl", "-sS", "--http1.1", "-m", "10", *t.ca, s.url()], capture_output=True)
            if r.returncode != code:
                print("%-45s https_get %2d, curl %2d %s" % (name, code, r.returncode, r.stderr.decode(errors="replace").strip()))


if __name__ == "__main__":
    sys.exit(support.main(*([curl] if "--curl" in sys.argv else [odd_answers])))
