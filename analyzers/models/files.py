"""The model files: found by the packages that a project imports, and read once.

A file is compiled as Python compiles a module, and kept where Python keeps those: the next time, what it says is there
at once. The key of the cache is the content, so that nothing stale is read whatever the clocks say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING
from zlib import crc32

from preship.analyzers.flow.effects import Client, Trait
from preship.analyzers.knowledge.own import Passed
from preship.analyzers.models import form
from preship.analyzers.models.form import Act, Does, Entry, Example, Finds, Row

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FOLDER = Path(__file__).parent
ABOUT = re.compile(rb"^(?:- |  )(packages|things):\s*\[([^\]]*)\]", re.MULTILINE)
"""Where a file says what an entry is about."""


_CLASSES = (Entry, Row, Example, Does, Finds, Act, Passed, Client, Trait)
"""What a compiled file is made of."""


class WrongModels(Exception):
    """A model file says what cannot be."""


@cache
def _files() -> Mapping[str, tuple[Path, ...]]:
    """The files that say something of a package or thing, by its name; in the order of their names."""
    found: dict[str, dict[Path, None]] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for kind, names in ABOUT.findall(path.read_bytes()):
            roots = [name.strip().strip("\"'") for name in names.decode().split(",")]
            made = [f"{roots[0]}#client"] if kind == b"packages" else []
            for root in (*roots, *made):
                found.setdefault(root, {})[path] = None
    return {root: tuple(paths) for root, paths in found.items()}


def every_entry() -> tuple[Entry, ...]:
    """All that the files say."""
    return tuple(entry for path in sorted(FOLDER.glob("*.yml")) for entry in entries_in(path))


def entries_about(root: str) -> list[Entry]:
    """What the files say of a package or thing."""
    return [entry for path in _files().get(root, ()) for entry in entries_in(path) if root in entry.roots]


@cache
def entries_in(path: Path) -> tuple[Entry, ...]:
    """What one file says."""
    module = ModuleType(path.stem)
    module.__dict__.update({each.__name__: each for each in _CLASSES})
    exec(_Compiled(path.stem, str(path)).get_code(path.stem) or "", module.__dict__)  # noqa: S102
    found: tuple[Entry, ...] = module.ENTRIES
    return found


class _Compiled(SourceFileLoader):
    """Compiles a model file, and keeps what came of it as Python does.

    https://docs.python.org/3/library/importlib.html#importlib.abc.SourceLoader
    """

    def path_stats(self, path: str) -> Mapping[str, int]:
        """The content stands for the time of the last change; the form of the classes is a part of it."""
        content = self.get_data(path)
        return {"mtime": crc32(content, _form()), "size": len(content)}

    def source_to_code(self, data: object, path: object, *, _optimize: int = -1) -> CodeType:  # type: ignore[override]
        """The classes that a file comes to, as a program that makes them."""
        assert isinstance(data, bytes)  # noqa: S101
        written = ", ".join(map(_source_of, read(data, str(path))))
        return compile(f"ENTRIES = ({written},)", str(path), "exec", dont_inherit=True)


@cache
def _form() -> int:
    return crc32(Path(form.__file__).read_bytes())


def read(content: bytes, name: str) -> tuple[Entry, ...]:
    """The entries of a file of ours. Raises `WrongModels`."""
    import yaml
    from pydantic import ValidationError

    try:
        entries = _shape().validate_python(yaml.load(content, Loader=yaml.CBaseLoader))  # noqa: S506
    except (ValidationError, yaml.YAMLError) as error:
        raise WrongModels(f"{name}: {error}") from error
    wrong = [
        f"{name}: {'.'.join(map(str, (entry.roots[:1] or ('?',)) + place))}: {says}"
        for entry in entries
        for place, says in form.mistakes_of(entry, with_code=True)
    ]
    if wrong:
        raise WrongModels("\n".join(wrong))
    return entries


@cache
def _shape() -> TypeAdapter[tuple[Entry, ...]]:
    from pydantic import TypeAdapter

    return TypeAdapter(tuple[Entry, ...])


def _source_of(value: object) -> str:
    """A value as Python writes it, without what goes without saying."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}({value.value!r})"
    if is_dataclass(value) and not isinstance(value, type):
        given = [
            f"{each.name}={_source_of(inner)}"
            for each in fields(value)
            if (inner := getattr(value, each.name)) != each.default
            and (each.default_factory is MISSING or inner != each.default_factory())
        ]
        return f"{type(value).__name__}({', '.join(given)})"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {_source_of(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, tuple):
        return f"({''.join(f'{_source_of(inner)}, ' for inner in value)})"
    return repr(value)
