"""Commands for hand-written assignments: ``isoxa course add-assignment``, ``due-assignment``, ``add-submission``,
``grade-assignment``; and what ``isoxa grade`` does of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from isoxa_courses.shipped import content_root
from isoxa_courses.text import VIETNAM, fold, format_datetime

from .common import (
    DEFAULT_DATA,
    DataOption,
    JsonOption,
    UserError,
    note,
    now,
    open_data,
    parse_day,
    print_json,
    stdout,
    steps,
)

if TYPE_CHECKING:  # nbgrader takes a second to import; only these commands need it
    from isoxa_grading.nbgrader_bridge.sandbox import Outcome
    from isoxa_grading.records.data_folder import DataFolder
    from sqlalchemy import Engine

AssignmentArgument = Annotated[str, typer.Argument(help="Tên bài, ví dụ bai-tap-1.", show_default=False)]
CourseOption = Annotated[str, typer.Option(help="Mã khóa học.")]
DueOption = Annotated[
    str | None,
    typer.Option(
        "--due", help="Hạn nộp, ví dụ “31/12/2026” (hết ngày) hoặc “31/12/2026 17:00”.", show_default=False
    ),
]
COURSE = "iso-9001-cap-xa"


def add_assignment(
    assignment: AssignmentArgument,
    origin: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="Sổ tay .ipynb hoặc thư mục; bỏ trống: bài đã soạn trong source/ bằng “isoxa lab”, không có thì bài "
            "cùng tên đi kèm khóa học.",
            show_default=False,
        ),
    ] = None,
    course: CourseOption = COURSE,
    due: DueOption = None,
    data: DataOption = DEFAULT_DATA,
    again: Annotated[bool, typer.Option("--again", help="Phát hành lại cả khi đã có người nộp.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Đưa bài do giảng viên tự soạn vào khóa học và phát hành (bỏ đáp án)."""
    from isoxa_grading.nbgrader_bridge import sandbox
    from isoxa_grading.records.audit import audit
    from isoxa_grading.records.database import writing

    until = _moment(due) if due else None
    data_folder, engine = open_data(data)
    with steps("Phát hành bài"), writing(engine) as session:
        folder = sandbox.open_folder(data_folder, session, course, assignment)
        if origin is None and not (folder.root / "source" / assignment).is_dir():
            origin = _shipped(course, assignment)
        released = sandbox.add_assignment(folder, assignment, origin, again=again)
        if until is not None:
            sandbox.set_due(folder, assignment, until)
        detail = {"course": course, "notebooks": released}
        audit(session, None, "assignment.released", "assignment", assignment, None, detail, now())
    place = folder.root / "release" / assignment
    if as_json:
        print_json({"assignment": assignment, "released": [str(place / name) for name in released]})
    else:
        note(f"Đã phát hành {', '.join(released)}. Người học tải đề, nộp bài ở trang khóa học.")


def _shipped(course: str, assignment: str) -> Path | None:
    """The assignment of that name that comes with the course, if there is one; both names are checked already."""
    place = content_root().courses / course / "assignments" / assignment
    return place if place.is_dir() else None


def due_assignment(
    assignment: AssignmentArgument,
    due: Annotated[
        str, typer.Argument(help="Ngày, hoặc ngày và giờ, ví dụ “31/12/2026 17:00”; “không”: bỏ hạn nộp.")
    ],
    course: CourseOption = COURSE,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Đặt hoặc đổi hạn nộp; bài nộp sau hạn vẫn được nhận và ghi là nộp muộn."""
    from isoxa_grading.nbgrader_bridge import sandbox
    from isoxa_grading.records.audit import audit
    from isoxa_grading.records.database import writing

    until = None if fold(due) == "khong" else _moment(due)
    data_folder, engine = open_data(data)
    with writing(engine) as session:
        folder = sandbox.open_folder(data_folder, session, course, assignment)
        sandbox.set_due(folder, assignment, until)
        detail = {"course": course, "due": None if until is None else until.isoformat()}
        audit(session, None, "assignment.due", "assignment", assignment, None, detail, now())
    note(f"{assignment}: " + (f"hạn nộp {format_datetime(until)}." if until else "không có hạn nộp."))


def _moment(text: str) -> datetime:
    """A day (its end) or a day and time of day, in Vietnam. Raises ``UserError``."""
    day, _, clock = text.strip().partition(" ")
    try:
        at = datetime.strptime(clock.strip(), "%H:%M").time() if clock.strip() else time(23, 59, 59)
    except ValueError:
        raise UserError(f"“{text}”: giờ phải viết như 17:00.") from None
    return datetime.combine(parse_day(day), at, VIETNAM)


def add_submission(
    assignment: AssignmentArgument,
    files: Annotated[list[Path], typer.Argument(help="Các tệp của bài nộp.", exists=True, dir_okay=False)],
    student: Annotated[str, typer.Option(help="Mã người nộp trong sổ điểm nbgrader, ví dụ cb0000012.")],
    course: CourseOption = COURSE,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Nhận bài nộp của một người; bài nộp sau thay bài nộp trước."""
    from isoxa_grading.nbgrader_bridge import sandbox
    from isoxa_grading.records.database import reading

    data_folder, engine = open_data(data)
    with reading(engine) as session:
        folder = sandbox.open_folder(data_folder, session, course, assignment)
    place = sandbox.add_submission(folder, assignment, student, files, now=now())
    note(
        f"Đã nhận bài {assignment} của {student}: {place}. Tiếp theo: isoxa course grade-assignment {assignment}"
    )


def grade_assignment(
    assignment: AssignmentArgument,
    student: Annotated[
        list[str] | None, typer.Option(help="Chỉ chấm người này; ghi được nhiều lần.", show_default=False)
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Chấm lại cả bài đã chấm.")] = False,
    course: CourseOption = COURSE,
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
) -> None:
    """Chấm bài tự soạn bằng nbgrader, chương trình của người học chạy trong vùng cách ly."""
    from isoxa_grading.handins import settle
    from isoxa_grading.nbgrader_bridge import sandbox
    from isoxa_grading.records.audit import audit
    from isoxa_grading.records.database import reading, writing

    data_folder, engine = open_data(data)
    with reading(engine) as session:
        folder = sandbox.open_folder(data_folder, session, course, assignment)
        # What was handed in by the page and has not come there yet, and people's names for formgrader.
        settle(data_folder, session, folder, course, assignment)
    with steps(f"Chấm {assignment}"):
        outcomes = sandbox.grade_assignment(
            data_folder,
            folder,
            assignment,
            students=student,
            again=again,
            progress=lambda outcome: None if as_json else _show(outcome),
        )
    ran = [outcome for outcome in outcomes if not outcome.kept]
    failed = [outcome for outcome in outcomes if not outcome.graded]
    if ran:
        detail = {
            "course": course,
            "graded": sum(outcome.graded for outcome in ran),
            "failed": [outcome.student for outcome in ran if not outcome.graded],
        }
        with writing(engine) as session:
            audit(session, None, "assignment.graded", "assignment", assignment, None, detail, now())
    if as_json:
        print_json({"assignment": assignment, "outcomes": [asdict(outcome) for outcome in outcomes]})
    else:
        note(
            f"Có điểm {len(outcomes) - len(failed)}/{len(outcomes)} bài; chấm trong lượt này {len(ran)} bài."
        )
    raise typer.Exit(1 if failed else 0)


def grade_hand_ins(data: DataFolder, engine: Engine, stop: Callable[[], bool]) -> list[Outcome]:
    """Run what was handed in and not run yet, until ``stop``; what was run now.

    On a machine without a cage nothing is run, and it says so: the quizzes need none.
    """
    from isoxa_grading.handins import grade_new, new_work

    ran = grade_new(data, engine, new_work(data, engine), actor=None, now=now, stop=stop)
    for reason in ran.refused:
        note(reason)
    return ran.outcomes


def _show(outcome: Outcome) -> None:
    again = " (đã chấm trước đó)" if outcome.kept else ""
    stdout.print(outcome.message + again, markup=False, soft_wrap=True)
    for line in outcome.notes:
        stdout.print(f"  - {line}", markup=False, soft_wrap=True)
