"""Grading a quiz's submissions: ours beside stock `nbgrader autograde`, every cell compared.

Work: submissions of the course's real quiz 03-pdca with answers of every type (right, partly right, wrong, none),
drawn from a fixed seed. Ours: score each answer, write submitted and autograded notebooks, write and commit the
gradebook rows. Stock: `nbgrader autograde` in one process on a sample of the very same submitted notebooks, in a copy
of the folder without any scores. The figures are seconds a submission; ``ratio`` is stock / ours.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from isoxa_courses.models import Quiz, Slot
from isoxa_courses.questions import type_of
from isoxa_courses.scoring import score_variant
from isoxa_courses.shipped import content_root
from isoxa_grading.nbgrader_bridge import NbgraderFolder, assignment_name, build_course, student_name
from isoxa_grading.nbgrader_bridge.gradebook import CellGrade, SubmissionScores
from isoxa_grading.nbgrader_bridge.outbox import Submission, write_submissions
from isoxa_grading.nbgrader_bridge.source_notebook import grade_cell_id
from isoxa_grading.nbgrader_bridge.submission import AnsweredSlot
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, writing
from isoxa_grading.records.library import CourseLibrary

COURSE = "iso-9001-cap-xa"
GRADES = """
select student.id, base_cell.name, grade.auto_score, grade.needs_manual_grade
from grade
join base_cell on base_cell.id = grade.cell_id
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
join student on student.id = submitted_assignment.student_id
"""


def draw_answer(slot: Slot, chance: random.Random) -> tuple[str, Any]:
    """A variant and an answer to it: right, partly right, wrong or none."""
    variant = chance.choice(slot.variants)
    right = type_of(variant).right_answer(variant)
    kind = chance.random()
    if kind < 0.5:
        return variant.id, right
    if kind < 0.65:
        return variant.id, None
    if isinstance(right, dict):
        keys, values = list(right), list(right.values())
        return variant.id, dict(zip(keys, values[1:] + values[:1], strict=True))
    if variant.type == "ordering":
        return variant.id, right[::-1]
    if isinstance(right, list):
        return variant.id, right[:-1] or None
    if variant.type == "single_choice":
        return variant.id, chance.choice(
            [choice for choice in type_of(variant).names(variant) if choice != right]
        )
    return variant.id, "1" if variant.type == "numeric" else "không rõ\n%%bash\nrm -rf /"


def scored(quiz: Quiz, answers: dict[str, tuple[str, Any]], number: int, now: datetime) -> Submission:
    """What `drain_outbox` makes of a submitted attempt, without the records database around it."""
    answered = {}
    for slot in quiz.slots:
        variant_id, answer = answers[slot.id]
        points = score_variant(slot.variant(variant_id), answer, slot.points).points
        answered[slot.id] = AnsweredSlot(variant_id, answer, points)
    scores = SubmissionScores(
        student=student_name(number),
        first_name="Thử",
        last_name="Nguyễn Văn",
        assignment=assignment_name(quiz),
        submitted_at=now,
        grades={grade_cell_id(slot): CellGrade(answered[slot.id].points) for slot in quiz.slots},
    )
    return Submission(COURSE, quiz, scores, answered)


def grade_with_stock(folder: Path, sample: list[str], assignment: str) -> float:
    """Seconds that stock autograde takes for the sample, in a copy that holds no scores."""
    shutil.rmtree(folder / "autograded")
    for student in (folder / "submitted").iterdir():
        if student.name not in sample:
            shutil.rmtree(student)
    with sqlite3.connect(folder / "gradebook.db") as book:
        for table in ("grade", "comment", "submitted_notebook", "submitted_assignment"):
            book.execute(f"delete from {table}")  # noqa: S608 - names of nbgrader's own tables
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": os.pathsep.join([programs, os.environ["PATH"]])}
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", assignment],
        cwd=folder, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - begun


def cells(folder: Path) -> dict[tuple[str, str], tuple[float | None, int]]:
    with sqlite3.connect(folder / "gradebook.db") as book:
        return {(student, cell): (auto, needs) for student, cell, auto, needs in book.execute(GRADES)}


def measure(submissions: int, stock_sample: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    chance = random.Random(20261121)
    with tempfile.TemporaryDirectory() as scratch:
        data = DataFolder(Path(scratch) / "data")
        data.create()
        engine = data.engine()
        migrate(engine)
        shipped = content_root()
        with writing(engine) as session:
            edition = build_course(data, session, shipped.courses / COURSE, shipped.lessons, now=now).edition
        quiz = CourseLibrary(data).quiz(COURSE, edition, "03-pdca")
        folder = NbgraderFolder(data.nbgrader(COURSE))
        drawn = [{slot.id: draw_answer(slot, chance) for slot in quiz.slots} for _ in range(submissions)]
        write_submissions(folder, [scored(quiz, drawn[0], 0, now)])  # modules loaded, caches warm

        begun = time.perf_counter()
        write_submissions(
            folder, [scored(quiz, answers, number, now) for number, answers in enumerate(drawn)]
        )
        ours_s = (time.perf_counter() - begun) / submissions

        copy = Path(scratch) / "stock"
        shutil.copytree(folder.root, copy)
        sample = [student_name(number) for number in chance.sample(range(submissions), stock_sample)]
        stock_s = grade_with_stock(copy, sample, assignment_name(quiz)) / stock_sample
        ours, stock = cells(folder.root), cells(copy)
        engine.dispose()
    compared = {key: value for key, value in ours.items() if key[0] in sample}
    return {
        "submissions": submissions,
        "stock_sample": stock_sample,
        "cells_compared": len(compared),
        "stock_s_per_submission": round(stock_s, 4),
        "ours_s_per_submission": round(ours_s, 6),
        "ratio": round(stock_s / ours_s, 1),
        "identical": stock == compared,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=300)
    parser.add_argument("--stock", type=int, default=20, help="how many of them stock autograde grades")
    parser.add_argument("--json", action="store_true", help="only the JSON object")
    asked = parser.parse_args()
    found = measure(asked.submissions, asked.stock)
    if not asked.json:
        print(
            f"stock nbgrader autograde {found['stock_s_per_submission']:.2f} s, "
            f"ours {found['ours_s_per_submission'] * 1000:.2f} ms a submission: {found['ratio']:.0f} times; "
            f"{found['cells_compared']} cells compared, identical: {found['identical']}"
        )
    print(json.dumps(found))
    return 0 if found["identical"] else 1


if __name__ == "__main__":
    sys.exit(main())
