"""A change for which other code asks for a role, as excuses look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preship.analyzers.flow.effects import Effect


@dataclass(frozen=True, slots=True)
class KeptForARole:
    """What an action changes for any caller who is known."""

    effect: Effect
    effects: Sequence[Effect]
    """All that the action does."""

    tenants_made: Sequence[Effect]
    """Those of them that make a tenant."""

    path: str
    name: str
    """What the action is called; empty where it has no name."""


PEOPLE = """
            'use server'
            import { auth } from '../lib/auth'
            import { prisma } from '../lib/prisma'

            async function me() {
              const session = await auth()
              if (!session?.user) throw new Error('Not signed in')
              return session.user
            }
            async function manager() {
              if ((await me()).role !== 'manager') throw new Error('Managers only')
            }
            export async function importWorkspace(name: string) {
              await manager()
              await prisma.workspace.create({ data: { name: String(name) } })
            }
            export async function copyWorkspace(name: string) {
              await manager()
              await prisma.workspace.create({ data: { name: String(name) } })
            }
            export async function renameWorkspace(id: string, name: string) {
              await manager()
              await prisma.workspace.update({ where: { id }, data: { name: String(name) } })
            }
"""
"""Three actions that only managers may call, in front of each example."""
