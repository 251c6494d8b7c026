"""The page of a Word file as Nghị định 30/2020/NĐ-CP, Phụ lục I, asks: paper, margins, letters, lines and tables.

A4; margins 20 mm above and below, 30 mm left, 15 mm right; Times New Roman 14, tables 12; page numbers at the top
centre from the second page on. What stands on the page is the business of ``docx_writer`` and ``official_letter``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

import docx
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph
from isoxa_courses.documents import Table
from isoxa_courses.text import clean

from .fixed_zip import repacked

__all__ = [
    "ALIGN", "add_grid", "add_table", "body_paragraph", "centred", "line_across", "new_word", "row_property",
    "save_word",
    "write_text",
]  # fmt: skip

FONT = "Times New Roman"
_EMU_A_TWENTIETH = 635
"""English metric units in a twentieth of a point, in which Word keeps widths."""
_PAGE = (Mm(210), Mm(297))
_NARROWEST = Mm(14)
_NOT_NEEDED = frozenset({"thumbnail", "customXml", "stylesWithEffects"})
_STYLES = frozenset(
    {"Normal", "DefaultParagraphFont", "NoList", "TableNormal", "TableGrid", "Header", "HeaderChar"}
)
_LEFT, _RIGHT, _ABOVE, _BELOW = Mm(30), Mm(15), Mm(20), Mm(20)


def new_word(*, landscape: bool = False) -> tuple[Word, int]:
    """An empty file with the decree's page and letters, and the width of its text in EMU."""
    short, long = _PAGE
    return docx.Document(io.BytesIO(_empty(landscape))), (long if landscape else short) - _LEFT - _RIGHT


@cache
def _empty(landscape: bool) -> bytes:
    """The page without a word on it; made once, since the library's own template is large and slow to read."""
    word = docx.Document()
    _styles(word)
    _page(word, landscape)
    for owner in (word.part, word.part.package):
        for name, relation in list(owner.rels.items()):
            if relation.reltype.rpartition("/")[2] in _NOT_NEEDED:
                del owner.rels[name]
    for style in list(word.styles.element):
        if style.tag == qn("w:style") and style.get(qn("w:styleId")) not in _STYLES:
            word.styles.element.remove(style)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def save_word(word: Word, stream: BinaryIO, *, title: str, saved_at: datetime) -> None:
    """Write the file; ``saved_at`` becomes its date, so that the same content gives the same bytes."""
    properties = word.core_properties
    properties.title = title
    properties.author = ""
    properties.language = "vi-VN"
    properties.created = properties.modified = saved_at.replace(tzinfo=None, microsecond=0)
    made = io.BytesIO()
    word.save(made)
    stream.write(repacked(made.getvalue()))


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


def _page(word: Word, landscape: bool) -> None:
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


def centred(
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
        line_across(cell.add_paragraph(), rule, int(cell.width or 0))


def line_across(paragraph: Paragraph, share: float, width: int) -> None:
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


def body_paragraph(word: Word) -> Paragraph:
    """An empty paragraph of running text: justified, its first line indented."""
    paragraph = word.add_paragraph()
    paragraph.alignment = ALIGN.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Mm(10)
    return paragraph


def write_text(paragraph: Paragraph, text: str) -> None:
    """Text with its line breaks."""
    first, *rest = clean(text, lines=True).split("\n") or [""]
    run = paragraph.add_run(first)
    for line in rest:
        run.add_break()
        run = paragraph.add_run(line)


def add_table(word: Word, block: Table, width: int) -> None:
    """A table with its caption; its heading is repeated on every page."""
    if block.caption:
        caption = word.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        caption.add_run(clean(block.caption)).italic = True
    table = add_grid(word, tuple(column.width for column in block.columns), width, rows=1, style="Table Grid")
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _cell(cell, column.title, bold=True, align=ALIGN.CENTER)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", "EDEDED")):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
    row_property(table.rows[0], "w:tblHeader")
    widths = [int(column.width or 0) for column in table.columns]
    for row in _rows(block, widths):
        table._tbl.append(row)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def _rows(block: Table, widths: Sequence[int]) -> Iterable[Any]:
    """The rows' elements, from one text: cell by cell through the library took most of the time."""
    sides = ["left" if column.kind == "text" else "center" for column in block.columns]
    # A row is read as one; a page break inside it parts a risk from its treatment.
    rows = (
        "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
        + "".join(_cell_xml(*one) for one in zip(values, sides, widths, strict=True))
        + "</w:tr>"
        for values in block.rows
    )
    return list(parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(rows)}</w:tbl>"))


def _cell_xml(text: str, side: str, width: int) -> str:
    runs = "<w:r><w:br/></w:r>".join(
        f'<w:r><w:rPr><w:sz w:val="24"/></w:rPr><w:t xml:space="preserve">{escape(line)}</w:t></w:r>'
        for line in clean(text, lines=True).split("\n")
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width // _EMU_A_TWENTIETH}"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:after="0"/><w:jc w:val="{side}"/></w:pPr>{runs}</w:p></w:tc>'
    )


def row_property(row: Any, name: str) -> None:
    """Set a yes-or-no property of a row, such as ``w:cantSplit``."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _cell(cell: Cell, text: str, *, bold: bool = False, align: ALIGN) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)
    write_text(paragraph, text)
    for run in paragraph.runs:
        run.font.size = Pt(12)
        run.bold = bold


def add_grid(
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
