"""The completion report as a PDF for a meeting: a page a province, with figures, a chart and the five lists.

Typst draws ``meeting/meeting.typ``; words come from ``meeting/words.yaml``. What is said of people and units reaches
it as JSON data and is never read as Typst, whatever characters a name has. Fonts are those of the typst package, no
clock and no machine is asked: the same records and the same day make the same file.

A page must hold what belongs to it: a list is cut at a fixed number of lines and says how many more there are, and a
line too long for its column ends in "…".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO

import typst
from isoxa_courses.text import format_date, format_number
from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from .call_lists import CallList, call_lists
from .call_rows import CallRow, ListKind
from .columns import REASON_WORDS, ROLE_WORDS
from .overview import Overview, UnitRow, overview
from .report import Figures, Filters

LISTS = (
    ListKind.NOBODY_SENT,
    ListKind.ONE_PERSON_ONLY,
    ListKind.OVERDUE,
    ListKind.DUE_SOON,
    ListKind.WAITING_FOR_GRADING,
)
_NAMES, _LINES = 21, 7
_LONGEST = 80  # characters; the template cuts at the column's end, and is spared longer ones
_KINDS = {
    "completed": "good",
    "waiting_for_grading": "wait",
    "in_progress": "now",
    "not_started": "none",
    "expired": "bad",
    "waived": "late",
}
_TILES = {
    "registered": "now",
    "completed": "good",
    "waiting_for_grading": "wait",
    "overdue": "bad",
    "communes_nobody_sent": "bad",
    "communes_one_person_only": "wait",
}


def write_pdf(
    session: Session,
    stream: BinaryIO,
    *,
    course: str,
    edition: str | None = None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters | None = None,
) -> None:
    """Write the meeting's paper to ``stream``. Of several provinces, a page of them all comes first.

    Asks the functions that the page asks. Raises ``UnknownCourse``, ``NotInScope``.
    """
    asked: dict[str, Any] = {
        "course": course, "edition": edition, "scope_paths": scope_paths, "as_of": as_of, "filters": filters,
    }  # fmt: skip
    view = overview(session, **asked)
    paper = paper_of(view, call_lists(session, LISTS, **asked))
    template = files(__package__).joinpath("meeting", "meeting.typ").read_bytes()
    made = typst.compile(
        template,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(paper, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    stream.write(made)


def paper_of(view: Overview, lists: Sequence[CallList]) -> dict[str, Any]:
    """What the template is given: sheets of words and shares, all as JSON values."""
    words = _words()
    said = {"course": view.course_title, "day": format_date(view.as_of)}
    lead = words["lead"].format(**said)
    if view.filters.role is not None:
        lead += " · " + words["narrowed"].format(role=ROLE_WORDS[view.filters.role].lower())
    name = _short(", ".join(view.scope_names))
    if view.level == "country":
        first = {**_sheet(name, lead, view.figures), "units": [_unit(row) for row in view.units], "lists": []}
        sheets = [
            first,
            *(
                _sheet(row.name, lead, row) | {"lists": _lists(lists, province=row.name)}
                for row in view.units
            ),
        ]
    else:
        sheets = [_sheet(name, lead, view.figures) | {"lists": _lists(lists)}]
    return {
        "title": words["title"],
        "above": words["above"],
        "footer": words["footer"].format(**said),
        "unit-heads": words["unit_heads"],
        "sheets": sheets,
    }


@cache
def _words() -> Any:
    return YAML(typ="safe").load(files(__package__).joinpath("meeting", "words.yaml").read_text("utf-8"))


def _sheet(name: str, lead: str, counts: Figures | UnitRow) -> dict[str, Any]:
    words = _words()
    said = {"share": _share(counts.share_completed), "communes": format_number(counts.communes or 0)}
    tiles = [
        {
            "kind": kind if getattr(counts, field) else "none",
            "figure": format_number(getattr(counts, field) or 0),
            "words": words["figures"][field].format(**said),
        }
        for field, kind in _TILES.items()
    ]
    return {"name": name, "lead": lead, "figures": tiles, "chart": _chart(counts), "units": [], "lists": []}


def _chart(counts: Figures | UnitRow) -> dict[str, Any] | None:
    words, whole = _words(), counts.registered
    if not whole:
        return None
    bars = [
        {
            "label": words["states"][field],
            "kind": kind,
            "share": getattr(counts, field) / whole,
            "words": words["people"].format(
                count=format_number(getattr(counts, field)),
                share=_share(int(getattr(counts, field) * 1000 // whole) / 1000),
            ),
        }
        for field, kind in _KINDS.items()
        if getattr(counts, field) or field not in ("expired", "waived")
    ]
    note = words["share_note"].format(waived=format_number(counts.waived)) if counts.waived else ""
    return {"title": _finding(counts), "bars": bars, "note": note}


def _finding(counts: Figures | UnitRow) -> str:
    words = _words()["finding"]
    owing = counts.registered - counts.waived
    if owing and counts.completed >= owing:
        return str(words["all"].format(count=format_number(owing)))
    left = max(
        ("not_started", "in_progress", "waiting_for_grading"), key=lambda field: getattr(counts, field)
    )
    half = counts.share_completed is not None and counts.share_completed >= 0.5
    return str(
        words["half" if half else "less"].format(
            share=_share(counts.share_completed),
            left=words[left].format(count=format_number(getattr(counts, left))),
        )
    )


def _unit(row: UnitRow) -> dict[str, Any]:
    counts = (row.communes or 0, row.communes_nobody_sent or 0, row.registered, row.completed)
    return {
        "cells": [_short(row.name), *map(format_number, counts), _share(row.share_completed)],
        "share": row.share_completed or 0,
    }


def _lists(lists: Sequence[CallList], province: str | None = None) -> list[dict[str, Any]]:
    return [
        _List(one, [row for row in one.rows if province is None or row.province == province]).drawn()
        for one in lists
    ]


@dataclass(frozen=True)
class _List:
    """A list on a sheet: the lines that fit, the most pressing first."""

    made: CallList
    rows: list[CallRow]

    def drawn(self) -> dict[str, Any]:
        words: Mapping[str, str] = _words()["lists"][self.made.kind.value]
        names = self.made.kind is ListKind.NOBODY_SENT
        most = _NAMES if names else _LINES
        shown = [self.line(row) for row in sorted(self.rows, key=self.pressing)[:most]]
        left = len(self.rows) - len(shown)
        return {
            "title": self.made.title,
            "count": words["count"].format(count=format_number(len(self.rows))),
            "names": names,
            "rows": shown,
            "more": words["more"].format(count=format_number(left)) if left else "",
            "empty": words["empty"],
        }

    def pressing(self, row: CallRow) -> int:
        """The longest overdue, the soonest due, the longest waiting; else the list's own order."""
        if self.made.kind in (ListKind.OVERDUE, ListKind.DUE_SOON):
            return row.days or 0
        if self.made.kind is ListKind.WAITING_FOR_GRADING and row.waiting_since is not None:
            return row.waiting_since.toordinal()
        return 0

    def line(self, row: CallRow) -> list[str]:
        words = _words()
        if self.made.kind is ListKind.NOBODY_SENT:
            return [_short(row.commune)]
        last = ""
        if self.made.kind is ListKind.ONE_PERSON_ONLY and row.reason is not None:
            last = REASON_WORDS[row.reason].lower()
        elif self.made.kind is ListKind.OVERDUE:
            last = words["overdue_since"].format(days=format_number(-(row.days or 0)))
        elif self.made.kind is ListKind.DUE_SOON and row.due_on is not None:
            last = words["due_on"].format(day=format_date(row.due_on))
        elif row.waiting_since is not None:
            last = words["submitted_on"].format(day=format_date(row.waiting_since))
        return [_short(row.commune), _short(row.full_name or ""), last]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _share(share: float | None) -> str:
    """Whole per cent, rounded down, so that 100 % always means all; "–" where there is none."""
    return "–" if share is None else f"{format_number(Decimal(round(share * 1000) // 10))} %"
