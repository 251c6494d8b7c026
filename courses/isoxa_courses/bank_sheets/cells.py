"""One cell: where it is, what may stand in it, and what to tell a trainer of one that cannot be read.

Excel changes what people type: ``98,5`` becomes a number, ``9/1`` a date, ``=…`` a formula. A number where text belongs
is refused when its spelling is lost (``8.10`` and ``8.1`` are one number), and taken when it is whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell

from ..errors import ContentError, Problem
from ..text import clean, fold, format_number, parse_number
from .layout import Column

_MARKS = frozenset({"x", "v", "✓", "✔", "1", "dung", "co", "true"})
_NO_MARKS = frozenset({"", "0", "-", "khong", "sai", "false"})
_LARGEST = 10**15  # beyond this Excel keeps no whole digits
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")


@dataclass(frozen=True, order=True)
class CellProblem(Problem):
    """One thing to correct in a workbook: the sheet, the cell (``"D7"``, "" for the whole sheet) and the reason."""

    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        place = f"Trang “{self.sheet}”" if self.sheet else self.file
        return f"{place}{f', ô {self.cell}' if self.cell else ''}: {self.reason}"

    def to_json(self) -> dict[str, str]:
        """``{"sheet", "cell", "reason"}``."""
        return {"sheet": self.sheet, "cell": self.cell, "reason": self.reason}


class BankSheetError(ContentError):
    """A workbook that cannot be imported; nothing was written. ``problems``: :class:`CellProblem`, sheet by sheet."""

    def __init__(self, problems: list[CellProblem]) -> None:
        super().__init__(problems)
        self.problems: list[Problem] = list(dict.fromkeys(problems))
        self.args = ("\n".join(map(str, self.problems)),)


@dataclass(frozen=True)
class Place:
    """A cell of the workbook ``file``."""

    file: str
    sheet: str
    row: int = 1
    cell: str = ""

    def problem(self, reason: str) -> CellProblem:
        """A problem at this place."""
        return CellProblem(self.file, self.row, reason, self.sheet, self.cell)


class CellRefused(Exception):
    """What a cell holds is not what its column holds; the message is for the trainer."""


def is_blank(cell: Cell | MergedCell | None) -> bool:
    """Whether nothing that can be seen stands in the cell."""
    return cell is None or cell.value is None or (isinstance(cell.value, str) and not clean(cell.value))


def read_cell(cell: Cell, column: Column) -> Any:
    """The value as YAML would hold it; None for an empty cell. Raises :class:`CellRefused`."""
    value = cell.value
    if cell.data_type == "f" or (isinstance(value, str) and clean(value).startswith("=")):
        raise CellRefused(
            "Ô có công thức (bắt đầu bằng dấu “=”). Hãy thay bằng chính nội dung cần ghi; "
            "công thức không bao giờ được tính ở đây."
        )
    if cell.data_type == "e":
        raise CellRefused(f"Ô báo lỗi {value}. Hãy ghi lại nội dung.")
    if is_blank(cell):
        return None
    if isinstance(value, date | datetime | time | timedelta):
        raise CellRefused(
            "Excel đã đổi nội dung ô này thành ngày giờ. Hãy đổi định dạng ô sang Văn bản (Text) rồi gõ lại."
        )
    match column.kind:
        case "mark":
            return _mark(value)
        case "integer":
            return _integer(value, column)
        case "points" | "answer":
            return _number(value)
        case "word":
            return _word(value, column)
        case "id":
            return _id(value)
        case "any":
            return value
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, bool):
        raise CellRefused(
            "Excel đã đổi nội dung ô này thành TRUE/FALSE. Hãy định dạng ô là Văn bản rồi gõ lại."
        )
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < _LARGEST:
            return str(int(value))
        raise CellRefused(
            f"Ô này là số ({format_number(_decimal(value))}), không phải chữ, nên không biết anh/chị đã gõ thế nào. "
            "Hãy đổi định dạng ô sang Văn bản (Text) rồi gõ lại."
        )
    text = str(value)
    return clean(text, lines=True)


def _id(value: object) -> str:
    text = clean(_text(value))
    if not _ID.match(text):
        raise CellRefused(
            f"“{text}” không dùng làm mã được. Mã chỉ gồm chữ không dấu, số, gạch nối và gạch dưới, không có dấu cách."
        )
    return text


def _decimal(value: int | float) -> Decimal:
    return Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))


def _number(value: object) -> Decimal:
    """A number of Excel's (98.5, shown as 98,5 on a Vietnamese PC), or text in the Vietnamese way."""
    if isinstance(value, bool):
        raise CellRefused("Phải là một số, ví dụ 98,5.")
    if isinstance(value, int | float):
        if not abs(value) < _LARGEST:
            raise CellRefused("Số quá lớn. Hãy kiểm tra lại.")
        return _decimal(value)
    try:
        return parse_number(str(value))
    except ValueError as error:
        raise CellRefused(str(error)) from None


def _integer(value: object, column: Column) -> int:
    number = _number(value)
    low, high = column.limits or (0, _LARGEST)
    if number != number.to_integral_value() or not low <= number <= high:
        raise CellRefused(f"“{column.heading}” phải là số nguyên từ {low} đến {format_number(high)}.")
    return int(number)


def _mark(value: object) -> bool:
    if isinstance(value, bool):
        return value
    said = fold(str(value))
    if said in _MARKS:
        return True
    if said in _NO_MARKS:
        return False
    raise CellRefused(f"“{clean(str(value))}” không rõ là đúng hay sai. Ghi x nếu đúng, để trống nếu không.")


def _word(value: object, column: Column) -> str:
    said = clean(str(value)).casefold()
    for word, meaning in column.words.items():
        if word.casefold() == said:
            return meaning
    known = ", ".join(f"“{word}”" for word in column.words)
    raise CellRefused(f"Không có “{clean(str(value))}” trong cột này. Hãy chọn một trong: {known}.")
