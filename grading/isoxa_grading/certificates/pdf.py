"""The page of a certificate: typst sets it, segno makes the QR code.

The face goes to typst as one JSON string (``sys.inputs``), so nothing in a name can be read as mark-up. Fonts are those
that come with typst, and no date is taken from the clock: the same face gives the same bytes.
"""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from .face import Face

__all__ = ["certificate_pdf"]

_TEMPLATE = Path(__file__).with_name("certificate.typ")


def certificate_pdf(face: Face) -> bytes:
    """The page as PDF, not signed yet; about 30 ms.

    It keeps to PDF/UA-1, so that a screen reader can read it; only a name with signs that the font lacks (a picture,
    another script) cannot, and is set without that promise, with boxes in their place.
    """
    data = {
        **face.printed(),
        "qr": _qr(face.url or face.number),
        "qr_words": f"Mã QR: {face.url or face.number}",
    }
    inputs = {"data": json.dumps(data)}
    try:
        return _compile(inputs, ["ua-1"])
    except typst.TypstError:
        return _compile(inputs, [])


def _compile(inputs: dict[str, str], standards: list[Any]) -> bytes:
    made = typst.compile(_template(), ignore_system_fonts=True, sys_inputs=inputs, pdf_standards=standards)
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
