"""Where work stands and what it got, as the gradebook and the reports say; and what of a course is offered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import nbformat
import pytest
from isoxa_grading.handins import (
    GradebookUnreadable,
    NoSuchHandIn,
    Stage,
    Standing,
    assignments_of,
    find_assignment,
    graded_of,
    remove_forgotten,
    settle,
    standing_of,
    versions_of,
)
from isoxa_grading.handins.files import place_of
from isoxa_grading.nbgrader_bridge import student_name
from isoxa_grading.nbgrader_bridge.sandbox.grade import _digest
from isoxa_grading.records.database import connect, reading, writing
from isoxa_grading.records.tables import HandIn, Person, QuizVersion
from nbgrader import api
from sqlalchemy import Engine

from tests.grading.conftest import Databases
from tests.grading.handins.conftest import COURSE, NOW, World
from tests.grading.sandbox.world import NAME

pytestmark = pytest.mark.filterwarnings("ignore:Object of type")
ALL = {"kiem-tra": 2.0, "luon-dung": 1.0, "nhan-xet": None, "so-do": None}


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    """The gradebook is SQLite everywhere, so one of the two databases is enough here."""
    made = connect(databases.fresh("sqlite", "schema"))
    yield made
    made.dispose()


def standing(world: World, person: int = 0) -> Standing:
    with reading(world.engine) as session:
        versions = versions_of(session, COURSE, NAME, world.people[person])
    student = student_name(world.people[person])
    graded = graded_of(world.folder, NAME, [student]).get(student)
    newest = versions[0].received_at if versions else None
    return standing_of(world.assignment, world.people[person], newest, graded)


def report(world: World, message: str) -> None:
    """What a run that could not grade leaves behind."""
    student = student_name(world.people[0])
    file = world.folder.root / "grading_reports" / NAME / f"{student}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    outcome = {"student": student, "assignment": NAME, "graded": False, "notes": []}
    said = {"digest": _digest(world.folder, NAME, student), "message": f"Bài của {student}{message}"}
    file.write_text(json.dumps(outcome | said))


def test_from_handed_in_to_graded(world: World) -> None:
    assert standing(world) == Standing(Stage.NONE)
    world.give()
    assert standing(world) == Standing(Stage.RECEIVED)
    world.mark(0, NOW, ALL)
    found = standing(world)
    assert (found.stage, found.earlier) == (Stage.WAITING, False)
    assert found.marks is not None
    assert (found.marks.points, found.marks.max_points, found.marks.waiting) == (3, 7, 2)
    with api.Gradebook(world.folder.gradebook_url) as book:
        for id_, score in (("nhan-xet", 2.5), ("so-do", 0.25)):
            grade = book.find_grade(id_, NAME, NAME, student_name(world.people[0]))
            grade.manual_score, grade.needs_manual_grade = score, False
        comment = book.find_comment("nhan-xet", NAME, NAME, student_name(world.people[0]))
        comment.manual_comment = "Rõ, đủ ý."
        book.db.commit()
    found = standing(world)
    assert found.stage is Stage.GRADED
    assert found.marks is not None
    assert found.marks.points == Decimal("5.75")
    (group,) = found.marks.groups
    assert (group.heading, group.points, group.max_points) == ("Bài tập", Decimal("5.75"), 7)
    assert [cell.id for cell in group.cells] == ["kiem-tra", "luon-dung", "nhan-xet", "so-do"]
    assert group.comments == ("Rõ, đủ ý.",)


def test_marks_of_an_earlier_version_are_told_as_such(world: World) -> None:
    world.give()
    world.mark(0, NOW, ALL)
    world.give(content=world.work("x = 2"), now=NOW + timedelta(1))
    found = standing(world)
    assert (found.stage, found.earlier) == (Stage.RECEIVED, True)
    assert found.marks is not None
    assert found.marks.of == NOW
    assert found.marks.groups[0].comments == ("Chưa trả lời.",)


def test_a_run_that_failed_says_why_until_a_new_version_comes(world: World) -> None:
    world.give()
    report(world, " chạy quá 60 giây nên bị dừng; chưa có điểm.")
    found = standing(world)
    assert (found.stage, found.why) == (Stage.FAILED, "Chạy quá 60 giây nên bị dừng; chưa có điểm.")
    world.give(content=world.work("x = 2"), now=NOW + timedelta(1))
    assert standing(world).stage is Stage.RECEIVED
    (world.folder.root / "grading_reports" / NAME / f"{student_name(world.people[0])}.json").write_text("{")
    assert standing(world).stage is Stage.RECEIVED


def test_what_a_trainer_put_in_by_hand_is_shown(world: World) -> None:
    world.mark(1, None, ALL)
    assert standing(world, 1).stage is Stage.WAITING


def test_a_penalty_is_taken_off_and_never_below_nothing(world: World) -> None:
    world.give()
    world.mark(0, NOW, ALL)
    for penalty, left in ((1, 2), (50, 0)):
        with sqlite3.connect(world.folder.root / "gradebook.db") as book:
            book.execute("update submitted_notebook set late_submission_penalty = ?", (penalty,))
        marks = standing(world).marks
        assert marks is not None
        assert (marks.points, marks.penalty) == (left, penalty)


def test_a_gradebook_that_cannot_be_read_hides_no_assignment(world: World) -> None:
    (world.folder.root / "gradebook.db").write_bytes(b"half a gradebook")
    assert world.assignment.due is None
    with pytest.raises(GradebookUnreadable):
        graded_of(world.folder, NAME)
    (world.folder.root / "gradebook.db").unlink()
    assert graded_of(world.folder, NAME) == {}


def test_a_damaged_gradebook_stops_neither_settling_nor_an_erasure_for_good(world: World) -> None:
    kept = world.give().hand_in
    book = world.folder.root / "gradebook.db"
    whole = book.read_bytes()
    book.write_bytes(b"half a gradebook")
    with reading(world.engine) as session:
        assert settle(world.data, session, world.folder, COURSE, NAME) == 0
    with writing(world.engine) as session:
        session.get_one(Person, world.people[0]).erased_at = NOW
    with reading(world.engine) as session:
        assert remove_forgotten(world.data, session) == 0
        assert place_of(world.data, kept.id).exists()
        book.write_bytes(whole)
        assert remove_forgotten(world.data, session) == 1
    assert not place_of(world.data, kept.id).exists()


def test_only_the_release_is_read(world: World) -> None:
    one = world.assignment
    assert (one.title, one.notebooks, one.max_points, one.due) == ("Bài tập", (f"{NAME}.ipynb",), 7, None)
    said = repr(one)
    assert "KEYTOKEN" not in said
    assert "MARKTOKEN" not in said


def test_what_is_not_offered(world: World) -> None:
    release = world.folder.root / "release"
    (release / "trong").mkdir()
    (release / "hong").mkdir()
    (release / "hong" / "hong.ipynb").write_text("{")
    (release / ".tam").mkdir()
    (release / "ngoai").symlink_to(world.folder.root / "source" / NAME)
    leaking = nbformat.read(world.folder.root / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    (release / "lo").mkdir()
    nbformat.write(leaking, release / "lo" / "lo.ipynb")
    quiz = nbformat.v4.new_notebook(metadata={"isoxa": {"quiz": "q", "version": 1}})
    (release / "q-v1").mkdir()
    nbformat.write(quiz, release / "q-v1" / "q-v1.ipynb")
    (release / NAME / "so-lieu.csv").symlink_to(world.folder.root / "gradebook.db")
    (release / NAME / "kem").mkdir()
    (release / NAME / "kem" / "de.csv").write_text("1")
    with reading(world.engine) as session:
        (only,) = assignments_of(world.data, session, COURSE)
        assert [file.name for file in only.files] == [f"{NAME}.ipynb", "kem/de.csv"]
        for course, name in ((COURSE, "lo"), (COURSE, ".."), ("..", NAME), ("khac", NAME)):
            with pytest.raises(NoSuchHandIn):
                find_assignment(world.data, session, course, name)
    with writing(world.engine) as session:
        session.add(
            QuizVersion(
                course=COURSE, quiz="q", version=1, assignment=NAME, content_sha256="0" * 64, built_at=NOW
            )
        )
    with reading(world.engine) as session:
        assert assignments_of(world.data, session, COURSE) == []


def test_after_an_erasure_nothing_of_the_work_is_left(world: World) -> None:
    kept = world.give().hand_in
    world.give(person=1)
    world.mark(0, NOW, ALL)
    with reading(world.engine) as session:
        settle(world.data, session, world.folder, COURSE, NAME)
    with sqlite3.connect(world.folder.root / "gradebook.db") as book:
        book.execute("update comment set manual_comment = 'Anh An viết tốt'")
    report(world, ": x")
    with writing(world.engine) as session:
        person = session.get_one(Person, world.people[0])
        person.erased_at, person.full_name = NOW, "Người đã được xóa thông tin #1"
        session.get_one(HandIn, kept.id).files = []
    with reading(world.engine) as session:
        assert remove_forgotten(world.data, session) == 1
        assert remove_forgotten(world.data, session) == 0
    student = student_name(world.people[0])
    assert not place_of(world.data, kept.id).exists()
    assert not list(world.folder.root.glob(f"submitted/{student}/*"))
    assert not list(world.folder.root.glob(f"grading_reports/*/{student}.json"))
    book_bytes = (world.folder.root / "gradebook.db").read_bytes()
    with api.Gradebook(world.folder.gradebook_url) as book:
        assert book.find_student(student).last_name == "Người đã được xóa thông tin"
        assert book.find_comment("nhan-xet", NAME, NAME, student).manual_comment is None
    assert len(list(world.folder.root.glob("submitted/*/*"))) == 1
    assert b"SQLite" in book_bytes[:16]
