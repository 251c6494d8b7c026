"""What a sentence is about: the works and people that it names, and what it says of them."""

from __future__ import annotations

from functools import lru_cache

from .elsewhere import pointed_thing, title_or_grade
from .reading import Reading
from .unknown import unknown_work
from .words import Found

_OBJECTS = ("system", "people", "outside")
_OWNING = (("đăng", "ký"), ("cam", "kết"), ("tự", "phấn", "đấu"))
_STRIVING = (
    ("quyết", "tâm"),
    ("đồng", "lòng"),
    ("nỗ", "lực"),
    ("phấn", "đấu"),
    ("hoàn", "thành"),
    ("thực", "hiện"),
    ("làm", "tốt"),
)
_MEASURES = frozenset({"ha", "tấn", "tạ", "km", "m2", "m3", "mét", "kg", "lít"})
_FILES = frozenset({"hồ sơ", "thủ tục", "thủ tục hành chính", "tthc", "hs"})
_FIELDS = frozenset(
    {"cấp", "cấp xong", "cấp phép", "đăng ký", "xác nhận", "công nhận", "hỗ trợ", "thẩm định"}
)
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
        found = [m for m in found if "system" in m.lists and "offices" not in m.lists]
    if found and all(_is_dossier(reading, mark) for mark in found):
        return []
    pointed = pointed_thing(reading)
    if pointed is not None and "things" in pointed.lists:
        found = [mark for mark in found if mark is not pointed]
    return found


def _is_dossier(reading: Reading, mark: Found) -> bool:
    """``lập hồ sơ di tích``: a file about other work, drawn up and not handed in by anybody."""
    about = any(one.first == mark.last and "outside" in one.lists for one in reading.of("outside"))
    return (
        mark.phrase == "hồ sơ"
        and about
        and reading.text.says(mark.first - 1, "lập", "thành", "thiện", "trình", "dựng")
    )


def _is_paper(reading: Reading, mark: Found) -> bool:
    """``tại Công văn số 12``, ``theo văn bản của Sở``: a paper that tells what is to be done is no work."""
    if "papers" not in mark.lists:
        return False
    text = reading.text
    things = any(one.last <= mark.first for one in reading.of("things"))
    part = text.among(range(mark.first - 2, mark.first), "mục", "phần", "khoản")
    if things and (part or text.sequence(mark.last, "kết", "luận")):
        return True  # "9 đầu việc tại mục III văn bản hướng dẫn"
    if text.says(mark.first - 1, "ở") and text.says(mark.last, "hỏa", "khẩn", "mật"):
        return True
    numbered = mark.last in reading.names or text.says(mark.last, "số", "của")
    return text.says(
        mark.first - 1, "theo", "tại", "trong", "bằng", "nêu", "ghi", "kèm", "dung", "khai", "hiện"
    ) and (numbered or mark.last >= len(text.tokens) - 1 or text.kind(mark.last) == "sign")


@lru_cache(maxsize=4)
def _owner(reading: Reading) -> frozenset[int]:
    """``Công chức tư pháp đăng ký …``: the tokens of the one who undertakes to do it."""
    text = reading.text
    for at in range(1, min(12, len(text.tokens))):
        striving = any(text.sequence(at, *words) for words in _STRIVING)
        strives = striving and (reading.has("titles") or _tasks_only(reading))
        if strives or any(text.sequence(at, *words) for words in _OWNING):
            officers = [m for m in reading.of("people") if "officers" in m.lists]
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
    system = reading.has("system")
    for mark in reading.of("outside"):
        unit = reading.has("titles") and text.says(mark.first - 1, "phòng", "ban")
        unit = (
            unit
            or text.sequence(mark.first - 2, "công", "chức")
            or text.sequence(mark.first - 2, "chuyên", "viên")
        )
        if any(text.sequence(at, "phối", "hợp") for at in range(mark.first - 4, mark.first - 1)):
            continue  # "phối hợp với đoàn thanh niên hỗ trợ người dân …": who helps
        if mark.phrase in _MEASURES and system:
            continue  # "86 mét tài liệu"
        if text.says(mark.first - 1, "phòng", "sở"):
            continue  # "lãnh đạo Phòng Kinh tế": who does it
        season = text.says(mark.first - 1, "mùa", "vụ") or text.says(mark.first, "mùa", "vụ")
        if (
            season
            and (system or reading.has("people"))
            and text.among(range(mark.first - 2, mark.first), "trước", "sau", "trong", "hết", "qua")
        ):
            continue  # "trong mùa thu hoạch": when
        if mark.first not in owned and not unit:
            return mark
    return None


def indicators(reading: Reading) -> list[Found]:
    """What says which end state is meant: a measure, or a verb of a result."""
    ends = {mark.last for mark in reading.of("system") if mark.phrase in _FILES}
    return [
        mark
        for mark in reading.of("result", "more", "less", "done")
        if not (mark.phrase in _FIELDS and mark.first in ends)  # "hồ sơ cấp phép": which ones
    ]


def names_object(reading: Reading) -> bool:
    """Whether something stands beside the indicator that it is about: ``số hóa 75 %`` alone does not say of what."""
    named = objects(reading)
    if len(named) != 1:
        return bool(named) or unknown_work(reading) is not None
    (only,) = named
    if only.lists & {"complete", "outside"} or unknown_work(reading) is not None:
        return True
    if reading.text.says(only.first - 1, "số", "lệ") and (
        only.phrase != "số hóa" or reading.text.sequence(only.last, "kết", "quả")
    ):
        return True
    return any(
        mark is not only and mark.phrase != "được" for mark in indicators(reading)
    ) or not only.lists & {
        "more",
        "less",
        "result",
    }
