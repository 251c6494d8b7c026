"""What a preview says: each row's decision, what a person may choose, and what they chose."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..tables import Unit
from .people import KnownPerson
from .rows import RosterFile, RosterRow, RowProblem

__all__ = ["Absent", "Choice", "Decision", "DecisionRefused", "PersonChoice", "RosterPreview", "RowKind"]


class RowKind(enum.StrEnum):
    """What a row would do; a doubtful or refused one is left out."""

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


LEFT_OUT = (RowKind.DOUBTFUL, RowKind.REFUSED)


class DecisionRefused(ValueError):
    """A choice that is not open; ``str()`` says why (Vietnamese)."""


@dataclass(frozen=True)
class Choice:
    """What a person chose for a row: a unit, a person's id or "new", or to leave the row out.

    As text (``parse``): ``unit:31``, ``person:7``, ``person:new``, ``leave``, or two of them with a space between.
    """

    unit_id: int | None = None
    person: int | str | None = None
    leave_out: bool = False

    @classmethod
    def parse(cls, text: str) -> Choice:
        """Read the text form. Raises ``DecisionRefused``."""
        unit_id: int | None = None
        person: int | str | None = None
        for piece in text.split():
            name, _, value = piece.partition(":")
            number = int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else None
            if name == "unit" and number is not None:
                unit_id = number
            elif name == "person" and (number is not None or value == "new"):
                person = number if number is not None else value
            elif piece == "leave":
                return cls(leave_out=True)
            else:
                raise DecisionRefused(f"Lựa chọn “{piece[:40]}” không đọc được.")
        return cls(unit_id, person)


@dataclass(frozen=True)
class PersonChoice:
    """Someone recorded whom a row may be; ``about`` tells them apart (unit, position, code, birth, telephone)."""

    person_id: int
    full_name: str
    about: str


@dataclass(frozen=True)
class Absent:
    """Someone who serves in a unit of the file and is not in the file. Reported, never deleted."""

    person_id: int
    full_name: str
    unit: Unit


@dataclass(frozen=True)
class Decision:
    """``changes``: field → (recorded, in the file). ``note``: for example that the unit has a new name since 2025.

    ``units`` and ``people``: what is open to choose where the row is left out. ``same_as``: the key of an earlier row
    for the same officer.
    """

    row: RosterRow
    kind: RowKind
    unit: Unit | None = None
    known: KnownPerson | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: tuple[RowProblem, ...] = ()
    note: str = ""
    units: tuple[Unit, ...] = ()
    people: tuple[PersonChoice, ...] = ()
    same_as: str | None = None

    @property
    def left_out(self) -> bool:
        """Whether an import would leave this row out."""
        return self.kind in LEFT_OUT

    @property
    def asks_person(self) -> bool:
        """Whether it waits for "the same person or not" (else, if doubtful, for a unit)."""
        return self.kind is RowKind.DOUBTFUL and self.unit is not None


@dataclass(frozen=True)
class RosterPreview:
    """What an import of ``file`` would do now. ``choices``: row key → what a person chose."""

    file: RosterFile
    scope: Unit | None
    rows: tuple[Decision, ...]
    choices: Mapping[str, Choice] = field(default_factory=dict)
    absent: tuple[Absent, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Rows in all (``total``) and of each kind."""
        found = Counter(decision.kind.value for decision in self.rows)
        return {"total": len(self.rows), **{kind.value: found[kind.value] for kind in RowKind}}

    @property
    def left_out(self) -> list[Decision]:
        """The doubtful and refused rows."""
        return [decision for decision in self.rows if decision.left_out]

    @property
    def problems(self) -> list[RowProblem]:
        """Why rows are left out, in the order of the file."""
        return [problem for decision in self.rows for problem in decision.problems]

    @property
    def notes(self) -> list[str]:
        """What else to tell: sheets that were not read, old names, rows for the same officer."""
        noted = [
            f"Trang “{decision.row.sheet}”, dòng {decision.row.number}: {decision.note}"
            for decision in self.rows
            if decision.note and not decision.left_out
        ]
        return [*self.file.notes, *noted]

    def to_json(self) -> dict[str, Any]:
        """Counts of each kind, ``rows``: those left out, ``absent`` and ``notes``."""
        counts = {kind.value: self.counts[kind.value] for kind in RowKind}
        absent = [{"name": one.full_name, "unit": one.unit.name} for one in self.absent]
        rows = [problem.to_json() for problem in self.problems]
        return {**counts, "rows": rows, "absent": absent, "notes": self.notes}
