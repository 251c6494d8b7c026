"""The small things templates are given on many pages, and the words of states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from isoxa_grading.completion import State

from ..i18n import gettext as _

__all__ = ["Link", "Pager", "Place", "Status", "Tile", "paged", "report_state", "state_status", "with_query"]

T = TypeVar("T")
Place = list[tuple[str, str | None]]
"""Where one is: words and address, from the outside in; the last has no address."""


@dataclass(frozen=True)
class Status:
    """A status: ``kind`` picks sign and colour (good, bad, part, now, none, wait, lock), ``words`` say it."""

    kind: str
    words: str


@dataclass(frozen=True)
class Link:
    """``note`` stands beside the link."""

    name: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class Tile:
    """A figure with its words; ``figure`` is already written as the reader's language writes it.

    ``note`` stands under it: what changed.
    """

    kind: str
    figure: str
    words: str
    url: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Pager(Generic[T]):
    """One page of a list. ``page`` counts from 1."""

    items: list[T]
    page: int
    last: int
    total: int
    previous_url: str | None
    next_url: str | None


def paged(items: Sequence[T], page: str, size: int, url: str, query: dict[str, str]) -> Pager[T]:
    """The page asked for (anything unreadable or beyond the end gives the nearest there is)."""
    last = max(1, -(-len(items) // size))
    wanted = int(page) if page.isascii() and page.isdecimal() and len(page) < 10 else 1
    number = min(max(wanted, 1), last)

    def at(other: int) -> str | None:
        return with_query(url, {**query, "trang": str(other)}) if 1 <= other <= last else None

    begin = (number - 1) * size
    return Pager(list(items[begin : begin + size]), number, last, len(items), at(number - 1), at(number + 1))


def with_query(url: str, query: dict[str, str]) -> str:
    """``url`` with those of the parameters that are not empty."""
    kept = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(kept)}" if kept else url


def state_status(state: State, overdue: bool = False) -> Status:
    """An enrolment's state as its officer reads it."""
    if state is State.IN_PROGRESS:
        return Status("now", _("Đang học"))
    return report_state(state, overdue=overdue and state is State.NOT_STARTED)


def report_state(state: State, overdue: bool = False) -> Status:
    """An enrolment's state as a report calls it; overdue tells itself beside the state, in colour and words."""
    statuses = {
        State.NOT_ENROLLED: ("none", _("Chưa đăng ký")),
        State.NOT_STARTED: ("none", _("Chưa bắt đầu")),
        State.IN_PROGRESS: ("now", _("Học dở dang")),
        State.WAITING_FOR_GRADING: ("wait", _("Chờ chấm")),
        State.COMPLETED: ("good", _("Hoàn thành")),
        State.COMPLETED_LATE: ("good", _("Hoàn thành muộn")),
        State.EXPIRED: ("wait", _("Hết hiệu lực")),
        State.WAIVED: ("good", _("Được miễn")),
    }
    kind, words = statuses[state]
    return Status("bad" if overdue else kind, words)
