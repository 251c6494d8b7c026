"""The grading desk with many waiting answers: how long its list and its next answer take.

Fills a fresh records database (SQLite, on disk) with officers of many communes, each with one submitted attempt whose
written answer waits, then asks as the portal does, with a trainer whose scope is one province and with one whose
scope is the country. Nothing is stubbed: claims are committed.

    python -m benchmarks.desk [--waiting 20000] [--json]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from isoxa_courses.drawing import draw_quiz
from isoxa_courses.loading import load_course
from isoxa_courses.manifest import manifest_of
from isoxa_courses.shipped import content_root
from isoxa_grading.records.attempts import AttemptService, CourseLibrary
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, writing
from isoxa_grading.records.desk import Desk, Trainer
from isoxa_grading.records.enrolments import publish_edition
from isoxa_grading.records.tables import (
    Account,
    Answer,
    Attempt,
    AttemptStatus,
    Enrolment,
    GradingTask,
    Membership,
    Person,
    QuizVersion,
    Unit,
    UnitKind,
)
from isoxa_grading.records.units import country, load_units
from sqlalchemy import Engine, insert, select

COURSE, QUIZ = "iso-9001-cap-xa", "03-pdca"
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ROUNDS = 30
TEXT = "Lập kế hoạch giảm hồ sơ trễ, giao người theo dõi, kiểm tra hằng tuần và sửa quy trình. " * 8


def main(arguments: list[str] | None = None) -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), chosen.waiting)
    for name, value in found.items():
        print(f"{name}: {value}")
    if chosen.json:
        print(json.dumps(found))


def measure(folder: Path, waiting: int) -> dict[str, float]:
    """Milliseconds: the median and the worst of `ROUNDS` calls, for a trainer of a province and of the country."""
    data = DataFolder(folder / "data")
    data.create()
    engine = data.engine()
    migrate(engine)
    slot, whole, province, account = fill(data, engine, waiting)
    library = CourseLibrary(data)
    service = AttemptService(engine, library, b"benchmark" * 4)
    desk = Desk(engine, library, service)
    found: dict[str, float] = {"waiting": waiting}
    for name, scope in (("province", province), ("country", whole)):
        trainer = Trainer(account, None, (scope,))
        found |= times(f"{name}_list", lambda trainer=trainer: desk.piles(trainer, NOW))
        found |= times(f"{name}_page", lambda trainer=trainer: desk.waiting(trainer, NOW, 0, 30))
        found |= next_times(f"{name}_next", desk, trainer, slot)
    service.close()
    engine.dispose()
    return found


def next_times(name: str, desk: Desk, trainer: Trainer, slot: str) -> dict[str, float]:
    """Each call goes on behind the answer before, as a trainer does."""
    after: list[str | None] = [None]

    def ask() -> None:
        answer = desk.take_next(trainer, COURSE, QUIZ, slot, NOW, after=after[0])
        after[0] = answer.task if answer else None

    return times(name, ask)


def times(name: str, run: Callable[[], object]) -> dict[str, float]:
    """Median and worst of a call in milliseconds; the first, which reads the course's files, is not counted."""
    run()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        taken.append((time.perf_counter() - began) * 1000)
    return {f"{name}_ms": round(statistics.median(taken), 1), f"{name}_worst_ms": round(max(taken), 1)}


def fill(data: DataFolder, engine: Engine, waiting: int) -> tuple[str, str, str, int]:
    """The written slot, the paths of the country and of a province, and the trainer's account."""
    source = content_root().courses / COURSE
    course = load_course(source)
    data.editions(COURSE, course.edition).parent.mkdir(parents=True, exist_ok=True)
    data.editions(COURSE, course.edition).symlink_to(source)
    quiz = course.quiz(QUIZ)
    slot = next(one.id for one in quiz.slots if one.judged_by_trainer)
    with writing(engine) as session:
        load_units(session)
        edition = publish_edition(session, manifest_of(course), "0" * 64, NOW)
        version = QuizVersion(
            course=COURSE, quiz=QUIZ, version=quiz.version, assignment=f"{QUIZ}-v{quiz.version}",
            content_sha256="0" * 64, built_at=NOW,
        )  # fmt: skip
        trainer = Account(username="giang-vien", display_name="Giảng viên", created_at=NOW)
        session.add_all([version, trainer])
        session.flush()
        today = Unit.valid_to.is_(None)
        communes = list(session.scalars(select(Unit.id).where(Unit.kind == UnitKind.COMMUNE, today)))
        province = session.scalars(
            select(Unit.path).where(Unit.kind == UnitKind.PROVINCE, today).order_by(Unit.id)
        ).first()
        assert province is not None
        numbers = range(1, waiting + 1)
        drawn = draw_quiz(quiz, "0" * 64).to_json()
        ids = {number: uuid4().hex for number in numbers}
        people = [
            {"id": n, "full_name": f"Người thứ {n}", "sort_key": str(n), "made_up": True, "created_at": NOW}
            for n in numbers
        ]
        session.execute(insert(Person), people)
        session.execute(
            insert(Membership),
            [
                {"person_id": n, "unit_id": communes[n % len(communes)], "valid_from": date(2025, 7, 1)}
                for n in numbers
            ],
        )
        session.execute(
            insert(Enrolment),
            [
                {"id": n, "person_id": n, "edition_id": edition.id, "enrolled_at": NOW, "source": "benchmark"}
                for n in numbers
            ],
        )
        session.execute(
            insert(Attempt),
            [
                {
                    "id": ids[n], "enrolment_id": n, "quiz": QUIZ, "quiz_version_id": version.id, "number": 1,
                    "seed": "0" * 64, "drawn": drawn, "status": AttemptStatus.SUBMITTED, "started_at": NOW,
                    "submitted_at": NOW - timedelta(seconds=n), "max_points": Decimal(quiz.max_points),
                }
                for n in numbers
            ],
        )  # fmt: skip
        session.execute(
            insert(Answer),
            [
                {
                    "attempt_id": ids[n], "slot": slot, "sequence": 1, "write_key": "k", "answer": TEXT,
                    "late": False, "saved_at": NOW,
                }
                for n in numbers
            ],
        )  # fmt: skip
        session.execute(
            insert(GradingTask),
            [
                {
                    "id": uuid4().hex, "attempt_id": ids[n], "slot": slot, "person_id": n, "course": COURSE,
                    "quiz": QUIZ, "submitted_at": NOW - timedelta(seconds=n), "waiting": True,
                }
                for n in numbers
            ],
        )  # fmt: skip
        return slot, country(session).path, province, trainer.id


if __name__ == "__main__":
    main(sys.argv[1:])
