"""A role is missing: what the same wrapper makes, or the same folder holds, asks for one."""

from __future__ import annotations

from collections.abc import Mapping

from preship.analyzers.rule import Bad, Good, actions


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


def stepping(branch: str, asks: str = "") -> Mapping[str, str]:
    """A folder whose actions all step through a branch that some callers take, before they ask and do what they do."""
    mark = "// <- finding" if asks else ""
    steps = "\n\n".join(
        f"""
            export async function {name}(id: string) {{
              const me = await keeper()
              {"" if name == "moveLamp" else asks}
              const to = {{ where: {{ id, houseId: me.houseId }}, data: {{ isDone: true }} }}
              await prisma.{kind}.update(to) {mark if name == "moveLamp" else ""}
            }}
        """
        for name, kind in (("closeDoor", "door"), ("paintWall", "wall"), ("washFloor", "floor"), ("moveLamp", "lamp"))
    )
    return actions(
        """
            'use server'
            import { prisma } from '../lib/prisma'
            import { keeper } from '../lib/keeper'
        """
        + steps,
        {
            "lib/keeper.ts": f"""
                import {{ auth }} from './auth'
                import {{ prisma }} from './prisma'
                export async function keeper() {{
                  const session = await auth()
                  if (!session?.user) throw new Error('Not signed in')
                  const me = await prisma.keeper.findFirst({{ where: {{ userId: session.user.id }} }})
                  if (!me) throw new Error('No keeper')
                  const at = {{ where: {{ id: me.houseId }}, data: {{ isLit: true }} }}
                  const note = () => prisma.house.update(at)
                  {branch}
                  return me
                }}
            """,
        },
    )


BRANCHES = {
    "a condition": "if (me.role === 'head') await note()",
    "the other side of one": "if (me.role !== 'head') { me.seen = 1 } else { await note() }",
    "an operator": "me.role === 'head' && (await note())",
    "a choice": "const done = me.role === 'head' ? await note() : null",
    "a switch": "switch (me.role) { case 'head': await note(); break; default: break }",
    "a condition within a try": "try { if (me.role === 'head') await note() } catch { me.seen = 0 }",
}


EXAMPLES: tuple[Bad | Good, ...] = (
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
        "what the wrapper's caller changes is their own",
        made_by_one_wrapper("""
            export const hideMilestone = asMember(async ({ userId }, id: string) => {
              await prisma.milestoneView.updateMany({ where: { milestoneId: id, userId }, data: { isHidden: true } })
            })
        """),
    ),
    *(
        Good(f"what only some do on the way, by {how}, is no role that the others ask for", stepping(branch))
        for how, branch in BRANCHES.items()
    ),
    *(
        Bad(
            f"the others refuse whoever has no role, beside what only some do on the way, by {how}",
            stepping(branch, "if (me.role !== 'head') throw new Error('Not allowed')"),
        )
        for how, branch in BRANCHES.items()
    ),
)
