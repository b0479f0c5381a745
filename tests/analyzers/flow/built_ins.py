"""Every member of every built-in, as the runtime itself lists them, and an action that uses it before a delete."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.npm_modules import run_node

SCRIPT = Path(__file__).parents[2] / "npm" / "builtins.cjs"

ACTIONS_OF_A_FILE = 25
"""More make discovery slow, which looks at the whole file for each."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A built-in, or an object that one makes."""

    name: str
    """What it is called: `Map`, `Map.prototype`, `(a) => a`."""

    type: str | None
    """The class that a parameter is declared with, for what is an instance of one."""

    made: str | None
    """An expression that gives it; None where only a parameter does."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a built-in."""

    owner: Owner
    name: str
    is_symbol: bool
    is_called: bool

    @property
    def title(self) -> str:
        """What a person calls it: `Map.prototype.set`."""
        return f"{self.owner.name}{self.access}"

    @property
    def access(self) -> str:
        """How code reads it, behind its owner."""
        if self.is_symbol:
            return f"[{self.name}]"
        return f".{self.name}" if re.fullmatch(r"[A-Za-z_$][\w$]*", self.name) else f"[{json.dumps(self.name)}]"


@functools.cache
def members() -> tuple[Member, ...]:
    """All that the runtime lists."""
    found = []
    for owner in json.loads(run_node([str(SCRIPT)])):
        about = Owner(owner["owner"], owner["type"], owner["made"])
        found += [Member(about, m["name"], m["isSymbol"], m["isCalled"]) for m in owner["members"]]
    return tuple(found)


def uses(value: str, member: Member) -> Iterator[str]:
    """Statements that touch a member of an expression, and call it where it is called."""
    read = f"{value}{member.access}"
    if not member.is_called:
        yield f"{read}?.()"
        return
    yield f"await {read}()" if is_answering(member) else f"{read}()"
    yield f"{read}((item) => item, 'text', 1)"


def is_answering(member: Member) -> bool:
    """Whether what a call gives may be awaited: a rejected promise never comes back."""
    return (member.owner.name, member.name) != ("Promise", "reject")


def program(groups: Sequence[Sequence[Member]]) -> dict[str, str]:
    """The files of an application with one action for each group of members, `use0` and so on.

    A value is used where it is made, from another module that makes or keeps it, and from a parameter of its type.
    """
    owners = {member.owner: number for number, member in enumerate(m for group in groups for m in group)}
    kept = [f"export const kept{n} = {o.made}" for o, n in owners.items() if o.made]
    made = [f"export function made{n}() {{ return {o.made} }}" for o, n in owners.items() if o.made]
    files = {
        "lib/db.ts": "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()",
        "lib/values.ts": "\n".join((*kept, *made)),
    }
    actions = [action(f"use{number}", group, owners) for number, group in enumerate(groups)]
    for start in range(0, len(actions), ACTIONS_OF_A_FILE):
        files[f"app/actions{start}.ts"] = "\n".join((HEAD, *actions[start : start + ACTIONS_OF_A_FILE]))
    return files


HEAD = """'use server'
import { db } from '../lib/db'
import * as values from '../lib/values'"""


def action(name: str, group: Sequence[Member], owners: Mapping[Owner, int]) -> str:
    """An action that uses members wherever their owner may come from, and then deletes what it was asked to."""
    given: dict[Owner, str] = {}
    lines: list[str] = []
    for member in group:
        owner, number = member.owner, owners[member.owner]
        if owner not in given:
            given[owner] = f"given{number}: {owner.type or 'unknown'}"
            lines += [f"const local{number} = {owner.made}"] if owner.made else []
        places = [f"values.kept{number}", f"values.made{number}()", f"local{number}"] if owner.made else []
        places += [f"given{number}"] if owner.type is not None else []
        lines += [line for place in places for line in uses(place, member)]
    body = "".join(f"  ;{line}\n" for line in lines)
    head = f"export async function {name}({', '.join(('id: string', *given.values()))}) {{\n"
    return f"{head}{body}  await db.post.delete({{ where: {{ id }} }})\n}}"
