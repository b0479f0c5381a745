"""The people: they open pull requests, push, ask for reviews, and GitHub tells us, sometimes twice."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.rig.github import Rig, RigRepository

WRITER = "grace"

MAIN = {
    "package.json": '{"dependencies": {"next": "15.0.0", "@prisma/client": "6.0.0"}}\n',
    "lib/db.ts": "import { PrismaClient } from '@prisma/client'\n\nexport const db = new PrismaClient()\n",
}

# Fewer than the findings of one rule that are told in one comment.
_ACTIONS_AT_A_TIME = 3


@dataclass(frozen=True, slots=True)
class Told:
    """One delivery of GitHub's."""

    event: str
    payload: Mapping[str, Any]
    guid: str


@dataclass(slots=True)
class Offer:
    """One pull request."""

    repository: RigRepository
    number: int
    pushes: int = 1


class Town:
    """Repositories, and everything that happens there, by a seed."""

    def __init__(self, rig: Rig, seed: int, pull_requests: int) -> None:
        self._random = random.Random(seed)
        self._wanted = pull_requests
        names = [f"acme/shop-{number}" for number in range(max(1, pull_requests // 25))]
        self._repositories = [rig.repository(MAIN, name) for name in names]
        for repository in self._repositories:
            repository.stored.permissions[WRITER] = "write"
        self.offers: list[Offer] = []
        self.commands: list[tuple[Offer, int]] = []
        """Comments that ask for a review, by id."""

        self._told: list[Told] = []

    def events(self, count: int) -> Iterator[Told]:
        """So many deliveries, each of what has just happened."""
        for left in range(count, 0, -1):
            yield self._next(left)

    def _next(self, left: int) -> Told:
        missing = self._wanted - len(self.offers)
        if missing and (missing >= left or not self.offers or self._random.random() < 2 * missing / left):
            return self._opened()
        chance = self._random.random()
        if chance < 0.1:
            return self._told[-1 - self._random.randrange(min(20, len(self._told)))]
        if chance < 0.2:
            # A second hook tells the same under a name of its own.
            last = self._told[-1]
            return self._say(last.event, last.payload)
        offer = self._random.choice(self.offers)
        return self._asked(offer) if chance < 0.3 else self._pushed(offer)

    def _opened(self) -> Told:
        repository = self._random.choice(self._repositories)
        branch = f"change-{len(repository.stored.pulls) + 1}"
        repository.push(branch, _files(branch, 1))
        offer = Offer(repository, repository.open_pull_request(branch))
        self.offers.append(offer)
        return self._say("pull_request", repository.pull_request_event(offer.number, "opened"))

    def _pushed(self, offer: Offer) -> Told:
        offer.pushes += 1
        branch = f"change-{offer.number}"
        offer.repository.push(branch, _files(branch, offer.pushes))
        return self._say("pull_request", offer.repository.pull_request_event(offer.number, "synchronize"))

    def _asked(self, offer: Offer) -> Told:
        comment = offer.repository.comment_as(WRITER, offer.number, "/preship review")
        self.commands.append((offer, comment))
        return self._say("issue_comment", offer.repository.comment_event(comment))

    def _say(self, event: str, payload: Mapping[str, Any]) -> Told:
        told = Told(event, payload, str(uuid.UUID(int=self._random.getrandbits(128))))
        self._told.append(told)
        return told


def _files(branch: str, push: int) -> Mapping[str, str]:
    """The last few actions of a pull request; each push brings one that nobody has seen yet."""
    first = max(1, push - _ACTIONS_AT_A_TIME + 1)
    actions = "".join(_action(number) for number in range(first, push + 1))
    return {f"app/{branch}/actions.ts": f"'use server'\n\nimport {{ db }} from '../../lib/db'\n{actions}"}


def _action(number: int) -> str:
    return (
        f"\nexport async function removeOrder{number}(id: string) {{\n"
        f"  await db.order{number}.delete({{ where: {{ id }} }})\n}}\n"
    )
