"""An official letter (công văn) as a Word file: the form of Nghị định 30/2020/NĐ-CP, Phụ lục I and III (mẫu 1.5).

On the left the superior office, the issuing office with its line, the number and trích yếu ("V/v …", 12 points); on
the right the motto with its line, place and date. No title. "Kính gửi", the paragraphs, the last one closed by "./.",
then "Nơi nhận" on the left and the office of who signs on the right. Number and day are left open: they are given when
the letter is signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from docx.document import Document as Word
from docx.shared import Pt
from docx.table import _Cell as Cell
from isoxa_courses.documents import Table
from isoxa_courses.text import clean

from .docx_layout import (
    ALIGN,
    add_grid,
    add_table,
    body_paragraph,
    centred,
    new_word,
    row_property,
    save_word,
)
from .letterhead import MOTTO, Letterhead

__all__ = ["OfficialPaper", "write_official_letter"]

END_MARK = "./."


@dataclass(frozen=True)
class OfficialPaper:
    """A letter ready to be printed. ``superior``: the office above the issuing one, or ''.

    ``body``: paragraphs, and the table where it stands among them. ``signer``: lines of the office of who signs.
    ``recipients``: "Nơi nhận", line by line, without the dash.
    """

    letterhead: Letterhead
    superior: str
    about: str
    to: str
    body: tuple[str | Table, ...]
    signer: tuple[str, ...]
    recipients: tuple[str, ...]


def write_official_letter(paper: OfficialPaper, stream: BinaryIO, *, saved_at: datetime) -> None:
    """Write the letter to ``stream``; ``saved_at`` becomes the file's date, so the same letter gives the same bytes."""
    word, width = new_word()
    _head(word, paper, width)
    _addressee(word, paper.to)
    _body(word, paper.body, width)
    _foot(word, paper, width)
    save_word(word, stream, title=f"V/v {paper.about}", saved_at=saved_at)


def _head(word: Word, paper: OfficialPaper, width: int) -> None:
    left, right = add_grid(word, (42, 58), width, rows=1).rows[0].cells
    if paper.superior:
        centred(left, (paper.superior,), size=12)
    centred(left, paper.letterhead.issuer, bold=True, size=13, rule=0.35, more=bool(paper.superior))
    centred(left, ("Số: ……/……",), size=13, more=True)
    centred(left, (f"V/v {paper.about}",), size=12, more=True)
    centred(right, MOTTO[:1], bold=True, size=12)
    centred(right, MOTTO[1:], bold=True, size=13, rule=0.62, more=True)
    centred(right, (paper.letterhead.dateline,), italic=True, size=13, more=True)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _addressee(word: Word, to: str) -> None:
    paragraph = word.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    paragraph.paragraph_format.space_after = Pt(12)
    paragraph.add_run(f"Kính gửi: {clean(to)}")


def _body(word: Word, body: tuple[str | Table, ...], width: int) -> None:
    last = max((place for place, block in enumerate(body) if isinstance(block, str)), default=-1)
    for place, block in enumerate(body):
        if isinstance(block, Table):
            add_table(word, block, width)
            continue
        text = clean(block)
        paragraph = body_paragraph(word)
        paragraph.add_run(text.rstrip(" .") + END_MARK if place == last else text)
        # Who signs never stands on a page alone.
        paragraph.paragraph_format.keep_with_next = place == last


def _foot(word: Word, paper: OfficialPaper, width: int) -> None:
    row = add_grid(word, (50, 50), width, rows=1).rows[0]
    left, right = row.cells
    _recipients(left, paper.recipients)
    centred(right, paper.signer, bold=True, size=14)
    for _line in range(3):
        right.add_paragraph().paragraph_format.space_after = Pt(0)
    row_property(row, "w:cantSplit")


def _recipients(cell: Cell, recipients: tuple[str, ...]) -> None:
    head = cell.paragraphs[0]
    head.paragraph_format.space_after = Pt(0)
    run = head.add_run("Nơi nhận:")
    run.bold = run.italic = True
    run.font.size = Pt(12)
    for place, line in enumerate(recipients):
        paragraph = cell.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        end = "." if place == len(recipients) - 1 else ";"
        paragraph.add_run(f"- {clean(line)}{end}").font.size = Pt(11)
