"""``letters/reminder-KIND.yaml``: what somebody is written who is overdue, due soon, or has not begun.

A trainer edits subject and body. A field in braces stands for what is known of the person (``{ho_ten}``); nothing else
of the text is read, and what is put in is never read for fields again. A line whose field has no value (no due day, no
public address set) is left out whole. A course without a letter of a kind uses the one that comes with isoxa.

Letters are no part of an edition: to word one better makes nobody learn anything anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .complaints import validated
from .errors import ContentError, Problem
from .fields import ContentModel, Line, Paragraphs, refusal
from .letter_texts import LETTERS, check_fields, fields_in, fill, fill_line
from .shipped import content_root
from .text import clean
from .yaml_files import read_yaml

__all__ = [
    "LETTERS",
    "LetterFields",
    "ReminderLetter",
    "letter_file",
    "load_reminder",
    "reminder_files",
]

Kind = Literal["overdue", "due_soon", "not_started"]
KINDS: tuple[Kind, ...] = ("overdue", "due_soon", "not_started")
SHIPPED_COURSE = "iso-9001-cap-xa"

_DUE_FIELDS = ("han", "so_ngay")
LONGEST_SUBJECT = 150


@dataclass(frozen=True)
class LetterFields:
    """What a letter can say; an empty text is "not known". ``so_ngay``: days left until, or past, the due day."""

    ho_ten: str
    don_vi: str
    khoa_hoc: str
    han: str = ""
    so_ngay: str = ""
    dia_chi: str = ""
    lien_he: str = ""
    nguoi_gui: str = ""

    def values(self) -> dict[str, str]:
        """Field → text on one line, whatever the records hold."""
        return {name: clean(value) for name, value in vars(self).items()}


FIELDS = tuple(LetterFields.__dataclass_fields__)


class ReminderLetter(ContentModel):
    """One letter; ``letter`` repeats the kind that its file's name says."""

    letter: Kind
    subject: Annotated[Line, Field(max_length=LONGEST_SUBJECT)]
    body: Annotated[Paragraphs, Field(max_length=6_000)]

    @model_validator(mode="after")
    def _fields(self) -> ReminderLetter:
        for place, text in (("subject", self.subject), ("body", self.body)):
            check_fields(text, FIELDS, place)
            for name in fields_in(text):
                if name in _DUE_FIELDS and self.letter == "not_started":
                    raise refusal(
                        f"Thư cho người chưa bắt đầu không dùng ô “{{{name}}}”: nhiều người trong số này không có hạn.",
                        place,
                    )
        if "{ho_ten}" not in self.body:
            raise refusal("Thư phải có ô {ho_ten}, để người nhận biết thư gửi cho mình.", "body")
        return self

    def fill(self, fields: LetterFields) -> tuple[str, str]:
        """Subject and body with the fields filled in; the subject on one line."""
        values = fields.values()
        subject = clean(fill_line(self.subject, values))[:LONGEST_SUBJECT]
        return subject, fill(self.body, values) + "\n"


def letter_file(kind: Kind) -> str:
    """``letters/reminder-due-soon.yaml``: the letter's path inside a course folder."""
    return f"{LETTERS}/reminder-{kind.replace('_', '-')}.yaml"


def reminder_files(folder: Path) -> dict[str, Kind]:
    """The reminder letters a course folder has: path inside it → kind."""
    return {letter_file(kind): kind for kind in KINDS if (folder / letter_file(kind)).is_file()}


def load_reminder(folder: Path, kind: Kind) -> ReminderLetter:
    """The course's letter of that kind, or the one that comes with isoxa. Raises ``ContentError``."""
    path = folder / letter_file(kind)
    if not path.is_file():
        path = content_root().courses / SHIPPED_COURSE / letter_file(kind)
    letter = validated(ReminderLetter, read_yaml(path))
    if letter.letter != kind:
        reason = f"Trường letter là “{letter.letter}”, nhưng tên tệp là của thư “{kind}”."
        raise ContentError([Problem(str(path), 1, reason)])
    return letter
