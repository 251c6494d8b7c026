"""Words that no list knows: a work without an entry, a name, an abbreviation.

Words of the system are a closed world, and so are words without content (``nhiệm vụ``, ``tinh thần``, ``quyết liệt``).
Other work is not: whatever is left of a sentence once both are taken away is taken for a work of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .clauses import adornments
from .reading import Reading
from .words import Text

_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?", re.ASCII
)


@lru_cache(maxsize=4)
def unknown_work(reading: Reading) -> str | None:
    """The words of a work that is in no list: two syllables side by side, or one that is counted."""
    text = reading.text
    counted = {
        one.number_last for one in reading.quantities if one.kind in {"count", "percent"} and not one.zero
    }
    concrete = reading.targets or reading.has("result", "done", "activity", "turning", "limiting")
    shortest = 2 if concrete or reading.times else 3  # a slogan may have a word of its own
    for first, last in unknown_runs(reading):
        if last - first >= shortest or (first in counted and text.marked):
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


def unknown_runs(reading: Reading) -> Iterator[tuple[int, int]]:
    """Runs of syllables that no list knows, outside of times, figures and names: a work without an entry."""
    text = reading.text
    known = {at for mark in reading.marks for at in range(mark.first, mark.last)} | reading.names
    known |= {at for time in reading.times for at in range(time.first, time.last)} | adornments(text)
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
            and not _is_person(text, at)
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


def _is_person(text: Text, at: int) -> bool:
    """``ĐỒNG CHÍ GIÀNG A SỬ``: up to four syllables after a form of address."""
    return any(text.sequence(at - step, "đồng", "chí") for step in range(2, 6))


def _in_number(reading: Reading, at: int) -> bool:
    return any(one.first <= at < one.number_last for one in reading.quantities)
