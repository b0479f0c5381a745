"""How git is run: with arguments only, without configuration or hooks of others, and with an end in time.

Code under review is hostile and so may be the names in it; a repository on a laptop may be somebody else's. So its own
configuration is never read (see `view`), every setting that would make git start a program is switched off here all
the same, and of the caller's `GIT_*` variables one passes alone: the file of certificate authorities.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preship.bot.git.errors import (
    ForeignRepository,
    GitError,
    GitMissing,
    NoSpace,
    NotARepository,
    TimedOut,
    UnknownCommit,
    is_about_space,
)
from preship.bot.git.ownership import foreign_part, is_trusted
from preship.bot.git.place import Place, place_of
from preship.bot.git.view import borrows_objects, view_of

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
    "SSL_CERT_DIR",
)

_AUTHORITIES = ("GIT_SSL_CAINFO", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
"""What may name the file of certificate authorities, the first that is set. git itself knows the first alone, and calls
of the API the next two: https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification
"""

_SETTINGS = {
    "core.quotepath": "false",
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    # Both say things about objects that nobody checks against the objects.
    "core.commitGraph": "false",
    "core.multiPackIndex": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    # A view shows the folders of single objects that were there as it was made.
    "fetch.unpackLimit": "1",
}

_NOT_A_REPOSITORY = f"--git-dir={os.devnull}"
"""Keeps git from looking for a repository around it, and so from its configuration."""

_STORAGE = {"objectformat": ("sha1", "sha256"), "refstorage": ("files", "reftable")}
"""What of a repository's own configuration must be known to read it at all, and what it may say."""

_CONFIGURATION_LIMIT_BYTES = 1024 * 1024


def environment(settings: Mapping[str, str] | None = None, protocols: str = "") -> dict[str, str]:
    """The whole environment of a git process; `settings` are added, `protocols` is a list like `https:http`."""
    variables = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    if named := [os.environ[name] for name in _AUTHORITIES if os.environ.get(name)]:
        variables["GIT_SSL_CAINFO"] = named[0]
    variables |= {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    return _with_settings(variables, {"credential.helper": "", **(settings or {})}, protocols)


def users_environment(settings: Mapping[str, str], protocols: str) -> dict[str, str]:
    """The same, with the user's own configuration: their credential helper, proxy and ssh."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return _with_settings(variables, settings, protocols)


def _with_settings(given: Mapping[str, str], settings: Mapping[str, str], protocols: str) -> dict[str, str]:
    every = {**_SETTINGS, **settings}
    variables = {
        **given,
        "LC_ALL": "C",
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
    """What git is given: the repository itself where it is ours, else a view of it."""

    objects: Path
    """The directory of its objects."""

    work_tree: Path | None
    """The top of the checkout, if there is one."""

    place: Place | None = None
    """Where it lies; None where that is `git_dir`."""

    @staticmethod
    def at(path: Path | str) -> Repository:
        """The repository at `path`, or the one that `path` lies in. Raises `NotARepository`, `ForeignRepository`."""
        if not os.path.isdir(path):
            raise NotARepository(f"{path} is no directory")
        place = place_of(path)
        if place is None:
            raise NotARepository(f"{path} is not in a git repository")
        _check_owner(place)
        view = view_of(place, _storage_of(place))
        return Repository(view, view / "objects", place.work_tree, place)

    @property
    def name(self) -> Path:
        """What messages call it."""
        return self.place.git_dir if self.place else self.git_dir

    def configured(self, *question: str) -> list[str]:
        """What `git config` finds in the repository's own file, without what that includes: to be read, not obeyed."""
        file = (self.place.common_dir if self.place else self.git_dir) / "config"
        return _configured_in(file, *question)

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
        if ended.status and is_about_space(ended.errors):
            raise NoSpace("git found the disk full")
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
        hint = _borrowed(repository) or shallow_hint(repository)
        raise UnknownCommit(f"there is no commit {name!r} in {repository.name}{hint}")
    return found.output.decode().split()[-1]


def shallow_hint(repository: Repository) -> str:
    """What to do where a clone has only the last commits, to be put behind what is missing; empty for a whole one."""
    if not (repository.git_dir / "shallow").exists():
        return ""
    return (
        "; its history is cut off: `git fetch --unshallow` brings the rest, and in a workflow `fetch-depth: 0` does, or"
        " Preship's action, which fetches what it needs"
    )


def last_line(errors: str) -> str:
    """What git said last of all that is an error, without its prefix."""
    lines = [line for line in errors.splitlines() if line.strip()] or ["no reason given"]
    said = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1])
    return said.removeprefix("fatal: ").removeprefix("error: ")[:500]


def _borrowed(repository: Repository) -> str:
    """A hint for those who miss what lies elsewhere."""
    if repository.place is None or not borrows_objects(repository.place):
        return ""
    return "; objects that it borrows from another repository are not read (`git repack -a -d` makes them its own)"


def _check_owner(place: Place) -> None:
    part = foreign_part(place)
    if part is None:
        return
    # Their own variables may carry the trust too: `git -c safe.directory=…` hands it on by GIT_CONFIG_PARAMETERS.
    mine = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    variables = mine | {name: value for name, value in os.environ.items() if name.startswith("GIT_CONFIG")}
    asked = [_NOT_A_REPOSITORY, "config", "--type=path", "-z", "--get-all", "safe.directory"]
    trusted = run(asked, variables=variables).output.decode(errors="replace").split("\0")[:-1]
    if not is_trusted(place, trusted):
        raise ForeignRepository(
            f"{part} belongs to another user; if you trust it: git config --global --add safe.directory {place.name}"
        )


def _storage_of(place: Place) -> dict[str, str]:
    """The extensions without which git would misread objects or refs."""
    found = {name: _configured_in(place.common_dir / "config", "--get", f"extensions.{name}") for name in _STORAGE}
    return {name: said[-1] for name, said in found.items() if said and said[-1] in _STORAGE[name]}


def _configured_in(file: Path, *question: str) -> list[str]:
    if not file.is_file() or file.stat().st_size > _CONFIGURATION_LIMIT_BYTES:
        return []
    found = run([_NOT_A_REPOSITORY, "config", f"--file={file}", "--no-includes", "-z", *question])
    return found.output.decode(errors="replace").split("\0")[:-1]


def _subject(arguments: Sequence[str]) -> str:
    """The subcommand, for messages."""
    return next((argument for argument in arguments if not argument.startswith("-")), "")
