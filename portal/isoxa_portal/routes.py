"""Every address the portal answers, with who may ask for it: one list, walked by the tests.

Patterns are Python regular expressions below the base path, with named groups whose names say what stands there
(``course``, ``lesson``, ``quiz``, ``attempt``, ``slot``, ``item``, ``kernel_id``, ``name``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Literal

from isoxa_grading.records.tables import Role
from tornado.web import RequestHandler

from .form_limits import set_form_limits

__all__ = ["ALL_ROLES", "Kind", "Route", "routes", "tornado_rules"]

Kind = Literal["page", "api", "file", "kernel"]

ALL_ROLES = frozenset(Role)


@dataclass(frozen=True)
class Route:
    """One address. ``roles`` None: anyone, signed in or not; else any of these roles.

    ``kind`` says how a refusal looks: a page redirects to login, an API and a kernel answer 401/403, a file is public.
    """

    pattern: str
    handler: type[RequestHandler]
    roles: frozenset[Role] | None
    kind: Kind
    arguments: dict[str, Any] = field(default_factory=dict)


def routes() -> list[Route]:
    """API, lessons and quizzes, static files, and the pages."""
    from .api import api_routes, no_such_api
    from .desk_page import desk_page_routes
    from .handlers import NoSuchPage
    from .lesson_metrics import metrics_routes
    from .lesson_pages import lesson_routes
    from .static_files import static_routes

    found = [*api_routes(), *lesson_routes(), *metrics_routes(), *desk_page_routes(), *static_routes()]
    if find_spec(".pages", __package__) is not None:
        from .pages import page_routes

        found += page_routes()
    # The first that fits answers; these fit everything that is left.
    return [*found, no_such_api(), Route(r"/.*", NoSuchPage, None, "page")]


def tornado_rules(found: list[Route], base: str) -> list[tuple[str, type[RequestHandler], dict[str, Any]]]:
    """Tornado's rules for these routes, with and without the base path.

    A proxy passes the prefix on or takes it away (jupyter-server-proxy does either); both reach the same handler.
    What Tornado reads of their forms is set here too.
    """
    set_form_limits()
    prefix = "" if base == "/" else f"(?:{re.escape(base.rstrip('/'))})?"
    return [
        (f"{prefix}{route.pattern}", route.handler, {"roles": route.roles, **route.arguments})
        for route in found
    ]
