"""The results by quiz as lines of text, without an object a row: what ``columns.RESULTS`` says, made for a country.

Marks, names of places and titles come again and again, so each is put into words once. A test holds the lines to the
columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from isoxa_courses.text import format_number

from .counting import share
from .csv_file import guarded
from .results import handed_in, vietnamese_day
from .survey import Survey


def result_lines(asked: Survey) -> Iterator[list[str]]:
    """A line an officer, commune and quiz handed in; no headings."""
    titles = {edition.id: edition.quiz_titles for edition in asked.editions}
    places = {place.id: (guarded(place.province.name), guarded(place.name)) for place in asked.places}
    marks: dict[tuple[int | None, int], tuple[str, str, str]] = {}
    days: dict[str | datetime, str] = {}
    named: dict[tuple[int, str], str] = {}
    for unit, _person, edition, name, quiz, attempts, points, most, passed, last in handed_in(asked):
        province, commune = places[unit]
        mark = marks.get((points, most))
        if mark is None:
            mark = marks[points, most] = _mark(points, most)
        title = named.get((edition, quiz))
        if title is None:
            title = named[edition, quiz] = guarded(titles[edition].get(quiz, quiz))
        # To the hour: Vietnam's day begins on one.
        hour = last[:13] if isinstance(last, str) else last
        day = days.get(hour)
        if day is None:
            day = days[hour] = vietnamese_day(last).isoformat()
        result = "Đạt" if passed else "Chưa đạt"
        yield [province, commune, guarded(name), title, str(attempts), *mark, result, day]


def _mark(points: int | None, most: int) -> tuple[str, str, str]:
    got, whole = None if points is None else Decimal(points) / 100, Decimal(most) / 100
    part = share(got, whole)
    return (
        "" if got is None else format_number(got),
        format_number(whole),
        "" if part is None else f"{round(part * 1000) // 10}%",
    )
