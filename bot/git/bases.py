"""What a change is compared with where nobody says it: the branch that it will be merged into."""

from __future__ import annotations

from collections.abc import Iterator

from preship.bot.git.errors import UnknownCommit
from preship.bot.git.process import Repository, resolve_commit, shallow_hint

_USUAL = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


def default_base(repository: Repository, head: str | None) -> str:
    """The default branch, or else what the current branch follows.

    `head` is the commit under review; None for what is not committed, which can be compared with the last
    commit as well.
    Raises `UnknownCommit` where nothing is found.
    """
    found = next((name for name in _candidates(repository) if _is_there(repository, name)), None)
    if head is None:
        if not _is_there(repository, "HEAD"):
            raise UnknownCommit(f"there is no commit yet in {repository.name} to compare with")
        return found or "HEAD"
    if found is None:
        raise UnknownCommit(
            f"{repository.name} has no branch `main` or `master`, no `origin/HEAD`, and nothing that the current branch"
            f" follows: say with `--base` what to compare with{shallow_hint(repository)}"
        )
    return found


def _candidates(repository: Repository) -> Iterator[str]:
    yield from _USUAL
    branch = repository.git("symbolic-ref", "--quiet", "--short", "HEAD", accept=(0, 1)).output.decode().strip()
    if branch:
        remote = repository.configured("--get", f"branch.{branch}.remote")
        followed = repository.configured("--get", f"branch.{branch}.merge")
        if remote and followed:
            name = followed[0].removeprefix("refs/heads/")
            yield name if remote[0] == "." else f"{remote[0]}/{name}"


def _is_there(repository: Repository, name: str) -> bool:
    try:
        resolve_commit(repository, name)
    except UnknownCommit:
        return False
    return True
