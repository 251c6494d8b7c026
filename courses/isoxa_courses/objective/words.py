"""From a sentence to syllables, and from word lists to the places where their phrases stand.

Officers type with diacritics, without, in capitals, or with letters taken apart (NFD). Every syllable is kept in two
forms: ``bare`` (no diacritics at all) and ``exact`` (with them, whichever way the tone mark was placed). A text that
is written with diacritics is matched by the exact form, so that "giám" in *giám sát* is not *giảm*; a text without
any is matched by the bare form, and the longest phrase of the lists wins (*giam sat* before *giam*).

All positions lead back into the text in NFC, so that what decided a verdict can be quoted as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ..text import nfc

MOST_CHARACTERS = 20_000
MOST_TOKENS = 300
"""An objective is a sentence or two. What comes after this many words is not read, and a note says so."""

_MARKED_SHARE = 0.2  # Vietnamese prose carries marks on about three syllables of four
_ENDLESS_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{8})"
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_HIDDEN = "\u00ad\u200b-\u200f\u2060\ufeff"
_TOKEN = re.compile(
    rf"""(?P<blank>\[[^\]\d\n]{{0,40}}\](?:/(?:5|10|100)(?![0-9/]))?|\((?i:điền|nhập)[^)\n]{{0,30}}\)|(?:…|_|[.]{{2}})[_….]*/(?:5|10|100)(?![0-9/])
                   |(?<![0-9])[0-9]{{0,2}}[ ]*/[ ]{{1,8}}/[ ]?(?:[0-9]{{2,4}})?
                   |(?<=[Nn][Gg][Àà][Yy])[ ]+/[ ]?[0-9]{{1,2}}[ ]?/[ ]?[0-9]{{4}}
                   |…+(?:[.…]*)|[.]{{2,}}|_{{2,}}(?:[.,]_+)?|[?]+)
    |(?P<date>(?<![0-9])(?:[0-9]{{1,2}}[ ]?[/.-][ ]?[0-9]{{1,2}}[ ]?[/.-][ ]?(?:[0-9]{{4}}|[0-9]{{2}})
                  |[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}|[0-9]{{1,2}}[ ]?[/-][ ]?[0-9]{{4}}
                  |[0-9]{{1,3}}/[0-9]{{1,3}}(?![.][0-9]{{3}}))(?![0-9]))
    |(?P<number>[0-9]+(?:[.,][0-9]+)*)
    |(?P<word>(?i:trong|trước|đến|hết|cuối|từ|hạn)(?=(?i:năm|quý|tháng|ngày))|(?i:quý)(?=(?:I{{1,3}}|IV)(?![^\W\d_]))|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f{_HIDDEN}])*)
    |(?P<sign><=|>=|->|=>|(?<=[0-9])['’′]|[%=≥≤<>→⟶⇒➔➜⟹▶►±+–—;:,.()/\n-])""",
    re.VERBOSE,
)
_ARROWS = str.maketrans(dict.fromkeys("⟶⇒➔➜⟹▶►", "→"))
_TONES = str.maketrans(dict.fromkeys("\u0300\u0301\u0303\u0309\u0323"))
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_NOT_LETTERS = re.compile(f"[{_HIDDEN}]")
_FINAL_Y = re.compile("^([bcdđghklmnprstvx]+)y$")  # kỳ and kì, tỷ and tỉ are one word each
_SHORTHAND = {"ko": "không", "đc": "được", "vs": "với", "trc": "trước", "trươc": "trước", "truớc": "trước"}
_GAP = re.compile(r"[\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2060\ufeff]*")


@dataclass(frozen=True, slots=True)
class Token:
    """A syllable, a number, a written date or a sign. ``start`` and ``end`` are positions in the NFC text."""

    kind: str  # "word", "number", "date", "blank" (dots to be filled in), "sign"
    start: int
    end: int
    bare: str
    exact: str


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase of the lists at tokens ``first`` up to, not with, ``last``; ``lists`` are the lists that have it."""

    first: int
    last: int
    lists: frozenset[str]
    phrase: str


class Text:
    """The sentence as it is read. ``source`` is NFC; ``cut`` tells that there was more than is read."""

    __slots__ = ("_bares", "_kinds", "_row", "_rows", "_sets", "_spoken", "cut", "marked", "source", "tokens")

    def __init__(self, source: str, tokens: tuple[Token, ...], *, marked: bool, cut: bool) -> None:
        self.source, self.tokens, self.marked, self.cut = source, tokens, marked, cut
        # A rule asks for words some thousand times in a sentence: all that a token is asked for lies ready.
        self._row = tuple([token.exact if marked else token.bare for token in tokens])
        self._spoken = dict(enumerate(self._row))
        self._bares = {at: token.bare for at, token in enumerate(tokens)}
        self._kinds = {at: token.kind for at, token in enumerate(tokens)}
        self._rows, self._sets = (_ROWS_MARKED, _SETS_MARKED) if marked else (_ROWS_BARE, _SETS_BARE)

    def quote(self, first: int, last: int) -> str:
        """The words from token ``first`` up to, not with, ``last``, as they were written."""
        return self.source[self.tokens[first].start : self.tokens[last - 1].end] if first < last else ""

    def bare(self, index: int) -> str:
        """The bare form of a token; empty outside of the text."""
        return self._bares.get(index, "")

    def kind(self, index: int) -> str:
        """The kind of a token; empty outside of the text."""
        return self._kinds.get(index, "")

    def apart(self, index: int) -> bool:
        """Whether a sign has a space before and behind it."""
        first, last = self.tokens[index].start, self.tokens[index].end
        return self.source[first - 1 : first].isspace() and self.source[last : last + 1].isspace()

    def in_new_cell(self, index: int) -> bool:
        """Whether a bar or a bullet stands between this token and the one before."""
        if not 0 < index < len(self.tokens):
            return False
        gap = self.source[self.tokens[index - 1].end : self.tokens[index].start]
        return "|" in gap or "•" in gap

    def says(self, index: int, *words: str) -> bool:
        """Whether the token is one of ``words`` (written with their diacritics)."""
        return self._spoken.get(index) in self._sets[words]

    def among(self, span: range, *words: str) -> bool:
        """Whether any token of a span is one of ``words``; what lies outside of the text is passed over."""
        if span.step < 0:
            span = span[::-1]
        return not self._sets[words].isdisjoint(self._row[max(span.start, 0) : max(span.stop, 0)])

    def sequence(self, index: int, *words: str) -> bool:
        """Whether ``words`` follow one another from ``index`` on."""
        spoken = self._spoken
        for word in self._rows[words]:
            if spoken.get(index) != word:
                return False
            index += 1
        return True


def read_text(raw: str) -> Text:
    """The text in tokens. Takes any ``str``; the time is linear in its length."""
    source = nfc(_ENDLESS_MARKS.sub(r"\1", raw[:MOST_CHARACTERS]))
    found = list(islice(_TOKEN.finditer(source), MOST_TOKENS + 1))
    tokens = tuple(_token(match) for match in found[:MOST_TOKENS])
    words = [token for token in tokens if token.kind == "word"]
    marked = sum(token.exact != token.bare for token in words) > _MARKED_SHARE * len(words)
    return Text(source, tokens, marked=marked, cut=len(found) > MOST_TOKENS or len(raw) > MOST_CHARACTERS)


def _token(match: re.Match[str]) -> Token:
    kind = str(match.lastgroup)
    word = _SHORTHAND.get(match[0].casefold(), match[0])
    bare, exact = forms(word) if kind == "word" else (match[0].translate(_ARROWS),) * 2
    return Token(kind, match.start(), match.end(), bare, exact)


@lru_cache(maxsize=4096)
def forms(word: str) -> tuple[str, str]:
    """``bare`` and ``exact`` of one syllable: ``"Hoà"`` → ``("hoa", "hoa\\u0300")``, as for ``"hòa"``."""
    if len(word) > 40:
        return word, word
    letters = _NOT_LETTERS.sub("", word).casefold().replace("ð", "đ")
    apart = unicodedata.normalize("NFD", letters)
    shaped = unicodedata.normalize("NFC", apart.translate(_TONES))
    shaped = "quy" if shaped == "qui" else _FINAL_Y.sub(r"\1i", shaped)
    bare = "".join(
        char
        for char in unicodedata.normalize("NFD", shaped.replace("đ", "d"))
        if not unicodedata.combining(char)
    )
    return bare, shaped + "".join(_TONE.findall(apart))


class _Rows(dict[tuple[str, ...], tuple[str, ...]]):
    """Words of the code as they are compared in a text with diacritics, or in one without."""

    def __init__(self, *, marked: bool) -> None:
        super().__init__()
        self._marked = marked

    def __missing__(self, words: tuple[str, ...]) -> tuple[str, ...]:
        self[words] = row = tuple(forms(word)[self._marked] for word in words)
        return row


class _Sets(dict[tuple[str, ...], frozenset[str]]):
    """The same without their order."""

    def __init__(self, rows: _Rows) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, words: tuple[str, ...]) -> frozenset[str]:
        self[words] = found = frozenset(self._rows[words])
        return found


# Filled by the words that the rules name, so no longer than the rules.
_ROWS_MARKED, _ROWS_BARE = _Rows(marked=True), _Rows(marked=False)
_SETS_MARKED, _SETS_BARE = _Sets(_ROWS_MARKED), _Sets(_ROWS_BARE)

_Entry = tuple[tuple[tuple[str, str], ...], frozenset[str], str]
"""``bare`` and ``exact`` of each syllable of a phrase; the lists that have it; the phrase."""


class Lexicon:
    """The phrases of named lists, ready to be looked up."""

    def __init__(self, lists: Mapping[str, Iterable[str]], *, only_marked: Iterable[str] = ()) -> None:
        self._only_marked = {forms(word)[1] for word in only_marked}
        names: dict[tuple[str, ...], set[str]] = {}
        for name, phrases in lists.items():
            for phrase in phrases:
                names.setdefault(tuple(nfc(phrase).split()), set()).add(name)
        self._by_start: dict[tuple[str, str], list[_Entry]] = {}
        for words, tags in names.items():
            entry = (tuple(forms(word) for word in words), frozenset(tags), " ".join(words))
            second = entry[0][1][0] if len(words) > 1 else ""
            self._by_start.setdefault((entry[0][0][0], second), []).append(entry)
        for entries in self._by_start.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def find(self, text: Text) -> tuple[Found, ...]:
        """The phrases in the text, from left to right, the longest at each place; none overlaps another."""
        found: list[Found] = []
        index = 0
        while index < len(text.tokens):
            match = self._at(text, index)
            if match is not None:
                found.append(match)
            index = match.last if match is not None else index + 1
        return tuple(found)

    def mistyped(self, text: Text, free: frozenset[int]) -> tuple[Found, ...]:
        """Phrases of two syllables, one of them with a wrong mark (``hố sơ``), where no phrase stands."""
        found: list[Found] = []
        if not text.marked:
            return ()
        for index in sorted(free):
            if index + 1 not in free:
                continue
            for shape, lists, phrase in self._by_start.get((text.bare(index), text.bare(index + 1)), ()):
                exact = [text.tokens[index + step].exact == shape[step][1] for step in range(2)]
                if len(shape) == 2 and any(exact):
                    found.append(Found(index, index + 2, lists, phrase))
                    break
        return tuple(found)

    def _at(self, text: Text, index: int) -> Found | None:
        best: Found | None = None
        head = text.tokens[index].bare
        entries = self._by_start.get((head, text.bare(index + 1) or " "), ())
        for shape, lists, phrase in (*entries, *self._by_start.get((head, ""), ())):
            last = index + len(shape)
            if best is not None and last < best.last:
                break
            if _matches(text, index, shape) and (
                text.marked or len(shape) > 1 or shape[0][1] not in self._only_marked
            ):
                # Without diacritics two entries may look the same; then both lists have it.
                best = Found(
                    index, last, lists | best.lists if best else lists, best.phrase if best else phrase
                )
        return best


def _matches(text: Text, index: int, shape: tuple[tuple[str, str], ...]) -> bool:
    tokens = text.tokens
    if index + len(shape) > len(tokens):
        return False
    wrong = 0
    for step, (bare, exact) in enumerate(shape):
        token = tokens[index + step]
        if token.bare != bare:
            return False
        if step and not _GAP.fullmatch(text.source, tokens[index + step - 1].end, token.start):
            return False
        # In a phrase, a mark left out is a slip of the pen; on a single syllable it is another word.
        wrong += text.marked and token.exact != exact and (len(shape) == 1 or token.exact != token.bare)
    return wrong <= (1 if len(shape) > 2 else 0)
