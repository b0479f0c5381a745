"""One tree of files as modules: parsed on demand, resolved, and followed from name to name. The door to this folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property

from preship.analyzers.project.bindings import Binding, Bindings
from preship.analyzers.project.database import Database, database_of, in_order
from preship.analyzers.project.files import LINKS, SUBMODULE, Blob, Files, Link
from preship.analyzers.project.imports import imported_specifiers
from preship.analyzers.project.layout import is_compiled, is_installed, is_source
from preship.analyzers.project.phases import Clock, Phase, Phases, stopped
from preship.analyzers.project.resolution import Resolution, ResolvedFile, Resolver
from preship.analyzers.source.parse import parse_module
from preship.analyzers.source.prologue import SERVER
from preship.analyzers.source.spelling import at_the_head, may_begin_code, may_spell
from preship.analyzers.source.tree import Module

_CHUNK = 500
"""Files read at a time while all imports are scanned, so that a monorepo never stands in memory whole."""


def _may_hide_code(path: str, why: str) -> bool:
    """Whether a refusal leaves out code that is read nowhere else."""
    if why in (Link.READ, SUBMODULE) or "node_modules" in path.split("/"):
        return False
    is_link_to_a_folder = why in LINKS and "." not in path.rpartition("/")[2]
    return path.endswith("/") or is_source(path) or is_link_to_a_folder


class Parsed:
    """What is known of contents, whatever commit they belong to: give the same one to the projects of base and head."""

    def __init__(self, clock: Clock = stopped) -> None:
        self.phases = Phases(clock)
        """What those spend who are given it."""

        self._modules: dict[tuple[str, str], Module] = {}
        self._specifiers: dict[str, tuple[str, ...]] = {}
        self._databases: dict[tuple[str, ...], Database] = {}

    def module(self, path: str, blob: Blob) -> Module:
        """The module that these bytes are at this path."""
        key = (blob.id, path)
        if key not in self._modules:
            with self.phases.of(Phase.PARSE):
                self._modules[key] = parse_module(path, blob.content)
        return self._modules[key]

    def specifiers(self, blob: Blob) -> tuple[str, ...]:
        """What these bytes import."""
        if blob.id not in self._specifiers:
            self._specifiers[blob.id] = imported_specifiers(blob.content)
        return self._specifiers[blob.id]

    def forget(self, path: str, blob: Blob) -> None:
        """Let go of what is known of these bytes."""
        self._modules.pop((blob.id, path), None)
        self._specifiers.pop(blob.id, None)

    def database(self, blobs: Sequence[Blob]) -> Database:
        """What SQL files with these bytes leave behind, run in this order."""
        key = tuple(blob.id for blob in blobs)
        if key not in self._databases:
            self._databases[key] = database_of(blob.content.decode("utf-8", "replace") for blob in blobs)
        return self._databases[key]


class Project:
    """The modules of one tree."""

    def __init__(self, files: Files, parsed: Parsed | None = None) -> None:
        self.files = files
        self.files_read = 0
        """Source files whose text was asked for and given."""

        self.bytes_read = 0
        """Their bytes."""

        self._parsed = parsed or Parsed()
        self.phases = self._parsed.phases
        self._blobs: dict[str, Blob | None] = {}
        self._modules: dict[str, Module | None] = {}
        self._imports: dict[str, tuple[str, ...]] = {}

    def edited(self, files: Files, changed: Collection[str]) -> Project:
        """The same tree with other texts for some of its files of code: all that does not hang on them is kept."""
        edited = copy(self)
        vars(edited).pop("_bindings", None)
        edited.files = files
        edited._blobs = {path: blob for path, blob in self._blobs.items() if path not in changed}
        edited._modules = {path: module for path, module in self._modules.items() if path not in changed}
        edited._imports = {path: targets for path, targets in self._imports.items() if path not in changed}
        if not all(_loads_alike(self, edited, path) for path in changed):
            vars(edited).pop("_importers", None)
            vars(edited).pop("_client_files", None)
        return edited

    def forget(self, other: Project, paths: Iterable[str]) -> None:
        """Let go of what is known of the texts of files that this tree has no more, and another one had."""
        for path in paths:
            old, new = other.blob(path), self.blob(path)
            if old is not None and (new is None or new.id != old.id):
                self._parsed.forget(path, old)

    @cached_property
    def _resolver(self) -> Resolver:
        return Resolver(self.files)

    @cached_property
    def _bindings(self) -> Bindings:
        return Bindings(self.module, self.resolve)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Every file with code, sorted; those that are installed or declare only types left out."""
        return tuple(path for path in self.files.paths() if is_source(path) and not is_installed(path))

    @cached_property
    def compiled(self) -> tuple[str, ...]:
        """Every file that the compiler takes for code, sorted: the sources, and what is called a declaration."""
        return tuple(path for path in self.files.paths() if is_compiled(path) and not is_installed(path))

    @cached_property
    def database(self) -> Database:
        """What the SQL files of the tree leave behind; read when it is first asked for."""
        paths = in_order(self.files.paths())
        self.files.fetch(paths)
        blobs = self.files.read(paths)
        self.files_read += len(blobs)
        self.bytes_read += sum(len(blob.content) for blob in blobs.values())
        return self._parsed.database([blobs[path] for path in paths if path in blobs])

    def blob(self, path: str) -> Blob | None:
        """The text of a file, read once; None for one that is unknown or has none."""
        if path not in self._blobs:
            self._load((path,))
        return self._blobs[path]

    def module(self, path: str) -> Module | None:
        """The module at a path, parsed once; None for what is unknown, no code, or has no text."""
        if path not in self._modules:
            blob = self.blob(path) if is_compiled(path) else None
            self._modules[path] = self._parsed.module(path, blob) if blob else None
        return self._modules[path]

    def resolve(self, importer: str, specifier: str) -> Resolution:
        """What `specifier` means in the file `importer`."""
        return self._resolver.resolve(importer, specifier)

    def export(self, path: str, name: str) -> Binding | None:
        """What the module `path` exports as `name`, followed to where it is declared; None where it exports none."""
        return self._bindings.export(path, name)

    def imported(self, importer: str, specifier: str, name: str) -> Binding | None:
        """What importing `name` (`default`, `*` for the namespace) from `specifier` gives to the file `importer`."""
        return self._bindings.imported(importer, specifier, name)

    def local(self, path: str, name: str) -> Binding | None:
        """What an import binds to the name `name` in the file `path`; None where no import does."""
        return self._bindings.local(path, name)

    def export_names(self, path: str) -> tuple[str, ...]:
        """Every name that a module exports, through `export *` of this repository's files too."""
        return self._bindings.export_names(path)

    def may_spell(self, text: str) -> Sequence[str]:
        """The files that are compiled and in which a text may stand as a string, however it is escaped, sorted."""
        return self.files.matching(may_spell(text), self.compiled)

    def unread(self, directive: str, is_meant: Callable[[str], bool]) -> Mapping[str, str]:
        """Those of the files meant that are compiled and may hold a directive, but are not read, and why not."""
        kinds = {path: why for path in self.files.paths() if (why := _why_unread(path)) is not None and is_meant(path)}
        return {path: kinds[path] for path in self.files.matching(may_begin_code(directive), tuple(kinds))}

    def imports_of(self, path: str) -> tuple[str, ...]:
        """The files of this repository that a file imports when it runs, each once; never fewer than it does."""
        if path not in self._imports:
            with self.phases.of(Phase.RESOLVE):
                blob = self.blob(path) if is_source(path) else None
                self._imports[path] = self._targets(path, blob) if blob else ()
        return self._imports[path]

    def importers_closure(self, changed: Iterable[str]) -> set[str]:
        """The given files and all source files that reach one of them through imports."""
        reached = set(changed)
        waiting = list(reached)
        while waiting:
            fresh = [path for path in self._importers.get(waiting.pop(), ()) if path not in reached]
            reached.update(fresh)
            waiting.extend(fresh)
        return reached

    def importers_of(self, path: str) -> Sequence[str]:
        """The source files that import a file, each once."""
        return self._importers.get(path, ())

    def is_client(self, path: str) -> bool:
        """Whether browsers load a file: it says so, or one that does imports it."""
        return bool(self._importers) and path in self._client_files

    @cached_property
    def _client_files(self) -> frozenset[str]:
        """Every file that browsers load. What says that it is a module of actions stays on the server.

        https://react.dev/reference/rsc/use-client#how-use-client-marks-client-code
        """
        servers = self._saying(SERVER)
        reached = self._saying("use client") - servers
        waiting = list(reached)
        while waiting:
            fresh = [each for each in self.imports_of(waiting.pop()) if each not in reached and each not in servers]
            reached.update(fresh)
            waiting.extend(fresh)
        return frozenset(reached)

    def _saying(self, directive: str) -> set[str]:
        """The source files at whose head a directive stands."""
        blobs = self.files.read(self.may_spell(directive))
        is_at_the_head = at_the_head(directive)
        return {path for path, blob in blobs.items() if is_at_the_head(blob.content)}

    def prefetch(self, paths: Iterable[str]) -> None:
        """Read these files and all that they import, level by level: one round trip each on a partial clone."""
        level = list(dict.fromkeys(path for path in paths if is_source(path)))
        seen = set(level)
        while level:
            self._load(path for path in level if path not in self._blobs)
            level = list(dict.fromkeys(target for path in level for target in self.imports_of(path)))
            level = [path for path in level if path not in seen and is_source(path)]
            seen.update(level)

    def refusals(self) -> Mapping[str, str]:
        """What of the tree may hold code and has no text, as far as it was met, and why; submodules are left out."""
        return {path: why for path, why in self.files.refusals().items() if _may_hide_code(path, why)}

    def submodules(self) -> Sequence[str]:
        """The places of other repositories in the tree."""
        return sorted(path for path, why in self.files.refusals().items() if why == SUBMODULE)

    @cached_property
    def _importers(self) -> Mapping[str, Sequence[str]]:
        """Who imports a file, of all files."""
        importers: dict[str, list[str]] = {}
        with self.phases.of(Phase.RESOLVE):
            for path, targets in self._all_imports():
                for target in targets:
                    importers.setdefault(target, []).append(path)
        return importers

    def _all_imports(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every source file with what it imports; texts are let go again."""
        self.files.fetch(path for path in self.sources if path not in self._imports)
        for start in range(0, len(self.sources), _CHUNK):
            some = self.sources[start : start + _CHUNK]
            blobs = self.files.read(path for path in some if path not in self._imports)
            for path in some:
                if path not in self._imports:
                    self._imports[path] = self._targets(path, blobs[path]) if path in blobs else ()
                yield path, self._imports[path]

    def _targets(self, path: str, blob: Blob) -> tuple[str, ...]:
        found = (self.resolve(path, specifier) for specifier in self._parsed.specifiers(blob))
        return tuple(dict.fromkeys(each.path for each in found if isinstance(each, ResolvedFile)))

    def _load(self, paths: Iterable[str]) -> None:
        """Read files in one round trip."""
        wanted = tuple(paths)
        with self.phases.of(Phase.PARSE):
            blobs = self.files.read(wanted)
        self._blobs |= {path: blobs.get(path) for path in wanted}
        self.files_read += len(blobs)
        self.bytes_read += sum(len(blob.content) for blob in blobs.values())


def _loads_alike(one: Project, other: Project, path: str) -> bool:
    """Whether a file imports the same in two trees, and says the same about where it is loaded."""
    blobs = one.blob(path), other.blob(path)
    says = [[blob is not None and at_the_head(d)(blob.content) for d in (SERVER, "use client")] for blob in blobs]
    return says[0] == says[1] and one.imports_of(path) == other.imports_of(path)


def _why_unread(path: str) -> str | None:
    if path.endswith(".mdx"):
        return "MDX is not read"
    return "installed packages are not read" if is_compiled(path) and is_installed(path) else None
