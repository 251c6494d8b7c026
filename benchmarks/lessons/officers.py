"""A portal's data folder with the shipped course and officers who are signed in.

Accounts and enrolments are written by the services that the portal uses, and each account's sign-in is opened by the
records' sign-in service (`start_session`), without its password having been asked: a login hashes one on purpose
slowly, which is another benchmark.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.signin import start_session
from isoxa_portal.identity import COOKIE

from benchmarks.officers import COURSE, filled

MOST_LESSONS = 2_000


def prepare(folder: Path, officers: int) -> tuple[Path, list[str]]:
    """Make the data folder; returns the released edition's folder and each officer's Cookie header."""
    data = DataFolder(folder)
    data.create()
    settings = re.sub(
        r"^max_lessons = .*$",
        f"max_lessons = {MOST_LESSONS}",
        data.settings_file.read_text(),
        flags=re.MULTILINE,
    )
    data.settings_file.write_text(settings)
    engine = data.engine()
    now = datetime.now(UTC)
    with filled(data, engine, officers, now=now, username="mo") as made:
        cookies = [
            f"{COOKIE}={start_session(made.session, account, now, 'benchmark', '127.0.0.1')}"
            for account in made.accounts
        ]
        released = data.path / "released" / COURSE / str(made.edition.edition)
    engine.dispose()
    assert released.is_dir(), released
    return released, cookies
