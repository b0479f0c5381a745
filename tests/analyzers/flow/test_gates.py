"""Refusals whose condition derives from the caller: which are a role, which tie an id, and which are neither."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.facts import Role, right_among
from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION, unowned
from tests.analyzers.running import run

DELETE = "\nawait db.post.delete({ where: { id } })"
ROW = "const me = await db.user.findUnique({ where: { id: user.id } })\n"
MEMBERS = "const members = await db.member.findMany({ where: { userId: user.id } })\n"
MATRIX = "const MATRIX = { ADMIN: { CLIENTS: ['VIEW', 'DELETE'] }, WORKER: { CLIENTS: ['VIEW'] } }\n"
TABLE = "const TABLE = { ADMIN: { delete: true, view: true }, WORKER: { delete: false, view: true } }\n"
LEVELS = "const LEVELS = ['viewer', 'editor', 'admin']\n"
RANK = "const RANK = { viewer: 1, editor: 2, admin: 3 }\n"
ROLES = "const ROLES = { ADMIN: 'admin', USER: 'user' }\n"
STEPS = "const STEPS = [{ name: 'viewer', level: 1 }, { name: 'admin', level: 9 }]\n"
MEMBER = "const member = await db.member.findFirst({ where: { userId: user.id } })\n"
GRANTS = "const GRANTS = { delete: ['ADMIN', 'OWNER'], view: ['ADMIN', 'OWNER', 'WORKER'] }\n"
SETTING = "const setting = await db.siteConfig.findUnique({ where: { key: 'managers' } })\n"
MANAGERS = SETTING + "const managers = JSON.parse(setting?.value ?? '[]')\n"
FOUND = "const post = await db.post.findUnique({ where: { id } })\n"
POLICY = "const policy = { canDelete: (who) => who.role === 'admin' }\n"
ANSWER = "const judge = (who) => (who.role === 'admin' ? { ok: true } : { ok: false })\nconst answer = judge(user)\n"

NAMED_ROLES = (
    "const me = await db.user.findUnique({ where: { id: user.id }, include: { roles: { include: { role: true } } } })\n"
)
BITS = """enum May { View, Delete, Owner = 7 }
    const has = (mine: number | null, ...asked: (May | May[])[]) => {
      if (!mine) return false
      if (mine & (1 << May.Owner) || !asked.length) return true
      return asked.every((one) =>
        Array.isArray(one) ? one.some((each) => mine & (1 << each)) : mine & (1 << one))
    }
"""

ROLE = {
    "the least role refused": "if (user.role === 'STUDENT') throw new Error('no')",
    "the least role of several refused": "if (['student', 'parent'].includes(user.role)) return",
    "the least roles refused one by one": "if (user.role === 'customer' || user.role === 'guest') return",
    "the least role refused in a switch": "switch (user.role) { case 'viewer': return }",
    "the least role refused of who is no admin": "if (user.role !== 'ADMIN') { if (user.role === 'MEMBER') return }",
    "a name that a role is called by": (
        "const CALLED = { Coordinador: 'coordinator', Estudiante: 'student' }\n"
        "if ((CALLED[user.role?.trim() || ''] || 'student') !== 'coordinator') throw new Error('no')"
    ),
    "a flag of the session": "if (!user.staff) throw new Error('no')",
    "a flag in another spelling": "if (!user.is_admin) return",
    "a flag of the caller's row": ROW + "if (!me?.superuser) return",
    "a flag that is taken out first": ROW + "const { admin = false } = me ?? {}\nif (!admin) return",
    "a right by its verb": ROW + "if (!me?.can_edit) return",
    "a flag, or something of the caller's": (
        "if (!user.companies.some((company) => company.number === id) && !user.staff) throw new Error('no')"
    ),
    "something of the caller's, or a flag": (
        "if (!(user.staff || user.companies.find((company) => company.number === id))) throw new Error('no')"
    ),
    "a list in the environment": "if (!process.env.ADMINS!.split(',').includes(user.email)) throw new Error('no')",
    "a list in the environment, trimmed": (
        "if (!process.env.ADMINS.split(',').some((each) => each.trim() === user.email)) throw new Error('no')"
    ),
    "no place in a list of the environment": "if (process.env.ADMINS.split(',').indexOf(user.id) === -1) return",
    "a place below the first": "if (process.env.ADMINS.split(',').indexOf(user.id) < 0) return",
    "a domain": "if (!user.email.endsWith('@example.com')) throw new Error('no')",
    "a domain of the environment": "if (!user.email.endsWith(process.env.DOMAIN)) throw new Error('no')",
    "a permission matrix": MATRIX + "if (!MATRIX[user.role]?.CLIENTS?.includes('DELETE')) return",
    "a matrix, or no list": MATRIX + "if (!(MATRIX[user.role]?.CLIENTS ?? []).includes('DELETE')) return",
    "a matrix asked for one role after another": MATRIX
    + "if (!user.roles.some((role) => (MATRIX[role]?.CLIENTS || []).includes('DELETE'))) return",
    "all that the roles may, in one list": MATRIX
    + "if (!user.roles.flatMap((role) => MATRIX[role]?.CLIENTS ?? []).includes('DELETE')) return",
    "a matrix in a loop": MATRIX
    + """const can = (roles) => {
          for (const role of roles) { if (MATRIX[role]?.CLIENTS?.includes('DELETE')) return true }
          return false
        }
        if (!can(user.roles)) return""",
    "a table of yes and no": TABLE + "if (!TABLE[user.role].delete) return",
    "a row of a table": TABLE + "const row = TABLE[user.role]\nif (row.delete !== true) return",
    "a map of lists": (
        "const can = new Map([['ADMIN', ['delete']], ['WORKER', []]])\n"
        "if (!can.get(user.role)?.includes('delete')) return"
    ),
    "a ladder by place": LEVELS + "if (LEVELS.indexOf(user.role) < LEVELS.indexOf('editor')) return",
    "a ladder by rank": RANK + "if (!(RANK[user.role] >= RANK.editor)) return",
    "a rank in the session": "if (user.roleLevel < 50) throw new Error('no')",
    "a role that is a number": "if (user.role < 2) throw new Error('no')",
    "the first of the roles that are numbers": "if (user.role < 1) throw new Error('no')",
    "the first of them, the other way round": "if (!(1 <= user.role)) throw new Error('no')",
    "a number for a role that a helper is given": (
        "const verify = async (role) => { if (user.role < role) throw new Error('no') }\nawait verify(1)"
    ),
    "a number as the code reads it": "const role = Number(user.role)\nif (role < 1) return",
    "a rank, or none at all": "if ((user.accessLevel ?? 0) < 3) return",
    "a rank of the caller's row": ROW + "if (!me || !(me.clearance >= 4)) return",
    "the rank of a role": ROW + "if (!(me?.role?.rank > 2)) return",
    "a rank that stands on the right": "if (!(100 <= user.tierLevel)) return",
    "a rank, asked by a helper": (
        "const LEVELS = { NEW: 0, ADMIN: 999 } as const\n"
        "const isAdmin = (who) => who.tierLevel >= LEVELS.ADMIN\nif (!isAdmin(user)) throw new Error('no')"
    ),
    "a rank that the application sets": SETTING + "if (!setting || user.roleLevel < setting.minimum) return",
    "a rank above that of whose it is": FOUND + "if (!(user.roleLevel > post.level)) return",
    "one of the roles that the application sets": MANAGERS
    + "if (!managers.some((role) => user.roleSlugs?.includes(role))) return",
    "a role among those that the application sets": MANAGERS + "if (!managers.includes(user.role)) return",
    "a rank, or one of the roles that the application sets": MANAGERS
    + """const may = (who, roles) => {
          if (who.tierLevel && who.tierLevel >= 999) return true
          if (roles.length === 0) return false
          return roles.some((slug) => who.roleSlugs?.includes(slug))
        }
        if (!may(user, managers)) throw new Error('no')""",
    "a ladder by rank, from below": RANK + "if (RANK[user.role] < RANK.editor) return",
    "a ladder that begins at nothing": MEMBER
    + "const LADDER = { MEMBER: 0, ADMIN: 1, OWNER: 2 }\nif (!member || LADDER[member.role] < LADDER.ADMIN) return",
    "a ladder asked by a helper": RANK + "const atLeast = (have, want) => (RANK[have] ?? -1) >= (RANK[want] ?? 99)\n"
    "if (!atLeast(user.role, 'admin')) return",
    "a ladder in a map": (
        "const rank = new Map([['viewer', 1], ['admin', 3]])\n"
        "if ((rank.get(user.role) ?? 0) < rank.get('admin')) return"
    ),
    "a ladder of steps": STEPS + "const level = (name) => STEPS.find((step) => step.name === name)?.level ?? 0\n"
    "if (level(user.role) < level('admin')) return",
    "a place found by a test": LEVELS + "const place = (role) => LEVELS.findIndex((each) => each === role)\n"
    "if (place(user.role) < place('editor')) return",
    "an enumeration as a ladder": "enum Rank { Viewer, Editor, Admin }\nif (Rank[user.role] < Rank.Admin) return",
    "a bit of what the caller may": "if (!(user.permissions & 4)) return",
    "a bit, compared with nothing": (
        "const MAY = { VIEW: 1, DELETE: 2 }\nif ((user.permissions & MAY.DELETE) === 0) return"
    ),
    "bits, all of them": "const has = (have, want) => (have & want) === want\nif (!has(user.permissions, 4)) return",
    "a bit by its place": "if (!(user.permissions & (1 << 3))) return",
    "a bit by its place, asked of what is shifted": "if (((user.permissions >>> 3) & 1) === 0) return",
    "a bit as a power of two": "if (!(user.permissions & 2 ** 3)) return",
    "a bit by the place that a helper is given": (
        "const need = (bit) => { if (!(user.permissions & (1 << bit))) throw new Error('no') }\nneed(3)"
    ),
    "bits of a wide number": "const DELETE = 1n << 40n\nif ((BigInt(user.permissions) & DELETE) === 0n) return",
    "bits put together": (
        "const VIEW = 1\nconst MASK = VIEW | (1 << 1)\nif ((user.permissions & MASK) !== MASK) return"
    ),
    "bits of an enumeration that puts them together": (
        "enum May { View = 1 << 0, Delete = View << 1, All = May.View | May.Delete }\n"
        "if ((user.permissions & May.All) !== May.All) return"
    ),
    "each of some bits": "if (![1 << 1, 1 << 2].every((bit) => (user.permissions & bit) === bit)) return",
    "each of the bits by their places": BITS + "if (!has(user.permissions, May.View, May.Delete)) return",
    "one of the bits that a list has": BITS + "if (!has(user.permissions, [May.Delete, May.View])) return",
    "the names of the caller's roles": NAMED_ROLES
    + "if (!me?.roles.map((each) => each.role.name).includes('admin')) return",
    "the names of what the caller's roles permit": (
        "const include = { role: { include: { permissions: true } } }\n"
        "const me = await db.user.findUnique({ where: { id: user.id }, include })\n"
        "const names = me?.role?.permissions.map(({ name }) => name) ?? []\n"
        "if (!['post.delete', 'post.all'].some((asked) => names.includes(asked))) return"
    ),
    "the names in a set": NAMED_ROLES + "const names = new Set(me?.roles.map((each) => each.role.name))\n"
    "if (!names.has('admin')) return",
    "the names that a loop gathers": NAMED_ROLES
    + "const names = []\nfor (const each of me.roles) names.push(each.role.name)\nif (!names.includes('admin')) return",
    "the names of the permissions that the caller's own rows point to": (
        "const rows = await db.userPermission.findMany({ where: { userId: user.id }, include: { permission: true } })\n"
        "if (rows.map((row) => row.permission.name).indexOf('post.delete') < 0) return"
    ),
    "the names of the rows of roles that have the caller": (
        "const roles = await db.role.findMany({ where: { users: { some: { id: user.id } } } })\n"
        "if (!roles.map((role) => role.name).includes('admin')) return"
    ),
    "some of two permissions": "if (!['edit', 'delete'].some((asked) => user.permissions.includes(asked))) return",
    "each of two permissions": (
        "for (const asked of ['edit', 'delete']) if (!user.permissions.includes(asked)) throw new Error('no')"
    ),
    "some of two, in a set": (
        "const mine = new Set(user.permissions)\nif (!['edit', 'delete'].some((asked) => mine.has(asked))) return"
    ),
    "some of two, by their places": (
        "if (!['edit', 'delete'].some((asked) => user.permissions.indexOf(asked) !== -1)) return"
    ),
    "none of two is missing": (
        "const missing = ['edit', 'delete'].filter((asked) => !user.permissions.includes(asked))\n"
        "if (missing.length > 0) return"
    ),
    "all of those that a helper is given": (
        "const may = (...asked) => asked.every((each) => user.permissions.includes(each))\n"
        "if (!may('edit', 'delete')) return"
    ),
    "one that a helper is given, or some of a list": (
        "const may = (asked) => (Array.isArray(asked) ? asked : [asked]).some((each) => user.roles.includes(each))\n"
        "if (!may(['editor', 'admin'])) return"
    ),
    "two words in the scope of a token": (
        "const scopes = user.scope.split(' ')\nif (!['edit', 'delete'].every((asked) => scopes.includes(asked))) return"
    ),
    "some of two in an object of rights": "if (!['edit', 'delete'].some((asked) => user.permissions[asked])) return",
    "each of two in an object of rights": (
        "for (const asked of ['edit', 'delete']) if (!user.permissions?.[asked]) throw new Error('no')"
    ),
    "some of two rights to one kind of record": (
        "if (!['edit', 'delete'].some((asked) => Boolean(user.permissions.posts[asked]))) return"
    ),
    "a right in an object of rights": "if (!user.permissions?.posts?.delete) return",
    "a right under two names that are given": (
        "const may = (what, how) => Boolean(user.permissions?.[what]?.[how])\nif (!may('posts', 'delete')) return"
    ),
    "a right in the caller's row": ROW + "if (me?.role?.permissions.posts.delete !== true) return",
    "a right that is missing": (
        "const missing = ['posts.delete'].find((right) => !user.permissions.includes(right))\nif (missing) return"
    ),
    "roles that are refused apart": "if (user.role !== 'ADMIN') { if (user.role !== 'OWNER') throw new Error('no') }",
    "rights that may be absent": "const rights = user.permissions\nif (!rights || !rights.includes('delete')) return",
    "a right put together from its parts": (
        "const right = ['posts', 'delete'].join(':')\nif (!user.permissions.includes(right)) return"
    ),
    "what a library for rights grants": (
        "const { AccessControl } = await import('accesscontrol')\nconst control = new AccessControl({})\n"
        "if (!control.can(user.role).deleteAny('post').granted) return"
    ),
    "the number of a role": "const ADMIN = 1\nif (user.roleId !== ADMIN) return",
    "one of the numbers of roles": "if (![1, 2].includes(user.roleId)) return",
    "a flag of a database that has none": ROW + "if (me?.is_admin !== 1) return",
    "a kind of account that is a number": ROW + "if (me?.type !== 3) return",
    "a type of account": "if (user.type !== 'staff') return",
    "a list of roles by permission": GRANTS + "if (!GRANTS.delete.includes(user.role)) return",
    "some membership": MEMBERS + "if (!members.some((member) => member.role === 'ADMIN')) return",
    "the first membership": MEMBERS + "if (!members.find((member) => member.role === 'ADMIN')) return",
    "memberships that are left": MEMBERS
    + "if (members.filter((member) => ['ADMIN', 'OWNER'].includes(member.role)).length === 0) return",
    "the roles of all memberships": MEMBERS
    + "const roles = new Set(members.map((member) => member.role))\nif (!roles.has('ADMIN')) return",
    "a policy object": POLICY + "if (!policy.canDelete(user)) return",
    "an outcome": ANSWER + "if (!answer.ok) return answer",
}

NO_ROLE = {
    "what has no account refused": "if (user.role === 'guest') throw new Error('no')",
    "the least role told apart from the rest": "let seen = 1\nif (user.role === 'MEMBER') seen = 2",
    "the least role told apart, and each asked something": (
        "if (user.role === 'MEMBER') { if (!other) return } else { other = 'all' }"
    ),
    "a role of the same rank refused": "if (user.role === 'teacher') throw new Error('no')",
    "the least role refused of one who is sent": "if (other === 'student') throw new Error('no')",
    "a name": "if (!user.name) return",
    "an inverted flag": "if (user.staff) return",
    "a state of the account": ROW + "if (!me?.is_active) return",
    "what the account pays for": ROW + "if (!me?.isPro) return",
    "a setting": (
        "const setting = await db.appSetting.findFirst({ where: { userId: user.id, key: 'api' } })\n"
        "if (setting?.value !== 'true') return"
    ),
    "a plan that was bought": (
        "const bought = await db.subscription.findFirst({ where: { userId: user.id } })\n"
        "if (bought?.type !== 'team') return"
    ),
    "a country": "if (user.country !== 'US') return",
    "having anything, or a flag": "if (!user.companies.length && !user.staff) throw new Error('no')",
    "a flag that is not asked of everybody": "if (!user.staff && other === 'x') return",
    "a flag that ends no path": "if (!user.staff) console.log('no')",
    "a flag of any record": "const post = await db.post.findUnique({ where: { id } })\nif (!post.staff) return",
    "being in the list ends the path": "if (process.env.ADMINS.split(',').indexOf(user.id) !== -1) return",
    "a place in the list ends the path": "if (process.env.ADMINS.split(',').indexOf(user.id) >= 0) return",
    "an end of any address": "if (!user.email.endsWith('m')) return",
    "an end that the caller names": "if (!user.email.endsWith(other)) return",
    "a matrix by the role that the caller names": MATRIX + "if (!MATRIX[other]?.CLIENTS?.includes('DELETE')) return",
    "an inverted matrix": MATRIX + "if (MATRIX[user.role]?.CLIENTS?.includes('DELETE')) return",
    "a matrix that ends no path": MATRIX + "if (!MATRIX[user.role]?.CLIENTS?.includes('DELETE')) console.log('no')",
    "an inverted table": TABLE + "if (TABLE[user.role]?.delete) return",
    "the upper end of a ladder": LEVELS + "if (LEVELS.indexOf(user.role) >= LEVELS.indexOf('admin')) return",
    "a ladder for the role that the caller names": RANK + "if (!(RANK[other] >= 2)) return",
    "any role": ROLES + "if (!Object.values(ROLES).includes(user.role)) return",
    "any role of a table": ROLES + "if (!(user.role in ROLES)) return",
    "any name of a table": ROLES + "if (!new Set(Object.keys(ROLES)).has(user.role)) return",
    "any role that the schema knows": (
        "const { Role } = await import('@prisma/client')\nconst valid = new Set(Object.values(Role))\n"
        "if (user.roles.filter((role) => valid.has(role)).length === 0) return"
    ),
    "the kind of a token": "if (user.kind !== 'access') throw new Error('no')",
    "the type of a token": "if (user.type !== 'session') throw new Error('no')",
    "what a token is for": "if (user.token_use !== 'access') throw new Error('no')",
    "whom a token is for": "if (user.aud !== 'https://app.example.com') throw new Error('no')",
    "who made a token": "if (user.iss !== 'https://login.example.com') throw new Error('no')",
    "how surely somebody is known": "if (user.aal !== 'aal2') throw new Error('no')",
    "the version of a session": "if (user.version !== 2) throw new Error('no')",
    "the role of everybody who is known": "if (user.role !== 'authenticated') throw new Error('no')",
    "a step of signing up": "if (user.onboardingStep !== 'done') throw new Error('no')",
    "a second factor": "if (user.twoFactorEnabled !== true) throw new Error('no')",
    "having agreed": ROW + "if (!me?.hasAcceptedTerms) throw new Error('no')",
    "a ladder, the wrong way round": RANK + "if (RANK[user.role] >= RANK.editor) return",
    "an order of names that the caller chooses": STEPS
    + "const step = STEPS.find((each) => each.name === other)\nif (!step) return",
    "what a library for rights grants to a role of the caller's choice": (
        "const { AccessControl } = await import('accesscontrol')\nconst control = new AccessControl({})\n"
        "if (!control.can(other).deleteAny('post').granted) return"
    ),
    "an empty wallet": "const mine = await db.wallet.findFirst({ where: { userId: user.id } })\n"
    "if (mine?.balance !== 0) throw new Error('no')",
    "a count of what is the caller's": ROW + "if (me?.attempts !== 3) return",
    "an age": "if (user.age !== 18) return",
    "bits that the caller sends": "if (!(other & 4)) return",
    "the names of the caller's friends": ROW + "if (!me.friends.map((each) => each.name).includes('Ada')) return",
    "a name of the caller's own": ROW + "if (!me.fullName.includes('admin')) return",
    "the names of all roles": (
        "const roles = await db.role.findMany()\nif (!roles.map((role) => role.name).includes('admin')) return"
    ),
    "the names of somebody else's roles": (
        "const who = await db.user.findUnique({ where: { id: other }, include: { roles: true } })\n"
        "if (!who?.roles.map((role) => role.name).includes('admin')) return"
    ),
    "none of the caller's roles has the name": NAMED_ROLES
    + "if (me?.roles.map((each) => each.role.name).includes('admin')) return",
    "some of two permissions, the wrong way round": (
        "if (['edit', 'delete'].some((asked) => user.permissions.includes(asked))) return"
    ),
    "a permission, or what the caller asks for": (
        "if (!['delete', other].some((asked) => user.permissions.includes(asked))) return"
    ),
    "some of two names of friends": (
        "if (!['Ada', 'Bob'].some((name) => user.friends.map((each) => each.name).includes(name))) return"
    ),
    "some of two permissions that there are": (
        "const all = await db.permission.findMany()\n"
        "if (!['edit', 'delete'].some((asked) => all.map((each) => each.name).includes(asked))) return"
    ),
    "some of two settings of the caller's": "if (!['edit', 'delete'].some((asked) => user.settings[asked])) return",
    "bits at a place that the caller names": "if (!(user.permissions & (1 << other))) return",
    "bits that are not asked for at all": BITS + "if (!has(user.permissions)) return",
    "bits of rights or of what the caller sends": "if (!((user.permissions | other) & (1 << 2))) return",
    "bits that the code puts there": "if (!(user.permissions | (1 << 2))) return",
    "bits of a number that is no right": "if (!(user.preferences & 4)) return",
    "bits of rights, the wrong way round": "if (user.permissions & 4) return",
    "how many rights": "if (!user.permissions.length) return",
    "rights that are only asked for where there are some": (
        "const rights = user.permissions\nif (rights && !rights.includes('delete')) return"
    ),
    "a setting of the caller's": "if (!user.settings?.posts?.delete) return",
    "too high a rank": "if (user.roleLevel >= 50) throw new Error('no')",
    "a rank that the caller names": "if (user.roleLevel < other) return",
    "any rank": "if ((user.tierLevel ?? 0) <= 0) return",
    "too high a role": "if (user.role >= 2) throw new Error('no')",
    "how many roles there are": "if (user.roles.length < 1) return",
    "a number that is no rank": "if (user.age < 18) return",
    "what a game counts": "if (user.level < 5) return",
    "a rank of somebody else": (
        "const who = await db.user.findUnique({ where: { id: other } })\nif (who.roleLevel < 50) return"
    ),
    "roles that one of all records asks for": (
        "const posts = await db.post.findMany()\n"
        "if (!posts.some((post) => post.readers.some((role) => user.roles.includes(role)))) return"
    ),
    "a rank that the caller's own row asks for": ROW + "if (user.roleLevel < me.minimum) return",
    "none of the roles that the application sets": MANAGERS
    + "if (managers.some((role) => user.roleSlugs?.includes(role))) return",
    "a topic among those that the application sets": MANAGERS
    + "if (!managers.some((topic) => user.topics?.includes(topic))) return",
    "one of the roles that a row of the caller's choice sets": (
        "const row = await db.siteConfig.findUnique({ where: { key: other } })\n"
        "if (!row || !row.roles.some((role) => user.roles.includes(role))) return"
    ),
    "having roles": "if (!user.roles.length) return",
    "a membership that is none": MEMBERS + "if (!members.some((member) => member.role !== 'ADMIN')) return",
    "having memberships": MEMBERS + "if (members.length === 0) return",
    "a policy that nobody looks at": POLICY + "policy.canDelete(user)",
    "a policy that nobody waits for": (
        "const policy = { canDelete: async (who) => who.role === 'admin' }\nif (!policy.canDelete(user)) return"
    ),
    "an outcome that is always there": ANSWER + "if (!answer) return answer",
}


@pytest.mark.parametrize("gate", ROLE.values(), ids=list(ROLE))
def test_a_refusal_that_a_right_of_the_callers_decides_is_a_role(gate: str) -> None:
    assert unowned(gate + DELETE) == []


@pytest.mark.parametrize("gate", NO_ROLE.values(), ids=list(NO_ROLE))
def test_what_refuses_by_nothing_of_the_callers_rights_is_none(gate: str) -> None:
    assert unowned(gate + DELETE) == ["prisma.post.delete"]


MAY = """
    const may = async (what) => {
      const grants = await db.grant.findMany({ where: { holderId: user.id } })
      return grants.some((grant) => grant.text === `award:${what}` || grant.text === 'award:*')
    }
    const allowed = []
"""
FILTERED = """
    const posts = await db.post.findMany({ where: { id: { in: other } } })
    const mine = posts.filter((post) => post.authorId === user.id)
"""
LET_IN = {
    "continue": MAY
    + """for (const one of other) { if (!(await may(one))) continue; allowed.push(one) }
        await db.post.deleteMany({ where: { id: { in: allowed } } })""",
    "a branch": MAY
    + """for (const one of other) { if (await may(one)) allowed.push(one) }
        await db.post.deleteMany({ where: { id: { in: allowed } } })""",
    "rows made of them": MAY
    + """for (const one of other) { if (await may(one)) allowed.push(one) }
        await db.award.createMany({ data: allowed.map((badgeId) => ({ personId: id, badgeId })) })""",
    "a filter": FILTERED + "await db.post.deleteMany({ where: { id: { in: mine.map((post) => post.id) } } })",
    "a filter, one after another": FILTERED
    + "await Promise.all(mine.map((post) => db.post.delete({ where: { id: post.id } })))",
}
LET_IN_UNCHECKED = {
    "the answer lets nobody in": MAY
    + """for (const one of other) { if (await may(one)) console.log(one); allowed.push(one) }
        await db.post.deleteMany({ where: { id: { in: allowed } } })""",
    "all of them are taken": MAY
    + """for (const one of other) { if (await may(one)) allowed.push(one) }
        await db.post.deleteMany({ where: { id: { in: other } } })""",
    "those that were not left": FILTERED
    + "await db.post.deleteMany({ where: { id: { in: posts.map((post) => post.id) } } })",
    "all that were named": FILTERED
    + """await Promise.all(mine.map(async (post) => console.log(post)))
        await db.post.deleteMany({ where: { id: { in: other } } })""",
}


@pytest.mark.parametrize("code", LET_IN.values(), ids=list(LET_IN))
def test_what_a_check_has_let_into_a_list_is_checked(code: str) -> None:
    assert unowned(code) == []


@pytest.mark.parametrize("code", LET_IN_UNCHECKED.values(), ids=list(LET_IN_UNCHECKED))
def test_what_came_into_a_list_without_a_check_is_not(code: str) -> None:
    assert len(unowned(code)) == 1


RENAME = "\nawait db.repo.update({ where: { id }, data: { name: other } })"


def found(asked: str, query: str = "where: { id }") -> str:
    """Code that reads a repository with what it brings along."""
    return f"const repo = await db.repo.findUnique({{ {query}, {asked} }})\n"


MINE = "{ where: { userId: user.id, deletedAt: null }, select: { role: true } }"
IN_ORG = found(f"select: {{ id: true, org: {{ select: {{ members: {MINE} }} }} }}")
ALONG = {
    "their number": IN_ORG + "if (!repo || repo.org.members.length === 0) return",
    "the first": IN_ORG + "const member = repo?.org.members[0]\nif (!member) throw new Error('no')",
    "the role of the first": IN_ORG + "if (repo?.org.members[0]?.role !== 'OWNER') return",
    "taken apart": IN_ORG + "const [member] = repo?.org.members ?? []\nif (!member) throw new Error('no')",
    "some": IN_ORG + "if (!repo?.org.members.some((member) => member.role === 'OWNER')) return",
    "a function that judges one": IN_ORG
    + """const BASE = { owner: ['repos'], member: [] }
        const permits = (who, scope) => (who ? (BASE[who.role] ?? []).includes(scope) : false)
        if (!repo || !permits(repo.org.members[0], 'repos')) return""",
    "counted, three relations away": found(
        "include: { org: { include: { space: { include: { _count: { select: { members: " + MINE + " } } } } } } }"
    )
    + "if (!repo?.org.space._count.members) return",
    "behind a list": found("include: { orgs: { include: { members: { where: { userId: user.id } } } } }")
    + "if (!repo?.orgs.some((org) => org.members.length > 0)) return",
}
ALONG_IN_VAIN = {
    "nobody looks": IN_ORG + "if (!repo) return",
    "the other way round": IN_ORG + "if (!repo || repo.org.members.length > 0) return",
    "only what leads there": IN_ORG + "if (!repo?.org) return",
    "a list is always there": IN_ORG + "if (!repo.org.members) return",
    "of somebody else": IN_ORG.replace("user.id", "other") + "if (!repo?.org.members.length) return",
    "of anybody": IN_ORG.replace("userId: user.id, ", "") + "if (!repo?.org.members.length) return",
}


@pytest.mark.parametrize("gate", ALONG.values(), ids=list(ALONG))
def test_a_membership_that_comes_along_behind_other_relations_shows_whose_a_record_is(gate: str) -> None:
    assert unowned(gate + RENAME) == []


@pytest.mark.parametrize("gate", ALONG_IN_VAIN.values(), ids=list(ALONG_IN_VAIN))
def test_one_that_refuses_nobody_shows_nothing(gate: str) -> None:
    assert unowned(gate + RENAME) == ["prisma.repo.update"]


KEPT = """
const kept = new Map()
async function setting(key) {
  if (kept.has(key)) return kept.get(key)
  const row = await db.siteConfig.findUnique({ where: { key } })
  if (row) kept.set(key, row.value)
  return row?.value
}
"""


def test_roles_that_the_application_sets_may_be_kept_for_a_while() -> None:
    asked = """
        const managers = JSON.parse((await setting('managers')) ?? '[]')
        if (!managers.some((role) => user.roleSlugs?.includes(role))) return"""
    action = f"{HEAD}{KEPT}\nexport async function act(id) {{ {SESSION} {asked} {DELETE} }}"
    facts = run({"app/actions.ts": action, **LIBRARY})["act"]
    assert [u.effect.what for u in facts.unowned_effects()] == []


def test_of_several_rights_the_one_that_the_fewest_have_is_told() -> None:
    body = (
        "const MATRIX = { ACCOUNTANT: { CLIENTS: ['VIEW'] }, OWNER: { CLIENTS: ['VIEW', 'DELETE'] } }\n"
        """const may = (roles) => {
          if (roles.includes('SUPER')) return true
          return roles.some((role) => MATRIX[role]?.CLIENTS?.includes('DELETE'))
        }
        if (!may(user.roles)) throw new Error('no')""" + DELETE
    )
    action = f"{HEAD}\nexport async function act(id, other) {{ {SESSION} {body} }}"
    (write,) = run({"app/actions.ts": action, **LIBRARY})["act"].choosing_effects()
    right = right_among(write.facts)
    assert right is not None
    assert right.any_of == ("OWNER", "SUPER")


TEAMS = "const teams = await db.member.findMany({ where: { userId: user.id } })\n"
IDS = TEAMS + "const ids = teams.map((team) => team.teamId)\n"
POST = "const post = await db.post.findUnique({ where: { id } })\n"
WITHIN = (
    "const mate = await db.member.findFirst({ where: { userId: user.id, teamId: other.team } })\n"
    "if (!mate) throw new Error('no')\n"
)
TIED = {
    "the caller's teams": IDS + "await db.post.deleteMany({ where: { id, teamId: { in: ids } } })",
    "the caller's teams, or none": (
        IDS + "await db.post.deleteMany({ where: { id, teamId: { in: ids.length ? ids : ['none'] } } })"
    ),
    "one of the caller's teams": (
        POST + TEAMS + "if (!post || !teams.some((team) => team.teamId === post.teamId)) return" + DELETE
    ),
    "a role in that team": (
        TEAMS + "const roles = new Map(teams.map((team) => [team.teamId, team.role]))\n"
        "if (roles.get(other) !== 'OWNER') return\nawait db.post.deleteMany({ where: { id, teamId: other } })"
    ),
    "as many as were sent": (
        "const mine = await db.post.count({ where: { id: { in: other }, authorId: user.id } })\n"
        "if (mine !== other.length) return\nawait db.post.deleteMany({ where: { id: { in: other } } })"
    ),
    "as many records as were sent": (
        "const mine = await db.post.findMany({ where: { id: { in: other }, authorId: user.id } })\n"
        "if (other.length !== mine.length) return\nawait db.post.deleteMany({ where: { id: { in: other } } })"
    ),
    "as many as were sent, within the team that was shown": WITHIN
    + "const mine = await db.post.findMany({ where: { id: { in: other.ids }, teamId: other.team } })\n"
    "if (mine.length !== other.ids.length) return\nawait db.post.deleteMany({ where: { id: { in: other.ids } } })",
    "as many as were sent, each within the team that was shown": WITHIN
    + "const mine = await db.post.count({ where: { id: { in: other.ids }, teamId: other.team } })\n"
    "if (mine !== other.ids.length) return\n"
    "await Promise.all(other.ids.map((one) => db.post.update({ where: { id: one }, data: { seen: true } })))",
    "as many as were sent, as a schema has parsed them": WITHIN
    + "const { z } = await import('zod')\nconst sent = z.object({ ids: z.array(z.string()) }).parse(other)\n"
    "const mine = await db.post.findMany({ where: { id: { in: sent.ids }, teamId: other.team } })\n"
    "if (mine.length !== sent.ids.length) return\nawait db.post.deleteMany({ where: { id: { in: sent.ids } } })",
    "one and the same": POST + "if (!post || !Object.is(post.authorId, user.id)) return" + DELETE,
    "an author or an editor": POST + "if (![post.authorId, post.editorId].includes(user.id)) return" + DELETE,
    "what one of several rights allows": (
        POST + "const can = { remove: post?.authorId === user.id || user.role === 'admin' }\n"
        "if (!can.remove) return" + DELETE
    ),
}
NOT_TIED = {
    "any team": IDS + "if (!ids.length) return" + DELETE,
    "none of the caller's teams": IDS + "await db.post.deleteMany({ where: { id, teamId: { notIn: ids } } })",
    "a list of literals alone": "await db.post.deleteMany({ where: { id, teamId: { in: ['none'] } } })",
    "as many of anybody's as were sent": (
        "const found = await db.post.count({ where: { id: { in: other } } })\n"
        "if (found !== other.length) return\nawait db.post.deleteMany({ where: { id: { in: other } } })"
    ),
    "as many as were sent, within a team that nobody has shown": (
        "const mine = await db.post.findMany({ where: { id: { in: other.ids }, teamId: other.team } })\n"
        "if (mine.length !== other.ids.length) return\nawait db.post.deleteMany({ where: { id: { in: other.ids } } })"
    ),
    "as many as were sent, within another team than was shown": WITHIN
    + "const mine = await db.post.findMany({ where: { id: { in: other.ids }, teamId: other.second } })\n"
    "if (mine.length !== other.ids.length) return\nawait db.post.deleteMany({ where: { id: { in: other.ids } } })",
    "not as many as were sent": (
        "const mine = await db.post.count({ where: { id: { in: other }, authorId: user.id } })\n"
        "if (mine === other.length) return\nawait db.post.deleteMany({ where: { id: { in: other } } })"
    ),
    "as many as were sent of something else": (
        "const mine = await db.post.count({ where: { id: { in: other.mine }, authorId: user.id } })\n"
        "if (mine !== other.all.length) return\nawait db.post.deleteMany({ where: { id: { in: other.all } } })"
    ),
    "an author or anybody who is known": (
        POST + "const isKnown = Boolean(user.id)\nif (post?.authorId !== user.id && !isKnown) return" + DELETE
    ),
}


@pytest.mark.parametrize("code", TIED.values(), ids=list(TIED))
def test_a_refusal_ties_the_id_that_its_condition_comes_from(code: str) -> None:
    assert unowned(code) == []


@pytest.mark.parametrize("code", NOT_TIED.values(), ids=list(NOT_TIED))
def test_it_ties_no_other(code: str) -> None:
    assert len(unowned(code)) == 1


MEMBERS_OF = "const members = await db.member.findMany({ where: { repoId: id } })\n"
WITH_MEMBERS = "const repo = await db.repo.findUnique({ where: { id }, include: { members: true } })\n"
FOUND_MEMBER = {
    "found in a list": MEMBERS_OF
    + "const me = members.find((m) => m.userId === user.id)\nif (me?.role !== 'admin') return",
    "found along with the record": WITH_MEMBERS
    + "const me = repo?.members.find(({ userId }) => userId === user.id)\nif (!me || me.role !== 'admin') return",
    "first of those that are left": MEMBERS_OF
    + "const [me] = members.filter((m) => m.userId === user.id)\n"
    + "if (!me || !['admin', 'owner'].includes(me.role)) return",
    "asked in the same breath": WITH_MEMBERS
    + "if (!repo?.members.some((m) => m.userId === user.id && m.role === 'admin')) return",
    "under their own id": MEMBERS_OF
    + "const all = new Map(members.map((m) => [m.userId, m]))\nif (all.get(user.id)?.role !== 'admin') return",
    "by way of a function": "const find = async (who) => {\n"
    + WITH_MEMBERS
    + "return repo?.members.find((m) => String(m.userId) === String(who)) }\n"
    + "const me = await find(user.id)\nif (!me) return\nif (me.role !== 'admin') return",
}
OTHER_MEMBER = {
    "of another member": MEMBERS_OF
    + "const one = members.find((m) => m.userId === other)\nif (one?.role !== 'admin') return",
    "of any member": MEMBERS_OF + "if (!members.some((m) => m.role === 'admin')) return",
    "of all but the caller": MEMBERS_OF
    + "const one = members.find((m) => m.userId !== user.id)\nif (one?.role !== 'admin') return",
}


def rights(gate: str) -> set[str]:
    """The roles that are shown where a repository is deleted behind a gate."""
    body = f"{SESSION} {gate}\nawait db.repo.delete({{ where: {{ id }} }})"
    action = f"{HEAD}\nexport async function act(id, other) {{ {body} }}"
    facts = run({"app/actions.ts": action, **LIBRARY})["act"]
    (deleted,) = [e for e in facts.effects if e.what == "prisma.repo.delete"]
    return {name for fact in deleted.facts if isinstance(fact, Role) for name in fact.any_of}


@pytest.mark.parametrize("gate", FOUND_MEMBER.values(), ids=list(FOUND_MEMBER))
def test_the_role_of_a_member_who_is_found_by_who_is_calling_is_the_callers(gate: str) -> None:
    assert "admin" in rights(gate)


@pytest.mark.parametrize("gate", OTHER_MEMBER.values(), ids=list(OTHER_MEMBER))
def test_the_role_of_another_member_is_not(gate: str) -> None:
    assert rights(gate) == set()
