"""End states: what is plainly reached or not, without a figure.

A verb of the list ``done`` says so (``ban hành``); so do a completive (``chuyển hẳn``), a passive that no slogan word
softens (``được phát tận tay``), and a time by which a thing that is named is to be there (``có lối đi … trước …``).
"""

from __future__ import annotations

from .content import names_object, objects
from .reading import Reading
from .words import Found

_NO_END = ("vague", "most", "activity", "limiting")
_COMPLETED = ("hẳn", "xong", "hết", "sạch", "trọn", "đủ", "kín")
_NAMED_BY = (
    "quầy",
    "tổ",
    "phận",
    "tâm",
    "phòng",
    "điểm",
    "đội",
    "kế",
    "hệ",
    "hoạch",
    "thống",
    "bàn",
    "khu",
    "chức",
    "phép",
)
_VIRTUES = (
    "ý",
    "tinh",
    "trách",
    "đủ",
    "năng",
    "phẩm",
    "đạo",
    "thái",
    "thể",
    "bản",
    "tâm",
    "văn",
    "hiệu",
    "nhiều",
    "sự",
)
_AFTER_TIMES = ("đến", "trước", "tới", "sau", "kể", "từ")


def states_end(reading: Reading) -> bool:
    """``Ban hành quy trình …``: an end state that is reached or not."""
    text = reading.text
    if not reading.has("vague", "most") and names_object(reading):
        limited = any(time.limits for time in reading.times)
        if text.says(0, "có") and limited:
            return True  # "Có lối đi cho người khuyết tật trước 30/6/2027"
        if any(text.says(time.first, "xong") for time in reading.times):
            return True  # "Mở rộng nhà trẻ, xong trước 01/9/2027"
    if objects(reading) and not reading.has(*_NO_END) and not _turns(reading):
        if _is_dated(reading) and _is_given_something(reading):
            return True
        if _is_due(reading) or _is_completed(reading):
            return True
        if (
            not reading.has("more", "less")
            and not _is_soft(reading)
            and (_is_dated(reading) or _is_passive(reading))
        ):
            return True
    done = next((mark for mark in reading.of("done") if _is_end(reading, mark)), None)
    if done is None or not names_object(reading) or text.says(done.last, "dần"):
        return False
    vague = [mark for mark in reading.of("vague") if mark.phrase not in {"phấn đấu", "quyết tâm"}]
    return not vague or any(word in done.phrase for word in ("xong", "hoàn thành", "ban hành"))


def _turns(reading: Reading) -> bool:
    """A change, which is no end; ``đưa … vào`` puts a thing where it is to be."""
    text = reading.text
    for mark in reading.of("turning"):
        moved = text.among(range(mark.last, len(text.tokens)), "vào", "lên", "ra")
        if not (text.says(mark.first, "đưa") and moved and not reading.has("more", "less")):
            return True
    return False


def _is_given_something(reading: Reading) -> bool:
    """``Khu du lịch … có bãi giữ xe``: a thing that is to have something, and no virtue."""
    text = reading.text
    named = objects(reading)
    return any(
        text.says(at, "có") and not text.says(at + 1, *_VIRTUES) and any(mark.last <= at for mark in named)
        for at in range(1, len(text.tokens) - 1)
    )


def _is_soft(reading: Reading) -> bool:
    """A verb that opens slogans (``bảo đảm``, ``chăm lo``), and no part of a name (``quầy hỗ trợ``)."""
    return any(not reading.text.says(mark.first - 1, *_NAMED_BY) for mark in reading.of("soft"))


def _is_due(reading: Reading) -> bool:
    """Whether a day, or a time with ``trước``, ``chậm nhất`` or ``xong``, ends it: what is due is done or not."""
    text = reading.text
    due = [
        time
        for time in reading.times
        if (time.limits or time.kind in {"start", "yearless"}) and time not in reading.baseline_times
    ]
    return any(
        time.kind == "day" or text.says(time.first, "trước", "chậm", "muộn", "xong", "từ", "kể")
        for time in due
    )


def _is_dated(reading: Reading) -> bool:
    """``Quý II/2027 khai trương quầy …``: within a time, what is named comes to be."""
    compared = reading.text.among(range(len(reading.text.tokens)), "hơn")
    return not compared and any(time.limits and time not in reading.baseline_times for time in reading.times)


def _is_completed(reading: Reading) -> bool:
    """``bỏ hẳn``, ``nhập đủ``, ``gỡ sạch``: a verb and the word that ends it."""
    text = reading.text
    timed = {at for time in reading.times for at in range(time.first, time.last)}
    known = {
        at
        for mark in reading.of("generic")
        if mark.last - mark.first > 1
        for at in range(mark.first, mark.last)
    }
    return any(
        text.says(at, *_COMPLETED)
        and at not in timed | known
        and text.kind(at - 1) == "word"
        and text.kind(at + 1) == "word"
        and not text.says(at - 1, *_AFTER_TIMES, "có", "phải")
        for at in range(1, len(text.tokens) - 1)
    )


def _is_passive(reading: Reading) -> bool:
    """``Sổ tay … được phát tận tay từng người``: something said of a thing, not of people."""
    text = reading.text
    named = [mark for mark in objects(reading) if "people" not in mark.lists]
    return any(
        text.says(at, "được") and text.kind(at + 1) == "word" and any(mark.last <= at for mark in named)
        for at in range(1, len(text.tokens) - 1)
    )


def _is_end(reading: Reading, done: Found) -> bool:
    """``cập nhật``, ``số hóa`` are end states at the head of a sentence only; beside a noun they tell which one."""
    if "at_head" not in done.lists:
        return True
    content = reading.of(
        "activity", "result", "turning", "more", "less", "done", "system", "people", "outside", "vague"
    )
    return next(content, None) is done
