"""Many objects from one long-lived `git cat-file`: starting git takes milliseconds, an answer microseconds."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import IO

from preship.bot.git.errors import GitError
from preship.bot.git.process import Repository, kill, start


class ObjectReader:
    """Reads blobs by id. Not for several threads at once; starts its process on first use."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None

    def sizes(self, ids: Sequence[str]) -> dict[str, int]:
        """The size in bytes of each blob that is there."""
        source = self._ask("info", ids)
        return {id_: size for id_ in ids if (size := _size(source.readline(), id_)) is not None}

    def contents(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The bytes of each blob that is there. Read it to its end before asking again."""
        source = self._ask("contents", ids)
        for id_ in ids:
            size = _size(source.readline(), id_)
            if size is not None:
                yield id_, _exactly(source, size)
                source.read(1)

    def close(self) -> None:
        """End the process; the next question starts another."""
        if self._process is not None:
            kill(self._process)
            self._process = None

    def __enter__(self) -> ObjectReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _ask(self, command: str, ids: Iterable[str]) -> IO[bytes]:
        """Send all questions before reading an answer: with `--buffer` git answers at `flush`, so no pipe can jam."""
        if self._process is None:
            self._process = start(
                ["--bare", f"--git-dir={self._repository.git_dir}", "cat-file", "--batch-command", "--buffer"]
            )
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise GitError("git cat-file has no pipes")
        try:
            process.stdin.write("".join(f"{command} {id_}\n" for id_ in ids).encode() + b"flush\n")
            process.stdin.flush()
        except OSError as error:
            raise GitError("git cat-file ended before its time") from error
        return process.stdout


def _size(header: bytes, id_: str) -> int | None:
    """The size that an answer's first line tells; None for a missing object and for what is no blob."""
    words = header.split()
    if not words:
        raise GitError("git cat-file ended before its time")
    if words[-1] == b"missing":
        return None
    if len(words) != 3 or words[1] != b"blob":
        raise GitError(f"object {id_} is no blob")
    return int(words[2])


def _exactly(source: IO[bytes], size: int) -> bytes:
    content = source.read(size)
    if len(content) != size:
        raise GitError("git cat-file ended before its time")
    return content
