"""Lesson 7: the scale is applied by machine to every count told, and every product and rate is worked out again."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import pytest
from isoxa_courses.models import Course, Lesson, Quiz
from isoxa_courses.questions.matrix_score import BANDS, MatrixScore, band_of
from isoxa_courses.text import format_number
from isoxa_courses.tools.risk_register import RiskRegister, judge_register

LESSON = "07-rui-ro-co-hoi"
ABSENCES, DAYS, DUE, OVERDUE = 7, 14, 56, 42
MONTHS = {"ba": 3, "bốn": 4, "sáu": 6, "hai": 2, "mười hai": 12}
COUNTED = re.compile(r"(\d+) lần trong (mười hai|ba|bốn|sáu|hai) tháng")
PRODUCT = re.compile(r"(\d+) × (\d+) = (\d+)")


def likelihood(times: int, months: int = 12) -> int:
    """The lesson's scale: the times an event happens in twelve months, a shorter count scaled up."""
    yearly = Fraction(times * 12, months)
    return next(level for level, most in ((1, 0), (2, 1), (3, 5), (4, 12), (5, 10**9)) if yearly <= most)


def severity(text: str) -> int:
    """The lesson's scale, read off what one occurrence does."""
    overdue = re.search(r"(\d+) hồ sơ (?:đất đai )?quá hạn", text)
    if "dữ liệu cá nhân" in text or "số giấy tờ" in text:
        return 5
    if "trả sai" in text or (overdue and int(overdue[1]) >= 6):
        return 4
    if overdue or "đi lại" in text or "quay lại" in text:
        return 3
    return 2 if "trong hạn" in text else 1


def times_told(text: str) -> int:
    """The likelihood level of a text that counts, or says that it never happened."""
    if "chưa lần nào" in text:
        return likelihood(0)
    times, months = COUNTED.search(text).groups()
    return likelihood(int(times), MONTHS[months])


@pytest.fixture(scope="module")
def register_lesson(course: Course) -> Lesson:
    return course.lesson(LESSON)


@pytest.fixture(scope="module")
def register(register_lesson: Lesson) -> RiskRegister:
    tool = register_lesson.tool("so-rui-ro")
    assert isinstance(tool, RiskRegister)
    return tool


@pytest.fixture(scope="module")
def risk_quiz(course: Course) -> Quiz:
    return course.quiz(LESSON)


@pytest.fixture(scope="module")
def pages(lessons_folder: Path) -> Any:
    return nbformat.read(lessons_folder / f"{LESSON}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def told(pages: Any) -> str:
    return "\n".join(cell.source for cell in pages.cells if cell.cell_type == "markdown")


def picture(pages: Any, id_: str) -> str:
    return next(cell.source for cell in pages.cells if cell.id == id_)


def test_the_scale_read_here_is_the_one_taught(told: str, register: RiskRegister) -> None:
    for line in (
        "| 1 | chưa từng, hoặc vài năm mới một lần |",
        "| 2 | khoảng một lần |",
        "| 3 | từ 2 đến 5 lần |",
        "| 4 | từ 6 đến 12 lần |",
        "| 5 | hơn 12 lần |",
        "| 3 | từ 1 đến 5 hồ sơ quá hạn, hoặc có người phải đi lại thêm |",
        "| 4 | từ 6 hồ sơ quá hạn trở lên, hoặc trả kết quả sai |",
    ):
        assert line in told
    assert [likelihood(n) for n in (0, 1, 2, 5, 6, 12, 13)] == [1, 2, 3, 3, 4, 4, 5]
    assert "Từ 2 đến 5 lần" in register.scale.likelihood[2]
    assert "Từ 6 hồ sơ quá hạn" in register.scale.severity[3]


def test_the_officer_who_is_away(told: str) -> None:
    assert (likelihood(ABSENCES), severity(f"{OVERDUE // ABSENCES} hồ sơ quá hạn")) == (4, 4)
    assert OVERDUE == ABSENCES * 6
    rate = format_number(Decimal(100) * OVERDUE / DUE, 1) + "%"
    for figure in (
        f"**{ABSENCES} đợt**",
        f"**{DAYS} ngày**",
        f"**{DUE} hồ sơ** đến hạn",
        f"**{OVERDUE} hồ sơ** quá hạn",
        "42 : 7 = 6 hồ sơ",
        rate,
        "4 × 4 = **16**, khoảng **cao**",
    ):
        assert figure in told
    assert band_of(16) == "cao"


def test_scored_again_after_six_and_twelve_months(told: str) -> None:
    """Four absences, one of them covered by nobody: one event in six months, then one in twelve."""
    assert 3 + 1 == 4
    assert likelihood(1, 6) == 3
    assert likelihood(1, 12) == 2
    assert severity("3 hồ sơ quá hạn") == 3
    for figure in ("2 × 3 = **6**", "3 × 3 = **9**", "16 − 9 = 7", "2 × 3 = **6**."):
        assert figure in told
    assert {band_of(9), band_of(6)} == {"trung bình"}
    assert 9 > 6, "the measure helped, less than expected"


def test_products(told: str, yaml_texts: dict[str, list[str]]) -> None:
    """``a × b = c`` wherever it stands, quiz included."""
    texts = [told.replace("*", ""), *(t for f in yaml_texts if LESSON in f for t in yaml_texts[f])]
    found = [match for text in texts for match in PRODUCT.findall(text)]
    assert all(int(a) * int(b) == int(c) for a, b, c in found)
    assert len(found) >= 30


def test_pictures_show_the_matrix_and_the_scores(pages: Any) -> None:
    matrix = picture(pages, "hinh-ma-tran")
    cells = [int(n) for n in re.findall(r'font-size="19"[^>]*>(\d+)<', matrix)]
    assert sorted(cells) == sorted(a * b for a in range(1, 6) for b in range(1, 6))
    bands = Counter(band_of(score) for score in cells)
    assert bands == {"thấp": 10, "trung bình": 9, "cao": 6}
    assert "Mười ô" in matrix
    assert "chín ô" in matrix
    assert "sáu ô" in matrix
    assert not {7, 13, 14} & set(cells)
    line = picture(pages, "hinh-cham-lai")
    assert re.findall(r">(?:Lúc đầu|Sau sáu tháng|Sau một năm): (\d+)<", line) == ["6", "9", "16"]
    assert [most for most, _ in BANDS] == [5, 12, 25]


def test_worked_risks_follow_the_scale(register: RiskRegister) -> None:
    for item in register.worked:
        assert times_told(item.event) == item.likelihood, item.id
        assert severity(item.effect) == item.severity, item.id
        assert item.tolerance == 0, "the scale leaves no room for a second opinion"
    bands = {item.id: band_of(item.likelihood * item.severity) for item in register.worked}
    assert set(bands.values()) == {"thấp", "trung bình", "cao"}
    right = {item.id: {"likelihood": item.likelihood, "severity": item.severity} for item in register.worked}
    result = judge_register(register, {"placed": right})
    assert result.misplaced == ()
    assert result.unplaced == ()


def matrices(lesson: Lesson, quiz: Quiz) -> list[MatrixScore]:
    checkpoints = [c.question for c in lesson.checkpoints]
    variants = [variant for slot in quiz.slots for variant in slot.variants]
    return [one for one in (*checkpoints, *variants) if isinstance(one, MatrixScore)]


def test_matrix_questions_follow_the_scale(register_lesson: Lesson, risk_quiz: Quiz) -> None:
    questions = matrices(register_lesson, risk_quiz)
    assert len(questions) == 4
    for question in questions:
        assert question.scale.likelihood == register_lesson.tool("so-rui-ro").scale.likelihood
        for item in question.items:
            assert times_told(item.text) == item.likelihood, (question.id, item.id)
            assert severity(item.text) == item.severity, (question.id, item.id)


def test_a_count_scaled_to_a_year(register_lesson: Lesson) -> None:
    question = register_lesson.checkpoint("quy-ra-nam").question
    assert "Bốn tháng qua" in question.prompt
    assert "ba lần" in question.prompt
    assert question.answer == Fraction(3 * 12, 4)


def test_new_scores_follow_from_the_prompt(risk_quiz: Quiz) -> None:
    for variant in risk_quiz.slot("diem-moi").variants:
        months, times = re.search(
            r"trong (\w+) tháng sự kiện xảy ra (\d+) lần", variant.prompt.split("Sau khi")[1]
        ).groups()
        files = re.search(r"(?:mỗi lần|lần ấy) (\d+ hồ sơ quá hạn)\.", variant.prompt)[1]
        assert variant.answer == likelihood(int(times), MONTHS[months]) * severity(files), variant.id


def test_records_to_judge_are_wrong_for_the_reason_given(risk_quiz: Quiz) -> None:
    """The level written down forgets that the second period is shorter; the key scales it to a year."""
    for variant in risk_quiz.slot("soat-dong-cham-lai").variants:
        before, after = re.search(
            r"Trước khi xử lý: (\d+) lần .*?: (\d+) lần, mức 3", variant.prompt
        ).groups()
        months = re.search(r"(\w+) tháng sau khi xử lý", variant.prompt)[1].lower()
        key = next(choice for choice in variant.choices if choice.correct)
        yearly = Fraction(int(after) * 12, MONTHS[months])
        assert f"ước {yearly} lần một năm" in key.text
        assert f"mức {likelihood(int(after), MONTHS[months])}" in key.text
        assert likelihood(int(after)) == 3, "the careless reading gives the level written down"
        assert likelihood(int(before)) in (4, 5)


def test_bands_to_sort_into(risk_quiz: Quiz) -> None:
    bands = {"thấp": "low", "trung bình": "medium", "cao": "high"}
    for variant in risk_quiz.slot("xep-khoang").variants:
        for item in variant.items:
            a, b = map(int, re.search(r"khả năng (\d), ảnh hưởng (\d)", item.text).groups())
            assert item.box == bands[band_of(a * b)], item.text


@pytest.mark.parametrize(
    ("variant", "times", "effect", "score"),
    [
        ("ong-dung", 9, "3 hồ sơ quá hạn", 12),
        ("giay-hen", 15, "đi lại", 15),
        ("xac-minh", 5, "7 hồ sơ quá hạn", 12),
    ],
)
def test_cases_to_write_about(risk_quiz: Quiz, variant: str, times: int, effect: str, score: int) -> None:
    question = risk_quiz.slot("viet-dong-so").variant(variant)
    a, b = likelihood(times), severity(effect)
    assert a * b == score
    assert re.search(rf"\b{times} (?:lần|giấy hẹn)", question.prompt)
    assert f"{a} × {b} = {score}" in question.sample
    assert f"{score}" in question.explanation
    assert band_of(score) in question.sample
    assert len(question.sample.split()) >= question.min_words


def test_the_commune_is_called_made_up_where_it_first_appears(told: str) -> None:
    first = told.index("**xã Suối Lành**")
    assert "không có thật" in told[first : first + 80]
    assert "Suối Lành, xã ta sắp gặp" in told[:first], "named once before, as still to come"


def test_scale_and_bands_are_called_illustrations(told: str, register: RiskRegister) -> None:
    assert "là **minh họa** của khóa học, không phải của tiêu chuẩn" in told
    assert "Ma trận 5×5 (minh họa)" in told
    assert "minh họa" in (register.intro or "")
