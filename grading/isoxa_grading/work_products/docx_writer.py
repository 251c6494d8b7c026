"""A document as a Word file, laid out as Nghị định 30/2020/NĐ-CP, Phụ lục I, asks of administrative documents.

A4; margins 20 mm above and below, 30 mm left, 15 mm right; Times New Roman 14, tables 12; the issuing office and the
national motto side by side, each with its line below; place and date in italics; title and trích yếu in bold, centred;
page numbers at the top centre from the second page on; places to sign with the role in bold capitals.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, BinaryIO

import docx
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph
from isoxa_courses.documents import Block, Document, Fields, Heading, Signature, Table, Text
from isoxa_courses.text import clean

from .letterhead import MOTTO, Letterhead

FONT = "Times New Roman"
_DOTS = "…" * 20
_PAGE = (Mm(210), Mm(297))
_NARROWEST = Mm(14)
_LEFT, _RIGHT, _ABOVE, _BELOW = Mm(30), Mm(15), Mm(20), Mm(20)


def write_docx(document: Document, letterhead: Letterhead, stream: BinaryIO, *, saved_at: datetime) -> None:
    """Write the document to ``stream``; ``saved_at`` becomes the file's date, so the same work gives the same text."""
    word = docx.Document()
    _styles(word)
    width = _page(word, document.landscape)
    _head(word, letterhead, width)
    _title(word, document, width)
    for block in document.blocks:
        _block(word, block, width)
    _signatures(word, document.signatures, width)
    properties = word.core_properties
    properties.title = f"{document.title} – {document.about}"
    properties.author = ""
    properties.language = "vi-VN"
    properties.created = properties.modified = saved_at.replace(tzinfo=None, microsecond=0)
    word.save(stream)


def _styles(word: Word) -> None:
    normal = word.styles["Normal"]
    normal.font.name = FONT
    normal.font.size = Pt(14)
    # Word takes the font of Vietnamese letters from these, not from font.name alone.
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.space_before = Pt(0)


def _page(word: Word, landscape: bool) -> int:
    """Set the page up; returns the width of the text in EMU."""
    section = word.sections[0]
    short, long = _PAGE
    section.page_width, section.page_height = (long, short) if landscape else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin, section.right_margin = _LEFT, _RIGHT
    section.top_margin, section.bottom_margin = _ABOVE, _BELOW
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    _field(number, "PAGE")
    return (long if landscape else short) - _LEFT - _RIGHT


def _field(paragraph: Paragraph, instruction: str) -> None:
    """A field that Word fills in, such as the page's number."""
    for kind, text in (("begin", None), (None, instruction), ("end", None)):
        run = paragraph.add_run()
        if kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _head(word: Word, letterhead: Letterhead, width: int) -> None:
    table = _grid(word, (40, 60), width, rows=1)
    left, right = table.rows[0].cells
    _lines(left, letterhead.issuer, bold=True, size=13, rule=0.35)
    _lines(left, ("Số: ……/……",), size=13, more=True)
    _lines(right, MOTTO[:1], bold=True, size=12)
    _lines(right, MOTTO[1:], bold=True, size=13, rule=0.62, more=True)
    _lines(right, (letterhead.dateline,), italic=True, size=13, more=True)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _lines(
    cell: Cell,
    lines: Iterable[str],
    *,
    bold: bool = False,
    italic: bool = False,
    size: int,
    rule: float = 0,
    more: bool = False,
) -> None:
    """Centred lines in a cell; ``rule``: a line below them of this share of the cell's width."""
    paragraph: Paragraph | None = None
    for index, line in enumerate(lines):
        paragraph = cell.add_paragraph() if more or index else cell.paragraphs[0]
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(clean(line))
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    if rule and paragraph is not None:
        _rule(cell.add_paragraph(), rule, int(cell.width or 0))


def _rule(paragraph: Paragraph, share: float, width: int) -> None:
    """A line across the middle ``share`` of the width: an empty paragraph with a border above and indents."""
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = Pt(6)
    indent = int(width * (1 - share) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)


def _title(word: Word, document: Document, width: int) -> None:
    for text, after in ((document.title, 0), (document.about, 2)):
        if not clean(text):
            continue
        paragraph = word.add_paragraph()
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.space_after = Pt(after)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(clean(text)).bold = True
    _rule(word.add_paragraph(), 0.2, width)


def _block(word: Word, block: Block, width: int) -> None:
    if isinstance(block, Heading):
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(6)
        paragraph.add_run(clean(block.text)).bold = True
    elif isinstance(block, Text):
        for part in clean(block.text, lines=True).split("\n"):
            _body(word).add_run(part)
    elif isinstance(block, Fields):
        for label, value in block.rows:
            paragraph = _body(word)
            paragraph.add_run(f"{clean(label).rstrip(':')}: ").bold = True
            # Justified, a line that ends in dots or a break would be torn apart.
            paragraph.alignment = ALIGN.LEFT
            _write(paragraph, value or _DOTS)
    else:
        _table(word, block, width)


def _body(word: Word) -> Paragraph:
    paragraph = word.add_paragraph()
    paragraph.alignment = ALIGN.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    return paragraph


def _write(paragraph: Paragraph, text: str) -> None:
    """Text with its line breaks."""
    first, *rest = clean(text, lines=True).split("\n") or [""]
    run = paragraph.add_run(first)
    for line in rest:
        run.add_break()
        run = paragraph.add_run(line)


def _table(word: Word, block: Table, width: int) -> None:
    if block.caption:
        caption = word.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        caption.add_run(clean(block.caption)).italic = True
    table = _grid(word, tuple(column.width for column in block.columns), width, rows=1, style="Table Grid")
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _cell(cell, column.title, bold=True, align=ALIGN.CENTER)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEDED")):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
    _row_property(table.rows[0], "w:tblHeader")
    for values in block.rows:
        row = table.add_row()  # type: ignore[no-untyped-call]
        # A row is read as one; a page break inside it parts a risk from its treatment.
        _row_property(row, "w:cantSplit")
        for cell, column, value in zip(row.cells, block.columns, values, strict=True):
            _cell(cell, value, align=ALIGN.LEFT if column.kind == "text" else ALIGN.CENTER)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _row_property(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _cell(cell: Cell, text: str, *, bold: bool = False, align: ALIGN) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)
    _write(paragraph, text)
    for run in paragraph.runs:
        run.font.size = Pt(12)
        run.bold = bold


def _grid(
    word: Word, shares: tuple[int, ...], width: int, *, rows: int, style: str | None = None
) -> WordTable:
    """A table over the full width, its columns by ``shares``."""
    table: WordTable = word.add_table(rows=rows, cols=len(shares), style=style)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, wide in zip(table.columns, _widths(shares, width), strict=True):
        column.width = wide
        for cell in column.cells:
            cell.width = wide
    return table


def _widths(shares: tuple[int, ...], width: int) -> list[int]:
    """The columns' widths; none narrower than "STT" needs, which the wider ones pay for."""
    total = sum(shares)
    wanted = [max(width * share / total, min(int(_NARROWEST), width / len(shares))) for share in shares]
    spare = [max(one - _NARROWEST, 0.0) for one in wanted]
    over = sum(wanted) - width
    return [int(one - over * left / (sum(spare) or 1)) for one, left in zip(wanted, spare, strict=True)]


def _signatures(word: Word, signatures: tuple[Signature, ...], width: int) -> None:
    """The last to sign stands on the right; room for the hand between role and name."""
    if not signatures:
        return
    table = _grid(word, (1,) * max(2, len(signatures)), width, rows=1)
    cells = table.rows[0].cells[-len(signatures) :]
    for cell, signature in zip(cells, signatures, strict=True):
        _lines(cell, (signature.role.upper(),), bold=True, size=13)
        _lines(cell, ("(Ký, ghi rõ họ tên)",), italic=True, size=12, more=True)
        for _line in range(3):
            cell.add_paragraph().paragraph_format.space_after = Pt(0)
        _lines(cell, (signature.name,), bold=True, size=13, more=True)
    _row_property(table.rows[0], "w:cantSplit")
