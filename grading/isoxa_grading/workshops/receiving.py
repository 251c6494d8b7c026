"""A result file that a participant's page sends, on the organiser's portal: read, checked and matched by the same
functions as a file that a trainer brings in, and never decided by them.

A file waits for the trainer (`WorkshopSending`; the newest of a participant alone), unless somebody vouches for the
class: "I am there and watch" (`WorkshopVouching`). While that stands, on a day of the class, a file that bears the
class's code and fits exactly one person of the roster is recorded as it comes, in the voucher's name, by `recording`.
Whoever is new, doubtful or double waits all the same. Sent twice, a file changes nothing.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from isoxa_courses.text import VIETNAM
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Enrolment, Workshop, WorkshopResult

from .class_codes import known_class, workshop_of
from .errors import FileRefused, Reason, ReportRefused
from .pacing import runs_on
from .previewing import Fate, Line, matched_anew, preview
from .recording import record
from .result_file import ResultFile, decode
from .sendings import forget_sendings, keep_sending, name_of_sending, voucher_of

__all__ = ["LARGEST_SENDING", "Outcome", "Receipt", "take_file"]

LARGEST_SENDING = 2 * 1024 * 1024
TAKEN_FOR = timedelta(days=7)
"""How long after a class its files are still taken."""


class Outcome(enum.StrEnum):
    """What became of a file."""

    RECORDED = "recorded"
    WAITING = "waiting"
    ALREADY = "already"


@dataclass(frozen=True)
class Receipt:
    """What was received. ``counted``: quizzes that became attempts at once; ``done``: practice that is done, as it is
    judged here; ``sha256`` of the very bytes that came."""

    outcome: Outcome
    sha256: str
    received_at: datetime
    workshop: Workshop
    full_name: str
    unit_name: str
    attempts: int
    done: int
    counted: int = 0


def take_file(
    engine: Engine, library: CourseLibrary, code: str, content: bytes, *, address: str, now: datetime
) -> Receipt:
    """Take a file that a page sends. Raises ``CodeRefused``, ``EntryRefused`` (no form of a code), `FileRefused`, and
    `ReportRefused` outside of the class's days; then nothing was kept."""
    with reading(engine) as session:
        known = known_class(session, code, address=address, now=now)
        if known is not None:
            # What costs, and what a file that is none comes to: nobody who writes waits for it.
            file, read = _read(session, library, known, content, now)
    with writing(engine) as session:
        workshop = workshop_of(session, code, address=address, now=now)
        # One file of a class after the other, on any database.
        session.refresh(workshop, with_for_update=True)
        _check_days(workshop, now)
        if known is None:
            # Opened in this very moment; a wrong code got no further than the line above.
            file, read = _read(session, library, workshop, content, now)
        [line] = _unless_refused(matched_anew(session, workshop, [read], [workshop.unit.path]))
        if line.fate is Fate.ALREADY or _nothing_new(session, workshop, file):
            return _receipt(Outcome.ALREADY, line, workshop, now)
        voucher = voucher_of(session, workshop)
        if voucher is not None and _may_be_recorded(session, workshop, line, now):
            actor = voucher.account_id
            [done] = record(session, library, workshop, [line], {}, count_attempts=True, actor=actor, now=now)
            forget_sendings(session, workshop, [file.content])
            return _receipt(Outcome.RECORDED, line, workshop, now, done.counted)
        kept = keep_sending(session, workshop, file, now)
        return _receipt(Outcome.WAITING if kept else Outcome.ALREADY, line, workshop, now)


def _check_days(workshop: Workshop, now: datetime) -> None:
    today = now.astimezone(VIETNAM).date()
    if today < workshop.held_on:
        raise ReportRefused(
            "not_today", "Lớp này chưa đến ngày tổ chức nên cổng chưa nhận kết quả. Bài làm còn nguyên."
        )
    if today > workshop.held_until + TAKEN_FOR:
        raise ReportRefused(
            "over",
            "Lớp này đã xong hơn bảy ngày nên cổng không nhận gửi thẳng nữa. Anh/chị tải tệp về và đưa giảng viên.",
        )


def _read(
    session: Session, library: CourseLibrary, workshop: Workshop, content: bytes, now: datetime
) -> tuple[ResultFile, Line]:
    """The file, its signature checked, and what it comes to. Raises `FileRefused`, and `ReportRefused` for the day."""
    _check_days(workshop, now)
    if len(content) > LARGEST_SENDING:
        raise FileRefused(
            Reason.TOO_LARGE,
            "Tệp lớn hơn 2 MB nên không gửi thẳng được. Anh/chị tải tệp về và đưa giảng viên.",
        )
    # Here for what is no single result file: a ZIP would be opened below.
    file = decode(content)
    named = [(name_of_sending(now), content)]
    lines = preview(session, library, workshop, named, scope_paths=[workshop.unit.path], now=now)
    [line] = _unless_refused(lines)
    return file, line


def _unless_refused(lines: list[Line]) -> list[Line]:
    for line in lines:
        if line.fate is Fate.REFUSED:
            raise FileRefused(line.reason or Reason.NOT_A_RESULT, line.message)
    return lines


def _nothing_new(session: Session, workshop: Workshop, file: ResultFile) -> bool:
    """Whether this is the recorded work of the participant once more: a page makes a new file each time it sends.

    Where quizzes were kept as evidence because a trainer chose so, the file may be sent again, to be counted.
    """
    before = session.scalars(
        select(WorkshopResult)
        .where(WorkshopResult.workshop_id == workshop.id, WorkshopResult.key == file.content.participant.key)
        .order_by(WorkshopResult.made_at.desc(), WorkshopResult.id.desc())
    ).first()
    if before is None or any(one["why"] == "evidence" for one in before.figures["attempts"]):
        return False
    try:
        known = decode(before.content.encode())
    except FileRefused:
        # Emptied when its person was erased.
        return False
    same_moment = msgspec.structs.replace(known.content, made_at=file.content.made_at)
    return same_moment == file.content and bool(known.proof) == bool(file.proof)


def _may_be_recorded(session: Session, workshop: Workshop, line: Line, now: datetime) -> bool:
    """Only who is on the roster once, on a day of the class, with its code; and not a second machine in one name."""
    if line.fate is not Fate.READY or not line.coded or not runs_on(workshop, now.astimezone(VIETNAM).date()):
        return False
    assert line.participant is not None
    other = (
        select(WorkshopResult.id)
        .join(Enrolment, Enrolment.id == WorkshopResult.enrolment_id)
        .where(
            WorkshopResult.workshop_id == workshop.id,
            Enrolment.person_id == line.candidates[0].person_id,
            WorkshopResult.key != line.participant.key,
        )
    )
    return session.execute(other.limit(1)).first() is None


def _receipt(outcome: Outcome, line: Line, workshop: Workshop, now: datetime, counted: int = 0) -> Receipt:
    checked = line.checked
    assert checked is not None
    participant = checked.content.participant
    return Receipt(
        outcome,
        line.sha256,
        now,
        workshop,
        participant.full_name,
        line.unit.name if line.unit else participant.unit_name,
        len(checked.attempts),
        len(checked.done),
        counted,
    )
