"""The analysis runs in a process of its own, which is limited, can be killed, and knows no secret."""

import ctypes
import os
import signal
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from preship.analyzers.analysis import Severity
from preship.bot.child import REQUESTS, InventoryRequest, Request
from preship.bot.jobs.analyst import analyse_in_child, count_in_child
from preship.bot.jobs.children import forked
from preship.bot.jobs.contexts import CannotReview
from preship.bot.jobs.worker import Later
from tests.e2e.service import eventually
from tests.patience import PATIENCE_SECONDS

ENOUGH = 2 * 1024**3
LITTLE = 16 * 1024**2
ACTIONS = "'use server'\nexport async function removePost(id) {\n  await db.post.delete({ where: { id } })\n}\n"


def git(directory: Path, *arguments: str) -> str:
    identity = {f"GIT_{who}_{what}": "ada@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", "-C", str(directory), *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull},
    )
    return done.stdout.strip()


@pytest.fixture
def request_of(tmp_path):
    """A request for a change that adds an action."""
    git(tmp_path, "init", "-q", ".")
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "preship.yml").write_text("fail-on: critical\nseverity:\n  unvalidated-input: off\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "base")
    base = git(tmp_path, "rev-parse", "HEAD")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "actions.ts").write_text(ACTIONS)
    (tmp_path / "app" / "long.ts").write_text("export const texts = ['much']\n" * 30_000)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "head")
    head = git(tmp_path, "rev-parse", "HEAD")
    return lambda memory=ENOUGH, cpu=60: Request(str(tmp_path / ".git"), base, head, base, "", memory, cpu)


def no_fetch(ids):
    raise AssertionError("everything is on this disk")


def test_the_childs_answer_is_the_analysis(request_of):
    reading = analyse_in_child(request_of(), no_fetch, PATIENCE_SECONDS, threading.Event())
    assert [(action.path, action.name) for action in reading.analysis.actions] == [("app/actions.ts", "removePost")]
    [file, _] = reading.files
    added = "\n".join(f"+{line}" for line in ACTIONS.splitlines())
    assert (file.path, file.old_path, file.status) == ("app/actions.ts", None, "added")
    assert file.patch == f"@@ -0,0 +1,4 @@\n{added}"


def test_the_child_reads_the_configuration_of_the_base_and_not_that_of_the_change(request_of, tmp_path):
    request = request_of()
    (tmp_path / ".github" / "preship.yml").write_text("ignore: [app/]\nfail-on: nevr\n")
    git(tmp_path, "commit", "-qam", "switch it off")
    mischievous = replace(request, head_sha=git(tmp_path, "rev-parse", "HEAD"))
    reading = analyse_in_child(mischievous, no_fetch, PATIENCE_SECONDS, threading.Event())
    assert reading.policy.fail_on is Severity.CRITICAL
    [action] = reading.analysis.actions
    assert [finding.rule for finding in action.findings if finding.rule != "unenforced-session"] == [
        "missing-authentication"
    ]
    assert (reading.notes.is_changed, reading.notes.mistakes) == (True, ())
    assert [wrong.line for wrong in reading.notes.coming_mistakes] == [2]


def test_the_child_counts_what_answers_requests_in_one_commit(request_of, tmp_path):
    request = request_of()
    count = InventoryRequest(request.git_dir, request.head_sha, "", ENOUGH, 60)
    matrix = count_in_child(count, no_fetch, PATIENCE_SECONDS, threading.Event())
    [entrance] = matrix.entrances
    assert (entrance.kind, entrance.path, entrance.line, entrance.name) == (
        "action",
        "app/actions.ts",
        2,
        "removePost",
    )
    assert [(access.caller, access.answer.value) for access in entrance.access][:2] == [
        ("anonymous", "yes"),
        ("member", "yes"),
    ]
    assert entrance.access[0].changes == ("a record",)
    assert matrix.failures == ()


def test_a_broken_configuration_is_among_what_could_not_be_read(request_of, tmp_path):
    request = request_of()
    (tmp_path / ".github" / "preship.yml").write_text("ignore: [app/]\nfail-on: nevr\n")
    git(tmp_path, "commit", "-qam", "a mistake")
    count = InventoryRequest(request.git_dir, git(tmp_path, "rev-parse", "HEAD"), "", ENOUGH, 60)
    matrix = count_in_child(count, no_fetch, PATIENCE_SECONDS, threading.Event())
    assert [entrance.name for entrance in matrix.entrances] == ["removePost"]
    [failure] = matrix.failures
    assert failure.path == ".github/preship.yml"
    assert failure.reason.startswith("line 2: ")
    assert failure.reason.endswith("; nothing of this file counts")


def test_a_count_that_takes_too_long_or_too_much_is_none(request_of):
    request = request_of()
    count = InventoryRequest(request.git_dir, request.head_sha, "", ENOUGH, 60)
    with pytest.raises(CannotReview, match="took longer"):
        count_in_child(count, no_fetch, 0.01, threading.Event())
    with pytest.raises(CannotReview, match="needs more than 16 MB of memory"):
        count_in_child(replace(count, memory_bytes=LITTLE), no_fetch, PATIENCE_SECONDS, threading.Event())


def test_a_child_past_its_time_is_killed_and_its_git_with_it(request_of):
    with forked():  # from a process that stays
        pass
    before = set(psutil.Process().children(recursive=True))
    with pytest.raises(CannotReview, match="took longer"):
        analyse_in_child(request_of(), no_fetch, 0.01, threading.Event())
    assert set(psutil.Process().children(recursive=True)) <= before


def test_a_child_that_needs_too_much_memory_says_so_or_dies_alone(request_of):
    with pytest.raises(CannotReview, match="needs more than 16 MB of memory"):
        analyse_in_child(request_of(memory=LITTLE), no_fetch, PATIENCE_SECONDS, threading.Event())


def test_a_worker_that_stops_does_not_wait_for_its_child(request_of):
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(Later):
        analyse_in_child(request_of(), no_fetch, PATIENCE_SECONDS, stopping)


def test_a_commit_that_is_not_there_is_no_analysis(request_of, tmp_path):
    request = request_of()
    missing = replace(request, head_sha="f" * 40)
    with pytest.raises(CannotReview, match="without an answer"):
        analyse_in_child(missing, no_fetch, PATIENCE_SECONDS, threading.Event())


def test_a_child_whose_parent_died_ends_too():
    with forked() as child:
        child.stdin.close()
        assert child.wait() == -signal.SIGKILL


def test_a_child_is_given_its_three_streams_and_no_setting_of_ours():
    with forked() as first, forked() as second:
        for child in (first, second):
            # The fourth is its answer's: what is printed goes to the complaints.
            eventually(lambda process=child.process: process.num_fds() == 4, "ready", child.process.is_running)
            assert "PYTEST_CURRENT_TEST" not in child.process.environ()
            assert os.getsid(child.process.pid) == child.process.pid


def test_where_the_process_that_forks_was_killed_its_children_go_on_and_there_is_another(request_of):
    with forked() as child:
        parent = psutil.Process(child.process.ppid())
        parent.kill()
        assert len(analyse_in_child(request_of(), no_fetch, PATIENCE_SECONDS, threading.Event()).files) == 2
        assert child.process.is_running()
        child.stdin.write(REQUESTS.dump_json(request_of()) + b"\n")
        child.stdin.flush()
        assert b"removePost" in child.stdout.readline()
        assert child.wait() == 1  # nobody saw how it ended
    assert not parent.is_running()


@pytest.fixture
def adopts():
    """Orphans are children of this process, which never asks how they ended: so it is as the first of a container."""
    PR_SET_CHILD_SUBREAPER = 36  # noqa: N806
    prctl = ctypes.CDLL(None).prctl
    assert prctl(PR_SET_CHILD_SUBREAPER, 1) == 0
    yield
    assert prctl(PR_SET_CHILD_SUBREAPER, 0) == 0


def test_a_child_that_nobody_buries_has_ended_all_the_same(adopts):
    with forked() as child:
        template = psutil.Process(child.process.ppid())
        template.kill()
        eventually(lambda: child.process.ppid() == os.getpid(), "adopted", child.process.is_running)
        child.process.kill()
        assert child.wait() == 1
    os.waitpid(child.process.pid, 0)
