"""One reading of a sentence that all five criteria judge: phrases, times, figures, and what the figures are for.

A figure is a *target*, a *baseline* (where things stand today), a *change* (by how much), or a count of activities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from .clauses import adornments, clause_around, in_purpose, part_around, preamble
from .dating import times_of_baselines
from .frequencies import frequencies
from .pairing import Figures, likeliest_pair
from .pointers import is_no_grade, levels_told, seasons, with_givers
from .quantities import Quantity, find_quantities
from .quantity import COUNTED
from .ratios import shares
from .references import numbered_names
from .roles import Roles, sort_out, with_pair
from .rules import Rules
from .schedules import schedule
from .times import Time, find_times
from .words import Found, Text, read_text

_MERELY_VAGUE = frozenset({"vague"})
_CLOSING = frozenset({"hoàn thành", "hoàn tất", "áp dụng"})
_PAPERS_HANDED_IN = frozenset({"giấy tờ", "thành phần hồ sơ", "thư xin lỗi", "xin lỗi"})
_HOSTS = frozenset({"more", "less", "done", "result", "turning", "activity_units", "activity", "vague"})
_LEAST_WORDS = 4
"""Words ahead of a figure in its own part of the sentence that are enough to say what it measures."""
_TIMES = frozenset({"events", "vague_times", "baseline"})
_KEPT_ASIDE = frozenset({"generic", "other", "system", "people", "events", "vague_times"})
_KEPT_IN_TIMES = frozenset({"vague_times", "events", "baseline", "less", "at_most", "grades"})


@dataclass(frozen=True, eq=False)
class Reading:
    """What the sentence holds. ``names`` are the tokens of names with numbers, which are no figures; ``schedule`` those
    that tell only where the deadline stands."""

    text: Text
    today: date
    marks: tuple[Found, ...]
    times: tuple[Time, ...]
    quantities: tuple[Quantity, ...]
    roles: Roles
    baseline_times: tuple[Time, ...]
    names: frozenset[int]
    schedule: range = range(0)

    def of(self, *lists: str) -> Iterator[Found]:
        """The phrases that are in one of the lists, from left to right."""
        wanted = frozenset(lists)
        return (mark for mark in self.marks if mark.lists & wanted)

    def first(self, *lists: str) -> Found | None:
        """The first phrase of the lists."""
        return next(self.of(*lists), None)

    def has(self, *lists: str) -> bool:
        """Whether a phrase of the lists is there."""
        return self.first(*lists) is not None

    @property
    def targets(self) -> tuple[Quantity, ...]:
        """The figures that are to be reached."""
        return tuple(quantity for quantity in self.quantities if quantity not in self.roles.baselines)

    def quote(self, span: Found | Time | Quantity | None) -> str:
        """The words of a span as they were written."""
        return self.text.quote(span.first, span.last) if span is not None else ""

    def _aside(self, mark: Found, quantity: Quantity) -> bool:
        """A fault that is only the case (``khi trễ hẹn``), and papers that are to be complete (``nộp đủ giấy tờ``)."""
        text = self.text
        near = range(mark.first - 2, mark.first)
        case = text.among(near, "khi", "nếu", "do", "vì") or text.sequence(mark.first - 2, "song", "với")
        if text.says(mark.first - 1, "càng"):
            return True  # "làm càng sớm càng tốt"
        titled = mark.phrase.startswith("không phù hợp") and any(
            text.sequence(mark.first - 2, *words)
            for words in (("báo", "cáo"), ("phiếu", "ghi"), ("biên", "bản"))
        )  # "lập được báo cáo không phù hợp": what a paper is called
        complete = quantity.kind == "percent" and mark.phrase in _PAPERS_HANDED_IN
        return "less" in mark.lists and (case or complete or titled)

    def _reason(self, mark: Found, quantity: Quantity) -> bool:
        """``lên 90 % do phải chờ cơ quan khác``: why, not what."""
        between = range(quantity.last, mark.first)
        return "less" in mark.lists and self.text.among(between, "do", "vì", "bởi", "nhờ")

    def _headed_by(self, quantity: Quantity) -> Found | None:
        """``Tỷ lệ nhầm lẫn họ tên trong sổ hộ tịch số hóa, …``: the fault that the head of it all names."""
        text = self.text
        if not (text.sequence(0, "tỷ", "lệ") or (text.says(0, "số") and text.says(1, *COUNTED))):
            return None
        head = next((at for at in range(len(text.tokens)) if text.bare(at) in {",", ":"}), 0)
        first = min((one.first for one in self.quantities), default=0)
        faults = [mark for mark in self.of("less") if 2 <= mark.first <= 3 and mark.first < min(head, first)]
        faults = [
            mark
            for mark in faults
            if not mark.lists & {"system", "people"} and not self._aside(mark, quantity)
        ]
        own = any(mark.first > head for mark in self.of("more", "less"))
        return faults[0] if faults and not own else None

    def _of_another_figure(self, mark: Found, quantity: Quantity) -> bool:
        """``hồ sơ trễ từ 9 còn 2 bộ, biên lai điện tử từ 40 % lên 100 %``: the measure of what is counted otherwise."""
        low, _ = part_around(self.text, quantity.first)
        words = sum(self.text.kind(at) == "word" for at in range(low, quantity.first))
        if mark.first >= low or words < _LEAST_WORDS:
            return False
        first, last = part_around(self.text, mark.first)
        theirs = [one for one in self.quantities if first <= one.first < last]
        return bool(theirs) and all(
            one.kind != quantity.kind or one.unit.split()[:1] != quantity.unit.split()[:1] for one in theirs
        )

    def _bracketed(self, mark: Found, quantity: Quantity) -> bool:
        """``Từ 96,0 lên 98,5 (đơn vị em quên ghi)``: what an aside behind a figure says is not its measure."""
        text = self.text
        begin = next(
            (at for at in range(mark.first, quantity.last - 1, -1) if text.bare(at) in {"(", ")"}), -1
        )
        if begin < 0 or text.bare(begin) == ")" or mark.first == begin + 1:
            return False
        end = next((at for at in range(begin, len(text.tokens)) if text.bare(at) == ")"), len(text.tokens))
        return not any(begin < one.first < end for one in self.of("system", "people", "outside"))

    def measure_of(self, quantity: Quantity) -> Found | None:
        """The measure nearest to a figure in its own clause: before it or after it."""
        if (headed := self._headed_by(quantity)) is not None:
            return headed
        part, clause = part_around(self.text, quantity.first), clause_around(self.text, quantity.first)
        own = part[0] > clause[0] and any(
            self.text.sequence(at, "tỷ", "lệ") for at in range(part[0], min(part[0] + 3, quantity.first))
        )  # "…, tỷ lệ quét đủ thành phần từ 90 %": a measure of its own, though no list has it
        for low, high in (part,) if own else (part, clause):
            near = [
                mark
                for mark in self.of("more", "less")
                if low <= mark.first < high
                and not _inside(mark, quantity)
                and not self._of_another_figure(mark, quantity)
                and not self._bracketed(mark, quantity)
                and not self._aside(mark, quantity)
                and not self._reason(mark, quantity)
            ]
            if near:
                return min(near, key=lambda mark: _distance(mark, quantity))
        return None


def read_objective(raw: str, today: date, rules: Rules, *, paired: bool = True) -> Reading:
    """Read the sentence. Takes any ``str``; without ``paired`` only the rules look for a baseline."""
    text = read_text(raw)
    frame = with_givers(text, _useful(rules.frame.find(text)), rules.givers)
    frame = (*frame, *(one for one in seasons(text) if not any(_overlap(one, mark) for mark in frame)))
    frame = tuple(mark for mark in frame if "grades" not in mark.lists or not is_no_grade(text, mark))
    names = numbered_names(text, rules.labels.find(text), frame) - levels_told(text)
    dated = schedule(text)
    frame = tuple(mark for mark in frame if mark.first >= preamble(text))
    found = _merged(rules.lexicon.find(text), frame, _useful(rules.objects.find(text)))
    found = tuple(mark for mark in found if not _of_schedule(mark, dated))
    covered = {at for mark in found for at in range(mark.first, mark.last)}
    mistyped = rules.objects.mistyped(text, frozenset(range(len(text.tokens))) - covered)
    found = tuple(sorted((*found, *_useful(mistyped)), key=lambda mark: (mark.first, mark.last)))
    times = find_times(text, today, names | shares(text))
    timed = frozenset(at for time in times for at in range(time.first, time.last))
    marks = tuple(_nouns_and_verbs(text, found, timed | names))
    ends = frozenset(
        at for time in times if time.limits or time.kind == "recurring" for at in range(time.first, time.last)
    )
    marks = tuple(mark for mark in marks if "baseline" not in mark.lists or mark.first not in ends)
    quantities = find_quantities(text, marks, timed | names)
    quantities = tuple(sorted((*quantities, *frequencies(text, times)), key=lambda one: one.first))
    marks = tuple(mark for mark in marks if not _in_number(mark, quantities))
    aside = adornments(text)
    marks = tuple(mark for mark in marks if mark.first not in aside or mark.lists & _KEPT_ASIDE)
    quantities = tuple(one for one in quantities if one.first not in aside)
    roles = sort_out(text, today, marks, times, quantities)
    if paired and not roles.pairs:
        roles = with_pair(text, roles, likeliest_pair(Figures(text, today, marks, times, quantities)))
    marks = tuple(mark for mark in marks if mark.lists != _MERELY_VAGUE or not in_purpose(text, mark.first))
    reading = Reading(text, today, marks, times, quantities, roles, (), names, dated)
    return replace(reading, baseline_times=tuple(times_of_baselines(reading)))


def _of_schedule(mark: Found, dated: range) -> bool:
    """``thời hạn theo văn bản đã duyệt``: what says where the deadline stands tells no level and no object."""
    return mark.first in dated and not mark.lists & _TIMES


def _overlap(one: Found, other: Found) -> bool:
    return one.first < other.last and other.first < one.last


def _useful(found: tuple[Found, ...]) -> tuple[Found, ...]:
    return tuple(mark for mark in found if "other" not in mark.lists)


def _merged(
    content: tuple[Found, ...], frame: tuple[Found, ...], inner: tuple[Found, ...]
) -> tuple[Found, ...]:
    """All phrases in order; what lies wholly inside of a phrase that points elsewhere says nothing itself.

    An object inside of a measure or of a finished state (``biểu mẫu cũ``) is an object all the same.
    """
    hosts = [
        mark for mark in content if mark.lists & _HOSTS and not mark.lists & {"system", "people", "outside"}
    ]
    inside = [
        one
        for one in inner
        if any(host.first < one.last and one.first < host.last for host in hosts) and one.phrase != "tổ chức"
    ]
    content = (*content, *inside)
    kept = [
        mark
        for mark in content
        if not any(one.first <= mark.first and mark.last <= one.last for one in frame)
        or any(
            "vague_times" in one.lists for one in frame if one.first <= mark.first and mark.last <= one.last
        )
    ]
    return tuple(sorted([*kept, *frame], key=lambda mark: (mark.first, mark.last)))


def _nouns_and_verbs(text: Text, found: tuple[Found, ...], taken: frozenset[int]) -> Iterator[Found]:
    """``tổ chức`` is people, or a verb; phrases inside of a time are none (``tháng trước``)."""
    for mark in found:
        if mark.phrase == "tổ chức":
            heads = text.bare(mark.first - 1) in {"", ":", ";", ".", "\n", "+", "-", ","} or text.says(
                mark.first - 1, "sẽ", "và", "để", "là"
            )
            follows = text.kind(mark.last) == "number" or text.says(
                mark.last, "các", "một", "hai", "ba", "bốn", "ít", "tối", "thành", "được", "ra"
            )
            pair = text.bare(mark.last) == "," and text.says(mark.last + 1, "cá", "công", "người", "doanh")
            yield replace(mark, lists=frozenset({"activity"})) if (heads or follows) and not pair else mark
        elif (
            mark.phrase in _CLOSING
            and text.bare(mark.first - 1) in {",", ";"}
            and (mark.last in taken or text.says(mark.last, "trước", "trong", "vào"))
        ):
            yield replace(
                mark, lists=frozenset({"generic"})
            )  # "…, hoàn thành trước 01/9/2027": leads to the deadline
        elif mark.phrase == "nâng cao" and text.kind(mark.last) in {"", "sign"}:
            continue  # "chứng chỉ tin học nâng cao": of a higher level
        elif mark.first in taken and (mark.last - mark.first == 1 or not mark.lists & _KEPT_IN_TIMES):
            continue
        else:
            yield mark


def _in_number(mark: Found, quantities: tuple[Quantity, ...]) -> bool:
    """``một phần`` of ``một phần tư`` is no measure; ``15 ngày như hiện nay`` tells no level elsewhere."""
    if "elsewhere" in mark.lists:
        return any(
            one.last == mark.first and (one.kind == "minutes" or mark.phrase.startswith("như hiện"))
            for one in quantities
        )
    return bool(mark.lists & {"more", "less"}) and any(
        one.first <= mark.first and mark.last <= one.number_last for one in quantities if not one.zero
    )


def _inside(mark: Found, quantity: Quantity) -> bool:
    return quantity.first <= mark.first < quantity.last and not quantity.zero and quantity.kind == "points"


def _distance(mark: Found, quantity: Quantity) -> int:
    return quantity.first - mark.last if mark.last <= quantity.first else max(0, mark.first - quantity.last)
