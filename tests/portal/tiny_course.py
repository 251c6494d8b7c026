"""A course of four lessons and one quiz whose keys carry unique tokens, written as course files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat

COURSE = "khoa-thu"
LESSON = "01-mo-dau"
PLAIN_LESSON = "02-tiep"
HANGING_LESSON = "03-treo"
TOOL_LESSON = "04-cong-cu"
TOOL = "bang-thu"
QUIZ = "01-mo-dau"

# Each stands in a place that only a key has: a reason, an explanation, a bank id, an accepted answer, a sample.
CANARIES = [
    "khoa-bi-mat-vi-sao",
    "khoa-bi-mat-giai-thich",
    "khoa-bi-mat-ma-dung",
    "khoa-bi-mat-dap-an",
    "khoa-bi-mat-bai-mau",
    "khoa-bi-mat-ghep",
    "424242",
]


def _course() -> dict[str, Any]:
    return {
        "course": COURSE,
        "edition": "2025.1",
        "title": "Khóa học thử",
        "summary": "Khóa học ngắn để thử hệ thống.",
        "pass_mark": 80,
        "attempts": 3,
        "validity_months": None,
        "lessons": [
            {"id": LESSON, "number": 1, "title": "Mở đầu", "minutes": 5, "required": True},
            {"id": PLAIN_LESSON, "number": 2, "title": "Tiếp theo", "minutes": 5, "required": False},
            {"id": HANGING_LESSON, "number": 3, "title": "Treo", "minutes": 5, "required": False},
            {"id": TOOL_LESSON, "number": "4a", "title": "Công cụ", "minutes": 5, "required": False},
        ],
        "quizzes": [{"id": QUIZ, "required": True}],
    }


def _slot(number: int, **variant: Any) -> dict[str, Any]:
    prompt = {"id": "v1", "prompt": f"Câu hỏi thứ {number}?", "explanation": CANARIES[1]}
    return {
        "id": f"c{number}",
        "outcome": f"Mục tiêu {number}",
        "section": "phan-1",
        "points": 2,
        "variants": [{**prompt, **variant}],
    }


def _quiz() -> dict[str, Any]:
    return {
        "quiz": QUIZ,
        "version": 1,
        "title": "Bài kiểm tra 1. Mở đầu",
        "lesson": LESSON,
        "slots": [
            _slot(
                1,
                type="single_choice",
                choices=[
                    {"id": CANARIES[2], "text": "Phương án một", "correct": True, "why": CANARIES[0]},
                    {"id": "b", "text": "Phương án hai", "why": "Chưa đúng."},
                ],
            ),
            _slot(2, type="short_text", accepted=[CANARIES[3]]),
            _slot(3, type="numeric", answer=CANARIES[6], tolerance="0", unit="%"),
            _slot(
                4,
                type="ordering",
                items=[{"id": f"{CANARIES[5]}-{n}", "text": f"Bước {name}"} for n, name in enumerate("xyz")],
            ),
            _slot(
                5,
                type="written",
                rubric=[{"id": "r1", "text": "Nêu đủ ý", "points": 2}],
                sample=CANARIES[4],
                min_words=0,
            ),
        ],
    }


def _lesson(lesson: str, title: str) -> dict[str, Any]:
    checkpoint = {
        "id": "kt-1",
        "section": "phan-1",
        "type": "single_choice",
        "prompt": "Chọn phương án đúng.",
        "explanation": "Vì thế.",
        "choices": [
            {"id": "a", "text": "Đúng", "correct": True, "why": "Phải."},
            {"id": "b", "text": "Sai", "why": "Chưa phải."},
        ],
    }
    return {
        "lesson": lesson,
        "title": title,
        "sections": [{"id": "phan-1", "title": "Phần một"}],
        "checkpoints": [checkpoint] if lesson == LESSON else [],
        "tools": [_tool()] if lesson == TOOL_LESSON else [],
    }


def _tool() -> dict[str, Any]:
    boxes = ("plan", "do", "check", "act")
    return {
        "id": TOOL,
        "tool": "pdca_board",
        "section": "phan-1",
        "title": "Bảng thử",
        "items": [{"id": box, "text": f"Việc {box}", "box": box, "why": "Vì thế."} for box in boxes],
        "cycle": {
            "min_words": 1,
            "fields": [{"id": id_, "label": f"Ô {id_}"} for id_ in ("problem", *boxes)],
        },
    }


def _notebook(*cells: tuple[str, str]) -> nbformat.NotebookNode:
    made = []
    for number, (kind, source) in enumerate(cells):
        new = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        made.append(new(source, id=f"o-{number}"))
    return nbformat.v4.new_notebook(cells=made)


def write_tiny_course(folder: Path) -> tuple[Path, Path]:
    """Write the course below ``folder``; returns its folder and its lessons' folder."""
    course, notebooks = folder / COURSE, folder / "notebooks"
    for place in (course / "lessons", course / "quizzes", notebooks):
        place.mkdir(parents=True)
    # JSON is YAML.
    files = {
        course / "course.yaml": _course(),
        course / "quizzes" / f"{QUIZ}.yaml": _quiz(),
        course / "lessons" / f"{LESSON}.yaml": _lesson(LESSON, "Mở đầu"),
        course / "lessons" / f"{PLAIN_LESSON}.yaml": _lesson(PLAIN_LESSON, "Tiếp theo"),
        course / "lessons" / f"{HANGING_LESSON}.yaml": _lesson(HANGING_LESSON, "Treo"),
        course / "lessons" / f"{TOOL_LESSON}.yaml": _lesson(TOOL_LESSON, "Công cụ"),
        course / "facts.yaml": {"facts": []},
    }
    for file, content in files.items():
        file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    first = _notebook(
        ("markdown", '<a id="phan-1"></a>\n\n# Mở đầu\n\nChữ đọc được ngay.'),
        ("code", "import ipywidgets\nipywidgets.IntSlider(description='Thử')"),
        ("code", "import os\nprint(sorted(os.environ)); print(os.getcwd()); print(sorted(globals()))"),
        ("code", "raise RuntimeError('bí mật của lỗi')"),
        ("markdown", "## Sau chỗ hỏng\n\nVẫn đọc được."),
    )
    nbformat.write(first, notebooks / f"{LESSON}.ipynb")
    nbformat.write(
        _notebook(("markdown", "# Tiếp theo\n\nBài không có phần thực hành.")),
        notebooks / f"{PLAIN_LESSON}.ipynb",
    )
    nbformat.write(
        _notebook(("markdown", "# Công cụ\n\nCó một bảng để thử.")),
        notebooks / f"{TOOL_LESSON}.ipynb",
    )
    nbformat.write(
        _notebook(("code", "while True: pass"), ("code", "print('còn sống')")),
        notebooks / f"{HANGING_LESSON}.ipynb",
    )
    return course, notebooks
