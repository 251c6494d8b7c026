"""The shipped course's hand-written assignment, released, with what a few made-up officers handed in.

Their work is left ungraded: each submission takes seconds in the cage, and the trainer of the demo has the button for
it. What they wrote is in ``exercise.yaml``, so that it can be read and changed as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TypedDict

import nbformat
from isoxa_courses.shipped import content_root
from isoxa_grading.handins import Upload, find_assignment, hand_in
from isoxa_grading.nbgrader_bridge import NbgraderFolder
from isoxa_grading.nbgrader_bridge.sandbox import add_assignment, set_due
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading
from ruamel.yaml import YAML
from sqlalchemy import Engine

__all__ = ["NAME", "hand_in_exercises", "release_exercise", "works"]

NAME = "ty-le-dung-han"
_WORKS = Path(__file__).with_name("exercise.yaml")


class Work(TypedDict):
    """What one officer wrote."""

    code: str
    comment: str
    table: str


def release_exercise(data: DataFolder, course: str, *, now: datetime) -> None:
    """Put the assignment into the course and release it, due in a week; one that is there already is left alone."""
    folder = NbgraderFolder(data.nbgrader(course))
    if folder.release(NAME).exists():
        return
    add_assignment(folder, NAME, content_root().courses / course / "assignments" / NAME)
    set_due(folder, NAME, now + timedelta(days=7))


def hand_in_exercises(
    data: DataFolder, engine: Engine, course: str, people: Sequence[int], *, now: datetime
) -> None:
    """Hand in one of ``works`` for each of these people, a few days ago; done twice it is one version."""
    with reading(engine) as session:
        assignment = find_assignment(data, session, course, NAME)
    for number, (person_id, work) in enumerate(zip(people, works(), strict=False)):
        at = now - timedelta(days=3, hours=5 * number)
        upload = Upload(f"{NAME}.ipynb", answered(assignment.release / f"{NAME}.ipynb", work))
        hand_in(data, engine, assignment, person_id, [upload], now=at)


def answered(release: Path, work: Work) -> bytes:
    """The released notebook with this work in its cells, as JupyterLab saves it."""
    notebook = nbformat.read(release, as_version=4)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    cells["ty-le"].source = work["code"]
    cells["nhan-xet"].source = work["comment"]
    if work["table"]:
        own = nbformat.v4.new_markdown_cell(work["table"])
        own["id"] = "bang-de-xuat"
        notebook.cells.append(own)
    text: str = nbformat.writes(notebook)
    return text.encode()


@cache
def works() -> tuple[Work, ...]:
    """What the officers wrote, one each."""
    return tuple(YAML(typ="safe").load(_WORKS.read_text("utf-8")))
