"""``letters/cong-van-KIND.yaml``: the official letter a department sends to a commune that stands on one of its lists.

A trainer edits what the letter is about, its paragraphs, who signs and who gets a copy. A field in braces stands for a
figure or a name from the list (``{so}``, ``{khoa_hoc}``); a line that is nothing but ``{bang}`` is where the table of
the persons named on the list goes. A line whose field has no value is left out whole. A course without a letter of a
kind uses the one that comes with isoxa. How the page is laid out is Nghị định 30/2020/NĐ-CP's, not the text's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .complaints import validated
from .errors import ContentError, Problem
from .fields import ContentModel, Line, Paragraphs, refusal
from .letter_texts import LETTERS, check_fields, fill, fill_line
from .shipped import content_root
from .text import clean
from .yaml_files import read_yaml

__all__ = [
    "OFFICIAL_KINDS",
    "TABLE",
    "OfficialFields",
    "OfficialKind",
    "OfficialLetter",
    "load_official",
    "official_file",
    "official_files",
]

OfficialKind = Literal[
    "nobody_sent", "one_person_only", "overdue", "due_soon", "expiring_soon", "roles_without_anyone"
]
OFFICIAL_KINDS: dict[OfficialKind, str] = {
    "nobody_sent": "chua-cu-ai",
    "one_person_only": "chi-co-mot-nguoi",
    "overdue": "qua-han",
    "due_soon": "sap-den-han",
    "expiring_soon": "sap-het-hieu-luc",
    "roles_without_anyone": "vai-tro-chua-co-ai",
}
"""Kind of list → how files and addresses call it. A list of answers that wait for a trainer calls on no commune."""

NAMES_NOBODY: frozenset[OfficialKind] = frozenset({"nobody_sent", "roles_without_anyone"})
TABLE = "{bang}"
_TABLE_FIELD = "bang"
_SHIPPED_COURSE = "iso-9001-cap-xa"


@dataclass(frozen=True)
class OfficialFields:
    """What a letter can say; an empty text is "not known". ``so``: how many of the commune are on the list.

    ``xa`` is the commune in running text ("xã Di Linh"), ``ngay`` the day of the figures, ``han_gui`` the day by which
    an answer is asked for, ``vai_tro`` the roles that nobody trained has, ``nguoi`` and ``ly_do`` the one person that a
    commune depends on and why it does.
    """

    xa: str
    khoa_hoc: str
    ngay: str
    han_gui: str
    so: str
    dang_ky: str
    hoan_thanh: str
    vai_tro: str = ""
    nguoi: str = ""
    ly_do: str = ""
    dia_chi: str = ""
    lien_he: str = ""

    def values(self) -> dict[str, str]:
        """Field → text on one line, whatever the records hold."""
        return {name: clean(value) for name, value in vars(self).items()}


FIELDS = tuple(OfficialFields.__dataclass_fields__)
_OF_ONE_KIND: dict[str, OfficialKind] = {
    "vai_tro": "roles_without_anyone",
    "nguoi": "one_person_only",
    "ly_do": "one_person_only",
}

Short = Annotated[Line, Field(max_length=200)]


class OfficialLetter(ContentModel):
    """One letter; ``letter`` repeats the kind that its file's name says.

    ``about``: trích yếu, printed after "V/v". ``signer``: the office of who signs for a department. ``copies``: who
    gets a copy, beside the commune and the department's own files.
    """

    letter: OfficialKind
    about: Short
    body: Annotated[Paragraphs, Field(max_length=6_000)]
    signer: Annotated[Line, Field(max_length=100)]
    copies: Annotated[tuple[Short, ...], Field(max_length=6)] = ()

    @model_validator(mode="after")
    def _fields(self) -> OfficialLetter:
        allowed = [name for name in FIELDS if _OF_ONE_KIND.get(name, self.letter) == self.letter]
        check_fields(self.about, allowed, "about")
        named = self.letter not in NAMES_NOBODY
        for line in self.body.splitlines():
            if TABLE in line and (line.strip() != TABLE or not named):
                raise refusal(_TABLE_REASONS[named], "body")
        check_fields(self.body, [*allowed, _TABLE_FIELD] if named else allowed, "body")
        if named and self.body.count(TABLE) != 1:
            raise refusal("Công văn này phải có đúng một dòng {bang}: danh sách người đặt ở dòng ấy.", "body")
        return self

    def fill(self, fields: OfficialFields) -> tuple[str, list[str]]:
        """What it is about, on one line, and its paragraphs; the one that is ``TABLE`` stands for the table."""
        values = fields.values() | {_TABLE_FIELD: TABLE}
        text = fill(self.body, values)
        return clean(fill_line(self.about, values)), [
            line.strip() for line in text.splitlines() if line.strip()
        ]


_TABLE_REASONS = {
    True: "Ô {bang} phải đứng riêng một dòng.",
    False: "Công văn này không nêu tên ai nên không có ô {bang}.",
}


def official_file(kind: OfficialKind) -> str:
    """``letters/cong-van-qua-han.yaml``: the letter's path inside a course folder."""
    return f"{LETTERS}/cong-van-{OFFICIAL_KINDS[kind]}.yaml"


def official_files(folder: Path) -> dict[str, OfficialKind]:
    """The official letters a course folder has: path inside it → kind."""
    return {official_file(kind): kind for kind in OFFICIAL_KINDS if (folder / official_file(kind)).is_file()}


def load_official(folder: Path, kind: OfficialKind) -> OfficialLetter:
    """The course's letter of that kind, or the one that comes with isoxa. Raises ``ContentError``."""
    path = folder / official_file(kind)
    if not path.is_file():
        path = content_root().courses / _SHIPPED_COURSE / official_file(kind)
    letter = validated(OfficialLetter, read_yaml(path))
    if letter.letter != kind:
        raise ContentError([Problem(str(path), 1, wrong_kind(letter.letter, kind))])
    return letter


def wrong_kind(written: str, kind: OfficialKind) -> str:
    """What to say of a file that holds another letter than its name says."""
    return f"Trường letter là “{written}”, nhưng tên tệp là của công văn “{kind}”."
