"""Words that point to somebody else's say: ``tỉnh đã giao``, ``cuộc họp thống nhất``, ``đã chốt``.

Who gives (``authorities``) and how (``giving``) are two short lists; together they cover what no list of whole phrases
could. What they are said of, a thing or a level, is judged in ``elsewhere``.
"""

from __future__ import annotations

from collections.abc import Iterator

from .words import Found, Lexicon, Text

_BETWEEN = ("đã", "mới", "vừa", "có", "sẽ", "cùng", "cũng", "vẫn", "từng", "mà")
_DONE = ("đã", "vừa", "từng")
_POINTING = frozenset({"pointing"})
_FARTHEST = 3


def _given_by(text: Text, found: tuple[Found, ...]) -> Iterator[Found]:
    """The places where somebody gives, says or agrees something; ``found`` are phrases of the two lists."""
    starts = {mark.first: mark for mark in found if "giving" in mark.lists}
    for mark in found:
        if "authorities" in mark.lists:
            at = mark.last
            while at < mark.last + _FARTHEST and text.says(at, *_BETWEEN):
                at += 1
            if at in starts:
                yield Found(mark.first, starts[at].last, _POINTING, "")
        elif text.says(mark.first - 1, *_DONE) or text.sequence(mark.first - 2, "đã", "được"):
            yield Found(mark.first - 1, mark.last, _POINTING, "")


def with_givers(text: Text, frame: tuple[Found, ...], givers: Lexicon) -> tuple[Found, ...]:
    """The frame and what others are said to have set, wherever no phrase of the frame tells it already."""
    told = tuple(_given_by(text, givers.find(text)))
    dated = [
        mark
        for mark in frame
        if not ("events" in mark.lists and any(one.first <= mark.first < one.last - 1 for one in told))
    ]  # "mức đại hội đề ra": no event
    given = [
        one for one in told if not any(mark.first < one.last and one.first < mark.last for mark in dated)
    ]
    return tuple(sorted([*dated, *given], key=lambda mark: mark.first))


def is_no_grade(text: Text, mark: Found) -> bool:
    """``mức cao hơn …``, ``chuẩn quốc gia mức độ 2``."""
    return text.says(mark.last, "hơn") or any(
        text.says(at, "chuẩn") for at in range(mark.first - 3, mark.first)
    )
