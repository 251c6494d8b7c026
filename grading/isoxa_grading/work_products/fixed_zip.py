"""Zip files that depend on their content alone: no clock, no machine, no time zone in them.

Word files are zips too, and the library that writes them puts the time of day into each entry.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO, cast

__all__ = ["repacked", "zip_parts"]

_EARLIEST = date(1980, 1, 1)
"""Zip's own first day: what office programs write for "no date"."""


class _Drain:
    """Takes what a zip is written to it and hands it on; it knows how much there was, as the zip's index needs."""

    def __init__(self) -> None:
        self._kept = io.BytesIO()
        self._length = 0

    def write(self, content: bytes) -> int:
        self._length += len(content)
        return self._kept.write(content)

    def tell(self) -> int:
        return self._length

    def flush(self) -> None:
        """There is nothing behind it."""

    def take(self) -> bytes:
        content = self._kept.getvalue()
        self._kept = io.BytesIO()
        return content


def zip_parts(entries: Iterable[tuple[str, bytes]], day: date = _EARLIEST) -> Iterator[bytes]:
    """The entries as a zip in this order, each dated to the beginning of ``day``; a piece an entry, then its index."""
    drain = _Drain()
    with zipfile.ZipFile(cast(IO[bytes], drain), "w") as archive:
        for name, content in entries:
            archive.writestr(_entry(name, day), content)
            yield drain.take()
    yield drain.take()


def repacked(content: bytes) -> bytes:
    """The same zip without the times it was written at."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as fixed:
            for name in archive.namelist():
                fixed.writestr(_entry(name, _EARLIEST), archive.read(name))
        return out.getvalue()


def _entry(name: str, day: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry
