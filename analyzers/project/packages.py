"""Packages that live in the repository itself: their manifests, the workspaces they belong to, and what they export.

https://nodejs.org/api/packages.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import yaml

from preship.analyzers.project.jsonc import as_object, as_strings, json_object
from preship.analyzers.project.layout import Layout, ancestors, folder_of, joined
from preship.analyzers.project.tsconfig import ReadText

_USUAL_CONDITIONS = ("import", "require", "node", "module", "module-sync", "production", "default")
"""Tried before those that only a tool of the author's own sets, for tests or previews of components."""

_LAST_CONDITIONS = ("browser", "worker", "edge-light", "types")
"""Tried after all others: a Server Action runs in Node, and declarations do not run."""

_FIRST_CONDITIONS = ("source", "react-server")
"""Tried before all others: what the author calls the source, and the layer in which actions run."""

_NESTING_LIMIT = 12
"""Conditions within conditions: real manifests nest three deep."""

_GLOB_LIMIT = 300
"""Characters of a workspace glob."""

_STARS_LIMIT = 6
"""Stars of a workspace glob: each makes matching slower by a power, and real ones have at most three."""

_YAML_LIMIT_BYTES = 100_000
"""Of a pnpm-workspace.yaml: with every catalog real ones have ten thousand, and each byte costs ten microseconds."""

_NOTHING = re.compile(r"(?!)")

_LINKED = re.compile(r"^(?:link|file|portal):(?P<place>.+)$")
_MAJOR = re.compile(r"[\^~=v]?(\d+)\b")
_TAG = re.compile(r"[a-z]+")
_RENAMED = re.compile(r"^npm:(?P<name>@?[^@]+)")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One package.json."""

    folder: str
    name: str
    version: str
    """As written; empty where there is none."""

    entries: tuple[str, ...]
    """`source`, `module`, `main` and `types`, in the order in which source code is looked for."""

    exports: object
    """The raw `exports` field."""

    imports: Mapping[str, object]
    """The raw `imports` field."""

    dependencies: Mapping[str, str] = field(default_factory=dict)
    """Versions by name, of every kind of dependency."""


class Packages:
    """The packages of a tree."""

    def __init__(self, layout: Layout, read: ReadText) -> None:
        self._layout = layout
        self._read = read
        self._manifests: dict[str, Manifest | None] = {}
        self._members: Mapping[str, tuple[str, ...]] | None = None

    def manifest_of(self, folder: str) -> Manifest | None:
        """The nearest manifest at or above a directory."""
        found = (self._manifest(above) for above in ancestors(folder))
        return next((manifest for manifest in found if manifest), None)

    def found(self, importer: str, name: str) -> Manifest | None:
        """The package of this repository that an import from a directory means by `name`, if it is one.

        A package means itself by its own name where it says what it exports, or installs no other of that name.
        https://nodejs.org/api/packages.html#self-referencing-a-package-using-its-name
        """
        own = self.manifest_of(importer)
        linked = self._linked(own, name) if own else None
        if linked is not None:
            return linked
        wanted = own.dependencies.get(name, "") if own else ""
        if own is not None and own.name == name:
            return own if own.exports is not None or not wanted else None
        member = self._nearest(importer, self._workspace_members().get(name, ()))
        return member if member and _may_mean(wanted, member.version) else None

    def is_declared(self, importer: str, name: str) -> bool:
        """Whether a manifest at or above a directory lists `name` among its dependencies."""
        manifests = (self._manifest(above) for above in ancestors(importer))
        return any(manifest is not None and name in manifest.dependencies for manifest in manifests)

    def real_name(self, importer: str, name: str) -> str:
        """The name on the registry: `npm:` versions give packages another one."""
        own = self.manifest_of(importer)
        renamed = _RENAMED.match(own.dependencies.get(name, "")) if own else None
        return renamed["name"] if renamed else name

    def _linked(self, own: Manifest, name: str) -> Manifest | None:
        link = _LINKED.match(own.dependencies.get(name, ""))
        place = joined(own.folder, link["place"]) if link else None
        return self._manifest(place) if place is not None else None

    def _nearest(self, importer: str, folders: tuple[str, ...]) -> Manifest | None:
        """Of packages with the same name, the one that shares most of its path with the importer."""
        ordered = sorted(folders, key=lambda folder: (-_shared(folder, importer), folder))
        return next((self._manifest(folder) for folder in ordered), None)

    def _workspace_members(self) -> Mapping[str, tuple[str, ...]]:
        """Directories by package name, of all workspaces. A package outside of them is not what an import means."""
        if self._members is None:
            members: dict[str, tuple[str, ...]] = {}
            for folder in self._member_folders():
                manifest = self._manifest(folder)
                if manifest and manifest.name:
                    members[manifest.name] = (*members.get(manifest.name, ()), folder)
            self._members = members
        return self._members

    def _member_folders(self) -> Iterator[str]:
        with_manifest = sorted(folder_of(path) for path in self._layout.files if _is_manifest(path))
        workspaces = [(root, patterns) for root in self._roots() if (patterns := self._patterns(root))]
        for folder in with_manifest:
            if any(_is_member(folder, root, patterns) for root, patterns in workspaces):
                yield folder

    def _roots(self) -> list[str]:
        names = ("package.json", "pnpm-workspace.yaml", "pnpm-workspace.yml", "lerna.json")
        return sorted({folder_of(path) for path in self._layout.files if path.rpartition("/")[2] in names})

    def _patterns(self, root: str) -> tuple[str, ...]:
        """The globs of a workspace root, of whichever package manager."""
        in_manifest = json_object(self._text(root, "package.json")).get("workspaces")
        nested = as_object(in_manifest).get("packages") if isinstance(in_manifest, dict) else in_manifest
        in_lerna = json_object(self._text(root, "lerna.json")).get("packages")
        return as_strings(nested) + as_strings(in_lerna) + self._pnpm_patterns(root)

    def _pnpm_patterns(self, root: str) -> tuple[str, ...]:
        text = self._text(root, "pnpm-workspace.yaml") or self._text(root, "pnpm-workspace.yml")
        if len(text) > _YAML_LIMIT_BYTES:
            return ()
        try:
            # The loader that knows only strings, lists and mappings: merge keys (`<<`) could be nested to explode.
            raw = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it builds nothing but these
        except (yaml.YAMLError, ValueError, RecursionError):
            return ()
        return as_strings(as_object(raw).get("packages"))

    def _manifest(self, folder: str) -> Manifest | None:
        if folder not in self._manifests:
            path = self._layout.named(folder, "package.json")
            content = self._read(path) if path else None
            self._manifests[folder] = None if content is None else _manifest(folder, json_object(content))
        return self._manifests[folder]

    def _text(self, folder: str, name: str) -> bytes:
        path = self._layout.named(folder, name)
        return (self._read(path) if path else None) or b""


def targets(field_value: object, key: str) -> Iterator[str]:
    """Every target that `exports` or `imports` has for a key such as `./sub` or `#internal`, likeliest source first.

    A pattern's `*` is filled in; conditions are not chosen among but ordered: the caller takes the first that exists.
    """
    table = as_object(field_value)
    if not any(name.startswith((".", "#")) for name in table):
        table = {".": field_value}
    if key in table:
        yield from _conditional(table[key], "", 0)
        return
    patterns = sorted((name for name in table if "*" in name), key=lambda name: -len(name.partition("*")[0]))
    for pattern in patterns:
        prefix, _, suffix = pattern.partition("*")
        if key.startswith(prefix) and key.endswith(suffix) and len(key) >= len(prefix) + len(suffix):
            yield from _conditional(table[pattern], key[len(prefix) : len(key) - len(suffix)], 0)
            return


def _conditional(target: object, star: str, depth: int) -> Iterator[str]:
    if isinstance(target, str):
        yield target.replace("*", star)
    elif isinstance(target, list) and depth < _NESTING_LIMIT:
        for item in target:
            yield from _conditional(item, star, depth + 1)
    elif isinstance(target, dict) and depth < _NESTING_LIMIT:
        for _, item in sorted(target.items(), key=lambda entry: _rank(entry[0])):
            yield from _conditional(item, star, depth + 1)


def _rank(condition: str) -> int:
    """Where a condition stands in the order of trial; equal ranks keep the manifest's order."""
    if condition in _FIRST_CONDITIONS:
        return _FIRST_CONDITIONS.index(condition)
    own, last = len(_FIRST_CONDITIONS) + 1, len(_FIRST_CONDITIONS) + 2
    if condition in _LAST_CONDITIONS:
        return last + _LAST_CONDITIONS.index(condition)
    return own - 1 if condition in _USUAL_CONDITIONS else own


def _may_mean(wanted: str, version: str) -> bool:
    """Whether a member of a workspace can be the package that a dependency asks for.

    A package on the registry may have the same name; then the major version tells them apart. A tag means that one.
    https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies
    """
    if _TAG.fullmatch(wanted):
        return False
    asked, offered = _MAJOR.match(wanted), _MAJOR.match(version)
    return asked is None or (offered is not None and asked[1] == offered[1])


def _manifest(folder: str, raw: Mapping[str, object]) -> Manifest:
    name, version = raw.get("name"), raw.get("version")
    entries = (raw.get(key) for key in ("source", "module", "main", "types", "typings"))
    kinds = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
    versions = {key: value for kind in kinds for key, value in as_object(raw.get(kind)).items()}
    return Manifest(
        folder,
        name if isinstance(name, str) else "",
        version if isinstance(version, str) else "",
        tuple(entry for entry in entries if isinstance(entry, str)),
        raw.get("exports"),
        as_object(raw.get("imports")),
        {key: value for key, value in versions.items() if isinstance(value, str)},
    )


def _is_manifest(path: str) -> bool:
    return path.rpartition("/")[2] == "package.json" and "node_modules/" not in path


def _is_member(folder: str, root: str, patterns: tuple[str, ...]) -> bool:
    """Whether a directory below a workspace root is one of its packages; the root itself always is."""
    if folder == root:
        return True
    if root and not folder.startswith(f"{root}/"):
        return False
    relative = folder[len(root) + 1 :] if root else folder
    chosen = [pattern for pattern in patterns if not pattern.startswith("!")]
    excluded = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return any(_glob(pattern).fullmatch(relative) for pattern in chosen) and not any(
        _glob(pattern).fullmatch(relative) for pattern in excluded
    )


@lru_cache(maxsize=256)
def _glob(pattern: str) -> re.Pattern[str]:
    """A workspace glob: `*` within a name, `**` across names, `{a,b}` for either."""
    cleaned = "/".join(part for part in pattern.split("/") if part not in ("", "."))
    if cleaned.count("*") > _STARS_LIMIT or len(cleaned) > _GLOB_LIMIT:
        return _NOTHING
    return re.compile(_expression(cleaned))


def _expression(glob: str) -> str:
    return "".join(_token(token) for token in re.split(r"(\*\*/?|\*|\?|\{[^{}]*\})", glob))


def _token(token: str) -> str:
    fixed = {"**/": "(?:[^/]+/)*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if token in fixed:
        return fixed[token]
    if token.startswith("{") and token.endswith("}"):
        return f"(?:{'|'.join(_expression(choice) for choice in token[1:-1].split(','))})"
    return re.escape(token)


def _shared(one: str, other: str) -> int:
    """How many leading directories two paths have in common."""
    count = 0
    for mine, theirs in zip(one.split("/"), other.split("/"), strict=False):
        if mine != theirs:
            break
        count += 1
    return count
