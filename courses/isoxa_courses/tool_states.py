"""Reading a tool's saved state, which is JSON of any shape: what makes no sense is nothing, and nothing raises.

A state is kept as the browser sent it, so each tool reads its own through these few functions, in its judge and in its
documents alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from .text import clean, format_date

MOST_RECORDS = 60
"""More than a list of cards on the page can hold."""

_ISO_DAY = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\d")  # "0202-03-31" is a year half typed


def mapping(raw: object) -> Mapping[str, object]:
    """``raw`` if it is a JSON object, else an empty one."""
    return raw if isinstance(raw, dict) else {}


def text_of(raw: object) -> str:
    """A text as it may be shown: cleaned, line breaks kept; empty if ``raw`` is none."""
    return clean(raw, lines=True) if isinstance(raw, str) else ""


def texts_of(raw: object, names: Iterable[str]) -> dict[str, str]:
    """The texts of these names in a JSON object; every name is there."""
    values = mapping(raw)
    return {name: text_of(values.get(name)) for name in names}


def has_words(text: str) -> bool:
    """Whether a text says anything: "-", "…" and "." do not."""
    return any(char.isalnum() for char in text)


def level_of(raw: object, most: int = 5) -> int | None:
    """A level from 1 to ``most``; None if ``raw`` is none."""
    return raw if type(raw) is int and 1 <= raw <= most else None


def day_of(raw: object) -> date | None:
    """A day of an ISO string, such as ``"2027-03-31"``, of the years 1900 to 2199; None if ``raw`` is none."""
    if not isinstance(raw, str) or not _ISO_DAY.fullmatch(raw.strip()):
        return None
    try:
        return date.fromisoformat(raw.strip())
    except ValueError:
        return None


def day_text(raw: object) -> str:
    """The day as Vietnamese documents write it, ``"31/03/2027"``; empty if ``raw`` is no day."""
    day = day_of(raw)
    return "" if day is None else format_date(day)


def records_of(raw: object, most: int = MOST_RECORDS) -> list[Mapping[str, object]]:
    """The objects of a list that have an ``"id"`` of their own (a text), the first of each id, ``most`` at most."""
    found: dict[str, Mapping[str, object]] = {}
    for one in raw if isinstance(raw, list) else ():
        id_ = mapping(one).get("id")
        if isinstance(id_, str) and id_ and len(found) < most:
            found.setdefault(id_, one)
    return list(found.values())
