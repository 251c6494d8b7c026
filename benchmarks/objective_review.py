"""The reader of objectives beside people's labels: precision and recall per criterion and verdict, and its speed.

``tuning.yaml`` was open to whoever wrote the rules; ``frozen.yaml`` was not. Both were labelled by someone who had
not seen the rules. ``--half tuning`` leaves the frozen half alone; ``--errors`` lists disagreements of the tuning half
only, so that the frozen half stays unseen.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from isoxa_courses.objective import CRITERIA, review_objective
from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data" / "objectives"
TODAY = date(2026, 11, 21)
VERDICTS = ("met", "not_met", "cannot_tell")
AIM, AIM_MS = 0.95, 5.0


def read_half(name: str) -> list[dict[str, Any]]:
    """The labelled objectives: ``text`` and one verdict a criterion."""
    items: list[dict[str, Any]] = YAML(typ="safe").load(DATA / f"{name}.yaml")
    return items


def measure(items: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Counts, precision and recall; and the disagreements as lines."""
    pairs: dict[str, Counter[tuple[str, str]]] = {criterion: Counter() for criterion in CRITERIA}
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
    table: dict[str, Any] = {}
    for criterion, counts in pairs.items():
        for verdict in VERDICTS:
            right = counts[verdict, verdict]
            labelled = sum(count for (wanted, _), count in counts.items() if wanted == verdict)
            said = sum(count for (_, given), count in counts.items() if given == verdict)
            table.setdefault(criterion, {})[verdict] = {
                "labelled": labelled,
                "precision": round(right / said, 3) if said else None,
                "recall": round(right / labelled, 3) if labelled else None,
            }
    return table, sorted(errors)


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
    parser.add_argument("--half", choices=("tuning", "frozen", "both"), default="both")
    parser.add_argument("--errors", action="store_true", help="list the disagreements of the tuning half")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    halves = ("tuning", "frozen") if arguments.half == "both" else (arguments.half,)
    report: dict[str, Any] = {"aim": AIM, "today": TODAY.isoformat(), "halves": {}}
    timed: list[dict[str, Any]] = []
    lines: list[str] = []
    for half in halves:
        items = read_half(half)
        table, errors = measure(items)
        report["halves"][half] = {"objectives": len(items), "criteria": table}
        timed += items
        lines += errors if half == "tuning" else []
    report["milliseconds"] = milliseconds(timed)
    if arguments.json:
        json.dump(report, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return
    for half, figures in report["halves"].items():
        print(f"{half}: {figures['objectives']} objectives")
        for criterion, verdicts in figures["criteria"].items():
            for verdict, one in verdicts.items():
                low = any(value is not None and value < AIM for value in (one["precision"], one["recall"]))
                print(
                    f"  {criterion:11} {verdict:12} labelled {one['labelled']:4}  precision {one['precision']}"
                    f"  recall {one['recall']}{'  below ' + str(AIM) if low else ''}"
                )
    spent = report["milliseconds"]
    print(
        f"one review: median {spent['median']} ms, p95 {spent['p95']} ms, slowest {spent['slowest']} ms "
        f"(aim: under {AIM_MS:g} ms)"
    )
    if arguments.errors:
        print("\n".join(lines))


if __name__ == "__main__":
    main()
