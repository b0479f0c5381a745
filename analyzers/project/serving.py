"""Whether a build makes an endpoint of what a module of actions exports: that hangs on who imports its file.

Seen in builds of Next.js 14.2, 15.5 and 16.4, each export then called over the network. Which of them answer:

| who imports the file | built by webpack | built by Turbopack |
|---|---|---|
| pages and layouts, or what they load on the server, other actions and `import()` included | all | all |
| code of browsers only | all | those that this code uses |
| other actions only, which code of browsers uses, or what those load | none | none |
| route handlers only (from 15.5 on they stand in the manifest all the same) | none | none |
| the Pages Router, `instrumentation.ts`, types only, client components that no page renders, nobody | none | none |

Turbopack builds from Next.js 16 on, before that where `next build --turbopack` asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from preship.analyzers.project.jsonc import as_object, json_object
from preship.analyzers.project.layout import ancestors, folder_of
from preship.analyzers.project.locks import installed_version
from preship.analyzers.project.project import Project
from preship.analyzers.project.uses import TESTS

_RENDERED = re.compile(
    r"(^|/)app/(.*/)?(page|layout|template|default|error|global-error|loading|not-found|forbidden|unauthorized)"
    r"\.([jt]sx?|mdx?)$"
)
"""Files of the app directory that are rendered. https://nextjs.org/docs/app/api-reference/file-conventions"""

_CALLED_BY_THE_SERVER = re.compile(
    r"(^|/)app/(.*/)?(route|sitemap|robots|manifest|(opengraph|twitter)-image|icon|apple-icon)\.[jt]sx?$"
    r"|(^|/)(middleware|proxy|instrumentation(-node)?)\.[jt]s$"
    r"|(^|/)pages/.+\.[jt]sx?$"
)
"""Files that Next.js calls and beneath which it serves no actions."""

_MAJOR = re.compile(r"\D*(\d+)\.")
_SWITCH = re.compile(r"\bnext build\b.*--(webpack|turbo(?:pack)?)\b")


class Served(StrEnum):
    """Whether an export of a module of actions answers over the network."""

    YES = "yes"
    BY_WEBPACK = "by webpack"
    """Browsers use another export of its file: webpack serves all of them, Turbopack only what is used."""

    NO = "no"
    """Nothing that is rendered loads its file."""

    UNSEEN = "could not see"
    """What imports it is itself imported by nothing that is known."""


class _End(StrEnum):
    """Where the imports of a file end, looked at from the file upwards."""

    RENDERED = "rendered"
    BROWSER = "browser"
    SERVER = "server"
    UNKNOWN = "unknown"


def serving(project: Project, path: str) -> Served:
    """Whether an export of the module of actions at `path`, which no code of browsers uses, answers."""
    ends: set[_End] = set()
    for end in _ends(project, path):
        if end is _End.RENDERED:
            return Served.YES
        ends.add(end)
    if _End.BROWSER in ends:
        return Served.BY_WEBPACK
    return Served.UNSEEN if _End.UNKNOWN in ends else Served.NO


def _ends(project: Project, path: str) -> Iterator[_End]:
    """Where the imports of a module of actions end.

    What browsers use is left out where another module of actions stands between: they never load what is behind it.
    """
    waiting = [(path, True)]
    seen = set(waiting)
    while waiting:
        current, is_direct = waiting.pop()
        for importer in project.importers_of(current):
            end = _end(project, importer)
            if end is None:
                step = (importer, is_direct and not _says(project, importer, "use server"))
                if step not in seen:
                    seen.add(step)
                    waiting.append(step)
            elif end is not _End.BROWSER or is_direct:
                yield end


def _end(project: Project, importer: str) -> _End | None:
    """What an importer is, where it is the last; None where its own importers decide."""
    if _says(project, importer, "use client"):
        return _End.BROWSER
    if _RENDERED.search(importer):
        return _End.RENDERED
    if TESTS.search(importer) or _CALLED_BY_THE_SERVER.search(importer):
        return _End.SERVER
    if not project.importers_of(importer):
        return _End.SERVER if _says(project, importer, "use server") else _End.UNKNOWN
    return None


def _says(project: Project, path: str, directive: str) -> bool:
    module = project.module(path)
    return module is not None and directive in module.directives


def is_built_by_turbopack(project: Project, path: str) -> bool | None:
    """Whether Turbopack builds the application of a file; None where its manifest does not tell."""
    for folder in ancestors(folder_of(path)):
        manifest = f"{folder}/package.json".lstrip("/")
        blob = project.files.read([manifest]).get(manifest)
        raw = json_object(blob.content) if blob is not None else {}
        wanted = {**as_object(raw.get("devDependencies")), **as_object(raw.get("dependencies"))}.get("next")
        if isinstance(wanted, str):
            version = installed_version(project.files, manifest, "next", wanted) or wanted
            return _is_turbopack(str(as_object(raw.get("scripts")).get("build", "")), version)
    return None


def _is_turbopack(script: str, version: str) -> bool | None:
    if switch := _SWITCH.search(script):
        return switch[1] != "webpack"
    major = _MAJOR.match(version)
    return int(major[1]) >= 16 if major is not None else None
