"""Whether a trainer's own notebook is fit to be an assignment: nbgrader's rules, in the trainer's words.

nbgrader checks the same and says so in English with a traceback; some faults it passes over (a solution that is never
closed, negative points) and gives wrong marks afterwards.
"""

from __future__ import annotations

import math
import re
from typing import Any

from nbformat import NotebookNode

SCHEMA = 3
"""nbgrader's own version of its cells' metadata."""
MARKS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
_ID = re.compile(r"[a-zA-Z0-9_-]+\Z")


def problems_of(notebook: NotebookNode, name: str) -> list[str]:
    """What must be mended before the notebook can be released, each in one Vietnamese sentence."""
    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    found = []
    if language != "python":
        found.append(f"{name}: sổ tay viết bằng {language}; chỉ chấm được sổ tay Python.")
    seen: set[str] = set()
    marked = 0
    for number, cell in enumerate(notebook.cells, 1):
        place = f"{name}, ô thứ {number}"
        found += _unclosed(cell, place)
        if "nbgrader" not in cell.metadata:
            continue
        meta: Any = cell.metadata["nbgrader"]
        if not isinstance(meta, dict):
            found.append(
                f"{place}: thông tin nbgrader bị hỏng. Hãy đặt lại loại ô trong bảng Create Assignment."
            )
            continue
        grade, solution, locked, task = (
            meta.get(key) is True for key in ("grade", "solution", "locked", "task")
        )
        if not (grade or solution or locked or task):
            continue
        marked += grade or task
        found += _cell(cell, meta, place, graded=grade or task, solution=solution, task=task, seen=seen)
    if not marked:
        found.append(
            f"{name}: chưa có ô nào được chấm điểm. Hãy mở bảng Create Assignment trong JupyterLab và đánh dấu ô."
        )
    return found


def _cell(
    cell: NotebookNode,
    meta: dict[str, Any],
    place: str,
    *,
    graded: bool,
    solution: bool,
    task: bool,
    seen: set[str],
) -> list[str]:
    found = []
    id_ = meta.get("grade_id")
    if not isinstance(id_, str) or not _ID.match(id_):
        found.append(f"{place}: thiếu mã ô (ID), hoặc mã có ký tự ngoài chữ không dấu, số, “-” và “_”.")
    elif id_ in seen:
        found.append(f"{place}: mã ô “{id_}” đã dùng cho ô khác. Hãy đặt mã khác.")
    else:
        seen.add(id_)
    version = meta.get("schema_version", 0)
    if not isinstance(version, int) or version > SCHEMA:
        found.append(f"{place}: được tạo bằng bản nbgrader mới hơn bản trên máy chủ.")
    if graded:
        points = meta.get("points")
        number = isinstance(points, int | float) and not isinstance(points, bool)
        if not number or not math.isfinite(float(points or 0)) or float(points or 0) < 0:
            found.append(f"{place}: điểm tối đa phải là số không âm.")
    if task and cell.cell_type != "markdown":
        found.append(f"{place}: ô nhiệm vụ (task) phải là ô chữ (Markdown).")
    if cell.cell_type == "markdown" and not task and graded != solution:
        found.append(f"{place}: ô chữ được chấm điểm phải là ô trả lời (Manually graded answer).")
    return found


def _unclosed(cell: NotebookNode, place: str) -> list[str]:
    found = []
    for mark in MARKS:
        opened, closed = (cell.source.count(f"{side} {mark}") for side in ("BEGIN", "END"))
        if opened != closed:
            found.append(f"{place}: “BEGIN {mark}” và “END {mark}” không đi thành cặp; đáp án có thể bị lộ.")
    return found


def left_in(release: str) -> bool:
    """Whether a released notebook's text still holds a mark that stock nbgrader should have taken out with its
    contents."""
    return any(f"BEGIN {mark}" in release or f"END {mark}" in release for mark in MARKS)
