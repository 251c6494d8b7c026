"""The scope's records as tidy pandas tables: one observation a row, one meaning a column.

For analysts: ``frames`` gives what the reader's scope holds and nothing else; ``COLUMNS`` says what each column means.
Everything comes from the report's own queries, so that sums over a table are the page's figures. Days are
``datetime64``, shares 0–1, what is missing is NaN or NaT; words of an enumeration are those of the JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from .call_lists import CallList, call_lists
from .clause_points import SlotClauses, clause_points
from .completion import completion_report
from .report import Filters, plain
from .results import facts_by_month, quiz_results
from .survey import survey

if TYPE_CHECKING:  # pandas takes half a second to import; the portal never needs it
    import pandas as pd

_UNIT = {
    "unit_id": "id of the commune (xã, phường, đặc khu)",
    "code": "official code of the commune",
    "commune": "name of the commune, with its type",
    "province": "name of the province",
}
_COUNTS = {
    "registered": "enrolled and not withdrawn",
    "not_started": "persons in this state",
    "in_progress": "persons in this state",
    "waiting_for_grading": "persons in this state",
    "completed": "completed and still valid, on time or late",
    "completed_late": "of those, after the due day",
    "expired": "completed, but no longer valid",
    "waived": "excused",
    "overdue": "due before the day and not completed",
    "not_registered": "serving there, not enrolled",
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "officers": {
        "person_id": "id of the officer; one row an officer and commune they serve in",
        **_UNIT,
        "full_name": "name",
        "position": "chức danh, as the roster gives it",
        "role": "leader, iso_secretary, one_stop, specialist, internal_auditor, or missing",
        "state": "not_started, in_progress, waiting_for_grading, completed, completed_late, expired, waived",
        "share_done": "steps done of those that the edition requires",
        "last_activity": "day of the last thing done in the course",
        "best_score": "best marks of the required quizzes, added up, of those that were graded",
        "due_on": "last day to complete on time",
        "overdue": "whether it has passed without a completion",
        "completed_on": "day of the first completion",
    },
    "communes": {
        **_UNIT,
        "latitude": "degrees",
        "longitude": "degrees",
        **_COUNTS,
        "progress_share": "mean share done of those in progress",
        "last_activity": "day of the last thing done by anybody of the commune",
        "share_completed": "completed of those registered and not excused",
    },
    "facts_by_month": {
        **_UNIT,
        "month": "first day of the month",
        "kind": "enrolled, started, checkpoint_done, lesson_completed, submitted, graded, quiz_passed, completed, …",
        "facts": "how many facts of this kind are dated in the month",
        "persons": "of how many persons",
    },
    "quiz_results": {
        "person_id": "id of the officer; one row an officer, commune and quiz that was handed in",
        **_UNIT,
        "quiz": "id of the quiz",
        "quiz_title": "its title",
        "attempts": "attempts handed in until the day",
        "points": "of the best graded attempt",
        "max_points": "points of the whole quiz",
        "share": "points / max_points",
        "passed": "whether one reached the pass mark",
        "last_submitted": "day of the last one handed in",
    },
    "clauses": {
        **_UNIT,
        "quiz": "id of the quiz; one row a commune, quiz and clause with scored answers",
        "quiz_title": "its title",
        "clause": "clause of the standard, or article, as the quiz names it",
        "answers": "questions answered and scored, of each officer's first attempt",
        "points": "points they got",
        "max_points": "points they could have got",
        "share_lost": "1 - points / max_points",
    },
    "calls": {
        "list": "nobody_sent, one_person_only, overdue, due_soon, waiting_for_grading, expiring_soon, "
        "roles_without_anyone",
        **_UNIT,
        "person_id": "the officer it is about; missing where it is about the commune",
        "full_name": "the officer's name",
        "state": "the officer's state",
        "due_on": "last day to complete on time",
        "valid_until": "last day of what was completed",
        "quiz": "id of the quiz that waits",
        "waiting_since": "day it was handed in",
        "missing_role": "the role that nobody trained has",
        "contact": "whom to call",
        "contact_position": "that person's position",
        "phone": "that person's telephone",
        "email": "that person's mail",
    },
}
"""Table → column → what it means."""

_DAYS = {"last_activity", "due_on", "completed_on", "month", "last_submitted", "valid_until", "waiting_since"}


def frames(
    session: Session,
    *,
    course: str,
    edition: str | None = None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters | None = None,
    clauses: SlotClauses | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables of ``COLUMNS``, of the scope and no other. Raises ``UnknownCourse``, ``NotInScope``.

    ``clauses``: which clauses a slot tests (``clause_points.clauses_in``); without it that table is empty.
    """
    filters = filters or Filters()
    asked: dict[str, Any] = {
        "course": course,
        "edition": edition,
        "scope_paths": scope_paths,
        "as_of": as_of,
        "filters": filters,
    }
    ground = survey(session, **asked)
    report = completion_report(session, **asked)
    units = {
        place.id: {"code": place.code, "commune": place.name, "province": place.province.name}
        for place in ground.places
    }
    coordinates = {place.id: (place.latitude, place.longitude) for place in ground.places}
    rows: dict[str, Iterable[dict[str, Any]]] = {
        "officers": ({**asdict(row), "role": row.quality_role} for row in report.officers()),
        "communes": (
            {
                **asdict(row),
                "latitude": coordinates[row.unit_id][0],
                "longitude": coordinates[row.unit_id][1],
            }
            for row in report.communes
        ),
        "facts_by_month": facts_by_month(ground),
        "quiz_results": (asdict(row) for row in quiz_results(ground)),
        "clauses": () if clauses is None else clause_points(ground, clauses),
        "calls": _calls(call_lists(session, **asked)),
    }
    return {name: _frame(name, ({**row, **units[row["unit_id"]]} for row in of)) for name, of in rows.items()}


def _frame(name: str, rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    columns = list(COLUMNS[name])
    made = pd.DataFrame([[plain(row[column]) for column in columns] for row in rows], columns=columns)
    for column in _DAYS.intersection(columns):
        made[column] = pd.to_datetime(made[column], format="ISO8601")
    return made


def _calls(lists: Iterable[CallList]) -> Iterable[dict[str, Any]]:
    for made in lists:
        for row in made.rows:
            contact = row.contact
            yield {
                **{name: getattr(row, name) for name in COLUMNS["calls"] if hasattr(row, name)},
                "list": made.kind,
                "contact": contact and contact.name,
                "contact_position": contact and contact.position,
                "phone": contact and contact.phone,
                "email": contact and contact.email,
            }
