"""A roster: the spreadsheet of a department, taken in row by row, with a preview before anything is written.

The steps, one module each::

    opening     bytes → sheets of cells: XLSX (xlsx_file), CSV (csv_text), HTML (html_table); others refused (kinds)
    columns     finds the header, wherever it stands, and maps its columns
    lines       person, head of a section, total, signature? and which heads hold for which rows
    rows        cells → a RosterRow of typed values (cells), or reasons why not
    places      which unit a row belongs to: its cell, the head above, the sheet's name, the title
    people      which recorded person a row is, or nobody, or cannot be told
    deciding    row + unit + person → new, changed, moved, unchanged, doubtful or refused (preview)
    importing   the decisions, written in one transaction with audit rows and what undoing needs
    undoing     one import taken back whole
    left_out    the rows that were left out, as a spreadsheet with the reasons beside them

What headers, offices, titles and totals are called stands in ``records/words.yaml``. An empty cell never clears what
is recorded. Importing the same file again changes nothing. Nobody is deleted because a newer file has them not.
"""

from .deciding import decide, preview_roster
from .importing import RosterResult, import_roster
from .left_out import refused_rows_xlsx
from .preview import Absent, Choice, Decision, DecisionRefused, PersonChoice, RosterPreview, RowKind
from .rows import RosterFile, RosterRow, RowProblem, read_roster
from .sheets import RosterError
from .undoing import Held, UndoRefused, forget_in_imports, undo_import

__all__ = [
    "Absent",
    "Choice",
    "Decision",
    "DecisionRefused",
    "Held",
    "PersonChoice",
    "RosterError",
    "RosterFile",
    "RosterPreview",
    "RosterResult",
    "RosterRow",
    "RowKind",
    "RowProblem",
    "UndoRefused",
    "decide",
    "forget_in_imports",
    "import_roster",
    "preview_roster",
    "read_roster",
    "refused_rows_xlsx",
    "undo_import",
]
