"""What every page asks a role for that uses an action, and what the action does for anybody with an account."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from preship.analyzers.rule import Finding
from preship.analyzers.rulebook import rule
from tests.analyzers.running import run

STACK = {
    "tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./*"]}}}',
    "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
    "lib/auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({ providers: [] })",
    "lib/guard.ts": """
        import { auth } from './auth'
        import { redirect } from 'next/navigation'
        export async function requireUser() {
          const session = await auth()
          if (!session?.user) redirect('/login')
          return session.user
        }
        export async function requireRole(...roles) {
          const user = await requireUser()
          if (!roles.includes(user.role)) redirect('/')
          return user
        }
    """,
    "app/home/page.tsx": """
        import { requireUser } from '@/lib/guard'
        export default async function Page() { await requireUser(); return <p>Hello</p> }
    """,
    "app/owner/promotions/list.tsx": """
        'use client'
        import { remove } from '@/app/actions'
        export const List = () => <button onClick={() => remove('1')}>Remove</button>
    """,
    "app/owner/promotions/page.tsx": """
        import { List } from './list'
        export default async function Page() { return <List /> }
    """,
}
ACTION = """
    'use server'
    import { prisma } from '@/lib/prisma'
    import { requireUser, requireRole } from '@/lib/guard'
    export async function remove(code: string) {
      const user = await requireUser()
      await prisma.promotion.deleteMany({ where: { shopId: user.shopId, code: String(code) } })
    }
"""


def found(files: Mapping[str, str], action: str = ACTION) -> list[Finding]:
    """What the rule says of `remove` in this application."""
    (facts,) = (f for name, f in run({**STACK, "app/actions.ts": action, **files}).items() if name == "remove")
    known = rule("missing-role-check")
    return list(known.check(facts)) if known is not None else []


def page(code: str) -> dict[str, str]:
    """The page of promotions, which asks before it shows them."""
    return {
        "app/owner/promotions/page.tsx": f"""
            import {{ List }} from './list'
            import {{ notFound, redirect }} from 'next/navigation'
            import {{ auth }} from '@/lib/auth'
            import {{ requireRole, requireUser }} from '@/lib/guard'
            export default async function Page() {{
              {code}
              return <List />
            }}
        """
    }


def layout(code: str) -> dict[str, str]:
    """A layout around the pages of owners, which asks before it shows them."""
    return {
        "app/owner/layout.tsx": f"""
            import {{ auth }} from '@/lib/auth'
            import {{ redirect }} from 'next/navigation'
            export default async function Layout({{ children }}) {{
              const session = await auth()
              {code}
              return <main>{{children}}</main>
            }}
        """
    }


OWNERS = layout("if (session?.user?.role !== 'OWNER') redirect('/')")
TOKEN = {
    "middleware.ts": """
        import { getToken } from 'next-auth/jwt'
        import { NextResponse } from 'next/server'
        export async function middleware(request) {
          const { pathname } = request.nextUrl
          const token = await getToken({ req: request })
          if (!token) return NextResponse.redirect(new URL('/login', request.url))
          if (pathname.startsWith('/owner') && token.role !== 'OWNER') {
            return NextResponse.redirect(new URL('/', request.url))
          }
          return NextResponse.next()
        }
    """
}
CLERK = {
    "proxy.ts": """
        import { clerkMiddleware, createRouteMatcher } from '@clerk/nextjs/server'
        const isOwners = createRouteMatcher(['/owner(.*)'])
        export default clerkMiddleware(async (auth, request) => {
          if (isOwners(request)) await auth.protect({ role: 'org:admin' })
        })
    """,
    "app/home/page.tsx": "export default function Page() { return <p>Hello</p> }",
    "lib/guard.ts": """
        import { auth } from '@clerk/nextjs/server'
        export async function requireUser() {
          const { userId, orgId } = await auth()
          if (!userId || !orgId) throw new Error('Sign in')
          return { shopId: orgId }
        }
    """,
}
BETTER_AUTH = {
    "lib/auth.ts": """
        import { betterAuth } from 'better-auth'
        import { admin } from 'better-auth/plugins'
        export const auth = betterAuth({ plugins: [admin()] })
    """,
    "lib/guard.ts": """
        import { headers } from 'next/headers'
        import { redirect } from 'next/navigation'
        import { auth } from './auth'
        export async function requireUser() {
          const session = await auth.api.getSession({ headers: await headers() })
          if (!session) redirect('/login')
          return session.user
        }
        export const requireRole = requireUser
    """,
    "app/owner/layout.tsx": """
        import { headers } from 'next/headers'
        import { redirect } from 'next/navigation'
        import { auth } from '@/lib/auth'
        export default async function Layout({ children }) {
          const permissions = { promotion: ['delete'] }
          const { success } = await auth.api.userHasPermission({ headers: await headers(), body: { permissions } })
          if (!success) redirect('/')
          return <main>{children}</main>
        }
    """,
}
WRAPPER = {
    "lib/only.tsx": """
        import { redirect } from 'next/navigation'
        import { auth } from './auth'
        export const onlyFor = (role, Component) => async (props) => {
          const session = await auth()
          if (session?.user?.role !== role) redirect('/')
          return <Component {...props} />
        }
    """,
    "app/owner/promotions/page.tsx": """
        import { onlyFor } from '@/lib/only'
        import { List } from './list'
        export default onlyFor('OWNER', function Page() { return <List /> })
    """,
}
ASKING: Mapping[str, tuple[Mapping[str, str], str]] = {
    "the layout redirects": (OWNERS, "asks for `OWNER` (`app/owner/layout.tsx:5`)"),
    "the page is not found for others": (
        page("const s = await auth()\nif (s?.user?.role !== 'admin') notFound()"),
        "asks for `admin` (`app/owner/promotions/page.tsx:7`)",
    ),
    "a helper in the page": (
        page("await requireRole('OWNER', 'MANAGER')"),
        "asks for `MANAGER` or `OWNER` (`app/owner/promotions/page.tsx:6`)",
    ),
    "a middleware on the page's path": (TOKEN, "asks for `OWNER` (`middleware.ts:7`)"),
    "a component around the page": (WRAPPER, "asks for `OWNER` (`lib/only.tsx:5`)"),
    "Clerk in front of the page": (CLERK, "asks for `org:admin` (`proxy.ts:4`)"),
    "a permission of Better Auth": (BETTER_AUTH, "asks for a role or permission (`app/owner/layout.tsx:6`)"),
    "a role that is refused": (
        layout("if (!session?.user || session.user.role === 'customer') redirect('/')"),
        "refuses `customer` (`app/owner/layout.tsx:5`)",
    ),
}


@pytest.mark.parametrize(("files", "says"), ASKING.values(), ids=ASKING)
def test_a_role_that_the_only_page_asks_for_and_the_action_does_not_is_missing(
    files: Mapping[str, str], says: str
) -> None:
    (finding,) = found(files)
    assert finding.message == (
        "`remove` deletes from `promotion` (`prisma.promotion.deleteMany`) for anybody with an account. "
        f"`/owner/promotions` {says}; the action, which can be called without the page, does not."
    )
    assert (finding.path, finding.line) == ("app/actions.ts", 6)


SILENT: Mapping[str, tuple[Mapping[str, str], str]] = {
    "the action asks itself": (OWNERS, ACTION.replace("await requireUser()", "await requireRole('OWNER')")),
    "another role is asked for": (OWNERS, ACTION.replace("await requireUser()", "await requireRole('MANAGER')")),
    "the caller's own record": (OWNERS, ACTION.replace("shopId: user.shopId", "userId: user.id")),
    "everybody has the role": (layout("if (session?.user?.role !== 'user') redirect('/')"), ACTION),
    "an account is enough for the page": (layout("if (!session?.user) redirect('/login')"), ACTION),
    "a state of the account": (layout("if (session?.user?.step !== 'done') redirect('/welcome')"), ACTION),
    "administrators are sent elsewhere": (
        layout("if (!session?.user || session.user.role === 'admin') redirect('/admin')"),
        ACTION,
    ),
    "another page uses it and asks for no role": (
        {
            **OWNERS,
            "app/home/page.tsx": """
                import { List } from '@/app/owner/promotions/list'
                import { requireUser } from '@/lib/guard'
                export default async function Page() { await requireUser(); return <List /> }
            """,
        },
        ACTION,
    ),
    "a part of the page alone is for a role": (
        page("const s = await auth()\nif (s?.user?.role === 'OWNER') return <main><List /></main>"),
        ACTION,
    ),
    "what comes before the action asks itself": (
        OWNERS,
        ACTION.replace(
            "await prisma.promotion",
            "await prisma.billing.create({ data: { shopId: user.shopId, code: String(code) } })\n"
            "      await requireRole('OWNER')\n      await prisma.promotion",
        ),
    ),
    "a note of what was done": (
        OWNERS,
        ACTION.replace(
            "await prisma.promotion.deleteMany({ where: { shopId: user.shopId, code: String(code) } })",
            "await prisma.auditLog.create({ data: { code: String(code) } })",
        ),
    ),
}


@pytest.mark.parametrize(("files", "action"), SILENT.values(), ids=SILENT)
def test_what_is_everybodys_or_asked_for_needs_no_role(files: Mapping[str, str], action: str) -> None:
    assert found(files, action) == []


READS = """
    'use server'
    import { prisma } from '@/lib/prisma'
    import { requireUser, requireRole } from '@/lib/guard'
    export async function remove(code: string) {
      const user = await requireUser()
      return prisma.promotion.findMany({ where: { shopId: user.shopId } })
    }
"""


def test_rows_that_only_pages_with_a_role_show_are_not_for_anybody() -> None:
    assert [each.line for each in found(OWNERS, READS)] == [6]


def test_rows_that_a_page_shows_without_a_role_are_for_anybody() -> None:
    shows = """
        import { requireUser } from '@/lib/guard'
        import { prisma } from '@/lib/prisma'
        export default async function Page() {
          const user = await requireUser()
          const found = await prisma.promotion.findMany({ where: { shopId: user.shopId } })
          return found.map((each) => <p>{each.title}</p>)
        }
    """
    assert found({**OWNERS, "app/home/page.tsx": shows}, READS) == []


OTHER = """
    export async function other() {
      const user = await requireUser()
      return prisma.promotion.findMany({ where: { shopId: user.shopId }%s })
    }
"""


def other_door(columns: str) -> dict[str, str]:
    """A page for everybody, with an action of its own that hands out rows."""
    return {
        **OWNERS,
        "app/home/page.tsx": """
            import { other } from '@/app/actions'
            import { requireUser } from '@/lib/guard'
            export default async function Page() { await requireUser(); return <Load load={other} /> }
        """,
        "app/actions.ts": READS + OTHER % columns,
    }


def test_rows_that_another_action_gives_everybody_are_for_anybody() -> None:
    assert found({}, READS + OTHER % "") == []
    files = other_door("")
    assert found(files, files["app/actions.ts"]) == []


def test_whole_rows_are_not_for_anybody_because_some_columns_are() -> None:
    files = other_door(", select: { title: true }")
    assert [each.line for each in found(files, files["app/actions.ts"])] == [6]


def test_a_route_that_uses_the_action_tells_nothing_of_roles() -> None:
    route = "import { remove } from '@/app/actions'\nexport async function POST() { await remove('1') }"
    assert found({**OWNERS, "app/api/hook/route.ts": route}) == []


def test_a_role_that_is_refused_on_every_page_keeps_nobody_from_one_of_them() -> None:
    refuses = "if (!session?.user || session.user.role === 'guest') redirect('/')"
    around = layout(refuses)["app/owner/layout.tsx"]
    assert found({"app/layout.tsx": around}) == []


def test_a_mode_of_the_deployment_opens_no_page() -> None:
    middleware = TOKEN["middleware.ts"].replace(
        "const { pathname }", "if (process.env.DEV === 'true') return NextResponse.next()\n const { pathname }"
    )
    (finding,) = found({"middleware.ts": middleware})
    assert "`/owner/promotions` asks for `OWNER`" in finding.message


def test_one_way_past_the_middleware_without_the_role_is_enough() -> None:
    middleware = TOKEN["middleware.ts"].replace(
        "const token =", "if (request.headers.get('x-preview')) return\n const token ="
    )
    assert found({"middleware.ts": middleware}) == []


def test_each_of_several_pages_may_ask_for_another_role() -> None:
    second = """
        import { List } from '@/app/owner/promotions/list'
        import { requireRole } from '@/lib/guard'
        export default async function Page() { await requireRole('ADMIN'); return <List /> }
    """
    (finding,) = found({**OWNERS, "app/staff/page.tsx": second})
    assert "`/owner/promotions` asks for `ADMIN` or `OWNER`" in finding.message
    assert "and so do all 2 pages that use it" in finding.message


def test_the_row_of_their_own_tenant_is_for_everybody_in_it() -> None:
    action = READS.replace("prisma.promotion.findMany({ where: { shopId: user.shopId } })", "SHOP").replace(
        "SHOP", "prisma.shop.findUnique({ where: { id: user.shopId } })"
    )
    assert found(OWNERS, action) == []


def test_a_role_that_the_caller_writes_is_reported_once() -> None:
    action = ACTION.replace(
        "await prisma.promotion.deleteMany({ where: { shopId: user.shopId, code: String(code) } })",
        "await prisma.user.create({ data: { shopId: user.shopId, email: 'a@b.example', role: code } })",
    )
    assert found(OWNERS, action) == []


def test_of_many_roles_three_are_named() -> None:
    asks = "if (!['OWNER', 'CHEF', 'WAITER', 'COOK', 'HOST'].includes(session?.user?.role)) redirect('/')"
    (finding,) = found(layout(asks.replace("role)", "role) && session?.user?.role !== 'ADMIN'")))
    assert "asks for `ADMIN` or `CHEF` or `COOK` or one of 3 more (" in finding.message


LISTS = {
    "what a form lets people choose": ("productCategory.findMany({ where: { shopId: user.shopId } })", []),
    "one of them, by an id": ("productCategory.findFirst({ where: { shopId: user.shopId, code } })", [6]),
    "what tells of people": ("application.findMany({ where: { shopId: user.shopId } })", [6]),
}


@pytest.mark.parametrize(("read", "lines"), LISTS.values(), ids=LISTS)
def test_rows_that_fill_the_lists_of_forms_are_for_anybody(read: str, lines: list[int]) -> None:
    action = READS.replace("promotion.findMany({ where: { shopId: user.shopId } })", read)
    assert [each.line for each in found(OWNERS, action)] == lines


def test_what_the_code_alone_decides_may_be_judged_by_the_database() -> None:
    supabase = """
        import { createServerClient } from '@supabase/ssr'
        import { cookies } from 'next/headers'
        export const client = async () =>
          createServerClient(process.env.NEXT_PUBLIC_SUPABASE_URL, process.env.NEXT_PUBLIC_SUPABASE_ANON_KEY, {
            cookies: await cookies(),
          })
    """
    action = ACTION.replace(
        "await prisma.promotion.deleteMany({ where: { shopId: user.shopId, code: String(code) } })",
        "await (await client()).rpc('end_old_promotions')",
    ).replace("'use server'", "'use server'\n    import { client } from '@/lib/supabase'")
    assert found({**OWNERS, "lib/supabase.ts": supabase}, action) == []


def test_rows_that_membership_was_asked_for_are_for_members() -> None:
    action = READS.replace(
        "return prisma.promotion.findMany({ where: { shopId: user.shopId } })",
        "const seat = await prisma.seat.findFirst({ where: { shopId: code, userId: user.id } })\n"
        "      if (!seat) return []\n"
        "      return prisma.promotion.findMany({ where: { shopId: code } })",
    )
    assert found(OWNERS, action) == []


def shown_by(returned: str, before: str = "") -> dict[str, str]:
    """The page of promotions, which any signed-in user gets, with a component around what it shows."""
    return {
        "app/owner/promotions/page.tsx": f"""
            import {{ List }} from './list'
            import {{ requireUser }} from '@/lib/guard'
            import {{ Permission, PermissionGuard, RoleGate, AdminOnly, Protect, Can, Card }} from '@/components'
            import {{ Loading }} from '@/components'
            export default async function Page() {{
              await requireUser()
              {before}
              return {returned}
            }}
        """
    }


@pytest.mark.parametrize(
    ("returned", "before", "asks"),
    [
        ('<PermissionGuard permission="manage_promotions"><List /></PermissionGuard>', "", "`manage_promotions`"),
        ("<PermissionGuard permission={Permission.EDIT} fallback={<p />}><List /></PermissionGuard>", "", "`EDIT`"),
        ("<RoleGate allowedRoles={['OWNER', 'ADMIN']}><Card><List /></Card></RoleGate>", "", "`ADMIN` or `OWNER`"),
        ('<main><h1>Promotions</h1><Protect role="org:admin"><List /></Protect></main>', "", "`org:admin`"),
        ("<AdminOnly><List /></AdminOnly>", "", "`admin`"),
        ('<Can I="manage" a="Promotion"><List /></Can>', "", "`Promotion` or `manage`"),
        (
            '<PermissionGuard permission="manage_promotions"><List /></PermissionGuard>',
            "if (!process.env.READY) return <Loading />",
            "`manage_promotions`",
        ),
    ],
)
def test_a_component_around_all_that_a_page_shows_asks_for_a_role(returned: str, before: str, asks: str) -> None:
    (finding,) = found(shown_by(returned, before))
    assert f"`/owner/promotions` asks for {asks} (`app/owner/promotions/page.tsx:" in finding.message


@pytest.mark.parametrize(
    ("returned", "before"),
    [
        ("<Card><List /></Card>", ""),
        ('<PermissionGuard role="user"><List /></PermissionGuard>', ""),
        ('<PermissionGuard title="Promotions"><List /></PermissionGuard>', ""),
        ('<main><PermissionGuard permission="edit"><Card><List /></Card></PermissionGuard><List /></main>', ""),
        ('<PermissionGuard permission="edit"><List /></PermissionGuard>', "if (1 < 2) return <Card><List /></Card>"),
    ],
)
def test_a_component_around_some_of_it_or_that_asks_for_nothing_does_not(returned: str, before: str) -> None:
    assert found(shown_by(returned, before)) == []


OF_A_TRADE = {
    "a doctor's hours": ("hours", "doctorId"),
    "a coach's programme": ("programme", "coach_id"),
    "a driver's route": ("route", "driverId"),
    "a tutor's lessons": ("lesson", "tutorId"),
    "a therapist's notes": ("casenote", "therapistId"),
}


@pytest.mark.parametrize(("table", "column"), OF_A_TRADE.values(), ids=list(OF_A_TRADE))
def test_what_somebody_keeps_of_their_own_trade_is_theirs(table: str, column: str) -> None:
    written = ACTION.replace("promotion", table).replace("shopId: user.shopId", f"{column}: user.{column}")
    assert found(OWNERS, written) == []
    assert found(OWNERS, written.replace(f": user.{column}", ": user.branchId").replace(column, "branchId")) != []


REFUSING = """
    'use server'
    import { prisma } from '@/lib/prisma'
    import { requireUser } from '@/lib/guard'
    async function requireWriter() {
      const user = await requireUser()
      if (user.role === 'VIEWER') throw new Error('Read only')
      return user
    }
    export async function remove(code: string) {
      const user = await GUARD()
      await prisma.promotion.deleteMany({ where: { shopId: user.shopId, code: String(code) } })
    }
"""


def test_an_action_that_refuses_whom_the_page_refuses_asks_for_enough() -> None:
    pages = layout("if (!session?.user || session.user.role === 'VIEWER') redirect('/')")
    assert found(pages, REFUSING.replace("GUARD", "requireWriter")) == []
    (finding,) = found(pages, REFUSING.replace("GUARD", "requireUser"))
    assert "refuses `VIEWER`" in finding.message


COMPARED = """
    'use server'
    import { prisma } from '@/lib/prisma'
    import { requireUser } from '@/lib/guard'
    export async function remove(id: string) {
      const user = await requireUser()
      const order = await prisma.order.findUnique({ where: { id } })
      if (order?.OWN !== user.OWNER) throw new Error('Not found')
      await prisma.order.delete({ where: { id } })
    }
"""


@pytest.mark.parametrize(
    ("column", "owner", "is_personal"),
    [("customerId", "id", True), ("placedBy", "id", True), ("companyId", "companyId", False)],
)
def test_what_was_compared_with_the_callers_own_id_needs_no_role(column: str, owner: str, *, is_personal: bool) -> None:
    action = COMPARED.replace("OWNER", owner).replace("OWN", column)
    reported = found(layout("if (session?.user?.role !== 'OWNER') redirect('/')"), action)
    assert (reported == []) is is_personal


READ = """
    'use server'
    import { prisma } from '@/lib/prisma'
    import { requireUser } from '@/lib/guard'
    export async function remove(patientId: string) {
      const user = await requireUser()
      CHECK
      return prisma.message.findMany({ where: { patientId } })
    }
"""


@pytest.mark.parametrize(
    ("check", "is_enough"),
    [
        (
            "const own = await prisma.patient.findFirst({ where: { id: patientId, clinicId: user.clinicId } })\n"
            "if (!own) throw new Error('Not found')",
            True,
        ),
        ("await prisma.patient.findFirst({ where: { id: patientId, clinicId: user.clinicId } })", False),
        ("", False),
    ],
)
def test_who_asks_whether_a_row_is_of_their_tenant_has_decided_who_reads_it(check: str, *, is_enough: bool) -> None:
    reported = found(layout("if (session?.user?.role !== 'OWNER') redirect('/')"), READ.replace("CHECK", check))
    assert (reported == []) is is_enough


SENT = """
    'use server'
    import {{ prisma }} from '@/lib/prisma'
    import {{ requireUser, requireRole }} from '@/lib/guard'
    export async function remove(code: string) {{
      const user = await requireUser()
      {code}
    }}
"""
BY_WHAT_WAS_SENT = (
    "await prisma.seat.deleteMany({ where: { inviteToken: String(code), email: null } })",
    "const seat = await prisma.seat.findUnique({ where: { token: String(code) } })\n"
    "      if (!seat) return\n      await prisma.seat.delete({ where: { id: seat.id } })",
    "await prisma.seat.update({ where: { joinCode: String(code) }, data: { open: false } })",
    "await prisma.seat.updateMany({ where: { invitation_code: String(code) }, data: { seen: true } })",
    "await prisma.seat.updateMany({ where: { access_token: String(code) }, data: { seen: true } })",
)


@pytest.mark.parametrize("code", BY_WHAT_WAS_SENT)
def test_who_was_sent_the_key_to_a_row_needs_no_role(code: str) -> None:
    assert found(OWNERS, SENT.format(code=code)) == []


@pytest.mark.parametrize("column", ["id", "key", "code", "email", "slug"])
def test_what_anybody_can_name_is_no_key_that_was_sent(column: str) -> None:
    code = f"await prisma.seat.updateMany({{ where: {{ {column}: String(code) }}, data: {{ open: false }} }})"
    assert found(OWNERS, SENT.format(code=code)) != []


MODEL = "model User {{\n id String @id\n role {kind}\n}}\nenum Role {{\n OWNER\n STAFF // of the shop\n}}\n"
TABLE = """
    import {{ pgEnum, pgTable, text }} from 'drizzle-orm/pg-core'
    export const role = pgEnum('role', ['OWNER', 'STAFF'])
    export const users = pgTable('users', {{ id: text('id').primaryKey(), role: {kind} }})
"""
BOTH = page("await requireRole('OWNER', 'STAFF')")
EACH_ROLE = {
    "an enumeration of Prisma's": {"prisma/schema.prisma": MODEL.format(kind="Role @default(STAFF)")},
    "an enumeration of Drizzle's": {"lib/schema.ts": TABLE.format(kind="role('role').notNull()")},
    "a column that lists its words": {
        "lib/schema.ts": TABLE.format(kind="text('role', { enum: ['OWNER', 'STAFF'] }).notNull()")
    },
}
OTHERS_BESIDES = {
    "who has none at all": {"prisma/schema.prisma": MODEL.format(kind="Role?")},
    "who has none, in Drizzle": {"lib/schema.ts": TABLE.format(kind="role('role')")},
    "one that the page does not name": {
        "prisma/schema.prisma": MODEL.format(kind="Role").replace(" STAFF", " STAFF\n GARDENER\n")
    },
    "any text": {"prisma/schema.prisma": MODEL.format(kind="String")},
    "words for something else": {"prisma/schema.prisma": MODEL.format(kind="String\n badge Role")},
}


@pytest.mark.parametrize("schema", EACH_ROLE.values(), ids=list(EACH_ROLE))
def test_a_page_that_names_each_role_there_is_asks_for_none(schema: Mapping[str, str]) -> None:
    assert found(BOTH | dict(schema)) == []
    assert len(found(page("await requireRole('OWNER')") | dict(schema))) == 1


@pytest.mark.parametrize("schema", OTHERS_BESIDES.values(), ids=list(OTHERS_BESIDES))
def test_a_page_that_keeps_out_somebody_besides_asks_for_a_role(schema: Mapping[str, str]) -> None:
    assert len(found(BOTH | dict(schema))) == 1


def page_for(otherwise: str, test: str = "session.user.role !== 'OWNER'") -> dict[str, str]:
    """The page of promotions, which shows something else to some."""
    return page(f"const session = await auth(); if (!session?.user) redirect('/'); if ({test}) return {otherwise}")


NOTHING_FOR_THEM = {
    "words": page_for("<p>Not for you</p>"),
    "words in a card, with a way back": page_for("<Card><CardTitle>No</CardTitle><Link href='/'>Home</Link></Card>"),
    "a component that is called after it": page_for("<main><AccessDenied role='OWNER' /></main>"),
    "an empty frame": page_for("<><ShieldAlertIcon /> No access</>"),
}
SOMETHING_FOR_THEM = {
    "a view of their own": page_for("<StaffPromotions />"),
    "a form": page_for("<form><p>Ask for access</p></form>"),
    "a list that is written out": page_for("<ul><li>One</li></ul>"),
    "words where there is nothing, whoever comes": page_for("<p>None yet</p>", "!session.user.shopId"),
    "the same list, inside a card": page_for("<Card><List /></Card>"),
}


@pytest.mark.parametrize("files", NOTHING_FOR_THEM.values(), ids=list(NOTHING_FOR_THEM))
def test_a_page_that_has_words_alone_for_those_without_a_role_asks_for_it(files: Mapping[str, str]) -> None:
    assert len(found(files)) == 1


@pytest.mark.parametrize("files", SOMETHING_FOR_THEM.values(), ids=list(SOMETHING_FOR_THEM))
def test_a_page_that_shows_something_to_everybody_asks_for_none(files: Mapping[str, str]) -> None:
    assert found(files) == []


FORM_SCHEMA = """
    model Form {
      id          String       @id
      title       String
      submissions Submission[]
    }
    model Submission {
      id      String @id
      formId  String
      form    Form   @relation(fields: [formId], references: [id])
      answers Json
    }
"""
FORMS = {
    "prisma/schema.prisma": FORM_SCHEMA,
    "app/forms/[id]/page.tsx": """
        import { prisma } from '@/lib/prisma'
        import { requireUser } from '@/lib/guard'
        export default async function Page({ params }) {
          await requireUser()
          const form = await prisma.form.findUnique({ where: { id: (await params).id } })
          return <h1>{form?.title}</h1>
        }
    """,
    "app/owner/promotions/page.tsx": """
        import { requireRole } from '@/lib/guard'
        import { List } from './list'
        export default async function Page() { await requireRole('OWNER'); return <List /> }
    """,
}
ANSWERS = "const form = await prisma.form.findUnique({ where: { id: code }, include: { submissions: true } })"


def of_a_form(body: str, files: Mapping[str, str] | None = None) -> int:
    """How often the rule reports `remove`, which reads a form so that all see, on a page for owners."""
    head = ACTION.partition("export async function")[0]
    code = f"{head}\nexport async function remove(code: string) {{ await requireUser()\n{body} }}"
    return len(found({**FORMS, **(files or {})}, code))


@pytest.mark.parametrize(
    "answer",
    [
        "return form?.submissions",
        "return { ok: true, submissions: form.submissions }",
        "return form.submissions.map((each) => ({ id: each.id, answers: each.answers }))",
        "return form.submissions.filter((each) => each.answers)",
        "return JSON.parse(JSON.stringify(form.submissions))",
    ],
)
def test_rows_that_are_brought_along_are_not_shown_by_who_shows_the_row(answer: str) -> None:
    assert of_a_form(f"{ANSWERS}\n{answer}") == 1


def test_rows_of_which_all_is_shown_elsewhere_need_no_role() -> None:
    assert of_a_form("return prisma.form.findUnique({ where: { id: code } })") == 0
    assert of_a_form(f"{ANSWERS}\nreturn {{ title: form.title, submissions: form.submissions }}") == 0


@pytest.mark.parametrize(
    "read",
    [
        "prisma.form.findUnique({ where: { id: (await params).id }, include: { submissions: true } })",
        "prisma.submission.findMany({ where: { formId: (await params).id } })",
    ],
)
def test_rows_that_a_page_for_all_shows_by_themselves_or_along_need_no_role(read: str) -> None:
    page = f"""
        import {{ prisma }} from '@/lib/prisma'
        import {{ requireUser }} from '@/lib/guard'
        export default async function Page({{ params }}) {{
          await requireUser()
          const shown = await {read}
          return <ul>{{JSON.stringify(shown)}}</ul>
        }}
    """
    assert of_a_form(f"{ANSWERS}\nreturn form?.submissions", {"app/answers/[id]/page.tsx": page}) == 0


NOTED = """
    'use server'
    import { prisma } from '@/lib/prisma'
    import { requireUser } from '@/lib/guard'
    export async function remove(code: string) {
      const user = await requireUser()
      await prisma.promotion.create({ data: { code: String(code), DATA } })
    }
"""


@pytest.mark.parametrize("data", ["createdById: user.id", "authorId: user.id", "owner: { connect: { id: user.id } }"])
def test_what_is_made_behind_pages_for_a_role_needs_it_whoever_is_noted_in_it(data: str) -> None:
    pages = layout("if (session?.user?.role !== 'ADMIN') redirect('/')")
    (finding,) = found(pages, NOTED.replace("DATA", data))
    assert (finding.rule, "asks for `ADMIN`" in finding.message) == ("missing-role-check", True)
    assert found(layout("if (!session?.user) redirect('/')"), NOTED.replace("DATA", data)) == []
