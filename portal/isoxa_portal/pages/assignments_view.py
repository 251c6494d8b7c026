"""Hand-written assignments as pages show them: states in words, files as links, marks by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from isoxa_courses.text import fold, format_datetime
from isoxa_grading.handins import Assignment, Marks, OwnWork, Stage, Standing
from isoxa_grading.records.tables import HandIn

from ..i18n import gettext as _
from .environment import number
from .view import Link, Status

__all__ = [
    "AssignmentTask",
    "GroupRow",
    "VersionLine",
    "attachment",
    "due_words",
    "file_size",
    "group_rows",
    "own_due_words",
    "own_status",
    "released_files",
    "stage_status",
    "task_of",
    "version_line",
]


@dataclass(frozen=True)
class AssignmentTask:
    """An assignment in the lists of officers. ``news``: marks or comments they have not seen."""

    course: str
    name: str
    url: str
    note: str
    state: Status | None
    news: bool = False


@dataclass(frozen=True)
class VersionLine:
    """One version as it was received. ``files``: each with its fingerprint, for whoever wants to compare."""

    id: str
    number: int
    received_at: datetime
    late: bool
    files: tuple[tuple[Link, str], ...]
    notes: tuple[str, ...]
    newest: bool


@dataclass(frozen=True)
class GroupRow:
    """What the cells under one heading got; ``points`` None: a trainer has not judged all of them yet."""

    title: str
    points: Decimal | None
    max_points: Decimal
    cells: tuple[tuple[str, Decimal | None, Decimal], ...]
    comments: tuple[str, ...]


def stage_status(stage: Stage) -> Status:
    """As trainers see it: who it waits for."""
    return {
        Stage.NONE: Status("none", _("Chưa nộp")),
        Stage.RECEIVED: Status("wait", _("Chờ máy chấm")),
        Stage.WAITING: Status("wait", _("Chờ người chấm")),
        Stage.GRADED: Status("good", _("Đã chấm")),
        Stage.FAILED: Status("bad", _("Chưa chấm được")),
    }[stage]


def own_status(standing: Standing, overdue: bool = False) -> Status:
    """As its officer sees it. ``overdue``: the due date is past; it is told where nothing was handed in."""
    stage, marks = standing.stage, standing.marks
    if stage is Stage.NONE and overdue:
        return Status("bad", _("Chưa nộp, đã quá hạn"))
    if stage is Stage.GRADED and marks is not None:
        words = _("Đã chấm: %(points)s/%(max)s") % {
            "points": number(marks.points),
            "max": number(marks.max_points),
        }
        return Status("good", words)
    if stage in (Stage.RECEIVED, Stage.WAITING):
        return Status("wait", _("Đã nộp, chờ chấm"))
    return stage_status(stage)


def due_words(due: datetime | None) -> str:
    """Until when it is on time, in words."""
    if due is None:
        return _("Không có hạn nộp")
    return _("Hạn nộp %(time)s") % {"time": format_datetime(due)}


def own_due_words(own: OwnWork) -> str:
    """The person's own due date in words; more time that was granted is told as such."""
    grant = own.granted.time
    if grant is not None and grant.due_at is not None and grant.due_at == own.assignment.due:
        return _("Được gia hạn nộp đến %(time)s") % {"time": format_datetime(grant.due_at)}
    return due_words(own.assignment.due)


def task_of(own: OwnWork, url: str, now: datetime) -> AssignmentTask:
    """An assignment in its officer's list."""
    return AssignmentTask(
        own.assignment.course,
        own.assignment.title,
        url,
        own_due_words(own),
        own_status(own.standing, own.assignment.late(now)),
        own.news,
    )


def file_size(size: int) -> str:
    """Bytes as people say them: 12 KB, 3,4 MB."""
    if size < 1024 * 1024:
        return _("%(size)s KB") % {"size": number(max(1, round(size / 1024)))}
    return _("%(size)s MB") % {"size": number(Decimal(size * 10 // 1024**2) / 10)}


def released_files(assignment: Assignment, url: str) -> list[Link]:
    """The release's files with their sizes: notebooks first."""
    order = sorted(
        enumerate(assignment.files), key=lambda item: (item[1].name not in assignment.notebooks, item[0])
    )
    return [Link(file.name, f"{url}/de/{index}", file_size(file.size)) for index, file in order]


def version_line(assignment: Assignment, hand_in: HandIn, url: str, *, newest: bool) -> VersionLine:
    """``url``: the version's address, below which its files are."""
    files: Sequence[dict[str, Any]] = hand_in.files
    return VersionLine(
        hand_in.id,
        hand_in.number,
        hand_in.received_at,
        assignment.late(hand_in.received_at),
        tuple(
            (Link(file["name"], f"{url}/{index}", file_size(file["size"])), file["sha256"])
            for index, file in enumerate(files)
        ),
        tuple(hand_in.notes),
        newest,
    )


def group_rows(assignment: Assignment, marks: Marks) -> list[GroupRow]:
    """The marks by heading; of several notebooks each group says which it is of."""
    many = len(assignment.notebooks) > 1
    rows = []
    for group in marks.groups:
        title = group.heading or group.notebook
        rows.append(
            GroupRow(
                f"{group.notebook}: {title}" if many and group.heading else title,
                group.points,
                group.max_points,
                tuple((cell.id, cell.points, cell.max_points) for cell in group.cells)
                if len(group.cells) > 1
                else (),
                group.comments,
            )
        )
    return rows


def attachment(name: str) -> str:
    """A Content-Disposition that saves the file under its name, also where only ASCII is understood."""
    last = name.rpartition("/")[2]
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "-_.") else "-" for one in fold(last))
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(last, safe='')}"
