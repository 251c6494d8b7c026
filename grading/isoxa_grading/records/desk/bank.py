"""A trainer's comments to use again: their own, by course."""

from __future__ import annotations

from datetime import datetime

from isoxa_courses.text import clean, format_number
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..tables import BankComment
from .errors import BankFull

MOST_COMMENTS = 60
LONGEST = 1000


def comments(session: Session, account_id: int, course: str) -> list[BankComment]:
    """The trainer's comments of the course, first kept first: the keys that insert them stay the same."""
    query = select(BankComment).where(BankComment.account_id == account_id, BankComment.course == course)
    return list(session.scalars(query.order_by(BankComment.id)))


def keep(session: Session, account_id: int, course: str, text: str, now: datetime) -> BankComment:
    """Keep a comment; one that is kept already is returned. Raises `BankFull`."""
    said = clean(text, lines=True)
    if not said:
        raise BankFull("Nhận xét đang trống nên chưa lưu vào kho. Ghi nhận xét rồi lưu.")
    if len(said) > LONGEST:
        raise BankFull(
            f"Nhận xét trong kho tối đa {format_number(LONGEST)} ký tự. Chưa lưu vào kho; rút gọn rồi lưu."
        )
    kept = comments(session, account_id, course)
    same = next((one for one in kept if one.text == said), None)
    if same is not None:
        return same
    if len(kept) >= MOST_COMMENTS:
        raise BankFull(
            f"Kho đã có {MOST_COMMENTS} nhận xét nên chưa lưu thêm. Xóa nhận xét không còn dùng rồi lưu lại."
        )
    made = BankComment(account_id=account_id, course=course, text=said, created_at=now)
    session.add(made)
    session.flush()
    return made


def forget(session: Session, account_id: int, course: str, comment_id: int) -> None:
    """Delete one of the trainer's own comments; another's, or one that is gone, is left alone."""
    session.execute(
        delete(BankComment).where(
            BankComment.id == comment_id, BankComment.account_id == account_id, BankComment.course == course
        )
    )
