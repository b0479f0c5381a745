"""The Server Actions of a build of Next.js: their ids, and which functions of the code they are.

The ids stand in `server/server-reference-manifest.json`. Since 15.5 it names file and function of each; before, an id
is the only trace of them: SHA-1 over (since 15, a key and) the file and the function's name.
https://github.com/vercel/next.js, `crates/next-custom-transforms/src/transforms/server_actions.rs`,
`generate_server_reference_id`.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, ValidationError

from preship.analyzers.analysis import JudgedAction
from preship.bot.local import CannotRead

MANIFEST = "server/server-reference-manifest.json"
SERVER_FILES = "required-server-files.json"

_INLINE = re.compile(r"\$\$(?:RSC_SERVER_)?ACTION_(\d+)")
_INTERCEPTED = re.compile(r"^\(\.+\)")


@dataclass(frozen=True, slots=True)
class BuiltAction:
    """One action that a built server answers for."""

    id: str
    file: str | None
    """As the build calls it: from the application's folder, or from the root of the workspace."""

    name: str | None
    routes: tuple[str, ...]
    """The pages that carry it: `app/notes/[id]/page`."""


@dataclass(frozen=True, slots=True)
class Build:
    """A build's output."""

    actions: tuple[BuiltAction, ...]
    key: str
    """What ids are salted with since Next.js 15; a secret."""

    base_path: str
    built_in: str
    """The application's folder on the machine that built it."""

    inside: str
    """The same from the root of the workspace; empty where it is the root."""


Model = TypeVar("Model", bound=BaseModel)


class _Reference(BaseModel):
    workers: dict[str, object] = Field(default_factory=dict)
    filename: str | None = None
    exported_name: str | None = Field(None, alias="exportedName")


class _Manifest(BaseModel):
    node: dict[str, _Reference] = Field(default_factory=dict)
    edge: dict[str, _Reference] = Field(default_factory=dict)
    key: str = Field("", alias="encryptionKey")


class _Config(BaseModel):
    base_path: str = Field("", alias="basePath")


class _ServerFiles(BaseModel):
    config: _Config
    folder: str = Field("", alias="appDir")
    inside: str = Field("", alias="relativeAppDir")


def read_build(folder: Path) -> Build:
    """The actions of a build's output. Raises `CannotRead`."""
    manifest = _read(folder / MANIFEST, _Manifest)
    files = _read(folder / SERVER_FILES, _ServerFiles) if (folder / SERVER_FILES).is_file() else None
    places = (files.config.base_path, files.folder, files.inside) if files is not None else ("", "", "")
    references = {**manifest.node, **manifest.edge}
    actions = [
        BuiltAction(id_, each.filename, each.exported_name, tuple(sorted(each.workers)))
        for id_, each in references.items()
        if not _is_cache(id_)
    ]
    ordered = sorted(actions, key=lambda each: (each.file or "", each.name or "", each.id))
    return Build(tuple(ordered), manifest.key, *places)


def _read(path: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CannotRead(f"{path} cannot be read: {error.strerror}; `next build` writes it") from error
    except ValidationError as error:
        raise CannotRead(f"{path} is no manifest of a build of Next.js") from error


def _is_cache(id_: str) -> bool:
    """Whether an id is that of a function that says `use cache`: the first bit of its first byte says so since 15."""
    return len(id_) == 42 and bool(int(id_[:2], 16) & 0x80)


def address_of(action: BuiltAction, stand_in: str) -> str:
    """The path of a page that carries an action; `stand_in` stands for each part that the address itself chooses."""
    addresses = [address for route in action.routes if (address := _address(route, stand_in)) is not None]
    return min(addresses, key=lambda each: (each.count(stand_in), each), default="/")


def _address(route: str, stand_in: str) -> str | None:
    """The address of `app/(shop)/notes/[id]/page`; None for a page that no address has."""
    parts = route.split("/")[1:-1]
    if any(part == "_not-found" or _INTERCEPTED.match(part) for part in parts):
        return None
    shown = [part for part in parts if not part.startswith(("(", "@", "[[..."))]
    return "/" + "/".join(stand_in if part.startswith("[") else part for part in shown)


def functions_of(
    build: Build, actions: Sequence[JudgedAction], inside: str
) -> Iterator[tuple[BuiltAction, JudgedAction | None]]:
    """Each action of a build with the function that it is; None where that is not known.

    `inside` is how the paths of the application's own files begin.
    """
    named = {(each.path, name): each for each, name in _compiled_names(actions)}
    by_id = {id_: each for (path, name), each in named.items() for id_ in _ids(build, path, name, inside)}
    for built in build.actions:
        places = [(path, built.name or "") for path in _paths(build, built.file or "", inside)]
        found = next((named[place] for place in places if place in named), None)
        yield built, found or by_id.get(built.id) or by_id.get(built.id[2:])


def _compiled_names(actions: Sequence[JudgedAction]) -> Iterator[tuple[JudgedAction, str]]:
    """What the compiler calls each action; those inside of functions it counts."""
    counted: dict[str, int] = defaultdict(int)
    for each in actions:
        if each.form == "inline":
            number = counted[each.path]
            counted[each.path] += 1
            yield each, f"$$RSC_SERVER_ACTION_{number}"
            yield each, f"$$ACTION_{number}"
        else:
            yield each, each.name or "default"


def _paths(build: Build, file: str, inside: str) -> Iterator[str]:
    """What a file of a build may be called here."""
    file = file.removeprefix("[project]/").removeprefix("./")
    if build.inside and file.startswith(f"{build.inside}/"):
        yield inside + file.removeprefix(f"{build.inside}/")
    yield inside + file
    yield file


def _ids(build: Build, path: str, name: str, inside: str) -> Iterator[str]:
    """The ids that compilers make of a function."""
    own = path.removeprefix(inside)
    files = {own, path, f"{build.inside}/{own}", f"[project]/{own}", f"{build.built_in}/{own}"}
    for salt in {"", build.key}:
        for file in files:
            yield hashlib.sha1(f"{salt}{file}:{name}".encode(), usedforsecurity=False).hexdigest()


def named(built: BuiltAction, action: JudgedAction | None) -> str:
    """What an action is called in a report."""
    if action is not None:
        return f"{action.path}:{action.line} {action.name_in_code or 'inline action'}"
    known = [built.file or "", built.name or ""]
    return " ".join(filter(None, known)) or f"action {built.id[:12]}"
