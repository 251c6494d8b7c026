"""Zip files that depend on their content alone: no clock, no machine, no time zone in them.

Word files are zips too, and the library that writes them puts the time of day into each entry.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date

__all__ = ["repacked", "zipped"]

_EARLIEST = date(1980, 1, 1)
"""Zip's own first day: what office programs write for "no date"."""


def zipped(entries: Iterable[tuple[str, bytes]], day: date = _EARLIEST) -> bytes:
    """The entries as a zip in this order, each dated to the beginning of ``day``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def repacked(content: bytes) -> bytes:
    """The same zip without the times it was written at."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zipped((name, archive.read(name)) for name in archive.namelist())
