"""What is said of versions that are themselves the hole."""

from __future__ import annotations

from preship.analyzers.analysis import Hole, Outdated
from preship.bot.review.versions import is_pressing, version_lines

EXPOSED = Outdated(
    "next",
    "^15.1.0",
    "15.1.3",
    "apps/web/package.json",
    ("CVE-2025-55182", "CVE-2025-55183", "CVE-2026-94482"),
    (Hole.CODE, Hole.SOURCE, Hole.HALT),
    "15.5.28",
    "2026-11-30",
)
UNKNOWN = Outdated("next", "^15.1.0", None, "package.json", ())


def test_many_advisories_are_one_line() -> None:
    assert version_lines([EXPOSED]) == [
        "`next` `15.1.3` (`apps/web/package.json`) is a hole itself: anybody can run code on the server and anybody can"
        " read the code of actions, and what is written there (CVE-2025-55182 and 2 more, as published by 2026-11-30)."
        " `15.5.28` or later has none of it."
    ]


def test_a_version_that_no_lock_file_tells_could_not_be_seen() -> None:
    assert version_lines([UNKNOWN]) == [
        "`next` `^15.1.0` (`package.json`): which version is installed could not be seen, no lock file says it"
    ]


def test_what_only_stops_the_server_does_not_press() -> None:
    halting = Outdated("next", "16.3.0", "16.3.0", "package.json", ("CVE-2026-94482",), (Hole.HALT,), "16.4.1", "")
    assert [is_pressing(each) for each in (EXPOSED, UNKNOWN, halting)] == [True, False, False]
