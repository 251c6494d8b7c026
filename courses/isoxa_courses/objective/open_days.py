"""A day that is left open: ``vào ngày do Chủ tịch ấn định``, ``xong lúc nào thì chờ sếp duyệt``, ``ngày xong: TBD``."""

from __future__ import annotations

from .words import Text

_QUESTIONS = (
    ("bao", "giờ"),
    ("lúc", "nào"),
    ("khi", "nào"),
    ("chừng", "nào"),
    ("ngày", "nào"),
    ("hôm", "nào"),
)
_NEVER = ("sớm", "càng", "không", "chưa", "chẳng", "bất", "mọi", "cứ", "kỳ", "đừng", "chớ", "hồ")
_ALWAYS = ("cũng", "khác", "đó", "mà", "cần")
_UNKNOWN = frozenset({"tbd", "tba", "?", "n/a", "nt"})
_AWAITING = (
    "chờ", "đợi", "đang", "chưa", "để", "điền", "sẽ", "xin", "bổ", "xem", "như", "theo", "liên", "hỏi", "ô", "cột",
)  # fmt: skip
_SETTING = ("ấn", "chốt", "báo", "hẹn")
_DAYS = (
    ("ngày", "xong"),
    ("thời", "điểm"),
    ("thời", "hạn"),
    ("thời", "gian"),
    ("ngày", "hoàn"),
    ("mốc",),
    ("hạn", "riêng"),
)
_LEADS = ("vào", "trước", "đến", "hết", "tới")
_DAYS_OF_A_MONTH = 31


def day_to_come(text: Text, at: int) -> int:
    """The index after the words that leave a day open and begin at ``at``; 0 if none do."""
    return (
        _by_somebody(text, at)
        or _asked(text, at)
        or _to_be_set(text, at)
        or _unfilled(text, at)
        or _day_of_some_month(text, at)
    )


def unknown_behind(text: Text, at: int) -> int:
    """``: TBD``, ``: (để trống)``, ``: đang xin ý kiến``, ``: ?``: the index after what stands for a day; 0 if none."""
    if text.bare(at) not in {":", "=", "("}:
        return 0
    step = at + 1 + (text.bare(at + 1) == "(")
    dash = text.bare(step) in {"-", "–"} and text.kind(step + 1) in {"", "sign"}
    if text.kind(step) == "blank" or text.bare(step) in _UNKNOWN or text.says(step, *_AWAITING) or dash:
        return step + 1 + (text.kind(step) == text.kind(step + 1) == "word")
    return step + 2 if text.bare(step) == "n" and text.bare(step + 1) == "/" else 0


def _by_somebody(text: Text, at: int) -> int:
    """``vào ngày do Chủ tịch ấn định``, ``lịch do Sở sắp xếp``."""
    if text.says(at, "lịch", "kỳ", "đoạn") and text.says(at + 1, "do") and text.kind(at + 2) == "word":
        return at + 3
    return at + 4 if text.says(at, *_LEADS) and text.sequence(at + 1, "ngày", "do") else 0


def _asked(text: Text, at: int) -> int:
    """``bao giờ đăng thì nhắn lại``, ``chốt ngày nào Ban chỉ đạo quyết``; not ``lúc nào cũng``, ``chưa khi nào``."""
    if not any(text.sequence(at, *words) for words in _QUESTIONS):
        return 0
    asked = text.bare(len(text.tokens) - 1) == "?"
    stands = text.kind(at + 2) != "word" or text.says(at + 2, *_ALWAYS)
    told = text.says(at - 1, "xong", "chốt", "tới", "đạt", "bảo", "thúc") or not stands
    never = text.among(range(at - 3, at), *_NEVER) or text.among(range(at + 2, at + 6), "ấy", "đó")
    return at + 2 if told and not never and not asked and not text.says(at + 2, *_ALWAYS) else 0


def _to_be_set(text: Text, at: int) -> int:
    """``đã ấn định ngày xong tại cuộc họp``, ``sẽ chốt thời điểm sau``, ``văn bản báo hạn riêng``."""
    if not text.says(at, *_SETTING):
        return 0
    head = at + 1 + text.says(at + 1, "định")
    return next((head + len(words) for words in _DAYS if text.sequence(head, *words)), 0)


def _unfilled(text: Text, at: int) -> int:
    """``đến ngày ……``, ``ngày: (để trống)``, ``deadline: TBD``, ``xong vào: ?``, ``ngày phải đạt ……``."""
    if text.says(at, "vào", "trước", "đến", "hết") and text.says(at + 1, "ngày", "tháng", "quý"):
        step = at + 2
        if text.bare(step) == "(":
            if text.says(step + 1, "sẽ", "điền", "bổ", "chờ", "chưa"):
                return step + 2
            step = next((end + 1 for end in range(step, step + 6) if text.bare(end) == ")"), step)
        return step + 1 if text.kind(step) == "blank" else 0
    if text.bare(at) == "deadline" or text.sequence(at - 1, "xong", "vào"):
        return unknown_behind(text, at + 1)
    if text.says(at, "ngày") and text.kind(at - 1) in {"", "sign"}:
        step = at + 1 + 2 * (text.says(at + 1, "phải") and text.says(at + 2, "xong", "đạt"))
        left = step > at + 1 and text.says(step, "để") and text.says(step + 1, "trống")
        return (
            step + 1 if left or (step > at + 1 and text.kind(step) == "blank") else unknown_behind(text, step)
        )
    return 0


def _day_of_some_month(text: Text, at: int) -> int:
    """``tới ngày 15 thì phải xong``: of which month is not said."""
    if not (text.says(at, *_LEADS) and text.says(at + 1, "ngày") and text.kind(at + 2) == "number"):
        return 0
    typed = text.bare(at + 2)
    each = text.says(at + 3, "hằng", "hàng", "mỗi", "làm", "tháng", "của", "kể", "và") or text.bare(
        at + 3
    ) in {"/", "-", ".", ",", "đến"}
    small = typed.isdigit() and int(typed) <= _DAYS_OF_A_MONTH
    return at + 3 if small and not each and not text.says(at - 1, "ngày") else 0
