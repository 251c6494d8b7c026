"""``isoxa workshop``: open a workshop, list those there are, bring result files in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from isoxa_courses.text import format_date, format_number

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
    from isoxa_grading.records.tables import Workshop
    from isoxa_grading.workshops import Line, Recorded
    from sqlalchemy.orm import Session

__all__ = ["workshop"]

workshop = typer.Typer(help="Lớp tập huấn: mở lớp, nhập tệp kết quả.", no_args_is_help=True)

_COURSE = "iso-9001-cap-xa"
_FATES = {
    "ready": "khớp danh sách",
    "new": "người mới",
    "doubtful": "nghi vấn",
    "double": "trùng",
    "already": "đã ghi từ trước",
    "refused": "không nhận",
}


@workshop.command("open")
def open_(
    title: Annotated[str, typer.Option(help="Tên lớp.")],
    place: Annotated[str, typer.Option(help="Địa điểm.")],
    trainer: Annotated[str, typer.Option(help="Giảng viên phụ trách: họ tên, cơ quan.")],
    day: Annotated[str, typer.Option("--date", help="Ngày tổ chức, dạng 31/12/2027.")],
    until: Annotated[str, typer.Option(help="Ngày cuối của lớp nhiều ngày.")] = "",
    unit: Annotated[
        str, typer.Option(help="Đơn vị tổ chức (tên hoặc mã); giảng viên của đơn vị ấy thấy lớp.")
    ] = "Việt Nam",
    course: Annotated[str, typer.Option(help="Mã khóa học.")] = _COURSE,
    code: Annotated[
        str,
        typer.Option(
            help="Trên máy chủ của hội trường: mã lớp đã mở ở cổng của tỉnh, để cả hai dùng một mã."
        ),
    ] = "",
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
) -> None:
    """Mở lớp và in mã lớp để chiếu lên tường. Mã gắn với khóa học và ngày tổ chức."""
    from isoxa_grading.records.database import writing
    from isoxa_grading.workshops import Plan, WorkshopRefused, open_workshop

    plan = Plan(course, title, place, trainer, parse_day(day), parse_day(until) if until else None, code)
    _folder, engine = open_data(data)
    with writing(engine) as session:
        try:
            opened = open_workshop(session, plan, unit_named(session, unit), actor=None, now=now())
        except WorkshopRefused as refused:
            raise UserError(str(refused)) from refused
        shown = _to_json(opened)
    if as_json:
        print_json(shown)
        return
    stdout.print(f"Lớp số {shown['id']}: {shown['title']}", markup=False)
    stdout.print(f"Mã lớp: {shown['code']}", markup=False)


@workshop.command("list")
def list_(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Các lớp đã mở, mới nhất trước."""
    from isoxa_grading.records.database import reading
    from isoxa_grading.records.units import country
    from isoxa_grading.workshops import result_counts, workshops_within

    _folder, engine = open_data(data)
    with reading(engine) as session:
        found = workshops_within(session, [country(session).path])
        counts = result_counts(session, found)
        shown = [_to_json(one) | {"results": counts.get(one.id, 0)} for one in found]
    if as_json:
        print_json({"workshops": shown})
        return
    for one in shown:
        about = f"{one['id']}. {one['title']}, {one['days']}, {one['place']}"
        words = f"{about}: mã {one['code']}, {one['results']} người có kết quả"
        stdout.print(words, markup=False, soft_wrap=True)
    if not shown:
        note("Chưa mở lớp nào. Mở lớp: isoxa workshop open")


@workshop.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Các tệp kết quả (.isoxa.json), hoặc .zip chứa chúng.")],
    workshop_id: Annotated[
        int | None, typer.Option("--workshop", help="Số của lớp; bỏ trống: theo mã lớp trong các tệp.")
    ] = None,
    add_new: Annotated[bool, typer.Option("--add-new", help="Thêm người chưa có trong danh sách.")] = False,
    evidence_only: Annotated[
        bool, typer.Option("--evidence-only", help="Chỉ ghi minh chứng, không tính điểm cả khi có mã lớp.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem trước, không ghi gì.")] = False,
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
) -> None:
    """Nhập tệp kết quả: đối chiếu danh sách, chấm lại, ghi. Nhập lại cùng tệp không đổi gì.

    Mã thoát: 0 mọi tệp đều đã ghi; 2 có tệp để lại (nghi vấn, trùng, người mới, không nhận); 1 chưa ghi gì.
    """
    from isoxa_grading.records.database import reading
    from isoxa_grading.records.library import CourseLibrary
    from isoxa_grading.records.units import country
    from isoxa_grading.workshops import LEAVE_OUT, Fate, WorkshopRefused, preview, record_in_portions

    content = [(file.name, file.read_bytes()) for file in files]
    folder, engine = open_data(data)
    library, moment = CourseLibrary(folder), now()
    recorded: list[Recorded] = []
    with steps("Đối chiếu và chấm lại"):
        try:
            with reading(engine) as session:
                scope = [country(session).path]
                found = _workshop(session, workshop_id, content, scope)
                lines = preview(session, library, found, content, scope_paths=scope, now=moment)
            choices = {} if add_new else {one.sha256: LEAVE_OUT for one in lines if one.fate is Fate.NEW}
            if not dry_run:
                recorded = record_in_portions(
                    engine,
                    library,
                    found.id,
                    lines,
                    choices,
                    scope_paths=scope,
                    count_attempts=not evidence_only,
                    actor=None,
                    now=moment,
                )
        except WorkshopRefused as refused:
            raise UserError(str(refused)) from refused
    shown = _report(found, lines, recorded)
    if as_json:
        print_json({"dry_run": dry_run, **shown})
    else:
        _show(shown, dry_run=dry_run)
    done = sum(
        line.fate in (Fate.ALREADY, Fate.READY) or (add_new and line.fate is Fate.NEW) for line in lines
    )
    raise typer.Exit(0 if done == len(lines) else 2)


def _workshop(
    session: Session, workshop_id: int | None, files: list[tuple[str, bytes]], scope: list[str]
) -> Workshop:
    """The one that is named, or the one whose code the files carry. Raises ``UserError``, ``WorkshopRefused``."""
    from isoxa_grading.workshops import FileRefused, decode, find_workshop, of_code_name
    from isoxa_grading.workshops.archives import Room, unpacked

    if workshop_id is not None:
        return find_workshop(session, workshop_id, scope)
    names: set[str] = set()
    room = Room()
    for name, content in files:
        try:
            names |= {decode(one).content.class_name for _name, one in unpacked(name, content, room)}
        except FileRefused:
            continue
    found = {one.id: one for name in names - {""} if (one := of_code_name(session, name, scope))}
    if len(found) != 1:
        raise UserError(
            "Các tệp không cùng mang mã của một lớp đã mở ở đây. Hãy chỉ rõ lớp: --workshop SỐ "
            "(xem: isoxa workshop list; chưa mở lớp thì: isoxa workshop open). Chưa có gì được ghi."
        )
    return next(iter(found.values()))


def _report(found: Workshop, lines: list[Line], recorded: list[Recorded]) -> dict[str, Any]:
    done = {one.line.sha256: one for one in recorded}
    return {
        "workshop": _to_json(found),
        "counts": {fate: sum(line.fate == fate for line in lines) for fate in _FATES},
        "recorded": len(recorded),
        "files": [_line(line, done.get(line.sha256)) for line in lines],
    }


def _line(line: Line, recorded: Recorded | None) -> dict[str, Any]:
    participant, checked = line.participant, line.checked
    return {
        "file": line.file_name,
        "fate": line.fate.value,
        "reason": line.reason.value if line.reason else None,
        "message": line.message,
        "full_name": participant.full_name if participant else None,
        "unit": line.unit.name if line.unit else None,
        "coded": line.coded,
        "candidates": [one.person_id for one in line.candidates],
        "quizzes": [
            {"quiz": one.attempt.quiz, "points": str(one.points), "max_points": str(one.max_points)}
            for one in (checked.attempts if checked else ())
        ],
        "lessons_done": len(checked.done) if checked else 0,
        "person_id": recorded.person_id if recorded else None,
        "counted": recorded.counted if recorded else 0,
    }


def _to_json(one: Workshop) -> dict[str, Any]:
    from isoxa_grading.workshops import shown_code

    first, last = format_date(one.held_on), format_date(one.held_until)
    return {
        "id": one.id,
        "title": one.title,
        "place": one.place,
        "trainer": one.trainer,
        "days": first if first == last else f"{first} – {last}",
        "held_on": one.held_on,
        "held_until": one.held_until,
        "course": one.course,
        "code": shown_code(one.code),
    }


def _show(shown: dict[str, Any], *, dry_run: bool) -> None:
    said = ", ".join(f"{format_number(shown['counts'][fate])} {words}" for fate, words in _FATES.items())
    note(f"{shown['workshop']['title']}, {shown['workshop']['days']}. {len(shown['files'])} tệp: {said}.")
    for line in shown["files"]:
        who = ", ".join(part for part in (line["full_name"], line["unit"]) if part) or line["file"]
        words = line["message"] or ("Có mã lớp." if line["coded"] else "")
        stdout.print(f"{who}: {_FATES[line['fate']]}. {words}".rstrip(), markup=False, soft_wrap=True)
    if dry_run:
        note("Đây là xem trước; chưa ghi gì.")
    else:
        note(f"Đã ghi kết quả của {format_number(shown['recorded'])} người.")
