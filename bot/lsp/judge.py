"""Judges the files that are open in an editor, one at a time, on a thread of its own; what is outdated is left."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from lsprotocol.types import Diagnostic
from pygls.uris import from_fs_path, to_fs_path
from pygls.workspace import PositionCodec

from preship.analyzers.analysis import Wants, nothing
from preship.bot.local import CannotRead, WrongConfiguration
from preship.bot.lsp.diagnostics import Place, diagnostics_of, faults_of, not_judged
from preship.bot.lsp.positions import Lines
from preship.bot.review.remarks import Fault
from preship.bot.workspace import STACK_BYTES, Workspace

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file as it stands in the editor."""

    uri: str
    version: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a file."""

    file: OpenFile
    diagnostics: Sequence[Diagnostic]
    faults: Sequence[Fault] = ()


class Superseded(Exception):
    """What is judged has changed in the meantime."""


class Judge:
    """The projects of an editor."""

    def __init__(self, codec: PositionCodec) -> None:
        self._codec = codec
        self._projects: dict[Path, Workspace] = {}
        self._thread = ThreadPoolExecutor(1, "judge")
        before = threading.stack_size(STACK_BYTES)
        # The thread begins with the first work that it is given.
        self._thread.submit(int).result()
        threading.stack_size(before)

    def look(self) -> None:
        """Files on the disk have changed."""
        for project in self._projects.values():
            project.look()

    async def shown(
        self, file: OpenFile, others: Sequence[OpenFile], is_outdated: Callable[[], bool], wants: Wants = nothing
    ) -> Shown:
        """What to show of a file, with the texts of the others that are open. Raises `Superseded`."""
        return await self._aside(partial(self._judged, file, others, is_outdated, wants))

    async def _aside(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _judged(
        self, file: OpenFile, others: Sequence[OpenFile], is_outdated: Callable[[], bool], wants: Wants
    ) -> Shown:
        def watch(done: int, total: int) -> None:
            if is_outdated():
                raise Superseded

        watch(0, 1)
        path = to_fs_path(file.uri)
        project = self._project_around(Path(path).parent) if path is not None else None
        names = _names(project, [*others, file]) if project is not None else {}
        name = next((name for name, each in names.items() if each is file), None)
        if project is None or name is None:
            return Shown(file, ())
        texts = {name: each.text.encode(errors="replace") for name, each in names.items()}
        place = Place(name, partial(_uri_in, project, names), cache(partial(self._lines, project, texts)))
        try:
            report = project.scan([name], texts, wants, watch)
        except WrongConfiguration as error:
            return Shown(file, [not_judged("\n".join([f"{error}, so nothing was judged", *error.lines]), place)])
        except CannotRead as error:
            return Shown(file, [not_judged(str(error), place)])
        return Shown(file, diagnostics_of(report, place), faults_of(report))

    def _project_around(self, folder: Path) -> Workspace | None:
        """The project that a folder lies in, which need not be there yet."""
        there = next((each for each in (folder, *folder.parents) if each.is_dir()), None)
        if there is None:
            return None
        place = Path(os.path.realpath(there))
        known = next((project for top, project in self._projects.items() if place.is_relative_to(top)), None)
        if known is None:
            known = Workspace(there)
            self._projects[known.top] = known
        # Somebody's home folder is no project: nobody reads all of it for one file.
        return known if known.is_project else None

    def _lines(self, project: Workspace, texts: Mapping[str, bytes], name: str) -> Lines:
        return Lines(project.text_of(name, texts).decode(errors="replace"), self._codec)


def _names(project: Workspace, files: Sequence[OpenFile]) -> dict[str, OpenFile]:
    """The open files that are code of a project, by their names in it."""
    found = {}
    for file in files:
        name = _name_of(project, file)
        if name is not None and project.is_judged(name):
            found[name] = file
    return found


def _name_of(project: Workspace, file: OpenFile) -> str | None:
    path = to_fs_path(file.uri)
    try:
        return project.name_of(path) if path is not None else None
    except CannotRead:
        return None


def _uri_in(project: Workspace, names: Mapping[str, OpenFile], name: str) -> str:
    """What the editor calls a file."""
    return names[name].uri if name in names else from_fs_path(str(project.top / name)) or ""
