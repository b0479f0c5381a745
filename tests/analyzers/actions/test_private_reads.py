"""Rows of somebody's, read by their id: exposed where the schema gives them to somebody and others read only theirs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from tests.analyzers.flow.test_guards import HEAD, LIBRARY
from tests.analyzers.flow.test_ownership import SESSION
from tests.analyzers.running import run

SCHEMA = """
    model User {
      id      String @id
      firmId  String
      firm    Firm   @relation(fields: [firmId], references: [id])
    }
    model Firm {
      id String @id
    }
    model Case {
      id     String @id
      firmId String
      firm   Firm   @relation(fields: [firmId], references: [id])
      notes  Note[]
    }
    model Note {
      id     String @id
      caseId String
      case   Case   @relation(fields: [caseId], references: [id])
    }
    model Diary {
      id       String @id
      writerId String
      writer   User   @relation(fields: [writerId], references: [id])
    }
    model Article {
      id          String    @id
      publishedAt DateTime?
      firmId      String
      firm        Firm      @relation(fields: [firmId], references: [id])
    }
    model Court {
      id String @id
    }
    model Person {
      id     String @id
      email  String
      firmId String
      firm   Firm   @relation(fields: [firmId], references: [id])
    }
"""

OTHERS = """
async function mine() {
  const session = await auth()
  if (!session?.user?.id) throw new Error('no')
  return db.user.findUniqueOrThrow({ where: { id: session.user.id } })
}
export async function ours() {
  const me = await mine()
  const articles = await db.article.findMany({ where: { firmId: me.firmId } })
  const notes = await db.note.findMany({ where: { case: { firmId: me.firmId } } })
  const courts = await db.court.findMany({ where: { users: { some: { id: me.id } } } })
  return { articles, notes, courts, cases: await db.case.findMany({ where: { firmId: me.firmId } }) }
}
export async function contacts() {
  const me = await mine()
  return db.person.findMany({ where: { firmId: me.firmId } })
}
export async function myDiary(diaryId) {
  const me = await mine()
  return db.diary.findFirst({ where: { id: diaryId, writerId: me.id } })
}
"""


def exposed(body: str, others: str = OTHERS) -> str | None:
    """The table of which `act` hands out a row of somebody's."""
    action = f"{HEAD}\nexport async function act(id) {{ {SESSION} {body} }}\n{others}"
    found = run({"app/actions.ts": action, "prisma/schema.prisma": SCHEMA, **LIBRARY})["act"].private_read()
    return found.table if found is not None else None


EXPOSED = {
    "of the tenant": ("return db.case.findUnique({ where: { id } })", "Case"),
    "of something of the tenant": ("return db.note.findUnique({ where: { id } })", "Note"),
    "all in one of the tenant's": ("return db.note.findMany({ where: { caseId: id } })", "Note"),
    "a part of it": ("const c = await db.case.findUnique({ where: { id } })\nreturn { name: c?.name }", "Case"),
    "people whom the tenant deals with": ("return db.person.findMany({ where: { firmId: id } })", "Person"),
    "beside one's own that is put beneath it": (
        "const above = await db.case.findUnique({ where: { id } })\n"
        "const made = await db.case.create({ data: { aboveId: id, firmId: user.firmId } })\nreturn { above, made }",
        "Case",
    ),
    "through what is done with each": (
        """
        async function last(kind) {
          const cases = await db.case.findMany({ where: { firmId: id, kind }, take: 2 })
          if (cases.length === 0) return null
          const current = cases[0]!
          return { ...current, name: current.name.toString() }
        }
        const [open, closed] = await Promise.all([last('open'), last('closed')])
        return { success: true, data: { open, closed } }""",
        "Case",
    ),
    "with what belongs to it": ("return db.case.findUnique({ where: { id }, include: { notes: true } })", "Case"),
    "of a person": ("return db.diary.findUnique({ where: { id } })", "Diary"),
}

KEPT = {
    "among the tenant's": "return db.case.findFirst({ where: { id, firmId: user.firmId } })",
    "compared before it is handed out": (
        "const c = await db.case.findUnique({ where: { id } })\nif (c?.firmId !== user.firmId) return\nreturn c"
    ),
    "not handed out": "const c = await db.case.findUnique({ where: { id } })\nreturn { isThere: !!c }",
    "only looked at before one's own is put beneath it": (
        "const above = await db.case.findUnique({ where: { id } })\nif (!above) return\n"
        "const made = await db.case.create({ data: { aboveId: id, firmId: user.firmId } })\nreturn { id: made.id }"
    ),
    "only looked at before a copy of what is sent is made": (
        "const above = await db.case.findUnique({ where: { id } })\nif (!above) return\n"
        "return db.case.create({ data: { aboveId: id, firmId: user.firmId } })"
    ),
    "reference data": "return db.court.findUnique({ where: { id } })",
    "what may be published": "return db.article.findUnique({ where: { id } })",
    "by the name in its address": "return db.case.findUnique({ where: { slug: id } })",
    "with a role": "if (user.role !== 'ADMIN') return\nreturn db.case.findUnique({ where: { id } })",
}


@pytest.mark.parametrize(("body", "table"), EXPOSED.values(), ids=EXPOSED.keys())
def test_a_row_is_exposed_where_its_id_is_enough(body: str, table: str) -> None:
    assert exposed(body) == table


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT.keys())
def test_a_row_is_not_exposed_where_it_is_tied_or_meant_to_be_seen(body: str) -> None:
    assert exposed(body) is None


def test_a_row_of_a_persons_is_not_said_to_be_private_where_no_other_action_keeps_its_like() -> None:
    assert exposed("return db.diary.findUnique({ where: { id } })", others="") is None


def test_a_row_of_a_tenants_is_private_whatever_others_do() -> None:
    assert exposed("return db.case.findUnique({ where: { id } })", others="") == "Case"


def test_a_list_of_ones_own_does_not_make_everybodys_private() -> None:
    listed = OTHERS.replace("{ id: diaryId, writerId: me.id }", "{ writerId: me.id }")
    assert exposed("return db.diary.findUnique({ where: { id } })", others=listed) is None


MEMBERS = f"""{SCHEMA}
    model FirmMember {{
      firmId String
      firm   Firm   @relation(fields: [firmId], references: [id])
      userId String
      user   User   @relation(fields: [userId], references: [id])
      @@id([firmId, userId])
    }}
"""


def of_a_tenant(body: str, others: str = "", more: dict[str, str] | None = None) -> str | None:
    """The table of which `act` hands out what belongs to a tenant with members."""
    action = f"{HEAD}\nexport async function act(firmId, id) {{ {SESSION} {body} }}\n{others}"
    files = {"app/actions.ts": action, "prisma/schema.prisma": MEMBERS, **LIBRARY, **(more or {})}
    found = run(files)["act"].private_read()
    return found.table if found is not None else None


SEAT = """
async function seat(firmId) {
  const session = await auth()
  if (!session?.user?.id) throw new Error('no')
  const found = await db.firmMember.findFirst({ where: { firmId, userId: session.user.id } })
  if (!found) throw new Error('Forbidden')
}
"""


@pytest.mark.parametrize(
    ("body", "table"),
    [
        ("return db.case.findMany({ where: { firmId } })", "Case"),
        ("return db.case.findUnique({ where: { id } })", "Case"),
        ("return db.note.findMany({ where: { case: { firmId } } })", "Note"),
        ("return db.note.findMany({ where: { caseId: id } })", "Note"),
        ("const found = await db.case.findFirst({ where: { id, firmId } })\nreturn { found }", "Case"),
    ],
    ids=["all of a tenant's", "by its own id", "all that is in it", "of what it lies in", "of a tenant and by its id"],
)
def test_what_a_tenant_has_is_exposed_to_those_who_send_an_id(body: str, table: str) -> None:
    assert of_a_tenant(body, SEAT) == table


@pytest.mark.parametrize(
    "body",
    [
        "await seat(firmId)\nreturn db.case.findMany({ where: { firmId } })",
        "return db.article.findMany({ where: { firmId } })",
        "return db.firmMember.findMany({ where: { firmId } })",
        "return db.case.count({ where: { firmId } }) > 3",
        "return db.court.findUnique({ where: { id } })",
    ],
    ids=["asked", "what may be published", "people", "only whether there are many", "reference data"],
)
def test_what_a_tenant_has_is_not_exposed_where_it_is_asked_for_or_meant_to_be_seen(body: str) -> None:
    assert of_a_tenant(body, SEAT) is None


READ = "return db.case.findMany({ where: { firmId } })"
JOIN = f"""
export async function join(firmId, code) {{ {SESSION}
  %s
}}
"""


@pytest.mark.parametrize(
    "joining",
    [
        "await db.firmMember.create({ data: { firmId, userId: user.id } })",
        "await db.firmMember.create({ data: { firm: { connect: { id: firmId } }, userId: user.id } })",
        "await db.firmMember.createMany({ data: [{ firmId, userId: user.id }] })",
    ],
)
def test_what_a_tenant_has_is_for_all_where_whoever_likes_makes_themselves_a_member(joining: str) -> None:
    assert of_a_tenant(READ, JOIN % joining) is None


@pytest.mark.parametrize(
    "joining",
    [
        "const invited = await db.invite.findUniqueOrThrow({ where: { code } })\n"
        "await db.firmMember.create({ data: { firmId: invited.firmId, userId: user.id } })",
        "if (user.role !== 'ADMIN') return\nawait db.firmMember.create({ data: { firmId, userId: user.id } })",
        "await db.firmMember.create({ data: { firmId, userId: code } })",
    ],
    ids=["by an invitation", "with a role", "somebody else"],
)
def test_what_a_tenant_has_is_private_where_members_are_let_in(joining: str) -> None:
    assert of_a_tenant(READ, JOIN % joining) == "Case"


SHOWING = """
    import { auth } from '../lib/auth'
    import { db } from '../lib/db'
    export default async function Page({ params }) {
      %s
      const cases = await db.case.findMany({ where: { firmId: params.firm } })
      return <ul>{cases.map((each) => <li key={each.id}>{each.name}</li>)}</ul>
    }
"""


def test_what_a_tenant_has_is_for_all_where_an_open_page_shows_it() -> None:
    assert of_a_tenant(READ, more={"app/[firm]/page.tsx": SHOWING % ""}) is None


def test_what_a_tenant_has_is_private_where_a_page_asks_who_looks_at_it() -> None:
    asking = SHOWING % "const session = await auth()\nif (!session) redirect('/login')"
    assert (
        of_a_tenant(READ, more={"app/[firm]/page.tsx": f"import {{ redirect }} from 'next/navigation'\n{asking}"})
        == "Case"
    )


OF_A_SERVICE = """
    model Seller {
      id        String  @id
      orgId     String
      name      String
      memberId  String?
    }
    model Offer {
      id          String    @id
      orgId       String
      publishedAt DateTime?
    }
"""
OURS = """
export async function ours() {
  const session = await auth()
  if (!session?.user) throw new Error('no')
  return db.seller.findMany({ where: { orgId: session.user.orgId }, orderBy: { name: 'asc' } })
}
export async function offers() {
  const session = await auth()
  if (!session?.user) throw new Error('no')
  return db.offer.findMany({ where: { orgId: session.user.orgId } })
}
"""


def kept_by_a_service(body: str, others: str = OURS, more: dict[str, str] | None = None) -> str | None:
    """The table of which `act` hands out a row of a tenant that no table of the schema is about."""
    action = f"{HEAD}\nexport async function act(id) {{ {SESSION} {body} }}\n{others}"
    files = {"app/actions.ts": action, "prisma/schema.prisma": OF_A_SERVICE, **LIBRARY, **(more or {})}
    found = run(files)["act"].private_read()
    return found.table if found is not None else None


@pytest.mark.parametrize(
    "body",
    [
        "return db.seller.findUnique({ where: { id } })",
        "return { seller: await db.seller.findFirst({ where: { id } }) }",
        "return db.seller.findMany({ where: { orgId: id } })",
        "const s = await db.seller.findUnique({ where: { id } })\nif (!s) return null\nreturn { name: s.name }",
        "return db.seller.findMany({ where: { memberId: id } })",
    ],
    ids=["by its id", "in an answer", "of a tenant that is named", "a part of it", "of a member"],
)
def test_what_belongs_to_a_tenant_that_a_service_keeps_is_private(body: str) -> None:
    assert kept_by_a_service(body) == "Seller"


@pytest.mark.parametrize(
    "body",
    [
        "return db.seller.findFirst({ where: { id, orgId: user.orgId } })",
        "const s = await db.seller.findUnique({ where: { id } })\nif (s?.orgId !== user.orgId) return null\nreturn s",
        "return db.offer.findUnique({ where: { id } })",
        "return (await db.seller.findUnique({ where: { id } })) !== null",
    ],
    ids=["among one's own", "compared", "what may be published", "only whether it is there"],
)
def test_what_a_tenant_of_a_service_has_is_kept_where_it_is_tied(body: str) -> None:
    assert kept_by_a_service(body) is None


def test_no_column_alone_makes_rows_private() -> None:
    assert kept_by_a_service("return db.seller.findUnique({ where: { id } })", others="") is None


def test_what_a_tenant_of_a_service_has_is_for_all_where_an_open_page_shows_it() -> None:
    shown = SHOWING.replace("db.case", "db.seller").replace("firmId", "orgId") % ""
    assert kept_by_a_service("return db.seller.findUnique({ where: { id } })", more={"app/page.tsx": shown}) is None


LIST = """
export async function list() {
  const me = await mine()
  return db.draft.findMany({ where: { writerId: me.id } })
}
"""
CHANGE = """
export async function rename(draftId, title) {
  const me = await mine()
  await db.draft.updateMany({ where: { id: draftId, writerId: me.id }, data: { title } })
}
"""
SHOWN = "export async function feed() { await mine(); return db.draft.findMany({ take: 10 }) }"
PAGE = """
    import { db } from '../lib/db'
    export default async function Page() {
      const all = await db.draft.findMany({ orderBy: { at: 'desc' } })
      return <ul>{all.map((each) => <li key={each.id}>{each.title}</li>)}</ul>
    }
"""
DRAFTS = """
    model Draft {
      id       String @id
      title    String
      writerId String
      writer   User   @relation(fields: [writerId], references: [id])
    }
"""


@pytest.mark.parametrize(
    ("others", "page", "expected"),
    [
        (LIST + CHANGE, None, "Draft"),
        (LIST, None, None),
        (CHANGE, None, None),
        (LIST + CHANGE + SHOWN, None, None),
        (LIST + CHANGE, PAGE, None),
        (LIST + CHANGE, PAGE.replace("findMany({", "findMany({ where: { writerId: 'me' },"), None),
        (LIST + CHANGE, PAGE.replace("db.draft", "db.court"), "Draft"),
    ],
    ids=[
        "listed and changed",
        "listed",
        "changed",
        "shown by an action",
        "shown by a page",
        "shown in part",
        "not shown",
    ],
)
def test_what_people_list_and_change_alone_and_nothing_shows_is_theirs_to_read(
    others: str, page: str | None, expected: str | None
) -> None:
    action = (
        f"{HEAD}\nexport async function act(id) {{ {SESSION} return db.draft.findUnique({{ where: {{ id }} }}) }}\n"
    )
    mine = OTHERS[: OTHERS.index("export")]
    files = {"app/actions.ts": action + mine + others, "prisma/schema.prisma": SCHEMA + DRAFTS, **LIBRARY}
    found = run({**files, **({"app/page.tsx": page} if page else {})})["act"].private_read()
    assert (found.table if found is not None else None) == expected


LETTERS = """
    model Letter {
      id       String @id
      title    String
      text     String
      draftId  String?
      writerId String
      writer   User   @relation(fields: [writerId], references: [id])
    }
"""
OPEN = """
export async function open(draftId) {
  const me = await mine()
  const draft = await db.draft.findUnique({ where: { id: draftId } })
  if (!draft) return { error: 'Not found' }
  if (draft.writerId !== me.id) return { error: 'Not yours' }
  return { draft }
}
"""
READ_DRAFT = "const draft = await db.draft.findUnique({ where: { id } })\nif (!draft) return\n"


def of_the_drafts(body: str, others: str, files: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """The table of which `act` hands out, or copies, a row of somebody's, beside other actions on drafts."""
    action = f"{HEAD}\nexport async function act(id, other, all) {{ {SESSION} {body} }}\n"
    mine = OTHERS[: OTHERS.index("export")]
    schema = SCHEMA + DRAFTS + LETTERS
    tree = {"app/actions.ts": action + mine + others, "prisma/schema.prisma": schema, **LIBRARY}
    found = run({**tree, **files})["act"].private_read()
    return found.table if found is not None else None


GIVEN_AFTER_A_COMPARISON = {
    "an error instead": OPEN,
    "an exception instead": OPEN.replace("return { error: 'Not yours' }", "throw new Error('Not yours')"),
    "nothing instead": OPEN.replace("return { error: 'Not yours' }", "return null"),
    "the other way around": OPEN.replace(
        "if (draft.writerId !== me.id) return { error: 'Not yours' }\n  return { draft }",
        "if (draft.writerId === me.id) return { draft }\n  return { error: 'Not yours' }",
    ),
    "a part of it": OPEN.replace("return { draft }", "return { title: draft.title }"),
}


@pytest.mark.parametrize("others", GIVEN_AFTER_A_COMPARISON.values(), ids=GIVEN_AFTER_A_COMPARISON.keys())
def test_a_row_that_another_action_gives_to_its_owner_after_a_comparison_is_private(others: str) -> None:
    assert of_the_drafts("return db.draft.findUnique({ where: { id } })", others) == "Draft"


GIVEN_TO_ALL = {
    "with whether one may change it": OPEN.replace(
        "if (draft.writerId !== me.id) return { error: 'Not yours' }\n  return { draft }",
        "return { draft, mayEdit: draft.writerId === me.id }",
    ),
    "to its writer, and by another action to all": OPEN + SHOWN,
    "a part of it to others": OPEN.replace("return { error: 'Not yours' }", "return { title: draft.title }"),
    "only changed after a comparison": OPEN.replace(
        "return { draft }", "await db.draft.update({ where: { id: draftId }, data: { title: '' } })"
    ),
}


@pytest.mark.parametrize("others", GIVEN_TO_ALL.values(), ids=GIVEN_TO_ALL.keys())
def test_a_row_is_not_private_where_another_action_gives_some_of_it_to_all(others: str) -> None:
    assert of_the_drafts("return db.draft.findUnique({ where: { id } })", others) is None


COPIED = {
    "some columns": "await db.letter.create({ data: { writerId: user.id, title: draft.title, text: draft.text } })",
    "one column": "await db.letter.create({ data: { writerId: user.id, title: draft.title, text: other } })",
    "all of it": "await db.letter.create({ data: { ...draft, id: undefined, writerId: user.id } })",
    "into a row that is there": (
        "await db.letter.update({ where: { id: other, writerId: user.id }, data: { text: draft.text } })"
    ),
    "a text that is made of it": (
        "await db.letter.create({ data: { writerId: user.id, title: `Copy of ${draft.title}`, text: other } })"
    ),
    "in a transaction": (
        "await db.$transaction(async (tx) => { "
        "await tx.letter.create({ data: { writerId: user.id, title: draft.title, text: '' } }) })"
    ),
}


@pytest.mark.parametrize("copy", COPIED.values(), ids=COPIED.keys())
def test_a_row_of_somebodys_is_exposed_by_a_copy_in_ones_own(copy: str) -> None:
    assert of_the_drafts(READ_DRAFT + copy, OPEN) == "Draft"


def test_each_row_that_a_list_names_is_exposed_by_its_copy() -> None:
    body = """
        for (const one of all) {
          const draft = await db.draft.findUniqueOrThrow({ where: { id: one } })
          await db.letter.create({ data: { writerId: user.id, title: draft.title, text: draft.text } })
        }"""
    assert of_the_drafts(body, OPEN) == "Draft"


def test_an_action_that_copies_a_row_does_not_show_it_to_all() -> None:
    copy = f"const user = await mine()\n{READ_DRAFT}{COPIED['some columns']}\nreturn draft.title"
    another = f"export async function again(id) {{ {copy} }}"
    assert of_the_drafts(READ_DRAFT + COPIED["all of it"], OPEN + another) == "Draft"


NOT_COPIED = {
    "found among the caller's own": (
        "const draft = await db.draft.findFirst({ where: { id, writerId: user.id } })\nif (!draft) return\n"
        + COPIED["some columns"],
        OPEN,
    ),
    "compared before": (READ_DRAFT + "if (draft.writerId !== user.id) return\n" + COPIED["all of it"], OPEN),
    "only referred to": (
        READ_DRAFT + "await db.letter.create({ data: { writerId: user.id, draftId: draft.id, title: other } })",
        OPEN,
    ),
    "shown to all": (READ_DRAFT + COPIED["some columns"], OPEN + SHOWN),
    "into a row of nobody's": (READ_DRAFT + "await db.court.create({ data: { name: draft.title } })", OPEN),
    "kept nowhere": (READ_DRAFT + COPIED["all of it"], ""),
}


@pytest.mark.parametrize(("body", "others"), NOT_COPIED.values(), ids=NOT_COPIED.keys())
def test_a_copy_exposes_nothing_of_what_is_ones_own_or_shown_or_only_referred_to(body: str, others: str) -> None:
    assert of_the_drafts(body, others) is None


ASKS = """
    const { text } = await generateText({ model: openai('gpt-4o'), prompt: `Make it shorter: ${draft.title}` })
"""
RETOLD = {
    "the answer itself": (ASKS + "return text", OPEN, "Draft"),
    "in an object": (ASKS + "return { shorter: text }", OPEN, "Draft"),
    "what is read of the answer": (ASKS + "return { ideas: JSON.parse(text).ideas }", OPEN, "Draft"),
    "with more beside it": (
        "const system = 'You are short.'\n"
        "const messages = [{ role: 'user', content: draft.title }]\n"
        "const answer = await generateText({ model: openai('gpt-4o'), system, messages })\nreturn answer.text",
        OPEN,
        "Draft",
    ),
    "the answer stays here": (ASKS + "return { ok: !!text }", OPEN, None),
    "the model is shown something else": (ASKS.replace("draft.title", "other") + "return text", OPEN, None),
    "only its name": (ASKS.replace("draft.title", "draft.id") + "return text", OPEN, None),
    "compared before": ("if (draft.writerId !== user.id) return\n" + ASKS + "return text", OPEN, None),
    "shown to all": (ASKS + "return text", OPEN + SHOWN, None),
}


@pytest.mark.parametrize(("body", "others", "expected"), RETOLD.values(), ids=RETOLD.keys())
def test_a_row_that_a_model_is_shown_is_exposed_by_its_answer(body: str, others: str, expected: str | None) -> None:
    models = "import { generateText } from 'ai'\nimport { openai } from '@ai-sdk/openai'\n"
    assert of_the_drafts(READ_DRAFT + body, others + models) == expected


def test_a_row_that_another_action_retells_to_its_owner_alone_is_private() -> None:
    retold = OPEN.replace("return { draft }", f"{ASKS}\nreturn {{ text }}")
    models = "import { generateText } from 'ai'\nimport { openai } from '@ai-sdk/openai'\n"
    assert of_the_drafts("return db.draft.findUnique({ where: { id } })", models + retold) == "Draft"


READER = """
    import { notFound } from 'next/navigation'
    import { auth } from '../../lib/auth'
    import { db } from '../../lib/db'
    export default async function Page({ params }) {
      const { id } = await params
      const session = await auth()
      const draft = await db.draft.findUnique({ where: { id } })
      %s
      return <p>{draft.title}</p>
    }
"""
WHOSE = "if (!draft || draft.writerId !== session?.user?.id) notFound()"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (READER % WHOSE, "Draft"),
        (READER % "if (!draft) notFound()", None),
        (READER % "const mayEdit = draft.writerId === session?.user?.id", None),
        (READER.replace("where: { id }", "where: { id, writerId: session.user.id }") % "", "Draft"),
        (PAGE.replace("../lib", "../../lib"), None),
    ],
    ids=["for its writer", "for everybody", "for everybody, and its writer may change it", "among their own", "a list"],
)
def test_a_row_is_private_unless_a_page_shows_it_to_everybody(page: str, expected: str | None) -> None:
    read = "return db.draft.findUnique({ where: { id } })"
    assert of_the_drafts(read, OPEN, {"app/drafts/page.tsx": page}) == expected
