"""The command line as a person, a hook and a workflow meet it: files, rules, baselines, edits, terminals."""

import json
import os
import re
import shlex
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from preship.bot.options import Exit
from preship.bot.output import SUMMARY_LIMIT_BYTES, Wanted, hand_over
from preship.bot.report.report import Report
from tests.analyzers.actions.compiler import ask
from tests.bot.review.samples import ACTION as ACTION_OF_SAMPLES
from tests.bot.review.samples import analysis
from tests.bot.terminal import PRESHIP, on_terminal
from tests.bot.test_cli import ACTION, GUARDED, HELPED, OPEN, SESSION, UNHELPED, repository, told
from tests.git_repository import GitRepository
from tests.mutants import APP, MUTANTS, all_at_once

__all__ = ["repository"]

ROOT = Path(__file__).parent.parent.parent

CLOSING = "1 Server Action in 1 file · 1 finding (1 high)"
OTHER = {"app/other.ts": ACTION.replace("createNote", "createOther") % ""}


def test_quiet_prints_findings_and_nothing_else(capsys, repository):
    code, out, err = told(capsys, "scan", repository.path, "--quiet")
    assert (code, err) == (Exit.FINDINGS, "")
    assert told(capsys, "scan", repository.path)[1].startswith(out)
    assert out.startswith("app/actions.ts:7  high  missing-authentication  createNote\n")
    assert CLOSING not in out
    repository.commit(GUARDED)
    assert told(capsys, "scan", repository.path, "-q") == (Exit.CLEAN, "", "")


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "sarif", "github"])
def test_a_report_goes_into_a_file_as_it_would_go_into_a_pipe(capsys, repository, tmp_path, format_):
    printed = told(capsys, "review", repository.path, "--base", "main", "--format", format_)[1]
    file = tmp_path / "report"
    code, out, err = told(
        capsys, "review", repository.path, "--base", "main", "--format", format_, "--output-file", file
    )
    assert (code, out, err, timeless(file.read_text())) == (Exit.FINDINGS, "", "", timeless(printed))


def timeless(report: str) -> str:
    """A report without the milliseconds that it took."""
    return re.sub(r'("milliseconds": )\{[^}]*\}', r"\1{}", report)


def test_a_report_that_cannot_be_written_is_a_complaint(capsys, repository, tmp_path):
    code, out, err = told(capsys, "scan", repository.path, "--output-file", tmp_path / "no" / "where")
    assert (code, out) == (Exit.USAGE, "")
    assert err == f"preship: {tmp_path}/no/where cannot be written: No such file or directory\n"


def test_only_the_rules_that_are_asked_for_are_looked_for(capsys, repository):
    assert told(capsys, "scan", repository.path, "--ignore", "missing-authentication")[0] == Exit.CLEAN
    assert told(capsys, "scan", repository.path, "--select", "sql-injection, open-redirect")[0] == Exit.CLEAN
    code, out, _ = told(
        capsys, "review", repository.path, "--base", "main", "--select", "sql-injection,missing-authentication"
    )
    assert code == Exit.FINDINGS
    assert "missing-authentication  createNote" in out
    repository.commit({".github/preship.yml": "severity: {missing-authentication: off}\n"})
    assert told(capsys, "scan", repository.path)[0] == Exit.CLEAN
    assert told(capsys, "scan", repository.path, "--select", "missing-authentication")[0] == Exit.FINDINGS


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_rule_that_there_is_not_is_a_complaint(capsys, repository, option):
    code, out, err = told(capsys, "scan", repository.path, option, "missing-authentification")
    assert (code, out) == (Exit.USAGE, "")
    assert err.startswith("preship: there is no rule 'missing-authentification'; did you mean missing-authentication")


def test_a_baseline_holds_what_stands_and_only_what_is_more_counts(capsys, repository, tmp_path):
    file = tmp_path / "baseline.json"
    code, out, err = told(capsys, "scan", repository.path, "--write-baseline", file)
    assert (code, err) == (Exit.CLEAN, "")
    assert out == f"{file} has 1 finding: `--baseline {file}` leaves them out from now on.\n"
    code, out, err = told(capsys, "scan", repository.path, "--baseline", file)
    assert (code, err) == (Exit.CLEAN, "")
    assert "no findings" in out
    # Lines move and variables are renamed: it is the same.
    moved = "// a note\n\n" + OPEN["app/actions.ts"].replace("text", "words").replace("{ words:", "{ text:")
    repository.write({"app/actions.ts": moved})
    assert told(capsys, "scan", repository.path, "--baseline", file)[0] == Exit.CLEAN
    # The action does more: it counts again.
    repository.write({"app/actions.ts": moved.replace("  await", "  await prisma.note.deleteMany({})\n  await", 1)})
    code, out, _ = told(capsys, "scan", repository.path, "--baseline", file)
    assert code == Exit.FINDINGS
    assert "missing-authentication  createNote" in out
    # And what is new counts at once.
    repository.write({"app/actions.ts": moved, **OTHER})
    code, out, _ = told(capsys, "scan", repository.path, "--baseline", file, "--quiet")
    assert (code, re.findall(r"missing-authentication  (\w+)", out)) == (Exit.FINDINGS, ["createOther"])


def test_a_baseline_that_holds_more_than_a_scan_tells_says_so(capsys, repository, tmp_path):
    repository.write({"app/actions.ts": OPEN["app/actions.ts"].replace("String(text)", "text")})
    out = told(capsys, "scan", repository.path, "--write-baseline", tmp_path / "b.json")[1]
    assert out.startswith(f"{tmp_path}/b.json has 2 findings, nuances included: ")
    assert CLOSING in told(capsys, "scan", repository.path)[1]


def test_a_baseline_counts_for_reviews_too(capsys, repository, tmp_path):
    file = tmp_path / "baseline.json"
    told(capsys, "scan", repository.path, "--write-baseline", file)
    code, out, _ = told(capsys, "review", repository.path, "--base", "main", "--baseline", file, "--format", "json")
    page = json.loads(out)
    assert (code, page["review"]["comments"], page["review"]["conclusion"]) == (Exit.CLEAN, [], "success")


def test_a_file_that_is_no_baseline_is_a_complaint(capsys, repository, tmp_path):
    for text in ("", "[]", '{"version": 2, "findings": []}', '{"version": 1}'):
        (tmp_path / "b.json").write_text(text)
        code, out, err = told(capsys, "scan", repository.path, "--baseline", tmp_path / "b.json")
        assert (code, out) == (Exit.USAGE, "")
        assert err == (
            f"preship: {tmp_path}/b.json is no baseline; `preship scan --write-baseline {tmp_path}/b.json` writes one\n"
        )
    assert told(capsys, "scan", repository.path, "--baseline", tmp_path / "c.json")[2] == (
        f"preship: {tmp_path}/c.json cannot be read: No such file or directory\n"
    )


def test_files_are_scanned_with_all_that_they_import_from_their_project(capsys, repository):
    repository.commit(OTHER)
    app = repository.path / "app"
    whole = told(capsys, "scan", repository.path, "--quiet")[1]
    assert whole.count("missing-authentication") == 2
    assert told(capsys, "scan", app / "other.ts", "--quiet") == told(
        capsys, "scan", repository.path, "--only", "app/other.ts", "--quiet"
    )
    assert told(capsys, "scan", app / "actions.ts", app / "other.ts", "--quiet")[1] == whole
    repository.commit(GUARDED)
    assert told(capsys, "scan", app / "actions.ts", "--quiet") == (Exit.CLEAN, "", "")


def test_files_of_two_projects_are_a_complaint(capsys, repository, tmp_path):
    (tmp_path / "else.ts").write_text("")
    code, out, err = told(capsys, "scan", repository.path / "app/actions.ts", tmp_path / "else.ts")
    assert (code, out) == (Exit.USAGE, "")
    assert err == f"preship: {tmp_path}/else.ts is outside of {repository.path}\n"


def test_of_files_that_are_named_only_their_change_is_reviewed(capsys, repository):
    repository.commit(OTHER)
    app = repository.path / "app"
    both = told(capsys, "review", repository.path, "--base", "main", "--quiet")[1]
    assert both.count("missing-authentication") == 2
    one = told(capsys, "review", "--base", "main", "--quiet", app / "other.ts")
    assert (one[0], re.findall(r"missing-authentication  (\w+)", one[1])) == (Exit.FINDINGS, ["createOther"])
    assert told(capsys, "review", "--base", "main", "--quiet", repository.path / "lib/plain.ts")[0] == Exit.CLEAN


def hooked(repository: GitRepository, *which: str) -> subprocess.CompletedProcess[str]:
    """A commit in a repository whose hook does what pre-commit does: the entry, with the staged files behind it."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    entry = shlex.join([str(PRESHIP), *shlex.split(hook["entry"])[1:]])
    script = repository.path / ".git" / "hooks" / "pre-commit"
    script.write_text(
        "#!/bin/sh\n"
        f"files=$(git diff --cached --name-only --diff-filter=ACM | grep -E {shlex.quote(hook['files'])})\n"
        f'[ -z "$files" ] || exec {entry} $files\n'
    )
    script.chmod(0o755)
    who = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a"}
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | who
    return subprocess.run(
        ["git", "commit", "--message", "x", *which], cwd=repository.path, capture_output=True, text=True, env=variables
    )


def test_the_pre_commit_hook_stops_a_commit_for_what_it_brings_and_for_nothing_else(repository):
    repository.git("checkout", "--quiet", "main")
    repository.write({**OTHER, **OPEN})
    repository.git("add", "app/other.ts")
    ended = hooked(repository)
    assert ended.returncode != 0
    assert "missing-authentication  createOther" in ended.stdout + ended.stderr
    assert "createNote" not in ended.stdout + ended.stderr
    repository.git("reset", "--quiet")
    repository.write({"lib/more.ts": "export const more = 1\n"})
    repository.git("add", "lib/more.ts")
    assert hooked(repository).returncode == 0


@pytest.mark.parametrize("which", [("--all",), ("app/actions.ts",), ("--only", "app/actions.ts"), ("--include", "app")])
def test_the_hook_judges_what_is_committed_past_the_index(repository, which):
    repository.git("checkout", "--quiet", "main")
    repository.write(OPEN)
    ended = hooked(repository, *which)
    assert ended.returncode != 0
    assert "missing-authentication  createNote" in ended.stdout + ended.stderr


def test_a_workflow_gets_annotations_and_the_page_of_its_job(repository, tmp_path):
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    variables = {**os.environ, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    command = [PRESHIP, "review", "--base", "main"]
    ended = subprocess.run(command, cwd=repository.path, capture_output=True, text=True, env=variables)
    assert (ended.returncode, ended.stderr) == (Exit.FINDINGS, "")
    assert ended.stdout.startswith("::error file=app/actions.ts,line=7,endLine=7,title=High%3A no authentication")
    asked = subprocess.run([*command, "--format", "markdown"], cwd=repository.path, capture_output=True, text=True)
    assert summary.read_text() == f"before\n{asked.stdout}"


def test_the_page_of_a_job_that_is_too_long_is_cut_at_a_line(capsys, monkeypatch, tmp_path):
    many = tuple(replace(ACTION_OF_SAMPLES, path=f"app/{n}/actions.ts", line=n) for n in range(1, 3000))
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    hand_over(Report(analysis(*many), None), Wanted(is_quiet=True))
    page = summary.read_text()
    assert SUMMARY_LIMIT_BYTES - 10_000 < len(page.encode()) < SUMMARY_LIMIT_BYTES + 100
    assert page.endswith("\n\nThe rest does not fit here: `--output-file` has it all.\n")


def test_shells_complete_commands_options_and_rules():
    def completed(words: str) -> list[str]:
        told = {"_PRESHIP_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        variables = {**os.environ, **told}
        return subprocess.run([PRESHIP], capture_output=True, text=True, env=variables).stdout.split()

    assert completed("preship sca") == ["scan"]
    assert completed("preship scan --sel") == ["--select"]
    assert completed("preship explain missing-o") == ["missing-ownership-check"]
    assert completed("preship scan --ignore sql") == ["sql-injection"]


NAMES = ("Tag", "Label", "Topic", "Draft", "Board", "Card", "List", "Panel", "Event", "Photo")


@pytest.fixture
def mutants(repository):
    """A repository in whose work tree ten new actions lack the guard of their neighbour."""
    repository.commit({"app/actions.ts": HELPED, "lib/session.ts": SESSION})
    repository.git("branch", "--quiet", "guarded")
    repository.write(
        {
            f"app/{name.lower()}.ts": HELPED
            + UNHELPED.replace("createTag", f"create{name}").replace("tag", name.lower())
            for name in NAMES
        }
    )
    return repository


def test_edits_that_were_seen_to_mend_are_made_and_the_findings_are_gone(capsys, mutants):
    asked = ("review", mutants.path, "--base", "guarded", "--quiet", "--select", "missing-authentication")
    assert told(capsys, *asked)[1].count("missing-authentication") == len(NAMES)
    code, out, err = told(capsys, *asked, "--fix", "--yes")
    assert (code, out, err) == (Exit.CLEAN, "", "")
    assert (mutants.path / "app/tag.ts").read_text() == HELPED + UNHELPED.replace(
        "  await prisma.tag", "  await requireUser()\n  await prisma.tag"
    )


def test_what_was_edited_is_said_and_what_no_edit_is_known_for(capsys, mutants):
    mutants.write({"app/raw.ts": ACTION % ""})
    for name in NAMES[2:]:
        (mutants.path / f"app/{name.lower()}.ts").unlink()
    code, out, err = told(capsys, "review", mutants.path, "--base", "guarded", "--fix", "--yes", "--format", "json")
    assert (code, json.loads(out)["review"]["conclusion"]) == (Exit.FINDINGS, "failure")
    assert err == (
        "edited  app/label.ts:12  missing-authentication  createLabel\n"
        "edited  app/tag.ts:12  missing-authentication  createTag\n"
        "2 edits made in 2 files; for 1 finding no edit is known that removes it\n"
    )


def test_a_scan_makes_the_edits_of_all_that_stands_in_a_folder_too(capsys, mutants):
    asked = ("scan", mutants.path / "app", "--select", "missing-authentication")
    code, _, err = told(capsys, *asked, "--fix", "--yes")
    assert (code, err.splitlines()[-1]) == (Exit.CLEAN, "10 edits made in 10 files")
    assert told(capsys, *asked, "--quiet") == (Exit.CLEAN, "", "")
    assert told(capsys, *asked, "--fix", "--yes")[2] == "no edit made\n"


def test_a_scan_of_a_commit_edits_nothing(capsys, mutants):
    code, out, err = told(capsys, "scan", mutants.path, "--commit", "HEAD", "--fix", "--yes")
    assert (code, out) == (Exit.USAGE, "")
    assert err == "preship: `--fix` edits files on disk: leave out `--git-dir` and `--commit`\n"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("createNote", "; did you mean app/actions.ts:createNote?"),
        ("actions.ts:createNote", "; did you mean app/actions.ts:createNote?"),
        ("app/actions.ts:create", "; did you mean app/actions.ts:createNote?"),
        ("app/action.ts:createNotes", "; did you mean app/actions.ts:createNote?"),
        ("nothing like it", "; it is named as `PATH:NAME`, and `PATH` is a file's"),
    ],
)
def test_an_action_that_there_is_not_is_a_complaint_that_says_what_there_is(capsys, repository, asked, said):
    code, out, err = told(capsys, "scan", repository.path, "--explain", asked)
    assert (code, out, err) == (Exit.USAGE, "", f"preship: there is no Server Action {asked}{said}\n")


def test_ten_kinds_of_mistakes_are_fixed_and_the_code_compiles(capsys, tmp_path):
    repository = GitRepository(tmp_path / "tasks")
    repository.commit(APP)
    repository.write(all_at_once())
    asked = ("review", repository.path, "--quiet", "--fail-on", "low")
    lines = told(capsys, *asked)[1].splitlines()
    found = [line.split("  ") for line in lines if re.match(r"src/\S+:\d+  ", line)]
    assert sorted((rule, action) for _, _, rule, action in found) == sorted((m.rule, m.action) for m in MUTANTS)
    assert told(capsys, *asked, "--fix", "--yes") == (Exit.CLEAN, "", "")
    texts = {path: (repository.path / path).read_text() for path in {mutant.path for mutant in MUTANTS}}
    compiled = ask(texts)
    assert [path for path in texts if "error" in compiled[path]] == []


def test_each_edit_is_shown_and_only_those_are_made_that_are_agreed_to(mutants):
    for name in NAMES[2:]:
        (mutants.path / f"app/{name.lower()}.ts").unlink()
    code, seen = on_terminal("review", "--base", "guarded", "--fix", "--quiet", cwd=mutants.path, typed="n\ny\n")
    assert code == Exit.FINDINGS
    shown = re.sub(r"\x1b\[[^a-zA-Z]*[a-zA-Z]", "", seen)
    assert (
        "app/tag.ts:12  high  missing-authentication\n"
        "@@ -11,2 +11,3 @@\n"
        " export async function createTag(name: string) {\n"
        "+  await requireUser()\n"
        "   await prisma.tag.create({\n"
        "Make this edit? [y/N]:"
    ) in shown
    assert "await requireUser()\n  await prisma.label" not in (mutants.path / "app/label.ts").read_text()
    assert "await requireUser()\n  await prisma.tag" in (mutants.path / "app/tag.ts").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--fix",), "`--fix` asks before each edit, and nobody can answer here: `--yes` makes them all"),
        (("--fix", "--yes", "--staged"), "`--fix` edits the work tree: leave out `--staged`, `--committed`, `--head`"),
    ],
)
def test_edits_that_nobody_can_agree_to_are_not_made(mutants, arguments, sentence):
    command = [PRESHIP, "review", "--base", "guarded", *arguments]
    ended = subprocess.run(command, cwd=mutants.path, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert (ended.returncode, ended.stdout) == (Exit.USAGE, "")
    assert ended.stderr.startswith(f"preship: {sentence}")


def test_a_terminal_of_eighty_columns_holds_every_line(repository):
    long_name = "createANoteForTheWholeTeamAndForEverybodyWhoReadsIt"
    repository.write({"app/notes.ts": ACTION.replace("createNote", long_name) % ""})
    code, seen = on_terminal("review", "--base", "main", cwd=repository.path)
    assert code == Exit.FINDINGS
    assert "\x1b[" in seen
    lines = re.sub(r"\x1b\[[^a-zA-Z]*[a-zA-Z]", "", seen).replace("\r", "\n").split("\n")
    assert [line for line in lines if len(line) > 80] == []


def test_there_are_no_colours_off_a_terminal_and_every_run_says_the_same(repository):
    repository.write(OTHER)
    runs = [
        subprocess.run([PRESHIP, *command.split()], cwd=repository.path, capture_output=True, text=True)
        for command in ("scan", "scan", "review --base main", "review --base main")
    ]
    assert [run.stderr for run in runs] == [""] * 4
    assert not any("\x1b" in run.stdout for run in runs)
    assert (runs[0].stdout, runs[2].stdout) == (runs[1].stdout, runs[3].stdout)


@pytest.fixture
def large(repository):
    """Enough files with actions that nobody has to be quick."""
    actions = "".join(
        f"export async function act{n}(id: string) {{\n  for (const a of [1, 2]) {{ await prisma.note.delete({{ where: {{ id }} }}) }}\n}}\n"  # noqa: E501
        for n in range(5)
    )
    text = f"'use server'\nimport {{ prisma }} from '@/lib/prisma'\n{actions}"
    repository.write({f"app/many{n}.ts": text for n in range(1500)})
    return repository


def test_a_person_sees_how_far_a_scan_is_and_of_how_much(repository):
    repository.write(OTHER)
    _, seen = on_terminal("scan", cwd=repository.path)
    assert re.search(r"judged \d of 2 files with Server Actions", seen)
    _, quietly = on_terminal("scan", "--quiet", cwd=repository.path)
    assert "judged" not in quietly


def test_control_c_stops_at_once_and_says_what_was_judged(large):
    stopped = []

    def press(process, seen):
        if not stopped and re.search(r"judged [1-9]\d* of 1501 files", seen):
            stopped.append(seen)
            process.send_signal(signal.SIGINT)

    code, seen = on_terminal("scan", cwd=large.path, react=press)
    assert code == Exit.INTERRUPTED
    assert re.search(
        r"preship: stopped: \d+ of 1501 files with Server Actions were judged, and nothing is said of the rest\n$", seen
    )
    assert "Traceback" not in seen


def test_a_clone_without_history_is_named_as_such(capsys, repository, tmp_path):
    shallow = tmp_path / "shallow"
    url = f"file://{repository.path}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", "--branch=change", url, shallow], check=True)
    (repository.path / "unrelated").write_text("")
    hint = (
        "; its history is cut off: `git fetch --unshallow` brings the rest, and in a workflow `fetch-depth: 0` does, or"
        " Preship's action, which fetches what it needs\n"
    )
    assert told(capsys, "review", shallow, "--base", "main")[2] == (
        f"preship: there is no commit 'main' in {shallow}/.git{hint}"
    )
    subprocess.run(["git", "fetch", "--quiet", "--depth=1", "origin", "main"], cwd=shallow, check=True)
    assert told(capsys, "review", shallow, "--base", "FETCH_HEAD", "--committed")[2].endswith(hint)


def test_it_says_how_it_is_asked(capsys):
    code, out, _ = told(capsys, "scan", "--help")
    assert code == Exit.CLEAN
    assert all(len(line) <= 80 for line in out.split("\n"))
    for option in (
        "--output-file",
        "--quiet",
        "--select",
        "--ignore",
        "--baseline",
        "--write-baseline",
        "--allow-unseen",
    ):
        assert option in out


def test_what_could_not_be_seen_may_be_allowed(capsys, repository):
    repository.commit({**GUARDED, "app/big.ts": "'use server'\n" + "// long\n" * 300_000})
    assert told(capsys, "scan", repository.path)[0] == Exit.INCOMPLETE
    assert told(capsys, "scan", repository.path, "--allow-unseen")[0] == Exit.CLEAN
