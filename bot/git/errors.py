"""What can go wrong with git, told apart by what the caller can do about it."""

from __future__ import annotations


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


class RemoteError(GitError):
    """The remote repository did not give what was asked; later it may."""


class RemoteRefused(RemoteError):
    """The remote does not know the repository, or does not let us in: asking again will not help."""


class NotOnRemote(RemoteError):
    """The remote has no such object (any more), or does not give it away by its id."""
