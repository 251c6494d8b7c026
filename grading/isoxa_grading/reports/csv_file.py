"""A table of the completion report as CSV ("Tải CSV") that opens by double click in a Vietnamese Excel.

- UTF-8 with a byte order mark: without it Excel takes the file for its old code page and garbles every diacritic.
- Semicolons: Excel splits at the list separator of Windows' regional settings, and uses ';' where the comma is the
  decimal sign, as it is in Vietnam. On a machine with English settings use the workbook, or pass ``separator=","``.
- Shares as whole per cent (rounded down) and days as 2026-11-21: both are read the same under any settings, while
  '66,7' and '03/11/2026' are read differently under Vietnamese and English ones.
- A text that begins with = + - @, a tab or a line end gets a leading apostrophe: a spreadsheet would take it for a
  formula (OWASP, "CSV Injection").
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice
from typing import BinaryIO, Literal, TypeVar

from . import columns
from .columns import Column, Value
from .report import CompletionReport

R = TypeVar("R")

_AT_ONCE = 2000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(
    report: CompletionReport,
    stream: BinaryIO,
    *,
    table: Literal["communes", "officers", "results"] = "communes",
    separator: str = ";",
) -> None:
    """Write a table to ``stream``: headings in the first line, then a line a commune, officer or quiz of one."""
    if table == "results":
        report.write_results(stream, separator)
        return
    lines = (
        _lines(columns.COMMUNES, report.communes)
        if table == "communes"
        else _lines(columns.OFFICERS, report.each_officer())
    )
    stream.write(codecs.BOM_UTF8)
    waiting, rest = io.StringIO(newline=""), iter(lines)
    writer = csv.writer(waiting, delimiter=separator, lineterminator="\r\n")
    while some := list(islice(rest, _AT_ONCE)):
        writer.writerows(some)
        stream.write(waiting.getvalue().encode())
        waiting.seek(0)
        waiting.truncate()


def _lines(shown: Sequence[Column[R]], rows: Iterable[R]) -> Iterable[list[str]]:
    yield [column.heading for column in shown]
    for row in rows:
        yield [_text(column.kind, column.value(row)) for column in shown]


def _text(kind: str, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, date):
        return value.isoformat()
    # Shares are thousandths; through them, since 0.29 * 100 is a hair below 29.
    return f"{round(value * 1000) // 10}%" if kind == "share" else str(value)


def guarded(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    # One that has such an apostrophe of its own gets another, so that ``unguarded`` gives each text back.
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA_STARTS) else text
