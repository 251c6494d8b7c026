"""Which recorded person a row of a roster is.

By staff code; else by telephone or e-mail with the same name (two people may share either); else by name and date of
birth; else by name within the same unit, if exactly one has it and nothing contradicts it (birth, telephone, position).
Otherwise a person decides. All persons are loaded once, as plain values, so a row costs a few look-ups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from isoxa_courses.text import fold
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..tables import Membership, Person, QualityRole, Unit
from ..unit_text import is_marked, plain
from .rows import RosterRow

__all__ = ["KnownPerson", "PeopleIndex", "PersonMatch"]


@dataclass(eq=False)
class KnownPerson:
    """A recorded person with their service today; or, with ``person_id`` None, an earlier row of the same file.

    ``claimed_by``: the row of this file that is this person.
    """

    person_id: int | None
    membership_id: int | None
    unit_id: int | None
    unit_path: str
    full_name: str
    staff_code: str | None
    birth_date: date | None
    birth_year: int | None
    phone: str | None
    email: str | None
    position: str | None = None
    quality_role: QualityRole | None = None
    claimed_by: RosterRow | None = None


@dataclass(frozen=True)
class PersonMatch:
    """``known``; or with ``doubt`` the ``candidates`` among whom a person decides; or neither: nobody recorded."""

    known: KnownPerson | None = None
    doubt: str = ""
    column: str = "full_name"
    candidates: tuple[KnownPerson, ...] = field(default_factory=tuple)


class PeopleIndex:
    """Everyone recorded, by each thing a row can name them by."""

    def __init__(self, session: Session) -> None:
        self.known: dict[int, KnownPerson] = {}
        self._by: defaultdict[tuple[object, ...], list[KnownPerson]] = defaultdict(list)
        serving = {
            row.person_id: row
            for row in session.execute(
                select(
                    Membership.person_id, Membership.id, Membership.unit_id, Unit.path, Membership.position,
                    Membership.quality_role,
                )
                .join(Unit, Unit.id == Membership.unit_id)
                .where(Membership.valid_to.is_(None))
                .order_by(Membership.id)
            )
        }  # fmt: skip
        columns = (
            Person.id, Person.full_name, Person.staff_code, Person.birth_date, Person.birth_year, Person.phone,
            Person.email,
        )  # fmt: skip
        for row in session.execute(select(*columns).where(Person.erased_at.is_(None)).order_by(Person.id)):
            at = serving.get(row.id)
            one = KnownPerson(
                row.id, at.id if at else None, at.unit_id if at else None, at.path if at else "",
                row.full_name, row.staff_code, row.birth_date, row.birth_year, row.phone, row.email,
                at.position if at else None, at.quality_role if at else None,
            )  # fmt: skip
            self.known[row.id] = one
            self._add(one)

    def add_row(self, row: RosterRow, unit_id: int, unit_path: str) -> None:
        """A person who is new with this row, so that a later row for the same one is seen to be double."""
        self._add(
            KnownPerson(
                None, None, unit_id, unit_path, row.full_name, row.staff_code, row.birth_date, row.birth_year,
                row.phone, row.email, row.position, row.quality_role, row,
            )
        )  # fmt: skip

    def find(self, row: RosterRow, unit_id: int) -> PersonMatch:
        """Who the row is."""
        if row.staff_code:
            match = self._by_code(row)
            if match is not None:
                return match
        strong = self._strong(row, unit_id)
        if strong:
            return self._one_of(row, strong)
        return self._by_unit(row, unit_id)

    def _by_code(self, row: RosterRow) -> PersonMatch | None:
        found = self._by["code", (row.staff_code or "").casefold()]
        if len(found) > 1:
            named = [one for one in found if same_name(row.full_name, one.full_name)]
            if len(named) != 1:
                doubt = f"Có {len(found)} người cùng mã cán bộ {row.staff_code}."
                return PersonMatch(None, doubt, "staff_code", tuple(found))
            found = named
        if not found:
            return None
        one = found[0]
        if fold(row.full_name) == fold(one.full_name) or _shares(row, one):
            return PersonMatch(one)
        doubt = f"Mã cán bộ {row.staff_code} đang là của {one.full_name}."
        return PersonMatch(None, doubt, "staff_code", (one,))

    def _strong(self, row: RosterRow, unit_id: int) -> list[tuple[str, KnownPerson]]:
        """Those of the same name whom something else names too: (what, who)."""
        name = fold(row.full_name)
        found: dict[int, tuple[str, KnownPerson]] = {}
        for column, value in (("phone", row.phone), ("email", row.email), ("birth_date", row.birth_date)):
            for one in self._by[column, value, name] if value else ():
                # Name and birth date alone do not outweigh diacritics: Nguyễn Văn Hà is not Nguyễn Văn Hạ.
                if (
                    column != "birth_date"
                    or one.unit_id == unit_id
                    or same_name(row.full_name, one.full_name)
                ):
                    found.setdefault(id(one), (column, one))
        if not found and row.birth_year:
            for one in self._by["unit", unit_id, name]:
                if one.birth_year == row.birth_year and not _differences(row, one):
                    found[id(one)] = ("birth_date", one)
        return list(found.values())

    def _one_of(self, row: RosterRow, strong: list[tuple[str, KnownPerson]]) -> PersonMatch:
        people = tuple(one for _, one in strong)
        column = strong[0][0]
        if len(people) > 1:
            doubt = f"Có {len(people)} người tên {row.full_name} cùng khớp."
            return PersonMatch(None, doubt, column, people)
        one = people[0]
        against = _against(row, one)
        if not same_name(row.full_name, one.full_name):
            against.insert(0, f"tên đã ghi là {one.full_name}")
        if not against:
            return PersonMatch(one)
        if one.person_id is None and any(_apart(row, one)):
            return PersonMatch()  # one list says that they are two
        return PersonMatch(
            None, f"Có thể là {one.full_name} đã có trong hồ sơ, nhưng {'; '.join(against)}.", column, people
        )

    def _by_unit(self, row: RosterRow, unit_id: int) -> PersonMatch:
        there = [
            one
            for one in self._by["unit", unit_id, fold(row.full_name)]
            if same_name(row.full_name, one.full_name)
        ]
        # In one list another birth date or code is another person; for someone on record it takes both.
        there = [one for one in there if not _is_another(row, one)]
        if not there:
            return PersonMatch()
        if len(there) > 1:
            doubt = f"Đơn vị này có {len(there)} người tên {row.full_name}."
            return PersonMatch(None, doubt, "full_name", tuple(there))
        one = there[0]
        differences = _differences(row, one)
        if not differences:
            return PersonMatch(one)
        where = "đã có trong hồ sơ" if one.claimed_by is None else f"ở dòng {one.claimed_by.number}"
        doubt = f"Cùng đơn vị có {one.full_name} {where}, nhưng {'; '.join(differences)}."
        return PersonMatch(None, doubt, "full_name", (one,))

    def _add(self, one: KnownPerson) -> None:
        name = fold(one.full_name)
        if one.staff_code:
            self._by["code", one.staff_code.casefold()].append(one)
        for column, value in (("phone", one.phone), ("email", one.email), ("birth_date", one.birth_date)):
            if value:
                self._by[column, value, name].append(one)
        self._by["unit", one.unit_id, name].append(one)


def same_name(mine: str, theirs: str) -> bool:
    """The same name, as far as it is written: one without diacritics may be any of its letters."""
    if plain(mine) == plain(theirs):
        return True
    return fold(mine) == fold(theirs) and (not is_marked(mine) or not is_marked(theirs))


def _shares(row: RosterRow, one: KnownPerson) -> bool:
    pairs = ((row.birth_date, one.birth_date), (row.phone, one.phone), (row.email, one.email))
    return any(mine is not None and mine == theirs for mine, theirs in pairs)


def _birth_differs(row: RosterRow, one: KnownPerson) -> bool:
    if row.birth_date and one.birth_date:
        return row.birth_date != one.birth_date
    mine = row.birth_date.year if row.birth_date else row.birth_year
    theirs = one.birth_date.year if one.birth_date else one.birth_year
    return mine is not None and theirs is not None and mine != theirs


def _code_differs(row: RosterRow, one: KnownPerson) -> bool:
    return bool(row.staff_code and one.staff_code) and row.staff_code != one.staff_code


def _apart(row: RosterRow, one: KnownPerson) -> Iterable[bool]:
    return _birth_differs(row, one), _code_differs(row, one)


def _is_another(row: RosterRow, one: KnownPerson) -> bool:
    return (any if one.person_id is None else all)(_apart(row, one))


def _against(row: RosterRow, one: KnownPerson) -> list[str]:
    """What speaks against someone whom a telephone, a mailbox or a birth date names."""
    found = []
    if _birth_differs(row, one):
        shown = f"{one.birth_date:%d/%m/%Y}" if one.birth_date else str(one.birth_year)
        found.append(f"ngày sinh đã ghi là {shown}")
    if _code_differs(row, one):
        found.append(f"mã cán bộ đã ghi là {one.staff_code}")
    return found


def _differences(row: RosterRow, one: KnownPerson) -> list[str]:
    """What speaks against someone of that name in that unit."""
    found = _against(row, one)
    if row.phone and one.phone and row.phone != one.phone:
        found.append(f"điện thoại đã ghi là {one.phone}")
    if row.position and one.position and plain(row.position) != plain(one.position):
        found.append(f"chức danh đã ghi là {one.position}")
    return found
