"""What can go wrong with git, told apart by what the caller can do about it."""

from __future__ import annotations

import errno

_FULL = ("no space left on device", "disk quota exceeded")
"""What the system says of a full disk, and git after it."""


def is_about_space(error: OSError | str) -> bool:
    """Whether an error, or what git wrote of one, is that the disk is full."""
    if isinstance(error, str):
        return any(words in error.lower() for words in _FULL)
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


class GitError(Exception):
    """git could not do what was asked. The message is one sentence without credentials."""


class GitMissing(GitError):
    """There is no git program on this machine."""


class NotARepository(GitError):
    """The directory is no git repository, nor inside of one."""


class ForeignRepository(GitError):
    """The repository belongs to another user, whom nobody said to trust."""


class UnknownCommit(GitError):
    """The repository has no commit of this name."""


class TimedOut(GitError):
    """git took longer than it may, and was stopped."""


class NoSpace(GitError):
    """The disk is full: nothing is the matter with the repository, and there may be room later."""


class RemoteError(GitError):
    """The remote repository did not give what was asked; later it may."""


class RemoteAway(RemoteError):
    """The remote could not be reached, or has an error of its own: nothing is the matter with the repository."""


class RemoteRefused(RemoteError):
    """The remote does not know the repository, or does not let us in: asking again will not help."""


class NotOnRemote(RemoteError):
    """The remote has no such object (any more), or does not give it away by its id."""
