"""A repository without its own configuration: a folder of ours that shows its objects, refs and index, and no more.

git reads the configuration of the folder that it is given. So no key of a hostile repository counts, known to us or
not: no program, no hook, no filter, no alias, no remote, no included file. What it says of its history (`commit-graph`,
grafts, replacements) is left out too, and so are objects that a work tree borrows (`objects/info/alternates`): they may
be those of another repository of the user's. A bare repository, which nobody unpacks by chance, may borrow.
"""

from __future__ import annotations

import atexit
import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from preship.bot.git.place import Place, head_of, head_text

_SHARED = ("refs", "packed-refs", "logs", "shallow", "reftable")
_OWN = ("index", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD")

_SINGLE = re.compile(r"[0-9a-f]{2}")
"""The folders of objects that are in no pack."""

_MOST_ALTERNATES = 64 * 1024
"""Bytes that are read of the list of other folders."""

_numbers = itertools.count(1)
_of_a_question: ContextVar[Path | None] = ContextVar("_of_a_question", default=None)


def view_of(place: Place, extensions: dict[str, str]) -> Path:
    """The folder, which goes when this process ends. `extensions` say how objects and refs are stored."""
    view = _folder() / str(next(_numbers))
    (view / "info").mkdir(parents=True)
    (view / "HEAD").write_bytes(head_text(place.git_dir))
    (view / "config").write_text(_configuration(extensions), encoding="ascii")
    _link(view, place.common_dir, _SHARED)
    _link(view, place.git_dir, _OWN)
    _link(view, place.git_dir, [part.name for part in place.git_dir.glob("sharedindex.*")])
    _link(view / "info", place.common_dir / "info", ["exclude"])
    _link_objects(view / "objects", place.common_dir / "objects")
    if place.work_tree is None:
        _borrow(view / "objects", place.common_dir / "objects")
    return view


def overlay_of(view: Path) -> Path:
    """The same repository with an index and objects of our own on top: what is added to it stays in our folder."""
    overlay = _folder() / str(next(_numbers))
    (overlay / "objects" / "info").mkdir(parents=True)
    # git takes a HEAD that is a link for one of old times, and reads the link.
    shutil.copyfile(view / "HEAD", overlay / "HEAD")
    for part in view.iterdir():
        if part.name not in ("HEAD", "objects", "index"):
            (overlay / part.name).symlink_to(part)
    # The packs are at hand themselves, so that a partial clone is seen to be one.
    (overlay / "objects" / "pack").symlink_to(view / "objects" / "pack")
    (overlay / "objects" / "info" / "alternates").write_text(f"{view / 'objects'}\n", encoding="utf-8")
    return overlay


def borrows_objects(place: Place) -> bool:
    """Whether some of its objects lie in another repository, where we do not look."""
    return place.work_tree is not None and bool(head_of(place.common_dir / "objects" / "info" / "alternates", 1))


@contextmanager
def views_of_a_question() -> Iterator[None]:
    """Views that are made in here go when it ends: a process that answers for hours would fill the disk with them."""
    made = Path(tempfile.mkdtemp(dir=_of_the_process()))
    before = _of_a_question.set(made)
    try:
        yield
    finally:
        _of_a_question.reset(before)
        shutil.rmtree(made, ignore_errors=True)


def _folder() -> Path:
    """Where views are made."""
    return _of_a_question.get() or _of_the_process()


@cache
def _of_the_process() -> Path:
    """One folder a process, for all views."""
    made = tempfile.mkdtemp(prefix="preship-")
    atexit.register(remove_views)
    return Path(made)


def remove_views() -> None:
    """Remove the folder of this process; for whoever ends it otherwise than by its end."""
    if _of_the_process.cache_info().currsize:
        shutil.rmtree(_of_the_process(), ignore_errors=True)


def _configuration(extensions: dict[str, str]) -> str:
    lines = [f"\t{name} = {value}\n" for name, value in sorted(extensions.items())]
    return "[core]\n\trepositoryformatversion = 1\n[extensions]\n" + "".join(lines)


def _link(view: Path, folder: Path, names: list[str] | tuple[str, ...]) -> None:
    for name in names:
        if (folder / name).exists():
            (view / name).symlink_to(folder / name)


def _link_objects(view: Path, objects: Path) -> None:
    """Packs, and the single objects that are there: what a fetch brings is a pack."""
    view.mkdir()
    (view / "pack").symlink_to(objects / "pack")
    for name in filter(_SINGLE.fullmatch, os.listdir(objects)):
        (view / name).symlink_to(objects / name)


def _borrow(view: Path, objects: Path) -> None:
    """Let a view borrow what its repository borrows: folders of objects, by their whole paths."""
    listed = head_of(objects / "info" / "alternates", _MOST_ALTERNATES)
    lines = listed.decode("utf-8", "surrogateescape").splitlines()
    folders = [objects / line for line in lines if line and not line.startswith(("#", '"'))]
    (view / "info").mkdir()
    text = "".join(f"{folder.absolute()}\n" for folder in folders)
    (view / "info" / "alternates").write_text(text, encoding="utf-8", errors="surrogateescape")
