"""Baseline and target that no word tells apart: two figures of one thing, the second of which is aimed at.

``Công dân phải ký 5 chữ …, cắt bớt để chỉ còn 2 chữ``; ``cũ 55 %, mới 80 %``. What speaks against it: figures of two
things, stages (each figure has its own time to come), a sample (``cứ 10 hồ sơ thì 8 hồ sơ``), a range, a limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .quantity import Quantity
from .times import Time
from .words import Found, Text

_CUTS = frozenset({",", ";", ".", "\n", ":", "(", ")", "-", "–"})
_REACH = 26
_WHOLE = 100
_KINDS = (
    "nhóm",
    "mục",
    "tổ",
    "thôn",
    "phòng",
    "ô",
    "khâu",
    "tiêu",
    "lĩnh",
    "khu",
    "ca",
    "bản",
    "ấp",
    "xã",
    "câu",
)
_PLACES = [[word] for word in ("thôn", "xã", "phường", "ấp", "bản", "làng", "khu", "tổ", "xóm", "buôn")]
_SAMPLES = ("cứ", "thiểu", "trong", "mỗi", "từng", "số", "trên", "khoảng", "vượt", "giao")
_AIMING = (
    "phấn", "mục", "đích", "còn", "chỉ", "lên", "xuống", "giảm", "tăng", "nâng", "bớt", "cắt", "rút", "hạ", "kéo",
    "sẽ", "cần", "phải", "đưa", "cố", "quyết", "mới", "sau", "thành", "tới", "nhắm", "hướng", "đặt", "muốn", "ép",
    "sang", "kế", "giữ", "cam", "hứa",
)  # fmt: skip
_CHANGING = ("nâng", "giảm", "tăng", "rút", "hạ", "kéo", "đưa", "cắt", "thu")
_HAD = ("còn", "đã", "cũ", "trước", "lúc", "từng", "hồi", "từ", "gốc", "nguyên", "xưa", "phải", "mất", "tồn")
_OTHER = (("trong", "đó"), ("bao", "gồm"), ("riêng",), ("kể", "cả"), ("vừa",), ("lần", "lượt"))
_OBJECTS = frozenset({"system", "people", "outside"})
_MEASURES = frozenset({"more", "less"})


def tells_both(
    text: Text,
    today: date,
    marks: Iterable[Found],
    times: tuple[Time, ...],
    first: Quantity,
    second: Quantity,
) -> bool:
    """Whether ``first`` is where things stand and ``second`` where they are to get, though no word says so."""
    gap = range(first.last, second.first)
    if (
        not _alike(first, second)
        or (first.limit and not text.says(first.first, "còn", "vẫn") and not _some_then_all(first, second))
        or first.zero
        or len(gap) > _REACH
    ):
        return False
    if len(gap) < 2 and text.says(first.last, "đến", "tới"):
        return False  # "giảm từ 10 % đến 15 % thời gian"
    if text.says(first.first - 1, *_SAMPLES) or text.says(first.number_last - 2, "cứ"):
        return False
    if any(text.sequence(at, *words) for at in (*gap, first.first - 1) for words in _OTHER):
        return False
    if alike_parts(text, first, second) or is_rest(text, first, second):
        return False
    start = _segment(text, second)
    if text.says(start, "không") and text.among(range(start, second.first), "nào"):
        return False  # "85 điểm, không mục nào dưới 5 điểm"
    if text.sequence(_segment(text, first), "phấn", "đấu") and text.says(_segment(text, second), "tối", "ít"):
        return False  # "phấn đấu 95 %, tối thiểu phải 90 %": two levels to come
    marks = list(marks)
    objects = [mark for mark in marks if mark.lists & _OBJECTS]
    if _measures_another(text, marks, first, second) or _of_another_thing(text, objects, first, second):
        return False
    if _opens(text, times, first, second):
        return True
    if _is_stage(text, today, times, first, second):
        return False
    aimed = any(
        text.says(at, *_AIMING)
        and not text.sequence(at - 1, "chuyển", "mục", "đích")
        and not text.sequence(at, "mục", "đích")
        and not text.sequence(at - 1, "mục", "đích")
        for at in range(first.last, second.number_last)
    )
    aimed = aimed or text.says(0, *_CHANGING)
    low = _segment(text, first)
    had = text.among(range(low, first.number_last), *_HAD)
    if text.says(low, "mỗi", "hằng") and text.among(gap, "cả"):
        return False  # "mỗi quý 120 hồ sơ, cả năm 2027 đạt 480 hồ sơ"
    if _is_past(text, today, times, first, second) or _is_later(today, times, first, second):
        return True
    return aimed and (had or any(text.bare(at) in _CUTS for at in gap) or text.says(second.first - 1, "còn"))


def _some_then_all(first: Quantity, second: Quantity) -> bool:
    """``chỉ 5/14 lĩnh vực …, đủ 14/14``: ``chỉ`` says how few there are, and sets no limit."""
    return first.total is not None and first.low < first.total == second.total == second.low


def alike_parts(text: Text, first: Quantity, second: Quantity) -> bool:
    """``nhóm A 90 %, nhóm B 80 %``: two things of a kind, each with its own figure."""
    one, other = _segment(text, first), _segment(text, second)
    if text.bare(other - 1) == ":":
        one, other = (_head(text, at - 1) for at in (one, other))
    return one < first.first < other and text.says(one, *_KINDS) and text.bare(one) == text.bare(other)


def _head(text: Text, at: int) -> int:
    while at > 0 and text.bare(at - 1) not in _CUTS:
        at -= 1
    return at


def is_rest(text: Text, first: Quantity, second: Quantity) -> bool:
    """``98 % đúng hạn, còn 2 % trễ``: what is left of the hundred."""
    left = text.says(second.first, "còn") or text.says(second.first - 1, "còn", "lại")
    falls = text.among(range(second.first), "giảm", "rút", "hạ", "kéo", "xuống", "từ")
    named = text.kind(second.last) == "word" and not falls
    return first.kind == second.kind == "percent" and left and named and first.low + second.low == _WHOLE


def _opens(text: Text, times: tuple[Time, ...], first: Quantity, second: Quantity) -> bool:
    """``đầu năm 2027 có 9, cuối năm 2027 có 15``: the level at the beginning of the year, and at its end."""
    opening = [time for time in times if time.last <= first.first and text.says(time.first, "đầu")]
    closing = [
        time
        for time in times
        if first.last <= time.first < second.first
        and (text.says(time.first, "cuối", "hết", "đến") or text.says(time.first - 1, "chốt", "khép"))
    ]
    return bool(opening and closing) and text.says(first.first - 1, "có", "là", "còn")


def _is_later(today: date, times: tuple[Time, ...], first: Quantity, second: Quantity) -> bool:
    """``đã xong 14 cuốn, đến 30/6/2027 xong 40 cuốn``: only the second has a time to come."""
    coming = [
        time
        for time in times
        if time.end is not None and time.end.year > today.year and time.kind in {"day", "period"}
    ]
    return any(first.last <= time.first < second.first for time in coming) and not any(
        time.first < first.last for time in coming
    )


def _is_past(text: Text, today: date, times: tuple[Time, ...], first: Quantity, second: Quantity) -> bool:
    """``năm 2026 mỗi hồ sơ … cần 7 lượt đi lại thì năm 2027 …``: a time gone by, then one to come."""
    low = _segment(text, first)
    own = [time for time in times if low - 1 <= time.last - 1 < first.first]
    later = [time for time in times if first.last <= time.first < second.first]
    return any(
        time.end is not None
        and (
            time.end < today or (time.end.year == today.year and (time.begin is None or time.begin <= today))
        )
        and any(other.end is not None and other.end.year > today.year for other in later)
        for time in own
    )


def _alike(first: Quantity, second: Quantity) -> bool:
    if first.kind == "count" and second.kind == "bare" and first.total == second.total:
        place = first.unit.casefold().split()[:1]
        return place not in _PLACES and first.low != second.low  # "tồn 65 hồ sơ …; chỉ còn 10"
    if first.kind != second.kind or first.kind not in {"percent", "count", "minutes", "bare", "rank"}:
        return False
    if first.kind == "percent" and first.low >= 100:
        return False
    one, other = first.unit.casefold().split(), second.unit.casefold().split()
    return first.kind in {"minutes", "rank"} or one[:1] == other[:1]


def _segment(text: Text, quantity: Quantity) -> int:
    """Where the part of the sentence begins that a figure stands in."""
    low = quantity.first
    while low > 0 and text.bare(low - 1) not in _CUTS and not text.in_new_cell(low):
        low -= 1
    return low


def _of_another_thing(text: Text, objects: list[Found], first: Quantity, second: Quantity) -> bool:
    """Whether ``second`` has an object of its own, ahead of it or behind it."""
    known = {mark.phrase for mark in objects if mark.first < first.last + 12 and mark.first < second.first}
    low = max(first.last, _segment(text, second))
    if low > first.last:
        known = {mark.phrase for mark in objects if mark.first < low}
        ahead = [mark for mark in objects if low <= mark.first < second.first]
        if any(mark.phrase not in known for mark in ahead):
            return True
    behind = [mark for mark in objects if second.number_last <= mark.first <= second.last + 1]
    return any(mark.phrase not in known for mark in behind)


def _measures_another(text: Text, marks: list[Found], first: Quantity, second: Quantity) -> bool:
    """``tỷ lệ đúng hạn đạt 98 %, tỷ lệ phải bổ sung dưới 4 %``: each figure has a measure of its own ahead of it."""
    low = max(first.last, _segment(text, second))
    ahead = [mark for mark in marks if low <= mark.first < second.first and mark.lists & _MEASURES]
    known = {mark.phrase for mark in marks if mark.first < low and mark.lists & _MEASURES}
    return bool(known) and any(mark.phrase not in known for mark in ahead)


def _is_stage(text: Text, today: date, times: tuple[Time, ...], first: Quantity, second: Quantity) -> bool:
    """Whether ``first`` has a time to come of its own: ``đến 30/6/2027 đạt 50 %, đến 31/12/2027 đạt 100 %``."""
    low, high = _segment(text, first), first.last
    while high < second.first and text.bare(high) not in _CUTS and not text.in_new_cell(high):
        high += 1
    behind = [time.first for time in times if first.last < time.first < high]
    if behind and high >= second.first:
        high = behind[-1]  # "… cần 7 lượt đi lại thì năm 2027 chỉ cần 3 lượt": the time of the second
    own = [time for time in times if low <= time.first < high]
    between = any(high <= time.first < second.first for time in times)
    recorded = text.says(first.first - 1, "có", "nhận", "sinh") and text.sequence(low, "trong", "tháng")
    if recorded and any(time.end is not None and time.end.year > today.year for time in times):
        return False  # "trong tháng 10 có 9 phản ánh …, đến tháng 6/2027 …"
    return any(
        time.kind in {"yearless", "duration", "span", "blank"}
        or (time.kind == "period" and time.end is None)
        or (time.limits and time.end is not None and time.end > today and time.end.year > today.year)
        for time in own
    ) and (between or any(time.first > first.first for time in own) or high >= second.first)
