"""Figures for Prometheus."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from preship.bot.report.version import tool_version

# GitHub has some seventy events; whoever signs with our secret may make up more, and each would stay in memory.
_MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Measured:
    """The service as its database sees it, for every process the same."""

    queue: Mapping[str, int] = field(default_factory=dict)
    problems: Sequence[str] = ()
    """Their kinds."""

    findings_today: Mapping[str, int] = field(default_factory=dict)
    remaining: Mapping[str, int] = field(default_factory=dict)
    """By installation."""

    created: Mapping[str, int] = field(default_factory=dict)
    oldest_job_seconds: float = 0
    workers: int = 0
    disk_free_bytes: int | None = None
    """Of the disk that this process keeps its data on; None where that is not known."""


class Metrics:
    """The figures of one process, and of the service."""

    def __init__(self, measure: Callable[[], Measured] = Measured) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Measuring(measure))
        self._webhooks = Counter(
            "preship_webhooks", "Answers of the webhook", ["event", "status"], registry=self._registry
        )
        self._jobs = Histogram(
            "preship_job_seconds",
            "How long one try of a job took, by how it ended",
            ["outcome"],
            buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300),
            registry=self._registry,
        )
        self._failures = Counter(
            "preship_failures", "Jobs that were given up", ["event", "cause"], registry=self._registry
        )
        self._calls = Counter(
            "preship_forge_calls", "Calls to GitHub, by how they ended", ["outcome"], registry=self._registry
        )
        self._events: set[str] = set()

    def answered(self, event: str, status: int) -> None:
        """Count an answer of the webhook."""
        self._webhooks.labels(self._known(event), str(status)).inc()

    def worked(self, outcome: str, seconds: float) -> None:
        """Count a try of a job."""
        self._jobs.labels(outcome).observe(seconds)

    def failed(self, event: str, cause: str) -> None:
        """Count a job that was given up."""
        self._failures.labels(self._known(event), cause).inc()

    def asked(self, outcome: str) -> None:
        """Count a call to GitHub."""
        self._calls.labels(outcome).inc()

    def _known(self, event: str) -> str:
        if event not in self._events and len(self._events) < _MOST_EVENTS:
            self._events.add(event)
        return event if event in self._events else "other"

    def text(self) -> bytes:
        """Everything in Prometheus' text format, with the state of the service as it is now."""
        return generate_latest(self._registry)

    @property
    def registry(self) -> CollectorRegistry:
        """For a port that serves figures alone."""
        return self._registry


class _Measuring(Collector):
    """Measures anew whenever figures are asked for."""

    def __init__(self, measure: Callable[[], Measured]) -> None:
        self._measure = measure

    def describe(self) -> Iterable[Metric]:
        """Nothing before it is asked for: the database may be away when the process starts."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The state of the service."""
        now = self._measure()
        yield _gauge("preship_queue", "Jobs in the queue, by status", "status", now.queue)
        yield _gauge("preship_problems", "What is wrong, 1 for each kind", "kind", dict.fromkeys(now.problems, 1))
        yield _gauge("preship_findings_day", "Findings that comments told in 24 hours", "rule", now.findings_today)
        yield _gauge("preship_rate_limit_remaining", "Requests left to GitHub", "installation", now.remaining)
        yield _gauge("preship_created_hour", "What was created in an hour", "installation", now.created)
        yield GaugeMetricFamily("preship_oldest_job_seconds", "Age of the oldest waiting job", now.oldest_job_seconds)
        yield GaugeMetricFamily("preship_workers", "Workers that live", now.workers)
        if now.disk_free_bytes is not None:
            says = "Room on the disk of the data directory of this process"
            yield GaugeMetricFamily("preship_disk_free_bytes", says, now.disk_free_bytes)
        build = GaugeMetricFamily("preship_build_info", "The version that runs", labels=["version", "python"])
        build.add_metric([tool_version(), platform.python_version()], 1)
        yield build


def _gauge(name: str, says: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, figure in values.items():
        family.add_metric([value], figure)
    return family
