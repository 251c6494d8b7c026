"""Maps drawn from the communes' own coordinates: one mark a commune, no tiles and no outlines from elsewhere.

A mark's class (how many have completed) is told by shape and size as well as by colour; the legend says it in words
and counts the communes of each class. Of the whole country one path a class and province holds the marks, so that
3,321 of them stay light; of a province each commune is a link of its own.

The projection is the plate carrée at the middle latitude: a degree of longitude is drawn cos(latitude) as wide as a
degree of latitude. On the country's map every commune lies in its place, the islands of Hoàng Sa and Trường Sa too;
on a province's map an island far off the rest goes into a frame at the side it lies on, and the frame says so.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..i18n import gettext as _

__all__ = [
    "CLASSES",
    "CountryMap",
    "LegendLine",
    "Place",
    "ProvinceMap",
    "class_of",
    "country_map",
    "province_map",
]

# The country with its islands, degrees: from A Pa Chải to Trường Sa, from Cà Mau to Lũng Cú, and some sea around.
_WEST, _EAST, _SOUTH, _NORTH = 101.9, 114.95, 8.15, 23.65
_COUNTRY_LATITUDE = 16.0
_OPEN_SEA = 110.0  # east of it lies no mainland of the country: a mark there is an island and gets its name
_WIDTH = 1000
_MARGIN = 40
_FRAME = 150  # side of an island's frame
_SHORTEST, _TALLEST = 420, 1150

CLASSES = ("nobody", "zero", "low", "middle", "high")
"""From nobody sent to nearly all completed; each has a mark of its own (``ix-map-CLASS``)."""


@dataclass(frozen=True)
class Place:
    """A commune to draw. ``share`` 0 to 1 of those who must learn, None where none must; ``province``: its id."""

    unit_id: int
    name: str
    latitude: float
    longitude: float
    registered: int
    completed: int
    share: float | None
    province: int = 0


@dataclass(frozen=True)
class LegendLine:
    """A class in words, with how many communes are in it."""

    kind: str
    words: str
    count: int


@dataclass(frozen=True)
class MapLabel:
    """A name on the map, at the picture's own units."""

    x: int
    y: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Region:
    """A province: its link, what a reader hears of it, where its middle is, and a path for each class it has."""

    unit_id: int
    url: str
    words: str
    x: int
    y: int
    paths: list[tuple[str, str]]


@dataclass(frozen=True)
class CountryMap:
    """All communes, province by province."""

    width: int
    height: int
    regions: list[Region]
    labels: list[MapLabel]
    legend: list[LegendLine]


@dataclass(frozen=True)
class Mark:
    """A commune of a province: its link and its mark. ``path`` is drawn with its middle at (0, 0)."""

    kind: str
    url: str
    words: str
    x: float
    y: float
    path: str


@dataclass(frozen=True)
class Frame:
    """Where an island is shown that lies far off: its corner, side, and the words under it, held at ``anchor``."""

    x: int
    y: int
    side: int
    words: str
    words_x: int
    anchor: str


@dataclass(frozen=True)
class ProvinceMap:
    """The communes of a province; ``radius``: of the marks, so that neighbours do not cover each other."""

    width: int
    height: int
    radius: float
    marks: list[Mark]
    frames: list[Frame]
    legend: list[LegendLine]


def class_of(registered: int, share: float | None) -> str:
    """Which class a commune is in. Where all who are registered are excused nothing is owed: the highest."""
    if registered == 0:
        return "nobody"
    if share is None or share >= 0.8:
        return "high"
    if share >= 0.5:
        return "middle"
    return "low" if share > 0 else "zero"


def legend(places: Iterable[Place]) -> list[LegendLine]:
    """Every class, also those that no commune is in: the scale is always the same."""
    counts = Counter(class_of(place.registered, place.share) for place in places)
    words = {
        "nobody": _("chưa cử ai"),
        "zero": _("đã cử, chưa ai hoàn thành"),
        "low": _("dưới 50 % hoàn thành"),
        "middle": _("từ 50 % đến dưới 80 %"),
        "high": _("từ 80 % trở lên"),
    }
    return [LegendLine(kind, words[kind], counts[kind]) for kind in CLASSES]


def country_map(places: Sequence[Place], link: Callable[[int], tuple[str, str]]) -> CountryMap | None:
    """The whole country. ``link``: province id to its address and what is said of it. None without any place."""
    if not places:
        return None
    narrow = math.cos(math.radians(_COUNTRY_LATITUDE))
    scale = _WIDTH / ((_EAST - _WEST) * narrow)
    height = round((_NORTH - _SOUTH) * scale)

    def at(place: Place) -> tuple[int, int]:
        return round((place.longitude - _WEST) * narrow * scale), round((_NORTH - place.latitude) * scale)

    by_province: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        by_province[place.province].append(place)
    regions = []
    for province, members in by_province.items():
        url, words = link(province)
        points: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place in members:
            points[class_of(place.registered, place.share)].append(at(place))
        middle_x, middle_y = _middle([at(place) for place in members])
        paths = [(kind, _path(kind, points[kind])) for kind in CLASSES if kind in points]
        regions.append(Region(province, url, words, middle_x, middle_y, paths))
    regions.sort(key=lambda region: (region.y, region.x))
    islands = [place for place in places if place.longitude > _OPEN_SEA]
    labels = [_label(*at(place), _short(place.name)) for place in islands]
    return CountryMap(_WIDTH, height, regions, labels, legend(places))


def province_map(places: Sequence[Place], link: Callable[[Place], tuple[str, str]]) -> ProvinceMap | None:
    """One province. ``link``: a commune to its address and what is said of it. None without any place."""
    if not places:
        return None
    near, far = _apart(places)
    latitude = (min(p.latitude for p in near) + max(p.latitude for p in near)) / 2
    narrow = math.cos(math.radians(latitude))
    west, east = (min(p.longitude for p in near) * narrow, max(p.longitude for p in near) * narrow)
    south, north = min(p.latitude for p in near), max(p.latitude for p in near)
    left = _MARGIN + (_FRAME + 30 if any(p.longitude * narrow < west for p in far) else 0)
    right = _MARGIN + (_FRAME + 30 if any(p.longitude * narrow >= west for p in far) else 0)
    room = _WIDTH - left - right
    scale = min(room / max(east - west, 0.05), (_TALLEST - 2 * _MARGIN) / max(north - south, 0.05))
    height = round(min(max((north - south) * scale + 2 * _MARGIN, _SHORTEST), _TALLEST))
    shift_x = left + (room - (east - west) * scale) / 2
    shift_y = (height - (north - south) * scale) / 2
    points = {
        p.unit_id: (
            round(shift_x + (p.longitude * narrow - west) * scale, 1),
            round(shift_y + (north - p.latitude) * scale, 1),
        )
        for p in near
    }
    frames: list[Frame] = []
    for place in far:
        to_left = place.longitude * narrow < west
        wanted = shift_y + (north - place.latitude) * scale - _FRAME / 2
        y = round(min(max(wanted, 10), height - _FRAME - 50))
        taken = [frame.y for frame in frames]
        while any(abs(y - other) < _FRAME + 50 for other in taken) and y > 10:
            y -= 10
        x = 10 if to_left else _WIDTH - _FRAME - 10
        held = (x, "start") if to_left else (x + _FRAME, "end")
        frames.append(Frame(x, y, _FRAME, _short(place.name), *held))
        points[place.unit_id] = (x + _FRAME / 2, y + _FRAME / 2)
    radius = _radius([points[p.unit_id] for p in near])
    apart = _spread([points[p.unit_id] for p in near], radius)
    points |= {p.unit_id: point for p, point in zip(near, apart, strict=True)}
    marks = []
    for place in sorted(places, key=lambda p: (points[p.unit_id][1], points[p.unit_id][0])):
        url, words = link(place)
        kind = class_of(place.registered, place.share)
        marks.append(Mark(kind, url, words, *points[place.unit_id], _mark(kind, radius)))
    return ProvinceMap(_WIDTH, height, radius, marks, frames, legend(places))


def _label(x: int, y: int, text: str) -> MapLabel:
    """A name under its mark, and inside the picture."""
    return MapLabel(*((_WIDTH - 8, y + 40, text, "end") if x > _WIDTH - 100 else (x, y + 40, text, "middle")))


def _short(name: str) -> str:
    return name.removeprefix("Đặc khu ")


def _middle(points: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The median both ways: an island far off does not draw the middle into the sea."""
    half = len(points) // 2
    return sorted(x for x, _y in points)[half], sorted(y for _x, y in points)[half]


def _path(kind: str, points: Iterable[tuple[int, int]]) -> str:
    # A line of no length is drawn as its cap alone: a dot or a square as wide as the stroke. "Nobody" is a cross.
    if kind == "nobody":
        return "".join(f"M{x - 3} {y - 3}l6 6m0-6l-6 6" for x, y in points)
    return "".join(f"M{x} {y}h0" for x, y in points)


def _mark(kind: str, radius: float) -> str:
    """The same marks, large enough to point at: cross, ring, small dot, dot, square."""
    if kind == "nobody":
        arm = round(radius * 0.75, 1)
        return f"M{-arm} {-arm}L{arm} {arm}M{arm} {-arm}L{-arm} {arm}"
    if kind == "high":
        side = round(radius * 0.95, 1)
        return f"M{-side} {-side}h{2 * side}v{2 * side}h{-2 * side}z"
    r = round(radius * {"zero": 0.7, "low": 0.65, "middle": 0.95}[kind], 1)
    return f"M{-r} 0a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"


def _radius(points: Sequence[tuple[float, float]]) -> float:
    """Half of what lies between close neighbours (the tenth part of all that are closest), within bounds."""
    nearest = sorted(
        min((math.dist(one, other) for other in points if other is not one), default=60.0) for one in points
    )
    close = nearest[len(nearest) // 10]
    return round(min(max(close * 0.55, 8.0), 15.0), 1)


def _spread(points: Sequence[tuple[float, float]], radius: float) -> list[tuple[float, float]]:
    """The points, those that would cover each other pushed apart: in a city's middle wards lie 1 km from each other."""
    moved = [list(point) for point in points]
    wanted = 2.1 * radius
    close = [
        (one, other)
        for one in range(len(points))
        for other in range(one)
        if math.dist(points[one], points[other]) < 3 * wanted
    ]
    for _round in range(40):
        still = True
        for one, other in close:
            dx, dy = moved[one][0] - moved[other][0], moved[one][1] - moved[other][1]
            lies = math.hypot(dx, dy)
            if lies >= wanted:
                continue
            still = False
            # Two units at one place part sideways, whichever way.
            dx, dy = (dx / lies, dy / lies) if lies > 0.01 else (1.0, 0.0)
            push = (wanted - lies) / 2
            moved[one][0] += dx * push
            moved[one][1] += dy * push
            moved[other][0] -= dx * push
            moved[other][1] -= dy * push
        if still:
            break
    return [(round(x, 1), round(y, 1)) for x, y in moved]


def _apart(places: Sequence[Place]) -> tuple[list[Place], list[Place]]:
    """Those that lie together, and islands so far off that they would shrink the rest.

    Far off: more than a third of the others' diagonal outside the box around the others.
    """
    near = list(places)
    far: list[Place] = []
    while len(near) > 3:
        for place in (
            min(near, key=lambda p: p.longitude), max(near, key=lambda p: p.longitude),
            min(near, key=lambda p: p.latitude), max(near, key=lambda p: p.latitude),
        ):  # fmt: skip
            if _outside(place, [p for p in near if p is not place]):
                near.remove(place)
                far.append(place)
                break
        else:
            break
    return near, far


def _outside(place: Place, others: Sequence[Place]) -> bool:
    west, east = min(p.longitude for p in others), max(p.longitude for p in others)
    south, north = min(p.latitude for p in others), max(p.latitude for p in others)
    away = math.hypot(
        max(west - place.longitude, place.longitude - east, 0.0),
        max(south - place.latitude, place.latitude - north, 0.0),
    )
    return away > 0.3 and away > math.hypot(east - west, north - south) / 3
