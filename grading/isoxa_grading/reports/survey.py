"""What a question to the report looks at: editions, the units asked for, their communes, and the tally of them.

Every report, overview, list and snapshot begins here, so that they speak of the same communes and persons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import QualityRole

from .editions import Edition, published_editions
from .learners import Learners
from .places import Place, read_places
from .posts import SeveralPosts, read_several_posts
from .remembered import remembered
from .report import Filters
from .scope import UnitRef, communes_select, narrowed, scope_units
from .statuses import is_past
from .tally import STATES, Counts, SharedPerson, Tally

# With what ends each in a list of them: no state ends as another does.
_ENROLLED = [f"{state.value} " for state in STATES[1:]]


@dataclass(frozen=True)
class Survey:
    """``units``: what was asked for, none of them inside another; ``places``: their communes on the day.

    ``posts``: who holds several; ``past``: see ``statuses``.
    """

    session: Session
    editions: Sequence[Edition]
    as_of: date
    filters: Filters
    units: Sequence[UnitRef]
    places: Sequence[Place]
    posts: SeveralPosts
    past: bool

    @property
    def communes(self) -> Select[int]:
        """Ids of the communes, for the queries."""
        return communes_select(self.as_of, [unit.path for unit in self.units])

    def learners(self, unit_ids: Sequence[int] | None = None) -> Learners:
        """The people of the communes, or of some of them; of others nobody."""
        communes: Select[int] | list[int] = self.communes
        if unit_ids is not None:
            communes = sorted(self._ids.intersection(unit_ids))
        return Learners(self.editions, self.as_of, communes, self.posts, self.filters.role, self.past)

    @cached_property
    def _ids(self) -> frozenset[int]:
        return frozenset(place.id for place in self.places)

    def tally(self) -> Tally:
        """Counts by commune and role."""
        return remembered(self.session, ("tally", *self._asked), self._tally)

    @property
    def _asked(self) -> tuple[Any, ...]:
        editions = tuple(edition.id for edition in self.editions)
        return editions, self.as_of, self.filters.role, tuple(unit.path for unit in self.units)

    def _tally(self) -> Tally:
        learners = self.learners()
        groups: dict[tuple[int, QualityRole | None], Counts] = {}
        completions: list[str] = []
        known: dict[str, date] = {}
        by_state: dict[str | None, list[int]] = {None: [0] * len(_ENROLLED)}
        roles: dict[str | None, QualityRole | None] = {role.value: role for role in QualityRole} | {
            None: None
        }
        self.session.flush()
        for row in self.session.connection().execute(learners.groups()).all():
            unit_id, role, serving, enrolled, overdue, progress, active, due_soon, expiring, completed = row
            states = by_state.get(enrolled)
            if states is None:
                ended = enrolled + " "
                states = by_state[enrolled] = [ended.count(state) for state in _ENROLLED]
            last_activity = active
            if isinstance(active, str):
                last_activity = known.get(active) or known.setdefault(active, date.fromisoformat(active))
            counts = [serving - sum(states), *states, overdue, progress or 0.0, last_activity]
            counts += [due_soon, expiring]
            groups[unit_id, roles[role]] = Counts(*counts)
            if completed:
                completions.append(completed)
        days = Counter(" ".join(completions).split())
        shared = []
        if self.posts.elsewhere:
            for first, person in _shared(self.session.execute(learners.shared())):
                shared.append(person)
                if first is not None:
                    days[first.isoformat()] -= len(person.units) - 1
        return Tally(groups, shared, {date.fromisoformat(day): number for day, number in days.items()})


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
    posts = remembered(session, ("posts", as_of), lambda: read_several_posts(session, as_of))
    return Survey(session, editions, as_of, filters, units, places, posts, is_past(session, editions, as_of))


def _shared(rows: Any) -> Iterator[tuple[date | None, SharedPerson]]:
    """Each with the day of the first completion."""
    places: dict[int, list[tuple[int, QualityRole | None]]] = {}
    standing: dict[int, Any] = {}
    for row in rows:
        places.setdefault(row.person_id, []).append((row.unit_id, row.quality_role))
        standing[row.person_id] = row
    for person_id, units in places.items():
        row = standing[person_id]
        yield (
            row.completed_on,
            SharedPerson(
                tuple(units),
                State(row.state),
                bool(row.overdue),
                float(row.progress or 0),
                bool(row.due_soon),
                bool(row.expiring_soon),
            ),
        )
