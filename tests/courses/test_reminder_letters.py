"""Reminder letters: fields that are known, lines without a value, and what `isoxa course check` says of a slip."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from isoxa_courses.errors import ContentError
from isoxa_courses.loading import read_course
from isoxa_courses.manifest import content_sha256
from isoxa_courses.reminder_letters import KINDS, LetterFields, letter_file, load_reminder
from isoxa_courses.shipped import content_root

SHIPPED = content_root().courses / "iso-9001-cap-xa"
FIELDS = LetterFields("Lê Thị Hoa", "Xã Suối Lành", "ISO", "01/12/2026", "5", "https://x.vn/", "ĐT 1", "Sở")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Without its lessons and quizzes, which would only be read again and again."""
    left_out = shutil.ignore_patterns("lessons", "quizzes")
    return Path(shutil.copytree(SHIPPED, tmp_path / "khoa", ignore=left_out))


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_letters_say_everything_that_is_known(kind: str) -> None:
    letter = load_reminder(SHIPPED, kind)  # type: ignore[arg-type]
    subject, body = letter.fill(FIELDS)
    values = dict(FIELDS.values())
    if kind == "not_started":
        values = {name: value for name, value in values.items() if name not in ("han", "so_ngay")}
    assert all(value in body for value in values.values())
    assert "{" not in subject + body
    bare = letter.fill(LetterFields("Lê Thị Hoa", "Xã Suối Lành", "ISO"))[1]
    assert "{" not in bare
    assert "liên hệ:" not in bare, "a line without its value is left out"


def test_a_value_is_never_read_for_fields() -> None:
    body = load_reminder(SHIPPED, "not_started").fill(LetterFields("{don_vi} {x.__class__}", "Xã A", "ISO"))[
        1
    ]
    assert "{don_vi} {x.__class__} (Xã A)" in body


def test_a_course_without_letters_has_those_that_come_with_isoxa(course: Path) -> None:
    shutil.rmtree(course / "letters")
    assert load_reminder(course, "overdue") == load_reminder(SHIPPED, "overdue")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{don_vi}", "{donvi}", "{donvi}"),
        ("{ho_ten}", "anh", "{ho_ten}"),
        ("Trân trọng,", "Trân trọng }", "lẻ"),
        ("letter: overdue", "letter: due_soon", "Tên tệp"),
        ("subject:", "subjct:", "subjct"),
    ],
)
def test_a_slip_is_told_with_its_line(course: Path, before: str, after: str, said: str) -> None:
    file = course / letter_file("overdue")
    text = file.read_text("utf-8")
    assert before in text.split("letter: overdue", 1)[-1] or before.startswith("letter")
    head, mark, rest = text.partition("letter: overdue")
    changed = (mark + rest).replace(before, after)
    file.write_text(head + changed, "utf-8")
    problems = [one for one in read_course(course).problems if one.file == str(file)]
    assert problems, "the slip was not seen"
    assert any(said in one.reason and one.line > 4 for one in problems), problems


def test_no_due_day_in_the_letter_to_those_who_have_none(course: Path) -> None:
    file = course / letter_file("not_started")
    file.write_text(file.read_text("utf-8").replace("và chưa bắt đầu", "hạn {han}, chưa bắt đầu"), "utf-8")
    with pytest.raises(ContentError, match="không có hạn"):
        load_reminder(course, "not_started")


def test_another_wording_is_the_same_edition(course: Path) -> None:
    lessons = content_root().lessons
    before = content_sha256(course, lessons)
    file = course / letter_file("overdue")
    file.write_text(file.read_text("utf-8").replace("Trân trọng", "Kính thư"), "utf-8")
    assert content_sha256(course, lessons) == before
