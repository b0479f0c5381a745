import multiprocessing
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from preship.analyzers.project.files import FileChange
from preship.bot.git.changes import changes
from preship.bot.git.commit_files import GitFiles
from preship.bot.git.errors import GitError, NotOnRemote, RemoteError, RemoteRefused
from preship.bot.git.mirror import Mirror
from preship.bot.git.partial import Tip
from preship.bot.git.process import Repository
from tests.git_http import GitServer, make_bare, serve_git
from tests.git_repository import GitRepository

FETCH = ["GET /o/app.git/info/refs?service=git-upload-pack", "POST /o/app.git/git-upload-pack"]
SECRET = "Basic c2VjcmV0LXRva2Vu"


class World:
    """A repository, where it is published, and a place for its mirror."""

    def __init__(self, tmp_path: Path, server: GitServer) -> None:
        self.server = server
        self.source = GitRepository(tmp_path / "source")
        self.bare = make_bare(server.root / "o" / "app.git")
        self.directory = tmp_path / "mirrors" / "7"
        self.first = self.source.commit({"a.ts": "one\n", "lib/b.ts": "b\n", "logo.png": b"\x89PNG" * 100})
        self.second = self.source.commit({"a.ts": "two\n", "c.ts": "c\n"})
        self.publish("main")

    def publish(self, *refspecs: str) -> None:
        self.source.git("push", "--quiet", "--force", str(self.bare), *refspecs)

    def mirror(self, authorization: str | None = None) -> Mirror:
        return Mirror.open(self.directory, self.server.clone_url("o/app"), authorization)

    def requests(self) -> list[str]:
        """What was asked since the last question."""
        asked = list(self.server.requests)
        self.server.requests.clear()
        return asked


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serve_git(tmp_path / "served") as server:
        yield World(tmp_path, server)


def test_two_commits_cost_one_fetch_and_a_level_of_files_another(world: World) -> None:
    mirror = world.mirror()
    mirror.ensure([world.first, world.second])
    assert world.requests() == FETCH
    with mirror.files(world.second) as files:
        assert files.paths() == ("a.ts", "c.ts", "lib/b.ts", "logo.png")
        assert world.requests() == []
        assert {path: blob.content for path, blob in files.read(["a.ts", "lib/b.ts"]).items()} == {
            "a.ts": b"two\n",
            "lib/b.ts": b"b\n",
        }
        assert world.requests() == FETCH
        files.read(["a.ts", "lib/b.ts"])
        assert world.requests() == []


def test_what_was_ensured_before_costs_nothing(world: World) -> None:
    world.mirror().ensure([world.first])
    world.requests()
    world.mirror().ensure([world.first])
    assert world.requests() == []


def test_the_diff_brings_the_contents_that_it_compares_in_one_batch(world: World) -> None:
    mirror = world.mirror()
    mirror.ensure([world.first, world.second])
    world.requests()
    assert changes(mirror.repository, world.first, world.second, mirror.fetch) == (
        FileChange("a.ts", "a.ts", added=(1,), removed=(1,), seams=(0,)),
        FileChange("c.ts", None, added=(1,)),
    )
    assert world.requests() == FETCH


def test_what_nobody_fetches_is_refused_and_the_network_left_alone(world: World) -> None:
    mirror = world.mirror()
    mirror.ensure([world.first])
    world.requests()
    with GitFiles(Repository.at(world.directory), world.first) as files:
        assert not files.read(["a.ts"])
        assert files.refusals() == {"a.ts": "not in the object store"}
    assert world.requests() == []


def test_the_remote_says_what_its_default_branch_is_called_and_where_it_stands(world: World) -> None:
    world.server.authorization = SECRET
    mirror = world.mirror(SECRET)
    assert mirror.tip() == Tip("main", world.second)
    world.publish(f"{world.first}:refs/heads/release/1")
    subprocess.run(["git", "symbolic-ref", "HEAD", "refs/heads/release/1"], cwd=world.bare, check=True)
    assert mirror.tip() == Tip("release/1", world.first)
    (world.bare / "HEAD").write_text(f"{world.second}\n")
    assert mirror.tip() == Tip("", world.second)
    with pytest.raises(RemoteRefused):
        world.mirror().tip()


def test_a_remote_without_commits_has_no_tip(world: World) -> None:
    subprocess.run(["git", "symbolic-ref", "HEAD", "refs/heads/unborn"], cwd=world.bare, check=True)
    with pytest.raises(NotOnRemote, match="no commits on its default branch"):
        world.mirror().tip()


def test_credentials_open_the_door_and_stay_off_the_disk(world: World) -> None:
    world.server.authorization = SECRET
    mirror = world.mirror(SECRET)
    mirror.ensure([world.first])
    assert world.requests() == FETCH
    with mirror.files(world.first) as files:
        files.read(["a.ts"])
    written = [path.read_bytes() for path in world.directory.rglob("*") if path.is_file()]
    assert not any(b"c2VjcmV0" in content or b"127.0.0.1" in content for content in written)
    assert SECRET not in repr(mirror)


def test_wrong_credentials_are_a_refusal_that_does_not_tell_them(world: World) -> None:
    world.server.authorization = SECRET
    with pytest.raises(RemoteRefused) as caught:
        world.mirror("Basic d3Jvbmc=").ensure([world.first])
    assert "d3Jvbmc" not in str(caught.value)


def test_an_unknown_repository_is_a_refusal(world: World) -> None:
    with pytest.raises(RemoteRefused):
        Mirror.open(world.directory, world.server.clone_url("o/none")).ensure([world.first])


def test_a_commit_that_is_nowhere_is_said_to_be_nowhere(world: World) -> None:
    with pytest.raises(NotOnRemote):
        world.mirror().ensure(["1" * 40])


def test_a_failing_server_is_an_error_that_may_pass(world: World) -> None:
    world.server.fail_next.extend([503, 503])
    with pytest.raises(RemoteError) as caught:
        world.mirror().ensure([world.first])
    assert not isinstance(caught.value, RemoteRefused | NotOnRemote)
    world.server.fail_next.clear()
    world.mirror().ensure([world.first])


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_remote_that_sends_us_elsewhere_refuses_us(world: World, status: int) -> None:
    world.server.fail_next.append(status)
    with pytest.raises(RemoteRefused, match=str(status)):
        world.mirror().ensure([world.second])


def test_a_server_that_is_gone_is_an_error_that_may_pass(tmp_path: Path) -> None:
    with pytest.raises(RemoteError):
        Mirror.open(tmp_path / "m", "http://127.0.0.1:9/o/app.git").ensure(["1" * 40])


@pytest.mark.parametrize("commit", ["main", "--upload-pack=touch", "abc", "HEAD:a", "+refs/heads/*:refs/*"])
def test_only_full_ids_are_asked_for(world: World, commit: str) -> None:
    with pytest.raises(GitError, match="full commit ids"):
        world.mirror().ensure([commit])


def test_no_program_is_run_for_a_hostile_address(tmp_path: Path) -> None:
    for url in (f"ext::sh -c touch% {tmp_path}/ran", f"file://{tmp_path}", "ssh://-oProxyCommand=touch/x"):
        with pytest.raises(RemoteError):
            Mirror.open(tmp_path / "m", url).ensure(["1" * 40])
    assert not (tmp_path / "ran").exists()


def test_the_head_of_a_fork_comes_from_the_base_repository(world: World) -> None:
    world.source.git("checkout", "--quiet", "-b", "fork")
    head = world.source.commit({"fork.ts": "x"})
    world.publish("fork:refs/pull/7/head")
    mirror = world.mirror()
    mirror.ensure([head])
    with mirror.files(head) as files:
        assert "fork.ts" in files.paths()


def test_refs_are_asked_for_what_no_id_brings_and_the_rest_arrives(world: World) -> None:
    world.publish("main:refs/pull/7/head")
    mirror = world.mirror()
    with pytest.raises(NotOnRemote):
        mirror.ensure([world.second, "1" * 40], refs=("refs/pull/7/head", "refs/pull/8/head"))
    with mirror.files(world.second) as files:
        assert "c.ts" in files.paths()


def test_what_a_killed_fetch_left_is_mended(world: World) -> None:
    mirror = world.mirror()
    mirror.ensure([world.first])
    (world.directory / "shallow.lock").write_text("")
    (world.directory / "config.lock").write_text("")
    (world.directory / "refs" / "preship" / f"{world.second}.lock").write_text("")
    (world.directory / "objects" / "pack" / "tmp_pack_abc").write_bytes(b"PACK")
    world.mirror().ensure([world.first, world.second])
    with mirror.files(world.second) as files:
        assert files.read(["a.ts"])["a.ts"].content == b"two\n"
    assert not list((world.directory / "objects" / "pack").glob("tmp_*"))


def test_a_mirror_that_was_never_finished_is_made_again(world: World) -> None:
    (world.directory / "objects").mkdir(parents=True)
    world.mirror().ensure([world.first])


def test_a_named_commit_whose_objects_are_lost_is_fetched_again(world: World) -> None:
    mirror = world.mirror()
    mirror.ensure([world.first])
    for pack in (world.directory / "objects" / "pack").iterdir():
        pack.unlink()
    mirror.ensure([world.first])
    with mirror.files(world.first) as files:
        assert files.read(["a.ts"])["a.ts"].content == b"one\n"


def test_many_fetches_are_joined_and_nothing_is_lost(world: World) -> None:
    mirror = world.mirror()
    mirror.ensure([world.first])
    pack = world.directory / "objects" / "pack"
    for number in range(100):
        blob = world.source.git("hash-object", "-w", "--stdin", stdin=b"%d" % number)
        tree = world.source.git("mktree", stdin=f"100644 blob {blob}\tn.ts\n".encode())
        commit = world.source.git("commit-tree", tree, "-m", "n")
        packed = world.source.git("pack-objects", "--quiet", str(pack / "pack"), stdin=f"{commit}\n{tree}\n".encode())
        (pack / f"pack-{packed}.promisor").touch()
    mirror.ensure([world.second])
    assert len(list(pack.glob("*.pack"))) < 5
    for commit in (world.first, world.second):
        with mirror.files(commit) as files:
            assert len(files.read(files.paths())) == len(files.paths())


def _ensure(directory: Path, url: str, commit: str, path: str) -> None:
    mirror = Mirror.open(directory, url)
    mirror.ensure([commit])
    with mirror.files(commit) as files:
        os._exit(0 if files.read([path]) else 1)


def test_processes_share_a_mirror(world: World) -> None:
    context = multiprocessing.get_context("spawn")
    url = world.server.clone_url("o/app")
    wanted = [(world.first, "a.ts"), (world.second, "c.ts"), (world.second, "a.ts"), (world.first, "lib/b.ts")]
    workers = [context.Process(target=_ensure, args=(world.directory, url, commit, path)) for commit, path in wanted]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]


def test_a_partial_clone_of_a_user_is_completed_from_its_own_remote(world: World, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    world.source.git("clone", "--quiet", "--bare", "--filter=blob:none", world.server.clone_url("o/app"), str(clone))
    world.requests()
    with GitFiles(Repository.at(clone), "main") as files:
        assert len(files.read(files.paths())) == 4
    assert world.requests() == FETCH
    assert len(changes(Repository.at(clone), world.first, world.second)) == 2
    assert world.requests() == FETCH
