"""The notebooks of a submission on the disk: submitted and autograded, each with its time, as nbgrader keeps them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from pathlib import Path
from typing import Literal

import nbformat
from isoxa_courses.models import Quiz

from .course_folder import NbgraderFolder
from .owed import Submission
from .submission import SubmissionTemplate

_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


Step = Literal["submitted", "autograded"]


@dataclass(frozen=True)
class Notebooks:
    """What becomes files of one submission: the text of each step's notebook, and the time beside it."""

    student: str
    assignment: str
    texts: Mapping[Step, bytes]
    stamp: bytes


def make_notebooks(folder: NbgraderFolder, works: Iterable[Submission]) -> list[Notebooks]:
    """What was submitted and what autograding it gives. Raises ``FileNotFoundError`` where a release is missing."""
    templates: dict[str, SubmissionTemplate] = {}
    made = []
    for work in works:
        assignment = work.scores.assignment
        if assignment not in templates:
            templates[assignment] = template_of(folder, assignment, work.quiz)
        # The released notebook was validated when it was built; only literals and numbers have been added since.
        submitted, autograded = templates[assignment].fill(work.answered)
        texts: dict[Step, bytes] = {"submitted": submitted.encode(), "autograded": autograded.encode()}
        # The format nbgrader's own exchange writes; it reads it back with dateutil.
        stamp = work.scores.submitted_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC\n").encode()
        made.append(Notebooks(work.scores.student, assignment, texts, stamp))
    return made


def write_notebooks(folder: NbgraderFolder, made: Iterable[Notebooks], step: Step) -> None:
    """Write one step's files; over what was there."""
    for one in made:
        place = f"{folder.root}/{step}/{one.student}/{one.assignment}"
        _replace(place, f"{one.assignment}.ipynb", one.texts[step])
        _replace(place, "timestamp.txt", one.stamp)


def template_of(folder: NbgraderFolder, assignment: str, quiz: Quiz) -> SubmissionTemplate:
    """The template of a released quiz; made once (tens of milliseconds), and anew when the release has changed."""
    release = folder.release(assignment)
    return _template(release, release.stat().st_mtime_ns, quiz.id, quiz.version, _Same(quiz))


class _Same:
    """A quiz for the cache's eyes: two loads of one version are the same, and hashing them would cost more."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _template(release: Path, _changed_ns: int, _quiz: str, _version: int, same: _Same) -> SubmissionTemplate:
    return SubmissionTemplate(nbformat.read(release, as_version=4), same.quiz)


def _replace(place: str, name: str, content: bytes) -> None:
    """Write a file whole or not at all. nbgrader leaves its files read-only; so do we, and replace all the same."""
    partial = f"{place}/.{name}.{os.getpid()}.partial"
    try:
        file = _open(partial)
    except FileNotFoundError:
        os.makedirs(place, exist_ok=True)  # noqa: PTH103 - see below
        file = _open(partial)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(file, view) :]
    finally:
        os.close(file)
    # Not through `Path`: it takes longer to make one than to rename a file, four times a submission.
    os.replace(partial, f"{place}/{name}")  # noqa: PTH105


def _open(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _READ_ONLY)
