"""Reports for departments: the completion report, and its files.

``completion`` makes the report (``report`` says what it holds), over the SQL in ``learners`` and ``scope``.
``columns`` names what stands in each table; the page, ``xlsx`` and ``csv_file`` all show those columns.
"""

from .call_lists import CallList, call_list, call_lists
from .call_rows import CallRow, Contact, ListKind
from .completion import completion_report
from .csv_file import write_csv
from .editions import UnknownCourse
from .frames import COLUMNS as FRAME_COLUMNS
from .frames import frames
from .overview import Dot, Level, MonthRow, Overview, UnitRow, overview
from .pdf import write_pdf
from .report import (
    CommuneRow,
    CompletionReport,
    Figures,
    Filters,
    OfficerRow,
    OnePersonReason,
    OnePersonRow,
)
from .results_csv import write_results_csv
from .role_rows import RoleRow
from .scope import NotInScope, UnitRef
from .snapshot_figures import SnapshotFigures, UnitCounts, snapshot_figures
from .snapshots import (
    NoSnapshot,
    Snapshot,
    first_record_on,
    keep_snapshot,
    snapshots,
    take_due_snapshots,
    take_snapshot,
)
from .xlsx import write_xlsx

__all__ = [
    "FRAME_COLUMNS",
    "CallList",
    "CallRow",
    "CommuneRow",
    "CompletionReport",
    "Contact",
    "Dot",
    "Figures",
    "Filters",
    "Level",
    "ListKind",
    "MonthRow",
    "NoSnapshot",
    "NotInScope",
    "OfficerRow",
    "OnePersonReason",
    "OnePersonRow",
    "Overview",
    "RoleRow",
    "Snapshot",
    "SnapshotFigures",
    "UnitCounts",
    "UnitRef",
    "UnitRow",
    "UnknownCourse",
    "call_list",
    "call_lists",
    "completion_report",
    "first_record_on",
    "frames",
    "keep_snapshot",
    "overview",
    "snapshot_figures",
    "snapshots",
    "take_due_snapshots",
    "take_snapshot",
    "write_csv",
    "write_pdf",
    "write_results_csv",
    "write_xlsx",
]
