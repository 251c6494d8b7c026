"""Which figures say where things stand today: by a word (``hiện nay 96 %``), or by a time that is over beside them."""

from __future__ import annotations

from datetime import date

from .clauses import ENDS
from .quantity import Quantity
from .times import Time
from .told_apart import told_old
from .untold import alike_parts
from .words import Found, Text

_REACH_BEFORE, _REACH_AFTER, _REACH_AHEAD, _REACH_BESIDE = 14, 12, 8, 6
"""Tokens between a figure and the word or time that dates it: ahead of it and behind it."""
_OLDEST_LEVEL = 6  # years back: who sets an objective does not start from an older level
_CUTS = ENDS | {",", "(", ")"}
_TURNS = ("tăng", "giảm", "nâng", "từ", "rút", "lên", "xuống")
_AIMING = (
    "phấn", "đưa", "lên", "xuống", "còn", "nâng", "mục", "sẽ", "đặt", "giảm", "tăng", "rút", "tới", "kế",
    "cần", "phải",
)  # fmt: skip
_STANDING = ("chiếm", "trả", "được", "ở", "làm", "xong", "giải", "số", "đạt")
_NOW_BEHIND = (
    "hiện", "thời", "lâu", "năm", "cùng", "kỳ", "quý", "tháng", "trước", "đầu", "ban", "bây", "giờ",
    "lúc",
)  # fmt: skip
"""How words of the present begin that may stand behind their figure: ``35 phút hiện nay``."""


def comparable(first: Quantity, second: Quantity) -> bool:
    """Whether two figures can stand for the same thing at two times."""
    kinds = {first.kind, second.kind}
    if "rank" in kinds:
        return len(kinds) == 1
    if kinds <= {"count", "percent"} and len(kinds) == 2:
        shared = any(one.total is not None for one in (first, second))  # "1/3 hồ sơ", "2/3 số hồ sơ"
        return shared or first.zero or second.zero
    return len(kinds) == 1 or "bare" in kinds or kinds == {"percent", "points"} or "times" in kinds


def stands_today(
    text: Text,
    quantity: Quantity,
    marks: tuple[Found, ...],
    times: tuple[Time, ...],
    today: date,
    quantities: tuple[Quantity, ...],
) -> bool:
    """Whether the words around say that this is where things stand: ``hiện nay 96 %``, ``so với 96,0 %``."""
    previous = max((one.last for one in quantities if one.last <= quantity.first), default=0)
    following = min((one.first for one in quantities if one.first >= quantity.last), default=len(text.tokens))
    denied = quantity.zero and quantity.first in {
        mark.first for mark in marks if mark.phrase.startswith("chưa")
    }
    if denied and not any(one.last <= quantity.first for one in quantities):
        return True
    later = [one for one in quantities if one.first >= quantity.last and comparable(quantity, one)]
    now = text.says(quantity.first - 1, "nay") and not text.says(quantity.first - 2, "năm", "đến")
    now = now or (text.says(quantity.first - 1, "giờ") and text.kind(quantity.first - 2) in {"", "sign"})
    if later and now:
        return True  # "nay 25 phút, mục tiêu 15 phút"
    if text.says(quantity.first - 1, "trước") and any(
        text.says(at, "sau") for one in later for at in range(max(quantity.last, one.first - 4), one.first)
    ):
        return True  # "trước 9 khâu, sau 5 khâu"
    if (
        text.bare(quantity.first - 2) == "("
        and text.says(quantity.first - 1, "từ")
        and text.bare(quantity.last) == ")"
    ):
        return any(one.last <= quantity.first and comparable(quantity, one) for one in quantities)
    if (
        later
        and text.says(quantity.last, "như")
        and text.says(quantity.last + 1, "hiện", "cũ", "trước", "bây")
    ):
        return True  # "2 buổi như hiện nay, tăng lên 4 buổi"
    if _last_time(text, quantity) and any(
        comparable(quantity, one) for one in quantities if one is not quantity
    ):
        return True
    if _starts_behind(text, quantity, quantities):
        return True
    ahead = any(one.last <= quantity.first and comparable(one, quantity) for one in quantities)
    if told_old(text, quantity, ahead=ahead, behind=bool(later)):
        return True
    if later and any(_reached_by(text, quantity, time, today) for time in times):
        return True
    newly = text.says(quantity.first - 1, "mới", "chỉ") or (
        text.says(quantity.first - 2, "mới", "chỉ") and text.says(quantity.first - 1, *_STANDING)
    )
    if newly and any(
        one.kind == quantity.kind and one.unit == quantity.unit
        for one in quantities
        if one.first > quantity.last
    ):
        return True  # "mới 5/12 người, hết năm 2027 đủ 12/12 người"
    for mark in marks:
        if "baseline" in mark.lists and _tells_today(text, quantity, mark, previous, following):
            return True
    near = [time for time in times if _dates(text, quantity, time, previous, following, others=True)]
    near = [time for time in near if not text.says(time.first, "trước", "đến", "hết", "chậm")]
    if quantity.zero and not any(time.end and time.end.year > today.year for time in times):
        near = [time for time in near if time.end is None or time.end <= today]  # "cuối năm 2026 không còn …"
    if not near:
        return False
    rest = [one for one in quantities if one is not quantity and comparable(quantity, one)]
    aimed = any(is_aim(text, one) for one in rest if one.first > quantity.first)
    return any(
        _dates(text, quantity, time, previous, following, others=bool(rest))
        and _is_over(
            time, times, today, aimed or _aside(text, time) or any(one.last <= time.first for one in rest)
        )
        for time in near
    )


def _last_time(text: Text, quantity: Quantity) -> bool:
    """``kỳ trước mới 88 %``, ``đợt trước 74/100``."""
    if text.says(quantity.last, "kỳ", "đợt", "lần") and text.says(
        quantity.last + 1, "rồi", "trước", "qua", "vừa"
    ):
        return True  # "6 điểm kỳ rồi"
    at = quantity.first - 1 - text.says(quantity.first - 1, "mới", "chỉ", "được", "đạt", "là", "có")
    return text.says(at, "trước", "rồi") and text.says(at - 1, "kỳ", "đợt", "lần")


def _starts_behind(text: Text, quantity: Quantity, quantities: tuple[Quantity, ...]) -> bool:
    """``cộng thêm 15 điểm %, từ 89 %``, ``lên 90 % từ mức 82 %``: the last figure is where it starts from."""
    led = (
        text.says(quantity.first, "từ")
        or text.says(quantity.first - 1, "từ")
        or any(text.sequence(quantity.first - 2, "từ", word) for word in ("mức", "nền"))
    )
    closed = text.bare(quantity.last) in {*_CUTS, ""}
    start = next((at for at in range(quantity.first, quantity.first - 3, -1) if text.says(at, "từ")), 0)
    led = led and not text.says(start - 1, "phải", "đạt", "nhất", "được")  # "phải từ 85": at least
    ahead = [one for one in quantities if one.last <= quantity.first]
    if not (led and closed and ahead) or alike_parts(text, ahead[-1], quantity):
        return False
    return comparable(ahead[-1], quantity) and not quantity.limit


def _reached_by(text: Text, quantity: Quantity, time: Time, today: date) -> bool:
    """``Đến ngày 15/11/2026 đã trả 1.150/1.250 hồ sơ``: a day just past, and what was done by then."""
    if time.end is None or time.end > today or not text.says(time.first, "đến"):
        return False
    between = range(time.last, quantity.first)
    broken = any(text.bare(at) in _CUTS for at in between)
    told = text.among(between, "đã", "có", "mới")
    return 0 < len(between) <= _REACH_AHEAD and told and not broken


def _tells_today(text: Text, quantity: Quantity, mark: Found, previous: int, following: int) -> bool:
    if mark.phrase == "hiện" and text.says(mark.last, "trường", "tượng", "đại", "vật", "diện"):
        return False
    if text.says(mark.first - 1, "hơn", "vượt", "kém", "thua", "trội") and mark.last == quantity.first:
        return False  # "hơn năm ngoái 5 bậc": by how much
    if previous <= mark.first and mark.last <= quantity.first <= mark.last + _REACH_BEFORE:
        heads = mark.first == 0 and text.bare(mark.last) == ","  # "Năm ngoái, 3 trong 11 …"
        between = range(mark.last + heads, quantity.first)
        if not any(text.bare(at) in ENDS or text.bare(at) in {")", ","} for at in between):
            return not any(
                text.says(at, "phấn", "lên", "xuống") or (at > mark.last and text.sequence(at, "chỉ", "còn"))
                for at in between
            )
    if quantity.last <= mark.first <= quantity.last + _REACH_AFTER and mark.last <= following:
        broken = any(text.bare(at) in ENDS or text.bare(at) == "," for at in range(quantity.last, mark.first))
        apart = text.bare(mark.last) in _CUTS
        turns = text.says(mark.last, "lên", "xuống", "còn", "về", "thành")
        leads_next = following - mark.last <= 2 and following < len(text.tokens) and not apart and not turns
        bracketed = text.bare(mark.first - 1) == "(" and following < len(text.tokens)
        leads_next = leads_next or (
            bracketed and not any(text.bare(at) == ")" for at in range(mark.last, following))
        )
        compared = text.says(mark.first - 1, "với", "từ", "hơn")
        return text.says(mark.first, *_NOW_BEHIND) and not leads_next and not broken and not compared
    return False


def is_aim(text: Text, quantity: Quantity) -> bool:
    """Whether the words before a figure say that it is to be reached."""
    return text.among(range(max(0, quantity.first - 6), quantity.number_last), *_AIMING)


def _aside(text: Text, time: Time) -> bool:
    """``(năm 2026: 91 %)``, ``mức 94 % của năm 2026``: a time set beside, not a deadline."""
    return text.bare(time.first - 1) == "(" or text.says(time.first - 1, "của")


def _is_over(time: Time, times: tuple[Time, ...], today: date, aimed: bool) -> bool:
    """Whether a time is over, or is the current year beside a later one."""
    if time.kind == "past":
        return True
    if time.end is None or time.kind in {"duration", "span"}:
        return False
    if time.end.year < today.year - _OLDEST_LEVEL:
        return False  # "3.200 trường hợp khai sinh giai đoạn 1990 - 1999": of the files
    later = any(
        other.end and other.end > today and other.end.year > today.year and other.kind in {"day", "period"}
        for other in times
    )
    current = time.end.year == today.year and (time.begin is None or time.begin <= today)
    return (time.end < today or current) and (later or aimed)


def _dates(
    text: Text, quantity: Quantity, time: Time, previous: int, following: int, *, others: bool
) -> bool:
    """Whether a time says when the figure was so: ``năm 2025 đạt 96 %``, ``96 % (năm 2025)``, ``96 % của năm 2025``."""
    if text.says(time.first - 1, "hơn", "bằng", "như") or text.says(time.first, "từ"):
        return False
    if previous <= time.first and 0 <= quantity.first - time.last <= _REACH_AHEAD:
        between = range(time.last, quantity.first)
        if not any(text.bare(at) in _CUTS or text.says(at, *_TURNS) for at in between):
            return True
    if text.bare(quantity.last) == "(":
        done = 2 * text.sequence(quantity.last + 1, "thực", "hiện")  # "86 % (thực hiện 2026)"
        return quantity.last < time.first <= quantity.last + 2 + done and text.bare(time.last) == ")"
    if not quantity.last <= time.first <= min(quantity.last + _REACH_BESIDE, following):
        return False
    gap = range(quantity.last, time.first)
    leads_on = text.says(time.last, "là", "đạt", "có", "chỉ", "mới", "ở") or text.bare(time.last) == ":"
    if leads_on and gap and 0 <= following - time.last <= 2 and following < len(text.tokens):
        return False  # "1 % trong khi năm 2026 là 3,4 %": the time of the next figure
    if any(text.bare(at) in _CUTS or text.says(at, "so", "với", "trước", "đến") for at in gap):
        return False
    adjacent = all(text.says(at, "của", "là", "ở", "năm", "trong", "vào") for at in gap)
    return (adjacent or others) and not text.says(time.first, "trước", "đến", "hết", "vào")
