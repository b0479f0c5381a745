"""An action for those whom the application serves, by the words of its path or its name."""

from __future__ import annotations

from preship.analyzers.actions.excuses.form import Condition, Example, Excuse
from preship.analyzers.actions.excuses.kept_for_a_role import PEOPLE, KeptForARole
from preship.analyzers.actions.matrix import is_in_a_portal

EXCUSE: Excuse[KeptForARole] = Excuse(
    id="portal",
    why="the action is for those whom the application serves, by its name",
    conditions=(
        Condition(
            "its path or its name says that it is there for them", lambda case: is_in_a_portal(case.path, case.name)
        ),
    ),
    examples=(
        Example(
            "what a portal offers",
            PEOPLE
            + """
            export async function portalWorkspace(name: string) {
              await me()
              await prisma.workspace.create({ data: { name: String(name) } })
            }
            """,
        ),
    ),
    others=(
        Example(
            "an action beside those of managers",
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
