"""Roster files between preview and confirmation: kept in the data folder, for the account that sent them alone.

A roster holds personal data, so a file is deleted once it is imported or replaced, and any that nobody confirmed
after a day; so is the sheet of rows an import left out. The ticket in the address is random; with another account it
finds nothing.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from isoxa_grading.records.data_folder import DataFolder

__all__ = ["Upload", "discard", "fetch", "keep", "keep_left_out", "left_out", "save_choices"]

KEPT = timedelta(days=1)
_TICKET = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Upload:
    """``scope_id``: the unit under which the roster's units must lie; ``choices``: row key → choice, as text."""

    ticket: str
    name: str
    scope_id: int
    path: Path
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        """The file."""
        return self.path.read_bytes()


def keep(data: DataFolder, account_id: int, name: str, content: bytes, scope_id: int, now: datetime) -> str:
    """Keep a file for later and return its ticket. The account's earlier one, and old ones of anybody, are deleted."""
    folder = _folder(data)
    for file in folder.iterdir():
        try:
            old = datetime.fromtimestamp(file.stat().st_mtime, now.tzinfo) < now - KEPT
        except FileNotFoundError:
            # Somebody who uploads at the same time deleted it.
            continue
        if old or file.name.startswith(f"{account_id}-"):
            file.unlink(missing_ok=True)
    ticket = secrets.token_hex(16)
    place = folder / f"{account_id}-{ticket}"
    about = {"name": Path(name).name[:200], "scope_id": scope_id, "choices": {}}
    # First what it is, then the file: one that has its content is whole.
    _write(place.with_suffix(".json"), json.dumps(about).encode())
    _write(place.with_suffix(".bin"), content)
    return ticket


def fetch(data: DataFolder, account_id: int, ticket: str) -> Upload | None:
    """The file of this ticket and account, or None."""
    if not _TICKET.fullmatch(ticket):
        return None
    place = _folder(data) / f"{account_id}-{ticket}"
    content = place.with_suffix(".bin")
    try:
        about = json.loads(place.with_suffix(".json").read_bytes())
    except FileNotFoundError:
        return None
    if not content.is_file():
        return None
    return Upload(ticket, about["name"], about["scope_id"], content, about.get("choices", {}))


def save_choices(data: DataFolder, account_id: int, upload: Upload, choices: Mapping[str, str]) -> None:
    """Keep what was chosen for doubtful rows beside the file."""
    place = _folder(data) / f"{account_id}-{upload.ticket}.json"
    about = {"name": upload.name, "scope_id": upload.scope_id, "choices": dict(choices)}
    draft = place.with_suffix(".draft")
    _write(draft, json.dumps(about).encode())
    draft.replace(place)


def discard(data: DataFolder, account_id: int, ticket: str) -> None:
    """Delete the file of this ticket; one that is gone already is no error."""
    if _TICKET.fullmatch(ticket):
        for suffix in (".json", ".bin"):
            (_folder(data) / f"{account_id}-{ticket}").with_suffix(suffix).unlink(missing_ok=True)


def keep_left_out(data: DataFolder, account_id: int, import_id: int, content: bytes) -> None:
    """Keep the sheet of rows an import left out, to be taken away within the day."""
    _write(_folder(data) / f"{account_id}+{import_id}.xlsx", content)


def left_out(data: DataFolder, account_id: int, import_id: int) -> Path | None:
    """That sheet, while it is kept."""
    file = _folder(data) / f"{account_id}+{import_id}.xlsx"
    return file if file.is_file() else None


def _folder(data: DataFolder) -> Path:
    folder = data.exports / "danh-sach-cho-xac-nhan"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(content)
