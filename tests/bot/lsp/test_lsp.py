"""`preship lsp` as an editor meets it: what is typed is judged, and the fixes fix."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from preship.analyzers.rulebook import rule
from tests.analyzers.actions.compiler import ask
from tests.bot.lsp.editor import PRESHIP, Editor, editing, in_units
from tests.git_repository import GitRepository
from tests.mutants import APP, MUTANTS, TASKS, all_at_once

FILES = sorted({mutant.path for mutant in MUTANTS})
OPENED = MUTANTS[0]
NOBODY = "{ user: { id: 'nobody' } }"


@pytest.fixture
def app(tmp_path: Path) -> GitRepository:
    """The app `tasks`, committed."""
    repository = GitRepository(tmp_path / "tasks")
    repository.commit(APP)
    return repository


def edit(folder: Path, work: Callable[[Editor], Awaitable[None]]) -> None:
    """Work with an editor."""

    async def run() -> None:
        async with editing(folder) as editor:
            await work(editor)

    asyncio.run(run())


def by_the_command_line(folder: Path, path: str) -> list[dict[str, Any]]:
    """What everybody is told of a file, by its lines."""
    ran = subprocess.run([PRESHIP, "scan", path, "--format", "json"], cwd=folder, capture_output=True, text=True)
    found = [finding for action in json.loads(ran.stdout)["actions"] for finding in action["findings"]]
    told = [each for each in found if each["persona"] == "regular" and each["confidence"] != "low"]
    return sorted(told, key=lambda each: (each["line"], each["rule"]))


def findings(shown: list[types.Diagnostic]) -> list[types.Diagnostic]:
    return [each for each in shown if each.code != "could-not-see"]


def rules(shown: list[types.Diagnostic]) -> list[object]:
    return [each.code for each in findings(shown)]


def test_an_editor_shows_what_the_command_line_finds_with_the_way_that_leads_there(app: GitRepository) -> None:
    app.write(all_at_once())

    async def work(editor: Editor) -> None:
        for path in FILES:
            editor.open(path)
        for path in FILES:
            shown, expected = findings(await editor.shown(path)), by_the_command_line(app.path, path)
            assert [(each.code, each.range.start.line + 1, each.range.end.line + 1) for each in shown] == [
                (each["rule"], each["line"], each["end_line"]) for each in expected
            ]
            assert [each.message.split("\nFix: ")[0] for each in shown] == [each["message"] for each in expected]
            for diagnostic, finding in zip(shown, expected, strict=True):
                trail = [
                    (each.location.uri, each.location.range.start.line + 1, each.message)
                    for each in diagnostic.related_information or ()
                ]
                steps = [(editor.uri(step["path"]), step["line"], step["says"]) for step in finding["trail"]]
                own_place = [(editor.uri(path), finding["line"])]
                assert trail == ([] if [step[:2] for step in steps] == own_place else steps)
                told = rule(finding["rule"])
                assert told is not None
                assert diagnostic.source == "preship"
                assert diagnostic.code_description is not None
                assert diagnostic.code_description.href == f"https://cwe.mitre.org/data/definitions/{told.cwe}.html"
                assert (
                    diagnostic.severity
                    == {
                        "critical": types.DiagnosticSeverity.Error,
                        "high": types.DiagnosticSeverity.Error,
                        "medium": types.DiagnosticSeverity.Warning,
                        "low": types.DiagnosticSeverity.Information,
                    }[finding["severity"]]
                )

    edit(app.path, work)


def test_a_quick_fix_for_each_of_ten_mutants_is_the_end_of_its_finding(app: GitRepository) -> None:
    texts: dict[str, str] = {}

    async def work(editor: Editor) -> None:
        for path in FILES:
            editor.open(path)
        for mutant in MUTANTS:
            editor.type(mutant.path, mutant.text)
            [found] = findings(await editor.shown(mutant.path))
            assert found.code == mutant.rule
            [fix] = await editor.fixes(mutant.path, found)
            assert (fix.kind, fix.is_preferred) == (types.CodeActionKind.QuickFix, True)
            assert list(fix.diagnostics or ()) == [found]
            editor.type(mutant.path, editor.fixed(mutant.path, fix))
            assert findings(await editor.shown(mutant.path)) == []
            texts[f"{mutant.action}.ts"] = editor.texts[mutant.path]
            editor.type(mutant.path, APP[mutant.path])

    edit(app.path, work)
    compiled = ask(texts)
    assert [path for path in texts if "error" in compiled[path]] == []


def test_what_is_not_saved_counts_in_every_file_that_is_open(app: GitRepository) -> None:
    session, text = "src/lib/session.ts", APP["src/lib/session.ts"]

    async def work(editor: Editor) -> None:
        editor.open(TASKS)
        assert rules(await editor.shown(TASKS)) == []
        editor.open(session)
        editor.type(session, text.replace("await auth()", NOBODY))
        await editor.shown(session)
        heard = len(editor.told)
        assert rules(await editor.shown(TASKS, since=heard)) != []
        heard = len(editor.told)
        editor.type(session, text)
        assert rules(await editor.shown(TASKS, since=heard)) == []
        heard = len(editor.told)
        editor.type(session, text.replace("await auth()", NOBODY))
        assert rules(await editor.shown(TASKS, since=heard)) != []
        heard = len(editor.told)
        editor.close(session)
        assert rules(await editor.shown(TASKS, since=heard)) == []

    edit(app.path, work)


def test_what_others_write_counts_once_the_editor_is_told(app: GitRepository) -> None:
    async def work(editor: Editor) -> None:
        editor.open(TASKS)
        assert rules(await editor.shown(TASKS)) == []
        assert editor.registered == ["workspace/didChangeWatchedFiles"]
        heard = len(editor.told)
        weak = APP["src/lib/session.ts"].replace("await auth()", NOBODY)
        editor.others_wrote("src/lib/session.ts", weak)
        assert rules(await editor.shown(TASKS, since=heard)) != []

    edit(app.path, work)


def test_a_file_that_is_not_saved_yet_at_all_is_judged(app: GitRepository) -> None:
    async def work(editor: Editor) -> None:
        editor.open("src/app/new/folder/actions.ts", OPENED.text)
        assert rules(await editor.shown("src/app/new/folder/actions.ts")) == [OPENED.rule]

    edit(app.path, work)


def test_of_many_letters_the_last_ones_are_judged(app: GitRepository) -> None:
    async def work(editor: Editor) -> None:
        editor.open(OPENED.path)
        await editor.shown(OPENED.path)
        heard = len(editor.told)
        for number in range(30):
            editor.type(OPENED.path, f"{OPENED.text}// {'x' * number}\n")
        assert rules(await editor.shown(OPENED.path)) == [OPENED.rule]
        assert len(editor.told) - heard < 30

    edit(app.path, work)


def test_places_are_counted_in_the_units_of_the_editor(app: GitRepository) -> None:
    line = "await db.project.update({ where: { id: projectId }, data: { name: String(name) } })"
    wide = line.replace("String(name)", "`${name} \U0001f600 e\u0301 \u2028`")

    async def work(editor: Editor) -> None:
        text = OPENED.text.replace(line, wide).replace("\n\n", "\n// \U0001f600 \u0085\x0c\u2028\n", 1)
        editor.open(OPENED.path, text)
        [found] = findings(await editor.shown(OPENED.path))
        start, end = found.range.start, found.range.end
        assert start.line == end.line == 12
        assert (start.character, end.character) == (2, 2 + len(wide) + 1)
        assert in_units(text.split("\n")[12], start.character, end.character) == wide
        [fix] = await editor.fixes(OPENED.path, found)
        fixed = text.replace(f"  {wide}", f"  await requireProject(projectId)\n  {wide}")
        assert editor.fixed(OPENED.path, fix) == fixed

    edit(app.path, work)


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_where_the_editor_ends_them(app: GitRepository, end: str) -> None:
    async def work(editor: Editor) -> None:
        editor.open(OPENED.path, OPENED.text.replace("'use server'\n\n", f"'use server'{end}{end}"))
        [found] = findings(await editor.shown(OPENED.path))
        assert (found.range.start.line, found.range.start.character) == (12, 2)

    edit(app.path, work)


def test_what_was_not_seen_is_shown_as_such(app: GitRepository) -> None:
    text = (
        "'use server'\nimport { guard } from 'unheard-of'\nimport { db } from '@/lib/db'\n\n"
        "export async function wipe() {\n  if (!(await guard())) return\n  await db.label.deleteMany({})\n}\n"
    )

    async def work(editor: Editor) -> None:
        editor.open("src/app/wipe.ts", text)
        shown = await editor.shown("src/app/wipe.ts")
        unseen = [each for each in shown if each.code == "could-not-see"]
        assert findings(shown) == []
        assert [(each.range.start.line, each.severity) for each in unseen] == [(5, types.DiagnosticSeverity.Hint)]
        assert unseen[0].message == "Could not see: authentication: perhaps by guard() of unheard-of"

    edit(app.path, work)


def test_a_configuration_with_mistakes_judges_nothing_and_says_so(app: GitRepository) -> None:
    app.write({OPENED.path: OPENED.text, ".github/preship.yml": "severity: {nothing: off}\n"})

    async def work(editor: Editor) -> None:
        editor.open(OPENED.path)
        [told] = await editor.shown(OPENED.path)
        assert told.severity == types.DiagnosticSeverity.Warning
        assert told.message.startswith(
            ".github/preship.yml has mistakes, so nothing was judged\n.github/preship.yml:1:12"
        )
        heard = len(editor.told)
        editor.others_wrote(".github/preship.yml", "fail-on: low\n")
        assert rules(await editor.shown(OPENED.path, since=heard)) == [OPENED.rule]

    edit(app.path, work)


def test_files_that_are_no_code_of_the_project_are_left_alone(app: GitRepository, tmp_path: Path) -> None:
    app.write({".gitignore": "built/\n", "built/actions.ts": OPENED.text, "notes.md": "# Notes\n"})
    (tmp_path / "elsewhere.ts").write_text("export const one = 1\n")

    async def work(editor: Editor) -> None:
        for path in ("built/actions.ts", "notes.md", "../elsewhere.ts", "node_modules/x/index.ts"):
            editor.open(path, OPENED.text)
            assert await editor.shown(path) == []

    edit(app.path, work)


def test_nothing_is_shown_of_what_is_closed(app: GitRepository) -> None:
    app.write({OPENED.path: OPENED.text})

    async def work(editor: Editor) -> None:
        editor.open(OPENED.path)
        assert rules(await editor.shown(OPENED.path)) == [OPENED.rule]
        editor.close(OPENED.path)
        await editor.cleared(OPENED.path)

    edit(app.path, work)


def test_code_that_nests_deeply_is_answered_and_so_is_what_comes_after_it(app: GitRepository) -> None:
    deep = f"'use server'\nexport async function deep(id: string) {{\n  return {'[' * 5000}id{']' * 5000}\n}}\n"

    async def work(editor: Editor) -> None:
        editor.open("src/app/deep.ts", deep)
        await editor.shown("src/app/deep.ts")
        editor.open(OPENED.path, OPENED.text)
        assert rules(await editor.shown(OPENED.path)) == [OPENED.rule]
        assert editor.logged == []

    edit(app.path, work)
