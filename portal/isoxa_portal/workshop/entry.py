"""The door of a hall: name, commune, role. No account is asked for; an ordinary one is made underneath."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.signin import start_session
from isoxa_grading.records.tables import CourseEdition, Unit, UnitKind, WorkshopEntry
from isoxa_grading.workshops import (
    Entry,
    EntryRefused,
    Namesake,
    ReturnRefused,
    chosen_unit,
    join,
    namesakes,
    return_as,
)
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from ..errors import PortalError, not_found
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..identity import COOKIE
from ..pages.enrolment_base import quality_roles
from ..portal import Portal
from ..routes import Route

__all__ = ["HallHandler", "entry_pages"]

_DAYS = 2
_LONGEST = 400
_FIELDS = ("full_name", "unit", "quality_role", "position", "staff_code", "class_code", "return_code")


class HallHandler(PortalHandler):
    """A page that there is only in a hall."""

    async def prepare(self) -> None:
        await super().prepare()
        if not self._finished and not self.portal.settings.workshop:
            raise not_found()


@dataclass
class _Form:
    """What was typed, what is wrong with it, and what is to be chosen among."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    units: tuple[tuple[int, str], ...] = ()
    same: tuple[Namesake, ...] = ()
    who: str = ""


class EntryHandler(HallHandler):
    """ "Vào lớp"."""

    async def get(self) -> None:
        if self.signed_in is not None:
            self.redirect(self.return_link() or self.home_link())
            return
        self.show(
            _Form(dict.fromkeys(_FIELDS, "")), said_goodbye=self.get_query_argument("da-thoat", "") == "1"
        )

    async def post(self) -> None:
        form = _Form({name: self.get_body_argument(name, "")[:_LONGEST] for name in _FIELDS})
        form.who = self.get_body_argument("la_ai", "")
        chosen = self.get_body_argument("unit_id", "")
        unit_id = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else None
        token, course = await self.run(self.let_in, form, unit_id)
        if token is None:
            self.set_status(400)
            self.show(form)
            return
        await self.take_sign_in(token)
        # A browser that is closed in the middle finds its work again while this place lives.
        self.set_cookie(
            COOKIE, token, path=self.portal.base, httponly=True, samesite="Lax", expires_days=_DAYS,
            secure=self.portal.settings.cookie_secure,
        )  # fmt: skip
        home = self.portal.url(f"khoa-hoc/{course}" if course else "khoa-hoc")
        self.redirect(self.return_link() or home, status=303)

    def let_in(self, form: _Form, unit_id: int | None) -> tuple[str | None, str | None]:
        """A sign-in's token, and the course if there is just one; or no token, and why in ``form``."""
        portal = self.portal
        with writing(portal.engine) as session:
            try:
                entry = _come_in(session, form, unit_id, portal, self.request.remote_ip or "")
            except EntryRefused as refused:
                form.errors[refused.field] = str(refused)
                form.units = refused.candidates
                # That somebody tried a wrong code is kept, to slow down whoever guesses.
                if not isinstance(refused, ReturnRefused):
                    session.rollback()
                return None, None
            if entry is None:
                session.rollback()
                return None, None
            token = start_session(
                session,
                entry.account,
                portal.clock(),
                self.request.headers.get("User-Agent", "")[:200],
                self.request.remote_ip or "",
                limits=portal.limits,
            )
            courses = session.scalars(select(CourseEdition.course).distinct()).all()
        return token, courses[0] if len(courses) == 1 else None

    def show(self, form: _Form, said_goodbye: bool = False) -> None:
        # Whoever is asked who they are, or which unit they mean, has that to answer first.
        order = ("full_name", "unit", "la_ai", "return_code", "position", "class_code", "")
        self.render_page(
            "workshop_entry.html",
            form=form,
            errors={name: form.errors[name] for name in order if name in form.errors},
            roles=[
                ("", _("Chọn vai trò")),
                *((value, words) for value, _slug, words in quality_roles()[:-1]),
            ],
            came_for=self.return_link(),
            said_goodbye=said_goodbye,
            place=None,
        )

    def write_portal_error(self, error: PortalError) -> None:
        """A page left open too long is shown anew, with what was typed."""
        if error.code != "xsrf":
            super().write_portal_error(error)
            return
        values = {name: self.get_body_argument(name, "")[:_LONGEST] for name in _FIELDS}
        self.show(_Form(values, {"": error.message}))


def _come_in(
    session: Session, form: _Form, unit_id: int | None, portal: Portal, address: str
) -> WorkshopEntry | None:
    """Who comes in; None if they are to say first who they are. Raises `EntryRefused`."""
    values = form.values
    unit = chosen_unit(session, values["unit"], unit_id)
    same = namesakes(session, values["full_name"], unit)
    if same and form.who != "khac":
        form.same = tuple(same)
        if form.who == "toi":
            code, now = values["return_code"], portal.clock()
            return return_as(session, values["full_name"], unit, code, address=address, now=now)
        form.errors["la_ai"] = _("Ở đơn vị này đã có người cùng họ tên vào lớp. Anh/chị cho biết mình là ai.")
        return None
    form.same = tuple(same)
    entry = Entry(
        values["full_name"],
        values["position"],
        values["quality_role"],
        values["staff_code"],
        values["class_code"],
    )
    return join(session, entry, unit, apart=bool(same), now=portal.clock())


class UnitsHandler(HallHandler):
    """Every commune of today by province, for the search field: asked for once, looked through in the browser."""

    async def get(self) -> None:
        content = await self.run(_units, self.portal)
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self.set_header("Cache-Control", "private, max-age=3600")
        self.finish(content)


@lru_cache(maxsize=4)
def _listed(rows: tuple[tuple[str, str, int, str], ...]) -> str:
    provinces: dict[str, dict[str, Any]] = {}
    for province, type_word, unit_id, name in rows:
        place = provinces.setdefault(province, {"name": f"{type_word} {province}", "units": []})
        place["units"].append([unit_id, name])
    return json.dumps({"provinces": list(provinces.values())}, ensure_ascii=False, separators=(",", ":"))


def _units(portal: Portal) -> str:
    above = aliased(Unit)
    query = (
        select(above.short_name, above.type_word, Unit.id, Unit.name)
        .join(above, above.id == Unit.parent_id)
        .where(Unit.kind == UnitKind.COMMUNE, Unit.valid_to.is_(None))
        .order_by(above.sort_key, Unit.sort_key, Unit.id)
    )
    with reading(portal.engine) as session:
        return _listed(tuple(tuple(row) for row in session.execute(query)))


def entry_pages() -> list[Route]:
    """The door and its list of communes; open to anyone, in a hall."""
    return [
        Route(r"/vao-lop", EntryHandler, None, "page"),
        Route(r"/vao-lop/don-vi\.json", UnitsHandler, None, "file"),
    ]
