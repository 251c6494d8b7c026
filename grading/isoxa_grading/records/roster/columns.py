"""Finds the header of a list, wherever it stands, and which column holds what, in any order.

A header has one to three rows: "Ngày sinh" may be merged over "Nam" and "Nữ" (the year stands under the sex), or over
"Ngày", "Tháng", "Năm"; "Liên hệ" over "SĐT" and "Email". What a column is called, the word file says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from isoxa_courses.text import clean

from ..words import Words, header_key, words_key
from .sheets import Cell, RosterError, Sheet

__all__ = ["COLUMNS", "REQUIRED", "Header", "header_at"]

REQUIRED = ("full_name", "unit")

COLUMNS = {
    "full_name": "Họ và tên",
    "unit": "Đơn vị",
    "district": "Huyện cũ",
    "province": "Tỉnh",
    "staff_code": "Mã cán bộ",
    "birth_date": "Ngày sinh",
    "position": "Chức danh",
    "quality_role": "Vai trò",
    "phone": "Điện thoại",
    "email": "Thư điện tử",
}

_MOST_ROWS = 3
_DATE_PARTS = {"ngay": "birth_day", "thang": "birth_month", "nam": "birth_year"}


@dataclass(frozen=True)
class Header:
    """``first`` … ``last``: its rows; ``places``: field → indexes of its cells, in the order to look at them;
    ``names``: field → what the file calls it; ``numbers``: the column of running numbers, if there is one.
    """

    first: int
    last: int
    places: dict[str, tuple[int, ...]]
    names: dict[str, str]
    numbers: int | None

    @property
    def has_unit(self) -> bool:
        """Whether a column names units."""
        return not {"unit", "commune", "old_commune"}.isdisjoint(self.places)


def header_at(sheet: Sheet, index: int, words: Words, *, again: bool = False) -> Header | None:
    """The header that begins at ``sheet.rows[index]``, or None. Raises ``RosterError`` where two columns hold names.

    ``again``: the list has begun, and this would be its header once more.
    """
    number, cells = sheet.rows[index]
    if again and not all(cell is None or isinstance(cell, str) for cell in cells):
        return None
    if sum(_field(cell, words) is not None for cell in cells) < 2:
        return None  # a title may be called "UBND xã …" too
    lines = [_texts(sheet, number, cells)]
    best = _header(sheet, number, number, lines, words)
    for below in range(1, _MOST_ROWS):
        if index + below >= len(sheet.rows):
            break
        number_below, cells_below = sheet.rows[index + below]
        if number_below > number + below or not _continues(
            sheet, number_below, cells_below, lines[-1], words
        ):
            break
        lines.append(_texts(sheet, number_below, cells_below))
        longer = _header(sheet, number, number_below, lines, words)
        best = longer or best
    return best


def _texts(sheet: Sheet, number: int, cells: list[Cell]) -> list[str]:
    return [clean(cell) if isinstance(cell, str) else "" for cell in sheet.filled(number, cells)]


@lru_cache(maxsize=32768)
def _field(text: Cell, words: Words) -> str | None:
    """The field that a header names: by the whole header, or by how it begins."""
    if not isinstance(text, str) or not text or len(text) > 120:
        return None
    key = header_key(text)
    found = words.columns.get(key)
    if found is None and len(key.split()) <= 12:
        longer = words.longer_headers.get(key.partition(" ")[0], ())
        found = next((words.columns[known] for known in longer if key.startswith(known + " ")), None)
    return found


def _continues(sheet: Sheet, number: int, cells: list[Cell], before: Sequence[str], words: Words) -> bool:
    """Whether this row belongs to the header above it: each of its cells is one of a header."""
    own = [(column, cell) for column, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()]
    if not own or any(cell is not None and not isinstance(cell, str) for cell in cells):
        return False
    # A person may be called Tên, but a row with a name under a name header is no header.
    known = sum(_field(cell, words) is not None or words_key(cell) in ("nu", *_DATE_PARTS) for _, cell in own)
    return known == len(own)


def _header(sheet: Sheet, first: int, last: int, lines: list[list[str]], words: Words) -> Header | None:
    places: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    known, numbers = 0, None
    for column in range(max(len(line) for line in lines)):
        stack = list(dict.fromkeys(line[column] for line in lines if column < len(line) and line[column]))
        field = _of_stack(stack, words)
        if field is None:
            continue
        known += 1
        if field == "ignored":
            if numbers is None and words_key(stack[-1]) in ("stt", "tt", "so tt", "so thu tu", "no"):
                numbers = column
            continue
        places.setdefault(field, []).append(column)
        names.setdefault(field, stack[0] if field.startswith("birth") else stack[-1])
    if "family_names" in places and "given_name" in places:
        places["full_name"] = places.pop("family_names") + places.pop("given_name")
        names["full_name"] = "Họ và tên"
    elif "full_name" not in places and "given_name" in places:
        places["full_name"] = places.pop("given_name")
        names["full_name"] = names["given_name"]
    elif (
        "full_name" in places
        and len(places["full_name"]) > 1
        and not _merged(sheet, first, last, places["full_name"])
    ):
        raise RosterError(
            f"Trang “{sheet.name}”, dòng {first}: có hai cột “{names['full_name']}”. Hãy giữ một cột."
        )
    if "full_name" not in places or known < 2:
        return None
    return Header(first, last, {field: tuple(found) for field, found in places.items()}, names, numbers)


def _merged(sheet: Sheet, first: int, last: int, columns: list[int]) -> bool:
    """Whether a header cell is merged over all these columns: "Họ và tên" over family names and given name."""
    return any(
        merge.left <= min(columns) and merge.right >= max(columns) and first <= merge.top <= last
        for merge in sheet.merges
    )


def _of_stack(stack: list[str], words: Words) -> str | None:
    """The field of a column from its header cells, the top one first."""
    if not stack:
        return None
    fields = [_field(text, words) for text in stack]
    if len(stack) > 1 and fields[0] == "birth_date":
        below = words_key(stack[-1])
        if below in ("nam", "nu") and stack[-1].casefold() != "năm":
            return "birth_date"
        return _DATE_PARTS.get(below, "birth_date")
    # The lowest row says most; above it may stand a heading of several columns.
    return next((field for field in reversed(fields) if field is not None), None)
