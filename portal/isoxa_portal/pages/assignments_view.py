"""Hand-written assignments as pages show them: states in words, files as links, marks by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from isoxa_courses.text import fold, format_datetime
from isoxa_grading.handins import Assignment, Marks, Stage, Standing
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
    "released_files",
    "stage_status",
    "version_line",
]


@dataclass(frozen=True)
class AssignmentTask:
    """An assignment in the course's list."""

    name: str
    url: str
    note: str
    state: Status | None


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


def stage_status(stage: Stage, overdue: bool = False) -> Status:
    """``overdue``: the due date is past, and nothing was handed in."""
    if stage is Stage.NONE and overdue:
        return Status("bad", _("Chưa nộp, đã quá hạn"))
    return {
        Stage.NONE: Status("none", _("Chưa nộp")),
        Stage.RECEIVED: Status("wait", _("Đang chấm")),
        Stage.WAITING: Status("wait", _("Chờ người chấm")),
        Stage.GRADED: Status("good", _("Đã chấm")),
        Stage.FAILED: Status("bad", _("Chưa chấm được")),
    }[stage]


def due_words(due: datetime | None) -> str:
    """Until when it is on time, in words."""
    if due is None:
        return _("Không có hạn nộp")
    return _("Hạn nộp %(time)s") % {"time": format_datetime(due)}


def task_note(assignment: Assignment, standing: Standing) -> str:
    """What stands beside an assignment in the course's list."""
    notes = [due_words(assignment.due)]
    marks = standing.marks
    if marks is not None and standing.stage is Stage.GRADED:
        notes.append(
            _("%(points)s trên %(max)s điểm")
            % {"points": number(marks.points), "max": number(marks.max_points)}
        )
    return " · ".join(notes)


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
