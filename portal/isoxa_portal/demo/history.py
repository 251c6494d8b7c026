"""A made-up history, played through the real code: lessons worked, quizzes taken, written answers graded.

Nobody's record is written directly: every act goes through the same services as a browser's, with the clock set to
the day it is said to have happened. Each officer's course of things follows from the seed and their staff code, so
the demo is the same on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from isoxa_courses.drawing import DrawnQuiz, publish_answer
from isoxa_courses.models import Course, Quiz, Slot
from isoxa_courses.questions import type_of
from isoxa_grading.records.attempts import AttemptService
from isoxa_grading.records.database import reading
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.tables import Attempt
from sqlalchemy import Engine

from .practice import finished_states

# How far an officer gets: (weight, story).
_STORIES = (
    (50, "not_begun"),
    (14, "lesson_begun"),
    (6, "lesson_done"),
    (3, "quiz_open"),
    (5, "waiting"),
    (3, "failed"),
    (3, "failed_then_passed"),
    (16, "passed"),
)

_ESSAY = (
    "Ở bộ phận một cửa xã em, tháng trước có 14 hồ sơ chứng thực trả trễ. Lập kế hoạch: đặt mục tiêu dưới 2 hồ sơ trễ "
    "mỗi tháng, giao một người theo dõi. Thực hiện: chia ca trực và soạn sẵn mẫu. Kiểm tra: đếm hồ sơ trễ vào thứ Sáu. "
    "Cải tiến: sửa quy trình, đưa bước soát ảnh chụp lên đầu."
)


_COMMENT_GOOD = "Rõ ràng, có số liệu ở từng bước."
_COMMENT_MORE = "Nêu được bốn bước; cần số liệu cụ thể hơn ở bước Kiểm tra."


@dataclass(frozen=True)
class Actor:
    """An officer as the history needs them."""

    person_id: int
    staff_code: str


class HistoryPlayer:
    """Plays officers' stories in one course."""

    def __init__(
        self,
        engine: Engine,
        attempts: AttemptService,
        lessons: LessonService,
        course: Course,
        *,
        trainer_account_id: int,
    ) -> None:
        self._engine = engine
        self._attempts = attempts
        self._lessons = lessons
        self._course = course
        self._trainer = trainer_account_id

    def play(self, officers: Sequence[Actor], *, until: datetime, progress: Callable[[int], None]) -> None:
        """Play every officer's story, ending before ``until``."""
        for done, officer in enumerate(officers, start=1):
            self._play_one(officer, until)
            progress(done)

    def _play_one(self, officer: Actor, until: datetime) -> None:
        chance = random.Random(f"isoxa-demo:{officer.staff_code}")  # noqa: S311 - a story, not a secret
        weights, stories = zip(*_STORIES, strict=True)
        story = chance.choices(stories, weights)[0]
        if story == "not_begun":
            return
        clock = _clock(until - timedelta(days=chance.uniform(8, 55)), chance)
        lesson_done = self._work_lesson(officer, clock, chance, whole=story != "lesson_begun")
        if not lesson_done or story == "lesson_done":
            return
        for quiz in self._course.quizzes:
            if story in ("failed", "failed_then_passed"):
                self._take(officer, quiz, clock, chance, skill=0.35)
            if story in ("passed", "failed_then_passed"):
                self._take(officer, quiz, clock, chance, skill=0.97)
            if story == "waiting":
                self._take(officer, quiz, clock, chance, skill=0.9, grade=False)
            if story == "quiz_open":
                self._take(officer, quiz, clock, chance, skill=0.8, submit=False)

    def _work_lesson(
        self, officer: Actor, clock: Iterator[datetime], chance: random.Random, *, whole: bool
    ) -> bool:
        complete = False
        for lesson_ref in self._course.lessons:
            states = finished_states(self._course.lesson(lesson_ref.id))
            wanted = len(states) if whole else chance.randint(1, max(1, len(states) - 1))
            for sequence, (item, state) in enumerate(states[:wanted], start=1):
                saved = self._lessons.save(
                    officer.person_id,
                    self._course.id,
                    lesson_ref.id,
                    item,
                    state,
                    sequence,
                    f"demo-{item}",
                    next(clock),
                )
                complete = saved.lesson_complete
        return complete

    def _take(
        self,
        officer: Actor,
        quiz: Quiz,
        clock: Iterator[datetime],
        chance: random.Random,
        *,
        skill: float,
        submit: bool = True,
        grade: bool = True,
    ) -> None:
        view = self._attempts.start(officer.person_id, self._course.id, quiz.id, next(clock))
        with reading(self._engine) as session:
            attempt = session.get_one(Attempt, view.id)
            drawn, seed = DrawnQuiz.from_json(attempt.drawn), attempt.seed
        answers = {slot.id: self._answer(quiz, slot, drawn, chance, skill) for slot in quiz.slots}
        if not submit:
            answers = dict(list(answers.items())[: len(answers) // 2])
        for sequence, (slot_id, answer) in enumerate(answers.items(), start=1):
            if answer is None:
                continue
            raw = publish_answer(quiz, drawn, slot_id, seed, answer)
            self._attempts.save(
                view.id, officer.person_id, slot_id, raw, sequence, f"demo-{slot_id}", next(clock)
            )
        if not submit:
            return
        self._attempts.submit(view.id, officer.person_id, next(clock))
        for slot in quiz.slots if grade else ():
            if slot.judged_by_trainer and answers[slot.id] is not None:
                share = Decimal(chance.choice(("0.5", "0.75", "1") if skill > 0.6 else ("0", "0.5")))
                self._attempts.grade_slot(
                    view.id,
                    slot.id,
                    (slot.points * share).quantize(Decimal("0.01")),
                    "Nêu được bốn bước; cần số liệu cụ thể hơn ở bước Kiểm tra."
                    if share < 1
                    else "Rõ ràng, có số liệu.",
                    self._trainer,
                    next(clock) + timedelta(days=2),
                )

    def _answer(self, quiz: Quiz, slot: Slot, drawn: DrawnQuiz, chance: random.Random, skill: float) -> Any:
        """The right answer with the chance ``skill``, else another slot's luck: wrong, or none at all."""
        variant = slot.variant(drawn.slot(slot.id).variant)
        if slot.judged_by_trainer:
            return _ESSAY if chance.random() < 0.95 else None
        right = type_of(variant).right_answer(variant)
        if chance.random() < skill:
            return right
        return _spoil(right, variant, chance)


def _spoil(right: Any, variant: Any, chance: random.Random) -> Any:
    """A believable wrong or partly right answer of the same form; sometimes none."""
    if chance.random() < 0.15:
        return None
    if isinstance(right, list):
        if variant.type == "ordering":
            swapped = list(right)
            swapped[0], swapped[-1] = swapped[-1], swapped[0]
            return swapped
        return right[:-1] or None
    if isinstance(right, dict):
        keys, values = list(right), list(right.values())
        return dict(zip(keys, values[1:] + values[:1], strict=True))
    if variant.type == "single_choice":
        return chance.choice([choice.id for choice in variant.choices if choice.id != right])
    if variant.type == "numeric":
        return str(Decimal(right) + 10)
    return "không rõ"


def _clock(start: datetime, chance: random.Random) -> Iterator[datetime]:
    """Moments of one officer's work, each some minutes after the one before."""
    moment = start
    while True:
        moment += timedelta(seconds=chance.uniform(20, 400))
        yield moment
