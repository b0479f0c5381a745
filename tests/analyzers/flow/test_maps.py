"""Maps that other functions fill."""

from __future__ import annotations

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
