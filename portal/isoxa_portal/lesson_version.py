"""Which program and which notebook a lesson's page was made with.

A page that comes back after the portal was upgraded, or its notebook replaced, would meet widgets it does not know: ids
are given in the order in which widgets are made. So the id of its session holds this version (`lesson_tickets`); one of
another version is nobody's, and the page, told so, loads itself anew (widgets/isoxa_widgets/lesson_return.js).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import isoxa_courses
import isoxa_widgets
import notebook_sessions

from .lesson_pool import LessonPlace

# What makes widgets and numbers them.
_PACKAGES = (isoxa_courses, isoxa_widgets, notebook_sessions)
_LIBRARIES = ("anywidget", "ipywidgets", "comm")
_KINDS = ("*.py", "*.js", "*.css", "*.json")


def code_version(folders: Iterable[Path] | None = None) -> str:
    """A short hash of the code on disk that lessons run on: our own by content, libraries by version."""
    if folders is None:
        folders = [Path(origin).parent for one in _PACKAGES if (origin := one.__file__) is not None]
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(found for kind in _KINDS for found in folder.rglob(kind)):
            digest.update(f"{file.relative_to(folder)}\0".encode())
            digest.update(file.read_bytes())
    for library in _LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}\0".encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()[:16]


class LessonVersions:
    """Versions of lessons under the code that this process began with."""

    def __init__(self, code: str) -> None:
        self.code = code

    def of(self, place: LessonPlace) -> str:
        """Of one lesson; a notebook that is not there has none of its own."""
        try:
            status = place.notebook.stat()
        except OSError:
            return self.code
        return f"{self.code} {status.st_mtime_ns} {status.st_size}"
