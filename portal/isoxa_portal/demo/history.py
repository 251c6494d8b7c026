"""A made-up history, played through the real code: lessons worked, quizzes taken, written answers graded.

Nobody's record is written directly: every act goes through the same services as a browser's, with the clock set to
the day it is said to have happened. Each officer's course of things follows from the seed and their staff code, so
the demo is the same on every machine.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from isoxa_courses.drawing import DrawnQuiz, publish_answer
from isoxa_courses.models import Course, Lesson, Quiz, Slot
from isoxa_courses.questions import type_of
from isoxa_grading.records.attempts import AttemptService
from isoxa_grading.records.database import reading
from isoxa_grading.records.lessons import LessonService
from isoxa_grading.records.tables import Attempt
from sqlalchemy import Engine

from .practice import finished_states

# How far an officer gets: (weight, share of the course's lessons done with their quizzes, what comes next).
_STORIES = (
    (55, 0.0, "nothing"),
    (16, 0.0, "lesson_begun"),
    (3, 0.2, "lesson_begun"),
    (1, 0.6, "lesson_begun"),
    (8, 0.0, "lesson_done"),
    (2, 0.2, "quiz_open"),
    (5, 0.0, "waiting"),
    (3, 0.0, "failed"),
    (2, 1.0, "waiting_at_the_end"),
    (1, 1.0, "failed_once"),
    (4, 1.0, "nothing"),
)

_COMMENT_GOOD = "Rõ ràng, có số liệu ở từng bước."
_COMMENT_MORE = "Nêu được ý chính; cần số liệu cụ thể hơn và nói rõ ai làm, bao giờ xong."


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
        _weight, share, ending = chance.choices(_STORIES, [story[0] for story in _STORIES])[0]
        lessons = self._course.lessons
        whole = round(share * len(lessons))
        if whole == 0 and ending == "nothing":
            return
        clock = _clock(until - timedelta(days=chance.uniform(8, 55)), chance)
        for place, lesson in enumerate(lessons[:whole]):
            self._work_lesson(officer, lesson, clock, chance, whole=True)
            last = place == whole - 1
            for quiz in self._quizzes_after(lesson):
                if ending == "failed_once" and place == 0:
                    self._take(officer, quiz, clock, chance, skill=0.35)
                self._take(
                    officer,
                    quiz,
                    clock,
                    chance,
                    skill=0.97,
                    grade=not (last and share == 1.0 and "waiting" in ending),
                )
        if whole < len(lessons):
            self._begin(officer, lessons[whole], ending, clock, chance)

    def _begin(
        self, officer: Actor, lesson: Lesson, ending: str, clock: Iterator[datetime], chance: random.Random
    ) -> None:
        """The lesson where the officer is now, as far as the story's ``ending`` goes."""
        if ending == "nothing":
            return
        self._work_lesson(officer, lesson, clock, chance, whole=ending != "lesson_begun")
        for quiz in self._quizzes_after(lesson):
            if ending == "failed":
                self._take(officer, quiz, clock, chance, skill=0.35)
            elif ending == "waiting":
                self._take(officer, quiz, clock, chance, skill=0.9, grade=False)
            elif ending == "quiz_open":
                self._take(officer, quiz, clock, chance, skill=0.8, submit=False)

    def _quizzes_after(self, lesson: Lesson) -> list[Quiz]:
        return [quiz for quiz in self._course.quizzes if quiz.after == lesson.id]

    def _work_lesson(
        self,
        officer: Actor,
        lesson: Lesson,
        clock: Iterator[datetime],
        chance: random.Random,
        *,
        whole: bool,
    ) -> None:
        states = finished_states(lesson)
        wanted = len(states) if whole else chance.randint(1, max(1, len(states) - 1))
        for sequence, (item, state) in enumerate(states[:wanted], start=1):
            self._lessons.save(
                officer.person_id,
                self._course.id,
                lesson.id,
                item,
                state,
                sequence,
                f"demo-{item}",
                next(clock),
            )

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
                    _COMMENT_MORE if share < 1 else _COMMENT_GOOD,
                    self._trainer,
                    next(clock) + timedelta(days=2),
                )

    def _answer(self, quiz: Quiz, slot: Slot, drawn: DrawnQuiz, chance: random.Random, skill: float) -> Any:
        """The right answer with the chance ``skill``, else another slot's luck: wrong, or none at all."""
        variant = slot.variant(drawn.slot(slot.id).variant)
        if slot.judged_by_trainer:
            return _essay(variant, skill) if chance.random() < 0.95 else None
        right = type_of(variant).right_answer(variant)
        if chance.random() < skill:
            return right
        return wrong_answer(right, variant, chance)


def _essay(question: Any, skill: float) -> str:
    """What somebody writes who has understood it, or half of it: the sample's sentences."""
    sentences = re.split(r"(?<=[.!?])\s+", question.sample)
    kept = sentences if skill > 0.6 else sentences[: max(1, len(sentences) // 2)]
    return " ".join(kept)


def wrong_answer(right: Any, variant: Any, chance: random.Random) -> Any:
    """A believable wrong or partly right answer of the same form, never one that is all right; sometimes none."""
    if chance.random() < 0.15:
        return None
    if isinstance(right, list):
        if variant.type == "ordering":
            swapped = list(right)
            swapped[0], swapped[-1] = swapped[-1], swapped[0]
            return swapped
        return right[:-1] or None
    if isinstance(right, dict):
        return _misplaced(right, variant)
    if variant.type == "single_choice":
        return chance.choice([choice.id for choice in variant.choices if choice.id != right])
    if variant.type == "numeric":
        return str(Decimal(right) + 10)
    return "không rõ"


def _misplaced(right: dict[str, Any], variant: Any) -> dict[str, Any] | None:
    """The same places with each other's contents; where that is no mistake, one that is; None if there is none."""
    keys, values = list(right), list(right.values())
    tries = [dict(zip(keys, values[1:] + values[:1], strict=True))]
    if variant.type == "matrix_score":
        # A level two away is beyond every tolerance.
        tries.append({key: [(level + 1) % 5 + 1 for level in levels] for key, levels in right.items()})
    elif variant.type in ("classification", "table_fill"):
        options = variant.boxes if variant.type == "classification" else variant.bank
        tries += [right | {keys[0]: option.id} for option in options]
    tries.append(dict(list(right.items())[:-1]))
    full = Decimal(1)
    kind = type_of(variant)
    return next((one for one in tries if one and kind.score(variant, one, full).points != full), None)


def _clock(start: datetime, chance: random.Random) -> Iterator[datetime]:
    """Moments of one officer's work, each some minutes after the one before."""
    moment = start
    while True:
        moment += timedelta(seconds=chance.uniform(20, 400))
        yield moment
