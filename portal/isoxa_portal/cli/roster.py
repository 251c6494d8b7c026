"""``isoxa roster import``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from isoxa_courses.text import format_number

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
    steps,
)

if TYPE_CHECKING:
    from isoxa_grading.records.roster import RosterPreview

roster = typer.Typer(help="Danh sách cán bộ, công chức.", no_args_is_help=True)

_KINDS = {
    "new": "thêm mới",
    "changed": "sửa thông tin",
    "moved": "chuyển đơn vị",
    "unchanged": "giữ nguyên",
    "doubtful": "chưa rõ, cần người quyết định",
    "refused": "không nhập được",
}
_SHOWN = 50


@roster.callback()
def _group() -> None:
    """Keep ``import`` a command of its own: a group with one command would swallow its name."""


@roster.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Tệp XLSX hoặc CSV.")],
    data: DataOption = DEFAULT_DATA,
    scope: Annotated[str, typer.Option(help="Chỉ tìm đơn vị trong phạm vi này (tên hoặc mã).")] = "",
    course: Annotated[str, typer.Option(help="Ghi danh vào khóa học này (bản mới nhất).")] = "",
    due: Annotated[str, typer.Option(help="Hạn hoàn thành, dạng 31/12/2027.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem trước, không ghi gì.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Nhập danh sách: xem trước, rồi nhập những dòng dùng được. Nhập lại cùng tệp không đổi gì.

    Mã thoát: 0 mọi dòng đều dùng được; 2 có dòng bị bỏ lại, các dòng khác đã nhập; 1 không dùng được tệp, chưa nhập gì.
    """
    from isoxa_grading.records.database import reading, writing
    from isoxa_grading.records.enrolments import latest_edition
    from isoxa_grading.records.roster import import_roster, preview_roster, read_roster

    due_on = parse_day(due) if due else None
    _data_folder, engine = open_data(data)
    with steps("Đọc tệp"):
        content = read_roster(file)
    with steps("Đối chiếu danh sách"), reading(engine) as session:
        edition = latest_edition(session, course) if course else None
        if course and edition is None:
            raise UserError(
                f"Khóa học {course} chưa được phát hành. Hãy chạy: isoxa course build --data {data}"
            )
        preview = preview_roster(session, content, unit_named(session, scope) if scope else None)
    if not as_json:
        _show(preview, dry_run=dry_run)
    if not dry_run:
        with steps("Nhập danh sách"), writing(engine) as session:
            result = import_roster(
                session,
                preview,
                actor=None,
                now=now(),
                enrol_in=edition,
                due_on=due_on,
                accounts="create",
            )
            # Decided once more while nobody else could write: this is what was done.
            preview = result.preview or preview
    if as_json:
        print_json(preview.to_json())
    elif not dry_run and preview.counts["total"] > len(preview.left_out):
        note("Đã ghi xong.")
    raise typer.Exit(2 if preview.left_out else 0)


def _show(preview: RosterPreview, *, dry_run: bool) -> None:
    counts = preview.counts
    said = ", ".join(f"{format_number(counts[kind])} {words}" for kind, words in _KINDS.items())
    note(f"{format_number(counts['total'])} dòng: {said}.")
    for remark in preview.notes[:_SHOWN]:
        note(remark)
    for problem in preview.problems:
        nearest = f" Gần nhất: {problem.nearest}." if problem.nearest else ""
        kind = "Chưa rõ" if problem.kind == "doubtful" else "Không nhập"
        stdout.print(f"{kind}: {problem}{nearest}", markup=False, soft_wrap=True)
    if preview.absent:
        many = format_number(len(preview.absent))
        note(f"{many} người đang ở các đơn vị này nhưng không có trong tệp (được giữ nguyên):")
        for absent in preview.absent[:_SHOWN]:
            note(f"  {absent.full_name}, {absent.unit.name}")
        if len(preview.absent) > _SHOWN:
            note(f"  … và {format_number(len(preview.absent) - _SHOWN)} người khác.")
    if dry_run:
        note("Đây là xem trước; chưa ghi gì.")
