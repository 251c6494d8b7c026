"""A workbook back into a quiz: the sheets become the data that the YAML file would hold, and the same models judge it.

Every place in that data is remembered with its cell, so whatever a model refuses is told as "Trang “…”, ô D7". What
only a sheet can get wrong (a block torn apart, a row without its kind) is told by this module.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from ..complaints import validated
from ..errors import ContentError
from ..models import QuizFile
from ..text import fold
from ..yaml_files import Document, Location
from .archive import open_bank
from .blocks import Variant, read_variants
from .cells import BankSheetError, CellProblem, Place
from .layout import QUIZ_FIELDS, QUIZ_TITLE, SLOT_COLUMNS, SLOTS_TITLE, TYPE_SHEETS, Column
from .tables import SheetRow, SheetTable

_TITLES = (QUIZ_TITLE, SLOTS_TITLE, *(kind.title for kind in TYPE_SHEETS))
_MOST_PROBLEMS = 50
# The models speak to people who write YAML; in a sheet the same things have other names.
_IN_SHEETS = (
    ("trong boxes", "ở các dòng “Ô”"),
    ("trong pairs", "ở các dòng “Cặp”"),
    ("trong rows", "ở các dòng “Hàng”"),
    ("trong columns", "ở các dòng “Cột”"),
    ("trong bank", "ở các dòng “Mẩu chữ”"),
    ("điểm của câu (points)", "điểm của câu ở trang “Câu”"),
    ("rubric", "các tiêu chí"),
)


@dataclass(frozen=True)
class SheetDocument(Document):
    """Data out of a workbook; ``places`` has the cell of each place in it."""

    places: dict[Location, Place] = field(default_factory=dict)

    def problem(self, location: Any, reason: str) -> CellProblem:
        for theirs, ours in _IN_SHEETS:
            reason = reason.replace(theirs, ours)
        return self.place(location).problem(reason)

    def place(self, location: Any) -> Place:
        """The cell of a place; of the nearest around it, if it has none."""
        return self.places[self.find(location)]


@dataclass(frozen=True)
class BankBook:
    """A quiz read from a workbook, and where its parts stand there."""

    quiz: QuizFile
    document: SheetDocument


def read_bank(path: Path) -> BankBook:
    """The quiz of a workbook. Raises :class:`BankSheetError` with every problem; OSError if it cannot be opened."""
    book = open_bank(path)
    problems: list[CellProblem] = []
    sheets: dict[str, Worksheet] = {}
    known = {fold(title): title for title in _TITLES}
    for sheet in book.worksheets:
        title = known.get(fold(sheet.title))
        if title is not None and title not in sheets:
            sheets[title] = sheet
        elif sheet.max_row > 1 or sheet.max_column > 1 or sheet["A1"].value is not None:
            names = ", ".join(f"“{one}”" for one in _TITLES)
            reason = f"Không có loại câu hỏi hay trang nào tên này. Các trang của tệp: {names}. Hãy đổi tên hoặc xóa."
            problems.append(Place(path.name, sheet.title).problem(reason))
    for title in _TITLES:
        if title not in sheets:
            reason = f"Thiếu trang “{title}”. Loại câu hỏi không dùng thì để trang trống, đừng xóa."
            problems.append(Place(path.name, "").problem(reason))
    if problems:
        raise BankSheetError(problems)
    data, places = _quiz_fields(path.name, sheets[QUIZ_TITLE], problems)
    slots = _slots(path.name, sheets[SLOTS_TITLE], problems)
    variants = [
        variant
        for kind in TYPE_SHEETS
        for variant in read_variants(path.name, sheets[kind.title], kind, problems)
    ]
    _assemble(data, places, slots, variants, problems)
    if problems:
        raise _in_order(problems, sheets)
    document = SheetDocument(path, data, {place: one.row for place, one in places.items()}, places)
    try:
        return BankBook(validated(QuizFile, document), document)
    except ContentError as error:
        found = [problem for problem in error.problems if isinstance(problem, CellProblem)]
        raise _in_order(found, sheets) from None


def _in_order(problems: list[CellProblem], sheets: dict[str, Worksheet]) -> BankSheetError:
    titles = [sheets[title].title for title in _TITLES]
    found = sorted(problems, key=lambda one: (titles.index(one.sheet), one.line, len(one.cell), one.cell))
    more = len(found) - _MOST_PROBLEMS
    if more > 0:
        rest = CellProblem(found[0].file, 0, f"còn {more} chỗ nữa; hãy sửa những chỗ trên rồi nhập lại.")
        found = [*found[:_MOST_PROBLEMS], rest]
    return BankSheetError(found)


def _quiz_fields(
    file: str, sheet: Worksheet, problems: list[CellProblem]
) -> tuple[dict[str, Any], dict[Location, Place]]:
    """The quiz's own fields, which stand one a row."""
    labels = {fold(column.heading): column for column in QUIZ_FIELDS}
    data: dict[str, Any] = {}
    places: dict[Location, Place] = {(): Place(file, sheet.title)}
    columns = (Column("label", "Thông tin"), Column("value", "Giá trị", "any"), Column("note", "Lưu ý"))
    table = SheetTable(file, sheet, columns, problems)
    for row in table.rows():
        label = str(row.values.get("label", ""))
        column = labels.get(fold(label))
        place = row.places["value"]
        if column is None:
            table.complain(row.places["label"], f"Không có thông tin nào tên là “{label}”.")
        elif (column.key,) in places:
            table.complain(row.places["label"], f"“{column.heading}” ghi hai lần.")
        else:
            places[(column.key,)] = place
            if (value := table.value(place, column) if "value" in row.values else None) is not None:
                data[column.key] = value
    for column in QUIZ_FIELDS:
        if (
            column.required
            and column.key not in data
            and not any(one.sheet == sheet.title for one in problems)
        ):
            place = places.get((column.key,), places[()])
            problems.append(place.problem(f"Chưa ghi “{column.heading}”."))
    return data, places


def _slots(file: str, sheet: Worksheet, problems: list[CellProblem]) -> dict[str, SheetRow]:
    """The rows of the slots by id, in their order."""
    slots: dict[str, SheetRow] = {}
    table = SheetTable(file, sheet, SLOT_COLUMNS, problems)
    for row in table.rows():
        for column in SLOT_COLUMNS:
            if column.required and column.key in row.blank:
                table.complain(row.places[column.key], f"Chưa ghi “{column.heading}”.")
        id_ = row.values.get("id")
        if id_ is None:
            continue
        if id_ in slots:
            table.complain(row.places["id"], f"Mã câu “{id_}” đã dùng ở ô {slots[id_].places['id'].cell}.")
        else:
            slots[id_] = row
    return slots


def _assemble(
    data: dict[str, Any],
    places: dict[Location, Place],
    slots: dict[str, SheetRow],
    variants: list[Variant],
    problems: list[CellProblem],
) -> None:
    """Put the slots and their variants into ``data``, and their cells into ``places``."""
    of_slot: dict[str, list[Variant]] = {id_: [] for id_ in slots}
    taken: dict[tuple[str, str], Variant] = {}
    for variant in variants:
        first = taken.setdefault((variant.slot, variant.id), variant)
        if variant.slot not in of_slot:
            problems.append(variant.slot_place.problem(f"Trang “Câu” không có câu “{variant.slot}”."))
        elif first is not variant:
            problems.append(
                variant.place.problem(
                    f"Phương án “{variant.id}” của câu “{variant.slot}” đã có ở trang “{first.place.sheet}”, "
                    f"ô {first.place.cell}. Các dòng của một phương án phải đứng liền nhau; "
                    "phương án khác thì cần mã khác."
                )
            )
        else:
            of_slot[variant.slot].append(variant)
    data["slots"] = []
    for index, (id_, row) in enumerate(slots.items()):
        at: Location = ("slots", index)
        places[at] = row.places["id"]
        places |= {(*at, key): place for key, place in row.places.items()}
        places[(*at, "variants")] = row.places["id"]
        own = sorted(of_slot[id_], key=lambda variant: variant.order)
        if not own:
            problems.append(
                row.places["id"].problem(f"Câu “{id_}” chưa có phương án nào ở các trang loại câu hỏi.")
            )
        for number, variant in enumerate(own):
            inside: Location = (*at, "variants", number)
            places[inside] = variant.place
            places |= {(*inside, *below): place for below, place in variant.places.items()}
        data["slots"].append({**row.values, "variants": [variant.data for variant in own]})
    places.setdefault(("slots",), places[()])
