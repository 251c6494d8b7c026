"""The lesson's notebook: well formed, in step with its YAML, readable on a phone, and without the quiz's keys."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
from isoxa_courses.check_lesson import reading_minutes
from isoxa_courses.models import Course, Lesson
from isoxa_courses.text import fold

CALL = re.compile(r'bai\.(checkpoint|tool|fact)\("([a-z0-9-]+)"\)|bai\.summary\(\)')
PHONE = 358  # a 390 px screen less its margins


def code_cells(notebook: Any) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def by_section(notebook: Any) -> dict[str, str]:
    """The source of each section's cells, by the anchor that opens it."""
    parts: dict[str, list[str]] = {"": []}
    section = ""
    for cell in notebook.cells:
        found = re.match(r'<a id="([a-z0-9-]+)"></a>\n\n## ', cell.source)
        if found:
            section = found[1]
        parts.setdefault(section, []).append(cell.source)
    return {name: "\n".join(sources) for name, sources in parts.items()}


def test_valid_clean_and_named(each_notebook: Any, each_lesson: Lesson) -> None:
    nbformat.validate(each_notebook)
    assert (each_notebook.nbformat, each_notebook.nbformat_minor) == (4, 5)
    assert each_notebook.metadata.isoxa["lesson"] == each_lesson.id
    assert each_notebook.metadata.kernelspec.name == "python3"
    ids = [cell.id for cell in each_notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]{2,40}", id_) for id_ in ids)
    for cell in each_notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None), cell.id


def test_one_call_a_cell(each_notebook: Any, each_lesson: Lesson) -> None:
    first, *rest = code_cells(each_notebook)
    assert first == f'from isoxa_widgets import lesson\n\nbai = lesson("{each_lesson.id}")'
    assert all(CALL.fullmatch(source) for source in rest)
    assert rest[-1] == "bai.summary()"


def test_sections_are_those_of_the_yaml(each_notebook: Any, each_lesson: Lesson) -> None:
    headings = re.findall(
        r'<a id="([^"]+)"></a>\n\n## (.+)', "\n".join(c.source for c in each_notebook.cells)
    )
    assert headings == [(section.id, section.title) for section in each_lesson.sections]
    everything = "\n".join(c.source for c in each_notebook.cells if c.cell_type == "markdown")
    assert len(re.findall(r"^## ", everything, flags=re.MULTILINE)) == len(headings)


def test_each_item_once_and_in_its_section(each_notebook: Any, each_lesson: Lesson) -> None:
    sections = by_section(each_notebook)
    for item, section in [
        *((c.id, c.section) for c in each_lesson.checkpoints),
        *((t.id, t.section) for t in each_lesson.tools),
    ]:
        kind = "tool" if item in {t.id for t in each_lesson.tools} else "checkpoint"
        calls = [name for name, source in sections.items() if f'bai.{kind}("{item}")' in source]
        assert calls == [section], item
    named = [
        m[2]
        for source in code_cells(each_notebook)
        if (m := CALL.fullmatch(source)) and m[2] and m[1] != "fact"
    ]
    assert tuple(named) == each_lesson.items


def test_a_question_before_each_explanation(each_notebook: Any) -> None:
    """Every section but the board and the summary makes the reader think first."""
    for name, source in by_section(each_notebook).items():
        if name not in {"", "thuc-hanh", "tom-tat"}:
            assert "> **Thử nghĩ.**" in source, name


def test_length_fits_the_time_promised(each_notebook: Any, each_lesson: Lesson) -> None:
    """Officers read some 200 syllables a minute; a checkpoint takes about a minute, a tool ten."""
    prose = "\n".join(cell.source for cell in each_notebook.cells if cell.cell_type == "markdown")
    text = re.sub(r"<[^>]+>", " ", prose)
    minutes = reading_minutes(len(text.split()), len(each_lesson.checkpoints), len(each_lesson.tools))
    assert 30 <= minutes <= 48
    assert abs(minutes - each_lesson.minutes) <= 8


def test_short_paragraphs(each_notebook: Any) -> None:
    for cell in each_notebook.cells:
        if cell.cell_type == "markdown":
            for paragraph in cell.source.split("\n\n"):
                if not paragraph.startswith(("|", "<", "-", "1.")):
                    assert len(paragraph.split()) <= 75, (cell.id, paragraph)


def test_pictures_are_whole_and_legible(each_notebook: Any) -> None:
    figures = [cell.source for cell in each_notebook.cells if cell.source.startswith("<figure")]
    assert len(figures) >= 2
    for source in figures:
        assert "\n\n" not in source, "a blank line would end the HTML block"
        figure = ElementTree.fromstring(source)  # noqa: S314 - our own file
        svg = figure.find("{http://www.w3.org/2000/svg}svg")
        assert svg is not None
        assert svg.get("role") == "img"
        assert len(svg.get("aria-label", "")) > 60
        width = float(svg.get("viewBox", "").split()[2])
        sizes = [float(text.get("font-size", "0")) for text in svg.iter("{http://www.w3.org/2000/svg}text")]
        assert sizes
        assert round(min(sizes) * min(1.0, PHONE / width)) >= 14
        assert all(
            "var(--ix-" in shape.get("fill", "var(--ix-") or shape.get("fill") == "none" for shape in svg
        )
        assert figure.find("figcaption") is not None


def test_nothing_of_a_quiz(each_notebook: Any, each_lesson: Lesson, course: Course, folder: Path) -> None:
    """Neither the notebook nor the lesson's practice gives away a prompt, a reason or a key of any quiz."""
    released = fold("\n".join(cell.source for cell in each_notebook.cells))
    released += fold((folder / "lessons" / f"{each_lesson.id}.yaml").read_text(encoding="utf-8"))
    for slot in (slot for quiz in course.quizzes for slot in quiz.slots):
        for variant in slot.variants:
            secrets = [variant.prompt, getattr(variant, "sample", "")]
            for part in (*getattr(variant, "choices", ()), *getattr(variant, "items", ())):
                secrets += [part.text, getattr(part, "why", None) or ""]
            secrets += [cell.why or "" for cell in getattr(variant, "cells", ())]
            secrets += [pair.left for pair in getattr(variant, "pairs", ())]
            for secret in secrets:
                assert len(fold(secret)) < 25 or fold(secret) not in released, (slot.id, variant.id, secret)
    for name in ("quizzes", "quiz", "answer"):
        assert name not in "\n".join(code_cells(each_notebook))
