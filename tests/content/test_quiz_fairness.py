"""Nothing but knowledge finds the key: not the longest choice, not the shortest, not a favourite place."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from statistics import mean

from isoxa_courses.models import Course, Lesson, Quiz
from isoxa_courses.questions.multiple_choice import MultipleChoice
from isoxa_courses.questions.single_choice import SingleChoice

CATCH_ALL = re.compile(
    r"(tất cả|cả (hai|ba|bốn)|không) (các )?(đáp án|phương án|ý|câu)( nào)? (trên|đúng)", re.IGNORECASE
)


def singles(quiz: Quiz) -> list[SingleChoice]:
    return [v for slot in quiz.slots for v in slot.variants if isinstance(v, SingleChoice)]


def multiples(quiz: Quiz) -> list[MultipleChoice]:
    return [v for slot in quiz.slots for v in slot.variants if isinstance(v, MultipleChoice)]


def luck(questions: list[SingleChoice], extreme) -> Fraction:
    """The expected share right for someone who always picks the longest (or shortest) choice; ties by lot."""
    total = Fraction(0)
    for question in questions:
        mark = extreme(len(choice.text) for choice in question.choices)
        picked = [choice for choice in question.choices if len(choice.text) == mark]
        total += Fraction(sum(choice.correct for choice in picked), len(picked))
    return total / len(questions)


def test_length_tells_nothing(each_quiz: Quiz) -> None:
    """Four choices: chance is 1/4. Avoiding an extreme must not pay either, hence a floor as well."""
    questions = singles(each_quiz)
    assert len(questions) >= 12
    for extreme in (max, min):
        assert Fraction(1, 8) <= luck(questions, extreme) <= Fraction(3, 8), extreme


def test_length_tells_nothing_in_multiple_choice(each_quiz: Quiz) -> None:
    right = [len(c.text) for q in multiples(each_quiz) for c in q.choices if c.correct]
    wrong = [len(c.text) for q in multiples(each_quiz) for c in q.choices if not c.correct]
    assert 0.75 <= mean(right) / mean(wrong) <= 1.33


def test_picking_everything_does_not_pay(each_quiz: Quiz) -> None:
    for question in multiples(each_quiz):
        right = sum(choice.correct for choice in question.choices)
        wrong = len(question.choices) - right
        assert right >= 2
        assert Fraction(right - wrong, right) <= Fraction(1, 2)


def test_keys_stand_everywhere(each_quiz: Quiz) -> None:
    """Choices are shuffled for officers; the bank is even all the same, for whoever prints it."""
    questions = singles(each_quiz)
    places = Counter(next(i for i, c in enumerate(q.choices) if c.correct) for q in questions)
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) <= len(questions) * 2 / 5
    assert min(places.values()) >= len(questions) / 8


def test_four_choices_each_with_its_own_reason(each_quiz: Quiz, course: Course) -> None:
    practice = [
        checkpoint.question
        for checkpoint in course.lesson(each_quiz.lesson).checkpoints
        if isinstance(checkpoint.question, SingleChoice | MultipleChoice)
    ]
    for question in [*singles(each_quiz), *multiples(each_quiz), *practice]:
        assert len(question.choices) >= 4
        reasons = [choice.why for choice in question.choices]
        assert all(reasons), question.id
        if isinstance(question, SingleChoice):  # there, two right choices may share a reason
            assert len(set(reasons)) == len(reasons), question.id
        wrong = [choice.why for choice in question.choices if not choice.correct]
        assert len(set(wrong)) == len(wrong), question.id
        assert question.explanation not in wrong, question.id


def test_sorted_items_have_reasons_and_no_empty_box(each_quiz: Quiz, course: Course) -> None:
    questions = [v for slot in each_quiz.slots for v in slot.variants] + [
        c.question for c in course.lesson(each_quiz.lesson).checkpoints
    ]
    for question in questions:
        if question.type == "classification":
            assert all(item.why for item in question.items), question.id
            assert {item.box for item in question.items} == {box.id for box in question.boxes}, question.id


def test_no_catch_all_choice(each_quiz: Quiz, course: Course) -> None:
    texts = [
        choice.text
        for question in [*singles(each_quiz), *multiples(each_quiz)]
        for choice in question.choices
    ]
    assert [text for text in texts if CATCH_ALL.search(text)] == []
    assert CATCH_ALL.search("Tất cả các đáp án trên")
    assert CATCH_ALL.search("Cả ba ý trên")


def test_board_tells_check_from_act(lesson: Lesson) -> None:
    """Enough tasks in every box, uneven so that counting does not help, and a reason that names the box's idea."""
    board = lesson.tool("bang-pdca")
    boxes = Counter(item.box for item in board.items)
    assert 12 <= len(board.items) <= 16
    assert set(boxes) == {"plan", "do", "check", "act"}
    assert min(boxes.values()) >= 3
    assert len(set(boxes.values())) > 1
    both = [item for item in board.items if "Kiểm tra" in item.why and "Hành động" in item.why]
    assert len(both) >= 2, "some reasons must set Check against Act"
    assert [field.id for field in board.cycle.fields] == ["problem", "plan", "do", "check", "act"]
    assert all(field.hint and field.example for field in board.cycle.fields)
    assert all(len(field.example.split()) >= board.cycle.min_words for field in board.cycle.fields)
