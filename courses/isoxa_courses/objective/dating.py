"""Times that are no deadline: when the baseline was, which files are meant, the date of a paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .clauses import ENDS
from .quantity import Quantity
from .times import Time
from .words import Text

if TYPE_CHECKING:
    from .reading import Reading

_DUE = ("trước", "đến", "tới", "hết", "chậm", "trong", "vào", "xong", "cuối", "hạn")
_REACH_BRACKETS = 5
_REACH_OF = 8  # "cao hơn kết quả cải thiện của năm 2025"
_PAPERS = (
    ("biên", "bản"), ("thông", "báo"), ("kết", "luận"), ("công", "văn"), ("báo", "cáo"), ("tờ", "trình"),
    ("nghị", "quyết"), ("quyết", "định"), ("kế", "hoạch"), ("phiên", "họp"), ("cuộc", "họp"), ("chỉ", "thị"),
    ("bb",), ("cv",), ("tb",), ("kl",),
)  # fmt: skip


def times_of_baselines(reading: Reading) -> Iterator[Time]:
    """Times that say when the baseline was, or which files are meant; none of them is a deadline."""
    text, baselines = reading.text, reading.roles.baselines
    compared = set(_compared(reading))
    papers = -2
    for time in reading.times:
        past = time.end is not None and time.end < reading.today
        current = time.end is not None and time.end.year == reading.today.year
        behind = not (current and _begins_anew(text, time)) and any(
            0 <= time.first - quantity.last <= 2 or _in_brackets_behind(text, quantity, time)
            for quantity in baselines
        )
        ahead = any(
            0 <= quantity.first - time.last <= 8
            and (past or not _turns(text, time.last, quantity.first))
            and not any(text.bare(at) in ENDS for at in range(time.last, quantity.first))
            for quantity in baselines
        ) and not (
            text.says(time.first, "năm") and text.says(time.last - 1, "nay") and _begins_anew(text, time)
        )
        dates_papers = _dates_papers(reading, time) or (past and time.first == papers + 1)
        papers = time.last if dates_papers else papers
        if (
            time.kind == "past"
            or ((past or current) and _as_counted(text, time))
            or time in compared
            or (text.says(time.first - 1, "hơn", "như") and (past or current))
            or (text.says(time.last, "mới") and (past or current))  # "năm 2026 mới đạt thấp"
            or (_just_gone(text, time) and (past or current or time.kind == "yearless"))
            or (text.says(time.first - 3, "đã") and time.end is None and time.limits)
            or (
                (past or current) and (behind or ahead) and not text.says(time.first, "trước", "xong", "chậm")
            )
            or dates_papers
        ):
            yield time


def _just_gone(text: Text, time: Time) -> bool:
    """``hồi tháng 10/2026``, ``tháng 9 vừa rồi``."""
    if text.says(time.first, *_DUE):
        return False  # "hoàn thành … trong quý III vừa qua"
    gone = any(
        text.says(at, "vừa") and text.says(at + 1, "rồi", "qua") for at in range(time.first, time.last + 1)
    )
    return gone or text.says(time.first - 1, "hồi") or text.says(time.first, "hồi")


def _begins_anew(text: Text, time: Time) -> bool:
    """``năm ngoái tồn 11 phiếu, năm nay xóa sạch``: the time of what follows, not of the figure before it."""
    return text.bare(time.first - 1) in {",", ";"} and text.kind(time.last) in {"word", "number"}


def _as_counted(text: Text, time: Time) -> bool:
    """``81 % (số liệu 31/12/2025)``: when a figure was counted."""
    near = range(time.first - 4, time.first)
    begin = next((at for at in near if text.bare(at) == "("), -1)
    counted = text.says(begin + 1, "số", "tính", "kết", "thống", "khảo")
    return begin >= 0 and counted and text.bare(time.last) == ")"


def _in_brackets_behind(text: Text, quantity: Quantity, time: Time) -> bool:
    """``18 % số hồ sơ (6 tháng đầu năm 2026)``."""
    between = range(quantity.last, time.first - 1)
    return (
        text.bare(time.first - 1) == "("
        and text.bare(time.last) == ")"
        and len(between) <= _REACH_BRACKETS
        and all(text.kind(at) == "word" or text.bare(at) == "%" for at in between)
    )


def _turns(text: Text, first: int, last: int) -> bool:
    return text.among(range(first, last), "giảm", "tăng", "nâng", "từ", "rút", "đưa", "hạ", "kéo")


def _compared(reading: Reading) -> Iterator[Time]:
    """``so với … năm 2026``: the first time after a word of comparison."""
    text = reading.text
    for time in reading.times:
        of_then = text.says(time.first - 1, "của")
        near = range(max(0, time.first - (_REACH_OF if of_then else 4)), time.first)
        like = [
            at
            for at in near
            if text.says(at, "bằng", "ngang", "như", "hơn")
            and text.says(at + 1, "kết", "mức", "số", "đợt", "kỳ")
        ]
        past = time.end is not None and time.end.year <= reading.today.year
        if past and like and not any(text.bare(at) in ENDS | {","} for at in range(like[0], time.first)):
            yield time  # "ít nhất bằng kết quả đo năm 2026"
    for mark in reading.of("baseline"):
        after = [
            time
            for time in reading.times
            if time.kind != "recurring" and mark.last <= time.first <= mark.last + 12
        ]
        if not after or any(text.bare(at) in ENDS | {",", ")"} for at in range(mark.last, after[0].first)):
            continue
        if any(text.in_new_cell(at) for at in range(mark.last, after[0].first + 1)):
            continue
        planned = text.among(range(mark.last, after[0].first), "kế", "chỉ")
        if not planned and (after[0].end is None or after[0].end.year <= reading.today.year):
            yield after[0]


def _dates_papers(reading: Reading, time: Time) -> bool:
    """``hồ sơ giai đoạn 2015-2020``, ``Kế hoạch số 45/KH-UBND ngày 15/3/2026``: years of files, a paper's date."""
    text = reading.text
    if time.end is None:
        return False
    of_paper = time.first - 1 in reading.names or _heads_paper(text, time.first)
    if _are_years_of_books(reading, time):
        return True
    numbered = text.says(time.first, "năm") and time.first - 1 in reading.names
    if numbered and any(text.sequence(time.first - back, *words) for back in (3, 4) for words in _PAPERS):
        return True  # "Nghị quyết số 12 năm 2026"
    if time.kind == "day" and time.end < reading.today and of_paper and not text.says(time.first, *_DUE):
        return True
    opened = text.says(0, "theo") or text.sequence(0, "căn", "cứ") or text.sequence(0, "thực", "hiện")
    comma = next((at for at in range(len(text.tokens)) if text.bare(at) == ","), 0)
    cited = any(text.sequence(at, *words) for at in range(3) for words in _PAPERS)
    if (
        opened
        and cited
        and time.last <= comma
        and time.end < reading.today
        and not text.says(time.first, *_DUE)
    ):
        return True  # "Theo Quyết định 766/QĐ-TTg năm 2022, …"
    over = (time.begin if time.kind == "start" and time.begin else time.end).year < reading.today.year
    if not over:
        return False
    if time.kind == "start":
        return True
    ends = {mark.last for mark in reading.of("system", "outside", "things")}
    listed = time.first - 1 in ends and text.says(time.first - 1, "các", "những", "của")
    after_noun = listed or (time.first in ends and text.says(time.first, "giai", "năm", "từ"))
    verbs = ("cấp", "nhận", "sinh", "lập", "ký", "nộp", "hành")
    after_verb = text.says(time.first - 1, *verbs) and not text.sequence(time.first - 2, "ban", "hành")
    after_verb = after_verb or text.sequence(time.first - 3, "đã", "ban", "hành")
    return after_noun or (after_verb and any(end <= time.first for end in ends))


def _are_years_of_books(reading: Reading, time: Time) -> bool:
    """``quét xong sổ kết hôn 2005-2015``, ``sổ chứng thực năm 2026``: the years of the books dealt with."""
    text = reading.text
    if time.begin is None or time.end is None or time.kind != "period":
        return False
    low = max(0, time.first - 5)
    low = max((at + 1 for at in range(low, time.first) if text.kind(at) == "sign"), default=low)
    books = any(
        text.says(at, "sổ", "quyển", "cuốn") and not text.says(at + 1, "tay", "đỏ", "hồng")
        for at in range(low, time.first)
    )
    over = time.end.year < reading.today.year and time.begin.year < time.end.year
    current = time.end.year == reading.today.year and text.says(time.first, "năm")
    told = text.says(time.first - 1, "thực", "hôn", "sinh", "tử", "tịch", "bạ", "chính", "sổ")
    named = {mark.last for mark in reading.of("system", "outside", "things")}
    if over and text.kind(time.first) == "number" and time.first in named:
        return True  # "hồ sơ đất đai 2015-2020"
    return books and told and (over or current)


def _heads_paper(text: Text, at: int) -> bool:
    """``biên bản ngày …``, ``biên bản làm việc ngày …``: a paper just ahead of a day."""
    near = range(max(0, at - 10), at - 1)
    return not text.says(at, *_DUE) and any(text.sequence(step, *words) for step in near for words in _PAPERS)
