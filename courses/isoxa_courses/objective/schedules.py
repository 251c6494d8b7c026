"""Deadlines that are announced and stand elsewhere: ``thời hạn xem ở phụ lục``, ``mốc hoàn thành sẽ thông báo sau``.

A word of schedules (``thời hạn``, ``mốc``, ``lộ trình``, ``hạn cuối`` …), what it is the time of (``hoàn thành``,
``nghiệm thu`` …), and where it is told: by a paper, by a person, later, or on a dotted line. The time allowed for each
case (``đúng thời hạn quy định``, ``thời gian giải quyết``) is no deadline of an objective.
"""

from __future__ import annotations

from .open_days import day_to_come, unknown_behind
from .words import Text

_QUALITIES = (
    "hoàn", "thành", "tất", "thực", "hiện", "xong", "cuối", "chót", "chốt", "kết", "thúc", "đạt", "nghiệm", "thu",
    "đánh", "giá", "cũng", "thì", "là", "cụ", "thể", "áp", "dụng", "bàn", "giao", "về", "đích", "phấn", "đấu", "của",
    "mục", "tiêu", "này", "từng", "các", "giai", "đoạn", "đợt", "được", "chung", "khởi", "công", "tổ", "chức", "riêng",
    "nhà", "thôn", "việc", "thời", "gian", "báo", "cáo", "bắt", "đầu", "và", "phải", "nộp",
)  # fmt: skip
_MOST_QUALITIES = 6
_PAPERS = (
    "cột", "mục", "phụ", "bảng", "biểu", "văn", "thông", "kế", "khoản", "danh", "phiếu", "đề", "nghị", "quyết", "công",
    "biên", "chương", "hợp", "bản", "dòng", "điểm", "trang", "tờ", "giao",
)  # fmt: skip
_LATER = (("thông", "báo"), ("bổ", "sung"), ("chưa", "xác"), ("chưa", "định"), ("chưa", "rõ"), ("chưa", "chốt"),
          ("ghi", "rõ"), ("điền", "sau"), ("báo", "sau"), ("phụ", "thuộc"), ("giữ", "nguyên"), ("tùy", "theo"),
          ("ấn", "định"), ("có", "thông"), ("quy", "định", "tại"), ("quy", "định", "trong"),
          ("quy", "định", "ở"), ("đính", "kèm"), ("kèm", "theo"), ("chưa", "có"), ("chưa", "nhập"), ("chưa", "ấn"),
          ("trao", "đổi"), ("liên", "hệ"), ("thống", "nhất"), ("giữ", "như"), ("xin", "để"))  # fmt: skip
_SHRINKING = (
    "rút",
    "ngắn",
    "giảm",
    "bớt",
    "cắt",
    "kéo",
    "dài",
    "tiết",
    "kiệm",
    "mất",
    "nhiều",
    "ít",
    "tăng",
    "quá",
)
_LEADING = (
    "và",
    "từ",
    "hơn",
    "theo",
    "đúng",
    "cùng",
    "trong",
    "trước",
    "đến",
    "kịp",
    "bám",
    "với",
    "vào",
    "về",
    "tới",
)
_SET_BY = (
    "giao", "ấn", "đăng", "cam", "nêu", "ghi", "duyệt", "phê", "của", "do", "tại", "quyết", "đề", "yêu", "chỉ",
    "thống", "phân", "hứa", "chốt", "đã", "đặt", "mà", "sẽ", "như", "đưa", "sắp", "thông",
)  # fmt: skip
_LAWFUL = ("luật", "niêm", "hẹn", "trả", "lý", "giải", "thủ", "hồ", "khách", "lần")
_GIVERS = ("tỉnh", "sở", "ủy", "ương", "trên", "bộ", "ban", "tịch", "huyện", "ngành")
_ORDERED = (
    "văn", "thông", "công", "kế", "chỉ", "hướng", "hợp", "lịch", "quyết", "đề", "biên", "phương", "phụ", "bảng",
    "biểu", "chương",
)  # fmt: skip
_LEVELS = ("mức", "tiêu", "phạm", "lượng", "dung", "vi", "việc")
_FARTHEST_SAY = 4
_LONGEST = 8
_BEGINS = ("", "sign")


def scheduled_elsewhere(text: Text) -> str:
    """The words of the first deadline that stands elsewhere; empty if there is none."""
    told = _first(text)
    return text.quote(*told) if told else ""


def schedule(text: Text) -> range:
    """The tokens of the part that tells nothing but where the deadline stands: they tell no level and no object."""
    told = _first(text)
    if told is None:
        return range(0)
    begin, last = told
    if any(text.kind(at) == "blank" for at in range(begin, last)):
        return range(0)  # "trước ngày __/__/2027": a day with a gap is a time like others
    with_level = text.says(begin, "và") or text.says(begin - 1, "và")
    if with_level and text.among(range(begin - 5, begin), *_LEVELS):
        return range(0)  # "mức và thời gian xem bảng theo dõi"
    if text.among(range(begin, begin + 6), "việc", "nhiệm"):
        return range(0)  # "đúng tiến độ các phần việc được phân công"
    begin -= text.says(begin - 1, "với", "theo") or text.bare(begin - 1) == "("
    return range(begin, min(max(last, _end(text, last)), last + _LONGEST))


def _first(text: Text) -> tuple[int, int] | None:
    for at in range(len(text.tokens)):
        last = (
            _announced(text, at) or _set_by_another(text, at) or _in_order(text, at) or day_to_come(text, at)
        )
        if last:
            return at, min(last, len(text.tokens))
    return None


def announces(text: Text, at: int) -> bool:
    """Whether words that announce a deadline begin here: ``…; thời hạn: như cột 5``."""
    return bool(_announced(text, at) or _set_by_another(text, at))


def _head(text: Text, at: int) -> int:
    """Where a word of schedules ends; 0 if there is none."""
    if (
        text.sequence(at, "thời", "gian")
        or text.sequence(at, "thời", "hạn")
        or text.sequence(at, "thời", "điểm")
    ):
        return at + 2
    if text.sequence(at, "kỳ", "hạn") or text.sequence(at, "lộ", "trình") or text.sequence(at, "tiến", "độ"):
        return at + 2
    if text.says(at, "mốc") and not text.says(at - 1, "cột", "cắm"):
        return at + 1
    timely = text.says(at - 1, "đúng", "trước", "quá", "trễ", "sớm")
    if text.says(at, "hạn") and not timely:
        if text.says(at + 1, "cuối", "chót", "chốt", "xong", "hoàn", "đạt"):
            return at + 2
        if text.bare(at + 1) == ":" and (text.kind(at - 1) in _BEGINS or text.in_new_cell(at)):
            return at + 1
        heads = text.kind(at - 1) in _BEGINS or text.in_new_cell(at)
        if heads and (text.says(at + 1, "xem", "ghi", "nêu", "giao", "theo") or text.bare(at + 1) == "("):
            return at + 1
        if text.says(at + 1, "định") and text.says(at + 2, "ở", "tại", "trong", "theo"):
            return at + 2
    if text.says(at, "lịch", "ngày") and text.sequence(at + 1, "cụ", "thể"):
        return at + 3
    if text.says(at, "lịch") and any(text.says(step, "sẽ") for step in range(at + 1, at + _FARTHEST_SAY)):
        return at + 1
    if text.says(at, "kỳ") and text.says(at + 1, "nêu", "ghi", "đã") and not text.says(at + 2, "qua"):
        return at + 1
    if text.sequence(at, "thời", "vụ") and text.says(at + 2, "ghi", "nêu"):
        return at + 2
    if text.sequence(at, "ngày", "hoàn", "thành") or text.sequence(at, "ngày", "xong"):
        return at + 2
    if text.sequence(at, "ngày", "nào", "xong"):
        return at + 3
    if text.sequence(at, "bắt", "đầu", "và", "kết", "thúc"):
        return at + 5
    return 0


def _announced(text: Text, at: int) -> int:
    """``thời hạn xem ở phụ lục``, ``mốc thực hiện: sẽ có thông báo``, ``hạn cuối [điền sau]``, ``thời gian …``."""
    last = _head(text, at)
    if not last or text.says(at - 1, *_SHRINKING):
        return 0
    measured = (
        text.says(at, "thời")
        and text.kind(at - 1) == "word"
        and not text.says(at - 1, "và", "mức", *_LEADING)
    )
    opened = False
    if text.bare(last) == "(":  # "Hạn (dd/mm/yyyy): chưa nhập"
        closed = next((step for step in range(last, last + 8) if text.bare(step) == ")"), last)
        if text.bare(closed + 1) == ":" and (unknown := unknown_behind(text, closed + 1)):
            return unknown
    for _ in range(_MOST_QUALITIES):
        opened = opened or text.bare(last) in {":", "("}
        if unknown := unknown_behind(text, last):
            return unknown
        if not (text.says(last, *_QUALITIES) or text.bare(last) in {":", "(", "-", "–"}):
            break
        last += 1
    if text.kind(last) == "blank":
        return last + 1
    if any(text.sequence(last, *words) for words in _LATER):
        return last + 2
    if not measured or text.says(at + 1, "hạn"):
        named = next((step for step in range(last, last + 3) if text.says(step, "theo")), last)
        if all(text.kind(step) == "word" for step in range(last, named)) and not _is_lawful(text, last):
            last = named  # "thời hạn kiểm kê theo hướng dẫn …"
    later = next((step for step in range(last, last + _FARTHEST_SAY) if text.says(step, "sẽ")), last)
    if later > last and all(text.kind(step) == "word" for step in range(last, later)):
        last = later  # "thời gian cụ thể Đoàn xã sẽ thông báo sau"
    awaited = opened and text.says(last, "chờ", "đợi")  # "thời hạn: (chờ lãnh đạo quyết định)"
    if text.says(last, "sẽ") or awaited or (text.says(last, "xem") and not text.says(last + 1, "xét")):
        return last + 2
    left_open = text.says(last, "để") and (
        text.says(last + 1, "trống", "ngỏ", "sau")
        or text.among(range(last + 2, last + 12), "ấn", "quyết", "cập")
    )
    if (text.says(last, "do", "căn") or left_open) and text.kind(last + 1) == "word":
        return 0 if _is_lawful(text, last + 1) else last + 2
    if text.says(last, "tại", "ở", "trong") and text.says(last + 1, *_PAPERS):
        return 0 if measured else last + 2
    if text.says(last, "theo", "như", "ghi", "nêu", "bằng") and text.kind(last + 1) == "word":
        if text.sequence(last, "ghi", "nhận") or text.sequence(last, "ghi", "chép"):
            return 0
        return 0 if _is_lawful(text, last + 1) or (measured and not opened) else last + 2
    return 0


def _set_by_another(text: Text, at: int) -> int:
    """``theo mốc của từng giai đoạn``, ``đúng thời hạn Sở ấn định``, ``đúng hạn nêu trong văn bản giao``."""
    if not text.says(at, *_LEADING) or text.sequence(at, "đúng", "lịch"):
        return 0
    if text.says(at, "hơn") and not text.says(at - 1, "sớm"):
        return 0
    head = at + 1 + text.says(at + 1, "đúng", "các", "những", "cùng", "từng", "trước", "khoảng", "cái")
    last = _head(text, head)
    if (
        not last
        and text.says(head, "hạn", "ngày")
        and text.says(at, "đúng", "trước", "theo", "đến", "vào", "hơn")
    ):
        told = text.says(head + 1, "nêu", "ghi", "đã", "do") or text.sequence(head, "hạn", "giao")
        named = text.says(head, "ngày") and text.kind(head + 1) == "word"
        told = told or (named and text.among(range(head + 2, head + 6), "ấn"))  # "đúng ngày cấp trên ấn định"
        last = head + 1 if told else 0
    if not last or text.kind(last) != "word" or text.says(last, "tới", "sớm", "ngắn", "gần", "nhất", "qua"):
        return 0
    near = range(last, min(last + 7, _end(text, last)))
    if not text.among(near, *_SET_BY) or _is_lawful(text, last):
        return 0
    return near.stop


def _in_order(text: Text, at: int) -> int:
    """``xong theo thông báo``, ``kết thúc theo công văn …``; ``thực hiện từ … đến …`` on dotted lines."""
    done = (
        text.says(at, "xong") or text.sequence(at - 1, "kết", "thúc") or text.sequence(at - 1, "hoàn", "tất")
    )
    done = done or (text.sequence(at - 1, "hoàn", "thành") and text.kind(at - 2) in _BEGINS)
    if done and text.says(at + 1, "theo") and text.says(at + 2, *_ORDERED):
        return 0 if text.says(at - 1, "chưa", "giải", "xử") else at + 4
    if (text.sequence(at - 1, "hoàn", "thành") or done) and text.bare(at + 1) == ":":
        step = at + 2 + (text.bare(at + 2) == "(")
        later = any(text.sequence(step, *words) for words in _LATER)
        return step + 1 if later or text.kind(step) == "blank" or text.says(step, "như", "theo", "xem") else 0
    told = (
        text.sequence(at, "hoàn", "thành")
        or text.sequence(at, "áp", "dụng")
        or text.sequence(at, "thực", "hiện")
    )
    if told or text.says(at, "xong"):
        step = at + 1 + told
        if text.says(step, "từ", "vào", "đến", "trước", "trong") and text.kind(step + 1) == "blank":
            return step + 2
    return 0


def _is_lawful(text: Text, at: int) -> bool:
    """``quy định``, ``pháp luật``, ``đã hẹn trên phiếu``: the time allowed for each case."""
    near = range(at, min(at + 5, _end(text, at)))
    if text.among(near, *_LAWFUL) or any(text.sequence(step, "quy", "trình") for step in near):
        return True
    ruled = next((step for step in near if text.sequence(step, "quy", "định")), -1)
    named = text.says(ruled + 2, "tại", "trong", "ở", "của") or text.says(ruled - 1, *_GIVERS)
    return ruled >= 0 and not named


def _end(text: Text, at: int) -> int:
    """Where the part of the sentence ends that begins at a token."""
    return next(
        (step for step in range(at, len(text.tokens)) if text.kind(step) in _BEGINS), len(text.tokens)
    )
