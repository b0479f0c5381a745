"""An action lets every signed-in user do what its neighbours keep for those with a role.

## What it does
Finds changes of records that belong to no single user (products, settings, categories), made for anybody with an
account, where the pages that use the action, or the other actions that change such records, ask for a role or a
permission first; and roles that an action gives away although its caller does not have them.

## Why this is bad
An account is often one form away. Whoever has one sends the request that the admin page would send, without the page.

```
curl -X POST https://shop.example.com/admin -H 'Next-Action: 7f2c…' -H "Cookie: $MY_OWN_SESSION" \\
  --data '[{"title":"Free","price":0}]'
```

## Use instead
Ask for what the neighbours ask for, in the same words, before the change. Where a role is given away, compare it with
the caller's own: `if (role === 'owner' && me.role !== 'owner') throw …`.

## How it is decided
The caller is known and nothing more; the record that is changed is not found by the caller's identity and does not name
them. At least two of the nearest other actions change records of the same kind, and every one that does asks for a role
or permission first. Where one of them asks for none, there is no habit, and no finding; and only creating records tells
of creating them, for whoever founds a team may well not change those of others. A tenant in which the action puts the
caller needs no role: whoever founds it has none yet.

Every page that uses the action asks for a role: the page, a layout around it, a component around all that it shows
(`<PermissionGuard permission="…">`), or the middleware on its path, run with that path. The action asks for none, and
what it changes, or hands out, is neither the caller's own nor shown to those without the role by another page or
action. Roles that come with an account (`user`, `member`, `customer`) count for none; a page that refuses those asks
for one.

Of the actions of one folder that change records of a kind, this one included, at least three and three quarters ask for
a role or permission first; this one is content with any member of the tenant.

The application has a permission for this kind of record and this operation (`clients.delete`): another action names it
where it asks, and is let through to such records by a right; or a handler of requests names it to what wraps it. Of the
nearest actions that change them, at least as many ask for a right as do not; this one, which is called after them or
changes nothing else, names no permission at all.

All other actions of its file that change such records, two at least and one of them in the same way, are made by one
wrapper that asks for a role; this one by another, which asks for a session only.

The same holds of the nearest actions that one wrapper makes, whatever records they change, where the wrapper asks for
no more than a session and one change at least is of the same kind: what it makes is for the same callers. And of the
actions of one folder: at least three, and three quarters of those that change something, ask for a role. Where each of
the nearest sixty actions of other files asks for a role before it changes what is not the caller's own, ten at least,
this one should as well.

Members, invitations, role assignments or keys of a tenant are changed for any member, where another action asks for a
role before it changes one of these. Where more actions let somebody in without one than with one, everybody may; the
membership of somebody else is nobody's to change. Whoever becomes a member by it accepts an invitation.

Where the configuration says that an action needs a role (`roles` in `.github/preship.yml`), no neighbour is asked: the
first change that comes without a role or permission is reported or, where none is asked for at all, the first read. Any
role will do, whatever it is called.

A role is given away where a column that says what somebody may do (`role`, `isAdmin`, `permissions`) of an account, a
membership or an invitation is written. One of several roles is enough to get there (`['owner', 'admin']`), the argument
can be each of them, and nothing has weighed it against the caller's own: then an admin makes owners. Or the caller is
asked for no role at all and takes one of the highest, as in a set-up that serves whoever comes first.

## When it is intended
Where users may do this one thing themselves: `// preship: ignore missing-role-check -- reason`.

## What Next.js does give
Nothing here: that a page is hidden from a user does not hide its actions.

## References
- CWE-862: Missing Authorization, https://cwe.mitre.org/data/definitions/862.html
- OWASP API5:2023 Broken Function Level Authorization,
  https://owasp.org/API-Security/editions/2023/en/0xa5-broken-function-level-authorization/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from preship.analyzers.rule import (
    MOST_ROLES,
    ActionFacts,
    Bad,
    Confidence,
    Finding,
    Good,
    Granted,
    Item,
    Kin,
    KnownMiss,
    Question,
    Reserved,
    RoleBound,
    Rule,
    Severity,
    Step,
    actions,
    asks_for,
    described,
    named,
    words_of_role,
)


def check(action: ActionFacts) -> Iterator[Finding]:
    """Report the first role that is given away, and the first change that is kept for a role elsewhere."""
    for granted in action.granted_roles():
        yield given_away(action, granted)
        return
    for found in action.role_bound_effects():
        yield RULE.finding(
            action,
            found.effect,
            message=f"{action.label} {described(found.effect)} for {anybody(found)}. {reason(found)}",
            remedy=remedy(found),
            confidence=Confidence.HIGH if found.declared else Confidence.MEDIUM,
            steps=evidence(found),
            idiom=None if found.declared else action.idiom(Question.RIGHT),
        )
        return


def anybody(found: RoleBound) -> str:
    """Who gets through."""
    return "any member" if found.is_for_members else "anybody with an account"


def evidence(found: RoleBound) -> tuple[Step, ...]:
    """Where the role is asked for elsewhere."""
    if found.reserved is not None:
        demand = found.reserved.demand
        return (Step(demand.at.path, demand.at.line, f"{asks_for(demand)} before the page is shown"),)
    if found.asked is not None:
        permission = found.asked.permission
        return (Step(permission.at.path, permission.at.line, f"asks for `{permission.text}` first"),)
    return tuple(Step(by.path, by.line, f"asks for `{name}` first") for name, by in found.asked_for[:3])


def of_the_pages(found: Reserved) -> str:
    """What the pages ask for that use the action."""
    place = f"`{found.page.address}` {asks_for(found.demand)} (`{found.demand.at.path}:{found.demand.at.line}`)"
    others = f", and so do all {found.pages} pages that use it" if found.pages > 1 else ""
    return f"{place}{others}; the action, which can be called without the page, does not."


def given_away(action: ActionFacts, granted: Granted) -> Finding:
    """A role that the caller gives away, or takes."""
    if granted.chosen_by:
        ranks = " or ".join(f"`{rank}`" for rank in granted.ranks)
        says = (
            f"takes `{granted.column}` from {named(granted.chosen_by)}. It asks the caller to be {ranks}, and each of "
        )
        says += "them can give away every other: the lower makes itself, or a second account, the higher."
        remedy = "Compare the role that is given with the caller's own, and refuse what is above it."
    else:
        says = f"gives the caller the highest `{granted.column}`, and asks for no right before it does. Whoever comes "
        says += "first takes it."
        remedy = "Ask for what only the right person has: an address named in the environment, a token of the set-up."
    return RULE.finding(
        action,
        granted.effect,
        message=f"{action.label} {described(granted.effect)} and {says}",
        remedy=remedy,
        confidence=Confidence.MEDIUM,
    )


def reason(found: RoleBound) -> str:
    """Why that is not everybody's to do."""
    if found.declared:
        return f"The configuration of this repository keeps it for a role: {found.declared}."
    if found.reserved is not None:
        return of_the_pages(found.reserved)
    number = len(found.elsewhere)
    if found.asked is not None:
        asked = found.asked.permission
        own = "membership" if found.is_for_members else "a session"
        place = f"`{asked.at.path}:{asked.at.line}`"
        return f"`{asked.text}` is asked for by `{found.asked.by}` ({place}); this action asks for {own} only."
    if found.kin is Kin.RIGHTS:
        target = found.elsewhere[0].target
        return f"Elsewhere a role is asked for before `{target}` is changed: {first_asked(found)}."
    if found.kin is Kin.APPLICATION:
        says = f"All {number} nearest actions of other files that change what is not the caller's own ask for a role"
        return f"{says} or permission first: {first_asked(found)}."
    if found.kin is not None:
        those = "that the same wrapper makes and that" if found.kin is Kin.WRAPPER else "here that"
        says = f"Of {found.among} actions {those} change something, {number} ask for a role or permission first"
        return f"{says}: {first_asked(found)}."
    if found.among:
        return (
            f"Of the {found.among} actions here that change such records, {number} ask for a role or permission first."
        )
    return f"The {number} other actions nearby that change such records ask for a role or permission first."


def first_asked(found: RoleBound) -> str:
    """One role that is asked for elsewhere, and where."""
    name, by = min(found.asked_for, key=lambda asked: (not words_of_role(asked[0]), asked[1]))
    named_roles = " or ".join(f"`{word}`" for word in words_of_role(name)[:MOST_ROLES])
    return f"{named_roles or 'a role'} (`{by.path}:{by.line}`)"


def remedy(found: RoleBound) -> str:
    """What to ask for."""
    if found.declared:
        return "Ask for the role before this line."
    if found.reserved is not None:
        return "Ask for the same in the action, before this line: the check of a page runs for the page alone."
    if found.asked is not None:
        return f"Ask for `{found.asked.permission.text}` before this line, as `{found.asked.by}` does."
    return "Ask for the same role before this line, or say why this change is everybody's."


ADMINS = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireAdmin() {
      const session = await auth()
      if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
    }

    export async function updateProduct(id: string, title: string) {
      await requireAdmin()
      await prisma.product.update({ where: { id }, data: { title } })
    }

    export async function copyProduct(title: string) {
      await requireAdmin()
      await prisma.product.create({ data: { title, price: 0 } })
    }

    export async function deleteProduct(id: string) {
      await requireAdmin()
      await prisma.product.delete({ where: { id } })
    }
"""


WORKSPACES = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireAdmin() {
      const session = await auth()
      if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
    }

    export async function openWorkspace(name: string) {
      await requireAdmin()
      await prisma.workspace.create({ data: { name } })
    }

    export async function renameWorkspace(id: string, name: string) {
      await requireAdmin()
      await prisma.workspace.update({ where: { id }, data: { name } })
    }
"""


FEES = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'

    async function requireSeat(clubId: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const seat = await prisma.seat.findFirst({ where: { clubId, userId: session.user.id } })
      if (!seat) throw new Error('Not found')
      return seat
    }

    async function requireTreasurer(clubId: string) {
      const seat = await requireSeat(clubId)
      if (seat.role !== 'treasurer') throw new Error('Treasurers only')
    }

    export async function addFee(clubId: string, cents: number) {
      await requireTreasurer(clubId)
      await prisma.fee.create({ data: { clubId, cents } })
    }

    export async function changeFee(clubId: string, id: string, cents: number) {
      await requireTreasurer(clubId)
      await prisma.fee.update({ where: { id, clubId }, data: { cents } })
    }

    export async function waiveFee(clubId: string, id: string) {
      await requireTreasurer(clubId)
      await prisma.fee.update({ where: { id, clubId }, data: { cents: 0 } })
    }
"""


def page_of_owners(asks: str, marked: str = "  // <- finding") -> Mapping[str, str]:
    """A page of promotions, whose layout asks something, and the action that it uses."""
    return actions(
        f"""
            'use server'
            import {{ auth }} from '../lib/auth'
            import {{ prisma }} from '../lib/prisma'

            export async function endPromotions() {{
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              await prisma.promotion.deleteMany({{}}){marked}
            }}
        """,
        {
            "app/owner/layout.tsx": f"""
                import {{ redirect }} from 'next/navigation'
                import {{ auth }} from '../../lib/auth'

                export default async function Layout({{ children }}) {{
                  const session = await auth()
                  {asks}
                  return <main>{{children}}</main>
                }}
            """,
            "app/owner/promotions/page.tsx": """
                import { endPromotions } from '../../actions'
                export default function Page() { return <form action={endPromotions}><button>End all</button></form> }
            """,
        },
    )


def clients(asks: str, archives: str, marked: str = "  // <- finding") -> Mapping[str, str]:
    """A file of clients: what the deletion asks for, and what stands before a client is archived."""
    return actions(
        f"""
            'use server'
            import {{ prisma }} from '../lib/prisma'
            import {{ requirePermission, requireUser }} from '../lib/permissions'

            export async function deleteClient(id: string) {{
              {asks}
              await prisma.client.delete({{ where: {{ id }} }})
            }}

            export async function archiveClients() {{
              {archives}
              await prisma.client.updateMany({{ data: {{ isArchived: true }} }}){marked}
            }}
        """,
        {
            "lib/permissions.ts": """
                import { auth } from './auth'
                const MATRIX = {
                  admin: ['clients.create', 'clients.delete', 'notes.delete'],
                  clerk: ['clients.create'],
                }
                export async function requireUser() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  return session.user
                }
                export async function requirePermission(permission: string) {
                  const user = await requireUser()
                  if (!MATRIX[user.role].includes(permission)) throw new Error('Not allowed')
                  return user
                }
            """,
        },
    )


def handled_by_a_route(permission: str, marked: str = "  // <- finding") -> Mapping[str, str]:
    """An action for any signed-in user, and a handler of requests that tells its wrapper what to ask for."""
    return actions(
        f"""
            'use server'
            import {{ auth }} from '../lib/auth'
            import {{ prisma }} from '../lib/prisma'

            export async function silenceAll() {{
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              await prisma.subscriber.updateMany({{ data: {{ isSilent: true }} }}){marked}
            }}
        """,
        {
            "app/api/subscribers/route.ts": f"""
                import {{ withTeam }} from 'our-own-wrappers'
                import {{ prisma }} from '../../../lib/prisma'
                export const DELETE = withTeam(async ({{ id }}) => {{
                  await prisma.subscriber.delete({{ where: {{ id }} }})
                  return new Response(null, {{ status: 204 }})
                }}, {{ requiredPermissions: [{permission}] }})
            """,
        },
    )


def made_by_one_wrapper(last: str) -> Mapping[str, str]:
    """Actions of one wrapper that knows members alone, each of which asks for the role itself, and one more."""
    return actions(
        """
            'use server'
            import { prisma } from '../lib/prisma'
            import { asMember, needs } from '../lib/member'

            export const renameBoard = asMember(async ({ role, teamId }, id: string, name: string) => {
              needs(role)
              await prisma.board.update({ where: { id, teamId }, data: { name } })
            })

            export const removeLabel = asMember(async ({ role, teamId }, id: string) => {
              needs(role)
              await prisma.label.delete({ where: { id, teamId } })
            })

            export const closeSprint = asMember(async ({ role, teamId }, id: string) => {
              needs(role)
              await prisma.sprint.update({ where: { id, teamId }, data: { isClosed: true } })
            })
        """
        + last,
        {
            "lib/member.ts": """
                import { auth } from './auth'
                import { prisma } from './prisma'
                export function asMember(run) {
                  return async (...given) => {
                    const session = await auth()
                    if (!session?.user) throw new Error('Not signed in')
                    const member = await prisma.member.findFirst({ where: { userId: session.user.id } })
                    if (!member) throw new Error('Not a member')
                    return run({ role: member.role, teamId: member.teamId, userId: session.user.id }, ...given)
                  }
                }
                export function needs(role: string) {
                  if (role !== 'editor') throw new Error('Editors only')
                }
            """,
        },
    )


def with_roles(last: str) -> Mapping[str, str]:
    """A file of invoices, whose wrapper asks for a role, and one more action."""
    return actions(
        """
            'use server'
            import { prisma } from '../lib/prisma'
            import { withRole, withUser } from '../lib/with'

            export const sendInvoice = withRole('owner', async ({ teamId }, id: string) => {
              await prisma.invoice.update({ where: { id, teamId }, data: { isSent: true } })
            })

            export const deleteInvoice = withRole('owner', async ({ teamId }, id: string) => {
              await prisma.invoice.delete({ where: { id, teamId } })
            })
        """
        + last,
        {
            "lib/with.ts": """
                import { auth } from './auth'
                import { prisma } from './prisma'
                async function member() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const found = await prisma.member.findFirst({ where: { userId: session.user.id } })
                  if (!found) throw new Error('Not a member')
                  return found
                }
                export const withUser = (run) => async (...given) => {
                  const { teamId, userId } = await member()
                  return run({ teamId, userId }, ...given)
                }
                export const withRole = (role: string, run) => async (...given) => {
                  const me = await member()
                  if (me.role !== role) throw new Error('Not allowed')
                  return run({ teamId: me.teamId, userId: me.userId }, ...given)
                }
            """,
        },
    )


def library(last: str) -> Mapping[str, str]:
    """A folder of a library's actions, each of which asks for the role itself, and one more."""
    return actions(
        """
            'use server'
            import { prisma } from '../lib/prisma'
            import { needs, reader } from '../lib/reader'

            export async function renameBranch(id: string, name: string) {
              const { libraryId, role } = await reader()
              needs(role)
              await prisma.branch.update({ where: { id, libraryId }, data: { name } })
            }

            export async function removeCopy(id: string) {
              const { libraryId, role } = await reader()
              needs(role)
              await prisma.copy.delete({ where: { id, libraryId } })
            }

            export async function closeCounter(id: string) {
              const { libraryId, role } = await reader()
              needs(role)
              await prisma.counter.update({ where: { id, libraryId }, data: { isClosed: true } })
            }
        """
        + last,
        {
            "lib/reader.ts": """
                import { auth } from './auth'
                import { prisma } from './prisma'
                export async function reader() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const card = await prisma.card.findFirst({ where: { userId: session.user.id } })
                  if (!card) throw new Error('No card')
                  return { role: card.role, libraryId: card.libraryId, userId: session.user.id }
                }
                export function needs(role: string) {
                  if (role !== 'librarian') throw new Error('Librarians only')
                }
            """,
        },
    )


OFFICE = ("asset", "budget", "carrier", "depot", "engine")


def an_office(last: str, asks: str = "await needs('clerk')") -> Mapping[str, str]:
    """A program for an office: each kind of record is changed by clerks, in a file of its own, and one more file."""
    kept = {
        f"app/{name}/actions.ts": f"""
            'use server'
            import {{ prisma }} from '../../lib/prisma'
            import {{ colleague, needs }} from '../../lib/colleague'

            export async function change(id: string, title: string) {{
              const {{ officeId }} = await colleague()
              {"await needs('clerk')" if name != "depot" else asks}
              await prisma.{name}.update({{ where: {{ id, officeId }}, data: {{ title }} }})
            }}

            export async function remove(id: string) {{
              const {{ officeId }} = await colleague()
              await needs('clerk')
              await prisma.{name}.delete({{ where: {{ id, officeId }} }})
            }}
        """
        for name in OFFICE
    }
    head = """
            'use server'
            import { prisma } from '../lib/prisma'
            import { colleague } from '../lib/colleague'
    """
    own = """
            import { auth } from './auth'
            import { prisma } from './prisma'
            export async function colleague() {
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              const found = await prisma.colleague.findFirst({ where: { userId: session.user.id } })
              if (!found) throw new Error('No colleague')
              return found
            }
            export async function needs(role: string) {
              const me = await colleague()
              if (me.role !== role) throw new Error('Not allowed')
            }
    """
    return actions(head + last, {**kept, "lib/colleague.ts": own})


def members_of_a_team(last: str) -> Mapping[str, str]:
    """Who may remove members, in a folder of its own, and another action on who belongs to the team."""
    return actions(
        """
            'use server'
            import { prisma } from '../lib/prisma'
            import { membership } from '../lib/membership'
        """
        + last,
        {
            "app/people/actions.ts": """
                'use server'
                import { prisma } from '../../lib/prisma'
                import { membership } from '../../lib/membership'

                export async function removeMember(id: string) {
                  const me = await membership()
                  if (me.role !== 'owner') throw new Error('Owners only')
                  await prisma.teamMember.delete({ where: { id, teamId: me.teamId } })
                }
            """,
            "lib/membership.ts": """
                import { auth } from './auth'
                import { prisma } from './prisma'
                export async function membership() {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const found = await prisma.teamMember.findFirst({ where: { userId: session.user.id } })
                  if (!found) throw new Error('Not a member')
                  return found
                }
            """,
        },
    )


RULE = Rule(
    id="missing-role-check",
    title="no role check",
    headline="any signed-in user can {does}",
    severity=Severity.HIGH,
    cwe=862,
    item=Item.OWNERSHIP,
    check=check,
    examples=(
        Bad(
            "all but one ask for an admin",
            actions(
                ADMINS
                + """
    export async function createProduct(title: string, price: number) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.product.create({ data: { title, price } })  // <- finding
    }
"""
            ),
        ),
        Bad(
            "the id of a product tells whose nothing is: a role is missing, no owner",
            actions(
                ADMINS
                + """
    export async function hideProduct(id: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.product.update({ where: { id }, data: { isHidden: true } })  // <- finding
    }
"""
            ),
        ),
        Bad(
            "anybody makes a workspace, and none of their own",
            actions(
                WORKSPACES
                + """
    export async function createWorkspace(name: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.workspace.create({ data: { name } })  // <- finding
    }
"""
            ),
        ),
        Good(
            "whoever makes a workspace owns it",
            actions(
                WORKSPACES
                + """
    export async function createWorkspace(name: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const workspace = await prisma.workspace.create({ data: { name } })
      const seat = { workspaceId: workspace.id, userId: session.user.id, role: 'OWNER' }
      await prisma.seat.create({ data: seat })
    }
"""
            ),
        ),
        Good(
            "whoever makes a workspace owns it, in one statement",
            actions(
                WORKSPACES
                + """
    export async function createWorkspace(name: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const seats = { create: { userId: session.user.id, role: 'OWNER' } }
      await prisma.workspace.create({ data: { name, seats } })
    }
"""
            ),
        ),
        Bad(
            "the outlier stands in a file of its own",
            actions(
                ADMINS,
                {
                    "app/import.ts": """
                        'use server'
                        import { auth } from '../lib/auth'
                        import { prisma } from '../lib/prisma'

                        export async function resetProducts() {
                          const session = await auth()
                          if (!session?.user) throw new Error('Not signed in')
                          await prisma.product.deleteMany({})  // <- finding
                        }
                    """
                },
            ),
        ),
        Good(
            "the outlier lies in a portal for those whom the shop serves",
            actions(
                ADMINS,
                {
                    "app/portal/actions.ts": """
                        'use server'
                        import { auth } from '../../lib/auth'
                        import { prisma } from '../../lib/prisma'

                        export async function likeProducts() {
                          const session = await auth()
                          if (!session?.user) throw new Error('Not signed in')
                          await prisma.product.updateMany({ data: { isLiked: true } })
                        }
                    """
                },
            ),
        ),
        Bad(
            "one of two roles makes anybody anything",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function changeRole(userId: string, role: Role) {
                  const session = await auth()
                  if (!session?.user || !['admin', 'owner'].includes(session.user.role)) throw new Error('Not allowed')
                  await prisma.user.update({ where: { id: userId }, data: { role } })  // <- finding
                }
            """),
        ),
        Bad(
            "whoever comes first becomes the admin",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function becomeAdmin() {
                  if (await prisma.user.count({ where: { role: 'admin' } })) return
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.user.update({ where: { id: session.user.id }, data: { role: 'admin' } })  // <- finding
                }
            """),
        ),
        Bad(
            "the layout around the only page asks for the role, its action does not",
            page_of_owners("if (session?.user?.role !== 'OWNER') redirect('/')"),
        ),
        Bad(
            "rows of customers, which only a page for the staff shows",
            actions(
                """
                    'use server'
                    import { auth } from '../lib/auth'
                    import { prisma } from '../lib/prisma'

                    export async function customers() {
                      const session = await auth()
                      if (!session?.user) throw new Error('Not signed in')
                      return prisma.customer.findMany({ select: { name: true, phone: true } })  // <- finding
                    }
                """,
                {
                    "app/staff/page.tsx": """
                        import { notFound } from 'next/navigation'
                        import { auth } from '../../lib/auth'
                        import { customers } from '../actions'

                        export default async function Page() {
                          const session = await auth()
                          if (!['staff', 'admin'].includes(session?.user?.role)) notFound()
                          return <Customers load={customers} />
                        }
                    """
                },
            ),
        ),
        Bad(
            "any member drops fees, which the treasurer alone adds, changes and waives",
            actions(
                FEES
                + """
    export async function dropFee(clubId: string, id: string) {
      await requireSeat(clubId)
      await prisma.fee.delete({ where: { id, clubId } })  // <- finding
    }
"""
            ),
        ),
        Bad(
            "the matrix has a permission for it, and the neighbour asks",
            clients("await requirePermission('clients.delete')", "await requireUser()"),
        ),
        Bad(
            "a handler of requests asks for the permission, the action does not",
            handled_by_a_route("'subscribers.write'"),
        ),
        Good("the handler asks for a permission to read them", handled_by_a_route("'subscribers.read'", "")),
        Good("the handler asks for a permission on other records", handled_by_a_route("'letters.write'", "")),
        Bad(
            "of the actions of one wrapper, this one forgets the role",
            made_by_one_wrapper("""
            export const endMilestone = asMember(async ({ teamId }, id: string) => {
              await prisma.milestone.update({ where: { id, teamId }, data: { isOver: true } })  // <- finding
            })
        """),
        ),
        Bad(
            "the wrapper of the rest of the file asks for the owner, that of one action for a session",
            with_roles("""
            export const voidInvoice = withUser(async ({ teamId }, id: string) => {
              await prisma.invoice.update({ where: { id, teamId }, data: { isVoid: true } })  // <- finding
            })
        """),
        ),
        Bad(
            "of the actions of one folder, whatever they change, this one forgets the role",
            library("""
            export async function endLoan(id: string) {
              const { libraryId } = await reader()
              await prisma.loan.update({ where: { id, libraryId }, data: { isOver: true } })  // <- finding
            }
        """),
        ),
        Good(
            "readers prolong what they have borrowed themselves",
            library("""
            export async function prolongLoan(id: string) {
              const { libraryId, userId } = await reader()
              await prisma.loan.update({ where: { id, libraryId, userId }, data: { isProlonged: true } })
            }
        """),
        ),
        Good(
            "a file of the folder is for readers: none of its actions asks",
            {
                **library(""),
                "app/reading.ts": """
                    'use server'
                    import { prisma } from '../lib/prisma'
                    import { reader } from '../lib/reader'

                    export async function returnCopy(loanId: string) {
                      const { libraryId } = await reader()
                      await prisma.loan.update({ where: { id: loanId, libraryId }, data: { isOver: true } })
                    }

                    export async function keepLonger(loanId: string) {
                      const { libraryId } = await reader()
                      await prisma.loan.update({ where: { id: loanId, libraryId }, data: { isLong: true } })
                    }
                """,
            },
        ),
        Good(
            "two of the actions of the folder are for everybody",
            library("""
            export async function endLoan(id: string) {
              const { libraryId } = await reader()
              await prisma.loan.update({ where: { id, libraryId }, data: { isOver: true } })
            }

            export async function turnOnLamp(id: string) {
              const { libraryId } = await reader()
              await prisma.lamp.update({ where: { id, libraryId }, data: { isOn: true } })
            }
        """),
        ),
        Bad(
            "each other action of the whole program asks for the role",
            an_office("""
            export async function voidReceipt(id: string) {
              const { officeId } = await colleague()
              await prisma.receipt.update({ where: { id, officeId }, data: { isVoid: true } })  // <- finding
            }
        """),
        ),
        Good(
            "one other action of the program is for every colleague",
            an_office(
                """
            export async function voidReceipt(id: string) {
              const { officeId } = await colleague()
              await prisma.receipt.update({ where: { id, officeId }, data: { isVoid: true } })
            }
        """,
                "",
            ),
        ),
        Good(
            "colleagues note what they have paid themselves",
            an_office("""
            export async function addReceipt(cents: number) {
              const { officeId, userId } = await colleague()
              await prisma.receipt.create({ data: { officeId, userId, cents } })
            }
        """),
        ),
        Bad(
            "any member withdraws invitations, where only the owner removes members",
            members_of_a_team("""
            export async function withdrawInvitation(id: string) {
              const { teamId } = await membership()
              await prisma.invitation.delete({ where: { id, teamId } })  // <- finding
            }
        """),
        ),
        Bad(
            "any member makes keys for the team, where only the owner removes members",
            members_of_a_team("""
            export async function makeKey(name: string) {
              const { teamId } = await membership()
              const secret = crypto.randomUUID()
              await prisma.apiKey.create({ data: { name, teamId, secret } })  // <- finding
            }
        """),
        ),
        Good(
            "members leave, although only the owner removes others",
            members_of_a_team("""
            export async function leave() {
              const { teamId, userId } = await membership()
              await prisma.teamMember.delete({ where: { userId_teamId: { userId, teamId } } })
            }
        """),
        ),
        Good(
            "whoever was invited accepts, and becomes a member",
            members_of_a_team("""
            export async function accept(token: string) {
              const { auth } = await import('../lib/auth')
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              const found = await prisma.invitation.findUnique({ where: { token } })
              if (!found || found.email !== session.user.email) throw new Error('Not yours')
              await prisma.teamMember.create({ data: { userId: session.user.id, teamId: found.teamId } })
              await prisma.invitation.update({ where: { id: found.id }, data: { isAccepted: true } })
            }
        """),
        ),
        Good(
            "everybody invites, and takes invitations back",
            members_of_a_team("""
            export async function invite(email: string) {
              const { teamId } = await membership()
              await prisma.invitation.create({ data: { teamId, email } })
            }

            export async function inviteAgain(email: string) {
              const { teamId } = await membership()
              await prisma.invitation.updateMany({ where: { teamId, email }, data: { isSentAgain: true } })
            }

            export async function withdrawInvitation(id: string) {
              const { teamId } = await membership()
              await prisma.invitation.delete({ where: { id, teamId } })
            }
        """),
        ),
        Good(
            "another action of the weaker wrapper changes such records too",
            with_roles("""
            export const noteInvoice = withUser(async ({ teamId }, id: string, note: string) => {
              await prisma.invoice.update({ where: { id, teamId }, data: { note } })
            })

            export const filePaper = withUser(async ({ teamId }, id: string, paper: string) => {
              await prisma.invoice.update({ where: { id, teamId }, data: { paper } })
            })
        """),
        ),
        Good(
            "the weaker wrapper makes what only adds such records",
            with_roles("""
            export const draftInvoice = withUser(async ({ teamId, userId }) => {
              await prisma.invoice.create({ data: { teamId, userId } })
            })
        """),
        ),
        Good(
            "it asks for the permission as well",
            clients(
                "await requirePermission('clients.delete')", "await requirePermission('clients.delete')", marked=""
            ),
        ),
        Good(
            "users who may not manage users rename themselves",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function updateUser(userId: string, name: string) {
                  const session = await auth()
                  if (!session?.user.permissions.includes('manageUsers')) throw new Error('Not allowed')
                  await prisma.user.update({ where: { id: userId }, data: { name } })
                }

                export async function renameUser(userId: string, name: string) {
                  const session = await auth()
                  if (session?.user?.id !== userId) throw new Error('Not yours')
                  const before = await prisma.user.findUnique({ where: { id: userId }, select: { name: true } })
                  if (before?.name !== name) await prisma.user.update({ where: { id: userId }, data: { name } })
                }
            """),
        ),
        Good(
            "the permission that the neighbour asks for is about other records",
            clients("await requirePermission('notes.delete')", "await requireUser()", marked=""),
        ),
        Good(
            "the permission that the neighbour asks for is for another operation",
            clients("await requirePermission('clients.create')", "await requireUser()", marked=""),
        ),
        Good(
            "what the wrapper's caller changes is their own",
            made_by_one_wrapper("""
            export const hideMilestone = asMember(async ({ userId }, id: string) => {
              await prisma.milestoneView.updateMany({ where: { milestoneId: id, userId }, data: { isHidden: true } })
            })
        """),
        ),
        Good(
            "members note what they have paid themselves",
            actions(
                FEES
                + """
    export async function payFee(clubId: string, id: string) {
      const seat = await requireSeat(clubId)
      await prisma.fee.update({ where: { id, clubId, userId: seat.userId }, data: { isPaid: true } })
    }
"""
            ),
        ),
        Good(
            "an account is all that the page asks for",
            page_of_owners("if (!session?.user) redirect('/login')", ""),
        ),
        Good(
            "only an owner makes owners",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function changeRole(userId: string, role: Role = 'member') {
                  const session = await auth()
                  if (!session?.user || !['admin', 'owner'].includes(session.user.role)) throw new Error('Not allowed')
                  if (role === 'owner' && session.user.role !== 'owner') throw new Error('Only owners make owners')
                  await prisma.user.update({ where: { id: userId }, data: { role } })
                }
            """),
        ),
        Good(
            "a lower role is held to less",
            actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                const Invitation = z.object({ email: z.string().email(), role: z.enum(['owner', 'manager', 'member']) })

                export async function invite(teamId: string, input: unknown) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const { email, role } = Invitation.parse(input)
                  const userId_teamId = { userId: session.user.id, teamId }
                  const me = await prisma.member.findUnique({ where: { userId_teamId } })
                  if (!me || !['owner', 'manager'].includes(me.role)) throw new Error('Not allowed')
                  if (me.role === 'manager' && role !== 'member') throw new Error('Managers invite members')
                  await prisma.invitation.create({ data: { teamId, email, role } })
                }
            """),
        ),
        Good(
            "the schema admits none of the highest",
            actions("""
                'use server'
                import { z } from 'zod'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function changeRole(userId: string, input: unknown) {
                  const session = await auth()
                  if (!session?.user || !['admin', 'owner'].includes(session.user.role)) throw new Error('Not allowed')
                  const role = z.enum(['member', 'viewer']).parse(input)
                  await prisma.user.update({ where: { id: userId }, data: { role } })
                }
            """),
        ),
        Good(
            "an owner steps down",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function handOver(teamId: string, memberId: string) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const owner = { teamId, userId: session.user.id, role: 'owner' }
                  const me = await prisma.member.findFirst({ where: owner })
                  if (!me) throw new Error('Only owners hand over')
                  await prisma.member.update({ where: { id: memberId, teamId }, data: { role: 'owner' } })
                  await prisma.member.update({ where: { id: me.id }, data: { role: 'admin' } })
                }
            """),
        ),
        Good(
            "the first admin is named in the environment",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function becomeAdmin() {
                  const session = await auth()
                  if (!session?.user || session.user.email !== process.env.FIRST_ADMIN) throw new Error('Not allowed')
                  await prisma.user.update({ where: { id: session.user.id }, data: { role: 'admin' } })
                }
            """),
        ),
        Good(
            "it asks as the others do",
            actions(
                ADMINS
                + """
    export async function createProduct(title: string, price: number) {
      await requireAdmin()
      await prisma.product.create({ data: { title, price } })
    }
"""
            ),
        ),
        Good(
            "a member of the shop or of the brand",
            actions(
                ADMINS
                + """
    async function requireMember(within: { shopId: string } | { brandId: string }) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      const member = await prisma.member.findFirst({ where: { ...within, userId: session.user.id } })
      if (!member) throw new Error('Not found')
    }

    export async function createProduct(title: string, brandId: string, shopId?: string) {
      if (shopId) await requireMember({ shopId })
      else await requireMember({ brandId })
      await prisma.product.create({ data: { title, price: 1 } })
    }
"""
            ),
        ),
        Good(
            "records of another kind, which name their author",
            actions(
                ADMINS
                + """
    export async function addReview(productId: string, text: string) {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.review.create({ data: { productId, text, authorId: session.user.id } })
    }
"""
            ),
        ),
        KnownMiss(
            "one neighbour makes no habit",
            actions("""
                'use server'
                import { auth } from '../lib/auth'
                import { prisma } from '../lib/prisma'

                export async function deleteCoupons() {
                  const session = await auth()
                  if (session?.user?.role !== 'ADMIN') throw new Error('Admins only')
                  await prisma.coupon.deleteMany({})
                }

                export async function createCoupon(code: string, percent: number) {
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  await prisma.coupon.create({ data: { code, percent } })
                }
            """),
        ),
    ),
)
