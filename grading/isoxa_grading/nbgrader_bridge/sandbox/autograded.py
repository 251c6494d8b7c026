"""The autograded notebook that trainers open in formgrader: copied back, harmless to look at (`disarming`), with
outputs of a size a browser can show.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from .disarming import disarm
from .limits import Limits

_CUT = "… (kết quả quá dài, phần còn lại không được lưu)"
_READ_ONLY = 0o444


def keep_autograded(origin: Path, target: Path, limits: Limits) -> list[str]:
    """Put a run's autograded folder in the course's place, whole or not at all; returns notes for the trainer."""
    notes: list[str] = []
    draft = target.with_name(f".{target.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    for path in sorted(origin.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        kept = draft / path.relative_to(origin)
        kept.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".ipynb":
            notebook = nbformat.read(path, as_version=4)
            notes += trim(notebook, path.name, limits)
            notes += disarm(notebook, path.name)
            nbformat.write(notebook, kept)
        else:
            shutil.copyfile(path, kept)
        kept.chmod(_READ_ONLY)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    return notes


def trim(notebook: NotebookNode, name: str, limits: Limits) -> list[str]:
    """Shorten outputs in place: each to ``output_size`` characters, all of them away above ``notebook_size``.

    Scores were taken before, so none changes. Returns notes: shortened outputs, and the errors the learner's code met.
    """
    notes = []
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        if sum([_cut(output, limits.output_size) for output in cell.outputs]):
            notes.append(f"{name}, ô thứ {number}: kết quả quá dài nên chỉ lưu phần đầu.")
        notes += [
            f"{name}, ô thứ {number}: {_ERRORS.get(output.ename, f'dừng với lỗi {output.ename[:60]}')}."
            for output in cell.outputs
            if output.output_type == "error" and output.ename not in _EXPECTED
        ]
    if len(nbformat.writes(notebook)) > limits.notebook_size:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=_CUT)]
        notes.append(f"{name}: kết quả chạy quá lớn nên không được lưu; điểm vẫn giữ nguyên.")
    return notes


# A failed test and an answer never written are what grading is for, not news.
_EXPECTED = {"AssertionError", "NotImplementedError"}
_ERRORS = {
    "MemoryError": "chương trình xin quá bộ nhớ cho phép nên ô này không chạy xong",
    "CellTimeoutError": "chạy quá thời gian cho phép của một ô nên bị ngắt",
    "BlockingIOError": "chương trình tạo quá nhiều tiến trình nên bị chặn",
    "FileNotFoundError": "chương trình mở một tệp không có trong bài (FileNotFoundError)",
    "PermissionError": "chương trình làm việc không được phép (PermissionError)",
    "ConnectionRefusedError": "chương trình tìm cách mở kết nối mạng nên bị chặn",
    "gaierror": "chương trình tìm cách mở kết nối mạng nên bị chặn",
    "OSError": "chương trình làm việc không được phép với tệp hoặc mạng (OSError)",
}


def _cut(output: Any, size: int) -> bool:
    cut = False
    if output.output_type == "stream" and len(output.text) > size:
        output.text, cut = output.text[:size] + _CUT, True
    if output.output_type in ("execute_result", "display_data"):
        for kind, content in list(output.data.items()):
            # A picture is text too; what is not (JSON) is measured as it would be written.
            if len(content if isinstance(content, str) else str(content)) > size:
                del output.data[kind]
                output.data["text/plain"], cut = _CUT, True
    if output.output_type == "error":
        output.evalue = output.evalue[:size]
        if sum(map(len, output.traceback)) > size:
            output.traceback, cut = [_CUT], True
    return cut
