from preship.bot.review.patch import Hunk, Stretch, hunks


def test_a_hunk_shows_added_and_unchanged_lines_of_the_new_file():
    patch = "@@ -5,4 +5,4 @@ function head() {\n a\n-b\n+B\n+C\n-c\n d"
    assert hunks(patch) == (Hunk((5, 6, 7, 8), (Stretch((6, 7), (6, 7), 5),)),)


def test_a_pure_deletion_knows_the_line_behind_which_it_stood():
    assert hunks("@@ -1,3 +1,2 @@\n a\n-b\n c") == (Hunk((1, 2), (Stretch((), (2,), 1),)),)


def test_a_deleted_file_shows_no_line_of_the_new_file():
    assert hunks("@@ -1,2 +0,0 @@\n-a\n-b") == (Hunk((), (Stretch((), (1, 2), 0),)),)


def test_an_added_file_shows_all_its_lines():
    assert hunks("@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file") == (Hunk((1, 2), (Stretch((1, 2), (), 0),)),)


def test_an_unchanged_line_ends_a_stretch():
    patch = "@@ -1,5 +1,3 @@\n-a\n b\n-c\n d\n+e\n-f"
    assert hunks(patch)[0].stretches == (Stretch((), (1,), 0), Stretch((), (3,), 1), Stretch((3,), (5,), 2))


def test_carriage_returns_and_odd_line_ends_are_part_of_the_line():
    patch = "@@ -1,3 +1,2 @@\n a\x0b\u2028z\r\n-b\x1c\r\n c\x85\r\n\\ No newline at end of file"
    assert hunks(patch) == (Hunk((1, 2), (Stretch((), (2,), 1),)),)


def test_lines_that_look_like_the_names_of_files_are_lines():
    assert hunks("@@ -1,2 +1,2 @@\n--- a/x\n-b\n+++ b/y\n+c") == (Hunk((1, 2), (Stretch((1, 2), (1, 2), 0),)),)


def test_no_patch_and_a_cut_off_patch_and_no_diff_at_all_bear_no_comments():
    assert hunks(None) == hunks("") == hunks("@@ -1,20 +1,2 @@\n-cut") == hunks("Binary files differ") == ()
