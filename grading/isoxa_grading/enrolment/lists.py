"""A list of people, pasted or as a spreadsheet, and whom of the scope it names.

Pasted, each line is a staff code, or a name and a unit with a comma, semicolon or tab between. A spreadsheet is read
by the roster's reader (header anywhere, names and units in many forms); one without any name column is read as a list
of staff codes. Nobody outside the scope is ever found, so a line cannot tell whether somebody exists elsewhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from isoxa_courses.text import clean, fold
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records.account_scope import inside
from ..records.roster import RosterError, RosterFile, RosterRow, read_roster
from ..records.roster.opening import open_sheets
from ..records.roster.people import same_name
from ..records.roster.places import PlaceFinder
from ..records.tables import Membership, Person, Unit
from ..records.unit_answers import Found
from ..records.unit_index import unit_index
from ..records.unit_matching import Said, UnitFinder
from ..records.words import shipped_words

__all__ = ["MOST_LINES", "ListLine", "Matched", "PeopleList", "match_list", "read_list", "read_pasted"]

MOST_LINES = 20_000
_CODE = re.compile(r"(?=\S*\d)[\w./-]{2,40}")
_SHOWN = 120


@dataclass(frozen=True)
class ListLine:
    """One line as it was given. ``where``: "dòng 3", or "Trang “DS”, dòng 3"; ``row``: of a roster, for its unit."""

    where: str
    text: str
    code: str = ""
    name: str = ""
    unit: str = ""
    birth_date: date | None = None
    row: RosterRow | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class PeopleList:
    """``file``: the roster it was read from, if it was one."""

    lines: tuple[ListLine, ...]
    file: RosterFile | None = None


@dataclass(frozen=True)
class Matched:
    """``people``: ids, each once, in the list's order; ``unmatched``: ``{"where", "text", "reason"}`` a line;
    ``repeated``: lines that name somebody whom an earlier line names.
    """

    people: tuple[int, ...]
    unmatched: tuple[dict[str, str], ...]
    repeated: int


def read_pasted(text: str) -> PeopleList:
    """The lines of a text field. Raises ``RosterError`` when there are none, or too many."""
    lines = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = clean(raw.replace("\t", " ; "))
        if not line.strip(" ;,"):
            continue
        code, name, unit = _parts(line)
        lines.append(ListLine(f"dòng {number}", line[:_SHOWN], code, name, unit))
    return _checked(PeopleList(tuple(lines)), "Danh sách dán vào")


def read_list(source: Path | bytes, name: str) -> PeopleList:
    """The lines of an XLSX or CSV. Raises ``RosterError`` when the file as a whole cannot be used."""
    content = source.read_bytes() if isinstance(source, Path) else source
    name = clean(Path(name).name)[:200] or "danh sách"
    try:
        file = read_roster(content, name)
    except RosterError:
        lines = tuple(_codes(content, name))
        if not lines:
            raise
        return _checked(PeopleList(lines), name)
    return _checked(PeopleList(tuple(map(_of_row, file.rows)), file), name)


def match_list(
    session: Session, people: PeopleList, scope: Unit | None, scope_paths: Sequence[str]
) -> Matched:
    """Whom the lines name, among those who serve within ``scope_paths``.

    ``scope``: the unit whose names come first where a unit's name is not unique (None: the whole country).
    """
    matcher = _Matcher(session, people, scope, scope_paths)
    found: dict[int, None] = {}
    unmatched: list[dict[str, str]] = []
    repeated = 0
    for line in people.lines:
        person_id, reason = matcher.find(line)
        if person_id is None:
            unmatched.append({"where": line.where, "text": line.text, "reason": reason})
        elif person_id in found:
            repeated += 1
        else:
            found[person_id] = None
    return Matched(tuple(found), tuple(unmatched), repeated)


def _checked(people: PeopleList, name: str) -> PeopleList:
    if not people.lines:
        raise RosterError(f"{name}: không có dòng nào.")
    if len(people.lines) > MOST_LINES:
        raise RosterError(f"{name}: nhiều hơn 20.000 dòng. Hãy tách thành nhiều lần, hoặc chọn theo đơn vị.")
    return people


def _parts(line: str) -> tuple[str, str, str]:
    """Code, name and unit of a pasted line."""
    separator = ";" if ";" in line else ","
    parts = [part.strip() for part in line.split(separator) if part.strip()]
    code = ""
    if parts and _CODE.fullmatch(parts[0]):
        code = parts.pop(0)
    elif len(parts) > 1 and _CODE.fullmatch(parts[-1]):
        code = parts.pop()
    name = parts[0] if parts else ""
    return code, name, ", ".join(parts[1:])


def _of_row(row: RosterRow) -> ListLine:
    where = f"Trang “{row.sheet}”, dòng {row.number}"
    said = (row.staff_code, row.full_name or row.raw.get("full_name", ""), row.unit)
    text = ", ".join(part for part in said if part)[:_SHOWN]
    return ListLine(where, text, row.staff_code or "", row.full_name, row.unit, row.birth_date, row)


def _codes(content: bytes, name: str) -> Iterator[ListLine]:
    """Cells that look like staff codes, of a spreadsheet that has no name column."""
    for sheet in open_sheets(content, name):
        for number, cells in sheet.rows:
            texts = [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else clean(str(cell))
                     for cell in cells if cell is not None]  # fmt: skip
            codes = [text for text in texts if _CODE.fullmatch(text)]
            if codes:
                # A running number stands first; the code is the longest of the row.
                code = max(codes, key=len)
                yield ListLine(f"Trang “{sheet.name}”, dòng {number}", " ".join(texts)[:_SHOWN], code)


class _Matcher:
    """Everyone of the scope by code and by name, loaded once."""

    def __init__(
        self, session: Session, people: PeopleList, scope: Unit | None, scope_paths: Sequence[str]
    ) -> None:
        self._by_code: defaultdict[str, dict[int, Any]] = defaultdict(dict)
        self._by_name: defaultdict[str, dict[tuple[int, int], Any]] = defaultdict(dict)
        rows = session.execute(
            select(
                Person.id, Person.full_name, Person.staff_code, Person.birth_date, Membership.unit_id,
                Unit.path, Unit.name.label("unit"),
            )
            .join(Membership, Membership.person_id == Person.id)
            .join(Unit, Unit.id == Membership.unit_id)
            .where(Membership.valid_to.is_(None), Person.erased_at.is_(None), inside(scope_paths))
        )  # fmt: skip
        for row in rows:
            if row.staff_code:
                self._by_code[row.staff_code.casefold()][row.id] = row
            self._by_name[fold(row.full_name)][row.id, row.unit_id] = row
        self._finder = UnitFinder(unit_index(session), shipped_words(), scope.id if scope else None)
        self._places = PlaceFinder(people.file, self._finder) if people.file else None

    def find(self, line: ListLine) -> tuple[int | None, str]:
        """The person, or None and why (Vietnamese)."""
        if line.code:
            coded = list(self._by_code.get(line.code.casefold(), {}).values())
            named = [row for row in coded if not line.name or _alike(line.name, row.full_name)]
            if len(named) == 1:
                return named[0].id, ""
            if len(coded) == 1:
                return None, f"Mã cán bộ {line.code} trong hồ sơ là của {coded[0].full_name}."
            if coded:
                return None, f"Có {len(coded)} người cùng mã cán bộ {line.code}. Hãy ghi thêm họ tên, đơn vị."
        if not line.name:
            return None, (
                f"Không có ai mang mã cán bộ {line.code} trong phạm vi của anh/chị."
                if line.code
                else "Dòng không có mã cán bộ, cũng không có họ tên."
            )
        return self._by_unit(line)

    def _by_unit(self, line: ListLine) -> tuple[int | None, str]:
        named = [
            row for row in self._by_name[fold(line.name)].values() if same_name(line.name, row.full_name)
        ]
        if line.birth_date is not None:
            named = [row for row in named if row.birth_date in (None, line.birth_date)]
        if line.unit or line.row is not None:
            place = self._place(line)
            if place.place is None and line.unit:
                return None, place.reason or f"Không rõ đơn vị “{line.unit}”."
            if place.place is not None:
                path = place.place.path
                named = [row for row in named if row.path.startswith(path)]
        ids = {row.id for row in named}
        if len(ids) == 1:
            return ids.pop(), ""
        if not ids:
            where = f" ở {line.unit}" if line.unit else ""
            return None, f"Không có ai tên {line.name}{where} trong phạm vi của anh/chị."
        if not line.unit:
            units = ", ".join(sorted({row.unit for row in named})[:5])
            return None, f"Có {len(ids)} người tên {line.name} ({units}). Hãy ghi thêm đơn vị hoặc mã cán bộ."
        return None, f"Có {len(ids)} người tên {line.name} ở {line.unit}. Hãy ghi mã cán bộ."

    def _place(self, line: ListLine) -> Found:
        if line.row is not None and self._places is not None:
            return self._places.find(line.row)
        return self._finder.find(Said(line.unit))


def _alike(mine: str, theirs: str) -> bool:
    return same_name(mine, theirs) or fold(mine) == fold(theirs)
