"""Finds the unit that a well-formed name means, and never guesses.

``Xã Di Linh`` · ``UBND xã Di Linh, tỉnh Lâm Đồng`` · ``xa di linh, lam dong`` · ``xã Gung Ré, huyện Di Linh, tỉnh Lâm
Đồng`` (a unit until 30 June 2025: found by what became of it). Steps: split into parts, read each part's type word,
find the province, look among today's units there, then among those of before.

Diacritics decide when they are written (xã Ba Tơ and xã Ba Tô are two communes of one province); where in a syllable
the tone stands does not (Hoà, Hòa). A name without a district means today's unit, if there is one.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from isoxa_courses.text import clean, fold
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from .tables import Unit, UnitSuccessor
from .tables.units import UnitKind

__all__ = ["UnitMatch", "find_unit", "search_key"]

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_TYPE_WORDS = ("thành phố", "thị trấn", "thị xã", "đặc khu", "tỉnh", "quận", "huyện", "phường", "xã")
_SHORT_TYPES = {"tp": "thành phố", "tt": "thị trấn", "tx": "thị xã", "t": "tỉnh", "q": "quận", "h": "huyện",
                "p": "phường", "x": "xã", "đk": "đặc khu"}  # fmt: skip
_OFFICES = ("ủy ban nhân dân", "ubnd")
_APOSTROPHES = re.compile("['’ʼ`´]")
_NEAREST = 3
_LISTED = 5


@dataclass(frozen=True)
class UnitMatch:
    """``unit``, or None with the ``candidates`` it could be (perhaps none) and the ``reason`` in Vietnamese.

    With a unit, ``reason`` is empty, or says that the name is one of before July 2025. ``hint``: a sentence that
    names the candidates where nothing was found, else empty.
    """

    unit: Unit | None
    candidates: tuple[Unit, ...] = ()
    reason: str = ""
    hint: str = ""


@dataclass(frozen=True)
class _Reading:
    """One way to read a part of the text: its type word (None: not said) and the name without it."""

    type_word: str | None
    name: str


def search_key(name: str) -> str:
    """How a short name is kept for search: folded, apostrophes out, other signs as spaces."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", _APOSTROPHES.sub("", fold(name))).split())


def find_unit(session: Session, text: str, scope: Unit | None = None) -> UnitMatch:
    """The unit that ``text`` names, under ``scope`` (None: anywhere)."""
    parts = [part for part in (clean(part) for part in re.split("[,;]", text)) if part]
    if not parts:
        return UnitMatch(None, reason="Chưa ghi tên đơn vị.")
    marked = fold(text) != clean(text).casefold()
    first, *above = [_readings(part, marked) for part in parts]
    areas: Sequence[Unit] = [scope] if scope else []
    if above:
        areas = _search(session, above[-1], marked, kinds=(UnitKind.PROVINCE,), under=areas, old=None)
        if areas:
            above = above[:-1]
            if scope and not any(_overlap(session, area, scope) for area in areas):
                return UnitMatch(None, reason=f"{areas[0].name} không thuộc {scope.name}.")
        elif scope is None or len(above) > 1:
            return _unknown_province(session, parts[-1], scope)
        else:
            areas = [scope]  # "xã Gung Ré, huyện Di Linh" within a province
    return _find_in(session, parts[0], first, above, areas, marked, scope)


def _find_in(
    session: Session,
    said: str,
    first: list[_Reading],
    districts: list[list[_Reading]],
    areas: Sequence[Unit],
    marked: bool,
    scope: Unit | None,
) -> UnitMatch:
    today = [area for area in areas if area.valid_to is None]
    before = [area for area in areas if area.valid_to is not None]
    if not districts and (today or not areas):
        found = _search(session, first, marked, under=today, old=False)
        if found:
            return _one_of(said, found, scope)
    old = _search(session, first, marked, under=[*before, *_predecessors(session, today)], old=True)
    if districts:
        old = [unit for unit in old if unit.parent and _means(unit.parent, districts[0], marked)]
    if old:
        return _today_of(session, said, old, scope)
    if before and not districts:
        # An old province with a commune of today: Đắk Nông is gone, its communes are in Lâm Đồng.
        found = _search(session, first, marked, under=_successors(session, before), old=False)
        if found:
            return _one_of(said, found, scope)
    return _nearest(session, said, first, [*today, *_successors(session, before)])


def _overlap(session: Session, area: Unit, scope: Unit) -> bool:
    heirs = [area] if area.valid_to is None else _successors(session, [area])
    return any(heir.path.startswith(scope.path) or scope.path.startswith(heir.path) for heir in heirs)


def _readings(part: str, marked: bool) -> list[_Reading]:
    """What a part may say. Without diacritics "Quan Son" may be a commune or a district: both are kept."""
    words = part.split(" ")
    plain = [_plain(word) if marked else fold(word) for word in words]
    for office in _OFFICES:
        taken = len(office.split(" "))
        if plain[:taken] == [_plain(word) if marked else fold(word) for word in office.split(" ")]:
            words, plain = words[taken:], plain[taken:]
    whole = " ".join(words)
    if dotted := re.match(r"([A-Za-zĐđ]{1,2})\.\s*(.+)", whole):
        type_word = _SHORT_TYPES.get(dotted[1].lower())
        if type_word:
            return [_Reading(type_word, dotted[2])]
    readings = [_Reading(None, whole)]
    for type_word in _TYPE_WORDS:
        taken = len(type_word.split(" "))
        sought = _plain(type_word) if marked else fold(type_word)
        if len(words) > taken and " ".join(plain[:taken]) == sought:
            readings.append(_Reading(type_word, " ".join(words[taken:])))
            break
    else:
        if len(words) > 1 and plain[0] in ("tp", "tt", "tx"):
            readings.append(_Reading(_SHORT_TYPES[plain[0]], " ".join(words[1:])))
    return readings


def _plain(text: str) -> str:
    """Equal for two spellings of one name: case, the kind of dash or apostrophe, and where in a syllable the tone
    stands do not matter.
    """
    words = []
    for word in re.sub(r"[^\w\s]+", " ", _APOSTROPHES.sub("", clean(text).casefold())).split():
        word = unicodedata.normalize("NFD", word)
        tone = "".join(sign for sign in word if sign in _TONES)
        words.append("".join(sign for sign in word if sign not in _TONES) + tone)
    return " ".join(words)


def _means(unit: Unit, readings: Iterable[_Reading], marked: bool) -> bool:
    for reading in readings:
        if reading.type_word not in (None, unit.type_word) or search_key(reading.name) != unit.search_key:
            continue
        if not marked or _plain(reading.name) == _plain(unit.short_name):
            return True
    return False


def _search(
    session: Session,
    readings: list[_Reading],
    marked: bool,
    *,
    kinds: tuple[UnitKind, ...] = (),
    under: Sequence[Unit],
    old: bool | None,
) -> list[Unit]:
    """Units of that name under any of ``under`` (empty: anywhere); ``old`` None: today's, or else old ones."""
    if old is None:
        inside = [unit for unit in under if unit.kind is UnitKind.COUNTRY]
        today = _search(session, readings, marked, kinds=kinds, under=inside, old=False)
        return today or _search(session, readings, marked, kinds=kinds, under=inside, old=True)
    query = (
        select(Unit)
        .options(joinedload(Unit.parent))
        .where(Unit.search_key.in_({search_key(reading.name) for reading in readings}))
        .where(Unit.valid_to.is_not(None) if old else Unit.valid_to.is_(None))
        .order_by(Unit.sort_key, Unit.id)
    )
    if kinds:
        query = query.where(Unit.kind.in_(kinds))
    if under:
        below = [and_(Unit.path >= area.path, Unit.path < area.path[:-1] + "0") for area in under]
        query = query.where(or_(*below))
    return [unit for unit in session.scalars(query) if _means(unit, readings, marked)]


def _predecessors(session: Session, today: Sequence[Unit]) -> list[Unit]:
    """The old units that became these, whole; a country is its own past."""
    query = (
        select(Unit)
        .join(UnitSuccessor, UnitSuccessor.unit_id == Unit.id)
        .where(UnitSuccessor.successor_id.in_([unit.id for unit in today]))
    )
    return [*(unit for unit in today if unit.kind is UnitKind.COUNTRY), *session.scalars(query)]


def _successors(session: Session, old: Sequence[Unit]) -> list[Unit]:
    query = (
        select(Unit)
        .options(joinedload(Unit.parent))
        .join(UnitSuccessor, UnitSuccessor.successor_id == Unit.id)
        .where(UnitSuccessor.unit_id.in_([unit.id for unit in old]))
        .order_by(Unit.sort_key)
        .distinct()
    )
    return list(session.scalars(query))


def _today_of(session: Session, said: str, old: list[Unit], scope: Unit | None) -> UnitMatch:
    today = _successors(session, old)
    if len(today) == 1:
        match = _one_of(said, today, scope)
        return UnitMatch(match.unit, match.candidates, match.reason or f"“{said}” nay là {today[0].name}.")
    if not today:
        return UnitMatch(
            None, reason=f"“{said}” là cấp huyện, kết thúc hoạt động từ 01/7/2025. Hãy ghi tên xã."
        )
    names = _listed(today)
    if len(old) == 1:
        reason = f"“{said}” đã được chia về nhiều đơn vị từ 01/7/2025: {names}. Hãy chọn đơn vị hiện nay."
    else:
        reason = (
            f"Trước 01/7/2025 có nhiều đơn vị tên “{said}”, nay thuộc: {names}. Hãy ghi rõ đơn vị hiện nay."
        )
    return UnitMatch(None, tuple(today), reason)


def _one_of(said: str, found: list[Unit], scope: Unit | None) -> UnitMatch:
    inside = [unit for unit in found if scope is None or unit.path.startswith(scope.path)]
    if len(inside) == 1:
        return UnitMatch(inside[0])
    if inside:
        reason = f"Có nhiều đơn vị tên “{said}”: {_listed(inside)}. Hãy ghi đủ loại đơn vị, dấu và tỉnh."
        return UnitMatch(None, tuple(inside), reason)
    scope_name = scope.name if scope else ""
    return UnitMatch(None, reason=f"{_listed(found)} không thuộc {scope_name}.")


def _unknown_province(session: Session, said: str, scope: Unit | None) -> UnitMatch:
    query = select(Unit).where(Unit.kind == UnitKind.PROVINCE, Unit.valid_to.is_(None))
    return _closest(said, _readings(said, False), session.scalars(query).all(), "tỉnh, thành phố")


def _nearest(session: Session, said: str, readings: list[_Reading], areas: Sequence[Unit]) -> UnitMatch:
    query = select(Unit).options(joinedload(Unit.parent)).where(Unit.valid_to.is_(None))
    if areas:
        query = query.where(or_(*(Unit.path.startswith(area.path, autoescape=True) for area in areas)))
    return _closest(said, readings, session.scalars(query).all(), "đơn vị")


def _closest(said: str, readings: list[_Reading], units: Sequence[Unit], what: str) -> UnitMatch:
    """Nothing found: the names most like it, as a hint."""
    by_key: dict[str, list[Unit]] = {}
    for unit in units:
        by_key.setdefault(unit.search_key, []).append(unit)
    name = search_key(readings[-1].name)
    keys = difflib.get_close_matches(name, by_key, n=_NEAREST, cutoff=0.7)
    near = tuple(unit for key in keys for unit in by_key[key])[:_NEAREST]
    hint = f"Gần nhất: {_listed(near)}." if near else ""
    return UnitMatch(None, near, f"Không tìm thấy {what} tên “{said}”.", hint)


def _listed(units: Iterable[Unit]) -> str:
    shown = []
    for unit in units:
        parent = unit.parent
        place = (
            f" ({parent.type_word} {parent.short_name})"
            if parent and parent.kind is not UnitKind.COUNTRY
            else ""
        )
        shown.append(unit.name + place)
    more = len(shown) - _LISTED
    return "; ".join(shown[:_LISTED]) + (f"; và {more} đơn vị khác" if more > 0 else "")
