"""Many opens at once, and what a live session holds.

Every open is another visitor's, and all begin in the same moment. One that has not its last state after the cap has
failed. Opens per second are those that succeeded over the time until the last of them had all it needs. The
processors are shared by client and server: ``client_cpu_share`` is the client's part of one processor meanwhile, and
``server_cpu_ms_per_open`` tells what an open costs wherever it runs.
"""

from __future__ import annotations

import asyncio
import math
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from .processes import load, processor_seconds, pss_mb
from .servers import Server
from .visit import OpenFailed, Visit

_SETTLE_SECONDS = 2.0


class Visitors:
    """Cookies, each given once in turn, so that no account opens twice in a round."""

    def __init__(self, cookies: Sequence[str]) -> None:
        self._cookies = list(cookies)
        self._next = 0

    def some(self, count: int) -> Iterator[str]:
        """Raises ``ValueError`` if there are not so many."""
        if count > len(self._cookies):
            raise ValueError(f"{count} visitors of {len(self._cookies)}")
        for _number in range(count):
            yield self._cookies[self._next % len(self._cookies)]
            self._next += 1


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least ``share`` of them do not exceed; None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


async def _try(visit: Visit, cap: float) -> str | None:
    """What went wrong, if anything."""
    try:
        async with asyncio.timeout(cap):
            await visit.open()
    except TimeoutError:
        return f"not there after {cap:.0f} s"
    except OpenFailed as problem:
        return str(problem)
    return None


async def at_once(server: Server, cookies: Sequence[str], cap: float) -> tuple[list[Visit], dict[str, Any]]:
    """All open in the same moment; the visits that stand, and the figures."""
    visits = [Visit(server.site, cookie) for cookie in cookies]
    used, mine, begun = processor_seconds(server.pid), time.process_time(), time.perf_counter()
    problems = await asyncio.gather(*(_try(visit, cap) for visit in visits))
    took = time.perf_counter() - begun
    mine, used = time.process_time() - mine, processor_seconds(server.pid) - used
    opened = [visit for visit, problem in zip(visits, problems, strict=True) if problem is None]
    lost = [visit for visit, problem in zip(visits, problems, strict=True) if problem is not None]
    await leave(lost)
    times = [visit.seconds for visit in opened]
    return opened, {
        "opens": len(visits),
        "failures": len(lost),
        # Visitors who were sent the widgets of another.
        "mixed_up": len(opened) - len({visit.first_model for visit in opened}),
        "reasons": dict(Counter(problem for problem in problems if problem is not None)),
        "p50_s": rounded(percentile(times, 0.5)),
        "p95_s": rounded(percentile(times, 0.95)),
        "page_p50_s": rounded(percentile([visit.page_seconds for visit in opened], 0.5)),
        "last_s": rounded(max(times, default=None)),
        "opens_per_second": rounded(len(times) / max(times), 2) if times else 0.0,
        "server_cpu_ms_per_open": rounded(used * 1000 / len(times), 1) if times else None,
        "client_cpu_share": rounded(mine / took, 2),
        "load": load(),
    }


async def single(server: Server, cookies: Sequence[str], cap: float) -> dict[str, Any]:
    """One after the other, each gone before the next comes. The first, whose caches are cold, is told apart."""
    times: list[float] = []
    used = 0.0
    states = page = 0
    for number, cookie in enumerate(cookies):
        visit = Visit(server.site, cookie)
        before = processor_seconds(server.pid)
        async with asyncio.timeout(cap):
            await visit.open()
        used += (processor_seconds(server.pid) - before) * (number > 0)
        times.append(visit.seconds)
        states, page = len(visit.states), visit.page_bytes
        await leave([visit])
    return {
        "first_s": rounded(times[0]),
        "median_s": rounded(statistics.median(times[1:])),
        "server_cpu_ms": rounded(used * 1000 / (len(times) - 1), 1),
        "page_bytes": page,
        "states_bytes": states,
        "load": load(),
    }


async def memory(
    server: Server,
    cookies: Sequence[str],
    counts: Sequence[int],
    *,
    started_mb: float,
    cap: float,
    together: int,
) -> dict[str, Any]:
    """MB a live session for each of ``counts``: (PSS of all processes with them - with none) / how many.

    They come ``together`` at a time and all stay until the end. With none: the server has served a few, who left.
    ``from_start_mb_each`` counts from before anybody came, so that what the first visitors cause once (workers,
    caches) is shared out among these as well.
    """
    empty = pss_mb(server.pid)
    opened: list[Visit] = []
    failures, begun = 0, 0
    sessions = []
    for count in counts:
        for start in range(begun, count, together):
            more, figures = await at_once(server, cookies[start : min(count, start + together)], cap)
            opened += more
            failures += figures["failures"]
        begun = count
        await asyncio.sleep(_SETTLE_SECONDS)
        full, live = pss_mb(server.pid), max(1, len(opened))
        sessions.append(
            {
                "sessions": len(opened),
                "mb_each": rounded((full - empty) / live),
                "from_start_mb_each": rounded((full - started_mb) / live),
                "all_mb": rounded(full, 1),
            }
        )
    await leave(opened)
    await asyncio.sleep(_SETTLE_SECONDS)
    return {
        "at": sessions,
        "failures": failures,
        "started_mb": rounded(started_mb, 1),
        "empty_mb": rounded(empty, 1),
        "left_mb": rounded(pss_mb(server.pid), 1),
    }


async def leave(visits: Sequence[Visit]) -> None:
    """All of them, a few at a time: leaving is not what is measured."""
    gate = asyncio.Semaphore(10)

    async def one(visit: Visit) -> None:
        async with gate:
            await visit.leave()

    await asyncio.gather(*(one(visit) for visit in visits))
