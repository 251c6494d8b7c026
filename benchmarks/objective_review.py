"""The reader of objectives beside people's labels: precision and recall per criterion and verdict, and its speed.

``tuning`` (``tuning.yaml``, ``frozen.yaml`` to ``frozen4.yaml``) and ``development`` (``development.yaml``) are open
to whoever writes the rules, and so is ``independent`` (``independent.yaml``: labelled from the specification alone,
without the conventions of the others). ``frozen`` (``frozen8.yaml``, ``frozen9.yaml``: labelled twice from the
specification alone) and ``earlier`` (``frozen5.yaml`` to ``frozen7.yaml``, which were run more often) are the blind
half: written and labelled by somebody who has not seen the rules, and whoever writes the rules sees their figures
only. The four before have been opened. ``--errors`` lists the
disagreements of the open parts; those of a blind half take ``--show-frozen`` besides.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from isoxa_courses.objective import CRITERIA, review_objective
from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data" / "objectives"
FILES: dict[str, tuple[str, ...]] = {
    "tuning": ("tuning.yaml", "frozen.yaml", "frozen2.yaml", "frozen3.yaml", "frozen4.yaml"),
    "development": ("development.yaml",),
    "independent": ("independent.yaml",),
    "earlier": ("frozen5.yaml", "frozen6.yaml", "frozen7.yaml"),
    "frozen": ("frozen8.yaml", "frozen9.yaml"),
}
BLIND = ("earlier", "frozen")
TIMED = 500  # reviews are timed on so many of a part at most
TODAY = date(2026, 11, 21)
VERDICTS = ("met", "not_met", "cannot_tell")
NOTES = ("activity", "two_objectives")
AIM, AIM_MS = 0.95, 5.0


def read_part(name: str) -> list[dict[str, Any]]:
    """The labelled objectives: ``text``, one verdict a criterion, ``notes``."""
    return [item for file in FILES[name] for item in YAML(typ="safe").load(DATA / file)]


def measure(items: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Counts, precision and recall per criterion and verdict and per note; and the disagreements as lines."""
    pairs: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in (*CRITERIA, *NOTES)}
    errors = []
    for item in items:
        review = review_objective(item["text"], today=TODAY)
        for criterion in CRITERIA:
            wanted, given = item[criterion], getattr(review, criterion)
            pairs[criterion][wanted, given.verdict] += 1
            if wanted != given.verdict:
                errors.append(
                    f"{criterion}: {wanted}, read as {given.verdict} ({given.reason} {given.words}): {item['text']}"
                )
        noted = {note.code for note in review.notes}
        for note in NOTES:
            pairs[note][str(note in item["notes"]), str(note in noted)] += 1
            if (note in item["notes"]) != (note in noted):
                errors.append(
                    f"note {note}: {note in item['notes']}, read as {note in noted}: {item['text']}"
                )
    table = {
        criterion: {verdict: _rates(pairs[criterion], verdict) for verdict in VERDICTS}
        for criterion in CRITERIA
    }
    table["notes"] = {note: _rates(pairs[note], "True") for note in NOTES}
    return table, sorted(errors)


def _rates(counts: Counter[tuple[str, str]], value: str) -> dict[str, float | int | None]:
    right = counts[value, value]
    labelled = sum(count for (wanted, _), count in counts.items() if wanted == value)
    said = sum(count for (_, given), count in counts.items() if given == value)
    return {
        "labelled": labelled,
        "read": said,
        "right": right,
        "precision": round(right / said, 3) if said else None,
        "recall": round(right / labelled, 3) if labelled else None,
    }


def milliseconds(items: list[dict[str, Any]]) -> dict[str, float]:
    """Processor time of one review: median, 95th percentile, slowest over the objectives; each the best of three."""
    spent = []
    for item in items:
        runs = []
        for _ in range(3):
            start = time.process_time_ns()
            review_objective(item["text"], today=TODAY)
            runs.append((time.process_time_ns() - start) / 1e6)
        spent.append(min(runs))
    spent.sort()
    return {
        "median": round(statistics.median(spent), 3),
        "p95": round(spent[int(len(spent) * 0.95)], 3),
        "slowest": round(spent[-1], 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--part", action="append", choices=tuple(FILES), help="may be given more than once; default: all"
    )
    parser.add_argument("--errors", action="store_true", help="list the disagreements of the open parts")
    parser.add_argument(
        "--show-frozen", action="store_true", help="with --errors: those of the blind half too"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, on one line, the last")
    arguments = parser.parse_args()
    report: dict[str, Any] = {"aim": AIM, "today": TODAY.isoformat(), "parts": {}}
    lines: list[str] = []
    for name in arguments.part or FILES:
        items = read_part(name)
        table, errors = measure(items)
        report["parts"][name] = {
            "objectives": len(items),
            "criteria": table,
            "milliseconds": milliseconds(items[:: len(items) // TIMED + 1]),
        }
        if name not in BLIND or arguments.show_frozen:
            lines += errors
    for name, figures in report["parts"].items():
        _print_part(name, figures)
    if arguments.errors:
        print("\n".join(lines))
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False))


def _print_part(name: str, figures: dict[str, Any]) -> None:
    print(f"{name}: {figures['objectives']} objectives")
    for criterion, verdicts in figures["criteria"].items():
        for verdict, one in verdicts.items():
            low = any(value is not None and value < AIM for value in (one["precision"], one["recall"]))
            print(
                f"  {criterion:10} {verdict:14} labelled {one['labelled']:3}  read {one['read']:3}"
                f"  right {one['right']:3}  precision {one['precision']}  recall {one['recall']}"
                f"{f'  below {AIM}' if low else ''}"
            )
    spent = figures["milliseconds"]
    print(
        f"  one review: median {spent['median']} ms, p95 {spent['p95']} ms, slowest {spent['slowest']} ms "
        f"(aim: under {AIM_MS:g} ms)"
    )


if __name__ == "__main__":
    main()
