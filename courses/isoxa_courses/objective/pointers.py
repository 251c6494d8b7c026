"""Words that point to somebody else's say: ``tỉnh đã giao``, ``cuộc họp thống nhất``, ``đã chốt``.

Who gives (``authorities``) and how (``giving``) are two short lists; together they cover what no list of whole phrases
could. What they are said of, a thing or a level, is judged in ``elsewhere``.
"""

from __future__ import annotations

from collections.abc import Iterator

from .words import Found, Text

_BETWEEN = ("đã", "mới", "vừa", "có", "sẽ", "cùng", "cũng", "vẫn", "từng", "mà")
_DONE = ("đã", "vừa", "từng")
_POINTING = frozenset({"pointing"})
_FARTHEST = 3


def given_by(text: Text, found: tuple[Found, ...]) -> Iterator[Found]:
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
