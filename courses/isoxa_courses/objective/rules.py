"""The word lists and sentences of the reader: one content file, ``rules.yaml``, that a trainer can edit.

The file is read like every other content file: what is wrong with it is told with its line and the reason. The
grammar (numbers, dates, who stands before whom) is code; which words mean what is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field

from ..complaints import validated
from ..fields import ContentModel, Line, refusal
from ..yaml_files import read_yaml
from .reasons import NOTES, REASONS
from .words import Lexicon, forms

RULES_FILE = Path(__file__).with_name("rules.yaml")

_LONGEST_PHRASE = 12
_ABOUT_OBJECTS = ("tools", "papers", "offices", "officers", "complete", "fields")
_FRAME = ("grades", "pointing", "pointing_back", "elsewhere", "events", "vague_times")
_GIVERS = ("authorities", "giving")
_PARTS = {
    "stated": ("more",),
    "scales": ("more", "less"),
    "at_head": ("done",),
    "tools": ("system",),
    "papers": ("system",),
    "offices": ("system",),
    "complete": ("system", "people", "outside"),
    "fields": ("outside",),
    "officers": ("people",),
    "yearly": ("more",),
    "pointing_back": ("pointing",),
}
"""Lists that say more of phrases of other lists."""
_VOWELS = frozenset("aeiou")
_DOUBTFUL_WHEN_BARE = ("outside", "activity", "pointing", "elsewhere", "events", "grades", "titles")
"""Lists whose single syllables look like too many other words when they are typed without diacritics."""


def _phrases(values: tuple[str, ...]) -> tuple[str, ...]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        if len(value.split()) > _LONGEST_PHRASE:
            raise refusal(f"Cụm từ dài quá {_LONGEST_PHRASE} tiếng.", index)
        if value in seen:
            raise refusal(f"“{value}” viết hai lần trong danh sách này.", index)
        seen.add(value)
    return values


def _sentence(value: str) -> str:
    try:
        names = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError:
        raise refusal("Dấu { hoặc } đứng lẻ; chỉ viết {words}.") from None
    if names - {"words"}:
        raise refusal("Trong dấu { } chỉ viết được {words}.")
    return value


Phrases = Annotated[tuple[Line, ...], Field(min_length=1, max_length=2_000), AfterValidator(_phrases)]
Sentence = Annotated[Line, AfterValidator(_sentence)]


class WordLists(ContentModel):
    """The lists; what each is for stands beside it in the file."""

    vague: Phrases
    soft: Phrases
    activity: Phrases
    activity_units: Phrases
    result: Phrases
    turning: Phrases
    limiting: Phrases
    most: Phrases
    done: Phrases
    at_head: Phrases
    grades: Phrases
    titles: Phrases
    yearly: Phrases
    ranks: Phrases
    more: Phrases
    stated: Phrases
    scales: Phrases
    less: Phrases
    system: Phrases
    tools: Phrases
    papers: Phrases
    offices: Phrases
    complete: Phrases
    people: Phrases
    officers: Phrases
    outside: Phrases
    fields: Phrases
    generic: Phrases
    at_most: Phrases
    below: Phrases
    at_least: Phrases
    above: Phrases
    all: Phrases
    none: Phrases
    baseline: Phrases
    vague_times: Phrases
    things: Phrases
    levels: Phrases
    pointing: Phrases
    pointing_back: Phrases
    authorities: Phrases
    giving: Phrases
    elsewhere: Phrases
    events: Phrases
    labels: Phrases
    only_marked: Phrases
    other: Phrases


def _complete(value: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    for criterion, reasons in REASONS.items():
        if criterion not in value:
            raise refusal(f"Thiếu mục “{criterion}”.")
        _exactly(value[criterion], reasons, criterion)
    for criterion in value:
        if criterion not in REASONS:
            raise refusal(f"Không có tiêu chí nào tên là “{criterion}”.", criterion)
    return value


def _all_notes(value: dict[str, str]) -> dict[str, str]:
    _exactly(value, NOTES)
    return value


def _exactly(given: dict[str, str], wanted: frozenset[str], *at: str) -> None:
    for name in given:
        if name not in wanted:
            raise refusal(f"Không có mã nào tên là “{name}”; hãy kiểm tra chính tả.", *at, name)
    missing = sorted(wanted - set(given))
    if missing:
        raise refusal(f"Thiếu câu cho mã “{missing[0]}”.", *at)


def _nested(value: WordLists) -> WordLists:
    for name, wholes in _PARTS.items():
        known = {phrase for whole in wholes for phrase in getattr(value, whole)}
        for index, phrase in enumerate(getattr(value, name)):
            if phrase not in known:
                raise refusal(f"“{phrase}” phải có trong danh sách “{wholes[0]}” nữa.", name, index)
    return value


class RulesFile(ContentModel):
    """``rules.yaml``."""

    words: Annotated[WordLists, AfterValidator(_nested)]
    advice: Annotated[dict[str, dict[str, Sentence]], AfterValidator(_complete)]
    notes: Annotated[dict[str, Sentence], AfterValidator(_all_notes)]


@dataclass(frozen=True)
class Rules:
    """The file, and its lists ready to be looked up."""

    file: RulesFile

    def _lexicon(self, *names: str) -> Lexicon:
        lists: dict[str, tuple[str, ...]] = {name: getattr(self.file.words, name) for name in names}
        doubtful = [
            phrase
            for name in _DOUBTFUL_WHEN_BARE
            for phrase in lists.get(name, ())
            if " " not in phrase and _VOWELS & set(forms(phrase)[0])  # "bhyt" looks like nothing else
        ]
        return Lexicon(lists, only_marked=[*self.file.words.only_marked, *doubtful])

    @cached_property
    def lexicon(self) -> Lexicon:
        """The lists that say what a sentence is about."""
        names = [
            name
            for name in WordLists.model_fields
            if name not in {*_FRAME, *_GIVERS, "labels", "only_marked"}
        ]
        return self._lexicon(*names)

    @cached_property
    def objects(self) -> Lexicon:
        """What a sentence can be about; it may stand inside of a measure (``thời gian trả kết quả``)."""
        return self._lexicon("system", "people", "outside", "other", *_ABOUT_OBJECTS)

    @cached_property
    def frame(self) -> Lexicon:
        """The lists that point to another place or time; their phrases may overlap those of ``lexicon``."""
        return self._lexicon(*_FRAME, "other")

    @cached_property
    def givers(self) -> Lexicon:
        """Who sets tasks and levels, and the verbs for it."""
        return self._lexicon(*_GIVERS)

    @cached_property
    def labels(self) -> Lexicon:
        """The words that lead to a number that is a name."""
        return self._lexicon("labels")

    def advice(self, criterion: str, reason: str, words: str = "") -> str:
        """The sentence for a verdict, with the officer's own words in it."""
        return self.file.advice[criterion][reason].format(words=words)

    def note(self, code: str, words: str = "") -> str:
        """The sentence of a note."""
        return self.file.notes[code].format(words=words)


def load_rules(path: Path = RULES_FILE) -> Rules:
    """The rules of a file. Raises :class:`~isoxa_courses.errors.ContentError` with every problem and its line."""
    return Rules(validated(RulesFile, read_yaml(path)))


@lru_cache(maxsize=1)
def shipped_rules() -> Rules:
    """The rules that come with isoxa, read once."""
    return load_rules()
