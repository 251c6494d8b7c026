"""What a sentence is about: the objects it names, the indicators, the words that nobody knows, what is only pointed at.

Words of the system are a closed world, and so are words without content (``nhiệm vụ``, ``tinh thần``, ``quyết liệt``).
Other work is not: whatever is left of a sentence once both are taken away is taken for a work of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .clauses import clause_around
from .quantity import Quantity
from .reading import Reading
from .words import Found, Text

_OBJECTS = ("system", "people", "outside")
_PAPER = re.compile("^(công văn|văn bản|tài liệu|biểu mẫu|quy trình|tờ khai)$")
_YEARLY_GRADE = re.compile("^hoàn thành.* nhiệm vụ$")
_NAMED_BY_ITSELF = re.compile("hài lòng|thanh toán|^nộp |tiền mặt|ký số|^chỉ số|^par index|^sipas|^papi|^dti|^thời gian|^thủ tục")
_UNITS_OF_OFFICE = re.compile("một cửa|1 cửa|bộ phận|trung tâm|^bpmc|iso$")
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?", re.ASCII
)
_POINTS_AT_NOUN = re.compile("^(nêu|đã nêu|nói|kể|trên đây|như trên|này$|kèm|đính|tại|theo|trong (danh|biểu|phụ|bảng)|ở)")
_POINTS_WITHIN = 9
_OWNING = (("đăng", "ký"), ("cam", "kết"), ("tự", "phấn", "đấu"))
_STRIVING = (("phấn", "đấu"), ("hoàn", "thành"), ("thực", "hiện"), ("làm", "tốt"))
_OTHERS = ("xã", "tỉnh", "huyện", "năm", "mức", "phường", "kết", "lần", "kỳ", "quý", "tháng", "cùng")
_OF_PLAN = ("theo", "so", "với", "của", "số", "các", "mức", "những")
_OFFICER = re.compile("công chức|cán bộ|^cb|viên chức|nhân viên|chuyên viên")
_OWNERS = frozenset({"tôi", "chúng tôi", "cá nhân", "bản thân"})


def objects(reading: Reading) -> list[Found]:
    """What the objective is about, as far as the lists know it; the officer who signs it is not."""
    owned = _owner(reading)
    return [mark for mark in reading.of(*_OBJECTS) if mark.first not in owned]


def served(reading: Reading) -> list[Found]:
    """Works and people of the system; a unit alone, beside a title, is only its owner."""
    owned = _owner(reading)
    found = [m for m in reading.of("system", "people") if m.first not in owned and not _is_paper(reading, m)]
    if title_or_grade(reading) is not None:
        found = [m for m in found if "system" in m.lists and not _UNITS_OF_OFFICE.search(m.phrase)]
    pointed = pointed_thing(reading)
    if pointed is not None and "things" in pointed.lists:
        found = [mark for mark in found if mark is not pointed]
    return found


def _is_paper(reading: Reading, mark: Found) -> bool:
    """``tại Công văn số 12``, ``theo văn bản của Sở``: a paper that tells what is to be done is no work."""
    if not _PAPER.search(mark.phrase):
        return False
    text = reading.text
    numbered = mark.last in reading.names or text.says(mark.last, "số", "của")
    return text.says(mark.first - 1, "theo", "tại", "trong", "bằng", "nêu", "ghi") and (numbered or mark.last >= len(text.tokens) - 1)


@lru_cache(maxsize=4)
def _owner(reading: Reading) -> frozenset[int]:
    """``Công chức tư pháp đăng ký …``: the tokens of the one who undertakes to do it."""
    text = reading.text
    for at in range(1, min(12, len(text.tokens))):
        striving = any(text.sequence(at, *words) for words in _STRIVING)
        strives = striving and (reading.has("titles") or _tasks_only(reading))
        if strives or any(text.sequence(at, *words) for words in _OWNING):
            officers = [m for m in reading.of("people") if _OFFICER.search(m.phrase)]
            owners = officers or [m for m in reading.of("generic") if m.phrase in _OWNERS]
            begins = owners[0].first if owners and owners[0].first < at else at
            figure = any(quantity.first < at for quantity in reading.quantities)
            told = any(mark.first < at for mark in reading.of("more", "less", "result"))
            return frozenset() if figure or told or at - begins > 8 else frozenset(range(begins, at))
    return frozenset()


def _tasks_only(reading: Reading) -> bool:
    text = reading.text
    return any(text.sequence(at, "nhiệm", "vụ") for at in range(len(text.tokens)))


def other_work(reading: Reading) -> Found | None:
    """The first word of other work; a unit's name (``Phòng Văn hóa``) beside a title is none."""
    owned, text = _owner(reading), reading.text
    for mark in reading.of("outside"):
        unit = reading.has("titles") and text.says(mark.first - 1, "phòng", "ban")
        if mark.first not in owned and not unit:
            return mark
    return None


def indicators(reading: Reading) -> list[Found]:
    """What says which end state is meant: a measure, or a verb of a result."""
    return [*reading.of("result", "more", "less", "done")]


def names_object(reading: Reading) -> bool:
    """Whether something stands beside the indicator that it is about: ``số hóa 75 %`` alone does not say of what."""
    named = objects(reading)
    if len(named) != 1:
        return bool(named) or unknown_work(reading) is not None
    (only,) = named
    if _NAMED_BY_ITSELF.search(only.phrase) or unknown_work(reading) is not None:
        return True
    if reading.text.says(only.first - 1, "số", "lệ") and only.phrase != "số hóa":
        return True
    return any(mark is not only for mark in indicators(reading)) or not only.lists & {"more", "less", "result"}


def unknown_runs(reading: Reading) -> Iterator[tuple[int, int]]:
    """Runs of syllables that no list knows, outside of times, figures and names: a work without an entry."""
    text = reading.text
    known = {at for mark in reading.marks for at in range(mark.first, mark.last)} | reading.names
    known |= {at for time in reading.times for at in range(time.first, time.last)}
    begin, condition, mixed = -1, False, text.source != text.source.upper()
    for at in range(len(text.tokens) + 1):
        condition = text.says(at, "khi", "nếu") or (condition and text.kind(at) != "sign")
        new = (
            text.kind(at) == "word"
            and not condition
            and at not in known
            and bool(_SYLLABLE.fullmatch(text.bare(at)))
            and not _in_number(reading, at)
            and not (mixed and _is_name(text, at))
        )
        if new and begin < 0:
            begin = at
        elif not new and begin >= 0:
            yield begin, at
            begin = -1


def _is_name(text: Text, at: int) -> bool:
    """``Nà Lạn``, ``Nguyễn Văn A``, ``KPI``: a capital letter where no sentence begins."""
    word = text.source[text.tokens[at].start : text.tokens[at].end]
    starts = at == 0 or text.bare(at - 1) in {".", ":", "-", "\n", ";"}
    return word[:1].isupper() and (not starts or (len(word) > 1 and word.isupper()))


def _in_number(reading: Reading, at: int) -> bool:
    return any(one.first <= at < one.number_last for one in reading.quantities)


@lru_cache(maxsize=4)
def unknown_work(reading: Reading) -> str | None:
    """The words of a work that is in no list: two syllables side by side, or one that is counted."""
    text = reading.text
    counted = {one.number_last for one in reading.quantities if one.kind in {"count", "percent"} and not one.zero}
    for first, last in unknown_runs(reading):
        if last - first >= 2 or (first in counted and text.marked):
            return text.quote(first, last)
    return None


def unknown_code(reading: Reading) -> bool:
    """``KQVX``, ``TĐX``: an abbreviation nobody knows."""
    text = reading.text
    known = {at for mark in reading.marks for at in range(mark.first, mark.last)} - reading.names
    return any(
        text.kind(at) == "word"
        and at not in known
        and len(text.bare(at)) > 1
        and not _SYLLABLE.fullmatch(text.bare(at))
        for at in range(len(text.tokens))
        if not any(time.first <= at < time.last for time in reading.times)
    )


@lru_cache(maxsize=4)
def pointed_thing(reading: Reading) -> Found | None:
    """``6 kiến nghị tại Thông báo 27``, ``nhiệm vụ được giao``, ``nội dung thứ ba``: a thing told by reference."""
    text = reading.text
    told = list(reading.of("system", "outside", "more", "less"))
    for mark in reading.of("things"):
        _, high = clause_around(text, mark.first)
        if any(one.first <= mark.first < one.number_last for one in reading.quantities):
            continue  # "chín phần mười"
        counted = any(one.first <= mark.first <= one.last and not one.zero for one in reading.quantities)
        before = [one for one in told if one.last <= mark.first]
        if not counted and any(one.lists & {"more", "less"} for one in before):
            continue  # "tỷ lệ hồ sơ đúng hạn … như kết quả đã báo cáo": a level told by reference, not a thing
        ordered = text.says(mark.last, "số", "thứ") and text.kind(mark.last + 1) == "number"
        if mark.last in reading.names or ordered or text.sequence(mark.last, "thứ"):
            return mark
        if counted and not any(one.lists & {"system", "outside"} for one in told):
            return mark
        within = range(mark.last, high if counted else min(mark.last + _POINTS_WITHIN, high))
        pointer = next((one for one in reading.of("pointing") if one.first in within), None)
        if pointer and (counted or not any(mark.last <= one.first < pointer.first for one in told)):
            return mark
    for mark in reading.of("system", "outside"):  # "thủ tục nói trên", "hồ sơ nêu tại Phụ lục 2"
        if any(one.first == mark.last and _POINTS_AT_NOUN.search(one.phrase) for one in reading.of("pointing")):
            return mark
    return None


def title_or_grade(reading: Reading) -> Found | None:
    """``đạt danh hiệu …``, ``được xếp loại hoàn thành tốt nhiệm vụ``."""
    title = reading.first("titles")
    if title is not None or not reading.quantities:
        return title
    return next((mark for mark in reading.of("more") if _YEARLY_GRADE.search(mark.phrase)), None)


def asks_level(reading: Reading) -> Found | None:
    """The level that stands elsewhere: ``đạt chỉ tiêu tỉnh giao``, ``như năm trước``, ``110 % kế hoạch``."""
    found = reading.first("elsewhere")
    if found is not None:
        return found
    text = reading.text
    for mark in reading.of("pointing"):
        near = range(max(0, mark.first - 6), mark.first + 1)
        if any(text.says(at, "như", "bằng", "theo", "đạt", "mức", "hơn", "vượt") for at in near):
            return mark
    for at in range(len(text.tokens)):
        if text.says(at, "bằng", "ngang", "như") and text.says(at + 1, *_OTHERS):
            return Found(at, at + 2, frozenset({"elsewhere"}), "")
    open_limit = _open_limit(reading)
    if open_limit is not None:
        return open_limit
    for mark in reading.of("levels"):
        before = range(max(0, mark.first - 4), mark.first)
        reached = any(text.says(at, "đạt", "vượt", "bằng", "theo", "hơn", "thành", "với", "hiện", "đúng", "sát", "kịp") for at in before)
        counted = any(one.last <= mark.first <= one.last + 2 and one.kind == "percent" for one in reading.quantities)
        if reached or counted:
            return mark
    return None


def _open_limit(reading: Reading) -> Found | None:
    """``không quá thời hạn quy định``, ``không thấp hơn năm 2026``, ``đạt mức khoán``: a limit without a figure."""
    text = reading.text
    starts = {one.first for one in reading.quantities}
    for mark in reading.of("at_most", "below", "at_least", "above"):
        if mark.first not in starts and text.says(mark.first, "không") and mark.last < len(text.tokens):
            if text.kind(mark.last) not in {"number", "blank"} and not text.says(mark.last, "một", "nửa"):
                return mark
    for at in range(len(text.tokens) - 1):
        if text.says(at, "đạt", "ở", "giữ") and text.says(at + 1, "mức", "ngưỡng") and text.kind(at + 2) == "word":
            if not any(one.first <= at + 4 and one.last > at for one in reading.quantities):
                return Found(at, at + 2, frozenset({"elsewhere"}), "")
    return None


def blank_object(reading: Reading) -> str:
    """``hồ sơ lĩnh vực …… được trả``: what is left to be filled in, if it is no level and no day."""
    text = reading.text
    filled = {at for one in (*reading.quantities, *reading.times) for at in range(one.first, one.last)}
    for at in range(1, len(text.tokens) - 1):
        if text.kind(at) == "blank" and at not in filled and text.kind(at - 1) == text.kind(at + 1) == "word":
            return text.quote(at - 1, at + 1)
    return ""


def of_plan(reading: Reading, quantity: Quantity) -> bool:
    """``110 % kế hoạch``, ``vượt 5 % chỉ tiêu``: a share of what somebody else sets."""
    if quantity.kind != "percent":
        return False
    text = reading.text
    near = 5 if text.sequence(quantity.last, "so", "với") else 3
    low = max(0, quantity.first - 7)
    exceeds = any(text.says(at, "vượt") for at in range(low, quantity.first + 1))
    for mark in reading.of("levels"):
        between = range(quantity.last, mark.first)
        if quantity.last <= mark.first <= quantity.last + near and all(text.says(at, *_OF_PLAN) for at in between):
            return True
        if exceeds and low <= mark.first and mark.last <= quantity.first + 1:
            return True
    return False
