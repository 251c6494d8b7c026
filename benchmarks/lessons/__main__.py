"""Opening lessons with stock Voilà, our portal and Solara, on the same notebook of the shipped course, in one run.

An open is the authenticated GET of the page until the last widget's state has come over the websocket, by the same
client for all (``visit``). Officers' accounts and enrolments are written by the records' services, and their sign-ins
are opened by the records' sign-in service: no password is hashed. Each open at once is another account's. Stock and
Solara know no accounts; they serve whoever comes. Stock's widgets must do without a portal, so they carry their whole
modules (``ISOXA_PORTAL`` unset): ``states_bytes`` tells how much that is.

Figures of time depend on what else the machine does: ``load`` stands beside them, and ``server_cpu_ms_per_open`` does
not wait for anybody. The last line is one JSON object with ``stock``, ``ours``, ``solara``, ``opens_ratio`` (opens per
second, ours with 200 at once over stock's with 20), ``memory_ratio`` (MB a live session, stock at 20 over ours at 400)
and ``failures_200``. The exit code is 1 when a figure is not reached.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isoxa_courses.loading import load_lesson
from playwright.sync_api import Error as BrowserError

from . import browser, crowd, officers, servers
from .processes import load, pss_mb
from .report import compare, limits, lines, verdict
from .soak import soak

LESSON = "03-pdca"
BOARD = "bang-pdca"
SOAK_SECONDS = 600.0
_CAP_SECONDS = 60.0
# How many at once, how many for memory; a stock server loses pages beyond 40.
ROUNDS = {"stock": (20, 40), "ours": (20, 40, 200), "solara": (20, 40)}
LIVE = {"stock": (20,), "ours": (100, 400), "solara": (20,)}
TOGETHER = {"stock": 5, "ours": 40, "solara": 2}
SINGLES = {"stock": 4, "ours": 21, "solara": 4}


def note(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


async def alone(name: str, server: servers.Server, visitors: crowd.Visitors) -> dict[str, Any]:
    """Opens one by one, and memory: what a server does that nobody presses."""
    started = pss_mb(server.pid)
    figures: dict[str, Any] = {
        "single": await crowd.single(server, list(visitors.some(SINGLES[name])), _CAP_SECONDS)
    }
    note(f"{name}: one by one {figures['single']}")
    figures["memory"] = await crowd.memory(
        server, list(visitors.some(LIVE[name][-1])), LIVE[name],
        started_mb=started, cap=_CAP_SECONDS, together=TOGETHER[name],
    )  # fmt: skip
    note(f"{name}: memory {figures['memory']}")
    return figures


async def pressed(
    name: str, server: servers.Server, visitors: crowd.Visitors, soak_seconds: float
) -> dict[str, Any]:
    """Many at once, and a full house for a while."""
    figures: dict[str, Any] = {"at_once": {}}
    for count in ROUNDS[name]:
        opened, told = await crowd.at_once(server, list(visitors.some(count)), _CAP_SECONDS)
        await crowd.leave(opened)
        figures["at_once"][str(count)] = told
        note(f"{name}: {count} at once {told}")
    if soak_seconds:
        note(f"{name}: {soak_seconds:.0f} s with {LIVE[name][-1]} sessions")
        figures["soak"] = await soak(server, list(visitors.some(LIVE[name][-1])), soak_seconds)
        note(f"{name}: {figures['soak']}")
    return figures


def measure(
    name: str,
    server: servers.Server,
    cookies: Sequence[str],
    lesson: browser.Lesson,
    soak_seconds: float,
) -> dict[str, Any]:
    """One server from its start to its end. Chromium looks at it before the crowds come: a server that is behind
    after one has other things to do for a while."""
    # The last two cookies are Chromium's: what they do is kept, and their pages would differ.
    visitors = crowd.Visitors(cookies[:-2])
    with server:
        figures = asyncio.run(alone(name, server, visitors))
        note(f"{name}: in Chromium")
        try:
            # Not longer than it is needed: a browser that waits takes time from what is measured.
            with browser.chromium() as chromium:
                figures["browser"] = browser.look(chromium, server.site, cookies[-2:], lesson)
        except BrowserError as problem:
            figures["browser"] = {"problem": str(problem).splitlines()[0]}
        return {**figures, **asyncio.run(pressed(name, server, visitors, soak_seconds))}


def run(scratch: Path, *, soak_seconds: float, with_solara: bool) -> dict[str, Any]:
    note("the data folder")
    released, cookies = officers.prepare(scratch / "data", max(*LIVE["ours"], *ROUNDS["ours"]) + 2)
    content = load_lesson(released, LESSON)
    items = [*(one.id for one in content.checkpoints), *(one.id for one in content.tools)]
    lesson = browser.Lesson(content.title, items, content.checkpoints[0].id, BOARD)
    nobody = [""] * len(cookies)
    found: dict[str, Any] = {
        "ours": measure(
            "ours", servers.ours(scratch / "data", LESSON, scratch), cookies, lesson, soak_seconds
        ),
        "stock": measure("stock", servers.stock(released, LESSON, scratch), nobody, lesson, 0.0),
        "solara": None,
    }
    if with_solara:
        try:
            column = measure("solara", servers.solara(released, LESSON, scratch), nobody, lesson, 0.0)
            found["solara"] = {**column, "limits": limits(column)}
        except (servers.Unavailable, TimeoutError, OSError) as problem:
            found["solara_reason"] = str(problem) or type(problem).__name__
    else:
        found["solara_reason"] = "--no-solara"
    return {**found, **compare(found["stock"], found["ours"])}


def stress(scratch: Path, rounds: int) -> dict[str, Any]:
    """The most that are ever measured, all in the same moment, again and again; ours alone. A busy machine is welcome:
    what is counted is who did not get the lesson."""
    _released, cookies = officers.prepare(scratch / "data", LIVE["ours"][-1])

    async def crowds(server: servers.Server) -> list[dict[str, Any]]:
        found = []
        for number in range(rounds):
            opened, told = await crowd.at_once(server, cookies, _CAP_SECONDS)
            await crowd.leave(opened)
            note(f"crowd {number + 1}: {told}")
            found.append(told)
        return found

    with servers.ours(scratch / "data", LESSON, scratch) as server:
        told = asyncio.run(crowds(server))
    return {"rounds": told, "failures": sum(one["failures"] + one["mixed_up"] for one in told)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="only the JSON object on standard output")
    parser.add_argument("--soak", nargs="?", type=float, const=SOAK_SECONDS, default=0.0, metavar="SECONDS")
    parser.add_argument("--no-solara", action="store_true")
    parser.add_argument(
        "--stress", type=int, default=0, metavar="ROUNDS", help="only 400 opens at once, so many times"
    )
    asked = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # Servers run in sessions of their own: whoever ends the benchmark ends them through it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    before = load()
    begun = time.monotonic()
    if asked.stress:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
            told = stress(Path(scratch), asked.stress)
        print(json.dumps(told, ensure_ascii=False))
        return 1 if told["failures"] else 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        found = run(Path(scratch), soak_seconds=asked.soak, with_solara=not asked.no_solara)
    found |= {"load_before": before, "seconds": round(time.monotonic() - begun, 1)}
    if not asked.json:
        print("\n".join(lines(found)))
    print(json.dumps(found, ensure_ascii=False))
    parts = verdict(found)
    for words, reached in parts:
        print(f"{'reached' if reached else 'NOT REACHED'}: {words}", file=sys.stderr)
    return 0 if all(reached for _words, reached in parts) else 1


if __name__ == "__main__":
    sys.exit(main())
