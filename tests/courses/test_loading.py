"""A course that is well, and every way it can be broken: file, line, and a reason a trainer understands."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from isoxa_courses.errors import ContentError, Problem, UnknownName
from isoxa_courses.loading import load_course, load_facts, load_lesson
from isoxa_courses.models import Course

from tests.courses.conftest import CourseCopy

QUIZ, LESSON, COURSE = "quizzes/01-thu.yaml", "lessons/01-thu.yaml", "course.yaml"


def only_problem(copy: CourseCopy) -> Problem:
    with pytest.raises(ContentError) as caught:
        load_course(copy.folder)
    assert len(caught.value.problems) == 1, str(caught.value)
    return caught.value.problems[0]


def test_a_whole_course(course: Course) -> None:
    assert (course.id, course.edition, course.title) == ("khoa-thu", "1.0", "Khóa học thử")
    assert (course.pass_mark, course.attempts, course.validity_months) == (70, 2, 24)
    lesson, quiz = course.lesson("01-thu"), course.quiz("01-thu")
    assert (lesson.number, lesson.minutes, lesson.required) == (1, 10, True)
    assert (quiz.pass_mark, quiz.attempts, quiz.after, quiz.required) == (70, 2, "01-thu", True)
    assert (quiz.version, quiz.max_points) == (3, Decimal("14.5"))
    assert course.fact("can-cu-thu").checked.isoformat() == "2026-11-21"
    assert [slot.id for slot in quiz.slots if slot.judged_by_trainer] == ["viet"]
    for ask in (course.lesson, course.quiz, course.fact, quiz.slot, lesson.tool):
        with pytest.raises(UnknownName, match="khong-co"):
            ask("khong-co")


def test_a_quiz_may_have_rules_of_its_own(copy: CourseCopy) -> None:
    copy.replace(QUIZ, "version: 3", "version: 3\npass_mark: 90\nattempts: 1\ntime_limit_minutes: 30")
    quiz = load_course(copy.folder).quiz("01-thu")
    assert (quiz.pass_mark, quiz.attempts, quiz.time_limit_minutes) == (90, 1, 30)


def test_released_content_needs_no_quiz(copy: CourseCopy) -> None:
    for name in (COURSE, QUIZ):
        copy.path(name).unlink()
    assert load_lesson(copy.folder, "01-thu").items[0] == "chon-mot"
    assert load_facts(copy.folder)[0].id == "can-cu-thu"
    copy.path("facts.yaml").unlink()
    assert load_facts(copy.folder) == ()
    with pytest.raises(ContentError, match="Không mở được tệp"):
        load_lesson(copy.folder, "02")


BROKEN = [
    # file, what stands there, what to put there, where the problem is told, part of the reason
    (QUIZ, "version: 3", "version: 3\n\tx: 1", "\tx: 1", "phím Tab"),
    (QUIZ, "version: 3", "version: 3: 4", "version: 3: 4", "Dấu hai chấm"),
    (QUIZ, 'title: "Bài kiểm tra 1. Thử"', 'title: "Bài kiểm tra 1. Thử', 'outcome: "Chọn một"', "ngoặc kép"),
    (QUIZ, 'có hạn."', "có hạn.", 'explanation: "Mục tiêu', "không đóng lại"),
    (QUIZ, "version: 3", "version: 3\nversion: 4", "version: 4", "“version” viết hai lần"),
    (QUIZ, "version: 3", "version: 3\n  lech: 1", "  lech: 1", "thụt lệch"),
    (QUIZ, "version: 3", "version: !python/object:os.system 3", "version:", "thẻ"),
    (QUIZ, "version: 3", "version: *nope", "version:", "ngoặc kép"),
    (QUIZ, "version: 3", "version: '3'", "version:", "số nguyên"),
    (QUIZ, "version: 3", "version: 0", "version:", "từ 1 trở lên"),
    (QUIZ, "version: 3", "versoin: 3\nversion: 3", "versoin:", "“versoin”"),
    (QUIZ, "lesson: 01-thu", "lesson: 99-khong-co", "lesson:", "Không có bài “99-khong-co”"),
    (
        QUIZ,
        "section: mo-dau\n    points: 1.5",
        "section: khong-co\n    points: 1.5",
        "khong-co",
        "không có mục",
    ),
    (QUIZ, "points: 1.5\n    variants", "points: 1.555\n    variants", "points: 1.555", "hai chữ số"),
    (QUIZ, "points: 1.5\n    variants", "points: nhiều\n    variants", "points: nhiều", "không phải là số"),
    (QUIZ, "points: 1.5\n    variants", "points: 0\n    variants", "points: 0", "từ 0,25 trở lên"),
    (QUIZ, "points: 1.5\n    variants", "points: true\n    variants", "points: true", "Phải là một số"),
    (QUIZ, "- id: nhieu", "- id: mot", '- id: mot\n    outcome: "Chọn nhiều', "đã dùng"),
    (QUIZ, "- id: nhieu", "- id: 7", "- id: 7", "Phải là chữ"),
    (QUIZ, "- id: nhieu", "- id: câu nhiều", "- id: câu nhiều", "chữ không dấu"),
    (
        QUIZ,
        "- id: m2",
        "- id: m1",
        '- id: m1\n        type: single_choice\n        prompt: "Chọn chữ cuối',
        "đã dùng",
    ),
    (QUIZ, '{id: c, text: "C"', '{id: b, text: "C"', '{id: b, text: "C"', "Mã “b” đã dùng"),
    (
        QUIZ,
        'text: "Y", correct: true',
        'text: "Y"',
        'choices:\n          - {id: a, text: "X"',
        "Chưa có lựa chọn đúng",
    ),
    (QUIZ, 'text: "X", why', 'text: "X", correct: true, why', 'text: "Y", correct', "hơn một lựa chọn đúng"),
    (QUIZ, 'text: "Y", correct: true', 'text: "Y", corect: true', 'text: "Y", corect', "“corect”"),
    (QUIZ, 'text: "Y", correct: true', 'text: "Y", correct: đúng', 'text: "Y", correct', "true hoặc false"),
    (QUIZ, 'text: "Y", correct: true', 'text: "", correct: true', 'text: "", correct', "để trống"),
    (QUIZ, "type: ordering", "type: xep_hang", "type: xep_hang", "Không có loại “xep_hang”"),
    (QUIZ, "        type: ordering\n", "", "- id: t1", "Thiếu trường type"),
    (
        QUIZ,
        '\n          - {id: i3, text: "Ba"}',
        "",
        'items:\n          - {id: i1, text: "Một"',
        "ít nhất 3 mục",
    ),
    (
        QUIZ,
        'text: "Có hạn", points: 1.5',
        'text: "Có hạn", points: 2',
        "rubric:",
        "Tổng điểm trong rubric là 3,5",
    ),
    (QUIZ, 'text: "Số 2", box: chan', 'text: "Số 2", box: giua', "box: giua", "Không có ô “giua”"),
    (QUIZ, 'left: "Huế", right: "Phú Lộc"', 'left: "Huế", right: "di linh"', '"di linh"', "trùng"),
    (QUIZ, 'id: x1, right: "Suối Lành"', 'id: p1, right: "Suối Lành"', 'id: p1, right: "Suối', "đã dùng"),
    (QUIZ, 'answer: "98,5"', 'answer: "98,5,1"', "98,5,1", "không phải là số"),
    (QUIZ, 'tolerance: "0,1"', "tolerance: -1", "tolerance: -1", "từ 0 trở lên"),
    (QUIZ, '["Kiểm tra", "Check"]', '["..."]', "accepted:", "chữ hoặc số"),
    (QUIZ, '["Kiểm tra", "Check"]', "Check", "accepted:", "danh sách"),
    (QUIZ, "quiz: 01-thu", "quiz: 02-thu", "quiz: 02-thu", "tên tệp"),
    (QUIZ, '    outcome: "Chọn nhiều"\n', "", "- id: nhieu", "Thiếu trường “outcome”"),
    (
        LESSON,
        "section: mo-dau\n    type: matching",
        "section: khong\n    type: matching",
        "section: khong",
        "mục “khong”",
    ),
    (
        LESSON,
        "- id: noi-cap",
        "- id: chon-mot",
        "- id: chon-mot\n    section: mo-dau\n    type: matching",
        "đã dùng",
    ),
    (LESSON, "- id: bang", "- id: viet", "- id: viet\n    tool", "đã dùng cho một câu luyện tập"),
    (LESSON, "tool: pdca_board", "tool: bang_khac", "tool: bang_khac", "Không có loại “bang_khac”"),
    (LESSON, "box: check", "box: giua", "box: giua", "một trong các giá trị: plan, do, check hoặc act"),
    (LESSON, '\n        - {id: act, label: "Đổi"}', "", "fields:", "đủ năm ô"),
    (LESSON, "min_words: 3\n      fields", "min_words: ba\n      fields", "min_words: ba", "số nguyên"),
    (
        COURSE,
        "- id: 01-thu\n    number: 1",
        "- id: 02-thu\n    number: 1",
        "- id: 02-thu",
        "lessons/02-thu.yaml",
    ),
    (COURSE, "after: 01-thu", "after: 05-khong", "after: 05-khong", "Không có bài “05-khong”"),
    (COURSE, 'edition: "1.0"', "edition: 1.0", "edition: 1.0", "Phải là chữ"),
    (COURSE, "pass_mark: 70", "pass_mark: 700", "pass_mark: 700", "Nhiều nhất là 100"),
    (COURSE, "quizzes:\n", "bai_kiem_tra:\n", "bai_kiem_tra:", "“bai_kiem_tra”"),
    ("facts.yaml", "checked: 2026-11-21", "checked: 21/11/2026", "checked:", "2026-11-21"),
    ("facts.yaml", "checked: 2026-11-21", "checked: 2026-13-45", "checked:", "2026-11-21"),
    ("facts.yaml", "status: in_force", "status: con_hieu_luc", "status:", "in_force, replaced hoặc recheck"),
    ("glossary.yaml", "    meaning:", "    nghia:", "nghia:", "“nghia”"),
]


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "reason"), BROKEN, ids=[f"{row[0]}-{row[4]}" for row in BROKEN]
)
def test_broken_content_is_told_with_its_line(
    copy: CourseCopy, name: str, old: str, new: str, place: str, reason: str
) -> None:
    copy.replace(name, old, new)
    with pytest.raises(ContentError) as caught:
        load_course(copy.folder)
    text = copy.path(name).read_text(encoding="utf-8")
    told = [problem for problem in caught.value.problems if reason in problem.reason]
    assert told, str(caught.value)
    assert told[0].file == str(copy.path(name))
    assert told[0].line == text.count("\n", 0, text.index(place)) + 1, str(told[0])
    assert str(told[0]) == f"{told[0].file}:{told[0].line}: {told[0].reason}"


def test_all_problems_are_told_at_once(copy: CourseCopy) -> None:
    copy.replace(QUIZ, "version: 3", "version: ba")
    copy.replace(QUIZ, 'tolerance: "0,1"', "tolerance: x")
    copy.replace(LESSON, "box: check", "box: giua")
    copy.replace("facts.yaml", "status: in_force", "status: x")
    with pytest.raises(ContentError) as caught:
        load_course(copy.folder)
    assert len(caught.value.problems) == 4
    assert str(caught.value).count("\n") == 3


def test_a_place_is_told_in_the_trainers_own_ids(copy: CourseCopy) -> None:
    copy.replace(QUIZ, 'text: "Y", correct: true', 'text: "", correct: true')
    assert (
        only_problem(copy).reason == "slots › mot › variants › m2 › choices › b › text: Không được để trống."
    )


def test_missing_files(copy: CourseCopy, tmp_path: Path) -> None:
    copy.path(QUIZ).unlink()
    problem = only_problem(copy)
    assert problem.reason.endswith("Không có tệp quizzes/01-thu.yaml.")
    assert problem.line == copy.path(COURSE).read_text("utf-8").splitlines().index("quizzes:") + 2
    with pytest.raises(ContentError, match=r"course\.yaml:1: Không có tệp này"):
        load_course(tmp_path / "khong-co")


@pytest.mark.parametrize(
    ("raw", "line", "reason"),
    [
        (b"", 1, "trống"),
        (b"# chi co ghi chu\n", 1, "trống"),
        (b"- a\n- b\n", 1, "tên: giá trị"),
        (b"chi mot cau\n", 1, "tên: giá trị"),
        (b"a: 1\nb: \xff\xfe\n", 2, "UTF-8"),
        (b"a: 1\nb: \x07\n", 2, "ký tự điều khiển"),
        (b"a: &x\n  - *x\n", 1, "lặp lại"),
        (b"[" * 1200, 1, "sâu"),
        (b"a: " + b"[" * 400_000, 1, "sâu"),
        (b"- " * 400_000, 1, "sâu"),
        (b"a: 1\n---\nb: 2\n", 2, "một phần"),
        (b"a: 1\n? [b]\n: 2\n", 2, "một từ"),
        (b"x" * 2_000_001, 1, "2 MB"),
        (
            b"a: &a [x,x,x,x,x,x,x,x,x]\n"
            + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in b"bcdefgh"),
            6,
            "lặp lại",
        ),
    ],
    ids=[
        "empty",
        "comment",
        "list",
        "sentence",
        "latin",
        "bell",
        "endless",
        "deep",
        "enough brackets to end a process",
        "enough dashes to end a process",
        "two",
        "key",
        "huge",
        "laughs",
    ],
)
def test_files_that_are_no_content(copy: CourseCopy, raw: bytes, line: int, reason: str) -> None:
    copy.path(QUIZ).write_bytes(raw)
    problem = only_problem(copy)
    assert problem.file == str(copy.path(QUIZ))
    assert reason in problem.reason
    assert problem.line == line or reason == "lặp lại"


def test_a_byte_order_mark_and_windows_lines_are_fine(copy: CourseCopy) -> None:
    path = copy.path(QUIZ)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    prompt = load_course(copy.folder).quiz("01-thu").slot("viet").variants[0].prompt
    assert prompt == "Viết một mục tiêu.\n\nNêu số và hạn."
