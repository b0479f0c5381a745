"""What the actions of one part of a program ask for, wherever its authors put each of them."""

from __future__ import annotations

import pytest

from preship.analyzers.rulebook import rule
from tests.analyzers.running import run

STACK = {
    "tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./*"]}}}',
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
    "lib/member.ts": """
        import { auth } from './auth'
        import { prisma } from './prisma'
        export async function member() {
          const session = await auth()
          if (!session?.user) throw new Error('Not signed in')
          const found = await prisma.member.findFirst({ where: { userId: session.user.id } })
          if (!found) throw new Error('Not a member')
          return found
        }
        export async function manager() {
          const found = await member()
          if (found.role !== 'manager') throw new Error('Managers only')
          return found
        }
    """,
}
FOLDERS = {
    "one folder for all": "app/actions/{}.ts",
    "a folder for each": "app/actions/product/{}/index.ts",
    "a folder for each, with its schema": "src/product/{}/action.ts",
    "one file for each": "server/product/{}.action.ts",
}


def changed(name: str, asked: str, column: str) -> str:
    """An action that changes one column of a product."""
    return f"""
        'use server'
        import {{ prisma }} from '@/lib/prisma'
        import {{ member, manager }} from '@/lib/member'
        export async function {name}(id: string, value: number) {{
          const {{ shopId }} = await {asked}()
          await prisma.product.update({{ where: {{ id, shopId }}, data: {{ {column}: value }} }})
        }}
    """


def reported(place: str, asking: int, besides: dict[str, str] | None = None) -> bool:
    """Whether a member's promotion of a product is reported, beside so many actions that only managers may call."""
    names = ("hide", "price", "rename", "retire", "stock")[:asking]
    files = {place.format(name): changed(name, "manager", name) for name in names}
    files[place.format("promote")] = changed("promote", "member", "promotion")
    return reported_in({**STACK, **files, **(besides or {})}, "promote")


def reported_in(files: dict[str, str], name: str) -> bool:
    """Whether an action is reported for a role that the others ask for."""
    facts = run(files)[name]
    known = rule("missing-role-check")
    return known is not None and bool(list(known.check(facts)))


@pytest.mark.parametrize("place", FOLDERS.values(), ids=list(FOLDERS))
def test_what_most_others_of_the_same_part_ask_for_is_forgotten(place: str) -> None:
    assert reported(place, 4)


@pytest.mark.parametrize("place", FOLDERS.values(), ids=list(FOLDERS))
def test_two_others_make_no_habit(place: str) -> None:
    assert not reported(place, 2, {place.format("count"): changed("count", "member", "seen")})


def test_another_part_of_the_program_is_for_whom_it_likes() -> None:
    sales = {
        f"app/actions/sale/{name}/index.ts": changed(name, "member", "stock") for name in ("sell", "refund", "scan")
    }
    assert reported("app/actions/product/{}/index.ts", 4, sales)


def test_a_folder_of_several_files_is_a_part_of_its_own() -> None:
    files = {
        "app/actions/product/sale/sell.ts": changed("sell", "member", "sold"),
        "app/actions/product/sale/promote.ts": changed("promote", "member", "promotion"),
    }
    names = ("hide", "price", "rename", "retire")
    others = {f"app/actions/product/{name}/index.ts": changed(name, "manager", name) for name in names}
    facts = run({**STACK, **others, **files})["promote"]
    known = rule("missing-role-check")
    assert known is not None
    assert list(known.check(facts)) == []
