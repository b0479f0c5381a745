"""Reading what an execution found out about stores: keys and data in short words."""

from __future__ import annotations

from collections.abc import Mapping

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.flow.effects import Effect
from preship.analyzers.flow.origins import Input, Origin, Request, Session, Stored, roots
from preship.analyzers.flow.values import Object, Value, origins_of
from tests.analyzers.running import run

AUTH = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({ providers: [] })
"""
PRELUDE = """
    'use server'
    import { auth } from '../lib/auth'
    async function me() {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      return session.user
    }
"""


def action(head: str, body: str, files: Mapping[str, str] | None = None) -> ActionFacts:
    """`action(id, input)` with this body, behind these imports, with `me()` for the caller's identity."""
    text = f"{PRELUDE}\n{head}\n    export async function action(id: string, input: any) {{\n{body}\n}}"
    return run({"lib/auth.ts": AUTH, **(files or {}), "app/actions.ts": text})["action"]


def only(facts: ActionFacts) -> Effect:
    """The one effect on the world."""
    (effect,) = facts.touching_effects()
    return effect


def seen(facts: ActionFacts) -> list[str]:
    """The effects on the world in order, each as `kind target (key) <- data`."""
    return [said(effect) for effect in facts.touching_effects()]


def said(effect: Effect) -> str:
    """One effect, in short."""
    key = f" ({', '.join(described(effect.key))})" if effect.key is not None else ""
    data = f" <- {', '.join(described(effect.data))}" if effect.data is not None else ""
    return f"{effect.kind} {effect.target}{key}{data}"


def described(value: Value) -> list[str]:
    """The fields of a key or of data, each with where it comes from."""
    found: list[str] = []
    for a in value.alternatives:
        if isinstance(a.shape, Object):
            found += [f"{name}: {sources(field)}" for name, field in a.shape.fields]
            found += [f"...{sources(a.shape.rest)}"] if a.shape.rest is not None else []
        else:
            found.append(sources(Value((a,))))
    return found


def sources(value: Value) -> str:
    """Where a value comes from."""
    return "+".join(sorted({word(o) for o in roots(origins_of(value))})) or "own"


def word(origin: Origin) -> str:
    """One origin."""
    if isinstance(origin, Input):
        return ".".join((origin.parameter, *origin.path))
    if isinstance(origin, Request):
        return f"{origin.kind} {origin.name}"
    return "session" if isinstance(origin, Session) else type(origin).__name__.lower()


def returned(facts: ActionFacts) -> list[str]:
    """The records and columns that the caller gets: `user`, `user.email`."""
    return sorted(
        f"{o.model}{'' if o.is_whole else '.' + '.'.join(o.path)}"
        for o in origins_of(facts.result)
        if isinstance(o, Stored)
    )
