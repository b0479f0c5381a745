"""The command line on real repositories: what it prints, and the exit code that tells how it went."""

import json
import re
import subprocess
import sys

import jsonschema
import pytest

from preship.bot.cli import run
from preship.bot.options import Exit, FailOn
from preship.bot.report.json_format import schema
from preship.bot.report.version import tool_version
from tests.git_repository import GitRepository

GUARD = "  const session = await auth()\n  if (!session?.user) throw new Error('sign in')\n"
ACTION = """'use server'

import { auth } from '@/auth'
import { prisma } from '@/lib/prisma'

export async function createNote(text: string) {
%s  await prisma.note.create({ data: { text: String(text) } })
}
"""
GUARDED = {"app/actions.ts": ACTION % GUARD}
OPEN = {"app/actions.ts": ACTION % ""}


@pytest.fixture
def repository(tmp_path):
    """Guarded on `main`; the branch `change` drops the guard."""
    made = GitRepository(tmp_path / "app")
    made.commit(
        {
            "package.json": '{"dependencies": {"next": "16", "next-auth": "5", "@prisma/client": "6"}}',
            "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
            "auth.ts": "import NextAuth from 'next-auth'\nexport const { auth } = NextAuth({})\n",
            "lib/prisma.ts": "import { PrismaClient } from '@prisma/client'\nexport const prisma = new PrismaClient()",
            "lib/plain.ts": "export const one = 1\n",
            **GUARDED,
        }
    )
    made.git("checkout", "--quiet", "-b", "change")
    made.commit(OPEN)
    return made


def told(capsys, *arguments):
    """Exit code, stdout and stderr of one command."""
    code = run([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def report(capsys, *arguments):
    """Exit code and the JSON report, judged by the published schema."""
    code, out, _ = told(capsys, *arguments, "--format", "json")
    page = json.loads(out)
    jsonschema.Draft202012Validator(json.loads(schema())).validate(page)
    return code, page


def test_a_scan_of_a_folder_names_the_open_action_and_exits_with_one(capsys, repository):
    code, out, err = told(capsys, "scan", repository.path)
    assert code == Exit.FINDINGS
    assert out.startswith("app/actions.ts:7  high  missing-authentication  createNote\n")
    assert out.splitlines()[-1].startswith("1 Server Action in 1 file · 1 finding (1 high)")
    assert err == ""


def test_a_commit_is_scanned_without_a_checkout_in_bare_repositories_too(capsys, repository, tmp_path):
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    code, page = report(capsys, "scan", "--git-dir", tmp_path / "bare.git", "--commit", "main")
    assert code == Exit.CLEAN
    assert page["commit"] == repository.git("rev-parse", "main")
    assert [(action["name"], action["findings"]) for action in page["actions"]] == [("createNote", [])]


def test_only_the_named_files_and_folders_are_judged(capsys, repository):
    assert len(report(capsys, "scan", repository.path, "--only", "app")[1]["actions"]) == 1
    assert len(report(capsys, "scan", repository.path, "--only", "./app/actions.ts")[1]["actions"]) == 1
    assert report(capsys, "scan", repository.path, "--only", "lib/plain.ts")[1]["actions"] == []


def test_the_threshold_decides_what_fails(capsys, repository):
    assert told(capsys, "scan", repository.path, "--fail-on", "high")[0] == Exit.FINDINGS
    assert told(capsys, "scan", repository.path, "--fail-on", "critical")[0] == Exit.CLEAN


def test_a_file_that_cannot_be_read_is_not_clean(capsys, repository):
    repository.commit({**GUARDED, "app/big.ts": "'use server'\n" + "// long\n" * 300_000})
    code, page = report(capsys, "scan", "--git-dir", repository.path, "--commit", "HEAD")
    assert (code, page["failures"]) == (Exit.INCOMPLETE, [{"path": "app/big.ts", "reason": "larger than 2 MB"}])


def test_a_review_blames_the_change_on_the_deleted_guard(capsys, repository):
    code, page = report(capsys, "review", repository.path, "--base", "main", "--head", "change")
    (comment,) = page["review"]["comments"]
    assert code == Exit.FINDINGS
    assert (comment["path"], comment["side"], comment["start_line"], comment["line"]) == (
        "app/actions.ts",
        "LEFT",
        7,
        8,
    )
    assert [found["status"] for action in page["actions"] for found in action["findings"]] == ["introduced"]
    assert page["review"]["conclusion"] == "failure"


def test_a_review_of_a_mended_fault_is_clean(capsys, repository):
    repository.git("checkout", "--quiet", "-b", "mended")
    repository.commit(GUARDED)
    code, page = report(capsys, "review", repository.path, "--base", "change")
    assert code == Exit.CLEAN
    assert [found["status"] for action in page["actions"] for found in action["findings"]] == ["fixed"]
    assert page["review"]["comments"] == []


def test_a_review_compares_with_where_the_branches_parted(capsys, repository):
    repository.git("checkout", "--quiet", "main")
    repository.commit({"app/other.ts": "'use server'\nexport async function other() {}\n"})
    _, page = report(capsys, "review", repository.path, "--base", "main", "--head", "change")
    assert [action["name"] for action in page["actions"]] == ["createNote"]


def test_a_review_is_shown_as_it_would_stand_on_the_pull_request(capsys, repository):
    code, out, _ = told(capsys, "review", repository.path, "--base", "main", "--format", "markdown")
    assert code == Exit.FINDINGS
    assert out.startswith("# 1 fault to fix in 1 touched Server Action")
    comment = out.split("\n\n## `app/actions.ts:7-8`, before the change\n\n")[1]
    assert comment.startswith("**Anyone on the internet can create records in `note`.** `createNote` ")
    assert "\n\n❌ **Before you ship:** 1 fault to fix in 1 touched Server Action.\n\n" in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "preship: Missing command.\n"),
        (["scam"], "preship: No such command 'scam'"),
        (["scan", "--bogus"], "preship: No such option: --bogus"),
        (["scan", "--format", "xml"], "preship: Invalid value for '--format'"),
        (["scan", "{tmp}/nowhere"], "preship: {tmp}/nowhere is no directory\n"),
        (["scan", "--git-dir", "{tmp}"], "preship: {tmp} is not in a git repository\n"),
        (["scan", "{app}", "--commit", "nope"], "preship: there is no commit 'nope' in {app}/.git\n"),
        (["scan", "{app}", "--commit", "--upload-pack=x"], "preship: there is no commit '--upload-pack=x'"),
        (["scan", "{app}", "--only", "app/nope.ts"], "preship: there is no file or folder 'app/nope.ts'"),
        (["review", "{app}", "--staged", "--head", "main"], "preship: `--staged` is not for commits"),
        (["review", "{app}", "--base", "nope"], "preship: there is no commit 'nope' in {app}/.git\n"),
        (["explain", "missing-auth"], "preship: there is no rule 'missing-auth'; did you mean missing-authentication"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(capsys, repository, tmp_path, arguments, sentence):
    places = {"tmp": tmp_path, "app": repository.path}
    code, out, err = told(capsys, *(argument.format(**places) for argument in arguments))
    assert (code, out) == (Exit.USAGE, "")
    assert err.startswith(sentence.format(**places))
    assert err.count("\n") == 1


def test_histories_that_never_met_are_told_in_one_sentence(capsys, repository):
    repository.git("checkout", "--quiet", "--orphan", "island")
    repository.commit({"README.md": "an island"})
    code, _, err = told(capsys, "review", repository.path, "--base", "main")
    assert (code, err.count("\n")) == (Exit.USAGE, 1)
    assert "have no commit in common" in err


def test_the_rules_are_listed_and_explained(capsys):
    code, out, _ = told(capsys, "rules")
    assert code == Exit.CLEAN
    assert re.search(r"^missing-authentication +high +no authentication$", out, re.MULTILINE)
    code, out, _ = told(capsys, "explain", "missing-ownership-check")
    assert code == Exit.CLEAN
    assert out.startswith("# missing-ownership-check\n\nSeverity high, CWE-639, checklist item ownership.\n\n")


def test_a_scan_follows_the_configuration_of_the_tree(capsys, repository):
    assert report(capsys, "scan", repository.path)[0] == Exit.FINDINGS
    repository.commit({".github/preship.yml": "fail-on: critical\n"})
    assert report(capsys, "scan", repository.path)[0] == Exit.CLEAN
    assert report(capsys, "scan", repository.path, "--fail-on", "high")[0] == Exit.FINDINGS
    (repository.path / ".github/preship.yml").write_text("ignore: [app/]\n")
    code, page = report(capsys, "scan", repository.path)
    assert (code, page["actions"], page["left_out"]) == (Exit.CLEAN, [], ["app/actions.ts"])
    assert len(report(capsys, "scan", "--git-dir", repository.path, "--commit", "HEAD")[1]["actions"]) == 1


def test_a_scan_does_not_begin_with_a_broken_configuration(capsys, repository):
    repository.commit({".github/preship.yml": "fail-on: hgh\ndraft: true\n"})
    code, out, err = told(capsys, "scan", repository.path)
    assert (code, out) == (Exit.USAGE, "")
    assert err == (
        "preship: .github/preship.yml has mistakes, so nothing was judged\n"
        ".github/preship.yml:1:10: 'hgh' is none of critical, high, medium, low and never; did you mean 'high'?\n"
        ".github/preship.yml:2:1: there is no key 'draft' here; did you mean 'drafts'?\n"
    )


def test_a_review_follows_the_configuration_of_the_base(capsys, repository):
    repository.commit({".github/preship.yml": "ignore: [app/]\n"})
    code, page = report(capsys, "review", repository.path, "--base", "main")
    assert (code, page["configuration"]["is_changed"]) == (Exit.FINDINGS, True)
    assert [action["name"] for action in page["actions"]] == ["createNote"]


def test_a_review_follows_the_configuration_that_the_base_has_now(capsys, repository):
    repository.git("checkout", "--quiet", "main")
    repository.commit({".github/preship.yml": "fail-on: never\nseverity:\n  missing-authentication: low\n"})
    code, page = report(capsys, "review", repository.path, "--base", "main", "--head", "change")
    (action,) = page["actions"]
    assert (code, page["configuration"]["is_changed"]) == (Exit.CLEAN, False)
    assert [f["severity"] for f in action["findings"] if f["rule"] == "missing-authentication"] == ["low"]


def test_what_comments_at_base_do_not_cover_is_said(capsys, repository):
    (path,) = OPEN
    comment, head = "// preship: ignore missing-authentication -- a demonstration\n", "export async function"
    ignoring = OPEN[path].replace(head, comment + head, 1)
    repository.git("checkout", "--quiet", "main")
    repository.commit({path: ignoring})
    repository.git("checkout", "--quiet", "-b", "more")
    repository.commit({path: ignoring.replace("  await", "  await prisma.note.deleteMany({})\n  await", 1)})
    code, page = report(capsys, "review", repository.path, "--base", "main")
    (action,) = page["actions"]
    standing = [f for f in action["findings"] if f["rule"] == "missing-authentication" and f["status"] != "fixed"]
    lapsed = [(f["lapsed"], f["ignored"]) for f in standing]
    assert (code, lapsed) == (Exit.FINDINGS, [("a demonstration", None)])
    _, out, _ = told(capsys, "review", repository.path, "--base", "main")
    assert "for what stood here before: a demonstration" in out


def test_a_review_with_a_broken_configuration_at_base_goes_by_the_defaults_and_is_not_clean(capsys, repository):
    repository.git("checkout", "--quiet", "main")
    repository.commit({".github/preship.yml": "ignore: app/\n"})
    repository.git("checkout", "--quiet", "-b", "words")
    repository.commit({"README.md": "An app\n"})
    code, page = report(capsys, "review", repository.path, "--base", "main")
    assert (code, page["review"]["conclusion"]) == (Exit.INCOMPLETE, "neutral")
    assert page["configuration"] == {
        "is_changed": False,
        "believed": [],
        "mistakes": [{"line": 1, "column": 9, "says": "'ignore' should be a list"}],
    }


def test_pedantic_readers_are_told_every_nuance(capsys, repository):
    rows = "export async function listNotes() {\n  return prisma.note.findMany()\n}\n"
    reading = "'use server'\nimport { auth } from '@/auth'\nimport { listNotes } from '@/lib/notes'\n\n" + (
        "export async function titles() {\n" + GUARD + "  const notes = await listNotes()\n"
        "  return notes.map((note) => note.title)\n}\n"
    )
    notes = f"import 'server-only'\nimport {{ prisma }} from './prisma'\n{rows}"
    repository.commit({"app/actions.ts": reading, "lib/notes.ts": notes})
    _, everybody, _ = told(capsys, "scan", repository.path)
    _, everything, _ = told(capsys, "scan", repository.path, "--persona", "pedantic")
    assert "implicit-select" not in everybody
    assert "app/actions.ts:8  low  implicit-select  titles" in everything
    repository.commit({".github/preship.yml": "persona: pedantic\n"})
    assert told(capsys, "scan", repository.path)[1] == everything
    assert told(capsys, "scan", repository.path, "--persona", "regular")[1] == everybody
    _, page = report(capsys, "scan", repository.path, "--persona", "pedantic")
    personas = {found["rule"]: found["persona"] for action in page["actions"] for found in action["findings"]}
    assert personas["implicit-select"] == "pedantic"


def test_a_right_configuration_is_told_in_words(capsys, repository):
    repository.commit({".github/preship.yml": "fail-on: never\nignore: [app/]\nseverity: {raw-record-return: off}\n"})
    code, out, err = told(capsys, "check-config", repository.path)
    assert (code, err) == (Exit.CLEAN, "")
    assert out == (
        f"{repository.path}/.github/preship.yml:\n- nothing fails\n- without app/\n- raw-record-return: off\n"
    )


def test_what_a_configuration_says_of_files_that_are_not_there_is_a_mistake(capsys, repository):
    decided = (
        "ignore: [examples/, app/]\n"
        "roles:\n  - {actions: 'app/admin/**:delete*', role: admin}\n"
        "models: [{packages: [lib/db.ts], calls: {f: {session: Acme}}}]\n"
        "guards:\n  - {function: 'lib/session.ts:user', proves: authentication}\n"
        "  - {function: 'lib/plain.ts:ones', proves: authentication}\n"
        "  - {function: 'lib/plain.ts:one', proves: authentication}\n"
    )
    repository.commit({".github/preship.yml": decided})
    code, out, err = told(capsys, "check-config", repository.path)
    name = f"{repository.path}/.github/preship.yml"
    assert (code, out) == (Exit.USAGE, "")
    assert err == (
        f"{name}:1:10: 'examples/' matches no file\n"
        f"{name}:3:15: 'app/admin/**' matches no file\n"
        f"{name}:4:22: 'lib/db.ts' is no file of this repository\n"
        f"{name}:6:16: 'lib/session.ts' is no file of this repository\n"
        f"{name}:7:16: 'lib/plain.ts' has no 'ones'; did you mean 'one'?\n"
    )


def test_names_of_a_convention_that_stand_nowhere_or_change_nothing_are_mistakes(capsys, repository):
    decided = (
        "conventions:\n"
        "  tenant-table:\n    also: [praxis, team, mandant]\n"
        "  contact-field:\n    never: [email, title]\n"
    )
    repository.commit({".github/preship.yml": decided, "lib/db.ts": "export const mandant = { email: 1 }\n"})
    code, out, err = told(capsys, "check-config", repository.path)
    name = f"{repository.path}/.github/preship.yml"
    assert (code, out) == (Exit.USAGE, "")
    assert err == (
        f"{name}:3:12: no name in the code is 'praxis'\n"
        f"{name}:3:20: 'team' follows 'tenant-table' anyway\n"
        f"{name}:5:20: 'title' does not follow 'contact-field' anyway\n"
    )


def test_names_of_conventions_are_repeated_in_words(capsys, repository):
    decided = "conventions:\n  tenant-table: {also: [mandant, 'man*'], never: [store]}\n"
    repository.commit({".github/preship.yml": decided, "lib/db.ts": "export const mandant = { store: 1 }\n"})
    code, out, err = told(capsys, "check-config", repository.path)
    assert (code, err) == (Exit.CLEAN, "")
    assert out == (
        f"{repository.path}/.github/preship.yml:\n- a new finding of high severity or worse fails\n"
        "- tenant-table: mandant, man* as well\n- tenant-table: store never\n"
    )


def test_conventions_are_listed_with_names_that_follow_them_and_names_that_do_not(capsys):
    code, out, _ = told(capsys, "conventions", "--about", "challenge-table")
    assert code == Exit.CLEAN
    assert out == (
        "challenge-table: Tables of what a caller has to sign or solve before anybody knows them.\n"
        "  follow it: nonce, challenges, captcha; do not: tokens\n"
    )


TAUGHT = """\
- packages: ['@acme/auth']
  calls:
    requireUser: {guard: Acme}
- packages: ['@acme/db']
  calls:
    removeInvoice: {query: delete, table: invoices, key: 0}
  examples:
  - code: |
      'use server'
      import { requireUser } from '@acme/auth'
      import { removeInvoice } from '@acme/db'
      export async function anybody(id: string) {
        await removeInvoice(String(id))
      }
      export async function own(id: string) {
        const user = await requireUser()
        await removeInvoice({ id: String(id), ownerId: user.id })
      }
    finds:
      anybody: [missing-authentication]
"""


def test_what_is_known_of_a_library_is_listed(capsys):
    code, out, err = told(capsys, "models", "--about", "resend")
    assert (code, err) == (Exit.CLEAN, "")
    assert out == ("resend         2 makes\nresend#client  7 request\n1 packages and 1 things that they make, 9 rows\n")


def test_the_examples_of_models_are_tried(capsys, tmp_path):
    (tmp_path / "acme.yml").write_text(TAUGHT)
    (tmp_path / "preship.yml").write_text(f"models:\n{TAUGHT}")
    for name in ("acme.yml", "preship.yml"):
        code, out, err = told(capsys, "models", "check", tmp_path / name)
        assert (code, err) == (Exit.CLEAN, "")
        assert out == (
            "ok      anybody: missing-authentication is reported, as expected\n"
            "ok      own: nothing is reported, as expected\n"
        )


def test_an_example_that_is_not_as_expected_says_what_was_seen_instead(capsys, tmp_path):
    (tmp_path / "acme.yml").write_text(TAUGHT.replace("requireUser: {guard", "requireUsers: {guard"))
    code, out, _ = told(capsys, "models", "check", tmp_path / "acme.yml")
    assert code == Exit.FINDINGS
    assert "not ok  own: " in out
    assert "ownerId: could not see: requireUser() of @acme/auth" in out


def test_every_mistake_of_a_model_file_is_reported_at_its_place(capsys, tmp_path):
    (tmp_path / "acme.yml").write_text("- packages: [a]\n  cals: {}\n- packages: [b]\n  calls:\n    f: {gard: Acme}\n")
    code, out, err = told(capsys, "models", "check", tmp_path / "acme.yml")
    assert (code, out) == (Exit.USAGE, "")
    assert err == (
        f"{tmp_path}/acme.yml:2:3: there is no key 'cals' here; did you mean 'calls'?\n"
        f"{tmp_path}/acme.yml:5:9: there is no key 'gard' here; did you mean 'guard'?\n"
    )


def test_no_configuration_is_right_too(capsys, repository):
    code, out, _ = told(capsys, "check-config", repository.path)
    assert (code, out.splitlines()[1:]) == (Exit.CLEAN, ["- a new finding of high severity or worse fails"])


def test_every_mistake_of_a_configuration_is_told_at_its_place(capsys, tmp_path):
    (tmp_path / "draft.yml").write_text("fail-on: hgh\ndraft: true\nonly:\n- /app\n")
    code, out, err = told(capsys, "check-config", tmp_path / "draft.yml")
    assert (code, out) == (Exit.USAGE, "")
    assert err == (
        f"{tmp_path}/draft.yml:1:10: 'hgh' is none of critical, high, medium, low and never; did you mean 'high'?\n"
        f"{tmp_path}/draft.yml:2:1: there is no key 'draft' here; did you mean 'drafts'?\n"
        f"{tmp_path}/draft.yml:4:3: paths begin at the root of the repository, without '/' or '.' in front\n"
    )


def test_every_severity_can_be_a_threshold():
    from preship.analyzers.analysis import Severity

    assert [choice.value for choice in FailOn] == [*(severity.value for severity in Severity), "never"]


@pytest.mark.parametrize(("asked", "first"), [("--version", f"preship {tool_version()}"), ("--help", "Usage: preship")])
def test_the_version_and_the_help_are_printed_without_loading_what_commands_need(asked, first):
    script = f"import sys; from preship.bot.cli import run; run(['{asked}']); print(*sorted(sys.modules))"
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    *said, loaded = out.splitlines()
    assert said[0].startswith(first)
    assert not {
        "preship.analyzers",
        "preship.bot.local",
        "preship.bot.models",
        "preship.bot.settings",
        "fastapi",
        "httpx",
        "psycopg",
        "pydantic",
        "rich.console",
        "tree_sitter",
    } & set(loaded.split())


def test_a_reader_that_has_seen_enough_is_no_error(repository):
    main = "from preship.bot.cli import main; main()"
    command = f"{sys.executable} -c '{main}' scan {repository.path} --format json | head -c 1"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("{", "")


def test_a_scan_and_a_review_speak_to_github_in_its_own_formats(capsys, repository):
    code, out, _ = told(capsys, "scan", repository.path, "--format", "sarif")
    (result,) = json.loads(out)["runs"][0]["results"]
    assert (code, result["ruleId"]) == (Exit.FINDINGS, "missing-authentication")
    code, out, _ = told(capsys, "review", repository.path, "--base", "main", "--format", "github")
    assert code == Exit.FINDINGS
    assert out.startswith("::error file=app/actions.ts,line=7,endLine=7,title=High%3A no authentication")


HELPED = """'use server'

import { prisma } from '@/lib/prisma'
import { requireUser } from '@/lib/session'

export async function createNote(text: string) {
  const user = await requireUser()
  await prisma.note.create({ data: { text: String(text), authorId: user.id } })
}
"""
SESSION = """import { auth } from '@/auth'

export async function requireUser() {
  const session = await auth()
  if (!session?.user) throw new Error('sign in')
  return session.user
}
"""
UNHELPED = """
export async function createTag(name: string) {
  await prisma.tag.create({
    data: { name: String(name) },
  })
}
"""


def test_a_review_offers_the_neighbours_guard_on_the_lines_that_it_marks(capsys, repository):
    repository.commit({"app/actions.ts": HELPED, "lib/session.ts": SESSION})
    repository.git("branch", "guarded")
    repository.commit({"app/actions.ts": HELPED + UNHELPED})
    _, out, _ = told(capsys, "review", repository.path, "--base", "guarded", "--format", "markdown")
    comment = out.split("## `app/actions.ts:12-14`")[1]
    assert (
        "**Fix:** Call `requireUser()` first, as the other action in this file does.\n\n"
        "In place of lines 12-14:\n\n```ts\n"
        "  await requireUser()\n"
        "  await prisma.tag.create({\n"
        "    data: { name: String(name) },\n"
        "  })\n"
        "```\n"
    ) in comment


def test_a_profile_names_functions_of_ours_and_nothing_of_the_code_that_was_read(capsys, repository, tmp_path):
    code, _, err = told(capsys, "scan", repository.path, "--profile", tmp_path / "profile.txt")
    page = (tmp_path / "profile.txt").read_text()
    assert (code, err) == (Exit.FINDINGS, "")
    assert "Ordered by: internal time" in page
    assert "Ordered by: cumulative time" in page
    assert "analysis.py" in page
    assert "createNote" not in page
    assert str(repository.path) not in page


def test_a_report_says_how_long_the_phases_took(capsys, repository):
    _, page = report(capsys, "scan", repository.path)
    spent = page["stats"]["milliseconds"]
    assert set(spent) == {"parse", "resolve", "execute", "judge", "total"}
    assert spent["total"] > 0
