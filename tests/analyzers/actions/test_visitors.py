"""What visitors without an account change on pages that anybody may visit."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

STACK = """
    'use server'
    import { PrismaClient } from '@prisma/client'
    import mongoose from 'mongoose'
    import { hash } from 'bcryptjs'
    import { put } from '@vercel/blob'
    const prisma = new PrismaClient()
    const Article = mongoose.model('Article', new mongoose.Schema({ views: Number, title: String }))
"""


def suits(body: str) -> bool:
    """Whether what an action does is for every visitor of an open page."""
    return run(f"{STACK}\n    export async function act(id: string, text: string) {{ {body} }}")["act"].suits_anybody()


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.article.update({ where: { id }, data: { views: { increment: 1 } } })",
        "await Article.findByIdAndUpdate(id, { $inc: { views: 1 } })",
        "const a = await Article.findById(id); a.views += 1; await a.save()",
        "const a = await prisma.article.findUnique({ where: { id } });"
        " await prisma.article.update({ where: { id }, data: { views: a.views + 1 } })",
        "await prisma.user.create({ data: { email: text, password: await hash(id, 10) } })",
    ],
    ids=["increment", "inc", "assigned", "computed", "account"],
)
def test_counters_and_new_accounts_are_for_visitors(body: str) -> None:
    assert suits(body)


@pytest.mark.parametrize(
    "body",
    [
        "await prisma.article.update({ where: { id }, data: { title: text } })",
        "await prisma.article.update({ where: { id }, data: { views: { increment: 1 }, title: text } })",
        "await prisma.article.update({ where: { id }, data: { views: { increment: Number(text) } } })",
        "await prisma.article.update({ where: { id }, data: { published: true } })",
        "await prisma.article.delete({ where: { id } })",
        "await prisma.comment.create({ data: { authorId: id, text } })",
    ],
    ids=["words", "both", "by-the-caller", "flag", "delete", "in-anothers-name"],
)
def test_nothing_else_of_a_record_that_a_visitor_names_is(body: str) -> None:
    assert not suits(body)


@pytest.mark.parametrize(
    ("change", "is_public"),
    [
        ("prisma.article.update({ where: { id }, data: { views: { increment: 1 } } })", True),
        ("Article.updateOne({ _id: id }, { $inc: { visited: 1 } })", True),
        ("Article.findByIdAndUpdate(id, { $inc: { downloadCount: 1 }, $set: { lastViewedAt: new Date() } })", True),
        ("prisma.article.update({ where: { id }, data: { likes: { increment: 1 } } })", False),
        ("prisma.user.update({ where: { id }, data: { credits: { increment: 1 } } })", False),
        ("prisma.article.update({ where: { id }, data: { views: { increment: 1 }, isRead: true } })", False),
    ],
)
def test_that_something_was_looked_at_is_counted_for_everybody_where_no_page_is_kept(
    change: str, is_public: bool
) -> None:
    page = "import { act } from './actions'\nexport default function Page() { return <form action={act} /> }"
    code = f"{STACK}\n    export async function act(id: string) {{ await {change} }}"
    found = run({"app/actions.ts": code, "app/page.tsx": page})["act"]
    assert (found.public == "the page `/` offers it to every visitor") is is_public


@pytest.mark.parametrize(
    "column", ["senha", "contrasena", "contraseña", "motDePasse", "passwort", "haslo", "hashedPassword"]
)
def test_a_password_is_one_in_every_language(column: str) -> None:
    assert suits(f"await prisma.usuario.create({{ data: {{ nome: text, {column}: await hash(id, 10) }} }})")
