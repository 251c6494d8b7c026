"""Importing a province's roster, and matching units: seconds and megabytes.

Work: 7,440 made-up officers in the 124 communes of Lâm Đồng, an XLSX as a department has it: title rows, "UBND xã …",
names in capitals, telephones as numbers, many a row under the commune's name of before July 2025. Each step runs in a
process of its own on an empty database with units, so that its peak memory is its own. Units are matched one by one,
each text once (nothing answered from memory): every commune of today and of before, in the forms that lists have.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from isoxa_grading.records.database import connect, migrate, reading, writing
from isoxa_grading.records.roster import import_roster, preview_roster, read_roster
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.records.unit_index import UnitIndex, unit_index
from isoxa_grading.records.unit_matching import Said, UnitFinder
from isoxa_grading.records.units import find_scope, load_units
from isoxa_grading.records.words import shipped_words

OFFICERS = 7_440
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương")
MIDDLE = ("Văn", "Thị", "Đức", "Ngọc", "Minh", "Thanh", "Quốc", "Kim")
GIVEN = (
    "An",
    "Bình",
    "Cường",
    "Dung",
    "Hạnh",
    "Hùng",
    "Lan",
    "Mai",
    "Nam",
    "Phượng",
    "Quý",
    "Sơn",
    "Thủy",
    "Yến",
)
LIMITS = {"import_s": 60.0, "import_mb": 300.0, "preview_s": 10.0, "match_ms": 1.0}


def names_of_communes(index: UnitIndex) -> list[list[str]]:
    """For each commune of Lâm Đồng what lists call it: today's name, and old ones that went into it whole."""
    found = []
    for place in index.by_id.values():
        above = index.parent(place)
        if place.old or place.kind is not UnitKind.COMMUNE or above is None or above.short_name != "Lâm Đồng":
            continue
        texts = [f"UBND {place.name.lower()}", place.name, place.name.upper()]
        for old in index.forebears([place]):
            district = index.parent(old)
            if district is not None and len(index.heirs([old])) == 1:
                texts.append(f"{old.name}, {district.name}")
        found.append(texts)
    return found


def write_roster(file: Path, communes: list[list[str]]) -> None:
    chance = random.Random(20261122)
    with xlsxwriter.Workbook(str(file), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_row(0, 0, ["UBND TỈNH LÂM ĐỒNG", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"])
        sheet.write_row(2, 0, ["DANH SÁCH CÁN BỘ, CÔNG CHỨC CẤP XÃ"])
        head = [
            "STT",
            "HỌ VÀ TÊN",
            "Đơn vị công tác",
            "Mã CB",
            "Ngày, tháng, năm sinh",
            "Chức vụ",
            "SĐT",
            "Email",
        ]
        sheet.write_row(4, 0, head)
        for number in range(OFFICERS):
            name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}"
            said = communes[number % len(communes)]
            unit = said[chance.randrange(len(said))] if chance.random() < 0.5 else said[0]
            born = f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/{chance.randint(1966, 2002)}"
            row = [
                number + 1,
                name.upper(),
                unit,
                f"LD{number:05}",
                born,
                "Công chức",
                912_000_000 + number,
                "",
            ]
            sheet.write_row(5 + number, 0, row)


def run_apart(work: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
    """The result of ``work`` in a fresh process, with its peak memory in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Callable[..., dict[str, Any]], arguments: tuple[Any, ...]) -> dict[str, Any]:
    found = work(*arguments)
    return found | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def prepare(url: str, file: str) -> dict[str, Any]:
    engine = connect(url)
    migrate(engine)
    with writing(engine) as session:
        load_units(session)
    with reading(engine) as session:
        write_roster(Path(file), names_of_communes(unit_index(session)))
    engine.dispose()
    return {}


def preview(url: str, file: str) -> dict[str, Any]:
    engine = connect(url)
    begun = time.perf_counter()
    with reading(engine) as session:
        scope = find_scope(session, "Lâm Đồng").unit
        counts = preview_roster(session, read_roster(file), scope).counts
    return {"s": time.perf_counter() - begun, "counts": counts}


def import_all(url: str, file: str) -> dict[str, Any]:
    """As the command does it: read, preview, import with accounts."""
    engine = connect(url)
    begun = time.perf_counter()
    content = read_roster(file)
    with reading(engine) as session:
        made = preview_roster(session, content, find_scope(session, "Lâm Đồng").unit)
    with writing(engine) as session:
        result = import_roster(session, made, None, datetime.now(UTC), accounts="create")
    return {"s": time.perf_counter() - begun, "counts": result.counts}


def match_units(url: str) -> dict[str, Any]:
    engine = connect(url)
    with reading(engine) as session:
        begun = time.perf_counter()
        index = unit_index(session)
        load_s = time.perf_counter() - begun
        finder = UnitFinder(index, shipped_words())
        texts: dict[str, list[int]] = {}
        for place in index.by_id.values():
            above = index.parent(place)
            if place.kind is UnitKind.COMMUNE and above is not None:
                heirs = [heir.id for heir in index.heirs([place])]
                top = index.parent(above) if place.old else None
                texts[f"UBND {place.name.lower()}, {above.name}{f', {top.name}' if top else ''}"] = heirs
        begun = time.perf_counter()
        found = [finder.find(Said(text)).place for text in texts]
        spent = time.perf_counter() - begun
    wrong = sum(
        place is not None and [place.id] != heirs for place, heirs in zip(found, texts.values(), strict=True)
    )
    whole = [heirs for heirs in texts.values() if len(heirs) == 1]
    return {
        "ms": spent / len(texts) * 1000,
        "index_load_s": load_s,
        "texts": len(texts),
        "wrong": wrong,
        "recall": sum(place is not None for place in found) / len(whole),
    }


def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as scratch:
        url, file = f"sqlite:///{scratch}/isoxa.db", f"{scratch}/danh-sach.xlsx"
        run_apart(prepare, url, file)
        previewed = run_apart(preview, url, file)
        matched = run_apart(match_units, url)
        imported = run_apart(import_all, url, file)
        again = run_apart(import_all, url, file)
    return {
        "officers": OFFICERS,
        "preview_s": round(previewed["s"], 2),
        "preview_mb": round(previewed["peak_mb"], 1),
        "import_s": round(imported["s"], 2),
        "import_mb": round(imported["peak_mb"], 1),
        "imported": imported["counts"]["new"],
        "again_s": round(again["s"], 2),
        "again_unchanged": again["counts"]["unchanged"],
        "match_ms": round(matched["ms"], 3),
        "match_texts": matched["texts"],
        "match_wrong": matched["wrong"],
        "match_recall": round(matched["recall"], 4),
        "index_load_s": round(matched["index_load_s"], 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    asked = parser.parse_args()
    found = measure()
    if not asked.json:
        print(
            f"{OFFICERS} officers: preview {found['preview_s']} s, import {found['import_s']} s with "
            f"{found['import_mb']} MB; a unit in {found['match_ms']} ms, {found['match_wrong']} of "
            f"{found['match_texts']} wrong"
        )
    print(json.dumps(found))
    missed = [name for name, limit in LIMITS.items() if found[name] >= limit]
    complete = found["imported"] == found["again_unchanged"] == OFFICERS and not found["match_wrong"]
    return 0 if complete and not missed else 1


if __name__ == "__main__":
    raise SystemExit(main())
