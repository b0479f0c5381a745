"""A person's terminal: a pseudo-terminal of a given width, and what stands on it in the end."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from functools import partial
from pathlib import Path

PRESHIP = Path(sys.executable).parent / "preship"


def on_terminal(
    *arguments: object,
    cwd: Path,
    columns: int = 80,
    typed: str = "",
    react: Callable[[subprocess.Popen[bytes], str], None] = lambda process, seen: None,
) -> tuple[int, str]:
    """Exit code, and everything that a command wrote; `react` is called with all of it whenever there is more."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    variables = {**os.environ, "TERM": "xterm-256color"}
    variables.pop("NO_COLOR", None)
    variables.pop("COLUMNS", None)
    process = subprocess.Popen(
        [PRESHIP, *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=cwd,
        env=variables,
        # As at a terminal, and not as behind a shell that started the tests in the background.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    seen = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
        react(process, seen.decode(errors="replace"))
    os.close(ours)
    return process.wait(), seen.decode(errors="replace").replace("\r\n", "\n")
