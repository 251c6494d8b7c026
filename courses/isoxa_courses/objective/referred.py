"""What an objective is about, told by reference alone: ``thủ tục nói trên``, ``lĩnh vực đó``, ``thủ tục số 7``.

A general noun of the work, and behind it, with nothing between that says which, where it is told: in a list, in a
table, further up. Papers and places are closed lists here, for they are few; what a field is called is open.
"""

from __future__ import annotations

from functools import lru_cache

from .reading import Reading
from .words import Found, Text

_NOUNS = (
    ("thủ", "tục"), ("tthc",), ("hồ", "sơ"), ("hs",), ("lĩnh", "vực"), ("dịch", "vụ"), ("nhóm",), ("loại",), ("diện",),
    ("đối", "tượng"), ("bộ", "phận"), ("phần", "việc"), ("mảng",), ("công", "dân"), ("đơn",), ("giấy", "tờ"),
    ("quy", "trình"), ("đầu", "việc"), ("trường", "hợp"), ("công", "trình"), ("đơn", "vị"), ("tài", "liệu"),
    ("biểu", "mẫu"), ("dự", "án"), ("hạng", "mục"), ("khoản",), ("tuyến", "đường"),
)  # fmt: skip
_FIRST = tuple(sorted({words[0] for words in _NOUNS}))
_GENERAL = frozenset(" ".join(words) for words in _NOUNS) | {
    "thủ tục hành chính",
    "dịch vụ công",
    "người dân",
    "công dân",
    "tổ chức",
    "cá nhân",
    "dân",
    "người",
    "bà con",
}
_BETWEEN = (
    "hành", "chính", "công", "thuộc", "của", "có", "các", "những", "diện", "nhóm", "loại", "đã", "được", "vừa", "mà",
    "đối", "tượng", "thủ", "tục", "hồ", "sơ", "lĩnh", "vực", "mọi", "số", "dịch", "vụ",
)  # fmt: skip
_MOST_BETWEEN = 5
_TOLD = ("nêu", "nói", "kể", "nhắc", "ghi", "liệt", "đăng")
_WHERE = ("trên", "tại", "ở", "trong", "trước", "đầu", "kê", "đến", "dưới", "sau")
_PLACES = ("phụ", "bảng", "biểu", "mục", "cột", "dòng", "tiêu", "trang", "khoản", "điểm")
_LISTS = (("danh", "mục"), ("danh", "sách"))
_PREDICATES = (
    "được",
    "đạt",
    "phải",
    "đúng",
    "trả",
    "giải",
    "có",
    "xong",
    "đều",
    "bị",
    "trễ",
    "trong",
    "từ",
    "mới",
)
_ORDINALS = ("nhất", "hai", "ba", "tư", "năm", "sáu")


@lru_cache(maxsize=4)
def referred_object(reading: Reading) -> Found | None:
    """The noun with what refers; ``None`` if the sentence says itself what it is about."""
    text = reading.text
    for at in range(len(text.tokens)):
        noun = _noun(text, at)
        if not noun:
            continue
        begin = at + noun
        for step in range(begin, min(begin + _MOST_BETWEEN, len(text.tokens)) + 1):
            last = _refers(reading, at, step, direct=step == begin)
            if last:
                return Found(at, min(last, len(text.tokens)), frozenset({"things"}), "")
            if not text.says(step, *_BETWEEN):
                break
    return None


def _noun(text: Text, at: int) -> int:
    """How many syllables of a general noun stand here."""
    if not text.says(at, *_FIRST):
        return 0
    return next((len(words) for words in _NOUNS if text.sequence(at, *words)), 0)


def _refers(reading: Reading, noun: int, at: int, *, direct: bool) -> int:
    """Where the words end by which the noun is only referred to; 0 if they are none."""
    text = reading.text
    if (
        text.sequence(at, "đánh", "dấu")
        or text.sequence(at, "tên", "trong")
        or text.sequence(at, "tên", "tại")
    ):
        return at + 2
    told = text.says(at, *_TOLD) and (text.says(at + 1, *_WHERE) or text.says(at - 1, "đã", "vừa"))
    if told:
        return at + 2
    if text.says(at, "này", "đó", "ấy") and not _named_before(reading, noun):
        return at + 1 if text.kind(at + 1) != "word" or text.says(at + 1, *_PREDICATES) else 0
    if text.says(at, "trên") and direct and text.says(at + 1, *_PREDICATES):
        return at + 1
    if text.says(at, "trong", "thuộc", "theo", "ở", "tại"):
        if text.says(at + 1, *_PLACES) and _is_place(text, at + 1):
            return at + 2
        if any(text.sequence(at + 1, *words) for words in _LISTS):
            closed = text.kind(at + 3) != "word" or len(text.bare(at + 3)) == 1
            return (
                at + 3
                if closed or text.says(at + 3, "kèm", "đính", "này", "trên", *_TOLD, *_PREDICATES)
                else 0
            )
    if direct and text.says(noun, "thủ", "tthc", "nhóm", "lĩnh"):
        if text.says(at, "số") and text.kind(at + 1) == "number" and not text.says(at + 2, "thủ", "hồ"):
            return at + 2
        if text.says(at, "thứ") and (text.kind(at + 1) == "number" or text.says(at + 1, *_ORDINALS)):
            return at + 2
    if text.says(noun, "lĩnh", "phần", "mảng", "nhóm") and text.sequence(at, "được", "giao"):
        return at + 2
    if direct and text.says(at, "được") and text.says(at + 1, "chọn"):
        return at + 2
    if direct and text.says(noun, "thủ", "lĩnh", "nhóm", "tthc") and not text.says(noun - 1, "số", "bao"):
        at += text.bare(at) == ":"
        return at + 1 if text.kind(at) == "blank" and text.bare(at + 1) != "%" else 0
    return 0


def _is_place(text: Text, at: int) -> bool:
    """``phụ lục 2``, ``bảng trên``, ``mục 2.1``: of a paper; not ``mục tiêu``, ``bảng điện tử``, ``điểm tiếp nhận``."""
    if text.says(at, "phụ"):
        return text.says(at + 1, "lục")
    if text.says(at, "tiêu"):
        return text.says(at + 1, "đề")
    named = text.kind(at + 1) in {"number", "date", "", "sign"} or len(text.bare(at + 1)) == 1
    return named or text.says(at + 1, "trên", "này", "kèm", "đính", "i", "ii", "iii", "iv")


def _named_before(reading: Reading, noun: int) -> bool:
    """Whether what is referred to by ``này``, ``đó`` may stand in the sentence itself: ``70 trong 64 quy trình đó``."""
    text = reading.text
    return any(text.bare(at) == text.bare(noun) for at in range(noun)) or any(
        mark.first < noun and mark.phrase not in _GENERAL
        for mark in reading.of("system", "outside", "people")
    )
