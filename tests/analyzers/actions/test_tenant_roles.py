"""Roles of accounts that belong to a tenant each: they say nothing of the rows of other tenants."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    enum UserRole {
      SUPER_ADMIN
      ADMIN
      MEMBER
    }
    model User {
      id       String   @id
      role     UserRole
      isAdmin  Boolean
      schoolId String
      school   School   @relation(fields: [schoolId], references: [id])
    }
    model School {
      id   String @id
      name String
    }
    model Room {
      id       String @id
      name     String
      schoolId String
      school   School @relation(fields: [schoolId], references: [id])
      lessons  Lesson[]
    }
    model Lesson {
      id     String @id
      title  String
      roomId String
      room   Room   @relation(fields: [roomId], references: [id])
    }
    model Subject {
      id   String @id
      name String
    }
"""

OTHERS = """
async function needRole(...roles) {
  const session = await auth()
  if (!session?.user || !roles.includes(session.user.role)) throw new Error('Forbidden')
  return session.user
}
async function me() {
  const session = await auth()
  if (!session?.user?.id) throw new Error('no')
  return db.user.findUniqueOrThrow({ where: { id: session.user.id } })
}
export async function rooms() {
  const user = await needRole('ADMIN', 'MEMBER')
  return db.room.findMany({ where: { schoolId: user.schoolId } })
}
export async function lessons() {
  const user = await needRole('ADMIN', 'MEMBER')
  return db.lesson.findMany({ where: { room: { schoolId: user.schoolId } } })
}
"""


def tenant_of(body: str, others: str = OTHERS, files: Mapping[str, str] | None = None) -> str | None:
    """The tenant in which the role holds that stands before a change of what may be another one's."""
    action = f"{HEAD}\nexport async function act(id, name) {{ {body} }}\n{others}"
    given = files or {"prisma/schema.prisma": SCHEMA}
    found = run({"app/actions.ts": action, **LIBRARY, **given})["act"].unowned_effect()
    return found.within.tenant if found is not None and found.within is not None else None


ASK = f"{SESSION} if (user.role !== 'ADMIN') throw new Error('Forbidden')\n"

UNBOUNDED = {
    "the session's role": ASK + "await db.room.delete({ where: { id } })",
    "one of several roles": (
        "await needRole('ADMIN', 'SUPER_ADMIN')\nawait db.room.update({ where: { id }, data: { name } })"
    ),
    "the role in the account's row": (
        "const user = await me()\nif (user.role !== 'ADMIN') return\nawait db.room.delete({ where: { id } })"
    ),
    "of a child of the tenant's": (
        "await needRole('ADMIN')\nawait db.lesson.update({ where: { id }, data: { title: name } })"
    ),
    "only looked whether it is there": (
        "await needRole('ADMIN')\nconst room = await db.room.findUnique({ where: { id } })\n"
        "if (!room) return\nawait db.room.delete({ where: { id: room.id } })"
    ),
}

BOUNDED = {
    "the tenant in the key": ASK + "await db.room.deleteMany({ where: { id, schoolId: user.schoolId } })",
    "found within the tenant": (
        "const user = await needRole('ADMIN')\n"
        "const room = await db.room.findFirst({ where: { id, schoolId: user.schoolId } })\n"
        "if (!room) return\nawait db.room.delete({ where: { id } })"
    ),
    "compared with the tenant": (
        "const user = await needRole('ADMIN')\nconst room = await db.room.findUnique({ where: { id } })\n"
        "if (room?.schoolId !== user.schoolId) return\nawait db.room.delete({ where: { id } })"
    ),
    "compared, but for those above": (
        "const user = await needRole('ADMIN', 'SUPER_ADMIN')\n"
        "const room = await db.room.findUnique({ where: { id } })\n"
        "if (user.role !== 'SUPER_ADMIN' && room?.schoolId !== user.schoolId) return\n"
        "await db.room.delete({ where: { id } })"
    ),
    "a role above the tenants": "await needRole('SUPER_ADMIN')\nawait db.room.delete({ where: { id } })",
    "a table of all tenants": "await needRole('ADMIN')\nawait db.subject.delete({ where: { id } })",
}


@pytest.mark.parametrize("body", UNBOUNDED.values(), ids=UNBOUNDED.keys())
def test_a_role_within_a_tenant_does_not_excuse_a_bare_id(body: str) -> None:
    assert tenant_of(body) == "School"


@pytest.mark.parametrize("body", BOUNDED.values(), ids=BOUNDED.keys())
def test_a_role_is_enough_where_the_row_is_tied_or_the_role_stands_above(body: str) -> None:
    assert tenant_of(body) is None


def test_a_role_is_enough_where_no_action_keeps_such_rows_to_a_tenant() -> None:
    listed = OTHERS.replace("where: { schoolId: user.schoolId }", "where: { name: 'A' }")
    assert tenant_of(UNBOUNDED["the session's role"], listed) is None


@pytest.mark.parametrize(
    "shown",
    ["return db.room.findMany()", "return db.school.findMany()", "return db.school.create({ data: { name: 'B' } })"],
)
def test_a_role_stands_above_tenants_where_it_sees_them_all(shown: str) -> None:
    above = f"{OTHERS}\nexport async function every() {{ await needRole('ADMIN')\n{shown} }}"
    assert tenant_of("await needRole('ADMIN')\nawait db.room.delete({ where: { id } })", above) is None


def test_a_flag_beside_a_role_is_one_of_those_who_run_the_application() -> None:
    body = f"{SESSION} if (!user.isAdmin) throw new Error('Forbidden')\nawait db.room.delete({{ where: {{ id }} }})"
    assert tenant_of(body) is None


MEMBERS = """
    model User {
      id   String @id
      role String
    }
    model Organization {
      id String @id
    }
    model Member {
      id             String       @id
      role           String
      userId         String
      user           User         @relation(fields: [userId], references: [id])
      organizationId String
      organization   Organization @relation(fields: [organizationId], references: [id])
    }
    model Room {
      id             String       @id
      organizationId String
      organization   Organization @relation(fields: [organizationId], references: [id])
    }
"""
MEMBERSHIP = """
async function membership() {
  const session = await auth()
  if (!session?.user?.id) throw new Error('no')
  return db.member.findFirstOrThrow({ where: { userId: session.user.id } })
}
export async function rooms() {
  const member = await membership()
  return db.room.findMany({ where: { organizationId: member.organizationId } })
}
"""


def test_the_role_of_a_membership_holds_in_its_tenant() -> None:
    body = "const m = await membership()\nif (m.role !== 'admin') return\nawait db.room.delete({ where: { id } })"
    assert tenant_of(body, MEMBERSHIP, {"prisma/schema.prisma": MEMBERS}) == "Organization"


OF_A_MEMBER = "const m = await membership()\nif (m.role !== 'admin') return\n"
ALONE = MEMBERSHIP.partition("export async function rooms")[0]
ANOTHERS = {
    "a row, by its id": "await db.room.delete({ where: { id } })",
    "the tenant itself": "await db.organization.update({ where: { id }, data: { name } })",
    "rows of the tenant that the caller names": "await db.room.deleteMany({ where: { organizationId: id } })",
}
NOT_ANOTHERS = {
    "a row of the member's tenant": "await db.room.deleteMany({ where: { id, organizationId: m.organizationId } })",
    "the member's tenant itself": "await db.organization.update({ where: { id: m.organizationId }, data: { name } })",
    "the tenant that was compared": (
        "if (m.organizationId !== id) return\nawait db.organization.update({ where: { id }, data: { name } })"
    ),
    "the member's role in the tenant that was asked about": (
        "const own = await db.member.findFirst({ where: { userId: m.userId, organizationId: id } })\n"
        "if (own?.role !== 'admin') return\nawait db.organization.update({ where: { id }, data: { name } })"
    ),
}


@pytest.mark.parametrize("change", ANOTHERS.values(), ids=list(ANOTHERS))
def test_the_role_of_a_membership_holds_there_whatever_other_actions_do(change: str) -> None:
    assert tenant_of(OF_A_MEMBER + change, ALONE, {"prisma/schema.prisma": MEMBERS}) == "Organization"


@pytest.mark.parametrize("change", NOT_ANOTHERS.values(), ids=list(NOT_ANOTHERS))
def test_the_role_of_a_membership_is_enough_in_its_tenant(change: str) -> None:
    assert tenant_of(OF_A_MEMBER + change, ALONE, {"prisma/schema.prisma": MEMBERS}) is None


def test_a_role_of_a_membership_that_is_called_one_above_tenants_holds_in_all() -> None:
    body = OF_A_MEMBER.replace("admin", "super_admin") + ANOTHERS["a row, by its id"]
    assert tenant_of(body, ALONE, {"prisma/schema.prisma": MEMBERS}) is None


def test_a_role_of_an_account_that_belongs_to_no_tenant_holds_everywhere() -> None:
    body = f"{SESSION} if (user.role !== 'admin') return\nawait db.room.delete({{ where: {{ id }} }})"
    assert tenant_of(body, MEMBERSHIP, {"prisma/schema.prisma": MEMBERS}) is None


MODELS = {
    "lib/models.ts": """
        import mongoose, { Schema, model, models } from 'mongoose'
        const SchoolSchema = new Schema({ name: String })
        export const School = models.School ?? model('School', SchoolSchema)
        const UserSchema = new Schema({
          role: String,
          schoolId: { type: Schema.Types.ObjectId, ref: 'School', required: true },
        })
        export const User = models.User ?? model('User', UserSchema)
        const RoomSchema = new Schema({
          name: String,
          schoolId: { type: Schema.Types.ObjectId, ref: 'School', required: true },
        })
        export const Room = models.Room ?? model('Room', RoomSchema)
    """
}
MONGOOSE = """
import { Room, User } from '../lib/models'
async function me() {
  const session = await auth()
  if (!session?.user?.id) throw new Error('no')
  const user = await User.findById(session.user.id)
  if (!user) throw new Error('no')
  return user
}
export async function rooms() {
  const user = await me()
  return Room.find({ schoolId: user.schoolId })
}
"""


@pytest.mark.parametrize(
    ("change", "tenant"),
    [
        ("await Room.findByIdAndUpdate(id, { $set: { name } })", "School"),
        ("await Room.findByIdAndDelete(id)", "School"),
        ("await Room.findOneAndUpdate({ _id: id, schoolId: user.schoolId }, { name })", None),
    ],
)
def test_mongoose_says_it_too(change: str, tenant: str | None) -> None:
    body = f"const user = await me()\nif (user.role !== 'admin') return\n{change}"
    assert tenant_of(body, MONGOOSE, MODELS) == tenant


DRIZZLE = {
    "lib/auth.ts": LIBRARY["lib/auth.ts"],
    "lib/schema.ts": """
        import { pgTable, text } from 'drizzle-orm/pg-core'
        export const companies = pgTable('companies', { id: text('id').primaryKey() })
        export const users = pgTable('users', {
          id: text('id').primaryKey(),
          role: text('role'),
          companyId: text('company_id').notNull().references(() => companies.id),
        })
        export const assets = pgTable('assets', {
          id: text('id').primaryKey(),
          companyId: text('company_id').notNull().references(() => companies.id),
        })
    """,
    "lib/db.ts": """
        import { drizzle } from 'drizzle-orm/node-postgres'
        import * as schema from './schema'
        export const db = drizzle(process.env.DATABASE_URL!, { schema })
    """,
    "app/actions.ts": """
        'use server'
        import { and, eq } from 'drizzle-orm'
        import { auth } from '../lib/auth'
        import { db } from '../lib/db'
        import { assets, users } from '../lib/schema'

        async function requireRole(...roles: string[]) {
          const session = await auth()
          if (!session?.user?.id) throw new Error('Not signed in')
          const [me] = await db.select().from(users).where(eq(users.id, session.user.id)).limit(1)
          if (!me || !roles.includes(me.role)) throw new Error('Forbidden')
          return me
        }

        export async function bare(id: string) {
          await requireRole('admin', 'manager')
          await db.delete(assets).where(eq(assets.id, id))
        }

        export async function tied(id: string) {
          const me = await requireRole('admin', 'manager')
          await db.delete(assets).where(and(eq(assets.id, id), eq(assets.companyId, me.companyId)))
        }
    """,
}

SUPABASE = {
    "supabase/migrations/1.sql": """
        create table companies (id uuid primary key);
        create table profiles (
          id uuid primary key references auth.users(id), role text, company_id uuid not null references companies(id)
        );
        create table assets (id uuid primary key, company_id uuid not null references companies(id));
    """,
    "lib/admin.ts": """
        import { createClient } from '@supabase/supabase-js'
        export const admin = createClient(process.env.SUPABASE_URL!, process.env.SUPABASE_SERVICE_ROLE_KEY!)
    """,
    "lib/auth.ts": LIBRARY["lib/auth.ts"],
    "app/actions.ts": """
        'use server'
        import { auth } from '../lib/auth'
        import { admin } from '../lib/admin'

        async function requireAdmin() {
          const session = await auth()
          if (!session?.user?.id) throw new Error('Not signed in')
          const mine = admin.from('profiles').select('role, company_id').eq('id', session.user.id)
          const { data: me } = await mine.single()
          if (me?.role !== 'admin') throw new Error('Forbidden')
          return me
        }

        export async function bare(id: string) {
          await requireAdmin()
          await admin.from('assets').delete().eq('id', id)
        }

        export async function tied(id: string) {
          const me = await requireAdmin()
          await admin.from('assets').delete().eq('id', id).eq('company_id', me.company_id)
        }
    """,
}


@pytest.mark.parametrize("files", [DRIZZLE, SUPABASE], ids=["Drizzle", "Supabase with the service's key"])
def test_tables_of_other_clients_say_it_too(files: Mapping[str, str]) -> None:
    found = {name: facts.unowned_effect() for name, facts in run(files).items()}
    bare = found["bare"]
    assert bare is not None
    assert bare.within is not None
    assert bare.within.tenant == "companies"
    assert found["tied"] is None


LINKS = f"""{SCHEMA}
    model Timetable {{
      id       String @id
      roomId   String
      room     Room   @relation(fields: [roomId], references: [id])
      lessonId String
      lesson   Lesson @relation(fields: [lessonId], references: [id])
    }}
"""


def untied(body: str) -> list[str]:
    """The columns of a new row that name what may be another tenant's, where a role was asked for first."""
    action = f"{HEAD}\nexport async function act(id, other) {{ {body} }}\n{OTHERS}"
    found = run({"app/actions.ts": action, **LIBRARY, "prisma/schema.prisma": LINKS})["act"].unowned_effect()
    return sorted(key.column for key in found.foreign) if found is not None else []


LOOKED_UP = {
    "found within the tenant": "const room = await db.room.findFirst({ where: { id, schoolId: user.schoolId } })",
    "compared": (
        "const room = await db.room.findUnique({ where: { id } })\nif (room?.schoolId !== user.schoolId) return"
    ),
}
LINKED = {
    "a new row": "await db.timetable.create({ data: { roomId: id, lessonId: other } })",
    "several": "await db.timetable.createMany({ data: other.map((lessonId) => ({ roomId: id, lessonId })) })",
    "by the row that was found": "await db.timetable.create({ data: { roomId: room.id, lessonId: other } })",
}


@pytest.mark.parametrize("link", LINKED.values(), ids=LINKED.keys())
@pytest.mark.parametrize("look", LOOKED_UP.values(), ids=LOOKED_UP.keys())
def test_a_role_is_one_within_a_tenant_where_the_other_end_of_a_link_is_tied(look: str, link: str) -> None:
    assert untied(f"const user = await needRole('ADMIN')\n{look}\nif (!room) return\n{link}") == ["lessonId"]


def test_a_role_holds_everywhere_where_neither_end_of_a_link_is_tied() -> None:
    looked = "const room = await db.room.findUnique({ where: { id } })\nif (!room) return"
    assert untied(f"await needRole('SUPER_ADMIN')\n{looked}\n{LINKED['a new row']}") == []
