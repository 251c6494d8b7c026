"""What the roster pages do: read a kept file, preview it, keep choices, import it, tell what was done, undo it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.records.roster import (
    Choice,
    DecisionRefused,
    RosterError,
    RosterFile,
    RosterPreview,
    import_roster,
    preview_roster,
    read_roster,
    refused_rows_xlsx,
    undo_import,
)
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Account, RosterImport, Unit
from isoxa_grading.records.units import country, in_scope
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..errors import PortalError, not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..roster_jobs import Job
from . import roster_uploads
from .published import published_courses
from .roster_view import PAGE, PreviewRow, Tab, first_tab, shown_rows, tab_rows, tabs
from .view import Pager, paged

__all__ = [
    "Imported",
    "Shown",
    "choose",
    "import_upload",
    "imported",
    "left_out_of",
    "preview_of",
    "read_upload",
    "recent_imports",
    "undo",
    "unit_names",
    "upload_of",
]


@dataclass(frozen=True)
class Shown:
    """A preview as the page shows it. ``total``: rows in the file; ``ready``: rows an import would take in."""

    file_name: str
    total: int
    ready: int
    tabs: list[Tab]
    tab: str
    rows: list[PreviewRow]
    pager: Pager[object]
    notes: tuple[str, ...]
    left_out: int
    courses: list[tuple[str, str]]


class Imported(NamedTuple):
    """An import that was done. ``left_out``: its sheet of rows left out can be taken away."""

    id: int
    file_name: str
    at: datetime
    actor: str
    summary: dict[str, int]
    undone_at: datetime | None
    left_out: bool


def unit_names(portal: Portal, ids: list[int]) -> list[tuple[str, str]]:
    """Id and name of these units, the widest first."""
    with reading(portal.engine) as session:
        units = session.scalars(select(Unit).where(Unit.id.in_(ids)).order_by(Unit.path))
        return [(str(unit.id), unit.name) for unit in units]


# -- before confirmation -----------------------------------------------------------------------------------------------


def upload_of(
    portal: Portal, account_id: int, ticket: str, units: Mapping[int, str]
) -> roster_uploads.Upload:
    """The kept file. Raises ``PortalError`` 404 when there is none for this account."""
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


def read_upload(portal: Portal, account_id: int, upload: roster_uploads.Upload, job: Job) -> None:
    """Read the file and try a first preview, so that a file which cannot be used is told at once.

    Raises ``RosterError``.
    """
    file = read_roster(upload.content, upload.name)
    job.rows, job.stage = len(file.rows), "matching"
    with reading(portal.engine) as session:
        preview_roster(session, file, session.get(Unit, upload.scope_id))
    portal.roster_jobs.remember((account_id, upload.ticket), file)


def preview_of(
    portal: Portal, account_id: int, upload: roster_uploads.Upload, tab: str, page: str, url: str
) -> Shown:
    """What the file would do now, one kind of rows at a time."""
    file = _file(portal, account_id, upload)
    with reading(portal.engine) as session:
        made = _previewed(session, file, upload)
        found = tabs(made)
        slug = tab if tab in {one.slug for one in found} else first_tab(made)
        pager = paged(list(tab_rows(made, slug)), page, PAGE, url, {"loai": slug})
        return Shown(
            file_name=upload.name,
            total=len(made.rows),
            ready=len(made.rows) - len(made.left_out),
            tabs=found,
            tab=slug,
            rows=shown_rows(session, made, pager.items),
            pager=pager,  # type: ignore[arg-type]
            notes=file.notes,
            left_out=len(made.left_out),
            courses=published_courses(session),
        )


def choose(portal: Portal, account_id: int, upload: roster_uploads.Upload, chosen: Mapping[str, str]) -> bool:
    """Keep these choices (row key → text, "" to think again); whether any was another than before.

    Raises ``DecisionRefused`` for one that is not open; then none is kept.
    """
    before = dict(upload.choices)
    after = {key: text for key, text in {**before, **chosen}.items() if text}
    if after == before:
        return False
    file = _file(portal, account_id, upload)
    if not set(chosen) <= {row.key for row in file.rows}:
        raise DecisionRefused(_("Dòng được chọn không có trong tệp. Chưa có gì thay đổi."))
    with reading(portal.engine) as session:
        scope = session.get(Unit, upload.scope_id)
        preview_roster(session, file, scope, {key: Choice.parse(text) for key, text in after.items()})
    roster_uploads.save_choices(portal.data, account_id, upload, after)
    return True


def left_out_of(portal: Portal, account_id: int, upload: roster_uploads.Upload) -> bytes:
    """The rows that would be left out, as XLSX."""
    file = _file(portal, account_id, upload)
    with reading(portal.engine) as session:
        return _left_out(_previewed(session, file, upload))


def _left_out(preview: RosterPreview) -> bytes:
    stream = io.BytesIO()
    refused_rows_xlsx(preview, stream)
    return stream.getvalue()


def _file(portal: Portal, account_id: int, upload: roster_uploads.Upload) -> RosterFile:
    key = (account_id, upload.ticket)
    file = portal.roster_jobs.file(key)
    if file is None:
        file = read_roster(upload.content, upload.name)
        portal.roster_jobs.remember(key, file)
    return file


def _previewed(session: Session, file: RosterFile, upload: roster_uploads.Upload) -> RosterPreview:
    """With the choices kept; one that is no longer open (the records moved on) is asked again."""
    choices = {key: Choice.parse(text) for key, text in upload.choices.items()}
    scope = session.get(Unit, upload.scope_id)
    try:
        return preview_roster(session, file, scope, choices)
    except DecisionRefused:
        return preview_roster(session, file, scope)
    except RosterError as problem:
        raise PortalError(400, "roster", str(problem)) from problem


# -- confirmed ---------------------------------------------------------------------------------------------------------


def import_upload(
    portal: Portal,
    me: SignedIn,
    upload: roster_uploads.Upload,
    course: str,
    due: date | None,
    now: datetime,
    job: Job,
) -> int | None:
    """Import the kept file in one transaction, enrol in the newest edition of ``course`` ("": nobody), and delete the
    file; returns the import's id, or None if there was nothing to change.
    """
    file = _file(portal, me.account_id, upload)
    job.rows, job.stage = len(file.rows), "writing"
    with writing(portal.engine) as session:
        edition = latest_edition(session, course) if course else None
        if course and edition is None:
            raise not_found()
        preview = _previewed(session, file, upload)
        result = import_roster(
            session, preview, me.account_id, now, enrol_in=edition, due_on=due, accounts="create"
        )
        left_out = _left_out(result.preview) if result.preview and result.preview.left_out else None
    if result.import_id is not None and left_out is not None:
        roster_uploads.keep_left_out(portal.data, me.account_id, result.import_id, left_out)
    roster_uploads.discard(portal.data, me.account_id, upload.ticket)
    portal.roster_jobs.discard((me.account_id, upload.ticket))
    return result.import_id


def imported(portal: Portal, me: SignedIn, scope: list[str], import_id: int) -> Imported:
    """What that import did. Raises ``PortalError`` 404 for one that is not wholly within the scope."""
    with reading(portal.engine) as session:
        found = _within(session, scope, import_id)
        return _imported(portal, me.account_id, session, found)


def recent_imports(portal: Portal, me: SignedIn, scope: list[str], limit: int) -> list[Imported]:
    """The newest imports within the scope."""
    with reading(portal.engine) as session:
        query = select(RosterImport).order_by(RosterImport.imported_at.desc(), RosterImport.id.desc())
        found: list[Imported] = []
        for one in session.scalars(query.execution_options(yield_per=50)):
            if _in_scope(session, scope, one):
                found.append(_imported(portal, me.account_id, session, one))
                if len(found) == limit:
                    break
        return found


def undo(portal: Portal, me: SignedIn, scope: list[str], import_id: int, now: datetime) -> int:
    """Take the import back whole; how many rows. Raises ``UndoRefused`` (nothing is changed then)."""
    with writing(portal.engine) as session:
        _within(session, scope, import_id)
        return undo_import(session, import_id, me.account_id, now)


def _within(session: Session, scope: list[str], import_id: int) -> RosterImport:
    found = session.get(RosterImport, import_id)
    if found is None or not _in_scope(session, scope, found):
        raise not_found()
    return found


def _in_scope(session: Session, scope: list[str], one: RosterImport) -> bool:
    unit = session.get(Unit, one.scope_unit_id) if one.scope_unit_id is not None else country(session)
    return unit is not None and any(in_scope(unit.path, path) for path in scope)


def _imported(portal: Portal, account_id: int, session: Session, one: RosterImport) -> Imported:
    actor = session.get(Account, one.actor_account_id) if one.actor_account_id is not None else None
    return Imported(
        one.id, one.file_name, one.imported_at, actor.display_name if actor else _("Dòng lệnh"),
        {name: value for name, value in one.summary.items() if isinstance(value, int)}, one.undone_at,
        roster_uploads.left_out(portal.data, account_id, one.id) is not None,
    )  # fmt: skip
