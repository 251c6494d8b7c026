"""How many fields a form may have: Tornado takes a hundred parts and a thousand fields, and answers nothing readable
to more.

A class leader drops the files of a whole class, and the trainer's next page has two fields for each of them.
"""

from __future__ import annotations

from tornado.httputil import (
    ParseBodyConfig,
    ParseMultipartConfig,
    ParseUrlEncodedConfig,
    set_parse_body_config,
)

__all__ = ["MOST_FIELDS", "MOST_PARTS", "set_form_limits"]

MOST_PARTS = 700
"""Files and other fields of a form with files; pages with a lower limit of their own say so."""
MOST_FIELDS = 5000


def set_form_limits() -> None:
    """For every form of this process."""
    set_parse_body_config(
        ParseBodyConfig(
            multipart=ParseMultipartConfig(max_parts=MOST_PARTS),
            urlencoded=ParseUrlEncodedConfig(max_arguments=MOST_FIELDS),
        )
    )
