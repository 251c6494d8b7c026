"""The portal's two languages: Vietnamese, in which every string is written, and English.

Translations are read from the committed ``.po`` files when the portal starts, so there is no compile step and no
binary to keep in step. The language of a request is a context variable: ``use_language`` sets it for a request,
``gettext`` reads it. A string without a translation shows in Vietnamese.
"""

from __future__ import annotations

import contextvars
import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

__all__ = [
    "COOKIE",
    "LANGUAGES",
    "SOURCE",
    "current_language",
    "gettext",
    "ngettext",
    "translations",
    "use_language",
]

SOURCE = "vi"
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
COOKIE = "isoxa_lang"

_LOCALE = Path(__file__).parent / "locale"
_language: contextvars.ContextVar[str] = contextvars.ContextVar("isoxa_language", default=SOURCE)


def use_language(language: str | None) -> str:
    """Set the language of this request; anything unknown means Vietnamese. Returns the one in force."""
    chosen = language if language in LANGUAGES else SOURCE
    _language.set(chosen)
    return chosen


def current_language() -> str:
    """The language of this request."""
    return _language.get()


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of ``language``, read from its ``.po`` file; for Vietnamese the strings themselves."""
    path = _LOCALE / language / "LC_MESSAGES" / "isoxa.po"
    if language == SOURCE or language not in LANGUAGES:
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def gettext(message: str) -> str:
    """``message`` in the language of this request; import it as ``_``."""
    return translations(_language.get()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form for ``number`` in the language of this request (Vietnamese has one, English two)."""
    return translations(_language.get()).ngettext(singular, plural, number)
