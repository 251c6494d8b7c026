"""Files between preview and confirmation, while somebody else's are being deleted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from isoxa_grading.records.data_folder import DataFolder
from isoxa_portal.pages import roster_uploads
from isoxa_portal.workshop import uploads

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def test_two_who_upload_at_once(tmp_path: Path) -> None:
    """What was listed and is gone when it is looked at, as a link to nowhere is, stops nobody."""
    data = DataFolder(tmp_path)
    data.create()
    for keep in (
        lambda: uploads.keep(data, 1, 7, [("a", b"x")], NOW),
        lambda: roster_uploads.keep(data, 1, "a.xlsx", b"x", 3, NOW),
    ):
        keep()
        for folder in data.exports.iterdir():
            if not (gone := folder / "2-da-xoa.zip").is_symlink():
                gone.symlink_to(tmp_path / "khong-co")
        assert keep()
    sent = uploads.keep(data, 1, 7, [("a", b"x")], NOW)
    assert uploads.fetch(data, 1, 7, sent) == [("a", b"x")]
