"""Figures for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# GitHub has some seventy events; whoever signs with our secret may make up more, and each would stay in memory.
_MOST_EVENTS = 100


class Metrics:
    """The figures of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
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
        self._events: set[str] = set()
        self._queue = Gauge("preship_queue", "Jobs in the queue, by status", ["status"], registry=self._registry)

    def answered(self, event: str, status: int) -> None:
        """Count an answer of the webhook."""
        self._webhooks.labels(self._known(event), str(status)).inc()

    def worked(self, outcome: str, seconds: float) -> None:
        """Count a try of a job."""
        self._jobs.labels(outcome).observe(seconds)

    def failed(self, event: str, cause: str) -> None:
        """Count a job that was given up."""
        self._failures.labels(self._known(event), cause).inc()

    def _known(self, event: str) -> str:
        if event not in self._events and len(self._events) < _MOST_EVENTS:
            self._events.add(event)
        return event if event in self._events else "other"

    def text(self, queued: Mapping[str, int]) -> bytes:
        """Everything in Prometheus' text format, with the queue as it is now."""
        self._queue.clear()
        for status, count in queued.items():
            self._queue.labels(status).set(count)
        return generate_latest(self._registry)
