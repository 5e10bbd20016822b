"""Programs on a terminal of their own."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
import time


def watch(argv, streams=("stderr",), columns=80, **options):
    """(exit status, [(when, bytes)]) of what a program writes to a terminal on these streams; others go nowhere."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    output = {s: side if s in streams else subprocess.DEVNULL for s in ("stdout", "stderr")}
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, **output, **options)
    os.close(side)
    parts = []
    while True:
        try:
            got = os.read(main, 65536)
        except OSError:
            break
        if not got:
            break
        parts.append((time.monotonic(), got))
    os.close(main)
    return process.wait(), parts


def on_terminal(argv, env, stream="stderr"):
    """All the text of that stream."""
    return b"".join(part for _, part in watch(argv, (stream,), env=env)[1]).decode().replace("\r\n", "\n")
