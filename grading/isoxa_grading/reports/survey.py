"""What a question to the report looks at: editions, the units asked for, their communes, and the tally of them.

Every report, overview, list and snapshot begins here, so that they speak of the same communes and persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import QualityRole
from isoxa_grading.records.tables.units import Unit

from .editions import Edition, published_editions
from .learners import Learners
from .places import Place, read_places
from .remembered import remembered
from .report import Filters
from .scope import UnitRef, communes_select, narrowed, scope_units
from .statuses import is_past
from .tally import Counts, SharedPerson, Tally


@dataclass(frozen=True)
class Survey:
    """``units``: what was asked for, none of them inside another; ``places``: their communes on the day.

    ``past``: see ``statuses``.
    """

    session: Session
    editions: Sequence[Edition]
    as_of: date
    filters: Filters
    units: Sequence[UnitRef]
    places: Sequence[Place]
    past: bool

    @property
    def communes(self) -> Select[int]:
        """Ids of the communes, for the queries."""
        return communes_select(self.as_of, [unit.path for unit in self.units])

    def learners(self, unit_ids: Sequence[int] | None = None) -> Learners:
        """The people of the communes, or of some of them."""
        communes = self.communes if unit_ids is None else self.communes.where(Unit.id.in_(unit_ids))
        return Learners(self.editions, self.as_of, communes, self.filters.role, self.past)

    def tally(self) -> Tally:
        """Counts by commune and role."""
        return remembered(self.session, ("tally", *self._asked), self._tally)

    @property
    def _asked(self) -> tuple[Any, ...]:
        editions = tuple(edition.id for edition in self.editions)
        return editions, self.as_of, self.filters.role, tuple(unit.path for unit in self.units)

    def _tally(self) -> Tally:
        learners = self.learners()
        groups = {}
        for row in self.session.execute(learners.groups()):
            unit_id, role, *counts = row
            counts[-2] = counts[-2] or 0.0  # the progress of nobody is no number
            groups[unit_id, role] = Counts(*counts)
        return Tally(groups, _shared(self.session.execute(learners.shared())))

    def completions(self) -> dict[date, int]:
        """First completions, day by day; each person once."""
        return dict(self.session.execute(self.learners().completions()).all())


def survey(
    session: Session,
    *,
    course: str,
    edition: str | None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters,
) -> Survey:
    """Raises ``UnknownCourse``, and ``NotInScope`` when ``filters.unit_id`` is not under the scope."""
    editions = published_editions(session, course, edition)
    if filters.unit_id is None:
        units = scope_units(session, scope_paths)
    else:
        units = narrowed(session, filters.unit_id, scope_paths, as_of)
    paths = tuple(unit.path for unit in units)
    places = remembered(session, ("places", as_of, paths), lambda: read_places(session, as_of, paths))
    return Survey(session, editions, as_of, filters, units, places, is_past(session, editions, as_of))


def _shared(rows: Any) -> list[SharedPerson]:
    places: dict[int, list[tuple[int, QualityRole | None]]] = {}
    standing: dict[int, tuple[State, bool, float]] = {}
    for row in rows:
        places.setdefault(row.person_id, []).append((row.unit_id, row.quality_role))
        standing[row.person_id] = (State(row.state), bool(row.overdue), float(row.progress or 0))
    return [SharedPerson(tuple(units), *standing[person]) for person, units in places.items()]
