"""What hosted identity keeps beside its users: what they write themselves is no right of theirs, nor a tenant."""

from __future__ import annotations

import pytest

from tests.analyzers.running import run

ACTION = """
    'use server'
    import {{ PrismaClient }} from '@prisma/client'
    import {{ createServerClient }} from '@supabase/ssr'
    import {{ auth, currentUser }} from '@clerk/nextjs/server'
    import {{ cookies }} from 'next/headers'
    const db = new PrismaClient()
    export async function remove(id: string) {{
      const jar = await cookies()
      const url = process.env.NEXT_PUBLIC_SUPABASE_URL
      const supabase = createServerClient(url, process.env.KEY, {{ cookies: {{ getAll: () => jar.getAll() }} }})
      const {{ data: {{ user: member }} }} = await supabase.auth.getUser()
      const person = await currentUser()
      const {{ sessionClaims }} = await auth()
      if (!member || !person || !sessionClaims) throw new Error('no')
      {gate}
      await db.post.deleteMany({{ where: {{ id, ...scope }} }})
    }}
"""
WRITTEN_BY_THE_SERVER = {
    "Supabase": "if (member.app_metadata.role !== 'admin') return",
    "Supabase, a flag": "if (!member.app_metadata?.is_admin) return",
    "Clerk, public": "if (person.publicMetadata.role !== 'admin') return",
    "Clerk, private": "if (person.privateMetadata?.role !== 'admin') return",
    "Clerk, claims": "if (sessionClaims?.metadata?.role !== 'admin') return",
    "a tenant": "scope.orgId = member.app_metadata.org_id",
}
WRITTEN_BY_THE_USER = {
    "Supabase": "if (member.user_metadata.role !== 'admin') return",
    "Supabase, a flag": "if (!member.user_metadata?.is_admin) return",
    "Supabase, a list": "const { role } = member.user_metadata\nif (!['admin', 'owner'].includes(role)) return",
    "the one or else the other": (
        "const role = member.app_metadata?.role ?? member.user_metadata?.role\nif (role !== 'admin') return"
    ),
    "Clerk": "if (person.unsafeMetadata.role !== 'admin') return",
    "Clerk, a list": "if (!(person.unsafeMetadata.roles as string[]).includes('admin')) return",
    "a tenant": "scope.orgId = member.user_metadata.org_id",
    "an owner": (
        "const post = await db.post.findUnique({ where: { id } })\n"
        "if (post?.orgId !== member.user_metadata.org_id) return"
    ),
}


def unowned(gate: str) -> list[str]:
    """The effects on records that are not shown to be the caller's."""
    facts = run(ACTION.format(gate=f"const scope = {{}}\n{gate}"))["remove"]
    return [u.effect.what for u in facts.unowned_effects()]


@pytest.mark.parametrize("gate", WRITTEN_BY_THE_SERVER.values(), ids=list(WRITTEN_BY_THE_SERVER))
def test_what_only_the_server_writes_tells_a_right(gate: str) -> None:
    assert unowned(gate) == []


@pytest.mark.parametrize("gate", WRITTEN_BY_THE_USER.values(), ids=list(WRITTEN_BY_THE_USER))
def test_what_users_write_themselves_tells_none(gate: str) -> None:
    assert unowned(gate) == ["prisma.post.deleteMany"]
