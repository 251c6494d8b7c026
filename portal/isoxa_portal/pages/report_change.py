"""What has changed since figures were last kept ("đã chốt"), in words and signs: more, fewer, the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from isoxa_grading.reports import Figures

from ..i18n import gettext as _
from .environment import day, number

__all__ = ["Change", "change_since", "difference"]


@dataclass(frozen=True)
class Change:
    """``notes``: a figure's name to what stands under it ("+12"), where it changed; ``sentence`` sums it up."""

    since: date
    notes: dict[str, str]
    sentence: str


def difference(now: int, before: int) -> str:
    """+12, −3 or "không đổi"; the sign is a true minus."""
    if now == before:
        return _("không đổi")
    return f"+{number(now - before)}" if now > before else f"−{number(before - now)}"


def change_since(now: Figures, before: Figures, since: date) -> Change:
    """From the figures kept as of ``since`` to those of the report."""
    named = ("registered", "completed", "waiting_for_grading", "overdue", "communes_nobody_sent",
             "communes_one_person_only")  # fmt: skip
    notes = {
        name: difference(getattr(now, name), getattr(before, name))
        for name in named
        if getattr(now, name) != getattr(before, name)
    }
    parts = [
        _more_or_less(now.registered - before.registered, _("người đăng ký")),
        _more_or_less(now.completed - before.completed, _("người hoàn thành")),
        _more_or_less(now.overdue - before.overdue, _("người quá hạn")),
        _more_or_less(now.communes_nobody_sent - before.communes_nobody_sent, _("đơn vị chưa cử ai")),
    ]
    told = "; ".join(part for part in parts if part) or _("chưa có gì thay đổi")
    sentence = _("So với số liệu chốt ngày %(day)s: %(changes)s.") % {"day": day(since), "changes": told}
    return Change(since, notes, sentence)


def _more_or_less(by: int, what: str) -> str:
    if by == 0:
        return ""
    words = _("thêm %(count)s %(what)s") if by > 0 else _("bớt %(count)s %(what)s")
    return words % {"count": number(abs(by)), "what": what}
