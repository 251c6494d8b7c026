"""What a participant's page asks its own portal for, to report it to the organiser's: ``POST /api/workshop/standing``.

The browser stands between the two portals, since a container can be reached by nobody and asks nobody itself. Each
answer holds what the page is to send (no name in it) and how many steps wait for the trainer; each request may bring
the pace that the organiser's portal told.
"""

from __future__ import annotations

from typing import Any

from isoxa_grading.records.attempts.find import current_enrolments
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Role
from isoxa_grading.workshops import entry_of, held_steps, note_heard, presence_key, standings_of

from ..api.base import ApiHandler
from ..errors import not_found
from ..portal import Portal
from ..routes import Route

__all__ = ["own_report_routes"]

OFFICER = frozenset({Role.OFFICER})
_LONGEST_COURSE, _MOST_STEPS = 80, 1000


def _report(portal: Portal, account_id: int, heard: tuple[str, int | None] | None) -> dict[str, Any]:
    now = portal.clock()
    if heard is not None:
        with writing(portal.engine) as session:
            entry = entry_of(session, account_id)
            if entry is not None:
                note_heard(session, entry.id, *heard, now=now)
    with reading(portal.engine) as session:
        entry = entry_of(session, account_id)
        if entry is None or not entry.class_code:
            return {"report": None, "held": 0}
        person_id = entry.account.person_id
        enrolments = current_enrolments(session, person_id) if person_id is not None else []
        return {
            "report": {
                "kind": "presence",
                "code": entry.class_code,
                "key": presence_key(entry),
                "courses": standings_of(session, entry),
            },
            "held": sum(len(held_steps(session, one, now)) for one in enrolments),
        }


class StandingHandler(ApiHandler):
    """There is such an address only in a hall that names its organiser's portal."""

    async def admit(self) -> None:
        await super().admit()
        if not self.reports_to:
            raise not_found()

    async def post(self) -> None:
        heard = self.heard(self.body().get("heard"))
        answer = await self.run(_report, self.portal, self.me.account_id, heard)
        self.write_json({**answer, "to": self.reports_to})

    def heard(self, said: Any) -> tuple[str, int | None] | None:
        """The course and its pace; None: nothing was told."""
        if said is None:
            return None
        if not isinstance(said, dict):
            raise self.malformed()
        course, steps = self.text(said, "course"), said.get("open_steps")
        if len(course) > _LONGEST_COURSE or not (
            steps is None or (type(steps) is int and 0 < steps < _MOST_STEPS)
        ):
            raise self.malformed()
        return course, steps


def own_report_routes() -> list[Route]:
    """One's own, in a hall."""
    return [Route(r"/api/workshop/standing", StandingHandler, OFFICER, "api")]
