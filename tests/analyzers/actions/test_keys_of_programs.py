"""API keys that are looked up in a store: whoever sends one is who it was issued to."""

from __future__ import annotations

import pytest

from tests.analyzers.actions.test_handlers import rules

SUPABASE = """
    import { createClient } from '@supabase/supabase-js'
    const db = createClient(process.env.SUPABASE_URL, process.env.SUPABASE_SERVICE_ROLE_KEY)
"""
MONGOOSE = """
    import mongoose from 'mongoose'
    const Key = mongoose.model('ApiKey', new mongoose.Schema({ hash: String, orgId: String, usedAt: Date }))
"""
MONGODB = """
    import { MongoClient } from 'mongodb'
    const db = new MongoClient(process.env.MONGODB_URI).db('app')
"""
POSTGRES = """
    import postgres from 'postgres'
    const sql = postgres(process.env.DATABASE_URL)
"""
PRISMA = "import { prisma } from '@/lib/prisma'"
FIRESTORE = """
    import { getFirestore } from 'firebase-admin/firestore'
    const db = getFirestore()
"""

LOOK_UPS = {
    "supabase-single": (
        SUPABASE,
        "const { data: key, error } = await db.from('keys').select('id, org_id').eq('hash', hash).single()\n"
        "if (error || !key) return null",
        "await db.from('keys').update({ used_at: new Date() }).eq('id', key.id)",
    ),
    "supabase-maybe-single": (
        SUPABASE,
        "const { data: key } = await db.from('keys').select('id, org_id').eq('hash', hash).maybeSingle()\n"
        "if (!key) return null",
        "await db.from('keys').update({ used_at: new Date() }).eq('id', key.id)",
    ),
    "supabase-throwing": (
        SUPABASE,
        "const { data: key } = await db.from('keys').select('id').eq('hash', hash).single().throwOnError()",
        "await db.from('keys').update({ used_at: new Date() }).eq('id', key.id)",
    ),
    "supabase-list": (
        SUPABASE,
        "const { data } = await db.from('keys').select('id, org_id').eq('hash', hash).limit(1)\n"
        "const key = data?.[0]\nif (!key) return null",
        "await db.from('keys').update({ used_at: new Date() }).eq('id', key.id)",
    ),
    "prisma": (
        PRISMA,
        "const key = await prisma.key.findUnique({ where: { hash } })\nif (!key) return null",
        "await prisma.key.update({ where: { id: key.id }, data: { usedAt: new Date() } })",
    ),
    "mongoose": (
        MONGOOSE,
        "const key = await Key.findOne({ hash })\nif (!key) return null",
        "await Key.updateOne({ _id: key._id }, { usedAt: new Date() })",
    ),
    "mongodb": (
        MONGODB,
        "const key = await db.collection('keys').findOne({ hash })\nif (!key) return null",
        "await db.collection('keys').updateOne({ _id: key._id }, { $set: { usedAt: new Date() } })",
    ),
    "postgres": (
        POSTGRES,
        "const [key] = await sql`SELECT id, org_id FROM keys WHERE hash = ${hash}`\nif (!key) return null",
        "await sql`UPDATE keys SET used_at = now() WHERE id = ${key.id}`",
    ),
    "firestore": (
        FIRESTORE,
        "const found = await db.collection('keys').where('hash', '==', hash).limit(1).get()\n"
        "if (found.empty) return null\nconst key = found.docs[0]",
        "await key.ref.update({ usedAt: new Date() })",
    ),
}

ROUTE = """
    import {{ createHash }} from 'crypto'
    {store}

    async function keyOf(request: Request) {{
      const header = request.headers.get('authorization')
      if (!header?.startsWith('Bearer ')) return null
      const hash = createHash('sha256').update(header.slice(7)).digest('hex')
      {look_up}
      {use}
      return key
    }}

    export async function POST(request: Request) {{
      const key = await keyOf(request)
      if (!key) return new Response('no', {{ status: 401 }})
      return Response.json({{ ok: true }})
    }}
"""


@pytest.mark.parametrize(("store", "look_up", "use"), LOOK_UPS.values(), ids=LOOK_UPS)
def test_a_key_that_a_store_knows_says_who_is_calling(store: str, look_up: str, use: str) -> None:
    assert rules(ROUTE.format(store=store, look_up=look_up, use=use)) & AUTHENTICATION == set()


@pytest.mark.parametrize(("store", "look_up", "use"), LOOK_UPS.values(), ids=LOOK_UPS)
def test_a_key_that_the_store_need_not_know_says_nothing(store: str, look_up: str, use: str) -> None:
    """Where the look-up finds nothing, somebody else's row is changed."""
    lines = look_up.replace(".throwOnError()", "").splitlines()
    look_up = "\n".join(line for line in lines if "return null" not in line)
    other = use.replace("key.id", "request.headers.get('x-id')").replace("key._id", "request.headers.get('x-id')")
    other = other.replace("key.ref", "db.collection('keys').doc(request.headers.get('x-id'))")
    assert rules(ROUTE.format(store=store, look_up=look_up, use=other)) & AUTHENTICATION


AUTHENTICATION = {"missing-authentication", "unenforced-session", "unverified-session", "late-authentication"}
