import json
from dataclasses import replace

import jsonschema
import pytest

from analyzers.analysis import Analysis, Failure, Stats, Status
from bot.report.json_format import as_json, schema
from bot.report.report import Report, tool_version
from bot.review.plan import plan_review
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
                "public": None,
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
                        "suggestion": None,
                    }
                ],
            }
        ],
        "failures": [{"path": "lib/big.ts", "reason": "larger than 2 MB"}],
        "stats": {"files_read": 3, "bytes_read": 900, "milliseconds": {"parse": 4, "resolve": 0, "execute": 0}},
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


def test_files_on_disk_have_no_commit():
    assert page(Report(analysis(), None))["commit"] is None


def test_the_schema_refuses_what_it_does_not_describe():
    written = page(Report(analysis(ACTION), None))
    written["actions"][0]["extra"] = 1
    with pytest.raises(jsonschema.ValidationError, match="extra"):
        jsonschema.Draft202012Validator(json.loads(schema())).validate(written)
