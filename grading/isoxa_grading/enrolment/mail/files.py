"""Letters as ``.eml`` files, for a deployment without a mail server: any mail program opens and sends them."""

from __future__ import annotations

import os
from datetime import date
from email.message import EmailMessage
from pathlib import Path

__all__ = ["write_letter"]


def write_letter(folder: Path, day: date, reminder_id: int, message: EmailMessage) -> Path:
    """Write one letter whole or not at all, to ``FOLDER/2026-11-22/nhac-17.eml``; written again it is the same file."""
    place = folder / "mail" / day.isoformat()
    for private in (place.parent, place):
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = place / f"nhac-{reminder_id}.eml"
    draft = file.with_suffix(".draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(message.as_bytes())
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(file)
    return file
