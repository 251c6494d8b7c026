"""The command tree, and the one place where an error becomes a sentence and an exit code."""

from __future__ import annotations

import errno
import sys

import typer

from .accounts import accounts
from .assignments import add_assignment, add_submission, due_assignment, grade_assignment
from .authoring import copy, new_lesson
from .certificate import certificate
from .common import complaint
from .course import course
from .demo import demo
from .enrol import enrol, remind
from .evidence import evidence
from .lab import lab
from .maintenance import backup, doctor, grade, init
from .report import report
from .roster import roster
from .serve import serve
from .units import units
from .workshop import workshop

app = typer.Typer(
    name="isoxa",
    help="ISO xã: lớp học và tự đánh giá TCVN ISO 9001:2015 cho cán bộ, công chức cấp xã.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(init)
app.command()(demo)
app.command()(serve)
app.command()(lab)
for command in (copy, new_lesson, add_assignment, due_assignment, add_submission, grade_assignment):
    course.command()(command)
app.add_typer(course, name="course")
app.add_typer(roster, name="roster")
app.add_typer(accounts, name="account")
app.add_typer(units, name="unit")
app.add_typer(certificate, name="certificate")
app.add_typer(workshop, name="workshop")
app.command()(grade)
app.command()(enrol)
app.command()(remind)
app.command()(report)
app.command()(evidence)
app.command()(backup)
app.command()(doctor)


def main() -> None:
    """Run the command line; never shows a traceback for what a user can mend."""
    try:
        app()
    except Exception as error:
        message = user_message(error)
        if message is None:
            raise
        complaint(message)
        sys.exit(1)


def user_message(error: Exception) -> str | None:
    """What to tell the user of an error they can mend; None for a fault of the program."""
    from isoxa_courses.errors import ContentError
    from isoxa_grading.certificates import CertificateProblem, NotANumber
    from isoxa_grading.nbgrader_bridge import BuildError
    from isoxa_grading.nbgrader_bridge.sandbox import AssignmentRefused
    from isoxa_grading.records.accounts import AccountRefused
    from isoxa_grading.records.data_folder import DataFolderError
    from isoxa_grading.records.database import DatabaseProblem
    from isoxa_grading.records.enrolments import EditionChanged
    from isoxa_grading.records.passwords import PasswordRefused
    from isoxa_grading.records.roster import RosterError

    from ..errors import CannotServe
    from .common import UserError

    if isinstance(error, ContentError):
        return "\n".join(str(problem) for problem in error.problems)
    known = (
        UserError,
        AccountRefused,
        PasswordRefused,
        CannotServe,
        CertificateProblem,
        NotANumber,
        AssignmentRefused,
        BuildError,
        DataFolderError,
        DatabaseProblem,
        EditionChanged,
        RosterError,
    )
    if isinstance(error, known):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "Ổ đĩa đã đầy nên chưa ghi xong. Hãy giải phóng dung lượng rồi chạy lại lệnh này."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return None
