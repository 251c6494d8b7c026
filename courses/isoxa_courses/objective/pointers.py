"""Words that point to somebody else's say: ``tỉnh đã giao``, ``cuộc họp thống nhất``, ``đã chốt``.

Who gives (``authorities``) and how (``giving``) are two short lists; together they cover what no list of whole phrases
could. What they are said of, a thing or a level, is judged in ``elsewhere``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from .quantity import COUNTED, MINUTES
from .words import Found, Lexicon, Text

_BETWEEN = ("đã", "mới", "vừa", "có", "sẽ", "cùng", "cũng", "vẫn", "từng", "mà")
_DONE = ("đã", "vừa", "từng")
_POINTING = frozenset({"pointing"})
_FARTHEST = 3
_PERSONS = ("anh", "chị", "em", "cô", "chú", "bác", "ông", "bà", "tôi", "mình")
_TELLING = ("nhận", "ghi", "nêu", "hứa", "hẹn", "dặn", "nói", "chốt", "giao", "hỏi", "nhắc", "báo", "đưa")
_NOT_TOLD = (
    "cho",
    "của",
    "các",
    "những",
    "người",
    "với",
    "trợ",
    "là",
    "giúp",
    "để",
    "chúng",
    "và",
    "thì",
    "nhà",
)
_OCCASIONS = ("bàn", "nghiệm", "khai", "khánh", "sáp", "chuyển", "ra", "họp", "sơ", "tổng", "bế")
_NO_SEASONS = (
    "việc",
    "án",
    "nghị",
    "thảo",
    "đồng",
    "làm",
    "này",
    "tháng",
    "quý",
    "năm",
    "thi",
    "đầu",
    "trường",
)


def _given_by(text: Text, found: tuple[Found, ...]) -> Iterator[Found]:
    """The places where somebody gives, says or agrees something; ``found`` are phrases of the two lists."""
    starts = {mark.first: mark for mark in found if "giving" in mark.lists}
    for mark in found:
        if "authorities" in mark.lists:
            at = mark.last
            while at < mark.last + _FARTHEST and text.says(at, *_BETWEEN):
                at += 1
            if at not in starts and text.says(at - 1, *_DONE) and text.kind(at) == "word":
                yield Found(mark.first, at + 1, _POINTING, "")
            slight = not text.marked and at > mark.last and mark.last - mark.first == 1
            if at in starts and not slight:
                yield Found(mark.first, starts[at].last, _POINTING, "")
        elif text.says(mark.first - 1, *_DONE) or text.sequence(mark.first - 2, "đã", "được"):
            yield Found(mark.first - 1, mark.last, _POINTING, "")


def _told_by(text: Text) -> Iterator[Found]:
    """``13 điểm vướng mà Tổ công tác đã liệt kê``, ``6/6 phiếu do ông Lực mở``: told by what somebody did."""
    for at in range(2, len(text.tokens) - 2):
        if text.says(at, "mà", "như"):
            for step in range(at + 2, min(at + 8, len(text.tokens))):
                if text.kind(step) != "word" or text.says(step, "không", "chưa"):
                    break
                if text.says(step, "đã", "vừa", "từng") and text.kind(step + 1) == "word":
                    yield Found(at, step + 2, _POINTING, "")
                    break
        elif text.says(at, "do") and text.says(
            at + 1, "ông", "bà", "anh", "chị", "đồng", "sếp", "tổ", "đoàn", "sở"
        ):
            yield Found(at, at + 2, _POINTING, "")


def _told_by_person(text: Text) -> Iterator[Found]:
    """``5 câu cô Hạnh hỏi``, ``6 việc anh Bảo ghi``, ``đầu việc em nhận``: told by what a person said or took."""
    for at in range(2, len(text.tokens) - 1):
        if not text.says(at, *_PERSONS) or text.kind(at - 1) != "word" or text.says(at - 1, *_NOT_TOLD):
            continue
        word = text.source[text.tokens[at + 1].start : text.tokens[at + 1].end]
        named = word[:1].isupper() and not word.isupper() and text.kind(at + 2) == "word"
        if named or text.says(at + 1, *_TELLING):
            yield Found(at, at + 2 + named, _POINTING, "")


def with_givers(text: Text, frame: tuple[Found, ...], givers: Lexicon) -> tuple[Found, ...]:
    """The frame and what others are said to have set, wherever no phrase of the frame tells it already."""
    told = tuple(_given_by(text, givers.find(text)))
    told = (
        *told,
        *(
            one
            for one in (*_told_by(text), *_told_by_person(text))
            if not any(one.first < m.last and m.first < one.last for m in told)
        ),
    )
    dated = [
        mark
        for mark in frame
        if not ("events" in mark.lists and any(one.first <= mark.first < one.last - 1 for one in told))
    ]  # "mức đại hội đề ra": no event
    given = [
        one for one in told if not any(mark.first < one.last and one.first < mark.last for mark in dated)
    ]
    return tuple(sorted([*dated, *given], key=lambda mark: mark.first))


def seasons(text: Text) -> Iterator[Found]:
    """``trong mùa thu hoạch``, ``trước lễ cầu ngư``: an event, whatever it is called."""
    for at in range(len(text.tokens) - 1):
        if text.says(at, "ngày") and text.says(at + 1, *_OCCASIONS) and text.kind(at + 2) == "word":
            yield Found(at, at + 3, frozenset({"events"}), "")
            continue
        staged = text.kind(at + 1) == "number" or text.bare(at + 1) in {"i", "ii", "iii", "iv"}
        if text.says(at, "đợt", "kỳ") and staged:
            if text.bare(at - 1) in {",", ";"} or text.says(at - 1, "trong", "hết", "trước", "vào"):
                yield Found(at, at + 2, frozenset({"events"}), "")
            continue
        led = text.says(at, "trước", "sau", "trong", "hết", "đến", "qua", "dịp")
        if led and text.says(at + 1, "mùa", "vụ", "lễ", "dịp", "hội", "ngày"):
            named = text.kind(at + 2) == "word" and not text.says(at + 2, *_NO_SEASONS)
            if named and (not text.says(at + 1, "ngày") or text.says(at + 2, "hội", "lễ")):
                yield Found(at, at + 3, frozenset({"events"}), "")


@lru_cache(maxsize=4)
def levels_told(text: Text) -> frozenset[int]:
    """The numbers of ``từ mức độ 2 lên mức độ 4``: two levels of one scale are figures, one alone is a grade."""
    found = [
        at
        for at in range(1, len(text.tokens))
        if text.kind(at) == "number"
        and len(text.bare(at)) <= 2
        and (
            text.says(at - 1, "mức", "bậc", "cấp")
            or text.sequence(at - 2, "mức", "độ")
            or text.sequence(at - 2, "cấp", "độ")
            or text.sequence(at - 2, "ngày", "thứ")
        )
    ]
    return frozenset(found) if len(found) == 2 and found[1] - found[0] < 9 else frozenset()


def is_no_grade(text: Text, mark: Found) -> bool:
    """``mức cao hơn …``, ``chuẩn quốc gia mức độ 2``, ``từ mức 1 lên mức 3``, ``xuống mức 5 %``."""
    figure = text.kind(mark.last - 1) == "number" and (
        text.bare(mark.last) == "%" or text.says(mark.last, *COUNTED, *MINUTES)
    )
    return figure or (
        mark.last - 1 in levels_told(text)
        or text.says(mark.last, "hơn")
        or text.among(range(mark.first - 3, mark.first), "chuẩn")
    )
