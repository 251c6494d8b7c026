"""A trainer's own assignment: into the course's nbgrader folder, released, and submissions put in.

The notebooks stay as the trainer wrote them; stock ``nbgrader generate_assignment`` makes the release, with stubs that
raise until they are answered, as nbgrader's own do (the folder's setting is for quizzes).
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry
from nbgrader.converters.base import NbGraderException
from sqlalchemy import select
from sqlalchemy.orm import Session

from ...records.data_folder import DataFolder
from ...records.tables import QuizVersion
from ..course_folder import NbgraderFolder
from ..generating import generate_assignment
from ..gradebook import gradebook
from .source_check import left_in, problems_of
from .tidy import SubmissionRefused, read_notebook

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\Z")
_CODE_STUB = "# Viết mã của anh/chị ở đây\nraise NotImplementedError()"
_TEXT_STUB = "*Viết câu trả lời của anh/chị ở đây.*"


class AssignmentRefused(Exception):
    """The assignment or submission cannot be taken as it is; the message (Vietnamese) says why, line by line."""


def open_folder(data: DataFolder, session: Session, course: str, assignment: str) -> NbgraderFolder:
    """The course's nbgrader folder, for a hand-written assignment. Raises ``AssignmentRefused`` for a quiz's name."""
    folder = NbgraderFolder(data.nbgrader(course))
    if not folder.root.is_dir():
        raise AssignmentRefused(f"Khóa học {course} chưa được phát hành. Hãy chạy: isoxa course build")
    check_name(assignment)
    query = select(QuizVersion.id).where(QuizVersion.course == course, QuizVersion.assignment == assignment)
    if session.scalar(query) is not None:
        raise AssignmentRefused(f"{assignment} là bài kiểm tra của khóa học, đã được chấm tự động.")
    return folder


def check_name(name: str) -> None:
    """Names become folders. Raises ``AssignmentRefused``."""
    if not _NAME.match(name) or ".." in name or "+" in name:
        raise AssignmentRefused(f"“{name}”: tên chỉ gồm chữ không dấu, số, “-”, “_” và “.”, ví dụ bai-tap-1.")


def add_assignment(
    folder: NbgraderFolder, assignment: str, origin: Path | None = None, *, again: bool = False
) -> list[str]:
    """Put ``origin`` (a notebook, or a folder of notebooks and their files) into the course and release it.

    Without ``origin`` what the trainer made in ``source/ASSIGNMENT`` is released. ``again``: also if submissions are
    there already (they are graded anew afterwards). Returns the released notebooks' names. Nothing is changed when
    ``AssignmentRefused`` is raised.
    """
    source = folder.root / "source" / assignment
    if not again and any(folder.root.glob(f"submitted/*/{assignment}")):
        raise AssignmentRefused(
            f"Bài {assignment} đã có người nộp nên không phát hành lại. Hãy đặt tên khác (ví dụ {assignment}-v2), "
            "hoặc thêm --again rồi chấm lại tất cả."
        )
    notebooks = _notebooks(origin if origin is not None else source, assignment)
    found: list[str] = []
    for name, path in notebooks.items():
        try:
            found += problems_of(read_notebook(path.read_bytes(), path.name), name)
        except SubmissionRefused as error:
            found.append(str(error).replace("Hãy xin nộp lại", "Hãy lưu lại từ JupyterLab"))
    if found:
        raise AssignmentRefused("\n".join(found))
    if origin is not None:
        _put(origin, source, assignment)
    _generate(folder, assignment)
    released = sorted((folder.root / "release" / assignment).glob("*.ipynb"))
    for path in released:
        if left_in(path.read_text(encoding="utf-8")):
            shutil.rmtree(path.parent)
            raise AssignmentRefused(
                f"{path.name}: bản phát hành còn đáp án; đã xóa bản này, chưa phát hành gì."
            )
    return [path.name for path in released]


def _notebooks(origin: Path, assignment: str) -> dict[str, Path]:
    if origin.is_file():
        return {f"{assignment}.ipynb": origin}
    found = {path.name: path for path in sorted(origin.glob("*.ipynb"))} if origin.is_dir() else {}
    if not found:
        raise AssignmentRefused(f"{origin}: không có sổ tay .ipynb nào.")
    return found


def _put(origin: Path, source: Path, assignment: str) -> None:
    if origin.resolve() == source.resolve():
        return
    draft = source.with_name(f".{assignment}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    if origin.is_file():
        draft.mkdir(parents=True)
        shutil.copyfile(origin, draft / f"{assignment}.ipynb")
    else:
        shutil.copytree(origin, draft, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    shutil.rmtree(source, ignore_errors=True)
    draft.rename(source)


def _generate(folder: NbgraderFolder, assignment: str) -> None:
    """Stock ``nbgrader generate_assignment``."""
    with gradebook(folder):
        # Held while nbgrader writes: the outbox waits its turn.
        try:
            generate_assignment(folder, assignment, code_stub=_CODE_STUB, text_stub=_TEXT_STUB)
        except NbGraderException as error:
            raise AssignmentRefused(f"nbgrader không phát hành được bài {assignment}: {error}") from error
    if not any((folder.root / "release" / assignment).glob("*.ipynb")):
        raise AssignmentRefused(f"nbgrader không phát hành được bài {assignment}.")


def set_due(folder: NbgraderFolder, assignment: str, due: datetime | None) -> None:
    """Until when submissions are on time, as formgrader keeps it; None: always. Raises ``AssignmentRefused``."""
    with gradebook(folder) as book:
        try:
            found: Any = book.find_assignment(assignment)
        except MissingEntry:
            raise AssignmentRefused(
                f"Bài {assignment} chưa được phát hành. Hãy chạy: isoxa course add-assignment"
            ) from None
        found.duedate = None if due is None else due.astimezone(UTC).replace(tzinfo=None)
        book.db.commit()


def add_submission(
    folder: NbgraderFolder, assignment: str, student: str, files: list[Path], *, now: datetime
) -> Path:
    """Put a submission's files into ``submitted/STUDENT/ASSIGNMENT``, in place of an earlier one; returns that folder.

    A single notebook of an assignment with one notebook may have any name. Contents are looked at when it is graded.
    """
    check_name(student)
    released = sorted((folder.root / "release" / assignment).glob("*.ipynb"))
    if not released:
        raise AssignmentRefused(f"Bài {assignment} chưa được phát hành.")
    target = folder.root / "submitted" / student / assignment
    draft = target.with_name(f".{assignment}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    only = len(released) == 1 and sum(path.suffix == ".ipynb" for path in files) == 1
    for path in files:
        if path.is_symlink() or not path.is_file():
            shutil.rmtree(draft)
            raise AssignmentRefused(f"{path}: không phải tệp thường.")
        shutil.copyfile(path, draft / (released[0].name if only and path.suffix == ".ipynb" else path.name))
    stamp = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC\n")
    (draft / "timestamp.txt").write_text(stamp, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    return target
