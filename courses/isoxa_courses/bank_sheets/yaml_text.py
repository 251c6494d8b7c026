"""A quiz as the text of its YAML file, in the style of the course: ids bare, texts in double quotes, one part a line.

Long texts of the written type are folded over several lines, texts of several paragraphs stand as blocks. The text is
made for people to read and to compare between versions: the same quiz always gives the same lines.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ..fields import ContentModel
from ..models import QuizFile, Slot
from ..questions import Question
from ..text import format_number

_WIDTH = 118
_LONGEST_FLOW = 230
_LONGEST_QUOTED = 330
_BARE = re.compile(r"[a-z][a-z0-9_-]*\Z")
_WORDS_OF_YAML = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_BARE_KEYS = frozenset({"id", "section", "lesson", "quiz", "box", "row", "column", "answer", "type", "level"})


def quiz_yaml(quiz: QuizFile, header: str = "") -> str:
    """The file's text; ``header`` is the comment on top, with its line end."""
    lines = [f"quiz: {_bare(quiz.id)}", f"version: {quiz.version}", f"title: {_quoted(quiz.title)}"]
    lines.append(f"lesson: {_bare(quiz.lesson)}")
    for key in ("pass_mark", "attempts", "time_limit_minutes"):
        if (value := getattr(quiz, key)) is not None:
            lines.append(f"{key}: {value}")
    lines.append("slots:")
    for index, slot in enumerate(quiz.slots):
        lines += [""] if index else []
        lines += _slot(slot)
    return header + "\n".join(lines) + "\n"


def _slot(slot: Slot) -> Iterator[str]:
    yield f"  - id: {_bare(slot.id)}"
    yield f"    outcome: {_quoted(slot.outcome)}"
    if slot.clause is not None:
        yield f"    clause: {_quoted(slot.clause)}"
    yield f"    section: {_bare(slot.section)}"
    if slot.level != "recall":
        yield f"    level: {slot.level}"
    yield f"    points: {_points(slot.points)}"
    yield "    variants:"
    for variant in slot.variants:
        yield from _variant(variant)


def _variant(question: Question) -> Iterator[str]:
    indent = " " * 8
    yield f"      - id: {_bare(question.id)}"
    yield f"{indent}type: {question.type}"
    yield from _text("prompt", question.prompt, indent)
    for key, field in type(question).model_fields.items():
        value = getattr(question, key)
        if key in ("id", "type", "prompt", "explanation") or value is None:
            continue
        if key != "tolerance" and not field.is_required() and value == field.default:
            continue
        yield from _own(key, value, indent)
    yield from _text("explanation", question.explanation, indent)


def _own(key: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Decimal):
        yield f'{indent}{key}: "{format_number(value)}"'
    elif isinstance(value, str):
        yield from _text(key, value, indent)
    elif isinstance(value, ContentModel):
        yield f"{indent}{key}:"
        for name in type(value).model_fields:
            yield from _own(name, getattr(value, name), indent + "  ")
    elif isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        flow = f"{indent}{key}: [{', '.join(map(_quoted, value))}]"
        if len(flow) <= _WIDTH:
            yield flow
        else:
            yield f"{indent}{key}:"
            yield from (f"{indent}  - {_quoted(item)}" for item in value)
    elif isinstance(value, tuple):
        yield f"{indent}{key}:"
        for item in value:
            yield from _part(item, indent + "  ")
    else:
        yield f"{indent}{key}: {value}"


def _part(item: ContentModel, indent: str) -> Iterator[str]:
    """``- {id: a, text: "…"}``, or a line a field where that would be too long."""
    fields = _fields(item)
    flow = f"{indent}- {{{', '.join(f'{key}: {text}' for key, text in fields)}}}"
    if len(flow) <= _LONGEST_FLOW:
        yield flow
        return
    for index, (key, text) in enumerate(fields):
        yield f"{indent}{'  ' if index else '- '}{key}: {text}"


_PLACES = ("id", "row", "column", "text", "left", "right", "box", "likelihood", "severity", "tolerance")


def _fields(item: ContentModel) -> list[tuple[str, str]]:
    fields = type(item).model_fields
    keys = sorted(fields, key=lambda key: _PLACES.index(key) if key in _PLACES else len(_PLACES))
    return [
        (key, _value(key, getattr(item, key)))
        for key in keys
        if fields[key].is_required() or getattr(item, key) != fields[key].default
    ]


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return _points(value)
    if isinstance(value, str):
        return _bare(value) if key in _BARE_KEYS else _quoted(value)
    return str(value)


def _text(key: str, text: str, indent: str) -> Iterator[str]:
    inner = indent + "  "
    if "\n" in text:
        yield f"{indent}{key}: |-"
        yield from (f"{inner}{line}" if line else "" for line in text.split("\n"))
    elif len(text) > _LONGEST_QUOTED:
        yield f"{indent}{key}: >-"
        lines = textwrap.wrap(text, _WIDTH - len(inner), break_long_words=False, break_on_hyphens=False)
        yield from (inner + line for line in lines)
    else:
        yield f"{indent}{key}: {_quoted(text)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _bare(id_: str) -> str:
    return id_ if _BARE.match(id_) and id_ not in _WORDS_OF_YAML else _quoted(id_)


def _points(points: Decimal) -> str:
    return format(points.normalize(), "f")
