"""Which files are no part of what is built: the project's own configuration leaves them out, and no route reaches them.

Next.js compiles what its routes import. A copy of the application that lies beside it is compiled by nobody.
https://nextjs.org/docs/app/getting-started/project-structure
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from preship.analyzers.project.jsonc import as_strings, json_object
from preship.analyzers.project.layout import ancestors, folder_of, is_installed
from preship.analyzers.project.project import Project
from preship.analyzers.project.routes import Routes

CONFIGURATION = re.compile(r"(.*/)?[tj]sconfig\.json")

STARTED = re.compile(r"(.*/)?(middleware|proxy|instrumentation|instrumentation-client)\.[jt]s")
"""Files beside the routes that Next.js runs by itself."""


def unbuilt(project: Project, routes: Routes, paths: Iterable[str]) -> frozenset[str]:
    """Those of some files that are excluded and that nothing reaches which Next.js runs."""
    excluded = exclusions(project)
    return frozenset(path for path in paths if is_excluded(path, excluded) and not is_reached(project, routes, path))


def exclusions(project: Project) -> Mapping[str, tuple[str, ...]]:
    """What the compiler's configurations exclude, by the folder in which they stand.

    https://www.typescriptlang.org/tsconfig/#exclude
    """
    places = [path for path in project.files.paths() if CONFIGURATION.fullmatch(path) and not is_installed(path)]
    blobs = project.files.read(sorted(places))
    return {folder_of(path): as_strings(json_object(blob.content).get("exclude")) for path, blob in blobs.items()}


def is_excluded(path: str, excluded: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the nearest configuration excludes a file."""
    nearest = next((folder for folder in ancestors(folder_of(path)) if folder in excluded), None)
    if nearest is None:
        return False
    inside = path.removeprefix(f"{nearest}/") if nearest else path
    return any(as_pattern(each).match(inside) for each in excluded[nearest])


def is_reached(project: Project, routes: Routes, path: str) -> bool:
    """Whether a file is, or is imported by, one that Next.js runs by itself."""
    users = project.importers_closure({path})
    return any(user in routes.entries or STARTED.fullmatch(user) for user in users)


@lru_cache(maxsize=256)
def as_pattern(text: str) -> re.Pattern[str]:
    """What a pattern of `exclude` matches: a file, or a folder with all inside; `*` stays within a folder."""
    parts = [part for part in text.strip().strip("/").split("/") if part != "."]
    found = "/".join(re.escape(part).replace(r"\*", "[^/]*").replace(r"\?", "[^/]") for part in parts)
    any_depth = re.escape("**").replace(r"\*", "[^/]*")
    return re.compile(found.replace(f"{any_depth}/", "(?:.*/)?").replace(any_depth, ".*") + r"(?:/|$)")
