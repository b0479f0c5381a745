"""A tenant that the caller founds: to ask for a role in one would be to ask too early."""

from __future__ import annotations

from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.kept_for_a_role import PEOPLE, KeptForARole
from preship.analyzers.actions.founding import founds_a_tenant

EXCUSE: Excuse[KeptForARole] = Excuse(
    id="founded-tenant",
    why="it belongs to a tenant that the caller has just founded",
    conditions=(
        Condition("the action makes a tenant", lambda case: bool(case.tenants_made)),
        Condition(
            "it is that tenant, or lies in it, and the caller becomes a member",
            lambda case: founds_a_tenant(case.effect, case.effects, case.tenants_made),
        ),
    ),
    examples=(
        Example(
            "a workspace of one's own",
            PEOPLE
            + """
            export async function openWorkspace(name: string) {
              const user = await me()
              const made = await prisma.workspace.create({ data: { name: String(name) } })
              await prisma.member.create({ data: { workspaceId: made.id, userId: user.id } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "a workspace for nobody",
            PEOPLE
            + """
            export async function openWorkspace(name: string) {
              await me()
              await prisma.workspace.create({ data: { name: String(name) } })
            }
            """,
        ),
    ),
)
