"""A batch as its pages show it: figures that open lists, one row a person, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from isoxa_grading.enrolment import Fate, Learner, Plan
from isoxa_grading.records.tables import BatchKind

from ..i18n import gettext as _
from .enrolment_base import quality_roles
from .enrolment_work import BatchRow
from .environment import day, number
from .view import Status, Tile, report_state

__all__ = ["FateTab", "PersonRow", "done_tiles", "fate_tabs", "person_rows", "tab_people", "touched_count"]

WITHOUT_ACCOUNT, UNMATCHED = "chua-co-tai-khoan", "khong-khop"
PAGE = 50


@dataclass(frozen=True)
class FateTab:
    """A figure that opens the list of whom it counts."""

    slug: str
    words: str
    count: int
    kind: str


@dataclass(frozen=True)
class PersonRow:
    """One person of a list."""

    person_id: int
    name: str
    unit: str
    position: str
    role: str
    status: Status
    due: str
    overdue: bool
    account: bool


_SLUGS = {
    Fate.NEW: "moi",
    Fate.CHANGES: "thay-doi",
    Fate.AGAIN: "da-thoi-hoc",
    Fate.SAME: "khong-doi",
    Fate.DONE: "da-xong",
    Fate.OUTSIDE: "chua-ghi-danh",
}
_SHOWN = {
    BatchKind.ENROL: (Fate.NEW, Fate.SAME, Fate.AGAIN),
    BatchKind.DUE: (Fate.CHANGES, Fate.SAME, Fate.DONE, Fate.OUTSIDE),
    BatchKind.WAIVE: (Fate.CHANGES, Fate.SAME, Fate.DONE, Fate.OUTSIDE),
    BatchKind.END_WAIVER: (Fate.CHANGES, Fate.SAME, Fate.OUTSIDE),
    BatchKind.WITHDRAW: (Fate.CHANGES, Fate.DONE, Fate.OUTSIDE),
}
_KINDS = {Fate.NEW: "good", Fate.CHANGES: "now", Fate.AGAIN: "wait"}


def _words(kind: BatchKind, fate: Fate) -> str:
    if kind is BatchKind.ENROL:
        return {
            Fate.NEW: _("Ghi danh mới"),
            Fate.SAME: _("Đã ghi danh, giữ nguyên"),
            Fate.AGAIN: _("Đã thôi học trước đây"),
        }[fate]
    if fate is Fate.CHANGES:
        return {
            BatchKind.DUE: _("Đổi hạn"),
            BatchKind.WAIVE: _("Được miễn"),
            BatchKind.END_WAIVER: _("Thôi được miễn"),
            BatchKind.WITHDRAW: _("Thôi học"),
        }[kind]
    if fate is Fate.SAME:
        return {
            BatchKind.DUE: _("Đã đúng hạn này"),
            BatchKind.WAIVE: _("Đã được miễn"),
            BatchKind.END_WAIVER: _("Không được miễn, giữ nguyên"),
        }[kind]
    return _("Đã hoàn thành hoặc được miễn") if fate is Fate.DONE else _("Không học khóa này")


def fate_tabs(plan: Plan, unmatched: int) -> list[FateTab]:
    """In the order in which they ask for attention."""
    counts = plan.counts
    found = [
        FateTab(_SLUGS[fate], _words(plan.kind, fate), counts[fate.value],
                _KINDS.get(fate, "none") if counts[fate.value] else "none")
        for fate in _SHOWN[plan.kind]
    ]  # fmt: skip
    if plan.kind is BatchKind.ENROL:
        bare = counts["without_account"]
        found.append(FateTab(WITHOUT_ACCOUNT, _("Chưa có tài khoản"), bare, "wait" if bare else "none"))
    if unmatched:
        found.append(FateTab(UNMATCHED, _("Dòng không khớp, bỏ qua"), unmatched, "bad"))
    return found


def tab_people(plan: Plan, slug: str) -> list[Learner]:
    """The people of a tab."""
    if slug == WITHOUT_ACCOUNT:
        return [one for one in plan.of(Fate.NEW, Fate.AGAIN) if not one.has_account]
    return plan.of(*(fate for fate, known in _SLUGS.items() if known == slug))


def touched_count(plan: Plan) -> int:
    """How many people the act is certain to touch."""
    counts = plan.counts
    return counts[Fate.NEW.value] + counts[Fate.CHANGES.value]


def person_rows(people: Sequence[Learner], today: date) -> list[PersonRow]:
    """The rows of a list; ``today`` decides what is overdue."""

    roles = {value: words for value, _slug, words in quality_roles()}
    return [
        PersonRow(
            one.person_id, one.full_name, one.unit, one.position or "",
            roles.get(one.quality_role.value, "") if one.quality_role else "",
            report_state(one.state), day(one.due_on), one.overdue(today), one.has_account,
        )
        for one in people
    ]  # fmt: skip


def done_tiles(batch: BatchRow) -> list[Tile]:
    """What was done, in figures."""
    counts = batch.counts
    tiles = [Tile("good", number(counts["touched"]), {
        BatchKind.ENROL: _("người được ghi danh"),
        BatchKind.DUE: _("người được đổi hạn"),
        BatchKind.WAIVE: _("người được miễn học"),
        BatchKind.END_WAIVER: _("người thôi được miễn"),
        BatchKind.WITHDRAW: _("người thôi học"),
    }[batch.kind])]  # fmt: skip
    if batch.kind is not BatchKind.WITHDRAW:
        same = {
            BatchKind.ENROL: _("người đã ghi danh từ trước"),
            BatchKind.END_WAIVER: _("người không được miễn, giữ nguyên"),
        }.get(batch.kind, _("người đã như vậy từ trước"))
        tiles.append(Tile("none", number(counts[Fate.SAME.value]), same))
    if batch.kind is BatchKind.ENROL:
        left = 0 if counts.get("again_asked") else counts[Fate.AGAIN.value]
        tiles.append(
            Tile("wait" if left else "none", number(left), _("người đã thôi học, không ghi danh lại"))
        )
        bare = counts["without_account"]
        tiles.append(Tile("wait" if bare else "none", number(bare), _("người chưa có tài khoản")))
    else:
        if batch.kind is not BatchKind.END_WAIVER:
            done = number(counts[Fate.DONE.value])
            tiles.append(Tile("none", done, _("người đã hoàn thành hoặc được miễn")))
        tiles.append(Tile("none", number(counts[Fate.OUTSIDE.value]), _("người không học khóa này")))
    if counts.get("unmatched"):
        tiles.append(Tile("bad", number(counts["unmatched"]), _("dòng không khớp, bỏ qua")))
    return tiles
