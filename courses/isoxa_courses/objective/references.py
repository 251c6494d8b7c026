"""Names with numbers in them: ``Quyết định 19/2014/QĐ-TTg``, ``TCVN ISO 9001:2015``, ``thôn 3``, ``DV-3``.

Their numbers are neither figures nor dates.
"""

from __future__ import annotations

from collections.abc import Iterator

from .numbers import small, year
from .quantity import COUNTED, LINKS
from .words import Found, Text

_PAPERS = frozenset(
    {"qd", "nd", "tt", "nq", "kh", "ct", "bc", "ubnd", "tb", "cv", "hd", "tthc", "pl", "bca", "bnv"}
)
_GLUED = frozenset({"q", "t", "nam", "quy", "thang", "ngay", "con", "dat", "duoi", "tren", "den", "het"})
"""Words that a slip of the keyboard leaves glued to a number: ``Năm2027``."""
_AIMS = frozenset({"mục tiêu", "chỉ tiêu", "kế hoạch"})
_UNITS = (
    "ngày", "giờ", "phút", "phần", "điểm", "lần", "hồ", "lượt", "vụ", "người", "thủ", "tthc", "đơn", "bộ", "lỗi", "tờ",
    "cuộc", "buổi", "trường", "phiếu", "giấy",
)  # fmt: skip


def numbered_names(text: Text, labels: tuple[Found, ...], frame: tuple[Found, ...]) -> frozenset[int]:
    """The tokens of names with numbers; ``labels`` are the words that lead to one (``Phụ lục``, ``thôn``)."""
    grades = [mark for mark in frame if "grades" in mark.lists and not text.says(mark.last, *_UNITS)]
    taken = {at for mark in grades for at in range(mark.first, mark.last)}
    for index in range(1, len(text.tokens)):
        ordinal = text.says(index - 1, "thứ") and (text.marked or small(text, index, 99) is not None)
        ranked = text.kind(index) in {"number", "date"} and text.among(
            range(index - 1), "xếp", "đứng", "hạng", "trí"
        )
        if (
            ordinal
            and not ranked
            and not text.says(index, "hạng")
            and not text.says(index - 2, "xếp", "đứng", "hạng", "trí")
            and not climbs(text, index)
        ):
            taken.add(index)
    for index in range(1, len(text.tokens)):
        if _is_code(text, index):
            taken.update((index - 1, index) if text.bare(index - 1) != "-" else (index - 2, index - 1, index))
        if text.kind(index) == "number" and text.says(index + 1, "tuổi"):
            taken.add(index)
    for index in range(len(text.tokens)):
        if (
            text.kind(index) == "number"
            and len(text.bare(index)) == 4
            and text.bare(index).isdigit()  # no "19,6 %"
            and text.bare(index).startswith("19")
            and text.says(index - 1, "trước", "sau", "năm", "từ", "đến")
        ):
            taken.add(index)  # "sổ hộ tịch trước 1976"
    for mark in labels:
        if text.kind(mark.last) in {"number", "date"} and not (
            year(text, mark.last) and "số" not in mark.phrase
        ):
            last = mark.last + 1
            if text.says(mark.last - 1, "nhóm") and text.says(mark.last - 3, "xếp", "đứng", "nằm", "lọt"):
                continue  # "xếp trong nhóm 15 xã …": a rank
            if mark.phrase in _AIMS and (text.kind(mark.last) == "date" or "," in text.bare(mark.last)):
                continue  # "chỉ tiêu 9/10", "mục tiêu 4,4/5"
            beside = text.kind(mark.first - 2) == "number" and text.bare(mark.first - 1) == ","
            if (
                mark.phrase in _AIMS
                and beside
                and (
                    text.says(mark.first - 3, "hiện", "đạt", "nay", "có", "là")
                    or text.bare(mark.first - 3) == ":"
                    or year(text, mark.first - 3)
                )
            ):
                continue  # "hiện 48, kế hoạch 60", "điểm chấm: 81, mục tiêu 90"
            aimed = mark.phrase in _AIMS and text.kind(last) == "word" and not text.says(last, *LINKS)
            if aimed and (len(text.bare(mark.last)) > 1 or text.says(last, *COUNTED)):
                continue  # "mục tiêu 30 ghế"
            if text.says(mark.last - 2, "tổng", "trong", "con") and text.says(mark.last - 1, "số"):
                continue
            if (
                text.bare(last) == "%"
                or text.says(last, *_UNITS)
                or (text.bare(last) in {",", "-", "–"} and text.bare(last + 2) == "%")
            ):
                continue
            taken.update(range(mark.last, _glued(text, last)))
            taken.update(_sections_after(text, mark.last, last))
    for index in range(len(text.tokens)):
        if _is_paper(text, index):
            taken.update(range(index, _glued(text, index + 1)))
    return frozenset(taken)


def climbs(text: Text, index: int) -> bool:
    """``từ thứ 20 vươn lên thứ 12``: places in a ranking, not an ordinal; ``index`` is that of the number."""
    ahead = any(
        text.says(at, "lên", "xuống") and text.says(at + 1, "thứ") and text.kind(at + 2) == "number"
        for at in range(index + 1, index + 4)
    )
    behind = text.says(index - 2, "lên", "xuống") and any(
        text.says(at, "thứ") and text.kind(at + 1) == "number" for at in range(index - 6, index - 2)
    )
    return text.kind(index) == "number" and (ahead or behind)


def _sections_after(text: Text, first: int, at: int) -> Iterator[int]:
    """``mục 2.4 và 2.7``: numbers of sections that follow one; each has its point."""
    while (
        "." in text.bare(first)
        and (text.says(at, "và", "đến") or text.bare(at) in {",", "-", "–"})
        and text.kind(at + 1) == "number"
        and "." in text.bare(at + 1)
        and text.kind(at + 2) in {"", "sign"}
        and text.bare(at + 2) != "%"
    ):
        yield at + 1
        at += 2


def _is_code(text: Text, index: int) -> bool:
    """``B2``, ``DV-3``: a code, not a figure."""
    before = text.tokens[index - 1]
    if text.kind(index) != "number":
        return False
    if before.kind == "word" and before.end == text.tokens[index].start:
        return before.bare not in _GLUED
    return (
        before.bare == "-"
        and before.end == text.tokens[index].start
        and text.kind(index - 2) == "word"
        and text.tokens[index - 2].end == before.start
    )


def _is_paper(text: Text, index: int) -> bool:
    if (
        text.kind(index) not in {"number", "date"}
        or text.bare(index + 1) != "/"
        or text.kind(index + 2) != "word"
    ):
        return False
    name = text.bare(index + 2)
    return name in _PAPERS or (len(name) <= 4 and name.isalpha() and text.kind(index) == "date")


def _glued(text: Text, index: int) -> int:
    """The index after the signs, numbers and words that follow without a space (at least one sign first)."""
    while index < len(text.tokens) and text.tokens[index].start == text.tokens[index - 1].end:
        if text.bare(index) in {".", ",", ";", "%", ")"}:
            break
        index += 1
    return index
