"""Partial clones: which objects they lack, and how all of them are fetched in one batch instead of one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from preship.bot.git.errors import GitError, NotOnRemote, RemoteAway, RemoteError, RemoteRefused, TimedOut
from preship.bot.git.process import Ended, Repository, last_line, users_environment

FETCH_TIMEOUT_SECONDS = 300
"""The trees of a monorepo over a slow line; a job that waits longer is better started again."""

_BATCH = 10_000
"""Ids asked at once: half a megabyte of request, below the buffer where proxies begin to refuse."""


def missing_objects(repository: Repository, *commits: str) -> set[str]:
    """The ids of all blobs of some commits that a partial clone lacks; empty for other repositories."""
    if not is_partial(repository):
        return set()
    walk = repository.git("rev-list", "--objects", "--no-object-names", "--no-walk", "--missing=print", *commits)
    return {line[1:] for line in walk.output.decode().splitlines() if line.startswith("?")}


def is_partial(repository: Repository) -> bool:
    """Whether any of its packs came without the objects that it refers to."""
    return any((repository.objects / "pack").glob("*.promisor"))


_REMOTE = "preship"

_USERS_PROTOCOLS = "https:http:ssh"
"""How a clone on a laptop may reach its remote: `ext::` runs a command, and a path leads to another hostile folder."""


def promisor_fetch(repository: Repository) -> Callable[[Sequence[str]], None] | None:
    """Fetches from the remote that the clone came from, with the user's own git configuration; None without one.

    Of the clone's configuration the address counts, and nothing else.
    """
    names = repository.configured("--name-only", "--get-regexp", r"^remote\..*\.promisor$")
    urls = [repository.configured("--get", f"{name.removesuffix('.promisor')}.url") for name in names]
    url = next((found[-1] for found in urls if found), None)
    if url is None:
        return None
    variables = users_environment(remote_settings(_REMOTE, url), _USERS_PROTOCOLS)
    return lambda ids: fetch_objects(repository, _REMOTE, ids, variables)


def remote_settings(remote: str, url: str) -> dict[str, str]:
    """A remote that gives objects later, configured by the environment of one fetch alone."""
    return {
        f"remote.{remote}.url": url,
        f"remote.{remote}.promisor": "true",
        f"remote.{remote}.partialclonefilter": "blob:none",
        "protocol.version": "2",
    }


@dataclass(frozen=True, slots=True)
class Tip:
    """Where the default branch of a remote stands."""

    branch: str
    """Without `refs/heads/`; empty where the remote does not say."""

    commit: str
    """Its full id."""


def default_tip(repository: Repository, remote: str, variables: Mapping[str, str], held: tuple[int, ...] = ()) -> Tip:
    """Ask a remote for its default branch. Raises `RemoteError`, `RemoteRefused`, or `NotOnRemote` without commits."""
    asked = ("ls-remote", "--quiet", "--symref", "--end-of-options", remote, "HEAD")
    ended = _asked(repository, asked, variables, held=held)
    lines = [line.split("\t") for line in ended.output.decode(errors="replace").splitlines()]
    said = [line[0] for line in lines if line[-1] == "HEAD"]
    commits = [each for each in said if not each.startswith("ref: ")]
    if not commits:
        raise NotOnRemote("the remote has no commits on its default branch")
    branches = [each.removeprefix("ref: ").removeprefix("refs/heads/") for each in said if each.startswith("ref: ")]
    return Tip("".join(branches[:1]), commits[0])


def fetch_objects(
    repository: Repository,
    remote: str,
    ids: Sequence[str],
    variables: Mapping[str, str],
    held: tuple[int, ...] = (),
) -> None:
    """Fetch objects by id, as git itself does for a partial clone, but all at once."""
    for start in range(0, len(ids), _BATCH):
        fetch(repository, remote, ids[start : start + _BATCH], variables, ("--filter=blob:none",), held)


def fetch(
    repository: Repository,
    remote: str,
    references: Sequence[str],
    variables: Mapping[str, str],
    options: Sequence[str] = (),
    held: tuple[int, ...] = (),
) -> None:
    """Run one `git fetch` of these ids or refspecs. Raises `RemoteError`, `RemoteRefused` or `NotOnRemote`.

    `held` are file descriptors that stay open until it ends.
    """
    arguments = (
        "-c",
        "fetch.negotiationAlgorithm=noop",
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--no-auto-maintenance",
        "--no-recurse-submodules",
        *options,
        "--stdin",
        "--end-of-options",
        remote,
    )
    _asked(repository, arguments, variables, "".join(f"{reference}\n" for reference in references).encode(), held)


def _asked(
    repository: Repository,
    arguments: Sequence[str],
    variables: Mapping[str, str],
    stdin: bytes = b"",
    held: tuple[int, ...] = (),
) -> Ended:
    """Run a git that speaks with a remote."""
    try:
        ended = repository.git(
            *arguments,
            stdin=stdin,
            accept=tuple(range(256)),
            variables=variables,
            timeout_seconds=FETCH_TIMEOUT_SECONDS,
            held=held,
        )
    except TimedOut as error:
        raise RemoteError(str(error)) from None
    if ended.status:
        raise _error(ended)
    return ended


_REFUSALS = (
    "authentication failed",
    "could not read username",
    "repository not found",
    # No redirect is followed; that of a repository with another name leads to it for as long as nobody takes the old.
    *(f"error: {status}" for status in (301, 302, 307, 308, 401, 403)),
)
_AWAY = re.compile(
    r"could not resolve host|failed to connect|couldn't connect|connection (refused|reset|timed out)|empty reply"
    r"|error: 5\d\d\b"
)
_UNKNOWN = ("not our ref", "couldn't find remote ref", "unadvertised object", "no such remote ref")


def _error(ended: Ended) -> GitError:
    """The meaning of a failed fetch, from what git wrote (in English, by `LC_ALL`)."""
    said = ended.errors.lower()
    reason = last_line(ended.errors)
    if any(mark in said for mark in _UNKNOWN):
        return NotOnRemote(f"the remote does not have what was asked: {reason}")
    if any(mark in said for mark in _REFUSALS) or ("repository" in said and "not found" in said):
        return RemoteRefused(f"the remote refused: {reason}")
    failed = f"the fetch failed: {reason}"
    return RemoteAway(failed) if _AWAY.search(said) else RemoteError(failed)
