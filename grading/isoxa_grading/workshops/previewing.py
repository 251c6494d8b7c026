"""What an import of result files would do: one line a file, with what it came to and who it would be recorded for.

Nothing is written here. Before it is, the lines are matched again in the writing transaction (`matched_anew`): the
roster may have changed, while what a file came to does not.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from isoxa_courses.text import VIETNAM, clean
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import CourseEdition, Unit, Workshop, WorkshopResult

from .archives import Room, unpacked
from .checking import CheckedFile, check
from .errors import FileRefused, Reason
from .matching import Candidate, Roster
from .result_file import Participant, decode

__all__ = ["LEAVE_OUT", "NEW_PERSON", "Fate", "Line", "matched_anew", "preview", "recorded_for"]

LEAVE_OUT, NEW_PERSON = "", "moi"


class Fate(enum.StrEnum):
    """What becomes of a file unless somebody chooses otherwise. In this order on the page."""

    READY = "ready"
    NEW = "new"
    DOUBTFUL = "doubtful"
    DOUBLE = "double"
    ALREADY = "already"
    REFUSED = "refused"


@dataclass(frozen=True)
class Line:
    """``message``: why, for whoever decides; ``choice``: what is done without a decision; ``sha256``: '' where there is
    nothing to decide, since the file is not taken or is here once already."""

    file_name: str
    sha256: str
    fate: Fate
    message: str = ""
    checked: CheckedFile | None = None
    unit: Unit | None = None
    coded: bool = False
    candidates: tuple[Candidate, ...] = ()
    reason: Reason | None = None

    @property
    def participant(self) -> Participant | None:
        """Who the file says it is of; None for a file that was refused before that could be read."""
        return self.checked.content.participant if self.checked else None

    @property
    def choice(self) -> str:
        """What is done without a decision."""
        if self.fate is Fate.READY:
            return recorded_for(self.candidates[0])
        return NEW_PERSON if self.fate is Fate.NEW else LEAVE_OUT

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be decided."""
        if self.fate in (Fate.ALREADY, Fate.REFUSED) or not self.sha256:
            return (LEAVE_OUT,)
        return (LEAVE_OUT, *(recorded_for(one) for one in self.candidates), NEW_PERSON)


def recorded_for(candidate: Candidate) -> str:
    """The choice that names a person."""
    return f"nguoi:{candidate.person_id}"


def preview(
    session: Session,
    library: CourseLibrary,
    workshop: Workshop,
    files: Sequence[tuple[str, bytes]],
    *,
    scope_paths: Sequence[str],
    now: datetime,
) -> list[Line]:
    """A line for each file (name, content; of a ZIP, for each in it), in the order they came.

    Of several files of one participant the one made last is taken, the others are double.
    """
    room = Room()
    checked = [
        one
        for name, content in files
        for one in _lines_of(session, library, workshop, clean(name)[:200] or "tep", content, room, now)
    ]
    return _without_doubles(_all_matched(session, workshop, checked, scope_paths))


def matched_anew(
    session: Session, workshop: Workshop, lines: Sequence[Line], scope_paths: Sequence[str]
) -> list[Line]:
    """Lines of a `preview`, which another session may have made, as they stand by this session's roster; doubles of
    one another are not looked for."""
    return _all_matched(session, workshop, [_unmatched(session, one) for one in lines], scope_paths)


def _unmatched(session: Session, line: Line) -> Line:
    if line.checked is None:
        return line
    edition = session.get_one(CourseEdition, line.checked.edition.id)
    checked = replace(line.checked, edition=edition)
    return replace(line, fate=Fate.READY, checked=checked, unit=None, candidates=(), reason=None)


def _all_matched(
    session: Session, workshop: Workshop, lines: Sequence[Line], scope_paths: Sequence[str]
) -> list[Line]:
    people = [line.participant for line in lines if line.participant is not None]
    roster = Roster(session, people, scope_paths)
    known = _recorded(session, workshop)
    return [line if line.participant is None else _matched(line, roster, known) for line in lines]


def _lines_of(
    session: Session,
    library: CourseLibrary,
    workshop: Workshop,
    name: str,
    content: bytes,
    room: Room,
    now: datetime,
) -> list[Line]:
    try:
        inside = unpacked(name, content, room)
    except FileRefused as refused:
        return [Line(name, "", Fate.REFUSED, str(refused), reason=refused.reason)]
    return [_checked(session, library, workshop, clean(one)[:255], read, now) for one, read in inside]


def _checked(
    session: Session,
    library: CourseLibrary,
    workshop: Workshop,
    file_name: str,
    content: bytes,
    now: datetime,
) -> Line:
    try:
        file = decode(content)
        checked = check(session, library, file, now=now)
        if checked.edition.course != workshop.course:
            raise FileRefused(
                Reason.OTHER_EDITION,
                f"Tệp thuộc khóa học khác (“{checked.edition.title}”), không phải khóa của lớp này.",
            )
    except FileRefused as refused:
        return Line(file_name, "", Fate.REFUSED, str(refused), reason=refused.reason)
    coded = file.content.class_name == workshop.code[:4] and file.proves(workshop.code)
    line = Line(file_name, file.sha256, Fate.READY, checked=checked, coded=coded)
    return replace(line, message=_about_code(line, workshop))


def _about_code(line: Line, workshop: Workshop) -> str:
    """Why a file's quizzes are only kept as evidence, where they are; else ''."""
    assert line.checked is not None
    content = line.checked.content
    if not content.class_name:
        return "Không có mã lớp: chỉ ghi làm minh chứng tập huấn."
    if not line.coded:
        return "Mã lớp trong tệp không phải của lớp này: chỉ ghi làm minh chứng tập huấn."
    days = {one.submitted_at.astimezone(VIETNAM).date() for one in content.attempts}
    if any(not workshop.held_on <= day <= workshop.held_until for day in days):
        return "Có bài kiểm tra nộp ngoài ngày tổ chức lớp: bài ấy chỉ ghi làm minh chứng."
    return ""


def _matched(line: Line, roster: Roster, known: dict[str, WorkshopResult]) -> Line:
    participant, checked = line.participant, line.checked
    assert participant is not None
    assert checked is not None
    unit = roster.units.get(participant.unit_code)
    if unit is None:
        message = (
            f"Đơn vị “{clean(participant.unit_name)}” không có trong phạm vi của anh/chị. Xin chuyển tệp cho cơ quan "
            "quản lý đơn vị ấy."
        )
        return replace(line, fate=Fate.REFUSED, message=message, reason=Reason.OUT_OF_SCOPE)
    line = replace(line, unit=unit)
    before = known.get(participant.key)
    if before is not None and before.made_at >= checked.content.made_at:
        same = before.file_sha256 == line.sha256
        message = "Tệp này đã được ghi." if same else "Đã ghi một tệp mới hơn của cùng người này."
        return replace(line, fate=Fate.ALREADY, message=message)
    match = roster.find(participant)
    if match.known is not None:
        return replace(line, candidates=(match.known,))
    if match.candidates:
        return replace(
            line, fate=Fate.DOUBTFUL, candidates=match.candidates, message=_joined(match.doubt, line.message)
        )
    return replace(
        line, fate=Fate.NEW, message=_joined("Chưa có trong danh sách người học của đơn vị.", line.message)
    )


def _without_doubles(lines: Sequence[Line]) -> list[Line]:
    """Of one participant, and of one person, the newest file alone is taken without asking."""
    newest: dict[str, Line] = {}
    takers: dict[str, Line] = {}
    for line in _newest_first(lines):
        assert line.checked is not None
        newest.setdefault(line.checked.content.participant.key, line)
    for line in _newest_first(lines):
        assert line.checked is not None
        if newest[line.checked.content.participant.key] is line:
            takers.setdefault(_taker(line), line)
    found: list[Line] = []
    for line in lines:
        if line.checked is None or line.fate in (Fate.ALREADY, Fate.REFUSED):
            found.append(line)
        elif any(line.sha256 == one.sha256 for one in found):
            # One file saved twice is decided once: choices go by SHA-256, so a second one would overrule the first.
            message = "Tệp này có hai bản giống hệt nhau trong lần nhập; bản kia được xét."
            found.append(replace(line, sha256="", fate=Fate.DOUBLE, message=message))
        elif newest[line.checked.content.participant.key] is not line:
            message = "Cùng một người có tệp mới hơn trong lần nhập này."
            found.append(replace(line, fate=Fate.DOUBLE, message=message))
        elif takers[_taker(line)] is not line:
            message = (
                "Hai tệp làm ở hai nơi khác nhau mang cùng họ tên, đơn vị. Xin hỏi lại người học rồi chọn."
            )
            found.append(replace(line, fate=Fate.DOUBLE, message=_joined(message, line.message)))
        else:
            found.append(line)
    return found


def _newest_first(lines: Sequence[Line]) -> list[Line]:
    open_lines = [
        one for one in lines if one.checked is not None and one.fate not in (Fate.ALREADY, Fate.REFUSED)
    ]
    return sorted(
        open_lines,
        key=lambda one: (one.checked.content.made_at if one.checked else None, one.sha256),
        reverse=True,
    )


def _taker(line: Line) -> str:
    """Whom the file would be recorded for: a person, or a new one of that name and commune."""
    if line.fate is Fate.READY:
        return line.choice
    participant = line.participant
    assert participant is not None
    if line.fate is Fate.DOUBTFUL:
        return f"key:{participant.key}"
    return f"{participant.unit_code}/{clean(participant.full_name).casefold()}/{clean(participant.position).casefold()}"


def _recorded(session: Session, workshop: Workshop) -> dict[str, WorkshopResult]:
    """Key → the newest result of that participant in this workshop."""
    query = select(WorkshopResult).where(WorkshopResult.workshop_id == workshop.id)
    return {
        one.key: one for one in session.scalars(query.order_by(WorkshopResult.made_at, WorkshopResult.id))
    }


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
