"""Reviews of effect as the pages show them: who is to be judged, what was judged, and the words for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from isoxa_grading.effect import Completion, Measured, ReviewLine
from isoxa_grading.records.tables import Degree

from ..i18n import gettext as _
from .view import Status

__all__ = [
    "DEGREES",
    "JudgedLine",
    "PersonLine",
    "carried_options",
    "effective_options",
    "judged_line",
    "person_line",
]

DEGREES = {"co": Degree.YES, "mot-phan": Degree.PARTLY, "khong": Degree.NO}
"""Value in the form → degree."""


@dataclass(frozen=True)
class PersonLine:
    """Somebody who completed the course; ``status``: whether they are to be judged; ``day``: since when, or when they
    were."""

    enrolment_id: int
    name: str
    position: str
    completed_on: date
    status: Status
    day: date


@dataclass(frozen=True)
class JudgedLine:
    """A judgement as it stands in the records."""

    whom: str
    judged_on: date
    carried_out: str
    changed: str
    effective: Status
    next_step: str
    judged_by: str
    figures: tuple[Measured, ...]
    counts: bool


def carried_options() -> list[tuple[str, str]]:
    """For the form: value, words."""
    return _options(_carried_words())


def effective_options() -> list[tuple[str, str]]:
    """For the form: value, words."""
    return _options(_effective_words())


def _options(words: dict[Degree, str]) -> list[tuple[str, str]]:
    return [("", _("Chọn")), *((slug, words[degree]) for slug, degree in DEGREES.items())]


def _carried_words() -> dict[Degree, str]:
    return {
        Degree.YES: _("Đã thực hiện"),
        Degree.PARTLY: _("Thực hiện một phần"),
        Degree.NO: _("Chưa thực hiện"),
    }


def _effective_words() -> dict[Degree, str]:
    return {
        Degree.YES: _("Có hiệu lực"),
        Degree.PARTLY: _("Có hiệu lực một phần"),
        Degree.NO: _("Chưa có hiệu lực"),
    }


def person_line(one: Completion, today: date) -> PersonLine:
    """Somebody who completed the course, as of today."""
    if one.judged_on is not None:
        status, since = Status("good", _("Đã đánh giá")), one.judged_on
    elif one.due_on <= today:
        status, since = Status("wait", _("Đến hạn")), one.due_on
    else:
        status, since = Status("none", _("Chưa đến hạn")), one.due_on
    return PersonLine(one.enrolment_id, one.full_name, one.position or "", one.completed_on, status, since)


def judged_line(line: ReviewLine) -> JudgedLine:
    """A judgement in words."""
    judged = line.judgement
    sign = {Degree.YES: "good", Degree.PARTLY: "part", Degree.NO: "bad"}[judged.effective]
    return JudgedLine(
        whom=line.full_name or _("Tất cả người đã hoàn thành của đơn vị"),
        judged_on=judged.judged_on,
        carried_out=_carried_words()[judged.carried_out],
        changed=judged.changed,
        effective=Status(sign, _effective_words()[judged.effective]),
        next_step=judged.next_step,
        judged_by=judged.judged_by,
        figures=judged.figures,
        counts=line.counts,
    )
