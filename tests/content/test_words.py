"""Words: NFC, full diacritics, one name for one thing, and communes that nobody lives in."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from importlib.util import find_spec
from pathlib import Path

import pytest
from isoxa_courses.models import Course
from isoxa_courses.text import fold

MARKED = re.compile("[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)
SYLLABLE = re.compile(r"[^\W\d_]+")
# Words that only look Vietnamese when their diacritics were forgotten.
BARE = re.compile(
    r"\b(khong|duoc|nhung|nguoi|truoc|viec|thuc hien|ho so|quy trinh|dung han|qua han|muc tieu|gia dinh)\b"
)


def test_composed_letters(yaml_texts: dict[str, list[str]], prose: str) -> None:
    for file, texts in [*yaml_texts.items(), ("notebook", [prose])]:
        for text in texts:
            assert unicodedata.is_normalized("NFC", text), (file, text)
            assert not re.search("[\u200b\u200c\u200d\ufeff\u00a0]", text), (file, text)


def test_full_diacritics(yaml_texts: dict[str, list[str]]) -> None:
    """In Vietnamese prose well over a third of the syllables carry a mark; a bare line has none."""
    for file, texts in yaml_texts.items():
        for text in texts:
            syllables = [s for s in SYLLABLE.findall(text) if len(s) > 1 and not s.isupper()]
            marked = [s for s in syllables if MARKED.search(s)]
            assert len(syllables) < 6 or len(marked) / len(syllables) >= 0.4, (file, text)
            assert not BARE.search(text.lower()), (file, text)


def test_diacritics_test_can_fail() -> None:
    assert BARE.search("ho so duoc tra dung han")
    assert not MARKED.search("ho so da tra")


def test_one_name_for_one_thing(course: Course, yaml_texts: dict[str, list[str]], prose: str) -> None:
    banned = {word.lower(): term.term for term in course.glossary for word in term.banned}
    texts = {file: texts for file, texts in yaml_texts.items() if file != "glossary.yaml"} | {
        "notebook": [prose]
    }
    for file, lines in texts.items():
        for line in lines:
            for word, term in banned.items():
                assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line.lower()), (file, term, line)


def test_glossary_itself(course: Course) -> None:
    terms = [fold(term.term) for term in course.glossary]
    assert len(set(terms)) == len(terms)
    for term in course.glossary:
        assert fold(term.term) not in {fold(word) for word in term.banned}
    assert not {fold(w) for term in course.glossary for w in term.banned} & set(terms)


def test_straight_quotes_and_percent_signs(yaml_texts: dict[str, list[str]], prose: str) -> None:
    """“…” around words; 98,5% without a space, the comma for decimals."""
    for file, texts in [*yaml_texts.items(), ("notebook", [re.sub(r"<[^>]*>", "", prose)])]:
        for text in texts:
            assert '"' not in text, (file, text)
            assert not re.search(r"\d %", text), (file, text)
            assert not re.search(r"\d\.\d{1,2}%", text), (file, text)


@pytest.fixture(scope="module")
def communes() -> set[str]:
    """Names, without their kind, of every commune of today and of before July 2025."""
    spec = find_spec("vietnamadminunits")
    assert spec is not None
    assert spec.origin is not None
    data = Path(spec.origin).parent / "data" / "dataset.db"
    with sqlite3.connect(f"file:{data}?mode=ro", uri=True) as database:
        rows = database.execute(
            "SELECT wardShort FROM admin_units UNION SELECT wardShort FROM admin_units_legacy"
        )
        return {fold(name) for (name,) in rows if name}


def test_cases_are_about_communes_that_do_not_exist(communes: set[str], folder: Path, prose: str) -> None:
    text = prose + "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.yaml"))
    capital = "[A-ZĐÀÁẢÃẠĂÂÈÉÊÌÍÒÓÔƠÙÚƯÝ]"
    named = set(re.findall(rf"[Xx]ã ({capital}\w+ {capital}\w+)", text))
    assert "Suối Lành" in named
    assert len(named) >= 8
    assert {name for name in named if fold(name) in communes} == set()
