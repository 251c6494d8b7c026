"""Making the completion report: who finished, commune by commune, as of a day.

One function makes it for the page, the spreadsheet, the CSV and the JSON. It speaks of the communes in the
reader's scope that exist on the day, also those from which nobody came, and counts people where they serve
on that day. It asks the database a fixed number of questions, whatever the number of communes; counting is
the database's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from isoxa_courses.text import fold
from sqlalchemy.orm import Session

from isoxa_grading.completion import State

from .call_lists import call_list
from .counting import commune_row, figures, has_somebody, rests_on_one, share
from .places import Place
from .report import (
    CommuneRow,
    CompletionReport,
    Filters,
    OfficerRow,
    OnePersonReason,
    OnePersonRow,
)
from .results import quiz_results
from .results_csv import write_lines
from .survey import Survey, survey
from .tally import DONE_STATES

_AT_ONCE = 2000


def completion_report(
    session: Session,
    *,
    course: str,
    edition: str | None = None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters | None = None,
) -> CompletionReport:
    """The report on ``course`` (all its editions, or one) for a reader with this scope, as of a day.

    Raises ``UnknownCourse``, and ``NotInScope`` when ``filters.unit_id`` is not under the scope.
    """
    filters = filters or Filters()
    asked = survey(
        session, course=course, edition=edition, scope_paths=scope_paths, as_of=as_of, filters=filters
    )
    maker = _Maker(asked)
    tally = asked.tally()
    by_commune = tally.by_commune
    communes = [commune_row(place, by_commune.get(place.id)) for place in asked.places]
    one_person_only = maker.one_person_only(communes)
    nobody_sent = [row for row in communes if row.registered == 0]
    named = _named(communes, filters.text)
    shown = [row for row in communes if has_somebody(row, filters)]
    if named is not None:
        found = named | maker.units_of_people_named(filters.text)
        shown = [row for row in shown if row.unit_id in found]
    return CompletionReport(
        course=course,
        course_title=asked.editions[0].title,
        edition=edition,
        scope_names=tuple(unit.name for unit in asked.units),
        as_of=as_of,
        filters=filters,
        figures=figures(tally.total(), len(communes), len(nobody_sent), len(one_person_only)),
        communes=shown,
        nobody_sent=nobody_sent,
        one_person_only=one_person_only,
        _load=maker.officers,
        _results=lambda: quiz_results(asked),
        _write_results=lambda stream, separator: write_lines(asked, stream, separator),
        _call_list=lambda kind: call_list(
            session,
            kind,
            course=course,
            edition=edition,
            scope_paths=scope_paths,
            as_of=as_of,
            filters=filters,
        ),
        _unit_ids=frozenset(row.unit_id for row in communes),
        _named=named,
    )


@dataclass(frozen=True)
class _Maker:
    """Rows of persons, from the same survey as the counts."""

    asked: Survey

    @cached_property
    def places(self) -> dict[int, Place]:
        return {place.id: place for place in self.asked.places}

    def officers(self, unit_ids: Sequence[int] | None) -> Iterator[OfficerRow]:
        if unit_ids is not None and not unit_ids:
            return
        query = self.asked.learners(unit_ids).people(marks=True).execution_options(yield_per=_AT_ONCE)
        for row in self.asked.session.execute(query):
            yield OfficerRow(
                person_id=row.person_id,
                unit_id=row.unit_id,
                commune=self.places[row.unit_id].name,
                province=self.places[row.unit_id].province.name,
                full_name=row.full_name,
                position=row.position,
                quality_role=row.quality_role,
                state=State(row.state),
                share_done=share(row.done, row.total) or 0.0,
                last_activity=row.last_activity,
                best_score=share(row.points, row.max_points),
                due_on=row.due_on,
                overdue=bool(row.overdue),
                completed_on=row.completed_on,
            )

    def one_person_only(self, communes: Iterable[CommuneRow]) -> list[OnePersonRow]:
        reasons = {
            row.unit_id: (row, reason)
            for row in communes
            if (reason := rests_on_one(row.registered, row.completed))
        }
        people = {
            officer.unit_id: officer
            for officer in self.officers(list(reasons))
            if reasons[officer.unit_id][1] == OnePersonReason.ONE_REGISTERED or officer.state in DONE_STATES
        }
        return [OnePersonRow(row, reason, people[unit_id]) for unit_id, (row, reason) in reasons.items()]

    def units_of_people_named(self, text: str) -> set[int]:
        wanted = fold(text)
        return {
            row.unit_id
            for row in self.asked.session.execute(self.asked.learners().names())
            if wanted in fold(row.full_name)
        }


def _named(communes: Iterable[CommuneRow], text: str) -> frozenset[int] | None:
    """The communes whose own name (with the province's) holds the text; ``None`` without a text."""
    wanted = fold(text)
    if not wanted:
        return None
    return frozenset(row.unit_id for row in communes if wanted in fold(f"{row.name} {row.province}"))
