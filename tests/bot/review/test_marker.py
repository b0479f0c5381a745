import pytest

from preship.bot.review.marker import Kind, Marker, read_marker, write_marker
from tests.bot.review.samples import HEAD, KEY

MARKER = Marker(Kind.COMMENT, 7, HEAD, ("a1", "b2"))


def test_a_mark_tells_what_the_post_is_about():
    assert read_marker(f"words\n\n{write_marker(MARKER, KEY)}\n", KEY) == MARKER


def test_a_mark_without_fingerprints_is_whole_too():
    marker = Marker(Kind.SUMMARY, 7, HEAD)
    assert read_marker(write_marker(marker, KEY), KEY) == marker


def test_a_mark_of_another_key_is_no_mark():
    assert read_marker(write_marker(MARKER, b"another"), KEY) is None


@pytest.mark.parametrize("change", [(" 7 ", " 8 "), ("a1,b2", "a1"), ("comment", "review"), ("c0ffee", "c0ffef")])
def test_a_changed_mark_is_no_mark(change):
    assert read_marker(write_marker(MARKER, KEY).replace(*change), KEY) is None


def test_a_quoted_mark_of_somebody_else_does_not_hide_ours():
    forged = write_marker(Marker(Kind.REVIEW, 7, HEAD), b"forged")
    assert read_marker(f"{write_marker(MARKER, KEY)} {forged}", KEY) == MARKER


def test_the_last_of_our_marks_counts():
    quoted = write_marker(Marker(Kind.REVIEW, 7, HEAD), KEY)
    assert read_marker(f"> {quoted}\n\n{write_marker(MARKER, KEY)}", KEY) == MARKER


def test_what_could_end_the_html_comment_is_refused():
    with pytest.raises(ValueError, match="no such commit or fingerprint"):
        write_marker(Marker(Kind.COMMENT, 7, HEAD, ("a1 --> <b>",)), KEY)


def test_a_body_without_a_mark_has_none():
    assert read_marker("<!-- preship comment 7 -->", KEY) is None
