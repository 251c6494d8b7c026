"""One question to the report, in a process of its own: seconds and megabytes.

Each gets a fresh process and connection, so that nothing is in memory but what the question brings there.
"""

from __future__ import annotations

import gc
import io
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import time as dt_time
from pathlib import Path
from typing import Any

from isoxa_grading.records.database import connect, reading, writing
from isoxa_grading.records.tables import Unit
from isoxa_grading.reports import (
    Filters,
    completion_report,
    overview,
    take_snapshot,
    write_results_csv,
    write_xlsx,
)
from isoxa_grading.reports.pdf import write_pdf
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, configure_mappers

from .models import AS_OF, COURSE

Question = Callable[[Session, int | None], int | None]


def ask(url: str, question: str, units: int | list[int] | None = None, *, again: int = 0) -> dict[str, float]:
    """``first`` and ``again`` (median) in seconds, ``cpu`` (of the first, of the processor), ``peak_mb``, and the
    ``rows`` that were written, where there are some.

    Of a list of units each is asked for once: the first brings the process up, ``again`` is about the others.
    """
    asked = units if isinstance(units, list) else [units] * (1 + again)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_asked, (url, question, asked))


def _asked(url: str, question: str, units: list[int | None]) -> dict[str, float]:
    configure_mappers()  # a part of importing, like the modules themselves
    gc.collect()
    gc.freeze()  # as the portal does with what it has imported
    engine = connect(url)
    before = time.process_time()
    first, rows = _seconds(engine, question, units[0])
    cpu = time.process_time() - before
    others = [_seconds(engine, question, unit)[0] for unit in units[1:]]
    engine.dispose()
    return {
        "first": first,
        "again": statistics.median(others or [first]),
        "cpu": cpu,
        "peak_mb": _peak_mb(),
        "rows": rows or 0,
    }


def _seconds(engine: Engine, question: str, unit: int | None) -> tuple[float, int | None]:
    begun = time.perf_counter()
    with (writing if question == "snapshot" else reading)(engine) as session:
        rows = QUESTIONS[question](session, unit)
    return time.perf_counter() - begun, rows


def _peak_mb() -> float:
    """The most memory that this process has held.

    Not ``getrusage``: Linux hands the parent's peak down to a new process, and the parent filled a database.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _about(session: Session, unit: int | None) -> dict[str, Any]:
    country = session.scalars(select(Unit.path).where(Unit.parent_id.is_(None))).all()
    return {"course": COURSE, "scope_paths": country, "as_of": AS_OF, "filters": Filters(unit_id=unit)}


def _page(session: Session, unit: int | None) -> None:
    """What the page of a country or province shows."""
    overview(session, **_about(session, unit))


def _commune(session: Session, unit: int | None) -> None:
    """What the page of a commune shows: its figures and its officers by name."""
    asked = _about(session, unit)
    overview(session, **asked)
    completion_report(session, **asked).officers(unit)


def _xlsx(session: Session, unit: int | None) -> None:
    with tempfile.TemporaryFile() as file:
        write_xlsx(completion_report(session, **_about(session, unit)), file)


def _results_csv(session: Session, unit: int | None) -> int:
    with tempfile.TemporaryFile() as file:
        return write_results_csv(session, file, **_about(session, unit))


def _snapshot(session: Session, unit: int | None) -> None:
    take_snapshot(session, course=COURSE, as_of=AS_OF, now=datetime.combine(AS_OF, dt_time(10), UTC))


def _pdf(session: Session, unit: int | None) -> None:
    write_pdf(session, io.BytesIO(), **_about(session, unit))


QUESTIONS: dict[str, Question] = {
    "page": _page,
    "commune": _commune,
    "xlsx": _xlsx,
    "results_csv": _results_csv,
    "snapshot": _snapshot,
    "pdf": _pdf,
}
