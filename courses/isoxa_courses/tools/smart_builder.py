"""The SMART builder: repair the weak objectives of a made-up commune, then write one's own unit's.

State from outside (the widget's, stored as it is)::

    {"repairs": {id: "…"}, "objectives": [{"id", "text", "baseline", "source", "owner"}]}

Every sentence is read by :func:`isoxa_courses.objective.review_objective`. Done: every repair, and at least
``own.min_objectives`` own sentences, specific, measurable, relevant and time-bound, and not shown to be impossible.
Whether an objective can be achieved often cannot be told from its words, so that alone holds nobody back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, StrictInt

from ..documents import Column, Document, DocumentKind, Signature, Table
from ..fields import ContentModel, Id, Line, Paragraphs, unique_ids
from ..objective import ObjectiveReview, review_objective
from ..text import clean
from ..tool_states import has_words, mapping, records_of, texts_of
from .base import Tool

LONGEST_SENTENCE = 2_000
"""Characters; an objective is one sentence, so a longer text is not read but sent back with a calm word."""
OBJECTIVE_FIELDS = ("text", "baseline", "source", "owner")
NEEDED = ("specific", "measurable", "relevant", "time_bound")
"""The criteria that must be met. ``achievable`` must only not be refuted by the words themselves."""

_COLUMNS = (
    Column("STT", 1, "number"),
    Column("Mục tiêu", 7),
    Column("Mức hiện nay", 3),
    Column("Nguồn số liệu", 4),
    Column("Người phụ trách", 3),
)


class Repair(ContentModel):
    """A weak sentence to rewrite. ``sample`` is one good way to say it, shown after the officer has tried."""

    id: Id
    text: Line
    hint: Paragraphs | None = None
    sample: Line


class OwnObjectives(ContentModel):
    """The officer's own part: a whole sentence as an example, and how many are asked for."""

    intro: Paragraphs | None = None
    example: Line
    min_objectives: Annotated[StrictInt, Field(ge=1, le=10)] = 1


class SmartBuilder(Tool):
    """``repairs`` to rewrite, and ``own`` objectives to write."""

    document_kinds: ClassVar[tuple[DocumentKind, ...]] = (
        DocumentKind("muc-tieu-chat-luong", "mục tiêu chất lượng", ("docx", "xlsx")),
    )

    tool: Literal["smart_builder"]
    repairs: Annotated[tuple[Repair, ...], Field(min_length=2, max_length=6), AfterValidator(unique_ids)]
    own: OwnObjectives

    def judge(self, raw: object) -> bool:
        """Whether a state from outside is done."""
        return judge_builder(self, raw).done

    def documents(self, raw: object) -> tuple[Document, ...]:
        """The unit's own objectives as a table to sign; the repairs are practice and stay here."""
        rows = tuple(
            (str(number), *(one[field] for field in OBJECTIVE_FIELDS))
            for number, one in enumerate(own_objectives(raw), 1)
        )
        if not rows:
            return ()
        signatures = (Signature("NGƯỜI LẬP"), Signature("NGƯỜI PHÊ DUYỆT"))
        about = "Hệ thống quản lý chất lượng theo TCVN ISO 9001:2015"
        kind = self.document_kinds[0].kind
        return (Document(kind, "MỤC TIÊU CHẤT LƯỢNG", about, (Table(_COLUMNS, rows),), signatures),)


@dataclass(frozen=True)
class SentenceResult:
    """A sentence read: ``state`` is ``"read"``, ``"empty"`` or ``"too_long"``; ``review`` only if it was read.

    ``text`` is the sentence as it was read, in which the review's words are to be found.
    """

    state: Literal["read", "empty", "too_long"]
    text: str = ""
    review: ObjectiveReview | None = None

    @property
    def good(self) -> bool:
        """Met on the four criteria that words can show, and not refuted on the fifth."""
        review = self.review
        if review is None or review.achievable.verdict == "not_met":
            return False
        return all(getattr(review, name).verdict == "met" for name in NEEDED)

    def to_json(self) -> dict[str, Any]:
        """``{"state", "text", "good", "review": null | {criterion: {…}, "notes": […]}}``."""
        return {
            "state": self.state,
            "text": self.text,
            "good": self.good,
            "review": self.review.to_json() if self.review else None,
        }


@dataclass(frozen=True)
class BuilderResult:
    """``repairs`` and ``objectives`` by id, in the order of the content and of the state."""

    done: bool
    repairs: dict[str, SentenceResult]
    objectives: dict[str, SentenceResult]
    own_good: int
    own_needed: int

    def to_json(self) -> dict[str, Any]:
        """``{"done", "repairs": {id: sentence}, "objectives": {id: sentence}, "own_good", "own_needed"}``."""
        return {
            "done": self.done,
            "repairs": {id_: one.to_json() for id_, one in self.repairs.items()},
            "objectives": {id_: one.to_json() for id_, one in self.objectives.items()},
            "own_good": self.own_good,
            "own_needed": self.own_needed,
        }


def read_sentence(raw: object, today: date | None = None) -> SentenceResult:
    """Read one sentence from outside; ``today`` is the day in Vietnam unless it is given. Never raises."""
    if isinstance(raw, str) and len(raw) > LONGEST_SENTENCE:
        return SentenceResult("too_long")
    text = clean(raw) if isinstance(raw, str) else ""
    if not has_words(text):
        return SentenceResult("empty")
    return SentenceResult("read", text, review_objective(text, today=today))


def judge_builder(builder: SmartBuilder, raw: object, today: date | None = None) -> BuilderResult:
    """Judge a state from outside. Anything malformed counts as not written; never raises."""
    state = mapping(raw)
    repaired = mapping(state.get("repairs"))
    repairs = {one.id: read_sentence(repaired.get(one.id), today) for one in builder.repairs}
    # The same sentence twice is one objective, however often it is copied.
    distinct: dict[str, SentenceResult] = {}
    objectives: dict[str, SentenceResult] = {}
    for one in records_of(state.get("objectives")):
        result = read_sentence(one.get("text"), today)
        same = clean(texts_of(one, ["text"])["text"]).casefold()
        objectives[str(one["id"])] = distinct.setdefault(same, result)
    good = sum(1 for one in distinct.values() if one.good)
    done = good >= builder.own.min_objectives and all(one.good for one in repairs.values())
    return BuilderResult(done, repairs, objectives, good, builder.own.min_objectives)


def own_objectives(raw: object) -> list[dict[str, str]]:
    """The objectives of a saved state that have any words: ``{"id", "text", "baseline", "source", "owner"}``."""
    found = records_of(mapping(raw).get("objectives"))
    objectives = [{"id": str(one["id"]), **texts_of(one, OBJECTIVE_FIELDS)} for one in found]
    return [one for one in objectives if any(has_words(one[field]) for field in OBJECTIVE_FIELDS)]


MODEL = SmartBuilder
