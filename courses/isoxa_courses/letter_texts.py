"""Texts with named fields in braces, such as ``{ho_ten}``: what the letters of ``letters/`` have in common.

Nothing but the fields is read in a text, and what is put in is never read for fields again. A line whose field has no
value is left out whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from .fields import refusal

__all__ = ["LETTERS", "check_fields", "fields_in", "fill", "fill_line"]

LETTERS = "letters"
"""The folder of a course's letters."""

_FIELD = re.compile(r"\{([^{}\n]*)\}")


def fields_in(text: str) -> list[str]:
    """The names in braces, in order."""
    return _FIELD.findall(text)


def check_fields(text: str, known: Collection[str], *at: str | int) -> None:
    """Refuse a field that is none of ``known``, and a brace that stands alone; ``at``: where the text stands."""
    for name in fields_in(text):
        if name not in known:
            usable = ", ".join(f"{{{field}}}" for field in known)
            raise refusal(f"Không có ô “{{{name}}}”. Các ô dùng được: {usable}.", *at)
    alone = _FIELD.sub("", text)
    if "{" in alone or "}" in alone:
        example = next(iter(known), "khoa_hoc")
        raise refusal(f"Dấu {{ hoặc }} lẻ. Ô điền viết như {{{example}}}.", *at)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in, without the lines whose field is empty; at most one blank line in a row."""
    lines = [line for line in text.splitlines() if all(values[name] for name in fields_in(line))]
    return re.sub(r"\n{3,}", "\n\n", fill_line("\n".join(lines), values)).strip()


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled in, empty or not."""
    return _FIELD.sub(lambda match: values[match[1]], text)
