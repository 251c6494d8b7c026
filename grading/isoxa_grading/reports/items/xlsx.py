"""The item analysis as a workbook ("Tải Excel"): the quiz, each slot, what was answered, and the clauses.

Text is always written as text: a choice that begins with '=' stays a choice. A figure that there is none of is an
empty cell. Read by trainers, so it is in Vietnamese.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

import xlsxwriter
from isoxa_courses.text import VIETNAM, format_date
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from .analysis import FEWEST, Flag, QuizItems
from .clauses import ClauseItems

Value = str | int | Decimal | None
Heading = tuple[str, int, str]
"""Words, width in characters, format of its cells."""

FLAG_WORDS: dict[Flag, str] = {
    Flag.TOO_HARD: "Quá khó",
    Flag.TOO_EASY: "Quá dễ",
    Flag.AGAINST: "Phân biệt ngược",
    Flag.WEAK: "Phân biệt kém",
    Flag.UNEQUAL_VARIANTS: "Các phương án khó dễ khác nhau",
    Flag.UNRELIABLE: "Độ tin cậy thấp",
}
_SLOTS: tuple[Heading, ...] = (
    ("Câu", 6, "count"), ("Mục tiêu", 44, "text"), ("Điều khoản", 12, "text"), ("Điểm tối đa", 10, "figure"),
    ("Số lượt có điểm", 11, "count"), ("Chờ chấm", 9, "count"), ("Tỷ lệ đạt", 9, "figure"),
    ("Độ phân biệt", 11, "figure"), ("Nhóm cao trừ nhóm thấp (27 %)", 14, "figure"),
    ("Thời gian trung bình (giây)", 13, "count"), ("Thời gian trung vị (giây)", 12, "count"),
    ("Số lượt đo được thời gian", 13, "count"), ("p so sánh các phương án", 13, "p"), ("Cần xem lại", 32, "text"),
)  # fmt: skip
_ANSWERS: tuple[Heading, ...] = (
    ("Câu", 6, "count"), ("Phương án", 16, "text"), ("Câu hỏi", 60, "text"), ("Số lượt hỏi", 10, "count"),
    ("Tỷ lệ đạt", 9, "figure"), ("Phần của câu", 32, "text"), ("Trả lời", 50, "text"), ("Đúng hay sai", 10, "text"),
    ("Số lượt chọn", 10, "count"), ("Tỷ lệ", 9, "share"),
)  # fmt: skip
_CLAUSES: tuple[Heading, ...] = (
    ("Điều khoản", 14, "text"), ("Các câu", 14, "text"), ("Số lượt có điểm", 11, "count"),
    ("Tỷ lệ điểm bị mất", 11, "share"), ("Trả lời sai nhiều nhất", 70, "text"),
)  # fmt: skip


def write_items_xlsx(
    items: QuizItems, clauses: Sequence[ClauseItems], scope_name: str, now: datetime, stream: BinaryIO
) -> None:
    """Write the analysis to ``stream`` as XLSX; ``scope_name`` and ``now`` stand above the figures."""
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": "Phân tích câu hỏi", "created": now.replace(tzinfo=None)})
    writer = _Writer(book, items, scope_name, now)
    writer.table("Tổng hợp", (("Chỉ tiêu", 44, "text"), ("Số liệu", 14, "figure")), list(_summary(items)))
    writer.table("Từng câu", _SLOTS, list(_slots(items)))
    writer.table("Đã trả lời gì", _ANSWERS, list(_answers(items)))
    writer.table("Theo điều khoản", _CLAUSES, list(_clauses(clauses)))
    book.close()


def _summary(items: QuizItems) -> Iterator[Sequence[Value]]:
    yield "Số người đã nộp bài", items.officers
    yield "Số lượt làm được tính", items.attempts
    yield "Số lượt có đủ điểm để tính tổng", items.in_totals
    yield "Điểm tối đa", items.max_points
    yield "Điểm trung bình", items.mean_points
    yield "Độ lệch chuẩn của tổng điểm", items.deviation
    yield "Độ tin cậy (Cronbach alpha)", items.alpha
    yield "Sai số chuẩn của phép đo (điểm)", items.standard_error


def _slots(items: QuizItems) -> Iterator[Sequence[Value]]:
    for one in items.slots:
        flags = "; ".join(FLAG_WORDS[flag] for flag in one.flags)
        yield (
            one.number, one.slot.outcome, one.slot.clause or "", one.slot.points, one.scored, one.waiting,
            one.facility, one.discrimination, one.upper_lower, one.mean_seconds, one.median_seconds, one.timed,
            one.equal_p, flags,
        )  # fmt: skip


def _answers(items: QuizItems) -> Iterator[Sequence[Value]]:
    for one in items.slots:
        for variant in one.variants:
            asked = (
                one.number, variant.question.id, variant.question.prompt, variant.asked, variant.facility,
            )  # fmt: skip
            for taken in variant.taken:
                right = "Đúng" if taken.right else "Sai"
                yield *asked, taken.part, taken.text, right, taken.count, taken.share
            if variant.asked >= FEWEST:
                share = Decimal(variant.empty) / variant.asked
                yield *asked, "", "(chưa trả lời)", "", variant.empty, share


def _clauses(clauses: Sequence[ClauseItems]) -> Iterator[Sequence[Value]]:
    for one in clauses:
        wrong = "; ".join(
            f"câu {w.number}: {w.taken.part + ' → ' if w.taken.part else ''}{w.taken.text} ({w.taken.count} lượt)"
            for w in one.wrong
        )
        numbers = ", ".join(str(number) for number in one.numbers)
        yield one.clause or "(không ghi)", numbers, one.answers, one.lost, wrong


class _Writer:
    """The workbook with its cell formats."""

    def __init__(self, book: Workbook, items: QuizItems, scope_name: str, now: datetime) -> None:
        self.book = book
        which = "lượt đầu của mỗi người" if items.which == "first" else "mọi lượt làm"
        self.lines = (
            f"{items.title} (phiên bản {items.version})",
            f"{scope_name}; {which}; lập ngày {format_date(now.astimezone(VIETNAM).date())}.",
            f"Ô trống: chưa đủ {FEWEST} lượt, hoặc không đo được.",
        )
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1, "bg_color": "#E8EEF4"}
        )
        self.formats: dict[str, Format] = {
            "text": book.add_format({"valign": "top", "text_wrap": True}),
            "count": book.add_format({"valign": "top", "num_format": "#,##0"}),
            "figure": book.add_format({"valign": "top", "num_format": "#,##0.00"}),
            "p": book.add_format({"valign": "top", "num_format": "0.000"}),
            "share": book.add_format({"valign": "top", "num_format": "0.0%"}),
        }

    def table(self, name: str, headings: Sequence[Heading], rows: Sequence[Sequence[Value]]) -> None:
        """A sheet with one table: frozen headings, a filter, one row a record."""
        sheet = self.book.add_worksheet(name)
        sheet.write_string(0, 0, f"Phân tích câu hỏi: {name[0].lower()}{name[1:]}", self.title)
        for row, line in enumerate(self.lines, start=1):
            sheet.write_string(row, 0, line)
        top = len(self.lines) + 2
        sheet.set_row(top, 48)
        for place, (words, width, _kind) in enumerate(headings):
            sheet.set_column(place, place, width)
            sheet.write_string(top, place, words, self.head)
        for number, row_of in enumerate(rows, start=top + 1):
            for place, value in enumerate(row_of):
                self._cell(sheet, number, place, self.formats[headings[place][2]], value)
        sheet.freeze_panes(top + 1, 0)
        sheet.autofilter(top, 0, top + len(rows), len(headings) - 1)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&RTrang &P/&N")

    def _cell(self, sheet: Worksheet, row: int, place: int, cell_format: Format, value: Value) -> None:
        if value is None:
            sheet.write_blank(row, place, None, cell_format)
        elif isinstance(value, str):
            sheet.write_string(row, place, value, cell_format)
        elif isinstance(value, int):
            sheet.write_number(row, place, value, self.formats["count"])
        else:
            sheet.write_number(row, place, float(value), cell_format)
