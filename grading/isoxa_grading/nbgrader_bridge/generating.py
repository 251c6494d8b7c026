"""What `nbgrader generate_assignment NAME --force` runs, in this process: importing nbgrader anew takes seconds."""

from __future__ import annotations

import threading

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import PyFileConfigLoader

from .course_folder import NbgraderFolder, programs_on_path
from .new_gradebook import make_gradebook

__all__ = ["generate_assignment"]

_CONVERTING = threading.Lock()


def generate_assignment(
    folder: NbgraderFolder, name: str, *, code_stub: str | None = None, text_stub: str | None = None
) -> None:
    """Make the release of ``source/NAME``, with the folder's own settings and, where given, these stubs for answers.

    Raises ``NbGraderException``.
    """
    programs_on_path()
    make_gradebook(folder.gradebook_url)
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder.root)).load_config()
    config.CourseDirectory.root = str(folder.root)
    config.CourseDirectory.assignment_id = name
    if code_stub is not None:
        config.ClearSolutions.code_stub = {"python": code_stub}
    if text_stub is not None:
        config.ClearSolutions.text_stub = text_stub
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    converter.force = True
    # nbgrader changes the working directory while it converts, which the whole process shares.
    with _CONVERTING:
        converter.start()
