"""One repository with one pull request, and the forge that our bot sees it through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from preship.bot.github.forge import GitHubForge, github_forges
from preship.bot.review.pull_request import Repository
from tests.rig.fixtures import rig as rig
from tests.rig.github import Rig, RigRepository
from tests.rig.unpaced import Unpaced

BEFORE = {
    "app/actions.ts": "'use server'\n\nexport async function one() {\n  return 1\n}\n",
    "lib/auth.ts": "".join(f"// line {number}\n" for number in range(1, 41)),
    "old name.ts": "export const a = 1\nexport const b = 2\nexport const c = 3\nexport const d = 4\n",
}
AFTER = {
    "app/actions.ts": "'use server'\n\nexport async function one() {\n  return 2\n}\n",
    "lib/auth.ts": BEFORE["lib/auth.ts"].replace("// line 5\n", "").replace("// line 30\n", "// line thirty\n"),
    "old name.ts": None,
    "new name.ts": BEFORE["old name.ts"] + "export const e = 5\n",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a test of the forge finds."""

    rig: Rig
    repository: RigRepository
    forges: Callable[[Repository], GitHubForge]
    number: int
    base: str
    head: str

    @property
    def forge(self) -> GitHubForge:
        """A new forge, as each job makes one."""
        return self.forges(self.repository.typed)


@pytest.fixture
def scene(rig: Rig) -> Scene:
    repository = rig.repository(BEFORE)
    base = repository.stored.git.resolve("main")
    assert base
    head = repository.push("feature", AFTER)
    number = repository.open_pull_request("feature", author="grace")
    return Scene(rig, repository, github_forges(rig.access(), Unpaced()), number, base, head)
