"""Figures of a portal for Prometheus; no name and no id is among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

if TYPE_CHECKING:
    from pks_kit.web.operation import Operation

MEDIA = CONTENT_TYPE_LATEST
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The figures of one portal."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "pks_http_requests",
            "Requests answered",
            ("method", "path", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "pks_http_request_seconds",
            "Seconds until an answer began",
            ("method", "path"),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._jobs = Counter(
            "pks_jobs_ended", "Jobs that ended", ("kind", "state"), registry=self._registry
        )
        self._job_seconds = Histogram(
            "pks_job_seconds",
            "Seconds that a job was worked on",
            ("kind",),
            buckets=(*_SECONDS, 120.0, 600.0),
            registry=self._registry,
        )
        self._depth = Gauge(
            "pks_jobs", "Jobs that have not ended", ("state",), registry=self._registry
        )
        self._deliveries = Counter(
            "pks_webhook_deliveries", "Deliveries tried", ("outcome",), registry=self._registry
        )

    def answered(self, operation: Operation, status: int, seconds: float) -> None:
        """Count an answer."""
        self._answers.labels(operation.method, operation.path, str(status)).inc()
        self._seconds.labels(operation.method, operation.path).observe(seconds)

    def ended(self, kind: str, state: str, seconds: float) -> None:
        """Count a job that ended."""
        self._jobs.labels(kind, state).inc()
        self._job_seconds.labels(kind).observe(seconds)

    def delivered(self, outcome: str) -> None:
        """Count a delivery that was tried."""
        self._deliveries.labels(outcome).inc()

    def text(self, depth: dict[str, int]) -> bytes:
        """Return all figures in the text form of Prometheus.

        Args:
            depth: How many jobs wait and are worked on.
        """
        for state, count in depth.items():
            self._depth.labels(state).set(count)
        return generate_latest(self._registry)
