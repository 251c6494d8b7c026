"""The words by which a roster is read, from ``words.yaml``: headers, abbreviations, titles, words that are no person.

A trainer edits the file, so it is checked when it is read: an unknown section or a header that stands under two
columns is an error that names it. What the code asks are folded look-ups, made once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from isoxa_courses.text import fold
from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from .spelling import is_marked, plain
from .tables import QualityRole

__all__ = ["FIELDS", "Words", "WordsError", "header_key", "load_words", "shipped_words", "words_key"]

FIELDS = (
    "full_name", "family_names", "given_name", "unit", "commune", "old_commune", "district", "province",
    "staff_code", "birth_date", "position", "job_title", "quality_role", "phone", "office_phone", "email", "ignored",
)  # fmt: skip


class WordsError(ValueError):
    """The word file cannot be used; ``str()`` says where and why (Vietnamese)."""


class _UnitWords(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    type_words: dict[str, str]
    offices: list[str]
    abbreviations: dict[str, str]
    agency_types: list[str]
    agency_parts: list[str]
    spellings: list[list[str]]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, list[str]]
    blanks: list[str]
    ditto: list[str]
    titles: list[str]
    totals: list[str]
    remarks: list[str]
    signatures: list[str]
    sections: list[str]
    positions: list[str]
    quality_roles: dict[QualityRole, list[str]]
    units: _UnitWords
    provinces: dict[str, str]


@lru_cache(maxsize=65536)
def words_key(text: str) -> str:
    """Folded words with single spaces between them, other signs out: ``Đ/c`` is ``d c``."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


def header_key(text: str) -> str:
    """``words_key`` of a header without what stands in brackets: ``SĐT (nếu có)`` is ``sdt``.

    "(cũ)" and "(mới)" stay, since they tell columns apart.
    """
    bare = re.sub(r"\((?!\s*(?:cũ|mới)\s*\))[^()]*\)?", " ", text)
    return words_key(bare) or words_key(text)


@dataclass(frozen=True, eq=False)
class Words:
    """The checked file, and its look-ups. One file is one object: it is a key of caches."""

    file: _File

    @cached_property
    def columns(self) -> dict[str, str]:
        """Header key → field."""
        return {
            header_key(name): field
            for field, names in self.file.columns.items()
            for name in names
            if header_key(name)
        }

    @cached_property
    def longer_headers(self) -> dict[str, list[str]]:
        """First word → header keys of two words or more, the longest first: a longer header may begin with one."""
        found: dict[str, list[str]] = {}
        for key in sorted((key for key in self.columns if " " in key), key=len, reverse=True):
            found.setdefault(key.partition(" ")[0], []).append(key)
        return found

    @cached_property
    def blanks(self) -> frozenset[str]:
        """Casefolded texts that mean an empty cell."""
        return frozenset(text.casefold() for text in self.file.blanks)

    @cached_property
    def ditto(self) -> frozenset[str]:
        """Casefolded texts that mean "as above"."""
        return frozenset(text.casefold() for text in self.file.ditto)

    @cached_property
    def titles(self) -> re.Pattern[str]:
        """A form of address or a degree at the beginning of a name, with its sign after it."""
        # Diacritics tell "Bà" from "Ba", which is a name.
        names = sorted({title.casefold() for title in self.file.titles}, key=len, reverse=True)
        return re.compile(rf"(?:{'|'.join(map(re.escape, names))})(?:[.:,]\s*|\s+)", re.IGNORECASE)

    @cached_property
    def totals(self) -> Beginnings:
        """A text that begins a row of totals."""
        return Beginnings(self.file.totals)

    @cached_property
    def remarks(self) -> Beginnings:
        """A text that begins a remark."""
        return Beginnings(self.file.remarks)

    @cached_property
    def signatures(self) -> Beginnings:
        """A text that begins the part where one signs."""
        return Beginnings(self.file.signatures)

    @cached_property
    def sections(self) -> Beginnings:
        """A text that heads a group of people."""
        return Beginnings(self.file.sections)

    @cached_property
    def positions(self) -> Beginnings:
        """A text that begins with a position."""
        return Beginnings(self.file.positions)

    @cached_property
    def quality_roles(self) -> dict[str, QualityRole]:
        """Key of a role's name → role."""
        return {words_key(name): role for role, names in self.file.quality_roles.items() for name in names}

    @cached_property
    def offices(self) -> re.Pattern[str]:
        """An office of a commune at the beginning of a folded text; with the commune's name after it."""
        keys = sorted({words_key(name) for name in self.file.units.offices}, key=len, reverse=True)
        return re.compile(rf"(?:(?:{'|'.join(keys)})(?:\s+|$))+")

    @cached_property
    def type_words(self) -> dict[str, str]:
        """Abbreviated type word → type word."""
        return {short.casefold(): full for short, full in self.file.units.type_words.items()}

    @cached_property
    def abbreviations(self) -> dict[str, str]:
        """Key without spaces → what it stands for, as a key."""
        return {
            words_key(short).replace(" ", ""): words_key(full)
            for short, full in self.file.units.abbreviations.items()
        }

    @cached_property
    def agency_types(self) -> Beginnings:
        """A text that begins as an agency's name does."""
        return Beginnings(self.file.units.agency_types, bare=True)

    @cached_property
    def agency_parts(self) -> Beginnings:
        """A text that begins as a part of an agency does."""
        return Beginnings(self.file.units.agency_parts, bare=True)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """A spelling of a syllable (casefolded, with diacritics) → the first of its group."""
        return {
            spelling.casefold(): group[0].casefold()
            for group in self.file.units.spellings
            for spelling in group
            if " " not in spelling
        }

    @cached_property
    def provinces(self) -> dict[str, str]:
        """Key of a short name → the province's name."""
        return {words_key(short): full for short, full in self.file.provinces.items()}


class Beginnings:
    """Words that a text may begin with. Diacritics count where the text has any: "Tổ giúp việc" is a section, "Tô Văn
    Hải" a person; in a text without any, a single word must be the whole text.
    """

    def __init__(self, names: list[str], *, bare: bool = False) -> None:
        """``bare``: single words may begin a text without diacritics too."""
        self._marked = _pattern(plain(name) for name in names)
        self._bare = _pattern(
            words_key(name)
            for name in names
            if bare or not is_marked(name) or len(words_key(name).split()) > 1
        )
        self._whole = frozenset(words_key(name) for name in names)

    def taken(self, text: str) -> int:
        """How many words of the text are one of these; 0 if it does not begin so."""
        if is_marked(text):
            found = self._marked.match(plain(text))
        else:
            key = words_key(text)
            if key in self._whole:
                return len(key.split())
            found = self._bare.match(key)
        return len(found[0].split()) if found else 0

    def match(self, text: str) -> bool:
        """Whether the text begins so."""
        return self.taken(text) > 0


def _pattern(keys: Iterable[str]) -> re.Pattern[str]:
    known = sorted(set(keys) - {""}, key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, known))})(?:\s|$)") if known else re.compile(r"(?!)")


def load_words(path: Path) -> Words:
    """Read and check a word file. Raises ``WordsError``."""
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
        file = _File.model_validate(content)
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise WordsError(f"{path.name}: không đọc được ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WordsError(f"{path.name}: mục “{place}” chưa đúng ({first['msg']}).") from error
    unknown = set(file.columns) ^ set(FIELDS)
    if unknown:
        raise WordsError(f"{path.name}: mục columns thừa hoặc thiếu {', '.join(sorted(unknown))}.")
    seen: dict[str, str] = {}
    for field, names in file.columns.items():
        for name in names:
            other = seen.setdefault(header_key(name), field)
            if other != field:
                raise WordsError(f"{path.name}: tiêu đề “{name}” đứng ở cả {other} và {field}.")
    return Words(file)


@cache
def shipped_words() -> Words:
    """The file that comes with isoxa."""
    return load_words(Path(__file__).with_name("words.yaml"))
