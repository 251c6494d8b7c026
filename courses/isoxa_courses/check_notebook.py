"""Is a lesson's notebook as it must be: well-formed, clean, and calling exactly what the lesson's YAML has?

The cells' code is parsed, never run: ``bai.checkpoint("ID")``, ``bai.tool("ID")``, ``bai.fact("ID")``.
"""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from nbformat.validator import iter_validate

from .errors import Problem
from .models import LessonFile

_CALLS = {"checkpoint": "câu luyện tập", "tool": "công cụ", "fact": "căn cứ"}
_TAG = re.compile(r"<[^>]*>")
_LABEL = re.compile(r'aria-label="([^"]*)"')


@dataclass(frozen=True)
class Notebook:
    """A notebook file that could be read; ``text`` is the file itself, to find lines in."""

    path: Path
    cells: tuple[dict[str, Any], ...]
    text: str

    def problem(self, cell: dict[str, Any], reason: str, source_line: str = "") -> Problem:
        """A problem in a cell, at the line of the file that holds ``source_line`` (else the cell's id)."""
        return Problem(str(self.path), self._line(cell, source_line), f"ô “{cell['id']}”: {reason}")

    def _line(self, cell: dict[str, Any], source_line: str) -> int:
        at = max(self.text.find(f'"id": {json.dumps(cell["id"])}'), 0)
        if source_line.strip():
            spellings = (json.dumps(source_line, ensure_ascii=plain)[1:-1] for plain in (False, True))
            found = [place for spelling in spellings if (place := self.text.find(spelling, at)) >= 0]
            at = min(found, default=at)
        return self.text.count("\n", 0, at) + 1


def read_notebook(path: Path) -> tuple[Notebook | None, list[Problem]]:
    """The notebook, or what makes it unreadable."""
    try:
        text = path.read_text(encoding="utf-8")
        data = json.loads(text)
    except OSError:
        return None, [Problem(str(path), 1, "Không có tệp sổ tay (notebook) của bài này.")]
    except UnicodeDecodeError:
        return None, [Problem(str(path), 1, "Tệp không ở bảng mã UTF-8.")]
    except json.JSONDecodeError as error:
        return None, [Problem(str(path), error.lineno, "Tệp không phải là sổ tay (notebook): JSON hỏng.")]
    except RecursionError:
        return None, [Problem(str(path), 1, "Tệp không phải là sổ tay (notebook).")]
    problems = [Problem(str(path), 1, reason) for reason in _misshapen(data)]
    return (None, problems) if problems else (Notebook(path, tuple(data["cells"]), text), [])


def _misshapen(data: Any) -> Iterator[str]:
    version = (data.get("nbformat"), data.get("nbformat_minor")) if isinstance(data, dict) else ()
    if version != (4, 5):
        yield "Tệp không phải là sổ tay (notebook) định dạng nbformat 4.5."
        return
    # Not nbformat.validate: it quietly adds the ids that are missing. Here they are told by number, first.
    cells = data.get("cells")
    numbered = enumerate(cells if isinstance(cells, list) else [], start=1)
    nameless = [number for number, cell in numbered if isinstance(cell, dict) and not cell.get("id")]
    if nameless:
        yield from (f"Ô thứ {number} thiếu mã ô (id)." for number in nameless)
        return
    for error in islice(iter_validate(data, version=4, version_minor=5), 3):  # type: ignore[no-untyped-call]
        yield f"Sổ tay (notebook) không đúng định dạng: {error.message[:200]}"


def check_notebook(notebook: Notebook, lesson: LessonFile, fact_ids: Collection[str]) -> Iterator[Problem]:
    """Everything wrong with a lesson's notebook."""
    yield from _check_clean(notebook)
    yield from _check_anchors(notebook, lesson)
    known = {
        "checkpoint": {checkpoint.id for checkpoint in lesson.checkpoints},
        "tool": {tool.id for tool in lesson.tools},
        "fact": set(fact_ids),
    }
    called: Counter[tuple[str, str]] = Counter()
    for cell in notebook.cells:
        if cell["cell_type"] != "code":
            continue
        try:
            tree = ast.parse(source_of(cell))
        except SyntaxError:
            yield notebook.problem(cell, "Mã lệnh trong ô không đọc được.")
            continue
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            line = source_of(cell).splitlines()[call.lineno - 1]
            kind, id_ = lesson_call(call)
            if kind == "lesson" and id_ != lesson.id:
                yield notebook.problem(cell, f"Ô mở bài phải là lesson(“{lesson.id}”).", line)
            if kind not in _CALLS:
                continue
            if id_ is None:
                yield notebook.problem(cell, f"bai.{kind}(…) cần đúng một mã viết thẳng trong ngoặc.", line)
            elif id_ not in known[kind]:
                yield notebook.problem(cell, f"Không có {_CALLS[kind]} “{id_}”.", line)
            elif kind != "fact" and called[kind, id_]:
                yield notebook.problem(cell, f"{_CALLS[kind].capitalize()} “{id_}” đã gọi ở ô khác.", line)
            called[kind, id_ or ""] += 1
    for kind in ("checkpoint", "tool"):
        for id_ in sorted(known[kind] - {name for called_kind, name in called if called_kind == kind}):
            reason = f"Thiếu ô bai.{kind}(“{id_}”): {_CALLS[kind]} này có trong bài mà không ô nào gọi."
            yield Problem(str(notebook.path), 1, reason)


def _check_clean(notebook: Notebook) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for cell in notebook.cells:
        id_ = cell["id"]
        if seen[id_]:
            yield notebook.problem(cell, "Mã ô (id) trùng với một ô khác.")
        seen[id_] += 1
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield notebook.problem(cell, "Ô còn kết quả chạy; hãy xóa kết quả (nbstripout) trước khi lưu.")


def _check_anchors(notebook: Notebook, lesson: LessonFile) -> Iterator[Problem]:
    markdown = "\n".join(source_of(cell) for cell in notebook.cells if cell["cell_type"] == "markdown")
    anchors = set(re.findall(r"""\bid\s*=\s*["']([^"']+)["']""", markdown))
    for section in lesson.sections:
        if section.id not in anchors:
            reason = f"Thiếu neo <a id=“{section.id}”></a> cho mục “{section.title}”."
            yield Problem(str(notebook.path), 1, reason)


def lesson_call(call: ast.Call) -> tuple[str, str | None]:
    """(which, its one literal id) of ``lesson("ID")`` or ``bai.which("ID")``; id None if not one literal."""
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        kind = call.func.attr if call.func.value.id == "bai" else ""
    else:
        kind = "lesson" if isinstance(call.func, ast.Name) and call.func.id == "lesson" else ""
    only = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if isinstance(only, ast.Constant) and isinstance(only.value, str):
        return kind, only.value
    return kind, None


def source_of(cell: dict[str, Any]) -> str:
    """The cell's text; the format allows a string or a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def prose_of(cell: dict[str, Any]) -> str:
    """What people read of a markdown cell: without tags, with the labels that are read aloud."""
    source = source_of(cell)
    return " ".join([_TAG.sub(" ", source), *_LABEL.findall(source)])
