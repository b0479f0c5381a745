"""Who is meant to call an action: what the pages that use it tell, and what keeps anonymous callers from these."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from preship.analyzers.actions.audience import Audience, Meant
from preship.analyzers.actions.protection import Guard
from tests.analyzers.running import run

APP = {
    "lib/auth.ts": """
        import NextAuth from 'next-auth'
        export const { auth } = NextAuth({ providers: [] })
    """,
    "lib/prisma.ts": """
        import { PrismaClient } from '@prisma/client'
        export const prisma = new PrismaClient()
    """,
    "app/actions.ts": """
        'use server'
        import { prisma } from '../lib/prisma'
        export async function save(id: string, title: string) {
          await prisma.post.update({ where: { id }, data: { title } })
        }
    """,
    "app/form.tsx": """
        'use client'
        import { save } from './actions'
        export const Form = () => <button onClick={() => save('1', 'a')}>Save</button>
    """,
}
SHOWS = "import { Form } from '@/app/form'\nexport default function Page() { return <Form /> }"
EMPTY = "export default function Page() { return <p>Hello</p> }"
ASKS = """
    import { auth } from '@/lib/auth'
    import { redirect } from 'next/navigation'
    export default async function Layout({ children }) {
      const session = await auth()
      if (!session) redirect('/login')
      return <main>{children}</main>
    }
"""
PATHS = {"tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./*"]}}}'}


def audience(files: Mapping[str, str]) -> Audience:
    """For whom `save` is there in this application."""
    return run({**APP, **PATHS, **files})["save"].audience()


def in_front(middleware: str, page: str = "app/notes/page.tsx") -> Audience:
    """For whom it is there where one page uses it, behind this middleware."""
    return audience({page: SHOWS, "app/page.tsx": EMPTY, "middleware.ts": middleware})


def test_the_layout_around_the_only_page_tells_that_it_is_for_members() -> None:
    found = audience({"app/(in)/layout.tsx": ASKS, "app/(in)/notes/page.tsx": SHOWS})
    assert found.meant is Meant.MEMBERS
    assert found.gate is not None
    assert (found.gate.guard, found.gate.at.path, found.gate.at.line) == (Guard.LAYOUT, "app/(in)/layout.tsx", 5)
    assert found.page is not None
    assert found.page.address == "/notes"


def test_one_open_page_is_enough_for_anybody() -> None:
    found = audience({"app/(in)/layout.tsx": ASKS, "app/(in)/notes/page.tsx": SHOWS, "app/about/page.tsx": SHOWS})
    assert found.meant is Meant.ANYBODY
    assert found.page is not None
    assert found.page.address == "/about"


def test_an_open_page_tells_nothing_where_the_application_protects_none() -> None:
    assert audience({"app/notes/page.tsx": SHOWS}).meant is Meant.UNKNOWN


def test_a_layout_is_seen_with_the_pages_beneath_it() -> None:
    nav = "import { Form } from '@/app/form'\nexport default ({ children }) => <div><Form />{children}</div>"
    guarded = {"app/in/nav/layout.tsx": nav, "app/in/nav/a/page.tsx": ASKS}
    assert audience({**guarded, "app/in/layout.tsx": ASKS}).meant is Meant.MEMBERS
    assert audience({**guarded, "app/in/nav/b/page.tsx": EMPTY}).meant is Meant.ANYBODY


def test_a_page_is_no_user_for_what_else_its_file_exports() -> None:
    other = "import { save } from './actions'\nexport const words = 'a'\nexport const run = () => save('1', 'a')"
    page = "import { words } from './other'\nexport default function Page() { return <p>{words}</p> }"
    found = audience({"app/form.tsx": "export {}", "app/other.ts": other, "app/page.tsx": page})
    assert found.meant is Meant.NOBODY


def test_what_only_routes_call_is_for_code_of_the_server() -> None:
    route = "import { save } from '../../actions'\nexport async function POST() { await save('1', 'a') }"
    files = {"app/form.tsx": "export {}", "app/api/hook/route.ts": route}
    assert audience(files).meant is Meant.SERVER_CODE


def test_tests_are_no_users() -> None:
    files = {"app/form.tsx": "export {}", "app/actions.test.ts": "import { save } from './actions'\nsave('1', 'a')"}
    assert audience(files).meant is Meant.NOBODY


CLERK = """
    import { clerkMiddleware, createRouteMatcher } from '@clerk/nextjs/server'
    const isPublic = createRouteMatcher(['/', '/sign-in(.*)'%s])
    export default clerkMiddleware(async (auth, request) => {
      if (!isPublic(request)) await auth.protect()
    })
    export const config = { matcher: ['/((?!.*\\\\..*|_next).*)', '/', '/(api|trpc)(.*)'] }
"""
COOKIE = """
    import { NextResponse } from 'next/server'
    const closed = ['/notes', '/settings']
    export function middleware(request) {
      const { pathname } = request.nextUrl
      if (closed.some((path) => pathname.startsWith(path)) && !request.cookies.get('sid')) {
        return NextResponse.redirect(new URL('/login', request.url))
      }
      return NextResponse.next()
    }
"""
SUPABASE = """
    import { createServerClient } from '@supabase/ssr'
    import { NextResponse } from 'next/server'
    export async function middleware(request) {
      let response = NextResponse.next({ request })
      const supabase = createServerClient(process.env.URL, process.env.KEY, {
        cookies: { getAll: () => request.cookies.getAll(), setAll() { response = NextResponse.next({ request }) } },
      })
      const { data: { user } } = await supabase.auth.getUser()
      if (!user && !request.nextUrl.pathname.startsWith('/login')) {
        const url = request.nextUrl.clone()
        url.pathname = '/login'
        return NextResponse.redirect(url)
      }
      return response
    }
"""
AUTHORIZED = """
    import NextAuth from 'next-auth'
    export const { auth: middleware } = NextAuth({
      providers: [],
      callbacks: {
        authorized({ auth, request: { nextUrl } }) {
          const isClosed = nextUrl.pathname.startsWith('/notes')
          if (isClosed) return !!auth?.user
          return true
        },
      },
    })
"""
WITH_AUTH = """
    import { withAuth } from 'next-auth/middleware'
    export default withAuth(function middleware(request) {}, { callbacks: { authorized: ({ token }) => !!token } })
    export const config = { matcher: ['/notes/:path*'] }
"""
HANDLER = """
    import { auth } from './lib/auth'
    export default auth((request) => {
      if (!request.auth && /^\\/notes/.test(request.nextUrl.pathname)) {
        return Response.redirect(new URL('/login', request.nextUrl.origin))
      }
    })
"""
PLAIN_EXPORT = "export { default } from 'next-auth/middleware'\nexport const config = { matcher: ['/notes'] }"
LEGACY = "import { authMiddleware } from '@clerk/nextjs'\nexport default authMiddleware({ publicRoutes: ['/'] })"
UNAUTHORIZED = COOKIE.replace(
    "NextResponse.redirect(new URL('/login', request.url))", "new NextResponse('no', { status: 401 })"
)


@pytest.mark.parametrize(
    "middleware",
    [CLERK % "", COOKIE, SUPABASE, AUTHORIZED, WITH_AUTH, HANDLER, PLAIN_EXPORT, LEGACY, UNAUTHORIZED],
    ids=["clerk", "cookie", "supabase", "authorized", "with-auth", "handler", "default", "legacy", "unauthorized"],
)
def test_what_a_middleware_refuses_to_anonymous_callers_is_for_members(middleware: str) -> None:
    found = in_front(middleware)
    assert found.meant is Meant.MEMBERS
    assert found.gate is not None
    assert found.gate.guard is Guard.MIDDLEWARE


@pytest.mark.parametrize(
    "middleware",
    [
        CLERK % ", '/notes(.*)'",
        COOKIE.replace("'/notes', ", "'/admin', "),
        SUPABASE.replace("'/login')", "'/')"),
        AUTHORIZED.replace("return !!auth?.user", "return true"),
        WITH_AUTH.replace("/notes/:path*", "/admin/:path*"),
        "import { clerkMiddleware } from '@clerk/nextjs/server'\nexport default clerkMiddleware()",
        "import createMiddleware from 'next-intl/middleware'\nexport default createMiddleware({ locales: ['en'] })",
        LEGACY.replace("'/'", "'/notes'"),
        COOKIE.replace("!request.cookies.get('sid')", "request.cookies.get('sid')"),
    ],
    ids=["clerk", "cookie", "supabase", "authorized", "matcher", "bare", "locales", "legacy", "only-signed-in"],
)
def test_a_middleware_that_lets_anonymous_callers_pass_protects_nothing(middleware: str) -> None:
    closed = {"app/(in)/layout.tsx": ASKS, "app/(in)/other/page.tsx": EMPTY}
    files = {"app/notes/page.tsx": SHOWS, "middleware.ts": middleware, **closed}
    assert audience(files).meant is Meant.ANYBODY


def test_a_redirect_that_everybody_gets_is_no_protection() -> None:
    locale = """
        import { NextResponse } from 'next/server'
        export function middleware(request) {
          if (!request.nextUrl.pathname.startsWith('/en')) return NextResponse.redirect(new URL('/en', request.url))
        }
    """
    closed = {"app/(in)/layout.tsx": ASKS, "app/(in)/other/page.tsx": EMPTY}
    assert audience({"app/notes/page.tsx": SHOWS, "middleware.ts": locale, **closed}).meant is Meant.ANYBODY


def test_a_cookie_that_the_middleware_hands_to_everybody_is_no_session() -> None:
    region = """
        import { NextResponse } from 'next/server'
        export function middleware(request) {
          if (request.cookies.get('visit')) return NextResponse.next()
          const response = NextResponse.redirect(request.url)
          response.cookies.set('visit', crypto.randomUUID())
          return response
        }
    """
    assert in_front(region).meant is not Meant.MEMBERS


RENEWING = """
    import { NextResponse } from 'next/server'
    import { cookies } from 'next/headers'
    import { renewed } from './lib/renewed'
    export async function middleware(request) {
      %s
    }
"""
LEAVES = "return NextResponse.redirect(new URL('/sign-in', request.url))"


@pytest.mark.parametrize(
    "body",
    [
        f"""
        const session = (await cookies()).get('sid')
        if (!session) {LEAVES}
        const response = NextResponse.next()
        response.cookies.set({{ name: 'sid', value: session.value, httpOnly: true }})
        return response
        """,
        f"""
        const session = request.cookies.get('sid')
        const response = NextResponse.next()
        if (!session) {LEAVES}
        try {{
          response.cookies.set('sid', await renewed(session.value), {{ httpOnly: true }})
        }} catch {{
          response.cookies.delete('sid')
        }}
        return response
        """,
        f"""
        if (!request.cookies.has('sid')) {LEAVES}
        const response = NextResponse.next()
        response.cookies.set('sid', request.cookies.get('sid').value, {{ maxAge: 3600 }})
        return response
        """,
        f"""
        const response = NextResponse.next()
        const session = request.cookies.get('sid')?.value
        if (session) {{
          response.cookies.set('sid', session)
          return response
        }}
        {LEAVES}
        """,
        """
        const session = request.cookies.get('sid')?.value
        if (session && request.nextUrl.pathname === '/sign-out') {
          const response = NextResponse.redirect(new URL('/', request.url))
          response.cookies.delete('sid')
          return response
        }
        return session ? NextResponse.next() : NextResponse.redirect(new URL('/sign-in', request.url))
        """,
    ],
    ids=["slides", "drops a bad one", "has", "else", "ends"],
)
def test_a_cookie_that_is_renewed_for_who_sends_it_is_still_a_session(body: str) -> None:
    found = audience(
        {
            "lib/renewed.ts": "export async function renewed(token) { return token }",
            "app/notes/page.tsx": SHOWS,
            "app/page.tsx": EMPTY,
            "middleware.ts": RENEWING % body,
        }
    )
    assert found.meant is Meant.MEMBERS


def test_code_in_front_that_cannot_be_read_leaves_it_open_whether_pages_are_protected() -> None:
    found = in_front("import { gate } from '@acme/gate'\nexport default gate({ paths: ['/notes'] })")
    assert found.meant is Meant.UNKNOWN


def test_dynamic_segments_locales_and_groups_are_part_of_the_address() -> None:
    page = "app/[locale]/(in)/notes/[id]/page.tsx"
    found = in_front(COOKIE.replace("'/notes'", "'/en/notes'"), page)
    assert found.page is not None
    assert (found.meant, found.page.address) == (Meant.MEMBERS, "/en/notes/id")


IN_THE_BROWSER = """
    'use client'
    import { useEffect, useState } from 'react'
    import { useRouter } from 'next/navigation'
    import { onAuthStateChanged } from 'firebase/auth'
    export function ProtectedRoute({ children, requiredRoles = ['admin'], redirectTo = '/login' }) {
      const [user, setUser] = useState(null)
      const [isAllowed, setAllowed] = useState(false)
      const router = useRouter()
      useEffect(() => onAuthStateChanged(window.firebase, setUser), [])
      useEffect(() => {
        if (user) setAllowed(requiredRoles.includes(user.role))
      }, [user, requiredRoles, redirectTo, router])
      return isAllowed ? <>{children}</> : <p>Wait</p>
    }
"""


@pytest.mark.parametrize(
    "layout",
    [
        "({ children }) => <ProtectedRoute requiredRoles={['admin', 'clerk']}><p>{children}</p></ProtectedRoute>",
        "function Layout({ children }) { return <ProtectedRoute roles={['admin']}>{children}</ProtectedRoute> }",
        "({ children }) => <ProtectedRoute allowedRoles={['STAFF']}>{children}</ProtectedRoute>",
        "({ children }) => <ProtectedRoute requiredRole='admin'>{children}</ProtectedRoute>",
        "({ children }) => <ProtectedRoute permission='orders.manage'>{children}</ProtectedRoute>",
    ],
)
def test_a_role_that_is_asked_for_around_the_pages_keeps_visitors_out(layout: str) -> None:
    head = "import { ProtectedRoute } from '@/app/protected'"
    found = audience(
        {
            "app/protected.tsx": IN_THE_BROWSER,
            "app/office/layout.tsx": f"{head}\nexport default {layout}",
            "app/office/notes/page.tsx": SHOWS,
            "app/page.tsx": EMPTY,
        }
    )
    assert found.gate is not None
    assert (found.meant, found.gate.guard, found.gate.asks) == (Meant.MEMBERS, Guard.LAYOUT, "a role")


def test_pages_of_the_pages_router_are_pages() -> None:
    found = in_front(COOKIE, "pages/notes/index.tsx")
    assert found.page is not None
    assert (found.meant, found.page.address) == (Meant.MEMBERS, "/notes")


ASKING = """
    import { auth } from '@/lib/auth'
    import { redirect } from 'next/navigation'
"""
IMPORTS = f"{ASKING}\n    import {{ Protected }} from '@/app/protected'"
PROTECTED = f"""
    {ASKING}
    export async function Protected({{ children, to }}) {{
      const session = await auth()
      if (!session?.user) redirect(to ?? '/login')
      return <>{{children}}</>
    }}
"""


@pytest.mark.parametrize(
    "layout",
    [
        "export default function Layout({ children }) { return <Protected to='/in'>{children}</Protected> }",
        "export default ({ children }) => <Protected><div><nav>Notes</nav>{children}</div></Protected>",
        "export default function Layout({ children }) { return <div><Protected>{children}</Protected></div> }",
        "export default async function Layout({ children }) { return (await auth()) ? children : <p>Sign in</p> }",
        """
        export default async function Layout({ children }) {
          const session = await auth()
          if (!session) return <a href="/login">Sign in</a>
          return <main>{children}</main>
        }
        """,
    ],
)
def test_what_stands_around_the_pages_keeps_visitors_out(layout: str) -> None:
    files = {"app/protected.tsx": PROTECTED, "app/(in)/layout.tsx": f"{IMPORTS}\n{layout}"}
    assert audience({**files, "app/(in)/notes/page.tsx": SHOWS, "app/page.tsx": EMPTY}).meant is Meant.MEMBERS


@pytest.mark.parametrize(
    "layout",
    [
        "export default function Layout({ children }) { return <><Protected><p>Yours</p></Protected>{children}</> }",
        """
        export default async function Layout({ children }) {
          const session = await auth()
          return <p>{children}{session?.user?.name}</p>
        }
        """,
        """
        export default async function Layout({ children }) {
          if (await auth()) redirect('/home')
          return <main>{children}</main>
        }
        """,
    ],
)
def test_what_stands_beside_the_pages_keeps_nobody_out(layout: str) -> None:
    files = {
        "app/protected.tsx": PROTECTED,
        "app/(in)/layout.tsx": f"{IMPORTS}\n{layout}",
        "app/home/layout.tsx": ASKS,
        "app/home/page.tsx": EMPTY,
    }
    assert audience({**files, "app/(in)/notes/page.tsx": SHOWS}).meant is Meant.ANYBODY


@pytest.mark.parametrize(
    "page",
    [
        "const s = await auth(); if (!s) return null; return <Form />",
        "const s = await auth(); return s && <Form />",
        "const s = await auth(); return s?.user ? <Form /> : null",
    ],
)
def test_a_page_that_shows_visitors_nothing_is_for_members(page: str) -> None:
    shows = f"{IMPORTS}\nimport {{ Form }} from '@/app/form'\nexport default async function Page() {{ {page} }}"
    files = {"app/protected.tsx": PROTECTED, "app/notes/page.tsx": shows, "app/page.tsx": EMPTY}
    assert audience(files).meant is Meant.MEMBERS


CLIENT = """
    'use client'
    import { useContext, useEffect } from 'react'
    import { redirect, useRouter } from 'next/navigation'
    import { Form } from '@/app/form'
    import { useUser } from '@/app/user'
"""
USER = """
    'use client'
    import { createContext, useContext, useEffect } from 'react'
    import { useRouter } from 'next/navigation'
    export const Context = createContext(null)
    export const useUser = () => useContext(Context)
    export function useMember({ to = '/auth/signin' } = {}) {
      const user = useUser()
      const router = useRouter()
      useEffect(() => { if (!user) router.replace(to) }, [user])
      return user
    }
"""


@pytest.mark.parametrize(
    "page",
    [
        "const router = useRouter(); const user = useUser();"
        " useEffect(() => { if (!user) router.push('/login') }, [user]); return <Form />",
        "const { user } = useUser(); if (!user) redirect('/sign-in'); return <Form />",
        "const user = useMember(); return <Form user={user} />",
        "const router = useRouter(); useEffect(() => { const check = async () => {"
        " const answer = await fetch('/api/me'); if (!answer.ok) router.replace(`/login?next=${location.pathname}`) };"
        " check() }, []); return <Form />",
    ],
    ids=["effect", "redirect", "hook", "fetch"],
)
def test_a_page_that_sends_visitors_to_sign_in_once_it_is_loaded_is_for_members(page: str) -> None:
    shows = f"{CLIENT}\nimport {{ useMember }} from '@/app/user'\nexport default function Page() {{ {page} }}"
    files = {"app/user.tsx": USER, "app/notes/page.tsx": shows, "app/page.tsx": EMPTY}
    assert audience(files).meant is Meant.MEMBERS


@pytest.mark.parametrize(
    "page",
    [
        "const router = useRouter(); return <><Form /><a onClick={() => router.push('/login')}>Sign in</a></>",
        "const router = useRouter(); const user = useUser();"
        " useEffect(() => { if (user) router.push('/home') }, [user]); return <Form />",
        "useEffect(() => { document.title = 'Notes' }, []); return <Form />",
    ],
    ids=["button", "signed in", "title"],
)
def test_a_page_that_sends_nobody_to_sign_in_by_itself_is_open(page: str) -> None:
    shows = f"{CLIENT}\nexport default function Page() {{ {page} }}"
    files = {"app/user.tsx": USER, "app/notes/page.tsx": shows, "app/home/layout.tsx": ASKS, "app/home/page.tsx": EMPTY}
    assert audience(files).meant is Meant.ANYBODY


@pytest.mark.parametrize("folder", ["admin", "(admin)/orders", "backoffice/orders", "[locale]/administration"])
def test_an_open_page_for_those_who_run_the_application_tells_nothing(folder: str) -> None:
    files = {f"app/{folder}/page.tsx": SHOWS, "app/home/layout.tsx": ASKS, "app/home/page.tsx": EMPTY}
    assert audience(files).meant is Meant.UNKNOWN
    assert audience({**files, "app/notes/page.tsx": SHOWS}).meant is Meant.ANYBODY


@pytest.mark.parametrize(
    "shows",
    [
        "import dynamic from 'next/dynamic'\nconst Lazy = dynamic(() => import('@/app/lazy'))",
        "import dynamic from 'next/dynamic'\nconst Lazy = dynamic(() => import('@/app/lazy'), { ssr: false })",
        "import dynamic from 'next/dynamic'\nconst Lazy = dynamic(() => import('@/app/form').then((m) => m.Form))",
        "import { lazy } from 'react'\nconst Lazy = lazy(() => import('@/app/lazy'))",
        "import { lazy } from 'react'\nconst load = () => import('@/app/lazy')\nconst Lazy = lazy(load)",
    ],
)
def test_components_that_are_loaded_later_are_followed_to_their_pages(shows: str) -> None:
    lazy = "'use client'\nimport { save } from './actions'\nexport default () => <button onClick={save}>Save</button>"
    page = f"{shows}\nexport default function Page() {{ return <Lazy /> }}"
    found = audience({"app/lazy.tsx": lazy, "app/(in)/layout.tsx": ASKS, "app/(in)/notes/page.tsx": page})
    assert found.meant is Meant.MEMBERS


INVITES = """
    'use server'
    import { prisma } from '../lib/prisma'
    export async function save(email: string, name: string) {
      await prisma.customer.create({ data: { email, name } })
    }
"""


@pytest.mark.parametrize(
    ("page", "is_public"),
    [
        ("app/contact/page.tsx", True),
        ("app/(in)/customers/new/page.tsx", False),
        ("app/admin/customers/page.tsx", False),
        ("app/[locale]/backoffice/page.tsx", False),
    ],
)
def test_who_leaves_an_address_is_a_visitor_where_a_page_lets_visitors_do_so(page: str, is_public: bool) -> None:
    files = {"app/actions.ts": INVITES, "app/(in)/layout.tsx": ASKS, "app/(in)/home/page.tsx": EMPTY, page: SHOWS}
    found = run({**APP, **PATHS, **files})["save"]
    assert (found.public is not None) is is_public
    assert (found.anonymous_effect() is None) is is_public


PROVIDER = """
    'use client'
    import { createContext, useContext, useEffect } from 'react'
    import { usePathname, useRouter } from 'next/navigation'
    const Users = createContext(null)
    export function Provider({ children }) {
      const router = useRouter()
      const path = usePathname()
      const user = useContext(Users)
      useEffect(() => { if (!user && path !== '/login') router.push('/login?from=' + path) }, [path])
      return <>{children}</>
    }
"""
PROVIDES = """
    import { Provider } from '@/app/provider'
    export default function Layout({ children }) { return <html><body><Provider>{children}</Provider></body></html> }
"""


@pytest.mark.parametrize(
    ("layout", "login", "meant"),
    [
        ("app/layout.tsx", "app/login/page.tsx", Meant.ANYBODY),
        ("app/(app)/layout.tsx", "app/(auth)/login/page.tsx", Meant.MEMBERS),
        ("app/(app)/layout.tsx", "app/(app)/login/page.tsx", Meant.ANYBODY),
    ],
)
def test_what_also_stands_around_the_sign_in_page_sends_not_everybody_there(
    layout: str, login: str, meant: Meant
) -> None:
    others = {"app/home/layout.tsx": ASKS, "app/home/page.tsx": EMPTY, login: EMPTY}
    files = {**others, "app/provider.tsx": PROVIDER, layout: PROVIDES, "app/(app)/notes/page.tsx": SHOWS}
    assert audience(files).meant is meant


NOTES = """
    import { redirect } from 'next/navigation'
    import { auth } from '@/lib/auth'
    import { Form } from '@/app/form'
    export async function Notes({ id }) {
      const session = await auth()
      %s
      return <section><h2>Notes</h2><Form id={id} /></section>
    }
"""
SENDS_AWAY = "if (!session?.user) redirect('/login')"
SHOWS_NOTES = "import { Suspense } from 'react'\nimport { Notes } from '@/app/notes'\n"


def shown_by(page: str, notes: str = NOTES % SENDS_AWAY) -> Audience:
    """For whom it is there where a page shows it in another component."""
    shows = f"{SHOWS_NOTES}export default {page}"
    files = {"app/(in)/layout.tsx": ASKS, "app/(in)/home/page.tsx": EMPTY, "app/notes/page.tsx": shows}
    return audience({**files, "app/notes.tsx": notes})


@pytest.mark.parametrize(
    "page",
    [
        "function Page() { return <Notes /> }",
        "function Page() { return <Suspense fallback={<p>Wait</p>}><Notes /></Suspense> }",
        "function Page() { return <main><Suspense><Notes id='1' /></Suspense></main> }",
        "async function Page({ params }) { const { id } = await params; return <div><Notes id={id} /></div> }",
        "function Page() { return <main><header><h1>Notes</h1><p>{t('yours')}</p></header><Notes /></main> }",
    ],
)
def test_a_page_is_kept_from_whom_the_component_sends_away_that_is_all_it_shows(page: str) -> None:
    found = shown_by(page)
    assert found.gate is not None
    assert (found.meant, found.gate.guard) == (Meant.MEMBERS, Guard.PAGE)


@pytest.mark.parametrize(
    "notes",
    [
        NOTES % "if (!session) return null",
        NOTES % "if (!session) return <p>Sign in first</p>",
        NOTES % "if (!session) throw new Error('no')",
        f"{CLIENT}\nexport function Notes() {{ const router = useRouter(); const user = useUser();"
        " useEffect(() => { if (!user) router.push('/login') }, [user]); return <Form /> }",
        "import { All } from '@/app/all'\nexport const Notes = () => <All />",
    ],
    ids=["nothing", "words", "throws", "browser", "deeper"],
)
def test_it_may_refuse_in_any_way_a_page_can(notes: str) -> None:
    further = {
        "app/user.tsx": USER,
        "app/all.tsx": "import { Inner } from '@/app/inner'\nexport const All = async () => <div><Inner /></div>",
        "app/inner.tsx": (NOTES % SENDS_AWAY).replace("function Notes", "function Inner"),
    }
    page = f"{SHOWS_NOTES}export default function Page() {{ return <Notes /> }}"
    files = {"app/(in)/layout.tsx": ASKS, "app/(in)/home/page.tsx": EMPTY, "app/notes/page.tsx": page}
    assert audience({**further, **files, "app/notes.tsx": notes}).meant is Meant.MEMBERS


@pytest.mark.parametrize(
    "sends",
    [
        "startTransition(async () => { const done = await save('1', 'a'); if (done) redirect('/login') })",
        "save('1', 'a').then(() => router.push('/login'))",
        "form.handleSubmit(async () => { await save('1', 'a'); redirect('/login?made=1') })()",
        "void save('1', 'a'); setTimeout(() => redirect('/sign-in'), 2000)",
        "run(async () => { await save('1', 'a'); redirect('/login') })",
    ],
)
def test_a_form_that_leads_to_the_sign_in_page_once_it_is_sent_is_kept_from_nobody(sends: str) -> None:
    form = f"""
        'use client'
        import {{ redirect, useRouter }} from 'next/navigation'
        import {{ useTransition }} from 'react'
        import {{ useForm }} from 'react-hook-form'
        import {{ save }} from './actions'
        const run = (what) => what()
        export function Notes() {{
          const [isPending, startTransition] = useTransition()
          const form = useForm()
          const router = useRouter()
          function send() {{ {sends} }}
          return <form onSubmit={{form.handleSubmit(send)}}><button>Send</button></form>
        }}
    """
    assert shown_by("function Page() { return <div><Notes /></div> }", form).meant is Meant.ANYBODY


@pytest.mark.parametrize(
    ("page", "notes"),
    [
        ("function Page() { return <Notes /> }", NOTES % ""),
        ("function Page() { return <Notes /> }", NOTES % "if (session) redirect('/home')"),
        ("function Page({ open }) { return <main>{open && <Notes />}</main> }", NOTES % SENDS_AWAY),
        (
            "function Page() { return <main><Notes /><form><button>Search</button></form></main> }",
            NOTES % "if (!session) return null",
        ),
        ("function Page() { return <Notes /> }", NOTES % "if (!session) return <Form id='new' />"),
    ],
    ids=["asks nobody", "sends others away", "not always", "beside others", "shows something else"],
)
def test_what_a_page_shows_besides_or_to_everybody_keeps_nobody_from_it(page: str, notes: str) -> None:
    assert shown_by(page, notes).meant is Meant.ANYBODY
