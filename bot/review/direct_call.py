"""Item G of the checklist: the command that calls an action directly, as anyone on the internet can.

The command is printed, never run. Its arguments can match no record, so that an action without a guard does no harm.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence

from preship.analyzers.analysis import DeclaredParameter, JudgedAction
from preship.bot.review.markdown import fenced, visible

# The ids of a build, with names where Next.js notes them (since 16):
# https://github.com/vercel/next.js, `flight-client-entry-plugin.ts`, type `ActionManifest`.
IDS_COMMAND = (
    """node -e 'const m = require("./.next/server/server-reference-manifest.json");"""
    """ for (const [id, a] of Object.entries({ ...m.node, ...m.edge }))"""
    """ console.log(id, a.exportedName ?? "", a.filename ?? Object.keys(a.workers).join(" "))'"""
)

NO_RECORD = "preship-no-such-record"
"""An argument that can name nothing."""

_FORM = object()
"""Stands for a `FormData` among the arguments."""

BODIES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
"""Methods with which a body is sent."""

_PARTS = {"string": NO_RECORD, "number": -1, "bigint": -1, "boolean": False}


def direct_calls(actions: Sequence[JudgedAction]) -> str:
    """How to call actions and route handlers without a session: where ids are found, and a command a line."""
    handlers = [each for each in actions if each.address]
    called = [each for each in actions if not each.address]
    parts: list[str] = []
    if called:
        parts += [
            "After `next build`, the first line prints the id of every action. The others call one each; put in its id,"
            " and behind the host the path of a page that uses it. Who is refused gets a denial or a redirect to sign"
            " in. The arguments name no record.",
            fenced("\n".join([IDS_COMMAND, *map(_command, called)]), "sh"),
        ]
    if handlers:
        parts += [
            "Each line calls a route handler. Who is refused gets the status 401 or 403, or a redirect to sign in. What"
            " is sent names no record.",
            fenced("\n".join(map(_request, handlers)), "sh"),
        ]
    return "\n\n".join(parts)


def _request(handler: JudgedAction) -> str:
    """The curl command for a route handler: its method, and its path with names of no record in it."""
    path = re.sub(r"\[\[?[^/]*\]\]?", NO_RECORD, visible(handler.address, 200))
    start = f"curl -i -X {visible(handler.name or '', 10)} {shlex.quote(f'http://localhost:3000{path}')}"
    if handler.name not in BODIES:
        return start
    return f"{start} -H 'Content-Type: application/json' --data-raw {shlex.quote(json.dumps({'id': NO_RECORD}))}"


def _command(action: JudgedAction) -> str:
    """The curl command for one action, on one line."""
    place = visible(f"{action.path}:{action.line}")
    name = visible(action.name, 80) if action.name else place
    return _curl(name, [_argument(declared) for declared in action.parameters])


def _curl(name: str, arguments: list[object]) -> str:
    header = shlex.quote(f"Next-Action: <id of {name}>")
    start = f"curl -i http://localhost:3000/ -H {header}"
    if _FORM in arguments:
        # React's encoding of a form among the arguments: "$K1" stands for the fields whose names begin with "1_", and
        # with "_1_" in the React of Next.js 15 and 16; either passes over the other.
        encoded = json.dumps(["$K1" if argument is _FORM else argument for argument in arguments])
        return f"{start} -F '1_id={NO_RECORD}' -F '_1_id={NO_RECORD}' -F {shlex.quote(f'0={encoded}')}"
    encoded = json.dumps(arguments)
    return f"{start} -H 'Content-Type: text/plain;charset=UTF-8' --data-raw {shlex.quote(encoded)}"


def _argument(declared: DeclaredParameter) -> object:
    """A harmless value for a parameter: `id: string`, `{ id }: Input`, `form: FormData`."""
    kind = declared.type_text
    if kind.startswith("FormData"):
        return _FORM
    if kind.endswith("[]") or re.match(r"(Readonly)?Array<", kind):
        return []
    if kind in _PARTS:
        return _PARTS[kind]
    # Never an empty object: as a filter it would match every record.
    return {"id": NO_RECORD} if kind else NO_RECORD
