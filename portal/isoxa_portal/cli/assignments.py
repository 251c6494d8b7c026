"""``isoxa course add-assignment``, ``add-submission`` and ``grade-assignment``: assignments a trainer wrote by hand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .common import DEFAULT_DATA, DataOption, JsonOption, note, now, open_data, print_json, stdout, steps

if TYPE_CHECKING:  # nbgrader takes a second to import; only these commands need it
    from isoxa_grading.nbgrader_bridge.sandbox import Outcome

AssignmentArgument = Annotated[str, typer.Argument(help="Tên bài, ví dụ bai-tap-1.", show_default=False)]
CourseOption = Annotated[str, typer.Option(help="Mã khóa học.")]
COURSE = "iso-9001-cap-xa"


def add_assignment(
    assignment: AssignmentArgument,
    origin: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="Sổ tay .ipynb hoặc thư mục; bỏ trống: bài đã soạn trong source/ bằng “isoxa lab”.",
            show_default=False,
        ),
    ] = None,
    course: CourseOption = COURSE,
    data: DataOption = DEFAULT_DATA,
    again: Annotated[bool, typer.Option("--again", help="Phát hành lại cả khi đã có người nộp.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Đưa bài do giảng viên tự soạn vào khóa học và phát hành (bỏ đáp án)."""
    from isoxa_grading.nbgrader_bridge import sandbox
    from isoxa_grading.records.audit import audit
    from isoxa_grading.records.database import writing

    data_folder, engine = open_data(data)
    with steps("Phát hành bài"), writing(engine) as session:
        folder = sandbox.open_folder(data_folder, session, course, assignment)
        released = sandbox.add_assignment(folder, assignment, origin, again=again)
        detail = {"course": course, "notebooks": released}
        audit(session, None, "assignment.released", "assignment", assignment, None, detail, now())
    place = folder.root / "release" / assignment
    if as_json:
        print_json({"assignment": assignment, "released": [str(place / name) for name in released]})
    else:
        note(f"Đã phát hành {', '.join(released)}. Gửi người học thư mục này: {place}")


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


def _show(outcome: Outcome) -> None:
    again = " (đã chấm trước đó)" if outcome.kept else ""
    stdout.print(outcome.message + again, markup=False, soft_wrap=True)
    for line in outcome.notes:
        stdout.print(f"  - {line}", markup=False, soft_wrap=True)
