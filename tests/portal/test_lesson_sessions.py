"""When live lessons end, and how many there may be: the rules alone, with a pool that only counts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from isoxa_grading.records.signin import SignedIn
from isoxa_portal.errors import PortalError
from isoxa_portal.lesson_sessions import PER_ACCOUNT, UNCONNECTED, LessonSessions

START = datetime(2025, 11, 21, 1, tzinfo=UTC)
SILENCE = timedelta(hours=2)
FOLDER = Path("/x")


def person(account: int, sign_in: int = 1) -> SignedIn:
    return SignedIn(account, account, f"u{account}", "", sign_in, ())


@dataclass
class CountingPool:
    """Kernels by name: when each was last active, and how many pages are connected."""

    active: dict[str, datetime] = field(default_factory=dict)
    connected: dict[str, int] = field(default_factory=dict)
    made: int = 0

    async def start(self, folder: Path) -> str:
        await asyncio.sleep(0)
        self.made += 1
        self.active[f"k{self.made}"] = START
        return f"k{self.made}"

    async def stop(self, kernel_id: str) -> None:
        self.active.pop(kernel_id, None)

    def connections(self, kernel_id: str) -> int:
        return self.connected.get(kernel_id, 0)

    def last_activity(self, kernel_id: str) -> datetime | None:
        return self.active.get(kernel_id)


@pytest.fixture
def pool() -> CountingPool:
    return CountingPool()


@pytest.fixture
def lessons(pool: CountingPool) -> LessonSessions:
    return LessonSessions(pool, most=6, silence=SILENCE)


def test_a_lesson_is_its_owners_alone(lessons: LessonSessions) -> None:
    kernel = asyncio.run(lessons.open(person(1), FOLDER, START))
    assert lessons.owned(kernel, 1)
    assert not lessons.owned(kernel, 2)
    assert not lessons.owned("k99", 1)


def test_no_more_than_there_may_be_even_when_all_come_at_once(
    lessons: LessonSessions, pool: CountingPool
) -> None:
    async def everybody() -> list[str | BaseException]:
        return await asyncio.gather(
            *(lessons.open(person(number), FOLDER, START) for number in range(20)), return_exceptions=True
        )

    found = asyncio.run(everybody())
    refused = [one for one in found if isinstance(one, PortalError)]
    assert len(refused) == 14
    assert {one.status for one in refused} == {503}
    assert len(pool.active) == len(lessons) == 6


def test_one_account_keeps_only_its_newest(lessons: LessonSessions, pool: CountingPool) -> None:
    async def many() -> list[str]:
        return [
            await lessons.open(person(1), FOLDER, START + timedelta(seconds=n))
            for n in range(PER_ACCOUNT + 2)
        ]

    made = asyncio.run(many())
    assert sorted(pool.active) == sorted(made[-PER_ACCOUNT:])


def test_a_page_that_never_connected_or_left_is_ended_after_a_while(
    lessons: LessonSessions, pool: CountingPool
) -> None:
    kernel = asyncio.run(lessons.open(person(1), FOLDER, START))
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


def test_a_connected_page_is_ended_after_a_long_silence(lessons: LessonSessions, pool: CountingPool) -> None:
    kernel = asyncio.run(lessons.open(person(1), FOLDER, START))
    pool.connected[kernel] = 1
    asyncio.run(lessons.sweep(START + SILENCE))
    assert lessons.owned(kernel, 1)
    asyncio.run(lessons.sweep(START + SILENCE + timedelta(seconds=1)))
    assert not lessons.owned(kernel, 1)


def test_a_process_that_died_is_forgotten(lessons: LessonSessions, pool: CountingPool) -> None:
    kernel = asyncio.run(lessons.open(person(1), FOLDER, START))
    pool.active.clear()
    asyncio.run(lessons.sweep(START))
    assert not lessons.owned(kernel, 1)


def test_full_makes_room_of_what_is_abandoned(lessons: LessonSessions) -> None:
    for number in range(6):
        asyncio.run(lessons.open(person(number), FOLDER, START))
    later = START + UNCONNECTED + timedelta(seconds=1)
    assert asyncio.run(lessons.open(person(9), FOLDER, later))


def test_logging_out_ends_what_was_opened_under_that_sign_in(
    lessons: LessonSessions, pool: CountingPool
) -> None:
    mine = asyncio.run(lessons.open(person(1, sign_in=1), FOLDER, START))
    other = asyncio.run(lessons.open(person(1, sign_in=2), FOLDER, START))
    asyncio.run(lessons.close_of(1))
    assert not lessons.owned(mine, 1)
    assert lessons.owned(other, 1)
    asyncio.run(lessons.close_all())
    assert not pool.active
