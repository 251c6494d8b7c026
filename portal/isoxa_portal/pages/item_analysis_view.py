"""From an item analysis to the page that shows it: the finding, tiles, the drawn field, each question, the clauses."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from isoxa_courses.models import Lesson
from isoxa_grading.reports.items import (
    EASY,
    FEWEST,
    HARD,
    SELDOM,
    UNRELIABLE,
    WEAK,
    ClauseItems,
    Flag,
    QuizItems,
    SlotItems,
    Taken,
    VariantItems,
)

from ..i18n import gettext as _
from .chart import Chart, Measure, bar_chart
from .environment import number, percent
from .item_scatter import Scatter, scatter
from .view import Link, Tile

__all__ = ["ClauseLine", "ItemsPage", "SlotLine", "items_page"]

_NONE = "–"
_MOST_CLAUSES = 10


@dataclass(frozen=True)
class TakenLine:
    """``kind`` names the bar's look; ``note`` says what is remarkable about it."""

    part: str
    text: str
    right: bool
    count: int
    share: str
    width: float
    kind: str
    note: str


@dataclass(frozen=True)
class VariantLine:
    """``kind``: choices, parts, values or written; ``enough``: whether there are figures."""

    number: int
    prompt: str
    kind: str
    asked: int
    facility: str
    enough: bool
    empty: str
    taken: list[TakenLine]


@dataclass(frozen=True)
class FlagLine:
    """``words`` name it, ``advice`` says what to do."""

    kind: str
    words: str
    advice: str


@dataclass(frozen=True)
class SlotLine:
    """A question in the table and in its own section; figures are written out, "–" where there is none."""

    number: int
    anchor: str
    outcome: str
    scored: int
    waiting: int
    facility: str
    discrimination: str
    upper_lower: str
    median: str
    mean: str
    timed: int
    flags: list[FlagLine]
    variants: list[VariantLine]
    equal: str
    lesson: Link
    clause: str


@dataclass(frozen=True)
class ClauseLine:
    """``wrong``: (question's number, what was answered, share)."""

    clause: str
    numbers: str
    answers: int
    lost: str
    wrong: list[tuple[int, str, str]]


@dataclass(frozen=True)
class ItemsPage:
    """What the template gets."""

    title: str
    finding: str
    too_early: bool
    notes: list[str]
    tiles: list[Tile]
    scatter: Scatter | None
    slots: list[SlotLine]
    clauses: list[ClauseLine]
    clause_chart: Chart | None


def items_page(items: QuizItems, clauses: list[ClauseItems], lesson: Lesson, lesson_url: str) -> ItemsPage:
    """The page of one quiz; ``lesson_url`` is the address of ``lesson``, where questions send back to."""
    sections = {section.id: section.title for section in lesson.sections}
    return ItemsPage(
        title=items.title,
        finding=finding(items),
        too_early=items.too_early,
        notes=_notes(items),
        tiles=[] if items.too_early else _tiles(items),
        scatter=scatter(
            [
                (one.number, one.facility, one.discrimination, bool(one.flags))
                for one in items.slots
                if one.facility is not None and one.discrimination is not None
            ],
            HARD,
            EASY,
            WEAK,
        ),
        slots=[_slot(one, sections, lesson_url) for one in items.slots],
        clauses=[_clause(one) for one in clauses],
        clause_chart=_clause_chart(clauses),
    )


def finding(items: QuizItems) -> str:
    """The page in one sentence."""
    if items.too_early:
        return _("Mới có %(count)s lượt nộp bài: còn quá sớm để tính, cần ít nhất %(fewest)s lượt.") % {
            "count": number(items.attempts),
            "fewest": number(FEWEST),
        }
    if not items.flagged:
        return _("Không câu nào trong %(total)s câu phải xem lại.") % {"total": number(len(items.slots))}
    by_flag: dict[Flag, list[str]] = {}
    for one in items.flagged:
        for flag in one.flags:
            by_flag.setdefault(flag, []).append(number(one.number))
    which = "; ".join(
        _("câu %(numbers)s %(why)s") % {"numbers": ", ".join(by_flag[flag]), "why": _flag(flag).words.lower()}
        for flag in Flag
        if flag in by_flag
    )
    return _("Nên xem lại %(count)s trên %(total)s câu: %(which)s.") % {
        "count": number(len(items.flagged)),
        "total": number(len(items.slots)),
        "which": which,
    }


def _notes(items: QuizItems) -> list[str]:
    counts = {"attempts": number(items.attempts), "officers": number(items.officers)}
    found = [
        _(
            "Tính lượt nộp đầu tiên của mỗi người: %(attempts)s lượt. Lượt sau làm khi đã biết kết quả nên không tính."
        )
        % counts
        if items.which == "first"
        else _(
            "Tính mọi lượt đã nộp: %(attempts)s lượt của %(officers)s người. Lượt làm lại làm các số đẹp hơn thực tế."
        )
        % counts
    ]
    left_out = [number(one.number) for one in items.slots if not one.in_total]
    if left_out:
        found.append(
            _("Câu %(numbers)s phần lớn còn chờ chấm nên chưa tính vào tổng điểm.")
            % {"numbers": ", ".join(left_out)}
        )
    if items.in_totals < items.attempts:
        found.append(
            _("%(count)s lượt còn câu chờ chấm nên không dùng để tính độ phân biệt và độ tin cậy.")
            % {"count": number(items.attempts - items.in_totals)}
        )
    return found


def _tiles(items: QuizItems) -> list[Tile]:
    unreliable = Flag.UNRELIABLE in items.flags
    mean = _NONE if items.mean_points is None else percent(items.mean_points, items.max_points)
    alpha = _figure(items.alpha)
    return [
        Tile("now", number(items.attempts), _("lượt làm được tính")),
        Tile("now", mean, _("điểm trung bình trên điểm tối đa")),
        Tile(
            "bad" if unreliable else "none" if items.alpha is None else "good",
            alpha,
            (
                _("độ tin cậy (alpha): thấp, dưới %(least)s")
                if unreliable
                else _("độ tin cậy (alpha), nên từ %(least)s")
            )
            % {"least": number(UNRELIABLE)},
        ),
        Tile(
            "now",
            _NONE if items.standard_error is None else f"± {number(items.standard_error, 2)}",
            _("điểm: sai số chuẩn của một lần đo, trên %(most)s điểm") % {"most": number(items.max_points)},
        ),
        Tile("bad" if items.flagged else "good", number(len(items.flagged)), _("câu nên xem lại")),
    ]


def _slot(one: SlotItems, sections: dict[str, str], lesson_url: str) -> SlotLine:
    section = one.slot.section
    return SlotLine(
        number=one.number,
        anchor=f"cau-{one.number}",
        outcome=one.slot.outcome,
        scored=one.scored,
        waiting=one.waiting,
        facility=_figure(one.facility),
        discrimination=_figure(one.discrimination),
        upper_lower=_figure(one.upper_lower),
        median=_time(one.median_seconds),
        mean=_time(one.mean_seconds),
        timed=one.timed,
        flags=[_flag(flag) for flag in one.flags],
        variants=[_variant(variant, place) for place, variant in enumerate(one.variants, 1)],
        equal=_equal(one),
        lesson=Link(sections.get(section, section), f"{lesson_url}#{section}"),
        clause=one.slot.clause or "",
    )


def _variant(one: VariantItems, place: int) -> VariantLine:
    kinds = {
        "single_choice": "choices",
        "multiple_choice": "choices",
        "numeric": "values",
        "short_text": "values",
    }
    kind = "written" if one.question.type == "written" else kinds.get(one.question.type, "parts")
    return VariantLine(
        number=place,
        prompt=one.question.prompt,
        kind=kind,
        asked=one.asked,
        facility=_figure(one.facility),
        enough=one.asked >= FEWEST,
        empty=_("%(count)s lượt (%(share)s)")
        % {"count": number(one.empty), "share": percent(one.empty, one.asked)},
        taken=[_taken(taken, kind) for taken in one.taken],
    )


def _taken(one: Taken, kind: str) -> TakenLine:
    seldom = kind == "choices" and not one.right and one.share < SELDOM
    return TakenLine(
        part=one.part,
        text=one.text,
        right=one.right,
        count=one.count,
        share=percent(one.share, 1),
        width=round(max(float(one.share) * 100, 0.5 if one.count else 0), 2),
        kind="good" if one.right else "wait",
        note=_("hầu như không ai chọn: nên thay") if seldom else "",
    )


def _equal(one: SlotItems) -> str:
    """What the comparison of the variants says."""
    if len(one.variants) < 2:
        return ""
    if one.equal_p is None:
        return _("Chưa đủ lượt để so sánh các phương án của câu (mỗi phương án cần %(fewest)s lượt).") % {
            "fewest": number(FEWEST)
        }
    p = {"p": number(one.equal_p, 3)}
    if Flag.UNEQUAL_VARIANTS in one.flags:
        return _("Các phương án khó dễ khác nhau rõ rệt (p = %(p)s).") % p
    return _("Chưa thấy các phương án khó dễ khác nhau đáng kể (p = %(p)s).") % p


def _clause(one: ClauseItems) -> ClauseLine:
    return ClauseLine(
        clause=one.clause or _("Không ghi điều khoản"),
        numbers=", ".join(number(place) for place in one.numbers),
        answers=one.answers,
        lost=_NONE if one.lost is None else percent(one.lost, 1),
        wrong=[
            (wrong.number, ": ".join(text for text in (wrong.taken.part, wrong.taken.text) if text),
             percent(wrong.taken.share, 1))
            for wrong in one.wrong
        ],
    )  # fmt: skip


def _clause_chart(clauses: list[ClauseItems]) -> Chart | None:
    """The clauses that cost most; None while there are no figures."""
    known = [(one.clause, one.lost) for one in clauses if one.clause and one.lost is not None]
    if not known:
        return None
    worst, lost = known[0]
    title = _("Mất điểm nhiều nhất ở điều khoản %(clause)s: %(share)s số điểm") % {
        "clause": worst,
        "share": percent(lost, 1),
    }
    measures = [
        Measure(_("Điều khoản %(clause)s") % {"clause": clause}, "wait", int(share * 100), percent(share, 1))
        for clause, share in known[:_MOST_CLAUSES]
    ]
    return bar_chart(title, measures, 100)


def _flag(flag: Flag) -> FlagLine:
    lines = {
        Flag.TOO_HARD: (
            "bad", _("Quá khó"),
            _("Tỷ lệ đạt dưới 0,3. Xem câu hỏi có khó hiểu không, đáp án có đúng không, bài học đã dạy điều này chưa."),
        ),
        Flag.TOO_EASY: (
            "wait", _("Quá dễ"),
            _("Tỷ lệ đạt trên 0,9. Câu về kiến thức tối thiểu thì giữ; nếu không, thay lựa chọn sai ít người chọn."),
        ),
        Flag.AGAINST: (
            "bad", _("Phân biệt ngược"),
            _("Người làm tốt các câu khác lại sai câu này. Trước hết kiểm tra đáp án và cách hỏi."),
        ),
        Flag.WEAK: (
            "wait", _("Phân biệt kém"),
            _("Độ phân biệt dưới 0,2: đúng hay sai ít liên quan đến kết quả cả bài. Xem câu hỏi có mập mờ không."),
        ),
        Flag.UNEQUAL_VARIANTS: (
            "wait", _("Các phương án khó dễ khác nhau"),
            _("Người gặp phương án khó bị thiệt. Sửa hoặc thay phương án khác hẳn các phương án còn lại."),
        ),
        Flag.UNRELIABLE: ("bad", _("Độ tin cậy thấp"), ""),
    }  # fmt: skip
    return FlagLine(*lines[flag])


def _figure(value: Decimal | None) -> str:
    return _NONE if value is None else number(value, 2)


def _time(seconds: int | None) -> str:
    """As minutes and seconds; in so many words where it cannot be told."""
    if seconds is None:
        return _("không đo được")
    minutes, rest = divmod(seconds, 60)
    parts = {"minutes": number(minutes), "seconds": number(rest)}
    return (
        _("%(minutes)s phút %(seconds)s giây") % parts
        if minutes
        else _("%(seconds)s giây") % {"seconds": parts["seconds"]}
    )
