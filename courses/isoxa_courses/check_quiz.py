"""A quiz's figures, and where they fall short of the course's standards.

Someone who knows nothing must not be able to guess: not by always picking the longest choice, not by a favourite
position. Both are measured over the bank, as percentages of the points, against picking by lot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from statistics import mean
from typing import Any

from .check_findings import Finding, short_of
from .check_spread import chance_of_spread
from .models import Quiz, Slot
from .questions import type_of
from .questions._choices import Choice, ChoiceQuestion
from .questions.single_choice import SingleChoice
from .questions.written import Written, plain_number
from .standards import QuizStandards
from .yaml_files import Document

LEVELS = ("recall", "understand", "apply")
LEAST_KEYS = 8
"""Fewer single-choice variants than this say nothing about a favourite position."""
ODD_SPREAD = 0.05
"""A spread of keys is uneven if keys put down by lot would be at least as uneven in fewer than 1 of 20 banks.

A fixed share ("no position over 40 %") would refuse small banks for bad luck and let large lopsided ones pass; the
chi-square test asks the same of both, and allows questions with different numbers of choices.
"""


def quiz_figures(quiz: Quiz) -> dict[str, Any]:
    """The figures of one quiz; what each means stands in the documentation for trainers."""
    variants = [variant for slot in quiz.slots for variant in slot.variants]
    levels: Counter[str] = Counter(slot.level for slot in quiz.slots)
    choices = [variant for variant in variants if isinstance(variant, ChoiceQuestion)]
    return {
        "slots": len(quiz.slots),
        "variants": len(variants),
        "least_variants": min(len(slot.variants) for slot in quiz.slots),
        "types": dict(sorted(Counter(variant.type for variant in variants).items())),
        "points": plain_number(quiz.max_points),
        "levels": {level: levels[level] for level in LEVELS},
        "application_share": round(levels["apply"] / len(quiz.slots), 3),
        "written": sum(_has_rubric(slot) for slot in quiz.slots),
        "choice_questions": len(choices),
        "chance_score": _percent(_expected(quiz, _by_lot)),
        "longest_choice_score": _percent(_expected(quiz, _longest)),
        "key_positions": _key_positions(choices),
    }


def _has_rubric(slot: Slot) -> bool:
    # A written question cannot be without a rubric: its model refuses that.
    return all(isinstance(variant, Written) for variant in slot.variants)


def _by_lot(question: ChoiceQuestion) -> list[Choice]:
    return list(question.choices)


def _longest(question: ChoiceQuestion) -> list[Choice]:
    most = max(len(choice.text) for choice in question.choices)
    return [choice for choice in question.choices if len(choice.text) == most]


def _share(question: ChoiceQuestion, pick: Any) -> Fraction:
    """The expected share of the points for choosing one of ``pick(question)`` by lot, and nothing else."""
    kind = type_of(question)
    picked: list[Choice] = pick(question)
    shares = [
        kind.share(question, choice.id if isinstance(question, SingleChoice) else [choice.id])
        for choice in picked
    ]
    return sum(shares, Fraction(0)) / len(shares)


def _expected(quiz: Quiz, pick: Any) -> Fraction | None:
    """The share of the points of the choice questions in an attempt; None if there are none."""
    earned = possible = Fraction(0)
    for slot in quiz.slots:
        shares = [_share(variant, pick) for variant in slot.variants if isinstance(variant, ChoiceQuestion)]
        if shares:
            # A slot draws one variant: its points count as often as it can be a choice question.
            weight = Fraction(slot.points) * len(shares) / len(slot.variants)
            earned += weight * mean(shares)
            possible += weight
    return earned / possible if possible else None


def _percent(share: Fraction | None) -> float | None:
    return None if share is None else round(float(share * 100), 1)


def _key_positions(choices: list[ChoiceQuestion]) -> dict[str, Any]:
    """How often the key stands first, second, … in the file, and after the draw, which shuffles the choices."""
    singles = [question for question in choices if isinstance(question, SingleChoice)]
    most = max((len(question.choices) for question in singles), default=0)
    bank = [0] * most
    drawn = [Fraction(0)] * most
    for question in singles:
        bank[next(index for index, choice in enumerate(question.choices) if choice.correct)] += 1
        for index in range(len(question.choices)):
            drawn[index] += Fraction(1, len(question.choices))
    return {
        "bank": bank,
        "after_draw": [round(float(count), 2) for count in drawn],
        "chance": round(chance_of_spread(bank, [float(count) for count in drawn]), 4) if singles else None,
    }


def check_quiz(
    quiz: Quiz, document: Document, figures: dict[str, Any], standards: QuizStandards
) -> Iterator[Finding]:
    """Where the figures fall short of the standards."""
    slots = ("slots",)
    if len(quiz.slots) < standards.slots:
        reason = f"Bài kiểm tra có {len(quiz.slots)} câu; cần ít nhất {standards.slots} câu."
        yield short_of(standards, "slots", document.problem(slots, reason))
    for index, slot in enumerate(quiz.slots):
        if len(slot.variants) < standards.variants:
            reason = f"Câu có {len(slot.variants)} phương án; cần ít nhất {standards.variants} phương án."
            yield short_of(standards, "variants", document.problem(("slots", index, "variants"), reason))
    if figures["application_share"] * 100 < standards.application_percent:
        reason = (
            f"{figures['levels']['apply']} trên {len(quiz.slots)} câu đòi vận dụng (level: apply); "
            f"cần ít nhất {standards.application_percent}%."
        )
        yield short_of(standards, "application_percent", document.problem(slots, reason))
    if figures["written"] < standards.written:
        reason = f"Có {figures['written']} câu tự luận kèm thang điểm; cần ít nhất {standards.written}."
        yield short_of(standards, "written", document.problem(slots, reason))
    yield from _check_guessing(document, figures, standards)


def _check_guessing(
    document: Document, figures: dict[str, Any], standards: QuizStandards
) -> Iterator[Finding]:
    chance, longest = figures["chance_score"], figures["longest_choice_score"]
    if chance is not None and abs(longest - chance) > standards.longest_choice_margin:
        more = "cao hơn" if longest > chance else "thấp hơn"
        reason = (
            f"Luôn chọn lựa chọn dài nhất được {_words(longest)}% số điểm, {more} chọn hú họa ({_words(chance)}%) "
            f"quá {standards.longest_choice_margin} điểm phần trăm: hãy viết các lựa chọn dài ngắn lẫn nhau."
        )
        yield short_of(standards, "longest_choice_margin", document.problem(("slots",), reason))
    spread = figures["key_positions"]
    keys = sum(spread["bank"])
    if standards.even_key_positions and keys >= LEAST_KEYS and spread["chance"] < ODD_SPREAD:
        places = ", ".join(f"thứ {place}: {count}" for place, count in enumerate(spread["bank"], start=1))
        reason = f"Đáp án đúng đứng không đều trong tệp ({places}); hãy đổi chỗ các lựa chọn."
        yield short_of(standards, "even_key_positions", document.problem(("slots",), reason))


def _words(percent: float) -> str:
    return f"{percent:g}".replace(".", ",")
