"""Every edit that is offered is taken here, and the change reviewed again: its fault is gone, and no other came."""

from __future__ import annotations

import pytest

from preship.analyzers.analysis import Analysis, Confidence, Edit, FileChange, Finding, Persona, Policy, Status, review
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.rule import actions
from preship.analyzers.suggestions import MOST_TRIED
from tests.analyzers.actions.test_idioms import ASKS, IMPORTS, SESSION, STOPS
from tests.analyzers.running import files_of

PATH = "app/actions.ts"
NEW = """
export async function addPost(title: string) {
  await prisma.post.create({ data: { title } })
}
"""
GUARDED = IMPORTS + STOPS % "first" + STOPS % "second"


def reviewed(code: str, more: dict[str, str] | None = None) -> Analysis:
    """The review of a change that adds all of `app/actions.ts`."""
    return judged(files_of(actions(code, SESSION | (more or {}))))


def judged(files: dict[str, str]) -> Analysis:
    lines = tuple(range(1, len(files[PATH].split("\n")) + 1))
    base = {path: text for path, text in files.items() if path != PATH}
    return review(MemoryFiles(base), MemoryFiles(files), [FileChange(PATH, None, added=lines)], Policy())


def findings(analysis: Analysis) -> list[Finding]:
    """What everybody is told."""
    return [
        finding
        for action in analysis.actions
        for finding in action.findings
        if finding.persona is Persona.REGULAR and finding.confidence is not Confidence.LOW
    ]


def offered(code: str, more: dict[str, str] | None = None, of: str = "missing-authentication") -> list[str]:
    """The edits that a review offers for the faults of a rule, after each was taken by itself."""
    return [edit.text for edit in edits(code, more, of)]


def edits(code: str, more: dict[str, str] | None = None, of: str = "missing-authentication") -> list[Edit]:
    """The same, with their lines and with what they leave."""
    analysis = reviewed(code, more)
    found = [finding for finding in findings(analysis) if finding.suggestion is not None]
    for finding in found:
        take(finding, files_of(actions(code, SESSION | (more or {}))), analysis)
    return [finding.suggestion for finding in found if finding.suggestion is not None and finding.rule == of]


def take(finding: Finding, files: dict[str, str], before: Analysis) -> None:
    """Put an edit where GitHub would put it, and review the change anew."""
    assert finding.status is Status.INTRODUCED
    edit, lines = finding.suggestion, files[finding.path].split("\n")
    assert edit is not None
    lines[edit.line - 1 : edit.end_line] = edit.text.split("\n")
    after = judged({**files, finding.path: "\n".join(lines)})
    known = {each.fingerprint: each for each in findings(before)}
    then = {each.fingerprint: each for each in findings(after)}
    assert finding.fingerprint not in then
    assert known.keys() - then.keys() <= {finding.fingerprint}
    assert {then[each].title for each in then.keys() - known.keys()} == set(edit.leaves)
    assert after.failures == before.failures


def test_the_neighbours_guard_is_offered_in_front_of_the_statement():
    assert offered(GUARDED + NEW) == ["  await requireUser()\n  await prisma.post.create({ data: { title } })"]


@pytest.mark.parametrize(
    ("statement", "edit"),
    [
        (
            "  await prisma.post.create({\n    data: { title },\n  });",
            "  await requireUser();\n  await prisma.post.create({\n    data: { title },\n  });",
        ),
        (
            "\tconst made = await prisma.post.create({ data: { title } })\n\tconsole.log(made)",
            "\tawait requireUser()\n\tconst made = await prisma.post.create({ data: { title } })",
        ),
        (
            "  const words = title.trim()\n  await prisma.post.create({ data: { title: words } })",
            "  await requireUser()\n  await prisma.post.create({ data: { title: words } })",
        ),
    ],
)
def test_an_edit_is_written_as_the_lines_around_it_are(statement, edit):
    code = "\nexport async function addPost(title: string) {\n" + statement + "\n}\n"
    assert offered(GUARDED + code) == [edit]


def test_a_guard_that_asks_for_the_same_variable_is_called_with_it():
    teams = """
export async function renameTeam(teamId: string, name: string) {
  await requireTeam(teamId)
  await prisma.team.update({ where: { id: teamId }, data: { name } })
}
export async function closeTeam(teamId: string) {
  await requireUser()
  await prisma.team.update({ where: { id: teamId }, data: { open: false } })
}
"""
    assert offered(IMPORTS + teams, of="missing-ownership-check") == [
        "  await requireTeam(teamId)\n  await prisma.team.update({ where: { id: teamId }, data: { open: false } })"
    ]


@pytest.mark.parametrize(
    ("why", "code"),
    [
        (
            "a parameter has the guard's name",
            GUARDED
            + "\nexport async function addPost(requireUser: () => void, title: string) {\n"
            + "  await prisma.post.create({ data: { title } })\n}\n",
        ),
        (
            "the action stands on one line",
            GUARDED
            + "\nexport async function addPost(title: string) { await prisma.post.create({ data: { title } }) }\n",
        ),
        (
            "the neighbours keep what they ask for in a variable that the action has itself",
            IMPORTS
            + ASKS % "a"
            + "\nexport async function addPost(title: string) {\n"
            + "  const user = title.trim()\n  await prisma.post.create({ data: { title: user } })\n}\n",
        ),
        (
            "the neighbours ask for what only they are given",
            IMPORTS
            + "\nexport async function a(ask: () => Promise<string>) {\n  const user = await ask()\n"
            + "  if (!user) return\n}\n"
            + NEW,
        ),
        ("an edit would mix line ends", (GUARDED + NEW).replace("\n", "\r\n")),
        (
            "the guard's throw would be swallowed, and the same happens behind it",
            GUARDED
            + "\nexport async function addPost(title: string) {\n"
            + "  try {\n    await prisma.post.create({ data: { title } })\n  } catch {}\n"
            + "  await prisma.post.create({ data: { title } })\n}\n",
        ),
    ],
)
def test_nothing_is_offered_that_would_not_mend_it(why, code):
    assert any(finding.rule == "missing-authentication" for finding in findings(reviewed(code))), why
    assert offered(code) == []


REMOVE = """
export async function removePost(id: string) {
  await prisma.post.delete({ where: { id } })
}
"""


def test_a_guard_that_leaves_open_whose_a_record_is_says_so():
    (edit,) = edits(GUARDED + REMOVE)
    assert edit.text == "  await requireUser()\n  await prisma.post.delete({ where: { id } })"
    assert edit.leaves == ("no ownership check",)


def test_a_guard_is_put_in_front_of_a_statement_inside_of_another():
    code = (
        "\nexport async function addPost(title: string) {\n"
        "  if (title) {\n    await prisma.post.create({ data: { title } })\n  }\n}\n"
    )
    assert offered(GUARDED + code) == ["    await requireUser()\n    await prisma.post.create({ data: { title } })"]


def test_the_lines_in_which_the_neighbours_ask_and_refuse_are_offered_as_they_write_them():
    assert offered(IMPORTS + ASKS % "a" + ASKS % "b" + NEW) == [
        "  const user = await currentUser()\n"
        "  if (!user) return { error: 'Sign in' }\n"
        "  await prisma.post.create({ data: { title } })"
    ]


UNTESTED = """
export async function addPost(title: string) {
  const session = await auth();
  console.log(session?.user?.name);
  await prisma.post.create({ data: { title } });
}
"""


def test_a_session_that_is_read_and_never_tested_is_tested_where_it_is_read():
    (edit,) = edits(IMPORTS + UNTESTED, of="unenforced-session")
    assert edit.text == ("  const session = await auth();\n  if (!session) throw new Error('Unauthorized');")
    assert edit.line == edit.end_line == 7


@pytest.mark.parametrize(
    ("own", "refusal"),
    [
        ("return { ok: false, error: 'No title' }", "return { ok: false, error: 'Unauthorized' }"),
        ("return { error: 'No title', success: false }", "return { error: 'Unauthorized', success: false }"),
        ("return { message: 'No title' }", "return { message: 'Unauthorized' }"),
        # What is made of a variable, and what is no refusal, is no habit.
        ("return { ok: false, error: title }", "throw new Error('Unauthorized')"),
        ("return { ok: true, post: 'none' }", "throw new Error('Unauthorized')"),
    ],
)
def test_a_session_is_refused_as_the_action_refuses_elsewhere(own: str, refusal: str):
    code = UNTESTED.replace("  console.log(session?.user?.name);", f"  if (!title) {own};")
    assert offered(IMPORTS + code, of="unenforced-session") == [
        f"  const session = await auth();\n  if (!session) {refusal};"
    ]


def test_a_session_is_tested_as_the_neighbours_test_it():
    neighbour = """
export async function rename(name: string) {
  const session = await auth()
  if (!session?.user) return { error: 'Sign in first' }
  await prisma.user.update({ where: { id: session.user.id }, data: { name } })
}
"""
    assert offered(IMPORTS + neighbour + UNTESTED, of="unenforced-session") == [
        "  const session = await auth();\n  if (!session?.user) return { error: 'Sign in first' }"
    ]


@pytest.mark.parametrize(
    ("rule", "forgotten", "edit"),
    [
        ("unenforced-session", "requireUser()", "await requireUser()"),
        ("unenforced-session", "const user = requireUser()", "const user = await requireUser()"),
    ],
)
def test_a_guard_that_is_not_awaited_is(rule, forgotten, edit):
    code = (
        "\nexport async function addPost(title: string) {\n  %s\n  await prisma.post.create({ data: { title } })\n}\n"
    )
    assert offered(IMPORTS + code % forgotten, of=rule) == ["  " + edit]


def test_a_question_whose_answer_is_not_awaited_is():
    more = {
        "lib/rights.ts": """
            import { prisma } from './prisma'
            export async function isMember(userId: string, teamId: string) {
              const found = await prisma.member.findFirst({ where: { userId, teamId } })
              return found !== null
            }
        """
    }
    code = """
import { isMember } from '../lib/rights'
export async function close(teamId: string) {
  const user = await requireUser()
  if (!isMember(user.id, teamId)) throw new Error('Not yours')
  await prisma.team.update({ where: { id: teamId }, data: { open: false } })
}
"""
    found = [
        *edits(IMPORTS + code, more, "missing-ownership-check"),
        *edits(IMPORTS + code, more, "ignored-ownership-check"),
    ]
    assert [edit.text for edit in found] == ["  if (!await isMember(user.id, teamId)) throw new Error('Not yours')"]


OWN = """
export async function rename(id: string, title: string) {
  const session = await auth()
  if (!session?.user) return { error: 'Sign in' }
  await prisma.post.update({ where: { id, authorId: session.user.id }, data: { title } })
}
"""


def test_a_query_is_kept_to_the_callers_own_records_as_those_of_the_neighbours_are():
    code = """
export async function removePost(id: string) {
  const session = await auth()
  if (!session?.user) return { error: 'Sign in' }
  await prisma.post.delete({ where: { id } })
}
"""
    assert offered(IMPORTS + OWN + code, of="missing-ownership-check") == [
        "  await prisma.post.delete({ where: { id, authorId: session.user.id } })"
    ]
    other = code.replace("post.delete", "draft.delete")
    assert offered(IMPORTS + OWN + other, of="missing-ownership-check") == [], "the neighbours ask for other records"


@pytest.mark.parametrize(
    ("given", "edit"),
    [
        ("eq(posts.id, id)", "and(eq(posts.id, id), eq(posts.authorId, session.user.id))"),
        (
            "and(eq(posts.id, id), eq(posts.open, true))",
            "and(eq(posts.id, id), eq(posts.open, true), eq(posts.authorId, session.user.id))",
        ),
    ],
)
def test_a_query_is_kept_to_the_callers_own_records_by_the_neighbours_comparison(given, edit):
    code = """
'use server'
import { and, eq } from 'drizzle-orm'
import { auth } from '../lib/auth'
import { db, posts } from '../lib/tables'
export async function rename(id: string, title: string) {
  const session = await auth()
  if (!session?.user) return { error: 'Sign in' }
  await db.update(posts).set({ title }).where(and(eq(posts.id, id), eq(posts.authorId, session.user.id)))
}
export async function removePost(id: string) {
  const session = await auth()
  if (!session?.user) return { error: 'Sign in' }
  await db.delete(posts).where(GIVEN)
}
"""
    tables = """
        import { drizzle } from 'drizzle-orm/node-postgres'
        import { boolean, pgTable, text } from 'drizzle-orm/pg-core'
        export const posts = pgTable('posts', {
          id: text('id'), authorId: text('author_id'), title: text('title'), open: boolean('open'),
        })
        export const db = drizzle(process.env.DATABASE_URL)
    """
    assert offered(code.replace("GIVEN", given), {"lib/tables.ts": tables}, "missing-ownership-check") == [
        f"  await db.delete(posts).where({edit})"
    ]


CLAIMED = """
'use server'
import { supabase } from '../lib/supabase'
import { prisma } from '../lib/prisma'

export async function addPost() {
  const client = await supabase()
  const { data: { session } } = await client.auth.getSession()
  if (!session) throw new Error('Sign in')
  await prisma.post.create({ data: { title: 'New', authorId: session.user.id } })
}
"""


def test_the_user_is_confirmed_where_only_a_cookie_names_them():
    (edit,) = edits(CLAIMED, of="unverified-session")
    assert edit.text == (
        "  const { data: { user } } = await client.auth.getUser()\n"
        "  if (!user) throw new Error('Sign in')\n"
        "  await prisma.post.create({ data: { title: 'New', authorId: user.id } })"
    )


@pytest.mark.parametrize("needed", ["console.log(session.expires_at)", "const user = session.user"])
def test_a_session_of_which_more_is_needed_than_the_user_is_left(needed):
    code = CLAIMED.replace("  await prisma.post", f"  {needed}\n  await prisma.post")
    assert offered(code, of="unverified-session") == []


KNOWN = """
export async function addPost(%s) {
  await requireUser()
%s
}
"""


@pytest.mark.parametrize(
    ("parameters", "body", "edit"),
    [
        (
            "id: string, open: boolean",
            "  await prisma.link.findMany({ where: { token: id, secret: open } })",
            "  if (typeof id !== 'string' || typeof open !== 'boolean') throw new Error('Invalid input')\n"
            "  await prisma.link.findMany({ where: { token: id, secret: open } })",
        ),
        (
            "amount: number",
            "  await prisma.order.create({ data: { amount } })",
            "  if (typeof amount !== 'number') throw new Error('Invalid input')\n"
            "  await prisma.order.create({ data: { amount } })",
        ),
    ],
)
def test_what_is_used_as_it_was_sent_is_tested(parameters, body, edit):
    code = IMPORTS + "import { z } from 'zod'\n" + KNOWN % (parameters, body)
    assert edit in offered(code, of="unvalidated-input")


@pytest.mark.parametrize(
    ("parses", "raw", "edit"),
    [
        ("const post = S.safeParse(raw)\n  if (!post.success) throw new Error('Invalid')", "raw", "data: post.data"),
        ("const data = await S.parseAsync(raw)", "{ ...raw, open: true }", "data: { ...data, open: true }"),
    ],
)
def test_a_record_is_written_as_the_schema_gave_it_back(parses, raw, edit):
    schema = "import { z } from 'zod'\nconst S = z.object({ title: z.string() })\n"
    code = KNOWN % ("raw: { title: string }", f"  {parses}\n  await prisma.profile.create({{ data: {raw} }})")
    assert offered(IMPORTS + schema + code, of="mass-assignment") == [f"  await prisma.profile.create({{ {edit} }})"]


def test_arguments_that_several_statements_are_given_are_tested_at_the_top():
    body = (
        "  const found = await prisma.invite.findFirst({ where: { token } })\n"
        "  await prisma.invite.deleteMany({ where: { token } })"
    )
    assert offered(IMPORTS + KNOWN % ("token: string", body), of="unvalidated-input") == [
        "  if (typeof token !== 'string') throw new Error('Invalid input')\n  await requireUser()"
    ]


def test_what_no_test_of_one_line_can_see_is_left_to_a_schema():
    code = KNOWN % ("post: { title: string }", "  await prisma.post.create({ data: { title: post.title } })")
    assert offered(IMPORTS + code, of="unvalidated-input") == []


@pytest.mark.parametrize(
    ("caught", "edit"),
    [
        (
            "    return { error: error instanceof Error ? error.message : 'Could not save' }",
            "    console.error(error)\n    return { error: 'Could not save' }",
        ),
        (
            "    console.error('addPost', error)\n    return { error: `Could not save: ${error.message}` }",
            "    return { error: 'Could not save' }",
        ),
        (
            "    log.warn(error)\n    return {\n      ok: false,\n      error: error.message || 'Failed',\n    }",
            "      error: 'Failed',",
        ),
        (
            "    return fail(error.message)",
            "    console.error(error)\n    return fail('Something went wrong')",
        ),
    ],
)
def test_what_an_exception_says_is_logged_and_words_of_ones_own_are_returned(caught, edit):
    query = "await prisma.$executeRawUnsafe(`INSERT INTO posts (title) VALUES ('${title}')`)"
    body = "  try {\n    " + query + "\n  } catch (error) {\n" + caught + "\n  }"
    more = "const fail = (error: string) => ({ error })\n"
    assert offered(IMPORTS + more + KNOWN % ("title: string", body), of="error-message-leak") == [edit]


def test_the_code_that_an_action_hands_to_a_wrapper_is_edited_as_its_own():
    code = """
export const addPost = withUser(async (user, title: string) => {
  try {
    await prisma.$executeRawUnsafe(`INSERT INTO posts (title, author) VALUES ('${title}', '${user.id}')`)
  } catch (error) {
    return { error: error.message }
  }
})
"""
    assert offered(IMPORTS + code, of="error-message-leak") == [
        "    console.error(error)\n    return { error: 'Something went wrong' }"
    ]


def test_a_guard_of_a_package_that_nobody_can_read_is_not_offered():
    hidden = GUARDED.replace("'../lib/session'", "'@acme/session'")
    assert offered(hidden + NEW) == []


def test_where_very_many_faults_are_new_only_some_are_tried():
    many = "".join(NEW.replace("addPost", f"addPost{number}") for number in range(14))
    more = "".join(STOPS % f"guarded{number}" for number in range(14))
    analysis = reviewed(GUARDED + more + many)
    assert sum(finding.suggestion is not None for finding in findings(analysis)) == MOST_TRIED


def test_what_stood_before_the_change_is_left_to_its_own():
    files = files_of(actions(GUARDED + NEW, SESSION))
    lines = files[PATH].split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "function addPost" in text)
    old = {**files, PATH: files[PATH].replace("addPost(title: string)", "addPost(title: any)")}
    change = FileChange(PATH, PATH, added=(line,), removed=(line,), seams=(line - 1,))
    found = findings(review(MemoryFiles(old), MemoryFiles(files), [change], Policy()))
    (finding,) = [each for each in found if each.rule == "missing-authentication"]
    assert (finding.status, finding.suggestion) == (Status.STANDING, None)
