"""Directus: commands that are sent as the caller or with the server's token."""

from __future__ import annotations

import pytest

from tests.analyzers.knowledge.doing import done, given
from tests.analyzers.running import effects, run

IMPORTS = "import * as d from '@directus/sdk'; import { cookies } from 'next/headers'"
SERVER = """
    import {
      createDirectus, rest, staticToken, withToken, readItem, readItems, createItem, updateItem, updateItems,
      deleteItem, readMe, updateUser, inviteUser, readSingleton, uploadFiles, login, passwordRequest,
    } from '@directus/sdk'
    import { cookies } from 'next/headers'
    const client = createDirectus('http://localhost').with(staticToken(process.env.DIRECTUS_TOKEN)).with(rest())
    const guest = createDirectus('http://localhost').with(rest())
"""


@pytest.mark.parametrize(
    ("body", "effect"),
    [
        ("await client.request(readItem('posts', input.id))", "read posts {id: input.id} -> -"),
        (
            "await client.request(readItems('posts', { filter: { _and: [{ owner: { _eq: input.owner } }] } }))",
            "read posts {owner: input.owner} -> -",
        ),
        ("await client.request(createItem('posts', { title: input.title }))", "insert posts - -> {title: input.title}"),
        ("await client.request(updateItem('posts', input.id, input.data))", "write posts {id: input.id} -> input.data"),
        ("await client.request(updateItems('posts', input.ids, { a: 1 }))", "write posts {id: input.ids} -> {a: 1}"),
        ("await client.request(deleteItem('posts', input.id))", "delete posts {id: input.id} -> -"),
        ("await client.request(updateUser(input.id, { role: 'a' }))", "write user {id: input.id} -> {role: 'a'}"),
        ("await client.request(inviteUser(input.email, 'admin'))", "insert users input.email -> 'admin'"),
        ("await client.request(uploadFiles(input.form))", "file files input.form -> input.form"),
        ("await guest.request(deleteItem('posts', input.id))", "as caller: delete posts {id: input.id} -> -"),
        (
            "const t = (await cookies()).get('t')\nawait guest.request(withToken(t, deleteItem('posts', input.id)))",
            "as caller: delete posts {id: input.id} -> -",
        ),
        (
            "guest.setToken(process.env.TOKEN)\nawait guest.request(deleteItem('posts', input.id))",
            "delete posts {id: input.id} -> -",
        ),
        (
            "await client.request(() => ({ path: '/utils', method: 'POST', body: input.body }))",
            "fetch Directus '/utils' -> input.body",
        ),
    ],
)
def test_a_command_says_what_it_does_once_it_is_sent(body: str, effect: str) -> None:
    assert done(SERVER, body)[-1:] == [effect]


def test_a_command_that_is_not_sent_does_nothing() -> None:
    assert done(SERVER, "const command = deleteItem('posts', input.id)") == []


def test_the_fields_of_a_query_name_what_comes_back() -> None:
    assert given(SERVER, "return client.request(readItem('posts', input.id))") == "record of posts"
    named = "return client.request(readItem('posts', input.id, { fields: ['title'] }))"
    assert given(SERVER, named) == "{title: record of posts.title}"
    assert given(SERVER, named.replace("'title'", "'*'")) == "record of posts"


def test_who_asks_for_themselves_with_their_own_token_is_known() -> None:
    actions = run(
        SERVER.replace("import {", "'use server'\nimport {", 1)
        + """
    import { PrismaClient } from '@prisma/client'
    const prisma = new PrismaClient()
    export async function remove(id: string) {
      await guest.request(withToken((await cookies()).get('t')?.value, readMe()))
      await prisma.post.delete({ where: { id } })
    }
    export async function forgot(email: string) {
      await guest.request(passwordRequest(email))
    }
    """
    )
    assert effects(actions["remove"]) == ["delete post: Authenticated"]
    assert actions["forgot"].public == "it begins a session or proves a credential"
