"""An import of many files, recorded in portions: nobody who writes waits while a class of five hundred is recorded.

What costs is done before anything is locked: opening, checking a signature, scoring (`preview`, under ``reading``). A
portion's files are then matched anew where nobody else can write, since the roster may have changed, and recorded as
it was decided for all of them together. Each file is recorded whole or not at all; where a later portion cannot be,
the earlier ones stand, and the same import again goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine

from isoxa_grading.records.database import writing
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import Account

from .errors import WorkshopRefused
from .opening import find_workshop
from .previewing import LEAVE_OUT, Fate, Line, matched_anew
from .recording import Recorded, decided, record
from .result_file import Content
from .sendings import forget_sendings

__all__ = ["PORTION", "record_in_portions"]

PORTION = 20
"""Files a transaction: about a second of work."""


def record_in_portions(
    engine: Engine,
    library: CourseLibrary,
    workshop_id: int,
    lines: Sequence[Line],
    choices: Mapping[str, str],
    *,
    scope_paths: Sequence[str],
    count_attempts: bool,
    actor: Account | int | None,
    now: datetime,
) -> list[Recorded]:
    """Record the lines of a `preview`, as `record` does; what was recorded is no longer kept as sent.

    A file that somebody else recorded meanwhile is passed over. Raises `WorkshopRefused` for a choice that a line does
    not offer, or two files for one person; it says whether anything was written before that.
    """
    wanted = [(line, choice) for line, choice in decided(lines, choices) if choice != LEAVE_OUT]
    # Of one participant's files the older one first: after a newer one it would count as known.
    wanted.sort(key=lambda one: _content(one[0]).made_at)
    recorded: list[Recorded] = []
    for begin in range(0, len(wanted), PORTION):
        part = wanted[begin : begin + PORTION]
        with writing(engine) as session:
            workshop = find_workshop(session, workshop_id, scope_paths)
            anew = matched_anew(session, workshop, [line for line, _choice in part], scope_paths)
            still = [line for line in anew if line.fate is not Fate.ALREADY]
            try:
                done = record(
                    session,
                    library,
                    workshop,
                    still,
                    {line.sha256: choice for line, choice in part},
                    count_attempts=count_attempts,
                    actor=actor,
                    now=now,
                )
            except WorkshopRefused as refused:
                if not recorded:
                    raise
                raise WorkshopRefused(
                    f"Đã ghi {len(recorded)} tệp. Danh sách vừa thay đổi nên các tệp còn lại chưa ghi; xin xem lại rồi "
                    "xác nhận tiếp. Tệp đã ghi thì không ghi lần nữa."
                ) from refused
            forget_sendings(session, workshop, [_content(line) for line in anew])
        recorded += done
    known = [_content(line) for line in lines if line.fate is Fate.ALREADY]
    if known:
        with writing(engine) as session:
            forget_sendings(session, find_workshop(session, workshop_id, scope_paths), known)
    return recorded


def _content(line: Line) -> Content:
    assert line.checked is not None
    return line.checked.content
