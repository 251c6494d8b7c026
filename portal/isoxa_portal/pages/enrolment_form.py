"""The form of an act: whom (all of the scope, units, or a list), with which parts, until when, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from isoxa_courses.text import clean
from isoxa_grading.enrolment import Selection
from isoxa_grading.enrolment.lists import Matched, match_list, read_list, read_pasted
from isoxa_grading.records.account_scope import unit_in_scope
from isoxa_grading.records.roster import RosterError
from isoxa_grading.records.roster.sheets import LARGEST_FILE
from isoxa_grading.records.tables import BatchKind, Unit
from isoxa_grading.records.tables.units import UnitKind
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..i18n import gettext as _
from .enrolment_base import day_typed, quality_roles
from .environment import number
from .unit_field import OFFERED, NoSuchUnit, named_unit

__all__ = ["EnrolForm", "Offer", "offer", "selected"]

ALL, UNITS, LIST, PEOPLE = "tat-ca", "don-vi", "danh-sach", "nguoi"
MOST_PEOPLE = 500
_LONGEST_PASTED = 2_000_000


@dataclass(frozen=True)
class EnrolForm:
    """What was sent, as typed. ``how``: one of ``ALL``, ``UNITS``, ``LIST``, ``PEOPLE``."""

    course: str = ""
    how: str = ALL
    units: tuple[int, ...] = ()
    unit_names: str = ""
    roles: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    pasted: str = ""
    file: tuple[str, bytes] | None = field(default=None, repr=False)
    due: str = ""
    no_due: bool = False
    reason: str = ""

    @classmethod
    def read(
        cls,
        one: Callable[[str], str],
        several: Callable[[str], list[str]],
        file: tuple[str, bytes] | None,
    ) -> EnrolForm:
        """From the fields of a form; what is no id is left out."""
        slugs = {slug: value for value, slug, _words in quality_roles()}
        how = one("cach")
        return cls(
            course=one("khoa")[:80],
            how=how if how in (ALL, UNITS, LIST, PEOPLE) else ALL,
            units=_ids(several("don-vi")),
            unit_names=clean(one("ten-don-vi")[:20_000], lines=True),
            roles=tuple(slugs[slug] for slug in several("vai-tro") if slug in slugs),
            people=_ids([one for given in several("nguoi") for one in given.split(",")])[:MOST_PEOPLE],
            pasted=one("dan")[:_LONGEST_PASTED],
            file=file,
            due=clean(one("due"))[:40],
            no_due=one("bo-han") == "1",
            reason=clean(one("reason")[:5000], lines=True),
        )


@dataclass(frozen=True)
class Offer:
    """What the form lets one choose: ``scope``: name of the whole; ``units``: id, name, and the name to search by."""

    scope: str
    units: list[tuple[int, str]]
    courses: list[tuple[str, str]]


def offer(session: Session, scope: Sequence[str], courses: list[tuple[str, str]]) -> Offer:
    """The units of the scope, or only its provinces where they are too many to list."""
    from isoxa_grading.records.account_scope import inside

    tops = session.scalars(select(Unit).where(Unit.path.in_(scope)).order_by(Unit.path)).all()
    query = (
        select(Unit.id, Unit.name)
        .where(inside(scope), Unit.valid_to.is_(None), Unit.kind != UnitKind.COUNTRY)
        .order_by(Unit.sort_key, Unit.id)
    )
    units = [(row.id, row.name) for row in session.execute(query.limit(OFFERED + 1))]
    if len(units) > OFFERED:
        units = [(row.id, row.name) for row in session.execute(query.where(Unit.kind == UnitKind.PROVINCE))]
    top_ids = {unit.id for unit in tops}
    units = [one for one in units if one[0] not in top_ids] if len(units) > 1 else units
    return Offer(", ".join(unit.name for unit in tops), units, courses)


def selected(
    session: Session, form: EnrolForm, scope: Sequence[str]
) -> tuple[Selection, Matched | None, dict[str, str]]:
    """Whom the form means; what a list had; field → what is wrong (then the selection counts for nothing)."""
    if form.how == PEOPLE:
        errors = {} if form.people else {"": _("Chưa chọn ai.")}
        return Selection(people=form.people), None, errors
    if form.how == LIST:
        return _listed(session, form, scope)
    if form.how == UNITS:
        return _of_units(session, form, scope)
    return Selection(roles=form.roles), None, {}


def due_day(form: EnrolForm, kind: BatchKind) -> tuple[object, dict[str, str]]:
    """The due day, and what is wrong with it."""
    try:
        due = day_typed(form.due)
    except ValueError as problem:
        return None, {"due": str(problem)}
    if kind is BatchKind.DUE and due is None and not form.no_due:
        return None, {"due": _("Ghi hạn mới, hoặc đánh dấu “Bỏ hạn”.")}
    if kind is BatchKind.DUE and due is not None and form.no_due:
        return None, {"due": _("Đã ghi hạn mới mà lại đánh dấu “Bỏ hạn”. Hãy giữ một trong hai.")}
    return due, {}


def _of_units(
    session: Session, form: EnrolForm, scope: Sequence[str]
) -> tuple[Selection, Matched | None, dict[str, str]]:
    found: dict[int, None] = {}
    for unit_id in form.units:
        unit = unit_in_scope(session, scope, unit_id)
        if unit is None:
            return (
                Selection(),
                None,
                {"unit_names": _("Có đơn vị đã chọn không còn, hoặc nằm ngoài phạm vi.")},
            )
        found[unit.id] = None
    unknown = []
    for line in form.unit_names.splitlines():
        if not line.strip():
            continue
        try:
            found[named_unit(session, scope, line.strip()).id] = None
        except NoSuchUnit as problem:
            unknown.append(f"“{line.strip()[:80]}”: {problem}")
    if unknown:
        more = len(unknown) - 5
        said = " ".join(unknown[:5])
        if more > 0:
            said += " " + _("Và %(count)s dòng khác.") % {"count": number(more)}
        return Selection(), None, {"unit_names": said}
    if not found:
        return Selection(), None, {"unit_names": _("Chưa chọn đơn vị nào.")}
    return Selection(units=tuple(found), roles=form.roles), None, {}


def _listed(
    session: Session, form: EnrolForm, scope: Sequence[str]
) -> tuple[Selection, Matched | None, dict[str, str]]:
    field_name = "file" if form.file else "dan"
    try:
        if form.file is not None:
            name, content = form.file
            if len(content) > LARGEST_FILE:
                size = number(LARGEST_FILE // 2**20)
                return Selection(), None, {"file": _("Tệp lớn hơn %(size)s MB.") % {"size": size}}
            people = read_list(content, name)
        elif form.pasted.strip():
            people = read_pasted(form.pasted)
        else:
            return Selection(), None, {"dan": _("Dán danh sách vào ô, hoặc chọn tệp.")}
    except RosterError as problem:
        return Selection(), None, {field_name: str(problem)}
    tops = session.scalars(select(Unit).where(Unit.path.in_(scope))).all()
    matched = match_list(session, people, tops[0] if len(tops) == 1 else None, scope)
    if not matched.people:
        first = matched.unmatched[0]
        said = _("Không khớp được dòng nào. Dòng đầu: “%(text)s”. %(reason)s") % {
            "text": first["text"],
            "reason": first["reason"],
        }
        return Selection(), matched, {field_name: said}
    return Selection(people=matched.people), matched, {}


def _ids(values: Sequence[str]) -> tuple[int, ...]:
    return tuple(
        dict.fromkeys(
            int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 10
        )
    )
