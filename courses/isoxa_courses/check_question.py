"""Rules for one question, of a quiz or a lesson: a wrong answer teaches something, no choice is a trick."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .errors import Problem
from .questions import Question
from .questions._choices import ChoiceQuestion
from .questions.classification import Classification
from .questions.matrix_score import MatrixScore
from .questions.table_fill import TableFill
from .text import fold
from .yaml_files import Document, Location

_ALL = r"(?:tat ca|toan bo|ca (?:hai|ba|bon|nam|[2-5])|khong(?: co)?)(?: cac| nhung)?"
_LETTERS = r"[a-e](?:(?:,| va|, va) [a-e])+"
_CATCH_ALL = re.compile(
    # tất cả các đáp án trên; cả ba ý đều đúng; không có phương án nào đúng
    rf"{_ALL} (?:dap an|phuong an|lua chon|y|cau)\b.*\b(?:tren|duoi|dung|sai)"
    # tất cả các việc nêu trên
    rf"|{_ALL} (?:dieu|noi dung|truong hop|viec)(?: o| neu| ke)? tren"
    # cả A, B, C đều đúng; A và B đúng; cả a và c
    rf"|ca {_LETTERS}(?: deu)?(?: dung| sai)?|{_LETTERS}(?: deu)? (?:dung|sai)"
    r"|(?:tat ca|ca (?:hai|ba|bon)) (?:deu )?(?:dung|sai)"
)
"""On folded text: lower case, no diacritics."""


def is_catch_all(text: str) -> bool:
    """Whether a choice speaks about the other choices ("tất cả các đáp án trên") instead of the matter."""
    return _CATCH_ALL.fullmatch(fold(text).strip(" .!;")) is not None


def check_question(document: Document, place: Location, question: Question) -> Iterator[Problem]:
    """Everything wrong with a question at ``place`` of its file."""
    if isinstance(question, ChoiceQuestion):
        yield from _check_choices(document, place, question)
    if isinstance(question, Classification):
        for index, item in enumerate(question.items):
            if item.why is None:
                reason = f"Mục “{item.id}” chưa có “why” (vì sao ở ô ấy)."
                yield document.problem((*place, "items", index), reason)
    if isinstance(question, MatrixScore):
        for index, risk in enumerate(question.items):
            if risk.why is None:
                reason = f"Mục “{risk.id}” chưa có “why” (vì sao ở mức ấy)."
                yield document.problem((*place, "items", index), reason)
    if isinstance(question, TableFill):
        for index, cell in enumerate(question.cells):
            if cell.why is None:
                yield document.problem((*place, "cells", index), f"Ô “{cell.name}” chưa có “why” (vì sao).")


def _check_choices(document: Document, place: Location, question: ChoiceQuestion) -> Iterator[Problem]:
    reasons: dict[str, str] = {}
    for index, choice in enumerate(question.choices):
        here = (*place, "choices", index)
        if is_catch_all(choice.text):
            yield document.problem(
                (*here, "text"),
                "Lựa chọn nói về các lựa chọn khác; thứ tự được xáo khi ra đề nên không còn nghĩa. "
                "Hãy viết thành một lựa chọn riêng.",
            )
        if choice.correct:
            continue
        if choice.why is None:
            yield document.problem(here, f"Lựa chọn sai “{choice.id}” chưa có “why” (vì sao sai).")
            continue
        why = fold(choice.why)
        if why in reasons:
            yield document.problem(
                (*here, "why"),
                f"Lý do giống hệt của lựa chọn “{reasons[why]}”; mỗi lựa chọn sai cần một lý do riêng.",
            )
        reasons.setdefault(why, choice.id)
