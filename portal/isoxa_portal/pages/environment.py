"""The Jinja environment of the portal's pages: escaping on, a missing value is an error, Vietnamese figures and dates.

What every template may count on comes from ``PortalHandler.page_context``. A template that shows where one is
also gets ``place``: a list of (words, address or None).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from isoxa_courses.text import format_date, format_datetime, format_number
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .. import i18n

__all__ = ["TEMPLATES", "day", "number", "page_environment", "percent"]

TEMPLATES = Path(__file__).parent.parent / "templates"


def number(value: Decimal | int, places: int | None = None) -> str:
    """A figure as the reader's language writes it: 1.250 and 98,5 in Vietnamese, 1,250 and 98.5 in English."""
    text = format_number(value, places)
    if i18n.current_language() == "en":
        return text.translate(str.maketrans(".,", ",."))
    return text


def percent(part: Decimal | int, whole: Decimal | int, places: int = 0) -> str:
    """``part`` of ``whole`` as "85 %", rounded half up; an empty whole is "0 %"."""
    share = Decimal(part) * 100 / Decimal(whole) if whole else Decimal(0)
    rounded = share.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{number(rounded)} %"


def day(value: date | datetime | None, missing: str = "") -> str:
    """A day as 21/11/2026, in both languages: the office writes it so."""
    if value is None:
        return missing
    return format_datetime(value).split(" ")[0] if isinstance(value, datetime) else format_date(value)


@cache
def page_environment() -> Environment:
    """One a process, so that a template is compiled once; the language is the one in force when it is rendered."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["languages"] = i18n.LANGUAGES
    environment.filters["number"] = number
    environment.filters["day"] = day
    environment.filters["moment"] = format_datetime
    environment.globals["percent"] = percent
    return environment
