"""Twenty officers press "Nộp bài" at once: one transaction, each told of their own, nobody sunk by another."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import pytest
from isoxa_grading.completion.standing import differing
from isoxa_grading.records.attempts import NotYours, service
from isoxa_grading.records.attempts.together import Together
from isoxa_grading.records.database import DatabaseBusy, DiskFull, reading, writing
from isoxa_grading.records.tables import Attempt, AttemptStatus, GradingTask, OutboxItem, SlotScore
from sqlalchemy import func, select


class Gate:
    """Work that the test holds up; it remembers the batches that it was given."""

    def __init__(self):
        self.open, self.entered, self.batches = threading.Event(), threading.Event(), []

    def work(self, wishes):
        self.batches.append(list(wishes))
        self.entered.set()
        assert self.open.wait(10)
        return [ValueError(wish) if wish < 0 else wish * 2 for wish in wishes]


def test_what_comes_while_one_runs_is_done_in_one_go():
    gate = Gate()
    together = Together(gate.work, "test")
    first = together.ask(1)
    assert gate.entered.wait(10)
    rest = [together.ask(number) for number in (2, -3, 4)]
    gate.open.set()
    assert (first.result(10), rest[0].result(10), rest[2].result(10)) == (2, 4, 8)
    with pytest.raises(ValueError, match="-3"):
        rest[1].result(10)
    assert gate.batches == [[1], [2, -3, 4]]
    together.close()
    with pytest.raises(RuntimeError):
        together.ask(5)


def test_close_finishes_what_was_asked_for():
    gate = Gate()
    together = Together(gate.work, "test")
    futures = [together.ask(number) for number in range(5)]
    threading.Timer(0.05, gate.open.set).start()
    together.close()
    assert [future.result(0) for future in futures] == [0, 2, 4, 6, 8]


def held_up(work, wishes, **options) -> list[Future]:
    """Ask for all of these while a first one runs, so that they make one batch."""
    entered, go = threading.Event(), threading.Event()

    def gated(batch):
        entered.set()
        assert go.wait(10)
        return work(batch)

    together = Together(gated, "test", **options)
    together.ask("first")
    assert entered.wait(10)
    futures = [together.ask(wish) for wish in wishes]
    go.set()
    together.close()
    return futures


def test_one_that_makes_the_work_fail_is_tried_alone_and_fails_alone():
    def work(batch):
        if "bad" in batch:
            raise KeyError("bad")
        return batch

    good, bad, other = held_up(work, ["good", "bad", "other"])
    assert (good.result(0), other.result(0)) == ("good", "other")
    assert isinstance(bad.exception(0), KeyError)


def test_what_would_fail_for_everybody_is_not_tried_for_each():
    batches = []

    def work(batch):
        batches.append(batch)
        if batch != ["first"]:
            raise DiskFull
        return batch

    futures = held_up(work, ["a", "b", "c"], everyones=(DiskFull,))
    assert all(isinstance(future.exception(0), DiskFull) for future in futures)
    assert batches == [["first"], ["a", "b", "c"]]


def test_who_gave_up_waiting_is_passed_over():
    gate = Gate()
    together = Together(gate.work, "test")
    together.ask(1)
    assert gate.entered.wait(10)
    gone, here = together.ask(2), together.ask(3)
    assert gone.cancel()
    gate.open.set()
    assert here.result(10) == 6
    assert gate.batches == [[1], [3]]
    together.close()


def attempts_of(school, count):
    """Officers with answered, open attempts: ``[(person, attempt id)]``; each second one has everything right."""
    found = []
    for number in range(count):
        person = school.officer(f"Lò Thị {number}")
        view = school.start(person)
        school.answer(view, person, right={"n1", "n2"} if number % 2 else {"n1"})
        found.append((person, view.id))
    return found


def hand_in_at_once(school, wishes) -> list[Future]:
    """All of these as one batch: the writer's lock is held until all have asked."""
    with writing(school.engine):
        return [school.service.hand_in(attempt, person, school.now) for person, attempt in wishes]


def marks(view):
    return [(slot.slot, slot.result.verdict, slot.result.points) for slot in view.slots]


def count(school, *conditions):
    with reading(school.engine) as session:
        return session.scalar(select(func.count()).where(*conditions))


def test_a_class_hands_in_at_once(school):
    wishes = attempts_of(school, 8)
    alone = attempts_of(school, 2)
    expected = [school.submit(attempt, person) for person, attempt in alone]
    futures = hand_in_at_once(school, wishes)
    views = [future.result(20) for future in futures]
    for number, ((_person, attempt), view) in enumerate(zip(wishes, views, strict=True)):
        assert view.id == attempt
        assert view.status is AttemptStatus.GRADED
        assert view.result == expected[number % 2].result
        assert marks(view) == marks(expected[number % 2])
    for _person, attempt in wishes:
        assert count(school, OutboxItem.attempt_id == attempt) == 1
        assert count(school, SlotScore.attempt_id == attempt) == len(views[0].slots)
    with reading(school.engine) as session:
        assert differing(session) == 0
    assert school.service.after_commit.wait(10)
    assert 1 <= len(school.hook_calls) <= 12


def test_strangers_nonsense_and_double_clicks_in_the_crowd(school):
    (one, first), (other, second) = attempts_of(school, 2)
    wishes = [(one, first), (other, first), (one, first), (one, "no-such"), (one, "f" * 32), (other, second)]
    outcomes = hand_in_at_once(school, wishes)
    mine, strangers, again, nonsense, none, others = outcomes
    assert mine.result(20).result == again.result(20).result
    assert others.result(20).status is AttemptStatus.GRADED
    for refused in (strangers, nonsense, none):
        assert isinstance(refused.exception(20), NotYours)
    assert count(school, OutboxItem.attempt_id == first) == 1


def test_a_written_answer_waits_however_many_hand_in(school):
    officers = [school.officer(f"Vừ A {number}") for number in range(3)]
    for person in officers:
        school.do_lesson(person)
    quiz = next(quiz for quiz in school.library.edition("khoa-thu", "2026.1").quizzes if has_written(quiz))
    views = [school.start(person, quiz.id) for person in officers]
    for view, person in zip(views, officers, strict=True):
        school.answer(view, person, right={slot.slot for slot in view.slots})
    futures = hand_in_at_once(school, [(p, v.id) for p, v in zip(officers, views, strict=True)])
    for future in futures:
        view = future.result(20)
        assert view.status is AttemptStatus.SUBMITTED
        waiting = view.result.waiting_slots
        assert count(school, GradingTask.attempt_id == view.id, GradingTask.waiting) == len(waiting) > 0


def has_written(quiz):
    return any(slot.judged_by_trainer for slot in quiz.slots)


def test_an_attempt_that_cannot_be_scored_does_not_sink_the_others(school, monkeypatch):
    (one, broken), *rest = attempts_of(school, 4)
    real = service.submit_attempts

    def failing(session, library, wishes):
        outcomes = real(session, library, wishes)
        if any(wish.attempt_id == broken for wish in wishes):
            raise ZeroDivisionError("a broken rule")
        return outcomes

    monkeypatch.setattr(service, "submit_attempts", failing)
    sunk, *others = hand_in_at_once(school, [(one, broken), *rest])
    assert isinstance(sunk.exception(20), ZeroDivisionError)
    assert all(future.result(20).status is AttemptStatus.GRADED for future in others)
    with reading(school.engine) as session:
        assert session.get_one(Attempt, broken).status is AttemptStatus.OPEN
    monkeypatch.undo()
    assert school.submit(broken, one).status is AttemptStatus.GRADED


def test_a_busy_database_tells_everyone_and_keeps_nothing(school, monkeypatch):
    wishes = attempts_of(school, 3)
    calls = []

    def busy(session, library, batch):
        calls.append(len(batch))
        raise DatabaseBusy

    monkeypatch.setattr(service, "submit_attempts", busy)
    futures = hand_in_at_once(school, wishes)
    assert all(isinstance(future.exception(20), DatabaseBusy) for future in futures)
    assert sum(calls) == 3, "each was tried once"
    monkeypatch.undo()
    assert [school.submit(attempt, person).status for person, attempt in wishes] == [AttemptStatus.GRADED] * 3


def test_in_brief_it_is_a_receipt_and_the_same_attempt(school):
    ((person, attempt),) = attempts_of(school, 1)
    receipt = school.service.hand_in(attempt, person, school.now, brief=True).result(20)
    assert receipt.to_json("/khoa-hoc/khoa-thu/ket-qua/1") == {
        "id": attempt,
        "course": "khoa-thu",
        "quiz": "02-nhanh",
        "status": "graded",
        "submitted_at": school.now.isoformat(),
        "round": 1,
        "result_url": "/khoa-hoc/khoa-thu/ket-qua/1",
    }
    whole = school.view(attempt, person)
    assert {key: whole.to_json()[key] for key in receipt.to_json() if key != "result_url"} == {
        key: value for key, value in receipt.to_json().items() if key != "result_url"
    }
    again = school.service.hand_in(attempt, person, school.now, brief=True).result(20)
    assert again == receipt


def test_another_round_than_the_one_seen_is_shown_whole_even_in_brief(school):
    ((person, attempt),) = attempts_of(school, 1)
    view = school.service.hand_in(attempt, person, school.now, seen_round=2, brief=True).result(20)
    assert view.status is AttemptStatus.OPEN
    assert view.slots
    assert count(school, OutboxItem.attempt_id == attempt) == 0
