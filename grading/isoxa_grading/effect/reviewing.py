"""Taking a judgement down: checked, kept for good, audited; and reading what was judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from isoxa_courses.text import VIETNAM, clean, format_date, format_number, parse_number
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.audit import audit, id_of
from isoxa_grading.records.tables import Account, Degree, EffectReview, Enrolment, Person

from .completions import REVIEW_AFTER_DAYS, completions_of

__all__ = [
    "MOST_FIGURES", "Judgement", "Measured", "ReviewLine", "ReviewRefused", "record_review", "reviews_of",
]  # fmt: skip

MOST_FIGURES = 3
LONGEST_WORDS = 2000
LONGEST_LINE = 200
_LONGEST_FIGURE = 40

Field = Literal[
    "person", "judged_on", "carried_out", "changed", "figures", "effective", "next_step", "judged_by"
]


class ReviewRefused(ValueError):
    """A judgement that cannot be taken down; ``str()`` is Vietnamese, ``field`` says where to mend it."""

    def __init__(self, field: Field, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class Measured:
    """A figure before and after, as typed or as kept ("96,0", "1.250"); ``measure`` says of what."""

    measure: str
    before: str
    after: str


@dataclass(frozen=True)
class Judgement:
    """What is judged. ``carried_out``: was what they planned carried out; ``effective``: so was the training.

    ``next_step`` may be empty only where it was effective. ``judged_by``: name and office.
    """

    judged_on: date
    carried_out: Degree
    changed: str
    effective: Degree
    judged_by: str
    next_step: str = ""
    figures: tuple[Measured, ...] = ()


@dataclass(frozen=True)
class ReviewLine:
    """A review as it was taken down. ``full_name``: None for the commune; ``counts``: the newest of its kind."""

    id: int
    enrolment_id: int | None
    full_name: str | None
    judgement: Judgement
    recorded_at: datetime
    counts: bool


def record_review(
    session: Session,
    unit_id: int,
    enrolment_id: int | None,
    judgement: Judgement,
    *,
    course: str,
    scope_paths: Sequence[str],
    actor: Account | int | None,
    now: datetime,
) -> EffectReview:
    """Take a judgement down for one person of the commune, or (``None``) for all whose 90 days are over.

    Raises ``ReviewRefused``, and ``NotInScope`` or ``UnknownCourse`` as the report does.
    """
    today = now.astimezone(VIETNAM).date()
    if judgement.judged_on > today:
        raise ReviewRefused(
            "judged_on", "Ngày đánh giá chưa đến. Anh/chị ghi ngày đã đánh giá, muộn nhất là hôm nay."
        )
    checked = _checked(judgement)
    completed = completions_of(session, unit_id, course=course, scope_paths=scope_paths, as_of=today)
    _check_day(
        checked.judged_on,
        [one.due_on for one in completed if enrolment_id in (None, one.enrolment_id)],
        enrolment_id,
    )
    review = EffectReview(
        unit_id=unit_id,
        course=course,
        enrolment_id=enrolment_id,
        judged_on=checked.judged_on,
        carried_out=checked.carried_out.value,
        changed=checked.changed,
        figures=[vars(one).copy() for one in checked.figures],
        effective=checked.effective.value,
        next_step=checked.next_step,
        judged_by=checked.judged_by,
        recorded_by_account_id=id_of(actor),
        recorded_at=now,
    )
    session.add(review)
    session.flush()
    subject = ("unit", unit_id) if enrolment_id is None else ("enrolment", enrolment_id)
    detail = {
        "course": course,
        "effective": checked.effective.value,
        "judged_on": checked.judged_on.isoformat(),
    }
    audit(session, actor, "effect.reviewed", *subject, unit_id, detail, now)
    return review


def reviews_of(session: Session, unit_id: int, *, course: str, as_of: date) -> list[ReviewLine]:
    """The commune's reviews dated until the day, newest first. The caller has checked that it is in scope."""
    rows = session.execute(
        select(EffectReview, Person.full_name)
        .outerjoin(Enrolment, Enrolment.id == EffectReview.enrolment_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(
            EffectReview.unit_id == unit_id, EffectReview.course == course, EffectReview.judged_on <= as_of
        )
        .order_by(EffectReview.judged_on.desc(), EffectReview.id.desc())
    )
    seen: set[int | None] = set()
    lines = []
    for review, full_name in rows:
        lines.append(_line(review, full_name, counts=review.enrolment_id not in seen))
        seen.add(review.enrolment_id)
    return lines


def _line(review: EffectReview, full_name: str | None, *, counts: bool) -> ReviewLine:
    judgement = Judgement(
        judged_on=review.judged_on,
        carried_out=Degree(review.carried_out),
        changed=review.changed,
        effective=Degree(review.effective),
        judged_by=review.judged_by,
        next_step=review.next_step,
        figures=tuple(Measured(**one) for one in review.figures),
    )
    return ReviewLine(review.id, review.enrolment_id, full_name, judgement, review.recorded_at, counts)


def _check_day(judged_on: date, due: Sequence[date], enrolment_id: int | None) -> None:
    if not due and enrolment_id is not None:
        raise ReviewRefused(
            "person", "Người này chưa hoàn thành khóa học, hoặc không còn công tác ở đơn vị này."
        )
    if not due:
        raise ReviewRefused("person", "Đơn vị chưa có ai hoàn thành khóa học nên chưa có gì để đánh giá.")
    if judged_on < min(due):
        raise ReviewRefused(
            "judged_on",
            f"Đánh giá hiệu lực từ ngày {format_date(min(due))} ({REVIEW_AFTER_DAYS} ngày sau khi hoàn thành); "
            "sớm hơn thì chưa thấy được thay đổi.",
        )


def _checked(judgement: Judgement) -> Judgement:
    changed = _words(
        "changed",
        judgement.changed,
        "Anh/chị ghi điều đã thay đổi; nếu chưa có gì thay đổi thì ghi rõ như vậy.",
    )
    next_step = clean(judgement.next_step, lines=True)
    if judgement.effective is not Degree.YES or next_step:
        next_step = _words(
            "next_step",
            next_step,
            "Chưa có hiệu lực đầy đủ thì cần ghi việc làm tiếp: làm gì, ai làm, khi nào xong.",
        )
    judged_by = clean(judgement.judged_by)
    if not judged_by:
        raise ReviewRefused("judged_by", "Anh/chị ghi họ tên và chức danh người đánh giá.")
    if len(judged_by) > LONGEST_LINE:
        raise ReviewRefused("judged_by", f"Dài quá {LONGEST_LINE} ký tự.")
    return Judgement(
        judged_on=judgement.judged_on,
        carried_out=judgement.carried_out,
        changed=changed,
        effective=judgement.effective,
        judged_by=judged_by,
        next_step=next_step,
        figures=_figures(judgement.figures),
    )


def _words(field: Field, text: str, missing: str) -> str:
    words = clean(text, lines=True)
    if not words:
        raise ReviewRefused(field, missing)
    if len(words) > LONGEST_WORDS:
        raise ReviewRefused(field, f"Dài quá {format_number(LONGEST_WORDS)} ký tự.")
    return words


def _figures(typed: Sequence[Measured]) -> tuple[Measured, ...]:
    """Those that say anything; each then says all three."""
    made = []
    for one in typed[:MOST_FIGURES]:
        measure, before, after = clean(one.measure), clean(one.before), clean(one.after)
        if not (measure or before or after):
            continue
        if not measure or len(measure) > LONGEST_LINE:
            raise ReviewRefused("figures", "Mỗi số liệu cần ghi đo cái gì, ví dụ “Tỷ lệ hồ sơ đúng hạn (%)”.")
        made.append(Measured(measure, _number(before), _number(after)))
    return tuple(made)


def _number(typed: str) -> str:
    try:
        if len(typed) > _LONGEST_FIGURE:
            raise ValueError
        return format_number(parse_number(typed))
    except ValueError:
        raise ReviewRefused("figures", "Số liệu trước và sau đều phải là số, ví dụ 96 hoặc 98,5.") from None
