"""What the pages on a training's effect read and take down, each in one transaction, within the account's scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from isoxa_courses.text import clean
from isoxa_grading.effect import (
    MOST_FIGURES,
    Completion,
    DueReview,
    Judgement,
    Measured,
    ReviewLine,
    ReviewRefused,
    completions_of,
    due_reviews,
    record_review,
    reviews_of,
)
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.reports import NotInScope, UnknownCourse
from isoxa_grading.reports.scope import UnitRef, narrowed
from sqlalchemy.orm import Session

from ..errors import not_found
from ..i18n import gettext as _
from ..portal import Portal
from .effect_view import DEGREES
from .published import published_courses
from .report_find import Path, path_of, unit_options
from .report_query import ReportQuery

__all__ = ["Due", "EffectForm", "Found", "find_due", "find_effect", "take_down"]

_LONGEST_DAY = 20
FIELDS = {
    "person": "nguoi",
    "judged_on": "ngay-danh-gia",
    "carried_out": "thuc-hien",
    "changed": "thay-doi",
    "figures": "so-lieu-1",
    "effective": "hieu-luc",
    "next_step": "viec-tiep",
    "judged_by": "nguoi-danh-gia",
}
"""Field of the judgement → field of the form."""


@dataclass(frozen=True)
class EffectForm:
    """What was typed, or nothing yet. ``figures``: measure, before, after."""

    person: str = ""
    judged_on: str = ""
    carried_out: str = ""
    changed: str = ""
    effective: str = ""
    next_step: str = ""
    judged_by: str = ""
    figures: tuple[tuple[str, str, str], ...] = (("", "", ""),) * MOST_FIGURES


@dataclass(frozen=True)
class Found:
    """A commune with those of it who completed the course, and its reviews, newest first."""

    unit: UnitRef
    course: str
    course_title: str
    path: Path
    completed: list[Completion]
    lines: list[ReviewLine]


@dataclass(frozen=True)
class Due:
    """The list of communes that are due, and what one may narrow it to."""

    courses: list[tuple[str, str]]
    query: ReportQuery
    rows: list[DueReview]
    unit_options: list[tuple[str, str]]
    path: Path


def _course(session: Session, query: ReportQuery) -> tuple[str, str]:
    courses = dict(published_courses(session))
    course = query.course or next(iter(courses), "")
    if course not in courses:
        raise not_found()
    return course, courses[course]


def _unit(session: Session, unit_id: int, scope: list[str], day: date) -> UnitRef:
    """The commune, or the one it has become; nothing else is judged."""
    found = [one for one in narrowed(session, unit_id, scope, day) if one.kind is UnitKind.COMMUNE]
    if len(found) != 1:
        raise NotInScope
    return found[0]


def find_effect(portal: Portal, unit_id: int, query: ReportQuery, scope: list[str], day: date) -> Found:
    """Who completed in the commune, and what was judged. Raises ``PortalError`` 404."""
    with reading(portal.engine) as session:
        try:
            course, title = _course(session, query)
            unit = _unit(session, unit_id, scope, day)
            return Found(
                unit,
                course,
                title,
                path_of(session, unit, scope),
                completions_of(session, unit.id, course=course, scope_paths=scope, as_of=day),
                reviews_of(session, unit.id, course=course, as_of=day),
            )
        except (NotInScope, UnknownCourse) as error:
            raise not_found() from error


def take_down(
    portal: Portal,
    unit_id: int,
    query: ReportQuery,
    scope: list[str],
    actor: int,
    form: EffectForm,
    now: datetime,
    day: date,
) -> dict[str, str]:
    """What is wrong with the form, by field; nothing: it was taken down."""
    try:
        judgement = _judgement(form, day)
        enrolment = None if form.person == "xa" else int(form.person)
        with writing(portal.engine) as session:
            course, _title = _course(session, query)
            unit = _unit(session, unit_id, scope, day)
            record_review(
                session, unit.id, enrolment, judgement, course=course, scope_paths=scope, actor=actor, now=now
            )
    except ReviewRefused as refused:
        return {FIELDS[refused.field]: str(refused)}
    except (NotInScope, UnknownCourse) as error:
        raise not_found() from error
    return {}


def _judgement(form: EffectForm, today: date) -> Judgement:
    if form.person != "xa" and not (
        form.person.isascii() and form.person.isdecimal() and len(form.person) < 10
    ):
        raise ReviewRefused("person", _("Anh/chị chọn đánh giá cho cả đơn vị hay cho một người."))
    judged_on, problem = ReportQuery(day=clean(form.judged_on)[:_LONGEST_DAY]).as_of(today)
    if problem or not clean(form.judged_on):
        raise ReviewRefused("judged_on", problem or _("Anh/chị ghi ngày đánh giá, dạng 31/12/2026."))
    if form.carried_out not in DEGREES:
        raise ReviewRefused("carried_out", _("Anh/chị chọn kế hoạch đã được thực hiện đến đâu."))
    if form.effective not in DEGREES:
        raise ReviewRefused("effective", _("Anh/chị chọn kết luận về hiệu lực."))
    return Judgement(
        judged_on=judged_on,
        carried_out=DEGREES[form.carried_out],
        changed=form.changed,
        effective=DEGREES[form.effective],
        judged_by=form.judged_by,
        next_step=form.next_step,
        figures=tuple(Measured(*one) for one in form.figures),
    )


def find_due(portal: Portal, query: ReportQuery, scope: list[str], day: date) -> Due | None:
    """The communes that are due; None where no course is published. Raises ``PortalError`` 404."""
    with reading(portal.engine) as session:
        courses = published_courses(session)
        if not courses:
            return None
        query = replace(query, course=query.course or courses[0][0])
        try:
            rows = due_reviews(
                session, course=query.course, scope_paths=scope, as_of=day, filters=query.filters
            )
            unit = None
            if query.unit is not None:
                found = narrowed(session, query.unit, scope, day)
                unit = found[0] if len(found) == 1 else None
        except (NotInScope, UnknownCourse) as error:
            raise not_found() from error
        return Due(
            courses, query, rows, unit_options(session, scope, unit, day), path_of(session, unit, scope)
        )
