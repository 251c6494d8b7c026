"""What the report's pages have in common: the day, the scope, what is asked for, the way back, files."""

from __future__ import annotations

from datetime import date

from isoxa_courses.text import VIETNAM
from isoxa_grading.records.tables import Role

from ..handlers import PortalHandler
from ..i18n import gettext as _
from .report_find import Path
from .report_query import ReportQuery

__all__ = ["DEPARTMENT", "TYPES", "ReportBase"]

DEPARTMENT = frozenset({Role.DEPARTMENT})
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=UTF-8",
    "pdf": "application/pdf",
}


class ReportBase(PortalHandler):
    """What the report's pages have in common: the day, the scope, what is asked for, the way back."""

    @property
    def today(self) -> date:
        return self.portal.clock().astimezone(VIETNAM).date()

    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.DEPARTMENT)

    @property
    def query(self) -> ReportQuery:
        return ReportQuery.read(lambda name, default: self.get_query_argument(name, default))

    @property
    def report_url(self) -> str:
        return self.portal.url("bao-cao")

    def place(self, path: Path, query: ReportQuery, here: str | None = None) -> list[tuple[str, str | None]]:
        """Where one is: the report, the province, the commune, and ``here`` below them."""
        steps: list[tuple[str, str | None]] = [
            (name or _("Báo cáo hoàn thành"), query.at_unit(self.report_url, unit)) for unit, name in path
        ]
        if here is not None:
            return [*steps, (here, None)]
        return [*steps[:-1], (steps[-1][0], None)]

    def send_file(self, content: bytes, kind: str, name: str) -> None:
        """``name``: of the file, without its ending, in ASCII."""
        self.set_header("Content-Type", TYPES[kind])
        self.set_header("Content-Disposition", f'attachment; filename="{name}.{kind}"')
        self.finish(content)
