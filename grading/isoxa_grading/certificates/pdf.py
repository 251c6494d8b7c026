"""The page of a certificate: typst sets it, segno makes the QR code.

The face goes to typst as one JSON string (``sys.inputs``), so nothing in a name can be read as mark-up. Fonts are those
that come with typst, and no date is taken from the clock: the same face gives the same bytes.
"""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import segno
import typst

from .face import Face

__all__ = ["certificate_pdf"]

_TEMPLATE = Path(__file__).with_name("certificate.typ")


def certificate_pdf(face: Face) -> bytes:
    """The page as PDF, not signed yet; about 30 ms."""
    data = {
        **face.printed(),
        "qr": _qr(face.url or face.number),
        "qr_words": f"Mã QR: {face.url or face.number}",
    }
    made = typst.compile(
        _template(), ignore_system_fonts=True, sys_inputs={"data": json.dumps(data)}, pdf_standards=["ua-1"]
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def _qr(content: str) -> str:
    """Level M: still read with 15 % of it soiled; four modules of quiet around it (ISO/IEC 18004)."""
    out = io.BytesIO()
    segno.make(content, error="m", micro=False).save(out, kind="svg", border=4, xmldecl=False, dark="#16283f")
    return out.getvalue().decode("ascii")
