"""A proposal as a branch, a commit and a pull request, by an app that may push; killed anywhere, it is made once.

https://docs.github.com/en/rest/repos/contents#create-or-update-file-contents
"""

from __future__ import annotations

import base64
from urllib.parse import quote

from preship.bot.github.session import Session
from preship.bot.review.forge import Gone, Refused
from preship.bot.review.proposal import Proposal, Proposed, TipFile
from preship.bot.review.pull_request import Repository

_UNPROCESSABLE = 422


def tip_file(session: Session, path: str) -> TipFile:
    """A file of the default branch. Raises `Refused` for what is no file, or too large to be shown."""
    branch = session.read(lambda repo: repo.default_branch)
    tip = session.read(lambda repo: repo.get_branch(branch).commit.sha)
    try:
        found = session.read(lambda repo: repo.get_contents(path, ref=tip))
    except Gone:
        return TipFile(path, branch, tip, None)
    if isinstance(found, list) or found.type != "file" or found.encoding != "base64":
        raise Refused(_UNPROCESSABLE, f"{path} is no file that can be edited")
    return TipFile(path, branch, tip, base64.b64decode(found.content), found.sha)


def propose(session: Session, repository: Repository, proposal: Proposal) -> Proposed:
    """Open the pull request, unless one of its branch is open."""
    standing = session.read(
        lambda repo: [pull.number for pull in repo.get_pulls("open", head=f"{repository.owner}:{proposal.branch}")]
    )
    if standing:
        return Proposed(standing[0], is_new=False)
    _begin_branch(session, proposal)
    _commit(session, proposal)
    opened = session.send(
        "POST",
        "/pulls",
        {
            "title": proposal.title,
            "body": proposal.body,
            "head": proposal.branch,
            "base": proposal.before.branch,
        },
    )
    return Proposed(int(opened["number"]), is_new=True)


def _begin_branch(session: Session, proposal: Proposal) -> None:
    """Let our branch stand at the tip. One that is there without an open pull request is what an earlier try left."""
    ref, sha = f"heads/{proposal.branch}", proposal.before.commit_sha
    try:
        session.send("POST", "/git/refs", {"ref": f"refs/{ref}", "sha": sha})
    except Refused as refusal:
        if refusal.status != _UNPROCESSABLE:
            raise
        session.send("PATCH", f"/git/refs/{quote(ref, safe='')}", {"sha": sha, "force": True})


def _commit(session: Session, proposal: Proposal) -> None:
    before = proposal.before
    content = {
        "message": proposal.message,
        "content": base64.b64encode(proposal.content).decode(),
        "branch": proposal.branch,
        **({"sha": before.blob_sha} if before.content is not None else {}),
    }
    session.send("PUT", f"/contents/{quote(before.path, safe='')}", content)
