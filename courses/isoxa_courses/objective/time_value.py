"""A time of a sentence, and the calendar behind it."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from .numbers import small, year, year_in_words
from .words import Text

UNIT_DAYS = {"ngày": 1, "tuần": 7, "tháng": 30, "quý": 91, "năm": 365}
NEXT = ("tới", "sau")
THIS = ("nay", "này")
PAST = ("ngoái", "trước", "qua", "rồi")
SEPARATOR = re.compile("[ ]?[/.-][ ]?")


@dataclass(frozen=True, slots=True)
class Time:
    """A time at tokens ``first`` up to, not with, ``last``.

    ``kind``: ``"day"``, ``"period"``, ``"duration"``, ``"yearless"`` (30/6), ``"span"`` (6 months, who knows from
    when), ``"recurring"`` (comes back), ``"start"`` (from then on, no end), ``"past"`` (last year, the same period),
    ``"impossible"`` (31/02) or ``"blank"`` (…/…/20…). ``begin`` and ``end`` are its first and last day as far as they
    are known: a part of the year without its year belongs to the year the plan is for, which nobody names.
    """

    first: int
    last: int
    kind: str
    begin: date | None = None
    end: date | None = None

    @property
    def limits(self) -> bool:
        """Whether it sets an end: a day, a period, a time span."""
        return self.kind in {"day", "period", "duration"}


def on_day(first: int, last: int, day: int, month: int, named: int | None) -> Time:
    """A day of a year; without a year it is ``"yearless"``."""
    if named is None:
        possible = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2028, month)[1]
        return Time(first, last, "yearless" if possible else "impossible")
    try:
        exact = date(named, month, day)
    except ValueError:
        return Time(first, last, "impossible")
    return Time(first, last, "day", exact, exact)


def in_year(first: int, last: int, named: int) -> Time:
    """A whole year."""
    return Time(first, last, "period", date(named, 1, 1), date(named, 12, 31))


def in_month(first: int, last: int, month: int, named: int | None) -> Time:
    """A month of a year; without a year it is ``"yearless"``."""
    if not (1 <= month <= 12 and (named is None or named <= 2100)):
        return Time(first, last, "impossible")
    if named is None:
        return Time(first, last, "yearless")
    return Time(first, last, "period", date(named, month, 1), month_end(named, month))


def in_quarter(first: int, last: int, number: int, named: int | None) -> Time:
    """A quarter of a year; without a year it is ``"yearless"``."""
    if not 1 <= number <= 4:
        return Time(first, last, "impossible")
    if named is None:
        return Time(first, last, "yearless")
    return Time(first, last, "period", date(named, 3 * number - 2, 1), month_end(named, 3 * number))


def month_end(named: int, month: int) -> date:
    """The last day of a month."""
    return date(named, month, calendar.monthrange(named, month)[1])


def named_year(text: Text, index: int, today: date) -> tuple[int | None, int]:
    """The year at ``index`` (``2027``, ``năm 2027``, ``năm nay``, ``năm sau``) and the index after it."""
    said = text.says(index, "năm")
    at = index + said
    named = year(text, at)
    if named:
        return named, at + 1
    if said and (written := year_in_words(text, at)):
        return written
    if said and text.says(at, *THIS):
        return today.year, at + 1
    if said and text.says(at, *NEXT):
        return today.year + 1, at + 1
    if said and text.says(at, *PAST):
        return today.year - 1, at + 1
    return None, at if said and small(text, at, 99) is None else index


def year_after(text: Text, index: int, today: date) -> tuple[int | None, int]:
    """The year that follows a day, month or quarter, and the index after it."""
    at = index
    if text.bare(at) in {"/", "-", ",", "."} or text.says(at, "của"):
        at += 1
    named, last = named_year(text, at, today)
    return (named, last) if named is not None else (None, last if last > at and at == index else index)


def coming(number: int, this: int, today: date, said_next: bool) -> int:
    """The year of a numbered month or quarter that is said to be coming (``tháng 6 tới``) or this one."""
    return today.year + (1 if said_next and number <= this else 0)
