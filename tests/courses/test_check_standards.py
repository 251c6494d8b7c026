"""A course against its standards: what it sets itself is binding, what it leaves out is advice."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.check import CheckReport, check_course
from isoxa_courses.check_lesson import reading_minutes, worked_examples
from isoxa_courses.check_notebook import Notebook
from isoxa_courses.check_quiz import quiz_figures
from isoxa_courses.check_spread import chance_of_spread, chi_square_tail
from isoxa_courses.models import Quiz

from tests.courses.conftest import CourseCopy

QUIZ, LESSON, COURSE, NOTEBOOK = "quizzes/01-thu.yaml", "lessons/01-thu.yaml", "course.yaml", "01-thu.ipynb"
TODAY = date(2026, 11, 21)


def check(copy: CourseCopy, today: date = TODAY) -> CheckReport:
    return check_course(copy.folder, copy.notebooks, today=today)


def demand(copy: CourseCopy, standards: dict[str, Any]) -> None:
    with copy.path(COURSE).open("a", encoding="utf-8") as file:
        file.write(f"standards: {json.dumps(standards)}\n")


def reasons(problems: Any) -> str:
    return "\n".join(problem.reason for problem in problems)


def test_a_small_course_is_advised_not_refused(copy: CourseCopy) -> None:
    report = check(copy)
    assert report.ok
    told = reasons(report.warnings)
    for reason in (
        "Bài kiểm tra có 10 câu; cần ít nhất 12 câu.",
        "Câu có 1 phương án; cần ít nhất 3 phương án.",
        "1 trên 10 câu đòi vận dụng (level: apply); cần ít nhất 33%.",
        "Bài có 3 câu luyện tập; cần ít nhất 5.",
        "Bài có 0 ví dụ mẫu",
        "Học hết bài mất chừng 14 phút; cần ít nhất 25 phút.",
    ):
        assert reason in told
    assert all(warning.line >= 1 and Path(warning.file).is_file() for warning in report.warnings)


@pytest.mark.parametrize(
    ("standards", "reason"),
    [
        ({"quiz": {"slots": 11}}, "cần ít nhất 11 câu"),
        ({"quiz": {"application_percent": 20}}, "cần ít nhất 20%"),
        ({"quiz": {"written": 2}}, "Có 1 câu tự luận kèm thang điểm; cần ít nhất 2"),
        ({"lesson": {"checkpoints": 4}}, "Bài có 3 câu luyện tập; cần ít nhất 4"),
        ({"lesson": {"checkpoint_sections": 3}}, "dồn vào 2 mục; cần rải ra ít nhất 3 mục"),
        ({"lesson": {"tools": 2}}, "Bài có 1 công cụ; cần ít nhất 2"),
        ({"lesson": {"worked_examples": 1}}, "ví dụ mẫu"),
        ({"lesson": {"least_minutes": 20}}, "cần ít nhất 20 phút"),
        ({"lesson": {"most_minutes": 12}}, "nhiều nhất 12 phút"),
    ],
)
def test_what_a_course_demands_of_itself_stops_it(
    copy: CourseCopy, standards: dict[str, Any], reason: str
) -> None:
    demand(copy, standards)
    (problem,) = check(copy).problems
    assert reason in problem.reason


def test_each_slot_short_of_variants_is_told_at_its_line(copy: CourseCopy) -> None:
    demand(copy, {"quiz": {"variants": 2}})
    problems = check(copy).problems
    assert len(problems) == 8  # of ten slots, two have two variants
    assert all("Câu có 1 phương án; cần ít nhất 2" in problem.reason for problem in problems)
    lines = copy.path(QUIZ).read_text("utf-8").splitlines()
    assert {lines[problem.line - 1].strip() for problem in problems} == {"variants:"}


def test_standards_that_are_met_are_silent(copy: CourseCopy) -> None:
    quiz = {"slots": 10, "variants": 1, "application_percent": 10, "written": 1, "longest_choice_margin": 0}
    lesson = {
        "checkpoints": 3,
        "checkpoint_sections": 2,
        "tools": 1,
        "worked_examples": 0,
        "least_minutes": 13,
        "most_minutes": 14,
    }
    demand(copy, {"quiz": quiz, "lesson": lesson})
    report = check(copy)
    assert (report.problems, report.warnings) == ((), ())


@pytest.mark.parametrize(
    ("standards", "reason"),
    [
        ({"quiz": {"slot": 3}}, "Không có trường nào tên là “slot”"),
        ({"lesson": {"tools": "một"}}, "Phải là số nguyên"),
        ({"quiz": {"application_percent": 150}}, "Nhiều nhất là 100"),
        ([1], "tên: giá trị"),
    ],
)
def test_standards_that_make_no_sense(copy: CourseCopy, standards: Any, reason: str) -> None:
    demand(copy, standards)
    (problem,) = check(copy).problems
    assert (Path(problem.file).name, problem.line) == (COURSE, copy.line(COURSE, "standards:"))
    assert reason in problem.reason


def test_a_level_that_does_not_exist(copy: CourseCopy) -> None:
    copy.replace(QUIZ, "level: apply", "level: van-dung")
    (problem,) = check(copy).problems
    assert problem.line == copy.line(QUIZ, "level: van-dung")
    assert "recall, understand hoặc apply" in problem.reason


# ---- guessing ----


def choice_quiz(questions: list[tuple[int, list[int]]]) -> Quiz:
    """A quiz of single choices: (place of the key, lengths of the choices)."""
    slots = [
        {
            "id": f"s{number}",
            "outcome": "x",
            "section": "y",
            "points": 1,
            "variants": [
                {
                    "id": "v",
                    "type": "single_choice",
                    "prompt": "?",
                    "explanation": ".",
                    "choices": [
                        {"id": f"c{index}", "text": "a" * length, "correct": index == key, "why": str(index)}
                        for index, length in enumerate(lengths)
                    ],
                }
            ],
        }
        for number, (key, lengths) in enumerate(questions)
    ]
    data = {"quiz": "q", "version": 1, "title": "t", "lesson": "l", "pass_mark": 80, "attempts": 3}
    return Quiz.model_validate({**data, "slots": slots})


LENGTHS = st.lists(st.integers(1, 30), min_size=2, max_size=5)
QUESTIONS = st.lists(
    LENGTHS.flatmap(lambda lengths: st.tuples(st.integers(0, len(lengths) - 1), st.just(lengths))),
    min_size=1,
    max_size=12,
)


@given(QUESTIONS)
@settings(deadline=None)
def test_guessing_is_measured(questions: list[tuple[int, list[int]]]) -> None:
    figures = quiz_figures(choice_quiz(questions))
    chance = sum(1 / len(lengths) for _, lengths in questions) / len(questions)
    longest = sum(
        (lengths[key] == max(lengths)) / lengths.count(max(lengths)) for key, lengths in questions
    ) / len(questions)
    assert figures["chance_score"] == pytest.approx(100 * chance, abs=0.051)
    assert figures["longest_choice_score"] == pytest.approx(100 * longest, abs=0.051)
    spread = figures["key_positions"]
    assert sum(spread["bank"]) == len(questions)
    assert sum(spread["after_draw"]) == pytest.approx(len(questions), abs=0.03)
    assert 0 <= spread["chance"] <= 1


def test_a_quiz_without_choices_cannot_be_guessed_so() -> None:
    quiz = choice_quiz([(0, [1, 2])])
    numeric = {"id": "v", "type": "numeric", "prompt": "?", "explanation": ".", "answer": 1}
    data = quiz.model_dump()
    data["slots"][0]["variants"] = [numeric]
    figures = quiz_figures(Quiz.model_validate(data))
    assert (figures["chance_score"], figures["longest_choice_score"]) == (None, None)
    assert figures["key_positions"] == {"bank": [], "after_draw": [], "chance": None}


def test_the_longest_choice_must_not_pay(copy: CourseCopy) -> None:
    for old, new in (
        ('"A", correct', '"A, chữ đứng đầu bảng", correct'),
        ('"Y", correct', '"Y, sau X", correct'),
    ):
        copy.replace(QUIZ, old, new)
    demand(copy, {"quiz": {"longest_choice_margin": 10}})
    (problem,) = check(copy).problems
    # The single slot pays 1 of 1, the multiple one 1/4 of 1,5: (1 + 0,375) / 2,5.
    assert "được 55% số điểm, cao hơn chọn hú họa (31,7%)" in problem.reason


def test_avoiding_the_longest_must_not_pay_either(copy: CourseCopy) -> None:
    copy.replace(QUIZ, 'text: "B", why', 'text: "B dài hơn", why')
    copy.replace(QUIZ, 'text: "X", why', 'text: "X dài hơn", why')
    copy.replace(QUIZ, 'text: "5", why', 'text: "năm", why')
    demand(copy, {"quiz": {"longest_choice_margin": 10}})
    (problem,) = check(copy).problems
    assert "thấp hơn chọn hú họa" in problem.reason


@pytest.mark.parametrize(
    ("places", "uneven"),
    [
        ([0] * 7, False),  # too few to tell
        ([0] * 8, True),
        ([0, 1, 2, 3] * 3, False),
        ([1] * 6 + [0, 0, 2, 2, 3, 3], False),
        ([1] * 20 + [0, 2, 3] * 7, True),
    ],
)
def test_favourite_positions(copy: CourseCopy, places: list[int], uneven: bool) -> None:
    quiz = choice_quiz([(place, [5, 5, 5, 5]) for place in places])
    data = quiz.model_dump(mode="json", by_alias=True, exclude={"after", "required", "pass_mark", "attempts"})
    for slot in data["slots"]:
        slot["section"] = "mo-dau"
    data |= {"quiz": "01-thu", "lesson": "01-thu"}
    copy.path(QUIZ).write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    demand(copy, {"quiz": {"even_key_positions": True}})
    assert ("đứng không đều" in reasons(check(copy).problems)) is uneven


@pytest.mark.parametrize(
    ("freedom", "statistic"), [(1, 3.841), (2, 5.991), (3, 7.815), (4, 9.488), (7, 14.067), (19, 30.144)]
)
def test_the_chi_square_tail_at_its_tabled_five_per_cent_points(freedom: int, statistic: float) -> None:
    assert chi_square_tail(statistic, freedom) == pytest.approx(0.05, abs=2e-5)
    assert chi_square_tail(0.0, freedom) == pytest.approx(1)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_a_spread_is_a_probability(observed: list[int]) -> None:
    expected = [sum(observed) / len(observed)] * len(observed)
    assert 0 <= chance_of_spread(observed, expected) <= 1
    even = [7] * len(observed)
    assert chance_of_spread(even, [7.0] * len(even)) == 1


# ---- facts ----


@pytest.mark.parametrize(
    ("today", "overdue"), [(date(2027, 3, 30), False), (date(2027, 3, 31), False), (date(2027, 4, 1), True)]
)
def test_a_cited_fact_that_is_overdue(copy: CourseCopy, today: date, overdue: bool) -> None:
    problems = check(copy, today).problems
    assert bool(problems) is overdue
    if overdue:
        assert problems[0].line == copy.line("facts.yaml", "recheck_by")
        assert "quá hạn kiểm tra lại (31/03/2027). Bài học đang dùng căn cứ này." in problems[0].reason


def test_a_cited_fact_that_was_replaced(copy: CourseCopy) -> None:
    copy.replace("facts.yaml", "status: in_force", "status: replaced")
    (problem,) = check(copy).problems
    assert "đã bị thay thế mà bài học còn dẫn" in problem.reason
    assert problem.line == copy.line("facts.yaml", "status:")


def test_a_replaced_fact_may_stand_beside_what_replaced_it(copy: CourseCopy) -> None:
    copy.replace("facts.yaml", "status: in_force", "status: replaced\n    replaced_by: can-cu-moi")
    assert "Không có căn cứ “can-cu-moi”" in reasons(check(copy).problems)
    with copy.path("facts.yaml").open("a", encoding="utf-8") as file:
        file.write(
            '  - {id: can-cu-moi, text: "Mới.", source: "Văn bản mới", checked: 2026-11-21, status: in_force}\n'
        )
    assert "đã bị thay thế" in reasons(check(copy).problems)
    copy.replace(
        NOTEBOOK, 'bai.fact(\\"can-cu-thu\\")', '[bai.fact(\\"can-cu-thu\\"), bai.fact(\\"can-cu-moi\\")]'
    )
    assert check(copy).ok


def test_a_fact_that_nobody_cites(copy: CourseCopy) -> None:
    copy.replace(NOTEBOOK, 'bai.fact(\\"can-cu-thu\\")', "1")
    report = check(copy, date(2028, 1, 1))
    assert report.ok
    assert "Căn cứ “can-cu-thu” quá hạn kiểm tra lại" in reasons(report.warnings)
    copy.replace("facts.yaml", "status: in_force", "status: replaced")
    assert "can-cu-thu" not in reasons(check(copy, date(2028, 1, 1)).warnings)


def test_word_lists_that_cannot_be_read(
    copy: CourseCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "rules.yaml"
    broken.write_text("units: [\n", "utf-8")
    monkeypatch.setattr("isoxa_courses.check.RULES_FILE", broken)
    problems = check(copy).problems
    assert problems
    assert {problem.file for problem in problems} == {str(broken)}


# ---- lessons ----


def notebook(*cells: tuple[str, list[str]]) -> Notebook:
    made = [
        {"cell_type": kind, "id": f"c{n}", "metadata": {"tags": tags} if tags else {}, "source": "x"}
        for n, (kind, tags) in enumerate(cells)
    ]
    return Notebook(Path("x.ipynb"), tuple(made), "")


@pytest.mark.parametrize(
    ("cells", "examples"),
    [
        ([("markdown", [])], 0),
        ([("markdown", ["vi-du"]), ("markdown", ["vi-du"])], 1),
        ([("markdown", ["vi-du"]), ("code", []), ("markdown", ["vi-du"])], 1),
        ([("markdown", ["vi-du"]), ("markdown", []), ("markdown", ["vi-du"])], 2),
        ([("markdown", ["vi-du-a"]), ("markdown", ["vi-du-b"])], 2),
        ([("markdown", ["vi-du-a"]), ("markdown", []), ("markdown", ["vi-du-a", "khac"])], 1),
        ([("code", ["vi-du"]), ("markdown", ["vi-duong"])], 0),
    ],
)
def test_worked_examples_are_counted_by_their_tag(cells: list[tuple[str, list[str]]], examples: int) -> None:
    assert worked_examples(notebook(*cells)) == examples


def test_reading_minutes() -> None:
    assert reading_minutes(4000, 10, 1) == 42.0
    assert reading_minutes(0, 0, 0) == 0
