"""Every comment of every plan stands inside the diff, by git's own diff of thousands of generated changes."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from preship.bot.git.changes import changes
from preship.bot.git.patches import shown_files
from preship.bot.git.process import Repository
from preship.bot.github.forge import github_forges
from preship.bot.review.plan import plan_review
from preship.bot.review.policy import ReviewPolicy
from preship.bot.review.pull_request import Comparison, PatchedFile
from tests.bot.review.samples import analysis
from tests.e2e.generated_diffs import after, before, generated_changes, judged
from tests.rig.github import Rig
from tests.rig.unpaced import Unpaced

FILES = 700
SEEDS = (1, 2, 3)


def test_two_thousand_diffs_are_tried() -> None:
    assert FILES * len(SEEDS) >= 2_000


@pytest.mark.parametrize("seed", SEEDS)
def test_every_comment_of_every_plan_is_taken_by_github(rig: Rig, seed: int) -> None:
    dice = random.Random(seed)
    changed = generated_changes(dice, FILES)
    repository = rig.repository(before(changed))
    base, head = repository.stored.git.resolve("main"), repository.push("feature", after(changed))
    number = repository.open_pull_request("feature")
    found = analysis(*(judged(dice, changed, index) for index in range(3 * FILES)))
    planned = plan_review(
        found,
        Comparison(str(base), shown(repository.stored.git.path, str(base), head, found), True),
        number,
        head,
        marker_key=b"k" * 32,
        policy=ReviewPolicy(inline_limit=10**6),
    )
    forge = github_forges(rig.access(), Unpaced())(repository.typed)
    forge.post_review(number, head, planned.body, planned.comments)
    shapes = Counter((comment.side.value, comment.start_line is not None) for comment in planned.comments)
    assert min(shapes[side, is_long] for side in ("LEFT", "RIGHT") for is_long in (True, False)) > 20
    diff = repository.stored.diff(repository.stored.pulls[number], head)
    assert diff is not None
    assert len(planned.file_comments) > 100
    assert [comment.path for comment in planned.file_comments if comment.path not in diff] == []


def shown(git_dir: Path, base: str, head: str, found) -> tuple[PatchedFile, ...]:
    repository = Repository.at(git_dir)
    files = shown_files(repository, (base, head), changes(repository, base, head), found)
    return tuple(PatchedFile(file.path, file.old_path, file.status, file.patch) for file in files)
