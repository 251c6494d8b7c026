"""A change of something measured, without a figure: ``giảm số hồ sơ trễ hạn``, ``ít hồ sơ trả lại hơn``."""

from __future__ import annotations

from .content import indicators, names_object, objects
from .quantity import COUNTED
from .reading import Reading
from .results import names_a_level
from .unknown import unknown_work


def states_change(reading: Reading) -> bool:
    """``Giảm số hồ sơ đất đai trễ hạn``, ``đa số hồ sơ …``: the indicator and its object, but no figure."""
    if not names_object(reading):
        return False
    if reading.has("most"):
        return bool(indicators(reading)) or unknown_work(reading) is not None
    measured = reading.has("more", "less")
    text = reading.text
    changing = [
        mark
        for mark in reading.of("turning", "limiting")
        if not text.says(mark.first, "bảo", "đảm", "đạt", "đưa")
    ]
    other = reading.has("outside") and any(
        "limiting" in mark.lists or text.says(mark.first, "giảm", "tăng") for mark in changing
    )
    level = bool(objects(reading)) and names_a_level(reading, len(text.tokens))
    if measured and level and text.says(0, "tỷ", "số", "mức", "điểm", "chỉ"):
        return True
    stated = reading.has("stated") and not reading.has("vague")
    quicker = reading.has("result", "more") and bool(objects(reading)) and _is_quicker(reading)
    parts = text.among(range(len(text.tokens)), "bước", "khâu", "giấy", "lần")
    level = level or (parts and reading.has("limiting"))
    fewer = any(
        text.says(at + 1, *COUNTED)
        and (text.says(at, "ít") or (text.says(at, "nhiều") and text.says(at - 1, "càng")))
        for at in range(len(text.tokens))
    )
    compared = (measured or fewer or reading.has("outside")) and _compares(reading)
    return bool(changing and (measured or other or level)) or compared or quicker or stated


def _compares(reading: Reading) -> bool:
    """``ít hồ sơ trễ hạn hơn``, ``nhiều hơn``, ``cao hơn năm 2026``."""
    text = reading.text
    for at in range(len(text.tokens)):
        if text.says(at, "cao", "thấp", "ngắn", "sớm") and text.says(at + 1, "hơn"):
            return True
        if text.says(at, "càng") and text.says(at + 1, "ít", "nhiều", "thấp", "cao", "ngắn", "thưa"):
            return True
        if text.says(at, "ít", "nhiều") and text.says(at + 1, *COUNTED) and text.says(at + 2, "hơn"):
            return True
        if text.says(at, "ít", "nhiều") and not text.says(at + 1, "nhất"):
            return text.among(range(at + 1, min(at + 13, len(text.tokens))), "hơn")
    return False


def _is_quicker(reading: Reading) -> bool:
    """``giải quyết nhanh hơn năm 2026``: quicker than at a time that is named."""
    begins = {time.first for time in reading.times}
    text = reading.text
    return any(
        text.says(at, "nhanh") and text.says(at + 1, "hơn") and at + 2 in begins
        for at in range(len(text.tokens))
    )
