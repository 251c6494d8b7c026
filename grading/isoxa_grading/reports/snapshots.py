"""Snapshots: a course's figures as they were on a day, kept for good.

What is kept is the tally of the whole country, by commune and role, without any person. Whoever moved, left or was
merged since stays counted where they were; the database refuses to change or delete it. A snapshot may be asked for
any scope: its rows are those of the communes that lay in it on that day, or that have gone whole into one which lies
in it today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from isoxa_courses.text import VIETNAM, format_date
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session

from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables.people import Account
from isoxa_grading.records.tables.reporting import (
    ReportSnapshot,
    ReportSnapshotCount,
    ReportSnapshotShared,
)
from isoxa_grading.records.tables.training import CourseEdition, Enrolment
from isoxa_grading.records.tables.units import Unit, UnitKind

from .editions import published_editions
from .report import Filters
from .survey import survey
from .tally import STATES, Counts, Tally

_MOST_MONTHS = 24


class NoSnapshot(LookupError):
    """There is nothing to take or to show for the day; ``str()`` says why (Vietnamese)."""


@dataclass(frozen=True)
class Snapshot:
    """``as_of``: the day its figures are of; ``taken_at``: when they were written down."""

    id: int
    course: str
    as_of: date
    taken_at: datetime


def take_snapshot(
    session: Session, *, course: str, as_of: date, now: datetime, actor: Account | int | None = None
) -> Snapshot:
    """Keep the figures of ``as_of``. Taken twice in one day there are two, each as it was at its moment.

    Raises ``UnknownCourse``; ``NoSnapshot`` for a day that has not come, or before the course's first record.
    """
    return _keep(session, _count(session, course, as_of, now), now, actor)


@dataclass(frozen=True)
class _Counted:
    """What a snapshot will hold; ``paths``: of the units, by id."""

    course: str
    as_of: date
    tally: Tally
    places: list[int]
    paths: dict[int, str]


def _count(session: Session, course: str, as_of: date, now: datetime) -> _Counted:
    if as_of > now.astimezone(VIETNAM).date():
        raise NoSnapshot(
            f"Chưa đến ngày {format_date(as_of)} nên chưa chốt được số liệu. Hãy chọn ngày hôm nay hoặc trước đó."
        )
    first = first_record_on(session, course)
    if first is None or as_of < first:
        known = f"hồ sơ đầu tiên là ngày {format_date(first)}" if first else "khóa học chưa có hồ sơ nào"
        raise NoSnapshot(f"Không có số liệu ngày {format_date(as_of)}: {known}. Hãy chọn ngày muộn hơn.")
    country = session.scalars(select(Unit.path).where(Unit.kind == UnitKind.COUNTRY)).all()
    asked = survey(session, course=course, edition=None, scope_paths=country, as_of=as_of, filters=Filters())
    paths = {one.id: one.path for one in session.execute(select(Unit.id, Unit.path))}
    return _Counted(course, as_of, asked.tally(), [place.id for place in asked.places], paths)


def _keep(session: Session, found: _Counted, now: datetime, actor: Account | int | None) -> Snapshot:
    row = ReportSnapshot(
        course=found.course,
        as_of=found.as_of,
        taken_at=now,
        actor_account_id=actor.id if isinstance(actor, Account) else actor,
    )
    session.add(row)
    session.flush()
    # Into the table: the mapped class would split these at each row without a last activity.
    session.execute(
        insert(ReportSnapshotCount.__table__),  # type: ignore[arg-type]
        list(_count_rows(row.id, found.tally, found.places, found.paths)),
    )
    shared = list(_shared_rows(row.id, found.tally))
    if shared:
        session.execute(insert(ReportSnapshotShared), shared)
    return Snapshot(row.id, row.course, row.as_of, row.taken_at)


def snapshots(session: Session, course: str) -> list[Snapshot]:
    """The course's snapshots, the newest day first."""
    rows = session.scalars(
        select(ReportSnapshot)
        .where(ReportSnapshot.course == course)
        .order_by(ReportSnapshot.as_of.desc(), ReportSnapshot.taken_at.desc(), ReportSnapshot.id.desc())
    )
    return [Snapshot(row.id, row.course, row.as_of, row.taken_at) for row in rows]


def first_record_on(session: Session, course: str) -> date | None:
    """The day of the course's first enrolment; ``None`` while there is none. Raises ``UnknownCourse``."""
    editions = [edition.id for edition in published_editions(session, course, None)]
    first = session.scalar(select(func.min(Enrolment.enrolled_at)).where(Enrolment.edition_id.in_(editions)))
    return None if first is None else first.astimezone(VIETNAM).date()


def take_due_snapshots(
    engine: Engine, now: datetime, *, stop: Callable[[], bool] = lambda: False
) -> list[Snapshot]:
    """Take the month's end of every course that has none yet; also earlier ones that were missed (24 at the most).

    For the server to call at its start and once a day. Called again it takes nothing. A month's end counts as taken
    only once the day was over. Two servers that call at the same moment may both take one; both are right. ``stop`` is
    asked before each; the next call goes on.

    A past month of a whole country is counted for seconds: that only reads, and nobody waits for it to write.
    """
    taken = []
    with reading(engine) as session:
        courses = session.scalars(
            select(CourseEdition.course).distinct().order_by(CourseEdition.course)
        ).all()
        missing = [(course, day) for course in courses for day in _missing(session, course, now)]
    for course, day in missing:
        if stop():
            break
        with reading(engine) as session:
            found = _count(session, course, day, now)
        with writing(engine) as session:
            if day in _missing(session, course, now):
                taken.append(_keep(session, found, now, None))
    return taken


def keep_snapshot(
    engine: Engine,
    *,
    course: str,
    as_of: date,
    now: datetime,
    actor: Account | int | None = None,
    unless_within: timedelta = timedelta(0),
) -> Snapshot:
    """As ``take_snapshot``, in transactions of its own: nobody who writes waits while a country is counted.

    One of the same day that was taken so recently (a button pressed twice) is returned instead.
    """
    with reading(engine) as session:
        if (same := _recent(session, course, as_of, now - unless_within)) is not None:
            return same
        found = _count(session, course, as_of, now)
    with writing(engine) as session:
        same = _recent(session, course, as_of, now - unless_within)
        return _keep(session, found, now, actor) if same is None else same


def _recent(session: Session, course: str, as_of: date, since: datetime) -> Snapshot | None:
    return next(
        (one for one in snapshots(session, course) if one.as_of == as_of and one.taken_at > since), None
    )


def _missing(session: Session, course: str, now: datetime) -> list[date]:
    first = first_record_on(session, course)
    if first is None:
        return []
    kept = {
        one.as_of for one in snapshots(session, course) if one.taken_at.astimezone(VIETNAM).date() > one.as_of
    }
    today = now.astimezone(VIETNAM).date()
    ends: list[date] = []
    end = today.replace(day=1) - timedelta(days=1)
    while end >= first and len(ends) < _MOST_MONTHS:
        ends.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    return sorted(day for day in ends if day not in kept)


def _count_rows(
    snapshot_id: int, tally: Tally, places: Sequence[int], paths: dict[int, str]
) -> Iterator[dict[str, object]]:
    """A row a commune and role; communes where nobody serves have one of noughts, so that they stay counted."""
    served = {unit_id for unit_id, _role in tally.groups}
    groups = dict(tally.groups)
    groups.update({(unit_id, None): Counts() for unit_id in places if unit_id not in served})
    for (unit_id, role), counts in groups.items():
        yield {
            "snapshot_id": snapshot_id,
            "unit_id": unit_id,
            "role": role.value if role else "",
            "path": paths[unit_id],
            **{state.value: getattr(counts, state.value) for state in STATES},
            "overdue": counts.overdue,
            "progress": counts.progress,
            "last_activity": counts.last_activity,
        }


def _shared_rows(snapshot_id: int, tally: Tally) -> Iterator[dict[str, object]]:
    for number, person in enumerate(tally.shared, start=1):
        for unit_id, role in person.units:
            yield {
                "snapshot_id": snapshot_id,
                "number": number,
                "unit_id": unit_id,
                "role": role.value if role else "",
                "state": person.state.value,
                "overdue": person.overdue,
                "progress": person.progress,
            }
