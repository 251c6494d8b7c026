"""Reviews of effect: the communes that are due, and the short form for one commune or one of its officers.

A department judges within its scope; a commune's leader does with an account that has the department's role for that
commune. What was judged is never changed here, only followed by a newer judgement.
"""

from __future__ import annotations

from isoxa_grading.effect import MOST_FIGURES

from ..i18n import gettext as _
from ..routes import Route
from .effect_records import EffectForm, Found, find_due, find_effect, take_down
from .effect_view import carried_options, effective_options, judged_line, person_line
from .environment import day, number
from .report_base import DEPARTMENT, ReportBase
from .report_links import pack_url
from .report_query import ReportQuery
from .view import paged

__all__ = ["effect_pages"]

PAGE = 50


class DueHandler(ReportBase):
    """ "Đến hạn đánh giá hiệu lực": which communes have somebody to be judged."""

    async def get(self) -> None:
        as_of, problem = self.query.as_of(self.today)
        found = await self.run(find_due, self.portal, self.query, self.scope, as_of)
        if found is None:
            self.render_page("report_none.html", place=None)
            return
        query = found.query.settled(found.query.course, as_of, self.today)
        url = self.portal.url("bao-cao/hieu-luc")
        pager = paged(found.rows, query.page, PAGE, url, query.parameters())
        self.render_page(
            "effect_due.html",
            place=self.place(found.path, query, _("Đánh giá hiệu lực")),
            rows=[(row, query.at_unit(f"{url}/{row.unit_id}", None)) for row in pager.items],
            total=number(pager.total),
            persons=number(sum(row.persons for row in found.rows)),
            pager=pager,
            as_of=as_of,
            problem=problem,
            course_title=dict(found.courses)[query.course],
            courses=found.courses,
            query=query,
            unit_options=[("", _("Tất cả đơn vị")), *found.unit_options],
            action=url,
        )


class EffectHandler(ReportBase):
    """One commune: who is to be judged, what was judged, and the form."""

    async def get(self, unit: str) -> None:
        found = await self.run(find_effect, self.portal, int(unit), self.query, self.scope, self.today)
        self.show(found, EffectForm(person="xa", judged_on=day(self.today)), {})

    async def post(self, unit: str) -> None:
        form = self.form()
        errors = await self.run(
            take_down,
            self.portal,
            int(unit),
            self.query,
            self.scope,
            self.me.account_id,
            form,
            self.portal.clock(),
            self.today,
        )
        if not errors:
            kept = ReportQuery(course=self.query.course).link(
                self.portal.url(f"bao-cao/hieu-luc/{unit}"), {"trang-thai": None}
            )
            self.redirect(f"{kept}{'&' if '?' in kept else '?'}da-ghi=1", status=303)
            return
        found = await self.run(find_effect, self.portal, int(unit), self.query, self.scope, self.today)
        self.set_status(400)
        self.show(found, form, errors)

    def form(self) -> EffectForm:
        def said(name: str) -> str:
            return self.get_body_argument(name, "")

        return EffectForm(
            person=said("nguoi"),
            judged_on=said("ngay-danh-gia"),
            carried_out=said("thuc-hien"),
            changed=said("thay-doi"),
            effective=said("hieu-luc"),
            next_step=said("viec-tiep"),
            judged_by=said("nguoi-danh-gia"),
            figures=tuple(
                (said(f"so-lieu-{one}"), said(f"truoc-{one}"), said(f"sau-{one}"))
                for one in range(1, MOST_FIGURES + 1)
            ),
        )

    def show(self, found: Found, form: EffectForm, errors: dict[str, str]) -> None:
        query = ReportQuery(course=found.course)
        due = [one for one in found.completed if one.judged_on is None and one.due_on <= self.today]
        self.render_page(
            "effect_unit.html",
            place=self.place(found.path, query, _("Đánh giá hiệu lực")),
            name=found.unit.name,
            course_title=found.course_title,
            people=[person_line(one, self.today) for one in found.completed],
            due=number(len(due)),
            any_due=bool(due),
            can_judge=any(one.due_on <= self.today for one in found.completed),
            first_due=min((one.due_on for one in found.completed), default=None),
            judged=[judged_line(line) for line in found.lines],
            form=form,
            errors=errors,
            saved=not errors and self.get_query_argument("da-ghi", "") == "1",
            whom_options=[
                ("xa", _("Tất cả người đã hoàn thành của đơn vị")),
                *(
                    (str(one.enrolment_id), one.full_name)
                    for one in found.completed
                    if one.due_on <= self.today
                ),
            ],
            carried_options=carried_options(),
            effective_options=effective_options(),
            most_figures=MOST_FIGURES,
            pack=pack_url(found.unit.id, query, self.portal),
            today=self.today,
        )


def effect_pages() -> list[Route]:
    """The list of those due, and the page of a commune."""
    return [
        Route(r"/bao-cao/hieu-luc/?", DueHandler, DEPARTMENT, "page"),
        Route(r"/bao-cao/hieu-luc/(?P<unit>\d{1,9})", EffectHandler, DEPARTMENT, "page"),
    ]
