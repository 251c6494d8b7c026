"""Whether uploaded files can be taken as somebody's work: said at once, in words, before anything is kept.

Nothing is executed, unpacked or rendered. Sizes and the first bytes are looked at first; only then is a notebook read,
and read by the same code that makes it fit for nbgrader later (``sandbox.tidy``): what is told here is what will be
graded.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .assignments import Assignment
from .errors import HandInRefused
from .one_file import LIMITS, UploadLimits, content_fault, file_name, name_fault

__all__ = ["Checked", "Upload", "check_upload", "fingerprint", "too_large"]

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file as it was sent; ``name`` is whatever the browser says."""

    name: str
    content: bytes


@dataclass
class Checked:
    """What is kept: file name → content, notebooks under their released names; and what its owner should know."""

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """One fingerprint for all the files: of the lines ``SHA256  NAME``, by name."""
        return fingerprint(
            {name: hashlib.sha256(content).hexdigest() for name, content in self.files.items()}
        )


def fingerprint(digests: dict[str, str]) -> str:
    """SHA-256 of ``SHA256  NAME`` lines by name, as ``sha256sum`` writes them."""
    lines = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


def check_upload(assignment: Assignment, uploads: Sequence[Upload], limits: UploadLimits = LIMITS) -> Checked:
    """The files as they will be kept. Raises ``HandInRefused`` with every fault found. Blocks."""
    sent = [one for one in uploads if one.name or one.content]
    if not sent:
        raise HandInRefused("Anh/chị chưa chọn tệp nào.")
    if len(sent) > limits.files:
        raise HandInRefused(f"Anh/chị chọn {len(sent)} tệp; mỗi lần nộp nhiều nhất {limits.files} tệp.")
    if sum(len(one.content) for one in sent) > limits.together:
        raise HandInRefused(too_large(limits))
    faults: list[str] = []
    checked = Checked()
    notebooks: dict[str, bytes] = {}
    for one in sent:
        name, ending = file_name(one.name)
        fault = name_fault(one.name, name, ending) or content_fault(name, ending, one.content, limits)
        if not fault and name.casefold() in {other.casefold() for other in (*notebooks, *checked.files)}:
            fault = f"Có hai tệp cùng tên “{name}”. Hãy chọn lại, mỗi tên một tệp."
        if fault:
            faults.append(fault)
        elif ending == "ipynb":
            notebooks[name] = one.content
        else:
            checked.files[name] = one.content
    if faults:
        raise HandInRefused(faults)
    _place(assignment, notebooks, checked)
    checked.notes += [
        f"Tệp “{one}” là tệp kèm đề: khi chấm, máy dùng bản của đề."
        for one in sorted(checked.files)
        if one in {file.name for file in assignment.files} and not one.endswith(".ipynb")
    ]
    _read_as_grading_does(assignment, checked)
    return checked


def too_large(limits: UploadLimits = LIMITS) -> str:
    """What is said of an upload larger than all files together may be."""
    return (
        f"Các tệp anh/chị chọn nặng hơn {limits.together // _MEGABYTE} MB nên chưa nhận. Sổ tay thường nặng vì kết quả "
        "chạy: trong JupyterLab, chọn Edit → Clear Outputs of All Cells, lưu lại rồi nộp."
    )


def _place(assignment: Assignment, notebooks: dict[str, bytes], checked: Checked) -> None:
    """Give each notebook its released name. By name, else by nbgrader's ids in it: browsers rename what is downloaded
    twice, people rename it with their own name."""
    faults = []
    placed: dict[str, str] = {}
    for name, content in notebooks.items():
        ids = _ids(content)
        counts = {
            wanted: len(ids & {cell.id for cell in assignment.cells if f"{cell.notebook}.ipynb" == wanted})
            for wanted in assignment.notebooks
        }
        best = max(counts.values(), default=0)
        wanted = name if counts.get(name) else next((one for one in counts if counts[one] == best), "")
        if not best:
            faults.append(
                f"Sổ tay “{name}” không có ô nào của bài “{assignment.title}”: đây là sổ tay của bài khác, hoặc các ô "
                "của đề đã bị xóa hết. Hãy tải đề ở trang này, làm trên tệp đó rồi nộp lại."
            )
        elif wanted in placed:
            faults.append(
                f"“{placed[wanted]}” và “{name}” cùng là bài làm của {wanted}. Hãy chỉ chọn một tệp."
            )
        else:
            placed[wanted], checked.files[wanted] = name, content
            if wanted != name:
                checked.notes.append(f"Tệp “{name}” được nhận là bài làm của {wanted}.")
    if not placed and not faults:
        names = ", ".join(assignment.notebooks)
        faults.append(f"Trong các tệp anh/chị chọn không có sổ tay của bài. Cần nộp: {names}.")
    if faults:
        raise HandInRefused(faults)


def _ids(content: bytes) -> set[str]:
    found = set()
    for cell in json.loads(content.decode("utf-8"))["cells"]:
        meta = cell.get("metadata") if isinstance(cell, dict) else None
        mark = meta.get("nbgrader") if isinstance(meta, dict) else None
        id_ = mark.get("grade_id") if isinstance(mark, dict) else None
        if isinstance(id_, str):
            found.add(id_)
    return found


def _read_as_grading_does(assignment: Assignment, checked: Checked) -> None:
    """Tidy a scratch copy beside the release; adds to the notes what that puts right. Raises ``HandInRefused``."""
    # nbgrader takes a second to import, and only who hands in needs it.
    from ..nbgrader_bridge.sandbox.limits import Limits
    from ..nbgrader_bridge.sandbox.tidy import SubmissionRefused, tidy_submission

    scratch = Path(tempfile.mkdtemp(prefix="isoxa-nop-"))
    try:
        for name, content in checked.files.items():
            (scratch / name).write_bytes(content)
        tidied = tidy_submission(scratch, assignment.release, Limits())
    except SubmissionRefused as error:
        words = str(error).replace("Hãy xin nộp lại", "Hãy lưu lại từ JupyterLab rồi nộp lại")
        raise HandInRefused(words[:1].upper() + words[1:].rstrip(".") + ".") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    checked.notes += tidied.notes
    released = {(cell.notebook, cell.id): cell.source.strip() for cell in assignment.cells if cell.answer}
    written = {
        (notebook, cell.metadata.nbgrader.grade_id): cell.source.strip()
        for notebook, read in tidied.notebooks.items()
        for cell in read.cells
        if "nbgrader" in cell.metadata
    }
    if released and all(written.get(key, source) == source for key, source in released.items()):
        checked.notes.append(
            "Các ô trả lời còn y như đề: có lẽ anh/chị chọn nhầm tệp đề chưa làm, hoặc chưa lưu trước khi nộp."
        )
