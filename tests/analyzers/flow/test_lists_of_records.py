"""A list of records is empty or not, and its length tells."""

from __future__ import annotations

from tests.analyzers.running import effects, run

AUTH = """
    import NextAuth from 'next-auth'
    export const { auth } = NextAuth({ providers: [] })
"""


def facts_of_the_write(test: str) -> list[str]:
    """The effects of an action that looks its members up and tests the list like this."""
    files = {
        "lib/auth.ts": AUTH,
        "app/actions.ts": f"""
            'use server'
            import {{ auth }} from '../lib/auth'
            import {{ PrismaClient }} from '@prisma/client'
            const prisma = new PrismaClient()
            export async function rename(teamId: string) {{
              const session = await auth()
              if (!session) return null
              const rows = await prisma.member.findMany({{ where: {{ teamId, userId: session.user.id }} }})
              {test}
              await prisma.team.update({{ where: {{ id: teamId }}, data: {{ name: 'x' }} }})
            }}
        """,
    }
    return effects(run(files)["rename"])[1:]


def test_what_the_presence_of_a_record_proves_holds_where_the_list_has_a_length() -> None:
    owned = ["write team: Authenticated, Owns"]
    assert facts_of_the_write("if (rows.length === 0) return null") == owned
    assert facts_of_the_write("if (!rows.length) throw new Error()") == owned
    assert facts_of_the_write("if (rows.length > 0 === false) return; if (!rows[0]) return null") == owned
    assert facts_of_the_write("if (rows.length < 1) return null; const [row] = rows; row.id") == owned
    assert facts_of_the_write("if (!rows.at(0)) return null") == owned


def test_a_list_that_may_be_empty_proves_nothing() -> None:
    unowned = ["write team: Authenticated"]
    assert facts_of_the_write("rows.length") == unowned
    assert facts_of_the_write("if (!rows) return null") == unowned
    assert facts_of_the_write("if (rows.length === 0) rows.push({})") == unowned


def test_a_filtered_list_may_be_empty_where_the_whole_one_is_not() -> None:
    files = """
        'use server'
        import { PrismaClient } from '@prisma/client'
        const prisma = new PrismaClient()
        export async function last(q: string) {
          const rows = await prisma.post.findMany()
          if (rows.length === 0) return null
          const [hit] = rows.filter((r) => r.title === q)
          if (hit === undefined) await prisma.log.create({ data: { q } })
        }
    """
    assert effects(run(files)["last"]) == ["read post", "insert log"]


def test_in_the_body_of_a_loop_over_records_there_is_one() -> None:
    owned, unowned = "write team: Authenticated, Owns", "write team: Authenticated, Valid"
    write = "await prisma.team.update({ where: { id: teamId }, data: { name: 'y' } })"
    assert facts_of_the_write(f"for (const row of rows) {{ {write} }}") == [owned, unowned]
    in_parallel = facts_of_the_write(f"await Promise.all(rows.map(async (row) => {{ {write} }}))")
    assert in_parallel == [owned, "write team: Authenticated"]


def table_of_permissions(rows: int, check: str) -> list[str]:
    """The effects of an action behind a table of what each role may do, of so many rows."""
    more = "\n".join(f"{{ action: 'thing{n}.write', roles: ['owner', 'editor'] }}," for n in range(rows))
    files = {
        "lib/auth.ts": AUTH,
        "lib/permissions.ts": f"""
            const PERMISSIONS: {{ action: string, roles: string[] }}[] = [
              {{ action: 'clients.write', roles: ['owner', 'billing'] }},
              {more}
            ]
            export function permissionsOf(role) {{
              return PERMISSIONS.filter(({{ roles }}) => roles.includes(role)).map(({{ action }}) => action)
            }}
        """,
        "app/actions.ts": f"""
            'use server'
            import {{ auth }} from '../lib/auth'
            import {{ permissionsOf }} from '../lib/permissions'
            import {{ PrismaClient }} from '@prisma/client'
            const prisma = new PrismaClient()
            export async function archive(id: string) {{
              const session = await auth()
              if (!session) return null
              const held = permissionsOf(session.user.role)
              {check}
              await prisma.client.delete({{ where: {{ id }} }})
            }}
        """,
    }
    return effects(run(files)["archive"])


def test_a_table_of_permissions_tells_a_right_however_long_it_is() -> None:
    for rows in (2, 40):
        for check in (
            "if (!held.includes('clients.write')) return null",
            "if (!['clients.write'].every((each) => held.includes(each))) return null",
            "const lacks = ['clients.write'].filter((each) => !held.includes(each)); if (lacks.length > 0) return null",
        ):
            (deleted,) = table_of_permissions(rows, check)
            assert deleted.endswith("Role")


def test_a_permission_that_is_looked_up_and_not_tested_proves_nothing() -> None:
    for check in ("held.includes('clients.write')", "if (held.includes('clients.write')) return null"):
        assert table_of_permissions(40, check) == ["delete client: Authenticated"]
