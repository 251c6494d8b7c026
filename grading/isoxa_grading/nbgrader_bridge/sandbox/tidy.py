"""What learners hand in, made fit for nbgrader before it runs: read with caps, cells put back, ids set right.

Stock nbgrader stops at a submission whose cells were deleted in the wrong place, and trusts some of its metadata. So
the released notebook is the measure: of a submission count the contents of its answer cells and the learner's own
extra cells; ids, points and locks come from the release. What was put right is said in words for the trainer.
"""

from __future__ import annotations

import os
import stat
import warnings
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.reader import NotJSONError
from nbformat.validator import NotebookValidationError, normalize

from .limits import MEGABYTE, Limits


class SubmissionRefused(Exception):
    """The submission cannot be graded as it is; the message (Vietnamese) says why and what to do."""


@dataclass
class Tidied:
    """A submission fit for nbgrader: notebooks by name, other files by relative path, and what was put right."""

    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def tidy_submission(submitted: Path, release: Path, limits: Limits) -> Tidied:
    """Read a submission's folder beside its release's folder. Raises ``SubmissionRefused``; writes nothing."""
    tidied = Tidied()
    contents = _read_files(submitted, limits, tidied.notes)
    for released in sorted(release.glob("*.ipynb")):
        content = contents.pop(released.name, None)
        if content is None:
            tidied.notes.append(f"Bài nộp thiếu sổ tay {released.name}: các ô của sổ tay này được 0 điểm.")
            continue
        notebook = read_notebook(content, released.name)
        tidied.notebooks[released.stem] = _fit(
            notebook, nbformat.read(released, as_version=4), released.name, tidied.notes
        )
    for name in sorted(contents):
        if name.endswith(".ipynb"):
            tidied.notes.append(f"Sổ tay {name} không thuộc bài này nên không chấm.")
        elif name != "timestamp.txt":
            tidied.files[name] = contents[name]
    if not tidied.notebooks:
        expected = ", ".join(sorted(path.name for path in release.glob("*.ipynb")))
        raise SubmissionRefused(f"không có sổ tay nào của bài. Hãy nộp tệp tên {expected}")
    return tidied


def _read_files(submitted: Path, limits: Limits, notes: list[str]) -> dict[str, bytes]:
    """Relative path → content. Symbolic links and special files are passed over: they could name anything."""
    found: dict[str, bytes] = {}
    total = 0
    for folder, _subfolders, names in os.walk(submitted):
        for name in sorted(names):
            path = Path(folder) / name
            relative = path.relative_to(submitted).as_posix()
            try:
                handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            except OSError:
                notes.append(f"Bỏ qua {relative}: không phải tệp thường.")
                continue
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    notes.append(f"Bỏ qua {relative}: không phải tệp thường.")
                    continue
                content = file.read(limits.submission_size - total + 1)
            total += len(content)
            found[relative] = content
            if total > limits.submission_size:
                most = limits.submission_size // MEGABYTE
                raise SubmissionRefused(
                    f"bài nộp lớn hơn {most} MB. Hãy xóa kết quả chạy trong sổ tay rồi nộp lại"
                )
            if len(found) > limits.submission_files:
                raise SubmissionRefused(f"bài nộp có hơn {limits.submission_files} tệp")
    return found


def read_notebook(content: bytes, name: str) -> NotebookNode:
    """A notebook in today's format. Raises ``SubmissionRefused`` for what is none."""
    try:
        with warnings.catch_warnings():
            # Old notebooks have no cell ids, a cell copied with an editor has its neighbour's: both are mended.
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(content.decode("utf-8"), as_version=4)
            _changes, notebook = normalize(notebook)
            nbformat.validate(notebook)
    except (NotJSONError, UnicodeDecodeError, RecursionError) as error:
        raise SubmissionRefused(
            f"tệp {name} bị hỏng hoặc bị cắt cụt, không đọc được. Hãy xin nộp lại"
        ) from error
    except (NotebookValidationError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise SubmissionRefused(f"tệp {name} không phải sổ tay Jupyter hợp lệ. Hãy xin nộp lại") from error
    found: NotebookNode = notebook
    return found


def grade_id(cell: NotebookNode) -> str | None:
    """nbgrader's id of a cell; None for a cell of the learner's own."""
    meta: Any = cell.metadata.get("nbgrader")
    found = meta.get("grade_id") if isinstance(meta, dict) else None
    return found if isinstance(found, str) and found else None


def _fit(submitted: NotebookNode, release: NotebookNode, name: str, notes: list[str]) -> NotebookNode:
    wanted = {id_: cell for cell in release.cells if (id_ := grade_id(cell)) is not None}
    # Of cells with one id the last counts, as in stock nbgrader.
    last = {id_: place for place, cell in enumerate(submitted.cells) if (id_ := grade_id(cell)) is not None}
    cells: list[NotebookNode] = []
    for place, cell in enumerate(submitted.cells):
        id_ = grade_id(cell)
        if id_ in wanted and last[id_] == place:
            cells.append(_own(cell, wanted[id_]))
            continue
        if id_ in wanted:
            notes.append(f"{name}: ô “{id_}” xuất hiện nhiều lần; chỉ tính ô cuối.")
        elif id_ is not None:
            notes.append(f"{name}: ô “{id_}” không thuộc bài này nên không được tính điểm.")
        cell.metadata.pop("nbgrader", None)
        cells.append(_cleared(cell))
    _put_back(cells, release, name, notes)
    fitted: NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=deepcopy(release.metadata))
    fitted.nbformat_minor = 5
    ids: set[str] = set()
    for cell in fitted.cells:
        if cell.get("id") in ids or "id" not in cell:
            cell["id"] = nbformat.v4.new_code_cell().id
        ids.add(cell["id"])
    return fitted


def _own(cell: NotebookNode, released: NotebookNode) -> NotebookNode:
    """The released cell with what the learner wrote in it; nbgrader itself restores locked ones."""
    fitted: NotebookNode = deepcopy(released)
    fitted.source = cell.source
    if "attachments" in cell and fitted.cell_type == "markdown":
        fitted.attachments = cell.attachments
    return _cleared(fitted)


def _cleared(cell: NotebookNode) -> NotebookNode:
    if cell.cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def _put_back(cells: list[NotebookNode], release: NotebookNode, name: str, notes: list[str]) -> None:
    """Cells that are missing come back as released, behind the cell they stood behind."""
    present = {grade_id(cell) for cell in cells}
    before: str | None = None
    for released in release.cells:
        id_ = grade_id(released)
        if id_ is None:
            continue
        if id_ not in present:
            places = [place for place, cell in enumerate(cells) if grade_id(cell) == before]
            cells.insert(places[0] + 1 if before is not None and places else 0, _cleared(deepcopy(released)))
            notes.append(f"{name}: ô “{id_}” đã bị xóa khỏi bài nộp; chấm như ô để trống.")
        before = id_
