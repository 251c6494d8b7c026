"""Every string people read can be translated, and is."""

from __future__ import annotations

import re
from pathlib import Path

import isoxa_portal
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from isoxa_portal import i18n
from isoxa_portal.pages.environment import TEMPLATES

ROOT = Path(isoxa_portal.__file__).parent
VIETNAMESE = re.compile(
    "[ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ]", re.IGNORECASE
)


def extracted() -> dict[str, str]:
    """Message → where it stands, over the portal's Python and templates."""
    methods = [("cli/**", "ignore"), ("demo/**", "ignore"), ("**.py", "python"),
               ("templates/**.html", "jinja2"), ("voila_template/**.j2", "jinja2")]  # fmt: skip
    found = extract_from_dir(str(ROOT), methods)
    return {
        m if isinstance(m, str) else m[0]: f"{file}:{line}" for file, line, m, _comments, _context in found
    }


def catalogue() -> dict[str, str]:
    with (ROOT / "locale/en/LC_MESSAGES/isoxa.po").open("rb") as source:
        return {str(one.id): str(one.string) for one in read_po(source, locale="en") if one.id}


def test_the_english_catalogue_has_every_string() -> None:
    messages, english = extracted(), catalogue()
    assert len(messages) > 250  # the extraction itself works
    missing = {message: where for message, where in messages.items() if not english.get(message, "").strip()}
    assert not missing


def test_a_translation_takes_the_same_values() -> None:
    slots = re.compile(r"%\(\w+\)s|\{\w+\}")
    for vietnamese, english in catalogue().items():
        assert sorted(slots.findall(vietnamese)) == sorted(slots.findall(english)), vietnamese


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_a_template_says_nothing_past_gettext(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text("utf-8"), flags=re.DOTALL)
    text = text.replace("ISO xã", "").replace("Tiếng Việt", "")
    assert not VIETNAMESE.search(text)


def test_the_language_of_a_request() -> None:
    assert i18n.use_language("en") == "en"
    assert i18n.gettext("Đăng nhập") == "Log in"
    assert i18n.gettext("chưa ai dịch câu này") == "chưa ai dịch câu này"
    assert i18n.gettext("") == ""
    assert i18n.use_language("../../etc") == "vi"
    assert i18n.gettext("Đăng nhập") == "Đăng nhập"
