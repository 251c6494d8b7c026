"""Completion of the whole country: what each page and file of a department takes, beside stock ``nbgrader export``.

Work: the 3,321 communes of Vietnam with 60 made-up officers each (199,260), six quizzes, on the shipped course:
memberships, enrolments, facts, attempts and standings as the real code writes them (a sample is compared). Each
question runs in a process of its own. ``country_cold_s``: first page of a new process; ``country_warm_s``: asked again
while nothing has changed; ``province_s``, ``commune_s``: the median of others asked for the first time in a process
that runs. ``…_cpu_s``: what the processor spent on it, should the machine have had other work (``load``). ``ratio``:
seconds a row of ``nbgrader export`` (a student and assignment) over seconds a row of our CSV of the same results (an
officer and quiz), on the whole country; ``ratio_cpu``: the same of the processor's seconds.

``growth`` asks the same of smaller countries; ``--postgresql URL`` of an empty PostgreSQL database.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import connect, reading
from isoxa_grading.records.tables import Attempt, TrainingFact, Unit
from isoxa_grading.records.tables.units import UnitKind
from sqlalchemy import Engine, func, select

from .asking import ask
from .country import OFFICERS, differences, fill_country
from .export import export, fill_gradebook
from .models import Models, make_models

EVERYBODY = 3_321 * OFFICERS
SMALLER = (1_020, 10_020, 50_040)
SAMPLE = 150
AT_MOST = {
    "country_cold_s": 1.0,
    "country_warm_s": 0.2,
    "province_s": 0.15,
    "xlsx_s": 30.0,
    "xlsx_peak_mb": 500.0,
}
LEAST_RATIO = 1000


def note(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def pages(url: str) -> dict[str, float]:
    """The pages, and a snapshot."""
    engine = connect(url)
    with reading(engine) as session:
        provinces = session.scalars(
            select(Unit.id).where(Unit.kind == UnitKind.PROVINCE, Unit.valid_to.is_(None)).order_by(Unit.path)
        ).all()
        communes = session.scalars(
            select(Unit.id).where(Unit.parent_id == provinces[0], Unit.kind == UnitKind.COMMUNE)
        ).all()
    engine.dispose()
    country = ask(url, "page", again=5)
    return {
        "country_cold_s": country["first"],
        "country_cold_cpu_s": country["cpu"],
        "country_warm_s": country["again"],
        "province_s": ask(url, "page", list(provinces[:8]))["again"],
        "commune_s": ask(url, "commune", list(communes[:12]))["again"],
        "snapshot_s": ask(url, "snapshot")["first"],
    }


def files(url: str) -> dict[str, float]:
    """The workbook of everybody, the CSV of all results, the paper of one province."""
    engine = connect(url)
    with reading(engine) as session:
        province = session.scalars(
            select(Unit.id).where(Unit.kind == UnitKind.PROVINCE, Unit.valid_to.is_(None)).order_by(Unit.path)
        ).first()
    engine.dispose()
    xlsx = ask(url, "xlsx")
    results = ask(url, "results_csv")
    return {
        "xlsx_s": xlsx["first"],
        "xlsx_cpu_s": xlsx["cpu"],
        "xlsx_peak_mb": xlsx["peak_mb"],
        "results_csv_s": results["first"],
        "results_csv_cpu_s": results["cpu"],
        "results_csv_peak_mb": results["peak_mb"],
        "results_rows": results["rows"],
        "pdf_s": ask(url, "pdf", province)["first"],
    }


def sizes(engine: Engine) -> dict[str, int]:
    with reading(engine) as session:
        facts = session.scalar(select(func.count()).select_from(TrainingFact)) or 0
        attempts = session.scalar(select(func.count()).select_from(Attempt)) or 0
    return {"facts": facts, "attempts": attempts}


def growth(folder: Path, model_folder: Path, models: Models) -> list[dict[str, Any]]:
    """The same of smaller countries."""
    found = []
    for officers in SMALLER:
        shutil.copytree(model_folder, folder / str(officers))
        data = DataFolder(folder / str(officers))
        engine = data.engine()
        fill_country(engine, models, officers)
        engine.dispose()
        found.append({"officers": officers, **rounded(pages(data.database_url) | files(data.database_url))})
        note(f"{officers} officers measured")
    return found


def rounded(figures: dict[str, float]) -> dict[str, float]:
    return {
        name: round(value, 4 if value < 1 else 2) if value % 1 else int(value)
        for name, value in figures.items()
    }


def measure(scratch: Path, officers: int, *, with_growth: bool) -> dict[str, Any]:
    data = DataFolder(scratch / "models")
    data.create()
    engine = data.engine()
    models = make_models(data, engine)
    engine.dispose()
    note("the model officers went through the course")
    small = growth(scratch, data.path, models) if with_growth else []
    engine = data.engine()
    made = fill_country(engine, models, officers)
    wrong = differences(engine, models)
    note(f"{made} officers; {wrong} of a sample differ from what the real code makes")
    figures = pages(data.database_url)
    note("pages measured")
    figures |= files(data.database_url)
    note("files measured")
    students = fill_gradebook(data, engine, SAMPLE)
    stock_s, stock_cpu, stock_rows = export(data, scratch / "export.csv")
    note("nbgrader export measured")
    engine.dispose()
    rows = figures["results_rows"]
    return {
        "officers": made,
        **rounded(figures),
        "nbgrader_students": students,
        "nbgrader_rows": stock_rows,
        "nbgrader_s": round(stock_s, 2),
        "nbgrader_cpu_s": round(stock_cpu, 2),
        "nbgrader_ms_per_row": round(stock_s / stock_rows * 1000, 3),
        "ours_ms_per_row": round(figures["results_csv_s"] / rows * 1000, 5),
        "differing": wrong,
        **sizes(connect(data.database_url)),
        "growth": small,
        "load": round(os.getloadavg()[0], 1),
        "ratio_cpu": round(stock_cpu / stock_rows / (figures["results_csv_cpu_s"] / rows)),
        "ratio": round(stock_s / stock_rows / (figures["results_csv_s"] / rows)),
    }


def side_by_side(url: str, officers: int, scratch: Path) -> dict[str, float]:
    """The same questions to an empty PostgreSQL database."""
    data = DataFolder(scratch / "postgresql")
    data.create()
    engine = connect(url)
    models = make_models(data, engine)
    fill_country(engine, models, officers)
    engine.dispose()
    return rounded(pages(url) | files(url))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    parser.add_argument("--officers", type=int, default=EVERYBODY)
    parser.add_argument("--no-growth", action="store_true", help="leave the smaller countries out")
    parser.add_argument("--postgresql", default="", help="URL of an empty database to measure beside it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        found = measure(Path(scratch), asked.officers, with_growth=not asked.no_growth)
        if asked.postgresql:
            found["postgresql"] = side_by_side(asked.postgresql, asked.officers, Path(scratch))
    if not asked.json:
        for name, value in found.items():
            print(f"{name:24} {value}")
    print(json.dumps(found))
    missed = [name for name, limit in AT_MOST.items() if found[name] >= limit]
    if found["ratio"] < LEAST_RATIO:
        missed.append("ratio")
    if missed:
        note(f"not reached: {', '.join(missed)}")
    return 0 if not missed and not found["differing"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
