"""The examples of a rule's page, which are its tests as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STACK: Mapping[str, str] = {
    "lib/auth.ts": """
        import NextAuth from 'next-auth'
        export const { auth, signIn, signOut } = NextAuth({ providers: [] })
    """,
    "lib/prisma.ts": """
        import { PrismaClient } from '@prisma/client'
        export const prisma = new PrismaClient()
    """,
    "lib/supabase.ts": """
        import { createServerClient } from '@supabase/ssr'
        import { createClient } from '@supabase/supabase-js'
        import { cookies } from 'next/headers'
        export const supabase = async () =>
          createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY, {
            cookies: await cookies(),
          })
        export const admin = createClient(process.env.NEXT_PUBLIC_SUPABASE_URL, process.env.SUPABASE_SERVICE_ROLE_KEY)
    """,
}
"""Files that most examples share: Auth.js, Prisma, Supabase."""


def actions(code: str, more: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """An example: the code of `app/actions.ts`, the shared files, and more."""
    return {"app/actions.ts": code, **STACK, **(more or {})}


@dataclass(frozen=True, slots=True)
class Bad:
    """An example that fires exactly on the lines marked `// <- finding`."""

    title: str
    code: str | Mapping[str, str]
    """The text of `app/actions.ts`, or files by path."""


@dataclass(frozen=True, slots=True)
class Good:
    """An example on which this rule alone is silent."""

    title: str
    code: str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class KnownMiss:
    """A faulty example that the rule is known not to find; the test fails on the day it does."""

    title: str
    code: str | Mapping[str, str]
