"""Which recorded person a row of a roster is.

By staff code; else by telephone or e-mail with the same name; else by name and date of birth; else by name within the
same unit, if nothing speaks against it. Where that leaves two persons, or what is written contradicts what is recorded,
the answer is a reason and not a person. All persons are loaded once, so a row costs a few look-ups.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from isoxa_courses.text import fold
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..tables import Membership, Person
from .rows import RosterRow, RowProblem

__all__ = ["KnownPerson", "PeopleIndex"]


@dataclass
class KnownPerson:
    """A recorded person with their service today; or, with no ``person`` yet, an earlier row of the same file."""

    person: Person | None
    membership: Membership | None
    unit_id: int | None
    full_name: str
    staff_code: str | None
    birth_date: object
    phone: str | None
    email: str | None
    claimed_by: RosterRow | None = None


class PeopleIndex:
    """Everyone recorded, by each thing a row can name them by."""

    def __init__(self, session: Session) -> None:
        self._by: defaultdict[tuple[object, ...], list[KnownPerson]] = defaultdict(list)
        serving = {
            membership.person_id: membership
            for membership in session.scalars(
                select(Membership).where(Membership.valid_to.is_(None)).order_by(Membership.id)
            )
        }
        for person in session.scalars(select(Person).order_by(Person.id)):
            membership = serving.get(person.id)
            self._add(
                KnownPerson(
                    person,
                    membership,
                    membership.unit_id if membership else None,
                    person.full_name,
                    person.staff_code,
                    person.birth_date,
                    person.phone,
                    person.email,
                )
            )

    def add_row(self, row: RosterRow, unit_id: int) -> None:
        """A person who is new with this row, so that a later row for the same one is seen to be double."""
        self._add(
            KnownPerson(
                None, None, unit_id, row.full_name, row.staff_code, row.birth_date, row.phone, row.email, row
            )
        )

    def find(self, row: RosterRow, unit_id: int) -> KnownPerson | RowProblem | None:
        """The person, a reason why it cannot be told, or None: nobody recorded."""
        if row.staff_code:
            same_code = self._by["code", row.staff_code.casefold()]
            if len(same_code) > 1:
                return row.problem(
                    "staff_code", f"Có {len(same_code)} người cùng mã cán bộ {row.staff_code}."
                )
            if same_code:
                return self._if_same_person(row, same_code[0])
        name = fold(row.full_name)
        for column, value in (("phone", row.phone), ("email", row.email), ("birth_date", row.birth_date)):
            if value:
                found = self._by[column, value, name]
                if column == "birth_date":
                    # Name and birth date alone do not outweigh diacritics: Nguyễn Văn Hà is not Nguyễn Văn Hạ.
                    found = [one for one in found if one.full_name.casefold() == row.full_name.casefold()]
                if found:
                    return self._only(row, column, found)
        there = [one for one in self._by["unit", unit_id, name] if not _contradicts(row, one)]
        there = [one for one in there if one.full_name.casefold() == row.full_name.casefold()]
        return self._only(row, "full_name", there) if there else None

    def _if_same_person(self, row: RosterRow, one: KnownPerson) -> KnownPerson | RowProblem:
        agrees = fold(row.full_name) == fold(one.full_name) or any(
            mine and mine == theirs
            for mine, theirs in (
                (row.birth_date, one.birth_date),
                (row.phone, one.phone),
                (row.email, one.email),
            )
        )
        if agrees:
            return one
        return row.problem(
            "staff_code", f"Mã cán bộ {row.staff_code} đang là của {one.full_name}.", one.full_name
        )

    def _only(self, row: RosterRow, column: str, found: list[KnownPerson]) -> KnownPerson | RowProblem:
        if len(found) > 1:
            return row.problem(
                column,
                f"Có {len(found)} người tên {row.full_name} cùng khớp. Hãy ghi thêm mã cán bộ hoặc ngày sinh.",
            )
        one = found[0]
        if row.staff_code and one.staff_code and row.staff_code.casefold() != one.staff_code.casefold():
            return row.problem(
                "staff_code",
                f"{row.full_name} đã có trong hồ sơ với mã cán bộ {one.staff_code}, khác {row.staff_code}.",
                one.staff_code,
            )
        return one

    def _add(self, one: KnownPerson) -> None:
        name = fold(one.full_name)
        if one.staff_code:
            self._by["code", one.staff_code.casefold()].append(one)
        for column, value in (("phone", one.phone), ("email", one.email), ("birth_date", one.birth_date)):
            if value:
                self._by[column, value, name].append(one)
        self._by["unit", one.unit_id, name].append(one)


def _contradicts(row: RosterRow, one: KnownPerson) -> bool:
    """Whether two persons of one name in one unit are told apart by what is written of them."""
    return any(
        mine and theirs and mine != theirs
        for mine, theirs in (
            (row.birth_date, one.birth_date),
            (row.staff_code and row.staff_code.casefold(), one.staff_code and one.staff_code.casefold()),
        )
    )
