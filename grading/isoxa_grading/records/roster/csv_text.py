"""Opens a CSV as Vietnamese Excel writes it: which encoding, which separator, and the cells.

UTF-8 with or without BOM, UTF-16 with or without BOM, or else Windows-1258, whose tones are marks after their letter
(they are put together when cells are cleaned). A text that Excel saved in an encoding without Vietnamese letters has
question marks in their place, and cannot be read by anyone: it is refused.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter

from .sheets import MOST_COLUMNS, RosterError, Sheet, numbered

__all__ = ["decode", "open_csv"]

_DELIMITERS = ",;\t|"
_LOOKED_AT = 200
_SAVE_AS = "Trong Excel, hãy chọn Tệp → Lưu thành… và chọn loại “Excel Workbook (*.xlsx)” hoặc “CSV UTF-8”."
_LETTERS = frozenset("ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ")


def open_csv(content: bytes, name: str) -> Sheet:
    """The one sheet of a CSV. Raises ``RosterError``."""
    text = decode(content, name)
    text, delimiter = _delimiter(text)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return Sheet(name, numbered((list(row[:MOST_COLUMNS]) for row in reader), name))
    except csv.Error as error:
        raise RosterError(
            f"{name}: tệp CSV không đúng định dạng ở dòng {reader.line_num}, thường do dấu nháy kép mở mà không đóng. "
            f"{_SAVE_AS}"
        ) from error


def decode(content: bytes, name: str) -> str:
    """The text of the file. Raises ``RosterError`` for what is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16", name)
    if b"\0" in content[:4000]:
        even, odd = content[:4000:2].count(0), content[1:4000:2].count(0)
        return _decoded(content, "utf-16-le" if odd > even else "utf-16-be", name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _decoded(content, "cp1258", name)
        # Windows-1258 reads almost anything: what it reads must look like Vietnamese.
        letters = Counter(unicodedata.normalize("NFC", text).casefold())
        foreign = [one for one in letters if ord(one) > 127 and one.isalpha() and one not in _LETTERS]
        strange = sum(letters[letter] for letter in foreign)
        known = sum(letters[letter] for letter in _LETTERS)
        if strange > known:
            raise RosterError(_not_text(name)) from None
    if _lost_letters(text[:4000]):
        raise RosterError(
            f"{name}: chữ có dấu trong tệp đã mất (thành dấu hỏi) từ khi lưu, không khôi phục được. {_SAVE_AS}"
        )
    return _checked(text, name)


def _lost_letters(text: str) -> bool:
    """Whether letters became question marks, as when Excel saves Vietnamese in a Western encoding."""
    if any(
        letter in _LETTERS and ord(letter) > 255 for letter in unicodedata.normalize("NFC", text).casefold()
    ):
        return False
    return len(re.findall(r"[^\W\d_]\?[^\W\d_]|\b[^\W\d_]\?\s|\?\?[^\W\d_]", text)) > 1


def _decoded(content: bytes, encoding: str, name: str) -> str:
    try:
        return _checked(content.decode(encoding), name)
    except UnicodeDecodeError as error:
        raise RosterError(_not_text(name)) from error


def _checked(text: str, name: str) -> str:
    if "\0" in text or any(unicodedata.category(char) in ("Cn", "Co") for char in text[:4000]):
        raise RosterError(_not_text(name))
    return text.lstrip("\ufeff")


def _not_text(name: str) -> str:
    return f"{name}: không phải bảng tính. Hãy chọn tệp .xlsx hoặc .csv. {_SAVE_AS}"


def _delimiter(text: str) -> tuple[str, str]:
    """The text without Excel's "sep=" line, and its separator: the one that makes most cuts in lines of one width.

    Counting cuts, not lines: in a short list three titles with a comma each outnumber a header and one person.
    """
    said = re.match(r"\"?sep=(.)\"?\r?\n", text, re.IGNORECASE)
    if said:
        # The line stays as an empty one, so that rows keep their numbers.
        return "\n" + text[said.end() :], said[1]
    head = "\n".join(text.splitlines()[:_LOOKED_AT])
    best, chosen = 0, ","
    for delimiter in _DELIMITERS:
        try:
            widths = [
                len(row)
                for row in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, strict=True)
                if any(row)
            ]
        except csv.Error:
            continue
        cuts = max((lines * (width - 1) for width, lines in Counter(widths).items()), default=0)
        if cuts > best:
            best, chosen = cuts, delimiter
    return text, chosen
