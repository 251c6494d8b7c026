"""Reports for departments: the completion report, and its files.

``completion`` makes the report (``report`` says what it holds), over the SQL in ``learners`` and ``scope``.
``columns`` names what stands in each table; the page, ``xlsx`` and ``csv_file`` all show those columns.
"""

from .call_lists import CallList, call_list, call_lists
from .call_rows import CallRow, Contact, ListKind
from .completion import completion_report
from .csv_file import write_csv
from .editions import UnknownCourse
from .overview import Dot, Level, MonthRow, Overview, RoleRow, UnitRow, overview
from .report import (
    CommuneRow,
    CompletionReport,
    Figures,
    Filters,
    OfficerRow,
    OnePersonReason,
    OnePersonRow,
)
from .scope import NotInScope, UnitRef
from .xlsx import write_xlsx

__all__ = [
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
    "NotInScope",
    "OfficerRow",
    "OnePersonReason",
    "OnePersonRow",
    "Overview",
    "RoleRow",
    "UnitRef",
    "UnitRow",
    "UnknownCourse",
    "call_list",
    "call_lists",
    "completion_report",
    "overview",
    "write_csv",
    "write_xlsx",
]
