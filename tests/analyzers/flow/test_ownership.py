"""What proves that a record is the caller's, and what only looks as if it did."""

from __future__ import annotations

import pytest

from preship.analyzers.flow.facts import has_right
from preship.analyzers.flow.operators import is_identity
from preship.analyzers.flow.values import origins_of
from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.running import run

SESSION = """
  const session = await auth()
  if (!session?.user?.id) throw new Error('no')
  const user = session.user
"""

OWNED = {
    "the session in the key": "await db.post.deleteMany({ where: { id, authorId: user.id } })",
    "the key is built before": """
        const where = { id, authorId: user.id }
        await db.post.deleteMany({ where })""",
    "the key is spread from a helper": """
        const mine = (u) => ({ authorId: u.id })
        await db.post.deleteMany({ where: { id, ...mine(user) } })""",
    "either of two keys is spread, and both name the caller": """
        const mine = (u) =>
          process.env.BILLING ? { authorId: u.id, OR: [{ plan: 'pro' }, { ownerId: u.id }] } : { authorId: u.id }
        const post = await db.post.findFirst({ where: { id, ...mine(user) } })
        if (!post) return { error: 'no' }
        await db.post.delete({ where: { id } })""",
    "a relation filter": "await db.post.deleteMany({ where: { id, team: { people: { some: { userId: user.id } } } } })",
    "fetched and compared": """
        const post = await db.post.findUnique({ where: { id } })
        if (!post || post.authorId !== user.id) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "compared by the record's own id": """
        const post = await db.post.findUnique({ where: { id } })
        if (post?.authorId !== user.id) return { error: 'no' }
        await db.post.delete({ where: { id: post.id } })""",
    "compared inside the if that writes": """
        const post = await db.post.findUnique({ where: { id } })
        if (post && post.authorId === user.id) { await db.post.delete({ where: { id } }) }""",
    "a helper compares and throws": """
        async function mine(postId, userId) {
          const post = await db.post.findUnique({ where: { id: postId } })
          if (post?.authorId !== userId) throw new Error('no')
          return post
        }
        await mine(id, user.id)
        await db.post.delete({ where: { id } })""",
    "a helper answers yes or no": """
        async function isMine(postId, userId) {
          const post = await db.post.findUnique({ where: { id: postId } })
          return post?.authorId === userId
        }
        if (!(await isMine(id, user.id))) return { error: 'no' }
        await db.post.delete({ where: { id } })""",
    "found under the caller's key": """
        const post = await db.post.findFirst({ where: { id, authorId: user.id } })
        if (!post) return { error: 'no' }
        await db.post.delete({ where: { id } })""",
    "counted under the caller's key": """
        const n = await db.post.count({ where: { id, authorId: user.id } })
        if (n === 0) return { error: 'no' }
        await db.post.delete({ where: { id } })""",
    "counted, with an order": """
        const n = await db.post.count({ where: { id, authorId: user.id } })
        if (!(n > 0)) return { error: 'no' }
        await db.post.delete({ where: { id } })""",
    "a membership of the record's tenant": """
        const post = await db.post.findUnique({ where: { id } })
        if (!post) return
        const member = await db.member.findFirst({ where: { teamId: post.teamId, userId: user.id } })
        if (!member) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a list of the caller's own": """
        const own = await db.post.findMany({ where: { authorId: user.id } })
        if (!own.map((p) => p.id).includes(id)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "some member of the record is the caller": """
        const post = await db.post.findUnique({ where: { id }, include: { editors: true } })
        if (!post?.editors.some((e) => e.userId === user.id)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a role": """
        if (user.role !== 'admin') throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a list of roles": """
        if (!['admin', 'editor'].includes(user.role)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "one of two roles": """
        if (user.role !== 'admin' && user.role !== 'editor') throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a permission in a list that the session keeps": """
        if (!user.permissions.includes('posts:delete')) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a role that a table translates": """
        const ROLES = { owner: 'admin', staff: 'editor', guest: 'reader' }
        const role = ROLES[user.role] ?? 'reader'
        if (!['admin', 'editor'].includes(role)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "the rank of a role": """
        const RANK = { owner: 3, staff: 2, guest: 1 }
        if ((RANK[user.role] ?? 0) < RANK.staff) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "the caller's own, or a role": """
        const post = await db.post.findUnique({ where: { id } })
        if (!user.isAdmin && post?.authorId !== user.id) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a scope that a role is free of": """
        const where = user.role === 'admin' ? { id } : { id, authorId: user.id }
        const post = await db.post.findFirst({ where })
        if (!post) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a scope that a role is free of, spread": """
        const scope = (u) => (u.role === 'admin' ? {} : { authorId: u.id })
        await db.post.deleteMany({ where: { id, ...scope(user) } })""",
    "two look-ups, by role": """
        const find = (u) => {
          if (u.role === 'admin') return db.post.findFirst({ where: { id } })
          return db.post.findFirst({ where: { id, authorId: u.id } })
        }
        if (!(await find(user))) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "each of a batch is checked before any is changed": """
        const mine = async (one) => {
          const post = await db.post.findFirst({ where: { id: one, authorId: user.id } })
          if (!post) throw new Error('no')
        }
        for (const one of other.ids) await mine(one)
        await db.post.deleteMany({ where: { id: { in: other.ids } } })""",
    "each of a batch is checked at once": """
        const mine = async (one) => {
          const post = await db.post.findFirst({ where: { id: one, authorId: user.id } })
          if (!post) throw new Error('no')
        }
        await Promise.all(other.ids.map((one) => mine(one)))
        await db.post.deleteMany({ where: { id: { in: other.ids } } })""",
    "none of a batch is another's": """
        const posts = await db.post.findMany({ where: { id: { in: other.ids } } })
        if (posts.some((post) => post.authorId !== user.id)) throw new Error('no')
        await db.post.deleteMany({ where: { id: { in: other.ids } } })""",
    "the caller is all that is written": """
        const data = { likes: { connect: { id: user.id } }, count: { increment: 1 } }
        await db.post.update({ where: { id }, data })""",
    "a role in the tenant that the record is found under": """
        const member = await db.member.findFirst({ where: { teamId: other, userId: user.id } })
        if (member?.role !== 'owner') throw new Error('no')
        await db.post.deleteMany({ where: { id, teamId: other } })""",
    "a default that is made where there is none": """
        await db.settings.upsert({ where: { teamId: id }, update: {}, create: { teamId: id, theme: 'light' } })""",
    "a record of a tenant that is the caller's": """
        const member = await db.member.findFirst({ where: { teamId: other, userId: user.id } })
        if (!member) throw new Error('no')
        const post = await db.post.findUnique({ where: { id } })
        if (post?.teamId !== other) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a record of a tenant that turns out to be the caller's": """
        const post = await db.post.findUnique({ where: { id } })
        if (!post || post.teamId !== other) throw new Error('no')
        const member = await db.member.findFirst({ where: { teamId: other, userId: user.id } })
        if (!member) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a record found in the caller's tenant": """
        const member = await db.member.findFirst({ where: { teamId: other, userId: user.id } })
        if (!member) throw new Error('no')
        const post = await db.post.findFirst({ where: { id, teamId: other } })
        if (!post) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a record of another that is the caller's": """
        const team = await db.team.findFirst({ where: { slug: other } })
        if (!team || team.ownerId !== user.id) throw new Error('no')
        const post = await db.post.findFirst({ where: { id } })
        if (post?.teamId !== team.id) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a plan brought up to date before the check": """
        const plan = await (await fetch('https://billing.example.com/plan')).json()
        await db.team.update({ where: { id }, data: { plan: plan.name } })
        const member = await db.member.findFirst({ where: { teamId: id, userId: user.id } })
        if (!member) throw new Error('no')
        await db.team.update({ where: { id }, data: { name: other } })""",
    "a flag of the session": """
        if (!user.isAdmin) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "the argument is the caller": """
        if (id !== user.id) throw new Error('no')
        await db.user.delete({ where: { id } })""",
    "a policy of a library": """
        const { ability } = await import('some-policies')
        if (ability.cannot(user, 'delete', id)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a policy's answers, folded together": """
        const { createMongoAbility } = await import('@casl/ability')
        const ability = createMongoAbility(user.rules)
        const answers = [{ does: 'delete', what: id }].map((rule) => ability.can(rule.does, rule.what))
        if (!answers.reduce((all, one) => all && one, true)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a policy's answers, in lists of lists, told to a log": """
        const { createMongoAbility } = await import('@casl/ability')
        const ability = createMongoAbility(user.rules)
        const lists = await Promise.all([{ does: 'delete', what: [id] }].map(async (rule) =>
          rule.what.flatMap((one) => {
            const answer = ability.can(rule.does, one)
            console.log(answer ? 'yes' : 'no')
            return answer
          })))
        if (!lists.flat().every((one) => one)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a policy that is kept in memory": """
        const { createMongoAbility } = await import('@casl/ability')
        const kept = new Map()
        const load = () => {
          const found = kept.get(user.id)
          if (found && found.until > Date.now()) return found.ability
          const ability = createMongoAbility(user.rules)
          kept.set(user.id, { ability, until: Date.now() + 1000 })
          return ability
        }
        const ability = load()
        if (!ability.can('delete', id)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "only the caller's own record": "await db.user.delete({ where: { id: user.id } })",
    "the tenant of the caller": """
        const me = await db.user.findUnique({ where: { id: user.id } })
        await db.post.deleteMany({ where: { id, teamId: me.teamId } })""",
    "an identity spread behind the test of its presence": """
        const { cookies } = await import('next/headers')
        const cookie = (await cookies()).get('session')?.value
        const load = async (token) => {
          const found = await db.session.findUnique({ where: { token } })
          if (!found) return null
          if (found.version === 1) found.user.renewed = true
          return found
        }
        const found = cookie ? await load(cookie) : null
        const mine = found && { ...found, kind: 'cookie' }
        if (!mine) throw new Error('no')
        const member = await db.member.findFirst({ where: { teamId: id, userId: mine.userId } })
        if (!member) throw new Error('no')
        await db.post.deleteMany({ where: { teamId: id } })""",
    "continue in a batch": """
        for (const one of [id]) {
          const post = await db.post.findUnique({ where: { id: one } })
          if (post?.authorId !== user.id) continue
          await db.post.delete({ where: { id: one } })
        }""",
    "checked where it is given, and where it is not, nothing is named by it": """
        async function certain(one) {
          const post = await db.post.findUnique({ where: { id: one } })
          if (post?.authorId !== user.id) throw new Error('no')
        }
        if (id) await certain(id)
        else await auth()
        await db.post.deleteMany({ where: { id } })""",
    "the key lies within a tenant that is the caller's": """
        const team = await db.team.findUnique({ where: { id: other } })
        if (team?.ownerId !== user.id) throw new Error('no')
        await db.post.deleteMany({ where: { id, teamId: other } })""",
    "the record was found within a tenant that is the caller's": """
        const member = await db.member.findFirst({ where: { userId: id, teamId: other } })
        const team = await db.team.findUnique({ where: { id: other } })
        if (team?.ownerId !== user.id) throw new Error('no')
        await db.member.delete({ where: { id: member.id } })""",
}

OWNED |= {
    "a new record of the user that an argument names, once that is the caller": """
        if (other !== user.id) return 'unauthorized'
        await db.like.create({ data: { postId: id, userId: other } })""",
}

OWNED |= {
    "whom an administrator acts for": """
        const as = user.role === 'admin' ? await db.user.findUnique({ where: { id: other } }) : user
        await db.note.create({ data: { text: id, userId: as.id } })""",
    "those of a batch that are another's are counted": """
        const posts = await db.post.findMany({ where: { id: { in: other.ids } } })
        const foreign = posts.filter((post) => post.authorId !== user.id)
        if (foreign.length > 0) throw new Error('no')
        await db.post.deleteMany({ where: { id: { in: other.ids } } })""",
    "the caller is among the members that the tenant was fetched with": """
        const team = await db.team.findUnique({
          where: { id: other },
          include: { people: { where: { userId: user.id } } },
        })
        if (!team || !team.people || team.people.length === 0) throw new Error('no')
        await db.post.deleteMany({ where: { id, teamId: team.id } })""",
    "the caller is the first of the members that the tenant was fetched with": """
        const team = await db.team.findUnique({
          where: { id: other },
          select: { id: true, people: { where: { userId: user.id }, select: { role: true }, take: 1 } },
        })
        if (!team?.people[0]) throw new Error('no')
        await db.post.deleteMany({ where: { id, teamId: other } })""",
    "a role of a list that is looked at only if it has any": """
        const roles = ['owner', 'admin']
        if (roles && roles.length > 0 && !roles.includes(user.role)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "the role of the member that the tenant was fetched with": """
        const team = await db.team.findUnique({
          where: { id: other },
          include: { people: { where: { userId: user.id } } },
        })
        if (team?.people[0]?.role !== 'owner') throw new Error('no')
        await db.team.update({ where: { id: other }, data: { name: 'x' } })""",
    "the caller is counted among the members of the tenant": """
        const team = await db.team.findUnique({
          where: { id: other },
          select: { _count: { select: { people: { where: { userId: user.id } } } } },
        })
        if (!team || team._count.people === 0) throw new Error('no')
        await db.team.update({ where: { id: other }, data: { name: 'x' } })""",
    "a part of a record that is the caller's": """
        const team = await db.team.findUnique({ where: { id: other.teamId } })
        if (team?.ownerId !== user.id) throw new Error('no')
        const rule = await db.rule.findUnique({ where: { id: other.ruleId, teamId: other.teamId } })
        if (!rule) throw new Error('no')
        await db.item.upsert({
          where: { ruleId_value: { ruleId: rule.id, value: id } },
          update: { off: true },
          create: { ruleId: rule.id, value: id },
        })""",
    "a new record that is connected to what is the caller's": """
        const team = await db.team.findUnique({ where: { id: other } })
        if (team?.ownerId !== user.id) throw new Error('no')
        await db.note.create({ data: { messageId: id, team: { connect: { id: other } } } })""",
}

OWNED |= {
    "one or several permissions, looked up in a table by the role": """
        const RIGHTS = { admin: ['post:write', 'post:read'], guest: ['post:read'] }
        const can = (person, right) => (person?.role ? RIGHTS[person.role]?.includes(right) ?? false : false)
        async function need(asked) {
          const member = await db.member.findFirst({ where: { userId: user.id } })
          const rights = Array.isArray(asked) ? asked : [asked]
          if (!rights.some((right) => can(member, right))) throw new Error('no')
        }
        await need('post:write')
        await db.post.delete({ where: { id } })""",
    "a role in the caller's own tenant, and a record within it": """
        const where = { userId: user.id, organizationId: session.activeOrganizationId }
        const member = await db.member.findFirst({ where })
        if (member?.role !== 'owner') throw new Error('no')
        await db.post.delete({ where: { id, organizationId: session.activeOrganizationId } })""",
    "a role of the caller everywhere": """
        const member = await db.member.findFirst({ where: { userId: user.id } })
        if (member?.role !== 'admin') throw new Error('no')
        await db.post.delete({ where: { id } })""",
}

FOREIGN = {
    "a letter of the caller's own name": """
        if (!user.email.includes('@')) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "those of a batch that are the caller's are counted": """
        const posts = await db.post.findMany({ where: { id: { in: other.ids } } })
        const mine = posts.filter((post) => post.authorId === user.id)
        if (mine.length > 3) throw new Error('no')
        await db.post.deleteMany({ where: { id: { in: other.ids } } })""",
    "all members that the tenant was fetched with": """
        const team = await db.team.findUnique({ where: { id: other }, include: { people: true } })
        if (!team || team.people.length === 0) throw new Error('no')
        await db.team.update({ where: { id: other }, data: { name: 'x' } })""",
    "members that the tenant was fetched with, which nobody looks at": """
        const team = await db.team.findUnique({
          where: { id: other },
          include: { people: { where: { userId: user.id } } },
        })
        if (!team) throw new Error('no')
        await db.team.update({ where: { id: other }, data: { name: 'x' } })""",
    "a part of a record that anybody may name": """
        const rule = await db.rule.findUnique({ where: { id: other } })
        if (!rule) throw new Error('no')
        await db.item.deleteMany({ where: { ruleId: rule.id, value: id } })""",
    "a new record of the user that an argument names": """
        await db.like.create({ data: { postId: id, userId: other } })""",
    "an argument that overrides the session": """
        const owner = other ?? user.id
        await db.post.deleteMany({ where: { id, authorId: owner } })""",
    "an argument that overrides the session, in one call": """
        await db.post.deleteMany({ where: { id, authorId: other || user.id } })""",
    "either of two keys is spread, and one names nobody": """
        const mine = (u) => (process.env.BILLING ? { authorId: u.id } : { isDraft: true })
        const post = await db.post.findFirst({ where: { id, ...mine(user) } })
        if (!post) return { error: 'no' }
        await db.post.delete({ where: { id } })""",
    "nothing is asked": "await db.post.delete({ where: { id } })",
    "another record is compared": """
        const team = await db.team.findUnique({ where: { id: other } })
        if (team?.ownerId !== user.id) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "the answer gates nothing": """
        const post = await db.post.findFirst({ where: { id, authorId: user.id } })
        console.log(post)
        await db.post.delete({ where: { id } })""",
    "compared after the write": """
        const post = await db.post.findUnique({ where: { id } })
        await db.post.delete({ where: { id } })
        if (post?.authorId !== user.id) throw new Error('no')""",
    "the comparison ends no path": """
        const post = await db.post.findUnique({ where: { id } })
        if (post?.authorId !== user.id) console.warn('not yours')
        await db.post.delete({ where: { id } })""",
    "existence is not ownership": """
        const post = await db.post.findUnique({ where: { id } })
        if (!post) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "an identity that the caller chose": """
        const post = await db.post.findUnique({ where: { id } })
        if (post?.authorId !== other) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "an inverted comparison": """
        const post = await db.post.findUnique({ where: { id } })
        if (post?.authorId === user.id) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "the caller's name on a change of something else": """
        await db.post.update({ where: { id }, data: { deletedAt: new Date(), deletedBy: user.id } })""",
    "a role that is not asked of everybody": """
        if (other === 'quick' && user.role !== 'admin') throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "answers of which one is enough, and one is always there": """
        const { createMongoAbility } = await import('@casl/ability')
        const ability = createMongoAbility(user.rules)
        const answers = [id].map((one) => ability.can('delete', one))
        if (!answers.reduce((any, one) => any || one || other, false)) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a batch of which the first is checked": """
        for (const one of other.ids) {
          const post = await db.post.findFirst({ where: { id: one, authorId: user.id } })
          if (!post) throw new Error('no')
          break
        }
        await db.post.deleteMany({ where: { id: { in: other.ids } } })""",
    "a batch of which some may be another's": """
        for (const one of other.ids) {
          const post = await db.post.findFirst({ where: { id: one, authorId: user.id } })
          if (!post) continue
          console.log(post)
        }
        await db.post.deleteMany({ where: { id: { in: other.ids } } })""",
    "a role in a tenant that has nothing to do with the record": """
        const member = await db.member.findFirst({ where: { teamId: other, userId: user.id } })
        if (member?.role !== 'owner') throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "an account that is active": """
        const me = await db.user.findUnique({ where: { id: user.id } })
        if (me?.isActive !== true || me.plan !== 'pro') throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a record of any tenant but the caller's": """
        const member = await db.member.findFirst({ where: { teamId: other, userId: user.id } })
        if (!member) throw new Error('no')
        const post = await db.post.findUnique({ where: { id } })
        if (post?.teamId === other) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a record of a tenant that is not shown to be the caller's": """
        const post = await db.post.findUnique({ where: { id } })
        if (post?.teamId !== other) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a plan brought up to date, and no check": """
        const plan = await (await fetch('https://billing.example.com/plan')).json()
        await db.team.update({ where: { id }, data: { plan: plan.name } })""",
    "a role outside of the list": """
        const ROLES = { owner: 'admin', guest: 'reader' }
        if (ROLES[user.role] === 'admin') throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a role in the caller's own tenant, and anyone's record": """
        const where = { userId: user.id, organizationId: session.activeOrganizationId }
        const member = await db.member.findFirst({ where })
        if (member?.role !== 'owner') throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a key that excludes the caller": "await db.post.deleteMany({ where: { id, authorId: { not: user.id } } })",
}


def unowned(body: str) -> list[str]:
    """The effects of `act` on records that it has not shown to be the caller's."""
    action = f"{HEAD}\nexport async function act(id, other) {{ {SESSION} {body} }}"
    return [u.effect.what for u in run({"app/actions.ts": action, **LIBRARY})["act"].unowned_effects()]


FOREIGN |= {
    "a log that the caller has just written of the record": """
        const entry = await db.log.create({ data: { postId: id, userId: user.id } })
        if (!entry) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "a row of the caller's that is written where there is none": """
        const key = { postId: id, userId: user.id }
        const entry = await db.visit.upsert({ where: { postId_userId: key }, create: key, update: { again: true } })
        if (!entry) throw new Error('no')
        await db.post.delete({ where: { id } })""",
    "something of the caller's stands in it": """
        const photo = await db.photo.findFirst({ where: { id: other, ownerId: user.id } })
        if (!photo) return
        const entry = await db.albumEntry.findFirst({ where: { albumId: id, photoId: photo.id } })
        if (!entry) return
        await db.album.delete({ where: { id } })""",
}

OWNED |= {
    "it is found within something of the caller's": """
        const album = await db.album.findFirst({ where: { id: other, ownerId: user.id } })
        if (!album) return
        const photo = await db.photo.findFirst({ where: { id, albumId: album.id } })
        if (!photo) return
        await db.photo.delete({ where: { id } })""",
    "the caller belongs to it under another id of theirs": """
        const profile = await db.profile.findUnique({ where: { userId: user.id } })
        const seat = await db.seat.findFirst({ where: { albumId: id, profileId: profile.id } })
        if (!seat) return
        await db.album.delete({ where: { id } })""",
}


WITHIN = """
    const album = await db.album.findUnique({ where: { id } })
    if (album.ownerId !== user.id) return
    const photos = await db.photo.findMany({ where: { albumId: album.id }, select: { id: true } })
    const ids = new Set(photos.map((photo) => photo.id))
    %s
    for (const one of other) await db.photo.update({ where: { id: one.id }, data: { place: one.place } })
"""
FLAT = "const flat = (all) => all.flatMap((one) => [one.id, ...(one.inside ? flat(one.inside) : [])])"
AMONG = {
    "some is in no set": "if (other.some((one) => !ids.has(one.id))) return",
    "every one is in the set": "if (!other.every((one) => ids.has(one.id))) throw new Error('no')",
    "their ids are in a list": "if (!other.map((one) => one.id).every((one) => [...ids].includes(one))) return",
    "each is some row": "if (!other.every((one) => photos.some((photo) => photo.id === one.id))) return",
    "some has no row": "if (other.some((one) => !photos.find((photo) => photo.id === one.id))) return",
    "some of all that are nested is in no set": f"{FLAT}; if (flat(other).some((one) => !ids.has(one))) return",
}
OWNED |= {f"{name}, of the rows of something of the caller's": WITHIN % check for name, check in AMONG.items()}
FOREIGN |= {
    "the set holds the rows of what nobody compared": (WITHIN % AMONG["some is in no set"]).replace(
        "if (album.ownerId !== user.id) return", ""
    ),
    "only whether some is in the set": WITHIN % "if (!other.some((one) => ids.has(one.id))) return",
    "the set holds what was asked for": WITHIN.replace("albumId: album.id", "id: { in: other }")
    % AMONG["some is in no set"],
}
FILLED = """
    const allowed = []
    for (const one of other) {
      %s
      allowed.push(one)
    }
    %s
"""
MAY = "const may = user.role === 'admin' || user.permissions.includes('posts'); if (!may) continue"
OWNED |= {
    f"{name}, over a list that holds what passed a check": FILLED % (MAY, work)
    for name, work in {
        "forEach": "allowed.forEach((one) => { db.post.delete({ where: { id } }) })",
        "map": "await Promise.all(allowed.map((one) => db.post.delete({ where: { id } })))",
        "flatMap": "await db.$transaction(allowed.flatMap((one) => [db.post.delete({ where: { id } })]))",
        "map behind a filter": "allowed.filter((one) => one.on).map((one) => db.post.delete({ where: { id } }))",
        "reduce": "await allowed.reduce((before, one) => before.then(() => db.post.delete({ where: { id } })), null)",
        "for": "for (const one of allowed) await db.post.delete({ where: { id } })",
    }.items()
}
FOREIGN |= {
    "a list that holds what passed no check": FILLED
    % ("if (!one.on) continue", "allowed.forEach((one) => { db.post.delete({ where: { id } }) })"),
    "a list beside the one that holds what passed a check": FILLED
    % (MAY, "other.forEach((one) => { db.post.delete({ where: { id } }) })"),
}


@pytest.mark.parametrize("body", OWNED.values(), ids=OWNED.keys())
def test_a_record_is_the_callers_where_the_path_has_shown_it(body: str) -> None:
    assert unowned(body) == []


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_record_is_not_the_callers_because_something_looks_like_a_check(body: str) -> None:
    assert len(unowned(body)) == 1


def test_what_is_pushed_into_a_list_of_a_record_is_in_the_record() -> None:
    body = """
        const post = await db.post.findUnique({ where: { id } })
        if (!post) return
        post.likes.push(user.id)
        await db.post.update({ where: { id: post.id }, data: { likes: post.likes } })"""
    action = f"{HEAD}\nexport async function act(id, other) {{ {SESSION} {body} }}"
    (write,) = run({"app/actions.ts": action, **LIBRARY})["act"].choosing_effects()
    assert is_identity(origins_of(write.data))


def test_whom_an_administrator_looks_on_as_is_no_choice_of_the_others() -> None:
    body = """
        const { cookies } = await import('next/headers')
        const other = user.email === 'boss@example.com' ? (await cookies()).get('impersonated_user_id')?.value : null
        const person = await db.user.findUnique({ where: { id: other ?? user.id } })
        if (person?.role !== 'editor') throw new Error('no')
        await db.post.delete({ where: { id } })"""
    assert unowned(body) == []
    assert len(unowned(body.replace("user.email === 'boss@example.com'", "user.name"))) == 1


@pytest.mark.parametrize(
    "check",
    [
        "if (user.role !== 'customer') throw new Error('no')",
        "if (!['ADMIN', 'PATIENT'].includes(user.role)) throw new Error('no')",
        "if (user.role !== 'student' && user.role !== 'teacher') throw new Error('no')",
        "const roles = new Set(['user', 'admin']); if (!roles.has(user.role)) throw new Error('no')",
        "if (!(await can(user, 'login'))) throw new Error('no')",
        "switch (user.role) { case 'buyer': break; default: throw new Error('no') }",
    ],
)
def test_a_role_that_comes_with_the_account_says_nothing_of_whose_a_record_is(check: str) -> None:
    helper = "async function can(user, right) { return user.role === 'admin' || user.rights.includes(right) };"
    assert len(unowned(f"{helper} {check}; await db.post.delete({{ where: {{ id }} }})")) == 1


@pytest.mark.parametrize(
    "check",
    [
        "if (user.role !== 'teacher') throw new Error('no')",
        "if (!['ADMIN', 'STAFF'].includes(user.role)) throw new Error('no')",
        "if (user.role === 'customer') throw new Error('no'); if (user.role !== 'staff') throw new Error('no')",
        "const may = user.role === 'owner' || (user.role === 'client' && user.permissions.includes('posts.edit'));"
        "if (!may) throw new Error('no')",
        "const may = (u, what) => { switch (u.role) { case 'owner': return true; case 'client': return u.rights[what];"
        " default: return false } }; if (!may(user, 'canEdit')) throw new Error('no')",
    ],
)
def test_a_role_that_somebody_was_given_is_one(check: str) -> None:
    assert unowned(f"{check}; await db.post.delete({{ where: {{ id }} }})") == []


def test_being_logged_in_is_no_role() -> None:
    assert len(unowned("if (!user.isLoggedIn) throw new Error('no'); await db.post.delete({ where: { id } })")) == 1


def test_who_the_environment_names_has_a_role() -> None:
    write = "await db.post.delete({ where: { id } })"
    assert unowned(f"if (user.email.toLowerCase() !== process.env.ADMIN_EMAIL?.toLowerCase()) return; {write}") == []


def test_a_policy_that_is_kept_under_the_callers_name_is_theirs() -> None:
    action = f"""{HEAD}
        import {{ createMongoAbility }} from '@casl/ability'
        const kept = new Map()
        const load = (user) => {{
          const found = kept.get(user.id)
          if (found && found.until > Date.now()) return found.ability
          const ability = createMongoAbility(user.rules)
          kept.set(user.id, {{ ability, until: Date.now() + 1000 }})
          return ability
        }}
        export async function act(id, other) {{
          {SESSION}
          const ability = load(user)
          const answers = [{{ does: 'delete', what: id }}].map((rule) => ability.can(rule.does, rule.what))
          if (!answers.reduce((all, one) => all && one, true)) throw new Error('no')
          await db.post.delete({{ where: {{ id }} }})
        }}"""
    (delete,) = run({"app/actions.ts": action, **LIBRARY})["act"].choosing_effects()
    assert has_right(delete.facts)
