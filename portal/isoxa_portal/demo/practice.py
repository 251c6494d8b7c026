"""States of a lesson's items as a browser saves them when an officer has done everything right."""

from __future__ import annotations

from typing import Any

from isoxa_courses.models import Lesson
from isoxa_courses.questions import type_of
from isoxa_courses.tools.pdca_board import CYCLE, PdcaBoard

_CYCLE = {
    "problem": "Hồ sơ chứng thực bản sao trả trễ vào ngày đầu tuần, người dân phải chờ lâu",
    "plan": "Đặt mục tiêu 98,5 % đúng hạn trong sáu tháng, giao một người trực thêm sáng thứ Hai",
    "do": "Trực thêm sáng thứ Hai, soát bản chính ngay khi nhận và ghi giờ hẹn trả",
    "check": "Mỗi thứ Sáu đếm hồ sơ trễ trong phần mềm một cửa, so với mục tiêu đã đặt",
    "act": "Đưa bước soát bản chính vào quy trình nội bộ, đề nghị sửa lịch trực cả quý",
}


def finished_states(lesson: Lesson) -> list[tuple[str, dict[str, Any]]]:
    """``(item id, state)`` of every checkpoint and tool, in the order of the lesson's file."""
    states: list[tuple[str, dict[str, Any]]] = []
    for checkpoint in lesson.checkpoints:
        question = checkpoint.question
        kind = type_of(question)
        answer = kind.publish(question, kind.right_answer(question), lambda name: name)
        states.append((checkpoint.id, {"answer": answer, "checked": True}))
    for tool in lesson.tools:
        if not isinstance(tool, PdcaBoard):
            raise TypeError(f"the demo does not know how an officer finishes a {type(tool).__name__}")
        placed = {item.id: item.box for item in tool.items}
        states.append((tool.id, {"placed": placed, "cycle": {field: _CYCLE[field] for field in CYCLE}}))
    return states
