""" "Nhắc học": who is overdue, due soon or has not begun; a look at the letter; letters sent; whom to call."""

from __future__ import annotations

from datetime import date, timedelta

from isoxa_courses.text import clean
from isoxa_grading.enrolment.mail.status import OutboxStatus, again_within, outbox_status
from isoxa_grading.enrolment.reminding import ToRemind
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import ReminderKind, ReminderStatus

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .enrolment_base import ENROLLERS, EnrolHandler, sheet_of
from .environment import day, number
from .reminders_work import Lists, ReminderQuery, letter_for, lists_of, put_out
from .unit_field import NoSuchUnit
from .view import Status, Tile, paged, report_state, with_query

__all__ = ["reminder_pages"]

PAGE = 50
_KEPT_DAYS = 60
_KINDS = {
    "qua-han": ReminderKind.OVERDUE,
    "sap-den-han": ReminderKind.DUE_SOON,
    "chua-bat-dau": ReminderKind.NOT_STARTED,
}
_SLUGS = {kind: slug for slug, kind in _KINDS.items()}
_STATUS_SLUGS = {status.value: status for status in ReminderStatus}


def kind_words(kind: ReminderKind) -> str:
    """A list's name."""
    return {
        ReminderKind.OVERDUE: _("Quá hạn"),
        ReminderKind.DUE_SOON: _("Đến hạn trong 14 ngày"),
        ReminderKind.NOT_STARTED: _("Chưa bắt đầu (chưa gần hạn)"),
    }[kind]


def letter_status(status: ReminderStatus) -> Status:
    """A letter's status in words."""
    return {
        ReminderStatus.WAITING: Status("wait", _("Chờ gửi")),
        ReminderStatus.SENDING: Status("now", _("Đang gửi")),
        ReminderStatus.SENT: Status("good", _("Đã gửi")),
        ReminderStatus.WRITTEN: Status("good", _("Đã ghi ra tệp")),
        ReminderStatus.UNCERTAIN: Status("wait", _("Chưa rõ đã đi chưa")),
        ReminderStatus.REFUSED: Status("bad", _("Không gửi được")),
        ReminderStatus.DROPPED: Status("none", _("Thôi không gửi")),
    }[status]


class _ReminderHandler(EnrolHandler):
    def query(self) -> ReminderQuery:
        """From the address or the form."""
        return ReminderQuery(
            self.get_argument("khoa", "")[:80],
            clean(self.get_argument("don-vi", ""))[:200],
            _KINDS.get(self.get_argument("loai", ""), ReminderKind.OVERDUE),
        )

    def address(self, query: ReminderQuery) -> dict[str, str]:
        return {"loai": _SLUGS[query.kind], "khoa": query.course, "don-vi": query.unit}

    @property
    def url(self) -> str:
        return self.portal.url("ghi-danh/nhac-hoc")


class RemindersHandler(_ReminderHandler):
    """The lists; sending."""

    async def get(self) -> None:
        await self.show(self.query(), {})

    async def post(self) -> None:
        if self.get_body_argument("viec", "") != "gui":
            raise self.malformed()
        query = self.query()
        try:
            counts = await self.run(put_out, self.portal, self.me, self.scope, query, self.portal.clock())
        except NoSuchUnit as problem:
            self.set_status(400)
            await self.show(query, {"don-vi": str(problem)})
            return
        self.portal.mail.request()
        told = {"gui": str(counts["queued"]), "goi": str(counts["to_call"]), "hom-nay": str(counts["today"])}
        self.redirect(with_query(self.portal.url("ghi-danh/nhac-hoc/da-gui"), told), status=303)

    async def show(self, query: ReminderQuery, errors: dict[str, str]) -> None:
        found = await self.run(lists_of, self.portal, self.scope, query, self.today)
        if found.error:
            errors = {"don-vi": found.error}
            self.set_status(400)
        query = found.query
        if not self.get_argument("loai", ""):
            # Nothing was chosen: the first list with anybody in it.
            kind = next((kind for kind, rows in found.lists.items() if rows), query.kind)
            query = ReminderQuery(query.course, query.unit, kind)
        rows = found.lists.get(query.kind, [])
        pager = paged(rows, self.get_query_argument("trang", ""), PAGE, self.url, self.address(query))
        ready = [one for one in rows if not one.call and not one.today]
        per_minute = self.portal.settings.mail.per_minute
        self.render_page(
            "reminders.html",
            found=found,
            tabs=self.tabs(found),
            slug=_SLUGS[query.kind],
            words=kind_words(query.kind),
            rows=[(one, report_state(one.learner.state)) for one in pager.items],
            pager=pager,
            ready=len(ready),
            first=ready[0].learner.person_id if ready else None,
            to_call=sum(bool(one.call) for one in rows),
            today=sum(one.today for one in rows),
            minutes=-(-len(ready) // per_minute),
            mail=self.portal.settings.mail,
            address=self.portal.settings.public_address,
            query=self.address(query),
            with_query=with_query,
            errors=errors,
            place=self.place((_("Nhắc học"), None)),
        )

    def tabs(self, found: Lists) -> list[tuple[str, Tile]]:
        """Slug and figure of each list."""
        kinds = {ReminderKind.OVERDUE: "bad", ReminderKind.DUE_SOON: "wait", ReminderKind.NOT_STARTED: "now"}
        tabs = []
        for kind, colour in kinds.items():
            count = len(found.lists.get(kind, []))
            query = ReminderQuery(found.query.course, found.query.unit, kind)
            url = with_query(self.url, self.address(query))
            tabs.append(
                (_SLUGS[kind], Tile(colour if count else "none", number(count), kind_words(kind), url))
            )
        return tabs


class LetterHandler(_ReminderHandler):
    """The letter to one person, as it would be sent now."""

    async def get(self, person: str) -> None:
        query = self.query()
        name, subject, body = await self.run(
            letter_for, self.portal, self.me, self.scope, query, int(person), self.today
        )
        self.render_page(
            "reminder_letter.html",
            name=name,
            subject=subject,
            body=body,
            back=with_query(self.url, self.address(query)),
            place=self.place(
                (_("Nhắc học"), with_query(self.url, self.address(query))), (_("Xem thư"), None)
            ),
        )


class CallHandler(_ReminderHandler):
    """Whom to call, as XLSX: those who cannot be written to; with ``?tat-ca=1`` everybody of the list."""

    async def get(self) -> None:
        everybody = self.get_query_argument("tat-ca", "") == "1"
        found = await self.run(lists_of, self.portal, self.scope, self.query(), self.today)
        if found.error:
            raise not_found()
        rows = [one for one in found.lists.get(found.query.kind, []) if everybody or one.call]
        heads = [
            _("Họ và tên"), _("Đơn vị"), _("Chức danh"), _("Điện thoại"), _("Thư điện tử"), _("Hạn"),
            _("Trạng thái"), _("Nhắc lần cuối"), _("Vì sao phải gọi"),
        ]  # fmt: skip
        cells = [_call_cells(one) for one in rows]
        content = await self.run(sheet_of, "Goi dien", heads, cells)
        self.send_sheet(content, f"can-goi-{_SLUGS[found.query.kind]}.xlsx")


class SentHandler(_ReminderHandler):
    """What became of the letters of the last two months."""

    async def get(self) -> None:
        asked = {name: self.get_query_argument(name, "") for name in ("gui", "goi", "hom-nay", "lai")}
        counts = {name: int(text) for name, text in asked.items() if text.isdecimal() and len(text) < 8}
        only = _STATUS_SLUGS.get(self.get_query_argument("trang-thai", ""))
        found = await self.run(_outbox, self.portal, self.scope, self.since, only)
        url = self.portal.url("ghi-danh/nhac-hoc/da-gui")
        query = {"trang-thai": only.value if only else ""}
        pager = paged(found.rows, self.get_query_argument("trang", ""), PAGE, url, query)
        statuses = [status for status in ReminderStatus if found.counts.get(status)]
        tiles = [
            Tile(letter_status(status).kind, number(found.counts[status]), letter_status(status).words,
                 with_query(url, {"trang-thai": status.value}))
            for status in statuses
        ]  # fmt: skip
        self.render_page(
            "reminders_sent.html",
            counts=counts,
            trouble=found.trouble,
            tiles=tiles,
            rows=[(one, kind_words(one.kind), letter_status(one.status)) for one in pager.items],
            can_again={ReminderStatus.WAITING, ReminderStatus.UNCERTAIN},
            any_again=any(
                one.status is ReminderStatus.UNCERTAIN or (one.status is ReminderStatus.WAITING and one.why)
                for one in pager.items
            ),
            pager=pager,
            mail=self.portal.settings.mail,
            place=self.place((_("Nhắc học"), self.url), (_("Thư đã gửi"), None)),
        )

    async def post(self) -> None:
        ids = [
            int(one)
            for one in self.get_body_arguments("thu")
            if one.isascii() and one.isdecimal() and len(one) < 10
        ]
        if self.get_body_argument("viec", "") != "gui-lai":
            raise self.malformed()
        again = await self.run(_again, self.portal, self.scope, ids, self.since)
        self.portal.mail.request()
        url = self.portal.url("ghi-danh/nhac-hoc/da-gui")
        self.redirect(with_query(url, {"lai": str(again)}), status=303)

    @property
    def since(self) -> date:
        return self.today - timedelta(days=_KEPT_DAYS)


def _outbox(portal: Portal, scope: list[str], since: date, only: ReminderStatus | None) -> OutboxStatus:
    with reading(portal.engine) as session:
        return outbox_status(session, scope, since=since, only=only)


def _again(portal: Portal, scope: list[str], ids: list[int], since: date) -> int:
    with writing(portal.engine) as session:
        return again_within(session, scope, ids, since=since, now=portal.clock())


def _call_cells(one: ToRemind) -> list[str]:
    person = one.learner
    return [
        person.full_name, person.unit, person.position or "", person.phone or "", person.email or "",
        day(person.due_on), report_state(person.state).words, day(one.last), one.call,
    ]  # fmt: skip


def reminder_pages() -> list[Route]:
    """The lists, a letter, whom to call, what was sent."""
    base = r"/ghi-danh/nhac-hoc"
    return [
        Route(rf"{base}/?", RemindersHandler, ENROLLERS, "page"),
        Route(rf"{base}/thu/(?P<person>[0-9]{{1,9}})", LetterHandler, ENROLLERS, "page"),
        Route(rf"{base}/can-goi\.xlsx", CallHandler, ENROLLERS, "page"),
        Route(rf"{base}/da-gui", SentHandler, ENROLLERS, "page"),
    ]
