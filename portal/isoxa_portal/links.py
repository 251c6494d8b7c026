"""Where login may send a person back to: only a page of this portal, never another host. And the one address of
another host that a page may ask: where a hall reports to its organiser's portal.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

RETURN_FIELD = "tiep"
REPORTS_PATH = "/api/v1/workshops/reports"

# A browser reads a backslash as a slash and drops tabs and line ends, so "/\evil" and "/\t/evil" leave the host.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def safe_return(base: str, link: str | None) -> str | None:
    """``link`` if it is a path under ``base`` on this host, else None."""
    if not link or len(link) > 2000 or _UNSAFE.search(link):
        return None
    if not link.startswith("/") or link.startswith("//"):
        return None
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    if ".." in parts.path.split("/") or not (parts.path.startswith(base) or parts.path == base.rstrip("/")):
        return None
    return link


def organiser_address(organiser: str) -> str:
    """The address that takes a hall's reports on a portal (setting ``organiser``); '' for none."""
    return organiser.rstrip("/") + REPORTS_PATH if organiser else ""
