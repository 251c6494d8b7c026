"""A lesson's figures, and where they fall short of the course's standards.

A worked example is marked in the notebook: its markdown cells carry the tag ``vi-du``, or ``vi-du-NAME`` where two
examples follow one another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from .check_findings import Finding, short_of
from .check_notebook import Notebook, prose_of
from .models import Lesson
from .standards import LessonStandards
from .text import format_number
from .yaml_files import Document

WORDS_A_MINUTE = 200
"""Words between spaces, which in Vietnamese are syllables.

Adults read 184 ± 29 words a minute aloud, over 17 languages (Trauzettel-Klosinski and Dietz, Investigative
Ophthalmology & Visual Science 53, 2012, 5452-5461), and 238 silently in English (Brysbaert, Journal of Memory and
Language 109, 2019, 104047). Vietnamese is in neither; a lesson is read to be understood: 200 lies between.
"""
CHECKPOINT_MINUTES = 1.2
TOOL_MINUTES = 10.0
"""Our own estimates: to answer, to read why, sometimes to try again; to work on one's own unit's case."""

EXAMPLE_TAG = "vi-du"


def lesson_figures(lesson: Lesson, notebook: Notebook | None) -> dict[str, Any]:
    """The figures of one lesson; what each means stands in the documentation for trainers."""
    cells = notebook.cells if notebook else ()
    words = sum(len(prose_of(cell).split()) for cell in cells if cell["cell_type"] == "markdown")
    sections = Counter(checkpoint.section for checkpoint in lesson.checkpoints)
    return {
        "words": words,
        "minutes": lesson.minutes,
        "reading_minutes": reading_minutes(words, len(lesson.checkpoints), len(lesson.tools)),
        "checkpoints": len(lesson.checkpoints),
        "checkpoint_sections": len(sections),
        "tools": len(lesson.tools),
        "worked_examples": worked_examples(notebook) if notebook else 0,
    }


def reading_minutes(words: int, checkpoints: int, tools: int) -> float:
    """Minutes to work through a lesson: words / 200 + 1.2 a checkpoint + 10 a tool, to one decimal."""
    return round(words / WORDS_A_MINUTE + checkpoints * CHECKPOINT_MINUTES + tools * TOOL_MINUTES, 1)


def worked_examples(notebook: Notebook) -> int:
    """How many examples are marked.

    Cells of one name are one example wherever they stand; cells tagged without a name are one example as long as no
    other markdown cell comes between (a checkpoint in the middle of an example does not end it).
    """
    named: set[str] = set()
    runs, running = 0, False
    for cell in notebook.cells:
        if cell["cell_type"] != "markdown":
            continue
        tags = [tag for tag in cell["metadata"].get("tags", ()) if isinstance(tag, str)]
        named |= {tag for tag in tags if tag.startswith(f"{EXAMPLE_TAG}-")}
        if EXAMPLE_TAG in tags and not running:
            runs += 1
        running = EXAMPLE_TAG in tags
    return len(named) + runs


def check_lesson(
    lesson: Lesson,
    document: Document,
    notebook: Notebook | None,
    figures: dict[str, Any],
    standards: LessonStandards,
) -> Iterator[Finding]:
    """Where the figures fall short of the standards."""
    least = (
        ("checkpoints", "checkpoints", "câu luyện tập"),
        ("tools", "tools", "công cụ"),
        ("worked_examples", "title", f"ví dụ mẫu (ô đánh dấu “{EXAMPLE_TAG}” trong sổ tay)"),
    )
    for name, place, what in least:
        wanted = getattr(standards, name)
        if figures[name] < wanted and (notebook is not None or name != "worked_examples"):
            reason = f"Bài có {figures[name]} {what}; cần ít nhất {wanted}."
            yield short_of(standards, name, document.problem((place,), reason))
    if lesson.checkpoints and figures["checkpoint_sections"] < standards.checkpoint_sections:
        reason = (
            f"Các câu luyện tập dồn vào {figures['checkpoint_sections']} mục; "
            f"cần rải ra ít nhất {standards.checkpoint_sections} mục."
        )
        yield short_of(standards, "checkpoint_sections", document.problem(("checkpoints",), reason))
    if notebook is not None:
        yield from _check_minutes(document, figures, standards)


def _check_minutes(
    document: Document, figures: dict[str, Any], standards: LessonStandards
) -> Iterator[Finding]:
    minutes = figures["reading_minutes"]
    shown = f"Học hết bài mất chừng {format_number(round(minutes))} phút"
    if minutes < standards.least_minutes:
        reason = f"{shown}; cần ít nhất {standards.least_minutes} phút."
        yield short_of(standards, "least_minutes", document.problem(("title",), reason))
    if minutes > standards.most_minutes:
        reason = f"{shown}; chỉ nên nhiều nhất {standards.most_minutes} phút."
        yield short_of(standards, "most_minutes", document.problem(("title",), reason))
