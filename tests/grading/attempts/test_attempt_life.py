"""Start, save, submit, result: the officer's path, example by example."""

from __future__ import annotations

import contextlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from isoxa_courses.errors import AnswerError
from isoxa_grading.records.attempts import (
    AttemptClosed,
    AttemptRefused,
    BadWrite,
    NoSuchSlot,
    NotYours,
    Refusal,
    StaleAnswer,
    TooLarge,
    Verdict,
)
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import (
    Answer,
    Attempt,
    AttemptStatus,
    Enrolment,
    FactKind,
    OutboxItem,
    QuizVersion,
    SlotScore,
    TrainingFact,
)
from sqlalchemy import delete, select


def kinds(school, person):
    query = (
        select(TrainingFact.kind)
        .join(Enrolment, Enrolment.id == TrainingFact.enrolment_id)
        .where(Enrolment.person_id == person)
    )
    return set(school.rows(query))


class TestStart:
    def test_draws_once_and_gives_the_open_one_again(self, school):
        person = school.officer()
        first = school.start(person)
        school.pass_time(minutes=5)
        again = school.start(person)
        assert again.id == first.id
        assert again.deadline == first.deadline
        assert [slot.shown for slot in again.slots] == [slot.shown for slot in first.slots]
        assert FactKind.STARTED in kinds(school, person)

    def test_two_requests_at_once_make_one_attempt(self, school):
        person = school.officer()
        gate = threading.Barrier(4)

        def go(_):
            gate.wait()
            return school.start(person).id

        with ThreadPoolExecutor(4) as pool:
            ids = set(pool.map(go, range(4)))
        assert len(ids) == 1
        assert len(school.rows(select(Attempt))) == 1

    def test_deadline_follows_the_time_limit(self, school):
        person = school.officer()
        view = school.start(person)
        assert (view.deadline - school.now).total_seconds() == 600

    def test_not_enrolled(self, school):
        stranger = school.officer(enrolled=False)
        with pytest.raises(AttemptRefused) as caught:
            school.start(stranger)
        assert caught.value.reason is Refusal.NOT_ENROLLED
        assert "ghi danh" in str(caught.value)

    def test_locked_until_the_lesson_is_complete(self, school):
        person = school.officer()
        with pytest.raises(AttemptRefused) as caught:
            school.start(person, "01-mo-dau")
        assert caught.value.reason is Refusal.LOCKED
        assert "Bài 1. Mở đầu" in str(caught.value)
        school.do_lesson(person)
        assert school.start(person, "01-mo-dau").status is AttemptStatus.OPEN

    def test_none_left(self, school):
        person = school.officer()
        for _ in range(2):
            school.submit(school.start(person).id, person)
        with pytest.raises(AttemptRefused) as caught:
            school.start(person)
        assert caught.value.reason is Refusal.NONE_LEFT

    def test_passed_may_go_again_while_attempts_remain(self, school):
        person = school.officer()
        first = school.start(person)
        school.answer(first, person, right={"n1", "n2"})
        assert school.submit(first.id, person).result.passed
        second = school.start(person)
        assert second.number == 2

    def test_waiting_for_a_trainer(self, school):
        person = school.officer()
        school.do_lesson(person)
        view = school.start(person, "01-mo-dau")
        school.answer(view, person, right={"s1", "s2", "s3"})
        school.submit(view.id, person)
        with pytest.raises(AttemptRefused) as caught:
            school.start(person, "01-mo-dau")
        assert caught.value.reason is Refusal.WAITING

    def test_unknown_quiz_and_quiz_not_built(self, school):
        person = school.officer()
        for quiz in ("../../etc", "02-nhanh\x00", "\ud800", ""):
            with pytest.raises(NoSuchSlot):
                school.start(person, quiz)
        for course in ("khoa-khac", "khoa-thu\x00", "\ud800", ""):
            with pytest.raises(AttemptRefused):
                school.service.start(person, course, "02-nhanh", school.now)
        with writing(school.engine) as session:
            session.execute(delete(QuizVersion).where(QuizVersion.quiz == "02-nhanh"))
        with pytest.raises(AttemptRefused) as caught:
            school.start(person)
        assert caught.value.reason is Refusal.NOT_BUILT
        assert not school.rows(select(Attempt))

    def test_draws_differ_between_attempts_ids_at_least(self, school):
        person = school.officer()
        school.do_lesson(person)
        first = school.start(person, "01-mo-dau")
        school.submit(first.id, person)
        second = school.start(person, "01-mo-dau")
        ids = [
            {choice["id"] for slot in view.slots for choice in slot.shown.get("choices", [])}
            for view in (first, second)
        ]
        assert not ids[0] & ids[1]


class TestSave:
    def test_is_there_on_reading_again(self, school):
        person = school.officer()
        view = school.start(person)
        saved = school.save(view.id, person, "n1", "97,5", 1)
        assert (saved.seq, saved.late) == (1, False)
        slot = school.view(view.id, person).slots[0]
        assert (slot.slot, slot.seq) == ("n1", 1)
        assert slot.answer == "97,5"

    def test_the_same_key_is_one_write(self, school):
        person = school.officer()
        view = school.start(person)
        first = school.save(view.id, person, "n1", "96", 1, "key")
        school.pass_time(seconds=30)
        assert school.save(view.id, person, "n1", "96", 1, "key") == first
        assert len(school.rows(select(Answer))) == 1

    def test_the_same_key_is_acknowledged_even_after_submitting(self, school):
        person = school.officer()
        view = school.start(person)
        first = school.save(view.id, person, "n1", "96", 1, "key")
        school.submit(view.id, person)
        assert school.save(view.id, person, "n1", "96", 1, "key") == first

    @pytest.mark.parametrize("sequence", [1, 2])
    def test_a_stale_write_is_refused_with_the_newer_value(self, school, sequence):
        person = school.officer()
        view = school.start(person)
        school.save(view.id, person, "n1", "98,5", 2)
        with pytest.raises(StaleAnswer) as caught:
            school.save(view.id, person, "n1", "1", sequence)
        assert caught.value.newer == {"answer": "98,5", "seq": 2}

    def test_the_newer_value_is_in_public_form(self, school, raw_answers):
        right_raw, _ = raw_answers
        person = school.officer()
        school.do_lesson(person)
        view = school.start(person, "01-mo-dau")
        raw = right_raw(school.paper(view.id).question("s1"), view.slots[0].shown)
        school.save(view.id, person, "s1", raw, 5)
        with pytest.raises(StaleAnswer) as caught:
            school.save(view.id, person, "s1", None, 4)
        assert caught.value.newer == {"answer": raw, "seq": 5}

    def test_sequences_are_of_a_slot(self, school):
        person = school.officer()
        view = school.start(person)
        school.save(view.id, person, "n1", "96", 7)
        assert school.save(view.id, person, "n2", "kế hoạch", 1).seq == 1

    def test_taken_back(self, school):
        person = school.officer()
        view = school.start(person)
        school.save(view.id, person, "n1", "96", 1)
        school.save(view.id, person, "n1", None, 2)
        slot = school.view(view.id, person).slots[0]
        assert (slot.answer, slot.seq) == (None, 2)
        assert school.submit(view.id, person).slots[0].result.verdict is Verdict.UNANSWERED
        assert len(school.rows(select(Answer))) == 2

    def test_wrong_type_stores_nothing_and_costs_nothing(self, school):
        person = school.officer()
        view = school.start(person)
        school.save(view.id, person, "n1", "96", 1)
        with pytest.raises(AnswerError):
            school.save(view.id, person, "n1", {"$ne": 1}, 2)
        assert school.save(view.id, person, "n1", "97", 2).seq == 2

    def test_no_such_slot(self, school):
        person = school.officer()
        view = school.start(person)
        for slot in ("n9", "", "n1\x00", "../n1"):
            with pytest.raises(NoSuchSlot):
                school.save(view.id, person, slot, "96", 1)

    def test_hostile_answers_are_refused_or_understood_never_break(self, school):
        person = school.officer()
        view = school.start(person)
        hostile = [
            10**400,
            "9" * 5000,
            [[[]]],
            {"a": None},
            True,
            "\x00",
            ["96"],
            "∞",
            "1e5",
            -0.5,
            [None] * 99,
        ]
        for seq, raw in enumerate(hostile, 1):
            for slot in ("n1", "n2"):
                with contextlib.suppress(AnswerError):
                    school.save(view.id, person, slot, raw, seq)
            school.view(view.id, person)
        assert school.submit(view.id, person).result.points == 0

    def test_what_is_no_json_is_refused(self, school):
        person = school.officer()
        view = school.start(person)
        for raw in (float("nan"), "\ud800", {1, 2}):
            with pytest.raises(BadWrite):
                school.save(view.id, person, "n1", raw, 1)

    def test_a_whole_written_answer_of_the_greatest_length_fits(self, school):
        person = school.officer()
        school.do_lesson(person)
        view = school.start(person, "01-mo-dau")
        longest = "ữ" * 20_000
        school.save(view.id, person, "s3", longest, 1)
        assert school.view(view.id, person).slots[2].answer == longest
        with pytest.raises(AnswerError):
            school.save(view.id, person, "s3", longest + "ữ", 2)
        with pytest.raises(TooLarge):
            school.save(view.id, person, "s3", longest * 20, 2)
        assert school.view(view.id, person).slots[2].seq == 1

    def test_late_is_stored_marked_and_not_scored(self, school):
        person = school.officer()
        view = school.start(person)
        school.answer(view, person, wrong={"n1"}, right={"n2"})
        school.pass_time(minutes=10)
        assert not school.save(view.id, person, "n2", "kế hoạch", 2).late  # on the minute is in time
        school.answer(view, person, right={"n2"})
        school.pass_time(seconds=1)
        paper = school.paper(view.id)
        assert school.save(view.id, person, "n1", str(paper.question("n1").answer), 2).late
        shown = school.view(view.id, person).slots[0]
        assert shown.late
        assert shown.seq == 2
        result = school.submit(view.id, person)
        assert result.result.points == Decimal(1)
        assert result.slots[0].result.came_late
        assert result.slots[0].answer == "1"
        assert not result.slots[1].result.came_late
        assert len([row for row in school.rows(select(Answer)) if row.late]) == 1

    def test_closed(self, school):
        person = school.officer()
        view = school.start(person)
        school.submit(view.id, person)
        with pytest.raises(AttemptClosed):
            school.save(view.id, person, "n1", "96", 1)

    def test_anothers_attempt_looks_like_none(self, school):
        person, other = school.officer(), school.officer("Trần Văn Khác")
        view = school.start(person)
        messages = set()
        for attempt in (view.id, "0" * 32, "' OR 1=1 --", "", "\x00", "0" * 32 + "\n"):
            for act in (
                lambda one=attempt: school.save(one, other, "n1", "96", 1),
                lambda one=attempt: school.view(one, other),
                lambda one=attempt: school.submit(one, other),
            ):
                with pytest.raises(NotYours) as caught:
                    act()
                messages.add(str(caught.value))
        assert len(messages) == 1
        assert school.view(view.id, person).status is AttemptStatus.OPEN


class TestSubmit:
    def test_scores_once_and_shows_the_same_again(self, school):
        person = school.officer()
        view = school.start(person)
        school.answer(view, person, right={"n1"}, wrong={"n2"})
        first = school.submit(view.id, person)
        assert (first.status, first.result.points, first.result.passed) == (
            AttemptStatus.GRADED,
            Decimal(4),
            True,  # 4 of 5 is 80 per cent
        )
        school.pass_time(hours=1)
        again = school.submit(view.id, person)
        assert {**again.to_json(), "server_time": 0} == {**first.to_json(), "server_time": 0}
        assert len(school.rows(select(SlotScore))) == 2
        assert len(school.rows(select(OutboxItem))) == 1
        assert {FactKind.SUBMITTED, FactKind.GRADED, FactKind.QUIZ_PASSED} <= kinds(school, person)

    def test_two_submits_at_once(self, school):
        person = school.officer()
        view = school.start(person)
        school.answer(view, person, right={"n1", "n2"})
        with ThreadPoolExecutor(4) as pool:
            views = list(pool.map(lambda _: school.submit(view.id, person).result, range(4)))
        assert all(one == views[0] for one in views)
        assert len(school.rows(select(SlotScore))) == 2

    def test_a_written_answer_waits(self, school):
        person = school.officer()
        school.do_lesson(person)
        view = school.start(person, "01-mo-dau")
        school.answer(view, person, right={"s1", "s2", "s3"})
        done = school.submit(view.id, person)
        assert done.status is AttemptStatus.SUBMITTED
        assert done.result.points is None
        assert done.result.passed is None
        assert done.result.points_so_far == Decimal(5)
        assert done.result.waiting_slots == ("s3",)
        assert done.slots[2].result.verdict is Verdict.WAITING
        assert FactKind.GRADED not in kinds(school, person)
        assert FactKind.SUBMITTED in kinds(school, person)

    def test_an_unanswered_written_slot_is_0_at_once(self, school):
        person = school.officer()
        school.do_lesson(person)
        view = school.start(person, "01-mo-dau")
        school.answer(view, person, right={"s1", "s2"})
        done = school.submit(view.id, person)
        assert done.status is AttemptStatus.GRADED
        assert done.result.points == Decimal(5)
        assert done.result.passed is False
        assert FactKind.QUIZ_PASSED not in kinds(school, person)

    def test_partial_credit(self, school, raw_answers):
        right_raw, _ = raw_answers
        person = school.officer()
        school.do_lesson(person)
        view = school.start(person, "01-mo-dau")
        both = right_raw(school.paper(view.id).question("s2"), view.slots[1].shown)
        school.save(view.id, person, "s2", both[:1], 1)
        slot = school.submit(view.id, person).slots[1]
        assert slot.result.points == Decimal("1.5")
        assert slot.result.verdict is Verdict.PARTLY

    def test_json_can_be_sent(self, school):
        person = school.officer()
        view = school.start(person)
        body = json.loads(json.dumps(school.submit(view.id, person).to_json("/ket-qua")))
        assert body["result_url"] == "/ket-qua"
        assert body["result"]["points"] == 0
        assert body["slots"][0]["type"] == "numeric"


class TestWhatIsRevealed:
    def texts(self, view):
        return json.dumps(view.to_json(), ensure_ascii=False)

    def test_nothing_before_passing_or_the_last_attempt(self, school):
        person = school.officer()
        first = school.start(person)
        assert "Chia rồi nhân 100." not in self.texts(first)
        school.answer(first, person, wrong={"n1", "n2"})
        done = school.submit(first.id, person)
        assert done.result.reveals is False
        assert done.result.can_retry is True
        assert all(slot.result.explanation is None for slot in done.slots)
        assert "Chia rồi nhân 100." not in self.texts(done)
        assert done.slots[0].result.section == "tiep"
        assert done.slots[0].result.section_title == "Tiếp"

        second = school.start(person)
        assert school.view(first.id, person).result.reveals is False  # the last one is still open
        school.submit(second.id, person)
        for one in (first, second):
            shown = school.view(one.id, person)
            assert shown.result.reveals is True
            assert shown.result.can_retry is False
            assert shown.slots[0].result.explanation["why"] == "Chia rồi nhân 100."

    def test_after_passing(self, school):
        person = school.officer()
        view = school.start(person)
        school.answer(view, person, right={"n1", "n2"})
        done = school.submit(view.id, person)
        assert done.result.reveals is True
        assert done.slots[0].result.explanation["right"] is True

    def test_a_waiting_attempt_does_not_reveal_the_sample(self, school):
        person = school.officer()
        school.do_lesson(person)
        view = school.start(person, "01-mo-dau")
        school.answer(view, person, right={"s3"})
        assert "MAU-TRA-LOI-BI-MAT" not in self.texts(view)
        assert "MAU-TRA-LOI-BI-MAT" not in self.texts(school.submit(view.id, person))


def test_the_best_attempt_counts_on_a_tie_the_latest(school):
    person = school.officer()
    first = school.start(person)
    school.answer(first, person, right={"n1"})
    assert school.submit(first.id, person).result.counts
    second = school.start(person)
    school.answer(second, person, right={"n2"})
    assert not school.submit(second.id, person).result.counts
    assert school.view(first.id, person).result.counts

    other = school.officer("Trần Văn Khác")
    tied = []
    for _ in range(2):
        view = school.start(other)
        school.answer(view, other, right={"n1"})
        school.submit(view.id, other)
        tied.append(view.id)
    assert [school.view(one, other).result.counts for one in tied] == [False, True]
