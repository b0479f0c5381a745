"""What tsconfig.json and jsconfig.json say about imports: `paths`, `baseUrl`, `extends` and project references.

https://www.typescriptlang.org/docs/handbook/modules/reference.html#paths
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from preship.analyzers.project.jsonc import as_object, as_strings, json_object
from preship.analyzers.project.layout import Layout, ancestors, folder_of, joined

_NAMES = ("tsconfig.json", "jsconfig.json")

_EXTENDS_LIMIT = 16
"""Configurations that one may inherit from: real chains have at most five."""

ReadText = Callable[[str], bytes | None]
"""The bytes of a small file, or None."""

FindPackage = Callable[[str, str], str | None]
"""Where (a file) a configuration inherited from a package of this repository stands: from a directory, by specifier."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One entry of `paths`."""

    prefix: str
    """What stands before the `*`, or the whole pattern."""

    suffix: str | None
    """What stands behind the `*`; None for a pattern without one."""

    targets: tuple[str, ...]
    """Paths from the root of the repository, with `*` where the pattern has it."""

    def matched(self, specifier: str) -> str | None:
        """What the `*` stands for in a specifier; empty for an exact match, None for no match."""
        if self.suffix is None:
            return "" if specifier == self.prefix else None
        if len(specifier) < len(self.prefix) + len(self.suffix):
            return None
        if not (specifier.startswith(self.prefix) and specifier.endswith(self.suffix)):
            return None
        return specifier[len(self.prefix) : len(specifier) - len(self.suffix)]


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """What one configuration says, with all that it inherits."""

    aliases: tuple[Alias, ...] = ()
    """Best match first: exact patterns, then by the length of their prefix."""

    base: str | None = None
    """The directory of `baseUrl`."""

    references: tuple[str, ...] = ()
    """Directories or files of referenced projects."""

    def claims(self, specifier: str) -> bool:
        """Whether an alias says that a specifier means this repository: `@/*` does, `*` and `@*` do not."""
        return any(alias.prefix not in ("", "@") and alias.matched(specifier) is not None for alias in self.aliases)

    def candidates(self, specifier: str) -> tuple[str, ...] | None:
        """The paths that the best alias gives to a specifier; None where no alias matches."""
        for alias in self.aliases:
            star = alias.matched(specifier)
            if star is not None:
                places = (joined("", target.replace("*", star, 1)) for target in alias.targets)
                return tuple(place for place in places if place is not None)
        return None


class Configurations:
    """The configurations of a tree, each read once."""

    def __init__(self, layout: Layout, read: ReadText, find_package: FindPackage) -> None:
        self._layout = layout
        self._read = read
        self._find_package = find_package
        self._settings: dict[str, ImportSettings] = {}
        self._by_folder: dict[str, tuple[ImportSettings, ...]] = {}

    def of(self, folder: str) -> tuple[ImportSettings, ...]:
        """The settings for files of a directory: the nearest configuration's, its references', then those above."""
        if folder not in self._by_folder:
            found = (self._layout.named(above, name) for above in ancestors(folder) for name in _NAMES)
            self._by_folder[folder] = tuple(each for path in found if path for each in self._with_references(path))
        return self._by_folder[folder]

    def _with_references(self, path: str) -> Iterator[ImportSettings]:
        settings = self._settings_of(path)
        yield settings
        for reference in settings.references:
            target = reference if reference in self._layout.files else self._layout.named(reference, _NAMES[0])
            if target and target != path:
                yield self._settings_of(target)

    def _settings_of(self, path: str) -> ImportSettings:
        if path not in self._settings:
            self._settings[path] = self._inherited(path, folder_of(path), ())
        return self._settings[path]

    def _inherited(self, path: str, leaf: str, trail: tuple[str, ...]) -> ImportSettings:
        """One configuration over those that it extends; of several, the last one wins."""
        content = self._read(path)
        if content is None or path in trail or len(trail) > _EXTENDS_LIMIT:
            return ImportSettings()
        raw = json_object(content)
        settings = ImportSettings()
        for parent in self._parents(raw, folder_of(path)):
            settings = _over(settings, self._inherited(parent, leaf, (*trail, path)))
        return _over(settings, _own(raw, folder_of(path), leaf))

    def _parents(self, raw: Mapping[str, object], folder: str) -> Iterator[str]:
        for specifier in as_strings(raw.get("extends")):
            found = (
                self._beside(folder, specifier) if specifier.startswith(".") else self._in_package(folder, specifier)
            )
            if found:
                yield found

    def _beside(self, folder: str, specifier: str) -> str | None:
        return self._first((joined(folder, specifier),))

    def _in_package(self, folder: str, specifier: str) -> str | None:
        return self._first((self._find_package(folder, specifier),))

    def _first(self, places: tuple[str | None, ...]) -> str | None:
        """The file at a place, with the endings that TypeScript adds."""
        endings = ("", ".json", "/tsconfig.json")
        named = (f"{place}{ending}" for place in places if place is not None for ending in endings)
        return next((path for path in named if path in self._layout.files), None)


def _own(raw: Mapping[str, object], folder: str, leaf: str) -> ImportSettings:
    """What a configuration says itself. `leaf` is the directory of the one that inherits it: `${configDir}`."""
    options = as_object(raw.get("compilerOptions"))
    base_url = options.get("baseUrl")
    base = _placed(base_url, folder, leaf) if isinstance(base_url, str) else None
    origin = base if base is not None else folder
    paths = as_object(options.get("paths"))
    aliases = (_alias(pattern, as_strings(targets), origin, leaf) for pattern, targets in paths.items())
    ordered = sorted(aliases, key=lambda alias: (alias.suffix is not None, -len(alias.prefix)))
    return ImportSettings(tuple(ordered), base, tuple(_references(raw, folder)))


def _alias(pattern: str, targets: tuple[str, ...], origin: str, leaf: str) -> Alias:
    prefix, star, suffix = pattern.partition("*")
    placed = (_placed(target, origin, leaf) for target in targets)
    return Alias(prefix, suffix if star else None, tuple(target for target in placed if target is not None))


def _placed(target: str, folder: str, leaf: str) -> str | None:
    """A path of a configuration, from the root of the repository."""
    if target.startswith("${configDir}"):
        return joined(leaf, target.removeprefix("${configDir}"))
    return None if target.startswith("/") else joined(folder, target)


def _references(raw: Mapping[str, object], folder: str) -> Iterator[str]:
    references = raw.get("references")
    for reference in references if isinstance(references, list) else []:
        path = as_object(reference).get("path")
        place = joined(folder, path) if isinstance(path, str) else None
        if place is not None:
            yield place


def _over(below: ImportSettings, above: ImportSettings) -> ImportSettings:
    """`above` where it says something, else what it inherits; references are not inherited."""
    merged = replace(above, base=above.base if above.base is not None else below.base)
    return merged if above.aliases else replace(merged, aliases=below.aliases)
