"""Two windows of one officer, in any order of saving, retrying, reloading and submitting.

A small model keeps what was acknowledged. Whatever the order: nothing acknowledged is lost, a retry is
acknowledged as the first time, nobody overwrites what they have not seen, and submitting scores once, for good.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from isoxa_courses.errors import AnswerError
from isoxa_grading.records.attempts import AttemptClosed, StaleAnswer
from isoxa_grading.records.tables import Answer, AttemptStatus, OutboxItem, SlotScore, TrainingFact
from sqlalchemy import select

SLOTS = ("n1", "n2")
RAW = {"n1": ["96", "98", "1,5", None], "n2": ["kế hoạch", "kiểm tra", "khác", None]}
NONSENSE = {"n1": [{"x": 1}, ["96"], "nhiều"], "n2": [{"x": 1}, ["kiểm tra"], 7]}


def machine(school):
    """The state machine over one school; each run of it takes a new officer."""

    class TwoTabs(RuleBasedStateMachine):
        writes = Bundle("writes")

        @initialize()
        def begin(self):
            self.now = school.now
            self.person = school.officer()
            self.attempt = school.start(self.person).id
            self.deadline = school.view(self.attempt, self.person).deadline
            self.seen = {tab: dict.fromkeys(SLOTS, 0) for tab in "AB"}
            self.newest = {}  # slot -> (seq, public answer)
            self.in_time = {}  # slot -> public answer
            self.stored = {}  # key -> (seq, late)
            self.result = None
            self.count = 0

        def view(self):
            return school.service.view(self.attempt, self.person, self.now)

        def put(self, slot, raw, seq, key):
            """(acknowledgement, None) or (None, refusal)."""
            try:
                return school.service.save(self.attempt, self.person, slot, raw, seq, key, self.now), None
            except (AnswerError, AttemptClosed, StaleAnswer) as error:
                return None, error

        @rule(
            target=writes,
            tab=st.sampled_from("AB"),
            slot=st.sampled_from(SLOTS),
            pick=st.integers(0, 3),
            skip=st.integers(1, 3),
        )
        def save(self, tab, slot, pick, skip):
            self.count += 1
            seq = self.seen[tab][slot] + skip
            key = f"{tab}-{self.count}"
            raw = RAW[slot][pick]
            newest = self.newest.get(slot)
            saved, error = self.put(slot, raw, seq, key)
            if self.result is not None:
                assert isinstance(error, AttemptClosed)
            elif newest is not None and seq <= newest[0]:
                assert isinstance(error, StaleAnswer)
                assert error.newer == {"seq": newest[0], "answer": newest[1]}
                self.seen[tab][slot] = newest[0]
            else:
                assert error is None
                assert saved.late == (self.now > self.deadline)
                self.seen[tab][slot] = seq
                self.newest[slot] = (seq, raw)
                self.stored[key] = (seq, saved.late)
                if not saved.late:
                    self.in_time[slot] = raw
            return slot, raw, seq, key

        @rule(write=writes)
        def retry(self, write):
            slot, raw, seq, key = write
            if key in self.stored:
                saved, error = self.put(slot, raw, seq, key)
                assert error is None
                assert (saved.seq, saved.late) == self.stored[key]
            else:
                # It was refused before, and is refused again.
                _, error = self.put(slot, raw, seq, key)
                if self.result is not None:
                    assert isinstance(error, AttemptClosed)
                else:
                    assert isinstance(error, StaleAnswer)
                    assert error.newer["seq"] == self.newest[slot][0] >= seq

        @rule(slot=st.sampled_from(SLOTS), pick=st.integers(0, 2))
        def nonsense(self, slot, pick):
            self.count += 1
            seq = (self.newest[slot][0] if slot in self.newest else 0) + 1
            _, error = self.put(slot, NONSENSE[slot][pick], seq, f"bad-{self.count}")
            assert isinstance(error, AnswerError if self.result is None else AttemptClosed)

        @rule(tab=st.sampled_from("AB"))
        def reload(self, tab):
            for slot in self.view().slots:
                self.seen[tab][slot.slot] = slot.seq

        @rule(minutes=st.sampled_from([1, 4, 11]))
        def wait(self, minutes):
            self.now += timedelta(minutes=minutes)

        @rule()
        def start_again(self):
            if self.result is None:
                again = school.service.start(self.person, "khoa-thu", "02-nhanh", self.now)
                assert again.id == self.attempt

        @precondition(lambda self: self.count > 2)
        @rule()
        def submit(self):
            view = school.service.submit(self.attempt, self.person, self.now)
            assert view.status is AttemptStatus.GRADED
            said = {**view.to_json(), "server_time": None}
            if self.result is None:
                self.result = said
                assert view.result.points == self.expected()
            assert said == self.result

        def expected(self):
            paper = school.paper(self.attempt)
            total = Decimal(0)
            for slot in paper.slots:
                answer = paper.parse(slot.id, self.in_time.get(slot.id))
                total += paper.score(slot.id, answer).points
            return total

        @invariant()
        def nothing_acknowledged_is_lost(self):
            rows = school.rows(select(Answer).where(Answer.attempt_id == self.attempt))
            assert {row.write_key: (row.sequence, row.late) for row in rows} == self.stored
            shown = {slot.slot: (slot.seq, slot.answer) for slot in self.view().slots}
            for slot in SLOTS:
                seq, answer = self.newest.get(slot, (0, None))
                assert shown[slot][0] == seq
                if self.result is None:
                    assert shown[slot][1] == answer
                else:
                    assert shown[slot][1] == self.in_time.get(slot)

        @invariant()
        def scored_once(self):
            times = 0 if self.result is None else 1
            of_attempt = [
                school.rows(select(table.id).where(table.attempt_id == self.attempt))
                for table in (SlotScore, OutboxItem)
            ]
            assert [len(rows) for rows in of_attempt] == [2 * times, times]
            facts = school.rows(select(TrainingFact.kind).where(TrainingFact.source_id == self.attempt))
            assert len(facts) == len(set(facts))

    return TwoTabs


def test_two_tabs_lose_nothing_and_score_once(school):
    run_state_machine_as_test(
        machine(school),
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
