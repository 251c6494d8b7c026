"""What everything on the report is added up from: one count a commune and role, and who is in several communes.

A tally holds no person. Rows for communes, provinces and roles, the figures at the top and a kept snapshot are all
sums over it, so they cannot disagree. A person who serves in several communes is counted in each of them; ``shared``
says so, and the sums take the surplus out again wherever several of those communes are added together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any, TypeVar

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import QualityRole

K = TypeVar("K", bound=Hashable)

STATES = tuple(State)
DONE_STATES = (State.COMPLETED, State.COMPLETED_LATE)


@dataclass(slots=True)
class Counts:
    """Persons by state, in the order of ``STATES``; ``progress``: the shares done (0–1) of those in progress, added up.

    ``completed``, here alone, are those on time; ``done`` are all who completed and whose completion is valid.
    ``due_soon``, ``expiring_soon``: as the call lists say; a kept snapshot has none.
    """

    not_enrolled: int = 0
    not_started: int = 0
    in_progress: int = 0
    waiting_for_grading: int = 0
    completed: int = 0
    completed_late: int = 0
    expired: int = 0
    waived: int = 0
    overdue: int = 0
    progress: float = 0.0
    last_activity: date | None = None
    due_soon: int = 0
    expiring_soon: int = 0

    @property
    def registered(self) -> int:
        """All but those who are not enrolled."""
        return (
            self.not_started
            + self.in_progress
            + self.waiting_for_grading
            + self.completed
            + self.completed_late
            + self.expired
            + self.waived
        )

    @property
    def serving(self) -> int:
        """Everybody, registered or not."""
        return self.not_enrolled + self.registered

    @property
    def done(self) -> int:
        """Completed and still valid, on time or late."""
        return self.completed + self.completed_late

    def take_out(self, person: SharedPerson) -> None:
        """One person less."""
        setattr(self, person.state.value, getattr(self, person.state.value) - 1)
        self.overdue -= person.overdue
        self.progress -= person.progress
        self.due_soon -= person.due_soon
        self.expiring_soon -= person.expiring_soon


_NAMES = tuple(one.name for one in fields(Counts) if one.name != "last_activity")
_NUMBERS = attrgetter(*_NAMES)


def sum_of(some: Sequence[Counts]) -> Counts:
    """All their persons together. A country has twenty thousand counts, so they are added up column by column."""
    numbers: dict[str, Any] = dict(
        zip(_NAMES, map(sum, zip(*map(_NUMBERS, some), strict=True)), strict=False)
    )
    days = [one.last_activity for one in some if one.last_activity is not None]
    return Counts(**numbers, last_activity=max(days, default=None))


@dataclass(frozen=True)
class SharedPerson:
    """Somebody who serves in several communes (``units``: at least two), each with the role held there."""

    units: tuple[tuple[int, QualityRole | None], ...]
    state: State
    overdue: bool
    progress: float
    due_soon: bool = False
    expiring_soon: bool = False


@dataclass(frozen=True)
class Tally:
    """``groups``: commune and role → counts; communes where nobody serves are not in it.

    ``completions``: day → first completions on it, each person once.
    """

    groups: Mapping[tuple[int, QualityRole | None], Counts]
    shared: Sequence[SharedPerson] = ()
    completions: Mapping[date, int] = field(default_factory=dict)

    @cached_property
    def by_commune(self) -> Mapping[int, Counts]:
        """Each commune's own counts."""
        return _added((unit_id, counts) for (unit_id, _role), counts in self.groups.items())

    def by_unit(self, key_of: Callable[[int], K | None]) -> dict[K, Counts]:
        """Counts by the key of a commune (``None``: left out), each person once under a key."""
        made = _added((key_of(unit_id), counts) for unit_id, counts in self.by_commune.items())
        return self._once(made, lambda unit_id, _role: key_of(unit_id))

    def by_role(self) -> dict[QualityRole | str, Counts]:
        """Counts by role ('' for none), each person once under a role."""
        made = _added((role or "", counts) for (_unit_id, role), counts in self.groups.items())
        return self._once(made, lambda _unit_id, role: role or "")

    def total(self) -> Counts:
        """Everybody, once."""
        return self.by_unit(lambda _unit_id: True).get(True, Counts())

    def _once(
        self, made: dict[K, Counts], key_of: Callable[[int, QualityRole | None], K | None]
    ) -> dict[K, Counts]:
        for person in self.shared:
            for key, surplus in _surplus(key_of(unit_id, role) for unit_id, role in person.units):
                for _time in range(surplus):
                    made[key].take_out(person)
        return made

    def of_communes(self, unit_ids: frozenset[int]) -> Tally:
        """The part of some communes."""
        shared = (
            SharedPerson(
                tuple(place for place in person.units if place[0] in unit_ids),
                person.state,
                person.overdue,
                person.progress,
                person.due_soon,
                person.expiring_soon,
            )
            for person in self.shared
        )
        return Tally(
            {key: counts for key, counts in self.groups.items() if key[0] in unit_ids},
            [person for person in shared if len(person.units) > 1],
        )


def _added(counted: Iterable[tuple[K | None, Counts]]) -> dict[K, Counts]:
    made: dict[K, list[Counts]] = {}
    for key, counts in counted:
        if key is not None:
            made.setdefault(key, []).append(counts)
    return {key: sum_of(some) for key, some in made.items()}


def _surplus(keys: Iterable[K | None]) -> Iterator[tuple[K, int]]:
    """Keys under which somebody was counted more than once, with how many times too often."""
    times: dict[K, int] = {}
    for key in keys:
        if key is not None:
            times[key] = times.get(key, 0) + 1
    return ((key, number - 1) for key, number in times.items() if number > 1)
