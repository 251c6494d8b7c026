"""What the completion report ("Báo cáo hoàn thành") holds, and what its words mean.

What the words mean, here and on the report:

- registered: enrolled in the course and not withdrawn (whatever their state; excused ones too);
- completed: completed and still valid, on time or late; ``completed_late`` says how many of them were late;
- overdue: due before the day, and not started, in progress or waiting for grading;
- share completed: completed / (registered - excused).

Two lists are what this report exists for:

- **nobody sent** ("Chưa cử ai"): no officer of the commune is registered; - **one person only** ("Chỉ có
một người"): the commune rests on one person. Either a single officer is registered (``one_registered``: the
whole system handed to one, "khoán trắng"), or several are and exactly one of them has completed
(``one_trained``: one transfer away from zero). Where several learn and none has completed yet there is
nobody to depend on; the table shows those. An excused officer counts as registered, not as trained.

Shares are rounded down to a thousandth, so that 100 % always means all.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO

from isoxa_courses.text import fold

from isoxa_grading.completion import State
from isoxa_grading.records.tables.people import QualityRole

from .scope import NotInScope

if TYPE_CHECKING:
    from .call_lists import CallList
    from .call_rows import ListKind
    from .results import ResultRow


@dataclass(frozen=True)
class Filters:
    """What the reader narrows the report to.

    ``unit_id`` (a province, commune or other unit in scope) and ``role`` (only those who have it) narrow
    everything. ``state``, ``overdue`` and ``text`` (part of a commune's or officer's name, without regard to
    case and diacritics) narrow the table of communes and the officers, not the figures and the lists.
    """

    unit_id: int | None = None
    state: State | None = None
    overdue: bool = False
    text: str = ""
    role: QualityRole | None = None


@dataclass(frozen=True)
class Figures:
    """The figures at the top: communes, then persons, each counted once."""

    communes: int
    communes_nobody_sent: int
    communes_one_person_only: int
    registered: int
    not_started: int
    in_progress: int
    waiting_for_grading: int
    completed: int
    completed_late: int
    expired: int
    waived: int
    overdue: int
    not_registered: int
    share_completed: float | None


@dataclass(frozen=True)
class CommuneRow:
    """A commune. Counts of its officers; ``progress_share`` is the mean share done of those in progress
    (0–1)."""

    unit_id: int
    code: str
    name: str
    province: str
    registered: int
    not_started: int
    in_progress: int
    progress_share: float | None
    last_activity: date | None
    waiting_for_grading: int
    completed: int
    completed_late: int
    expired: int
    waived: int
    overdue: int
    not_registered: int
    share_completed: float | None


@dataclass(frozen=True)
class OfficerRow:
    """A registered officer. ``share_done`` and ``best_score`` are 0–1; the score is over the required
    quizzes."""

    person_id: int
    unit_id: int
    commune: str
    province: str
    full_name: str
    position: str | None
    quality_role: QualityRole | None
    state: State
    share_done: float
    last_activity: date | None
    best_score: float | None
    due_on: date | None
    overdue: bool
    completed_on: date | None


class OnePersonReason(enum.StrEnum):
    """Why a commune rests on one person."""

    ONE_REGISTERED = "one_registered"
    ONE_TRAINED = "one_trained"


@dataclass(frozen=True)
class OnePersonRow:
    """A commune that rests on one person, and who that is."""

    commune: CommuneRow
    reason: OnePersonReason
    officer: OfficerRow


@dataclass(frozen=True)
class CompletionReport:
    """The report. ``officers`` asks the database anew: use it while the session is open."""

    course: str
    course_title: str
    edition: str | None
    scope_names: tuple[str, ...]
    as_of: date
    filters: Filters
    figures: Figures
    communes: list[CommuneRow]
    nobody_sent: list[CommuneRow]
    one_person_only: list[OnePersonRow]
    _load: Callable[[Sequence[int] | None], Iterator[OfficerRow]] = field(repr=False)
    _call_list: Callable[[ListKind], CallList] = field(repr=False)
    _results: Callable[[], Iterator[ResultRow]] = field(repr=False)
    _write_results: Callable[[BinaryIO, str], int] = field(repr=False)
    _unit_ids: frozenset[int] = field(repr=False)
    _named: frozenset[int] | None = field(repr=False)

    def officers(self, unit_id: int | None = None) -> list[OfficerRow]:
        """Registered officers of a commune (``None``: of the whole report) that pass the filters, by name.

        Raises ``NotInScope`` for a unit that is not among the report's communes.
        """
        if unit_id is not None and unit_id not in self._unit_ids:
            raise NotInScope
        rows = self._load(None if unit_id is None else [unit_id])
        return [row for row in rows if self._shows(row)]

    def each_officer(self) -> Iterator[OfficerRow]:
        """As ``officers`` of the whole report, one after the other: a country is never in memory at once."""
        return (row for row in self._load(None) if self._shows(row))

    def each_result(self) -> Iterator[ResultRow]:
        """Quizzes handed in, an officer and quiz a row; of the whole report, whatever narrows its table."""
        return self._results()

    def write_results(self, stream: BinaryIO, separator: str) -> int:
        """The same as a CSV of ``columns.RESULTS``, without an object a row; returns how many there are."""
        return self._write_results(stream, separator)

    def call_list(self, kind: ListKind) -> CallList:
        """A call list of the same course, scope, day and filters; asks the database anew."""
        return self._call_list(kind)

    def _shows(self, row: OfficerRow) -> bool:
        wanted = self.filters
        return (
            (wanted.state is None or row.state == wanted.state)
            and (not wanted.overdue or row.overdue)
            and (
                self._named is None or row.unit_id in self._named or fold(wanted.text) in fold(row.full_name)
            )
        )

    def to_json(self, *, officers: bool = False) -> dict[str, Any]:
        """The report as JSON values (days as ISO text); ``officers`` adds everybody."""
        made: dict[str, Any] = {
            "course": self.course,
            "course_title": self.course_title,
            "edition": self.edition,
            "scope": list(self.scope_names),
            "as_of": self.as_of,
            "filters": asdict(self.filters),
            "figures": asdict(self.figures),
            "communes": [asdict(row) for row in self.communes],
            "nobody_sent": [asdict(row) for row in self.nobody_sent],
            "one_person_only": [asdict(row) for row in self.one_person_only],
        }
        if officers:
            made["officers"] = [asdict(row) for row in self.officers()]
        return {key: plain(value) for key, value in made.items()}


def plain(value: Any) -> Any:
    """JSON values: days as ISO text, words of an enumeration as they are stored."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
