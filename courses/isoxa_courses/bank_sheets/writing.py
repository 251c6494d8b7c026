"""A quiz as a workbook that trainers edit in Excel: headings stay in view, lists offer choices, text is text.

Every cell of text is stored as a string and formatted as text, so Excel neither turns ``9.1`` into a date nor runs
anything. Blocks of rows (one a variant) are shaded in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ..models import QuizFile, Slot
from ..questions import Question
from ..text import format_number
from .cells import BankSheetError, Place
from .layout import (
    ABOUT_BLOCKS,
    HEADING_ROW,
    PART,
    QUIZ_FIELDS,
    QUIZ_NOTE,
    QUIZ_REMARKS,
    QUIZ_TITLE,
    SLOT,
    SLOT_COLUMNS,
    SLOTS_NOTE,
    SLOTS_TITLE,
    TYPE_SHEETS,
    Column,
    PartKind,
    TypeSheet,
)

Row = dict[str, Any]
LAST_ROW = 2_000
"""Lists are offered down to here."""

_HEADING = PatternFill("solid", fgColor="FF1F4E5F")
_SHADES = (PatternFill("solid", fgColor="FFFFFFFF"), PatternFill("solid", fgColor="FFEFF5F7"))
_LINE = Border(*(Side(style="thin", color="FFC9D3D8"),) * 4)
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_FAINT = Font(color="FF6B7780")
_TEXT_FORMAT = "@"


def write_bank(quiz: QuizFile, path: Path) -> None:
    """Write the workbook of ``quiz``. Raises :class:`BankSheetError` for a text that Excel would take as a formula."""
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    _quiz_sheet(book.active, quiz)
    slots = book.create_sheet(SLOTS_TITLE)
    rows = [[{column.key: getattr(slot, column.key) for column in SLOT_COLUMNS}] for slot in quiz.slots]
    _table(slots, SLOTS_NOTE, "", SLOT_COLUMNS, rows, frozen=2)
    for kind in TYPE_SHEETS:
        blocks = [
            list(_block(kind, slot, question, order))
            for slot in quiz.slots
            for order, question in enumerate(slot.variants, start=1)
            if question.type == kind.type
        ]
        _table(
            book.create_sheet(kind.title),
            kind.note,
            ABOUT_BLOCKS,
            kind.all_columns,
            blocks,
            frozen=3,
            grouped=True,
        )
    book.save(path)


def _quiz_sheet(sheet: Worksheet, quiz: QuizFile) -> None:
    sheet.title = QUIZ_TITLE
    _notes(sheet, QUIZ_NOTE, "")
    _headings(sheet, ("Thông tin", "Giá trị", "Lưu ý"))
    for row, column in enumerate(QUIZ_FIELDS, start=HEADING_ROW + 1):
        value = quiz.id if column.key == "quiz" else getattr(quiz, column.key)
        _put(sheet, row, 1, column.heading, Column("", "")).font = Font(bold=True)
        _put(sheet, row, 2, value, column)
        _put(sheet, row, 3, QUIZ_REMARKS.get(column.key), Column("", "")).font = _FAINT
    for letter, width in zip("ABC", (24, 60, 52), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{HEADING_ROW + 1}"


def _block(kind: TypeSheet, slot: Slot, question: Question, order: int) -> Iterator[Row]:
    """The rows of one variant."""
    ids: Row = {"slot": slot.id, "variant": question.id}
    head = {column.key: getattr(question, column.key, order) for column in kind.head_columns}
    for part in kind.parts:
        for item in _items(question, part):
            own = {"text": item} if part.bare else {key: getattr(item, key) for key in part.uses}
            yield {**ids, **head, PART: part.word, **own}
            head = {}
    if head:
        yield {**ids, **head}


def _items(question: Question, part: PartKind) -> Sequence[Any]:
    value: Any = question
    for step in part.field.split("."):
        value = getattr(value, step)
    default = type(question).model_fields[part.field.split(".")[0]].default
    # A scale that nobody wrote is not written for them: it would no longer follow the shared one.
    if "." in part.field and question.model_dump()[part.field.split(".")[0]] == default.model_dump():
        return ()
    assert isinstance(value, tuple)
    return value


def _table(
    sheet: Worksheet,
    note: str,
    about: str,
    columns: Sequence[Column],
    blocks: Sequence[Sequence[Row]],
    *,
    frozen: int,
    grouped: bool = False,
) -> None:
    _notes(sheet, note, about)
    _headings(sheet, [column.heading for column in columns])
    number = HEADING_ROW
    for turn, block in enumerate(blocks):
        for place, row in enumerate(block):
            number += 1
            for index, column in enumerate(columns, start=1):
                cell = _put(sheet, number, index, row.get(column.key), column)
                cell.fill = _SHADES[turn % 2]
                cell.border = _LINE
                if grouped and place and index <= 2:
                    cell.font = _FAINT
    for index, column in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = column.width
        if column.kind in ("id", "text", "answer"):
            dimension.number_format = _TEXT_FORMAT  # for the rows that trainers add
        _offer(sheet, index, column)
    sheet.freeze_panes = f"{get_column_letter(frozen)}{HEADING_ROW + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"


def _notes(sheet: Worksheet, *notes: str) -> None:
    for row, note in enumerate(notes, start=1):
        cell = sheet.cell(row, 1, note or None)
        cell.font = Font(italic=True, color="FF1F4E5F")


def _headings(sheet: Worksheet, headings: Sequence[str]) -> None:
    for index, heading in enumerate(headings, start=1):
        cell = sheet.cell(HEADING_ROW, index, heading)
        cell.font = Font(bold=True, color="FFFFFFFF")
        cell.fill = _HEADING
        cell.alignment = _WRAPPED


def _put(sheet: Worksheet, row: int, column: int, value: Any, about: Column) -> Any:
    cell = sheet.cell(row, column)
    cell.alignment = _WRAPPED
    shown = _shown(value, about)
    if isinstance(shown, str):
        if shown.startswith("="):
            place = Place("", sheet.title, row, cell.coordinate)
            raise BankSheetError(
                [
                    place.problem(
                        "Nội dung bắt đầu bằng dấu “=”; Excel sẽ coi là công thức. Hãy thêm chữ ở trước."
                    )
                ]
            )
        cell.value = shown
        cell.data_type = "s"  # a string, whatever openpyxl makes of "#N/A" or a date
        cell.number_format = _TEXT_FORMAT
    elif shown is not None:
        cell.value = shown
    return cell


def _shown(value: Any, column: Column) -> str | int | float | None:
    match column.kind:
        case "mark":
            return "x" if value else None
        case "word" if value is not None:
            return next((word for word, meaning in column.words.items() if meaning == value), str(value))
        case "answer" if value is not None:
            return format_number(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, int) else str(value)


def _offer(sheet: Worksheet, index: int, column: Column) -> None:
    """Offer what may stand in the column, and refuse the rest as it is typed."""
    if column == SLOT:
        rule = DataValidation(type="list", formula1=f"'{SLOTS_TITLE}'!$A${HEADING_ROW + 1}:$A$300")
    elif column.kind == "word" or column.kind == "mark":
        words = ",".join(column.words or ("x",))
        rule = DataValidation(type="list", formula1=f'"{words}"')
    elif column.kind == "integer" and column.limits:
        low, high = column.limits
        rule = DataValidation(type="whole", operator="between", formula1=str(low), formula2=str(high))
    elif column.kind == "points":
        rule = DataValidation(type="decimal", operator="between", formula1="0.25", formula2="100")
    else:
        return
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle = column.heading
    rule.error = "Nội dung này không dùng được ở đây. Hãy chọn trong danh sách hoặc xem ghi chú ở đầu trang."
    letter = get_column_letter(index)
    rule.add(f"{letter}{HEADING_ROW + 1}:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)
