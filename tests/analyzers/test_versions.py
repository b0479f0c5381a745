"""Versions that are themselves the hole: read from manifests and lock files of every package manager."""

from __future__ import annotations

import json

import pytest

from preship.analyzers.analysis import Hole, MemoryFiles, Outdated
from preship.analyzers.versions import Advisory, advisories, is_affected, order, outdated

ACTIONS = "app/actions.ts"

NPM = json.dumps({"packages": {"": {}, "node_modules/next": {"version": "15.1.3"}}})
NPM_OF_OLD = json.dumps({"lockfileVersion": 1, "dependencies": {"next": {"version": "15.1.3"}}})
PNPM = """\
lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      next:
        specifier: ^15.1.0
        version: 15.1.3(react@19.0.0)
      next-auth:
        specifier: 5.0.0
        version: 5.0.0

packages:

  next@16.4.1:
    resolution: {integrity: sha512-x}
"""
PNPM_OF_OLD = "lockfileVersion: 5.4\n\nspecifiers:\n  next: ^15.1.0\n\ndependencies:\n  next: 15.1.3_react@19.0.0\n"
YARN = 'next@^15.1.0, next@latest:\n  version "15.1.3"\n  resolved "https://registry"\n'
BERRY = '"next@npm:^15.1.0":\n  version: 15.1.3\n  resolution: "next@npm:15.1.3"\n'
BUN = '{\n  "packages": {\n    "next": ["next@15.1.3", "", {}, "sha512-x"],\n  }\n}\n'


def found(files: dict[str, str], *paths: str, is_behind_code: bool = False) -> list[Outdated]:
    return list(outdated(MemoryFiles(files), paths or (ACTIONS,), is_behind_code))


def manifest(**dependencies: str) -> str:
    return json.dumps({"dependencies": {name.replace("_", "-"): wanted for name, wanted in dependencies.items()}})


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("package-lock.json", NPM),
        ("package-lock.json", NPM_OF_OLD),
        ("pnpm-lock.yaml", PNPM),
        ("pnpm-lock.yaml", PNPM_OF_OLD),
        ("yarn.lock", YARN),
        ("yarn.lock", BERRY),
        ("bun.lock", BUN),
    ],
)
def test_the_lock_file_tells_which_version_is_installed(name: str, lock: str) -> None:
    assert found({"package.json": manifest(next="^15.1.0"), ACTIONS: "", name: lock}) == [
        Outdated(
            "next",
            "^15.1.0",
            "15.1.3",
            "package.json",
            ("CVE-2025-55182", "CVE-2025-55183", "CVE-2025-55184", "CVE-2026-23864", "CVE-2026-94482"),
            (Hole.CODE, Hole.SOURCE, Hole.HALT),
            "15.5.28",
            advisories()[0],
        )
    ]


def test_a_package_of_a_workspace_is_looked_up_under_its_own_folder() -> None:
    lock = PNPM.replace("  .:\n", "  apps/web:\n")
    files = {"package.json": "{}", "apps/web/package.json": manifest(next="^15.1.0"), "pnpm-lock.yaml": lock}
    [one] = found({**files, "apps/web/app/actions.ts": ""}, "apps/web/app/actions.ts")
    assert (one.version, one.path) == ("15.1.3", "apps/web/package.json")
    nested = json.dumps(
        {"packages": {"node_modules/next": {"version": "16.4.1"}, "apps/web/node_modules/next": {"version": "15.1.3"}}}
    )
    files = {"apps/web/package.json": manifest(next="^15.1.0"), "package-lock.json": nested}
    [one] = found({**files, "apps/web/app/actions.ts": ""}, "apps/web/app/actions.ts")
    assert one.version == "15.1.3"


def test_a_version_that_is_written_out_needs_no_lock_file() -> None:
    [one] = found({"package.json": manifest(next="16.0.6"), ACTIONS: ""})
    assert (one.version, one.holes[0], one.fixed_in) == ("16.0.6", Hole.CODE, "16.4.1")


@pytest.mark.parametrize("wanted", ["^15.0.0", "latest", "catalog:", "16"])
def test_without_a_lock_file_a_range_says_that_the_version_could_not_be_seen(wanted: str) -> None:
    assert found({"package.json": manifest(next=wanted), ACTIONS: ""}) == [
        Outdated("next", wanted, None, "package.json", (), as_of=advisories()[0])
    ]


@pytest.mark.parametrize("version", ["15.5.28", "16.4.1", "17.0.0"])
def test_nothing_is_said_of_what_no_advisory_is_about(version: str) -> None:
    assert found({"package.json": manifest(next=version), ACTIONS: ""}, is_behind_code=True) == []


def test_going_around_the_middleware_matters_where_there_is_one() -> None:
    files = {"package.json": manifest(next="15.5.28"), ACTIONS: ""}
    assert found(files, is_behind_code=True) == []
    files = {"package.json": manifest(next="14.2.24"), ACTIONS: ""}
    assert [each.holes for each in found(files)] == [(Hole.HALT,)]
    assert [each.holes for each in found(files, is_behind_code=True)] == [(Hole.FRONT, Hole.HALT)]


def test_the_packages_of_react_that_decode_calls_are_looked_at_too() -> None:
    [one] = found({"package.json": manifest(react_server_dom_webpack="19.2.0"), ACTIONS: ""})
    assert (one.package, one.advisories, one.fixed_in) == (
        "react-server-dom-webpack",
        ("CVE-2025-55182", "CVE-2025-55183"),
        "19.2.3",
    )


def test_versions_are_sorted_as_semver_does() -> None:
    ascending = ["14.2.35", "14.3.0-canary.9", "14.3.0-canary.77", "15.0.0-rc.1", "15.0.0", "15.0.5", "15.10.0"]
    assert sorted({*ascending}, key=order) == ascending


def test_each_row_of_the_table_has_a_source_and_ranges_that_are_about_something() -> None:
    as_of, rows = advisories()
    assert as_of == "2026-11-30"
    for row in rows:
        assert row.ids
        assert row.source.startswith("https://")
        for package, ranges in row.ranges.items():
            for start, end in ranges:
                assert order(start) < order(end)
                assert is_affected(start, row, package)
                assert not is_affected(end, Advisory(row.ids, row.hole, {package: ((start, end),)}, ""), package)
