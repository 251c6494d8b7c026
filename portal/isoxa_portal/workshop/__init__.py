"""Workshops on the portal: coming in by name, taking results home, and bringing them in.

In a hall (``isoxa serve --workshop``, or ``workshop = true`` in ``isoxa.toml``): `entry` instead of a login, a banner
on every page, `take_home`. On every portal, for trainers: `classes` (open a workshop, its code for the wall), `screen`
(the room in figures, and its pace) and `bring_in` (drop many files, see what each would do, confirm; between the two
they lie in `uploads`). `folder` is the data folder of a hall, `proxy` how jupyter-server-proxy starts the portal. The
rules are ``isoxa_grading.workshops``.
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
    from .screen import screen_pages
    from .take_home import take_home_pages

    return [*entry_pages(), *take_home_pages(), *class_pages(), *screen_pages(), *bring_in_pages()]
