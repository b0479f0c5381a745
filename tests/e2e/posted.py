"""Everything that stands on a pull request, as one text that a person can read and a test can compare.

`WRITE_GOLDEN=1 uv run pytest tests/e2e` writes the golden files anew; read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from tests.rig.github import Rig, RigRepository

GOLDEN = Path(__file__).parent / "golden"


def posted(rig: Rig, repository: RigRepository, number: int) -> str:
    """Check runs, reviews with their comments, and the conversation; hosts and keyed hashes made the same."""
    text = "\n\n".join(_blocks(repository, number)) + "\n"
    text = text.replace(rig.git_url, "https://github.example").replace(rig.api_url, "https://api.github.example")
    return re.sub(r"\b[0-9a-f]{64}\b", "<keyed hash>", text)


def _blocks(repository: RigRepository, number: int) -> Iterator[str]:
    heads = dict.fromkeys(run.head_sha for run in repository.stored.check_runs)
    for run in [run for head in heads for run in repository.check_runs(head)]:
        yield f"# Check run `{run.name}` on {run.head_sha}: {' → '.join(run.history)}\n\n{run.title}\n\n{run.summary}"
    for review in repository.reviews(number):
        yield f"# Review by {review.author} on {review.commit}\n\n{review.body}"
        for comment in repository.review_comments(number):
            if comment.review == review.id:
                lines = f"{comment.start_line}-{comment.line}" if comment.start_line else f"{comment.line or 'file'}"
                state = f", resolved by {comment.resolved_by}" if comment.resolved_by else ""
                yield f"## {comment.path}:{lines} {comment.side}{state}\n\n{comment.body}"
    for said in repository.conversation(number):
        yield f"# Comment by {said.author}, edited {said.edits} times\n\n{said.body}"


def assert_golden(name: str, text: str) -> None:
    """Compare a text with the golden file of this name."""
    path = GOLDEN / name
    if os.environ.get("WRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
