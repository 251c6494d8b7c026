"""Loads the units of Vietnam, today's and those until 30 June 2025, from the data of ``vietnamadminunits``.

Source: the package's ``dataset.db`` (tables ``admin_units`` and ``admin_units_legacy``) and ``converter_2025.json``.
Both are read as plain files: importing the package would load a parser of addresses that is not needed here.

The converter names units by keys without diacritics. For each of today's provinces it lists ``old province`` keys
(``DICT_PROVINCE``); per today's commune the old ones that went into it whole (``…_NO_DIVIDED``); and per old commune
that was split the several it went to (``…_DIVIDED``). Five island districts had no communes: they themselves became
special zones, so a district is what has successors there.
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from isoxa_courses.text import clean, sort_key
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from .tables import Unit, UnitSuccessor
from .tables.units import UnitKind
from .unit_text import search_key

__all__ = ["LONG_AGO", "REFORM", "load_units"]

LONG_AGO = date(1900, 1, 1)
REFORM = date(2025, 7, 1)
_LAST_DAY_BEFORE = date(2025, 6, 30)
_BATCH = 2000
_TYPE_WORDS = ("thành phố", "thị trấn", "thị xã", "đặc khu", "tỉnh", "quận", "huyện", "phường", "xã")


@dataclass(frozen=True)
class _Source:
    """One unit as the files have it; ``key`` and ``parent`` are this module's own names for it."""

    key: str
    parent: str | None
    kind: UnitKind
    code: str
    name: str
    old: bool
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None

    @property
    def identity(self) -> tuple[str, UnitKind, date]:
        return self.code, self.kind, LONG_AGO if self.old or self.kind is UnitKind.COUNTRY else REFORM


def load_units(session: Session) -> int:
    """Add the units and successors that are not there yet; returns how many units were added.

    Called again it adds nothing. Raises ``FileNotFoundError`` when ``vietnamadminunits`` is not installed.
    """
    folder = _data_folder()
    sources = list(_read_units(folder / "dataset.db"))
    known = session.execute(select(Unit.id, Unit.path, Unit.code, Unit.kind, Unit.valid_from)).all()
    places = {(row.code, row.kind, row.valid_from): (row.id, row.path) for row in known}
    missing = [source for source in sources if source.identity not in places]
    ids = iter(_reserve_ids(session, len(missing)))
    # Sources come from the country down, so a parent's place is known before its children need it.
    of_key: dict[str, tuple[int, str]] = {}
    rows = []
    for source in sources:
        place = places.get(source.identity)
        if place is None:
            parent_id, parent_path = of_key[source.parent] if source.parent else (None, "/")
            new_id = next(ids)
            place = (new_id, f"{parent_path}{new_id}/")
            rows.append(_row(source, *place, parent_id))
        of_key[source.key] = place
    _insert(session, Unit, rows)
    _load_successors(session, folder / "converter_2025.json", {key: id for key, (id, _) in of_key.items()})
    return len(rows)


def _data_folder() -> Path:
    spec = importlib.util.find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            "Thiếu gói vietnamadminunits (danh mục đơn vị hành chính). Hãy cài lại isoxa."
        )
    return Path(spec.origin).with_name("data")


def _read_units(file: Path) -> Iterator[_Source]:
    yield _Source("vn", None, UnitKind.COUNTRY, "VN", "Việt Nam", old=False)
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as dataset:
        dataset.row_factory = sqlite3.Row
        for row in dataset.execute(
            "SELECT DISTINCT provinceKey, provinceCode, province, provinceLat, provinceLon FROM admin_units"
        ):
            yield _province(row, old=False)
        for row in dataset.execute("SELECT * FROM admin_units"):
            yield _Source(
                f"new/{row['provinceKey']}/{row['wardKey']}", f"new/{row['provinceKey']}", UnitKind.COMMUNE,
                row["wardCode"], row["ward"], False,
                row["wardLat"], row["wardLon"], row["wardAreaKm2"],
            )  # fmt: skip
        seen: set[str] = set()
        for row in dataset.execute("SELECT * FROM admin_units_legacy"):
            province, district = _province(row, old=True), _old_district(row)
            for above in (province, district):
                if above.key not in seen:
                    seen.add(above.key)
                    yield above
            if row["wardCode"] is not None:
                yield _Source(
                    f"{district.key}_{row['wardKey']}", district.key, UnitKind.COMMUNE,
                    row["wardCode"], row["ward"], True, row["wardLat"], row["wardLon"],
                )  # fmt: skip


def _province(row: sqlite3.Row, *, old: bool) -> _Source:
    return _Source(
        f"{'old' if old else 'new'}/{row['provinceKey']}", "vn", UnitKind.PROVINCE,
        row["provinceCode"], row["province"], old, row["provinceLat"], row["provinceLon"],
    )  # fmt: skip


def _old_district(row: sqlite3.Row) -> _Source:
    return _Source(
        f"old/{row['provinceKey']}_{row['districtKey']}", f"old/{row['provinceKey']}", UnitKind.DISTRICT,
        row["districtCode"], row["district"], True, row["districtLat"], row["districtLon"],
    )  # fmt: skip


def _row(source: _Source, id: int, path: str, parent_id: int | None) -> dict[str, Any]:
    # The name decides its type word: the source's own column has "Xã" for four wards, and "Thị Trấn Ái Tử" here and
    # there; its own short names carry remarks in brackets.
    name = clean(source.name)
    type_word = next((word for word in _TYPE_WORDS if name.lower().startswith(f"{word} ")), "")
    short_name = name[len(type_word) :].strip()
    name = f"{type_word.capitalize()} {short_name}".strip()
    return {
        "id": id,
        "code": source.code,
        "kind": source.kind,
        "type_word": type_word or "nước",
        "name": name,
        "short_name": short_name,
        "parent_id": parent_id,
        "path": path,
        "latitude": source.latitude,
        "longitude": source.longitude,
        "area_km2": source.area_km2 or None,  # the source has 0 where it does not know
        "valid_from": source.identity[2],
        "valid_to": _LAST_DAY_BEFORE if source.old else None,
        "sort_key": sort_key(short_name),
        "search_key": search_key(short_name),
    }


def _load_successors(session: Session, file: Path, ids: dict[str, int]) -> None:
    known = set(session.execute(select(UnitSuccessor.unit_id, UnitSuccessor.successor_id)))
    rows = [
        {"unit_id": ids[old], "successor_id": ids[new], "whole": whole, "since": REFORM}
        for old, new, whole in _read_successors(file)
        if (ids[old], ids[new]) not in known
    ]
    _insert(session, UnitSuccessor, rows)


def _read_successors(file: Path) -> Iterator[tuple[str, str, bool]]:
    """(old key, new key, whether it went there whole)."""
    converter = json.loads(file.read_text("utf-8"))
    for province, olds in converter["DICT_PROVINCE"].items():
        for old in olds:
            yield f"old/{old}", f"new/{province}", True
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, olds in communes.items():
            for old in olds:
                # A key that ends in "_" is a district without communes.
                yield f"old/{old.rstrip('_')}", f"new/{province}/{commune}", True
    for province, split in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in split.items():
            for part in parts:
                yield f"old/{old}", f"new/{province}/{part['newWardKey']}", False


def _reserve_ids(session: Session, count: int) -> Iterable[int]:
    """Ids known before the insert, since a path holds the unit's own id."""
    if session.get_bind().dialect.name == "postgresql":
        draw = text("SELECT nextval(pg_get_serial_sequence('unit', 'id')) FROM generate_series(1, :count)")
        return list(session.scalars(draw, {"count": count}))
    first = (session.scalar(select(func.max(Unit.id))) or 0) + 1
    return range(first, first + count)


def _insert(session: Session, table: type[Unit] | type[UnitSuccessor], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _BATCH):
        session.execute(insert(table), rows[start : start + _BATCH])
