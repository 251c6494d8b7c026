"""What a quiz of a result file came to, and what becomes of a file, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from isoxa_courses.errors import UnknownName
from isoxa_grading.records.library import CourseLibrary, EditionMissing
from isoxa_grading.records.tables import CourseEdition
from isoxa_grading.workshops import Fate

from ..i18n import gettext as _
from ..pages.environment import number

__all__ = ["attempt_words", "fate_words", "points_words", "why_words"]


def fate_words() -> dict[Fate, tuple[str, str]]:
    """Fate → kind of status and words, in the order of the page."""
    return {
        Fate.READY: ("good", _("Khớp danh sách")),
        Fate.NEW: ("now", _("Người mới")),
        Fate.DOUBTFUL: ("wait", _("Nghi vấn")),
        Fate.DOUBLE: ("wait", _("Trùng")),
        Fate.ALREADY: ("none", _("Đã ghi từ trước")),
        Fate.REFUSED: ("bad", _("Không nhận")),
    }


def why_words() -> dict[str, str]:
    """Why a quiz is evidence alone."""
    return {
        "no_code": _("minh chứng, không có mã lớp"),
        "other_day": _("minh chứng, nộp ngoài ngày tổ chức"),
        "evidence": _("minh chứng"),
        "none_left": _("minh chứng, đã hết lượt làm bài"),
        "locked": _("minh chứng, chưa xong bài học trước đó"),
        "waiting": _("minh chứng, lần trước còn chờ chấm"),
        "open": _("minh chứng, đang có bài làm dở ở đây"),
        "not_built": _("minh chứng, bài này chưa có ở đây"),
        "of_another": _("minh chứng, đã ghi cho người khác"),
    }


def points_words(points: Decimal, max_points: Decimal, waiting: int) -> str:
    """ "8/10 điểm", and what waits."""
    words = _("%(points)s/%(max)s điểm") % {"points": number(points), "max": number(max_points)}
    return words if not waiting else _("%(points)s, còn câu chờ chấm") % {"points": words}


def attempt_words(library: CourseLibrary, edition: CourseEdition, figures: dict[str, Any]) -> str:
    """One quiz of a result that was recorded."""
    try:
        title = library.quiz(edition.course, edition.edition, figures["quiz"]).title
    except (EditionMissing, UnknownName):
        title = figures["quiz"]
    points = points_words(Decimal(figures["points"]), Decimal(figures["max_points"]), len(figures["waiting"]))
    if figures["counted"]:
        return _("%(quiz)s: %(points)s, tính điểm") % {"quiz": title, "points": points}
    why = why_words().get(figures["why"], why_words()["evidence"])
    return _("%(quiz)s: %(points)s (%(why)s)") % {"quiz": title, "points": points, "why": why}
