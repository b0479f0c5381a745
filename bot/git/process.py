"""How git is run: with arguments only, without configuration or hooks of others, and with an end in time.

Code under review is hostile and so may be the names in it; a repository on a laptop may be somebody else's. So every
setting that would make git start a program is switched off here, and no `GIT_*` variable of the caller passes.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.git.errors import GitError, GitMissing, NotARepository, TimedOut, UnknownCommit

READ_TIMEOUT_SECONDS = 120
"""For what only reads the disk: a diff of a monorepo takes seconds, so this ends what never would."""

_PASSED_ON = (
    "PATH",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "all_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "CURL_CA_BUNDLE",
)

_SETTINGS = {
    "core.quotepath": "false",
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "credential.helper": "",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    # A checkout that another user owns (a volume in a container) may be read: nothing of its configuration can run.
    "safe.directory": "*",
}


def environment(settings: Mapping[str, str] | None = None, protocols: str = "") -> dict[str, str]:
    """The whole environment of a git process; `settings` are added, `protocols` is a list like `https:http`."""
    every = _SETTINGS | dict(settings or {})
    variables = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    variables |= {
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": protocols,
        "GIT_CONFIG_COUNT": str(len(every)),
    }
    for number, (key, value) in enumerate(every.items()):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables


@dataclass(frozen=True, slots=True)
class Ended:
    """How a git process ended."""

    status: int
    output: bytes
    errors: str


def run(
    arguments: Sequence[str],
    *,
    stdin: bytes = b"",
    variables: Mapping[str, str] | None = None,
    timeout_seconds: float = READ_TIMEOUT_SECONDS,
    held: tuple[int, ...] = (),
) -> Ended:
    """Run `git` and wait for it; its children die with it when the time is over.

    `held` are file descriptors that stay open in it: a lock outlives us as long as a git that we started does.
    """
    process = start(arguments, variables=variables, stderr=subprocess.PIPE, held=held)
    try:
        output, errors = process.communicate(stdin, timeout=timeout_seconds)
    except subprocess.TimeoutExpired:
        raise TimedOut(f"git {_subject(arguments)} took longer than {timeout_seconds:g} seconds") from None
    finally:
        if process.returncode is None:
            kill(process)
    return Ended(process.returncode, output, errors.decode(errors="replace").strip())


def start(
    arguments: Sequence[str],
    *,
    variables: Mapping[str, str] | None = None,
    stderr: int = subprocess.DEVNULL,
    held: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    """Start `git` in a process group of its own."""
    try:
        return subprocess.Popen(  # noqa: S603 - a list of arguments, never a shell
            ["git", *arguments],  # noqa: S607 - the user's own PATH decides which git
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=dict(variables) if variables is not None else environment(),
            start_new_session=True,
            pass_fds=held,
        )
    except FileNotFoundError:
        raise GitMissing("there is no git on this machine's PATH") from None


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a git process and what it started, and reap it."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (AttributeError, ProcessLookupError, PermissionError):
        process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe:
            pipe.close()
    process.wait()


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on this disk: normal, bare, or a partial clone."""

    git_dir: Path
    """The absolute directory of its objects and refs."""

    objects: Path
    """The directory of its objects; with several work trees it is not below `git_dir`."""

    work_tree: Path | None
    """The top of the checkout, if there is one."""

    @staticmethod
    def at(path: Path | str) -> Repository:
        """The repository at `path`, or the one that `path` lies in. Raises `NotARepository`."""
        if not os.path.isdir(path):
            raise NotARepository(f"{path} is no directory")
        git_dir = _directory(path, "--absolute-git-dir")
        if git_dir is None:
            raise NotARepository(f"{path} is not in a git repository")
        objects = _directory(git_dir, "--git-path", "objects")
        return Repository(git_dir, git_dir / (objects or "objects"), _directory(path, "--show-toplevel"))

    def git(
        self,
        *arguments: str,
        stdin: bytes = b"",
        accept: tuple[int, ...] = (0,),
        variables: Mapping[str, str] | None = None,
        timeout_seconds: float = READ_TIMEOUT_SECONDS,
        held: tuple[int, ...] = (),
    ) -> Ended:
        """Run a git command on this repository as if it were bare; another status than `accept` is a `GitError`."""
        ended = run(
            ["--bare", f"--git-dir={self.git_dir}", *arguments],
            stdin=stdin,
            variables=variables,
            timeout_seconds=timeout_seconds,
            held=held,
        )
        if ended.status not in accept:
            raise GitError(f"git {_subject(arguments)} failed: {last_line(ended.errors)}")
        return ended


def resolve_commit(repository: Repository, name: str) -> str:
    """The full id of the commit that a branch, tag, abbreviation or expression names. Raises `UnknownCommit`."""
    if not name or "\0" in name or "\n" in name:
        raise UnknownCommit(f"{name!r} is no name of a commit")
    revision = f"{name}^{{commit}}"
    found = repository.git("rev-parse", "--verify", "--quiet", "--end-of-options", revision, accept=(0, 1, 128))
    if found.status:
        raise UnknownCommit(f"there is no commit {name!r} in {repository.git_dir}")
    return found.output.decode().split()[-1]


def last_line(errors: str) -> str:
    """What git said last of all that is an error, without its prefix."""
    lines = [line for line in errors.splitlines() if line.strip()] or ["no reason given"]
    said = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1])
    return said.removeprefix("fatal: ").removeprefix("error: ")[:500]


def _directory(path: Path | str, *question: str) -> Path | None:
    """What `rev-parse` says of a directory; None where it has nothing to say."""
    found = run(["-C", os.fspath(path), "rev-parse", *question])
    return None if found.status else Path(os.fsdecode(found.output).removesuffix("\n"))


def _subject(arguments: Sequence[str]) -> str:
    """The subcommand, for messages."""
    return next((argument for argument in arguments if not argument.startswith("-")), "")
