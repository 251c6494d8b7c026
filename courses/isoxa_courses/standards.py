"""What a course demands of itself: ``standards:`` in ``course.yaml``.

Each number has a default, which every course is measured against. What a course writes down is binding (falling short
stops ``isoxa course check``); what it leaves out is advice (a warning). So a trainer's own short course is not refused
for being short, and a course that promises more is held to it.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from .fields import ContentModel

Count = Annotated[StrictInt, Field(ge=0, le=1_000)]
Percent = Annotated[StrictInt, Field(ge=0, le=100)]


class QuizStandards(ContentModel):
    """Of each quiz."""

    slots: Count = 12
    """At least so many slots."""
    variants: Count = 3
    """At least so many variants in each slot."""
    application_percent: Percent = 33
    """At least so many per cent of the slots with ``level: apply``."""
    written: Count = 1
    """At least so many slots that a trainer grades against a rubric."""
    longest_choice_margin: Percent = 10
    """Always picking the longest choice scores within so many points of picking by lot."""
    even_key_positions: StrictBool = True
    """The right choice stands about equally often at each position of the file."""


class LessonStandards(ContentModel):
    """Of each lesson."""

    checkpoints: Count = 5
    """At least so many checkpoints."""
    checkpoint_sections: Count = 2
    """In at least so many sections."""
    tools: Count = 1
    """At least so many tools."""
    worked_examples: Count = 1
    """At least so many worked examples."""
    least_minutes: Count = 25
    """Reading minutes, from."""
    most_minutes: Count = 50
    """Reading minutes, to."""


class Standards(ContentModel):
    """``standards:`` of ``course.yaml``."""

    quiz: QuizStandards = QuizStandards()
    lesson: LessonStandards = LessonStandards()


def is_binding(standards: QuizStandards | LessonStandards, name: str) -> bool:
    """Whether the course wrote this standard down itself."""
    return name in standards.model_fields_set
