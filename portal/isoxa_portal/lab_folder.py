"""What JupyterLab opens with for a trainer: the welcome notebook and the lessons that are being taught.

::

    PLACE/bat-dau.ipynb                    ten steps from a first lesson to its release; opened by default
    PLACE/bai-hoc/EDITION/*.ipynb          the lessons, to read and to run
    PLACE/bai-hoc/EDITION/courses/COURSE/  the practice content they run on; no quiz, no key

What is there is left as it is: a trainer's own marks stay.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from isoxa_courses.loading import load_course
from isoxa_courses.shipped import content_root

__all__ = ["LESSONS", "WELCOME", "fill_home", "put_lessons", "put_welcome"]

COURSE = "iso-9001-cap-xa"

WELCOME = "bat-dau.ipynb"
LESSONS = "bai-hoc"


def put_welcome(place: Path) -> Path:
    """The welcome notebook in ``place``; a copy that is there is the trainer's own."""
    target = place / WELCOME
    if not target.exists():
        shutil.copyfile(content_root().lessons.parent / "trainers" / WELCOME, target)
    return target


def put_lessons(place: Path, course: str, edition: str, content: Path, notebooks: Path) -> Path:
    """The lessons of an edition in ``place``; ``content``: its course folder, ``notebooks``: its notebooks' folder."""
    target = place / LESSONS / edition
    if target.exists():
        return target
    scratch = target.with_name(f".{edition}")
    shutil.rmtree(scratch, ignore_errors=True)
    practice = scratch / "courses" / course
    practice.mkdir(parents=True)
    for notebook in sorted(notebooks.glob("*.ipynb")):
        shutil.copyfile(notebook, scratch / notebook.name)
    shutil.copytree(content / "lessons", practice / "lessons")
    if (content / "facts.yaml").is_file():
        shutil.copyfile(content / "facts.yaml", practice / "facts.yaml")
    scratch.rename(target)
    return target


def fill_home(home: Path) -> None:
    """A trainer's own folder, away from any data folder: the welcome notebook and the lessons that come with isoxa."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    root = content_root()
    course = root.courses / COURSE
    put_welcome(home)
    put_lessons(home, COURSE, load_course(course).edition, course, root.lessons)
