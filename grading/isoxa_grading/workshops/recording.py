"""Recording result files: evidence of the workshop, the lesson work that is not here yet, and, signed with the code on
the wall, the quizzes as attempts.

Everything in the caller's transaction (`importing` takes many files in portions); done twice it changes nothing. What
somebody did on this portal is never touched: a work product of theirs stays, an attempt is added beside theirs by the
rules that hold for everybody, scored by the same function as any other. Facts bear the day of the import: what a report
said of an earlier day stays so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from isoxa_courses.manifest import EditionManifest
from isoxa_courses.text import VIETNAM, clean, name_sort_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.completion import record_started
from isoxa_grading.records.attempts import current_enrolment
from isoxa_grading.records.attempts.find import attempts_of, extra_attempts
from isoxa_grading.records.attempts.standing import refused, standing_of
from isoxa_grading.records.attempts.submitting import HandIn, submit_attempts
from isoxa_grading.records.audit import audit, id_of
from isoxa_grading.records.enrolments import enrol
from isoxa_grading.records.lesson_standing import complete_lessons
from isoxa_grading.records.lessons import save_item
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import (
    Account,
    Answer,
    Attempt,
    AttemptStatus,
    Enrolment,
    LessonWork,
    Membership,
    Person,
    QualityRole,
    QuizVersion,
    Workshop,
    WorkshopResult,
)

from .checking import CheckedAttempt, CheckedFile
from .errors import WorkshopRefused
from .joining import SOURCE
from .previewing import LEAVE_OUT, NEW_PERSON, Line

__all__ = ["Recorded", "decided", "record"]

_KEY_BEGINS = "tap-huan:"


@dataclass(frozen=True)
class Recorded:
    """A file that was recorded. ``counted``: quizzes that became attempts."""

    line: Line
    person_id: int
    new_person: bool
    counted: int
    figures: dict[str, Any]


def decided(lines: Sequence[Line], choices: Mapping[str, str]) -> list[tuple[Line, str]]:
    """Each line that may be recorded, with what is chosen for it. Raises `WorkshopRefused` as `record` does."""
    wanted = [(line, choices.get(line.sha256, line.choice)) for line in lines if line.checked is not None]
    taken: set[str] = set()
    for line, choice in wanted:
        if choice not in line.choices:
            raise WorkshopRefused(
                "Danh sách đã thay đổi từ lúc xem trước. Xin xem lại rồi xác nhận; chưa có gì được ghi."
            )
        if choice not in (LEAVE_OUT, NEW_PERSON) and choice in taken:
            raise WorkshopRefused("Hai tệp được chọn cho cùng một người. Xin chọn lại; chưa có gì được ghi.")
        taken.add(choice)
    return wanted


def record(
    session: Session,
    library: CourseLibrary,
    workshop: Workshop,
    lines: Sequence[Line],
    choices: Mapping[str, str],
    *,
    count_attempts: bool,
    actor: Account | int | None,
    now: datetime,
) -> list[Recorded]:
    """Record the lines; ``choices``: sha256 → choice, for lines that are not left to `Line.choice`.

    ``count_attempts`` False keeps coded quizzes as evidence too. Raises `WorkshopRefused` for a choice that a line
    does not offer, or two files for one person; then nothing was written.
    """
    return [
        _record(session, library, workshop, line, choice, count_attempts, actor, now)
        for line, choice in decided(lines, choices)
        if choice != LEAVE_OUT
    ]


def _record(
    session: Session,
    library: CourseLibrary,
    workshop: Workshop,
    line: Line,
    choice: str,
    count_attempts: bool,
    actor: Account | int | None,
    now: datetime,
) -> Recorded:
    checked = line.checked
    assert checked is not None
    new = choice == NEW_PERSON
    person = (
        _new_person(session, line, actor, now) if new else session.get_one(Person, int(choice.split(":")[1]))
    )
    enrolment = _enrolment(session, checked, person, actor, now)
    current = current_enrolment(session, person.id, workshop.course)
    # Work is done on an edition: somebody enrolled in another one keeps the file as evidence alone.
    same = current is not None and current.id == enrolment.id and enrolment.edition_id == checked.edition.id
    added, kept = _lesson_work(session, library, checked, enrolment, now) if same else (0, 0)
    outcomes = [
        _attempt(session, library, workshop, line, one, enrolment, same and count_attempts, now)
        for one in checked.attempts
    ]
    if same and (added or outcomes):
        record_started(session, enrolment, now=now)
    figures = {
        "lessons_done": len(checked.done),
        "lessons_saved": len(checked.content.lessons),
        "lessons_added": added,
        "lessons_kept": kept,
        "attempts": outcomes,
    }
    result = WorkshopResult(
        workshop_id=workshop.id,
        enrolment_id=enrolment.id,
        key=checked.content.participant.key,
        file_name=line.file_name,
        file_sha256=line.sha256,
        made_at=checked.content.made_at,
        coded=line.coded,
        figures=figures,
        content=checked.file.text,
        imported_at=now,
        imported_by_account_id=id_of(actor),
    )
    session.add(result)
    session.flush()
    unit_id = line.unit.id if line.unit else None
    detail = {"workshop": workshop.id, "coded": line.coded, "sha256": line.sha256}
    audit(session, actor, "workshop.result_recorded", "person", person.id, unit_id, detail, now)
    return Recorded(line, person.id, new, sum(one["counted"] for one in outcomes), figures)


def _new_person(session: Session, line: Line, actor: Account | int | None, now: datetime) -> Person:
    participant, unit = line.participant, line.unit
    assert participant is not None
    assert unit is not None
    full_name = clean(participant.full_name)
    person = Person(
        full_name=full_name,
        sort_key=name_sort_key(full_name),
        staff_code=clean(participant.staff_code) or None,
        created_at=now,
    )
    session.add(person)
    session.flush()
    role = participant.quality_role
    service = Membership(
        person_id=person.id,
        unit_id=unit.id,
        position=clean(participant.position) or None,
        quality_role=QualityRole(role) if role in list(QualityRole) else None,
        valid_from=now.astimezone(VIETNAM).date(),
    )
    session.add(service)
    session.flush()
    audit(session, actor, "person.created", "person", person.id, unit.id, {"source": SOURCE}, now)
    return person


def _enrolment(
    session: Session, checked: CheckedFile, person: Person, actor: Account | int | None, now: datetime
) -> Enrolment:
    """The enrolment in the course; a new one in the file's edition for somebody who never had any.

    One that was withdrawn is not given back: that was somebody's decision.
    """
    current = current_enrolment(session, person.id, checked.edition.course)
    if current is not None:
        return current
    ended = session.scalar(
        select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.edition_id == checked.edition.id)
    )
    if ended is not None:
        return ended
    return enrol(session, person, checked.edition, due_on=None, source=SOURCE, actor=actor, now=now)


def _lesson_work(
    session: Session, library: CourseLibrary, checked: CheckedFile, enrolment: Enrolment, now: datetime
) -> tuple[int, int]:
    """Add what is not here, or is from an earlier file; how many were added, and how many of one's own kept."""
    here = {
        (one.lesson, one.item): one
        for one in session.scalars(select(LessonWork).where(LessonWork.enrolment_id == enrolment.id))
    }
    added = kept = 0
    for item in checked.content.lessons:
        before = here.get((item.lesson, item.item))
        if before is not None and (
            not before.write_key.startswith(_KEY_BEGINS) or before.state == item.state
        ):
            kept += before.state != item.state
            continue
        save_item(
            session,
            library,
            enrolment.person_id,
            checked.edition.course,
            item.lesson,
            item.item,
            item.state,
            before.sequence + 1 if before else 1,
            f"{_KEY_BEGINS}{checked.file.sha256[:40]}",
            now,
        )
        added += 1
    return added, kept


def _attempt(
    session: Session,
    library: CourseLibrary,
    workshop: Workshop,
    line: Line,
    one: CheckedAttempt,
    enrolment: Enrolment,
    may_count: bool,
    now: datetime,
) -> dict[str, Any]:
    """What a quiz came to, as the result's figures keep it; and the attempt itself where it counts."""
    assert line.checked is not None
    why = "" if may_count else "evidence"
    day = one.attempt.submitted_at.astimezone(VIETNAM).date()
    if not line.coded:
        why = "no_code"
    elif not workshop.held_on <= day <= workshop.held_until:
        why = "other_day"
    attempt_id = _attempt_id(line.checked.content.participant.key, one.attempt.id)
    counted = False
    if not why:
        recorded = session.get(Attempt, attempt_id)
        if recorded is None:
            why = _add_attempt(session, library, one, enrolment, attempt_id, now)
        elif recorded.enrolment_id != enrolment.id:
            why = "of_another"
        counted = not why
    return {
        "quiz": one.attempt.quiz,
        "version": one.attempt.version,
        "number": one.attempt.number,
        "submitted_at": one.attempt.submitted_at.isoformat(),
        "points": str(one.points),
        "max_points": str(one.max_points),
        "waiting": list(one.waiting),
        "counted": counted,
        "why": why,
    }


def _add_attempt(
    session: Session,
    library: CourseLibrary,
    one: CheckedAttempt,
    enrolment: Enrolment,
    attempt_id: str,
    now: datetime,
) -> str:
    """Store and hand in; '' or, where the rules for everybody allow no more attempt, why not."""
    edition, quiz = enrolment.edition, one.attempt.quiz
    manifest = EditionManifest.from_json(edition.manifest)
    before = attempts_of(session, enrolment.id, quiz)
    standing = standing_of(
        manifest,
        quiz,
        before,
        complete_lessons(session, enrolment.id, manifest),
        extra_attempts(session, enrolment.id).get(quiz, 0),
    )
    if standing.refusal is not None:
        return refused(standing, manifest, standing.refusal).reason.value
    version = session.scalar(
        select(QuizVersion).where(
            QuizVersion.course == edition.course,
            QuizVersion.quiz == quiz,
            QuizVersion.version == one.attempt.version,
        )
    )
    if standing.open is not None or version is None:
        return "open" if version is not None else "not_built"
    attempt = Attempt(
        id=attempt_id,
        enrolment=enrolment,
        quiz=quiz,
        quiz_version=version,
        number=standing.used + 1,
        seed=one.attempt.seed,
        drawn=one.drawn.to_json(),
        status=AttemptStatus.OPEN,
        started_at=one.attempt.started_at,
        max_points=one.max_points,
    )
    session.add(attempt)
    session.flush()
    for number, (slot, answer) in enumerate(one.answers.items(), 1):
        session.add(
            Answer(
                attempt_id=attempt_id,
                slot=slot,
                sequence=1,
                write_key=f"{_KEY_BEGINS}{number}",
                answer=answer,
                saved_at=one.attempt.submitted_at,
            )
        )
    session.flush()
    [outcome] = submit_attempts(session, library, [HandIn(attempt_id, enrolment.person_id, now)])
    if isinstance(outcome, Exception):
        raise outcome
    attempt.submitted_at = one.attempt.submitted_at
    session.flush()
    return ""


def _attempt_id(key: str, attempt: str) -> str:
    """The same for the same attempt in every file of a participant, and never that of an attempt made here."""
    return hashlib.sha256(f"workshop/{key}/{attempt}".encode()).hexdigest()[:32]
