"""Versions are kept and acknowledged, never replaced; the newest is where nbgrader looks, also after a crash."""

from __future__ import annotations

import errno
import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from isoxa_grading.handins import (
    HandInRefused,
    Upload,
    handed_in_within,
    place_of,
    settle,
    submitted_zip,
    versions_of,
)
from isoxa_grading.handins import files as files_module
from isoxa_grading.handins import grants as grants_module
from isoxa_grading.handins.checking import fingerprint
from isoxa_grading.handins.files import put_forward, stamp_of
from isoxa_grading.nbgrader_bridge import student_name
from isoxa_grading.records.attempts import NotEnrolled
from isoxa_grading.records.database import DiskFull, reading, writing
from isoxa_grading.records.tables import HandIn
from nbgrader import api
from sqlalchemy import select, update

from tests.grading.handins.conftest import COURSE, NOW, World
from tests.grading.sandbox.world import NAME

SOTAY = f"{NAME}.ipynb"


def submitted(world: World, person: int = 0) -> Path:
    return world.folder.root / "submitted" / student_name(world.people[person]) / NAME


def rows(world: World) -> list[HandIn]:
    with reading(world.engine) as session:
        return list(session.scalars(select(HandIn).order_by(HandIn.person_id, HandIn.number)))


def test_a_version_is_kept_acknowledged_and_put_forward(world: World) -> None:
    receipt = world.give(Upload(SOTAY, world.work()), Upload("số liệu.csv", b"a,b\n"))
    row = receipt.hand_in
    assert (row.number, row.received_at, receipt.repeated) == (1, NOW, False)
    digests = {file["name"]: file["sha256"] for file in row.files}
    assert digests[SOTAY] == hashlib.sha256(world.work()).hexdigest()
    assert row.sha256 == fingerprint(digests)
    assert (place_of(world.data, row.id) / SOTAY).read_bytes() == world.work()
    assert sorted(one.name for one in submitted(world).iterdir()) == [SOTAY, "số liệu.csv", "timestamp.txt"]
    assert stamp_of(submitted(world)) == NOW
    assert place_of(world.data, row.id).stat().st_mode & 0o077 == 0


def test_a_new_version_replaces_nothing(world: World) -> None:
    world.give(Upload(SOTAY, world.work("x = 1")), Upload("a.csv", b"1"))
    world.give(content=world.work("x = 2"), now=NOW + timedelta(hours=1))
    one, two = rows(world)
    assert (one.number, two.number) == (1, 2)
    assert (place_of(world.data, one.id) / "a.csv").read_bytes() == b"1"
    assert sorted(path.name for path in submitted(world).iterdir()) == [SOTAY, "timestamp.txt"]
    assert (submitted(world) / SOTAY).read_bytes() == world.work("x = 2")
    # No draft and no old copy is left beside it.
    assert [path.name for path in submitted(world).parent.iterdir()] == [NAME]


def test_the_same_files_are_one_version(world: World) -> None:
    first, second = world.give(), world.give(now=NOW + timedelta(seconds=5))
    assert (second.repeated, second.hand_in.id, second.hand_in.received_at) == (True, first.hand_in.id, NOW)
    assert len(rows(world)) == len(list(world.data.hand_ins.iterdir())) == 1
    # An earlier version again is a new one: it counts now.
    world.give(content=world.work("x = 2"), now=NOW + timedelta(seconds=6))
    assert world.give(now=NOW + timedelta(seconds=7)).hand_in.number == 3


def test_a_clock_that_stands_still_gives_no_two_versions_one_time(world: World) -> None:
    times = [world.give(content=world.work(f"x = {n}")).hand_in.received_at for n in range(3)]
    assert times == sorted(set(times))
    assert stamp_of(submitted(world)) == times[-1]


def test_two_at_once_are_two_versions(world: World) -> None:
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda n: world.give(content=world.work(f"x = {n}")), range(4)))
    assert sorted(one.hand_in.number for one in done) == [1, 2, 3, 4]
    newest = max(done, key=lambda one: one.hand_in.number).hand_in
    assert stamp_of(submitted(world)) == newest.received_at
    kept = place_of(world.data, newest.id) / SOTAY
    assert (submitted(world) / SOTAY).read_bytes() == kept.read_bytes()


def test_what_is_refused_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotEnrolled):
        world.give(person=2)
    world.give()
    with pytest.raises(HandInRefused):
        world.give(content=b"\xff\xd8\xff")
    monkeypatch.setattr(grants_module, "MOST_VERSIONS", 1)
    with pytest.raises(HandInRefused, match="liên hệ giảng viên"):
        world.give(content=world.work("x = 2"))
    assert len(rows(world)) == len(list(world.data.hand_ins.iterdir())) == 1
    assert (submitted(world) / SOTAY).read_bytes() == world.work()


def test_a_full_disk_is_said_and_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(files_module, "_write", full)
    with pytest.raises(DiskFull):
        world.give()
    assert rows(world) == []
    assert list(world.data.hand_ins.iterdir()) == []


def test_a_crash_before_it_was_put_forward_is_made_good_before_grading(world: World) -> None:
    world.give()
    world.give(person=1, content=world.work("x = 3"))
    shutil.rmtree(world.folder.root / "submitted")
    with reading(world.engine) as session:
        assert settle(world.data, session, world.folder, COURSE, NAME) == 2
        assert settle(world.data, session, world.folder, COURSE, NAME) == 0
    assert (submitted(world) / SOTAY).read_bytes() == world.work()
    with api.Gradebook(world.folder.gradebook_url) as book:
        named = {one.id: (one.last_name, one.first_name) for one in book.students}
    assert named == {
        student_name(world.people[0]): ("Nguyễn Văn", "An"),
        student_name(world.people[1]): ("Trần", "Bình"),
    }


def test_what_a_trainer_put_in_later_by_hand_stands(world: World) -> None:
    row = world.give().hand_in
    (submitted(world) / "timestamp.txt").write_text("2027-01-01 00:00:00.000000 UTC\n")
    (submitted(world) / SOTAY).write_bytes(b"{}")
    assert put_forward(world.data, world.folder, row) is False
    assert (submitted(world) / SOTAY).read_bytes() == b"{}"


def test_late_is_what_comes_after_the_due_date_of_today(world: World) -> None:
    with api.Gradebook(world.folder.gradebook_url) as book:
        book.find_assignment(NAME).duedate = NOW.replace(tzinfo=None)
        book.db.commit()
    assignment = world.assignment
    assert assignment.due == NOW
    assert [assignment.late(NOW + timedelta(seconds=n)) for n in (-1, 0, 1)] == [False, False, True]
    assert world.give(now=NOW + timedelta(days=3)).hand_in.number == 1


def test_trainers_get_the_newest_as_nbgraders_folder(world: World, tmp_path: Path) -> None:
    world.give(content=world.work("x = 1"))
    world.give(Upload(SOTAY, world.work()), Upload("a.csv", b"1"), now=NOW + timedelta(1))
    world.give(person=1)
    with reading(world.engine) as session:
        found = handed_in_within(session, COURSE, NAME, [world.unit_path])
        assert handed_in_within(session, COURSE, NAME, ["/999/"]) == []
        assert handed_in_within(session, COURSE, NAME, []) == []
    assert [(one.name, one.unit, one.hand_in.number) for one in found] == [
        ("Nguyễn Văn An", "Xã Suối Lành", 2),
        ("Trần Bình", "Xã Suối Lành", 1),
    ]
    file = tmp_path / "nop.zip"
    file.write_bytes(b"".join(submitted_zip(world.data, found)))
    shutil.unpack_archive(file, tmp_path / "out")
    for person in range(2):
        student = f"submitted/{student_name(world.people[person])}/{NAME}"
        here, there = tmp_path / "out" / student, world.folder.root / student
        assert {one.name: one.read_bytes() for one in here.iterdir()} == {
            one.name: one.read_bytes() for one in there.iterdir()
        }


def test_an_erased_person_hands_in_no_more(world: World) -> None:
    from isoxa_grading.records.tables import Person

    with writing(world.engine) as session:
        session.execute(update(Person).where(Person.id == world.people[0]).values(erased_at=NOW))
    with pytest.raises(NotEnrolled):
        world.give()
    with reading(world.engine) as session:
        assert versions_of(session, COURSE, NAME, world.people[0]) == []
