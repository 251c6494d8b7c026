"""Roster files between preview and confirmation: kept in the data folder, for the account that sent them alone.

A roster holds personal data, so a file is deleted once it is imported or replaced, and any that nobody confirmed
after a day. The ticket in the address is random; with another account it finds nothing.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from isoxa_grading.records.data_folder import DataFolder

__all__ = ["Upload", "discard", "fetch", "keep"]

KEPT = timedelta(days=1)
_TICKET = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """``scope_id``: the unit under which the roster's units must lie."""

    ticket: str
    name: str
    scope_id: int
    content: bytes


def keep(data: DataFolder, account_id: int, name: str, content: bytes, scope_id: int, now: datetime) -> str:
    """Keep a file for later and return its ticket. The account's earlier one, and old ones of anybody, are deleted."""
    folder = _folder(data)
    for file in folder.iterdir():
        old = datetime.fromtimestamp(file.stat().st_mtime, now.tzinfo) < now - KEPT
        if old or file.name.startswith(f"{account_id}-"):
            file.unlink(missing_ok=True)
    ticket = secrets.token_hex(16)
    place = folder / f"{account_id}-{ticket}"
    about = {"name": Path(name).name[:200], "scope_id": scope_id}
    # First what it is, then the file: one that has its content is whole.
    _write(place.with_suffix(".json"), json.dumps(about).encode())
    _write(place.with_suffix(".bin"), content)
    return ticket


def fetch(data: DataFolder, account_id: int, ticket: str) -> Upload | None:
    """The file of this ticket and account, or None."""
    if not _TICKET.fullmatch(ticket):
        return None
    place = _folder(data) / f"{account_id}-{ticket}"
    try:
        about = json.loads(place.with_suffix(".json").read_bytes())
        content = place.with_suffix(".bin").read_bytes()
    except FileNotFoundError:
        return None
    return Upload(ticket, about["name"], about["scope_id"], content)


def discard(data: DataFolder, account_id: int, ticket: str) -> None:
    """Delete the file of this ticket; one that is gone already is no error."""
    if _TICKET.fullmatch(ticket):
        for suffix in (".json", ".bin"):
            (_folder(data) / f"{account_id}-{ticket}").with_suffix(suffix).unlink(missing_ok=True)


def _folder(data: DataFolder) -> Path:
    folder = data.exports / "danh-sach-cho-xac-nhan"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(content)
