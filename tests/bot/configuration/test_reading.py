"""What a configuration comes to, and what is wrong with it: whole, at its places, in words."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preship.analyzers.analysis import (
    ActionPattern,
    Entry,
    ExceptedActions,
    Guard,
    Passed,
    Persona,
    Policy,
    Proof,
    PublicActions,
    RoleBoundActions,
    Severity,
    Wrapper,
)
from preship.analyzers.models.form import Act, Finds, Row
from preship.analyzers.project.memory import MemoryFiles
from preship.bot.configuration.reading import Configured, configured
from preship.bot.review.policy import CONFIGURATION, ReviewPolicy

WHOLE = """\
    fail-on: medium
    persona: pedantic
    drafts: true
    severity:
      error-message-leak: off
      raw-record-return: high
    only: [apps/web/]
    ignore:
      - "**/*.example.ts"
    public:
      - actions: apps/web/app/[locale]/contact/actions.ts:send*
        reason: anybody may
          write to us
    exceptions:
      - rule: missing-ownership-check
        actions: apps/web/app/admin/**
        reason: "admins: all"
    roles:
      - {actions: "apps/web/app/admin/**", role: admin}
    guards:
      - function: "@acme/auth:auth.requireUser"
        proves: authentication
      - function: lib/policy.ts:can
        proves: ownership
        argument: 2
        when: truthy
        async: no
    wrappers:
      - function: "@acme/auth:withRole"
        proves: role
        role: admin
        callback: 2
        passes: [session, arguments]
    models:
      - packages: ["@acme/db"]
        members: {db: "acme#db"}
      - things: ["acme#db"]
        methods:
          find, get: {query: read, table: path, key: 0, finds: first}
"""


def read(text: str) -> Configured:
    return configured(MemoryFiles({CONFIGURATION: textwrap.dedent(text)}))


def mistakes(text: str) -> list[str]:
    return [f"{each.line}:{each.column} {each.says}" for each in read(text).mistakes]


def test_the_whole_of_it() -> None:
    assert read(WHOLE) == Configured(
        policy=Policy(
            only=("apps/web/",),
            ignored=("**/*.example.ts",),
            public=(
                PublicActions(
                    ActionPattern("apps/web/app/[locale]/contact/actions.ts", "send*"), "anybody may write to us"
                ),
            ),
            role_bound=(RoleBoundActions(ActionPattern("apps/web/app/admin/**"), "admin"),),
            exceptions=(
                ExceptedActions("missing-ownership-check", ActionPattern("apps/web/app/admin/**"), "admins: all"),
            ),
            severities=(("error-message-leak", None), ("raw-record-return", Severity.HIGH)),
            guards=(
                Guard(("@acme/auth", "auth.requireUser"), Proof.AUTHENTICATION),
                Guard(("lib/policy.ts", "can"), Proof.OWNERSHIP, argument=1, is_answer=True, is_async=False),
            ),
            wrappers=(
                Wrapper(
                    ("@acme/auth", "withRole"),
                    Proof.ROLE,
                    "admin",
                    callback=1,
                    passes=(Passed.SESSION, Passed.ARGUMENTS),
                ),
            ),
            models=(
                Entry(packages=("@acme/db",), members={"db": "acme#db"}),
                Entry(
                    things=("acme#db",),
                    methods={"find, get": Row(query=Act.READ, table="path", key="0", finds=Finds.FIRST)},
                ),
            ),
        ),
        review=ReviewPolicy(fail_on=Severity.MEDIUM, persona=Persona.PEDANTIC),
        drafts=True,
        is_there=True,
    )


def test_no_file_is_what_is_done_by_default() -> None:
    assert configured(MemoryFiles({"app/actions.ts": ""})) == Configured()


@pytest.mark.parametrize("text", ["", "# nothing is decided yet\n", "ignore:\n  # - app/\n", "---\n", "~"])
def test_a_file_that_decides_nothing_is_what_is_done_by_default(text: str) -> None:
    assert read(text) == Configured(is_there=True)


def test_nothing_fails_where_it_says_never() -> None:
    assert read("fail-on: never").review.fail_on is None


def test_five_mistakes_are_five_and_each_has_its_place() -> None:
    text = """\
        fail-on: hgh
        severty:
          missing-authentication: off
        severity:
          zzz: off
        ignore: examples/**
        public:
          - actions: app/contact/**
    """
    assert mistakes(text) == [
        "1:10 'hgh' is none of critical, high, medium, low and never; did you mean 'high'?",
        "2:1 there is no key 'severty' here; did you mean 'severity'?",
        "5:3 there is no rule 'zzz'; `preship rules` lists them",
        "6:9 'ignore' should be a list",
        "8:5 'reason' is missing",
    ]


def test_the_rule_that_was_meant_is_named() -> None:
    (told,) = mistakes("severity: {missing-auhtentication: off}")
    assert told.startswith("1:12 there is no rule 'missing-auhtentication'; did you mean missing-authentication")


def test_one_mistake_is_enough_for_nothing_to_count() -> None:
    broken = read("persona: pedantic\ndrafts: perhaps\n")
    assert (broken.review, broken.policy, broken.drafts) == (ReviewPolicy(), Policy(), None)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("- a", "1:1 the file should be a mapping of keys to values"),
        ("severity: high", "1:11 'severity' should be a mapping of keys to values"),
        ("severity:\n  raw-record-return: none", "2:22 'none' is none of critical, high, medium, low and off"),
        ("drafts: perhaps", "1:9 'drafts' should be true or false"),
        ("persona: [regular]", "1:10 'persona' should be regular or pedantic"),
        ("only:\n  - {a: b}", "2:5 each of 'only' should be text"),
        ("only:\n  - /app", "2:5 paths begin at the root of the repository, without '/' or '.' in front"),
        ("only:\n  - ../app", "2:5 paths begin at the root of the repository, without '/' or '.' in front"),
        ("only:\n  - app\\admin", "2:5 folders are parted by '/', and no character needs a backslash"),
        ("public:\n  - app/**", "2:5 each of 'public' should be a mapping of keys to values"),
        (
            "public:\n  - {actions: a, reason: b, why: c}",
            "2:29 there is no key 'why' here; there are actions and reason",
        ),
        ("public:\n  - {actions: a, reason: ' '}", "2:26 the reason is empty"),
        (
            "guards:\n  - {function: requireUser, proves: authentication}",
            "2:16 a function is written as MODULE:NAME, such as '@acme/auth:requireUser' or 'lib/auth.ts:user'",
        ),
        (
            "guards:\n  - {function: 'lib/a.ts:auth.user', proves: authentication}",
            "2:16 a function of a file is named as the file exports it, without a dot",
        ),
        (
            "guards:\n  - {function: 'a:b', proves: ownershp}",
            "2:31 'ownershp' is none of authentication, role and ownership; did you mean 'ownership'?",
        ),
        (
            "guards:\n  - {function: 'a:b', proves: ownership}",
            "2:5 ownership needs 'argument': which one names what belongs to the caller, from 1",
        ),
        ("guards:\n  - {function: 'a:b', proves: role, argument: 1}", "2:5 'argument' is only for ownership"),
        (
            "guards:\n  - {function: 'a:b', proves: ownership, argument: 0}",
            "2:52 'argument' should be 1 or more",
        ),
        (
            "conventions:\n  tenant-tabel: {also: [praxis]}",
            "2:3 there is no convention 'tenant-tabel'; did you mean tenant-table?",
        ),
        ("conventions:\n  zzz: {also: [praxis]}", "2:3 there is no convention 'zzz'; `preship conventions` lists them"),
        ("conventions:\n  tenant-table: {allso: [a]}", "2:18 there is no key 'allso' here; did you mean 'also'?"),
        (
            "conventions:\n  tenant-table: {}",
            "2:17 a convention needs 'also' or 'never': which names follow it, or do not",
        ),
        (
            "conventions:\n  tenant-table: {also: [a], never: [a]}",
            "2:17 'a' cannot follow the convention and not follow it",
        ),
        ("conventions:\n  tenant-table:\n    also: ['*']", "3:12 '*' alone would be every name"),
        (
            "conventions:\n  tenant-table:\n    never: ['a b']",
            "3:13 a name has 1 to 100 letters and digits, '_', '-', '.', '$', and three '*' at most",
        ),
        ("wrappers:\n  - {function: 'a:b', callback: two}", "2:33 'callback' should be a whole number"),
        (
            "wrappers:\n  - {function: 'a:b', passes: [sesion]}",
            "2:32 'sesion' is none of session and arguments; did you mean 'session'?",
        ),
        ("wrappers:\n  - {function: 'a:b', proves: ownership}", "2:31 'ownership' is none of authentication and role"),
        ("only: []\nonly: [app/]", "2:1 'only' is given twice"),
        ("? [a]\n: b", "1:3 a key should be text"),
        (
            "only: [",
            "1:8 this cannot be read: while parsing a flow node, expected the node content, but found '<stream end>'",
        ),
        (
            "a: b\n---\na: b",
            "2:1 this cannot be read: expected a single document in the stream, but found another document",
        ),
        ("only: &all [app/]\nignore: *all", "2:9 this cannot be read: aliases are not read; write the value out"),
        ("only: [app/\x07]", "1:12 a control character is not allowed here"),
        ("only: " + "[" * 5000, "1:1 the file is nested too deeply"),
        ("# " + "-" * 70_000, "1:1 the file is larger than 64 KB"),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, mistake: str) -> None:
    assert mistakes(text) == [mistake]


MODELS = "models:\n- packages: [a]\n  calls:\n    f: "


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("{sesion: Acme}", "4:9 there is no key 'sesion' here; did you mean 'session'?"),
        ("{session: Acme, guard: Acme}", "4:8 'session' and 'guard' do not go together; write one of "),
        ("{target: a store}", "4:8 a row says what kind of call it is; write one of session, guard, asks, "),
        ("{guard: Acme, key: 0}", "4:27 'key' is no option of 'guard'; it has now, owns, role"),
        ("{request: wirte, target: x}", "4:18 'wirte' is none of read, insert, write, "),
        ("{effect: write, key: id}", "4:29 'key' is an argument from 0, or a field of one: '0', '1.to', "),
        ("{gives: nothin}", "4:16 'nothin' is no value; write false, list, nothing, true, undefined, unknown, "),
        ("{gives: {a: [b]}}", "4:16 ['b'] is no value; write "),
        ("{does: leave}", "4:15 'leave' is none of text, "),
        ("{python: rows.text}", "4:17 'python' names code of Preship's, which a configuration does not"),
        ("session", "4:8 'f' should be a mapping of keys to values"),
        ("{guard: Acme}\n  reads: rows.text", "5:10 'reads' names code of Preship's, which a configuration does not"),
        ("{guard: Acme}\n  metods: {}", "5:3 there is no key 'metods' here; did you mean 'methods'?"),
        ("{guard: Acme}\n- calls: {}", "5:3 an entry is about 'packages' or 'things'"),
    ],
)
def test_a_mistake_of_a_model_is_reported_at_its_place_with_what_to_write(text: str, mistake: str) -> None:
    (found,) = mistakes(MODELS + text)
    assert found.startswith(mistake)


def test_bytes_that_are_no_text_are_told_at_their_place() -> None:
    (mistake,) = configured(MemoryFiles({CONFIGURATION: b"only: [app/]\n# caf\xe9\n"})).mistakes
    assert (mistake.line, mistake.column, mistake.says) == (2, 6, "the file is not UTF-8 text")


class Linked(MemoryFiles):
    """A tree in which the file is a symbolic link."""

    def __init__(self) -> None:
        super().__init__({})

    def refusals(self) -> dict[str, str]:
        return {CONFIGURATION: "a symbolic link"}


def test_a_link_is_not_followed() -> None:
    (mistake,) = configured(Linked()).mistakes
    assert mistake.says == "it is a symbolic link"


def test_a_file_that_is_too_large_to_be_read_at_all_is_told() -> None:
    (mistake,) = configured(MemoryFiles({CONFIGURATION: b"#" * 3_000_000})).mistakes
    assert mistake.says == "it is larger than 2 MB"


def test_a_file_of_a_wrong_name_is_told_instead_of_passed_over() -> None:
    (mistake,) = configured(MemoryFiles({".github/preship.yaml": "drafts: true"})).mistakes
    assert mistake.says == "there is no such file, and .github/preship.yaml is not read"


@given(st.binary(max_size=400))
def test_no_bytes_are_too_odd_to_be_judged(content: bytes) -> None:
    assert configured(MemoryFiles({CONFIGURATION: content})).is_there


@given(st.data())
def test_no_change_of_a_right_file_is_too_odd_to_be_judged(data: st.DataObject) -> None:
    text = textwrap.dedent(WHOLE)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    odd = text[:start] + data.draw(st.text("&*!|>%@`{}[]:,- \n\t'\"#?~0aoff", max_size=6)) + text[end:]
    lines = odd.split("\n")
    for mistake in read(odd).mistakes:
        assert mistake.says
        assert 1 <= mistake.line <= len(lines) + 1


OF_ALL = b"""\
fail-on: medium
persona: pedantic
severity:
  error-message-leak: off
  raw-record-return: high
only: [apps/]
ignore: [legacy/]
public:
  - actions: app/contact.ts
    reason: anybody may write to us
"""
"""What an organization decides for all its repositories."""


def above(own: str | None, organization: bytes = OF_ALL) -> Configured:
    return configured(MemoryFiles({} if own is None else {CONFIGURATION: own}), organization)


def test_a_repository_without_a_file_follows_its_organization():
    found = above(None)
    assert found.review.fail_on is Severity.MEDIUM
    assert found.policy.ignored == ("legacy/",)
    assert (found.is_there, found.mistakes) == (False, ())


def test_what_a_repository_says_goes_before_what_its_organization_says_key_by_key():
    found = above("fail-on: never\nonly: [web/]\nignore: [old/]\nseverity: {raw-record-return: low}\n")
    assert found.review.fail_on is None
    assert found.review.persona is Persona.PEDANTIC
    assert found.policy.only == ("web/",)
    assert found.policy.ignored == ("legacy/", "old/")
    assert found.policy.severities == (("error-message-leak", None), ("raw-record-return", Severity.LOW))
    assert found.policy.public == (PublicActions(ActionPattern("app/contact.ts"), "anybody may write to us"),)
    assert found.is_there


def test_a_mistake_of_the_organizations_is_told_and_nothing_counts():
    found = above("fail-on: never\n", b"fail-on: high\nseverity: {no-such-rule: off}\n")
    [mistake] = found.mistakes
    assert mistake.says.startswith("the organization’s own, in its repository .github, has a mistake in line 2: ")
    assert (found.policy, found.review) == (Policy(), ReviewPolicy())


@pytest.mark.parametrize("organization", [b"", b"# nothing yet\n", b"{}"])
def test_an_organization_that_decides_nothing_changes_nothing(organization: bytes):
    assert above("fail-on: low\n", organization) == configured(MemoryFiles({CONFIGURATION: "fail-on: low\n"}))
    assert above(None, organization) == configured(MemoryFiles({}))


@given(st.binary(max_size=200))
def test_whatever_an_organization_has_in_its_file_is_read_or_told(organization: bytes):
    found = above("fail-on: low\n", organization)
    assert found.mistakes or found.review.fail_on is Severity.LOW
