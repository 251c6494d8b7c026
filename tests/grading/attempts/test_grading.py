"""What waits for a trainer, and the marks they give."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from isoxa_grading.records.attempts import GradeRefused, NoSuchSlot, NotYours, Verdict
from isoxa_grading.records.tables import (
    AttemptStatus,
    AuditEvent,
    FactKind,
    OutboxItem,
    SlotScore,
    TrainingFact,
)
from sqlalchemy import select


@pytest.fixture
def person(school):
    made = school.officer()
    school.do_lesson(made)
    return made


@pytest.fixture
def waiting(school, person):
    """A submitted attempt: 5 of 10 points so far, a written answer of 5 waits."""
    view = school.start(person, "01-mo-dau")
    school.answer(view, person, right={"s1", "s2", "s3"})
    return school.submit(view.id, person)


def mark(school, view, points, slot="s3", **more):
    arguments = {"comment": "Tốt.", "reason": None, "scope_paths": [school.province.path]} | more
    return school.service.grade_slot(
        view.id,
        slot,
        Decimal(points),
        arguments["comment"],
        school.trainer_account,
        school.now,
        arguments["reason"],
        scope_paths=arguments["scope_paths"],
        seen_round=arguments.get("seen_round"),
    )


def of_kind(school, kind):
    return school.rows(select(TrainingFact).where(TrainingFact.kind == kind))


def test_a_mark_completes_the_attempt(school, waiting, person):
    school.pass_time(days=2)
    done = mark(school, waiting, "3.25")
    assert (done.status, done.result.points, done.result.passed) == (
        AttemptStatus.GRADED,
        Decimal("8.25"),
        True,
    )
    assert done.slots[2].result.comment == "Tốt."
    assert done.slots[2].result.verdict is Verdict.PARTLY
    assert [fact.source_id for fact in of_kind(school, FactKind.QUIZ_PASSED)] == [waiting.id]
    assert len(school.rows(select(OutboxItem))) == 2
    (event,) = school.rows(select(AuditEvent).where(AuditEvent.subject_kind == "attempt"))
    assert (event.action, event.actor_account_id) == ("grade.given", school.trainer_account)
    assert (event.unit_id, event.detail["points"]) == (school.commune.id, "3.25")


@pytest.mark.parametrize(("points", "passed"), [("2.99", False), ("3", True)], ids=["7.99 of 10", "8 of 10"])
def test_the_pass_mark_is_compared_unrounded(school, waiting, points, passed):
    assert mark(school, waiting, points).result.passed is passed


def test_impossible_points_change_nothing(school, waiting, person):
    for points in ("-0.01", "5.01", "1.005", "NaN", "sNaN", "Infinity", "1E+30", "1E-30"):
        with pytest.raises(GradeRefused, match="Chưa lưu"):
            mark(school, waiting, points)
    assert school.view(waiting.id, person).status is AttemptStatus.SUBMITTED
    assert len(school.rows(select(SlotScore))) == 2


def test_grading_again_needs_a_reason_and_keeps_the_former_mark(school, waiting):
    mark(school, waiting, "1")
    with pytest.raises(GradeRefused, match="lý do"):
        mark(school, waiting, "4")
    with pytest.raises(GradeRefused, match="lý do"):
        mark(school, waiting, "4", reason="  \n ")
    done = mark(school, waiting, "4", reason="Đọc lại: đã nêu nguyên nhân.")
    assert done.result.points == Decimal(9)
    assert done.result.passed is True
    rows = school.rows(select(SlotScore).where(SlotScore.slot == "s3").order_by(SlotScore.revision))
    assert [(row.revision, row.points, row.reason) for row in rows] == [
        (1, Decimal(1), None),
        (2, Decimal(4), "Đọc lại: đã nêu nguyên nhân."),
    ]
    events = school.rows(select(AuditEvent.action).where(AuditEvent.subject_kind == "attempt"))
    assert events == ["grade.given", "grade.changed"]


def test_a_pass_once_given_stands_when_the_mark_is_lowered(school, waiting):
    mark(school, waiting, "5")
    done = mark(school, waiting, "0", reason="Nhập nhầm.")
    assert done.result.points == Decimal(5)
    assert done.result.passed is True
    assert len(of_kind(school, FactKind.QUIZ_PASSED)) == 1


def test_two_trainers_at_once_one_is_told(school, waiting):
    def go(points):
        try:
            return mark(school, waiting, points).result.points
        except GradeRefused:
            return None

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(go, ["2", "4"]))
    assert results.count(None) == 1
    assert len(school.rows(select(SlotScore).where(SlotScore.slot == "s3"))) == 1


def test_what_cannot_be_graded(school, person, waiting, other_commune):
    with pytest.raises(NoSuchSlot):
        mark(school, waiting, "1", slot="s9")
    with pytest.raises(NotYours):
        mark(school, waiting, "1", scope_paths=[other_commune.path])
    with pytest.raises(NotYours):
        mark(school, waiting, "1", scope_paths=[])
    with pytest.raises(GradeRefused, match=r"4\.000"):
        mark(school, waiting, "1", comment="dài " * 2000)
    still_open = school.start(school.officer(), "02-nhanh")
    with pytest.raises(GradeRefused, match="chưa nộp"):
        mark(school, still_open, "1", slot="n1")


def test_what_the_grading_page_shows(school, waiting, other_commune):
    one = school.service.to_grade(waiting.id, "s3", [school.province.path])
    assert (one.attempt_id, one.slot, one.number) == (waiting.id, "s3", 3)
    assert (one.officer, one.unit, one.unit_id) == ("Nguyễn Thị Thử", "Xã Thử", school.commune.id)
    assert one.answer == "Phân công người dự phòng cho bộ phận một cửa."
    assert one.prompt.startswith("Viết một")
    assert sum(points for _, points in one.rubric) == one.max_points == Decimal(5)
    assert one.sample == "MAU-TRA-LOI-BI-MAT"
    assert one.quiz_title == "Bài kiểm tra 1. Mở đầu"
    assert school.service.to_grade(waiting.id, "s3", [school.commune.path]) == one
    for outside in ([other_commune.path], []):
        with pytest.raises(NotYours):
            school.service.to_grade(waiting.id, "s3", outside)
    with pytest.raises(GradeRefused, match="nộp lại"):
        mark(school, waiting, "1", seen_round=2)


def test_one_answer_for_the_grading_page(school, waiting, other_commune):
    scope = [school.province.path]
    assert school.service.to_grade(waiting.id, "s3", scope).score is None
    mark(school, waiting, "2")
    assert school.service.to_grade(waiting.id, "s3", scope).score.points == Decimal(2)
    assert school.service.to_grade(waiting.id, "s1", scope).rubric == ()
    for attempt, slot, paths, error in (
        (waiting.id, "s9", scope, NoSuchSlot),
        (waiting.id, "s3", [other_commune.path], NotYours),
        ("0" * 32, "s3", scope, NotYours),
    ):
        with pytest.raises(error):
            school.service.to_grade(attempt, slot, paths)
