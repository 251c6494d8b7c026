"""One attempt: what is drawn, what may be seen of it, and that nothing seen tells the key."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from isoxa_courses.drawing import (
    DrawnQuiz,
    attempt_seed,
    draw_quiz,
    opaque_ids,
    parse_answer,
    publish_answer,
    show_slot,
)
from isoxa_courses.errors import UnknownName
from isoxa_courses.models import Quiz
from isoxa_courses.scoring import describe_slot, explain_slot, score_slot

SECRET = b"mot bi mat"
SEEDS = [attempt_seed(SECRET, person, "01-thu", 1) for person in range(400)]


def shown(quiz: Quiz, seed: str) -> dict[str, dict[str, Any]]:
    drawn = draw_quiz(quiz, seed)
    return {slot.id: show_slot(quiz, drawn, slot.id, seed) for slot in quiz.slots}


def test_a_seed_belongs_to_one_attempt() -> None:
    seed = attempt_seed(SECRET, 7, "01-thu", 1)
    assert re.fullmatch(r"[0-9a-f]{64}", seed)
    assert seed == attempt_seed(SECRET, 7, "01-thu", 1)
    others = [
        (SECRET, 7, "01-thu", 2),
        (SECRET, 7, "02", 1),
        (SECRET, 8, "01-thu", 1),
        (b"khac", 7, "01-thu", 1),
    ]
    assert len({seed, *(attempt_seed(*other) for other in others)}) == 5
    assert attempt_seed(SECRET, 1, "1-x", 1) != attempt_seed(SECRET, 11, "-x", 1)


def test_a_draw_is_repeatable_and_survives_json(quiz: Quiz) -> None:
    drawn = draw_quiz(quiz, SEEDS[0])
    assert drawn == draw_quiz(quiz, SEEDS[0])
    assert DrawnQuiz.from_json(json.loads(json.dumps(drawn.to_json()))) == drawn
    assert len({json.dumps(draw_quiz(quiz, seed).to_json()) for seed in SEEDS}) > 50


def test_every_variant_is_drawn_about_as_often(quiz: Quiz) -> None:
    variants = Counter(draw_quiz(quiz, seed).slot("mot").variant for seed in SEEDS)
    assert set(variants) == {"m1", "m2"}
    assert min(variants.values()) > 150


def test_a_new_slot_leaves_the_others_as_they_were(quiz: Quiz) -> None:
    fewer = quiz.model_copy(update={"slots": quiz.slots[1:]})
    assert draw_quiz(fewer, SEEDS[3]).slots == draw_quiz(quiz, SEEDS[3]).slots[1:]


def test_the_public_form(quiz: Quiz) -> None:
    public = shown(quiz, SEEDS[0])
    common = {"slot", "number", "points", "type", "prompt"}
    own = {
        "mot": {"choices"},
        "nhieu": {"choices"},
        "thu-tu": {"items"},
        "cap": {"lefts", "rights"},
        "xep-o": {"boxes", "items"},
        "so": {"unit"},
        "tu": set(),
        "viet": {"min_words", "rubric"},
        "rui-ro": {"scale", "bands", "items"},
        "bang": {"columns", "rows", "bank"},
    }
    assert {slot: set(form) - common for slot, form in public.items()} == own
    assert all(common <= set(form) for form in public.values())
    assert [form["number"] for form in public.values()] == list(range(1, 11))
    assert public["nhieu"]["points"] == 1.5
    assert public["mot"]["points"] == 1
    assert isinstance(public["mot"]["points"], int)
    assert public["viet"]["prompt"] == "Viết một mục tiêu.\n\nNêu số và hạn."
    assert json.loads(json.dumps(public)) == public


def ids_in(form: dict[str, Any]) -> Iterator[str]:
    for field in ("choices", "items", "lefts", "rights", "boxes", "bank"):
        yield from (part["id"] for part in form.get(field, ()))
    for row in form.get("rows", ()):
        yield from (cell["id"] for cell in row["cells"] if "id" in cell)


def test_ids_are_opaque_and_belong_to_one_attempt_and_slot(quiz: Quiz) -> None:
    seen: set[str] = set()
    for seed in SEEDS[:100]:
        for form in shown(quiz, seed).values():
            ids = list(ids_in(form))
            assert all(re.fullmatch(r"[0-9a-f]{10}", id_) for id_ in ids)
            assert not seen & set(ids)
            assert len(set(ids)) == len(ids)
            seen |= set(ids)


def test_ids_never_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isoxa_courses.drawing._ID_LENGTH", 2)  # 256 ids for 200 names: collisions for sure
    names = [f"n{number}" for number in range(200)]
    ids = opaque_ids("seed", "slot", names)
    assert [ids.reveal(ids.opaque(name)) for name in names] == names
    assert opaque_ids("seed", "slot", reversed(names)).opaque("n7") == ids.opaque("n7")
    assert ids.reveal("không có") is None


def test_what_is_shown_does_not_depend_on_the_key(quiz: Quiz) -> None:
    """Change every key (as far as it is not the parts' order itself): the learner sees the same."""

    def other_key(slot: dict[str, Any]) -> dict[str, Any]:
        for variant in slot["variants"]:
            variant["explanation"] = "Lời giải khác."
            for choice in variant.get("choices", ()):
                choice["correct"] = not choice["correct"] if variant["type"] == "multiple_choice" else False
                choice["why"] = "Khác."
            if variant["type"] == "single_choice":
                variant["choices"][1]["correct"] = True
            if "boxes" in variant:
                for item in variant["items"]:
                    item |= {"box": variant["boxes"][0]["id"], "why": "Khác."}
            if variant["type"] == "matrix_score":
                for item in variant["items"]:
                    item |= {"likelihood": 2, "severity": 2, "tolerance": 0, "why": "Khác."}
            if variant["type"] == "table_fill":
                for cell in variant["cells"]:
                    cell |= {"answer": variant["bank"][0]["id"], "why": "Khác."}
            if variant["type"] == "numeric":
                variant |= {"answer": 7, "tolerance": 3}
            if variant["type"] == "short_text":
                variant["accepted"] = ["khác"]
            if variant["type"] == "written":
                variant["sample"] = "Bài khác."
        return slot

    slots = [other_key(slot.model_dump()) for slot in quiz.slots]
    changed = Quiz.model_validate({**quiz.model_dump(exclude={"slots"}), "slots": slots})
    assert changed != quiz
    for seed in SEEDS[:50]:
        assert shown(changed, seed) == shown(quiz, seed)


def test_places_and_ids_tell_nothing(quiz: Quiz) -> None:
    """Over many attempts every part stands in every place, and its id sorts anywhere, about equally often."""
    places: dict[str, Counter[int]] = {
        "choices": Counter(),
        "lefts": Counter(),
        "rights": Counter(),
        "items": Counter(),
    }
    places["bank"] = Counter()
    smallest: Counter[str] = Counter()
    aligned = 0
    for seed in SEEDS:
        public = shown(quiz, seed)
        choices = public["nhieu"]["choices"]
        places["choices"][[part["text"] for part in choices].index("2")] += 1
        smallest[min(choices, key=lambda part: part["id"])["text"]] += 1
        lefts = [part["text"] for part in public["cap"]["lefts"]]
        rights = [part["text"] for part in public["cap"]["rights"]]
        places["lefts"][lefts.index("Huế")] += 1
        places["rights"][rights.index("Phú Lộc")] += 1
        aligned += lefts.index("Huế") == rights.index("Phú Lộc")
        places["bank"][[part["text"] for part in public["bang"]["bank"]].index("Trước 31/3")] += 1
        places["items"][[part["text"] for part in public["thu-tu"]["items"]].index("Một")] += 1
    for name, counts in places.items():
        expected = 400 / len(counts)
        assert len(counts) == {"choices": 4, "lefts": 3, "rights": 4, "items": 3, "bank": 3}[name]
        for count in counts.values():
            assert abs(count - expected) < 0.35 * expected, (name, counts)
    assert all(70 < count < 130 for count in smallest.values()), smallest
    assert 70 < aligned < 130, aligned  # 1/4: knowing the left's place says nothing about the right's


def test_an_answer_goes_in_and_comes_back(quiz: Quiz) -> None:
    seed = SEEDS[1]
    drawn = draw_quiz(quiz, seed)
    form = show_slot(quiz, drawn, "thu-tu", seed)
    by_text = {part["text"]: part["id"] for part in form["items"]}
    raw = [by_text[text] for text in ("Một", "Hai", "Ba")]
    answer = parse_answer(quiz, drawn, "thu-tu", seed, raw)
    assert answer == ["i1", "i2", "i3"]
    assert publish_answer(quiz, drawn, "thu-tu", seed, answer) == raw
    assert score_slot(quiz, drawn, "thu-tu", answer).points == Decimal(1)
    assert describe_slot(quiz, drawn, "thu-tu", answer) == "1) Một; 2) Hai; 3) Ba"
    explanation = explain_slot(quiz, drawn, "thu-tu", seed, answer)
    assert explanation.right
    assert {note.part for note in explanation.notes} == set(raw)
    with pytest.raises(UnknownName, match="khong-co"):
        show_slot(quiz, drawn, "khong-co", seed)


def test_the_ids_of_another_attempt_mean_nothing(quiz: Quiz) -> None:
    from isoxa_courses.errors import AnswerError

    drawn = draw_quiz(quiz, SEEDS[1])
    id_ = show_slot(quiz, drawn, "mot", SEEDS[1])["choices"][0]["id"]
    with pytest.raises(AnswerError):
        parse_answer(quiz, drawn, "mot", SEEDS[2], id_)
