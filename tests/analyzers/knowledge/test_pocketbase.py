"""PocketBase, spoken to as the caller or with the server's own account."""

from __future__ import annotations

from tests.analyzers.knowledge.doing import done, given
from tests.analyzers.running import effects, run

PB = "import PocketBase from 'pocketbase'; import { cookies } from 'next/headers'"
AS_CALLER = """
    const pb = new PocketBase('http://localhost:8090')
    pb.authStore.loadFromCookie((await cookies()).toString())
"""
AS_SERVER = """
    const pb = new PocketBase('http://localhost:8090')
    await pb.collection('_superusers').authWithPassword(process.env.PB_EMAIL, process.env.PB_PASSWORD)
"""


def test_the_server_of_pocketbase_judges_whose_token_the_client_holds() -> None:
    assert done(PB, f"{AS_CALLER} await pb.collection('posts').delete(input.id)") == [
        "as caller: delete posts {id: input.id} -> -"
    ]
    assert done(PB, f"{AS_CALLER} await pb.collection('posts').create({{ title: input.title }})") == [
        "as caller: insert posts - -> {title: input.title}"
    ]


def test_an_account_of_the_servers_own_does_what_it_is_told() -> None:
    assert done(PB, f"{AS_SERVER} await pb.collection('posts').update(input.id, input.changes)") == [
        "write posts {id: input.id} -> input.changes"
    ]
    admin = "const pb = new PocketBase('x'); pb.authStore.save(process.env.PB_TOKEN, null)"
    assert done(PB, f"{admin}\n await pb.collection('posts').getOne(input.id)") == ["read posts {id: input.id} -> -"]
    older = "const pb = new PocketBase('x'); await pb.admins.authWithPassword(process.env.A, process.env.B)"
    filtered = "await pb.collection('posts').getList(1, 20, { filter: `owner = '${input.owner}'` })"
    assert done(PB, f"{older}\n{filtered}") == ["read posts {filter: input.owner} -> -"]


def test_records_come_back_whole() -> None:
    assert given(PB, f"{AS_SERVER} return pb.collection('posts').getOne(input.id)") == "record of posts"
    assert given(PB, f"{AS_SERVER} return (await pb.collection('posts').getList(1, 9)).items") == "[record of posts]"


def test_the_token_in_the_store_is_believed_only_once_the_server_was_asked() -> None:
    code = """
        'use server'
        import PocketBase from 'pocketbase'
        import { cookies } from 'next/headers'
        import { PrismaClient } from '@prisma/client'
        const prisma = new PrismaClient()
        async function connect() {
          const pb = new PocketBase('http://localhost:8090')
          pb.authStore.loadFromCookie((await cookies()).get('pb_auth')?.value ?? '')
          return pb
        }
        export async function believed(id: string) {
          const pb = await connect()
          if (!pb.authStore.isValid) throw new Error('Sign in')
          await prisma.post.delete({ where: { id } })
        }
        export async function asked(id: string) {
          const pb = await connect()
          await pb.collection('users').authRefresh()
          await prisma.post.delete({ where: { id } })
        }
    """
    actions = run(code)
    assert "Authenticated" not in effects(actions["believed"])[-1]
    assert effects(actions["asked"]) == ["delete post: Authenticated"]


def test_who_signs_in_begins_a_session() -> None:
    code = """
        'use server'
        import PocketBase from 'pocketbase'
        const pb = new PocketBase('http://localhost:8090')
        export async function signIn(email: string, password: string) {
          await pb.collection('users').authWithPassword(email, password)
        }
        export async function reset(email: string) {
          await pb.collection('users').requestPasswordReset(email)
        }
    """
    actions = run(code)
    assert actions["signIn"].public == "it begins a session or proves a credential"
    assert actions["reset"].public == "it begins a session or proves a credential"
