"""What the first officer to hand in would otherwise wait for: courses read, notebook templates made.

A server does this once, in the thread that keeps the gradebook, after what it owes. Reading a course takes a second
and each quiz's template some hundredths of one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from isoxa_courses.errors import ContentError
from sqlalchemy import Engine, select

from ..records.data_folder import DataFolder
from ..records.database import reading
from ..records.library import CourseLibrary, EditionMissing
from ..records.tables import CourseEdition
from .course_folder import NbgraderFolder, assignment_name
from .notebook_files import template_of

logger = logging.getLogger(__name__)


def warm_up(
    data: DataFolder, engine: Engine, library: CourseLibrary, *, stop: Callable[[], bool] = lambda: False
) -> int:
    """Read the newest edition of each course and make the templates of its quizzes; how many.

    What cannot be read is passed over: whoever asks for it will be told. ``stop``: the server is being shut down.
    """
    with reading(engine) as session:
        query = select(CourseEdition.course, CourseEdition.edition).order_by(
            CourseEdition.published_at, CourseEdition.id
        )
        newest = {row.course: row.edition for row in session.execute(query)}
    made = 0
    for course, edition in newest.items():
        folder = NbgraderFolder(data.nbgrader(course))
        try:
            for quiz in library.edition(course, edition).quizzes:
                if stop():
                    return made
                if folder.release(assignment_name(quiz)).is_file():
                    template_of(folder, assignment_name(quiz), quiz)
                    made += 1
        except (EditionMissing, ContentError, OSError) as error:
            logger.warning("%s %s is not ready to be handed in: %s", course, edition, error)
    return made
