"""SARIF as GitHub's upload takes it: judged by the published schema, and by what GitHub says beyond it."""

import functools
import gzip
import json
import random
from dataclasses import replace

import jsonschema
import pytest

from preship.analyzers.analysis import Analysis, Failure, Severity, Stats, Status, Step, Touch
from preship.analyzers.rulebook import RULES
from preship.bot.report.report import Report
from preship.bot.report.sarif_format import UPLOAD_LIMIT_BYTES, as_sarif
from preship.bot.report.version import tool_version
from preship.bot.review.plan import plan_review
from tests.bot.review.samples import ACTION, FINDING, HEAD, PATCH, analysis, comparison, finding, patched
from tests.npm_modules import node_modules


@functools.cache
def validator():
    """OASIS's schema of SARIF 2.1.0, which Microsoft's package carries."""
    path = node_modules() / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
    schema = json.loads(path.read_text(encoding="utf-8-sig"))
    return jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())


def run_of(report):
    """The one run of a report, after the schema has judged it."""
    page = json.loads(as_sarif(report))
    validator().validate(page)
    (run,) = page["runs"]
    return run


def results(*findings, **changes):
    """The results for findings of one action."""
    return run_of(Report(analysis(replace(ACTION, findings=findings, **changes)), HEAD))["results"]


def test_the_whole_result_of_a_finding():
    assert results(FINDING) == [
        {
            "ruleId": "missing-authentication",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": f"{FINDING.message} Fix: {FINDING.remedy}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "app/posts/actions.ts", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": 9, "endLine": 9},
                    }
                }
            ],
            "partialFingerprints": {
                "primaryLocationLineHash": "00000000000000a1:1",
                "preshipFingerprint/v1": "00000000000000a1",
            },
            "properties": {"severity": "high", "confidence": "high"},
            "codeFlows": [
                {
                    "threadFlows": [
                        {
                            "locations": [
                                {
                                    "location": {
                                        "physicalLocation": {
                                            "artifactLocation": {
                                                "uri": "app/posts/actions.ts",
                                                "uriBaseId": "%SRCROOT%",
                                            },
                                            "region": {"startLine": step.line, "endLine": step.line},
                                        },
                                        "message": {"text": step.says},
                                    }
                                }
                                for step in FINDING.trail
                            ]
                        }
                    ]
                }
            ],
        }
    ]


def test_every_rule_is_told_with_its_page_and_with_a_severity_that_github_knows():
    driver = run_of(Report(analysis(), None))["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("Preship", tool_version())
    assert [told["id"] for told in driver["rules"]] == [rule.id for rule in RULES]
    for told, rule in zip(driver["rules"], RULES, strict=True):
        assert told["help"]["markdown"] == rule.page
        assert 0 < len(told["shortDescription"]["text"]) <= len(told["fullDescription"]["text"]) <= 1024
        assert told["properties"]["tags"] == ["security", f"external/cwe/cwe-{rule.cwe:03}"]
        assert called_by_github(float(told["properties"]["security-severity"])) == rule.severity


def called_by_github(number):
    """The word for a `security-severity`, as GitHub's page on SARIF has it."""
    assert 0 < number <= 10
    if number > 9:
        return "critical"
    return "high" if number >= 7 else "medium" if number >= 4 else "low"


@pytest.mark.parametrize(
    ("severity", "level"), [("critical", "error"), ("high", "error"), ("medium", "warning"), ("low", "note")]
)
def test_a_result_has_the_level_of_its_own_severity(severity, level):
    assert results(replace(FINDING, severity=Severity(severity)))[0]["level"] == level


def test_a_path_is_an_address_below_the_root():
    path = "app/(shop)/[id]/50% off#/größe.ts"
    (result,) = results(replace(FINDING, path=path, trail=(Step(path, 2, "calls on"),)))
    uri = "app/%28shop%29/%5Bid%5D/50%25%20off%23/gr%C3%B6%C3%9Fe.ts"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
    (step,) = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert step["location"]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_findings_that_are_alike_are_told_apart_and_keep_their_names():
    hashes = [r["partialFingerprints"]["primaryLocationLineHash"] for r in results(FINDING, FINDING, finding(9))]
    assert hashes == ["0000000000000009:1", "00000000000000a1:1", "00000000000000a1:2"]


def test_an_inline_action_is_called_by_its_line():
    (result,) = results(FINDING, name=None)
    assert result["message"]["text"].startswith("The inline action of line 7: ")


def test_words_of_the_code_make_no_link():
    (result,) = results(replace(FINDING, message="reads `[all](https://evil.example)`"))
    assert "](" not in result["message"]["text"]


def test_a_scan_tells_all_and_a_review_what_the_change_brings():
    standing = finding(3, status=Status.STANDING)
    action = replace(ACTION, findings=(FINDING, standing))
    plan = plan_review(analysis(action), comparison(patched(ACTION.path, PATCH)), 0, HEAD, marker_key=b"")
    assert len(run_of(Report(analysis(action), HEAD))["results"]) == 2
    (result,) = run_of(Report(analysis(action), HEAD, plan))["results"]
    assert result["partialFingerprints"]["preshipFingerprint/v1"] == FINDING.fingerprint


def test_a_file_that_was_not_read_is_notified():
    seen = Analysis((), (Failure("lib/big file.ts", "larger than 2 MB"),), Stats())
    (told,) = run_of(Report(seen, None))["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "Not read in full: larger than 2 MB"
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "lib/big%20file.ts"


def test_of_more_findings_than_github_shows_the_worst_are_written_and_the_rest_is_counted():
    many = [finding(n, severity=Severity.LOW) for n in range(5_000)]
    # The schema has judged one like each of them: of so many it takes seconds.
    (run,) = json.loads(as_sarif(Report(analysis(replace(ACTION, findings=(*many, finding(9_999)))), None)))["runs"]
    assert len(run["results"]) == 5_000
    assert run["results"][0]["level"] == "error"
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("1 more findings are not written here")


def test_a_report_never_outgrows_the_upload():
    source = random.Random(7)
    many = tuple(finding(n, message=source.randbytes(2_000).hex()) for n in range(5_000))
    text = as_sarif(Report(analysis(replace(ACTION, findings=many)), None))
    assert len(gzip.compress(text.encode())) <= UPLOAD_LIMIT_BYTES
    assert len(json.loads(text)["runs"][0]["results"]) == 2_500


def test_what_a_changed_line_exposes_stands_on_that_line_with_the_action_beside_it():
    (result,) = results(FINDING, touch=Touch.REACHED, touched_by=(Step("lib/session.ts", 6, "is changed here"),))
    (shown,), (related,) = result["locations"], result["relatedLocations"]
    assert shown["physicalLocation"]["artifactLocation"]["uri"] == "lib/session.ts"
    assert shown["physicalLocation"]["region"] == {"startLine": 6, "endLine": 6}
    assert related == {
        "id": 1,
        "physicalLocation": {
            "artifactLocation": {"uri": "app/posts/actions.ts", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 9, "endLine": 9},
        },
        "message": {"text": "`deletePost`, which this change exposes"},
    }


def test_a_fault_of_shared_code_names_that_code_beside_the_action():
    (result,) = results(replace(FINDING, shared=Step("lib/posts.ts", 4, "the code that both run")))
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "lib/posts.ts"
    assert related["message"] == {"text": "the code that both run"}


def test_each_rule_has_an_address_where_its_kind_is_explained():
    addresses = {rule["id"]: rule["helpUri"] for rule in run_of(Report(analysis(), HEAD))["tool"]["driver"]["rules"]}
    assert addresses["missing-authentication"] == "https://cwe.mitre.org/data/definitions/306.html"
