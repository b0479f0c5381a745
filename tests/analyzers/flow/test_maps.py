"""Maps that other functions fill."""

from __future__ import annotations

from tests.analyzers.flow.test_guards import LIBRARY
from tests.analyzers.running import effects, run


def test_a_map_of_the_module_may_hold_what_was_not_there_when_it_was_made() -> None:
    actions = run(
        """
        'use server'
        import { PrismaClient } from '@prisma/client'
        const db = new PrismaClient()
        const regions = new Map<string, { id: string }>()

        async function regionOf(country: string) {
          if (regions.get(country)) return regions.get(country)
          const found = await db.region.findMany()
          found.forEach((region) => region.countries.forEach((c) => regions.set(c.code, region)))
          return regions.get(country)
        }
        export async function addToCart(country: string, variant: string) {
          const region = await regionOf(country)
          if (!region) throw new Error('No region')
          await db.cart.update({ where: { id: variant }, data: { region: region.id } })
        }
        """
    )
    assert effects(actions["addToCart"]) == ["read region", "write cart"]


CACHED = """
    'use server'
    import { auth } from '../lib/auth'
    import { db } from '../lib/db'
    const members = new Map<string, { role: string }>()

    async function memberOf(userId: string, teamId: string) {
      const kept = members.get(`%s`)
      if (kept) return kept
      const found = await db.member.findFirst({ where: { userId, teamId } })
      if (found) members.set(`%s`, found)
      return found
    }
    export async function rename(teamId: string, name: string) {
      const session = await auth()
      if (!session?.user?.id) throw new Error('Not signed in')
      const member = await memberOf(session.user.id, teamId)
      if (!member) throw new Error('Not yours')
      await db.team.update({ where: { id: teamId }, data: { name } })
    }
"""


def renaming(key: str) -> list[str]:
    """What an action does that keeps the members it has met under this key."""
    return effects(run({"app/actions.ts": CACHED % (key, key), **LIBRARY})["rename"])


def test_what_is_kept_under_the_callers_name_and_another_is_as_good_as_looked_up() -> None:
    assert renaming("${userId}:${teamId}") == ["read member: Authenticated", "write team: Authenticated, Owns"]


def test_what_is_kept_under_a_name_of_the_callers_choice_shows_nothing() -> None:
    assert renaming("${teamId}") == ["read member: Authenticated", "write team: Authenticated"]
