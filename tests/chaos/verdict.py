"""What must hold when the storm is over, and everything that does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import psycopg

from preship.bot.jobs.planner import marker_key
from preship.bot.review.marker import read_marker
from tests.chaos.town import Offer, Town
from tests.rig.github import PRIVATE_KEY, Rig
from tests.rig.world import APP_LOGIN

KEY = marker_key(PRIVATE_KEY)

SERVED = {"done", "superseded"}


def faults(rig: Rig, town: Town, database_url: str, log: str) -> Iterator[str]:
    """One sentence for everything that is not as it should be."""
    for offer in town.offers:
        place = f"{offer.repository.typed.full_name}#{offer.number}"
        for fault in of_offer(offer):
            yield f"{place}: {fault}"
    yield from _of_commands(town)
    yield from _of_deliveries(rig, states(database_url))
    yield from (f"GitHub does not document: {violation}" for violation in rig.violations)
    yield from (line for line in log.splitlines() if '"job failed"' in line or "error of its own" in line)


def states(database_url: str) -> Mapping[str, str]:
    """The state of each delivery that was accepted, by GUID."""
    with psycopg.connect(database_url) as connection:
        return dict(connection.execute("SELECT guid, state FROM deliveries").fetchall())


def is_quiet(rig: Rig, database_url: str) -> bool:
    """Whether nothing is left to do: no delivery that failed, and none that waits."""
    with psycopg.connect(database_url) as connection:
        [(jobs,)] = connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'failed'").fetchall()
        [(queued,)] = connection.execute("SELECT count(*) FROM deliveries WHERE state = 'queued'").fetchall()
    return jobs == queued == 0 and sent(rig) <= states(database_url).keys()


def sent(rig: Rig) -> set[str]:
    """The GUIDs of everything that GitHub has sent."""
    return {attempt.guid for attempt in list(rig.world.hook_deliveries)}


def of_offer(offer: Offer) -> Iterator[str]:
    """What is wrong with a pull request as it stands."""
    repository, number, head = offer.repository, offer.number, offer.repository.head(offer.number)
    reviews = Counter(review.commit for review in repository.reviews(number) if review.author == APP_LOGIN)
    if reviews[head] != 1:
        yield f"{reviews[head]} reviews of the last head"
    yield from (f"{count} reviews of {commit}" for commit, count in reviews.items() if count > 1)
    runs = [run for run in repository.check_runs(head) if run.external_id.endswith(":push")]
    if [run.status for run in runs] != ["completed"] or runs[0].conclusion != "failure":
        yield f"check runs of the last head: {[(run.status, run.conclusion, run.title) for run in runs]}"
    yield from _said_twice("comment", (comment.body for comment in repository.review_comments(number)))
    summaries = [said for said in repository.conversation(number) if said.author == APP_LOGIN]
    if len(summaries) != 1 or head not in summaries[0].body:
        yield f"{len(summaries)} summaries, or one of an old head"
    open_runs = [run for run in _runs(offer) if run.status != "completed"]
    yield from (f"check run {run.external_id} is {run.status} for ever" for run in open_runs)
    twice = Counter(run.external_id for run in _runs(offer))
    yield from (f"{count} check runs {name}" for name, count in twice.items() if count > 1)


def _runs(offer: Offer) -> list:
    prefix = f"{offer.repository.stored.id}:{offer.number}:"
    return [run for run in offer.repository.stored.check_runs if run.external_id.startswith(prefix)]


def _said_twice(what: str, bodies: Iterable[str]) -> Iterator[str]:
    markers = [read_marker(body, KEY) for body in bodies]
    told = Counter(fingerprint for marker in markers if marker for fingerprint in marker.fingerprints)
    yield from (f"{what} about {fingerprint} stands {count} times" for fingerprint, count in told.items() if count > 1)


def _of_commands(town: Town) -> Iterator[str]:
    for offer, comment_id in town.commands:
        [comment] = [said for said in offer.repository.conversation(offer.number) if said.id == comment_id]
        if "+1" not in comment.reactions:
            yield f"{offer.repository.typed.full_name}#{offer.number}: a command got {comment.reactions}"


def _of_deliveries(rig: Rig, known: Mapping[str, str]) -> Iterator[str]:
    for guid in sorted(sent(rig)):
        if known.get(guid) not in SERVED:
            yield f"delivery {guid} is {known.get(guid, 'lost')}"
