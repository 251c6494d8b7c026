"""The sheet of one question type as variants: each a block of rows, its own fields first, then a part a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from ..yaml_files import Location
from .cells import CellProblem, Place
from .layout import PART, PartKind, TypeSheet
from .tables import SheetRow, SheetTable

_LAST = 10**6


@dataclass
class Variant:
    """A variant as YAML would hold it; ``places`` has the cell of each place in it."""

    slot: str
    id: str
    place: Place
    slot_place: Place
    data: dict[str, Any]
    order: int = _LAST
    places: dict[Location, Place] = field(default_factory=dict)
    marks: list[Place] = field(default_factory=list)


def read_variants(file: str, sheet: Worksheet, kind: TypeSheet, problems: list[CellProblem]) -> list[Variant]:
    """The variants of a sheet from the top; what is wrong is added to ``problems``.

    A row whose slot and variant are empty, or the same as above, continues the variant above.
    """
    table = SheetTable(file, sheet, kind.all_columns, problems)
    found: list[Variant] = []
    for row in table.rows():
        current = found[-1] if found else None
        if current is None or not _continues(current, row):
            current = _begin(table, kind, row)
            if current is None:
                continue
            found.append(current)
        else:
            _refuse_second_head(table, kind, row, current)
        _add_part(table, kind, row, current)
    if kind.type == "single_choice":
        for variant in found:
            _one_key(table, variant)
    if kind.type == "multiple_choice":
        for variant in found:
            _some_key(table, variant)
    return found


def _continues(current: Variant, row: SheetRow) -> bool:
    slot = current.slot if "slot" in row.blank else row.values.get("slot")
    variant = current.id if "variant" in row.blank else row.values.get("variant")
    return (slot, variant) == (current.slot, current.id)


def _begin(table: SheetTable, kind: TypeSheet, row: SheetRow) -> Variant | None:
    """The variant that this row begins; None if it does not say which."""
    for column in kind.all_columns[:2]:
        if column.key in row.blank:
            table.complain(row.places[column.key], f"Chưa ghi “{column.heading}”.")
    if "slot" not in row.values or "variant" not in row.values:
        return None
    for column in kind.head_columns:
        if column.required and column.key in row.blank:
            reason = f"Chưa ghi “{column.heading}” (ghi ở dòng đầu của phương án)."
            table.complain(row.places[column.key], reason)
    head = {column.key: row.values[column.key] for column in kind.head_columns if column.key in row.values}
    order = head.pop("order", _LAST)
    data = {"id": row.values["variant"], "type": kind.type, **head}
    places: dict[Location, Place] = {(column.key,): row.places[column.key] for column in kind.head_columns}
    places[("id",)] = row.places["variant"]
    slot, id_ = row.values["slot"], row.values["variant"]
    return Variant(slot, id_, row.places["variant"], row.places["slot"], data, order, places)


def _refuse_second_head(table: SheetTable, kind: TypeSheet, row: SheetRow, current: Variant) -> None:
    for key in row.filled([column.key for column in kind.head_columns]):
        table.complain(
            row.places[key],
            f"Dòng này tiếp theo phương án “{current.id}”, mà nội dung ở cột này chỉ ghi ở dòng đầu "
            f"({current.place.cell}). Nếu đây là phương án mới, hãy đổi “Mã phương án”.",
        )
    if not kind.parts:
        table.complain(
            row.places["variant"],
            f"Phương án “{current.id}” đã có ở dòng trên; loại này mỗi phương án một dòng.",
        )


def _add_part(table: SheetTable, kind: TypeSheet, row: SheetRow, variant: Variant) -> None:
    keys = [column.key for column in kind.part_columns]
    if not row.filled(keys):
        return
    part = _part_kind(table, kind, row)
    if part is None:
        return
    headings = {column.key: column.heading for column in kind.columns}
    said = f"Dòng “{part.word}”" if part.word else "Dòng này"
    for key in headings:
        if key in part.uses and part.uses[key] and key in row.blank:
            table.complain(row.places[key], f"{said} chưa ghi “{headings[key]}”.")
        elif key not in part.uses and key not in row.blank:
            table.complain(row.places[key], f"{said} không dùng cột “{headings[key]}”. Hãy để trống ô này.")
    own = {key: row.values[key] for key in part.uses if key in row.values}
    if own.get("correct") is False:
        del own["correct"]
    if "correct" in own:
        variant.marks.append(row.places["correct"])
    *outer, last = part.field.split(".")
    within = variant.data
    for step in outer:
        within = within.setdefault(step, {})
    items = within.setdefault(last, [])
    at: Location = (*outer, last)
    variant.places.setdefault(at, row.places[keys[0]])
    variant.places[(*at, len(items))] = row.places["text" if part.bare else keys[0]]
    if not part.bare:
        variant.places |= {(*at, len(items), key): row.places[key] for key in part.uses}
    items.append(own.get("text", "") if part.bare else own)


def _part_kind(table: SheetTable, kind: TypeSheet, row: SheetRow) -> PartKind | None:
    if len(kind.parts) == 1:
        return kind.parts[0]
    if PART in row.blank:
        words = ", ".join(f"“{part.word}”" for part in kind.parts)
        table.complain(row.places[PART], f"Chưa ghi dòng này là gì. Hãy chọn một trong: {words}.")
    return next((part for part in kind.parts if part.word == row.values.get(PART)), None)


def _one_key(table: SheetTable, variant: Variant) -> None:
    if len(variant.marks) > 1:
        table.complain(
            variant.marks[1],
            f"Phương án “{variant.id}” có hơn một đáp án đúng (đã có ở ô {variant.marks[0].cell}). "
            "Hãy chỉ để một dấu x, hoặc chuyển câu sang trang “Chọn nhiều đáp án”.",
        )
    _some_key(table, variant)


def _some_key(table: SheetTable, variant: Variant) -> None:
    if not variant.marks and ("choices", 0, "correct") in variant.places:
        place = variant.places[("choices", 0, "correct")]
        table.complain(
            place, f"Phương án “{variant.id}” chưa có đáp án đúng. Hãy đánh dấu x ở lựa chọn đúng."
        )
