"""The one address of this portal that pages of another one may ask: ``POST /api/v1/workshops/reports``.

Pages of a hall (a container each, or a server in the room) whose settings name this portal report here with the code
on the wall: ``kind`` ``result`` is a signed result file, ``presence`` where a participant is, answered with the room's
pace. No account and no cookie: the code is what opens it, wrong ones are counted, and everything is bounded in size
and number. It is open to pages of any origin (containers have a new one each time) and to this address alone; since
nobody is signed in by it, it gives a page nothing that whoever has the code could not ask without a browser.
"""

from __future__ import annotations

import re
import time
from typing import Any

import msgspec
from isoxa_courses.text import format_date, format_datetime
from isoxa_grading.workshops import (
    LARGEST_SENDING,
    CodeRefused,
    EntryRefused,
    FileRefused,
    Outcome,
    Receipt,
    ReportRefused,
    Standing,
    forget_old_reports,
    take_file,
    take_presence,
)

from .. import i18n
from ..api.base import ApiHandler
from ..errors import PortalError, message_of, not_found
from ..i18n import gettext as _
from ..links import REPORTS_PATH
from ..routes import Route
from .flow import Flow

__all__ = ["report_routes"]

SECONDS = 15
"""How often a page reports."""
_KEY = re.compile(r"[0-9a-f]{64}")
_COURSES = 20
# A file as a JSON string: each quote and line end in it takes two bytes.
_BODY_BYTES = 2 * LARGEST_SENDING
# Where a participant is: the largest course's steps and questions take a tenth of it.
_PRESENCE_BYTES = 64 * 1024


class ReportsHandler(ApiHandler):
    """Reports of halls."""

    body_bytes = _BODY_BYTES

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Access-Control-Allow-Origin", "*")

    async def admit(self) -> None:
        """Nobody is recognised here, and there is nothing that a forged request could borrow; the code decides."""
        i18n.use_language(None)
        if self.portal.settings.workshop:
            # A hall keeps no roster to record anybody on.
            raise not_found()
        self.check_flow(0)

    def check_flow(self, size: int) -> None:
        """Count a request (``size`` 0) or, later, its bytes. Raises 429 for an address that sends too much."""
        wait = self.flow.wait(self.address, time.monotonic(), size, requests=0 if size else 1)
        if wait:
            raise slow_down(
                _("Có quá nhiều máy gửi cùng lúc nên cổng chưa nhận. Gửi lại sau %(wait)s giây.")
                % {"wait": wait},
                wait,
            )

    @property
    def flow(self) -> Flow:
        """What addresses sent to this process."""
        flow: Flow = self.settings.setdefault("isoxa_report_flow", Flow())
        return flow

    @property
    def address(self) -> str:
        return self.request.remote_ip or ""

    async def options(self) -> None:
        """What a browser asks before it lets another origin's page send JSON here."""
        self.set_header("Access-Control-Allow-Methods", "POST")
        self.set_header("Access-Control-Allow-Headers", "Content-Type")
        self.set_header("Access-Control-Max-Age", "600")
        self.set_status(204)
        self.finish()

    async def post(self) -> None:
        body = self.body()
        i18n.use_language(body.get("language") if isinstance(body.get("language"), str) else None)
        code = self.text(body, "code")[:100]
        kind = self.text(body, "kind")
        try:
            if kind == "result":
                answer = await self.take_result(body, code)
            elif kind == "presence":
                answer = await self.take_presence(body, code)
            else:
                raise self.malformed()
        except CodeRefused as refused:
            if refused.wait_seconds:
                raise slow_down(str(refused), refused.wait_seconds) from refused
            raise PortalError(403, "class_code", str(refused)) from refused
        except EntryRefused as refused:
            raise PortalError(400, "class_code", str(refused)) from refused
        except FileRefused as refused:
            raise PortalError(422, refused.reason.value, str(refused)) from refused
        except ReportRefused as refused:
            raise PortalError(409, refused.code, str(refused)) from refused
        self.write_json(answer)

    async def take_result(self, body: dict[str, Any], code: str) -> dict[str, Any]:
        """``file``: the text of a result file. The receipt names its SHA-256."""
        content = self.text(body, "file").encode()
        self.check_flow(len(content))
        portal = self.portal
        now = portal.clock()
        receipt = await self.run(
            take_file, portal.engine, portal.library, code, content, address=self.address, now=now
        )
        if receipt.counted:
            portal.attempts.after_commit.request()
        await self.run(forget_old_reports, portal.engine, now)
        return {"receipt": _shown(receipt)}

    async def take_presence(self, body: dict[str, Any], code: str) -> dict[str, Any]:
        """``key``: of the participant in reports alone; ``courses``: course → `Standing`."""
        self.check_flow(len(self._body))
        if len(self._body) > _PRESENCE_BYTES:
            raise PortalError(413, *message_of(413))
        key = self.text(body, "key")
        if not _KEY.fullmatch(key):
            raise self.malformed()
        try:
            courses = msgspec.convert(body.get("courses"), dict[str, Standing])
        except msgspec.ValidationError:
            raise self.malformed() from None
        if len(courses) > _COURSES:
            raise self.malformed()
        pace = await self.run(
            take_presence,
            self.portal.engine,
            self.portal.library,
            code,
            key,
            courses,
            address=self.address,
            now=self.portal.clock(),
        )
        self.flow.of_participant(self.address, key, time.monotonic())
        return {"course": pace.course, "open_steps": pace.open_steps, "seconds": SECONDS}


def slow_down(message: str, wait: int) -> PortalError:
    """429; the seconds are in the body too, where a page of another origin can read them."""
    return PortalError(429, "slow_down", message, extra={"wait_seconds": wait}, retry_after=wait)


def _shown(receipt: Receipt) -> dict[str, Any]:
    workshop = receipt.workshop
    return {
        "outcome": receipt.outcome.value,
        "message": _outcome_words(receipt),
        "sha256": receipt.sha256,
        "received_at": format_datetime(receipt.received_at),
        "class": workshop.title,
        "held": f"{format_date(workshop.held_on)}, {workshop.place}",
        "who": f"{receipt.full_name}, {receipt.unit_name}",
        "attempts": receipt.attempts,
        "practice": receipt.done,
    }


def _outcome_words(receipt: Receipt) -> str:
    if receipt.outcome is Outcome.ALREADY:
        return _("Cổng đã có kết quả này từ trước; lần gửi này không đổi gì.")
    if receipt.outcome is Outcome.WAITING:
        return _(
            "Cổng đã nhận tệp. Giảng viên xem rồi ghi vào hồ sơ của anh/chị; chưa ghi thì gửi lại cũng được."
        )
    if receipt.counted:
        return _("Đã ghi vào hồ sơ của anh/chị, %(count)s bài kiểm tra được tính điểm.") % {
            "count": receipt.counted
        }
    return _("Đã ghi vào hồ sơ của anh/chị.")


def report_routes() -> list[Route]:
    """The one address; open to anyone who has a class's code."""
    return [Route(REPORTS_PATH, ReportsHandler, None, "api")]
