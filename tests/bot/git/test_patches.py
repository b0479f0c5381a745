"""Which lines of a change its readers see: what git itself draws, less what a forge leaves out."""

import pytest

from preship.bot.git.changes import changes
from preship.bot.git.patches import PATCH_LIMIT_LINES, patches
from preship.bot.git.process import Repository
from tests.git_repository import GitRepository

OLD = "".join(f"line {number}\n" for number in range(1, 31))


def drawn(repository, before, after, *named, fetch=None):
    opened = Repository.at(repository.path)
    changed = changes(opened, before, after)
    named = named or tuple(change.path for change in changed)
    return patches(opened, (before, after), changed, frozenset(named), fetch)


def change(tmp_path, old, new):
    repository = GitRepository(tmp_path)
    return drawn(repository, repository.commit(old), repository.commit(new))


@pytest.mark.parametrize(
    ("new", "hunks"),
    [
        (OLD.replace("line 3\n", ""), "@@ -1,6 +1,5 @@\n line 1\n line 2\n-line 3\n line 4\n line 5\n line 6"),
        ("first\n" + OLD, "@@ -1,3 +1,4 @@\n+first\n line 1\n line 2\n line 3"),
        (
            OLD + "last",
            "@@ -28,3 +28,4 @@ line 27\n line 28\n line 29\n line 30\n+last\n\\ No newline at end of file",
        ),
    ],
)
def test_a_change_is_shown_with_three_lines_around_it(tmp_path, new, hunks):
    assert change(tmp_path, {"a.ts": OLD}, {"a.ts": new}) == {"a.ts": hunks}


def test_an_added_and_a_deleted_file_are_shown_whole(tmp_path):
    assert change(tmp_path, {"a.ts": "a\n"}, {"a.ts": None, "b.ts": "different\n"}) == {
        "a.ts": "@@ -1 +0,0 @@\n-a",
        "b.ts": "@@ -0,0 +1 @@\n+different",
    }


def test_a_renamed_file_is_shown_under_its_new_name_with_what_changed_in_it(tmp_path):
    shown = change(tmp_path, {"old name.ts": OLD}, {"old name.ts": None, "new.ts": OLD.replace("line 30\n", "")})
    assert shown == {"new.ts": "@@ -27,4 +27,3 @@ line 26\n line 27\n line 28\n line 29\n-line 30"}


def test_a_mere_renaming_shows_no_line(tmp_path):
    assert change(tmp_path, {"a.ts": OLD}, {"a.ts": None, "b.ts": OLD}) == {}


def test_a_binary_file_shows_no_line_though_the_analysis_reads_it(tmp_path):
    assert change(tmp_path, {"a.ts": "a\n"}, {"a.ts": "a\0b\n"}) == {}


def test_a_file_that_became_a_link_shows_no_line(tmp_path):
    repository = GitRepository(tmp_path)
    before = repository.commit({"a.ts": "a\n", "b.ts": "b\n"})
    (tmp_path / "a.ts").unlink()
    (tmp_path / "a.ts").symlink_to("b.ts")
    assert drawn(repository, before, repository.commit({"b.ts": "c\n"})) == {"b.ts": "@@ -1 +1 @@\n-b\n+c"}


def test_a_patch_that_a_forge_would_not_load_is_left_out(tmp_path):
    assert change(tmp_path, {"a.ts": ""}, {"a.ts": "x\n" * PATCH_LIMIT_LINES}) == {}


def test_line_ends_of_windows_stay_in_the_line(tmp_path):
    assert change(tmp_path, {"a.ts": "a\r\nb\r\n"}, {"a.ts": "a\r\nc\n"}) == {"a.ts": "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+c"}


@pytest.mark.parametrize("name", ["*.ts", ":(top)a.ts", "a\tb.ts", 'say "hi".ts', "ä/[id]/page.ts", "-x.ts", "a\\b.ts"])
def test_a_name_is_a_name_whatever_git_could_make_of_it(tmp_path, name):
    shown = change(tmp_path, {name: "a\n", "other.ts": "x\n"}, {name: "b\n", "other.ts": "y\n"})
    assert shown[name] == "@@ -1 +1 @@\n-a\n+b"


def test_a_file_that_nobody_reads_is_shown_where_it_cannot_be_another_one_renamed(tmp_path):
    before = {"tsconfig.json": "{}\n", "gone.json": OLD}
    after = {"tsconfig.json": "[]\n", "gone.json": None, "come.json": OLD + "more\n"}
    assert change(tmp_path, before, after) == {"tsconfig.json": "@@ -1 +1 @@\n-{}\n+[]"}


def test_only_files_that_are_named_are_drawn_a_renamed_one_by_either_name(tmp_path):
    repository = GitRepository(tmp_path)
    before = repository.commit({"old.ts": OLD, "b.ts": "b\n"})
    after = repository.commit({"old.ts": None, "new.ts": OLD + "x\n", "b.ts": "c\n"})
    assert drawn(repository, before, after, "old.ts").keys() == {"new.ts"}


def test_more_files_than_git_takes_names_are_drawn_all(tmp_path):
    files = {f"app/{number}.ts": f"{number}\n" for number in range(3_001)}
    repository = GitRepository(tmp_path)
    before = repository.commit(files)
    after = repository.commit({path: f"new\n{text}" for path, text in files.items()})
    shown = drawn(repository, before, after)
    assert len(shown) == 3_001
    assert shown["app/3000.ts"] == "@@ -1 +1,2 @@\n+new\n 3000"
