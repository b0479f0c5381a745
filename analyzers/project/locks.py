"""Which version of a package a lock file says is installed, without reading all of it: they are large."""

from __future__ import annotations

import re

from preship.analyzers.project.files import Files
from preship.analyzers.project.jsonc import as_object, json_object
from preship.analyzers.project.layout import ancestors, folder_of

LOCKS = ("pnpm-lock.yaml", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "bun.lock")


def installed_version(files: Files, manifest: str, package: str, wanted: str) -> str | None:
    """The version that the nearest lock file has, or the one that the manifest names exactly."""
    known = frozenset(files.paths())
    folder = folder_of(manifest)
    for above in ancestors(folder):
        for name in LOCKS:
            path = f"{above}/{name}".lstrip("/")
            blob = files.read([path]).get(path) if path in known else None
            found = (
                locked_version(name, blob.content, folder[len(above) :].strip("/"), package, wanted) if blob else None
            )
            if found is not None:
                return found
    exact = re.fullmatch(r"[=v]?(\d+\.\d+\.\d+[\w.+-]*)", wanted.strip())
    return exact[1] if exact else None


def locked_version(name: str, content: bytes, folder: str, package: str, wanted: str) -> str | None:
    """The version that a lock file called `name` has of a package for the workspace in `folder`, seen from the lock."""
    if name in ("package-lock.json", "npm-shrinkwrap.json"):
        return _npm(content, folder, package)
    text = content.decode("utf-8", "replace")
    if name == "pnpm-lock.yaml":
        return _pnpm(text, folder, package)
    return _yarn(text, package, wanted) if name == "yarn.lock" else _bun(text, package)


def _npm(content: bytes, folder: str, package: str) -> str | None:
    """https://docs.npmjs.com/cli/configuring-npm/package-lock-json#packages"""
    lock = json_object(content)
    installed = as_object(lock.get("packages"))
    places = (f"{above}/node_modules/{package}".lstrip("/") for above in ancestors(folder))
    found = next((as_object(installed[place]) for place in places if place in installed), None)
    found = found or as_object(as_object(lock.get("dependencies")).get(package))
    version = found.get("version")
    return version if isinstance(version, str) else None


def _pnpm(text: str, folder: str, package: str) -> str | None:
    """The importer's own entry; older locks of one package have no importers."""
    importer = re.search(rf"(?m)^  ['\"]?{re.escape(folder or '.')}['\"]?:\s*\n((?:    .*\n|\s*\n)*)", text)
    block = importer[1] if importer else text if "\nimporters:" not in f"\n{text}" else ""
    name = rf"(?m)^ +['\"]?{re.escape(package)}['\"]?:"
    entry = re.search(rf"{name}\s*(?:\n +specifier:.*\n +version:)?\s*(\d[0-9A-Za-z.+-]*)", block)
    return entry[1] if entry else None


def _yarn(text: str, package: str, wanted: str) -> str | None:
    """Entries begin with what is asked for: `next@^15.0.0:`, `"next@npm:^15.0.0":`."""
    asked = rf"{re.escape(package)}@(?:npm:)?{re.escape(wanted)}"
    entry = re.search(rf"(?m)^(?:\S.*[ \",])?\"?{asked}[\",:].*\n +version:? \"?([^\s\"]+)", text)
    return entry[1] if entry else None


def _bun(text: str, package: str) -> str | None:
    entry = re.search(rf"\"{re.escape(package)}\": \[\"{re.escape(package)}@([^\"]+)\"", text)
    return entry[1] if entry else None
