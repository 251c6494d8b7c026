"""A document as a Word file, laid out as Nghị định 30/2020/NĐ-CP, Phụ lục I, asks of administrative documents.

The issuing office and the national motto side by side, each with its line below; place and date in italics; title and
trích yếu in bold, centred; places to sign with the role in bold capitals. The page itself is ``docx_layout``'s.
"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from docx.document import Document as Word
from docx.shared import Pt
from isoxa_courses.documents import Block, Document, Fields, Heading, Signature, Text
from isoxa_courses.text import clean

from .docx_layout import (
    ALIGN,
    add_grid,
    add_table,
    body_paragraph,
    centred,
    line_across,
    new_word,
    row_property,
    save_word,
    write_text,
)  # fmt: skip
from .letterhead import MOTTO, Letterhead

_DOTS = "…" * 20


def write_docx(document: Document, letterhead: Letterhead, stream: BinaryIO, *, saved_at: datetime) -> None:
    """Write the document to ``stream``; ``saved_at`` becomes the file's date, so the same work gives the same bytes."""
    word, width = new_word(landscape=document.landscape)
    _head(word, letterhead, width)
    _title(word, document, width)
    for block in document.blocks:
        _block(word, block, width)
    _signatures(word, document.signatures, width)
    save_word(word, stream, title=f"{document.title} – {document.about}", saved_at=saved_at)


def _head(word: Word, letterhead: Letterhead, width: int) -> None:
    table = add_grid(word, (40, 60), width, rows=1)
    left, right = table.rows[0].cells
    centred(left, letterhead.issuer, bold=True, size=13, rule=0.35)
    centred(left, ("Số: ……/……",), size=13, more=True)
    centred(right, MOTTO[:1], bold=True, size=12)
    centred(right, MOTTO[1:], bold=True, size=13, rule=0.62, more=True)
    centred(right, (letterhead.dateline,), italic=True, size=13, more=True)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _title(word: Word, document: Document, width: int) -> None:
    for text, after in ((document.title, 0), (document.about, 2)):
        if not clean(text):
            continue
        paragraph = word.add_paragraph()
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_after = Pt(after)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(clean(text)).bold = True
    line_across(word.add_paragraph(), 0.2, width)


def _block(word: Word, block: Block, width: int) -> None:
    if isinstance(block, Heading):
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(6)
        paragraph.add_run(clean(block.text)).bold = True
    elif isinstance(block, Text):
        for part in clean(block.text, lines=True).split("\n"):
            body_paragraph(word).add_run(part)
    elif isinstance(block, Fields):
        for label, value in block.rows:
            paragraph = body_paragraph(word)
            paragraph.add_run(f"{clean(label).rstrip(':')}: ").bold = True
            # Justified, a line that ends in dots or a break would be torn apart.
            paragraph.alignment = ALIGN.LEFT
            write_text(paragraph, value or _DOTS)
    else:
        add_table(word, block, width)


def _signatures(word: Word, signatures: tuple[Signature, ...], width: int) -> None:
    """The last to sign stands on the right; room for the hand between role and name."""
    if not signatures:
        return
    table = add_grid(word, (1,) * max(2, len(signatures)), width, rows=1)
    cells = table.rows[0].cells[-len(signatures) :]
    for cell, signature in zip(cells, signatures, strict=True):
        centred(cell, (signature.role.upper(),), bold=True, size=13)
        centred(cell, ("(Ký, ghi rõ họ tên)",), italic=True, size=12, more=True)
        for _line in range(3):
            cell.add_paragraph().paragraph_format.space_after = Pt(0)
        centred(cell, (signature.name,), bold=True, size=13, more=True)
    row_property(table.rows[0], "w:cantSplit")
