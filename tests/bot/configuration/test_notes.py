"""What a review has to say of the configuration at its base."""

from __future__ import annotations

from collections.abc import Mapping

from preship.analyzers.analysis import FileChange
from preship.analyzers.project.memory import MemoryFiles
from preship.bot.configuration.notes import notes_of
from preship.bot.configuration.reading import configured
from preship.bot.review.notes import SILENT, ConfigurationNotes, Wrong
from preship.bot.review.policy import CONFIGURATION

BROKEN = "draft: true\n"
BELIEVING = "guards:\n  - {function: 'lib/auth.ts:user', proves: authentication}\n"


def noted(base: Mapping[str, str], head: Mapping[str, str], *changes: FileChange) -> ConfigurationNotes:
    return notes_of(configured(MemoryFiles(base)), MemoryFiles(head), changes)


def edit(path: str, old_path: str | None = None, *, is_deleted: bool = False) -> FileChange:
    return FileChange(path, old_path or path, is_deleted=is_deleted)


def test_of_a_right_one_that_stays_there_is_nothing_to_say() -> None:
    tree = {CONFIGURATION: "drafts: true\n"}
    assert noted(tree, tree, edit("app/actions.ts")) == SILENT


def test_of_a_broken_one_all_mistakes_are_told() -> None:
    mistake = Wrong(1, 1, "there is no key 'draft' here; did you mean 'drafts'?")
    assert noted({CONFIGURATION: BROKEN}, {CONFIGURATION: BROKEN}) == ConfigurationNotes((mistake,))


def test_of_a_changed_one_the_mistakes_that_come_are_told() -> None:
    mistake = Wrong(1, 1, "there is no key 'draft' here; did you mean 'drafts'?")
    noted_ = noted({}, {CONFIGURATION: BROKEN}, FileChange(CONFIGURATION, None))
    assert noted_ == ConfigurationNotes(is_changed=True, coming_mistakes=(mistake,))


def test_one_that_is_moved_away_or_deleted_is_changed() -> None:
    right = {CONFIGURATION: "drafts: true\n"}
    assert noted(right, {}, edit(CONFIGURATION, is_deleted=True)) == ConfigurationNotes(is_changed=True)
    assert noted(right, {"old.yml": ""}, edit("old.yml", CONFIGURATION)) == ConfigurationNotes(is_changed=True)


def test_a_declared_function_is_named_where_its_file_is_edited() -> None:
    tree = {CONFIGURATION: BELIEVING, "lib/auth.ts": ""}
    assert noted(tree, tree, edit("app/actions.ts")) == SILENT
    assert noted(tree, tree, edit("lib/auth.ts")) == ConfigurationNotes(believed=("lib/auth.ts:user",))
