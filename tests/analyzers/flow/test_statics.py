"""Services of which there is one instance, kept in a static field of their class, as real code writes them."""

from __future__ import annotations

import pytest

from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import effects, run

ACTION = """
    'use server'
    import { auth } from '../lib/auth'
    import { db } from '../lib/db'
    import { permissions } from '../lib/permissions'

    export async function rename(teamId: string, name: string) {
      const session = await auth()
      if (!session?.user?.id) throw new Error('Not signed in')
      await permissions.demand(session.user.id, teamId)
      await db.team.update({ where: { id: teamId }, data: { name } })
    }
"""
SERVICE = """
    import { db } from './db'

    class Permissions {
      private static instance: Permissions
      public static getInstance(): Permissions {
        %s
        return Permissions.instance
      }
      async demand(userId: string, teamId: string) {
        const member = await db.member.findFirst({ where: { userId, teamId } })
        if (!member) throw new Error('Not yours')
      }
    }
    export const permissions = Permissions.getInstance()
"""
PROVEN = ["read member: Authenticated", "write team: Authenticated, Owns"]


def touched(service: str) -> list[str]:
    """What an action does that asks a service for permission."""
    return effects(run({"app/actions.ts": ACTION, "lib/permissions.ts": service, **LIBRARY})["rename"])


@pytest.mark.parametrize(
    "made",
    [
        "if (!Permissions.instance) { Permissions.instance = new Permissions() }",
        "Permissions.instance ??= new Permissions()",
        "if (!this.instance) this.instance = new Permissions()",
    ],
)
def test_the_one_instance_is_the_one_that_the_class_makes(made: str) -> None:
    assert touched(SERVICE % made) == PROVEN


def test_what_another_class_keeps_under_the_same_name_is_not_taken_for_it() -> None:
    other = "class Other { static instance: Other; static make() { Other.instance = new Other() } }\n"
    assert "read member: Authenticated" not in touched(other + SERVICE % "")
