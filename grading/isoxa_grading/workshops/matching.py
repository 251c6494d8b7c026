"""Who on the roster a participant is. Nobody is guessed: where more than one could be meant, a person decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from isoxa_courses.text import clean, fold
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from isoxa_grading.records.account_scope import inside
from isoxa_grading.records.tables import Enrolment, Membership, Person, Unit, UnitKind, WorkshopResult
from isoxa_grading.records.units import in_scope

from .result_file import Participant

__all__ = ["Candidate", "Match", "Roster"]


@dataclass(frozen=True)
class Candidate:
    """Somebody on the roster."""

    person_id: int
    full_name: str
    unit_id: int
    unit_name: str
    position: str
    staff_code: str


@dataclass(frozen=True)
class Match:
    """``known``; or, with ``doubt`` in words, the ``candidates``; or neither: nobody on the roster."""

    known: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    doubt: str = ""


class Roster:
    """Those who serve in the communes that some files name, within the scope; read once for all files."""

    def __init__(
        self, session: Session, participants: Collection[Participant], scope_paths: Sequence[str]
    ) -> None:
        codes = {one.unit_code for one in participants}
        units = session.scalars(
            select(Unit).where(Unit.kind == UnitKind.COMMUNE, Unit.valid_to.is_(None), Unit.code.in_(codes))
        )
        self.units = {
            unit.code: unit for unit in units if any(in_scope(unit.path, path) for path in scope_paths)
        }
        self._by_unit: defaultdict[int, list[Candidate]] = defaultdict(list)
        self._by_code: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._by_key: dict[str, Candidate] = {}
        serving = (
            select(
                Person.id,
                Person.full_name,
                Membership.unit_id,
                Unit.name,
                Membership.position,
                Person.staff_code,
            )
            .join(Membership, Membership.person_id == Person.id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.valid_to.is_(None), Person.erased_at.is_(None), inside(scope_paths))
        )
        known = {person.staff_code.lower() for person in participants} - {""}
        for query in (
            serving.where(Membership.unit_id.in_([unit.id for unit in self.units.values()])),
            serving.where(func.lower(Person.staff_code).in_(known)),
        ):
            for row in session.execute(query.order_by(Person.sort_key, Person.id)):
                self._add(Candidate(row[0], row[1], row[2], row[3], row[4] or "", row[5] or ""))
        self._read_keys(session, {one.key for one in participants}, scope_paths)

    def find(self, participant: Participant) -> Match:
        """Who it is: by an earlier file of the same participant, by staff code, by name within the commune."""
        name = clean(participant.full_name)
        before = self._by_key.get(participant.key)
        if before is not None:
            if _alike(before.full_name, name):
                return Match(before)
            return Match(None, (before,), "Tệp trước của người này ghi họ tên khác.")
        if participant.staff_code:
            coded = self._by_code.get(participant.staff_code.lower(), [])
            named = [one for one in coded if _alike(one.full_name, name)]
            if len(named) == 1:
                return Match(named[0])
            if coded:
                return Match(None, tuple(coded), "Mã cán bộ này trong danh sách là của người có họ tên khác.")
        unit = self.units[participant.unit_code]
        here = self._by_unit[unit.id]
        same = [one for one in here if one.full_name.casefold() == name.casefold()]
        if len(same) > 1 and participant.position:
            same_post = [one for one in same if _alike(one.position, participant.position)]
            same = same_post if len(same_post) == 1 else same
        if len(same) == 1:
            return Match(same[0])
        if same:
            return Match(None, tuple(same), "Đơn vị này có nhiều người cùng họ tên.")
        alike = [one for one in here if _alike(one.full_name, name)]
        if alike:
            return Match(None, tuple(alike), "Họ tên chỉ khác dấu với người trong danh sách.")
        return Match()

    def _add(self, one: Candidate) -> None:
        if one not in self._by_unit[one.unit_id]:
            self._by_unit[one.unit_id].append(one)
        if one.staff_code and one not in self._by_code[one.staff_code.lower()]:
            self._by_code[one.staff_code.lower()].append(one)

    def _read_keys(self, session: Session, keys: Collection[str], scope_paths: Sequence[str]) -> None:
        query = (
            select(
                WorkshopResult.key,
                Person.id,
                Person.full_name,
                Membership.unit_id,
                Unit.name,
                Membership.position,
                Person.staff_code,
            )
            .join(Enrolment, Enrolment.id == WorkshopResult.enrolment_id)
            .join(Person, Person.id == Enrolment.person_id)
            .join(Membership, Membership.person_id == Person.id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(
                WorkshopResult.key.in_(keys),
                Membership.valid_to.is_(None),
                Person.erased_at.is_(None),
                inside(scope_paths),
            )
            .order_by(WorkshopResult.id)
        )
        for row in session.execute(query):
            self._by_key[row[0]] = Candidate(row[1], row[2], row[3], row[4], row[5] or "", row[6] or "")


def _alike(one: str, other: str) -> bool:
    """The same but for case and diacritics."""
    return fold(clean(one)) == fold(clean(other))
