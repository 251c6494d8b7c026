"""Publishing a course: keys stay home, editions stay as they are, a failed build leaves nothing half done."""

from __future__ import annotations

import re
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from isoxa_courses.errors import ContentError
from isoxa_courses.models import Course
from isoxa_courses.scoring import key_of
from isoxa_grading.nbgrader_bridge import BuildError, NbgraderFolder, build_course
from isoxa_grading.records.attempts import AttemptService, CourseLibrary
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, reading, writing
from isoxa_grading.records.enrolments import EditionChanged, enrol, latest_edition
from isoxa_grading.records.tables import Person, QuizVersion
from sqlalchemy import select

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    data = DataFolder(tmp_path / "data")
    data.create()
    engine = data.engine()
    migrate(engine)
    engine.dispose()
    return data


def build(data: DataFolder, folders: tuple[Path, Path]) -> list[str]:
    engine = data.engine()
    try:
        with writing(engine) as session:
            return build_course(data, session, *folders, now=NOW).built
    finally:
        engine.dispose()


def released_text(data: DataFolder, course: str, edition: str) -> str:
    return "\n".join(
        file.read_text(encoding="utf-8")
        for file in data.released(course, edition).rglob("*")
        if file.is_file()
    )


def test_no_key_in_what_is_released(built: DataFolder, course: Course) -> None:
    quizzes = "\n".join(
        file.read_text(encoding="utf-8")
        for file in (built.released(course.id, course.edition) / "quizzes").glob("*.ipynb")
    )
    assert "score_literal" not in quizzes
    assert "HIDDEN" not in quizzes
    for slot in course.quizzes[0].slots:
        assert key_of(slot) not in quizzes
        for variant in slot.variants:
            assert variant.prompt[:60] not in quizzes, "the bank itself is not for reading beforehand"


def test_keys_stand_in_the_source_and_it_is_closed_to_others(folder: NbgraderFolder) -> None:
    assert "score_literal" in folder.source("03-pdca-v1").read_text(encoding="utf-8")
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700


def test_lesson_processes_are_given_no_quiz_and_no_course_file(built: DataFolder, course: Course) -> None:
    released = built.released(course.id, course.edition)
    assert not list(released.rglob("course.yaml"))
    assert not [file for file in released.rglob("*.yaml") if file.parent.name == "quizzes"]


def test_tokens_of_keys_reach_nothing_released(data: DataFolder, tiny_course: tuple[Path, Path]) -> None:
    assert build(data, tiny_course) == ["q1-v1"]
    text = released_text(data, "nho", "1")
    assert not re.search("KEYTOKEN|WHYTOKEN|SAMPLETOKEN", text)


def test_building_again_changes_nothing_and_a_changed_edition_is_refused(
    data: DataFolder, tiny_course: tuple[Path, Path]
) -> None:
    build(data, tiny_course)
    assert build(data, tiny_course) == []
    quiz = tiny_course[0] / "quizzes" / "q1.yaml"
    quiz.write_text(quiz.read_text().replace("Chọn một", "Chọn lấy một"))
    with pytest.raises(EditionChanged, match="edition"):
        build(data, tiny_course)
    frozen = data.editions("nho", "1") / "quizzes" / "q1.yaml"
    assert "Chọn lấy một" not in frozen.read_text()


def test_a_version_that_was_taken_is_never_rebuilt(data: DataFolder, tiny_course: tuple[Path, Path]) -> None:
    course_folder, _lessons = tiny_course
    build(data, tiny_course)
    engine = data.engine()
    with writing(engine) as session:
        edition = latest_edition(session, "nho")
        assert edition is not None
        person = Person(full_name="Trần Thử", sort_key="thu tran", created_at=NOW, made_up=True)
        session.add(person)
        session.flush()
        enrol(session, person, edition, due_on=None, source="test", actor=None, now=NOW)
        person_id = person.id
    library = CourseLibrary(data)
    quiz = library.quiz("nho", "1", "q1")
    assert quiz.after == "b1"  # a lesson without items is complete, so the quiz opens
    AttemptService(engine, library, b"s" * 32).start(person_id, "nho", "q1", NOW)
    engine.dispose()

    (course_folder / "course.yaml").write_text(
        (course_folder / "course.yaml").read_text().replace("edition: '1'", "edition: '2'")
    )
    quiz_file = course_folder / "quizzes" / "q1.yaml"
    quiz_file.write_text(quiz_file.read_text().replace("points: 2", "points: 3"))
    with pytest.raises(BuildError, match="phiên bản 1 đã có người làm"):
        build(data, tiny_course)
    quiz_file.write_text(quiz_file.read_text().replace("version: 1", "version: 2"))
    assert build(data, tiny_course) == ["q1-v2"]
    engine = data.engine()
    with reading(engine) as session:
        versions = session.scalars(select(QuizVersion.assignment).order_by(QuizVersion.version)).all()
    engine.dispose()
    assert versions == ["q1-v1", "q1-v2"]


def test_a_failed_build_publishes_nothing_and_the_mended_course_is_what_counts(
    data: DataFolder, tiny_course: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from isoxa_grading.nbgrader_bridge import build as module

    def fail(_folder: NbgraderFolder, _name: str) -> None:
        raise BuildError("nbgrader generate_assignment q1-v1 không thành công")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_generate_assignment", fail)
        with pytest.raises(BuildError):
            build(data, tiny_course)
    engine = data.engine()
    with reading(engine) as session:
        assert latest_edition(session, "nho") is None
    engine.dispose()
    quiz = tiny_course[0] / "quizzes" / "q1.yaml"
    quiz.write_text(quiz.read_text().replace("Chọn một", "Chọn lấy một"))
    assert build(data, tiny_course) == ["q1-v1"]
    assert "Chọn lấy một" in (data.editions("nho", "1") / "quizzes" / "q1.yaml").read_text()


def test_broken_content_is_refused_before_anything_is_written(
    data: DataFolder, tiny_course: tuple[Path, Path]
) -> None:
    (tiny_course[0] / "quizzes" / "q1.yaml").write_text("quiz: q1\n  version: [\n")
    with pytest.raises(ContentError) as caught:
        build(data, tiny_course)
    assert caught.value.problems[0].line > 0
    assert not data.editions("nho", "1").exists()
