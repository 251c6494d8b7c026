"""Handing in: a version is checked, kept, acknowledged, and put where nbgrader looks; the earlier ones stay.

Acknowledged only once files and row are on the disk. Sent twice (a button pressed again, a page sent anew), the same
files are one version. What is late is taken and shown as late.
"""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ..records.attempts import NotEnrolled, current_enrolment
from ..records.data_folder import DataFolder
from ..records.database import writing
from ..records.tables import HandIn, Person
from .assignments import Assignment
from .checking import Upload, check_upload
from .errors import HandInRefused
from .files import discard, keep, put_forward
from .grants import Granted, granted_of
from .one_file import LIMITS, UploadLimits

__all__ = ["Receipt", "hand_in", "versions_of"]

log = logging.getLogger("isoxa.handins")


@dataclass(frozen=True)
class Receipt:
    """``repeated``: the same files were handed in already, as this version; nothing new was kept."""

    hand_in: HandIn
    repeated: bool


def hand_in(
    data: DataFolder,
    engine: Engine,
    assignment: Assignment,
    person_id: int,
    uploads: Sequence[Upload],
    *,
    now: datetime,
    limits: UploadLimits = LIMITS,
) -> Receipt:
    """Take one person's work. Raises ``HandInRefused``, ``NotEnrolled``, ``DatabaseProblem``. Blocks."""
    checked = check_upload(assignment, uploads, limits)
    id_ = uuid.uuid4().hex
    files = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(checked.files.items())
    ]
    keep(data, id_, checked.files)
    try:
        with writing(engine) as session:
            receipt = _record(session, assignment, person_id, checked.sha256, now)
            if receipt is None:
                newest = _newest(session, assignment, person_id)
                row = HandIn(
                    id=id_,
                    person_id=person_id,
                    course=assignment.course,
                    assignment=assignment.name,
                    number=1 if newest is None else newest.number + 1,
                    # nbgrader knows a version by its time, so two never have the same.
                    received_at=now
                    if newest is None
                    else max(now, newest.received_at + timedelta(microseconds=1)),
                    sha256=checked.sha256,
                    files=files,
                    notes=checked.notes,
                )
                session.add(row)
                session.flush()
                receipt = Receipt(row, repeated=False)
    except BaseException:
        discard(data, id_)
        raise
    if receipt.repeated:
        discard(data, id_)
    try:
        put_forward(data, assignment.folder, receipt.hand_in)
    except OSError as error:
        # It is kept; `settle` puts it there before the next grading.
        log.warning("%s is not yet where nbgrader looks: %s", receipt.hand_in.id, error)
    return receipt


def _record(
    session: Session, assignment: Assignment, person_id: int, sha256: str, now: datetime
) -> Receipt | None:
    """The receipt of a version that is there already; None: a new one may be added."""
    # Locked until the end of the transaction: of two that come at once the second sees the first.
    if current_enrolment(session, person_id, assignment.course, lock=True) is None:
        raise NotEnrolled
    if session.get_one(Person, person_id).erased_at is not None:
        raise NotEnrolled
    newest = _newest(session, assignment, person_id)
    if newest is not None and newest.sha256 == sha256:
        return Receipt(newest, repeated=True)
    granted = granted_of(session, assignment.course, assignment.name, [person_id]).get(person_id, Granted())
    if newest is not None and newest.number >= granted.most_versions:
        raise HandInRefused(
            f"Anh/chị đã nộp {newest.number} lần cho bài này nên không nhận thêm. Bản nộp gần nhất vẫn được chấm; "
            "cần nộp lại, xin liên hệ giảng viên để được thêm một lần nộp."
        )
    return None


def _newest(session: Session, assignment: Assignment, person_id: int) -> HandIn | None:
    return next(iter(versions_of(session, assignment.course, assignment.name, person_id)), None)


def versions_of(session: Session, course: str, assignment: str, person_id: int) -> list[HandIn]:
    """One person's versions, the newest first."""
    query = select(HandIn).where(
        HandIn.person_id == person_id, HandIn.course == course, HandIn.assignment == assignment
    )
    return list(session.scalars(query.order_by(HandIn.number.desc())))
