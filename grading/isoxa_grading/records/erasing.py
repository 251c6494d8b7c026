"""Answering requests about personal data (Law 91/2025/QH15): correct it, or erase what need not be kept.

The rule, told to administrators in docs/administrators/privacy.md: the training record (enrolments, dated facts,
attempts, points, marks, the unit and the part in its quality system at the time) is evidence of competence that ISO
9001:2015 clause 7.2 d) has the unit keep; it stays, under a pseudonym. Name, staff code, birth date, telephone, e-mail,
position, the account's name and password, addresses and browsers of sign-ins, everything the person typed (written and
short answers, lesson work, requests, files handed in), comments on it and the name in certificates are erased. Service
ends, so nobody is counted as trained who cannot be named. The audit log records that it was done, and holds no values.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from isoxa_courses.drawing import DrawnQuiz, drawn_question
from isoxa_courses.text import VIETNAM, clean, name_sort_key
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from isoxa_grading.certificates.issuing import forget_person

from .accounts import disable_account, raise_version
from .audit import audit, id_of
from .library import CourseLibrary
from .roster.undoing import forget_in_imports
from .tables import (
    Account,
    Answer,
    Attempt,
    AttemptStatus,
    DataRequest,
    DataRequestKind,
    EffectReview,
    Enrolment,
    HandIn,
    HandInGrant,
    LessonWork,
    LoginFailure,
    Membership,
    OutboxItem,
    Person,
    Reminder,
    Reopening,
    RoleGrant,
    SignInSession,
    SlotScore,
    WorkshopResult,
)

__all__ = ["ERASED_TEXT", "answer_request", "ask", "correct_person", "erase_person", "pseudonym"]

ERASED_TEXT = "(Đã xóa theo yêu cầu của người học)"
_TYPED = ("written", "short_text")
_CORRECTABLE = ("full_name", "staff_code", "birth_date", "birth_year", "phone", "email")
LONGEST_REQUEST = 2000


def pseudonym(person_id: int) -> str:
    """The name an erased person is listed under."""
    return f"Người đã được xóa thông tin #{person_id}"


def ask(
    session: Session, person: Person, kind: DataRequestKind, text: str, *, actor: Account, unit_id: int | None,
    now: datetime,
) -> DataRequest:  # fmt: skip
    """Record a request; one of a kind that is still open is written anew instead of a second one."""
    request = session.scalars(
        select(DataRequest).where(
            DataRequest.person_id == person.id, DataRequest.kind == kind, DataRequest.closed_at.is_(None)
        )
    ).first()
    if request is None:
        request = DataRequest(person_id=person.id, kind=kind, text="", requested_at=now)
        session.add(request)
    request.text, request.requested_at = clean(text, lines=True)[:LONGEST_REQUEST], now
    session.flush()
    audit(session, actor, "data_request.made", "person", person.id, unit_id, {"kind": kind.value}, now)
    return request


def answer_request(
    session: Session, request: DataRequest, *, done: bool, answer: str, actor: Account | int | None,
    unit_id: int | None, now: datetime,
) -> None:  # fmt: skip
    """Close a request with what the person will read."""
    request.closed_at, request.closed_by_account_id = now, id_of(actor)
    request.done, request.answer = done, clean(answer, lines=True)[:LONGEST_REQUEST]
    audit(
        session, actor, "data_request.answered", "person", request.person_id, unit_id,
        {"kind": request.kind.value, "done": done}, now,
    )  # fmt: skip


def correct_person(
    session: Session, person: Person, account: Account, values: dict[str, Any], *, actor: Account | int | None,
    unit_id: int | None, now: datetime,
) -> list[str]:  # fmt: skip
    """Set these fields of ``Person`` (``_CORRECTABLE``); the names of those that changed."""
    changed = [name for name in _CORRECTABLE if name in values and values[name] != getattr(person, name)]
    if not changed:
        return []
    for name in changed:
        setattr(person, name, values[name])
    if "full_name" in changed:
        person.sort_key = name_sort_key(person.full_name)
        account.display_name = person.full_name
        _tell_gradebook(session, person, now)
    raise_version(account)
    session.flush()
    audit(session, actor, "person.corrected", "person", person.id, unit_id, {"fields": changed}, now)
    return changed


def erase_person(
    session: Session, library: CourseLibrary, person: Person, *, actor: Account | int | None, now: datetime
) -> None:
    """Erase what need not be kept; see this module's rule. Raises ``EditionMissing`` if it cannot be told which
    answers were typed. Done twice it changes nothing.
    """
    if person.erased_at is not None:
        return
    unit_id = _end_service(session, person, now.astimezone(VIETNAM).date())
    attempts = session.scalars(
        select(Attempt).join(Enrolment).where(Enrolment.person_id == person.id).order_by(Attempt.id)
    ).all()
    for attempt in attempts:
        _erase_typed(session, library, attempt)
    session.execute(
        update(LessonWork)
        .where(LessonWork.enrolment_id.in_(select(Enrolment.id).where(Enrolment.person_id == person.id)))
        .values(state={})
    )
    # The files themselves go after the commit: `isoxa_grading.handins.remove_forgotten`.
    session.execute(update(HandIn).where(HandIn.person_id == person.id).values(files=[], notes=[]))
    session.execute(update(HandInGrant).where(HandInGrant.person_id == person.id).values(reason=ERASED_TEXT))
    for account in session.scalars(select(Account).where(Account.person_id == person.id)):
        _erase_account(session, account, person, actor, now)
    session.execute(
        update(DataRequest).where(DataRequest.person_id == person.id).values(text="", answer=None)
    )
    session.execute(
        update(Reminder)
        .where(Reminder.enrolment_id.in_(select(Enrolment.id).where(Enrolment.person_id == person.id)))
        .values(address=None)
    )
    forget_in_imports(session, person.id)
    forget_person(session, person.id)
    _erase_reviews(session, person.id)
    _erase_workshops(session, person.id)
    person.full_name = pseudonym(person.id)
    person.sort_key = name_sort_key(person.full_name)
    person.staff_code = person.birth_date = person.birth_year = person.phone = person.email = None
    person.erased_at = now
    _tell_gradebook(session, person, now)
    audit(session, actor, "person.erased", "person", person.id, unit_id, {}, now)
    session.flush()


def _end_service(session: Session, person: Person, day: date) -> int | None:
    """End the service yesterday; positions go. Where they served last, for the audit row."""
    last = None
    for membership in session.scalars(
        select(Membership)
        .where(Membership.person_id == person.id)
        .order_by(Membership.valid_from, Membership.id)
    ):
        membership.position = None
        if membership.valid_to is None:
            membership.valid_to = max(day - timedelta(days=1), membership.valid_from)
        last = membership.unit_id
    return last


def _erase_reviews(session: Session, person_id: int) -> None:
    """Words about the person go from the reviews of them; the judgement and its day stay."""
    mine = select(Enrolment.id).where(Enrolment.person_id == person_id)
    session.execute(
        update(EffectReview)
        .where(EffectReview.enrolment_id.in_(mine))
        .values(changed=ERASED_TEXT, next_step="", figures=[])
    )


def _erase_workshops(session: Session, person_id: int) -> None:
    """The files that were brought home go, with all that was typed; what they came to, and the day, stay."""
    mine = select(Enrolment.id).where(Enrolment.person_id == person_id)
    session.execute(
        update(WorkshopResult).where(WorkshopResult.enrolment_id.in_(mine)).values(content="", file_name="")
    )


def _erase_typed(session: Session, library: CourseLibrary, attempt: Attempt) -> None:
    edition = attempt.enrolment.edition
    quiz = library.quiz(edition.course, edition.edition, attempt.quiz)
    drawn = DrawnQuiz.from_json(attempt.drawn)
    for answer in session.scalars(select(Answer).where(Answer.attempt_id == attempt.id)):
        if answer.answer is not None and drawn_question(quiz, drawn, answer.slot).type in _TYPED:
            answer.answer = ERASED_TEXT
    session.execute(
        update(SlotScore).where(SlotScore.attempt_id == attempt.id).values(comment=None, reason=None)
    )
    session.execute(update(Reopening).where(Reopening.attempt_id == attempt.id).values(reason=ERASED_TEXT))


def _erase_account(
    session: Session, account: Account, person: Person, actor: Account | int | None, now: datetime
) -> None:
    disable_account(session, account, actor=actor, now=now)
    session.execute(delete(LoginFailure).where(LoginFailure.username == account.username))
    session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account.id)
        .values(address=None, user_agent=None)
    )
    session.execute(
        update(RoleGrant)
        .where(RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    account.username = f"da-xoa-{account.id}"
    account.display_name = pseudonym(person.id)
    account.password_hash = None


def _tell_gradebook(session: Session, person: Person, now: datetime) -> None:
    """nbgrader's folder holds names and answers too: have what it has of this person written anew."""
    # Of a reopened attempt it holds what was submitted before.
    submitted = (
        select(Attempt.id)
        .join(Enrolment)
        .where(Enrolment.person_id == person.id, or_(Attempt.status != AttemptStatus.OPEN, Attempt.round > 1))
    )
    for attempt_id in session.scalars(submitted):
        session.add(OutboxItem(kind="attempt", attempt_id=attempt_id, created_at=now))
