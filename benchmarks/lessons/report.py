"""The figures beside each other: the ratios that are promised, whether both pages agree, a table for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

OPENS_RATIO = 40.0
MEMORY_RATIO = 60.0
CLICK_P95_MS = 200.0


def ratio(one: float | None, other: float | None) -> float | None:
    """None where one of them is missing or nothing."""
    return round(one / other, 1) if one and other else None


def compare(stock: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """Ratios, failures, and whether Chromium saw the same. The texts themselves are taken out of the figures.

    ``same_text``: every line of the notebook, cell by cell; else the first line that differs on each side.
    """
    texts = [one["browser"].pop("text", None) for one in (stock, ours)]
    answers = [one["browser"].pop("answers", None) for one in (stock, ours)]
    same = texts[0] is not None and texts[0] == texts[1]
    most = ours["at_once"][max(ours["at_once"], key=int)]
    least = stock["at_once"][min(stock["at_once"], key=int)]
    return {
        "opens_ratio": ratio(most["opens_per_second"], least["opens_per_second"]),
        "cpu_ratio": ratio(least["server_cpu_ms_per_open"], most["server_cpu_ms_per_open"]),
        "memory_ratio": ratio(_mb(stock), _mb(ours)),
        "failures_200": most["failures"],
        "same_text": same,
        "text_differs": None if same or None in texts else first_difference(*texts),
        "same_answers": answers[0] is not None and answers[0] == answers[1],
        "answers_differ": None if answers[0] == answers[1] else answers,
    }


def limits(solara: dict[str, Any]) -> str | None:
    """What could not be had of Solara's column, in words; None if all was. Its page's text is taken out of the figures:
    it is laid out otherwise and is compared with nothing."""
    browser = solara["browser"]
    browser.pop("text", None)
    browser.pop("answers", None)
    found = [f"Chromium: {browser['problem']}"] if "problem" in browser else []
    for count, told in solara["at_once"].items():
        if told["failures"]:
            found.append(f"{told['failures']} of {count} at once did not open ({', '.join(told['reasons'])})")
    return "; ".join(found) or None


def _mb(one: dict[str, Any]) -> float | None:
    found: float | None = one["memory"]["at"][-1]["mb_each"]
    return found


def first_difference(one: str, other: str) -> list[str]:
    """The first line in which two texts differ, as it is in each ("" where one is at its end)."""
    lines_of = [text.split("\n") for text in (one, other)]
    for place in range(max(map(len, lines_of))):
        pair = [lines[place] if place < len(lines) else "" for lines in lines_of]
        if pair[0] != pair[1]:
            return pair
    return []


def verdict(found: dict[str, Any]) -> list[tuple[str, bool]]:
    """Each thing that is promised as it was found, and whether that is enough."""
    opens, memory, failures = found["opens_ratio"], found["memory_ratio"], found["failures_200"]
    parts = [
        (
            f"opens a second {opens} x stock (>= {OPENS_RATIO:.0f})",
            opens is not None and opens >= OPENS_RATIO,
        ),
        (
            f"memory 1/{memory} of stock (<= 1/{MEMORY_RATIO:.0f})",
            memory is not None and memory >= MEMORY_RATIO,
        ),
        (f"failures of 200 at once: {failures}", failures == 0),
        (f"same text: {found['same_text']}", bool(found["same_text"])),
        (f"same answers: {found['same_answers']}", bool(found["same_answers"])),
    ]
    soak = found["ours"].get("soak")
    if soak:
        p95, silent = soak["click_p95_ms"], soak["no_reply"]
        parts.append((f"click p95 {p95} ms (< {CLICK_P95_MS:.0f})", p95 < CLICK_P95_MS))
        parts.append((f"clicks without a reply: {silent}", silent == 0))
    return parts


def lines(found: dict[str, Any]) -> Iterator[str]:
    """A Markdown table of stock, ours and Solara."""
    columns = {name: found[name] for name in ("stock", "ours", "solara") if found[name]}
    yield f"| work | {' | '.join(columns)} |"
    yield f"| --- | {' | '.join('---' for _ in columns)} |"
    for words, path in _ROWS:
        cells = [_at(one, path) for one in columns.values()]
        if any(cell is not None for cell in cells):
            yield f"| {words} | {' | '.join('–' if cell is None else str(cell) for cell in cells)} |"
    if found["solara"] is None:
        yield f"\nSolara: {found['solara_reason']}"
    elif found["solara"]["limits"]:
        yield f"\nSolara: {found['solara']['limits']}"


def _at(found: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        if isinstance(found, dict):
            found = found.get(str(step))
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return None
    return found


def _rows() -> Iterator[tuple[str, tuple[str | int, ...]]]:
    yield "open, one at a time, median (s)", ("single", "median_s")
    yield "processor time of it (ms)", ("single", "server_cpu_ms")
    for count in (20, 40, 200):
        for words, key in (
            ("p50 (s)", "p50_s"),
            ("p95 (s)", "p95_s"),
            ("failures", "failures"),
            ("opens a second", "opens_per_second"),
            ("server's processor time an open (ms)", "server_cpu_ms_per_open"),
            ("client's share of one processor", "client_cpu_share"),
            ("load", "load"),
        ):
            yield f"{count} at once: {words}", ("at_once", str(count), key)
    for place in range(2):
        yield f"live sessions, {('fewer', 'more')[place]}", ("memory", "at", place, "sessions")
        yield "… MB each", ("memory", "at", place, "mb_each")
        yield "… MB each, counted from an untouched server", ("memory", "at", place, "from_start_mb_each")
    for visit in ("first_visit", "second_visit", "slow_first_visit", "slow_second_visit"):
        words = visit.replace("_", " ")
        for key in ("requests", "bytes", "first_text_s", "interactive_s"):
            yield f"{words}: {key}", ("browser", visit, key)


_ROWS = list(_rows())
