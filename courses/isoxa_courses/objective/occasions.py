"""Events that set a deadline without naming a day: ``trước ngày bàn giao trụ sở``, ``vào lần chấm sau``, ``hết kỳ``.

What an event is called is open; what leads to it is not. So an event is told here by the word that leads to it
(``trước``, ``vào``, ``dịp``, ``hết``), by the kind of thing it is (a day, a session, a round, a season) and by what
closes it (``tới``, ``kế tiếp``). The phrases that are events by themselves are in ``rules.yaml``.
"""

from __future__ import annotations

from .clauses import ENDS
from .words import Text

_NO_NAMED_DAY = (
    "hẹn", "trả", "làm", "nhận", "nộp", "nghỉ", "này", "nay", "đó", "ấy", "kia", "sau", "trước", "càng", "hôm", "nào",
    "mai", "thường", "chẵn", "cuối", "đầu", "thứ", "cấp", "xảy", "gửi", "công", "tháng", "năm", "ghi", "giải", "hết",
    "qua", "đáo", "phải", "tiếp", "rồi", "mới", "ký", "sinh", "càng", "một", "hai",
)  # fmt: skip
_FEAST_DAYS = (
    "hội", "lễ", "khai", "kỷ", "truyền", "giỗ", "bế", "ra", "bàn", "thành", "bầu", "tết", "rằm", "quốc", "tổng", "hiến",
)  # fmt: skip
_SITTINGS = ("buổi", "phiên", "kỳ", "đợt", "lần", "cuộc", "khóa", "vòng", "họp", "bữa")
_NO_SITTING = (
    "sáng", "trưa", "chiều", "tối", "đó", "ấy", "này", "nào", "hạn", "gọi", "sau", "trước", "nữa", "mỗi", "sống",
    "đầu", "một", "hai", "ba", "rồi",
)  # fmt: skip
_ROUNDS = ("buổi", "phiên", "kỳ", "đợt", "lần", "cuộc", "khóa", "vòng", "bữa")
_TO_ROUNDS = ("trước", "vào", "trong", "đến", "tới", "từ", "cho", "hết", "dịp", "tại", "ở", "qua")
_NEXT = (("tới",), ("sau",), ("kế", "tiếp"), ("tiếp", "theo"), ("sắp", "tới"), ("kế",), ("cuối",))
_AFTER_NEXT = ("của", "do", "phải", "đạt", "được", "trong", "là", "không", "có", "thì")
_PARTS_OF_ROUNDS = ("kỳ", "vụ", "đợt", "khóa", "mùa", "chiến")
_ENDING = (
    ("kết", "thúc"), ("bế", "mạc"), ("khép", "lại"), ("diễn", "ra"), ("chốt", "sổ"), ("đi", "vào"), ("khai", "mạc"),
)  # fmt: skip
_TURNS = (
    ("khánh", "thành"), ("khai", "trương"), ("hết", "hạn"), ("bàn", "giao"), ("sáp", "nhập"), ("đi", "vào"),
    ("nghiệm", "thu"), ("ra", "mắt"), ("phường", "có"), ("xã", "có"), ("tỉnh", "có"),
)  # fmt: skip
"""``tới lúc phường có trụ sở mới``, ``Khi khánh thành trụ sở``: what happens once."""
_LASTING = ("kỳ", "khóa", "đợt", "vòng", "chiến", "mùa", "hè", "thí")
_SEASON_WORDS = (
    "mưa", "khô", "gặt", "lũ", "nông", "thu", "thi", "tuyển", "cưới", "lễ", "xuân", "dịch", "nắng", "bão", "vải", "cày",
)  # fmt: skip
_COMPARING = ("với", "hơn", "như", "ngang", "bằng", "hứa")
_SOURCES = ("như", "theo", "do", "tùy", "lấy", "nêu", "ghi", "tại", "ở", "trong", "ấn")
_UNITS = ("ngày", "giờ", "buổi", "tuần", "phút", "tiếng")
_SET_APART = frozenset({",", ";", "(", "-", "–"})
_MOST_WORDS = 5


def occasion(text: Text) -> str:
    """The words of the first event; empty if there is none."""
    for at in range(len(text.tokens)):
        if text.kind(at) != "word" or text.says(at - 1, *_COMPARING) or _of_each(text, at):
            continue
        last = (
            _ahead_of(text, at)
            or _next_round(text, at)
            or _at_its_end(text, at)
            or _set_apart(text, at)
            or _told(text, at)
            or _span_of_event(text, at)
            or _when(text, at)
        )
        if last:
            return text.quote(at, min(last, len(text.tokens)))
    return ""


def is_of_event(text: Text, first: int) -> bool:
    """``trước kỳ họp giữa năm``: which sitting is meant, and no part of the plan's year."""
    low = next(
        (at for at in range(first - 1, max(-1, first - 8), -1) if text.says(at, "trước", "đến", "kịp")), -1
    )
    inner = range(low + 1, first)
    return (
        low >= 0
        and text.says(low + 1, "ngày", "hội", *_ROUNDS)
        and len(inner) > 1
        and all(text.kind(at) == "word" for at in inner)
    )


def _of_each(text: Text, at: int) -> bool:
    """``tài liệu gửi trước cuộc họp 2 ngày``, ``trước mỗi phiên``, ``từ lúc … đến lúc …``: in every case, no day."""
    if not text.says(at, "trước", "đến", "tới", "vào"):
        return False
    if text.says(at, "đến", "tới"):
        near = range(max(0, at - 8), at)
        return any(
            text.says(step, "từ", "kể") and text.says(step + 1, *_UNITS, "lúc", "khi", "từ") for step in near
        )
    counted = text.says(at - 1, *_UNITS) and text.kind(at - 2) == "number"
    behind = range(at + 2, min(at + 8, len(text.tokens)))
    return counted or any(text.kind(step) == "number" and text.says(step + 1, *_UNITS) for step in behind)


def _ahead_of(text: Text, at: int) -> int:
    """``trước ngày bàn giao …``, ``đến ngày bộ phận một cửa dọn …``, ``trước phiên …``, ``trước hạn bàn giao``."""
    head, named = at + 1, at + 2
    if text.says(at, "dịp") and not text.says(at - 1, "có", "mỗi", "mọi", "các", "nhiều", "những"):
        return (
            head + 2
            if text.kind(head) == "word" and not text.says(head, "này", "đó", "nào", "may", "để")
            else 0
        )
    if text.says(at, "trước", "đến", "kịp", "trong", "hết") and _is_feast(text, head):
        return head + 2
    if text.says(at, "mừng", "nhân", "niệm") and text.says(head, "ngày"):
        return named + 1 if text.kind(named) == "word" and not text.says(named, "này", "nay") else 0
    if not text.says(at, "trước", "đến", "tới", "vào", "kịp") or text.kind(named) != "word":
        return 0
    if text.says(head, "ngày"):
        free = not text.says(at, "vào") or text.says(named, *_FEAST_DAYS) or _is_title(text, named)
        return named + 2 if free and not text.says(named, *_NO_NAMED_DAY) else 0
    if text.says(head, "hôm"):
        return named + 2 if not text.says(named, "nay", "sau", "qua", "trước", "đó", "ấy") else 0
    if text.sequence(head, "thời", "điểm"):
        stands = text.kind(named + 1) == "word" and not text.says(
            named + 1, "này", "đó", "nay", "hiện", "trước"
        )
        return named + 2 if stands else 0
    if text.says(head, "lúc") and text.says(
        named, "bàn", "khai", "bế", "nghiệm", "sáp", "tổng", "sơ", "dọn", "chuyển"
    ):
        return named + 2
    if not text.says(at, "trước", "kịp"):
        return 0
    if text.says(head, "lúc"):
        return named + 2 if not text.says(named, "đó", "này", "nào", "trả", "hẹn", "nộp") else 0
    if text.says(head, "giờ", "hạn"):
        return named + 2 if text.says(named, "khai", "bế", "bàn", "nghiệm", "họp", "diễn", "quyết") else 0
    return named + 2 if text.says(head, *_SITTINGS) and not text.says(named, *_NO_SITTING) else 0


def _is_feast(text: Text, at: int) -> bool:
    return (
        text.says(at, "noel", "hè")
        or text.sequence(at, "giáng", "sinh")
        or text.sequence(at, "đầu", "xuân")
        or text.sequence(at, "năm", "học")
    )


def _is_title(text: Text, at: int) -> bool:
    """A capital, where not everything is in capitals: ``ngày Người cao tuổi``."""
    word = text.source[text.tokens[at].start : text.tokens[at].end]
    return word[:1].isupper() and not word.isupper()


def _next_round(text: Text, at: int) -> int:
    """``vào lần chấm sau``, ``, đợt chấm tới``: the next of what comes back, no one knows when."""
    led = at == 0 or text.kind(at - 1) == "sign" or text.says(at - 1, *_TO_ROUNDS) or text.in_new_cell(at)
    if not (led and text.says(at, *_ROUNDS)):
        return 0
    for step in range(at + 1, at + _MOST_WORDS + 1):
        if text.kind(step) != "word":
            return 0
        closing = next((words for words in _NEXT if text.sequence(step, *words)), None)
        last = step + len(closing or ())
        if closing and (text.kind(last) != "word" or text.says(last, *_AFTER_NEXT) or text.in_new_cell(last)):
            return last
    return 0


def _at_its_end(text: Text, at: int) -> int:
    """``hết kỳ``, ``kết thúc khóa học``, ``xong đợt 1``, ``hết học kỳ I``."""
    head = at + 1 + text.sequence(at, "kết", "thúc")
    if not (text.says(at, "hết", "xong") or head > at + 1):
        return 0
    if (
        text.sequence(head, "học", "kỳ")
        or text.sequence(head, "năm", "học")
        or text.sequence(head, "dự", "án")
    ):
        return head + 2
    if text.sequence(head, "giai", "đoạn") and text.kind(head + 2) == "word":
        return head + 3
    lasting = text.says(head, *_LASTING) and not text.says(head + 1, "hạn", "nào")
    return head + 1 if lasting else 0


def _set_apart(text: Text, at: int) -> int:
    """``…, đợt ra quân …``, ``…, mùa nông nhàn``, ``(hạn: hôm khóa biểu)``: an event in a part of its own."""
    sign = text.bare(at - 1)
    if sign == ":" and text.says(at - 2, "hạn", "mốc", "chốt", "xong", "chót", "nhất"):
        return at + 2 if text.says(at, "hôm", "lúc", "ngày", *_ROUNDS) and text.kind(at + 1) == "word" else 0
    if sign not in _SET_APART and not text.in_new_cell(at):
        return 0
    if text.says(at, "mùa"):
        return at + 2 if text.says(at + 1, *_SEASON_WORDS) else 0
    ahead = text.says(at, "đợt") and text.kind(at + 1) == "word" and not _is_over(text, at)
    return at + 2 if ahead and not text.says(at + 1, *_NO_SITTING) else 0


def _is_over(text: Text, at: int) -> bool:
    """``đợt khảo sát gần nhất là 8,9``, ``đợt kiểm tra vừa rồi``: a round that has been held."""
    near = range(at + 1, at + _MOST_WORDS + 1)
    last = any(
        text.sequence(step, *words)
        for step in near
        for words in (("gần", "nhất"), ("mới", "nhất"), ("liền", "trước"))
    )
    return last or any(text.says(step, "vừa") and text.says(step + 1, "rồi", "qua") for step in near)


def _told(text: Text, at: int) -> int:
    """``…, theo kế hoạch``, ``…, thời hạn như bạn lớp trưởng ghi``: the time stands elsewhere."""
    if text.bare(at - 1) not in _SET_APART and not text.in_new_cell(at):
        return 0
    if text.says(at, "theo"):
        head = at + 1 + text.says(at + 1, "đúng")
        if text.sequence(head, "chương", "trình", "công", "tác"):
            return head + 4
        planned = text.sequence(head, "kế", "hoạch") or text.sequence(head, "chương", "trình")
        return head + 2 if planned and (text.kind(head + 2) == "" or text.bare(head + 2) in ENDS) else 0
    head = at + text.says(at, "thời", "tiến")
    if text.says(head, "hạn") or text.sequence(at, "tiến", "độ") or (head == at and text.says(at, "mốc")):
        last = head + 1 + text.says(head + 1, "cuối", "chót", "chốt")
        return last + 2 if text.says(last, *_SOURCES) and text.kind(last + 1) == "word" else 0
    return 0


def _when(text: Text, at: int) -> int:
    """``khi dự án kết thúc``, ``lúc bế mạc``: when something ends or takes place; no condition and no single case."""
    if text.says(at, "khi", "lúc") and text.sequence(at - 2, "kể", "từ"):
        once = range(at + 1, min(at + 2 * _MOST_WORDS, len(text.tokens)))
        ends = next((step for step in once if text.kind(step) != "word"), once.stop)
        return at + 2 if text.among(range(at + 1, ends), "xong", "ký", "hành", "mới") else 0
    if not text.says(at, "khi", "lúc") or text.says(at - 1, "từ", "trong"):
        return 0
    led = text.says(at - 1, "tới", "đến") or at == 0 or text.kind(at - 1) == "sign"
    if led and not text.says(at + 3, "có") and any(text.sequence(at + 1, *words) for words in _TURNS):
        return at + 3
    for step in range(at + 1, at + (_MOST_WORDS if at else 2 * _MOST_WORDS)):
        if text.kind(step) != "word":
            return 0
        if any(text.sequence(step, *words) for words in _ENDING):
            return step + 2
    return 0


def _span_of_event(text: Text, at: int) -> int:
    """``trong quý đầu vận hành``, ``trong tháng Thanh niên``, ``cuối vụ``, ``sang xuân``."""
    month = text.says(at, "trong", "vào", "hết") and text.says(at + 1, "tháng", "tuần")
    named = month and text.marked and text.kind(at + 2) == "word" and _is_title(text, at + 2)
    if named and not text.says(at + 2, "tư"):
        return at + 3
    if text.says(at, "tuần", "tháng") and text.sequence(at + 1, "cao", "điểm"):
        return at + 3
    if text.says(at - 2, "chậm", "muộn") and text.says(at - 1, "nhất") and text.says(at, "hôm", *_ROUNDS):
        return at + 2
    if text.says(at, "giữa", "cuối") and text.says(at + 1, *_PARTS_OF_ROUNDS):
        return at + 2
    if text.says(at, "sang", "ra", "vào") and text.says(at + 1, "xuân", "hè", "giêng"):
        return at + 2
    if text.says(at, "trong", "vào", "qua", "hết", "đến", "dịp", "cho") and text.says(at + 1, "mùa"):
        return at + 3 if text.says(at + 2, *_SEASON_WORDS) else 0
    span = text.says(at, "trong", "hết", "suốt", "sau") and text.says(at + 1, "quý", "tháng", "tuần", "năm")
    follows = text.kind(at + 3) == "word" and not text.says(at + 3, "năm", "quý", "tháng", "của")
    return at + 4 if span and text.says(at + 2, "đầu") and follows else 0
