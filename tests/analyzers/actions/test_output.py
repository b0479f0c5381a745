"""What an answer hands out, and what comes in unchecked: the questions behind the rules of input and output."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.facts import ActionFacts
from preship.analyzers.rule import STACK
from tests.analyzers.running import run

HEAD = """
    'use server'
    import { z } from 'zod'
    import mongoose from 'mongoose'
    import { ObjectId } from 'mongodb'
    import { hash } from 'bcryptjs'
    import { prisma } from '../lib/prisma'
    import { PublicError } from '../lib/errors'
    const Id = z.object({ id: z.string() })
"""


def action(body: str) -> ActionFacts:
    """An action with this body."""
    files = {"lib/errors.ts": "export class PublicError extends Error {}", **STACK}
    code = f"{HEAD}\n    export async function act(id, input) {{ {body} }}"
    return run({"app/actions.ts": code, **files})["act"]


def unchecked(body: str) -> set[str]:
    """The inputs that reach an effect as they were sent."""
    return {".".join((i.parameter, *i.path)) for found in action(body).unvalidated() for i in found.inputs}


@pytest.mark.parametrize(
    "check",
    [
        "if (typeof id !== 'string') return",
        "if (!['a', 'b'].includes(id)) return",
        "id = Number(id)",
        "id = String(id)",
        "id = `${id}`",
        "id = id + ''",
        "id = id.trim().toLowerCase()",
        "id = id.toString()",
        "id = id?.substring(0, 50)",
        "id = id.split('-')[0]",
        "id = new Date(id)",
        "id = new URL(id).pathname",
        "id = new URL(id).searchParams.get('id')",
        "id = new URLSearchParams(id).get('id')",
        "id = new mongoose.Types.ObjectId(id)",
        "id = new ObjectId(id)",
        "id = await hash(id, 10)",
        "id = input.get('id')",
        "id = input.get('id')?.toString()",
        "id = Object.fromEntries(input).id",
        "id = Object.fromEntries(input.entries()).id",
        "id = Id.parse({ id }).id",
        "if (!Id.safeParse({ id }).success) return",
        "for (const [value, schema] of [[id, z.string()]]) { if (!schema.safeParse(value).success) throw new Error() }",
    ],
)
def test_a_check_at_run_time_is_one(check: str) -> None:
    assert unchecked(f"{check}; await prisma.post.delete({{ where: {{ id }} }})") == set()


@pytest.mark.parametrize(
    "check", ["if (!id) return", "Id.safeParse({ id })", "console.log(typeof id)", "id = id ?? ''"]
)
def test_what_stops_nothing_checks_nothing(check: str) -> None:
    assert unchecked(f"{check}; await prisma.post.delete({{ where: {{ id }} }})") == {"id"}


def test_a_condition_that_names_no_record_is_sent_all_the_same() -> None:
    assert unchecked("return prisma.post.count({ where: { title: { contains: input.term } } })") == {"input.term"}


def test_what_is_made_of_parsed_values_is_parsed() -> None:
    body = "const parsed = Id.parse(input); await prisma.post.delete({ where: { slug: `${parsed.id}-x`.trim() } })"
    assert unchecked(body) == set()


@pytest.mark.parametrize(
    ("answer", "is_told"),
    [
        ("error.message", True),
        ("String(error)", True),
        ("error.code", False),
        ("error instanceof PublicError ? error.message : 'no'", False),
        ("error.isPublic ? error.message : 'no'", False),
        ("error.cause?.internal ? error.message : 'no'", False),
        ("error.expose ? error.message : 'no'", False),
        ("error.isAxiosError ? error.message : 'no'", True),
        ("error.cause ? error.message : 'no'", True),
        ("error.issues[0].message", False),
        ("error.meta?.target", False),
        ("error instanceof Error ? error.message : 'no'", True),
        ("['NotFoundError', 'LoginError'].includes(error.name) ? error.message : 'no'", False),
        ("!error", False),
    ],
)
def test_an_exception_is_told_by_its_message_alone(answer: str, is_told: bool) -> None:
    found = action(f"try {{ await prisma.post.count() }} catch (error) {{ return {{ error: {answer} }} }}")
    assert bool([*found.caught_messages()]) is is_told


def test_a_property_of_a_record_is_no_record() -> None:
    assert [*action("return (await prisma.post.findFirst()).title").raw_records()] == []
    assert [h.name for h in action("return { posts: await prisma.post.findMany() }").raw_records()] == ["`post`"]


@pytest.mark.parametrize(
    "gives",
    [
        "getSignedUrl(new S3Client({}), new GetObjectCommand({ Bucket: 'files', Key: id }))",
        "new Client({}).presignedGetObject('files', id)",
        "writeFile(`/srv/${id}`, input)",
    ],
)
def test_an_address_that_a_store_signs_and_a_written_file_are_no_records(gives: str) -> None:
    imports = """
        import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
        import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
        import { Client } from 'minio'
        import { writeFile } from 'node:fs/promises'
    """
    code = f"'use server'\n{imports}\nexport async function act(id, input) {{ return {{ result: await {gives} }} }}"
    assert list(run({"app/actions.ts": code})["act"].raw_records()) == []


@pytest.mark.parametrize(
    ("statement", "is_raw"),
    [
        ("select * from posts where id = $1", True),
        ("SELECT DISTINCT p.* FROM posts p WHERE id = $1", True),
        ("with mine as (select id from posts) select m.id, p.* from mine m join posts p on p.id = m.id", True),
        ("update posts set title = 'x' where id = $1 returning *", True),
        ("select id, title from posts where id = $1", False),
        ("with mine as (select * from posts) select mine.id, count(*) as n, price * 2 as twice from mine", False),
        ("insert into posts (title) select * from drafts returning id", False),
        ("delete from posts where id = $1 returning id, title", False),
    ],
)
def test_rows_of_sql_have_the_columns_that_the_statement_names(statement: str, is_raw: bool) -> None:
    code = f"""
        'use server'
        import {{ Pool }} from 'pg'
        const pool = new Pool()
        export async function act(id) {{
          const {{ rows }} = await pool.query(`{statement}`, [id])
          return rows
        }}
    """
    assert bool(list(run({"app/actions.ts": code})["act"].raw_records())) is is_raw


ROW_OR_DEFAULTS = (
    "const row = await prisma.settings.findFirst({ where: { id } })\n"
    "const settings = row ?? { id: '', apiKey: null, theme: 'light' }\n"
)


def test_what_is_masked_in_a_row_or_in_its_defaults_was_looked_at() -> None:
    masked = "return { ...settings, apiKey: settings.apiKey ? '••••' + settings.apiKey.slice(-4) : null }"
    assert list(action(ROW_OR_DEFAULTS + masked).raw_records()) == []


def test_a_row_beside_its_defaults_is_told_once_and_whole() -> None:
    found = list(action(ROW_OR_DEFAULTS + "return { ...settings, theme: 'dark' }").raw_records())
    assert [(handed.path, handed.name) for handed in found] == [((), "`settings`")]


@pytest.mark.parametrize("asked", ["/^sk_/.test(KEY ?? '')", "KEY?.startsWith('sk_')", "KEY.split(',').includes('a')"])
def test_a_yes_or_no_about_a_secret_is_none(asked: str) -> None:
    assert list(action(f"const KEY = process.env.KEY; return {{ ready: {asked} }}").secrets()) == []
