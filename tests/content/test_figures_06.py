"""Lessons 6a and 6b: every figure told is computed here, and the SMART builder agrees with what the lessons teach."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import pytest
from isoxa_courses.models import Course, Lesson, Quiz
from isoxa_courses.objective import review_objective
from isoxa_courses.text import format_number, parse_number
from isoxa_courses.tools.plan_table import PlanTable, judge_plan
from isoxa_courses.tools.smart_builder import SmartBuilder, judge_builder

SMART, PLAN = "06a-muc-tieu-smart", "06b-ke-hoach-5w1h"
DUE, ON_TIME, CAUSES = 1250, 1200, (31, 12, 7)
TARGET = Fraction(985, 1000)
DRAFTED = date(2026, 12, 10)  # the day on which Suối Lành writes its objective for 2027
NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?")
N = r"(\d[\d.]*(?:,\d+)?)"


def numbers(text: str) -> list[Decimal]:
    return [parse_number(found) for found in NUMBER.findall(text)]


def percent(part: int, whole: int, places: int) -> str:
    return format_number(Decimal(100) * part / whole, places) + "%"


def needed(due: int | Decimal, target: Decimal | Fraction) -> int:
    """The least whole number of files that is at least ``target`` per cent (or share) of ``due``."""
    share = Fraction(target) / 100 if isinstance(target, Decimal) else target
    return math.ceil(Fraction(due) * share)


def read(lessons_folder: Path, lesson: str) -> Any:
    return nbformat.read(lessons_folder / f"{lesson}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def smart(lessons_folder: Path) -> Any:
    return read(lessons_folder, SMART)


@pytest.fixture(scope="module")
def plan(lessons_folder: Path) -> Any:
    return read(lessons_folder, PLAN)


def prose_of(notebook: Any) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def cell(notebook: Any, id_: str) -> str:
    return next(one.source for one in notebook.cells if one.id == id_)


@pytest.fixture(scope="module")
def smart_lesson(course: Course) -> Lesson:
    return course.lesson(SMART)


@pytest.fixture(scope="module")
def plan_lesson(course: Course) -> Lesson:
    return course.lesson(PLAN)


@pytest.fixture(scope="module")
def smart_quiz(course: Course) -> Quiz:
    return course.quiz(SMART)


@pytest.fixture(scope="module")
def plan_quiz(course: Course) -> Quiz:
    return course.quiz(PLAN)


# 6a: the worked example


def test_the_objective_of_suoi_lanh(smart: Any) -> None:
    assert sum(CAUSES) == DUE - ON_TIME
    waiting, crowded, _ = CAUSES
    for late in (50, 50 - waiting, 50 - waiting - crowded):
        row = f"| {late} | {format_number(DUE - late)} | {percent(DUE - late, DUE, 2)} |"
        assert row in cell(smart, "vd-a"), row
    assert Fraction(DUE - 19, DUE) < TARGET < Fraction(DUE - 7, DUE), "both causes, and both are enough"
    assert needed(DUE, TARGET) == 1232
    assert "1.250 × 98,5% = 1.231,25" in cell(smart, "tinh-cho-dung")
    assert "**1.232**" in cell(smart, "tinh-cho-dung")


def test_points_and_shares(smart: Any) -> None:
    text = cell(smart, "mau-so")
    assert "2,5 điểm phần trăm" in text
    assert Decimal("98.5") - Decimal("96.0") == Decimal("2.5")
    assert "từ 4,0% xuống 1,5%" in text
    assert DUE - needed(DUE, TARGET) == 18
    assert "nhiều nhất 18" in text
    assert (percent(39, 40, 1), percent(40, DUE, 1)) == ("97,5%", "3,2%")
    assert all(figure in cell(smart, "loi-thuong-gap") for figure in ("40 phiếu, 39 phiếu", "97,5%", "3,2%"))


def test_the_ruler_is_drawn_to_scale(smart: Any) -> None:
    """98,40 % stands at x = 20 and 98,60 % at x = 340."""
    source = cell(smart, "thuoc-hinh")

    def at(value: Fraction) -> float:
        return float(20 + (value * 100 - Fraction("98.4")) * 1600)

    dots = [float(x) for x in re.findall(r'<circle cx="([0-9.]+)"', source)]
    assert dots == [at(Fraction(1231, DUE)), at(Fraction(1232, DUE))]
    band = re.search(r'<rect x="([0-9.]+)" y="92" width="([0-9.]+)"', source)
    assert band is not None
    assert float(band[1]) == at(Fraction("0.9845"))
    assert float(band[1]) + float(band[2]) == at(Fraction("0.9855"))
    assert f'<line x1="{at(TARGET):g}"' in source


def test_from_eleven_communes_to_ninety_per_cent(smart: Any, course: Course, smart_lesson: Lesson) -> None:
    fact = course.fact("gia-lai-90")
    assert {Decimal(11), Decimal(90), Decimal(100)} <= set(numbers(fact.text))
    text = cell(smart, "gia-lai-doc")
    assert "Giả sử" in text
    assert percent(11, 200, 1) == "5,5%"
    assert "180 − 11 = 169" in text
    assert 28 < 169 / 6 < 29
    assert 10 * 6 == 60
    share = smart_lesson.checkpoint("tinh-suc").question
    assert abs(share.answer - Decimal(160 * 9 // 10 - 16) / 12) < Decimal("0.01")
    assert abs(share.answer - 11) <= share.tolerance, "eleven communes a month is a right answer"


def test_checkpoints_of_6a(smart_lesson: Lesson) -> None:
    late = smart_lesson.checkpoint("so-qua-han").question
    assert late.answer == 650 - needed(650, TARGET)
    verdict = next(c for c in smart_lesson.checkpoint("dat-chua").question.choices if c.correct)
    assert Fraction(788, 800) == TARGET
    assert verdict.text.startswith("Đạt")
    assert percent(788, 840, 1) == "93,8%"


# The tool reads what the lessons write


def test_the_objective_taught_passes_the_builder(
    smart: Any, plan: Any, smart_lesson: Lesson, plan_lesson: Lesson
) -> None:
    builder, table = smart_lesson.tool("muc-tieu"), plan_lesson.tool("ke-hoach")
    assert isinstance(builder, SmartBuilder)
    assert isinstance(table, PlanTable)
    final = builder.own.example
    for notebook in (smart, plan):
        assert f"*“{final}”*" in prose_of(notebook)
    for sentence in (final, table.gaps.objective, *(repair.sample for repair in builder.repairs)):
        review = review_objective(sentence, today=DRAFTED)
        verdicts = {getattr(review, name).verdict for name in ("specific", "measurable", "relevant")}
        assert verdicts == {"met"}, sentence
        assert (review.achievable.verdict, review.time_bound.verdict) == ("met", "met"), sentence


def test_the_builder_asks_for_repairs_that_are_needed(smart_lesson: Lesson) -> None:
    builder = smart_lesson.tool("muc-tieu")
    assert isinstance(builder, SmartBuilder)
    weak = {"repairs": {one.id: one.text for one in builder.repairs}}
    judged = judge_builder(builder, weak, today=DRAFTED)
    assert not any(one.good for one in judged.repairs.values())
    mended = {"repairs": {one.id: one.sample for one in builder.repairs}}
    mended |= {"objectives": [{"id": "o1", "text": builder.own.example}]}
    assert judge_builder(builder, mended, today=DRAFTED).done


def test_the_steps_of_the_example_gain_one_letter_after_the_other(smart: Any) -> None:
    """Said in the lesson by hand, read here by the tool: S first, then M and A with the baseline, then T."""
    steps = [
        (s, review_objective(s, today=DRAFTED))
        for s in re.findall(r"\*“(.+?)”\*", prose_of(smart))
        if "…" not in s
    ]
    by_text = dict(steps)
    first = by_text["Nâng cao chất lượng chứng thực bản sao."]
    assert (first.specific.verdict, first.measurable.verdict) == ("not_met", "not_met")
    specific = by_text["Nâng tỷ lệ hồ sơ chứng thực bản sao đến hạn được trả đúng hạn."]
    assert (specific.specific.verdict, specific.time_bound.verdict) == ("met", "not_met")
    target = by_text[
        "Nâng tỷ lệ hồ sơ chứng thực bản sao đến hạn được trả đúng hạn từ 96,0% lên ít nhất 98,5%."
    ]
    assert (target.achievable.verdict, target.time_bound.verdict) == ("met", "not_met")


# 6b: the plan


def test_is_the_plan_strong_enough(plan: Any, plan_lesson: Lesson) -> None:
    rows = re.findall(
        r"^\| (\d+) \| (\d+) \| (\d+) \| ([0-9,]+%) \| (.+?) \|$", cell(plan, "du-suc"), re.MULTILINE
    )
    assert len(rows) == 4
    for first, second, left, rate, verdict in rows:
        late = 50 - int(first) - int(second)
        assert int(left) == late
        assert rate == percent(DUE - late, DUE, 2)
        assert (verdict == "đạt") == (Fraction(DUE - late, DUE) >= TARGET)
        assert int(first) <= CAUSES[0]
        assert int(second) <= CAUSES[1]
    assert any(percent(DUE - int(row[2]), DUE, 1) == "98,5%" and row[4] != "đạt" for row in rows), "the trap"
    least = plan_lesson.checkpoint("bot-it-nhat").question
    assert least.answer == 50 - 28 - (DUE - needed(DUE, TARGET))


def test_hours_and_levels(plan: Any, plan_lesson: Lesson) -> None:
    assert 2 * 22 == 44
    assert 44 * 3 == 132
    assert "44 giờ × 3 tháng = **132 giờ**" in cell(plan, "vd-nguon-luc")
    assert format_number(Decimal(132) / 40, 1) == "3,3"
    assert plan_lesson.checkpoint("gio-cong").question.answer == Decimal("1.5") * 21 * 4
    # The nine files that may be late in the first quarter are shared out whole.
    assert 600 - needed(600, TARGET) == 3 + 2 + 4 == 9
    for level in ("không quá 3", "không quá 2", "4 để dành"):
        assert level in cell(plan, "vd-ban-du")
    asked = plan_lesson.checkpoint("doc-ket-qua").question.prompt
    assert [int(n) for n in numbers(asked)] == [3, 3, 7, 2, 2]
    assert 3 + 7 + 2 == 600 - 588


def test_the_plan_with_holes_adds_up(plan_lesson: Lesson) -> None:
    table = plan_lesson.tool("ke-hoach")
    assert isinstance(table, PlanTable)
    parts = [numbers(row.cells.why)[0] for row in table.gaps.rows if "trên 96" in row.cells.why]
    assert sum(parts) == 96
    assert Fraction(96, 800) == Fraction(12, 100)
    found = {row.id: list(row.missing) for row in table.gaps.rows}
    assert all(gap.right for gap in judge_plan(table, {"found": found}).gaps)
    assert any(not row.missing for row in table.gaps.rows), "a good row too: not every row has a hole"
    assert {column for row in table.gaps.rows for column in row.missing} >= {"resources", "evaluation"}


def test_the_year_as_drawn_and_as_told(plan: Any) -> None:
    source = cell(plan, "nam-hinh")
    months = [float(x) for x in re.findall(r'<text x="([0-9.]+)" y="20"', source)]
    assert months == [66 + 24 * (m - 0.5) for m in range(1, 13)]
    dots = [round((float(x) - 66) / 24 + 0.5) for x in re.findall(r'<circle cx="([0-9.]+)"', source)]
    assert dots == [3, 6, 9, 12, 9, 11]
    assert "Đánh giá nội bộ tháng 9. Xem xét của lãnh đạo tháng 11" in source


# The quizzes


def key(question: Any) -> str:
    return next(choice.text for choice in question.choices if choice.correct)


def test_rates_of_the_quiz(smart_quiz: Quiz) -> None:
    for variant in smart_quiz.slot("ty-le").variants:
        received, due, on_time, later = numbers(variant.prompt)[:4]
        assert received == due + later
        assert variant.answer == Decimal(100) * on_time / due
    for variant in smart_quiz.slot("nhieu-nhat").variants:
        target, due = numbers(variant.prompt)[:2]
        assert variant.answer == due - needed(due, target)
        assert variant.answer != round(due * (100 - target) / 100), "rounding must not give the answer"
    for variant in smart_quiz.slot("diem-phan-tram").variants:
        before, due_before, now, due_now = numbers(variant.prompt)[:4]
        assert variant.answer == Decimal(100) * now / due_now - Decimal(100) * before / due_before


def test_verdicts_of_the_quiz(smart_quiz: Quiz) -> None:
    for variant in smart_quiz.slot("dat-hay-chua").variants:
        target, whole, part = numbers(variant.prompt)[:3]
        rate = Decimal(100) * part / whole
        met = rate <= target if "không quá" in variant.prompt else rate >= target
        assert key(variant).startswith("Đạt" if met else "Chưa đạt"), variant.id
        assert round(rate, 1) == target, "what is displayed does not tell"


def test_capacities_of_the_quiz(smart_quiz: Quiz) -> None:
    slot = smart_quiz.slot("vua-suc")
    assert 150 * 9 // 10 - 12 == 123 > 15 * 6 == 90
    assert {Decimal(123), Decimal(90)} <= set(numbers(key(slot.variant("giup-xa"))))
    assert 25 * 20 * 4 == 2000 < 2400 <= 25 * 20 * 5
    assert "2.000" in key(slot.variant("so-hoa"))
    assert 60 - 36 == 24 <= 1500 - needed(1500, Decimal(98)) == 30
    assert key(slot.variant("qua-han")).startswith("Vừa sức")


def test_what_the_second_task_must_give(plan_quiz: Quiz) -> None:
    for variant in plan_quiz.slot("bot-it-nhat").variants:
        due, late, target = numbers(variant.prompt)[:3]
        first = numbers(variant.prompt)[4]  # after the 1 of "Việc 1"
        assert variant.answer == late - first - (due - needed(due, target))


def test_hours_of_the_quiz(plan_quiz: Quiz) -> None:
    clock = re.compile(r"(\d+) giờ(?: (\d+))?")
    for variant in plan_quiz.slot("gio-cong").variants:
        (h1, m1), (h2, m2) = clock.findall(variant.prompt)[:2]
        hours = Fraction(int(h2) * 60 + int(m2 or 0) - int(h1) * 60 - int(m1 or 0), 60)
        days, months = (int(n) for n in re.findall(r"(\d+) (?:ngày|tháng)", variant.prompt))
        assert Fraction(variant.answer) == hours * days * months


@pytest.mark.parametrize(
    ("variant_id", "due", "late", "target", "less", "enough"),
    [
        ("bay-lam-tron", 920, 40, "98.5", 26, False),
        ("du-vua-khit", 800, 44, "97", 20, True),
        ("hut-mot-viec", 600, 30, "98", 12, False),
    ],
)
def test_strength_of_the_quiz(
    plan_quiz: Quiz, variant_id: str, due: int, late: int, target: str, less: int, enough: bool
) -> None:
    variant = plan_quiz.slot("ket-luan-du-suc").variant(variant_id)
    assert {Decimal(due), Decimal(late), Decimal(target), Decimal(less)} <= set(numbers(variant.prompt))
    allowed = due - needed(due, Decimal(target))
    assert (late - less <= allowed) == enough
    assert key(variant).startswith("Đủ") == enough
    assert Decimal(late - less) in numbers(key(variant))


@pytest.mark.parametrize("quiz_id", [SMART, PLAN])
def test_samples_of_the_written_questions_keep_their_promise(course: Course, quiz_id: str) -> None:
    """``a − b = c`` in a sample is right, and is within the target that the sample or its prompt sets."""
    slot = course.quiz(quiz_id).slots[-1]
    assert slot.judged_by_trainer
    for variant in slot.variants:
        assert len(variant.sample.split()) >= variant.min_words
        for found in re.findall(rf"{N} − {N} = {N}", variant.sample):
            whole, less, left = (parse_number(n.rstrip(".,")) for n in found)
            assert whole - less == left, variant.id
    assert (percent(11, 400, 2), percent(36, 500, 1)) == ("2,75%", "7,2%")
    assert 400 - needed(400, Decimal(97)) == 12 >= 11
    assert Fraction(8, 100) * 500 == 40 >= 36
    assert 360 * 48 + 240 * 18 == 600 * 36
    assert Fraction(360 * 32 + 240 * 18, 600) == Fraction("26.4") <= 27
    assert 260 - 110 - 35 == 115 <= 120


def test_causes_in_the_prompts_add_up(plan_quiz: Quiz, smart_quiz: Quiz) -> None:
    for whole, parts in [(24, (15, 6, 3)), (70, (40, 18, 12)), (260, (170, 60, 30))]:
        assert sum(parts) == whole
        found = [
            variant
            for quiz in (plan_quiz, smart_quiz)
            for variant in quiz.slots[-1].variants
            if {Decimal(n) for n in (whole, *parts)} <= set(numbers(variant.prompt))
        ]
        assert found, whole


@pytest.mark.parametrize(
    ("day", "weekday"),
    [
        (date(2027, 1, 4), 0),
        (date(2027, 1, 8), 4),
        (date(2027, 3, 26), 4),
        (date(2027, 8, 3), 1),
        (date(2027, 9, 6), 0),
        (date(2027, 11, 29), 0),
        (date(2027, 12, 27), 0),
        (date(2027, 7, 5), 0),
        (date(2027, 9, 27), 0),
    ],
)
def test_weekdays_named_are_weekdays(day: date, weekday: int) -> None:
    """Plans name Mondays, Tuesdays and Fridays by their date."""
    assert day.weekday() == weekday


@pytest.mark.parametrize("lesson_id", [SMART, PLAN])
def test_made_up_where_suoi_lanh_first_appears(lessons_folder: Path, lesson_id: str) -> None:
    # The list of contents names the commune in a section's title; the story begins later.
    prose = re.sub(r"\[[^\]]*\]\(#[^)]*\)", "", prose_of(read(lessons_folder, lesson_id)))
    first = prose.index("Suối Lành")
    assert "giả định" in prose[max(0, first - 60) : first + 80]


@pytest.mark.parametrize("lesson_id", [SMART, PLAN])
def test_every_sum_written_out_is_right(lessons_folder: Path, course: Course, lesson_id: str) -> None:
    """``a : b = c%`` and ``a × b% = c`` in the notebook's prose, rounded where it is rounded."""
    prose = re.sub(r"<[^>]+>|\*", " ", prose_of(read(lessons_folder, lesson_id)))
    found = 0
    for part, whole, rate in re.findall(rf"{N} : {N} = {N}%", prose):
        step = Decimal(10) ** -len(rate.partition(",")[2])
        assert abs(Decimal(100) * parse_number(part) / parse_number(whole) - parse_number(rate)) < step
        found += 1
    for whole, rate, result in re.findall(rf"{N} × {N}% = {N}", prose):
        assert parse_number(whole) * parse_number(rate) / 100 == parse_number(result.rstrip(".,"))
        found += 1
    for more, less, left in re.findall(rf"{N} − {N} = {N}", prose):
        assert parse_number(more) - parse_number(less) == parse_number(left.rstrip(".,"))
        found += 1
    assert found >= (3 if lesson_id == SMART else 1)
