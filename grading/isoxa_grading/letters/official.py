"""A ready letter (công văn đôn đốc) to one commune that stands on one of the lists that say whom to call.

Its figures and its table are rows of that very list (``reports.call_list``) and of the report, asked for with the same
scope and day, so that letter, page and export cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from isoxa_courses.documents import Column as TableColumn
from isoxa_courses.documents import Table
from isoxa_courses.official_letters import (
    OFFICIAL_KINDS,
    TABLE,
    OfficialFields,
    OfficialKind,
    OfficialLetter,
    load_official,
)
from isoxa_courses.text import fold, format_date, format_number
from sqlalchemy.orm import Session

from isoxa_grading.records.data_folder import DataFolder, Settings
from isoxa_grading.records.tables import Unit
from isoxa_grading.reports import CallList, CallRow, Filters, ListKind, call_list, completion_report
from isoxa_grading.reports.columns import REASON_WORDS, ROLE_WORDS, Value
from isoxa_grading.reports.editions import published_editions
from isoxa_grading.work_products import OfficialPaper
from isoxa_grading.work_products.file_names import ascii_name

from .sender import Sender

__all__ = ["NotOnList", "ReadyLetter", "answer_day", "official_letter", "unit_in_text"]

DAYS_TO_ANSWER = 10
_DAY_WIDTH = 20
"""So that a day is not broken in a table that fills the page."""
_LEFT_OUT = frozenset(
    {"Tỉnh, thành phố", "Mã đơn vị", "Đơn vị", "Lý do", "Người liên hệ", "Chức danh người liên hệ", "Điện thoại",
     "Thư điện tử"}
)  # fmt: skip
"""Columns that a letter to that commune does not need, or that are not for a letter that others read."""


class NotOnList(LookupError):
    """There is no letter: the commune is not on the list on that day, or the list calls on no commune."""

    def __init__(self) -> None:
        super().__init__(
            "Không có công văn này: vào ngày đã chọn, đơn vị không có trong danh sách. "
            "Anh/chị mở lại danh sách để xem những đơn vị đang có trong đó."
        )


@dataclass(frozen=True)
class ReadyLetter:
    """``paper`` is what is printed; ``name`` the file's name without its ending, in ASCII."""

    paper: OfficialPaper
    name: str


def official_letter(
    session: Session,
    data: DataFolder,
    kind: ListKind,
    unit_id: int,
    *,
    course: str,
    scope_paths: Sequence[str],
    as_of: date,
    today: date,
    sender: Sender,
) -> ReadyLetter:
    """The letter that the list gives for the commune. ``as_of``: day of the figures; ``today``: day of the letter.

    Raises ``NotOnList``, ``NotInScope``, ``UnknownCourse``, and ``ContentError`` for a text that is broken.
    """
    found = call_list(
        session, kind, course=course, scope_paths=scope_paths, as_of=as_of, filters=Filters(unit_id=unit_id)
    )
    rows = [row for row in found.rows if row.unit_id == unit_id]
    official = _official_kind(kind)
    if not rows or official is None:
        raise NotOnList
    unit = session.get_one(Unit, unit_id)
    newest = published_editions(session, course, None)[0]
    text = load_official(_texts(data, course, newest.name), official)
    fields = _fields(session, found, rows, unit, scope_paths, today, data.settings)
    about, paragraphs = text.fill(fields)
    table = _table(found, rows)
    return ReadyLetter(
        OfficialPaper(
            letterhead=sender.letterhead,
            superior=sender.superior,
            about=about,
            to=f"Ủy ban nhân dân {unit_in_text(unit)}",
            body=tuple(table if one == TABLE else one for one in paragraphs),
            signer=sender.signer or (text.signer.upper(),),
            recipients=_recipients(text),
        ),
        f"cong-van-{kind.slug}-{ascii_name(unit.short_name)}",
    )


def answer_day(today: date) -> date:
    """Ten days on; never on a Saturday or Sunday, but the Monday after."""
    day = today + timedelta(days=DAYS_TO_ANSWER)
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def unit_in_text(unit: Unit) -> str:
    """``xã Di Linh``: the name with its type word in small letters, as within a sentence."""
    word = unit.type_word
    if word and fold(unit.name).startswith(fold(word) + " "):
        return word.lower() + unit.name[len(word) :]
    return unit.name


def _official_kind(kind: ListKind) -> OfficialKind | None:
    return next((one for one, slug in OFFICIAL_KINDS.items() if slug == kind.slug), None)


def _texts(data: DataFolder, course: str, edition: str) -> Path:
    return data.editions(course, edition)


def _fields(
    session: Session,
    found: CallList,
    rows: Sequence[CallRow],
    unit: Unit,
    scope_paths: Sequence[str],
    today: date,
    settings: Settings,
) -> OfficialFields:
    figures = completion_report(
        session,
        course=found.course,
        scope_paths=scope_paths,
        as_of=found.as_of,
        filters=Filters(unit_id=unit.id),
    ).figures
    reason = rows[0].reason
    missing = (ROLE_WORDS[row.missing_role] for row in rows if row.missing_role is not None)
    return OfficialFields(
        xa=unit_in_text(unit),
        khoa_hoc=found.course_title,
        ngay=format_date(found.as_of),
        han_gui=format_date(answer_day(today)),
        so=format_number(len(rows)),
        dang_ky=format_number(figures.registered),
        hoan_thanh=format_number(figures.completed),
        vai_tro=", ".join(missing),
        nguoi=rows[0].full_name or "",
        ly_do="" if reason is None else REASON_WORDS[reason][:1].lower() + REASON_WORDS[reason][1:],
        dia_chi=settings.public_address,
        lien_he=settings.help_contact,
    )


def _table(found: CallList, rows: Sequence[CallRow]) -> Table:
    """The list's own columns and values for these rows, numbered."""
    kept = [column for column in found.columns if column.heading not in _LEFT_OUT]
    return Table(
        (
            TableColumn("STT", 5, "number"),
            *(
                TableColumn(
                    one.heading,
                    max(one.width, _DAY_WIDTH) if one.kind == "day" else one.width,
                    "text" if one.kind == "text" else "number",
                )
                for one in kept
            ),
        ),
        tuple((str(number), *(_words(one.value(row)) for one in kept)) for number, row in enumerate(rows, 1)),
    )


def _words(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return format_date(value)
    return format_number(value) if isinstance(value, int) else str(value)


def _recipients(text: OfficialLetter) -> tuple[str, ...]:
    return ("Như trên", *text.copies, "Lưu: VT")
