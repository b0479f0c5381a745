"""Variables of a module that functions assign: singletons and memos, as real code keeps its clients."""

from __future__ import annotations

from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import effects, run

ACTION = """
    'use server'
    import { client, load } from '../lib/client'

    export async function remove(id: string) {
      await load()
      await client().post.delete({ where: { id } })
    }
"""


def touched(client: str) -> list[str]:
    """What an action does through a module that keeps its client in a variable."""
    head = "import { PrismaClient } from '@prisma/client'\nimport { auth } from './auth'\n"
    return effects(run({"app/actions.ts": ACTION, "lib/client.ts": head + client, **LIBRARY})["remove"])


def test_a_client_that_is_made_on_first_use_is_there() -> None:
    client = """
        let db: PrismaClient | null = null
        export function client() {
          if (!db) db = new PrismaClient()
          return db
        }
        export async function load() {}
    """
    assert touched(client) == ["delete post"]


def test_a_client_that_another_function_makes_is_there() -> None:
    client = """
        let db
        export async function load() { db ??= new PrismaClient() }
        export const client = () => db
    """
    assert touched(client) == ["delete post"]


def test_a_promise_that_clears_itself_is_awaited() -> None:
    client = """
        let pending: Promise<void> | null = null
        export function load() {
          if (pending) return pending
          pending = (async () => { await fetch('https://status.example.com') })()
          pending.finally(() => { pending = null }).catch(() => {})
          return pending
        }
        export const client = () => new PrismaClient()
    """
    assert touched(client) == ["fetch https://status.example.com", "delete post"]


def test_a_session_that_another_request_left_behind_proves_nothing() -> None:
    client = """
        let session = null
        export async function load() {
          session ??= await auth()
          if (!session) throw new Error('no')
        }
        export const client = () => new PrismaClient()
    """
    assert touched(client) == ["delete post"]


def test_a_variable_of_a_function_is_not_that_of_the_module() -> None:
    client = """
        let db = new PrismaClient()
        export async function load() { let db; db = null }
        export const client = () => db
    """
    assert touched(client) == ["delete post"]


def test_what_is_assigned_may_come_from_variables_of_the_function() -> None:
    client = """
        let db
        export async function load() {
          const options = { log: [] }
          try {
            const made = new PrismaClient(options)
            db = made
          } catch (error) {
            throw error
          }
        }
        export const client = () => db
    """
    assert touched(client) == ["delete post"]


def test_what_is_assigned_may_come_from_a_function_around() -> None:
    client = """
        let db
        export async function load() {
          function make() { return { inner: new PrismaClient() } }
          const connect = async () => {
            const { inner } = await Promise.resolve(make())
            db ??= inner
          }
          await connect()
        }
        export const client = () => db
    """
    assert touched(client) == ["delete post"]


def test_what_an_earlier_call_was_given_is_not_the_modules_variable_of_that_name() -> None:
    client = """
        const made = new PrismaClient()
        let db
        export function use(made) { db = made }
        export async function load() {}
        export const client = () => db
    """
    assert touched(client) == ["delete a record"]


def test_what_a_function_sets_in_an_object_of_the_module_is_there() -> None:
    client = """
        const kept = { db: null }
        export async function load() { kept.db = new PrismaClient() }
        export const client = () => kept.db
    """
    assert touched(client) == ["delete post"]


def test_a_promise_kept_across_reloads_gives_the_client() -> None:
    client = """
        const connect = async () => new PrismaClient()
        let cached = (global as any).database
        if (!cached) cached = (global as any).database = { db: null, promise: null }
        export async function load() {
          if (cached.db) return cached.db
          if (!cached.promise) cached.promise = connect()
          try {
            cached.db = await cached.promise
          } catch (error) {
            cached.promise = null
            throw error
          }
          return cached.db
        }
        export const client = () => cached.db
    """
    assert touched(client) == ["delete post"]


def test_a_session_that_another_request_left_in_an_object_proves_nothing() -> None:
    client = """
        const kept = { session: null }
        export async function load() {
          kept.session ??= await auth()
          if (!kept.session) throw new Error('no')
        }
        export const client = () => new PrismaClient()
    """
    assert touched(client) == ["delete post"]


def test_what_modules_export_is_there_where_they_are_spread_into_an_object() -> None:
    modules = {
        "app/actions.ts": """
            'use server'
            import { services } from '../lib/services'

            export async function remove(id: string) {
              await services.posts.remove(id)
              await services.remove(id)
            }
        """,
        "lib/services.ts": """
            import * as one from './posts'
            import * as other from './comments'
            export const services = { ...one, ...other }
        """,
        "lib/posts.ts": """
            import { prisma } from './prisma'
            export const posts = { remove: (id: string) => prisma.post.delete({ where: { id } }) }
        """,
        "lib/comments.ts": """
            import { prisma } from './prisma'
            export const remove = (id: string) => prisma.comment.delete({ where: { id } })
        """,
    }
    assert effects(run({**modules, **LIBRARY})["remove"]) == ["delete post", "delete comment: Valid"]
