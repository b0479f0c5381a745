from dataclasses import replace

from preship.analyzers.analysis import Step, Touch
from preship.bot.review.placement import LONGEST_COMMENT_LINES, Place, diff_of, place_of
from preship.bot.review.pull_request import Side
from tests.bot.review.samples import ACTION, FINDING, PATCH, comparison, patched, reached

PATH = ACTION.path


def placed(finding, *files, action=ACTION):
    return place_of(action, finding, diff_of(comparison(*files)))


def test_a_finding_whose_line_is_in_the_diff_stands_there():
    assert placed(FINDING, patched(PATH, PATCH)) == Place(PATH, 9)


def test_an_unchanged_line_of_a_hunk_bears_a_comment_too():
    assert placed(replace(FINDING, line=10, end_line=10), patched(PATH, PATCH)) == Place(PATH, 10)


def test_a_finding_of_several_lines_marks_them_if_one_hunk_shows_them_all():
    assert placed(replace(FINDING, line=8), patched(PATH, PATCH)) == Place(PATH, 9, start_line=8)


def test_a_finding_that_runs_out_of_its_hunk_marks_its_first_line():
    assert placed(replace(FINDING, end_line=40), patched(PATH, PATCH)) == Place(PATH, 9)


def test_a_finding_outside_the_diff_stands_on_the_nearest_changed_line_of_its_action():
    action = replace(ACTION, line=6, end_line=60)
    assert placed(replace(FINDING, line=50, end_line=50), patched(PATH, PATCH), action=action) == Place(PATH, 9)


def test_changes_of_other_actions_do_not_bear_the_comment():
    action = replace(ACTION, line=40, end_line=60)
    assert placed(replace(FINDING, line=50, end_line=50), patched(PATH, PATCH), action=action) == Place(PATH, None)


def test_a_fault_that_a_deletion_caused_stands_on_the_deleted_lines():
    gone = "-  const s = await auth()\n-  if (!s) return"
    patch = f"@@ -6,7 +6,5 @@\n \n export async function deletePost(id) {{\n{gone}\n   await x\n   y\n }}"
    assert placed(FINDING, patched(PATH, patch)) == Place(PATH, 9, Side.LEFT, 8)


def test_a_long_deletion_is_marked_by_its_first_line():
    gone = "\n".join(f"-  line{number}" for number in range(LONGEST_COMMENT_LINES + 1))
    patch = f"@@ -7,{LONGEST_COMMENT_LINES + 3} +7,2 @@\n export\n{gone}\n   x"
    assert placed(FINDING, patched(PATH, patch)) == Place(PATH, 8, Side.LEFT)


def test_without_a_patch_the_comment_stands_on_the_file():
    assert placed(FINDING, patched(PATH, None)) == Place(PATH, None)


def test_a_finding_in_a_file_that_the_change_does_not_show_has_no_place():
    assert placed(FINDING, patched("README.md", "@@ -1 +1 @@\n-a\n+b")) is None


def test_a_finding_in_an_unchanged_file_stands_on_the_changed_lines_of_the_action():
    assert placed(replace(FINDING, path="lib/posts.ts"), patched(PATH, PATCH)) == Place(PATH, 8)


def test_a_reached_action_is_told_at_the_changed_line_of_what_it_executes():
    action = reached("archivePost", 30, 1, Step("lib/session.ts", 4, "weaker"))
    patch = "@@ -3,3 +3,3 @@\n a\n-b\n+c\n d"
    assert placed(action.findings[0], patched("lib/session.ts", patch), action=action) == Place("lib/session.ts", 4)


def test_a_reached_action_is_told_at_the_check_that_was_deleted():
    action = reached("archivePost", 30, 1, Step("lib/session.ts", 3, "gone"))
    patch = "@@ -2,4 +2,3 @@\n a\n b\n-if (!user) redirect('/login')\n c"
    place = placed(action.findings[0], patched("lib/session.ts", patch), action=action)
    assert place == Place("lib/session.ts", 4, Side.LEFT)


def test_a_reached_action_is_not_told_in_its_own_unchanged_file():
    action = reached("archivePost", 30, 1, Step("tsconfig.json", 3, "another module"))
    assert placed(action.findings[0], patched(PATH, PATCH), action=action) is None


def test_a_renamed_file_is_found_by_both_names():
    action = replace(ACTION, touch=Touch.REACHED, touched_by=(Step("lib/old.ts", 2, "gone"),))
    patch = "@@ -1,3 +1,2 @@\n a\n-b\n c"
    place = placed(FINDING, patched("lib/new.ts", patch, old_path="lib/old.ts"), action=action)
    assert place == Place("lib/new.ts", 2, Side.LEFT)


def test_an_action_touched_by_a_change_outside_of_it_is_told_there():
    action = replace(ACTION, line=40, end_line=60, touched_by=(Step(PATH, 8, "its schema"),))
    assert placed(replace(FINDING, line=50, end_line=50), patched(PATH, PATCH), action=action) == Place(PATH, 8)
