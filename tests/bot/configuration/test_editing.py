"""One exception more in somebody's file, and not a letter else changed; or the file stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preship.bot.configuration.document import read_document
from preship.bot.configuration.editing import AlreadySaid, CannotEdit, Exempt, exempt, with_exception

VPN = Exempt("missing-authentication", "app/admin/**", "behind the VPN")

ITEM = """\
  - rule: missing-authentication
    actions: app/admin/**
    reason: behind the VPN
"""

STANDING = """\
  - rule: missing-ownership-check  # since March
    actions: app/shared/**
    reason: the team shares them   # all of them
"""


@pytest.mark.parametrize("content", [None, b"", b"\n\n"])
def test_where_there_is_no_file_there_is_one(content: bytes | None) -> None:
    made = with_exception(content, VPN).decode()
    assert made == f"# What this repository decides for itself about its reviews by Preship.\nexceptions:\n{ITEM}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# ours\nfail-on: low  # for now\n", f"# ours\nfail-on: low  # for now\nexceptions:\n{ITEM}"),
        ("fail-on: low", f"fail-on: low\nexceptions:\n{ITEM}"),
        ("# nothing yet\n", f"# nothing yet\nexceptions:\n{ITEM}"),
        ("---\nfail-on: low\n", f"---\nfail-on: low\nexceptions:\n{ITEM}"),
        ("  fail-on: low\n", "  fail-on: low\n  exceptions:\n" + "".join(f"  {x}\n" for x in ITEM.splitlines())),
        ("exceptions:\n", f"exceptions:\n{ITEM}"),
        ("exceptions:  # none yet\n\nfail-on: low\n", f"exceptions:  # none yet\n{ITEM}\nfail-on: low\n"),
        (f"exceptions:\n{STANDING}", f"exceptions:\n{STANDING}{ITEM}"),
        (
            f"exceptions:\n{STANDING}\n# who may what\nroles: []\n",
            f"exceptions:\n{STANDING}{ITEM}\n# who may what\nroles: []\n",
        ),
        (
            "exceptions:\n- {rule: missing-authentication, actions: app/x.ts, reason: x}\nfail-on: low\n",
            "exceptions:\n- {rule: missing-authentication, actions: app/x.ts, reason: x}\n"
            + "".join(f"{x[2:]}\n" for x in ITEM.splitlines())
            + "fail-on: low\n",
        ),
        (
            "exceptions:\n  - rule: missing-authentication\n    actions: x.ts\n    reason: |\n      long\n\nonly: []\n",
            "exceptions:\n  - rule: missing-authentication\n    actions: x.ts\n    reason: |\n      long\n\n"
            f"{ITEM}only: []\n",
        ),
    ],
)
def test_the_item_is_added_and_every_comment_stays(before: str, after: str) -> None:
    assert with_exception(before.encode(), VPN).decode() == after


def test_lines_end_as_they_did() -> None:
    assert with_exception(b"\xef\xbb\xbffail-on: low\r\n", VPN) == (
        f"\ufefffail-on: low\nexceptions:\n{ITEM}".replace("\n", "\r\n").encode()
    )


@pytest.mark.parametrize(
    "content",
    [
        "{fail-on: low}\n",
        "exceptions: [{rule: missing-authentication, actions: app/x.ts, reason: x}]\n",
        "fail-on: low\n...\n",
        "fail-on: lwo\n",
        "fail-on: [\n",
        "- a list\n",
        "a: &x 1\nb: *x\n",
        "\x00",
    ],
)
def test_a_file_that_cannot_be_edited_safely_is_left_alone(content: str) -> None:
    with pytest.raises(CannotEdit):
        with_exception(content.encode(), VPN)


def test_what_the_file_says_already_is_not_said_twice() -> None:
    once = with_exception(b"fail-on: low\n", VPN)
    with pytest.raises(AlreadySaid, match="behind the VPN"):
        with_exception(once, Exempt(VPN.rule, VPN.actions, "another reason"))
    assert with_exception(once, Exempt(VPN.rule, "app/other/**", "x")).count(b"- rule:") == 2


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("../secrets/**", "Paths begin at the root of the repository, without '/' or '.' in front."),
        ("app/../../x", "Paths begin at the root of the repository, without '/' or '.' in front."),
        ("/etc/**", "Paths begin at the root of the repository, without '/' or '.' in front."),
        ("app\\admin", "Folders are parted by '/', and no character needs a backslash."),
        ("a" * 301, "A pattern has 1 to 300 characters."),
        ("", "A pattern has 1 to 300 characters."),
        ("app/\u202eadmin", "It has characters in it that nobody can see."),
        ("app/\nadmin", "It has characters in it that nobody can see."),
    ],
)
def test_a_pattern_that_no_file_may_hold_is_refused(pattern: str, says: str) -> None:
    with pytest.raises(CannotEdit) as caught:
        exempt("missing-authentication", pattern, "why not")
    assert str(caught.value) == says


def test_a_reason_of_many_thousand_characters_is_refused() -> None:
    with pytest.raises(CannotEdit, match="500 characters"):
        exempt("missing-authentication", "app/**", "x" * 5000)


_TEXTS = st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable() and bool(text.strip()))
_FILES = ["", "fail-on: low\n", "# x\nexceptions:\n", f"exceptions:\n{STANDING}", f"exceptions:\n{STANDING}only: []"]


@settings(max_examples=200)
@given(st.sampled_from(_FILES), _TEXTS, _TEXTS)
def test_whatever_is_asked_for_is_what_is_read_and_nothing_else(content: str, pattern: str, reason: str) -> None:
    try:
        wanted = exempt("missing-authentication", pattern, reason)
    except CannotEdit:
        return
    before, after = read_document(content.encode()).value, read_document(with_exception(content.encode(), wanted)).value
    standing = before.get("exceptions", []) if isinstance(before, dict) else []
    assert isinstance(standing, list)
    assert isinstance(after, dict)
    assert after["exceptions"] == [
        *standing,
        {"rule": wanted.rule, "actions": wanted.actions, "reason": wanted.reason},
    ]
