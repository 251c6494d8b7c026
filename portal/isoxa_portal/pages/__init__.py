"""The portal's pages: server-rendered, readable without JavaScript, one module an area."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..routes import Route

__all__ = ["page_routes"]


def page_routes() -> list[Route]:
    """Every page with who may open it."""
    from .table import pages

    return pages()
