"""From records to figures: which attempts count, whose, what was taken, what waits, and the workbook."""

from __future__ import annotations

import io
from decimal import Decimal
from itertools import count
from typing import Any

import openpyxl
import pytest
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Answer, Attempt, AttemptStatus, SlotScore
from isoxa_grading.reports.items import (
    Flag,
    UnknownQuiz,
    analyse,
    clauses_of,
    taken_quizzes,
    write_items_xlsx,
)
from sqlalchemy import update

from .conftest import START, School

# s1: 2 points, a right; s2: 3 points, a and b right; s3: 5 points, written.
RIGHT = {"s1": ("a", "2"), "s2": (["a", "b"], "3"), "s3": ("Viết", "5")}
WRONG = {"s1": ("b", "0"), "s2": (["c"], "0"), "s3": ("Viết", "0")}


_numbers = count(1)


def fill(school: School, right: int, wrong: int, **more: Any) -> list[str]:
    """So many new officers who had everything right, and nothing."""
    names = [f"cán bộ {next(_numbers)}" for _one in range(right + wrong)]
    for place, name in enumerate(names):
        school.answer(name, RIGHT if place < right else WRONG, **more)
    return names


def test_nobody_and_one_and_too_few(school: School) -> None:
    with pytest.raises(UnknownQuiz):
        school.responses()
    school.answer("một", RIGHT)
    for more in (0, 8):
        fill(school, 0, more)
        found = school.analysed()
        assert found.attempts == 1 + more
        assert found.too_early
        assert (found.alpha, found.mean_points, found.standard_error, found.flags) == (None, None, None, ())
        assert all(
            (one.facility, one.discrimination, one.upper_lower, one.mean_seconds, one.equal_p, one.flags)
            == (None, None, None, None, None, ())
            for one in found.slots
        )
        assert all(variant.taken == [] for one in found.slots for variant in one.variants)


def test_figures_and_flags(school: School) -> None:
    fill(school, 6, 4)
    found = school.analysed()
    assert not found.too_early
    # 6 of 10 have everything right, 4 nothing: each slot tells all.
    assert [one.facility for one in found.slots] == [Decimal("0.60")] * 3
    assert [one.discrimination for one in found.slots] == [Decimal("1.00")] * 3
    assert [one.upper_lower for one in found.slots] == [Decimal("1.00")] * 3
    assert found.mean_points == Decimal("6.00")
    # Totals 10 x6, 0 x4: variance 240/9. Slots 2, 3, 5 points: (4+9+25)/100 of it. alpha 3/2 x 0.62 = 0.93.
    assert found.alpha == Decimal("0.93")
    # SEM = sqrt(240/9 x 0.07) = 1.366.
    assert found.standard_error == Decimal("1.37")
    assert found.flagged == []
    # Each slot was saved a minute after the one before.
    assert [one.median_seconds for one in found.slots] == [60] * 3


def test_all_the_same(school: School) -> None:
    fill(school, 12, 0)
    found = school.analysed()
    assert [one.facility for one in found.slots] == [Decimal("1.00")] * 3
    assert [one.discrimination for one in found.slots] == [None] * 3
    assert (found.alpha, found.standard_error, found.flags) == (None, None, ())
    assert [one.flags for one in found.slots] == [(Flag.TOO_EASY,)] * 3


def test_a_slot_against_the_others_and_an_unreliable_quiz(school: School) -> None:
    for number in range(6):
        school.answer(f"x{number}", RIGHT | {"s1": ("b", "0")})
        school.answer(f"y{number}", WRONG | {"s1": ("a", "2")})
    first, *_others = school.analysed().slots
    assert first.discrimination == Decimal("-1.00")
    assert first.flags == (Flag.AGAINST,)


def test_the_first_submitted_attempt_counts(school: School) -> None:
    for name in fill(school, 0, 10):
        school.answer(name, RIGHT, number=2)
        school.answer(name, RIGHT, number=3, status=AttemptStatus.OPEN)
    first, every = school.analysed(), school.analysed(which="all")
    assert (first.attempts, first.officers, first.slots[0].facility) == (10, 10, Decimal("0.00"))
    assert (every.attempts, every.officers, every.slots[0].facility) == (20, 10, Decimal("0.50"))
    with reading(school.engine) as session:
        (quiz,) = taken_quizzes(session, [school.paths["p"]])
        assert (quiz.quiz, quiz.version, quiz.officers, quiz.attempts) == ("01-mo-dau", 1, 10, 20)


def test_a_trainer_sees_their_units_alone(school: School) -> None:
    fill(school, 12, 0, commune="a")
    fill(school, 0, 11, commune="b")
    assert school.analysed("p").slots[0].facility == Decimal("1.00")
    assert school.analysed("b").attempts == 11
    assert school.analysed("p", "q").attempts == 23
    with reading(school.engine) as session:
        assert taken_quizzes(session, []) == []
        assert [one.officers for one in taken_quizzes(session, [school.paths["q"]])] == [11]


def test_what_waits_for_grading(school: School) -> None:
    waiting = {slot: (answer, None if slot == "s3" else points) for slot, (answer, points) in RIGHT.items()}
    fill(school, 0, 3)
    for number in range(12):
        school.answer(f"chờ {number}", waiting, status=AttemptStatus.SUBMITTED)
    found = school.analysed()
    # Most of s3 waits: totals are of the other two slots, and nobody is left out of them.
    assert [one.in_total for one in found.slots] == [True, True, False]
    assert (found.in_totals, found.max_points) == (15, Decimal(5))
    last = found.slots[2]
    assert (last.scored, last.waiting, last.facility, last.discrimination) == (3, 12, None, None)
    assert found.slots[0].facility == Decimal("0.80")
    fill(school, 20, 0)
    found = school.analysed()
    # Now less than half wait: s3 is in, and those who wait are out.
    assert [one.in_total for one in found.slots] == [True, True, True]
    assert found.in_totals == 23


def test_the_newest_mark_and_the_last_answer_in_time_count(school: School) -> None:
    fill(school, 0, 9)
    attempt = school.answer("chị", WRONG)
    with writing(school.engine) as session:
        session.add(
            SlotScore(attempt_id=attempt, slot="s3", revision=2, points=Decimal(5), max_points=Decimal(5),
                      source="trainer", at=START)
        )  # fmt: skip
        session.add(
            Answer(
                attempt_id=attempt,
                slot="s1",
                sequence=2,
                write_key="w",
                answer="c",
                late=False,
                saved_at=START,
            )
        )
        session.add(
            Answer(
                attempt_id=attempt,
                slot="s1",
                sequence=3,
                write_key="x",
                answer="a",
                late=True,
                saved_at=START,
            )
        )
    found = school.analysed()
    assert found.slots[2].facility == Decimal("0.10")
    assert [one.count for one in found.slots[0].variants[0].taken] == [0, 9, 1]


def test_what_was_taken(school: School) -> None:
    fill(school, 6, 4)
    for number in range(2):
        school.answer(f"trống {number}", dict.fromkeys(RIGHT, (None, "0")))
    first, second, written = school.analysed().slots
    variant = first.variants[0]
    assert [(one.text, one.right, one.count, one.share) for one in variant.taken] == [
        ("Lập kế hoạch", True, 6, Decimal("0.5000")),
        ("Kiểm tra", False, 4, Decimal("0.3333")),
        ("Thực hiện", False, 0, Decimal("0.0000")),
    ]
    assert (variant.asked, variant.empty) == (12, 2)
    assert [one.count for one in second.variants[0].taken] == [6, 6, 4]
    assert written.variants[0].taken == []
    # Nobody was asked the other variant: no figures of it, and nothing to compare.
    other = first.variants[1]
    assert (other.asked, other.facility, other.taken, first.equal_p) == (0, None, [], None)


def test_variants_that_differ_are_found(school: School) -> None:
    fill(school, 20, 2, variant="v1")
    fill(school, 3, 19, variant="v2")
    found = school.analysed()
    assert all(one.flags == (Flag.UNEQUAL_VARIANTS,) for one in found.slots)
    assert [one.facility for one in found.slots[0].variants] == [Decimal("0.91"), Decimal("0.14")]
    assert found.slots[0].equal_p is not None
    assert found.slots[0].equal_p < Decimal("0.01")


def test_by_clause(school: School) -> None:
    fill(school, 5, 5)
    for number in range(2):
        school.answer(f"nửa {number}", RIGHT | {"s2": (["a"], "1.5")})
    responses = school.responses()
    found = clauses_of(responses, analyse(responses))
    # 12 attempts: clause 9.1 (s2, 3 points) lost 15 + 3 of 36, the others 5 of 12. 10.2 comes before 10.3.
    assert [(one.clause, one.numbers, one.lost) for one in found] == [
        ("9.1", (2,), Decimal("0.50")),
        ("10.2", (3,), Decimal("0.42")),
        ("10.3", (1,), Decimal("0.42")),
    ]
    assert [(one.taken.text, one.taken.count) for one in found[0].wrong] == [("Hồ sơ đúng hẹn", 5)]


def test_the_order_of_officers_is_nothing(school: School) -> None:
    for number, slots in enumerate([RIGHT, WRONG, RIGHT, RIGHT | {"s1": ("c", "0")}] * 4):
        school.answer(f"n{number}", slots, variant=f"v{number % 2 + 1}")
    before = school.analysed()
    with writing(school.engine) as session:
        for place, one in enumerate(session.query(Attempt).order_by(Attempt.id)):
            session.execute(
                update(Attempt)
                .where(Attempt.id == one.id)
                .values(submitted_at=START.replace(minute=59 - place))
            )
    assert school.analysed() == before


def test_the_workbook_says_the_same(school: School) -> None:
    fill(school, 6, 4)
    responses = school.responses()
    items = analyse(responses)
    stream = io.BytesIO()
    write_items_xlsx(items, clauses_of(responses, items), "Tỉnh =1+1", START, stream)
    book = openpyxl.load_workbook(stream)
    assert book.sheetnames == ["Tổng hợp", "Từng câu", "Đã trả lời gì", "Theo điều khoản"]
    summary = {row[0]: row[1] for row in book["Tổng hợp"].iter_rows(min_row=7, values_only=True)}
    assert summary["Độ tin cậy (Cronbach alpha)"] == 0.93
    assert summary["Số lượt làm được tính"] == 10
    heads, first = list(book["Từng câu"].iter_rows(min_row=6, max_row=7, values_only=True))
    slot = dict(zip(heads, first, strict=True))
    assert (slot["Tỷ lệ đạt"], slot["Độ phân biệt"], slot["Thời gian trung vị (giây)"]) == (0.6, 1, 60)
    answers = list(book["Đã trả lời gì"].iter_rows(min_row=7, values_only=True))
    assert ("Kiểm tra", "Sai", 4, 0.4) in [row[6:] for row in answers]
