"""Table fill: complete a table (a 5W+1H plan, a checklist) with texts from a bank. Answer: ``"row/column"`` → bank id.

Share = cells right / number of open cells. Rows and columns keep the order of the bank, as a plan has one; the texts to
choose from are shuffled. A text may serve several cells, or none. Cells that are neither open nor given stay empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from random import Random
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ..fields import MOST_PARTS, ContentModel, Id, Line, Paragraphs, refusal, unique_ids
from ._pairing import PairingType
from .base import Answer, Explanation, Layout, Note, Opaque, Part, Question, shuffled

_CELL, _BANK = "cell:", "bank:"
MOST_COLUMNS = 10


class Place(ContentModel):
    """A cell of the table."""

    row: Id
    column: Id

    @property
    def name(self) -> str:
        """``"row/column"``; a slash cannot stand in an id."""
        return f"{self.row}/{self.column}"


class OpenCell(Place):
    """A cell to fill: its text in the bank, and why."""

    answer: Id
    why: Paragraphs | None = None


class GivenCell(Place):
    """A cell that is filled already."""

    text: Line


class TableFill(Question):
    """``columns`` × ``rows``; ``cells`` to fill from the ``bank``, and ``given`` cells."""

    type: Literal["table_fill"]
    columns: Annotated[
        tuple[Part, ...], Field(min_length=1, max_length=MOST_COLUMNS), AfterValidator(unique_ids)
    ]
    rows: Annotated[tuple[Part, ...], Field(min_length=1, max_length=MOST_PARTS), AfterValidator(unique_ids)]
    bank: Annotated[tuple[Part, ...], Field(min_length=2, max_length=MOST_PARTS), AfterValidator(unique_ids)]
    cells: Annotated[tuple[OpenCell, ...], Field(min_length=1, max_length=MOST_PARTS)]
    given: Annotated[tuple[GivenCell, ...], Field(max_length=MOST_COLUMNS * MOST_PARTS)] = ()

    @model_validator(mode="after")
    def _texts_differ(self) -> Self:
        seen: dict[str, str] = {}
        for index, part in enumerate(self.bank):
            text = part.text.casefold()
            if text in seen:
                raise refusal(
                    f"Nội dung trùng với mục “{seen[text]}”: người học không phân biệt được.",
                    "bank",
                    index,
                    "text",
                )
            seen[text] = part.id
        return self

    @model_validator(mode="after")
    def _cells_fit(self) -> Self:
        rows, columns = {row.id for row in self.rows}, {column.id for column in self.columns}
        taken: set[str] = set()
        fields: tuple[tuple[str, tuple[Place, ...]], ...] = (("cells", self.cells), ("given", self.given))
        for field, places in fields:
            for index, place in enumerate(places):
                if place.row not in rows:
                    raise refusal(f"Không có hàng “{place.row}” trong rows.", field, index, "row")
                if place.column not in columns:
                    raise refusal(f"Không có cột “{place.column}” trong columns.", field, index, "column")
                if place.name in taken:
                    raise refusal(f"Ô “{place.name}” đã có ở trên.", field, index, "column")
                taken.add(place.name)
        for index, cell in enumerate(self.cells):
            if cell.answer not in self.bank_texts:
                raise refusal(f"Không có mục “{cell.answer}” trong bank.", "cells", index, "answer")
        return self

    @property
    def cell_names(self) -> list[str]:
        """Names of the open cells, in bank order."""
        return [cell.name for cell in self.cells]

    @property
    def bank_texts(self) -> dict[str, str]:
        """Text by id, in bank order."""
        return {part.id: part.text for part in self.bank}

    def cell_title(self, name: str) -> str:
        """``"row text – column text"``."""
        row, column = name.split("/")
        return f"{_text(self.rows, row)} – {_text(self.columns, column)}"


def _text(parts: tuple[Part, ...], id_: str) -> str:
    return next(part.text for part in parts if part.id == id_)


class TableFillType(PairingType[TableFill]):
    """Each open cell with its text counts; an unfinished table is kept and earns what it has."""

    name = "table_fill"
    model = TableFill
    from_prefix, to_prefix = _CELL, _BANK

    def sides(self, question: TableFill) -> tuple[Sequence[str], Sequence[str]]:
        return question.cell_names, list(question.bank_texts)

    def draw(self, question: TableFill, rng: Random) -> Layout:
        return {"bank": shuffled(list(question.bank_texts), rng)}

    def show(self, question: TableFill, layout: Layout, opaque: Opaque) -> dict[str, Any]:
        """``{"columns": [text], "rows": [{"text", "cells": [{"id"} | {"text"} | {}]}], "bank": [{id, text}]}``.

        A row's cells stand in the order of the columns: open, given, or empty.
        """
        texts = question.bank_texts
        return {
            "columns": [column.text for column in question.columns],
            "rows": [
                {"text": row.text, "cells": list(_shown_cells(question, row.id, opaque))}
                for row in question.rows
            ],
            "bank": [{"id": opaque(_BANK + id_), "text": texts[id_]} for id_ in layout["bank"]],
        }

    def share(self, question: TableFill, answer: Answer) -> Fraction:
        filled = sum(answer.get(cell.name) == cell.answer for cell in question.cells)
        return Fraction(filled, len(question.cells))

    def explain(self, question: TableFill, answer: Answer, opaque: Opaque) -> Explanation:
        """One note an open cell: its right text, and why."""
        mine, texts = answer or {}, question.bank_texts
        notes = tuple(
            Note(
                opaque(_CELL + cell.name),
                mine.get(cell.name) == cell.answer,
                f"{texts[cell.answer]}: {cell.why}" if cell.why else texts[cell.answer],
            )
            for cell in question.cells
        )
        correct = "; ".join(f"{question.cell_title(c.name)}: {texts[c.answer]}" for c in question.cells)
        return Explanation(self.is_right(question, answer), correct, question.explanation, notes)

    def right_answer(self, question: TableFill) -> Answer:
        return {cell.name: cell.answer for cell in question.cells}

    def describe_answer(self, question: TableFill, answer: Answer) -> str:
        texts = question.bank_texts
        return "; ".join(f"{question.cell_title(cell)}: {texts[text]}" for cell, text in answer.items())


def _shown_cells(question: TableFill, row: str, opaque: Opaque) -> Iterator[dict[str, str]]:
    given = {cell.name: cell.text for cell in question.given}
    for column in question.columns:
        name = f"{row}/{column.id}"
        if name in given:
            yield {"text": given[name]}
        else:
            yield {"id": opaque(_CELL + name)} if name in question.cell_names else {}


TYPE = TableFillType()
