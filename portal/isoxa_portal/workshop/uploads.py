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
from typing import Any

from isoxa_grading.records.data_folder import DataFolder

from ..handlers import PortalHandler

__all__ = ["MOST_BYTES", "StreamedForm", "discard", "fetch", "keep"]

MOST_BYTES = 64 * 1024 * 1024
_FORM_BYTES = 256 * 1024
_DRAINED_BYTES = 512 * 1024 * 1024
_KEPT = timedelta(days=1)
_TICKET = re.compile(r"[0-9a-f]{32}")

Files = list[tuple[str, bytes]]


def keep(data: DataFolder, account_id: int, workshop_id: int, files: Files, now: datetime) -> str:
    """Keep files (name, content) and return their ticket. The account's earlier ones, and old ones, are deleted."""
    folder = _folder(data)
    for file in folder.iterdir():
        old = datetime.fromtimestamp(file.stat().st_mtime, now.tzinfo) < now - _KEPT
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


class StreamedForm(PortalHandler):
    """A form with files, read as it comes; subclasses carry ``@stream_request_body`` and call `read_form` first."""

    _admitted = False

    async def prepare(self) -> None:
        self._sent = bytearray()
        self.too_large = False
        self._admitted = False
        self.request.connection.set_max_body_size(_DRAINED_BYTES)  # type: ignore[union-attr]
        await super().prepare()
        self._admitted = True

    def check_xsrf(self) -> None:
        """The token is a field of the form, which is not there yet; see `read_form`."""

    def data_received(self, chunk: bytes) -> None:
        if len(self._sent) + len(chunk) > MOST_BYTES + _FORM_BYTES:
            self.too_large = True
            self._sent.clear()
        if not self.too_large:
            self._sent += chunk

    def finish(self, chunk: Any = None) -> Any:
        """A refusal before the body was read ends the connection; the browser is told so and opens another."""
        if not self._admitted:
            self.set_header("Connection", "close")
        return super().finish(chunk)

    def read_form(self) -> Files:
        """The files that were sent, by name; ``too_large`` says that they were thrown away. Checks the XSRF token."""
        if self.too_large:
            return []
        self.request.body = bytes(self._sent)
        self._sent.clear()
        self.request._parse_body()
        super().check_xsrf()
        return [(one["filename"], one["body"]) for one in self.request.files.get("file", []) if one["body"]]
