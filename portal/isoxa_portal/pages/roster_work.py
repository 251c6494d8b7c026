"""What the roster pages do: preview a kept file, import it, and tell what an import did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.records.roster import (
    Decision,
    RosterError,
    RosterPreview,
    RosterResult,
    RowKind,
    import_roster,
    preview_roster,
    read_roster,
)
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import RosterImport, Unit
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import PortalError, not_found
from ..i18n import gettext as _
from ..portal import Portal
from . import roster_uploads
from .published import published_courses
from .view import Status

__all__ = ["Preview", "PreviewRow", "Refused", "import_upload", "preview_of", "summary_of", "unit_names"]

SHOWN = 200


@dataclass(frozen=True)
class PreviewRow:
    """A row that would be taken in; ``note``: for example that the unit has a new name since 2025."""

    name: str
    unit: str
    position: str
    note: str
    state: Status


@dataclass(frozen=True)
class Refused:
    """A row that would not: where it stands and why."""

    where: str
    reason: str


@dataclass(frozen=True)
class Preview:
    """``counts`` as the roster gives them; ``rows`` the first of those taken in; ``courses`` to enrol in."""

    file_name: str
    counts: dict[str, int]
    rows: list[PreviewRow]
    refused: list[Refused]
    courses: list[tuple[str, str]]


def unit_names(portal: Portal, ids: list[int]) -> list[tuple[str, str]]:
    """Id and name of these units, the widest first."""
    with reading(portal.engine) as session:
        units = session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.path))
        return [(str(unit.id), unit.name) for unit in units]


def _upload(portal: Portal, account_id: int, ticket: str, units: dict[int, str]) -> roster_uploads.Upload:
    upload = roster_uploads.fetch(portal.data, account_id, ticket)
    # The role may have been withdrawn since the file was sent.
    if upload is None or upload.scope_id not in units:
        raise PortalError(
            404,
            "not_found",
            _(
                "Bản xem trước này không còn. Nếu anh/chị đã xác nhận thì danh sách đã được ghi; "
                "nếu chưa, xin chọn lại tệp."
            ),
        )
    return upload


def preview_of(portal: Portal, account_id: int, ticket: str, units: dict[int, str]) -> Preview:
    """What the kept file would do now. Raises ``PortalError`` 404 when there is none for this account."""
    upload = _upload(portal, account_id, ticket, units)
    with reading(portal.engine) as session:
        made = _previewed(session, upload)
        accepted = [decision for decision in made.rows if not decision.left_out]
        return Preview(
            file_name=upload.name,
            counts=made.counts,
            rows=[_row(decision) for decision in accepted[:SHOWN]],
            refused=_refused(made),
            courses=published_courses(session),
        )


def _previewed(session: Session, upload: roster_uploads.Upload) -> RosterPreview:
    try:
        file = read_roster(upload.content, upload.name)
        return preview_roster(session, file, session.get(Unit, upload.scope_id))
    except RosterError as problem:
        raise PortalError(400, "roster", str(problem)) from problem


def import_upload(
    portal: Portal,
    me: SignedIn,
    ticket: str,
    units: dict[int, str],
    course: str,
    due: date | None,
    now: datetime,
) -> RosterResult:
    """Import the kept file, enrol in the newest edition of ``course`` ("": nobody), and delete the file."""
    upload = _upload(portal, me.account_id, ticket, units)
    with writing(portal.engine) as session:
        edition = latest_edition(session, course) if course else None
        if course and edition is None:
            raise not_found()
        preview = _previewed(session, upload)
        result = import_roster(
            session, preview, me.account_id, now, enrol_in=edition, due_on=due, accounts="create"
        )
    roster_uploads.discard(portal.data, me.account_id, ticket)
    return result


def summary_of(portal: Portal, account_id: int, import_id: int) -> dict[str, int]:
    """What that import did. Raises ``PortalError`` 404 for one of another account."""
    with reading(portal.engine) as session:
        found = session.get(RosterImport, import_id)
        if found is None or found.actor_account_id != account_id:
            raise not_found()
        return {name: value for name, value in found.summary.items() if isinstance(value, int)}


def _row(decision: Decision) -> PreviewRow:
    states = {
        RowKind.NEW: Status("good", _("Thêm mới")),
        RowKind.CHANGED: Status("now", _("Thay đổi")),
        RowKind.MOVED: Status("wait", _("Chuyển đơn vị")),
        RowKind.UNCHANGED: Status("none", _("Không đổi")),
    }
    row = decision.row
    return PreviewRow(
        name=row.full_name,
        unit=decision.unit.name if decision.unit else row.unit,
        position=row.position or "",
        note=decision.note,
        state=states[decision.kind],
    )


def _refused(preview: RosterPreview) -> list[Refused]:
    found = []
    for problem in preview.problems:
        where = _("Trang “%(sheet)s”, dòng %(row)s") % {"sheet": problem.sheet, "row": problem.row}
        if problem.column:
            where += _(", cột “%(column)s”") % {"column": problem.column}
        reason = problem.reason
        if problem.nearest and problem.nearest not in reason:
            reason += " " + _("Có phải “%(nearest)s”?") % {"nearest": problem.nearest}
        found.append(Refused(where, reason))
    return found
