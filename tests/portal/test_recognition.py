"""Cookies of requests that come together: one question for all, each answered for itself, nothing remembered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from isoxa_grading.records.database import DatabaseBusy
from isoxa_grading.records.signin import SignedIn
from isoxa_portal.recognition import Recognition

NAMES = ("an", "binh", "chi")


class Records:
    """Whose cookies are whose; remembers what it was asked."""

    def __init__(self) -> None:
        self.live = {
            f"token-{name}": SignedIn(number, None, name, name, number, ())
            for number, name in enumerate(NAMES)
        }
        self.asked: list[set[str]] = []
        self.threads: set[str] = set()
        self.busy = False

    def who(self, tokens: Collection[str]) -> Mapping[str, SignedIn]:
        self.asked.append(set(tokens))
        self.threads.add(threading.current_thread().name)
        if self.busy:
            raise DatabaseBusy
        return {token: self.live[token] for token in tokens if token in self.live}


def names(found: list[SignedIn | None]) -> list[str | None]:
    return [one.username if one else None for one in found]


def test_one_question_for_all_that_come_together() -> None:
    records = Records()

    async def crowd(recognition: Recognition) -> list[SignedIn | None]:
        tokens = ["token-an", "token-binh", "token-an", "token-of-nobody"]
        return await asyncio.gather(*(recognition.who(token) for token in tokens))

    with ThreadPoolExecutor(2, "asks") as pool:
        assert names(asyncio.run(crowd(Recognition(records.who, pool)))) == ["an", "binh", "an", None]
    assert records.asked == [{"token-an", "token-binh", "token-of-nobody"}]
    assert all(name.startswith("asks") for name in records.threads), "the event loop asks no database"


def test_who_has_logged_out_is_refused_with_the_next_request() -> None:
    records = Records()

    async def twice(recognition: Recognition) -> list[SignedIn | None]:
        first = await recognition.who("token-an")
        del records.live["token-an"]
        return [first, await recognition.who("token-an"), await recognition.who("token-binh")]

    with ThreadPoolExecutor(1) as pool:
        assert names(asyncio.run(twice(Recognition(records.who, pool)))) == ["an", None, "binh"]
    assert len(records.asked) == 3


def test_an_error_is_told_to_all_who_asked_and_to_nobody_after() -> None:
    records = Records()

    async def crowd(recognition: Recognition) -> None:
        records.busy = True
        told = await asyncio.gather(*map(recognition.who, records.live), return_exceptions=True)
        assert [type(one) for one in told] == [DatabaseBusy] * 3
        records.busy = False
        assert names([await recognition.who("token-chi")]) == ["chi"]

    with ThreadPoolExecutor(1) as pool:
        asyncio.run(crowd(Recognition(records.who, pool)))


def test_who_goes_away_takes_nobody_along() -> None:
    records = Records()

    async def crowd(recognition: Recognition) -> None:
        gone, same, other = (
            asyncio.create_task(recognition.who(token)) for token in ("token-an", "token-an", "token-binh")
        )
        await asyncio.sleep(0)
        gone.cancel()
        assert names(list(await asyncio.gather(same, other))) == ["an", "binh"]
        with pytest.raises(asyncio.CancelledError):
            await gone

    with ThreadPoolExecutor(1) as pool:
        asyncio.run(crowd(Recognition(records.who, pool)))


def test_a_portal_that_is_closed_leaves_nobody_waiting() -> None:
    async def late(recognition: Recognition) -> None:
        with pytest.raises(RuntimeError):
            await asyncio.wait_for(recognition.who("token-an"), 5)

    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    asyncio.run(late(Recognition(Records().who, pool)))
