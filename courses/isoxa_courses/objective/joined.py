"""Two results that one sentence joins openly: two indicators with one level, two moves, two clauses with a figure."""

from __future__ import annotations

from itertools import pairwise

from .clauses import clause_around, part_around
from .reading import Reading
from .schedules import announces
from .words import Text

_HEADS = ("tỷ", "số", "mức", "điểm", "thời", "lượt")
_NO_HEADS = ("hóa", "liệu", "với", "đạo", "thứ", "hạn", "điểm", "kỳ", "định", "sách", "sở", "tịch", "thuế")
_LINKED = ("và", "lẫn")
_COMMON = ("đều", "cùng", "cả")
_MOVING = ("bớt", "thêm", "tăng", "giảm", "rút", "hạ", "kéo", "nâng")
_MOVED = ("lên", "xuống", "đi", "dần", "thêm", "hơn", "lại", "mạnh", "ít", "nhiều")
_FEWEST_WORDS = 4
_COLUMNS = (
    ("cách",), ("phương", "pháp"), ("trách", "nhiệm"), ("người",), ("nguồn",), ("hạn",), ("thời",), ("theo", "dõi"),
    ("phụ", "trách"), ("đơn", "vị"), ("mốc",), ("ghi", "chú"), ("bộ", "phận"), ("giải", "pháp"), ("biện", "pháp"),
)  # fmt: skip
"""What else stands in the table of objectives, in a column of its own."""
_LEFT_OUT = ("sót", "bỏ", "thiếu", "lọt", "chừa", "trừ")
_MEANS = (
    ("bằng", "cách"), ("bằng", "việc"), ("với", "việc"), ("rút", "kinh", "nghiệm"), ("sau", "khi"), ("nhằm",), ("để",),
)  # fmt: skip


def joins_results(reading: Reading) -> bool:
    """Whether two results stand side by side, each with an indicator of its own."""
    return (
        _share_a_level(reading.text)
        or _move_apart(reading)
        or _stand_in_clauses(reading)
        or _turn_both(reading)
    )


def adds_nothing(text: Text, at: int) -> bool:
    """``…, xong trước …``, ``…, không sót đơn nào``, ``…, tức …``, ``Bằng cách …,``: no result of its own."""
    if any(text.sequence(at, *words) for words in (*_MEANS, ("kể", "cả"))):
        return True
    if announces(text, at):
        return True  # "…; thời gian áp dụng như mục tiêu trước"
    named = next((step for step in range(at, at + 5) if text.bare(step) == ":"), -1)
    if named > at and any(text.sequence(at, *words) for words in _COLUMNS):
        return True  # "…; cách tính: số phiếu chấm 4, 5 điểm chia cho …"
    if at == 0:
        return False
    done = at + 1 + (text.kind(at + 1) == "word" and not text.says(at, "xong"))
    if text.says(done - 1, "xong", "thành", "tất") and text.says(done, "trước", "trong", "ngay", "vào"):
        return True
    left = (
        text.says(at + 1, *_LEFT_OUT)
        or (text.says(at + 2, "nào") and text.says(at + 3, *_LEFT_OUT))
        or (text.says(at + 3, "nào") and text.says(at + 4, *_LEFT_OUT))
    )
    return text.says(at, "tức") or text.sequence(at, "nghĩa", "là") or (text.says(at, "không") and left)


def _both_told(text: Text, at: int) -> bool:
    """``mức chung cho cả hai việc``, ``hai việc cùng đạt``, ``cả hai đều``; not ``hoàn tất cả hai việc``."""
    if text.sequence(at, "cả", "hai", "đều") or text.sequence(at, "hai", "việc", "cùng"):
        return True
    two = text.says(at, "hai") and text.says(at + 1, "việc", "thứ", "điều")
    common = text.says(at - 1, "cho", "của") or (
        text.says(at - 1, "cả") and text.says(at - 2, "cho", "của", "chung")
    )
    return two and (common or text.bare(at + 2) == ":")


def _is_head(text: Text, at: int) -> bool:
    return text.says(at, *_HEADS) and text.kind(at + 1) == "word" and not text.says(at + 1, *_NO_HEADS)


def _share_a_level(text: Text) -> bool:
    """``tỷ lệ … và tỷ lệ … cùng đạt 93 %``, ``… và …, cả hai đều từ 98 %``: one level for two indicators."""
    for at in range(1, len(text.tokens) - 2):
        if _both_told(text, at):
            return True
        if not (text.says(at, *_LINKED) and _is_head(text, at + 1)):
            continue
        low, high = clause_around(text, at)
        ahead = [step for step in range(low, at) if _is_head(text, step)]
        common = text.among(range(at + 2, high), *_COMMON) or text.says(at, "lẫn")
        if ahead and common:
            return True
    return False


def _move_apart(reading: Reading) -> bool:
    """``A từ 4 % lên 15 %, còn B từ 220 lên 400 triệu``: two pairs of baseline and target, each in its own part."""
    places = set()
    for base, target in reading.roles.pairs:
        if part_around(reading.text, base.first)[0] <= target.first:
            low = part_around(reading.text, base.first)[0]
            words = sum(reading.text.kind(at) == "word" for at in range(low, base.first))
            if words > 3:
                places.add(low)
    return len(places) > 1


def _stand_in_clauses(reading: Reading) -> bool:
    """``9/9 quầy có máy quét; mọi văn bản đi có mã``: two clauses, each with its target and what it is said of."""
    text = reading.text
    found: dict[int, str] = {}
    for one in reading.quantities:
        if one in reading.roles.baselines or one.kind in {"blank", "bare"}:
            continue
        low, high = _clause(text, one.first)
        about = [
            mark.phrase for mark in reading.of("system", "people", "outside") if low <= mark.first < high
        ]
        if about and any(text.kind(at) == "word" for at in range(one.last, high)):
            found.setdefault(low, about[0])
    return len(found) > 1 and len(set(found.values())) > 1


def _clause(text: Text, at: int) -> tuple[int, int]:
    """The clause around a place; ``…, còn …``, ``…, trong khi …`` and ``đồng thời`` begin another."""
    low, high = clause_around(text, at)
    cuts = [
        step
        for step in range(low, high)
        if (text.bare(step - 1) == "," and (_opens(text, step) or text.sequence(step, "trong", "khi")))
        or text.sequence(step, "đồng", "thời")
    ]
    return max((step for step in cuts if step <= at), default=low), min(
        (step for step in cuts if step > at), default=high
    )


def _opens(text: Text, at: int) -> bool:
    """``còn hồ sơ đất …``; not ``…, còn không quá 10 cháu``."""
    limit = text.says(at + 1, "không", "dưới", "tối", "ít", "nhiều", "khoảng", "chừng", "trên", "nửa")
    return text.says(at, "còn") and text.kind(at + 1) == "word" and not limit


def _turn_both(reading: Reading) -> bool:
    """``bớt hồ sơ trễ, tăng lượt nộp qua mạng``; ``số … giảm dần, số … nhiều thêm``: two moves without a figure."""
    text = reading.text
    if reading.quantities:
        return False
    cuts = [at for at in range(len(text.tokens)) if text.bare(at) in {",", ";"} or text.says(at, "và", "còn")]
    turned = 0
    for low, high in pairwise((-1, *cuts, len(text.tokens))):
        first = low + 1
        timed = next((time.last for time in reading.times if time.first <= first < time.last), first)
        words = sum(text.kind(at) == "word" for at in range(timed, high))
        about = any(timed <= mark.first < high for mark in reading.of("system", "people", "outside"))
        heads = text.says(timed, *_MOVING) or (_is_head(text, timed) and text.says(high - 1, *_MOVED))
        turned += heads and about and words >= _FEWEST_WORDS
    return turned > 1
