"""Whose cookies these are, asked once for all requests that come together.

A class that hands in sends twenty requests in the same few milliseconds. Asked about one by one in the portal's
threads, they take turns at the interpreter and reach the work one after another, long apart; asked about together,
they cost little more than one, and go on together. Nobody waits for others to come: what the event loop takes up in
one round is one question. Nothing is remembered from one question to the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor

from isoxa_grading.records.signin import SignedIn

Who = Callable[[Collection[str]], Mapping[str, SignedIn]]
_Asked = list[tuple[str, asyncio.Future[SignedIn | None]]]


class Recognition:
    """``who`` runs in ``threads``; what it raises, it raises for each of those it was asked for."""

    def __init__(self, who: Who, threads: Executor) -> None:
        self._who = who
        self._threads = threads
        self._asked: _Asked = []

    async def who(self, token: str) -> SignedIn | None:
        """Whose cookie it is; None: nobody's who may come in. Call it on the event loop."""
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._ask, loop)
        # One each, though two may be the same browser's: who goes away takes back their own question alone.
        mine: asyncio.Future[SignedIn | None] = loop.create_future()
        self._asked.append((token, mine))
        return await mine

    def _ask(self, loop: asyncio.AbstractEventLoop) -> None:
        asked, self._asked = self._asked, []
        try:
            found = loop.run_in_executor(self._threads, self._who, {token for token, _future in asked})
        except RuntimeError as closed:
            for _token, future in asked:
                _tell(future, closed)
            return
        found.add_done_callback(lambda done: _answer(asked, done))


def _answer(asked: _Asked, found: asyncio.Future[Mapping[str, SignedIn]]) -> None:
    error = asyncio.CancelledError() if found.cancelled() else found.exception()
    for token, future in asked:
        _tell(future, found.result().get(token) if error is None else error)


def _tell(future: asyncio.Future[SignedIn | None], answer: SignedIn | BaseException | None) -> None:
    if future.done():
        return
    if isinstance(answer, BaseException):
        future.set_exception(answer)
    else:
        future.set_result(answer)
