"""What a request brings is spread over fields that stand there: it may bring them as well."""

from __future__ import annotations

import pytest

from preship.analyzers.explanation import described
from preship.analyzers.flow.effects import EffectKind
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { PrismaClient } from '@prisma/client'
    import { z } from 'zod'
    import { auth } from '../auth'
    const prisma = new PrismaClient()
    const Open = z.object({ title: z.string() }).passthrough()
    const Closed = z.object({ title: z.string() })
    export async function act(input) {
      const session = await auth()
      if (!session?.user) throw new Error('no')
      const authorId = session.user.id
"""
AUTH = "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })"


def author_in(body: str) -> str:
    """Whom the record names that is written."""
    found = run({"app/actions.ts": f"{HEAD} {body} }}", "auth.ts": AUTH})["act"]
    (made,) = (effect for effect in found.effects if effect.kind is EffectKind.INSERT)
    fields = dict(made.data.alternatives[0].shape.fields)
    return described(fields["authorId"])


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.post.create({ data: { authorId, ...input } })",
        "await prisma.post.create({ data: Object.assign({ authorId }, input) })",
        "await prisma.post.create({ data: { authorId, ...Open.parse(input) } })",
        "const post = { authorId, published: false, ...input }; await prisma.post.create({ data: post })",
        "const { id, ...rest } = input; await prisma.post.create({ data: { authorId, ...rest } })",
        "const post = { ...{ authorId }, ...input }; await prisma.post.create({ data: { ...post } })",
    ],
)
def test_a_later_field_of_the_request_stands_in_place_of_the_callers_identity(body: str) -> None:
    assert author_in(body) == "the session's user.id or input input.authorId"


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.post.create({ data: { ...input, authorId } })",
        "await prisma.post.create({ data: { authorId, ...Closed.parse(input) } })",
        "await prisma.post.create({ data: Object.assign({}, input, { authorId }) })",
        "const { title } = input; await prisma.post.create({ data: { authorId, ...{ title } } })",
        "await prisma.post.create({ data: { authorId, ...(input.isDraft && { published: false }) } })",
    ],
)
def test_a_field_that_is_set_last_or_over_known_ones_stays(body: str) -> None:
    assert author_in(body) == "the session's user.id"
