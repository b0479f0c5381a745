"""What Node.js gives: the environment, files, processes, cryptography, and the global `fetch`."""

from __future__ import annotations

from analyzers.flow.effects import EffectKind
from analyzers.flow.facts import Remote, Secret
from analyzers.flow.library import Arguments, Calling
from analyzers.flow.values import (
    PLAIN,
    Library,
    Promise,
    Unknown,
    Value,
    of,
    origins_of,
    text_of,
    unknown,
)
from analyzers.knowledge.rows import Shelf, effect, text
from analyzers.knowledge.services import response, spoken_as


def environment(library: Library, name: str) -> Value | None:
    """`process.env.NAME`: secret, unless Next.js itself would print it into the page.

    https://nextjs.org/docs/app/guides/environment-variables#bundling-environment-variables-for-the-browser
    """
    if library.path == ("env",):
        is_public = name.startswith("NEXT_PUBLIC_") or name in {"NODE_ENV", "VERCEL_ENV", "VERCEL_URL", "CI", "PORT"}
        return of(Unknown(frozenset() if is_public else frozenset({Secret(name)}), is_primitive=True))
    return None


def fetched(library: Library, given: Arguments, calling: Calling) -> Value:
    """`fetch(url, options)`."""
    calling.may_fail()
    host = text_of(given.at(0)) or "another service"
    calling.emit(EffectKind.FETCH, host, "fetch", key=given.at(0), data=given.at(1), client=spoken_as(library, given))
    return of(Promise(response(unknown({Remote(host)} | origins_of(given.at(0))))))


SHELVES = (
    Shelf(frozenset({"process"}), "https://nodejs.org/api/process.html", read=environment),
    Shelf(frozenset({"fetch"}), "https://developer.mozilla.org/docs/Web/API/fetch", {(): fetched}),
    Shelf(
        frozenset({"fs", "fs/promises", "node:fs", "node:fs/promises"}),
        "https://nodejs.org/api/fs.html",
        otherwise=effect(EffectKind.FILE, key=0, data=1),
    ),
    Shelf(
        frozenset({"child_process", "node:child_process"}),
        "https://nodejs.org/api/child_process.html",
        otherwise=effect(EffectKind.RUN, key=0, data=1),
    ),
    Shelf(frozenset({"crypto", "node:crypto"}), "https://nodejs.org/api/crypto.html", otherwise=text),
    Shelf(frozenset({"path", "node:path"}), "https://nodejs.org/api/path.html", otherwise=text),
)

GLOBALS: dict[str, Value] = {"process": of(Library("process")), "fetch": of(Library("fetch")), "__dirname": PLAIN}
