import json
from dataclasses import replace

import jsonschema
import pytest

from preship.analyzers.analysis import Analysis, Failure, Pending, Persona, Stats, Status
from preship.bot.report.json_format import as_json, schema
from preship.bot.report.report import Report
from preship.bot.report.version import tool_version
from preship.bot.review.notes import ConfigurationNotes, Wrong
from preship.bot.review.plan import plan_review
from preship.bot.review.policy import as_asked
from tests.bot.review.samples import ACTION, FINDING, HEAD, PATCH, SOUND, analysis, comparison, finding, patched


def page(report):
    """The report, after it was judged by the published schema."""
    written = json.loads(as_json(report))
    jsonschema.Draft202012Validator(json.loads(schema())).validate(written)
    return written


def test_the_whole_page_of_a_scan():
    seen = Analysis((ACTION,), (Failure("lib/big.ts", "larger than 2 MB"),), Stats(3, 900, {"parse": 4}))
    assert page(Report(seen, HEAD)) == {
        "tool": {"name": "preship", "version": tool_version()},
        "commit": HEAD,
        "actions": [
            {
                "path": "app/posts/actions.ts",
                "name": "deletePost",
                "line": 7,
                "end_line": 11,
                "form": "module",
                "address": None,
                "public": None,
                "role": None,
                "checklist": {
                    "authentication": "no",
                    "ownership": "unseen",
                    "input": "yes",
                    "output": "n/a",
                    "data-access": "n/a",
                    "placement": "n/a",
                    "direct-call": "no",
                },
                "evidence": {
                    "authentication": {"says": "", "path": None, "line": None},
                    "ownership": {"says": "`can()` comes from a package", "path": "app/posts/actions.ts", "line": 8},
                    "input": {"says": "`schema.parse`", "path": "app/posts/actions.ts", "line": 8},
                    "output": {"says": "returns no data", "path": None, "line": None},
                    "data-access": {"says": "", "path": None, "line": None},
                    "placement": {"says": "", "path": None, "line": None},
                    "direct-call": {"says": "answers anyone", "path": None, "line": None},
                },
                "unseen": [
                    {"why": "`can` comes from the package `@acme/policy`", "path": "app/posts/actions.ts", "line": 8}
                ],
                "pending": [],
                "beyond_declared": [],
                "findings": [
                    {
                        "rule": "missing-authentication",
                        "severity": "high",
                        "confidence": "high",
                        "persona": "regular",
                        "path": "app/posts/actions.ts",
                        "line": 9,
                        "end_line": 9,
                        "message": FINDING.message,
                        "trail": [{"path": step.path, "line": step.line, "says": step.says} for step in FINDING.trail],
                        "fingerprint": "00000000000000a1",
                        "status": "introduced",
                        "ignored": None,
                        "lapsed": None,
                        "suggestion": None,
                    }
                ],
            }
        ],
        "files": [],
        "failures": [{"path": "lib/big.ts", "reason": "larger than 2 MB"}],
        "routes": [],
        "unjudged": [],
        "left_out": [],
        "unbuilt": [],
        "outdated": [],
        "challenge": None,
        "configuration": {"is_changed": False, "believed": [], "mistakes": []},
        "stats": {
            "files_read": 3,
            "bytes_read": 900,
            "milliseconds": {"parse": 4, "resolve": 0, "execute": 0, "judge": 0},
        },
    }


def test_a_review_adds_what_would_be_posted_and_lists_what_is_mended():
    action = replace(ACTION, fixed=(finding(9, status=Status.FIXED),))
    seen = analysis(action, replace(SOUND, name=None))
    plan = plan_review(seen, comparison(patched(ACTION.path, PATCH)), 0, HEAD, marker_key=b"")
    written = page(Report(seen, HEAD, plan))
    assert [found["status"] for found in written["actions"][0]["findings"]] == ["introduced", "fixed"]
    assert written["review"] == {
        "body": plan.body,
        "comments": [
            {
                "path": "app/posts/actions.ts",
                "line": 9,
                "side": "RIGHT",
                "start_line": None,
                "body": plan.comments[0].body,
                "fingerprint": "00000000000000a1",
            }
        ],
        "conclusion": "failure",
    }


def test_what_is_ignored_pending_or_left_out_is_told():
    action = replace(
        ACTION,
        role="editor",
        pending=(Pending("public", "a demonstration", ACTION.path, 6),),
        findings=(replace(FINDING, ignored="a nightly job"),),
    )
    notes = ConfigurationNotes((Wrong(3, 5, "'reason' is missing"),), is_changed=True)
    written = page(Report(replace(analysis(action), left_out=("app/old.ts",)), HEAD, notes=notes))
    [told] = written["actions"]
    assert (told["role"], told["findings"][0]["ignored"]) == ("editor", "a nightly job")
    assert told["pending"] == [{"declares": "public", "reason": "a demonstration", "path": ACTION.path, "line": 6}]
    assert (written["left_out"], written["configuration"]) == (
        ["app/old.ts"],
        {"is_changed": True, "believed": [], "mistakes": [{"line": 3, "column": 5, "says": "'reason' is missing"}]},
    )


def test_a_nuance_is_one_in_json_whoever_asks():
    pedantic = analysis(replace(ACTION, findings=(replace(FINDING, persona=Persona.PEDANTIC),)))
    written = page(Report(as_asked(pedantic, Persona.PEDANTIC), HEAD, whole=pedantic))
    assert written["actions"][0]["findings"][0]["persona"] == "pedantic"


def test_files_on_disk_have_no_commit():
    assert page(Report(analysis(), None))["commit"] is None


def test_the_schema_refuses_what_it_does_not_describe():
    written = page(Report(analysis(ACTION), None))
    written["actions"][0]["extra"] = 1
    with pytest.raises(jsonschema.ValidationError, match="extra"):
        jsonschema.Draft202012Validator(json.loads(schema())).validate(written)
