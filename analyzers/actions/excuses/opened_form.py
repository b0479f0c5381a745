"""A form that its owner has switched on for visitors: they find it by its address, and leave a new row with it."""

from __future__ import annotations

from collections.abc import Iterator

from preship.analyzers.actions import world
from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.whole import HARMLESS, SOMETHING, Whole
from preship.analyzers.actions.ties import is_required
from preship.analyzers.conventions.fields import OPENING_FLAG
from preship.analyzers.conventions.keys import REFERENCE_COLUMN
from preship.analyzers.conventions.privileges import PRIVILEGE_COLUMN
from preship.analyzers.flow.effects import Effect, EffectKind
from preship.analyzers.flow.origins import Input, Request, Stored
from preship.analyzers.flow.values import Constant, Value, origins_of
from preship.analyzers.source.once import once


def _is_true(value: Value) -> bool:
    shapes = [a.shape for a in value.alternatives]
    return bool(shapes) and all(isinstance(shape, Constant) and shape.value is True for shape in shapes)


def _is_sent(value: Value) -> bool:
    return any(isinstance(origin, Input | Request) for origin in origins_of(value))


@once
def _finds_what_is_open(effect: Effect) -> bool:
    """Whether a look-up finds by an address for people, and only what is switched on: `{ slug, formEnabled: true }`."""
    if effect.kind is not EffectKind.READ:
        return False
    fields = list(world.fields_of(effect.key))
    named = [name for name, value in fields if _is_sent(value)]
    is_by_address = bool(named) and not any(name == "id" or REFERENCE_COLUMN.matches(name) for name in named)
    is_open = any(OPENING_FLAG.matches(name.split(".")[-1]) and _is_true(value) for name, value in fields)
    return is_by_address and is_open


def _open_rows(case: Whole) -> Iterator[Effect]:
    return (effect for effect in case.effects if _finds_what_is_open(effect))


def _is_left_with_it(effect: Effect, case: Whole) -> bool:
    """Whether a new row names the one that is open, no other that the caller chose, and gives nobody a right."""
    if effect.kind is not EffectKind.INSERT:
        return False
    named = [value for name, value in world.fields_of(effect.data) if REFERENCE_COLUMN.matches(name)]
    opened = {e.target for e in _open_rows(case) if is_required(e, effect.facts)}
    parents = {o.model for value in named for o in origins_of(value) if isinstance(o, Stored)}
    is_foreign = any(all(isinstance(o, Input | Request) for o in origins_of(v)) and _is_sent(v) for v in named)
    is_a_right = any(PRIVILEGE_COLUMN.matches(name) and _is_sent(v) for name, v in world.fields_of(effect.data))
    return bool(parents & opened) and not is_foreign and not is_a_right


def _is_harmless(effect: Effect) -> bool:
    is_to_us = effect.kind is EffectKind.FETCH and not (effect.key is not None and _is_sent(effect.key))
    return effect.kind in HARMLESS or is_to_us


EXCUSE: Excuse[Whole] = Excuse(
    id="opened-form",
    why="it takes what visitors leave in a form that its owner has switched on",
    conditions=(
        SOMETHING,
        Condition(
            "it makes a row for what was found by its address and is switched on",
            lambda case: any(_is_left_with_it(effect, case) for effect in case.anonymous),
        ),
        Condition(
            "all else only reads and tells people of it",
            lambda case: all(_is_left_with_it(effect, case) or _is_harmless(effect) for effect in case.anonymous),
        ),
    ),
    examples=(
        Example(
            "a request that clients leave at a portal",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function leave(slug: string, title: string) {
              const project = await prisma.project.findFirst({ where: { portalSlug: slug, portalEnabled: true } })
              if (!project) throw new Error('Not found')
              await prisma.request.create({ data: { projectId: project.id, title } })
            }
            """,
        ),
        Example(
            "an answer to a form that is published",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function answer(slug: string, text: string) {
              const form = await prisma.form.findUnique({ where: { slug, isPublished: true } })
              if (!form) return { error: 'Not found' }
              await prisma.answer.create({ data: { formId: form.id, text } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "nobody has switched it on",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function leave(slug: string, title: string) {
              const project = await prisma.project.findFirst({ where: { slug } })
              if (!project) throw new Error('Not found')
              await prisma.request.create({ data: { projectId: project.id, title } })
            }
            """,
        ),
        Example(
            "it is left also where nothing was found",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function leave(slug: string, title: string) {
              const project = await prisma.project.findFirst({ where: { slug, portalEnabled: true } })
              await prisma.request.create({ data: { projectId: project?.id, title } })
            }
            """,
        ),
        Example(
            "it is found by its id",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function leave(id: string, title: string) {
              const project = await prisma.project.findFirst({ where: { id, portalEnabled: true } })
              if (!project) throw new Error('Not found')
              await prisma.request.create({ data: { projectId: project.id, title } })
            }
            """,
        ),
        Example(
            "for somebody whom the visitor names",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function leave(slug: string, title: string, authorId: string) {
              const project = await prisma.project.findFirst({ where: { slug, portalEnabled: true } })
              if (!project) throw new Error('Not found')
              await prisma.request.create({ data: { projectId: project.id, authorId, title } })
            }
            """,
        ),
        Example(
            "what is there is changed",
            """
            'use server'
            import { prisma } from '../lib/prisma'
            export async function rename(slug: string, title: string) {
              const project = await prisma.project.findFirst({ where: { slug, portalEnabled: true } })
              if (!project) throw new Error('Not found')
              await prisma.request.create({ data: { projectId: project.id, title } })
              await prisma.project.update({ where: { id: project.id }, data: { title } })
            }
            """,
        ),
    ),
)
