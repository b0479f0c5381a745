import os
from pathlib import Path

import pytest

from preship.analyzers.project.files import FileChange
from preship.bot.git.changes import changes, merge_base
from preship.bot.git.errors import UnknownCommit
from preship.bot.git.process import Repository
from tests.git_repository import GitRepository


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return GitRepository(tmp_path / "repository")


def changed(
    repository: GitRepository, before: dict[str, str | bytes | None], after: dict[str, str | bytes | None]
) -> tuple[FileChange, ...]:
    base = repository.commit(before)
    head = repository.commit(after)
    return changes(Repository.at(repository.path), base, head)


def lines(*texts: str) -> str:
    return "".join(f"{text}\n" for text in texts)


def test_added_removed_and_replaced_lines_have_their_places(repository: GitRepository) -> None:
    before = lines("one", "two", "three", "four", "five", "six")
    after = lines("zero", "one", "TWO", "three", "six")
    assert changed(repository, {"a.ts": before}, {"a.ts": after}) == (
        FileChange("a.ts", "a.ts", added=(1, 3), removed=(2, 4, 5), seams=(2, 4)),
    )


def test_what_was_deleted_at_the_top_stood_before_the_first_line(repository: GitRepository) -> None:
    assert changed(repository, {"a.ts": lines("one", "two")}, {"a.ts": lines("two")}) == (
        FileChange("a.ts", "a.ts", removed=(1,), seams=(0,)),
    )


def test_new_and_deleted_files(repository: GitRepository) -> None:
    assert changed(repository, {"old.ts": lines("x", "y")}, {"old.ts": None, "new.ts": "a\nb"}) == (
        FileChange("new.ts", None, added=(1, 2)),
        FileChange("old.ts", "old.ts", is_deleted=True, removed=(1, 2)),
    )


def test_a_renamed_file_keeps_its_past(repository: GitRepository) -> None:
    text = lines(*(f"line {number}" for number in range(20)))
    assert changed(repository, {"a b.ts": text}, {"a b.ts": None, "lib/ü.ts": text + "more\n"}) == (
        FileChange("lib/ü.ts", "a b.ts", added=(21,)),
    )


def test_a_file_that_only_moved_has_no_lines(repository: GitRepository) -> None:
    assert changed(repository, {"a.ts": "same\n"}, {"a.ts": None, "b.ts": "same\n"}) == (FileChange("b.ts", "a.ts"),)


@pytest.mark.parametrize(
    "name",
    [
        "sp ace.ts",
        'qu"ote.ts',
        "t\tab.ts",
        "new\nline.ts",
        "ü 🦊.ts",
        "-x.ts",
        " -> b.ts",
        "\\back.ts",
        "*.ts",
        ":!x.ts",
    ],
)
def test_odd_names_arrive_whole(repository: GitRepository, name: str) -> None:
    assert changed(repository, {name: "x\n"}, {name: "y\n"}) == (
        FileChange(name, name, added=(1,), removed=(1,), seams=(0,)),
    )


def test_content_that_looks_like_a_diff_is_content(repository: GitRepository) -> None:
    hostile = lines("diff --git a/x b/x", "@@ -1,5 +1,5 @@", "--- a/x", "+++ b/x", "\\ No newline")
    assert changed(repository, {"a.ts": "x\n"}, {"a.ts": "x\n" + hostile}) == (
        FileChange("a.ts", "a.ts", added=(2, 3, 4, 5, 6)),
    )


def test_carriage_returns_and_a_missing_last_newline_count_no_lines(repository: GitRepository) -> None:
    assert changed(repository, {"a.ts": "one\r\ntwo\r\nthree"}, {"a.ts": "one\r\nTWO\rtwo\r\nthree\r\nfour"}) == (
        FileChange("a.ts", "a.ts", added=(2, 3, 4), removed=(2, 3), seams=(1,)),
    )


def test_neither_attributes_nor_a_nul_hide_a_change(repository: GitRepository) -> None:
    before = {".gitattributes": "*.ts -diff binary\n", "a.ts": b"\0one\n", "b.ts": "one\n"}
    assert changed(repository, before, {"a.ts": b"\0two\n", "b.ts": "two\n"}) == (
        FileChange("a.ts", "a.ts", added=(1,), removed=(1,), seams=(0,)),
        FileChange("b.ts", "b.ts", added=(1,), removed=(1,), seams=(0,)),
    )


def test_files_without_code_are_listed_without_lines(repository: GitRepository) -> None:
    after = {"tsconfig.json": "{}", "logo.png": b"\x89PNG\0", "schema.prisma": "model A {}\n"}
    assert changed(repository, {"tsconfig.json": "[]"}, after) == (
        FileChange("logo.png", None),
        FileChange("schema.prisma", None, added=(1,)),
        FileChange("tsconfig.json", "tsconfig.json"),
    )


def test_mode_link_and_submodule_changes_do_not_shift_the_lines_of_others(repository: GitRepository) -> None:
    base = repository.commit({"a.ts": "x\n", "b.ts": "x\n", "c.ts": "x\n", "d.ts": "x\n"})
    (repository.path / "a.ts").chmod(0o755)
    (repository.path / "b.ts").unlink()
    os.symlink("target", repository.path / "b.ts")
    repository.write({"d.ts": "y\n"})
    repository.git("add", "--all")
    repository.git("rm", "--quiet", "--cached", "c.ts")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},c.ts")
    repository.git("commit", "--quiet", "--message", "odd")
    assert changes(Repository.at(repository.path), base, "HEAD") == (
        FileChange("a.ts", "a.ts"),
        FileChange("b.ts", "b.ts", added=(1,), removed=(1,), seams=(0,)),
        FileChange("c.ts", "c.ts", added=(1,), removed=(1,), seams=(0,)),
        FileChange("d.ts", "d.ts", added=(1,), removed=(1,), seams=(0,)),
    )


def test_settings_of_the_repository_do_not_change_the_answer(repository: GitRepository) -> None:
    for key, value in (
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.renames", "false"),
        ("diff.context", "5"),
        ("diff.interHunkContext", "50"),
        ("color.ui", "always"),
        ("diff.external", "false"),
        ("core.quotepath", "true"),
    ):
        repository.git("config", key, value)
    text = [f"line {number}" for number in range(9)]
    head = [*text[:2], "new", *text[2:6], "new", *text[6:]]
    assert changed(repository, {"ü.ts": lines(*text)}, {"ü.ts": None, "v.ts": lines(*head)}) == (
        FileChange("v.ts", "ü.ts", added=(3, 8)),
    )


def test_no_change_at_all(repository: GitRepository) -> None:
    assert changed(repository, {"a.ts": "x"}, {}) == ()


def test_the_merge_base_is_where_the_branches_parted(repository: GitRepository) -> None:
    base = repository.commit({"a.ts": "x"})
    repository.git("branch", "topic")
    main = repository.commit({"a.ts": "main"})
    repository.git("checkout", "--quiet", "topic")
    topic = repository.commit({"b.ts": "topic"})
    assert merge_base(Repository.at(repository.path), main, topic) == base


def test_histories_that_never_met_are_an_error(repository: GitRepository) -> None:
    main = repository.commit({"a.ts": "x"})
    repository.git("checkout", "--quiet", "--orphan", "other")
    other = repository.commit({"a.ts": "y"})
    with pytest.raises(UnknownCommit, match="no commit in common"):
        merge_base(Repository.at(repository.path), main, other)
