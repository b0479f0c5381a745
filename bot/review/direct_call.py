"""Item G of the checklist: the command that calls an action directly, as anyone on the internet can.

The command is printed, never run. Its arguments can match no record, so that an action without a guard does no harm.
"""

from __future__ import annotations

import json
import re
import shlex

from analyzers.analysis import JudgedAction
from bot.review.markdown import fenced, visible

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

_PARTS = {"string": NO_RECORD, "number": -1, "bigint": -1, "boolean": False}


def direct_call(action: JudgedAction) -> str:
    """The curl command for one action, as a code block."""
    name = visible(action.name, 80) if action.name else "the inline action"
    place = visible(f"{action.path}:{action.line}")
    return fenced(f"# {name}, {place}\n{_curl(name, [_argument(text) for text in action.parameters])}", "sh")


def _curl(name: str, arguments: list[object]) -> str:
    header = shlex.quote(f"Next-Action: <id of {name}>")
    start = f"curl -i http://localhost:3000/ -H {header}"
    if _FORM in arguments:
        # React's encoding of a form among the arguments: "$K1" stands for the fields whose names begin with "1_".
        encoded = json.dumps(["$K1" if argument is _FORM else argument for argument in arguments])
        return f"{start} -F '1_id={NO_RECORD}' -F {shlex.quote(f'0={encoded}')}"
    encoded = json.dumps(arguments)
    return f"{start} -H 'Content-Type: text/plain;charset=UTF-8' --data-raw {shlex.quote(encoded)}"


def _argument(parameter: str) -> object:
    """A harmless value for a parameter as it is written: `id: string`, `{ id }: Input`, `form: FormData`."""
    declared = parameter.split("=")[0].strip()
    pattern, _, kind = declared.rpartition(":")
    kind = kind.strip()
    if kind.startswith("FormData"):
        return _FORM
    if kind.endswith("[]") or re.match(r"(Readonly)?Array<", kind):
        return []
    if kind in _PARTS:
        return _PARTS[kind]
    is_object = declared.startswith("{") or bool(pattern and kind)
    # Never an empty object: as a filter it would match every record.
    return {"id": NO_RECORD} if is_object else NO_RECORD
