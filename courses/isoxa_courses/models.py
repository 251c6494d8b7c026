"""A course and its parts, as pydantic models of the YAML files.

``…File`` models are one file each. :class:`Lesson` and :class:`Quiz` are what the rest of the house works with: the
file together with what ``course.yaml`` says about it, so that nobody has to look in two places.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, StrictInt, field_validator, model_validator

from .errors import UnknownName
from .facts import Fact as Fact
from .facts import Term as Term
from .fields import ContentModel, Id, LessonNumber, Line, N, Paragraphs, Points, refusal, unique_ids
from .questions import AnyQuestion, type_of
from .questions.written import Written
from .standards import Standards
from .text import format_number
from .tools import AnyTool, Tool

PassMark = Annotated[StrictInt, Field(ge=1, le=100)]
Attempts = Annotated[StrictInt, Field(ge=1, le=100)]
Level = Literal["recall", "understand", "apply"]
"""What a slot asks of the learner: to remember, to explain, or to work on a case, a figure or a record."""


class Slot(ContentModel):
    """One learning outcome of a quiz: fixed points, and equivalent variants of which an attempt draws one."""

    id: Id
    outcome: Line
    clause: Line | None = None
    section: Id
    level: Level = "recall"
    points: Points
    variants: Annotated[tuple[AnyQuestion, ...], Field(min_length=1), AfterValidator(unique_ids)]

    @model_validator(mode="after")
    def _fair_variants(self) -> Self:
        for index, variant in enumerate(self.variants):
            if isinstance(variant, Written):
                total = sum((line.points for line in variant.rubric), Decimal(0))
                if total != self.points:
                    raise refusal(
                        f"Tổng điểm trong rubric là {format_number(total)}, "
                        f"nhưng điểm của câu (points) là {format_number(self.points)}.",
                        *("variants", index, "rubric"),
                    )
            if type_of(variant).judged_by_trainer != self.judged_by_trainer:
                raise refusal(
                    "Một câu không thể vừa chấm tự động vừa chờ giảng viên chấm: "
                    "mọi phương án của câu phải cùng cách chấm.",
                    *("variants", index, "type"),
                )
        return self

    @property
    def judged_by_trainer(self) -> bool:
        """Whether a trainer grades this slot."""
        return type_of(self.variants[0]).judged_by_trainer

    def variant(self, id_: str) -> AnyQuestion:
        """The variant of that id. Raises UnknownName."""
        return _named(self.variants, id_, "phương án")


class QuizFile(ContentModel):
    """``quizzes/ID.yaml``."""

    id: Id = Field(alias="quiz")
    version: Annotated[StrictInt, Field(ge=1)]
    title: Line
    lesson: Id
    pass_mark: PassMark | None = None
    attempts: Attempts | None = None
    time_limit_minutes: Annotated[StrictInt, Field(ge=1, le=600)] | None = None
    slots: Annotated[tuple[Slot, ...], Field(min_length=1, max_length=200), AfterValidator(unique_ids)]

    @property
    def max_points(self) -> Decimal:
        """The slots' points together."""
        return sum((slot.points for slot in self.slots), Decimal(0))

    def slot(self, id_: str) -> Slot:
        """The slot of that id. Raises UnknownName."""
        return _named(self.slots, id_, "câu")

    def number(self, slot_id: str) -> int:
        """The slot's number as people see it, from 1. Raises UnknownName."""
        return [slot.id for slot in self.slots].index(self.slot(slot_id).id) + 1


class Quiz(QuizFile):
    """A quiz with the course's rules filled in; ``after`` is the lesson that unlocks it (None: never locked)."""

    pass_mark: PassMark
    attempts: Attempts
    after: Id | None = None
    required: StrictBool = True


class Section(ContentModel):
    """A part of a lesson; its id is the anchor in the notebook."""

    id: Id
    title: Line


class Checkpoint(ContentModel):
    """A practice question in a lesson: in YAML its fields stand beside ``section``."""

    id: Id
    section: Id
    question: AnyQuestion

    @model_validator(mode="before")
    @classmethod
    def _question_beside_section(cls, data: Any) -> Any:
        if isinstance(data, dict) and "question" not in data:
            own = {key: data[key] for key in ("id", "section") if key in data}
            return {**own, "question": {key: value for key, value in data.items() if key != "section"}}
        return data


class LessonFile(ContentModel):
    """``lessons/ID.yaml``: practice content, which may carry its own answers."""

    id: Id = Field(alias="lesson")
    title: Line
    sections: Annotated[tuple[Section, ...], Field(min_length=1), AfterValidator(unique_ids)]
    checkpoints: Annotated[tuple[Checkpoint, ...], AfterValidator(unique_ids)] = ()
    tools: Annotated[tuple[AnyTool, ...], AfterValidator(unique_ids)] = ()

    @model_validator(mode="after")
    def _items_fit(self) -> Self:
        sections = {section.id for section in self.sections}
        for index, checkpoint in enumerate(self.checkpoints):
            if checkpoint.section not in sections:
                raise _no_section(checkpoint.section, "checkpoints", index)
        taken = {checkpoint.id for checkpoint in self.checkpoints}
        for index, tool in enumerate(self.tools):
            if tool.id in taken:
                raise refusal(f"Mã “{tool.id}” đã dùng cho một câu luyện tập của bài.", "tools", index, "id")
            if tool.section is not None and tool.section not in sections:
                raise _no_section(tool.section, "tools", index)
        return self

    @property
    def items(self) -> tuple[str, ...]:
        """Ids of everything to do in the lesson; the lesson is complete when all are done."""
        return (*(item.id for item in self.checkpoints), *(tool.id for tool in self.tools))

    def checkpoint(self, id_: str) -> Checkpoint:
        """The checkpoint of that id. Raises UnknownName."""
        return _named(self.checkpoints, id_, "câu luyện tập")

    def tool(self, id_: str) -> Tool:
        """The tool of that id. Raises UnknownName."""
        return _named(self.tools, id_, "công cụ")


class LessonEntry(ContentModel):
    """A lesson as ``course.yaml`` lists it."""

    id: Id
    number: LessonNumber
    title: Line
    minutes: Annotated[StrictInt, Field(ge=1, le=1_000)]
    required: StrictBool = True
    summary: Paragraphs | None = None


class Lesson(LessonFile):
    """A lesson with its place in the course."""

    number: LessonNumber
    minutes: int
    required: bool = True
    summary: str | None = None


class QuizEntry(ContentModel):
    """A quiz as ``course.yaml`` lists it."""

    id: Id
    after: Id | None = None
    required: StrictBool = True


class CourseFile(ContentModel):
    """``course.yaml``."""

    id: Id = Field(alias="course")
    edition: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
    title: Line
    summary: Paragraphs
    pass_mark: PassMark = 80
    attempts: Attempts = 3
    validity_months: Annotated[StrictInt, Field(ge=1, le=600)] | None = None
    standards: Standards = Standards()
    lessons: Annotated[tuple[LessonEntry, ...], Field(min_length=1), AfterValidator(unique_ids)]
    quizzes: Annotated[tuple[QuizEntry, ...], AfterValidator(unique_ids)] = ()

    @field_validator("lessons")
    @classmethod
    def _own_numbers(cls, lessons: tuple[LessonEntry, ...]) -> tuple[LessonEntry, ...]:
        seen: set[int | str] = set()
        for index, lesson in enumerate(lessons):
            if lesson.number in seen:
                raise refusal(f"Số bài {lesson.number} đã dùng cho một bài khác.", index, "number")
            seen.add(lesson.number)
        return lessons


class Course(ContentModel):
    """A whole course. ``lessons`` and ``quizzes`` are complete, in the order of ``course.yaml``."""

    id: Id
    edition: str
    title: str
    summary: str
    pass_mark: int
    attempts: int
    validity_months: int | None
    standards: Standards = Standards()
    lessons: tuple[Lesson, ...]
    quizzes: tuple[Quiz, ...]
    facts: tuple[Fact, ...]
    glossary: tuple[Term, ...]

    def lesson(self, id_: str) -> Lesson:
        """The lesson of that id. Raises UnknownName."""
        return _named(self.lessons, id_, "bài học")

    def quiz(self, id_: str) -> Quiz:
        """The quiz of that id. Raises UnknownName."""
        return _named(self.quizzes, id_, "bài kiểm tra")

    def fact(self, id_: str) -> Fact:
        """The fact of that id. Raises UnknownName."""
        return _named(self.facts, id_, "căn cứ")


def _no_section(section: str, field: str, index: int) -> Exception:
    return refusal(f"Bài không có mục “{section}” trong sections.", field, index, "section")


def _named(items: tuple[N, ...], id_: str, what: str) -> N:
    for item in items:
        if item.id == id_:
            return item
    raise UnknownName(f"Không có {what} “{id_}”.")
