import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from preship.bot.review.markdown import cell, code, fenced, fitting, prose, visible

Z = "\u200b"


def test_a_code_span_is_fenced_longer_than_any_run_in_it():
    assert [code(text) for text in ("a", "a`b", "``", " ")] == ["`a`", "``a`b``", "``` `` ```", "`   `"]


def test_line_ends_and_steering_characters_are_harmless_in_names():
    assert visible("a\r\nb\x1b[31m\u202ec\ud800") == "a b\\u001b[31m\\u202ec\\ud800"


def test_long_names_are_cut():
    assert visible("x" * 300, 5) == "xxxx…"


def test_prose_keeps_code_and_emphasis():
    assert prose("`deletePost` *never* asks: ``a`b``") == "`deletePost` *never* asks: ``a`b``"


def test_prose_notifies_and_links_nobody():
    text = "@octocat fixes #1, GH-2, a/b#3, https://evil.example www.evil.example [x](y) ![i](u)"
    assert prose(text) == (
        f"@{Z}octocat fixes #{Z}1, G{Z}H-{Z}2, a/b#{Z}3, https:{Z}//{Z}evil.example w{Z}ww.{Z}evil.example"
        " \\[x\\](y) \\!\\[i\\](u)"
    )


def test_prose_has_no_html_and_no_comment():
    assert prose("<img src=x> <!-- a --> &amp;") == "&lt;img src=x&gt; &lt;\\!-- a --&gt; &amp;amp;"


def test_an_escaped_backtick_does_not_open_code():
    assert prose("\\`@octocat`") == "\\\\`@octocat`"
    assert prose("one ` only @octocat") == f"one \\` only @{Z}octocat"


def test_a_bar_does_not_end_a_cell_even_behind_a_backslash():
    assert cell(code("a|b\\|c")) == f"`a\\|b\\{Z}\\|c`"


def test_a_block_is_fenced_longer_than_any_run_in_it():
    assert fenced("a\n````\nb\n", "sh") == "`````sh\na\n````\nb\n`````"


def test_the_first_rendering_that_fits_is_taken_and_else_the_last():
    assert fitting(lambda size: "é" * size * 10_000, (9, 3, 1)) == "é" * 30_000
    assert len(fitting(lambda size: "x" * 70_000, (2, 1))) == 70_000


def words(markdown):
    """The rendered text outside of code, and every tag."""
    html = MarkdownIt("commonmark", {"linkify": False}).render(markdown)
    outside = re.sub(r"<code>.*?</code>", "", html, flags=re.DOTALL)
    return outside, set(re.findall(r"<(/?\w+)", html))


@given(st.text(alphabet=st.sampled_from(list("`\\@#<>![]()*|ab1 \n&:/-~$")), max_size=60))
def test_no_prose_pings_or_links_or_brings_html(text):
    outside, tags = words("It says: " + prose(text))
    assert not re.search(r"[@#][0-9a-z]", outside)
    assert tags <= {"p", "/p", "code", "/code", "em", "/em", "strong", "/strong"}


@given(st.text(max_size=60))
def test_every_name_is_one_code_span(text):
    html = MarkdownIt("commonmark").render("x" + code(text) + "x")
    assert re.fullmatch(r"<p>x<code>[^<>]*</code>x</p>\n", html)
