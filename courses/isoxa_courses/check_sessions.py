"""Can a lesson's notebook share a process with other visits, or must it ask for a kernel of its own?

A lesson is run in a session among others (docs/contributors/notebook-sessions.md). Code that changes something of the
process, or needs what only a kernel has, would reach other officers' lessons or fail: it is told before release.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from notebook_sessions.check import Reason, unsuited

from .check_notebook import Notebook, source_of
from .errors import Problem

_WHY = {
    Reason.SYNTAX: "không phải mã Python thường (lệnh % hoặc !)",
    Reason.MODULE: "mở luồng, tiến trình khác hoặc giữ trạng thái chung",
    Reason.SHARED: "đổi thứ dùng chung của tiến trình",
    Reason.SHELL: "cần bàn phím hoặc lệnh của IPython",
}


def own_kernel(notebook: Notebook) -> bool:
    """Whether its metadata ask for a kernel of its own: ``{"isoxa": {"kernel": "own"}}``."""
    metadata = json.loads(notebook.text).get("metadata", {})
    asked = metadata.get("isoxa", {}) if isinstance(metadata, dict) else {}
    return isinstance(asked, dict) and asked.get("kernel") == "own"


def check_sessions(notebook: Notebook) -> Iterator[Problem]:
    """Each line that needs a kernel of its own, unless the notebook asks for one."""
    if own_kernel(notebook):
        return
    cells = [
        (index, source_of(cell)) for index, cell in enumerate(notebook.cells) if cell["cell_type"] == "code"
    ]
    for place in unsuited(cells):
        if place.reason is Reason.SYNTAX:
            continue  # `check_notebook` tells that a cell cannot be read
        cell = notebook.cells[place.cell]
        yield notebook.problem(
            cell,
            f"“{place.what}”: {_WHY[place.reason]}, nên bài không chạy chung được với bài của người khác. Hãy bỏ dòng "
            'này, hoặc ghi vào metadata của sổ tay: "isoxa": {"kernel": "own"} để bài có tiến trình riêng (tốn bộ nhớ '
            "gấp trăm lần).",
            source_of(cell).splitlines()[place.line - 1],
        )
