"""Names of files and functions come from code under review: nothing in them hides, or steers, in any format."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from preship.bot.cli import run
from preship.bot.review.characters import on_one_line, spelled
from preship.bot.review.markdown import fenced
from preship.bot.web.rendering import page
from tests.git_repository import GitRepository

FOLDERS = (
    "plain\u202egnp",
    "\x1b[2Jcls",
    "iso\u2066late\u2069",
    "ma\u200frk",
    "new\x07bell",
    "li\u2028ne",
    "c1\x9bcsi",
)
NAMES = ("dro\u200dp", "drop\u3164", "purge\u200c", "ﾠwipe")
ACTION = (
    "'use server'\nimport {{ db }} from '@/lib/db'\n"
    "export async function {name}(id: string, to{name}: string) {{\n"
    "  await db.post.delete({{ where: {{ id }} }})\n  await fetch(to{name})\n}}\n"
)
DATABASE = "import { PrismaClient } from '@prisma/client'\nexport const db = new PrismaClient()\n"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    """A change of actions with names that hide something."""
    made = GitRepository(tmp_path / "app")
    made.commit({"lib/db.ts": DATABASE})
    made.git("checkout", "--quiet", "-b", "change")
    made.commit(
        {
            f"app/{folder}/actions.ts": ACTION.format(name=NAMES[index % len(NAMES)])
            for index, folder in enumerate(FOLDERS)
        }
    )
    return made


def hidden_in(text: str) -> set[str]:
    """Every character that no reader could see; our own break, which keeps Markdown from linking, shows nothing."""
    return {c for c in text if c not in "\n\u200b" and (unicodedata.category(c)[0] == "C" or c in "\u2028\u3164\uffa0")}


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "sarif", "github"])
def test_no_format_of_a_report_hides_a_character(
    repository: GitRepository, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    run(["review", str(repository.path), "--base", "main", "--head", "change", "--format", format_])
    run(["scan", str(repository.path), "--format", format_])
    printed = capsys.readouterr()
    assert any(shown in printed.out for shown in ("\\u202e", "%E2%80%AE"))
    assert hidden_in(printed.out + printed.err) == set()


def test_what_an_action_does_is_told_without_hidden_characters(
    repository: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["scan", str(repository.path), "--explain", f"app/{FOLDERS[0]}/actions.ts"])
    run(["scan", str(repository.path), "--explain", f"app/{FOLDERS[1]}/none.ts"])
    printed = capsys.readouterr()
    assert printed.out
    assert "\\u001b[2Jcls" in printed.err
    assert hidden_in(printed.out + printed.err) == set()


def test_a_page_hides_nothing() -> None:
    body = bytes(page("no_rule.html", rule_id="a\u202eb\x1b", meant=()).body).decode()
    assert hidden_in(body) == set()


def test_every_character_that_hides_is_spelled_and_every_other_is_left_alone() -> None:
    every = [chr(number) for number in range(0x3400) if not 0xD800 <= number < 0xE000]
    assert hidden_in("".join(spelled(c) for c in every if c not in "\t\u200b")) == set()
    assert spelled("Grüße, 世界 👋 «x» — naïve") == "Grüße, 世界 👋 «x» — naïve"
    assert on_one_line("a\r\n\tb\x1cc") == "a b\\u001cc"


def test_code_in_a_fence_keeps_its_lines_and_hides_nothing() -> None:
    shown = fenced("if (ok) {\n\treturn\u202e\n}", "ts")
    assert re.sub(r"`+", "", shown) == "ts\nif (ok) {\n\treturn\\u202e\n}\n"
