"""The country's officers: persons and memberships made up, their training copied from the models by SQL.

An officer's rows are a model's with other ids and all days moved by the same number. No report reads the scores of
single questions, so only the first officers have theirs: seven million more rows only take time. ``differences``
reads some of them back beside the model's and beside what the real code makes of their facts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from isoxa_courses.text import name_sort_key
from isoxa_grading.completion import Requirements
from isoxa_grading.completion.standing import standing_select
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import (
    CourseEdition,
    EnrolmentStanding,
    Membership,
    Person,
    QualityRole,
    Unit,
)
from isoxa_grading.records.tables.units import UnitKind
from sqlalchemy import Engine, create_engine, func, insert, select, text
from sqlalchemy.orm import Session

from .models import BEGUN, STORIES, Models

OFFICERS = 60
MOST_DAYS_LATER = 60
WITH_SLOT_SCORES = 10_000
ROLES = (
    (QualityRole.LEADER, "Phó Chủ tịch UBND", 3),
    (QualityRole.ISO_SECRETARY, "Công chức Văn phòng, thư ký ISO", 1),
    (QualityRole.ONE_STOP, "Công chức Trung tâm Phục vụ hành chính công", 8),
    (QualityRole.INTERNAL_AUDITOR, "Công chức, đánh giá viên nội bộ", 2),
    (QualityRole.SPECIALIST, "Công chức chuyên môn", 40),
    (None, "Công chức", 6),
)
FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Ksor",
    "Lò",
)
MIDDLE = ("Văn", "Thị", "Đức", "Ngọc", "Minh", "Thanh", "Quốc", "Kim", "Hữu", "Thu", "Xuân", "Hồng")
GIVEN = ("An", "Bình", "Cường", "Dung", "Đạt", "Hạnh", "Hùng", "Khánh", "Lan", "Mai", "Nam", "Oanh", "Phượng",
         "Quý", "Sơn", "Thủy", "Út", "Vinh", "Yến")  # fmt: skip


def fill_country(engine: Engine, models: Models, officers: int) -> int:
    """Put officers into the communes, 60 each, until there are enough; returns how many were made."""
    with _loading(engine) as session:
        communes = session.scalars(
            select(Unit.id).where(Unit.kind == UnitKind.COMMUNE, Unit.valid_to.is_(None)).order_by(Unit.path)
        ).all()
        made = list(_officers(session, communes, models, officers))
        session.execute(
            text(
                "CREATE TEMPORARY TABLE made (person_id integer, enrolment_id integer, model integer, "
                "shift integer, scored boolean)"
            )
        )
        rows = [row for row in made if row["model"] is not None]
        session.execute(
            text("INSERT INTO made VALUES (:person_id, :enrolment_id, :model, :shift, :scored)"), rows
        )
        for statement in _copies(engine.dialect.name == "sqlite"):
            session.execute(text(statement))
        session.execute(text("DROP TABLE made"))
        session.commit()
        session.execute(text("ANALYZE"))
        session.commit()
    return len(made)


@contextmanager
def _loading(engine: Engine) -> Iterator[Session]:
    """A session for a heap of rows: what is lost in a crash can be made again, so nothing waits for the disk."""
    if engine.dialect.name != "sqlite":
        with writing(engine) as session:
            yield session
        return
    engine.dispose()
    plain = create_engine(engine.url)
    with plain.connect() as connection:
        for setting in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            connection.exec_driver_sql(f"PRAGMA {setting}")
        connection.commit()  # else the session's commit would leave it to this connection's own
        with Session(connection) as session:
            yield session
            session.commit()
    plain.dispose()


def _officers(
    session: Session, communes: Sequence[int], models: Models, officers: int
) -> Iterator[dict[str, Any]]:
    chance = random.Random(20261122)
    first = (session.scalar(select(func.max(Person.id))) or 0) + 1
    membership = (session.scalar(select(func.max(Membership.id))) or 0) + 1
    enrolment = (session.scalar(text("SELECT max(id) FROM enrolment")) or 0) + 1
    sort_keys: dict[str, str] = {}
    people: list[dict[str, Any]] = []
    posts: list[dict[str, Any]] = []
    made: list[dict[str, Any]] = []
    places = [(role, position) for role, position, number in ROLES for _one in range(number)]
    for number in range(officers):
        if number % OFFICERS == 0:
            stories = _stories_of(chance)
        name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
        if name not in sort_keys:
            sort_keys[name] = name_sort_key(name)
        role, position = places[number % OFFICERS]
        person_id = first + number
        people.append(
            {
                "id": person_id,
                "full_name": name,
                "sort_key": sort_keys[name],
                "phone": f"09{number:08}" if number % 3 else None,
                "email": f"cb{number}@xa.example" if number % 5 == 0 else None,
                "made_up": True,
                "created_at": BEGUN,
            }
        )
        posts.append(
            {
                "id": membership + number,
                "person_id": person_id,
                "unit_id": communes[number // OFFICERS],
                "position": position,
                "quality_role": role,
                "valid_from": date(2025, 7, 1),
            }
        )
        story = stories(number % OFFICERS)
        made.append(
            {
                "person_id": person_id,
                "enrolment_id": enrolment + number,
                "model": None if story is None else models.people[story],
                "shift": chance.randrange(MOST_DAYS_LATER),
                "scored": number < WITH_SLOT_SCORES,
            }
        )
    session.execute(insert(Person), people)
    session.execute(insert(Membership), posts)
    return iter(made)


def _stories_of(chance: random.Random) -> Any:
    """What the officers of a commune did: of twenty communes one sent nobody, one sent one, one trained one."""
    kind = chance.randrange(20)
    weights = [story.share for story in STORIES]
    completed = next(place for place, story in enumerate(STORIES) if story.name == "completed")

    def story_of(place: int) -> int | None:
        if kind == 0:
            return None
        if kind == 1:
            return completed if place == 3 else None
        if kind == 2:
            return completed if place == 3 else chance.choices(range(4), weights[:4])[0]
        return None if chance.random() < 0.15 else chance.choices(range(len(STORIES)), weights)[0]

    return story_of


def _copies(sqlite: bool) -> Iterator[str]:
    """The statements of ``copies.sql`` in the database's own words."""
    words = _SQLITE if sqlite else _POSTGRESQL
    script = Path(__file__).with_name("copies.sql").read_text(encoding="utf-8")
    for statement in script.split("\n;\n"):
        if "INSERT" in statement:
            yield re.sub(r"(DAY|MOMENT|ATTEMPT)\(([^()]+)\)", lambda m: words[m[1]].format(m[2]), statement)


_SQLITE = {
    "DAY": "date({0}, made.shift || ' days')",
    "MOMENT": "date({0}, made.shift || ' days') || substr({0}, 11)",
    "ATTEMPT": "printf('%08x', made.person_id) || substr({0}, 9)",
}
_POSTGRESQL = {
    "DAY": "({0} + made.shift)",
    "MOMENT": "({0} + make_interval(days => made.shift))",
    "ATTEMPT": "lpad(to_hex(made.person_id), 8, '0') || substr({0}, 9)",
}


def differences(engine: Engine, models: Models, sample: int = 200) -> int:
    """Of a sample of officers, how many have a standing that the real code would not make of their facts, or facts,
    attempts and scores that are not a model's own, days moved."""
    chance = random.Random(7)
    with reading(engine) as session:
        edition = session.get_one(CourseEdition, models.edition_id)
        steps = tuple(Requirements.from_manifest(edition.manifest).steps())
        last = session.scalar(select(func.max(EnrolmentStanding.person_id))) or 0
        first = max(models.people) + 1
        ids = chance.sample(range(first, min(last, first + WITH_SLOT_SCORES)), sample)
        kept = {
            row.enrolment_id: row
            for row in session.execute(
                select(EnrolmentStanding.__table__).where(EnrolmentStanding.person_id.in_(ids))
            )
        }
        made = standing_select(models.edition_id, steps)
        known = made.selected_columns["enrolment_id"]
        rows = {row.enrolment_id: row for row in session.execute(made.where(known.in_(list(kept))))}
        wrong = sum(
            {**kept[one]._mapping, "current": None} != {**rows[one]._mapping, "current": None} for one in kept
        )
        originals = {_life(session, person_id) for person_id in models.people}
        return wrong + sum(_life(session, kept[one].person_id) not in originals for one in kept)


def _life(session: Session, person_id: int) -> tuple[Any, ...]:
    """All that is recorded of a person's training, with days counted from the enrolling and attempts numbered."""
    facts = session.execute(
        text(
            'SELECT f.kind, f.subject, f.source_id, f."on", f.value FROM training_fact f '
            "JOIN enrolment e ON e.id = f.enrolment_id WHERE e.person_id = :p ORDER BY f.id"
        ),
        {"p": person_id},
    ).all()
    attempts = session.execute(
        text(
            "SELECT a.id, a.quiz, a.number, a.status, a.points, a.max_points, a.passed FROM attempt a "
            "JOIN enrolment e ON e.id = a.enrolment_id WHERE e.person_id = :p ORDER BY a.started_at, a.id"
        ),
        {"p": person_id},
    ).all()
    number = {row.id: place for place, row in enumerate(attempts)}
    scores = session.execute(
        text(
            "SELECT s.attempt_id, s.slot, s.revision, s.points, s.source FROM slot_score s "
            "JOIN attempt a ON a.id = s.attempt_id JOIN enrolment e ON e.id = a.enrolment_id "
            "WHERE e.person_id = :p ORDER BY a.started_at, s.id"
        ),
        {"p": person_id},
    ).all()
    start = _day(facts[0].on)
    return (
        tuple(
            (
                f.kind,
                f.subject,
                number.get(f.source_id, f.source_id),
                _days(f.on, start),
                _days(f.value, start),
            )
            for f in facts
        ),
        tuple(tuple(row)[1:] for row in attempts),
        tuple((number[row.attempt_id], *tuple(row)[1:]) for row in scores),
    )


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _days(value: Any, start: date) -> int | None:
    return None if value is None else (_day(value) - start) // timedelta(days=1)
