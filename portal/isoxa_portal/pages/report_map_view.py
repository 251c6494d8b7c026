"""The report's map: which map a level has, its title that says what it shows, what is said of each place.

Maps are kept with the very ``Overview`` they were drawn from. The reports give the same object for as long as nothing
they count has changed (``isoxa_grading.reports.remembered``), and another as soon as it has: so a kept map is right
for as long as its overview is the one asked about.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from isoxa_grading.reports import Dot, Overview, UnitRow

from ..i18n import current_language
from ..i18n import gettext as _
from .environment import number
from .report_map import CountryMap, LegendLine, Place, ProvinceMap, country_map, province_map
from .report_query import ReportQuery
from .report_table import share_words

__all__ = ["MapView", "map_view"]

_MOST = 24


@dataclass(frozen=True)
class MapView:
    """One of the two maps; ``start``: what the line under it says before anything is pointed at."""

    title: str
    start: str
    country: CountryMap | None
    province: ProvinceMap | None
    missing: int


_kept: OrderedDict[Hashable, tuple[Overview, MapView | None]] = OrderedDict()


def map_view(view: Overview, province_of: Mapping[int, int], query: ReportQuery, url: str) -> MapView | None:
    """The map of this level. ``province_of``: commune id to province id (of a country's map).

    None for one commune, and where no commune has coordinates. Drawn once for an overview, its links and a language;
    to be called from one thread.
    """
    # Holding the overview keeps its id from being given to another.
    key = (id(view), query.at_unit(url, None), current_language())
    if key in _kept:
        _kept.move_to_end(key)
    else:
        _kept[key] = view, _drawn(view, province_of, query, url)
        if len(_kept) > _MOST:
            _kept.popitem(last=False)
    return _kept[key][1]


def _drawn(view: Overview, province_of: Mapping[int, int], query: ReportQuery, url: str) -> MapView | None:
    if view.level == "commune" or not view.dots:
        return None
    missing = view.figures.communes - len(view.dots)
    if view.level == "country":
        places = [_place(dot, province_of.get(dot.unit_id, 0)) for dot in view.dots]
        rows = {row.unit_id: row for row in view.units}

        def of_province(unit_id: int) -> tuple[str, str]:
            row = rows.get(unit_id)
            return query.at_unit(url, unit_id or None), _province_words(row) if row else _("Chưa rõ tỉnh")

        country = country_map(places, of_province)
        start = _("Chọn một tỉnh, thành phố trên bản đồ để xem từng xã.")
        return MapView(_title(country.legend), start, country, None, missing) if country else None
    province = province_map(
        [_place(dot, 0) for dot in view.dots],
        lambda place: (query.at_unit(url, place.unit_id), _commune_words(place)),
    )
    start = _("Chọn một đơn vị trên bản đồ để xem từng người.")
    return MapView(_title(province.legend), start, None, province, missing) if province else None


def _place(dot: Dot, province: int) -> Place:
    return Place(
        dot.unit_id, dot.name, dot.latitude, dot.longitude, dot.registered, dot.completed, dot.share, province
    )


def _province_words(row: UnitRow) -> str:
    if row.registered == 0:
        return _("%(name)s: cả %(communes)s đơn vị chưa cử ai") % {
            "name": row.name, "communes": number(row.communes or 0)
        }  # fmt: skip
    return _(
        "%(name)s: %(share)s hoàn thành (%(done)s trên %(registered)s người), "
        "%(nobody)s trên %(communes)s đơn vị chưa cử ai"
    ) % {
        "name": row.name,
        "share": share_words(row.share_completed),
        "done": number(row.completed),
        "registered": number(row.registered),
        "nobody": number(row.communes_nobody_sent or 0),
        "communes": number(row.communes or 0),
    }


def _commune_words(place: Place) -> str:
    if place.registered == 0:
        return _("%(name)s: chưa cử ai") % {"name": place.name}
    return _("%(name)s: %(share)s hoàn thành (%(done)s trên %(registered)s người)") % {
        "name": place.name,
        "share": share_words(place.share),
        "done": number(place.completed),
        "registered": number(place.registered),
    }


def _title(legend: list[LegendLine]) -> str:
    counts = {line.kind: line.count for line in legend}
    if counts["nobody"]:
        first = _("%(count)s đơn vị chưa cử ai") % {"count": number(counts["nobody"])}
    elif counts["zero"]:
        first = _("%(count)s đơn vị chưa ai hoàn thành") % {"count": number(counts["zero"])}
    else:
        first = _("Đơn vị nào cũng đã có người hoàn thành")
    if not counts["high"]:
        return f"{first}; {_('chưa đơn vị nào có từ 80 % hoàn thành')}"
    return f"{first}; {_('%(count)s đơn vị đã có từ 80 %% hoàn thành') % {'count': number(counts['high'])}}"
