"""The analysts' tables as a folder of CSV files, and back: what a department hands to whoever analyses its figures.

A folder holds one scope on one day: ``NAME.csv`` a table, ``cot.csv`` what each column means, ``pham-vi.json`` the
scope, the day and the columns' types. The CSV opens in a Vietnamese Excel as ``csv_file`` says, so no text in it can be
read as a formula; ``read_frames`` takes the guard off again and gives the tables as they were.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .csv_file import guarded, unguarded
from .frames import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ABOUT_FILE", "Export", "NoExport", "read_frames", "write_frames"]

ABOUT_FILE = "pham-vi.json"
MEANINGS_FILE = "cot.csv"
_ENCODING = "utf-8-sig"


class NoExport(LookupError):
    """The folder holds no export; ``str()`` is Vietnamese and says how to make one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder}: chưa có dữ liệu xuất ở đây. Hãy chạy: isoxa report --unit “tên đơn vị” --frames {folder}"
        )


@dataclass(frozen=True)
class Export:
    """The tables of one scope on one day."""

    course: str
    course_title: str
    scope: tuple[str, ...]
    as_of: date
    tables: dict[str, pd.DataFrame]


def write_frames(
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    *,
    course: str,
    course_title: str,
    scope: tuple[str, ...],
    as_of: date,
) -> list[Path]:
    """Write the export into ``folder`` (made if need be, for its owner alone); the files it wrote.

    Files of an earlier export are written over; any other file is left alone.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for name, table in tables.items():
        written.append(folder / f"{name}.csv")
        safe = table.map(lambda value: guarded(value) if isinstance(value, str) else value)
        safe.to_csv(
            written[-1],
            index=False,
            sep=";",
            encoding=_ENCODING,
            lineterminator="\r\n",
            date_format="%Y-%m-%d",
        )
    written.append(folder / MEANINGS_FILE)
    with written[-1].open("w", encoding=_ENCODING, newline="") as stream:
        rows = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        rows.writerow(("table", "column", "meaning"))
        rows.writerows((name, *pair) for name in tables for pair in COLUMNS[name].items())
    about: dict[str, Any] = {
        "course": course,
        "course_title": course_title,
        "scope": list(scope),
        "as_of": as_of.isoformat(),
        "types": {
            name: {column: str(kind) for column, kind in table.dtypes.items()}
            for name, table in tables.items()
        },
    }
    written.append(folder / ABOUT_FILE)
    written[-1].write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return written


def read_frames(folder: Path | str) -> Export:
    """The export of a folder, each column with the type it had. Raises ``NoExport``."""
    folder = Path(folder)
    try:
        about = json.loads((folder / ABOUT_FILE).read_text("utf-8"))
        tables = {name: _table(folder / f"{name}.csv", types) for name, types in about["types"].items()}
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError) as error:
        raise NoExport(folder) from error
    return Export(
        about["course"],
        about["course_title"],
        tuple(about["scope"]),
        date.fromisoformat(about["as_of"]),
        tables,
    )


def _table(file: Path, types: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    # Every cell as text first: a name may be "NA", a code "007".
    table = pd.read_csv(file, sep=";", dtype=str, keep_default_na=False, na_values=[""], encoding=_ENCODING)
    for column, kind in types.items():
        if kind.startswith("datetime64"):
            table[column] = pd.to_datetime(table[column], format="%Y-%m-%d")
        elif kind == "bool":
            table[column] = table[column] == "True"
        elif kind.startswith(("int", "float")):
            table[column] = pd.to_numeric(table[column]).astype(
                "float64" if kind.startswith("float") else "int64"
            )
        else:
            table[column] = table[column].map(unguarded, na_action="ignore")
    return table[list(types)]
