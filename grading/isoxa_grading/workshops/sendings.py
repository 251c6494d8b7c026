"""Files that participants' pages sent and that wait for a trainer, and the word that lets files be recorded at once.

The newest file of each participant waits; what a trainer took in waits no more; what nobody took in goes three months
after the class.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from isoxa_courses.text import VIETNAM
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from isoxa_grading.records.audit import audit
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import Workshop, WorkshopSending, WorkshopVouching

from .errors import ReportRefused
from .pacing import runs_on
from .presence import forget_presence
from .result_file import ENDING, Content, ResultFile

__all__ = [
    "MOST_WAITING",
    "begin_vouching",
    "discard_waiting",
    "end_vouching",
    "forget_old_reports",
    "forget_sendings",
    "keep_sending",
    "name_of_sending",
    "voucher_of",
    "waiting_count",
    "waiting_files",
]

MOST_WAITING = 1000
_KEPT = timedelta(days=90)
_PRESENCE_KEPT = timedelta(days=30)


def keep_sending(session: Session, workshop: Workshop, file: ResultFile, now: datetime) -> bool:
    """Let a file wait in place of the participant's older one; False where a newer one of theirs waits already.

    Raises `ReportRefused` where too many wait.
    """
    key, made_at = file.content.participant.key, file.content.made_at
    mine = (WorkshopSending.workshop_id == workshop.id) & (WorkshopSending.key == key)
    row = session.scalar(select(WorkshopSending).where(mine))
    if row is None:
        if waiting_count(session, workshop) >= MOST_WAITING:
            raise ReportRefused(
                "full",
                "Cổng đã nhận quá nhiều tệp của lớp này nên chưa nhận thêm. Anh/chị tải tệp về và đưa giảng viên.",
            )
        row = WorkshopSending(workshop_id=workshop.id, key=key)
        session.add(row)
    elif row.made_at > made_at:
        return False
    row.file_sha256, row.made_at, row.content, row.received_at = file.sha256, made_at, file.text, now
    session.flush()
    return True


def name_of_sending(received_at: datetime) -> str:
    """A file's name that says when it came; a page sends none of its own."""
    return f"gửi lúc {received_at.astimezone(VIETNAM):%H.%M ngày %d-%m-%Y}{ENDING}"


def waiting_files(session: Session, workshop: Workshop) -> list[tuple[str, bytes]]:
    """What waits for a trainer, first come first: (name, content), as `preview` takes them."""
    query = select(WorkshopSending).where(WorkshopSending.workshop_id == workshop.id)
    return [
        (name_of_sending(one.received_at), one.content.encode())
        for one in session.scalars(query.order_by(WorkshopSending.received_at, WorkshopSending.id))
    ]


def waiting_count(session: Session, workshop: Workshop) -> int:
    """How many files wait."""
    query = select(func.count(WorkshopSending.id)).where(WorkshopSending.workshop_id == workshop.id)
    return session.scalar(query) or 0


def forget_sendings(session: Session, workshop: Workshop, taken: Iterable[Content]) -> None:
    """These files were taken in: they, and older ones of the same participants, wait no more."""
    for content in taken:
        session.execute(
            delete(WorkshopSending).where(
                WorkshopSending.workshop_id == workshop.id,
                WorkshopSending.key == content.participant.key,
                WorkshopSending.made_at <= content.made_at,
            )
        )


def discard_waiting(session: Session, workshop: Workshop, *, actor: int | None, now: datetime) -> int:
    """Throw away everything that waits; how many. Audited."""
    count = waiting_count(session, workshop)
    if count:
        session.execute(delete(WorkshopSending).where(WorkshopSending.workshop_id == workshop.id))
        detail = {"files": count}
        audit(
            session, actor, "workshop.sendings_discarded", "workshop", workshop.id, workshop.unit_id, detail, now
        )  # fmt: skip
    return count


def voucher_of(session: Session, workshop: Workshop) -> WorkshopVouching | None:
    """Whose word stands for this class."""
    return session.scalars(
        select(WorkshopVouching)
        .where(WorkshopVouching.workshop_id == workshop.id, WorkshopVouching.ended_at.is_(None))
        .order_by(WorkshopVouching.id.desc())
    ).first()


def begin_vouching(session: Session, workshop: Workshop, account_id: int, *, now: datetime) -> None:
    """Take somebody's word for the class; the same again changes nothing. Raises `ReportRefused` on another day."""
    if not runs_on(workshop, now.astimezone(VIETNAM).date()):
        raise ReportRefused(
            "not_today", "Hôm nay không phải ngày tổ chức của lớp này; tệp gửi về chờ anh/chị xem rồi ghi."
        )
    if voucher_of(session, workshop) is None:
        session.add(WorkshopVouching(workshop_id=workshop.id, account_id=account_id, began_at=now))
        session.flush()
        audit(
            session, account_id, "workshop.vouched", "workshop", workshop.id, workshop.unit_id, {}, now
        )  # fmt: skip


def end_vouching(session: Session, workshop: Workshop, account_id: int, *, now: datetime) -> None:
    """From now on files wait again; where nobody vouched, this changes nothing."""
    standing = voucher_of(session, workshop)
    if standing is not None:
        standing.ended_at = now
        session.flush()
        audit(
            session, account_id, "workshop.vouching_ended", "workshop", workshop.id, workshop.unit_id, {}, now
        )  # fmt: skip


def forget_old_reports(engine: Engine, now: datetime) -> None:
    """Forget what pages reported a month after their class, and files that nobody took in after three."""
    over = select(Workshop.id).where(Workshop.held_until < (now - _KEPT).astimezone(VIETNAM).date())
    with writing(engine) as session:
        session.execute(delete(WorkshopSending).where(WorkshopSending.workshop_id.in_(over)))
        forget_presence(session, now - _PRESENCE_KEPT)
