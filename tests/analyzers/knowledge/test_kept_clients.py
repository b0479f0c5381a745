"""Clients that statements configure and that a module keeps: they speak as whom those made them speak."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.effects import Client, EffectKind
from tests.analyzers.running import run

APPWRITE = "import { Client, TablesDB } from 'node-appwrite'\n"
POCKETBASE = "import PocketBase from 'pocketbase'\n"
SUPABASE = "import { createClient } from '@supabase/supabase-js'\n"

OF_THE_SERVER = {
    "an Appwrite client in an object": (
        APPWRITE
        + """
        let kept: any = null
        function system() {
          if (kept) return kept
          const client = new Client()
          client.setEndpoint('https://a').setProject('p').setKey(process.env.API_KEY || '')
          kept = { client }
          return kept
        }
        export const store = () => new TablesDB(system().client)
        """
    ),
    "an Appwrite client whose key is a variable": (
        APPWRITE
        + """
        let kept: Client | null = null
        function system() {
          if (kept) return kept
          const client = new Client()
          client.setProject('p')
          const key = process.env.API_KEY
          if (key) client.setKey(key)
          kept = client
          return kept
        }
        export const store = () => new TablesDB(system())
        """
    ),
    "an Appwrite client of the module": (
        APPWRITE
        + """
        const client = new Client()
        client.setProject('p')
        client.setKey(process.env.API_KEY!)
        export const store = () => new TablesDB(client)
        """
    ),
    "an Appwrite client in a field": (
        APPWRITE
        + """
        class System {
          static one: System | null = null
          client: Client
          constructor() {
            this.client = new Client()
            this.client.setKey(process.env.API_KEY!)
          }
          static get() { return System.one ??= new System() }
        }
        export const store = () => new TablesDB(System.get().client)
        """
    ),
    "a Supabase client whose key is a property": (
        SUPABASE
        + """
        let kept: any = null
        function system() {
          if (kept) return kept
          const options: any = {}
          options.key = process.env.SUPABASE_SERVICE_ROLE_KEY!
          kept = { client: createClient(process.env.SUPABASE_URL!, options.key) }
          return kept
        }
        export const store = () => ({ deleteRow: ({ rowId }) => system().client.from('t').delete().eq('id', rowId) })
        """
    ),
    "a PocketBase client that signs in": (
        POCKETBASE
        + """
        let kept: any = null
        async function system() {
          if (kept) return kept
          const client = new PocketBase('https://p')
          await client.admins.authWithPassword(process.env.ADMIN!, process.env.PASSWORD!)
          kept = { client }
          return kept
        }
        const remove = async ({ rowId }) => (await system()).client.collection('t').delete(rowId)
        export const store = () => ({ deleteRow: remove })
        """
    ),
    "a PocketBase client with a token": (
        POCKETBASE
        + """
        let kept: any = null
        function system() {
          if (!kept) {
            const client = new PocketBase('https://p')
            client.authStore.save(process.env.TOKEN!, null)
            kept = { client }
          }
          return kept
        }
        export const store = () => ({ deleteRow: ({ rowId }) => system().client.collection('t').delete(rowId) })
        """
    ),
}


@pytest.mark.parametrize("code", OF_THE_SERVER.values(), ids=list(OF_THE_SERVER))
def test_a_kept_client_speaks_with_the_key_that_a_statement_gave_it(code: str) -> None:
    assert speaker(code) is Client.SERVER


def test_a_client_of_which_no_credential_was_seen_is_not_said_to_be_the_callers() -> None:
    code = "import { configure } from 'some-package'\n" + APPWRITE
    code += "export const store = () => { const client = new Client(); configure(client); return new TablesDB(client) }"
    assert speaker(code) is Client.UNSEEN


def test_a_client_that_has_got_the_callers_session_speaks_as_the_caller() -> None:
    code = "import { cookies } from 'next/headers'\n" + APPWRITE
    code += """
        export async function store() {
          const client = new Client()
          client.setSession((await cookies()).get('session')!.value)
          return new TablesDB(client)
        }
    """
    assert speaker(code) is Client.CALLER


def speaker(code: str) -> Client:
    """As whom an action deletes with a store that some code makes."""
    action = """
        'use server'
        import { store } from '../lib/store'
        export async function act(id: string) { await (await store()).deleteRow({ tableId: 't', rowId: id }) }
    """
    facts = run({"app/actions.ts": action, "lib/store.ts": code})["act"]
    (effect,) = (e for e in facts.effects if e.kind is EffectKind.DELETE)
    return effect.client
