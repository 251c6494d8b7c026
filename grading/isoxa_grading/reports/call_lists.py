"""The lists that name whom to call: seven questions a department asks of its communes, a row a call.

Each list speaks of the same communes and persons as ``completion_report`` of the same scope, day and filters
(``state``, ``overdue`` and ``text`` do not narrow it). Rows come by province, commune and name. Who is called:

- about an officer (overdue, due soon, validity running out): that officer;
- about a commune (nobody sent, one person only, a role without anyone): its leader, else who holds the next role of
  ``CALL_ORDER`` there, else any officer whom we know;
- about an attempt that waits: the trainer with the narrowest charge over the commune (one from outside the reader's
  scope is named by that charge alone), else the officer.

Telephone and mail are those of a person who serves in the reader's scope; where neither is known the position stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import QualityRole

from .call_columns import COLUMNS, MEANS, TITLES
from .call_rows import CallRow, Contact, ListKind
from .columns import Column
from .contacts import Contacts, read_contacts
from .counting import rests_on_one
from .learners import due_soon, expiring_soon
from .places import Place
from .report import Filters, OnePersonReason, plain
from .role_rows import roles_missing
from .survey import Survey, survey
from .tally import DONE_STATES, Counts, Tally


@dataclass(frozen=True)
class CallList:
    """A list with what its title means, its columns as page and files show them, and its rows."""

    kind: ListKind
    title: str
    means: str
    columns: tuple[Column[CallRow], ...]
    rows: list[CallRow]
    course: str
    course_title: str
    edition: str | None
    scope_names: tuple[str, ...]
    as_of: date
    filters: Filters

    def to_json(self) -> dict[str, Any]:
        """JSON values; days as ISO text. The columns are their headings."""
        made: dict[str, Any] = plain(
            {
                "kind": self.kind,
                "title": self.title,
                "means": self.means,
                "columns": [column.heading for column in self.columns],
                "course": self.course,
                "course_title": self.course_title,
                "edition": self.edition,
                "scope": list(self.scope_names),
                "as_of": self.as_of,
                "filters": asdict(self.filters),
                "rows": [asdict(row) for row in self.rows],
            }
        )
        return made


def call_list(
    session: Session,
    kind: ListKind,
    *,
    course: str,
    edition: str | None = None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters | None = None,
) -> CallList:
    """One of the lists. Raises ``UnknownCourse``, and ``NotInScope`` for a unit outside the scope."""
    (made,) = call_lists(
        session,
        [kind],
        course=course,
        edition=edition,
        scope_paths=scope_paths,
        as_of=as_of,
        filters=filters,
    )
    return made


def call_lists(
    session: Session,
    kinds: Sequence[ListKind] = tuple(ListKind),
    *,
    course: str,
    edition: str | None = None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters | None = None,
) -> list[CallList]:
    """Several lists at once, from one tally. Raises as ``call_list``."""
    filters = filters or Filters()
    asked = survey(
        session, course=course, edition=edition, scope_paths=scope_paths, as_of=as_of, filters=filters
    )
    maker = _Maker(asked, scope_paths)
    return [
        CallList(
            kind=kind,
            title=TITLES[kind],
            means=MEANS[kind],
            columns=COLUMNS[kind],
            rows=maker.rows(kind),
            course=course,
            course_title=asked.editions[0].title,
            edition=edition,
            scope_names=tuple(unit.name for unit in asked.units),
            as_of=as_of,
            filters=filters,
        )
        for kind in kinds
    ]


class _Maker:
    """The rows of each list, over one survey."""

    def __init__(self, asked: Survey, scope_paths: Sequence[str]) -> None:
        self.asked = asked
        self.places = {place.id: place for place in asked.places}
        self._scope_paths = scope_paths
        self._tally: Tally | None = None
        self._counts: Mapping[int, Counts] = {}

    def rows(self, kind: ListKind) -> list[CallRow]:
        made: dict[ListKind, Callable[[], list[CallRow]]] = {
            ListKind.NOBODY_SENT: self.nobody_sent,
            ListKind.ONE_PERSON_ONLY: self.one_person_only,
            ListKind.OVERDUE: self.overdue,
            ListKind.DUE_SOON: self.due_soon,
            ListKind.WAITING_FOR_GRADING: self.waiting_for_grading,
            ListKind.EXPIRING_SOON: self.expiring_soon,
            ListKind.ROLES_WITHOUT_ANYONE: self.roles_without_anyone,
        }
        return made[kind]()

    def nobody_sent(self) -> list[CallRow]:
        units = [place for place in self.asked.places if self.counts(place).registered == 0]
        contacts = self.contacts(units)
        return [
            self.of_commune(place, contacts.of_commune(place.id), serving=self.counts(place).serving)
            for place in units
        ]

    def one_person_only(self) -> list[CallRow]:
        reasons = {
            place.id: reason
            for place in self.asked.places
            if (counts := self.counts(place)) and (reason := rests_on_one(counts.registered, counts.done))
        }
        learners = self.asked.learners(list(reasons))
        found = [
            row
            for row in self.asked.session.execute(learners.people())
            if reasons[row.unit_id] == OnePersonReason.ONE_REGISTERED or State(row.state) in DONE_STATES
        ]
        contacts = self.contacts([self.places[unit_id] for unit_id in reasons])
        return self.in_order(
            self.of_officer(row, contact=contacts.of_commune(row.unit_id), reason=reasons[row.unit_id])
            for row in found
        )

    def overdue(self) -> list[CallRow]:
        return self.officers(overdue=True)

    def due_soon(self) -> list[CallRow]:
        return self.officers(due=due_soon(self.asked.as_of))

    def expiring_soon(self) -> list[CallRow]:
        return self.officers(valid_until=expiring_soon(self.asked.as_of))

    def waiting_for_grading(self) -> list[CallRow]:
        found = self.asked.session.execute(self.asked.learners().waiting()).all()
        contacts = self.contacts([self.places[unit_id] for unit_id in {row.unit_id for row in found}])
        titles = {edition.id: edition.quiz_titles for edition in self.asked.editions}
        return self.in_order(
            self.of_officer(
                row,
                contact=contacts.trainer_of(row.unit_id) or _themselves(row),
                quiz=row.quiz,
                quiz_title=titles[row.edition_id].get(row.quiz, row.quiz),
                waiting_since=row.submitted_on,
            )
            for row in found
        )

    def roles_without_anyone(self) -> list[CallRow]:
        tally = self.tally()
        missing = [
            (place, role, tally.groups.get((place.id, role)))
            for place, role in roles_missing(tally, self.asked.places, self.asked.filters.role)
        ]
        holders: dict[QualityRole, set[int]] = {role: set() for role in QualityRole}
        for place, role, counts in missing:
            if counts is not None:
                holders[role].add(place.id)
        contacts = self.contacts(
            list({place.id: place for place, _role, _counts in missing}.values()), holders
        )
        return [
            self.of_commune(
                place,
                contacts.of_commune(place.id, role),
                missing_role=role,
                serving=counts.serving if counts else 0,
            )
            for place, role, counts in missing
        ]

    def officers(self, **wanted: Any) -> list[CallRow]:
        found = self.asked.session.execute(self.asked.learners().people(**wanted))
        return self.in_order(self.of_officer(row, contact=_themselves(row)) for row in found)

    def contacts(
        self, places: Sequence[Place], holders: Mapping[QualityRole, set[int]] | None = None
    ) -> Contacts:
        return read_contacts(self.asked, [place.id for place in places], self._scope_paths, holders)

    def tally(self) -> Tally:
        if self._tally is None:
            self._tally = self.asked.tally()
            self._counts = self._tally.by_commune
        return self._tally

    def counts(self, place: Place) -> Counts:
        self.tally()
        return self._counts.get(place.id) or Counts()

    def of_commune(self, place: Place, contact: Contact | None, **more: Any) -> CallRow:
        counts = self.counts(place)
        return CallRow(
            unit_id=place.id,
            code=place.code,
            commune=place.name,
            province=place.province.name,
            registered=counts.registered,
            completed=counts.done,
            contact=contact,
            **more,
        )

    def of_officer(self, row: Any, *, contact: Contact | None, **more: Any) -> CallRow:
        place = self.places[row.unit_id]
        return CallRow(
            unit_id=place.id,
            code=place.code,
            commune=place.name,
            province=place.province.name,
            person_id=row.person_id,
            enrolment_id=row.enrolment_id,
            full_name=row.full_name,
            position=row.position,
            quality_role=row.quality_role,
            state=State(row.state),
            due_on=row.due_on,
            days=None if row.due_on is None else (row.due_on - self.asked.as_of).days,
            valid_until=row.valid_until,
            contact=contact,
            **more,
        )

    def in_order(self, rows: Any) -> list[CallRow]:
        """By province and commune; people of one commune stay in the order of their names, as they came."""
        order = {unit_id: number for number, unit_id in enumerate(self.places)}
        return sorted(rows, key=lambda row: order[row.unit_id])


def _themselves(row: Any) -> Contact:
    return Contact(row.full_name, row.position, row.phone, row.email)
