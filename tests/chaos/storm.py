"""The storm itself: deliveries go out as fast as they are served, and processes die all the while."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.chaos.machines import Machines
from tests.chaos.town import Told, Town
from tests.chaos.verdict import faults, is_quiet, sent, states
from tests.chaos.weather import Weather
from tests.patience import PATIENCE_SECONDS
from tests.rig.github import Rig

# What may wait at a time: enough that pushes overtake each other, not so much that only the last ones are served.
_WAITING = 20

_TICK_SECONDS = 0.05
_BETWEEN_SECONDS = 0.2
_STALLS_PER_KILL = 0.25


@dataclass(frozen=True, slots=True)
class Storm:
    """How large it is."""

    seed: int
    deliveries: int
    kills: int

    @property
    def pull_requests(self) -> int:
        """Over how many pull requests the deliveries are spread."""
        return max(3, self.deliveries // 10)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was left of it."""

    faults: tuple[str, ...]
    """Everything that does not hold; empty when all is well."""

    figures: str


def rage(storm: Storm, tell: Callable[[str], None]) -> Outcome:
    """Let the storm pass over a service of several machines, and look at what stands."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="preship-chaos-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        with Rig(directory / "github") as rig, Machines(rig, directory / "machines", storm.seed) as machines:
            weather = Weather(storm.seed)
            rig.let_fail(weather.take, weather.of_git)
            town = Town(rig, storm.seed, storm.pull_requests)
            _send_all(storm, rig, town, machines, tell)
            _calm_down(rig, machines, tell)
            found = tuple(faults(rig, town, machines.database_url, machines.logs()))
            figures = _figures(rig, town, machines, weather, time.monotonic() - started)
    return Outcome(found, figures)


def _send_all(storm: Storm, rig: Rig, town: Town, machines: Machines, tell: Callable[[str], None]) -> None:
    chance = random.Random(storm.seed)
    killed = stalled = 0
    with ThreadPoolExecutor(4) as senders:
        for count, told in enumerate(town.events(storm.deliveries), 1):
            time.sleep(_BETWEEN_SECONDS)
            _tend_until(machines, lambda: _waiting(machines.database_url) < _WAITING)
            senders.submit(_deliver, rig, told, chance.choice(machines.servers).webhook)
            while killed < storm.kills * count // storm.deliveries:
                killed += 1
                machines.kill_one()
            while stalled < storm.kills * _STALLS_PER_KILL * count / storm.deliveries:
                stalled += 1
                machines.stall_one()
            if count % 50 == 0:
                tell(f"{count} deliveries sent, {killed} processes killed, {stalled} workers stalled")


def _deliver(rig: Rig, told: Told, url: str) -> None:
    rig.deliver(url, told.event, told.payload, delivery=told.guid)


def _calm_down(rig: Rig, machines: Machines, tell: Callable[[str], None]) -> None:
    tell("everything is sent; waiting until all of it is served")
    end = time.monotonic() + PATIENCE_SECONDS
    _tend_until(machines, lambda: time.monotonic() > end or _asked(lambda: is_quiet(rig, machines.database_url)))


def _tend_until(machines: Machines, is_so: Callable[[], bool]) -> None:
    while True:
        machines.tend()
        if is_so():
            return
        time.sleep(_TICK_SECONDS)


def _figures(rig: Rig, town: Town, machines: Machines, weather: Weather, seconds: float) -> str:
    attempts = list(rig.world.hook_deliveries)
    lost = sum(1 for attempt in attempts if attempt.status != 202)
    again = len(attempts) - len({attempt.guid for attempt in attempts})
    deaths = ", ".join(f"{count} {name}" for name, count in sorted(machines.deaths.items()))
    reviews = sum(len(offer.repository.reviews(offer.number)) for offer in town.offers)
    return (
        f"{len(attempts)} deliveries ({len(sent(rig))} names, {again} came again, {lost} reached nobody at first) over"
        f" {len(town.offers)} pull requests with {sum(offer.pushes for offer in town.offers)} pushes and"
        f" {len(town.commands)} commands; {sum(machines.deaths.values())} kills ({deaths}), {machines.stalls} stalls,"
        f" {sum(weather.struck.values())} faults on {weather.asked} answers; {reviews} reviews; {seconds:.0f} s"
    )


def _waiting(database_url: str) -> int:
    known = _asked(lambda: states(database_url)) or {}
    return sum(state == "queued" for state in known.values())


def _asked(question):
    """The answer of the database; None while it is down, or has no tables yet."""
    try:
        return question()
    except psycopg.Error:
        return None
