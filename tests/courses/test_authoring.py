"""A working copy and the frame of a lesson: usable as they come, and nothing there is written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from isoxa_courses.authoring import AuthoringProblem, WorkingCopy, copy_course, new_lesson
from isoxa_courses.check import check_course
from isoxa_courses.loading import load_course
from isoxa_courses.shipped import content_root

COURSE = "iso-9001-cap-xa"


@pytest.fixture
def copy(tmp_path: Path) -> WorkingCopy:
    root, made = content_root(), WorkingCopy(tmp_path / "soan", COURSE)
    assert copy_course(root.courses / COURSE, root.lessons, made, practice=True)
    return made


def test_the_whole_course_is_copied_as_it_is(tmp_path: Path) -> None:
    root, made = content_root(), WorkingCopy(tmp_path, COURSE)
    assert copy_course(root.courses / COURSE, root.lessons, made)
    assert load_course(made.folder) == load_course(root.courses / COURSE)
    assert {file.name for file in made.lessons.iterdir()} == {
        file.name for file in root.lessons.glob("*.ipynb")
    }


def test_a_practice_copy_has_one_lesson_and_no_standards(copy: WorkingCopy) -> None:
    course = load_course(copy.folder)
    assert [lesson.id for lesson in course.lessons] == ["03-pdca"]
    assert [quiz.id for quiz in course.quizzes] == ["03-pdca"]
    assert "standards" not in (copy.folder / "course.yaml").read_text(encoding="utf-8").lower()
    assert "# Chuẩn" not in (copy.folder / "course.yaml").read_text(encoding="utf-8")
    assert not check_course(copy.folder, copy.lessons).problems


def test_a_copy_that_is_there_is_left_alone(copy: WorkingCopy) -> None:
    (copy.folder / "course.yaml").write_text("của tôi", encoding="utf-8")
    root = content_root()
    assert not copy_course(root.courses / COURSE, root.lessons, copy)
    assert (copy.folder / "course.yaml").read_text(encoding="utf-8") == "của tôi"


@pytest.mark.parametrize(
    "title", ["Phiếu hẹn", 'Tên có "nháy": dấu # và {ngoặc}', "  nhiều   khoảng trắng  "]
)
def test_the_frame_passes_the_check(copy: WorkingCopy, title: str) -> None:
    made = new_lesson(copy, "13-phieu-hen", 13, title)
    assert len(made) == 4
    assert not check_course(copy.folder, copy.lessons).problems
    lesson = load_course(copy.folder).lesson("13-phieu-hen")
    assert lesson.title == " ".join(title.split())


def test_making_a_lesson_again_changes_nothing(copy: WorkingCopy) -> None:
    new_lesson(copy, "13-phieu-hen", 13, "Phiếu hẹn")
    quiz = copy.folder / "quizzes" / "13-phieu-hen.yaml"
    quiz.write_text("đã sửa", encoding="utf-8")
    assert new_lesson(copy, "13-phieu-hen", 13, "Tên khác") == []
    assert quiz.read_text(encoding="utf-8") == "đã sửa"


@pytest.mark.parametrize("lesson", ["", "../ngoai", "Bai 1", "bài", "-a", "a/b", "a" * 61, "a\n"])
def test_an_id_that_cannot_be_a_file_name_is_refused(copy: WorkingCopy, lesson: str) -> None:
    before = sorted(copy.place.rglob("*"))
    with pytest.raises(AuthoringProblem, match="chữ thường không dấu"):
        new_lesson(copy, lesson, 13, "Phiếu hẹn")
    assert sorted(copy.place.rglob("*")) == before


def test_without_a_copy_or_a_title_nothing_is_made(tmp_path: Path, copy: WorkingCopy) -> None:
    with pytest.raises(AuthoringProblem, match="isoxa course copy"):
        new_lesson(WorkingCopy(tmp_path / "khong-co", COURSE), "13-a", 13, "Phiếu hẹn")
    with pytest.raises(AuthoringProblem, match="chưa có tên"):
        new_lesson(copy, "13-a", 13, " \u200b ")
    assert not (tmp_path / "khong-co").exists()
