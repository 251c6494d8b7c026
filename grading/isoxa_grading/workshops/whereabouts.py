"""What people did in a course, read for many at once: the steps they are through with, where they are, and which
questions were answered wrong how often. For the trainer's screen, and for what a participant's page reports.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from isoxa_courses.drawing import DrawnQuiz
from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import VIETNAM
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from isoxa_grading.records.progress_views import StepKind
from isoxa_grading.records.tables import Answer, Attempt, AttemptStatus, LessonWork, SlotScore

from .pacing import HallStep

__all__ = ["Question", "Step", "Work", "answered_wrong"]

Step = tuple[StepKind, str]
Question = tuple[str, str, str]
"""Quiz, slot, variant."""


class Work:
    """What people did, by enrolment: steps they are through with, and when they last did something in which."""

    def __init__(self, session: Session, manifest: EditionManifest, enrolments: Sequence[int]) -> None:
        self.done: dict[int, set[Step]] = {one: set() for one in enrolments}
        self.handed_in: list[str] = []
        self._open: dict[int, Step] = {}
        self._latest: dict[int, tuple[datetime, Step]] = {}
        self._read_lessons(session, manifest)
        self._read_attempts(session)

    def _read_lessons(self, session: Session, manifest: EditionManifest) -> None:
        query = select(
            LessonWork.enrolment_id,
            LessonWork.lesson,
            LessonWork.item,
            LessonWork.done_at,
            LessonWork.saved_at,
        ).where(LessonWork.enrolment_id.in_(self.done))
        items: dict[tuple[int, str], set[str]] = defaultdict(set)
        for enrolment, lesson, item, done_at, saved_at in session.execute(query):
            self._note(enrolment, (StepKind.LESSON, lesson), saved_at)
            if done_at is not None:
                items[enrolment, lesson].add(item)
        for entry in manifest.lessons:
            for enrolment, done in self.done.items():
                if items[enrolment, entry.id].issuperset(entry.items):
                    done.add((StepKind.LESSON, entry.id))

    def _read_attempts(self, session: Session) -> None:
        last = select(func.max(Answer.saved_at)).where(Answer.attempt_id == Attempt.id).scalar_subquery()
        query = select(
            Attempt.id, Attempt.enrolment_id, Attempt.quiz, Attempt.status, Attempt.started_at,
            Attempt.submitted_at, last,
        ).where(Attempt.enrolment_id.in_(self.done))  # fmt: skip
        for id_, enrolment, quiz, status, started_at, submitted_at, saved_at in session.execute(query):
            step = (StepKind.QUIZ, quiz)
            self._note(enrolment, step, max(one for one in (started_at, submitted_at, saved_at) if one))
            if status is AttemptStatus.OPEN:
                self._open[enrolment] = step
            else:
                self.done[enrolment].add(step)
                self.handed_in.append(id_)

    def _note(self, enrolment: int, step: Step, at: datetime) -> None:
        known = self._latest.get(enrolment)
        if known is None or at > known[0]:
            self._latest[enrolment] = (at, step)

    def last(self, enrolment: int) -> datetime:
        """When something was last saved; long ago if nothing was."""
        known = self._latest.get(enrolment)
        return known[0] if known is not None else datetime.fromtimestamp(0, VIETNAM)

    def place(self, enrolment: int | None, steps: Sequence[HallStep]) -> Step | None:
        """Where somebody is: at the quiz they have open, else where they last worked, else at the next step that is
        not done; None: through with everything."""
        keys = [(one.kind, one.id) for one in steps]
        if enrolment is None:
            return keys[0] if keys else None
        if enrolment in self._open:
            return self._open[enrolment]
        at = 0
        known = self._latest.get(enrolment)
        if known is not None and known[1] in keys:
            at = keys.index(known[1])
        return next((one for one in keys[at:] + keys[:at] if one not in self.done[enrolment]), None)


def answered_wrong(
    session: Session, attempts: Collection[str]
) -> tuple[Counter[Question], Counter[Question]]:
    """Of these attempts' answers that were scored: question → how many were not fully right, and how many there were.
    What was left empty is no answer."""
    answered_at_all = (Answer.attempt_id == SlotScore.attempt_id) & (Answer.slot == SlotScore.slot)
    query = (
        select(
            Attempt.quiz, Attempt.drawn, SlotScore.slot, SlotScore.points, SlotScore.max_points, Attempt.id
        )
        .join(SlotScore, SlotScore.attempt_id == Attempt.id)
        .where(Attempt.id.in_(attempts), exists().where(answered_at_all))
        .order_by(SlotScore.round, SlotScore.revision)
    )
    newest = {(row.id, row.slot): row for row in session.execute(query)}
    wrong, answered = Counter[Question](), Counter[Question]()
    for row in newest.values():
        key = (row.quiz, row.slot, DrawnQuiz.from_json(row.drawn).slot(row.slot).variant)
        answered[key] += 1
        wrong[key] += row.points < row.max_points
    return wrong, answered
