"""What the trainer's screen shows of a room: figures of those who came into this portal by name, and of those whose
pages report to it from a portal of their own (a container each); and no name.

Read from the records with seven statements however many sit in the room, since the screen asks every few seconds.
Pages that do not report are not seen; the page says so. What is reported is what those pages say, and proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from isoxa_courses.errors import UnknownName
from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import VIETNAM
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import (
    Account,
    CourseEdition,
    Enrolment,
    SignInSession,
    Workshop,
    WorkshopEntry,
)

from .pacing import HallStep, class_of, runs_on, steps_of
from .presence import reported_by
from .whereabouts import Question, Step, Work, answered_wrong

__all__ = ["ACTIVE_MINUTES", "LEAST_ANSWERS", "HallView", "Hardest", "StepCount", "look_into_hall"]

ACTIVE_MINUTES = 5
LEAST_ANSWERS = 3
"""Of fewer answers no question is called hard: it would be one person's."""


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
    """Everybody who joined is at one step, or through with all (``finished``). ``reported``: how many of those who
    joined are known from what their pages report."""

    joined: int
    active: int
    finished: int
    steps: tuple[StepCount, ...]
    hardest: Hardest | None
    reported: int = 0


def look_into_hall(session: Session, library: CourseLibrary, workshop: Workshop, now: datetime) -> HallView:
    """The room of a workshop now. Raises ``EditionMissing`` where this portal lost the course it published."""
    edition = latest_edition(session, workshop.course)
    accounts = _members(session, workshop, now)
    if edition is None:
        return HallView(len(accounts), 0, 0, (), None)
    manifest = EditionManifest.from_json(edition.manifest)
    enrolments = _enrolments(session, edition, accounts)
    work = Work(session, manifest, [*enrolments.values()])
    steps = steps_of(manifest)
    here, done = Counter[Step](), Counter[Step]()
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
    wrong, answered = answered_wrong(session, work.handed_in)
    keys = {(one.kind, one.id) for one in steps}
    reports = reported_by(session, workshop)
    for one in reports:
        finished += one.at is None
        if one.at in keys:
            here[one.at] += 1
        done.update(step for step in one.done if step in keys)
        wrong.update({question: count for question, (count, _all) in one.answers.items()})
        answered.update({question: count for question, (_wrong, count) in one.answers.items()})
    active += sum(one.seen_at >= since for one in reports)
    counts = tuple(StepCount(one, here[one.kind, one.id], done[one.kind, one.id]) for one in steps)
    hardest = _hardest(library, edition, wrong, answered)
    return HallView(len(accounts) + len(reports), active, finished, counts, hardest, len(reports))


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


def _hardest(
    library: CourseLibrary, edition: CourseEdition, wrong: Counter[Question], answered: Counter[Question]
) -> Hardest | None:
    """The question (as it was drawn) with the greatest share of answers that are not fully right."""
    asked = [key for key, count in answered.items() if count >= LEAST_ANSWERS and wrong[key]]
    for key in sorted(asked, key=lambda one: (-wrong[one] / answered[one], -answered[one], one)):
        try:
            quiz = library.quiz(edition.course, edition.edition, key[0])
            prompt = quiz.slot(key[1]).variant(key[2]).prompt
        except UnknownName:
            continue
        return Hardest(quiz.title, prompt, wrong[key], answered[key])
    return None
