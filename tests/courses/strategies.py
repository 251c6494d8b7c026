"""Random questions of every type, and canonical answers to them, for property tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from isoxa_courses.questions import TYPES, Answer, Question

TEXT = st.text("aăâbcdđeêghôơưạáàảã 0123456789", min_size=1, max_size=12).filter(lambda s: s.strip())
POINTS = st.integers(25, 1000).map(lambda n: Decimal(n).scaleb(-2))
SMALL = st.decimals(-1000, 1000, places=3, allow_nan=False, allow_infinity=False)


def _parts(draw: st.DrawFn, least: int, most: int = 7) -> list[dict[str, Any]]:
    ids = draw(
        st.lists(
            st.from_regex(r"[a-z][a-z0-9]{0,2}", fullmatch=True), min_size=least, max_size=most, unique=True
        )
    )
    return [{"id": id_, "text": f"{draw(TEXT)} {number}"} for number, id_ in enumerate(ids)]


def _table(draw: st.DrawFn) -> dict[str, Any]:
    columns, rows, bank = _parts(draw, 1, 3), _parts(draw, 1, 3), _parts(draw, 2, 5)
    places = [(row["id"], column["id"]) for row in rows for column in columns]
    answers = st.sampled_from([part["id"] for part in bank])
    # Each place is open, given or empty; at least the first is open.
    kinds = ["open", *(draw(st.sampled_from(["open", "given", "empty"])) for _ in places[1:])]
    named = [
        ({"row": row, "column": column}, kind) for (row, column), kind in zip(places, kinds, strict=True)
    ]
    return {
        "columns": columns,
        "rows": rows,
        "bank": bank,
        "cells": [{**place, "answer": draw(answers)} for place, kind in named if kind == "open"],
        "given": [{**place, "text": "đã có"} for place, kind in named if kind == "given"],
    }


@st.composite
def questions(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(sorted(TYPES))) -> Question:
    """A question of one of ``kinds``."""
    kind = draw(st.sampled_from(kinds))
    own: dict[str, Any] = {}
    if kind in ("single_choice", "multiple_choice"):
        parts = _parts(draw, 2)
        right = draw(st.sets(st.sampled_from(range(len(parts))), min_size=1))
        right = {min(right)} if kind == "single_choice" else right
        own["choices"] = [{**part, "correct": i in right, "why": "vì thế"} for i, part in enumerate(parts)]
    elif kind == "ordering":
        own["items"] = _parts(draw, 3)
    elif kind == "matching":
        parts = _parts(draw, 3)
        extra = draw(st.integers(0, len(parts) - 2))
        pairs, rest = parts[extra:], parts[:extra]
        own["pairs"] = [
            {"id": p["id"], "left": "trái " + p["text"], "right": "phải " + p["text"]} for p in pairs
        ]
        own["extra"] = [{"id": p["id"], "right": "thừa " + p["text"]} for p in rest]
    elif kind == "classification":
        boxes = _parts(draw, 2, 4)
        ids = [box["id"] for box in boxes]
        items = [{**part, "box": draw(st.sampled_from(ids)), "why": "vì thế"} for part in _parts(draw, 2)]
        own |= {"boxes": boxes, "items": items}
    elif kind == "matrix_score":
        level = st.integers(1, 5)
        own["items"] = [
            {
                **part,
                "likelihood": draw(level),
                "severity": draw(level),
                "tolerance": draw(st.integers(0, 1)),
                "why": "vì thế",
            }
            for part in _parts(draw, 1)
        ]
        if draw(st.booleans()):
            own["scale"] = {name: [f"{name} {n}" for n in range(5)] for name in ("likelihood", "severity")}
    elif kind == "table_fill":
        own |= _table(draw)
    elif kind == "numeric":
        own |= {
            "answer": draw(SMALL),
            "tolerance": abs(draw(SMALL)),
            "unit": draw(st.sampled_from([None, "%", "hồ sơ"])),
        }
    elif kind == "short_text":
        own["accepted"] = draw(st.lists(TEXT, min_size=1, max_size=3))
    elif kind == "written":
        own |= {"rubric": [{"id": "r", "text": "đủ", "points": 1}], "sample": "mẫu", "min_words": 2}
    else:
        raise AssertionError(f"tell this strategy how to make a {kind}")
    base = {"id": "v", "type": kind, "prompt": "Hỏi?", "explanation": "Giải thích."}
    return TYPES[kind].model.model_validate({**base, **own})


@st.composite
def answers(draw: st.DrawFn, question: Question) -> Answer:
    """A canonical answer (never None)."""
    kind = TYPES[question.type]
    q: Any = question
    if question.type == "single_choice":
        raw: Any = draw(st.sampled_from(q.choice_ids))
    elif question.type == "multiple_choice":
        raw = draw(st.lists(st.sampled_from(q.choice_ids), min_size=1, unique=True))
    elif question.type == "ordering":
        raw = draw(st.permutations(q.item_ids))
    elif question.type == "matching":
        raw = draw(
            st.dictionaries(st.sampled_from(q.left_ids), st.sampled_from(sorted(q.rights)), min_size=1)
        )
    elif question.type == "classification":
        raw = draw(
            st.dictionaries(st.sampled_from(q.item_ids), st.sampled_from(sorted(q.box_texts)), min_size=1)
        )
    elif question.type == "matrix_score":
        level = st.none() | st.integers(1, 5)
        placed = st.tuples(level, level).filter(any).map(list)
        raw = draw(st.dictionaries(st.sampled_from(q.item_ids), placed, min_size=1))
    elif question.type == "table_fill":
        raw = draw(
            st.dictionaries(st.sampled_from(q.cell_names), st.sampled_from(sorted(q.bank_texts)), min_size=1)
        )
    elif question.type == "numeric":
        raw = format(draw(st.one_of(SMALL, st.just(q.answer))), "f")
    elif question.type == "short_text":
        raw = draw(st.one_of(TEXT, st.sampled_from(q.accepted)))
    else:
        raw = draw(TEXT)
    return kind.canonical(question, raw)


def right_answer(question: Question) -> Answer:
    """The answer that earns everything (for written: any)."""
    q: Any = question
    return {
        "single_choice": lambda: q.correct_ids[0],
        "multiple_choice": lambda: q.correct_ids,
        "ordering": lambda: q.item_ids,
        "matching": lambda: {id_: id_ for id_ in q.left_ids},
        "classification": lambda: {item.id: item.box for item in q.items},
        "matrix_score": lambda: {item.id: [item.likelihood, item.severity] for item in q.items},
        "table_fill": lambda: {f"{cell.row}/{cell.column}": cell.answer for cell in q.cells},
        "numeric": lambda: TYPES["numeric"].canonical(q, format(q.answer, "f")),
        "short_text": lambda: q.accepted[0],
        "written": lambda: "một bài viết",
    }[question.type]()


@st.composite
def answered(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(sorted(TYPES))) -> tuple[Question, Answer]:
    """A question with an answer to it."""
    question = draw(questions(kinds))
    return question, draw(answers(question))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
