"""`preship probe` against a real build of Next.js with a real Postgres: what is open is proven, and nothing else is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from preship.bot.cli import run
from preship.bot.options import Exit
from tests.e2e.app import files
from tests.git_repository import GitRepository
from tests.probing.application import ANN, BEN, Application, built, cookie_of, logging_server, serving

OPEN_TO_NOBODY = {"deleteNote", "importNote", "renameLabel", "draftNote", "clearLabels", "renameAll", "peekNote"}
SOUND = {"archiveNote", "addNote", "listNotes", "addLabel", "readNote"}
HELD_BACK = {"addNote", "draftNote", "addLabel", "clearLabels", "renameAll", "subscribe"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with logging_server() as url:
        yield url


@pytest.fixture
def application(server: str) -> Iterator[Application]:
    with serving(built(), server) as application:
        yield application


@pytest.fixture
def cookies(tmp_path: Path) -> tuple[Path, Path]:
    """Files with the cookies of the two users."""
    written = tmp_path / "ann", tmp_path / "ben"
    for path, user in zip(written, (ANN, BEN), strict=True):
        path.write_text(cookie_of(user))
    return written


def probe(application: Application, transcript: Path, *more: object) -> int:
    arguments = ["--url", application.url, "--build-dir", application.build, "--transcript", transcript, *more]
    return run(["probe", *map(str, arguments), "--rate", "500"])


def verdicts(transcript: Path) -> dict[str, tuple[str, str | None]]:
    """By action: what is proven, and by whose call."""
    lines = [json.loads(line) for line in transcript.read_text().splitlines()]
    return {line["of"]["name"]: (line["verdict"], line["as"]) for line in lines if "verdict" in line}


def test_every_open_action_is_proven_and_no_sound_one(
    application: Application, cookies: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    transcript, before = tmp_path / "probe.jsonl", application.rows()
    watched = ["--yes", "--database-url", application.database, "--cookie-file", cookies[0]]

    assert probe(application, transcript, *watched) == Exit.FINDINGS
    assert application.rows() == before
    found = verdicts(transcript)
    assert {name for name, (verdict, _) in found.items() if verdict == "not tried"} == HELD_BACK
    assert {name for name, (verdict, _) in found.items() if verdict == "open"} == (
        OPEN_TO_NOBODY - HELD_BACK | {"pinNote"}
    )
    assert found["publishNote"][0] == "rolled back"

    as_both = ["--other-cookie-file", cookies[1], "--user-id", ANN, "--allow-writes"]
    assert probe(application, transcript, *watched, *as_both) == Exit.FINDINGS
    found = verdicts(transcript)
    assert {name: found[name] for name in OPEN_TO_NOBODY} == dict.fromkeys(OPEN_TO_NOBODY, ("open", "no session"))
    assert {name: found[name][0] for name in SOUND} == dict.fromkeys(SOUND, "refused")
    assert found["pinNote"] == ("open", "a forged session")
    of_others = ("renameNote", "publishNote", "showNote")
    assert {name: found[name] for name in of_others} == dict.fromkeys(of_others, ("open", "another user"))
    assert found["subscribe"] == ("open, as meant", "no session")
    told = capsys.readouterr().out
    assert "deleteNote  open to no session: ran `DELETE FROM notes WHERE id = $1`, which matched nothing" in told
    assert told.endswith("17 actions · 11 open · 1 open, as meant · 5 refused\n")
    assert cookie_of(ANN).strip().rpartition(".")[2] not in transcript.read_text()


def test_nothing_is_sent_that_nobody_agreed_to(
    application: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    transcript = tmp_path / "probe.jsonl"
    assert probe(application, transcript) == Exit.USAGE
    assert "`--dry-run` prints it, and `--yes` sends it" in capsys.readouterr().err
    assert probe(application, transcript, "--dry-run") == Exit.CLEAN
    assert f"as no session: POST {application.url}/notes" in capsys.readouterr().out
    assert not transcript.exists()


def test_a_dry_run_says_whose_records_would_be_sent(
    application: Application, cookies: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    both = ["--cookie-file", cookies[0], "--other-cookie-file", cookies[1]]
    assert probe(application, tmp_path / "probe.jsonl", *both, "--allow-writes", "--dry-run") == Exit.CLEAN
    told = capsys.readouterr().out
    assert "  as another user, then as the first: the same with the key of a record of the first's in notes" in told
    assert "    Cookie: session=…\n" in told


def test_a_host_that_was_not_confirmed_is_refused(
    application: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    arguments = ["--build-dir", str(application.build), "--yes", "--transcript", str(tmp_path / "probe.jsonl")]
    for more in ([], ["--host", "other.example"]):
        assert run(["probe", "--url", "http://shop.example", *arguments, *more]) == Exit.USAGE
        assert capsys.readouterr().err == (
            "preship: shop.example is not this machine: `--host shop.example` says that it is yours to probe\n"
        )


def test_a_review_says_what_was_tried_and_when(
    application: Application, cookies: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    transcript = tmp_path / "probe.jsonl"
    probe(application, transcript, "--yes", "--database-url", application.database, "--cookie-file", cookies[0])
    [day] = {json.loads(line)["at"][:10] for line in transcript.read_text().splitlines() if '"verdict"' in line[:12]}
    repository = GitRepository(tmp_path / "app")
    repository.commit({"app/layout.tsx": files("main", "ledger")["app/layout.tsx"]})
    repository.git("checkout", "--quiet", "-b", "change")
    repository.commit(files("main", "ledger"))
    capsys.readouterr()

    review = ["review", str(repository.path), "--base", "main", "--committed", "--format", "markdown"]
    assert run([*review, "--probe", str(transcript)]) == Exit.FINDINGS
    rows = {
        line.split("`")[1]: line.split(" | ")[-1] for line in capsys.readouterr().out.splitlines() if "<br>" in line
    }
    assert rows["archiveNote"] == f"✅ refused, {day} |"
    assert rows["deleteNote"] == f"❌ open, {day} |"
    assert rows["clearLabels"] == "❌ **no** |"


READER = """
    GRANT pg_monitor, pg_read_server_files TO reader;
    GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint) TO reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader
"""


def test_a_role_that_may_only_read_is_enough(
    application: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    reader = application.database.replace("//postgres:", "//reader:", 1)
    watched = ["--yes", "--database-url", reader]
    with psycopg.connect(application.database, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
        assert probe(application, tmp_path / "probe.jsonl", *watched) == Exit.USAGE
        assert "the log of its statements cannot be read: start the server with" in capsys.readouterr().err
        for statement in READER.split(";"):
            connection.execute(statement)
        try:
            assert probe(application, tmp_path / "probe.jsonl", *watched) == Exit.FINDINGS
        finally:
            connection.execute("DROP OWNED BY reader; DROP ROLE reader")
    assert verdicts(tmp_path / "probe.jsonl")["deleteNote"] == ("open", "no session")


def test_a_database_that_is_not_there_is_said_so(
    application: Application, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    nowhere = ["--yes", "--database-url", "postgresql://localhost:1/nowhere"]
    assert probe(application, tmp_path / "probe.jsonl", *nowhere) == Exit.USAGE
    assert capsys.readouterr().err.startswith("preship: the database cannot be watched: ")
