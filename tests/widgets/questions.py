"""One question of each type, as a bank would hold it, and a right answer to give in the browser."""

from __future__ import annotations

from random import Random
from typing import Any

from isoxa_courses.questions import Question, question_type

BANK: list[dict[str, Any]] = [
    {
        "id": "s1",
        "type": "single_choice",
        "prompt": "Bước nào so kết quả với mục tiêu?",
        "explanation": "So kết quả với mục tiêu là Kiểm tra.",
        "choices": [
            {"id": "a", "text": "Hoạch định", "why": "Mới đặt mục tiêu."},
            {"id": "b", "text": "Kiểm tra", "correct": True, "why": "Đem số liệu so với mục tiêu."},
            {"id": "c", "text": "Hành động", "why": "Đã sang đổi cách làm."},
        ],
    },
    {
        "id": "s2",
        "type": "multiple_choice",
        "prompt": "Những việc nào thuộc Thực hiện?",
        "explanation": "Làm và ghi lại.",
        "choices": [
            {"id": "a", "text": "Hướng dẫn người ở quầy", "correct": True, "why": "Chuẩn bị người làm."},
            {"id": "b", "text": "Ghi giờ trả hồ sơ", "correct": True, "why": "Ghi trong lúc làm."},
            {"id": "c", "text": "Đặt mục tiêu quý tới", "why": "Đó là Hoạch định."},
        ],
    },
    {
        "id": "s3",
        "type": "ordering",
        "prompt": "Xếp theo trình tự của điều 10.2.",
        "explanation": "Khắc phục trước, nguyên nhân sau.",
        "items": [
            {"id": "x", "text": "Làm lại bản sao cho người dân"},
            {"id": "y", "text": "Tìm nguyên nhân"},
            {"id": "z", "text": "Xem hành động có hiệu lực không"},
        ],
    },
    {
        "id": "s4",
        "type": "matching",
        "prompt": "Ghép mỗi bước với câu hỏi của bước ấy.",
        "explanation": "Định, làm, so, đổi.",
        "pairs": [
            {"id": "p", "left": "Hoạch định", "right": "Ta muốn đạt gì?"},
            {"id": "c", "left": "Kiểm tra", "right": "Kết quả so với mục tiêu ra sao?"},
        ],
        "extra": [{"id": "e", "right": "Ai đọc báo cáo này trước khi gửi đi?"}],
    },
    {
        "id": "s5",
        "type": "classification",
        "prompt": "Xếp mỗi việc vào một bước.",
        "explanation": "Biết là Kiểm tra, đổi là Hành động.",
        "boxes": [{"id": "check", "text": "Kiểm tra"}, {"id": "act", "text": "Hành động"}],
        "items": [
            {"id": "i1", "text": "Tính tỷ lệ đúng hạn", "box": "check", "why": "Đang đo."},
            {"id": "i2", "text": "Sửa lịch trực", "box": "act", "why": "Đã đổi cách làm."},
        ],
    },
    {
        "id": "s6",
        "type": "numeric",
        "prompt": "1.200 trên 1.250 hồ sơ đúng hạn là bao nhiêu phần trăm?",
        "explanation": "1.200 : 1.250 = 0,96.",
        "answer": "96",
        "tolerance": "0",
        "unit": "%",
    },
    {
        "id": "s7",
        "type": "short_text",
        "prompt": "Bước nào hay bị bỏ qua?",
        "explanation": "Kiểm tra.",
        "accepted": ["Kiểm tra"],
    },
    {
        "id": "s8",
        "type": "written",
        "prompt": "Viết một vòng PDCA cho đơn vị anh/chị.\n\nNêu đủ bốn bước.",
        "explanation": "Bài mẫu có đủ bốn bước.",
        "rubric": [
            {"id": "r1", "text": "Có mục tiêu đo được", "points": "2"},
            {"id": "r2", "text": "Có cách kiểm tra", "points": "2"},
        ],
        "sample": "Quý tới, 97% hồ sơ đúng hạn…",
        "min_words": 5,
    },
    {
        "id": "s9",
        "type": "matrix_score",
        "prompt": "Chấm hai rủi ro của bộ phận một cửa.",
        "explanation": "Nhân khả năng với mức ảnh hưởng.",
        "items": [
            {
                "id": "m",
                "text": "Mất mạng buổi sáng",
                "likelihood": 4,
                "severity": 3,
                "why": "Tháng nào cũng có.",
            },
            {
                "id": "k",
                "text": "Lộ dữ liệu cá nhân của người dân",
                "likelihood": 2,
                "severity": 5,
                "tolerance": 1,
            },
        ],
    },
    {
        "id": "s10",
        "type": "table_fill",
        "prompt": "Điền kế hoạch của xã.",
        "explanation": "Người làm soạn, người chịu trách nhiệm duyệt.",
        "columns": [{"id": "ai", "text": "Ai làm"}, {"id": "han", "text": "Hạn"}],
        "rows": [{"id": "v1", "text": "Soạn quy trình"}, {"id": "v2", "text": "Duyệt quy trình"}],
        "bank": [
            {"id": "b1", "text": "Công chức một cửa"},
            {"id": "b2", "text": "Chủ tịch UBND xã"},
            {"id": "b3", "text": "Trước ngày 31/3/2027"},
        ],
        "cells": [
            {"row": "v1", "column": "ai", "answer": "b1", "why": "Ai làm thì viết."},
            {"row": "v2", "column": "ai", "answer": "b2", "why": "Lãnh đạo duyệt."},
            {"row": "v2", "column": "han", "answer": "b3"},
        ],
        "given": [{"row": "v1", "column": "han", "text": "Trước ngày 28/2/2027"}],
    },
]


def opaque(slot: str) -> tuple[dict[str, str], dict[str, str]]:
    """Names → opaque ids of one slot, and back."""
    question = bank()[slot]
    names = question_type(question.type).names(question)
    there = {name: f"{slot}o{index}" for index, name in enumerate(names)}
    return there, {value: key for key, value in there.items()}


def bank() -> dict[str, Question]:
    """The bank, read by the real models."""
    return {raw["id"]: question_type(raw["type"]).model.model_validate(raw) for raw in BANK}


def show(slot: str, number: int) -> dict[str, Any]:
    """A slot's public form."""
    question = bank()[slot]
    kind = question_type(question.type)
    there, _ = opaque(slot)
    layout = kind.draw(question, Random(slot))
    shown = kind.show(question, layout, there.__getitem__)
    return {
        "slot": slot,
        "number": number,
        "points": 4,
        "type": question.type,
        "prompt": question.prompt,
        **shown,
    }


def parse(slot: str, raw: object) -> Any:
    """The canonical answer, or AnswerError."""
    question = bank()[slot]
    _, back = opaque(slot)
    return question_type(question.type).parse(question, raw, back.get)


def publish(slot: str, answer: Any) -> Any:
    """A stored answer in the browser's form."""
    question = bank()[slot]
    there, _ = opaque(slot)
    return question_type(question.type).publish(question, answer, there.__getitem__)


def share(slot: str, answer: Any) -> bool:
    """Whether the stored answer is right."""
    question = bank()[slot]
    return question_type(question.type).is_right(question, answer)
