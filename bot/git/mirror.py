"""A cached copy of a remote repository that holds commits and directories, and of the files only what was asked for.

The mirror's own configuration names no remote: address and credentials exist only in the environment of a fetch, so
nothing on the disk tells them, and a reading process that misses a file says so instead of calling the network.
"""

from __future__ import annotations

import fcntl
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from preship.bot.git.commit_files import GitFiles
from preship.bot.git.errors import GitError, NotOnRemote
from preship.bot.git.partial import Tip, default_tip, fetch, fetch_objects, remote_settings
from preship.bot.git.process import Repository, environment, run

_REMOTE = "origin"
_KEPT = "refs/preship"
_COMMIT = re.compile(r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")

_PACKS_BEFORE_REPACKING = 100
"""Every fetch leaves a pack and reading asks all of them; at a hundred the cost begins to show."""

_COMMITS_KEPT = 200
"""Commits that stay named, newest first; one that is forgotten and asked for again is fetched again."""


class Mirror:
    """The mirror of one repository. Safe for several processes at once; whatever a killed one left is repaired."""

    def __init__(self, directory: Path, url: str, authorization: str | None) -> None:
        self._directory = directory
        self._url = url
        self._authorization = authorization
        self.repository = Repository(directory, directory / "objects", None)

    @staticmethod
    def open(directory: Path, url: str, authorization: str | None = None) -> Mirror:
        """The mirror in `directory`, made if there is none. `authorization` is the HTTP header's value."""
        mirror = Mirror(directory.absolute(), url, authorization)
        with mirror._alone():
            mirror._make()
        return mirror

    def ensure(self, commits: Sequence[str], refs: Sequence[str] = ()) -> None:
        """Bring commits by full id, with all their directories, in one round trip.

        `refs` (such as `refs/pull/7/head`) are asked where the remote gives no commit by its id. Raises `NotOnRemote`,
        `RemoteRefused`, `RemoteError`.
        """
        if not all(_COMMIT.match(commit) for commit in commits):
            raise GitError("a mirror is asked for full commit ids")
        with self._alone() as lock:
            missing = [commit for commit in dict.fromkeys(commits) if not self._has(commit)]
            if missing:
                self._bring(missing, refs, lock)
                self._tidy(lock)

    def tip(self) -> Tip:
        """Where the default branch stands on the remote now. Raises `NotOnRemote`, `RemoteRefused`, `RemoteError`."""
        return default_tip(self.repository, _REMOTE, self._variables())

    def files(self, commit: str) -> GitFiles:
        """The files of a commit that was ensured; contents come in batches, as they are asked for."""
        return GitFiles(self.repository, commit, self.fetch)

    def fetch(self, ids: Sequence[str]) -> None:
        """Bring objects by id, in one round trip."""
        with self._alone() as lock:
            fetch_objects(self.repository, _REMOTE, ids, self._variables(), (lock,))

    def __repr__(self) -> str:
        return f"Mirror({str(self._directory)!r}, {self._url!r})"

    def _bring(self, commits: Sequence[str], refs: Sequence[str], lock: int) -> None:
        named = [f"+{commit}:{_KEPT}/{commit}" for commit in commits]
        try:
            self._fetch_commits(named, lock)
        except NotOnRemote:
            if not refs:
                raise
            self._bring_by_refs(commits, refs, lock)

    def _bring_by_refs(self, commits: Sequence[str], refs: Sequence[str], lock: int) -> None:
        """What no id brings may still be what a ref points at. One by one: a commit that is gone spoils its fetch."""
        for ref in refs:
            with suppress(NotOnRemote):
                self._fetch_commits([f"+{ref}:{_KEPT}/asked/{ref.removeprefix('refs/')}"], lock)
        for commit in commits:
            if self._is_there(commit):
                self.repository.git("update-ref", f"{_KEPT}/{commit}", commit)
            else:
                self._fetch_commits([f"+{commit}:{_KEPT}/{commit}"], lock)

    def _fetch_commits(self, references: Sequence[str], lock: int) -> None:
        options = ("--depth=1", "--filter=blob:none", "--no-show-forced-updates")
        fetch(self.repository, _REMOTE, references, self._variables(), options, (lock,))

    def _variables(self) -> Mapping[str, str]:
        """The environment of a fetch: the only place where address and credentials stand."""
        settings = {
            **remote_settings(_REMOTE, self._url),
            # Credentials go to the configured address and to no other.
            "http.followRedirects": "false",
            "http.lowSpeedLimit": "1000",
            "http.lowSpeedTime": "60",
        }
        if self._authorization:
            settings["http.extraHeader"] = f"Authorization: {self._authorization}"
        return environment(settings, protocols="https:http")

    def _has(self, commit: str) -> bool:
        """Whether a commit was brought whole: its ref is written after everything else."""
        asked = self.repository.git("rev-parse", "--verify", "--quiet", f"{_KEPT}/{commit}", accept=(0, 1))
        return asked.status == 0 and self._is_there(commit)

    def _is_there(self, commit: str) -> bool:
        return self.repository.git("cat-file", "-e", f"{commit}^{{tree}}", accept=(0, 1, 128)).status == 0

    def _make(self) -> None:
        """Make the repository, or make it again where what stands is none."""
        if (self._directory / "HEAD").is_file() and (self._directory / "objects").is_dir():
            return
        made = run(["init", "--quiet", "--bare", "--template=", "--initial-branch=main", "--", str(self._directory)])
        if made.status:
            raise GitError(f"{self._directory} cannot become a mirror: {made.errors}")

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """Keep other processes out, and give the lock's descriptor.

        The system lets go of it when we and every git that holds it with us have ended, so that nobody repairs a
        directory into which the orphan of a killed process still writes.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        with (self._directory / "preship.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._mend()
            yield lock.fileno()

    def _mend(self) -> None:
        """Remove what a killed fetch left. Only writers make such files, and they are kept out."""
        for stale in self._directory.glob("*.lock"):
            if stale.name != "preship.lock":
                stale.unlink(missing_ok=True)
        for stale in (self._directory / "refs").rglob("*.lock"):
            stale.unlink(missing_ok=True)
        for stale in (self._directory / "objects").glob("pack/tmp_*"):
            stale.unlink(missing_ok=True)
        for stale in (self._directory / "objects").glob("tmp_objdir-*"):
            shutil.rmtree(stale, ignore_errors=True)

    def _tidy(self, lock: int) -> None:
        """Join the packs of many fetches into one, and forget the names of old commits."""
        packs = list((self._directory / "objects" / "pack").glob("*.pack"))
        if len(packs) < _PACKS_BEFORE_REPACKING:
            return
        listed = self.repository.git("for-each-ref", "--sort=-committerdate", "--format=%(refname)", _KEPT)
        for ref in listed.output.decode().splitlines()[_COMMITS_KEPT:]:
            self.repository.git("update-ref", "-d", ref)
        self.repository.git("repack", "-a", "-d", "--quiet", variables=self._variables(), held=(lock,))
