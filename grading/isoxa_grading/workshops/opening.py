"""Opening a workshop: what it is, when and where, and the code for its wall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from isoxa_courses.text import clean
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from isoxa_grading.records.account_scope import inside
from isoxa_grading.records.audit import audit, id_of
from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.records.tables import Account, Unit, Workshop, WorkshopResult
from isoxa_grading.records.units import in_scope

from .codes import NAME, new_code, read_code
from .errors import EntryRefused, WorkshopRefused

__all__ = [
    "Plan",
    "find_workshop",
    "of_code_name",
    "open_workshop",
    "result_counts",
    "workshops_within",
]

_TITLE, _PLACE, _TRAINER = 300, 200, 200
LONGEST = timedelta(days=14)


@dataclass(frozen=True)
class Plan:
    """What the form says. ``held_until`` None: one day. ``code``: that of a class which another portal opened, as
    typed; '' for a new one. A hall's own class takes the organiser's code, so that one code is on the wall."""

    course: str
    title: str
    place: str
    trainer: str
    held_on: date
    held_until: date | None = None
    code: str = ""


def open_workshop(
    session: Session, plan: Plan, unit: Unit, *, actor: Account | int | None, now: datetime
) -> Workshop:
    """A workshop of the unit, with a new code or the plan's. Raises `WorkshopRefused` naming the field."""
    until = plan.held_until or plan.held_on
    title, place, trainer = clean(plan.title), clean(plan.place), clean(plan.trainer)
    if latest_edition(session, plan.course) is None:
        raise WorkshopRefused("Khóa học này chưa được phát hành.", "course")
    for value, field, message, longest in (
        (title, "title", "Anh/chị chưa nhập tên lớp.", _TITLE),
        (place, "place", "Anh/chị chưa nhập địa điểm.", _PLACE),
        (trainer, "trainer", "Anh/chị chưa nhập giảng viên phụ trách.", _TRAINER),
    ):
        if not value:
            raise WorkshopRefused(message, field)
        if len(value) > longest:
            raise WorkshopRefused(f"Tối đa {longest} ký tự.", field)
    if until < plan.held_on:
        raise WorkshopRefused("Ngày cuối phải từ ngày đầu trở đi.", "held_until")
    if until - plan.held_on > LONGEST:
        raise WorkshopRefused("Một lớp kéo dài tối đa 14 ngày; đợt dài hơn thì mở nhiều lớp.", "held_until")
    workshop = Workshop(
        course=plan.course,
        title=title,
        place=place,
        trainer=trainer,
        held_on=plan.held_on,
        held_until=until,
        unit_id=unit.id,
        code=_taken_over(session, plan.code) if plan.code.strip() else _free_code(session),
        opened_by_account_id=id_of(actor),
        opened_at=now,
    )
    session.add(workshop)
    session.flush()
    detail = {"course": plan.course, "held_on": plan.held_on.isoformat()}
    audit(session, actor, "workshop.opened", "workshop", workshop.id, unit.id, detail, now)
    return workshop


def workshops_within(session: Session, scope_paths: Sequence[str]) -> list[Workshop]:
    """Those of units in the scope, the newest first."""
    query = (
        select(Workshop)
        .join(Unit, Unit.id == Workshop.unit_id)
        .where(inside(scope_paths))
        .options(joinedload(Workshop.unit))
        .order_by(Workshop.held_on.desc(), Workshop.id.desc())
    )
    return list(session.scalars(query))


def find_workshop(session: Session, workshop_id: int, scope_paths: Sequence[str]) -> Workshop:
    """One within the scope. Raises `WorkshopRefused`, the same for one outside as for none."""
    found = session.get(Workshop, workshop_id)
    if found is None or not any(in_scope(found.unit.path, path) for path in scope_paths):
        raise WorkshopRefused("Không có lớp tập huấn này trong phạm vi của anh/chị.")
    return found


def of_code_name(session: Session, name: str, scope_paths: Sequence[str]) -> Workshop | None:
    """The workshop within the scope whose code begins so."""
    return next((one for one in workshops_within(session, scope_paths) if one.code[:NAME] == name), None)


def result_counts(session: Session, workshops: Sequence[Workshop]) -> dict[int, int]:
    """Workshop id → people of whom a result was recorded."""
    query = (
        select(WorkshopResult.workshop_id, func.count(WorkshopResult.enrolment_id.distinct()))
        .where(WorkshopResult.workshop_id.in_([one.id for one in workshops]))
        .group_by(WorkshopResult.workshop_id)
    )
    return dict(session.execute(query).all())


def _taken_over(session: Session, typed: str) -> str:
    try:
        code = read_code(typed)
    except EntryRefused as refused:
        raise WorkshopRefused("Mã lớp chưa đúng: mã có 12 ký tự, viết thành ba nhóm.", "code") from refused
    if any(one[:NAME] == code[:NAME] for one in session.scalars(select(Workshop.code))):
        raise WorkshopRefused("Ở đây đã có lớp mang mã này.", "code")
    return code


def _free_code(session: Session) -> str:
    """A code whose open part no other workshop has: a file names its workshop by that alone."""
    taken = {code[:NAME] for code in session.scalars(select(Workshop.code))}
    while (code := new_code())[:NAME] in taken:
        continue
    return code
