"""Where versions lie on the disk, and how the newest comes to where nbgrader looks.

    DATA/hand-ins/ID/                               every version, as it came, for good
    DATA/nbgrader/C/submitted/STUDENT/ASSIGNMENT/   the newest, with timestamp.txt as nbgrader's exchange writes it

A version is whole on the disk before its row is committed. Its copy for nbgrader is made afterwards, and again by
``put_forward`` whenever it is missing or older: a crash between the two loses nothing.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ..nbgrader_bridge.course_folder import NbgraderFolder, student_name
from ..records.data_folder import DataFolder
from ..records.database import DiskFull
from ..records.tables import HandIn

__all__ = ["STAMP", "discard", "keep", "place_of", "put_forward", "stamp_of"]

STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"
"""How nbgrader's exchange writes a time; it reads it back with dateutil."""


def place_of(data: DataFolder, hand_in_id: str) -> Path:
    """The folder of one version."""
    return data.hand_ins / hand_in_id


def keep(data: DataFolder, hand_in_id: str, files: Mapping[str, bytes]) -> None:
    """Write a new version, whole or not at all; it is on the disk when this returns. Raises ``DiskFull``."""
    place = place_of(data, hand_in_id)
    draft = place.with_name(f".{hand_in_id}.partial")
    try:
        draft.mkdir(mode=0o700)
        for name, content in files.items():
            _write(draft / name, content)
        _sync(draft)
        draft.rename(place)
        _sync(place.parent)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise


def discard(data: DataFolder, hand_in_id: str) -> None:
    """Take a version away: of one whose row was not committed, or whose person's data was erased."""
    shutil.rmtree(place_of(data, hand_in_id), ignore_errors=True)


def put_forward(data: DataFolder, folder: NbgraderFolder, hand_in: HandIn) -> bool:
    """Put a version where nbgrader looks, unless that one or a newer is there already; whether it was put."""
    target = folder.root / "submitted" / student_name(hand_in.person_id) / hand_in.assignment
    with _alone(folder):
        there = stamp_of(target)
        if there is not None and there >= hand_in.received_at:
            return False
        draft = target.with_name(f".{hand_in.assignment}.{hand_in.id}.partial")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        for file in hand_in.files:
            shutil.copyfile(place_of(data, hand_in.id) / file["name"], draft / file["name"])
        stamp = hand_in.received_at.astimezone(UTC).strftime(STAMP)
        (draft / "timestamp.txt").write_text(f"{stamp}\n", encoding="utf-8")
        old = target.with_name(f".{hand_in.assignment}.{hand_in.id}.old")
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        draft.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    return True


def stamp_of(submitted: Path) -> datetime | None:
    """When the submission in this folder was handed in; None: there is none, or it does not say."""
    try:
        with (submitted / "timestamp.txt").open(encoding="utf-8") as file:
            return datetime.strptime(file.read(200).strip(), STAMP).replace(tzinfo=UTC)
    except (OSError, ValueError):
        return None


@contextmanager
def _alone(folder: NbgraderFolder) -> Iterator[None]:
    with (folder.root / ".hand-ins.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write(file: Path, content: bytes) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
