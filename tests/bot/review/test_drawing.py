import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.analysis import FileChange
from bot.git.changes import changes
from bot.git.process import Repository
from bot.review.drawing import draw_patch
from bot.review.patch import hunks
from tests.git_repository import GitRepository

OLD = "".join(f"line {number}\n" for number in range(1, 31))


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace("line 3\n", ""),
        OLD.replace("line 3\n", "three\n3\n").replace("line 9\n", "").replace("line 25\n", "line 25\nmore\n"),
        "first\n" + OLD,
        OLD + "last",
        OLD.removesuffix("\n"),
        "",
    ],
)
def test_the_patch_is_the_one_that_git_draws(tmp_path, new):
    repository = GitRepository(tmp_path)
    before, after = (repository.commit({"a.ts": text}) for text in (OLD, new))
    (change,) = changes(Repository.at(tmp_path), before, after)
    shown = repository.git("diff", "--diff-algorithm=myers", before, after)
    assert hunks(draw_patch(change, OLD, new)) == hunks("@@" + shown.partition("@@")[2])


@given(st.lists(st.sampled_from(["same", "added", "removed"]), max_size=40))
def test_every_changed_line_is_shown_once(steps):
    old, new, added, removed = [], [], [], []
    for number, step in enumerate(steps):
        if step != "added":
            old.append(f"{number}\n")
        if step != "removed":
            new.append(f"{number}\n")
        if step == "added":
            added.append(len(new))
        if step == "removed":
            removed.append(len(old))
    change = FileChange("a.ts", "a.ts", added=tuple(added), removed=tuple(removed))
    drawn = [stretch for hunk in hunks(draw_patch(change, "".join(old), "".join(new))) for stretch in hunk.stretches]
    assert [line for stretch in drawn for line in stretch.added] == added
    assert [line for stretch in drawn for line in stretch.removed] == removed


def test_texts_that_the_change_does_not_join_are_refused():
    with pytest.raises(ValueError, match="does not lead from one text to the other"):
        draw_patch(FileChange("a.ts", "a.ts"), "a\n", "a\nb\n")
