"""Whether an action only reminds people: "nhắc nhở cán bộ, rút kinh nghiệm" removes no cause.

Which words remind and which change something is content: ``tools/cause_tree_words.yaml``. The reader leans to the
side of the officer: one word of change is enough, and what it does not know is not a reminder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from .complaints import validated
from .fields import ContentModel, Line
from .phrases import any_of, is_bare
from .text import clean
from .yaml_files import read_yaml

WORDS_FILE = Path(__file__).parent / "tools" / "cause_tree_words.yaml"
Words = Annotated[tuple[Line, ...], Field(min_length=1)]


class ReminderWords(ContentModel):
    """The lists of the file, which says itself how they are read."""

    joints: Words
    means: Words
    reminders: Words
    fillers: Words
    changes: Words


@lru_cache(maxsize=1)
def reminder_words() -> ReminderWords:
    """The lists of the shipped file. Raises ContentError if it cannot be read."""
    return validated(ReminderWords, read_yaml(WORDS_FILE))


def only_reminds(action: str) -> bool:
    """Whether an action reminds people and changes nothing in how the work is done.

    Read with its diacritics if it has any, else without: "thấy" is not "thay", but "thay" typed bare may be either.
    """
    text = clean(action).casefold()
    words = _patterns(bare=is_bare(text))
    reminded = False
    for clause in words.joints.split(words.fillers.sub(" ", text)):
        reminder = words.reminders.search(clause)
        before = clause if reminder is None else clause[: reminder.start()]
        if words.means.search(clause) or words.changes.search(before):
            return False
        reminded = reminded or reminder is not None
    return reminded


@dataclass(frozen=True)
class _Patterns:
    joints: re.Pattern[str]
    means: re.Pattern[str]
    reminders: re.Pattern[str]
    fillers: re.Pattern[str]
    changes: re.Pattern[str]


@lru_cache(maxsize=2)
def _patterns(*, bare: bool) -> _Patterns:
    words = reminder_words()
    return _Patterns(
        joints=re.compile(rf"[,;.:\n]|{any_of(words.joints, bare=bare)}"),
        means=re.compile(any_of(words.means, bare=bare)),
        reminders=re.compile(any_of(words.reminders, bare=bare)),
        # A filler that is part of a reminder ("nhắc cán bộ") must not break it, so those stay.
        fillers=re.compile(rf"(?<!nhắc )(?<!nhac ){any_of(words.fillers, bare=bare)}"),
        changes=re.compile(any_of(words.changes, bare=bare)),
    )
