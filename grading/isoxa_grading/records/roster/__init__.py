"""A roster: the spreadsheet of a department, taken in row by row, with a preview before anything is written.

The steps, one module each::

    opening     bytes → sheets of cells (XLSX, CSV); refuses what is no spreadsheet, too big or a zip bomb
    columns     finds the header row, whatever the order of its columns
    rows        cells → a RosterRow of typed values, or reasons why not
    people      which recorded person a row is, or nobody, or cannot be told
    deciding    row + unit + person → new, changed, moved, unchanged or refused (the preview)
    importing   the decisions, written in one transaction with audit rows

Columns: "Họ và tên"*, "Đơn vị"*, "Tỉnh"*, "Mã cán bộ", "Ngày sinh", "Chức danh", "Vai trò", "Điện thoại",
"Thư điện tử". An empty cell never clears what is recorded. Importing the same file again changes nothing.
"""

from .deciding import Decision, RosterPreview, RowKind, preview_roster
from .importing import RosterResult, import_roster
from .opening import RosterError
from .rows import RosterFile, RosterRow, RowProblem, read_roster

__all__ = [
    "Decision",
    "RosterError",
    "RosterFile",
    "RosterPreview",
    "RosterResult",
    "RosterRow",
    "RowKind",
    "RowProblem",
    "import_roster",
    "preview_roster",
    "read_roster",
]
