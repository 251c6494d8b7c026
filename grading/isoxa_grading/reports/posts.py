"""Who holds several posts on a day: the few for whom counting posts is not counting persons.

With two posts in one commune somebody is one person there, and the newest post names position and role; with posts in
two communes somebody is in both communes' rows and once in a sum. One pass over an index finds them all; everything
else may then count posts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from isoxa_grading.records.tables.people import Membership


@dataclass(frozen=True)
class SeveralPosts:
    """``older``: memberships that a newer one at the same unit replaces; ``elsewhere``: persons at several units."""

    older: frozenset[int]
    elsewhere: frozenset[int]


def read_several_posts(session: Session, day: date) -> SeveralPosts:
    """Of the whole country: a commune's question needs the same answer as the country's."""
    # Whoever held several posts at all: an index of nothing but persons tells it, and the few are looked at below.
    people = select(Membership.person_id).group_by(Membership.person_id).having(func.count() > 1)
    newest: dict[tuple[int, int], int] = {}
    units: dict[int, set[int]] = {}
    older = set()
    rows = session.execute(
        select(Membership.id, Membership.person_id, Membership.unit_id)
        .where(Membership.person_id.in_(people), *serving(day))
        .order_by(Membership.id)
    )
    for id, person_id, unit_id in rows:
        if (person_id, unit_id) in newest:
            older.add(newest[person_id, unit_id])
        newest[person_id, unit_id] = id
        units.setdefault(person_id, set()).add(unit_id)
    return SeveralPosts(frozenset(older), frozenset(person for person, at in units.items() if len(at) > 1))


def serving(day: date) -> tuple[ColumnElement[bool], ...]:
    """Whether a ``Membership`` holds on the day."""
    return (
        Membership.valid_from <= day,
        or_(Membership.valid_to.is_(None), Membership.valid_to >= day),
    )


def among(column: InstrumentedAttribute[int] | ColumnElement[int], ids: Iterable[int]) -> ColumnElement[bool]:
    """Whether the column is one of these ids, written into the statement: a driver takes only so many values."""
    return column.in_(bindparam(None, sorted(ids), expanding=True, literal_execute=True))
