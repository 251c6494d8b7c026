"""What a participant's page reports to the organiser's portal, and what it was told there: the participant's side.

The report names steps and questions, and nobody. Its key is made of the participant's own by one-way hashing, so that
it is the same in every report and stands in no file. The pace that the organiser's portal answers with holds for some
minutes after it was last heard: where the line breaks, nobody is kept waiting for a trainer who cannot be heard.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from isoxa_courses.manifest import EditionManifest
from sqlalchemy import select
from sqlalchemy.orm import Session

from isoxa_grading.records.attempts.find import current_enrolments
from isoxa_grading.records.tables import Enrolment, WorkshopEntry

from .pacing import steps_of
from .whereabouts import Step, Work, answered_wrong

__all__ = ["note_heard", "presence_key", "standings_of"]

_HEARD_ANEW = timedelta(seconds=60)
_MOST = 50


def presence_key(entry: WorkshopEntry) -> str:
    """The participant's key in reports; 64 hex digits."""
    return hashlib.sha256(f"isoxa workshop presence {entry.key}".encode()).hexdigest()


def standings_of(session: Session, entry: WorkshopEntry) -> dict[str, Any]:
    """Course → what `presence.Standing` takes, of each course this participant is enrolled in."""
    person_id = entry.account.person_id
    enrolments = [] if person_id is None else current_enrolments(session, person_id)
    return {one.edition.course: _standing(session, one) for one in enrolments}


def _standing(session: Session, enrolment: Enrolment) -> dict[str, Any]:
    manifest = EditionManifest.from_json(enrolment.edition.manifest)
    work = Work(session, manifest, [enrolment.id])
    at = work.place(enrolment.id, steps_of(manifest))
    wrong, answered = answered_wrong(session, work.handed_in)
    return {
        "at": None if at is None else _name(at),
        "done": sorted(_name(one) for one in work.done[enrolment.id]),
        "answers": {
            "/".join(question): [min(wrong[question], _MOST), min(count, _MOST)]
            for question, count in answered.items()
        },
    }


def note_heard(
    session: Session, entry_id: int, course: str, open_steps: int | None, *, now: datetime
) -> None:
    """Keep the pace that the participant's page was told; None: the room is led no more."""
    entry = session.scalars(select(WorkshopEntry).where(WorkshopEntry.id == entry_id).with_for_update()).one()
    if open_steps is None:
        entry.heard = None
        return
    before = entry.heard
    same = before is not None and (before["course"], before["open_steps"]) == (course, open_steps)
    if before is None or not same or now - datetime.fromisoformat(before["at"]) > _HEARD_ANEW:
        entry.heard = {"course": course, "open_steps": open_steps, "at": now.isoformat()}


def _name(step: Step) -> str:
    return f"{step[0].value}/{step[1]}"
