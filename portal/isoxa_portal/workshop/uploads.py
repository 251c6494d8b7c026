"""Result files between preview and confirmation: kept in the data folder, for the account that sent them alone.

They hold what people did, so they are deleted once they are recorded or replaced, and any that nobody confirmed after
a day. A body that is far too large is read and thrown away, so that the browser gets an answer and no memory fills.
"""

from __future__ import annotations

import io
import re
import secrets
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

from isoxa_grading.records.data_folder import DataFolder

__all__ = ["MOST_BYTES", "discard", "fetch", "keep"]

MOST_BYTES = 64 * 1024 * 1024
_KEPT = timedelta(days=1)
_TICKET = re.compile(r"[0-9a-f]{32}")

Files = list[tuple[str, bytes]]


def keep(data: DataFolder, account_id: int, workshop_id: int, files: Files, now: datetime) -> str:
    """Keep files (name, content) and return their ticket. The account's earlier ones, and old ones, are deleted."""
    folder = _folder(data)
    for file in folder.iterdir():
        try:
            old = datetime.fromtimestamp(file.stat().st_mtime, now.tzinfo) < now - _KEPT
        except FileNotFoundError:
            # Somebody who uploads at the same time deleted it.
            continue
        if old or file.name.startswith(f"{account_id}-"):
            file.unlink(missing_ok=True)
    ticket = secrets.token_hex(16)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, (name, content) in enumerate(files):
            archive.writestr(f"{number:04d}/{name.replace('/', '_')[:200] or 'tep'}", content)
    place = _place(data, account_id, workshop_id, ticket)
    place.touch(mode=0o600)
    place.write_bytes(made.getvalue())
    return ticket


def fetch(data: DataFolder, account_id: int, workshop_id: int, ticket: str) -> Files | None:
    """The files of this ticket, account and workshop, or None."""
    if not _TICKET.fullmatch(ticket):
        return None
    try:
        with zipfile.ZipFile(_place(data, account_id, workshop_id, ticket)) as archive:
            return [(one.filename.partition("/")[2], archive.read(one)) for one in archive.infolist()]
    except FileNotFoundError:
        return None


def discard(data: DataFolder, account_id: int, workshop_id: int, ticket: str) -> None:
    """Delete them; files that are gone already are no error."""
    _place(data, account_id, workshop_id, ticket).unlink(missing_ok=True)


def _place(data: DataFolder, account_id: int, workshop_id: int, ticket: str) -> Path:
    return _folder(data) / f"{account_id}-{workshop_id}-{ticket}.zip"


def _folder(data: DataFolder) -> Path:
    folder = data.exports / "ket-qua-cho-xac-nhan"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
