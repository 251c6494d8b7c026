"""The question types: one module each, found by being here.

A module of this package whose name has no underscore in front (``base`` aside) is a type: its ``TYPE`` is the
:class:`~isoxa_courses.questions.base.QuestionType`, its model joins :data:`AnyQuestion`. Nothing else to register.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field

from ..errors import UnknownName
from .base import Answer, Explanation, Layout, Note, Opaque, Question, QuestionType, Reveal, Score


def _find_types() -> dict[str, QuestionType[Any]]:
    found: dict[str, QuestionType[Any]] = {}
    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        if module.name != "base" and not module.name.startswith("_"):
            kind: QuestionType[Any] = import_module(f"{__name__}.{module.name}").TYPE
            found[kind.name] = kind
    return found


TYPES = _find_types()

if TYPE_CHECKING:
    AnyQuestion = Question
else:
    AnyQuestion = Annotated[
        Union[tuple(kind.model for kind in TYPES.values())],  # noqa: UP007 - the members are known at run time
        Field(discriminator="type"),
    ]


def question_type(name: str) -> QuestionType[Any]:
    """The type of that name. Raises UnknownName."""
    try:
        return TYPES[name]
    except KeyError:
        raise UnknownName(f"Không có loại câu hỏi “{name}”.") from None


def type_of(question: Question) -> QuestionType[Any]:
    """The type that a question belongs to."""
    return question_type(question.type)


__all__ = [
    "TYPES",
    "Answer",
    "AnyQuestion",
    "Explanation",
    "Layout",
    "Note",
    "Opaque",
    "Question",
    "QuestionType",
    "Reveal",
    "Score",
    "question_type",
    "type_of",
]
