from dataclasses import replace

from preship.analyzers.analysis import Failure, Severity, Step, Touch
from preship.bot.report.github_format import as_commands
from preship.bot.report.report import Report
from tests.bot.review.samples import ACTION, FINDING, HEAD, analysis, finding


def undone(line):
    """A command as the runner reads it: name, properties and text.

    https://github.com/actions/runner, `ActionCommand.cs`: properties are unescaped last.
    """
    name, _, rest = line.removeprefix("::").partition(" ")
    given, _, text = rest.partition("::")
    properties = dict(pair.split("=", 1) for pair in given.split(","))
    return name, {key: unescaped(value) for key, value in properties.items()}, unescaped(text)


def unescaped(value):
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(code, character)
    return value


def test_the_whole_of_a_report():
    found = as_commands(Report(analysis(ACTION, failures=(Failure("lib/big.ts", "larger than 2 MB"),)), None))
    assert found == (
        "::error file=app/posts/actions.ts,line=9,endLine=9,"
        "title=High%3A Missing authentication (missing-authentication)::"
        "`deletePost` deletes a post without asking who is calling. Anyone on the internet can delete any post.%0A"
        "Fix: Read the session first and stop without one: `if (!session?.user) redirect('/login')`.\n"
        "::warning file=lib/big.ts,title=Not read in full::Larger than 2 MB\n"
        "1 Server Action in 1 file · 1 finding (1 high) · 1 action not seen in full · 1 file not read in full\n"
    )


def test_what_code_says_stays_in_its_place():
    hostile = replace(
        FINDING,
        path="app/a,line=1::%0A/x:y.ts",
        title="100%, title=x::",
        message="one\r\n::error file=evil.ts::\n::stop-commands::%0A",
    )
    lines = as_commands(Report(analysis(replace(ACTION, findings=(hostile,))), None)).splitlines()
    assert len(lines) == 2
    name, properties, text = undone(lines[0])
    assert name == "error"
    assert properties == {
        "file": "app/a,line=1::%0A/x:y.ts",
        "line": "9",
        "endLine": "9",
        "title": "High: 100%, title=x:: (missing-authentication)",
    }
    assert text.splitlines()[0] == "One ::error file=evil.ts:: ::stop-commands::%0A"


def test_each_severity_has_a_level_and_the_worst_comes_first():
    findings = tuple(finding(n, severity=severity) for n, severity in enumerate(reversed(Severity)))
    lines = as_commands(Report(analysis(replace(ACTION, findings=findings)), None)).splitlines()
    assert [line.split(" ")[0] for line in lines[:4]] == ["::error", "::error", "::warning", "::notice"]
    assert undone(lines[0])[1]["title"].startswith("Critical")


def test_more_than_github_shows_is_said():
    many = tuple(finding(n) for n in range(11))
    assert as_commands(Report(analysis(replace(ACTION, findings=many)), None)).splitlines()[-1] == (
        "GitHub shows 10 annotations of each level for a step; the log has them all."
    )


def test_what_a_changed_line_exposes_is_annotated_on_that_line():
    exposed = replace(ACTION, touch=Touch.REACHED, touched_by=(Step("lib/session.ts", 6, "is changed here"),))
    first = as_commands(Report(analysis(exposed), HEAD)).split("\n")[0]
    assert first.startswith("::error file=lib/session.ts,line=6,endLine=6,title=High%3A Missing authentication")
    assert "::Exposed by this line: app/posts/actions.ts:9. `deletePost` deletes" in first
