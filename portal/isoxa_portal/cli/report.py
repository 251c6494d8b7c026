"""``isoxa report``: the completion report, from the function the page uses."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from isoxa_courses.text import VIETNAM, format_date
from rich.table import Table

if TYPE_CHECKING:
    from isoxa_grading.records.data_folder import DataFolder
    from isoxa_grading.reports import CompletionReport, ListKind
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

from .accounts import unit_named
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
)


def report(
    data: DataOption = DEFAULT_DATA,
    course: Annotated[str, typer.Option(help="Mã khóa học.")] = "iso-9001-cap-xa",
    unit: Annotated[str, typer.Option(help="Phạm vi: tên hoặc mã đơn vị; bỏ trống: cả nước.")] = "",
    as_of: Annotated[
        str, typer.Option("--as-of", help="Tính đến ngày, dạng 31/12/2027; bỏ trống: hôm nay.")
    ] = "",
    output: Annotated[
        Path | None, typer.Option("--output", help="Ghi ra tệp .xlsx, .csv hoặc .pdf (để họp).")
    ] = None,
    officers: Annotated[bool, typer.Option("--officers", help="JSON: kèm từng học viên.")] = False,
    frames: Annotated[
        Path | None,
        typer.Option(
            "--frames", help="Ghi dữ liệu của phạm vi (CSV, có giải thích cột) vào thư mục, để phân tích."
        ),
    ] = None,
    calls: Annotated[
        str,
        typer.Option("--list", help="JSON: thêm một danh sách cần gọi, như chua-cu-ai, qua-han, cho-cham."),
    ] = "",
    snapshot: Annotated[
        bool, typer.Option("--snapshot", help="Chốt số liệu cả nước của ngày đó; giữ mãi, không sửa được.")
    ] = False,
    results: Annotated[
        Path | None,
        typer.Option("--results", help="Ghi kết quả từng bài kiểm tra của từng người ra tệp .csv."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Báo cáo hoàn thành: ai xong, ai chưa, xã nào chưa cử ai, xã nào chỉ có một người."""
    from isoxa_grading.records.database import reading
    from isoxa_grading.reports import UnknownCourse, completion_report, write_csv, write_pdf, write_xlsx

    writers = {".xlsx": write_xlsx, ".csv": write_csv}
    if output is not None and output.suffix.lower() not in (*writers, ".pdf"):
        raise UserError(f"{output}: chỉ ghi được tệp .xlsx, .csv hoặc .pdf.")
    if results is not None and results.suffix.lower() != ".csv":
        raise UserError(f"{results}: kết quả từng bài kiểm tra chỉ ghi được ra tệp .csv.")
    kind = _list_kind(calls)
    day: date = parse_day(as_of) if as_of else now().astimezone(VIETNAM).date()
    data_folder, engine = open_data(data)
    if snapshot:
        _snapshot(engine, course, day)
    with reading(engine) as session:
        scope = unit_named(session, unit)
        try:
            made = completion_report(session, course=course, scope_paths=[scope.path], as_of=day)
        except UnknownCourse as error:
            raise UserError(str(error)) from error
        if frames is not None:
            _write_frames(session, made, frames, scope.path, data_folder)
        if output is not None:
            content = io.BytesIO()
            if output.suffix.lower() == ".pdf":
                write_pdf(session, content, course=course, scope_paths=[scope.path], as_of=day)
            else:
                writers[output.suffix.lower()](made, content)
            output.write_bytes(content.getvalue())
            note(f"Đã ghi {output}")
        if results is not None:
            _write_results(session, made, results, scope.path)
        if as_json or kind is not None:
            extra = {} if kind is None else {"list": made.call_list(kind).to_json()}
            print_json(made.to_json(officers=officers) | extra)
        elif output is None and frames is None and results is None:
            figures = made.figures
            table = Table(
                title=f"{made.course_title} – {scope.name}, {format_date(day)}", title_justify="left"
            )
            for heading in ("Đăng ký", "Chưa bắt đầu", "Học dở dang", "Chờ chấm", "Hoàn thành", "Quá hạn"):
                table.add_column(heading, justify="right")
            counts = (
                figures.registered,
                figures.not_started,
                figures.in_progress,
                figures.waiting_for_grading,
                figures.completed,
                figures.overdue,
            )
            table.add_row(*map(str, counts))
            stdout.print(table)
            note(
                f"{figures.communes} đơn vị cấp xã: {figures.communes_nobody_sent} chưa cử ai, "
                f"{figures.communes_one_person_only} chỉ có một người."
            )


def _list_kind(slug: str) -> ListKind | None:
    from isoxa_grading.reports import ListKind

    kind = ListKind.of_slug(slug)
    if slug and kind is None:
        known = ", ".join(one.slug for one in ListKind)
        raise UserError(f"“{slug}” không phải tên một danh sách. Các danh sách: {known}.")
    return kind


def _snapshot(engine: Engine, course: str, day: date) -> None:
    from isoxa_grading.reports import NoSnapshot, UnknownCourse, keep_snapshot

    try:
        taken = keep_snapshot(engine, course=course, as_of=day, now=now())
    except (NoSnapshot, UnknownCourse) as error:
        raise UserError(str(error)) from error
    note(f"Đã chốt số liệu ngày {format_date(taken.as_of)}.")


def _write_results(session: Session, made: CompletionReport, file: Path, scope_path: str) -> None:
    from isoxa_grading.reports import write_results_csv

    with file.open("wb") as stream:
        rows = write_results_csv(
            session, stream, course=made.course, scope_paths=[scope_path], as_of=made.as_of
        )
    note(f"Đã ghi {rows} kết quả vào {file}. Trong đó có tên và điểm của từng người: cất giữ cẩn thận.")


def _write_frames(
    session: Session, made: CompletionReport, folder: Path, scope_path: str, data: DataFolder
) -> None:
    from isoxa_grading.records.library import CourseLibrary
    from isoxa_grading.reports import frames
    from isoxa_grading.reports.clause_points import clauses_in
    from isoxa_grading.reports.frame_files import write_frames

    clauses = clauses_in(CourseLibrary(data), made.course)
    tables = frames(session, course=made.course, scope_paths=[scope_path], as_of=made.as_of, clauses=clauses)
    write_frames(
        tables,
        folder,
        course=made.course,
        course_title=made.course_title,
        scope=made.scope_names,
        as_of=made.as_of,
    )
    note(f"Đã ghi {len(tables)} bảng vào {folder}.")
    note("Trong đó có tên và kết quả của từng người: chỉ giao cho người được phân công phân tích.")
