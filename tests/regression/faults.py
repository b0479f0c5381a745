"""Faults of different stacks, each with the sound code that it came of: sessions, data, and what was forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle

ACTIONS = "app/posts/actions.ts"


@dataclass(frozen=True, slots=True)
class Sessions:
    """How an application knows who calls."""

    files: Mapping[str, str]
    imports: str
    asks: str
    refuses: str
    user: str
    """The caller's id, once it is asked for."""


@dataclass(frozen=True, slots=True)
class Data:
    """How an application keeps its posts."""

    files: Mapping[str, str]
    imports: str
    opens: str
    deletes: str
    deletes_own: str
    creates: str
    """With `$user` and `$title`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One project, sound and not."""

    name: str
    runner: str
    sound: Mapping[str, str]
    faulty: Mapping[str, str]
    generated: Mapping[str, str] = field(default_factory=dict)
    """What a build writes beside the code, and no commit holds."""


SESSIONS = {
    "Auth.js": Sessions(
        {
            "auth.ts": """
import NextAuth from 'next-auth'
import GitHub from 'next-auth/providers/github'
export const { handlers, auth, signIn, signOut } = NextAuth({ providers: [GitHub] })
"""
        },
        "import { auth } from '@/auth'",
        "const session = await auth()",
        "if (!session?.user?.id) throw new Error('Unauthorized')",
        "session.user.id",
    ),
    "Clerk": Sessions(
        {},
        "import { auth } from '@clerk/nextjs/server'",
        "const { userId } = await auth()",
        "if (!userId) throw new Error('Unauthorized')",
        "userId",
    ),
    "Better Auth": Sessions(
        {
            "lib/auth.ts": """
import { betterAuth } from 'better-auth'
export const auth = betterAuth({ emailAndPassword: { enabled: true } })
"""
        },
        "import { headers } from 'next/headers'\nimport { auth } from '@/lib/auth'",
        "const session = await auth.api.getSession({ headers: await headers() })",
        "if (!session) return { error: 'Unauthorized' }",
        "session.user.id",
    ),
    "iron-session": Sessions(
        {
            "lib/session.ts": """
import { getIronSession } from 'iron-session'
import { cookies } from 'next/headers'
type Kept = { userId?: string }
export async function getSession() {
  return getIronSession<Kept>(await cookies(), { password: process.env.SESSION_PASSWORD!, cookieName: 'app' })
}
"""
        },
        "import { redirect } from 'next/navigation'\nimport { getSession } from '@/lib/session'",
        "const session = await getSession()",
        "if (!session.userId) redirect('/login')",
        "session.userId",
    ),
    "Supabase Auth": Sessions(
        {
            "lib/server.ts": """
import { createServerClient } from '@supabase/ssr'
import { cookies } from 'next/headers'
export async function createAuth() {
  const jar = await cookies()
  return createServerClient(process.env.SUPABASE_URL!, process.env.SUPABASE_KEY!, {
    cookies: { getAll: () => jar.getAll(), setAll: () => {} },
  })
}
"""
        },
        "import { createAuth } from '@/lib/server'",
        "const { data: { user } } = await (await createAuth()).auth.getUser()",
        "if (!user) throw new Error('Unauthorized')",
        "user.id",
    ),
    "a signed token in a cookie": Sessions(
        {
            "lib/session.ts": """
import 'server-only'
import { jwtVerify } from 'jose'
import { cookies } from 'next/headers'
const key = new TextEncoder().encode(process.env.SECRET ?? 'secret')
export async function currentUser() {
  const token = (await cookies()).get('token')?.value
  if (!token) return null
  try {
    const { payload } = await jwtVerify(token, key)
    return { id: payload.sub as string }
  } catch {
    return null
  }
}
"""
        },
        "import { currentUser } from '@/lib/session'",
        "const user = await currentUser()",
        "if (!user) throw new Error('Unauthorized')",
        "user.id",
    ),
    "a signed cookie": Sessions(
        {
            "lib/session.ts": """
import { createHmac, timingSafeEqual } from 'node:crypto'
import { cookies } from 'next/headers'
export async function currentUserId() {
  const value = (await cookies()).get('session')?.value
  if (!value) return null
  const [id, signature] = value.split('.')
  const expected = createHmac('sha256', process.env.SECRET ?? 'secret').update(id).digest('hex')
  if (signature?.length !== expected.length) return null
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected)) ? id : null
}
"""
        },
        "import { currentUserId } from '@/lib/session'",
        "const userId = await currentUserId()",
        "if (!userId) throw new Error('Unauthorized')",
        "userId",
    ),
}

DATA = {
    "Prisma": Data(
        {
            "lib/db.ts": """
import { PrismaClient } from '@prisma/client'
const kept = globalThis as unknown as { db?: PrismaClient }
export const db = kept.db ?? new PrismaClient({ log: ['error'] })
if (process.env.NODE_ENV !== 'production') kept.db = db
"""
        },
        "import { db } from '@/lib/db'",
        "",
        "await db.post.delete({ where: { id } })",
        "await db.post.deleteMany({ where: { id, authorId: $user } })",
        "await db.post.create({ data: { title: $title, authorId: $user } })",
    ),
    "Drizzle": Data(
        {
            "lib/schema.ts": """
import { pgTable, text } from 'drizzle-orm/pg-core'
export const users = pgTable('users', { id: text('id').primaryKey() })
export const posts = pgTable('posts', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  authorId: text('author_id').notNull().references(() => users.id),
})
""",
            "lib/db.ts": """
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema'
export const db = drizzle(postgres(process.env.DATABASE_URL!), { schema })
""",
        },
        "import { and, eq } from 'drizzle-orm'\nimport { db } from '@/lib/db'\nimport { posts } from '@/lib/schema'",
        "",
        "await db.delete(posts).where(eq(posts.id, id))",
        "await db.delete(posts).where(and(eq(posts.id, id), eq(posts.authorId, $user)))",
        "await db.insert(posts).values({ id: crypto.randomUUID(), title: $title, authorId: $user })",
    ),
    "Supabase": Data(
        {
            "lib/admin.ts": """
import { createClient } from '@supabase/supabase-js'
export const admin = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)
"""
        },
        "import { admin } from '@/lib/admin'",
        "",
        "await admin.from('posts').delete().eq('id', id)",
        "await admin.from('posts').delete().eq('id', id).eq('author_id', $user)",
        "await admin.from('posts').insert({ title: $title, author_id: $user })",
    ),
    "Mongoose": Data(
        {
            "lib/post.ts": """
import mongoose, { Schema, model, models } from 'mongoose'
const schema = new Schema({
  title: String,
  author: { type: Schema.Types.ObjectId, ref: 'User', required: true },
})
export const Post = models.Post ?? model('Post', schema)
export const connected = () => mongoose.connect(process.env.MONGODB_URI!)
"""
        },
        "import { connected, Post } from '@/lib/post'",
        "await connected()",
        "await Post.deleteOne({ _id: id })",
        "await Post.deleteOne({ _id: id, author: $user })",
        "await Post.create({ title: $title, author: $user })",
    ),
}

KINDS = ("no session", "not enforced", "not theirs", "too late", "whoever it says", "a form")


def faults() -> Iterator[Fault]:
    """One for each pair of sessions and data; kinds and runners take turns."""
    kinds, runners = cycle(KINDS), cycle(("vitest", "jest", "jest", "vitest", "vitest", "jest", "vitest"))
    for sessions_name, sessions in SESSIONS.items():
        for data_name, data in DATA.items():
            kind, runner = next(kinds), next(runners)
            sound, faulty = _bodies(kind, sessions, data)
            shared = {**sessions.files, **data.files, **_settings(runner)}
            head = f"'use server'\n\nimport {{ z }} from 'zod'\n{sessions.imports}\n{data.imports}\n\n"
            head += "const Input = z.object({ title: z.string().min(3).max(80) })\n\n"
            yield Fault(
                f"{sessions_name}, {data_name}: {kind}",
                runner,
                {**shared, ACTIONS: head + sound},
                {**shared, ACTIONS: head + faulty},
            )


PRISMA, AUTH = DATA["Prisma"], SESSIONS["Auth.js"]

HEAD = "'use server'\n\n"
GUARD = "  const session = await auth()\n  if (!session?.user?.id) throw new Error('Unauthorized')\n"

REQUIRE = """
import { redirect } from 'next/navigation'
import { auth } from '@/auth'
export async function requireUser() {
  const session = await auth()
  if (!session?.user?.id) redirect('/login')
  return session.user
}
export const withUser =
  (run: (user: { id?: string }, ...given: any[]) => Promise<unknown>) =>
  async (...given: any[]) =>
    run(await requireUser(), ...given)
"""

KEPT = """
import { cookies } from 'next/headers'
import { db } from '@/lib/db'
export async function currentUser() {
  const token = (await cookies()).get('session')?.value
  if (!token) return null
  const session = await db.session.findUnique({ where: { token }, include: { user: true } })
  if (!session || session.expiresAt < new Date()) return null
  return session.user
}
"""

SQL = """
import postgres from 'postgres'
export const sql = postgres(process.env.DATABASE_URL!)
"""

SCHEMA, CLIENT = "prisma/schema.prisma", "lib/generated/client.ts"

GENERATED = {
    SCHEMA: """
generator client {
  provider = "prisma-client"
  output   = "../lib/generated"
}
model Post {
  id       String @id
  title    String
  authorId String
}
""",
    "lib/db.ts": """
import { PrismaClient } from './generated/client'
export const db = new PrismaClient()
""",
}

SHAPES: tuple[tuple[str, str, Mapping[str, str], str, str, str], ...] = (
    (
        "the record is fetched and compared, Prisma",
        "vitest",
        {**AUTH.files, **PRISMA.files},
        f"{AUTH.imports}\n{PRISMA.imports}\n",
        "export async function act(id: string) {\n"
        + GUARD
        + """  const post = await db.post.findUnique({ where: { id } })
  if (!post) throw new Error('Not found')
  $check
  await db.post.update({ where: { id: post.id }, data: { title: 'x' } })
}
""",
        "if (post.authorId !== session.user.id) throw new Error('Forbidden')",
    ),
    (
        "the record is fetched and compared, Drizzle",
        "jest",
        {**AUTH.files, **DATA["Drizzle"].files},
        f"{AUTH.imports}\n{DATA['Drizzle'].imports}\n",
        "export async function act(id: string) {\n"
        + GUARD
        + """  const post = await db.query.posts.findFirst({ where: eq(posts.id, id) })
  $check
  await db.update(posts).set({ title: 'x' }).where(eq(posts.id, id))
}
""",
        "if (post?.authorId !== session.user.id) return { error: 'Forbidden' }",
    ),
    (
        "the document deletes itself, Mongoose",
        "vitest",
        {**AUTH.files, **DATA["Mongoose"].files},
        f"{AUTH.imports}\n{DATA['Mongoose'].imports}\n",
        "export async function act(id: string) {\n"
        + GUARD
        + """  await connected()
  const post = await Post.findById(id)
  if (!post) return { error: 'Not found' }
  $check
  await post.deleteOne()
}
""",
        "if (post.author.toString() !== session.user.id) return { error: 'Forbidden' }",
    ),
    (
        "a session that the database keeps, Prisma",
        "jest",
        {**PRISMA.files, "lib/session.ts": KEPT},
        f"import {{ currentUser }} from '@/lib/session'\n{PRISMA.imports}\n",
        """export async function act(id: string) {
  $check
  await db.post.delete({ where: { id } })
}
""",
        "if (!(await currentUser())) throw new Error('Unauthorized')",
    ),
    (
        "a transaction, Prisma",
        "vitest",
        {**AUTH.files, **PRISMA.files},
        f"{AUTH.imports}\n{PRISMA.imports}\n",
        """export async function act(id: string) {
  $check
  await db.$transaction(async (tx) => {
    await tx.comment.deleteMany({ where: { postId: id } })
    await tx.post.delete({ where: { id } })
  })
}
""",
        "if (!(await auth())?.user) throw new Error('Unauthorized')",
    ),
    (
        "a helper that redirects, postgres.js",
        "jest",
        {**AUTH.files, "lib/guards.ts": REQUIRE, "lib/db.ts": SQL},
        "import { requireUser } from '@/lib/guards'\nimport { sql } from '@/lib/db'\n",
        """export async function act(id: string, title: string) {
  $check
  await sql`UPDATE posts SET title = ${title} WHERE id = ${id}`
}
""",
        "await requireUser()",
    ),
    (
        "a membership, Prisma",
        "vitest",
        {**AUTH.files, **PRISMA.files},
        f"{AUTH.imports}\n{PRISMA.imports}\n",
        "export async function act(teamId: string) {\n"
        + GUARD
        + """  $check
  await db.team.delete({ where: { id: teamId } })
}
""",
        "if (!(await db.membership.findFirst({ where: { teamId, userId: session.user.id } }))) throw new Error('No')",
    ),
    (
        "raw SQL scoped, postgres.js",
        "vitest",
        {**AUTH.files, "lib/guards.ts": REQUIRE, "lib/db.ts": SQL},
        "import { requireUser } from '@/lib/guards'\nimport { sql } from '@/lib/db'\n",
        """export async function act(id: string) {
  const user = await requireUser()
  await sql`DELETE FROM posts WHERE id = ${id}$check`
}
""",
        " AND author_id = ${user.id!}",
    ),
    *(
        (
            f"a client that is generated, {runner}",
            runner,
            {**AUTH.files, **GENERATED},
            f"{AUTH.imports}\n{PRISMA.imports}\n",
            """export async function act(id: string) {
  $check
  await db.post.delete({ where: { id } })
}
""",
            "if (!(await auth())?.user) throw new Error('Unauthorized')",
        )
        for runner in ("vitest", "jest")
    ),
    (
        "behind a wrapper, Prisma",
        "jest",
        {**AUTH.files, **PRISMA.files, "lib/guards.ts": REQUIRE},
        f"import {{ withUser }} from '@/lib/guards'\n{PRISMA.imports}\n",
        """export const act = withUser(async (user, id: string, title: string) => {
  await db.post.updateMany({ where: { id$check }, data: { title } })
})
""",
        ", authorId: user.id",
    ),
    (
        "the record is fetched and compared, Supabase",
        "vitest",
        {**SESSIONS["Supabase Auth"].files, **DATA["Supabase"].files},
        f"{SESSIONS['Supabase Auth'].imports}\n{DATA['Supabase'].imports}\n",
        """export async function act({ id }: { id: string }) {
  const supabase = await createAuth()
  const { data: { user } } = await supabase.auth.getUser()
  if (!user) throw new Error('Unauthorized')
  const { data: post, error } = await admin.from('posts').select('author_id').eq('id', id).single()
  if (error || !post) return { error: 'Not found' }
  $check
  await admin.from('posts').update({ title: 'x' }).eq('id', id)
}
""",
        "if (post.author_id !== user.id) return { error: 'Forbidden' }",
    ),
    (
        "what it reads is told, Drizzle",
        "jest",
        {**AUTH.files, **DATA["Drizzle"].files},
        f"{AUTH.imports}\n{DATA['Drizzle'].imports}\n",
        """export async function act(id: string) {
  $check
  await db.update(posts).set({ title: 'read' }).where(eq(posts.id, id))
  return db.select().from(posts).where(eq(posts.id, id))
}
""",
        "if (!(await auth())?.user) throw new Error('Unauthorized')",
    ),
)


def shapes() -> Iterator[Fault]:
    """Other shapes of code: the check is there, or it is not."""
    for name, runner, shared, imports, code, check in SHAPES:
        texts = [HEAD + imports + "\n" + code.replace("$check", each) for each in (check, "")]
        files = {**shared, **_settings(runner)}
        generated = {CLIENT: "throw new Error('a real database')\n"} if SCHEMA in shared else {}
        yield Fault(name, runner, {**files, ACTIONS: texts[0]}, {**files, ACTIONS: texts[1]}, generated)


def _bodies(kind: str, sessions: Sessions, data: Data) -> tuple[str, str]:
    """The action, sound and faulty."""
    own = data.deletes_own.replace("$user", sessions.user)
    create = data.creates.replace("$user", sessions.user)
    start = [data.opens] if data.opens else []
    asks, guard = [sessions.asks], [sessions.asks, sessions.refuses]
    parsed = ["const { title } = Input.parse(Object.fromEntries(form))"]
    whoever = data.creates.replace("$user", "userId").replace("$title", "title")
    made = {
        "no session": ("id: string", [*guard, *start, own], [*start, data.deletes]),
        "not enforced": ("id: string", [*guard, *start, own], [*asks, *start, data.deletes]),
        "not theirs": ("id: string", [*guard, *start, own], [*guard, *start, data.deletes]),
        "too late": ("id: string", [*guard, *start, own], [*start, data.deletes, *guard]),
        "whoever it says": (
            "author: string, title: string",
            [*guard, *start, create.replace("$title", "title")],
            [*start, whoever.replace("userId", "author")],
        ),
        "a form": (
            "form: FormData",
            [*guard, *start, *parsed, create.replace("$title", "title")],
            [*start, *parsed, data.creates.replace("$user", "String(form.get('author'))").replace("$title", "title")],
        ),
    }
    parameters, sound, faulty = made[kind]
    return _action(parameters, sound), _action(parameters, faulty)


def _action(parameters: str, lines: list[str]) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    return f"export async function act({parameters}) {{\n{body}\n}}\n"


def _settings(runner: str) -> Mapping[str, str]:
    """A project as people set it up for a runner."""
    manifest = {"private": True, "scripts": {"test": runner}, "devDependencies": {runner: "*"}}
    shared = {
        "package.json": json.dumps(manifest),
        "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
    }
    if runner == "vitest":
        return {
            **shared,
            "vitest.config.mts": """
import { defineConfig } from 'vitest/config'
export default defineConfig({ resolve: { alias: { '@': import.meta.dirname } } })
""",
        }
    return {
        **shared,
        "jest.config.cjs": """
module.exports = {
  transform: { '^.+\\\\.[jt]sx?$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript', tsx: true } } }] },
  moduleNameMapper: { '^@/(.*)$': '<rootDir>/$1' },
}
""",
    }
