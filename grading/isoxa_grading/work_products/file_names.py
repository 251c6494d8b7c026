"""Names of files that every machine takes: ASCII, without diacritics, slashes or spaces, and not too long."""

from __future__ import annotations

import re

from isoxa_courses.text import fold

__all__ = ["ascii_name"]


def ascii_name(text: str, *, longest: int = 60) -> str:
    """``Xã Đạ Tẻh`` → ``xa-da-teh``; ``khong-ten`` where nothing is left."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    return "-".join(words)[:longest].strip("-") or "khong-ten"
