"""Whose repository it is: somebody else's is refused, as git refuses it, unless the user trusts it.

Trust is what git itself asks for: `safe.directory` in the user's or the machine's configuration.
https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from preship.bot.git.place import Place


def foreign_part(place: Place) -> Path | None:
    """A part of the repository that another user owns; None where everything is ours."""
    if not hasattr(os, "geteuid"):
        return None
    ours = {os.geteuid()}
    # Whoever became root by sudo still works on their own files.
    if os.geteuid() == 0 and os.environ.get("SUDO_UID", "").isdecimal():
        ours.add(int(os.environ["SUDO_UID"]))
    return next((part for part in place.parts if os.lstat(part).st_uid not in ours), None)


def is_trusted(place: Place, trusted: Iterable[str]) -> bool:
    """Whether the values of `safe.directory`, in their order, name this repository; an empty one takes all back."""
    decided = False
    for value in trusted:
        decided = bool(value) and (decided or _names(value, os.fspath(place.name)))
    return decided


def _names(value: str, folder: str) -> bool:
    if value.endswith("/*"):
        return folder.startswith(value[:-1])
    return value == "*" or os.path.realpath(value) == folder
