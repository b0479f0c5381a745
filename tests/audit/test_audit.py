"""The audit of two small repositories, as it is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.git_repository import GitRepository

ROOT = Path(__file__).parent.parent.parent

SHOP = {
    "app/actions.ts": """
'use server'
import { auth } from '@/auth'
import { prisma } from '@/lib/prisma'
import { remind } from '@/lib/mail'
import { search } from 'search-engine'
import { isOpen } from 'business-hours'

export async function removeOrder(id: string) {
  const session = await auth()
  if (!session) throw new Error('Sign in')
  await prisma.order.delete({ where: { id, userId: session.user.id } })
}

export async function ping() {
  await search.refresh()
}

export async function settle(id: string) {
  const settings = { provider: undefined }
  settings.provider.charge(id)
  await prisma.order.update({ where: { id }, data: { paid: true } })
}

export async function ship(id: string) {
  const notify = undefined
  notify(id)
  await prisma.order.update({ where: { id }, data: { shipped: true } })
}

export async function closeOrder(id: string) {
  if (!isOpen(new Date())) return
  const options = {}
  await prisma.order.update({ where: { id }, data: { closed: options.at } })
  search.deleteOrder(id)
}

export async function remindAll() {
  await remind()
  await prisma.order.findMany()
}
""",
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()\n",
    "lib/mail.ts": "import { mailer } from 'mail-house'\nexport async function remind() {\n  mailer.sendAll()\n}\n",
    "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
    "tsconfig.json": '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
}

BLOG = {"app/actions.ts": "'use server'\nexport async function now() {\n  return Date.now()\n}\n"}


def test_each_suspicious_place_is_counted_by_cause_and_shown_with_its_line(tmp_path: Path) -> None:
    GitRepository(tmp_path / "shop").commit(SHOP)
    GitRepository(tmp_path / "blog").commit(BLOG)
    run = subprocess.run(
        [sys.executable, "-m", "tests.audit", "shop", "blog@main", "nowhere", "--jobs", "2"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout == SHOWN
    assert (run.returncode, run.stderr) == (1, "")


SHOWN = """\
2 repositories, 7 actions
not read: nowhere: nowhere is no directory

places  actions  per 1,000  cause
     1        1      142.9  no effect, and calls are awaited
     1        1      142.9  undefined or null is called
     1        1      142.9  a property of undefined or null is read
     1        1      142.9  a key or data is undefined
     3        3      428.6  a write-like call without effect or unseen
     1        1      142.9  a guard-like exit, and nothing is proven

shop app/actions.ts:32 a guard-like exit, and nothing is proven (1 actions)
    if (!isOpen(new Date())) return
shop app/actions.ts:34 a key or data is undefined (1 actions)
    await prisma.order.update({ where: { id }, data: { closed: options.at } })
shop app/actions.ts:21 a property of undefined or null is read (1 actions)
    settings.provider.charge(id)
shop app/actions.ts:22 a write-like call without effect or unseen (1 actions)
    await prisma.order.update({ where: { id }, data: { paid: true } })
shop app/actions.ts:28 a write-like call without effect or unseen (1 actions)
    await prisma.order.update({ where: { id }, data: { shipped: true } })
shop lib/mail.ts:3 a write-like call without effect or unseen (1 actions)
    mailer.sendAll()
shop app/actions.ts:16 no effect, and calls are awaited (1 actions)
    await search.refresh()
shop app/actions.ts:27 undefined or null is called (1 actions)
    notify(id)
"""


def test_what_is_left_of_a_repository_when_its_budget_is_used_up_is_said(tmp_path: Path) -> None:
    GitRepository(tmp_path / "shop").commit(SHOP)
    run = subprocess.run(
        [sys.executable, "-m", "tests.audit", "shop", "--steps", "10", "--worst", "0"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.splitlines()[:2] == [
        "1 repositories, 1 actions",
        "budget used up: shop: 5 of 6 actions left out",
    ]
