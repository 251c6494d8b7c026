"""What finding a unit comes to: the unit, the units it may be, or why there is none; said in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .tables.units import UnitKind
from .unit_index import Place, UnitIndex
from .unit_text import Part, search_key

__all__ = ["Answers", "Found"]

_NEAREST = 3
_LISTED = 5


@dataclass(frozen=True)
class Found:
    """``place``, or None with ``candidates`` and the ``reason`` in Vietnamese; with a place, ``reason`` is a remark.

    ``doubtful``: the candidates are what the text can mean; otherwise they are only like it. ``missing``: the name is
    not known in this reading of the text, and another reading may know it. ``column``: which cell was not understood.
    """

    place: Place | None = None
    candidates: tuple[Place, ...] = ()
    reason: str = ""
    doubtful: bool = False
    missing: bool = False
    column: str = "unit"


class Answers:
    """Makes answers for one scope (None: anywhere)."""

    def __init__(self, index: UnitIndex, scope: Place | None) -> None:
        self.index, self.scope = index, scope

    def agency(self, said: str, found: list[Place]) -> Found:
        """Agencies of that name."""
        inside = self._inside(found)
        if len(inside) == 1:
            return Found(inside[0])
        if not inside:
            return self.outside(found)
        reason = f"Có nhiều đơn vị tên “{said}”: {self.listed(inside)}. Hãy ghi rõ tỉnh."
        return Found(None, tuple(inside), reason, doubtful=True)

    def one_of(self, said: str, name: Part, found: list[Place], commune: bool = False) -> Found:
        """Units of today of that name; ``commune``: it is certainly a commune that is meant."""
        if commune:
            found = [place for place in found if place.kind is UnitKind.COMMUNE] or found
        inside = self._inside(found)
        if not inside:
            return self.outside(found)
        if len(inside) > 1:
            reason = (
                f"Có nhiều đơn vị tên “{said}”: {self.listed(inside)}. Hãy ghi đủ loại đơn vị, dấu và tỉnh."
            )
            return Found(None, tuple(inside), reason, doubtful=True)
        only = inside[0]
        if (
            not (name.typed or commune)
            and only.kind is UnitKind.COMMUNE
            and only.search_key in self.index.province_keys
        ):
            reason = (
                f"“{said}” là tên tỉnh, cũng là tên {self.listed([only])}. Hãy ghi rõ xã, phường hay tỉnh."
            )
            return Found(None, (only,), reason, doubtful=True)
        return Found(only)

    def today_of(self, said: str, old: list[Place], also: list[Place]) -> Found:
        """Units of before, with what they are today; ``also``: units of today that the name may mean."""
        heirs = self.index.heirs(old)
        today = heirs + [place for place in also if place not in heirs]
        if not today:
            return Found(reason=f"“{said}” là cấp huyện, kết thúc hoạt động từ 01/7/2025. Hãy ghi tên xã.")
        inside = self._inside(today)
        if not inside:
            return self.outside(today)
        if len(today) == 1:
            return Found(today[0], reason=f"“{said}” nay là {today[0].name}.")
        names = self.listed(today)
        if len(old) == 1 and len(heirs) > 1:
            reason = f"“{said}” đã được chia về nhiều đơn vị từ 01/7/2025: {names}. Hãy chọn đơn vị hiện nay."
        elif len(heirs) == 1:
            reason = f"“{said}” có thể là đơn vị cũ, nay là {heirs[0].name}, hoặc đơn vị hiện nay cùng tên: {names}."
        else:
            reason = f"Trước 01/7/2025 có nhiều đơn vị tên “{said}”, nay thuộc: {names}. Hãy ghi rõ đơn vị hiện nay."
        return Found(None, tuple(inside), reason, doubtful=True)

    def outside(self, found: Iterable[Place]) -> Found:
        """Found, but not within the scope."""
        return Found(reason=f"{self.listed(found)} không thuộc {self.scope.name if self.scope else ''}.")

    def unknown_province(self, said: str, name: str, column: str = "unit") -> Found:
        """No province of that name."""
        near = [place for place in self.index.alike(name, [], 8) if place.kind is UnitKind.PROVINCE]
        reason = f"Không tìm thấy tỉnh, thành phố tên “{said}”."
        return Found(None, tuple(near[:_NEAREST]), reason, missing=True, column=column)

    def nearest(self, said: str, part: Part, areas: Sequence[Place], before: Sequence[Place]) -> Found:
        """Nothing found: what an old unit of that name became, names like it, or the same name elsewhere."""
        name = part.readings[0].name
        same = self.index.by_key.get(search_key(name), [])
        near = self.index.heirs(one for one in same if one.old and one.under(before))
        near += [one for one in self.index.alike(name, self.index.heirs(areas), _NEAREST) if one not in near]
        near = near or [one for one in same if not one.old]
        return Found(None, tuple(near[:_NEAREST]), f"Không tìm thấy đơn vị tên “{said}”.", missing=True)

    def listed(self, places: Iterable[Place]) -> str:
        """Names with the province of each, the first few."""
        shown = [self.label(place) for place in places]
        more = len(shown) - _LISTED
        return "; ".join(shown[:_LISTED]) + (f"; và {more} đơn vị khác" if more > 0 else "")

    def label(self, place: Place) -> str:
        """``Xã Di Linh (tỉnh Lâm Đồng)``."""
        above = self.index.parent(place)
        if above is None or above.kind is UnitKind.COUNTRY:
            return place.name
        return f"{place.name} ({above.type_word} {above.short_name})"

    def _inside(self, found: Iterable[Place]) -> list[Place]:
        return [place for place in found if self.scope is None or place.under([self.scope])]
