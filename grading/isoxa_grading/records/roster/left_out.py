"""The rows that an import leaves out, as a spreadsheet with the reasons beside them: to mend and to import again."""

from __future__ import annotations

from typing import BinaryIO

import xlsxwriter

from .columns import COLUMNS
from .preview import RosterPreview

__all__ = ["refused_rows_xlsx"]

_ADDED = ("Lý do chưa nhập", "Có phải là", "Dòng trong tệp gốc")
_WIDTHS = {"full_name": 26, "unit": 30, "position": 24, "email": 26}


def refused_rows_xlsx(preview: RosterPreview, stream: BinaryIO) -> int:
    """Write the doubtful and refused rows to ``stream`` as XLSX, as the file had them; returns how many."""
    # What people typed stays text: a cell that begins with "=" must not become a formula.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    written = 0
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("Dòng chưa nhập")
        head = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "border": 1}
        )
        why = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#9C1C1C"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        fields = list(COLUMNS)
        for column, title in enumerate((*COLUMNS.values(), *_ADDED)):
            sheet.write_string(0, column, title, head)
        for column, name in enumerate(fields):
            sheet.set_column(column, column, _WIDTHS.get(name, 16), text)
        sheet.set_column(len(fields), len(fields), 60)
        sheet.set_column(len(fields) + 1, len(fields) + 2, 30)
        sheet.freeze_panes(1, 1)
        for decision in preview.rows:
            if not decision.left_out:
                continue
            written += 1
            row = decision.row
            for column, name in enumerate(fields):
                if row.raw.get(name):
                    sheet.write_string(written, column, row.raw[name], text)
            reasons = "\n".join(str(problem.reason) for problem in decision.problems)
            nearest = "\n".join(problem.nearest for problem in decision.problems if problem.nearest)
            sheet.write_string(written, len(fields), reasons, why)
            sheet.write_string(written, len(fields) + 1, nearest, why)
            sheet.write_string(written, len(fields) + 2, f"Trang “{row.sheet}”, dòng {row.number}", why)
    return written
