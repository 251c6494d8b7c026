"""Work products: what officers made with the lessons' tools, as documents their commune can use.

A work product is the saved state of a tool, read as documents (`isoxa_courses.documents`); nothing is stored twice.
"""

from .docx_writer import write_docx
from .letterhead import Letterhead, letterhead_of
from .official_letter import OfficialPaper, write_official_letter
from .products import (
    MadeDocument,
    NoDocument,
    WorkProduct,
    made_document,
    product_of,
    products_of,
    products_of_enrolments,
    products_within,
    with_head,
)
from .xlsx_writer import write_xlsx

__all__ = [
    "Letterhead",
    "MadeDocument",
    "NoDocument",
    "OfficialPaper",
    "WorkProduct",
    "letterhead_of",
    "made_document",
    "product_of",
    "products_of",
    "products_of_enrolments",
    "products_within",
    "with_head",
    "write_docx",
    "write_official_letter",
    "write_xlsx",
]
