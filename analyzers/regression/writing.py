"""A test in the project's own runner that calls an action as somebody who must be refused, and expects that nothing is
written.

Packages that reach outside of the project are stood in for; the project's own code runs as it is, guards and helpers
too, so that the test passes wherever the fault is fixed.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from posixpath import dirname

from preship.analyzers.codebase import Codebase
from preship.analyzers.endpoints import made
from preship.analyzers.endpoints.endpoint import Endpoint, endpoint_of
from preship.analyzers.paths import matches
from preship.analyzers.project.project import Project
from preship.analyzers.regression.packages import Imported, imported_packages
from preship.analyzers.results import JudgedAction, RegressionTest
from preship.analyzers.rule import Finding, Status

FOLDER = Path(__file__).parent

NOBODY = frozenset(
    {"missing-authentication", "unenforced-session", "late-authentication", "layout-only-authentication"}
)
"""Rules whose faults whoever has no session makes use of."""

FORGED = frozenset({"unverified-session"})
OTHERS = frozenset(
    {
        "missing-ownership-check",
        "late-ownership-check",
        "ignored-ownership-check",
        "missing-role-check",
        "identity-from-input",
    }
)
"""Rules whose faults another user makes use of."""

RECORD = "00000000-0000-4000-8000-000000000000"
"""The id in the arguments, the same each time that a test is made."""

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")


class Runner(StrEnum):
    """What runs the project's tests."""

    VITEST = "vitest"
    JEST = "jest"


@dataclass(frozen=True, slots=True)
class _StandIn:
    """What stands for some packages."""

    packages: tuple[str, ...]
    exports: str
    """An expression of JavaScript."""

    keeps_the_rest: bool
    """Whether all else that the package gives is taken from it as it is installed."""


def regression_tests(tree: Codebase, judged: Sequence[JudgedAction]) -> Iterator[RegressionTest]:
    """A test for each file with actions that a change makes open, where the project has a runner that is known."""
    by_file: dict[str, list[JudgedAction]] = defaultdict(list)
    for action in judged:
        if action.form == "module" and any(_is_tested(each) for each in action.findings):
            by_file[action.path].append(action)
    for path, actions in by_file.items():
        runner = runner_of(tree.project, path)
        if runner is not None:
            yield _test_of(tree, path, actions, runner)


def _is_tested(finding: Finding) -> bool:
    is_new = finding.status in (Status.INTRODUCED, Status.WORSENED) and finding.ignored is None
    return is_new and finding.rule in NOBODY | FORGED | OTHERS


def runner_of(project: Project, path: str) -> Runner | None:
    """What runs the tests of the package that a file lies in; None where nothing that is known does."""
    folder = dirname(path)
    while True:
        name = f"{folder}/package.json" if folder else "package.json"
        blob = project.files.read([name]).get(name)
        found = _runner(blob.content) if blob is not None else None
        if found is not None or not folder:
            return found
        folder = dirname(folder)


def _runner(content: bytes) -> Runner | None:
    try:
        manifest = json.loads(content)
    except ValueError:
        return None
    if not isinstance(manifest, dict):
        return None
    wanted = {name for key in ("dependencies", "devDependencies") for name in manifest.get(key) or {}}
    scripts = manifest.get("scripts") or {}
    said = str(scripts.get("test", "")) if isinstance(scripts, dict) else ""
    known = [runner for runner in Runner if runner in wanted or f"{runner}" in said]
    return next((runner for runner in known if runner in said), known[0] if known else None)


def _test_of(tree: Codebase, path: str, actions: Sequence[JudgedAction], runner: Runner) -> RegressionTest:
    """The test of the actions of one file."""
    folder, name = dirname(path), path.rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    is_typed = ending.endswith(("ts", "tsx"))
    by_place = {(each.path, each.line): endpoint_of(tree, each) for each in tree.actions(path)}
    calls = [text for each in actions for text in _cases(each, by_place[each.path, each.line])]
    packages = imported_packages(tree.project, path)
    parts = [
        "\n".join(_opening(is_typed, runner)),
        (FOLDER / "world.js").read_text(encoding="utf-8").strip(),
        "\n".join(_stand_ins(packages, runner)),
        f"const actions = () => import({json.dumps(f'./{stem}')})",
        "\n\n".join(calls),
    ]
    place = f"{stem}.preship.test.{'ts' if is_typed else 'js'}"
    return RegressionTest(f"{folder}/{place}" if folder else place, "\n\n".join(filter(None, parts)) + "\n", runner)


def _opening(is_typed: bool, runner: Runner) -> Iterator[str]:
    if is_typed:
        yield "// @ts-nocheck"
    yield "/* eslint-disable */"
    yield "// Calls Server Actions as those who must be refused, and expects that nothing is written."
    if runner is Runner.VITEST:
        yield "// @vitest-environment node"
        yield "import { expect, test, vi } from 'vitest'"
    else:
        yield "/** @jest-environment node */"


def _stand_ins(imported: Iterable[Imported], runner: Runner) -> Iterator[str]:
    """What stands for the packages that reach outside of the project."""
    for each in imported:
        found = next((s for s in _known() if any(matches(pattern, each.package) for pattern in s.packages)), None)
        if found is not None:
            exports = found.exports.strip().replace("PACKAGE", json.dumps(each.package))
            yield _stood_in(each, f"({exports})", runner, keeps_the_rest=found.keeps_the_rest)


def _stood_in(imported: Imported, exports: str, runner: Runner, *, keeps_the_rest: bool) -> str:
    spoken, listed = json.dumps(imported.spelled), json.dumps(list(imported.names))
    if runner is Runner.JEST:
        actual = f"...jest.requireActual({spoken}), " if keeps_the_rest else ""
        made_up = f"({{ {actual}...{exports} }})" if keeps_the_rest else f"moduleOf({exports}, {listed})"
        return f"jest.doMock({spoken}, () => {made_up}, {{ virtual: true }})"
    if keeps_the_rest:
        rest = "const actual = await original(); const all = { ...actual, ..." + exports + " }"
        return f"vi.doMock({spoken}, async (original) => {{ {rest}; return {{ ...all, default: all }} }})"
    return f"vi.doMock({spoken}, () => moduleOf({exports}, {listed}))"


@cache
def _known() -> tuple[_StandIn, ...]:
    import yaml

    entries = yaml.safe_load((FOLDER / "stand_ins.yml").read_text(encoding="utf-8"))
    return tuple(_StandIn(tuple(e["packages"]), e["exports"], bool(e.get("actual"))) for e in entries)


# --- the calls -----------------------------------------------------------------------------------------------------


def _cases(action: JudgedAction, endpoint: Endpoint) -> Iterator[str]:
    """A test for each kind of caller that must be refused."""
    rules = {each.rule for each in action.findings if _is_tested(each)}
    if rules & (NOBODY | FORGED | OTHERS):
        yield _case(action, endpoint, "a caller without a session", "null", "undefined")
    if rules & FORGED:
        yield _case(action, endpoint, "a forged session", "null", "`${OTHER}.forged`")
    if rules & OTHERS:
        yield _case(action, endpoint, "another user", "CALLER", "undefined")


def _case(action: JudgedAction, endpoint: Endpoint, who: str, user: str, cookie: str) -> str:
    name = action.name or "default"
    export = name if _IDENTIFIER.fullmatch(name) else "default"
    given = ", ".join(_literal(each) for each in made.Made(named=lambda: RECORD).arguments(endpoint))
    return "\n".join(
        [
            f"test({json.dumps(f'{action.name_in_code or name} refuses {who}', ensure_ascii=False)}, async () => {{",
            f"  Object.assign(world, {{ user: {user}, cookie: {cookie} }})",
            f"  const {{ {export}: action }} = await actions()",
            f"  const answer = await attempt(() => action({given}))",
            "  expect(world.writes).toEqual([])",
            "  expect(answer).not.toContain(OWNER)",
            "})",
        ]
    )


def _literal(value: object) -> str:
    """A value as JavaScript."""
    if isinstance(value, made.Form):
        fields = json.dumps([list(field) for field in value.fields], ensure_ascii=False)
        return f"{fields}.reduce((form, field) => (form.append(...field), form), new FormData())"
    if isinstance(value, made.Moment):
        return f"new Date({json.dumps(value.at.isoformat())})"
    if isinstance(value, made.Big):
        return f"BigInt({value.number})"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(k)}: {_literal(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value, ensure_ascii=False)
