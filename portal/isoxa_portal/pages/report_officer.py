""" "Báo cáo hoàn thành", down to one officer: what they did, their quizzes, what happened when. Within the scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import FactKind, Role
from isoxa_grading.reports import NotInScope, UnknownCourse
from isoxa_grading.reports.officer import AttemptLine, Event, OfficerRecord, WorkshopLine, officer_record
from sqlalchemy.orm import Session

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from ..routes import Route
from .environment import day, number, percent
from .published import published_courses
from .report_base import ReportBase
from .report_find import Path, path_of
from .report_links import certificate_url
from .report_query import ReportQuery, role_words
from .report_table import share_words
from .view import Link, Status, report_state

__all__ = ["Line", "officer_report_pages", "workshop_lines"]


@dataclass(frozen=True)
class Line:
    """A lesson or an attempt as it stands in its table."""

    name: str
    note: str
    when: str
    state: Status


@dataclass(frozen=True)
class _Found:
    query: ReportQuery
    record: OfficerRecord
    path: Path


def _find(portal: Portal, person: int, query: ReportQuery, scope: list[str], day: date) -> _Found:
    with reading(portal.engine) as session:
        return _read(session, person, query, scope, day)


def _read(session: Session, person: int, query: ReportQuery, scope: list[str], day: date) -> _Found:
    courses = published_courses(session)
    if not courses:
        raise not_found()
    query = replace(query, course=query.course or courses[0][0])
    try:
        record = officer_record(
            session, person, course=query.course, scope_paths=scope, as_of=day, unit_id=query.unit
        )
    except (NotInScope, UnknownCourse) as error:
        raise not_found() from error
    return _Found(query, record, path_of(session, record.unit, scope))


class OfficerHandler(ReportBase):
    """One officer, as of the report's day."""

    async def get(self, person: str) -> None:
        as_of, problem = self.query.as_of(self.today)
        found = await self.run(_find, self.portal, int(person), self.query, self.scope, as_of)
        query = found.query.settled(found.query.course, as_of, self.today)
        record = found.record
        shown: dict[str, Any] = {
            "name": record.full_name,
            "lead": " · ".join(part for part in (record.position or "", record.unit.name) if part),
            "course_title": record.course_title,
            "as_of": as_of,
            "is_today": as_of == self.today,
            "problem": problem,
            "state": report_state(record.row.state) if record.row else None,
            "summary": _summary(record),
            "lessons": _lessons(record),
            "quizzes": _quizzes(record),
            "events": [(event.on, _words(event)) for event in record.events],
            "certificates": [self.certificate(one.number, one.revoked) for one in record.certificates],
            "workshops": workshop_lines(record.workshops),
            "unit_url": query.at_unit(self.report_url, record.unit.id),
            "unit_name": record.unit.name,
        }
        # A department that has one commune alone begins there: the step above is the report itself.
        self.render_page(
            "report_officer.html", place=self.place(found.path, query, record.full_name), officer=shown
        )

    def certificate(self, number: str, revoked: bool) -> Link:
        return Link(number, certificate_url(number, self.portal), _("đã thu hồi") if revoked else "")


def _summary(record: OfficerRecord) -> list[tuple[str, str]]:
    row = record.row
    if row is None:
        return []
    due = day(row.due_on, "–") + (f" ({_('quá hạn')})" if row.overdue else "")
    lines = [
        (_("Vai trò"), role_words(row.quality_role)),
        (_("Đã làm"), share_words(row.share_done)),
        (_("Điểm cao nhất"), share_words(row.best_score)),
        (_("Hoạt động gần nhất"), day(row.last_activity, "–")),
        (_("Hạn hoàn thành"), due),
    ]
    if row.completed_on is not None:
        lines.append((_("Ngày hoàn thành"), day(row.completed_on)))
    return lines


def _lessons(record: OfficerRecord) -> list[Line]:
    made = []
    for one in record.lessons:
        if one.completed_on is not None:
            state = Status("good", _("Đã xong"))
        elif one.done:
            state = Status("now", _("Học dở dang"))
        else:
            state = Status("none", _("Chưa bắt đầu"))
        note = (
            _("%(done)s trên %(total)s phần thực hành")
            % {"done": number(one.done), "total": number(one.total)}
            if one.total
            else ""
        )
        if not one.required:
            note = " · ".join(part for part in (note, _("không bắt buộc")) if part)
        name = _("Bài %(number)s. %(title)s") % {"number": one.number, "title": one.title}
        made.append(Line(name, note, day(one.completed_on, "–"), state))
    return made


def _quizzes(record: OfficerRecord) -> list[Line]:
    made = []
    for quiz in record.quizzes:
        if not quiz.attempts:
            made.append(Line(quiz.title, _("chưa nộp bài"), "–", Status("none", _("Chưa làm"))))
        for one in quiz.attempts:
            made.append(
                Line(
                    quiz.title,
                    _("lần %(number)s · %(points)s · cần đạt %(mark)s")
                    % {
                        "number": number(one.number),
                        "points": _points(one),
                        "mark": percent(quiz.pass_mark, 100),
                    },
                    day(one.submitted_on),
                    _verdict(one),
                )
            )
    return made


def _points(one: AttemptLine) -> str:
    if one.points is None:
        return _("chưa có điểm")
    return _("%(points)s trên %(max)s điểm (%(share)s)") % {
        "points": number(one.points),
        "max": number(one.max_points),
        "share": percent(one.points, one.max_points),
    }


def _verdict(one: AttemptLine) -> Status:
    if one.passed is None:
        return Status("wait", _("Chờ chấm"))
    return Status("good", _("Đạt")) if one.passed else Status("bad", _("Chưa đạt"))


def _words(event: Event) -> str:
    until = {"day": day(event.value)}
    return {
        FactKind.ENROLLED: _("Đăng ký khóa học"),
        FactKind.STARTED: _("Bắt đầu học"),
        FactKind.DUE: _("Đặt hạn hoàn thành: %(day)s") % until if event.value else _("Bỏ hạn hoàn thành"),
        FactKind.COMPLETED: _("Hoàn thành khóa học"),
        FactKind.VALID_UNTIL: _("Kết quả có hiệu lực đến hết ngày %(day)s") % until,
        FactKind.WAIVED: _("Được miễn"),
        FactKind.WAIVER_ENDED: _("Thôi được miễn"),
        FactKind.WITHDRAWN: _("Rút khỏi khóa học"),
    }[event.kind]


def workshop_lines(workshops: Sequence[WorkshopLine]) -> list[Line]:
    """Workshops as a table has them: name; date, place and trainer; when it was recorded; what it is."""
    made = []
    for one in workshops:
        held = day(one.held_on)
        if one.held_until != one.held_on:
            held = f"{held} – {day(one.held_until)}"
        about = {"days": held, "place": one.place, "trainer": one.trainer, "count": number(one.counted)}
        if one.counted:
            words = _("%(days)s, %(place)s. Giảng viên: %(trainer)s. Tính điểm %(count)s bài kiểm tra")
            state = Status("good", _("Có tính điểm"))
        else:
            words = _("%(days)s, %(place)s. Giảng viên: %(trainer)s")
            state = Status("none", _("Minh chứng"))
        made.append(Line(one.title, words % about, day(one.recorded_on), state))
    return made


def officer_report_pages() -> list[Route]:
    """The page of one officer."""
    roles = frozenset({Role.DEPARTMENT})
    return [Route(r"/bao-cao/hoc-vien/(?P<person>[0-9]{1,9})", OfficerHandler, roles, "page")]
