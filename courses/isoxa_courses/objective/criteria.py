"""Specific, measurable and relevant; each takes the one reading. Specific and measurable hang together.

A figure, a nought or a finished state is a result if it says of what; without that it is announced, but not told
(``"cannot_tell"``). Where nothing is announced there is a slogan or an activity (``"not_met"``).
"""

from __future__ import annotations

from functools import lru_cache

from .activities import counts_activities, is_activity, result_figures
from .changes import states_change
from .content import indicators, names_object, objects, other_work, served
from .elsewhere import blank_object, of_plan, pointed_thing, title_or_grade
from .endings import states_end
from .judgment import Judgment
from .levels import asks_level
from .quantity import Quantity
from .reading import Reading
from .results import says_of_what
from .unknown import unknown_work
from .words import Found

_FINISHING = (
    "xong",
    "khép",
    "gỡ",
    "tháo",
    "bổ",
    "dọn",
    "hoàn",
    "dứt",
    "giải",
    "khắc",
    "xử",
    "đóng",
    "sửa",
    "chữa",
    "chấn",
)


def is_empty(reading: Reading) -> bool:
    """Whether no word was written."""
    return not any(token.kind == "word" for token in reading.text.tokens)


@lru_cache(maxsize=4)
def judge_specific(reading: Reading) -> Judgment:
    """Says what is to be reached, and on what."""
    if is_empty(reading):
        return Judgment("not_met" if not reading.quantities else "cannot_tell", "empty")
    activity = is_activity(reading)
    if activity is not None:
        counted = [one for one in reading.quantities if counts_activities(reading, one)]
        return Judgment("not_met", "activity", (reading.quote(activity), *map(reading.quote, counted[:1])))
    title = title_or_grade(reading)
    if title is not None and not _leads_with_slogan(reading):
        return Judgment("met", "result", (reading.quote(title),))
    figures = result_figures(reading)
    thing, level, grade = pointed_thing(reading), asks_level(reading), reading.first("grades")
    if thing is not None and (figures or not _is_slogan(reading)):
        return Judgment("cannot_tell", "elsewhere", (reading.quote(thing),))
    blank = blank_object(reading)
    if blank:
        return Judgment("cannot_tell", "no_object", (blank,))
    if grade is not None and not figures and not _graded_indicator(reading, grade):
        return Judgment("cannot_tell", "grade", (reading.quote(grade),))
    if any(says_of_what(reading, one) for one in figures):
        return Judgment("met", "result", _shown(reading))
    if grade is not None and not figures:
        return Judgment("met", "result", _shown(reading))
    if level is not None and not _is_slogan(reading):
        named = names_object(reading) and (reading.has("more", "less") or _names_measure(reading))
        named = named and (_names_measure(reading) or any("result" not in m.lists for m in objects(reading)))
        if named or reading.has("outside"):
            return Judgment("met", "result", _shown(reading))
        return Judgment("cannot_tell", "elsewhere", (reading.quote(level),))
    if figures:
        reason = "no_object" if not objects(reading) else "no_result"
        return Judgment("cannot_tell", reason, (reading.quote(figures[0]),))
    if states_change(reading) or states_end(reading):
        return Judgment("met", "result", _shown(reading))
    vague = reading.first("vague")
    if vague is not None:
        return Judgment("not_met", "vague", (reading.quote(vague),))
    if not objects(reading):
        return Judgment(
            "not_met", "no_object", tuple(reading.quote(mark) for mark in indicators(reading)[:1])
        )
    return Judgment("not_met", "no_result", (reading.quote(objects(reading)[0]),))


def _graded_indicator(reading: Reading, grade: Found) -> bool:
    """``mức độ hài lòng của người dân đạt loại tốt``: the indicator is named, its scale is not."""
    before = [mark for mark in reading.of("more", "less") if mark.last <= grade.first]
    return any("scales" in mark.lists for mark in before) and names_object(reading)


def _names_measure(reading: Reading) -> bool:
    """``Tỷ lệ …``, ``Điểm …``, ``Thời gian …`` at the head of the sentence or of its clause."""
    text = reading.text
    return any(
        text.says(at, "tỷ", "điểm")
        or text.sequence(at, "chỉ", "số")
        or (
            text.says(at, "số") and text.kind(at + 1) == "word" and not text.says(at + 1, "hóa", "thứ", "với")
        )
        for at in range(min(8, len(text.tokens)))
    )


def _shown(reading: Reading) -> tuple[str, ...]:
    words = [reading.quote(mark) for mark in (*indicators(reading)[:1], *objects(reading)[:1])]
    return tuple(dict.fromkeys(words))


def _leads_with_slogan(reading: Reading) -> bool:
    return reading.text.says(0, "nâng", "đẩy") or reading.text.sequence(0, "tăng", "cường")


def _is_slogan(reading: Reading) -> bool:
    """``tiếp tục …``, ``hoàn thành tốt …``: a vague verb, and no level that is to be reached."""
    text = reading.text
    vague = [mark for mark in reading.of("vague") if mark.phrase not in {"phấn đấu", "duy trì", "giữ vững"}]
    reaching = any(
        text.says(at, "đạt", "vượt", "bằng", "như") and not text.says(at + 1, "qua", "khó")
        for at in range(len(text.tokens))
    )
    return bool(vague) and not (reaching and not text.says(0, "tiếp", "đẩy", "phát", "nâng"))


def judge_measurable(reading: Reading) -> Judgment:
    """A figure and what it counts, or a result that anyone can check."""
    specific = judge_specific(reading)
    figures = result_figures(reading)
    real = [one for one in figures if one.kind != "blank" and not of_plan(reading, one)]
    if specific.verdict == "not_met":
        return _of_activity(reading) if specific.reason == "activity" else _not_measured(reading)
    if specific.verdict == "cannot_tell":
        thing = pointed_thing(reading)
        counted = [one for one in real if _is_finished(reading, one)]
        if thing is not None and counted and "levels" not in thing.lists:
            return Judgment("met", "figure", (reading.quote(counted[0]),))
        if figures:
            return Judgment("cannot_tell", "no_unit", (reading.quote(figures[0]),))
        elsewhere = asks_level(reading) or thing or reading.first("grades")
        if elsewhere is None:
            return Judgment("cannot_tell", "blank", (blank_object(reading),))
        return Judgment("cannot_tell", "elsewhere", (reading.quote(elsewhere),))
    told = [one for one in real if says_of_what(reading, one)]
    blank = next((one for one in figures if one.kind == "blank"), None)
    if told and not (blank is not None and all(_is_each(reading, one) for one in told)):
        return Judgment("met", "figure", (reading.quote(told[0]),))
    if blank is not None:
        return Judgment("cannot_tell", "blank", (reading.quote(blank),))
    title, level = title_or_grade(reading), asks_level(reading)
    grade = reading.first("grades")
    if grade is not None and title is None and not real:
        return Judgment("cannot_tell", "elsewhere", (reading.quote(grade),))
    if title is not None:
        return Judgment("met", "checkable", (reading.quote(title),))
    if level is not None:
        return Judgment("cannot_tell", "elsewhere", (reading.quote(level),))
    planned = next((one for one in figures if of_plan(reading, one)), None)
    if planned is not None:
        return Judgment("cannot_tell", "elsewhere", (reading.quote(planned),))
    if states_end(reading) and not reading.has("most"):
        return Judgment("met", "checkable", (reading.quote(reading.first("done")),))
    return _not_measured(reading)


def _is_each(reading: Reading, quantity: Quantity) -> bool:
    """``Mỗi TTHC có tối thiểu … loại giấy tờ``: the level is the one left blank."""
    return reading.text.says(quantity.first, "mỗi", "từng")


def _is_finished(reading: Reading, quantity: Quantity) -> bool:
    """``Bổ khuyết 9 thiếu sót đã nêu``, ``xong 100 % nội dung``: counted things that are to be dealt with, no score."""
    text = reading.text
    scored = text.says(quantity.number_last, "tiêu") or quantity.unit.casefold() == "điểm"
    measured = any(one.kind in {"percent", "bare"} and one is not quantity for one in reading.targets)
    if quantity.kind == "count" and not scored and not measured:
        led = text.says(quantity.first - 1, "ở", "tại", "với") or text.says(
            quantity.first - 2, "ở", "tại", "với"
        )
        led = led or text.says(
            quantity.first - 1, "đạt", "lên", "xuống", "tăng", "giảm", "nâng", "dưới", "thêm"
        )
        if quantity.number_last and not led and not quantity.limit:
            return True
    return quantity.kind in {"count", "percent"} and _finishes(reading)


def _finishes(reading: Reading) -> bool:
    text = reading.text
    return reading.has("done") or text.among(range(len(text.tokens)), *_FINISHING)


def _of_activity(reading: Reading) -> Judgment:
    blank = next((one for one in reading.targets if one.kind == "blank"), None)
    if blank is not None:
        return Judgment("cannot_tell", "blank", (reading.quote(blank),))
    text = reading.text
    enough = next((at for at in range(len(text.tokens)) if text.sequence(at, "đủ", "số")), None)
    level = reading.first("levels", "elsewhere", "pointing")
    if enough is not None and level is not None and level.first > enough:
        return Judgment("cannot_tell", "elsewhere", (reading.quote(level),))
    counted = [one for one in reading.targets if not one.zero]
    if counted:
        return Judgment("met", "figure", (reading.quote(counted[0]),))
    for time in reading.times:
        if time.kind == "recurring" and any(char.isdigit() for char in reading.quote(time)):
            return Judgment("met", "figure", (reading.quote(time),))
    return Judgment("not_met", "none")


def _not_measured(reading: Reading) -> Judgment:
    vague = reading.first("vague", "most")
    return Judgment("not_met", "vague", (reading.quote(vague),)) if vague else Judgment("not_met", "none")


def judge_relevant(reading: Reading) -> Judgment:
    """Names the work or the people that the commune's system serves."""
    if is_empty(reading):
        return Judgment("cannot_tell", "empty")
    found = served(reading)
    system = [mark for mark in found if "system" in mark.lists]
    outside = other_work(reading)
    if outside is not None and all("tools" in mark.lists for mark in system):
        system = []
    if system:
        return Judgment("met", "system", tuple(dict.fromkeys(map(reading.quote, system)))[:3])
    if outside is not None:
        return Judgment("not_met", "outside", (reading.quote(outside),))
    other = unknown_work(reading)
    citizens = not any("officers" in mark.lists for mark in found) and not reading.has("more", "less")
    if found and not (other is not None and reading.quantities and citizens):
        # "80 % người cao tuổi được khám mắt": people are named, but for another work
        return Judgment("met", "system", tuple(dict.fromkeys(map(reading.quote, found)))[:3])
    if title_or_grade(reading) is not None:
        return Judgment("cannot_tell", "none", (reading.quote(title_or_grade(reading)),))
    if other is not None and pointed_thing(reading) is None:
        return Judgment("not_met", "other_work", (other,))
    measure = reading.first("more", "less")
    if measure is not None:
        return Judgment("cannot_tell", "unclear", (reading.quote(measure),))
    return Judgment("cannot_tell", "none")
