"""Pages that code of browsers keeps for who is signed in there: intent, as their hooks and effects tell it."""

from __future__ import annotations

import pytest

from preship.analyzers.actions.audience import Meant
from tests.analyzers.actions.test_audience import ASKS, EMPTY, audience

HEAD = """
    'use client'
    import { useContext, useEffect, useState } from 'react'
    import { useRouter } from 'next/navigation'
    import { RedirectToSignIn, SignedIn, SignedOut } from '@clerk/nextjs'
    import { Authenticated, Unauthenticated } from 'convex/react'
    import { signIn, useSession } from 'next-auth/react'
    import { getAuth, onAuthStateChanged } from 'firebase/auth'
    import { createBrowserClient } from '@supabase/ssr'
    import { withPageAuthRequired } from '@auth0/nextjs-auth0/client'
    import { AuthGuard } from '@acme/auth'
    import { Form } from '@/app/form'
    import { AppContext, useApp, useAuth } from '@/app/user'
    import { authClient } from '@/lib/auth-client'
    const supabase = createBrowserClient('a', 'b')
"""
USER = """
    'use client'
    import { createContext, useContext } from 'react'
    export const AppContext = createContext({ user: null, loading: true })
    export const useAuth = () => useContext(AppContext)
    export const useApp = () => useContext(AppContext)
"""
CLIENT = "import { createAuthClient } from 'better-auth/react'\nexport const authClient = createAuthClient({})"


def shown_in_browsers(body: str) -> Meant:
    """For whom an action is there that one page of browsers shows."""
    page = f"{HEAD}    {body}" if "export default" in body else f"{HEAD}    export default function Page() {{ {body} }}"
    files = {"app/(in)/layout.tsx": ASKS, "app/(in)/home/page.tsx": EMPTY, "app/user.tsx": USER}
    return audience({**files, "lib/auth-client.ts": CLIENT, "app/notes/page.tsx": page}).meant


@pytest.mark.parametrize(
    "body",
    [
        "const { data: session, status } = useSession(); if (status === 'loading') return <p>Wait</p>;"
        " if (!session) return <div><p>Sign in first</p></div>; return <Form />",
        "const { status } = useSession(); if (status !== 'authenticated') return <p>Wait</p>; return <Form />",
        "const { data } = useSession({ required: true }); return <Form />",
        "const { data: session } = useSession(); if (!session) return <button onClick={() => signIn()}>In</button>;"
        " return <Form />",
        "const { data: session, isPending } = authClient.useSession(); return session?.user ? <Form /> : <p>No</p>",
        "const { user, loading } = useAuth(); if (!loading && !user) return null; return <Form />",
        "const auth = useAuth(); if (!auth.user) return <a href='/login'>Sign in</a>; return <Form />",
        "const { user } = useApp(); return user && <Form />",
        "const { user } = useContext(AppContext); if (!user?.id) return <p>No</p>; return <Form />",
    ],
    ids=["words", "status", "required", "button", "ternary", "loading", "member", "application", "context"],
)
def test_a_page_that_shows_nothing_without_who_is_signed_in_is_for_members(body: str) -> None:
    assert shown_in_browsers(body) is Meant.MEMBERS


@pytest.mark.parametrize(
    "body",
    [
        "const { user, loading } = useAuth(); const router = useRouter();"
        " useEffect(() => { if (!loading && !user) router.push('/') }, [user]); return <Form />",
        "const router = useRouter(); useEffect(() => onAuthStateChanged(getAuth(), (user) => {"
        " if (!user) router.replace('/welcome') }), []); return <Form />",
        "const router = useRouter(); useEffect(() => { const look = async () => {"
        " const { data: { session } } = await supabase.auth.getSession(); if (!session) router.replace('/') };"
        " look() }, []); return <Form />",
        "useEffect(() => { if (!localStorage.getItem('token')) window.location.href = '/start' }, []); return <Form />",
        "const { status } = useSession(); useEffect(() => { if (status === 'unauthenticated') signIn() }, [status]);"
        " return <Form />",
        "const [user, setUser] = useState(null); useEffect(() => onAuthStateChanged(getAuth(), setUser), []);"
        " if (!user) return <p>Sign in first</p>; return <Form />",
    ],
    ids=["effect", "listener", "asked", "stored", "status", "state"],
)
def test_a_page_that_sends_away_whom_nobody_knows_is_for_members_wherever_it_sends_them(body: str) -> None:
    assert shown_in_browsers(body) is Meant.MEMBERS


@pytest.mark.parametrize(
    "body",
    [
        "return <><SignedIn><Form /></SignedIn><SignedOut><RedirectToSignIn /></SignedOut></>",
        "return <div><Authenticated><Form /></Authenticated><Unauthenticated><p>No</p></Unauthenticated></div>",
        "return <AuthGuard><Form /></AuthGuard>",
        "export default withPageAuthRequired(function Page() { return <Form /> })",
        "export default withPageAuthRequired(() => <Form />, { returnTo: '/notes' })",
    ],
    ids=["clerk", "convex", "guard", "wrapper", "options"],
)
def test_a_component_of_a_package_that_is_called_after_it_keeps_a_page_for_members(body: str) -> None:
    assert shown_in_browsers(body) is Meant.MEMBERS


@pytest.mark.parametrize(
    "body",
    [
        "const { user } = useAuth(); return <main><p>{user?.name}</p><Form /></main>",
        "const { user } = useAuth(); const router = useRouter();"
        " useEffect(() => { if (user) router.push('/home') }, [user]); return <Form />",
        "const { user } = useAuth(); if (!user) return <Form id='guest' />; return <Form id='mine' />",
        "const [user, setUser] = useState(null); useEffect(() => { fetch('/api/users/1').then(setUser) }, []);"
        " if (!user) return <p>Wait</p>; return <Form />",
        "const { loading } = useAuth(); if (loading) return <p>Wait</p>; return <Form />",
        "const auth = useAuth(); if (!auth.ready) return null; return <Form />",
        "const { user } = useAuth(); const router = useRouter();"
        " const save = () => { if (!user) router.push('/login') }; return <p><a onClick={save}>Save</a><Form /></p>",
        "const { user } = useAuth(); const token = useApp().token;"
        " if (!user && !token) return <p>No</p>; return <Form />",
        "useEffect(() => { if (!localStorage.getItem('cart')) window.location.href = '/shop' }, []); return <Form />",
    ],
    ids=["greets", "signed in", "guests", "a record", "waits", "ready", "button", "or a link", "cart"],
)
def test_a_page_that_shows_the_same_to_visitors_is_open(body: str) -> None:
    assert shown_in_browsers(body) is Meant.ANYBODY


def test_the_place_where_a_page_of_browsers_asks_is_named() -> None:
    body = "const { user } = useAuth()\n      if (!user) return null\n      return <Form />"
    page = f"{HEAD}    export default function Page() {{\n      {body}\n    }}"
    files = {"app/(in)/layout.tsx": ASKS, "app/(in)/home/page.tsx": EMPTY, "app/user.tsx": USER}
    found = audience({**files, "app/notes/page.tsx": page})
    assert found.gate is not None
    assert (found.gate.at.path, found.gate.at.line) == ("app/notes/page.tsx", HEAD.count("\n") + 2)


@pytest.mark.parametrize(
    "body",
    [
        "const { user } = useAuth(); useEffect(() => { if (!user) return; fetch('/a') }, [user]); return <Form />",
        "const [user, setUser] = useState(null); useEffect(() => onAuthStateChanged(getAuth(), setUser), []);"
        " useEffect(() => { const load = async () => { if (!user) { return } await fetch('/a') }; load() });"
        " return <Form />",
        "const { data: session } = useSession(); useEffect(() => { if (!session?.user) return; fetch('/a') });"
        " return <Form />",
    ],
    ids=["hook", "state", "session"],
)
def test_a_page_that_loads_something_for_members_does_not_say_what_visitors_see(body: str) -> None:
    assert shown_in_browsers(body) is Meant.UNKNOWN
