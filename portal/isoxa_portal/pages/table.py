"""Every page of the portal but lessons and quizzes, area by area."""

from __future__ import annotations

from ..routes import Route
from .accounts import account_pages
from .admin import admin_pages
from .grading import grading_pages
from .login import login_pages
from .officer import officer_pages
from .report import report_pages
from .roster import roster_pages

__all__ = ["pages"]


def pages() -> list[Route]:
    """The routes, each with who may open it."""
    return [
        *login_pages(),
        *officer_pages(),
        *report_pages(),
        *grading_pages(),
        *admin_pages(),
        *account_pages(),
        *roster_pages(),
    ]
