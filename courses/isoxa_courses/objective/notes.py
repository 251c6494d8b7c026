"""What else a reader of an objective would say: two objectives in one sentence, a time without a year, …"""

from __future__ import annotations

from .activities import is_activity, result_figures
from .clauses import ENDS, cuts_part
from .joined import adds_nothing, joins_results
from .quantity import COUNTED
from .reading import Reading

_PURPOSE = (
    "nhằm",
    "để",
    "qua",
    "thông",
    "giúp",
    "do",
    "vì",
    "khi",
    "nếu",
    "theo",
    "trên",
    "từ",
    "nhờ",
    "sao",
)
_LEVELS = ("tỷ", "số", "lượt", "điểm", "mức", "thời", "chỉ")
_FEWER = ("ít", "nhiều", "ngắn", "thưa", "vơi", "giảm", "tăng")
_NO_LEVELS = ("liệu", "hóa", "thứ", "với", "hạn", "điểm", "kỳ", "đạo", "tiêu", "định")
_BELONGING = ("của", "ở", "tại", "trong", "về", "cho", "thuộc", "lĩnh", "trên", "do", "từ", "theo")
_BOUNDED = ("vượt", "quá", "dưới", "thấp", "cao", "kém")
_SAID = 3
_MOVED = frozenset({"system", "people", "less", "more"})
_POINTERS = ("elsewhere", "levels", "pointing")
_CHANGING = ("tăng", "giảm", "nâng", "rút", "hạ", "cắt", "kéo", "đưa")


def noted(reading: Reading) -> list[tuple[str, str]]:
    """Codes (see ``reasons.NOTES``) and the words they are about, in the order of importance."""
    notes: list[tuple[str, str]] = []
    text = reading.text
    if not any(token.kind == "word" for token in text.tokens):
        notes.append(("unreadable", ""))
    activity = is_activity(reading)
    if activity is not None:
        notes.append(("activity", reading.quote(activity)))
    if has_two_objectives(reading):
        notes.append(("two_objectives", ""))
    for time in reading.times:
        if time.kind == "impossible":
            notes.append(("impossible_date", reading.quote(time)))
        elif time.kind == "yearless":
            notes.append(("no_year", reading.quote(time)))
        elif time.kind == "duration" or (time.limits and not _names_a_year(reading.quote(time))):
            notes.append(("relative_time", reading.quote(time)))
    if text.cut:
        notes.append(("long", ""))
    words = sum(token.kind == "word" for token in text.tokens)
    if words >= 4 and not text.marked:
        notes.append(("no_marks", ""))
    return list(dict.fromkeys(notes))


def _names_a_year(words: str) -> bool:
    return sum(char.isdigit() for char in words) >= 4 or words.count("/") == 2


def has_two_objectives(reading: Reading) -> bool:
    """Two parts of the sentence that each state a result with an indicator of its own."""
    text = reading.text
    stated: list[str] = []
    start, means = 0, False
    for at in range(len(text.tokens) + 1):
        if at == len(text.tokens) or text.bare(at) in ENDS or cuts_part(text, at) or text.says(at, "vừa"):
            if text.bare(at) == "," and _goes_on(reading, start, at):
                continue
            shown = _result_of(reading, start, at)
            if shown and text.says(start + 1, "bảo", "đảm") and text.bare(start) == "," and means:
                stated.clear()  # "mở điểm tiếp nhận, bảo đảm 60 % hồ sơ …": means plus target
            if shown:
                stated.append(shown)
            means = bool(shown) and not any(
                start <= one.first < at and one.kind != "count" for one in result_figures(reading)
            )
            start = at
    return len(set(stated)) > 1 or joins_results(reading)


def _goes_on(reading: Reading, start: int, comma: int) -> bool:
    """``mọi thông báo nộp phí, lệ phí đều gắn mã``: the comma stands inside of what ``đều`` is said of."""
    every = any(start <= mark.first < comma for mark in reading.of("all"))
    rest = range(comma + 1, min(comma + 8, len(reading.text.tokens)))
    return every and reading.text.among(rest, "đều")


def _result_of(reading: Reading, start: int, end: int) -> str:
    """The indicator of the result that tokens ``start`` up to, not with, ``end`` state; empty if they state none."""
    text = reading.text
    skip = start + (text.kind(start) == "sign" or text.says(start, "và"))
    if text.says(skip, *_PURPOSE) and not any(one.first == skip for one in reading.quantities):
        return ""
    if adds_nothing(text, skip):
        return ""
    if text.sequence(skip, "trong", "đó"):
        return ""  # "…, trong đó hồ sơ cấp lần đầu đạt 90 %": a part of the same
    inner = [mark for mark in reading.marks if start <= mark.first < end]
    here = [one for one in reading.quantities if start <= one.first < end]
    if here and all(one in reading.roles.baselines for one in here):
        return ""  # "đã có năm phần mười số quy trình …": where things stand
    dated = [time for time in reading.times if start <= time.first < end and time.end]
    later = any(time.end and time.end > reading.today for time in reading.times)
    if dated and later and all(time.end and time.end < reading.today for time in dated):
        return ""  # "Năm 2025 xã được công nhận …; năm 2027, 98 % hồ sơ …": what has been reached
    timed = any("less" in mark.lists for mark in inner)
    figures = [
        one
        for one in result_figures(reading)
        if start <= one.first < end
        and (timed or one.kind != "minutes")
        and not (one.zero and text.says(one.first, "chưa"))
        and not text.says(one.first - 1, "tại", "ở")
    ]
    changed = any(mark.lists & {"turning"} and text.says(mark.first, *_CHANGING) for mark in inner)
    measures = [mark.phrase for mark in inner if mark.lists & {"more", "less"}]
    verbs = [
        mark.phrase for mark in inner if mark.lists & {"result", "done", "outside"} and mark.phrase != "được"
    ]
    if figures or changed:
        if measures:
            return measures[-1]
        if text.says(skip, "đạt"):
            return ""
        level = next(
            (
                at
                for at in range(skip, end - 1)
                if (text.says(at, "số") or (at == skip and text.says(at, "lượt")))
                and text.kind(at + 1) == "word"
            ),
            -1,
        )
        moved = changed or any(target in figures for _, target in reading.roles.pairs)
        if figures and moved and level >= 0 and not text.says(level + 1, "hóa"):
            return text.quote(level, level + 2)
        if figures and (verbs or figures[0].zero):
            if figures[0].kind == "percent" and not any(
                m.lists & {"system", "people", "outside"} for m in inner
            ):
                return ""  # "đến 30/6 xong 40 %": a stage of what the next part tells
            return verbs[-1] if verbs else figures[0].unit
        if (
            figures
            and figures[0].limit in {"at_most", "below"}
            and figures[0].kind == "count"
            and any(mark.first == figures[0].number_last and "system" in mark.lists for mark in inner)
        ):
            return figures[0].unit
        people = any("people" in mark.lists for mark in inner)
        if people and figures and text.among(range(figures[0].last, end), "đạt"):
            return "đạt"
        predicate = any(text.says(at, "có", "qua", "được") for one in figures for at in range(one.last, end))
        if predicate:
            return "có"
    if figures:
        rest = _said_of(reading, figures[-1].last, end)
        if rest:
            return rest
    told = _told_without_figure(reading, skip, end)
    if told:
        return told
    completed = next((at for at in range(skip, end) if text.says(at, "hẳn")), -1)
    if completed > skip and any(mark.lists & {"system", "outside"} for mark in inner):
        return text.quote(completed - 1, completed + 1)
    owed = next((at for at in range(skip, end) if text.sequence(at, "phải", "có")), end)
    if any(mark.first >= owed and "system" in mark.lists for mark in inner):
        return "có"
    ends = [mark.phrase for mark in inner if "done" in mark.lists]
    objects = [mark for mark in inner if mark.lists & {"system", "outside"} and "done" not in mark.lists]
    return ends[-1] if ends and objects else ""


def _said_of(reading: Reading, begin: int, end: int) -> str:
    """``100 % TTHC hiện đúng mức phí``: what is said of the things counted, in words that are no measure."""
    text = reading.text
    last = begin
    for mark in reading.of("system", "people", "outside"):
        if last <= mark.first <= last + 1 and mark.last <= end:
            last = mark.last
    behind = list(range(last, end))
    if last == begin or len(behind) < _SAID or any(text.kind(at) != "word" for at in behind[:_SAID]):
        return ""
    if text.says(last, *_BELONGING) or any(
        time.first - last < _SAID for time in reading.times if time.first >= last
    ):
        return ""
    return text.quote(last, last + 2)


def _told_without_figure(reading: Reading, begin: int, end: int) -> str:
    """``hồ sơ … ít bị trả về hơn``, ``bớt số lần …``, ``tỷ lệ … theo mức tỉnh giao``: a measure without a figure."""
    text = reading.text
    if any(begin <= one.first < end and one.kind != "blank" for one in reading.quantities):
        return ""
    if text.says(begin, "xong", "hạn") or (
        text.says(begin, "không") and text.says(begin + 1, "muộn", "chậm")
    ):
        return ""
    colon = next((at for at in range(begin, min(begin + 6, end)) if text.bare(at) == ":"), None)
    if colon is not None and text.says(colon + 1, *_LEVELS):
        begin = colon + 1  # "Thi đua trước Đại hội: tỷ lệ …"
    near = range(begin, min(begin + 5, end))
    heads = [at for at in near if text.says(at, *_LEVELS) and not text.says(at + 1, *_NO_LEVELS)]
    heads = [at for at in heads if text.kind(at + 1) == "word" and at not in reading.names]
    measures = [mark for mark in reading.of("more", "less") if begin <= mark.first < end]
    counted = any(text.says(at, *COUNTED) and not text.says(at, "vụ", "công") for at in range(begin, end))
    compared = any(
        (text.says(at, "hơn") and not text.says(at - 1, "tốt", "cao"))
        or (text.says(at, "đi", "lên") and text.says(at - 1, *_FEWER))
        for at in range(begin + 1, end)
    )
    turning = text.says(begin, *_CHANGING, "bớt", "thêm") and not text.says(begin + 1, "cao", "cường")
    at = begin + 1 + text.says(begin + 1, "ngắn", "bớt", "thêm", "dần")
    moved = any(mark.first == at and mark.lists & _MOVED for mark in reading.marks)
    turned = turning and (bool(heads) or moved or text.says(at, "ngày", "giờ"))
    pointed = any(begin < mark.first < end for mark in reading.of(*_POINTERS))
    equal = text.among(range(begin + 1, end), "ngang", "bằng", "ngưỡng")
    bounded = any(text.says(at, "không") and text.says(at + 1, *_BOUNDED) for at in range(begin + 1, end))
    elsewhere = (pointed or equal or bounded) and begin in heads
    blank = any(begin <= one.first < end for one in reading.quantities) and begin in heads
    if not (turned or elsewhere or blank or (compared and (measures or heads or counted))):
        return ""
    if measures:
        return measures[0].phrase
    at = heads[0] if heads else begin
    return text.quote(at, min(at + 3, end))
