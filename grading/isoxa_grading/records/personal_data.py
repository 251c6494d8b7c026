"""What is kept about one account and its person, all of it, as the person may see and take away (Law 91/2025/QH15).

The answer is a tree of plain values (JSON): English field names, times in UTC as ISO 8601, points as strings. A quiz
answer is said in plain words, never in the bank's ids, so nothing in it tells which answer is right.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from isoxa_courses.drawing import DrawnQuiz
from isoxa_courses.scoring import describe_slot
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from .library import CourseLibrary, EditionMissing
from .tables import (
    Account,
    ActivationCode,
    Answer,
    Attempt,
    AuditEvent,
    Certificate,
    CertificateLookup,
    DataRequest,
    Enrolment,
    HandIn,
    HandInGrant,
    LessonWork,
    LoginFailure,
    Membership,
    Person,
    Reminder,
    Reopening,
    ResetRequest,
    RoleGrant,
    SignInSession,
    SlotScore,
    TrainingFact,
    WorkshopEntry,
    WorkshopResult,
)

__all__ = ["kept_about"]

_AUDITED = 2000


def kept_about(session: Session, library: CourseLibrary, account: Account) -> dict[str, Any]:
    """Everything recorded about the account and, if it has one, its person."""
    person = session.get(Person, account.person_id) if account.person_id is not None else None
    found: dict[str, Any] = {
        "account": {
            "username": account.username,
            "display_name": account.display_name,
            "created_at": _plain(account.created_at),
            "disabled_at": _plain(account.disabled_at),
            "has_password": account.password_hash is not None,
        },
        "workshop_entries": [
            {"joined_at": _plain(one.joined_at), "return_code": one.return_code, "class_code": one.class_code}
            for one in session.scalars(select(WorkshopEntry).where(WorkshopEntry.account_id == account.id))
        ],
        "roles": _roles(session, account),
        "sign_ins": _sign_ins(session, account),
        "activation_codes": _codes(session, account),
        "reset_requests": _resets(session, account),
        "login_failures": [
            {"at": _plain(one.at), "address": one.address}
            for one in session.scalars(
                select(LoginFailure)
                .where(LoginFailure.username == account.username)
                .order_by(LoginFailure.id)
            )
        ],
    }
    if person is not None:
        found |= {
            "person": {
                name: _plain(getattr(person, name))
                for name in (
                    "full_name",
                    "staff_code",
                    "birth_date",
                    "birth_year",
                    "phone",
                    "email",
                    "created_at",
                    "erased_at",
                )
            },
            "service": _service(session, person),
            "requests": _requests(session, person),
            "enrolments": [
                _enrolment(session, library, one)
                for one in session.scalars(
                    select(Enrolment).where(Enrolment.person_id == person.id).order_by(Enrolment.id)
                )
            ],
            "hand_ins": _hand_ins(session, person),
            "hand_in_grants": _hand_in_grants(session, person),
        }
    found["certificate_lookups"] = [
        {"at": _plain(one.at), "certificate": one.number}
        for one in session.scalars(
            select(CertificateLookup)
            .where(CertificateLookup.asker == f"account:{account.id}")
            .order_by(CertificateLookup.id)
        )
    ]
    found["log"] = _log(session, account, person)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _roles(session: Session, account: Account) -> list[dict[str, Any]]:
    query = select(RoleGrant).where(RoleGrant.account_id == account.id).order_by(RoleGrant.id)
    return [
        {
            "role": one.role.value,
            "unit": one.unit.name,
            "granted_at": _plain(one.granted_at),
            "revoked_at": _plain(one.revoked_at),
        }
        for one in session.scalars(query)
    ]


def _sign_ins(session: Session, account: Account) -> list[dict[str, Any]]:
    query = (
        select(SignInSession).where(SignInSession.account_id == account.id).order_by(SignInSession.id.desc())
    )
    return [
        {
            "created_at": _plain(one.created_at),
            "last_seen_at": _plain(one.last_seen_at),
            "ended_at": _plain(one.ended_at),
            "end_reason": one.end_reason,
            "user_agent": one.user_agent,
            "address": one.address,
        }
        for one in session.scalars(query)
    ]


def _codes(session: Session, account: Account) -> list[dict[str, Any]]:
    query = select(ActivationCode).where(ActivationCode.account_id == account.id).order_by(ActivationCode.id)
    return [
        {
            "issued_at": _plain(one.issued_at),
            "expires_at": _plain(one.expires_at),
            "ended_at": _plain(one.ended_at),
            "end_reason": one.end_reason,
        }
        for one in session.scalars(query)
    ]


def _resets(session: Session, account: Account) -> list[dict[str, Any]]:
    query = select(ResetRequest).where(ResetRequest.account_id == account.id).order_by(ResetRequest.id)
    return [
        {
            "requested_at": _plain(one.requested_at),
            "address": one.address,
            "closed_at": _plain(one.closed_at),
            "outcome": one.outcome,
        }
        for one in session.scalars(query)
    ]


def _service(session: Session, person: Person) -> list[dict[str, Any]]:
    query = select(Membership).where(Membership.person_id == person.id)
    return [
        {
            "unit": one.unit.name,
            "position": one.position,
            "quality_role": one.quality_role.value if one.quality_role else None,
            "valid_from": _plain(one.valid_from),
            "valid_to": _plain(one.valid_to),
        }
        for one in session.scalars(query.order_by(Membership.valid_from, Membership.id))
    ]


def _requests(session: Session, person: Person) -> list[dict[str, Any]]:
    query = select(DataRequest).where(DataRequest.person_id == person.id).order_by(DataRequest.id)
    return [
        {
            "kind": one.kind.value,
            "text": one.text,
            "requested_at": _plain(one.requested_at),
            "closed_at": _plain(one.closed_at),
            "done": one.done,
            "answer": one.answer,
        }
        for one in session.scalars(query)
    ]


def _enrolment(session: Session, library: CourseLibrary, enrolment: Enrolment) -> dict[str, Any]:
    edition = enrolment.edition
    facts = select(TrainingFact).where(TrainingFact.enrolment_id == enrolment.id).order_by(TrainingFact.id)
    work = select(LessonWork).where(LessonWork.enrolment_id == enrolment.id).order_by(LessonWork.id)
    attempts = select(Attempt).where(Attempt.enrolment_id == enrolment.id).order_by(Attempt.started_at)
    return {
        "course": edition.course,
        "edition": edition.edition,
        "title": edition.title,
        "enrolled_at": _plain(enrolment.enrolled_at),
        "due_on": _plain(enrolment.due_on),
        "source": enrolment.source,
        "facts": [
            {"on": _plain(one.on), "kind": one.kind.value, "subject": one.subject, "value": _plain(one.value)}
            for one in session.scalars(facts)
        ],
        "lesson_work": [
            {
                "lesson": one.lesson,
                "item": one.item,
                "state": one.state,
                "saved_at": _plain(one.saved_at),
                "done_at": _plain(one.done_at),
            }
            for one in session.scalars(work)
        ],
        "attempts": [_attempt(session, library, one) for one in session.scalars(attempts)],
        "certificates": _certificates(session, enrolment),
        "reminders": _reminders(session, enrolment),
        "workshops": _workshops(session, enrolment),
    }


def _workshops(session: Session, enrolment: Enrolment) -> list[dict[str, Any]]:
    query = (
        select(WorkshopResult).where(WorkshopResult.enrolment_id == enrolment.id).order_by(WorkshopResult.id)
    )
    return [
        {
            "workshop": one.workshop.title,
            "place": one.workshop.place,
            "on": _plain(one.workshop.held_on),
            "file_name": one.file_name,
            "made_at": _plain(one.made_at),
            "imported_at": _plain(one.imported_at),
            "with_class_code": one.coded,
            "content": one.content,
        }
        for one in session.scalars(query)
    ]


def _reminders(session: Session, enrolment: Enrolment) -> list[dict[str, Any]]:
    query = select(Reminder).where(Reminder.enrolment_id == enrolment.id).order_by(Reminder.id)
    return [
        {"on": _plain(one.on), "kind": one.kind.value, "email": one.address, "status": one.status.value}
        for one in session.scalars(query)
    ]


def _hand_ins(session: Session, person: Person) -> list[dict[str, Any]]:
    query = select(HandIn).where(HandIn.person_id == person.id)
    return [
        {
            "course": one.course,
            "assignment": one.assignment,
            "number": one.number,
            "received_at": _plain(one.received_at),
            "files": [
                {"name": file["name"], "size": file["size"], "sha256": file["sha256"]} for file in one.files
            ],
        }
        for one in session.scalars(query.order_by(HandIn.received_at, HandIn.id))
    ]


def _hand_in_grants(session: Session, person: Person) -> list[dict[str, Any]]:
    query = select(HandInGrant).where(HandInGrant.person_id == person.id).order_by(HandInGrant.id)
    return [
        {
            "course": one.course,
            "assignment": one.assignment,
            "due": _plain(one.due_at),
            "reason": one.reason,
            "at": _plain(one.granted_at),
        }
        for one in session.scalars(query)
    ]


def _certificates(session: Session, enrolment: Enrolment) -> list[dict[str, Any]]:
    query = select(Certificate).where(Certificate.enrolment_id == enrolment.id).order_by(Certificate.id)
    return [
        {
            "certificate": one.number,
            "full_name": one.person_name,
            "unit": one.unit_name,
            "issued_at": _plain(one.issued_at),
            "valid_to": _plain(one.valid_until),
            "revoked_at": _plain(one.revoked_at),
            "reason": one.revoke_reason,
        }
        for one in session.scalars(query)
    ]


def _attempt(session: Session, library: CourseLibrary, attempt: Attempt) -> dict[str, Any]:
    say = _describer(library, attempt)
    answers = select(Answer).where(Answer.attempt_id == attempt.id).order_by(Answer.id)
    scores = select(SlotScore).where(SlotScore.attempt_id == attempt.id).order_by(SlotScore.id)
    rounds = select(Reopening).where(Reopening.attempt_id == attempt.id).order_by(Reopening.round)
    return {
        "quiz": attempt.quiz,
        "number": attempt.number,
        "status": attempt.status.value,
        "started_at": _plain(attempt.started_at),
        "submitted_at": _plain(attempt.submitted_at),
        "graded_at": _plain(attempt.graded_at),
        "points": None if attempt.points is None else str(attempt.points),
        "max_points": str(attempt.max_points),
        "passed": attempt.passed,
        "answers": [
            {
                "slot": one.slot,
                "answer": say(one.slot, one.answer),
                "saved_at": _plain(one.saved_at),
                "late": one.late,
            }
            for one in session.scalars(answers)
        ],
        "scores": [
            {
                "slot": one.slot,
                "round": one.round,
                "points": str(one.points),
                "max_points": str(one.max_points),
                "source": one.source,
                "comment": one.comment,
                "at": _plain(one.at),
            }
            for one in session.scalars(scores)
        ],
        "reopened": [
            {
                "at": _plain(one.reopened_at),
                "reason": one.reason,
                "submitted_at": _plain(one.submitted_at),
                "points": None if one.points is None else str(one.points),
                "passed": one.passed,
            }
            for one in session.scalars(rounds)
        ],
    }


def _describer(library: CourseLibrary, attempt: Attempt) -> Callable[[str, Any], str | None]:
    """Says an answer in words; where the edition's content is gone from this machine, that it was answered."""
    edition = attempt.enrolment.edition
    try:
        quiz = library.quiz(edition.course, edition.edition, attempt.quiz)
    except EditionMissing:
        return lambda _slot, answer: None if answer is None else "…"
    drawn = DrawnQuiz.from_json(attempt.drawn)
    return lambda slot, answer: None if answer is None else describe_slot(quiz, drawn, slot, answer)


def _log(session: Session, account: Account, person: Person | None) -> list[dict[str, Any]]:
    """What the audit log says was done to them; who did it is not theirs to take away."""
    subjects = [and_(AuditEvent.subject_kind == "account", AuditEvent.subject_id == str(account.id))]
    if person is not None:
        subjects.append(and_(AuditEvent.subject_kind == "person", AuditEvent.subject_id == str(person.id)))
    query = select(AuditEvent).where(or_(*subjects)).order_by(AuditEvent.id.desc()).limit(_AUDITED)
    return [{"at": _plain(one.at), "action": one.action} for one in session.scalars(query)]
