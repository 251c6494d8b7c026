"""``isoxa enrol`` and ``isoxa remind``: the same plans and letters as the pages of "Ghi danh"."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from isoxa_courses.text import VIETNAM, format_date, format_number
from isoxa_grading.records.tables import BatchKind, QualityRole, ReminderKind

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
    from isoxa_grading.enrolment import Selection
    from isoxa_grading.enrolment.reminding import ToRemind
    from isoxa_grading.records.data_folder import DataFolder
    from sqlalchemy import Engine

__all__ = ["enrol", "remind"]

CourseOption = Annotated[str, typer.Option(help="Mã khóa học.")]
UnitOption = Annotated[
    list[str] | None,
    typer.Option("--unit", help="Đơn vị (tên hoặc mã) và mọi đơn vị bên dưới; lặp lại được."),
]
_COURSE = "iso-9001-cap-xa"
_SHOWN = 50
_COUNTS = {
    "new": "ghi danh mới",
    "same": "đã ghi danh từ trước",
    "again": "đã thôi học trước đây",
    "without_account": "chưa có tài khoản",
}


def enrol(
    data: DataOption = DEFAULT_DATA,
    course: CourseOption = _COURSE,
    unit: UnitOption = None,
    role: Annotated[
        list[QualityRole] | None, typer.Option("--role", help="Chỉ những người có vai trò này; lặp lại được.")
    ] = None,
    from_list: Annotated[
        Path | None, typer.Option("--list", help="Tệp XLSX hoặc CSV: mã cán bộ, hoặc họ tên và đơn vị.")
    ] = None,
    due: Annotated[str, typer.Option(help="Hạn hoàn thành, dạng 31/12/2027.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Ghi danh lại cả người đã thôi học.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem trước, không ghi gì.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ghi danh vào bản mới nhất của khóa học: theo đơn vị, vai trò hoặc danh sách. Chạy lại không đổi gì.

    Mã thoát: 0 xong; 2 có dòng của danh sách không khớp với ai, những dòng khác đã ghi; 1 chưa ghi gì.
    """
    from isoxa_grading.enrolment import BatchRefused, Selection, confirm, draft, plan_of
    from isoxa_grading.enrolment.lists import match_list, read_list
    from isoxa_grading.records.database import reading, writing
    from isoxa_grading.records.enrolments import latest_edition
    from isoxa_grading.records.units import country

    due_on = parse_day(due) if due else None
    if not unit and from_list is None:
        raise UserError("Hãy chọn ai: --unit (cả nước: --unit “Việt Nam”) hoặc --list TỆP.")
    if from_list is not None and (unit or role):
        raise UserError("--list đã nói rõ từng người; không dùng cùng --unit hay --role.")
    _data_folder, engine = open_data(data)
    unmatched: tuple[dict[str, str], ...] = ()
    with steps("Đối chiếu"), reading(engine) as session:
        whole = country(session)
        if latest_edition(session, course) is None:
            raise UserError(
                f"Khóa học {course} chưa được phát hành. Hãy chạy: isoxa course build --data {data}"
            )
        if from_list is not None:
            matched = match_list(session, read_list(from_list, from_list.name), None, [whole.path])
            unmatched, selection = matched.unmatched, Selection(people=matched.people)
        else:
            units = tuple(unit_named(session, name).id for name in unit or ())
            selection = Selection(units, tuple(one.value for one in role or ()))
        scope = [whole.path]
    moment = now()
    with steps("Ghi danh"), writing(engine) as session:
        edition = latest_edition(session, course)
        assert edition is not None
        try:
            batch = draft(
                session,
                BatchKind.ENROL,
                edition,
                selection,
                due_on=due_on,
                unmatched=unmatched,
                actor=None,
                now=moment,
            )
        except BatchRefused as refused:
            raise UserError(str(refused)) from refused
        if dry_run:
            counts = plan_of(session, batch, scope_paths=scope, day=moment.astimezone(VIETNAM).date()).counts
            session.rollback()
        else:
            confirm(session, batch, scope_paths=scope, again=again, source="dòng lệnh", now=moment)
            counts = {name: value for name, value in batch.counts.items() if isinstance(value, int)}
    counts.pop("again_asked", None)
    if as_json:
        print_json({"dry_run": dry_run, **counts, "unmatched": list(unmatched)})
    else:
        said = ", ".join(f"{format_number(counts[name])} {words}" for name, words in _COUNTS.items())
        note(f"{format_number(counts['total'])} người: {said}.")
        for line in unmatched:
            stdout.print(
                f"Không khớp: {line['where']}: {line['text']}: {line['reason']}", markup=False, soft_wrap=True
            )
        note(
            "Đây là xem trước; chưa ghi gì."
            if dry_run
            else f"Đã ghi danh {format_number(counts['touched'])} người."
        )
    raise typer.Exit(2 if unmatched else 0)


def remind(
    data: DataOption = DEFAULT_DATA,
    course: CourseOption = _COURSE,
    kind: Annotated[
        ReminderKind,
        typer.Option(help="overdue: quá hạn; due_soon: đến hạn trong 14 ngày; not_started: chưa bắt đầu."),
    ] = ReminderKind.OVERDUE,
    unit: UnitOption = None,
    send: Annotated[bool, typer.Option("--send", help="Gửi thư ngay (không có: chỉ xem).")] = False,
    as_json: JsonOption = False,
) -> None:
    """Nhắc học: ai cần nhắc, ai phải gọi điện; --send gửi thư qua máy chủ thư, hoặc ghi ra tệp nếu chưa đặt.

    Mã thoát: 0 xong; 2 máy chủ thư chưa nhận hết, thư còn lại chờ và “isoxa serve” tự gửi lại.
    """
    from isoxa_grading.enrolment import Selection
    from isoxa_grading.enrolment.reminding import reminder_lists
    from isoxa_grading.records.database import reading
    from isoxa_grading.records.enrolments import latest_edition
    from isoxa_grading.records.units import country

    data_folder, engine = open_data(data)
    moment = now()
    day = moment.astimezone(VIETNAM).date()
    with steps("Xem ai cần nhắc"), reading(engine) as session:
        if latest_edition(session, course) is None:
            raise UserError(f"Khóa học {course} chưa được phát hành.")
        selection = Selection(tuple(unit_named(session, name).id for name in unit or ()))
        scope = [country(session).path]
        found = reminder_lists(session, selection, course=course, scope_paths=scope, day=day)[kind]
    outcome: dict[str, object] = {}
    if send:
        outcome = _send(data_folder, engine, course, kind, selection, scope)
    if as_json:
        print_json({"kind": kind.value, "people": [_plain(one) for one in found], **outcome})
    else:
        _show(found, outcome, sent=send)
    raise typer.Exit(2 if outcome.get("server_down") else 0)


def _send(
    data: DataFolder, engine: Engine, course: str, kind: ReminderKind, selection: Selection, scope: list[str]
) -> dict[str, object]:
    """Queue, then deliver all that waits."""
    import time
    from urllib.parse import urlsplit

    from isoxa_grading.enrolment import draft
    from isoxa_grading.enrolment.mail import Outbox
    from isoxa_grading.enrolment.reminding import queue_reminders
    from isoxa_grading.records.database import writing
    from isoxa_grading.records.enrolments import latest_edition
    from isoxa_grading.records.units import country

    settings = data.settings
    domain = settings.mail.sender.rpartition("@")[2] or urlsplit(settings.public_address).hostname
    with writing(engine) as session:
        edition = latest_edition(session, course)
        assert edition is not None
        batch = draft(session, BatchKind.REMIND, edition, selection, actor=None, now=now())
        queue_reminders(
            session, batch, kind, scope_paths=scope, unit_id=country(session).id,
            domain=domain or "isoxa.invalid", now=now(),
        )  # fmt: skip
        counts = dict(batch.counts)

    def pause(seconds: float) -> bool:
        time.sleep(seconds)
        return False

    with steps("Gửi thư") as progress:
        made = Outbox(data, engine, clock=now, pause=pause).deliver(
            progress=lambda done, total: progress.update(
                progress.task_ids[0], description=f"Gửi thư {done}/{total}"
            )
        )
    return {
        **counts,
        "delivered": {name: n for name, n in made.counts.items() if n},
        "server_down": made.server_down,
    }


def _plain(one: ToRemind) -> dict[str, object]:
    person = one.learner
    return {
        "name": person.full_name,
        "unit": person.unit,
        "phone": person.phone,
        "email": person.email,
        "state": person.state.value,
        "due_on": person.due_on and person.due_on.isoformat(),
        "last_reminded": one.last and one.last.isoformat(),
        "queued_today": one.today,
        "call": one.call,
    }


def _show(found: list[ToRemind], outcome: dict[str, object], *, sent: bool) -> None:
    call = [one for one in found if one.call]
    note(f"{format_number(len(found))} người cần nhắc; {format_number(len(call))} người phải gọi điện.")
    for one in call[:_SHOWN]:
        person = one.learner
        due = f", hạn {format_date(person.due_on)}" if person.due_on else ""
        stdout.print(
            f"Gọi {person.phone or '(chưa có số)'}: {person.full_name}, {person.unit}{due}. {one.call}.",
            markup=False, soft_wrap=True,
        )  # fmt: skip
    if len(call) > _SHOWN:
        note(f"… và {format_number(len(call) - _SHOWN)} người khác; dùng --json để lấy đủ.")
    if not sent:
        note("Đây là xem trước; chưa gửi gì. Thêm --send để gửi.")
        return
    note(f"Xếp {outcome['queued']} thư mới; đã gửi hoặc ghi: {outcome['delivered'] or 'không thư nào'}.")
    if outcome["server_down"]:
        note(f"{outcome['server_down']}. Thư còn lại vẫn chờ; “isoxa serve” tự gửi lại.")
