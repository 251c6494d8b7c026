"""The results by quiz as CSV: what ``columns.RESULTS`` says, written for a country's hundreds of thousands of rows.

``csv_file`` says how such a file is written and why; here no object is made a row. Names of places, titles, marks and
days come again and again, so each is put into words, guarded and quoted once. A test holds the lines to the columns,
and a golden file holds the bytes.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from isoxa_courses.text import format_number
from sqlalchemy.orm import Session

from . import columns
from .counting import share
from .csv_file import guarded
from .report import Filters
from .results import Learner, Mark, handed_in, vietnamese_day
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
    titles = {edition.id: edition.quiz_titles for edition in asked.editions}
    places = {
        place.id: f"{quoted(place.province.name)}{separator}{quoted(place.name)}{separator}"
        for place in asked.places
    }
    in_words: dict[int, dict[Mark, str]] = {edition.id: {} for edition in asked.editions}
    days: dict[str | datetime, str] = {}
    learner: Learner | None = None
    lines: list[str] = []
    number = 0
    # A loop without steps of its own: each of them is made for every row of a country.
    for its_learner, told, last in handed_in(asked):
        if its_learner is not learner:
            learner = its_learner
            _post, unit, _person, edition, name = learner
            whose, marks = places[unit] + quoted(name), in_words[edition]
        mark = marks.get(told)
        if mark is None:
            cells = _cells(told, titles[edition])
            mark = marks[told] = "".join(f"{separator}{quoted(cell)}" for cell in cells) + separator
        # To the hour: Vietnam's day begins on one.
        hour = last[:13] if isinstance(last, str) else last.replace(minute=0, second=0, microsecond=0)
        day = days.get(hour)
        if day is None:
            day = days[hour] = f"{vietnamese_day(last).isoformat()}\r\n"
        lines.append(f"{whose}{mark}{day}")
        if len(lines) == _AT_ONCE:
            stream.write("".join(lines).encode())
            number += _AT_ONCE
            lines.clear()
    stream.write("".join(lines).encode())
    return number + len(lines)


def _cells(told: Mark, titles: Mapping[str, str]) -> tuple[str, ...]:
    quiz, attempts, points, most, passed = told
    return (titles.get(quiz, quiz), str(attempts), *_mark(points, most), "Đạt" if passed else "Chưa đạt")


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
    special = re.compile(f'["\r\n{re.escape(separator)}]').search

    def quoted(text: str) -> str:
        text = guarded(text)
        if special(text) is None:
            return text
        waiting.seek(0)
        waiting.truncate()
        # Beside a second cell: the module writes an empty one that stands alone in another way.
        writer.writerow((text, ""))
        return waiting.getvalue().removesuffix(f"{separator}\r\n")

    return quoted
