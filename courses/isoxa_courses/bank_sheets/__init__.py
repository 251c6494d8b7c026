"""A quiz as a workbook and back: trainers write questions in Excel, the course keeps YAML.

``write_bank`` makes the workbook, ``read_bank`` reads one (every problem with its sheet and cell), ``import_bank`` puts
it into a course folder. What is exported and imported unchanged is the same quiz, to the last letter.
"""

from __future__ import annotations

from .cells import BankSheetError, CellProblem
from .changes import BankChanges, changes_between
from .reading import BankBook, read_bank
from .storing import BankImport, import_bank
from .writing import write_bank
from .yaml_text import quiz_yaml

__all__ = [
    "BankBook",
    "BankChanges",
    "BankImport",
    "BankSheetError",
    "CellProblem",
    "changes_between",
    "import_bank",
    "quiz_yaml",
    "read_bank",
    "write_bank",
]
