""" "Ghi danh": choose whom, see what it would do, confirm once, read what was done."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError

from isoxa_courses.text import clean
from isoxa_grading.enrolment import Fate

from ..errors import not_found
from ..i18n import gettext as _
from ..roster_jobs import Job
from ..routes import Route
from .enrolment_base import ENROLLERS, Act, EnrolHandler, acts, quality_roles, sheet_of
from .enrolment_form import EnrolForm
from .enrolment_view import (
    PAGE,
    UNMATCHED,
    done_tiles,
    fate_tabs,
    person_rows,
    tab_people,
    touched_count,
)
from .enrolment_work import (
    BatchRow,
    batch_of,
    do_batch,
    draft_of,
    figures_of,
    form_offer,
    preview_of,
    recent,
)
from .environment import number
from .unit_field import OFFERED
from .view import paged

__all__ = ["enrolment_pages"]

# An act that is done within this time is told at once; for any other a page tells how far it is.
PATIENCE = 2.0
_RECENT = 8


class HomeHandler(EnrolHandler):
    """Figures of each course, the acts, and what one did last."""

    async def get(self) -> None:
        figures = await self.run(figures_of, self.portal, self.scope, self.today)
        last = await self.run(recent, self.portal, self.me.account_id, _RECENT)
        self.render_page(
            "enrol.html", figures=figures, acts=acts(), recent=[(one, _told(one)) for one in last],
            place=self.place(),
        )  # fmt: skip


class ChooseHandler(EnrolHandler):
    """The form of one act."""

    async def get(self, act: str) -> None:
        wanted = self.act(act)
        course = self.get_query_argument("khoa", "")[:80]
        await self.show(wanted, EnrolForm(course=course), {})

    async def post(self, act: str) -> None:
        wanted = self.act(act)
        files = self.request.files.get("file", [])
        file = (clean(files[0]["filename"])[:200], files[0]["body"]) if files and files[0]["body"] else None
        form = EnrolForm.read(
            lambda name: self.get_body_argument(name, "", strip=False), self.get_body_arguments, file
        )
        if self.get_body_argument("viec", "") == "mo":
            # From a list of people: their acts ask for the rest on this page.
            errors = (
                {} if form.people else {"": _("Chưa chọn ai. Quay lại danh sách và đánh dấu từng người.")}
            )
            await self.show(wanted, form, errors)
            return
        batch_id, errors = await self.run(
            draft_of, self.portal, self.me.account_id, self.scope, wanted.kind, form, self.portal.clock()
        )
        if errors:
            self.set_status(400)
            await self.show(wanted, form, errors)
            return
        self.redirect(self.portal.url(f"ghi-danh/viec/{batch_id}"), status=303)

    def act(self, slug: str) -> Act:
        return next(act for act in acts() if act.slug == slug)

    async def show(self, act: Act, form: EnrolForm, errors: dict[str, str]) -> None:
        offered = await self.run(form_offer, self.portal, self.scope)
        self.render_page(
            "enrol_form.html",
            act=act,
            form=form,
            errors=errors,
            offer=offered,
            many=len(offered.units) >= OFFERED or not offered.units,
            roles=quality_roles(),
            place=self.place((act.title, None)),
        )


class BatchHandler(EnrolHandler):
    """One act on its way: the preview, how far it is, and then what was done."""

    async def get(self, batch: str) -> None:
        job = self.portal.roster_jobs.get((self.me.account_id, batch))
        if job is not None and not await self.settled(job):
            await self.wait(batch, job)
            return
        found = await self.run(batch_of, self.portal, self.me.account_id, batch)
        if job is not None:
            self.portal.roster_jobs.forget((self.me.account_id, batch))
            self.tell_failure(job)
        if found.done_at is not None:
            self.show_done(found)
            return
        await self.show_preview(batch)

    async def post(self, batch: str) -> None:
        found = await self.run(batch_of, self.portal, self.me.account_id, batch)
        here = self.portal.url(f"ghi-danh/viec/{batch}")
        if found.done_at is not None:
            # Pressed twice: it was done once.
            self.redirect(here, status=303)
            return
        if self.get_body_argument("viec", "") != "xac-nhan":
            raise self.malformed()
        again = self.get_body_argument("lai", "") == "1"
        portal, account_id, scope, now = self.portal, self.me.account_id, self.scope, self.portal.clock()
        job = portal.roster_jobs.start(
            (account_id, batch),
            "enrol",
            lambda job: do_batch(portal, account_id, scope, batch, again, now, job),
        )
        await self.settled(job)
        self.redirect(here, status=303)

    async def settled(self, job: Job) -> bool:
        """Wait a little; whether the job is done."""
        waited = asyncio.wrap_future(job.future)
        # What it raised is asked of the job; asyncio would log that nobody asked here.
        waited.add_done_callback(lambda one: one.cancelled() or one.exception())
        await asyncio.wait([waited], timeout=PATIENCE)
        return job.future.done()

    def tell_failure(self, job: Job) -> None:
        """Raise what the job raised: nothing was written then, and the preview is still there."""
        try:
            job.future.result()
        except CancelledError as error:
            raise not_found() from error

    async def wait(self, batch: str, job: Job) -> None:
        self.set_header("Refresh", "1")
        self.render_page(
            "enrol_wait.html", done=job.done, seconds=job.seconds, place=self.place((_("Đang ghi"), None))
        )

    async def show_preview(self, batch: str) -> None:
        shown = await self.run(preview_of, self.portal, self.me.account_id, self.scope, batch, self.today)
        plan, row = shown.plan, shown.batch
        tabs = fate_tabs(plan, len(row.unmatched))
        asked = self.get_query_argument("loai", "")
        first = next((tab.slug for tab in tabs if tab.count), tabs[0].slug)
        slug = asked if asked in {tab.slug for tab in tabs} else first
        url = self.portal.url(f"ghi-danh/viec/{batch}")
        items: list[object] = list(row.unmatched if slug == UNMATCHED else tab_people(plan, slug))
        pager = paged(items, self.get_query_argument("trang", ""), PAGE, url, {"loai": slug})
        act = next(act for act in acts() if act.kind is row.kind)
        people = [] if slug == UNMATCHED else person_rows(pager.items, plan.day)  # type: ignore[arg-type]
        self.render_page(
            "enrol_preview.html",
            act=act,
            batch=row,
            total=plan.counts["total"],
            count=touched_count(plan),
            button=act.button % {"count": number(touched_count(plan))},
            again=plan.counts[Fate.AGAIN.value],
            tabs=tabs,
            tab=slug,
            people=people,
            lines=pager.items if slug == UNMATCHED else [],
            pager=pager,
            place=self.place((act.title, self.portal.url(f"ghi-danh/{act.slug}")), (_("Xem trước"), None)),
        )

    def show_done(self, batch: BatchRow) -> None:
        act = next(act for act in acts() if act.kind is batch.kind)
        self.render_page(
            "enrol_result.html",
            act=act,
            batch=batch,
            told=_told(batch),
            tiles=done_tiles(batch),
            place=self.place((act.title, self.portal.url(f"ghi-danh/{act.slug}")), (_("Đã ghi"), None)),
        )


class UnmatchedHandler(EnrolHandler):
    """The lines of a list that fit nobody, as XLSX, for a day."""

    async def get(self, batch: str) -> None:
        found = await self.run(batch_of, self.portal, self.me.account_id, batch)
        if not found.unmatched:
            raise not_found()
        rows = [[line["text"], line["reason"], line["where"]] for line in found.unmatched]
        heads = [_("Dòng trong danh sách"), _("Lý do"), _("Chỗ trong tệp")]
        self.send_sheet(await self.run(sheet_of, "Khong khop", heads, rows), "dong-khong-khop.xlsx")


def _told(batch: BatchRow) -> str:
    act = next(act for act in acts() if act.kind is batch.kind)
    return act.done % {"count": number(batch.counts.get("touched", 0))}


def enrolment_pages() -> list[Route]:
    """The start page, the forms, the previews and results."""
    base = r"/ghi-danh"
    slugs = r"ghi-danh|doi-han|mien-hoc|bo-mien-hoc|thoi-hoc"
    return [
        Route(rf"{base}/?", HomeHandler, ENROLLERS, "page"),
        Route(rf"{base}/(?P<act>{slugs})", ChooseHandler, ENROLLERS, "page"),
        Route(rf"{base}/viec/(?P<batch>[0-9a-f]{{32}})", BatchHandler, ENROLLERS, "page"),
        Route(
            rf"{base}/viec/(?P<batch>[0-9a-f]{{32}})/khong-khop\.xlsx", UnmatchedHandler, ENROLLERS, "page"
        ),
    ]
