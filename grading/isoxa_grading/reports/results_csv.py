"""The results by quiz as CSV: what ``columns.RESULTS`` says, written for a country's hundreds of thousands of rows.

``csv_file`` says how such a file is written and why; here no object is made a row. Names of places, titles, marks and
days come again and again, so each is put into words, guarded and quoted once. A test holds the lines to the columns,
and a golden file holds the bytes.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import BinaryIO

from isoxa_courses.text import format_number
from sqlalchemy.orm import Session

from . import columns
from .counting import share
from .csv_file import guarded
from .report import Filters
from .results import handed_in, vietnamese_day
from .survey import Survey, survey

_AT_ONCE = 4000


def write_results_csv(
    session: Session,
    stream: BinaryIO,
    *,
    course: str,
    edition: str | None = None,
    scope_paths: Sequence[str],
    as_of: date,
    filters: Filters | None = None,
    separator: str = ";",
) -> int:
    """Headings, then a line an officer, commune and quiz handed in; returns how many. Counts nothing else.

    ``filters``: as for ``CompletionReport.each_result``, the unit and the role. Raises ``UnknownCourse``, and
    ``NotInScope`` when ``filters.unit_id`` is not under the scope.
    """
    asked = survey(
        session,
        course=course,
        edition=edition,
        scope_paths=scope_paths,
        as_of=as_of,
        filters=filters or Filters(),
    )
    return write_lines(asked, stream, separator)


def write_lines(asked: Survey, stream: BinaryIO, separator: str) -> int:
    """The same for a survey that there is already."""
    quoted = _quoting(separator)
    headings = separator.join(quoted(column.heading) for column in columns.RESULTS)
    stream.write(codecs.BOM_UTF8 + f"{headings}\r\n".encode())
    lines, number = _lines(asked, separator, quoted), 0
    while some := list(islice(lines, _AT_ONCE)):
        stream.write("".join(some).encode())
        number += len(some)
    return number


def _lines(asked: Survey, separator: str, quoted: Callable[[str], str]) -> Iterator[str]:
    """Lines with their ends, in the order of ``columns.RESULTS``."""
    titles = {edition.id: edition.quiz_titles for edition in asked.editions}
    places = {
        place.id: f"{quoted(place.province.name)}{separator}{quoted(place.name)}{separator}"
        for place in asked.places
    }
    marks: dict[tuple[int, str, int, int | None, int, bool], str] = {}
    days: dict[str | datetime, str] = {}
    person, unit, whose = 0, 0, ""
    for its_unit, its_person, edition, name, quiz, attempts, points, most, passed, last in handed_in(asked):
        if its_person != person or its_unit != unit:
            person, unit = its_person, its_unit
            whose = places[unit] + quoted(name)
        told = (edition, quiz, attempts, points, most, passed)
        mark = marks.get(told)
        if mark is None:
            title = titles[edition].get(quiz, quiz)
            cells = (title, str(attempts), *_mark(points, most), "Đạt" if passed else "Chưa đạt")
            mark = marks[told] = separator.join(quoted(cell) for cell in cells)
        # To the hour: Vietnam's day begins on one.
        hour = last[:13] if isinstance(last, str) else last.replace(minute=0, second=0, microsecond=0)
        day = days.get(hour)
        if day is None:
            day = days[hour] = vietnamese_day(last).isoformat()
        yield f"{whose}{separator}{mark}{separator}{day}\r\n"


def _mark(points: int | None, most: int) -> tuple[str, str, str]:
    got, whole = None if points is None else Decimal(points) / 100, Decimal(most) / 100
    part = share(got, whole)
    return (
        "" if got is None else format_number(got),
        format_number(whole),
        "" if part is None else f"{round(part * 1000) // 10}%",
    )


def _quoting(separator: str) -> Callable[[str], str]:
    """What makes a text a cell: guarded, and quoted where the ``csv`` module would quote it."""
    waiting = io.StringIO(newline="")
    writer = csv.writer(waiting, delimiter=separator, lineterminator="\r\n")
    special = ('"', "\r", "\n", separator)

    def quoted(text: str) -> str:
        text = guarded(text)
        if not any(sign in text for sign in special):
            return text
        waiting.seek(0)
        waiting.truncate()
        # Beside a second cell: the module writes an empty one that stands alone in another way.
        writer.writerow((text, ""))
        return waiting.getvalue().removesuffix(f"{separator}\r\n")

    return quoted
