"""Child processes of the template, which is started when the first is wanted, and again where it has died."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO

import psutil

from preship.bot.child import FORK, NUMBER, RUNS

# What Python, git and the network need. No setting of ours passes: they hold secrets.
_PASSED_ON = (
    "PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONPYCACHEPREFIX", "VIRTUAL_ENV", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP",
)  # fmt: skip

_GLANCE_SECONDS = 0.002
_LONGEST_GLANCE_SECONDS = 0.1


class Template:
    """The process that children are forked from. Several threads may ask at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair()
        self._control = ours
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "preship.bot.template"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                start_new_session=True,
            )

    def fork(self, streams: list[int]) -> int:
        """The number of a new child with these standard streams. Raises `OSError` where the template has died."""
        return self._asked(FORK, streams)

    def status(self, pid: int) -> int:
        """How a child ended, or `RUNS`. Raises `OSError` where the template has died."""
        return self._asked(pid, [])

    def close(self) -> None:
        """End it, and leave its children to whoever talks with them."""
        self._control.close()
        self._process.kill()
        self._process.wait()

    def _asked(self, number: int, streams: list[int]) -> int:
        with self._lock:
            if streams:
                socket.send_fds(self._control, [NUMBER.pack(number)], streams)
            else:
                self._control.sendall(NUMBER.pack(number))
            said = self._control.recv(NUMBER.size, socket.MSG_WAITALL)
        if len(said) < NUMBER.size:
            raise ConnectionResetError("the process that children are forked from has died")
        return int(NUMBER.unpack(said)[0])


@dataclass(slots=True)
class Child:
    """A process that answers one request."""

    template: Template
    process: psutil.Process
    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]
    status: int = RUNS
    """How it ended, negative for a signal."""

    def wait(self) -> int:
        """Its status, once it has ended."""
        glance = _GLANCE_SECONDS
        while self.status == RUNS and self._asked() == RUNS:
            time.sleep(glance)
            glance = min(2 * glance, _LONGEST_GLANCE_SECONDS)
        return self.status

    def kill(self) -> None:
        """End it with everything that it started: its git processes have groups of their own."""
        with suppress(psutil.NoSuchProcess):
            family = self.process.children(recursive=True)
            self.process.kill()
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        self.wait()
        for pipe in (self.stdin, self.stdout, self.stderr):
            with suppress(OSError):
                pipe.close()

    def _asked(self) -> int:
        try:
            self.status = self.template.status(self.process.pid)
        except OSError:
            # Whoever knew how it ended has died. Where it runs as the first process, nobody else buries it either.
            self.status = RUNS if self._is_alive() else 1
        return self.status

    def _is_alive(self) -> bool:
        try:
            return self.process.is_running() and self.process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


@contextmanager
def forked() -> Iterator[Child]:
    """A child, until the block ends."""
    child = _forked()
    try:
        yield child
    finally:
        child.kill()


def _forked() -> Child:
    (stdin, to_it), (from_it, stdout), (complaints, stderr) = os.pipe(), os.pipe(), os.pipe()
    ours = os.fdopen(to_it, "wb"), os.fdopen(from_it, "rb"), os.fdopen(complaints, "rb")
    streams = [stdin, stdout, stderr]
    try:
        template, pid = _fork(streams)
        return Child(template, psutil.Process(pid), *ours)
    except BaseException:
        for pipe in ours:
            pipe.close()
        raise
    finally:
        for stream in streams:
            os.close(stream)


_LOCK = threading.Lock()
_kept: list[Template] = []
"""The template of this process, if one was started."""


def _fork(streams: list[int]) -> tuple[Template, int]:
    with _LOCK:
        if _kept:
            try:
                return _kept[0], _kept[0].fork(streams)
            except OSError:
                _kept.pop().close()
        _kept.append(Template())
        return _kept[0], _kept[0].fork(streams)
