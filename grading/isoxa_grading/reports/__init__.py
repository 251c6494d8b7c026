"""Reports for departments: the completion report, and its files.

``completion`` makes the report (``report`` says what it holds), over the SQL in ``learners`` and ``scope``.
``columns`` names what stands in each table; the page, ``xlsx`` and ``csv_file`` all show those columns.
"""

from .completion import UnknownCourse, completion_report
from .csv_file import write_csv
from .report import (
    CommuneRow,
    CompletionReport,
    Figures,
    Filters,
    OfficerRow,
    OnePersonReason,
    OnePersonRow,
)
from .scope import NotInScope
from .xlsx import write_xlsx

__all__ = [
    "CommuneRow",
    "CompletionReport",
    "Figures",
    "Filters",
    "NotInScope",
    "OfficerRow",
    "OnePersonReason",
    "OnePersonRow",
    "UnknownCourse",
    "completion_report",
    "write_csv",
    "write_xlsx",
]
