"""Where the parts of a sentence begin and end."""

from __future__ import annotations

from functools import lru_cache

from .words import Text

_PURPOSES = ("nhằm", "để", "từ", "vì")
_ADORNING = (
    ("coi", "đây"), ("xem", "đây"), ("coi", "đó"), ("lấy", "đó"), ("góp", "phần"), ("thể", "hiện"), ("tương", "xứng"),
    ("vốn", "là"), ("nhất", "là"), ("qua", "đó"), ("từ", "đó"), ("tạo", "tiền"), ("tạo", "cơ"), ("làm", "cơ", "sở"),
    ("làm", "căn", "cứ"), ("khẳng", "định"), ("xứng", "đáng"), ("bảo", "đảm", "yêu", "cầu"), ("đáp", "ứng"),
    ("báo", "cáo", "bằng"), ("báo", "cáo", "ban"), ("báo", "cáo", "ubnd"), ("số", "liệu", "lấy"), ("các", "con", "số"),
    ("theo", "tinh", "thần"), ("phù", "hợp", "với"), ("tiến", "tới"), ("hướng", "tới"), ("đúng", "tinh", "thần"),
    ("không", "phụ"), ("xem", "đó"), ("phấn", "đấu", "vì"), ("vì",), ("như", "vậy"), ("đây", "là"),
)  # fmt: skip
_LEAST_WORDS = 4
ENDS = frozenset({";", ".", "\n"})


def clause_around(text: Text, index: int) -> tuple[int, int]:
    """The tokens between the full stops and semicolons around ``index``."""
    low = index
    while low > 0 and text.bare(low - 1) not in ENDS:
        low -= 1
    high = index
    while high < len(text.tokens) and text.bare(high) not in ENDS:
        high += 1
    return low, high


def part_around(text: Text, index: int) -> tuple[int, int]:
    """The tokens between ``và``, commas and the ends of the sentence around ``index``."""
    low, high = clause_around(text, index)
    cuts = [at for at in range(low, high) if cuts_part(text, at)]
    return max((at for at in cuts if at < index), default=low), min(
        (at for at in cuts if at > index), default=high
    )


def cuts_part(text: Text, at: int) -> bool:
    """Whether a new part of the sentence begins at the token."""
    return (
        text.bare(at) in {",", "+"}
        or text.says(at, "và")
        or text.sequence(at, "đồng", "thời")
        or (text.bare(at) in {"/", "-", "–", "—"} and text.apart(at))
        or text.in_new_cell(at)
    )


def in_purpose(text: Text, index: int) -> bool:
    """Whether a token stands in ``nhằm …`` or ``để …``, set off from the result by a comma."""
    low, high = clause_around(text, index)
    begin = next((at for at in range(index, low - 1, -1) if text.bare(at) == "," or at == low), low)
    head = begin + (text.bare(begin) == ",")
    if not (
        text.says(head, *_PURPOSES) or text.sequence(head, "góp", "phần") or text.sequence(head, "qua", "đó")
    ):
        return False
    return begin > low or any(text.bare(at) == "," for at in range(index, high))


@lru_cache(maxsize=4)
def adornments(text: Text) -> frozenset[int]:
    """The tokens of what is hung on behind: ``…, coi đây là thước đo …``, ``…, góp phần …``; no result stands there."""
    found: set[int] = set()
    begin = next((at for at in range(len(text.tokens)) if text.bare(at) == ","), len(text.tokens))
    words = sum(text.kind(at) == "word" for at in range(begin))
    inside = False
    for at in range(begin if words >= _LEAST_WORDS else len(text.tokens), len(text.tokens)):
        if text.bare(at) in ENDS:
            inside = False
        elif text.bare(at) == ",":
            inside = any(text.sequence(at + 1, *opener) for opener in _ADORNING)
            inside = inside and text.kind(at + 3) not in {"number", "date"}  # "mới đạt 7 %, hướng tới 30 %"
        elif inside:
            found.add(at)
    return frozenset(found)


def preamble(text: Text) -> int:
    """The token where the objective begins, behind ``Căn cứ Quyết định …,``: what a paper says there is no level."""
    if not (
        text.sequence(0, "căn", "cứ")
        or text.sequence(0, "trên", "cơ", "sở")
        or text.says(0, "để", "nhằm")
        or text.sequence(0, "thực", "hiện", "lời")
    ):
        return 0
    comma = next((at for at in range(len(text.tokens)) if text.bare(at) in {",", ";", ":"}), -1)
    words = sum(text.kind(at) == "word" for at in range(comma + 1, len(text.tokens)))
    return comma + 1 if comma > 0 and words > 3 else 0
