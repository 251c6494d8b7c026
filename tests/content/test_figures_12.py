"""Lesson 12: the fifty late files and every rate, cumulative share and expected number are worked out again here."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

import nbformat
import pytest
from isoxa_courses.models import Course, Lesson, Quiz
from isoxa_courses.text import format_number, parse_number
from isoxa_courses.tools.cause_tree import CauseTree, judge_causes

LESSON = "12-hanh-dong-khac-phuc"
DUE = 1250
CAUSES = {"Chờ ký": 31, "Dồn cuối buổi": 12, "Máy in hỏng": 4, "Mất mạng": 2, "Ghi nhầm giờ hẹn": 1}
BEFORE, AFTER, AFTER_DUE = (31, 12, 7), (3, 7, 2), 600
NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?")
N = r"(\d[\d.]*(?:,\d+)?)"
RATIO = re.compile(rf"{N} : {N} = {N}%")
SHARE = re.compile(rf"{N} × {N}% = {N}")
SUM = re.compile(r"(\d+(?: \+ \d+)+) = (\d+)")


def numbers(text: str) -> list[Decimal]:
    return [parse_number(found) for found in NUMBER.findall(text)]


def percent(part: int, whole: int, places: int) -> str:
    return format_number(Decimal(100) * part / whole, places) + "%"


@pytest.fixture(scope="module")
def action_lesson(course: Course) -> Lesson:
    return course.lesson(LESSON)


@pytest.fixture(scope="module")
def action_quiz(course: Course) -> Quiz:
    return course.quiz(LESSON)


@pytest.fixture(scope="module")
def pages(lessons_folder: Path) -> Any:
    return nbformat.read(lessons_folder / f"{LESSON}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def told(pages: Any) -> str:
    return "\n".join(cell.source for cell in pages.cells if cell.cell_type == "markdown")


@pytest.fixture(scope="module")
def tree(action_lesson: Lesson) -> CauseTree:
    tool = action_lesson.tool("cay-nguyen-nhan")
    assert isinstance(tool, CauseTree)
    return tool


def test_fifty_files_and_their_causes(told: str) -> None:
    assert sum(CAUSES.values()) == 50
    assert list(CAUSES.values()) == sorted(CAUSES.values(), reverse=True)
    assert "50 : 1.250 = 4,00%" in told
    for (name, count), total in zip(CAUSES.items(), accumulate(CAUSES.values()), strict=True):
        assert f"| {name} | {count} | {total} | {percent(total, 50, 0)} |" in told
    assert "31 + 12 = 43 hồ sơ, tức 86%" in told
    assert sum(CAUSES.values()) - 43 == 7


def test_the_same_fifty_files_as_in_lesson_3(lessons_folder: Path, told: str) -> None:
    pdca = (lessons_folder / "03-pdca.ipynb").read_text(encoding="utf-8")
    for before, after in zip(BEFORE, AFTER, strict=True):
        row = f"{before} ({percent(before, DUE, 2)}) | {after} ({percent(after, AFTER_DUE, 2)})"
        assert row in pdca
        assert row in told


def test_the_picture_draws_the_table(pages: Any) -> None:
    source = next(cell.source for cell in pages.cells if cell.id == "hinh-pareto")
    widths = [float(width) for width in re.findall(r'width="([0-9.]+)" height="22"', source)]
    frames, bars = widths[::2], widths[1::2]
    assert [round(bar / 352 * 50) for bar in bars] == list(CAUSES.values())
    assert [round(frame / 352 * 50) for frame in frames] == list(accumulate(CAUSES.values()))
    for name, count in CAUSES.items():
        assert f"{name}: {count}" in source


def test_similar_cases_add_up(told: str) -> None:
    assert "4 + 2 + 1 = 7" in told
    assert "9 quy trình" in told
    assert 3 + 6 == 9
    assert "Mười quy trình là chứng thực bản sao và 9 quy trình tương tự" in told


def test_effect_is_judged_by_rates_set_beforehand(told: str) -> None:
    waiting, crowded, other = (
        (Fraction(100 * a, DUE), Fraction(100 * b, AFTER_DUE)) for a, b in zip(BEFORE, AFTER, strict=True)
    )
    assert waiting[1] <= 1
    assert waiting[1] < waiting[0]
    assert crowded[1] > Fraction(1, 2)
    assert crowded[1] > crowded[0], "fewer files, yet a higher rate"
    assert other[1] < other[0]
    assert sum(AFTER) == 12
    assert "50 (4,00%)" in told
    assert "12 (2,00%)" in told


def test_expected_if_nothing_were_changed(action_lesson: Lesson) -> None:
    question = action_lesson.checkpoint("neu-khong-doi").question
    expected = Fraction(248, 10_000) * AFTER_DUE
    assert expected == Fraction("14.88")
    assert abs(question.answer - round(expected)) == 0
    assert abs(expected - Fraction(question.answer)) <= Fraction(question.tolerance), "14,88 must pass too"


def test_ten_files_prove_little(told: str) -> None:
    """At four in a hundred, ten files are more often than not all on time."""
    assert "cứ 100 hồ sơ có 4 hồ sơ quá hạn" in told
    assert 0.6 < 0.96**10 < 0.7


def test_checkpoint_figures(action_lesson: Lesson) -> None:
    pareto = action_lesson.checkpoint("cong-don").question
    whole, *causes = numbers(pareto.prompt)
    assert sum(causes) == whole
    assert pareto.answer == 100 * (causes[0] + causes[1]) / whole
    verdict = action_lesson.checkpoint("ket-luan").question
    key = next(choice for choice in verdict.choices if choice.correct)
    assert Decimal(100) * 8 / 250 == Decimal("3.2")
    assert "3,2%" in key.text
    assert "8 trên 250" in verdict.prompt


def test_cumulative_shares_follow_from_the_prompt(action_quiz: Quiz) -> None:
    for variant in action_quiz.slot("pareto").variants:
        whole, *causes = numbers(variant.prompt)
        assert sum(causes) == whole, variant.id
        assert causes == sorted(causes, reverse=True)
        assert variant.answer == 100 * (causes[0] + causes[1]) / whole


def test_expected_numbers_follow_from_the_prompt(action_quiz: Quiz) -> None:
    for variant in action_quiz.slot("neu-khong-sua").variants:
        bad, whole, later = numbers(variant.prompt)[:3]
        assert variant.answer == bad / whole * later, variant.id
        assert variant.answer != bad


@pytest.mark.parametrize(
    ("variant", "effective"), [("khe-sang", False), ("rung-thom", False), ("doi-mai", True)]
)
def test_verdicts_follow_from_the_rates(action_quiz: Quiz, variant: str, effective: bool) -> None:
    question = action_quiz.slot("ket-luan-hieu-luc").variant(variant)
    limit, before, before_whole, after, after_whole = numbers(question.prompt)[:5]
    rate = 100 * after / after_whole
    assert (rate <= limit) == effective
    key = next(choice for choice in question.choices if choice.correct)
    assert key.text.startswith("Có hiệu lực") == effective
    assert f"{format_number(rate)}%" in key.text
    assert f"{format_number(100 * before / before_whole)}%" in question.explanation


def test_cases_to_write_about(action_quiz: Quiz) -> None:
    slot = action_quiz.slot("viet-phieu")
    called = slot.variant("goi-bao")
    assert {150, 12, 3} <= set(numbers(called.prompt))
    assert "thiếu 9" in called.sample
    fees = slot.variant("phi")
    assert 7 * 5000 == 35_000
    assert "35.000 đồng" in fees.sample
    assert {40, 7} <= set(numbers(fees.prompt))
    kept = slot.variant("phong-luu")
    assert {30, 9} <= set(numbers(kept.prompt))
    assert "9 trong 30" in kept.sample
    assert all(len(variant.sample.split()) >= variant.min_words for variant in slot.variants)


def test_every_sum_written_out_is_right(told: str, yaml_texts: dict[str, list[str]]) -> None:
    """``a : b = c%``, ``a × b% = c``, ``a + b = c``, quiz included."""
    texts = "\n".join([told, *(text for file in yaml_texts if LESSON in file for text in yaml_texts[file])])
    found = 0
    for part, whole, rate in RATIO.findall(texts):
        assert 100 * parse_number(part) / parse_number(whole) == parse_number(rate), (part, whole, rate)
        found += 1
    for whole, rate, result in SHARE.findall(texts):
        assert parse_number(whole) * parse_number(rate) / 100 == parse_number(result), (whole, rate)
        found += 1
    for parts, total in SUM.findall(texts):
        assert sum(map(int, parts.split(" + "))) == int(total), parts
        found += 1
    assert found >= 18


def test_the_guided_chain_and_sorting_are_judged_right(tree: CauseTree) -> None:
    result = judge_causes(
        tree,
        {
            "sorted": {item.id: item.kind for item in tree.sort},
            "chain": {step.id: step.right.id for step in tree.chain.steps},
        },
    )
    assert (result.missorted, result.unsorted, result.chain_missing) == ((), (), ())
    assert result.chain
    assert all(answer.right for answer in result.chain)
    assert len({step.right.id for step in tree.chain.steps}) > 1, "the right answer moves about"
    assert {item.kind for item in tree.sort} == {"correction", "corrective_action", "neither"}


def test_the_commune_is_called_made_up_where_it_first_appears(told: str) -> None:
    first = told.index("**xã Suối Lành**")
    assert "không có thật" in told[first : first + 80]


def test_terms_cite_their_numbers_the_right_way_round(course: Course) -> None:
    """Corrective action is 3.12.2 and correction 3.12.3; material often swaps them."""
    article = course.fact("tcvn-khac-phuc").article or ""
    assert "3.12.3 (sự khắc phục)" in article
    assert "3.12.2 (hành động khắc phục)" in article
