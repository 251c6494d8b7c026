"""The websocket of a lesson in a shared session: frames in, frames out, and what a page may not send stays outside.

It speaks Jupyter's binary subprotocol, and the older JSON messages to whoever does not ask for it.
"""

from __future__ import annotations

import logging
from typing import Any, ClassVar
from uuid import UUID

from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Role
from notebook_sessions import NoSession, messages
from tornado.ioloop import IOLoop
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from .course_access import lesson_places
from .errors import PortalError
from .handlers import SignedInMixin
from .xsrf import comes_from_here

log = logging.getLogger("isoxa.portal.lessons")

_MOST_BYTES = 4 * 1024 * 1024
# One page has one; a page that connects again may have two for a moment.
_PER_LESSON = 6
_MOST_BAD = 20
_PING_SECONDS = 30.0
# Close codes of RFC 6455: a message against the protocol, one against the rules, and the server ends it.
_PROTOCOL, _POLICY, _GOING_AWAY = 1002, 1008, 1001


class SharedChannel(SignedInMixin, WebSocketHandler):
    """``/api/kernels/ID/channels`` of a shared session."""

    allowed_roles: ClassVar[frozenset[Role] | None] = None

    def initialize(self, roles: frozenset[Role] | None) -> None:
        self._roles = roles or frozenset()
        self._session = UUID(int=0)
        self._binary = True
        self._bad = 0

    async def prepare(self) -> None:
        """Who it is, where they come from and whether the lesson is theirs, before the socket is opened."""
        me: SignedIn | None = await self.recognise()
        if me is None or not any(me.has(role) for role in self._roles):
            raise HTTPError(403)
        if not comes_from_here(self.request.headers, self.request.host):
            raise HTTPError(403)
        kernel_id = self.path_kwargs["shared_id"]
        sessions = self.portal.sessions
        if not sessions.owned(kernel_id, me.account_id):
            places = await self.run(lesson_places, self.portal, me)
            try:
                known = await sessions.revive(kernel_id, me, places, self.portal.clock())
            except PortalError as refused:
                raise HTTPError(refused.status) from None
            if not known:
                raise HTTPError(404)
        self._session = UUID(kernel_id)
        if self.portal.lessons_running.host.connections(self._session) >= _PER_LESSON:
            raise HTTPError(429)

    def check_origin(self, origin: str) -> bool:
        """`prepare` has looked."""
        return True

    @property
    def max_message_size(self) -> int:
        return _MOST_BYTES

    @property
    def ping_interval(self) -> float:
        """A proxy cuts a line on which nothing is said; of a computer that was switched off nothing else tells."""
        return _PING_SECONDS

    def get_compression_options(self) -> dict[str, Any]:
        """Widgets' states shrink to an eighth; little memory is taken for it."""
        return {"compression_level": 3, "mem_level": 3}

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return messages.SUBPROTOCOL if messages.SUBPROTOCOL in subprotocols else None

    def open(self, *_: str, **__: str) -> None:
        self._binary = self.selected_subprotocol == messages.SUBPROTOCOL
        loop = IOLoop.current()
        try:
            self.portal.lessons_running.host.attach(self._session, self._send)
            self.portal.sessions.when_ended(
                str(self._session), lambda: loop.add_callback(self.close, _GOING_AWAY)
            )
        except (NoSession, KeyError):
            self.close(_GOING_AWAY)

    def on_message(self, message: str | bytes) -> None:
        """Hand it to the session. What is no message or not allowed is logged; too much of it ends the socket."""
        try:
            frame = message if isinstance(message, bytes) else messages.from_json(message)
            self.portal.lessons_running.host.deliver(self._session, frame)
        except NoSession:
            self.close(_GOING_AWAY)
        except (messages.BadFrame, PermissionError) as problem:
            self._bad += 1
            log.warning("lesson %s: a message was left out: %s", self._session, problem)
            if self._bad >= _MOST_BAD:
                self.close(_POLICY if isinstance(problem, PermissionError) else _PROTOCOL)

    def on_close(self) -> None:
        self.portal.lessons_running.host.detach(self._session, self._send)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A refused socket needs no page."""
        self.set_status(status_code)
        self.finish()

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if isinstance(value, HTTPError):
            log.info("lesson %s: refused, %s", self.path_kwargs.get("shared_id"), value.status_code)
            return
        super().log_exception(typ, value, tb)

    def _send(self, frame: bytes) -> None:
        try:
            if self._binary:
                self.write_message(frame, binary=True)
            else:
                self.write_message(messages.to_json(frame))
        except WebSocketClosedError:
            # on_close comes in a moment.
            return
