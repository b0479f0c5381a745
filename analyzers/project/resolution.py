"""What an import means: a file of this repository, a package, or something that is not to be seen.

The order is TypeScript's with the runtime's eyes: where both a declaration and code exist, the code is meant, and of a
built package of this repository its source. https://www.typescriptlang.org/docs/handbook/modules/reference.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from preship.analyzers.project.files import Files
from preship.analyzers.project.generated import Generated
from preship.analyzers.project.layout import Layout, folder_of, joined
from preship.analyzers.project.packages import Manifest, Packages, targets
from preship.analyzers.project.resolved import Package, Resolution, ResolvedFile, Unresolved
from preship.analyzers.project.tsconfig import Configurations

__all__ = ["NOT_IN_TREE", "NO_PACKAGE", "OUTSIDE", "Package", "Resolution", "ResolvedFile", "Resolver", "Unresolved"]

_Found = ResolvedFile | Package


NOT_IN_TREE = Unresolved("not in the tree")
"""Generated code, mostly: it is made by a build."""

OUTSIDE = Unresolved("outside of the repository")
NO_PACKAGE = Unresolved("neither an alias nor the name of a package")

_SPECIFIER_LIMIT = 500
"""Characters of a specifier; longer ones are hostile or data."""

_ENDINGS = (".tsx", ".ts", ".jsx", ".js", ".mjs", ".mts", ".cjs", ".cts", ".json")
"""In Turbopack's order: https://nextjs.org/docs/app/api-reference/config/next-config-js/turbopack#resolving-custom-extensions"""

_WRITTEN_FOR = {
    ".js": (".ts", ".tsx", ".js", ".jsx"),
    ".jsx": (".tsx", ".jsx"),
    ".mjs": (".mts", ".mjs"),
    ".cjs": (".cts", ".cjs"),
}
"""What the ending of an import may stand for in the source."""

_BUILT = frozenset({"dist", "build", "lib", "out", "output", "es", "esm", "cjs", "types", "_esm", "_cjs", "dts"})
"""Directories that a build writes."""

_PACKAGE_NAME = re.compile(r"^(?:@[a-z0-9~_-][\w.~-]*/)?[a-zA-Z0-9_-][\w.~-]*$")
"""Names that npm has ever allowed. https://docs.npmjs.com/cli/configuring-npm/package-json#name"""

_RUNTIME_MODULE = re.compile(r"^[a-z][a-z-]*:[\w.-]+$")
"""`bun:test`, `cloudflare:workers`, `virtual:pages`: given by what runs or bundles the code."""

_CONFIGURATION = re.compile(
    r"(?:^|/)(?:package|lerna|[tj]sconfig[\w.-]*)\.json$|(?:^|/)pnpm-workspace\.ya?ml$|\.prisma$"
)


class Resolver:
    """Resolves the imports of one tree. Every question is answered once."""

    def __init__(self, files: Files) -> None:
        self.layout = Layout(files.paths())
        self._files = files
        self._texts: dict[str, bytes | None] | None = None
        self._packages = Packages(self.layout, self._text)
        self._configurations = Configurations(self.layout, self._text, self._configuration_package)
        self._generated = Generated(self.layout, self._text)
        self._answers: dict[tuple[str, str], Resolution] = {}

    def resolve(self, importer: str, specifier: str) -> Resolution:
        """What `specifier` means in the file `importer`."""
        key = (folder_of(importer), specifier)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._resolve(*key)
        return answer

    def _resolve(self, folder: str, specifier: str) -> Resolution:
        if not specifier or len(specifier) > _SPECIFIER_LIMIT or "\0" in specifier:
            return NO_PACKAGE
        if _is_relative(specifier):
            return self._relative(folder, specifier)
        answer = self._bare(folder, specifier)
        if not isinstance(answer, ResolvedFile) and "?" in specifier:
            # `./icon.svg?url` is the file, told to the bundler what to make of it.
            return self._resolve(folder, specifier.partition("?")[0])
        return answer

    def _relative(self, folder: str, specifier: str) -> Resolution:
        place = joined(folder, specifier)
        if place is None:
            return OUTSIDE
        found = self._place(place, is_directory=specifier.endswith(("/", "/.", "/..")) or specifier in (".", ".."))
        if found is None and "?" in specifier:
            return self._relative(folder, specifier.partition("?")[0])
        return found or NOT_IN_TREE

    def _bare(self, folder: str, specifier: str) -> Resolution:
        """Aliases first, then the package's own `#imports`, then packages of the repository, then the others."""
        aliased, is_alias = self._aliased(folder, specifier)
        if aliased:
            return aliased
        if specifier.startswith("#"):
            return self._internal(folder, specifier)
        name, subpath = _split(specifier.removeprefix("node:"))
        if _RUNTIME_MODULE.match(name):
            return Package(name, subpath)
        if not _PACKAGE_NAME.match(name):
            return NOT_IN_TREE if is_alias else NO_PACKAGE
        manifest = self._packages.found(folder, name)
        if manifest:
            return self._in_package(manifest, subpath) or NOT_IN_TREE
        if is_alias and not self._packages.is_declared(folder, name):
            return NOT_IN_TREE
        return Package(self._packages.real_name(folder, name), subpath)

    def _aliased(self, folder: str, specifier: str) -> tuple[_Found | None, bool]:
        """The file that `paths` or `baseUrl` lead to, and whether an alias claims the specifier for this repository.

        Only the nearest configuration may claim everything (`*`) or set a base: those above are there for editors.
        """
        claimed = False
        for number, settings in enumerate(self._configurations.of(folder)):
            found = self._first(settings.candidates(specifier) or ())
            if not found and number == 0 and settings.base is not None:
                found = self._first((joined(settings.base, specifier),))
            if found:
                return found, True
            claimed = claimed or settings.claims(specifier)
        return None, claimed

    def _internal(self, folder: str, specifier: str) -> Resolution:
        manifest = self._packages.manifest_of(folder)
        if manifest is None:
            return NO_PACKAGE
        for target in targets(manifest.imports, specifier):
            if not _is_relative(target):
                return self._bare(folder, target) if not target.startswith("#") else NO_PACKAGE
            found = self._target(manifest, target)
            if found:
                return found
        return NOT_IN_TREE

    def _in_package(self, manifest: Manifest, subpath: str) -> _Found | None:
        """The source file of a package of this repository."""
        key = f"./{subpath}" if subpath else "."
        exported = targets(manifest.exports, key) if manifest.exports is not None else iter(())
        found = (self._target(manifest, target) for target in exported)
        return next((path for path in found if path), None) or self._unexported(manifest, subpath)

    def _unexported(self, manifest: Manifest, subpath: str) -> _Found | None:
        """By the older fields, or where the source usually stands."""
        if subpath:
            places: Iterable[str] = (subpath, f"src/{subpath}")
        else:
            places = (*manifest.entries, "index", "src/index")
        found = (self._target(manifest, place) for place in places)
        return next((path for path in found if path), None)

    def _target(self, manifest: Manifest, target: str) -> _Found | None:
        """A target of a manifest: itself if it stands in the tree, else the source that it is built from."""
        for written in _sources(target):
            place = joined(manifest.folder, written)
            found = self._place(place) if place is not None and _is_within(place, manifest.folder) else None
            if found:
                return found
        return None

    def _first(self, places: Iterable[str | None]) -> _Found | None:
        found = (self._place(place) for place in places if place is not None)
        return next((path for path in found if path), None)

    def _place(self, place: str, *, is_directory: bool = False) -> _Found | None:
        """What an import of this path means: the file, with an ending, the directory's entry, or generated code."""
        if not is_directory:
            found = next((path for path in _spellings(place) if path in self.layout.files), None)
            if found:
                return ResolvedFile(found)
        entry = self._entry(place) if place in self.layout.folders else None
        return ResolvedFile(entry) if entry else self._generated.package_at(place)

    def _entry(self, folder: str) -> str | None:
        """What an import of a directory means."""
        if self.layout.named(folder, "package.json"):
            manifest = self._packages.manifest_of(folder)
            entries = manifest.entries if manifest and manifest.folder == folder else ()
            places = (joined(folder, written) for entry in entries for written in _sources(entry))
            spelled = (path for place in places if place is not None for path in _spellings(place))
            found = next((path for path in spelled if path in self.layout.files), None)
            if found:
                return found
        prefix = f"{folder}/index" if folder else "index"
        return next((f"{prefix}{ending}" for ending in _ENDINGS if f"{prefix}{ending}" in self.layout.files), None)

    def _configuration_package(self, folder: str, specifier: str) -> str | None:
        """Where a configuration that is inherited from a package of this repository stands."""
        name, subpath = _split(specifier)
        manifest = self._packages.found(folder, name)
        if manifest is None:
            return None
        exported = targets(manifest.exports, f"./{subpath}") if manifest.exports and subpath else iter(())
        places = (joined(manifest.folder, place) for place in (*exported, subpath))
        endings = ("", ".json", "/tsconfig.json")
        named = (f"{place}{ending}" for place in places if place is not None for ending in endings)
        return next((path for path in named if path in self.layout.files), None)

    def _text(self, path: str) -> bytes | None:
        """A small file; all that configure imports are read together, on first need."""
        if self._texts is None:
            wanted = [each for each in self.layout.files if _CONFIGURATION.search(each) and "node_modules/" not in each]
            self._texts = self._read(wanted)
        if path not in self._texts:
            self._texts |= self._read((path,))
        return self._texts[path]

    def _read(self, paths: Iterable[str]) -> dict[str, bytes | None]:
        wanted = tuple(paths)
        blobs: Mapping[str, object] = (found := self._files.read(wanted))
        return {path: found[path].content if path in blobs else None for path in wanted}


def _is_relative(specifier: str) -> bool:
    return specifier in (".", "..") or specifier.startswith(("./", "../"))


def _is_within(place: str, folder: str) -> bool:
    return not folder or place == folder or place.startswith(f"{folder}/")


def _split(specifier: str) -> tuple[str, str]:
    """Name and subpath of a package's specifier."""
    parts = specifier.split("/")
    count = 2 if specifier.startswith("@") else 1
    return "/".join(parts[:count]), "/".join(parts[count:])


def _spellings(place: str) -> Iterator[str]:
    """The paths that an import of `place` may mean, likeliest first; declarations are never meant."""
    stem, dot, last = place.rpartition(".")
    ending = f".{last}" if dot else ""
    if ending in _WRITTEN_FOR:
        yield from (f"{stem}{other}" for other in _WRITTEN_FOR[ending])
    elif ending and not place.endswith((".d.ts", ".d.mts", ".d.cts")):
        yield place
    yield from (f"{place}{other}" for other in _ENDINGS)


def _sources(target: str) -> Iterator[str]:
    """A target of a manifest, then the places that its source may have: `dist/a.js` is built from `src/a.ts`."""
    plain = re.sub(r"\.d\.([mc]?)ts$", r".\1js", target)
    yield plain
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    count = next((index for index, part in enumerate(parts) if part not in _BUILT), len(parts))
    for dropped in range(1, count + 1):
        rest = "/".join(parts[dropped:])
        yield from (f"src/{rest}", rest, f"source/{rest}")
        stem = re.sub(r"\.[mc]?js$", "", rest)
        yield from (f"src/{stem}", stem)
