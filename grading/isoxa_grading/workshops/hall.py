"""What the trainer's screen shows of a room: figures of those who came into this portal by name, and no name.

Read from the records with six statements however many sit in the room, since the screen asks every few seconds. People
on a portal of their own (a container each) are not in these records; the page says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from isoxa_courses.drawing import DrawnQuiz
from isoxa_courses.errors import UnknownName
from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import VIETNAM
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.progress_views import StepKind
from isoxa_grading.records.tables import (
    Account,
    Answer,
    Attempt,
    AttemptStatus,
    CourseEdition,
    Enrolment,
    LessonWork,
    SignInSession,
    SlotScore,
    Workshop,
    WorkshopEntry,
)

from .pacing import HallStep, class_of, runs_on, steps_of

__all__ = ["ACTIVE_MINUTES", "LEAST_ANSWERS", "HallView", "Hardest", "StepCount", "look_into_hall"]

ACTIVE_MINUTES = 5
LEAST_ANSWERS = 3
"""Of fewer answers no question is called hard: it would be one person's."""
_Step = tuple[StepKind, str]


@dataclass(frozen=True)
class StepCount:
    """``here``: people who are at this step; ``done``: who are through with it (a quiz: handed in at least once)."""

    step: HallStep
    here: int
    done: int


@dataclass(frozen=True)
class Hardest:
    """The question answered wrong most often. ``prompt``: its words, without choices and key."""

    quiz: str
    prompt: str
    wrong: int
    answered: int


@dataclass(frozen=True)
class HallView:
    """Everybody who joined is at one step, or through with all (``finished``)."""

    joined: int
    active: int
    finished: int
    steps: tuple[StepCount, ...]
    hardest: Hardest | None


def look_into_hall(session: Session, library: CourseLibrary, workshop: Workshop, now: datetime) -> HallView:
    """The room of a workshop now. Raises ``EditionMissing`` where this portal lost the course it published."""
    edition = latest_edition(session, workshop.course)
    accounts = _members(session, workshop, now)
    if edition is None:
        return HallView(len(accounts), 0, 0, (), None)
    manifest = EditionManifest.from_json(edition.manifest)
    enrolments = _enrolments(session, edition, accounts)
    work = _Work(session, manifest, [*enrolments.values()])
    steps = steps_of(manifest)
    here, done = Counter[_Step](), Counter[_Step]()
    finished = 0
    for account in accounts:
        enrolment = enrolments.get(account)
        place = work.place(enrolment, steps)
        if place is None:
            finished += 1
        else:
            here[place] += 1
        done.update(work.done[enrolment] if enrolment is not None else ())
    since = now - timedelta(minutes=ACTIVE_MINUTES)
    awake = _seen_since(session, accounts, since)
    active = sum(
        one in awake or (enrolments.get(one) is not None and work.last(enrolments[one]) >= since)
        for one in accounts
    )
    counts = tuple(StepCount(one, here[one.kind, one.id], done[one.kind, one.id]) for one in steps)
    return HallView(
        len(accounts), active, finished, counts, _hardest(session, library, edition, work.handed_in)
    )


def _members(session: Session, workshop: Workshop, now: datetime) -> list[int]:
    """Accounts of those who are in this class."""
    today = now.astimezone(VIETNAM).date()
    everyone = session.scalars(select(Workshop).order_by(Workshop.id)).all()
    running = [one for one in everyone if one.course == workshop.course and runs_on(one, today)]
    if workshop not in running:
        # Another day: those who typed its code.
        running = [workshop]
    codes = [one.code for one in everyone]
    query = (
        select(WorkshopEntry.account_id, WorkshopEntry.class_code)
        .join(Account, Account.id == WorkshopEntry.account_id)
        .where(Account.disabled_at.is_(None))
    )
    found = []
    for account, code in session.execute(query):
        if class_of(code, running, codes) is workshop and (code == workshop.code or runs_on(workshop, today)):
            found.append(account)
    return found


def _enrolments(session: Session, edition: CourseEdition, accounts: Collection[int]) -> dict[int, int]:
    """Account → enrolment in the edition."""
    query = (
        select(Account.id, Enrolment.id)
        .join(Enrolment, Enrolment.person_id == Account.person_id)
        .where(Account.id.in_(accounts), Enrolment.edition_id == edition.id)
    )
    return dict(session.execute(query).all())


def _seen_since(session: Session, accounts: Collection[int], since: datetime) -> set[int]:
    query = select(SignInSession.account_id).where(
        SignInSession.account_id.in_(accounts),
        SignInSession.ended_at.is_(None),
        SignInSession.last_seen_at >= since,
    )
    return set(session.scalars(query))


class _Work:
    """What people did, by enrolment: steps they are through with, and when they last did something in which."""

    def __init__(self, session: Session, manifest: EditionManifest, enrolments: Sequence[int]) -> None:
        self.done: dict[int, set[_Step]] = {one: set() for one in enrolments}
        self.handed_in: list[str] = []
        self._open: dict[int, _Step] = {}
        self._latest: dict[int, tuple[datetime, _Step]] = {}
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

    def _note(self, enrolment: int, step: _Step, at: datetime) -> None:
        known = self._latest.get(enrolment)
        if known is None or at > known[0]:
            self._latest[enrolment] = (at, step)

    def last(self, enrolment: int) -> datetime:
        """When something was last saved; long ago if nothing was."""
        known = self._latest.get(enrolment)
        return known[0] if known is not None else datetime.fromtimestamp(0, VIETNAM)

    def place(self, enrolment: int | None, steps: Sequence[HallStep]) -> _Step | None:
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


def _hardest(
    session: Session, library: CourseLibrary, edition: CourseEdition, attempts: Collection[str]
) -> Hardest | None:
    """Among answers scored so far, the question (as it was drawn) with the greatest share that is not fully right. What
    was left empty is no answer."""
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
    wrong, answered = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for row in newest.values():
        key = (row.quiz, row.slot, DrawnQuiz.from_json(row.drawn).slot(row.slot).variant)
        answered[key] += 1
        wrong[key] += row.points < row.max_points
    asked = [key for key, count in answered.items() if count >= LEAST_ANSWERS and wrong[key]]
    for key in sorted(asked, key=lambda one: (-wrong[one] / answered[one], -answered[one], one)):
        quiz = library.quiz(edition.course, edition.edition, key[0])
        try:
            prompt = quiz.slot(key[1]).variant(key[2]).prompt
        except UnknownName:
            continue
        return Hardest(quiz.title, prompt, wrong[key], answered[key])
    return None
