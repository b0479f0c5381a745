"""Which records and which texts of failures are worth a comment, and which are a line of the checklist."""

from __future__ import annotations

import pytest

from preship.analyzers.rule import STACK, Confidence, Finding, Persona, Severity
from preship.analyzers.rules import (
    accidental_endpoint,
    error_message_leak,
    mass_assignment,
    missing_authentication,
    missing_role_check,
    missing_server_only,
    open_redirect,
    raw_record_return,
    server_side_request_forgery,
    unvalidated_input,
)
from tests.analyzers.running import run

SCHEMA = """
model User {
  id           String @id
  name         String
  email        String
  passwordHash String
  bookings     Booking[]
}

model Booking {
  id      String @id
  guest   User   @relation(fields: [guestId], references: [id])
  guestId String
  note    String
}

model Customer {
  id     String @id
  email  String
  shopId String?
}

model Label {
  id    String @id
  name  String
  color String
}
"""
HEAD = """
    'use server'
    import { auth } from '../lib/auth'
    import { prisma } from '../lib/prisma'
    import { admin } from '../lib/supabase'
    import axios from 'axios'
    import { readFile } from 'node:fs/promises'

    async function signedIn() {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      return session.user
    }
    async function administrator() {
      const user = await signedIn()
      if (user.role !== 'admin') throw new Error('Not allowed')
    }
"""


def found(rule: object, body: str) -> Finding | None:
    """What a rule reports of an action with this body."""
    code = f"{HEAD}\n    export async function act(id: string, note: string) {{ {body} }}"
    facts = run({"app/actions.ts": code, "prisma/schema.prisma": SCHEMA, **STACK})["act"]
    return next(iter(rule.RULE.check(facts)), None)  # type: ignore[attr-defined]


RECORDS = {
    "a booking with its guest": (
        "await signedIn(); return prisma.booking.findMany({ include: { guest: true } })",
        "`guest.passwordHash` goes to the caller's browser with it (`prisma/schema.prisma:5`).",
    ),
    "a guest by name and a booking without secrets": (
        "await signedIn(); return prisma.booking.findMany({ include: { guest: { select: { name: true } } } })",
        None,
    ),
    "a booking and how many guests it has": (
        "await signedIn(); return prisma.booking.findMany({ include: { _count: { select: { guest: true } } } })",
        None,
    ),
    "a booking whose guest is put in another place": (
        "await signedIn(); const all = await prisma.booking.findMany({ include: { guest: true } });"
        " return all.map((one) => ({ ...one, guest: one.guest.name }))",
        None,
    ),
    "the caller's own account, password and all": (
        "const user = await signedIn(); return prisma.user.findUnique({ where: { id: user.id } })",
        "`user.passwordHash` goes to the caller's browser with it (`prisma/schema.prisma:5`).",
    ),
    "a row that the caller has just written": (
        "const user = await signedIn(); return prisma.booking.create({ data: { note, guestId: user.id } })",
        None,
    ),
    "a customer whose address the caller has just set": (
        "await signedIn(); return prisma.customer.update({ where: { id }, data: { email: note } })",
        None,
    ),
    "a customer of whom the caller has set something else": (
        "await signedIn(); return prisma.customer.update({ where: { id }, data: { shopId: note } })",
        "`customer.email` goes to the caller's browser with it (`prisma/schema.prisma:18`).",
    ),
    "a customer whose address the program sets": (
        "await signedIn(); return prisma.customer.update({ where: { id }, data: { email: 'gone@example.com' } })",
        "`customer.email` goes to the caller's browser with it (`prisma/schema.prisma:18`).",
    ),
    "an account whose password the caller has just set": (
        "await signedIn(); return prisma.user.update({ where: { id }, data: { email: note, passwordHash: note } })",
        "`user.passwordHash` goes to the caller's browser with it (`prisma/schema.prisma:5`).",
    ),
    "a booking that was changed, with its guest": (
        "await signedIn(); return prisma.booking.update({ where: { id }, data: { note }, include: { guest: true } })",
        "`guest.passwordHash` goes to the caller's browser with it (`prisma/schema.prisma:5`).",
    ),
    "a customer that was made and then numbered": (
        "await signedIn(); const made = await prisma.customer.create({ data: { email: id } });"
        " return prisma.customer.update({ where: { id: made.id }, data: { shopId: `shop-${made.id}` } })",
        None,
    ),
    "what a visitor has just sent": ("return prisma.customer.create({ data: { email: note } })", None),
    "an account that a visitor has just opened": (
        "return prisma.user.create({ data: { email: note, passwordHash: id } })",
        "`user.passwordHash` goes to an anonymous caller with it (`prisma/schema.prisma:5`).",
    ),
    "what a public service answers to anybody": ("return (await fetch(`https://zip.example/${id}/json`)).json()", None),
    "what it answers to another client": ("return (await axios.get(`https://zip.example/${id}`)).data", None),
    "what a service answers to a key of the server's": (
        "const headers = { Authorization: process.env.API_KEY };"
        " return (await fetch(`https://zip.example/${id}`, { headers })).json()",
        "Whoever sends the request reads every column, shown or not, and those that are added later.",
    ),
    "what it answers to who is signed in": (
        "await signedIn(); const headers = { Authorization: process.env.API_KEY };"
        " return (await fetch(`https://zip.example/${id}`, { headers })).json()",
        None,
    ),
    "what a service of one's own network answers": (
        "return (await fetch(`http://users:8080/${id}`)).json()",
        "Whoever sends the request reads every column, shown or not, and those that are added later.",
    ),
    "customers, for any member": (
        "await signedIn(); return prisma.customer.findMany()",
        "`customer.email` goes to the caller's browser with it (`prisma/schema.prisma:18`).",
    ),
    "customers, for the administrator": ("await administrator(); return prisma.customer.findMany()", None),
    "the customers of the caller's own shop": (
        "const user = await signedIn(); return prisma.customer.findMany({ where: { shopId: user.shopId } })",
        None,
    ),
    "the guests of the caller's own shop, with their passwords": (
        "const user = await signedIn(); return prisma.user.findMany({ where: { shop: { ownerId: user.id } } })",
        "`user.passwordHash` goes to the caller's browser with it (`prisma/schema.prisma:5`).",
    ),
    "customers, for anybody, which the missing session says": ("return prisma.customer.findMany()", None),
    "accounts, for anybody": (
        "return prisma.user.findMany()",
        "`user.passwordHash` goes to an anonymous caller with it (`prisma/schema.prisma:5`).",
    ),
    "one customer, for anybody, of a shop that may be open": (
        "return prisma.booking.findFirst({ where: { id }, include: { guest: { omit: { passwordHash: true } } } })",
        None,
    ),
    "rows of a table that no schema has": ("await signedIn(); return prisma.setting.findMany()", None),
    "accounts of a table that no schema has": (
        "await signedIn(); return prisma.apiKey.findMany()",
        "Whoever sends the request reads every column, shown or not, and those that are added later.",
    ),
}


@pytest.mark.parametrize(("body", "says"), RECORDS.values(), ids=RECORDS.keys())
def test_a_record_is_worth_a_comment_for_what_is_private_in_it(body: str, says: str | None) -> None:
    finding = found(raw_record_return, body)
    assert finding is not None
    assert (finding.persona is Persona.REGULAR) is (says is not None)
    if says is not None:
        assert finding.message.endswith(says)


FAILURES = {
    "a driver's, signed in": (
        "await signedIn(); try { await prisma.booking.update({ where: { id }, data: {} }) }",
        True,
    ),
    "a driver's, of what the caller writes": (
        "await signedIn(); try { await prisma.note.create({ data: { note } }) }",
        True,
    ),
    "a driver's, of what was found by what is sent": (
        "await signedIn(); const one = await prisma.booking.findUnique({ where: { id } });"
        " try { await prisma.user.findUnique({ where: { id: one.guestId } }) }",
        True,
    ),
    "a driver's, of a text with what is sent in it": (
        "await signedIn(); try { await prisma.$queryRaw`SELECT * FROM bookings WHERE id = ${id}` }",
        True,
    ),
    "a driver's, of a fixed query": ("await signedIn(); try { await prisma.booking.count() }", False),
    "a driver's, of a fixed query for anybody": ("try { await prisma.booking.findMany({ take: 9 }) }", False),
    "a driver's, of the caller's own row": (
        "const user = await signedIn(); try { await prisma.user.findUnique({ where: { id: user.id } }) }",
        False,
    ),
    "of a file": ("await signedIn(); try { await readFile(`/var/files/${id}`) }", True),
    "of a file that the program names": ("await signedIn(); try { await readFile('/var/terms.txt') }", False),
    "of a host that the caller names": ("await signedIn(); try { await axios.get(`http://${id}:80/`) }", True),
    "of a path that the caller names": (
        "await signedIn(); try { await axios.get(`https://api.example/${id}`) }",
        False,
    ),
    "of code that could not be read": ("await signedIn(); try { await import(id) }", False),
    "a service's that judges the caller's own token": (
        "try { await axios.post('https://api.example/x', { id }, { headers: { Authorization: note } }) }",
        False,
    ),
    "a service's, signed in": (
        "await signedIn(); try { const { error } = await admin.from('a').delete().eq('id', id);"
        " if (error) throw error }",
        False,
    ),
    "a service's, for anybody": (
        "try { const { error } = await admin.from('a').delete().eq('id', id); if (error) throw error }",
        True,
    ),
    "of a sign-in": (
        "try { const { error } = await admin.auth.signInWithPassword({ email: id, password: note });"
        " if (error) throw error }",
        False,
    ),
    "of `fetch`, which says the same of all": ("try { await fetch('https://api.example/x') }", False),
    "the program's own": ("try { if (!id) throw new Error('No id') }", None),
    "a driver's, for the administrator": (
        "await administrator(); try { await prisma.booking.update({ where: { id }, data: {} }) }",
        True,
    ),
    "a driver's, for the administrator whom the same attempt asks for": (
        "try { await administrator(); await prisma.note.create({ data: { note } }) }",
        True,
    ),
    "a driver's, for the administrator and before": (
        "try { await prisma.booking.findUniqueOrThrow({ where: { id } }); await administrator() }",
        True,
    ),
}


@pytest.mark.parametrize(("body", "is_posted"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failure_is_worth_a_comment_where_it_tells_what_is_for_operators(body: str, is_posted: bool | None) -> None:
    finding = found(error_message_leak, f"{body} catch (e) {{ return {{ error: e.message }} }}")
    assert (None if finding is None or is_posted is None else finding.persona is Persona.REGULAR) is is_posted
    assert is_posted is not None or finding is None or finding.persona is Persona.PEDANTIC


def test_a_function_without_parameters_is_not_called_with_any_arguments() -> None:
    files = {
        "app/actions.ts": HEAD + "\n    export async function me() { return (await signedIn()).name }",
        "lib/greet.ts": "import { me } from '../app/actions'\nexport const greet = async () => `Hello ${await me()}`",
        **STACK,
    }
    (finding,) = accidental_endpoint.RULE.check(run(files)["me"])
    assert finding.message == (
        "`me` is called by code of the server only, as in `lib/greet.ts`. The `'use server'` directive of its file "
        "makes it callable over the network."
    )
    assert finding.confidence is Confidence.HIGH


GUARDED = """
    'use server'
    import { prisma } from '../lib/prisma'
    import { auth } from '../lib/auth'
    export async function removeNotes() {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await prisma.note.deleteMany({ where: { authorId: session.user.id } })
    }
"""


CHECKS = {
    "ends the path": ("throw new Error('Not signed in')", False),
    "only warns, which is a fault of its own": ("console.warn('nobody')", False),
    "is left out": (None, True),
}


@pytest.mark.parametrize(("otherwise", "is_posted"), CHECKS.values(), ids=CHECKS.keys())
def test_a_helper_that_asks_itself_who_is_calling_is_worth_no_comment(otherwise: str | None, is_posted: bool) -> None:
    check = "      if (!session?.user) throw new Error('Not signed in')\n"
    code = GUARDED.replace("throw new Error('Not signed in')", otherwise or "")
    code = code if otherwise else GUARDED.replace(check, "").replace("await auth()", "{ user: { id: 'x' } }")
    caller = "import { removeNotes } from '../app/actions'\nexport async function close() { await removeNotes() }"
    facts = run({"app/actions.ts": code, "lib/close.ts": caller, **STACK})["removeNotes"]
    finding = next(iter(accidental_endpoint.RULE.check(facts)))
    assert (finding.persona is Persona.REGULAR) is is_posted


BEFORE = {
    "the shop is looked up by its name": "const shop = await prisma.label.findFirst({ where: { name: 'x' } })",
    "the shop is looked up by what is sent": "const shop = await prisma.label.findFirst({ where: { id } })",
    "nothing happens": "const shop = { id: 'x' }",
    "the shop is changed": "const shop = await prisma.label.update({ where: { id }, data: { color: 'red' } })",
}


@pytest.mark.parametrize("first", BEFORE)
def test_what_nobody_learns_may_be_looked_up_before_a_helper_asks_who_is_calling(first: str) -> None:
    code = f"""{HEAD}
        export async function act(id: string) {{
          {BEFORE[first]}
          const user = await signedIn()
          await prisma.note.deleteMany({{ where: {{ authorId: user.id, shopId: shop?.id }} }})
        }}
    """
    caller = "import { act } from '../app/actions'\nexport async function close(id) { await act(id) }"
    facts = run({"app/actions.ts": code, "lib/close.ts": caller, **STACK})["act"]
    (finding,) = accidental_endpoint.RULE.check(facts)
    assert (finding.persona is Persona.REGULAR) is ("changed" in first)


MIXED = """
    'use server'
    import { prisma } from '../lib/prisma'
    import { auth } from '../lib/auth'
    export async function removeNotes(authorId: string) {
      await prisma.note.deleteMany({ where: { authorId } })
    }
    export async function leave() {
      const session = await auth()
      if (!session?.user) throw new Error('Not signed in')
      await removeNotes(session.user.id)
    }
"""
BUTTON = "'use client'\nimport { leave } from './actions'\nexport const B = () => <b onClick={() => leave()} />"
HOOK = "import { removeNotes } from '../../actions'\nexport const POST = (r) => removeNotes(r.headers.get('id'))"
CALLED_BY = {
    "a page imports its file": (
        {"app/page.tsx": "import { leave } from './actions'\nexport default () => <form action={leave} />"},
        Severity.HIGH,
        "`removeNotes` is called by its own file only. The `'use server'` directive of its file makes it callable over "
        "the network, with any arguments: it asks nobody who is calling.",
        "`removeNotes` can be called over the network",
    ),
    "browsers use another export, webpack builds": (
        {"app/b.tsx": BUTTON, "package.json": '{"dependencies": {"next": "15.5.2"}}'},
        Severity.HIGH,
        "`removeNotes` is called by its own file only. The `'use server'` directive of its file makes it callable over "
        "the network, with any arguments: it asks nobody who is calling.",
        "`removeNotes` can be called over the network",
    ),
    "browsers use another export, Turbopack builds": (
        {"app/b.tsx": BUTTON, "package.json": '{"dependencies": {"next": "16.0.1"}}'},
        Severity.MEDIUM,
        "`removeNotes` is called by its own file only. Turbopack leaves it out today, because code of browsers uses "
        "other exports of its file only. Built by webpack, or imported by one more page, it is callable over the "
        "network, with any arguments: it asks nobody who is calling.",
        "`removeNotes` is one import away from the network",
    ),
    "browsers use another export, and nothing tells who builds": (
        {"app/b.tsx": BUTTON},
        Severity.HIGH,
        "`removeNotes` is called by its own file only. The `'use server'` directive of its file makes it callable over "
        "the network where webpack builds the application, as Next.js does before version 16, with any arguments: it "
        "asks nobody who is calling.",
        "`removeNotes` can be called over the network",
    ),
    "a route handler imports its file": (
        {"app/api/hook/route.ts": HOOK},
        Severity.MEDIUM,
        "`removeNotes` is called by code of the server only, as in `app/actions.ts`. The build leaves it out today, "
        "because nothing that is rendered imports its file. With the first page or client component that does, the "
        "`'use server'` directive makes it callable over the network, with any arguments: it asks nobody who is "
        "calling.",
        "`removeNotes` is one import away from the network",
    ),
}


@pytest.mark.parametrize(("files", "severity", "message", "headline"), CALLED_BY.values(), ids=CALLED_BY.keys())
def test_what_is_said_of_a_helper_holds_for_the_build_of_its_application(
    files: dict[str, str], severity: Severity, message: str, headline: str
) -> None:
    facts = run({"app/actions.ts": MIXED, **STACK, **files})["removeNotes"]
    (finding,) = accidental_endpoint.RULE.check(facts)
    assert (finding.message, finding.headline) == (message, headline)
    assert (finding.severity, finding.persona) == (severity, Persona.REGULAR)
    (hole,) = missing_authentication.RULE.check(facts)
    is_served = severity is Severity.HIGH
    assert (hole.severity is Severity.CRITICAL, "one import serves it" in hole.message) == (is_served, not is_served)
    assert (hole.headline == "anyone on the internet can delete from `note`") is is_served
    assert finding.is_open_to_all
    assert hole.is_open_to_all


OPEN_PAGE = """
    import { one } from '../../actions'
    export default async function Page({ params }) { return <Post post={await one((await params).id)} /> }
"""


MINE = "export default function Page() { return <p>Mine</p> }"


@pytest.mark.parametrize("is_open", [True, False])
def test_a_helper_that_reads_for_an_open_page_is_worth_no_comment(is_open: bool) -> None:
    code = """
        'use server'
        import { prisma } from '../lib/prisma'
        export async function one(id: string) {
          return prisma.post.findUnique({ where: { id }, select: { title: true } })
        }
        export async function titleOf(id: string) { return (await one(id))?.title }
    """
    files = {"app/actions.ts": code, "app/posts/[id]/page.tsx": OPEN_PAGE, "app/mine/page.tsx": MINE, **STACK}
    facts = run({**files, f"app/{'mine' if is_open else 'posts'}/layout.tsx": GATE})["one"]
    (finding,) = accidental_endpoint.RULE.check(facts)
    assert (finding.persona is Persona.PEDANTIC) is is_open


WHO = {
    "the caller's id": ("const user = await signedIn(); return user.id", False),
    "the caller's account": ("return (await auth())?.user", False),
    "whether somebody is signed in": ("return Boolean((await auth())?.user)", False),
    "an error where nobody is": ("await signedIn()", False),
    "the caller's account and a page of the store": (
        "const user = await auth(); return { user, shown: await prisma.booking.findUnique({ where: { id } }) }",
        True,
    ),
    "the row of whoever is named": ("return prisma.user.findUnique({ where: { id }, select: { name: true } })", True),
}


@pytest.mark.parametrize(("body", "is_posted"), WHO.values(), ids=WHO.keys())
def test_a_helper_that_says_who_is_calling_gives_nobody_more(body: str, is_posted: bool) -> None:
    code = f"{HEAD}\n    export async function act(id: string) {{ {body} }}"
    caller = "import { act } from '../app/actions'\nexport async function close(id: string) { return await act(id) }"
    facts = run({"app/actions.ts": code, "lib/close.ts": caller, **STACK})["act"]
    assert [f.persona is Persona.REGULAR for f in accidental_endpoint.RULE.check(facts)] == [is_posted]


KEPT = "prisma.note.findMany({ where: %s, select: { title: true } })"
ANSWERED = {
    "for a guest's cookie": (f"return {KEPT % '{ cart: (await cookies()).get(`cart`)?.value }'}", False),
    "for the host that is asked": (f"return {KEPT % '{ host: (await headers()).get(`host`) }'}", False),
    "for a tenant's header": (f"return {KEPT % '{ tenant: (await headers()).get(`x-tenant`) }'}", False),
    "for all, with what is the caller's marked": (
        f"const me = (await auth())?.user; return (await {KEPT % '{}'}).map((n) => ({{ ...n, me: me?.id }}))",
        False,
    ),
    "for who is known, and an id that they send": (f"await signedIn(); return {KEPT % '{ bookId: id }'}", False),
    "in a language": (f"return {KEPT % '{ language: (await cookies()).get(`locale`)?.value }'}", True),
    "for a cookie and an id that is sent": (
        f"return {KEPT % '{ id, cart: (await cookies()).get(`cart`)?.value }'}",
        True,
    ),
    "for whoever is named": (f"return {KEPT % '{ ownerId: id }'}", True),
}


@pytest.mark.parametrize(("body", "is_posted"), ANSWERED.values(), ids=ANSWERED.keys())
def test_a_helper_that_answers_by_what_a_request_brings_gives_nobody_more(body: str, is_posted: bool) -> None:
    asks = "import { cookies, headers } from 'next/headers'"
    code = HEAD.replace("'use server'", f"'use server'\n    {asks}", 1)
    code = f"{code}\n    export async function act(id: string) {{ {body} }}"
    caller = "import { act } from '../app/actions'\nexport async function close(id: string) { return await act(id) }"
    facts = run({"app/actions.ts": code, "lib/close.ts": caller, **STACK})["act"]
    assert [f.persona is Persona.REGULAR for f in accidental_endpoint.RULE.check(facts)] == [is_posted]


LIST = "prisma.post.findMany({ where: { topic: id }, select: { title: true } })"
READS = (
    "import { act } from '@/app/actions'\nexport default async function Page() { return <List all={await act('1')} /> }"
)
ON_PAGES = {
    "of a page": (LIST, {"app/page.tsx": READS}, False),
    "of a component": (
        LIST,
        {"app/list.tsx": READS, "app/page.tsx": "import L from './list'\nexport default () => <L />"},
        False,
    ),
    "of an office": (LIST, {"app/admin/page.tsx": READS}, True),
    "of helpers alone": (LIST, {}, True),
    "of people": ("prisma.user.findMany({ where: { id } })", {"app/page.tsx": READS}, True),
    "that changes something": ("prisma.post.delete({ where: { id } })", {"app/page.tsx": READS}, True),
}


@pytest.mark.parametrize(("read", "pages", "is_posted"), ON_PAGES.values(), ids=ON_PAGES.keys())
def test_a_read_that_a_page_shows_is_worth_no_comment_where_no_page_is_kept(
    read: str, pages: dict[str, str], is_posted: bool
) -> None:
    code = f"{HEAD}\n    export async function act(id: string) {{ return {read} }}"
    route = "import { act } from '@/app/actions'\nexport const GET = async () => Response.json(await act('1'))"
    paths = {"tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./*"]}}}'}
    facts = run({"app/actions.ts": code, "app/api/list/route.ts": route, **pages, **paths, **STACK})["act"]
    assert [f.persona is Persona.REGULAR for f in accidental_endpoint.RULE.check(facts)] == [is_posted]


OWN_RIGHTS = {
    "a list": ("return (await (await mine()).from('notes').select('title').eq('book', id)).data", False),
    "behind a tenant that may be missing": (
        "const me = (await auth())?.user; let q = (await mine()).from('notes').select('title').eq('book', id);"
        " if (me) q = q.eq('team', me.id); return (await q).data",
        False,
    ),
    "a count": (
        "return (await (await mine()).from('notes').select('id', { count: 'exact' }).eq('book', id)).count",
        False,
    ),
    "a change": ("await (await mine()).from('notes').update({ title: note }).eq('id', id)", False),
    "a function of the database": ("return (await (await mine()).rpc('notes_of', { book: id })).data", False),
    "with the server's rights": ("return (await admin.from('notes').select('title').eq('book', id)).data", True),
    "with both": (
        "const found = await (await mine()).from('a').select('b').eq('id', id);"
        " await admin.from('notes').delete().eq('id', id); return found.data",
        True,
    ),
}
MINE = """
    import { createServerClient } from '@supabase/ssr'
    import { cookies } from 'next/headers'
    export async function mine() {
      const jar = await cookies()
      return createServerClient(process.env.URL, process.env.KEY, { cookies: { getAll: () => jar.getAll() } })
    }
"""


@pytest.mark.parametrize(("body", "is_posted"), OWN_RIGHTS.values(), ids=OWN_RIGHTS.keys())
def test_a_helper_that_asks_with_the_callers_own_rights_gives_nobody_more(body: str, is_posted: bool) -> None:
    code = HEAD.replace("'use server'", "'use server'\n    import { mine } from '../lib/mine'", 1)
    code = f"{code}\n    export async function act(id: string, note: string) {{ {body} }}"
    caller = "import { act } from '../app/actions'\nexport async function close(id, n) { return await act(id, n) }"
    facts = run({"app/actions.ts": code, "lib/mine.ts": MINE, "lib/close.ts": caller, **STACK})["act"]
    assert [f.persona is Persona.REGULAR for f in accidental_endpoint.RULE.check(facts)] == [is_posted]


NAMED = {
    "createPublicAction(run)": False,
    "publicAction(run)": False,
    "unauthenticatedAction(run)": False,
    "withoutAuth(run)": False,
    "guestAction(run)": False,
    "createAction(run)": True,
    "publishAction(run)": True,
}


@pytest.mark.parametrize(("made", "is_posted"), NAMED.items(), ids=NAMED.keys())
def test_a_read_whose_wrapper_says_that_it_is_for_everybody_is_worth_no_comment(made: str, is_posted: bool) -> None:
    name = made.partition("(")[0]
    wrap = f"export const {name} = (run) => async (...given) => {{ try {{ return await run(...given) }} catch {{}} }}"
    read = "prisma.label.findMany({ select: { name: true } })"
    code = HEAD.replace("'use server'", f"'use server'\n    import {{ {name} }} from '../lib/wrap'", 1)
    code = f"{code}\n    const run = async () => {read}\n    export const labels = {made}"
    page = "import { labels } from '../actions'\nexport default function Page() { return <Labels load={labels} /> }"
    files = {"app/actions.ts": code, "lib/wrap.ts": wrap, "app/in/page.tsx": page, "app/in/layout.tsx": GATE}
    (finding,) = missing_authentication.RULE.check(run({**files, **STACK})["labels"])
    assert (finding.confidence is not Confidence.LOW) is is_posted


@pytest.mark.parametrize(
    ("key", "is_read"),
    [
        ("{ sichtbarkeit: 'public' }", False),
        ("{ bookId: id, audience: 'PUBLIC' }", False),
        ("{ etat: 'published' }", False),
        ("{ sichtbarkeit: 'intern' }", True),
        ("{ sichtbarkeit: id }", True),
    ],
)
def test_a_read_of_what_a_column_calls_public_is_for_everybody_however_the_column_is_called(
    key: str, is_read: bool
) -> None:
    code = f"{HEAD}\n    export async function act(id: string) {{ return prisma.note.findMany({{ where: {key} }}) }}"
    facts = run({"app/actions.ts": code, **STACK})["act"]
    assert (facts.anonymous_effect() is not None) is is_read


QUERY = "import { useQuery } from '@tanstack/react-query'\nimport { act } from '../app/actions'\n"
IN_HOOKS = {
    "a hook": QUERY + "export const useNotes = (id) => useQuery({ queryKey: [id], queryFn: () => act(id) })",
    "a hook that is a function": QUERY + "export function useNotes(id) { return useQuery({ queryFn: () => act(id) }) }",
    "a component with state": QUERY.replace("useQuery", "useState").replace("@tanstack/react-query", "react")
    + "export function Notes() { const [n] = useState(() => act('1')); return n }",
    "a hook by another library": "import { act } from '../app/actions'\nimport useSWR from 'swr'\n"
    "export const notes = (id) => useSWR(id, () => act(id))",
    "a hook of hooks": QUERY + "export function useAll(id) { const load = async () => act(id); return { load } }",
}


@pytest.mark.parametrize("hook", IN_HOOKS.values(), ids=IN_HOOKS.keys())
def test_a_hook_is_code_of_browsers_whatever_its_file_says(hook: str) -> None:
    code = f"{HEAD}\n    export async function act(id: string) {{ return prisma.note.delete({{ where: {{ id }} }}) }}"
    facts = run({"app/actions.ts": code, "lib/hooks.ts": hook, **STACK})["act"]
    assert list(accidental_endpoint.RULE.check(facts)) == []


PAGES = {
    "everybody's bookings": ("prisma.user.findMany()", [True, False]),
    "a list for members": ("signedIn().then(() => prisma.booking.findMany())", [True]),
    "a text": ("'Welcome'", [True]),
}


@pytest.mark.parametrize(("shown", "is_posted"), PAGES.values(), ids=PAGES.keys())
def test_a_directive_on_a_page_is_one_fault(shown: str, is_posted: list[bool]) -> None:
    code = f"{HEAD}\n    export default async function Page() {{ return <p>{{await {shown}}}</p> }}"
    facts = run({"app/page.tsx": code, "app/layout.tsx": GATE, **STACK})["default"]
    found = [*accidental_endpoint.RULE.check(facts), *missing_authentication.RULE.check(facts)]
    assert [f.persona is Persona.REGULAR for f in found] == is_posted


COLUMNS = {
    "a customer's shop": ("prisma.customer.update({ where: { id }, data: note })", "`shopId`"),
    "an account's secret": ("prisma.user.update({ where: { id }, data: { ...note } })", "`passwordHash`"),
    "a table that no schema has": ("prisma.thing.create({ data: note })", None),
    "people of whom no schema is there": ("prisma.teamMember.create({ data: note })", "an owner, a role, a price"),
    "a label, which has no other column than the form": ("prisma.label.create({ data: note })", None),
    "a customer whose shop the code sets": (
        "prisma.customer.create({ data: { ...note, shopId: user.shopId } })",
        None,
    ),
    "the administrator's form": ("administrator().then(() => prisma.customer.create({ data: note }))", None),
}


@pytest.mark.parametrize(("written", "named"), COLUMNS.values(), ids=COLUMNS.keys())
def test_columns_of_the_callers_choice_are_worth_a_comment_for_those_no_form_has(
    written: str, named: str | None
) -> None:
    finding = found(mass_assignment, f"const user = await signedIn(); await {written}")
    assert finding is not None
    assert (finding.persona is Persona.REGULAR) is (named is not None)
    assert named is None or finding.message.endswith(f"A request can add any other column of the table: {named}.")


GATE = """
    import { redirect } from 'next/navigation'
    import { auth } from '../lib/auth'
    export default async function Layout({ children }) {
      const session = await auth()
      if (!session?.user) redirect('/sign-in')
      return children
    }
"""


QUERIES = """
    import { prisma } from './prisma'
    export const MOST = 20
    export const amount = (cents: number) => `${cents / 100} €`
    export const find = (id: string) => prisma.booking.findUnique({ where: { id } })
    export const named = { find }
    const newest = () => prisma.booking.findFirst()
    export const latest = async () => (await newest())?.id
"""
TAKEN = {
    "a formatter": ({"app/b.tsx": "import { amount } from '../lib/q'\nexport const B = () => amount(1)"}, None),
    "a constant": ({"app/b.tsx": "import { MOST } from '../lib/q'\nexport const B = () => MOST"}, None),
    "a type": ({"app/b.tsx": "import type { find } from '../lib/q'\nexport const B = () => 1"}, None),
    "the query": ({"app/b.tsx": "import { find } from '../lib/q'\nexport const B = () => find('1')"}, "app/b.tsx"),
    "an object with the query": (
        {"app/b.tsx": "import { named } from '../lib/q'\nexport const B = () => named.find('1')"},
        "app/b.tsx",
    ),
    "the query, by a hook": (
        {
            "lib/hook.ts": "import { find } from './q'\nexport const useIt = () => find('1')",
            "app/b.tsx": "import { useIt } from '../lib/hook'\nexport const B = () => useIt()",
        },
        "lib/hook.ts",
    ),
    "another query": ({"app/b.tsx": "import { latest } from '../lib/q'\nexport const B = () => latest()"}, "app/b.tsx"),
    "the query, by a barrel": (
        {
            "lib/all.ts": "export * from './q'",
            "app/b.tsx": "import { find } from '../lib/all'\nexport const B = () => find('1')",
        },
        "app/b.tsx",
    ),
}


@pytest.mark.parametrize(("files", "taker"), TAKEN.values(), ids=TAKEN.keys())
def test_a_module_of_the_server_is_worth_a_comment_where_browsers_take_its_query(
    files: dict[str, str], taker: str | None
) -> None:
    code = "'use server'\nimport { find } from '../lib/q'\nexport async function act(id: string) { return find(id) }"
    said = {path: f"'use client'\n{text}" if path == "app/b.tsx" else text for path, text in files.items()}
    facts = run({"app/actions.ts": code, "lib/q.ts": QUERIES, **said, **STACK})["act"]
    (finding,) = missing_server_only.RULE.check(facts)
    assert (finding.persona is Persona.REGULAR) is (taker is not None)
    assert (
        taker is None
        or f"`{taker}` is code of browsers and takes a function of it that reaches the store: it fails there"
        in finding.message
    )


SET_ON_AN_ADDRESS = {
    "url.search = query.toString()": False,
    "url.search = `?page=${id}`": False,
    "url.hash = id": False,
    "url.searchParams.set('page', id)": False,
    "url.searchParams.append(id, note)": False,
    "url.host = id": True,
    "url.href = id": True,
}


@pytest.mark.parametrize(("line", "is_posted"), SET_ON_AN_ADDRESS.items(), ids=SET_ON_AN_ADDRESS.keys())
def test_what_stands_behind_the_path_leads_nowhere_else(line: str, is_posted: bool) -> None:
    body = f"""
        const url = new URL(`${{process.env.API_URL}}/certificates`)
        const query = new URLSearchParams({{ page: id }})
        {line}
        return (await fetch(url.toString(), {{ headers: {{ Authorization: `Bearer ${{process.env.KEY}}` }} }})).ok
    """
    assert (found(server_side_request_forgery, body) is not None) is is_posted


def test_the_answer_of_a_route_is_no_connection() -> None:
    code = f"""{HEAD}
        import {{ NextResponse, type NextRequest }} from 'next/server'
        export async function list(request: NextRequest) {{
          const user = await signedIn()
          return NextResponse.json(await prisma.booking.findMany({{ where: {{ guestId: user.id }} }}))
        }}
    """
    route = "import { list } from '../../actions'\nexport async function GET(request) { return list(request) }"
    facts = run({"app/actions.ts": code, "app/api/bookings/route.ts": route, **STACK})["list"]
    (finding,) = accidental_endpoint.RULE.check(facts)
    assert finding.persona is Persona.PEDANTIC
    assert finding.message.endswith("callable over the network, where it fails: no request carries a `request`.")


PARTS = {
    "error.message": True,
    "error.detail": True,
    "error.cause.message": True,
    "error.response.data": True,
    "error.code": None,
    "error.productName": None,
    "error.retryAfterSeconds": None,
    "error.friendly.text": None,
}


@pytest.mark.parametrize(("part", "is_posted"), PARTS.items(), ids=PARTS.keys())
def test_a_part_that_no_library_gives_its_errors_is_the_programs_own(part: str, is_posted: bool | None) -> None:
    body = "await signedIn(); try { await prisma.booking.update({ where: { id }, data: {} }) }"
    finding = found(error_message_leak, f"{body} catch (error) {{ return {{ ok: false, why: {part} }} }}")
    assert (None if finding is None else finding.persona is Persona.REGULAR) is is_posted


def test_a_failure_is_called_after_what_the_caller_has_sent_something_to() -> None:
    body = """
        const user = await signedIn()
        try {
          await prisma.user.findUniqueOrThrow({ where: { id: user.id } })
          await prisma.booking.update({ where: { id }, data: { note } })
        } catch (error) { return { error: error.message } }
    """
    finding = found(error_message_leak, body)
    assert finding is not None
    assert finding.message.endswith(
        "Whoever makes it fail reads in it what `prisma.booking.update` says of its failure: tables, columns and "
        "checks, and parts of the statement."
    )


ON_THE_SERVER = {
    "whether a name is free": ("return (await prisma.label.findUnique({ where: { id } })) === null", False),
    "a name that is free": (
        "let name = id\nwhile (await prisma.label.findUnique({ where: { id: name } })) name += '1'\nreturn name",
        False,
    ),
    "whether there is room": ("return (await prisma.booking.count()) < 50", False),
    "a number": ("return prisma.booking.count()", True),
    "rows": ("return prisma.booking.findMany({ where: { id } })", True),
    "a change": ("await prisma.label.update({ where: { id }, data: { name: 'x' } })", True),
    "whether a password is right": (
        "const { compare } = await import('bcryptjs')\n"
        "const user = await prisma.user.findUnique({ where: { id } })\n"
        "return user ? compare(note, user.passwordHash) : false",
        True,
    ),
}


@pytest.mark.parametrize(("body", "is_posted"), ON_THE_SERVER.values(), ids=ON_THE_SERVER.keys())
def test_a_helper_that_tells_nothing_is_worth_no_comment(body: str, *, is_posted: bool) -> None:
    code = f"{HEAD}\n    export async function act(id: string, note: string) {{ {body} }}"
    caller = (
        "import { act } from '../app/actions'\nexport async function close(id: string) { return await act(id, id) }"
    )
    facts = run({"app/actions.ts": code, "lib/close.ts": caller, "prisma/schema.prisma": SCHEMA, **STACK})["act"]
    (finding,) = accidental_endpoint.RULE.check(facts)
    assert (finding.persona is Persona.REGULAR) is is_posted


OWN_TEXT = (
    "error.message.startsWith('error.')",
    "['error.gone', 'error.closed'].includes(error.message)",
    "new Set(['error.gone']).has(error.message)",
    "/^error\\./.test(error.message)",
    "error.message in { 'error.gone': 1 }",
)
ANY_TEXT = ("error.message.includes('constraint')", "error.message.length < 80", "error.message.endsWith('.')")


@pytest.mark.parametrize(("asks", "is_posted"), [*((a, False) for a in OWN_TEXT), *((a, True) for a in ANY_TEXT)])
def test_a_text_that_the_program_knows_as_its_own_is_no_leak(asks: str, *, is_posted: bool) -> None:
    code = f"""
    {HEAD}
    export async function act(id) {{
      const session = await auth()
      if (!session?.user) throw new Error('no')
      try {{
        await prisma.$queryRawUnsafe('DELETE FROM notes WHERE ' + id)
      }} catch (error) {{
        return {{ error: {asks} ? error.message : 'It failed.' }}
      }}
    }}
    """
    found = error_message_leak.RULE.check(run({"app/actions.ts": code, **STACK})["act"])
    assert any(each.persona is Persona.REGULAR for each in found) == is_posted


RANKS = {
    "prisma.user.update({ where: { id }, data: { role } })": True,
    "prisma.teamMember.create({ data: { userId: id, role } })": True,
    "prisma.person.update({ where: { id }, data: { role } })": True,
    "prisma.guestPerson.create({ data: { name: id, role } })": False,
    "prisma.user.update({ where: { id }, data: { permissions: { export: role } } })": False,
    "prisma.member.update({ where: { id }, data: { privileges: role } })": False,
}


@pytest.mark.parametrize(("change", "is_a_rank"), RANKS.items())
def test_a_rank_is_what_the_action_itself_asks_for_and_not_a_job_or_a_right_of_many(
    change: str, *, is_a_rank: bool
) -> None:
    code = f"""
    {HEAD}
    export async function act(id, role) {{
      const session = await auth()
      if (!session?.user || !['admin', 'owner'].includes(session.user.role)) throw new Error('Not allowed')
      await {change}
    }}
    """
    found = missing_role_check.RULE.check(run({"app/actions.ts": code, **STACK})["act"])
    assert any("give away" in each.message for each in found) == is_a_rank


CHOICES = {
    "prisma.category.findMany()": False,
    "prisma.systemConfig.findUnique({ where: { key: 'limits' } })": False,
    "prisma.category.findMany({ include: { owner: true } })": True,
    "prisma.category.findMany({ where: { shopId: id } })": True,
    "prisma.siteSettings.findFirst()": True,
    "prisma.expense.findMany()": True,
    "prisma.escrow_status.findMany()": True,
    "prisma.category.create({ data: { name: note } })": True,
}
OPEN_SCHEMA = """
model User {
  id    String @id
  email String
}
model Category {
  id      String @id
  name    String
  shopId  String
  ownerId String
  owner   User   @relation(fields: [ownerId], references: [id])
}
model SystemConfig {
  key   String @id
  value String
}
model SiteSettings {
  id         String @id
  smtpSecret String
}
model Expense {
  id    String @id
  total Int
}
"""


@pytest.mark.parametrize(("touched", "is_posted"), CHOICES.items())
def test_what_forms_let_people_choose_from_is_read_by_anybody(touched: str, *, is_posted: bool) -> None:
    code = f"""
    {HEAD}
    export async function act(id: string, note: string) {{ return {touched} }}
    export async function mine() {{
      const user = await signedIn()
      return prisma.note.findMany({{ where: {{ authorId: user.id }} }})
    }}
    """
    page = "import { act } from '../actions'\nexport default function Page() { return <form action={act} /> }"
    files = {"app/actions.ts": code, "app/shop/page.tsx": page, "app/layout.tsx": GATE, **STACK}
    facts = run({**files, "prisma/schema.prisma": OPEN_SCHEMA})["act"]
    assert [f.persona is Persona.REGULAR for f in missing_authentication.RULE.check(facts)] == [is_posted]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ("name: string", "`shopId`"),
        ("name: string; shopId?: string | null", None),
        ("name: string, shopId: string", None),
    ],
)
def test_a_column_that_the_type_of_an_argument_names_is_a_field_of_the_form(fields: str, named: str | None) -> None:
    code = f"""
    {HEAD}
    export async function act(id: string, data: {{ {fields} }}) {{
      await signedIn()
      await prisma.customer.update({{ where: {{ id }}, data: {{ ...data }} }})
    }}
    """
    facts = run({"app/actions.ts": code, "prisma/schema.prisma": SCHEMA, **STACK})["act"]
    (finding,) = mass_assignment.RULE.check(facts)
    assert (finding.persona is Persona.REGULAR) is (named is not None)
    assert named is None or finding.message.endswith(f"{named}.")


@pytest.mark.parametrize(
    ("target", "is_posted"),
    [
        ("id", True),
        ("`${id}/login`", True),
        ("`/${id}/login`", False),
        ("`${id ? `/${id}` : ''}/login`", False),
        ("`${id ? `/${id}` : ''}${note}`", True),
        ("`${id ? id : ''}/login`", True),
    ],
)
def test_a_redirect_behind_a_slash_leads_nowhere_else(target: str, *, is_posted: bool) -> None:
    finding = found(open_redirect, f"const {{ redirect }} = await import('next/navigation'); redirect({target})")
    assert (finding is not None) is is_posted


@pytest.mark.parametrize(("name", "is_posted"), [("price", True), ("priceId", False), ("price_id", False)])
def test_the_id_of_a_price_is_none(name: str, *, is_posted: bool) -> None:
    code = f"""
    {HEAD}
    import Stripe from 'stripe'
    const stripe = new Stripe(process.env.STRIPE_KEY)
    export async function act({name}) {{
      await signedIn()
      await stripe.checkout.sessions.create({{ line_items: [{{ price: {name} }}] }})
    }}
    """
    reported = list(unvalidated_input.RULE.check(run({"app/actions.ts": code, **STACK})["act"]))
    assert any("names the price" in each.message for each in reported) is is_posted
