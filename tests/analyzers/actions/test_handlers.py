"""Handlers of requests (`route.ts`): which functions they are, what they are given, and what keeps anybody out."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from preship.analyzers.analysis import Analysis, FileChange, JudgedAction, Policy, Scope, review, scan
from preship.analyzers.examples import STACK
from preship.analyzers.project.memory import MemoryFiles
from tests.analyzers.running import files_of

ROUTE = "app/api/posts/[id]/route.ts"
APP = {
    **STACK,
    "package.json": '{"dependencies": {"next": "16.2.0", "next-auth": "5.0.0", "@prisma/client": "6.0.0"}}',
    "tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./*"]}}}',
}
DELETES = """
    import { NextResponse } from 'next/server'
    import { prisma } from '@/lib/prisma'
    export async function DELETE(request, { params }) {
      const { id } = await params
      await prisma.post.delete({ where: { id } })
      return NextResponse.json({ ok: true })
    }
"""


def scanned(files: Mapping[str, str], policy: Policy | None = None) -> Analysis:
    """What a scan says of these files, and of those that every application here has."""
    return scan(MemoryFiles(files_of({**APP, **files})), policy or Policy())


def handlers(files: Mapping[str, str]) -> dict[str | None, JudgedAction]:
    """The handlers of these files, by method and address."""
    return {each.name_in_code: each for each in scanned(files).actions if each.address}


def told(files: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is said of the handlers of these files: rule and confidence."""
    return [(f.rule, str(f.confidence)) for each in handlers(files).values() for f in each.findings]


def rules(code: str, more: Mapping[str, str] | None = None) -> set[str]:
    """The rules that report the route, which are sure of it."""
    return {rule for rule, confidence in told({ROUTE: code, **(more or {})}) if confidence != "low"}


@pytest.mark.parametrize(
    "code",
    [
        "export async function GET() { return new Response('') }",
        "export function GET() { return new Response('') }",
        "export const GET = async () => new Response('')",
        "export const GET = wrap(async () => new Response(''))",
        "const handler = async () => new Response('')\nexport { handler as GET }",
        "export { GET } from '@/lib/handlers'",
        "export { load as GET } from '@/lib/handlers'",
        "export * from '@/lib/handlers'",
        "import { handlers } from '@/lib/auth'\nexport const { GET } = handlers",
        "export const GET = async () => new Response(''), dynamic = 'force-dynamic'\nexport const helper = () => 1",
    ],
)
def test_whatever_is_exported_under_a_method_is_a_handler(code: str) -> None:
    lib = {"lib/handlers.ts": "export const GET = async () => new Response('')\nexport { GET as load }"}
    assert list(handlers({ROUTE: code, **lib})) == ["GET /api/posts/[id]"]


def test_one_function_under_two_methods_is_two_handlers() -> None:
    code = "const handler = async () => new Response('')\nexport { handler as GET, handler as POST }"
    assert sorted(map(str, handlers({ROUTE: code}))) == ["GET /api/posts/[id]", "POST /api/posts/[id]"]


def test_groups_are_no_part_of_an_address_and_other_exports_no_handlers() -> None:
    code = "export const GET = async () => new Response('')\nexport const revalidate = 60"
    assert list(handlers({"src/app/(site)/feed.xml/route.ts": code, "pages/api/old.ts": code})) == ["GET /feed.xml"]


def test_a_delete_that_nobody_guards_is_reported() -> None:
    [found] = [f for each in handlers({ROUTE: DELETES}).values() for f in each.findings if f.persona == "regular"]
    assert (found.rule, found.severity, found.line) == ("missing-authentication", "critical", 5)
    assert found.message == (
        "the route handler `DELETE /api/posts/[id]` deletes from `post` (`prisma.post.delete`), and nothing on the way "
        "asks who is calling."
    )


GUARDED = """
    import {{ NextResponse }} from 'next/server'
    import {{ auth }} from '@/lib/auth'
    import {{ prisma }} from '@/lib/prisma'
    {helper}
    export async function POST(request, {{ params }}) {{
      {guard}
      const {{ text }} = await request.json()
      await prisma.note.create({{ data: {{ text: String(text) }} }})
      return NextResponse.json({{ ok: true }})
    }}
"""
REQUIRE = """async function requireUser() {
      const session = await auth()
      if (!session?.user) return NextResponse.json({ error: 'Unauthorized' }, { status: 401 })
      return session.user
    }"""


@pytest.mark.parametrize(
    ("guard", "helper"),
    [
        ("const session = await auth(); if (!session) return new Response('no', { status: 401 })", ""),
        ("if (!(await auth())?.user) return NextResponse.json({ error: 'no' }, { status: 403 })", ""),
        ("if (!(await auth())) return Response.redirect(new URL('/login', request.url))", ""),
        ("const user = await requireUser(); if (user instanceof NextResponse) return user", REQUIRE),
        ("const user = await requireUser(); if (user instanceof Response) return user", REQUIRE),
        (
            "if (request.headers.get('authorization') !== `Bearer ${process.env.CRON_SECRET}`) "
            "return new Response('no', { status: 401 })",
            "",
        ),
    ],
)
def test_an_answer_that_refuses_ends_the_path(guard: str, helper: str) -> None:
    assert rules(GUARDED.format(guard=guard, helper=helper)) == set()


def test_an_answer_that_is_made_and_not_returned_stops_nobody() -> None:
    guard = "if (!(await auth())) NextResponse.json({ error: 'no' }, { status: 401 })"
    assert "unenforced-session" in rules(GUARDED.format(guard=guard, helper=""))


def test_a_secret_with_a_text_in_its_place_is_no_sure_fault() -> None:
    guard = (
        "const expected = process.env.CRON_SECRET || 'dev'; "
        "if (request.nextUrl.searchParams.get('secret') !== expected) return new Response('no', { status: 401 })"
    )
    files = {ROUTE: GUARDED.format(guard=guard, helper="")}
    assert told(files) == [("unenforced-session", "low")]
    assert rules(files[ROUTE]) == set()


WEBHOOK = """
    import Stripe from 'stripe'
    import { prisma } from '@/lib/prisma'
    const stripe = new Stripe(process.env.STRIPE_SECRET_KEY)
    export async function POST(request) {
      const body = await request.text()
      let event
      try {
        const signature = request.headers.get('stripe-signature')
        event = stripe.webhooks.constructEvent(body, signature, process.env.WEBHOOK_SECRET)
      } catch {
        return new Response('bad signature', { status: 400 })
      }
      await prisma.order.update({ where: { id: event.data.object.metadata.orderId }, data: { status: 'paid' } })
      return new Response('ok')
    }
"""


def test_a_webhook_whose_signature_is_verified_knows_its_caller() -> None:
    assert rules(WEBHOOK) == set()


def test_a_webhook_that_believes_what_it_is_sent_is_open() -> None:
    assert rules(WEBHOOK.replace("stripe.webhooks.constructEvent(body, signature,", "JSON.parse(body,")) == {
        "missing-authentication",
        "unvalidated-input",
    }


MIDDLEWARE = """
    import { NextResponse } from 'next/server'
    import { getToken } from 'next-auth/jwt'
    export async function middleware(request) {
      if (request.nextUrl.pathname.startsWith('/api/posts')) {
        const token = await getToken({ req: request })
        if (!token) return NextResponse.json({ error: 'no' }, { status: 401 })
      }
      return NextResponse.next()
    }
    export const config = { matcher: ['/api/:path*'] }
"""
CREATES = DELETES.replace("DELETE", "POST").replace("post.delete({ where: { id } })", "note.create({ data: { id } })")


@pytest.mark.parametrize(
    ("middleware", "is_guarded"),
    [
        (MIDDLEWARE, True),
        (MIDDLEWARE.replace("'/api/:path*'", "'/((?!_next|favicon.ico).*)'"), True),
        (MIDDLEWARE.replace("'/api/:path*'", "'/((?!api|_next).*)'"), False),
        (MIDDLEWARE.replace("'/api/posts'", "'/admin'"), False),
        (MIDDLEWARE.replace("if (!token) return", "if (!token)"), False),
        (MIDDLEWARE.replace("startsWith('/api/posts')", "startsWith('/api/posts') && request.method === 'GET'"), False),
        (MIDDLEWARE.replace("startsWith('/api/posts')", "startsWith('/api/posts') && request.method === 'POST'"), True),
        (MIDDLEWARE.replace("await getToken({ req: request })", "request.cookies.get('session')"), False),
    ],
    ids=["asks", "all", "left-out", "elsewhere", "unenforced", "other-method", "this-method", "any-cookie"],
)
def test_code_in_front_guards_the_paths_on_which_it_refuses(middleware: str, is_guarded: bool) -> None:
    assert ("missing-authentication" not in rules(CREATES, {"middleware.ts": middleware})) is is_guarded


def test_code_in_front_that_cannot_be_read_leaves_the_answer_open() -> None:
    middleware = "import { gate } from '@acme/gate'\nexport default gate({ paths: ['/api'] })"
    [found] = handlers({ROUTE: CREATES, "middleware.ts": middleware}).values()
    assert str(found.checklist[0].answer) == "unseen"
    assert not [f for f in found.findings if f.rule == "missing-authentication"]


def test_an_id_of_the_path_is_the_callers_to_choose() -> None:
    code = DELETES.replace(
        "const { id }", "if (!(await auth())) return new Response('', { status: 401 })\nconst { id }"
    )
    assert rules("import { auth } from '@/lib/auth'\n" + code.replace("\n    ", "\n")) == {"missing-ownership-check"}


def test_a_handler_behind_a_wrapper_is_followed() -> None:
    lib = {
        "lib/with-user.ts": """
            import { auth } from './auth'
            export const withUser = (handler) => async (request, context) => {
              const session = await auth()
              if (!session?.user) return new Response('no', { status: 401 })
              return handler(request, { ...context, user: session.user })
            }
        """
    }
    code = """
        import { prisma } from '@/lib/prisma'
        import { withUser } from '@/lib/with-user'
        export const GET = withUser(async (request, { params, user }) =>
          Response.json(await prisma.note.findMany({ where: { userId: user.id }, select: { text: true } })))
    """
    assert rules(code, lib) == set()


def test_a_list_for_everybody_is_none_of_the_rows_that_are_somebodys() -> None:
    schema = """
        model User {
          id    String @id
          notes Note[]
        }
        model Note {
          id     String @id
          userId String
          user   User   @relation(fields: [userId], references: [id])
        }
        model City {
          id   String @id
          name String
        }
    """
    guarded = GUARDED.format(guard="if (!(await auth())) return new Response('no', { status: 401 })", helper="")
    beside = {f"app/api/{name}/route.ts": guarded for name in ("a", "b", "c")}
    lists = """
        import {{ prisma }} from '@/lib/prisma'
        export const GET = async () => Response.json(await prisma.{}.findMany())
    """
    more = {"prisma/schema.prisma": schema, **beside}
    assert "missing-authentication" in rules(lists.format("note"), more)
    assert "missing-authentication" not in rules(lists.format("city"), more)


def test_a_directive_is_no_matter_of_handlers() -> None:
    assert not {rule for rule, _ in told({ROUTE: DELETES})} & {"accidental-endpoint", "missing-server-only"}


def test_handlers_say_nothing_of_what_is_usual_among_actions() -> None:
    actions = {
        "app/actions.ts": """
            'use server'
            import { prisma } from '@/lib/prisma'
            export async function rates() { return prisma.rate.findMany() }
        """
    }
    guarded = GUARDED.format(guard="if (!(await auth())) return new Response('no', { status: 401 })", helper="")
    beside = {f"app/api/{name}/route.ts": guarded for name in ("a", "b", "c")}
    alone = scanned(actions, Policy(scope=Scope.ACTIONS)).actions
    assert [each for each in scanned({**actions, **beside}).actions if not each.address] == list(alone)


def reviewed(policy: Policy) -> list[str | None]:
    """What a review judges of a change that takes the check out of a route."""
    base = files_of({**APP, ROUTE: GUARDED.format(guard="if (!(await auth())) return new Response('')", helper="")})
    head = files_of({**APP, ROUTE: DELETES})
    change = FileChange(ROUTE, None, frozenset(range(1, 9)), frozenset(range(1, 12)))
    return [each.name_in_code for each in review(MemoryFiles(base), MemoryFiles(head), [change], policy).actions]


def test_a_review_judges_handlers_where_the_configuration_says_so() -> None:
    assert reviewed(Policy(scope=Scope.BOTH)) == ["DELETE /api/posts/[id]"]
    assert reviewed(Policy()) == reviewed(Policy(scope=Scope.ACTIONS)) == []


@pytest.mark.parametrize("more", [{}, {"middleware.ts": MIDDLEWARE}], ids=["alone", "behind-a-middleware"])
@pytest.mark.parametrize(
    "test",
    [
        "request.headers.get('authorization') !== `Bearer ${process.env.CRON_SECRET}`",
        "request.headers.get('x-api-key') !== (process.env.API_KEY || 'dev')",
        "!timingSafeEqual(Buffer.from(request.headers.get('x-key')), Buffer.from(process.env.API_KEY))",
    ],
    ids=["bearer", "stand-in", "timing-safe"],
)
def test_who_knows_a_secret_of_the_servers_acts_for_whomever_it_names(test: str, more: Mapping[str, str]) -> None:
    code = f"""
        import {{ timingSafeEqual }} from 'crypto'
        import {{ prisma }} from '@/lib/prisma'
        export async function POST(request) {{
          if ({test}) return new Response('no', {{ status: 401 }})
          const {{ id, userId }} = await request.json()
          await prisma.note.delete({{ where: {{ id: String(id) }} }})
          await prisma.note.create({{ data: {{ userId: String(userId), text: 'hello' }} }})
          return Response.json({{ ok: true }})
        }}
    """
    assert rules(code, more) == set()


def test_who_sends_a_signature_is_no_program() -> None:
    """Everybody has a cookie that was signed for them; what a webhook has signed is its own."""
    signed = """
        import {{ createHmac, timingSafeEqual }} from 'crypto'
        import {{ cookies }} from 'next/headers'
        import {{ prisma }} from '@/lib/prisma'
        const of = (text) => createHmac('sha256', process.env.SECRET).update(text).digest('hex')
        export async function POST(request) {{
          {}
          await prisma.note.delete({{ where: {{ id: String(id) }} }})
          return Response.json({{ ok: true }})
        }}
    """
    by_cookie = """
        const [user, signature] = (await cookies()).get('session').value.split('.')
        if (!timingSafeEqual(Buffer.from(signature), Buffer.from(of(user)))) return new Response('no', { status: 401 })
        const { id } = await request.json()
    """
    by_webhook = """
        const text = await request.text()
        const signature = request.headers.get('x-signature')
        if (!timingSafeEqual(Buffer.from(signature), Buffer.from(of(text)))) return new Response('no', { status: 401 })
        const { id } = JSON.parse(text)
    """
    assert rules(signed.format(by_cookie)) == {"missing-ownership-check"}
    assert rules(signed.format(by_webhook)) == set()


def test_who_is_named_beside_the_path_stands_where_the_caller_should() -> None:
    guarded = GUARDED.format(guard="if (!(await auth())) return new Response('no', { status: 401 })", helper="")
    beside = {f"app/api/{name}/route.ts": guarded for name in ("a", "b", "c")}
    lists = """
        import {{ prisma }} from '@/lib/prisma'
        export const GET = async (request, {{ params }}) => {{
          const userId = {}
          return Response.json(await prisma.badge.findMany({{ where: {{ userId }}, select: {{ title: true }} }}))
        }}
    """
    asked = "new URL(request.url).searchParams.get('userId')"
    assert rules(lists.format(asked), beside) == {"missing-authentication"}
    assert rules(lists.format("request.nextUrl.searchParams.get('userId')"), beside) == {"missing-authentication"}
    assert rules(lists.format("(await params).id"), beside) == set()


@pytest.mark.parametrize(
    "code",
    [
        """
        import { readFile } from 'fs/promises'
        import path from 'path'
        export async function GET(request, { params }) {
          const { id } = await params
          return new Response(await readFile(path.join(process.cwd(), 'uploads', path.basename(id))))
        }
        """,
        """
        export async function GET() {
          const headers = { Authorization: `Bearer ${process.env.GITHUB_TOKEN}` }
          const answer = await fetch('https://api.github.com/users/acme/repos', { headers })
          return Response.json(await answer.json())
        }
        """,
    ],
    ids=["a file", "the same question"],
)
def test_what_a_handler_shows_to_everybody_is_no_sure_fault(code: str) -> None:
    assert told({ROUTE: code}) == [("missing-authentication", "low")]


@pytest.mark.parametrize(
    "code",
    [
        """
        import { unlink } from 'fs/promises'
        import path from 'path'
        export async function GET(request, { params }) {
          const { id } = await params
          await unlink(path.join(process.cwd(), 'uploads', path.basename(id)))
          return new Response('ok')
        }
        """,
        """
        export async function GET(request, { params }) {
          const { id } = await params
          const headers = { Authorization: `Bearer ${process.env.SHOP_TOKEN}` }
          const answer = await fetch(`https://api.shop.example/payments/${encodeURIComponent(id)}`, { headers })
          return Response.json(await answer.json())
        }
        """,
        """
        export async function GET() {
          const headers = { Authorization: `Bearer ${process.env.SHOP_TOKEN}` }
          await fetch('https://api.shop.example/orders', { method: 'DELETE', headers })
          return new Response('ok')
        }
        """,
    ],
    ids=["a file is gone", "a question of the caller's", "no question"],
)
def test_what_the_caller_chooses_or_a_handler_changes_is_one(code: str) -> None:
    assert "missing-authentication" in rules(code)


STAFF = """
    model Admin {
      id       String @id
      password String
    }
    model Message {
      id     String  @id
      isRead Boolean
      {column}
    }
"""


@pytest.mark.parametrize(("column", "is_told"), [("", False), ("userId String", True), ("createdBy String", True)])
def test_rows_that_name_nobody_are_shared_by_a_staff_that_nobody_joins(column: str, *, is_told: bool) -> None:
    code = """
        import { cookies } from 'next/headers'
        import { jwtVerify } from 'jose'
        import { prisma } from '@/lib/prisma'
        export async function PATCH(request, { params }) {
          const token = (await cookies()).get('staff')?.value
          if (!token) return new Response('no', { status: 401 })
          await jwtVerify(token, new TextEncoder().encode(process.env.JWT_SECRET))
          const { id } = await params
          await prisma.message.update({ where: { id }, data: { isRead: true } })
          return new Response('ok')
        }
    """
    files = {ROUTE: code, "prisma/schema.prisma": STAFF.replace("{column}", column), "lib/auth.ts": ""}
    found = [f for each in handlers(files).values() for f in each.findings if f.rule == "missing-ownership-check"]
    assert [str(f.persona) for f in found] == ["regular" if is_told else "pedantic"]


def test_a_header_that_goes_back_to_its_sender_is_believed_by_nobody() -> None:
    """What a Server Action answers may be read by code of the server; a handler's answer goes to who asked."""
    back = """
        export async function GET(request) {
          const viewer = request.headers.get('x-user-id')
          return Response.json({ viewer, seen: Boolean(viewer) })
        }
    """
    believed = """
        import { prisma } from '@/lib/prisma'
        export async function GET(request) {
          const userId = request.headers.get('x-user-id')
          if (!userId) return new Response('no', { status: 401 })
          return Response.json(await prisma.note.findMany({ where: { userId } }))
        }
    """
    assert rules(back) & {"unverified-session"} == set()
    assert rules(believed) & {"unverified-session"} == {"unverified-session"}


def test_values_kept_under_keys_are_no_records_of_one_kind() -> None:
    """Handlers for administrators clear the store; that everybody's answers are kept in it says nothing of them."""
    kept = """
        import {{ Redis }} from '@upstash/redis'
        import {{ auth }} from '@/lib/auth'
        import {{ prisma }} from '@/lib/prisma'
        const redis = Redis.fromEnv()
        export async function POST() {{
          const session = await auth()
          if ({refused}) return new Response('no', {{ status: 401 }})
          {change}
          return new Response('ok')
        }}
    """
    admin, anybody = "session?.user?.role !== 'ADMIN'", "!session?.user"
    paths = [f"app/api/{name}/route.ts" for name in "abc"]
    put = "await redis.set('limits', JSON.stringify(await prisma.limit.findMany()))"
    beside = dict.fromkeys(paths, kept.format(refused=admin, change="await redis.set('a', '')"))
    assert "missing-role-check" not in rules(kept.format(refused=anybody, change=put), beside)
    change = "await prisma.limit.updateMany({ data: { most: 2 } })"
    beside = dict.fromkeys(paths, kept.format(refused=admin, change=change))
    assert "missing-role-check" in rules(kept.format(refused=anybody, change=change), beside)
