"""The engine against the runtime: no member of a built-in ends a path that goes on."""

from __future__ import annotations

from collections.abc import Sequence

from preship.analyzers.codebase import codebase_of, deep_recursion
from preship.analyzers.project.memory import MemoryFiles
from preship.analyzers.project.project import Parsed
from preship.analyzers.rule import AuthenticationFault
from tests.analyzers.flow.built_ins import Member, members, program

NEVER_RETURN = {"process.exit", "process.abort", "process.reallyExit"}
"""https://nodejs.org/api/process.html#processexitcode"""


AT_ONCE = 12
"""How many members one action uses, as long as nothing is lost."""


def lost(some: Sequence[Member], at_once: int = AT_ONCE) -> list[Member]:
    """The members behind whose use a delete that nobody guards is not reported."""
    groups = [some[start : start + at_once] for start in range(0, len(some), at_once)]
    files = program(groups)
    tree = codebase_of(MemoryFiles(files), Parsed())
    found: list[Member] = []
    with deep_recursion():
        for each in (action for path in files for action in tree.actions(path)):
            effect = tree.executed(each).anonymous_effect()
            if effect is None or effect.fault is not AuthenticationFault.MISSING or effect.is_doubtful:
                found += groups[int(str(each.name).removeprefix("use"))]
    return lost(found, 1) if found and at_once > 1 else found


def test_no_member_of_a_built_in_hides_what_comes_behind_it() -> None:
    assert {member.title for member in lost(members())} == NEVER_RETURN


def test_the_runtime_lists_what_the_language_and_the_platform_have() -> None:
    titles = {member.title for member in members()}
    print(f"{len(titles)} members of {len({m.owner for m in members()})} built-ins")
    assert len(titles) > 4000
    assert {
        "Map.prototype.set",
        "Headers.prototype.getSetCookie",
        "Array.fromAsync",
        "RegExp.prototype.flags",
        "Iterator.prototype.drop",
        "Promise.withResolvers",
        "URLPattern.prototype.exec",
        "SubtleCrypto.prototype.digest",
        "Map.prototype[Symbol.iterator]",
        "process.hrtime",
        "globalThis.structuredClone",
    } <= titles
