"""Departments and other agencies, added beside the communes by a person. Units of administration come from the law."""

from __future__ import annotations

import re
from datetime import date, datetime

from isoxa_courses.text import VIETNAM, clean, sort_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from .audit import audit
from .tables import Account, Membership, RoleGrant, Unit, UnitSuccessor
from .tables.units import UnitKind
from .unit_index import AGENCIES, agency_key
from .unit_text import search_key
from .words import shipped_words, words_key

__all__ = ["UnitRefused", "add_unit", "close_unit", "rename_unit"]

_LONGEST_NAME = 200


class UnitRefused(ValueError):
    """The unit cannot be made or changed so; ``str()`` says why (Vietnamese). Nothing was written."""


def add_unit(
    session: Session,
    kind: UnitKind,
    name: str,
    parent: Unit,
    *,
    actor: Account | int | None,
    now: datetime,
    code: str = "",
) -> Unit:
    """Add a department or another agency under the country, a province, a commune or another agency.

    ``code``: its official code; made up of the parent's and the name's initials when there is none.
    Raises ``UnitRefused``.
    """
    name = _checked_name(session, name, parent, None)
    if kind not in AGENCIES:
        raise UnitRefused(
            "Chỉ thêm được sở, ban, ngành và cơ quan khác; tỉnh, xã, phường lấy theo danh mục của Nhà nước."
        )
    if parent.valid_to is not None:
        raise UnitRefused(f"{parent.name} đã kết thúc hoạt động. Hãy chọn đơn vị hiện nay.")
    unit = Unit(
        code=_free_code(session, kind, clean(code), parent, name),
        kind=kind,
        parent_id=parent.id,
        path="",
        valid_from=now.astimezone(VIETNAM).date(),
        **_named(name),
    )
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path}{unit.id}/"
    session.flush()
    audit(session, actor, "unit.added", "unit", unit.id, unit.id, {"name": name, "kind": kind.value}, now)
    return unit


def rename_unit(
    session: Session, unit: Unit, name: str, *, actor: Account | int | None, now: datetime
) -> None:
    """Give a department or agency another name. Raises ``UnitRefused``."""
    _only_agency(unit)
    before, name = unit.name, _checked_name(session, name, unit.parent, unit)
    if name == before:
        return
    for field, value in _named(name).items():
        setattr(unit, field, value)
    session.flush()
    audit(session, actor, "unit.renamed", "unit", unit.id, unit.id, {"before": before, "after": name}, now)


def close_unit(
    session: Session,
    unit: Unit,
    last_day: date,
    successors: list[Unit],
    *,
    actor: Account | int | None,
    now: datetime,
) -> None:
    """A department or agency ends on ``last_day``; its ``successors`` (perhaps none) go on with its work.

    Raises ``UnitRefused`` while anyone serves there, has a role over it, or a unit below it is open.
    """
    _only_agency(unit)
    if last_day < unit.valid_from:
        raise UnitRefused("Ngày kết thúc sớm hơn ngày bắt đầu.")
    serving = select(Membership.id).where(Membership.unit_id == unit.id, Membership.valid_to.is_(None))
    granted = select(RoleGrant.id).where(RoleGrant.unit_id == unit.id, RoleGrant.revoked_at.is_(None))
    below = select(Unit.id).where(Unit.parent_id == unit.id, Unit.valid_to.is_(None))
    if session.scalar(serving.limit(1)) or session.scalar(granted.limit(1)) or session.scalar(below.limit(1)):
        raise UnitRefused(
            f"{unit.name} còn cán bộ, tài khoản hoặc đơn vị trực thuộc. Hãy chuyển đi trước rồi mới đóng."
        )
    unit.valid_to = last_day
    for successor in successors:
        session.add(
            UnitSuccessor(
                unit_id=unit.id, successor_id=successor.id, whole=len(successors) == 1, since=last_day
            )
        )
    session.flush()
    detail = {"last_day": last_day.isoformat(), "successors": [one.id for one in successors]}
    audit(session, actor, "unit.closed", "unit", unit.id, unit.id, detail, now)


def _only_agency(unit: Unit) -> None:
    if unit.kind not in AGENCIES:
        raise UnitRefused(f"{unit.name} lấy theo danh mục của Nhà nước nên không sửa ở đây.")


def _checked_name(session: Session, name: str, parent: Unit | None, besides: Unit | None) -> str:
    name = clean(name)
    if len(words_key(name)) < 2:
        raise UnitRefused("Chưa ghi tên đơn vị.")
    if len(name) > _LONGEST_NAME:
        raise UnitRefused(f"Tên đơn vị dài quá {_LONGEST_NAME} ký tự.")
    words = shipped_words()
    siblings = select(Unit).where(
        Unit.parent_id == (parent.id if parent else None), Unit.kind.in_(AGENCIES), Unit.valid_to.is_(None)
    )
    for other in session.scalars(siblings):
        if other is not besides and agency_key(other.name, words) == agency_key(name, words):
            raise UnitRefused(f"Đã có {other.name}. Hãy dùng đơn vị đó hoặc đặt tên khác.")
    return name


def _named(name: str) -> dict[str, str]:
    taken = shipped_words().agency_types.taken(name)
    tokens = name.split(" ")
    type_word, short_name = " ".join(tokens[:taken]), " ".join(tokens[taken:])
    return {
        "name": name,
        "type_word": type_word.lower()[:32] if short_name else "",
        "short_name": short_name or name,
        "sort_key": sort_key(name),
        "search_key": search_key(name),
    }


def _free_code(session: Session, kind: UnitKind, code: str, parent: Unit, name: str) -> str:
    taken = set(session.scalars(select(Unit.code).where(Unit.kind == kind)))
    if code:
        if len(code) > 32 or not re.fullmatch(r"[\w./-]+", code):
            raise UnitRefused(f"Mã “{code[:40]}” chưa dùng được: tối đa 32 chữ, số, gạch.")
        if code in taken:
            raise UnitRefused(f"Mã {code} đã có đơn vị dùng.")
        return code
    initials = "".join(word[0] for word in words_key(name).split())[:12].upper()
    base = f"{parent.code}-{initials}"[:28]
    made, number = base, 1
    while made in taken:
        number += 1
        made = f"{base}{number}"
    return made
