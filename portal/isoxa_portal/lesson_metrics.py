"""Figures of the live lessons: for Prometheus, and for ``isoxa doctor``, which is another process.

The doctor reads ``lessons.json`` in the data folder, written whenever the portal looks after its lessons.
"""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from isoxa_grading.records.tables import Role
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from .handlers import PortalHandler

if TYPE_CHECKING:
    from .portal import Portal
    from .routes import Route

STATUS_FILE = "lessons.json"
# It is written every twenty seconds.
STALE = timedelta(minutes=2)
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class LessonFigures:
    """What is counted as it happens; the rest is asked for when it is wanted."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._opens = Histogram(
            "isoxa_lesson_open_seconds",
            "Time from the request until the lesson's page was sent",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._gauges = {
            name: Gauge(f"isoxa_lesson_{name}", words, registry=self.registry)
            for name, words in {
                "sessions": "Lessons that have an open page",
                "sessions_in_memory": "Lessons that hold memory of a process",
                "places": "How many may hold memory at once",
                "waiting": "Officers who wait for a place",
                "workers": "Worker processes",
                "workers_memory_bytes": "Memory of the worker processes that nobody else holds",
            }.items()
        }
        self._workers_lost = Counter(
            "isoxa_lesson_workers_lost", "Worker processes that ended with sessions", registry=self.registry
        )
        self._messages = Counter(
            "isoxa_lesson_messages", "Messages of pages to their sessions", registry=self.registry
        )
        self._told = {"lost": 0, "messages": 0}

    def opened(self, seconds: float) -> None:
        """A lesson's page was sent."""
        self._opens.observe(seconds)

    def text(self, portal: Portal) -> bytes:
        """All of it in Prometheus's format."""
        for name, value in now_open(portal).items():
            self._gauges[name].set(value)
        host = portal.lessons_running.host
        self._workers_lost.inc(host.workers_lost - self._told["lost"])
        self._messages.inc(host.messages - self._told["messages"])
        self._told = {"lost": host.workers_lost, "messages": host.messages}
        return generate_latest(self.registry)


def now_open(portal: Portal) -> dict[str, int]:
    """How things stand: counts, and bytes of memory."""
    workers = portal.lessons_running.host.workers
    return {
        "sessions": len(portal.sessions),
        "sessions_in_memory": portal.sessions.taken(),
        "places": portal.sessions.most,
        "waiting": portal.sessions.waiting,
        "workers": len(workers),
        "workers_memory_bytes": sum(worker.memory() for worker in workers),
    }


def write_status(portal: Portal, now: datetime) -> None:
    """Leave the figures where the doctor finds them."""
    status = {"at": now.isoformat(), "pid": os.getpid(), **now_open(portal)}
    place = portal.data.path / STATUS_FILE
    part = place.with_suffix(".part")
    part.write_text(json.dumps(status), encoding="utf-8")
    part.replace(place)


def read_status(data: Path, now: datetime) -> dict[str, int] | None:
    """The figures of a portal that runs on this data folder; None if none does."""
    try:
        found = json.loads((data / STATUS_FILE).read_text(encoding="utf-8"))
        age = now - datetime.fromisoformat(found.pop("at"))
        found.pop("pid")
        return {str(name): int(value) for name, value in found.items()} if age < STALE else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


class MetricsHandler(PortalHandler):
    """``GET /so-do``: the figures in Prometheus's text format."""

    def get(self) -> None:
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.finish(self.portal.lesson_figures.text(self.portal))


def metrics_routes() -> list[Route]:
    """The figures, for administrators alone."""
    from .routes import Route

    return [Route(r"/so-do", MetricsHandler, frozenset({Role.ADMIN}), "page")]
