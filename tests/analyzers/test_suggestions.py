"""Every edit that is offered is taken here, and the change reviewed again: its fault is gone, and no other came."""

from __future__ import annotations

import pytest

from analyzers.analysis import Analysis, Confidence, FileChange, Finding, Persona, Policy, Status, review
from analyzers.project.memory import MemoryFiles
from analyzers.rule import actions
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


def offered(code: str, more: dict[str, str] | None = None) -> list[str]:
    """The edits that a review offers, after each was taken by itself."""
    analysis = reviewed(code, more)
    edits = [finding for finding in findings(analysis) if finding.suggestion is not None]
    for finding in edits:
        take(finding, files_of(actions(code, SESSION | (more or {}))), analysis)
    return [finding.suggestion.text for finding in edits if finding.suggestion]


def take(finding: Finding, files: dict[str, str], before: Analysis) -> None:
    """Put an edit where GitHub would put it, and review the change anew."""
    assert finding.status is Status.INTRODUCED
    edit, lines = finding.suggestion, files[finding.path].split("\n")
    assert edit is not None
    lines[edit.line - 1 : edit.end_line] = edit.text.split("\n")
    after = judged({**files, finding.path: "\n".join(lines)})
    assert {each.fingerprint for each in findings(after)} == {
        each.fingerprint for each in findings(before) if each.fingerprint != finding.fingerprint
    }
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
    assert offered(IMPORTS + teams) == [
        "  await requireTeam(teamId)\n  await prisma.team.update({ where: { id: teamId }, data: { open: false } })"
    ]


@pytest.mark.parametrize(
    ("why", "code"),
    [
        (
            "behind the session waits the question whose post it is",
            GUARDED
            + "\nexport async function removePost(id: string) {\n  await prisma.post.delete({ where: { id } })\n}\n",
        ),
        (
            "the statement is inside of another",
            GUARDED
            + "\nexport async function addPost(title: string) {\n"
            + "  if (title) {\n    await prisma.post.create({ data: { title } })\n  }\n}\n",
        ),
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
        ("the neighbours ask and then test, which is more than one line", IMPORTS + ASKS % "a" + ASKS % "b" + NEW),
        ("an edit would mix line ends", (GUARDED + NEW).replace("\n", "\r\n")),
        (
            "the guard's throw would be swallowed",
            GUARDED.replace("redirect('/login')", "return")
            + "\nexport async function addPost(title: string) {\n"
            + "  try {\n    await prisma.post.create({ data: { title } })\n  } catch {}\n}\n",
        ),
    ],
)
def test_nothing_is_offered_that_would_not_mend_it(why, code):
    assert any(finding.rule == "missing-authentication" for finding in findings(reviewed(code))), why
    assert offered(code) == []


def test_a_guard_of_a_package_that_nobody_can_read_is_not_offered():
    hidden = GUARDED.replace("'../lib/session'", "'@acme/session'")
    assert offered(hidden + NEW) == []


def test_where_very_many_faults_are_new_only_some_are_tried():
    many = "".join(NEW.replace("addPost", f"addPost{number}") for number in range(7))
    more = "".join(STOPS % f"guarded{number}" for number in range(7))
    assert len(offered(GUARDED + more + many)) == 5


def test_what_stood_before_the_change_is_left_to_its_own():
    files = files_of(actions(GUARDED + NEW, SESSION))
    lines = files[PATH].split("\n")
    line = next(number for number, text in enumerate(lines, 1) if "function addPost" in text)
    old = {**files, PATH: files[PATH].replace("addPost(title: string)", "addPost(title: any)")}
    change = FileChange(PATH, PATH, added=(line,), removed=(line,), seams=(line - 1,))
    found = findings(review(MemoryFiles(old), MemoryFiles(files), [change], Policy()))
    (finding,) = [each for each in found if each.rule == "missing-authentication"]
    assert (finding.status, finding.suggestion) == (Status.STANDING, None)
