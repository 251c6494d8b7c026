"""When live lessons end, and how many there may be: the rules alone, with a pool that only counts."""

from __future__ import annotations

import asyncio
import os
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isoxa_grading.records.signin import SignedIn
from isoxa_portal.errors import PortalError
from isoxa_portal.lesson_pool import LessonPlace, is_shared
from isoxa_portal.lesson_sessions import (
    COME_BACK,
    PER_ACCOUNT,
    STOPPED_WAITING,
    UNCONNECTED,
    LessonSessions,
    LessonsFull,
)
from isoxa_portal.lesson_tickets import LessonTickets
from isoxa_portal.lesson_version import LessonVersions, code_version

START = datetime(2025, 11, 21, 1, tzinfo=UTC)
SILENCE = timedelta(hours=2)
TICKETS = LessonTickets(b"secret")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> LessonPlace:
    folder = tmp_path_factory.mktemp("released")
    (folder / "lessons").mkdir()
    (folder / "lessons" / "bai.ipynb").write_text('{"metadata": {}, "cells": []}')
    return LessonPlace("khoa", "1", "bai", folder)


def person(account: int, sign_in: int = 1) -> SignedIn:
    return SignedIn(account, account, f"u{account}", "", sign_in, ())


@dataclass
class CountingPool:
    """Kernels by name: when each was last active, and how many pages are connected."""

    active: dict[str, datetime] = field(default_factory=dict)
    connected: dict[str, int] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    can_rest: bool = True

    async def start(self, kernel_id: str, place: LessonPlace, *, expected: bool) -> None:
        await asyncio.sleep(0)
        self.active[kernel_id] = START

    async def stop(self, kernel_id: str) -> None:
        self.active.pop(kernel_id, None)

    def rest(self, kernel_id: str) -> bool:
        if self.can_rest:
            self.resting.add(kernel_id)
        return self.can_rest

    def connections(self, kernel_id: str) -> int:
        return self.connected.get(kernel_id, 0)

    def last_activity(self, kernel_id: str) -> datetime | None:
        return self.active.get(kernel_id)

    def awake(self, kernel_id: str) -> bool:
        return kernel_id in self.active and kernel_id not in self.resting


@pytest.fixture
def pool() -> CountingPool:
    return CountingPool()


@pytest.fixture
def lessons(pool: CountingPool) -> LessonSessions:
    return LessonSessions(pool, TICKETS, most=6, silence=SILENCE)


def test_a_lesson_is_its_owners_alone(lessons: LessonSessions, place: LessonPlace) -> None:
    kernel = asyncio.run(lessons.open(person(1), place, START))
    assert lessons.owned(kernel, 1)
    assert not lessons.owned(kernel, 2)
    assert not lessons.owned("k99", 1)


def test_no_more_than_there_may_be_even_when_all_come_at_once(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    async def everybody() -> list[str | BaseException]:
        return await asyncio.gather(
            *(lessons.open(person(number), place, START) for number in range(20)), return_exceptions=True
        )

    found = asyncio.run(everybody())
    refused = [one for one in found if isinstance(one, PortalError)]
    assert len(refused) == 14
    assert {one.status for one in refused} == {503}
    assert len(pool.active) == len(lessons) == 6


def test_one_account_keeps_only_its_newest(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    async def many() -> list[str]:
        return [
            await lessons.open(person(1), place, START + timedelta(seconds=n)) for n in range(PER_ACCOUNT + 2)
        ]

    made = asyncio.run(many())
    assert sorted(pool.active) == sorted(made[-PER_ACCOUNT:])


def test_a_page_that_never_connected_or_left_is_ended_after_a_while(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    kernel = asyncio.run(lessons.open(person(1), place, START))
    asyncio.run(lessons.sweep(START + UNCONNECTED))
    assert lessons.owned(kernel, 1)
    pool.connected[kernel] = 1
    later = START + UNCONNECTED * 3
    asyncio.run(lessons.sweep(later))
    pool.connected[kernel] = 0
    asyncio.run(lessons.sweep(later + UNCONNECTED))
    assert lessons.owned(kernel, 1), "a slow line has time to come back"
    asyncio.run(lessons.sweep(later + UNCONNECTED + timedelta(seconds=1)))
    assert not lessons.owned(kernel, 1)
    assert not pool.active


def test_a_connected_page_rests_after_a_long_silence(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    kernel = asyncio.run(lessons.open(person(1), place, START))
    pool.connected[kernel] = 1
    asyncio.run(lessons.sweep(START + SILENCE))
    assert not pool.resting
    asyncio.run(lessons.sweep(START + SILENCE + timedelta(seconds=1)))
    assert pool.resting == {kernel}
    assert lessons.owned(kernel, 1), "its page may speak again"
    assert lessons.taken() == 0


def test_what_cannot_rest_is_ended(lessons: LessonSessions, pool: CountingPool, place: LessonPlace) -> None:
    pool.can_rest = False
    kernel = asyncio.run(lessons.open(person(1), place, START))
    pool.connected[kernel] = 1
    asyncio.run(lessons.sweep(START + SILENCE + timedelta(seconds=1)))
    assert not lessons.owned(kernel, 1)


def test_the_lessons_of_a_sign_in_that_ended_elsewhere_end(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    told: list[str] = []
    kernel = asyncio.run(lessons.open(person(1, sign_in=7), place, START))
    other = asyncio.run(lessons.open(person(2, sign_in=8), place, START))
    lessons.when_ended(kernel, lambda: told.append("ended"))
    assert lessons.sign_ins() == {7, 8}
    asyncio.run(lessons.sweep(START, {7}))
    assert not lessons.owned(kernel, 1)
    assert lessons.owned(other, 2)
    assert told == ["ended"], "its page's socket is closed"


def place_in_queue(lessons: LessonSessions, account: int, place: LessonPlace, at: datetime) -> int:
    """0: let in."""
    try:
        asyncio.run(lessons.open(person(account), place, at))
    except LessonsFull as full:
        return full.place
    return 0


def test_who_waits_is_let_in_in_the_order_of_coming(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    ids = [asyncio.run(lessons.open(person(number), place, START)) for number in range(6)]
    at = START + timedelta(seconds=1)
    assert [place_in_queue(lessons, account, place, at) for account in (20, 21, 22, 21)] == [1, 2, 3, 2]
    assert lessons.waiting == 3
    asyncio.run(lessons.close(ids[0]))
    assert place_in_queue(lessons, 21, place, at) == 2, (
        "the first has not asked again yet, and keeps the place"
    )
    assert place_in_queue(lessons, 30, place, at) == 4
    assert place_in_queue(lessons, 20, place, at) == 0
    asyncio.run(lessons.close(ids[1]))
    late = at + STOPPED_WAITING + timedelta(seconds=1)
    assert place_in_queue(lessons, 30, place, late) == 0, "those before have closed their pages"


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.text(max_size=8), st.text(max_size=8))
def test_an_id_fits_its_own_account_and_lesson_alone(
    account: int, other: int, lesson: str, another: str
) -> None:
    place = LessonPlace("khoa", "1", lesson, Path("/x"))
    elsewhere = LessonPlace("khoa", "1", another, Path("/x"))
    ticket = TICKETS.new(account, place)
    assert is_shared(ticket)
    assert uuid.UUID(ticket).version == 8
    assert TICKETS.find(ticket, account, [elsewhere, place]) in (place, elsewhere)
    assert (TICKETS.find(ticket, account, [elsewhere]) is None) == (lesson != another)
    assert (TICKETS.find(ticket, other, [place]) is None) == (account != other)
    assert LessonTickets(b"another").find(ticket, account, [place]) is None
    assert TICKETS.find("khong-phai-id", account, [place]) is None


def test_an_id_of_another_version_of_the_lesson_is_nobodys(place: LessonPlace) -> None:
    """After an upgrade, or when its notebook was replaced, a page would meet widgets that it does not know."""
    before, after = (
        LessonTickets(b"secret", LessonVersions("1").of),
        LessonTickets(b"secret", LessonVersions("2").of),
    )
    ticket = before.new(7, place)
    assert before.find(ticket, 7, [place]) == place
    assert after.find(ticket, 7, [place]) is None
    kept = place.notebook.stat()
    os.utime(place.notebook, ns=(kept.st_atime_ns, kept.st_mtime_ns + 1))
    assert before.find(ticket, 7, [place]) is None
    os.utime(place.notebook, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    assert before.find(ticket, 7, [place]) == place, "the same program, started again"


def test_the_version_follows_from_what_the_code_says(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "notes.txt").write_text("1")
    first = code_version([tmp_path])
    (tmp_path / "notes.txt").write_text("2")
    assert code_version([tmp_path]) == first
    (tmp_path / "a.py").write_text("2")
    assert code_version([tmp_path]) != first
    assert code_version() == code_version()


def test_a_lesson_comes_back_for_its_owner_alone(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    kernel = asyncio.run(lessons.open(person(1), place, START))
    asyncio.run(lessons.close(kernel))
    assert not asyncio.run(lessons.revive(kernel, person(2), [place], START))
    assert not asyncio.run(lessons.revive(kernel, person(1), [], START)), "no longer theirs"
    assert asyncio.run(lessons.revive(kernel, person(1), [place], START))
    assert lessons.owned(kernel, 1)


def test_kept_ids_make_no_more_lessons_than_one_account_may_have(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    async def come_back(kernels: list[str]) -> list[bool]:
        return [await lessons.revive(one, person(1), [place], START) for one in kernels]

    kept = [TICKETS.new(1, place) for _ in range(COME_BACK + 3)]
    assert all(asyncio.run(come_back(kept)))
    # The oldest that no page is connected to made room.
    assert sorted(pool.active) == sorted(kept[-COME_BACK:])
    pool.connected = dict.fromkeys(pool.active, 1)
    assert asyncio.run(come_back(kept[:1])) == [False]
    assert asyncio.run(lessons.revive(TICKETS.new(2, place), person(2), [place], START)), (
        "others are not held up"
    )


def test_an_id_in_other_letters_is_no_id(lessons: LessonSessions, place: LessonPlace) -> None:
    ticket = TICKETS.new(1, place)
    for other in (
        ticket.upper(),
        ticket.replace("-", ""),
        "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in ticket),
    ):
        assert other == ticket or TICKETS.find(other, 1, [place]) is None


def test_a_process_that_died_is_forgotten(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    kernel = asyncio.run(lessons.open(person(1), place, START))
    pool.active.clear()
    asyncio.run(lessons.sweep(START))
    assert not lessons.owned(kernel, 1)


def test_full_makes_room_of_what_is_abandoned(lessons: LessonSessions, place: LessonPlace) -> None:
    for number in range(6):
        asyncio.run(lessons.open(person(number), place, START))
    later = START + UNCONNECTED + timedelta(seconds=1)
    assert asyncio.run(lessons.open(person(9), place, later))


def test_logging_out_ends_what_was_opened_under_that_sign_in(
    lessons: LessonSessions, pool: CountingPool, place: LessonPlace
) -> None:
    mine = asyncio.run(lessons.open(person(1, sign_in=1), place, START))
    other = asyncio.run(lessons.open(person(1, sign_in=2), place, START))
    asyncio.run(lessons.close_of(1))
    assert not lessons.owned(mine, 1)
    assert lessons.owned(other, 1)
    asyncio.run(lessons.close_all())
    assert not pool.active
