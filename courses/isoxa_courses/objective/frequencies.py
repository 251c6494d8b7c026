"""How often something is done: ``từ 3 lần/quý lên 6 lần/quý``, ``1 lần mỗi tuần``, as figures that can be compared.

One alone tells when something comes back, and is a time. Two of them are where things stand and where they are to get.
"""

from __future__ import annotations

from decimal import Decimal

from .numbers import small
from .quantity import Quantity
from .times import Time
from .words import Text

_A_YEAR = {"buổi": 500, "ngày": 250, "tuần": 52, "tháng": 12, "quý": 4, "năm": 1}
_MOST = 99


def frequencies(text: Text, times: tuple[Time, ...]) -> tuple[Quantity, ...]:
    """The frequencies as counts a year; none where there are fewer than two."""
    found = [
        one for time in times if time.kind == "recurring" and (one := _frequency(text, time)) is not None
    ]
    return tuple(found) if len(found) > 1 else ()


def _frequency(text: Text, time: Time) -> Quantity | None:
    count = small(text, time.first, _MOST)
    if count is None or not text.says(count[1], "lần"):
        return None
    period = next((unit for unit in _A_YEAR if text.says(time.last - 1, unit)), "")
    if not period:
        return None
    often = Decimal(count[0] * _A_YEAR[period])
    return Quantity(time.first, time.last, often, often, "count", "lần", number_last=count[1])
