"""Workshops on the portal: coming in by name, taking results home, and bringing them in.

In a hall (``isoxa serve --workshop``, or ``workshop = true`` in ``isoxa.toml``): `entry` instead of a login, a banner
on every page, `take_home`. On every portal, for trainers: `classes` (open a workshop, its code for the wall), `screen`
(the room in figures, and its pace) and `bring_in` (drop many files, see what each would do, confirm; between the two
they lie in `uploads`). Between a hall and its organiser's portal: `own_report` (what a page is to report), there
`reports` (the one address that pages of other origins may ask) and `sent_files` (what pages sent). `folder` is the
data folder of a hall, `proxy` how jupyter-server-proxy starts the portal. The rules are ``isoxa_grading.workshops``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..routes import Route

__all__ = ["workshop_pages"]


def workshop_pages() -> list[Route]:
    """Every page of workshops with who may open it."""
    from .bring_in import bring_in_pages
    from .classes import class_pages
    from .entry import entry_pages
    from .own_report import own_report_routes
    from .reports import report_routes
    from .screen import screen_pages
    from .sent_files import sent_file_pages
    from .take_home import take_home_pages

    return [
        *entry_pages(),
        *take_home_pages(),
        *own_report_routes(),
        *class_pages(),
        *screen_pages(),
        *bring_in_pages(),
        *sent_file_pages(),
        *report_routes(),
    ]
