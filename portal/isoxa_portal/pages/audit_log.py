"""The audit log as a page: filters, newest first, within the administrator's scope. Nothing here changes it."""

from __future__ import annotations

from datetime import date, datetime

from isoxa_courses.text import clean
from isoxa_grading.records.audit_search import AuditFilter, AuditPage, search_audit
from isoxa_grading.records.database import reading

from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .admin_base import ADMIN, AdminHandler
from .audit_words import action_words, actions, detail_words
from .unit_field import NoSuchUnit, named_unit, offered_units
from .view import with_query

__all__ = ["audit_pages"]

_FILTERS = ("ai", "viec", "tu", "den", "don-vi", "tim")


class AuditHandler(AdminHandler):
    """ "Nhật ký"."""

    async def get(self) -> None:
        query = {name: clean(self.get_query_argument(name, ""))[:200] for name in _FILTERS}
        if query["viec"] not in actions():
            query["viec"] = ""
        before = self.get_query_argument("truoc", "")
        last = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
        found, units, errors = await self.run(_search, self.portal, self.scope, query, last)
        url = self.portal.url("quan-tri/nhat-ky")
        self.render_page(
            "audit_log.html",
            lines=[
                {
                    "at": line.at,
                    "actor": _nobody(line.action) if line.actor is None else line.actor,
                    "action": action_words(line.action),
                    "subject": line.subject or _subject_words(line.subject_kind, line.subject_id),
                    "unit": line.unit,
                    "detail": detail_words(line.action, line.detail),
                }
                for line in found.lines
            ],
            query=query,
            action_options=[("", _("Mọi việc")), *actions().items()],
            units=units,
            errors=errors,
            older=with_query(url, {**query, "truoc": str(found.older)}) if found.older else None,
            newest=with_query(url, query) if last else None,
            place=self.place((_("Nhật ký"), None)),
        )


def _nobody(action: str) -> str:
    """Who acted, where it was no account."""
    return _("Người chưa đăng nhập") if action == "reset.requested" else _("Dòng lệnh")


def _subject_words(kind: str, subject_id: str) -> str:
    if kind == "roster_import":
        return _("Lần nhập danh sách số %(id)s") % {"id": subject_id}
    return ""


def _search(
    portal: Portal, scope: list[str], query: dict[str, str], before: int | None
) -> tuple[AuditPage, list[str], dict[str, str]]:
    errors: dict[str, str] = {}
    with reading(portal.engine) as session:
        path = ""
        if query["don-vi"]:
            try:
                path = named_unit(session, scope, query["don-vi"]).path
            except NoSuchUnit as problem:
                errors["don-vi"] = str(problem)
        wanted = AuditFilter(
            who=query["ai"],
            what=query["viec"],
            since=_day(query, "tu", errors),
            until=_day(query, "den", errors),
            unit=path,
            text=query["tim"],
        )
        found = AuditPage([], None) if errors else search_audit(session, scope, wanted, before=before)
        return found, offered_units(session, scope), errors


def _day(query: dict[str, str], name: str, errors: dict[str, str]) -> date | None:
    typed = query[name]
    if not typed:
        return None
    try:
        return datetime.strptime(typed, "%d/%m/%Y").date()
    except ValueError:
        errors[name] = _("“%(typed)s” không phải ngày. Hãy viết như 31/12/2026.") % {"typed": typed}
        return None


def audit_pages() -> list[Route]:
    """The log."""
    return [Route(r"/quan-tri/nhat-ky", AuditHandler, ADMIN, "page")]
