"""Ten minutes of a full house: everybody answers practice questions, with the pauses in which people read.

Each visitor presses a question's button, waits for what the widget says, thinks for 30–90 seconds, and presses the
next. A click is timed from the message's sending until the widget's own reply is there, as the page would show it.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from .crowd import at_once, leave, percentile, rounded
from .processes import load, processor_seconds, pss_mb
from .servers import Server
from .visit import Visit

THINK_SECONDS = (30.0, 90.0)
_CAP_SECONDS = 10.0
_TOGETHER = 40
# Until what a page left behind must be gone.
_AFTERWARDS_SECONDS = 30.0


def first_answer(question: dict[str, Any]) -> Any:
    """An answer of the right form to a published question (contracts, section 7): always what stands first."""

    def ids(name: str) -> list[str]:
        return [one["id"] for one in question[name]]

    match question["type"]:
        case "single_choice":
            return ids("choices")[0]
        case "multiple_choice":
            return ids("choices")[:1]
        case "ordering":
            return ids("items")
        case "classification":
            return dict.fromkeys(ids("items"), ids("boxes")[0])
        case "matching":
            return dict(zip(ids("lefts"), ids("rights"), strict=False))
        case "numeric":
            return "98,5"
        case "short_text" | "essay":
            return "Giao việc, ghi số liệu, cuối tháng đếm lại."
    # A table or a matrix: the widget says what is missing, which is a reply like another.
    return None


def questions_of(visit: Visit) -> list[tuple[str, dict[str, Any]]]:
    """Model id and public question of each practice question on the page."""
    return [(id_, state["question"]) for id_, state in visit.models().items() if "question" in state]


async def learn(visit: Visit, seconds: float, chance: random.Random) -> tuple[list[float], int]:
    """One visitor until the time is over; how long each click took, and how many had no reply."""
    end = time.monotonic() + seconds
    questions = questions_of(visit)
    took: list[float] = []
    silent = number = 0
    pause = chance.uniform(0, THINK_SECONDS[1])
    while time.monotonic() + pause < end:
        await asyncio.sleep(pause)
        comm, question = questions[number % len(questions)]
        number += 1
        try:
            async with asyncio.timeout(_CAP_SECONDS):
                spent, _said = await visit.click(
                    comm, number, {"kind": "check", "answer": first_answer(question)}
                )
            took.append(spent)
        except TimeoutError:
            silent += 1
        pause = chance.uniform(*THINK_SECONDS)
    return took, silent


async def soak(server: Server, cookies: Sequence[str], seconds: float) -> dict[str, Any]:
    """Everybody comes, learns and leaves; clicks, and memory before, while and after."""
    before = pss_mb(server.pid)
    visits: list[Visit] = []
    failures = 0
    reasons: Counter[str] = Counter()
    for start in range(0, len(cookies), _TOGETHER):
        more, figures = await at_once(server, cookies[start : start + _TOGETHER], 60.0)
        visits += more
        failures += figures["failures"]
        reasons.update(figures["reasons"])
    came = pss_mb(server.pid)
    used, mine, begun = processor_seconds(server.pid), time.process_time(), time.perf_counter()
    learned = await asyncio.gather(
        *(learn(visit, seconds, random.Random(number)) for number, visit in enumerate(visits))
    )
    span = time.perf_counter() - begun
    used, mine = processor_seconds(server.pid) - used, time.process_time() - mine
    stayed = pss_mb(server.pid)
    await leave(visits)
    await asyncio.sleep(_AFTERWARDS_SECONDS)
    clicks = [spent for took, _silent in learned for spent in took]
    return {
        "sessions": len(visits),
        "failures": failures,
        "reasons": dict(reasons),
        "seconds": rounded(span, 1),
        "clicks": len(clicks),
        "no_reply": sum(silent for _took, silent in learned),
        "click_p50_ms": rounded((percentile(clicks, 0.5) or 0) * 1000, 1),
        "click_p95_ms": rounded((percentile(clicks, 0.95) or 0) * 1000, 1),
        "click_longest_ms": rounded(max(clicks, default=0) * 1000, 1),
        "server_cpu_share": rounded(used / span, 3),
        "client_cpu_share": rounded(mine / span, 3),
        "before_mb": rounded(before, 1),
        "opened_mb": rounded(came, 1),
        "learned_mb": rounded(stayed, 1),
        "left_mb": rounded(pss_mb(server.pid), 1),
        "load": load(),
    }
