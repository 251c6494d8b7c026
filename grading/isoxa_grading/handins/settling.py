"""Before grading: every newest version is where nbgrader looks, and nbgrader knows people's names. After an erasure:
nothing of the person's work is left.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping

from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from ..nbgrader_bridge.course_folder import NbgraderFolder, names_for_gradebook, student_name
from ..records.data_folder import DataFolder
from ..records.tables import HandIn, Person
from .files import discard, place_of, put_forward

__all__ = ["remove_forgotten", "settle"]

log = logging.getLogger("isoxa.handins")

_FORGET_COMMENTS = text(
    "update comment set manual_comment = null where notebook_id in ("
    "select sn.id from submitted_notebook sn "
    "join submitted_assignment s on s.id = sn.assignment_id join assignment a on a.id = s.assignment_id "
    "where s.student_id = :student and a.name = :assignment)"
)


def settle(data: DataFolder, session: Session, folder: NbgraderFolder, course: str, assignment: str) -> int:
    """Put forward what a crash left behind, and write names into the gradebook; how many were put forward."""
    newest = (
        select(HandIn.person_id, func.max(HandIn.number).label("number"))
        .where(HandIn.course == course, HandIn.assignment == assignment)
        .group_by(HandIn.person_id)
        .subquery()
    )
    rows = session.execute(
        select(HandIn, Person.full_name)
        .join(newest, (newest.c.person_id == HandIn.person_id) & (newest.c.number == HandIn.number))
        .join(Person, Person.id == HandIn.person_id)
        .where(HandIn.course == course, HandIn.assignment == assignment)
    ).all()
    put = 0
    for hand_in, _name in rows:
        if hand_in.files:
            put += put_forward(data, folder, hand_in)
    if rows:
        try:
            name_students(folder, {student_name(hand_in.person_id): name for hand_in, name in rows})
        except DatabaseError as error:
            # Held by formgrader, say: nobody's marks depend on a name, and the next run writes it.
            log.warning("names are not yet in the gradebook of %s: %s", course, error.orig)
    return put


def name_students(folder: NbgraderFolder, names: Mapping[str, str]) -> None:
    """Write people's names beside their student ids, so that formgrader can show who it is."""
    from ..nbgrader_bridge.gradebook import gradebook_rows

    with gradebook_rows(folder) as rows:
        there = {row.id: row for row in rows.execute(text("select id, first_name, last_name from student"))}
        for student, full_name in names.items():
            given, family = names_for_gradebook(full_name)
            values = {"id": student, "given": given, "family": family}
            if student not in there:
                rows.execute(
                    text("insert into student (id, first_name, last_name) values (:id, :given, :family)"),
                    values,
                )
            elif (there[student].first_name, there[student].last_name) != (given, family):
                rows.execute(
                    text("update student set first_name = :given, last_name = :family where id = :id"), values
                )
        rows.commit()


def remove_forgotten(data: DataFolder, session: Session) -> int:
    """Delete the files of people whose data was erased, everywhere nbgrader has copies; how many versions.

    A gradebook that is held or damaged is tried again the next time (the portal's start).
    """
    erased = session.scalars(
        select(HandIn).join(HandIn.person).where(Person.erased_at.is_not(None)).order_by(HandIn.id)
    ).all()
    left = [one for one in erased if place_of(data, one.id).exists()]
    done = 0
    for one in left:
        folder, student = NbgraderFolder(data.nbgrader(one.course)), student_name(one.person_id)
        for step in ("submitted", "autograded", "feedback"):
            shutil.rmtree(folder.root / step / student / one.assignment, ignore_errors=True)
        (folder.root / "grading_reports" / one.assignment / f"{student}.json").unlink(missing_ok=True)
        try:
            if (folder.root / "gradebook.db").is_file():
                name_students(folder, {student: one.person.full_name})
                _forget_comments(folder, student, one.assignment)
        except DatabaseError as error:
            log.warning("%s is not yet forgotten in the gradebook: %s", student, error.orig)
            continue
        # Last: while it is there, an interrupted erasure is taken up again.
        discard(data, one.id)
        done += 1
    return done


def _forget_comments(folder: NbgraderFolder, student: str, assignment: str) -> None:
    from ..nbgrader_bridge.gradebook import gradebook_rows

    with gradebook_rows(folder) as rows:
        rows.execute(_FORGET_COMMENTS, {"student": student, "assignment": assignment})
        rows.commit()
