"""Grades the submissions of a hand-written assignment, one at a time, each in a cage; every failure becomes a report.

A submission graded once is not run again unless it or the assignment changed, or the trainer asks (``again``): the
report beside the gradebook (``grading_reports/ASSIGNMENT/STUDENT.json``) remembers what was graded. Marks go into the
gradebook first, then the notebook, then the report: a crash between them only means that the submission is run again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from nbgrader.utils import parse_utc
from sqlalchemy.exc import DatabaseError

from ...records.data_folder import DataFolder
from ..course_folder import NbgraderFolder, programs_on_path
from .autograded import keep_autograded
from .cages import available, build_cage
from .hand_written import AssignmentRefused
from .limits import Limits, limits_from
from .marks import ScoresRefused, read_marks, write_marks
from .scratch import Scratch
from .tidy import SubmissionRefused, tidy_submission
from .worker import Ran, RunStopped, run_autograde

_STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,99}\Z")


@dataclass
class Outcome:
    """What became of one submission. ``message`` is a Vietnamese sentence for the trainer; ``notes`` what they should
    see besides; ``kept``: graded before, not run again."""

    student: str
    assignment: str
    graded: bool
    message: str
    notes: list[str] = field(default_factory=list)
    points: float | None = None
    max_points: float | None = None
    waiting: int = 0
    seconds: float = 0.0
    kept: bool = False


def choose_cage(data: DataFolder) -> str:
    """The strongest kind of cage here. Raises ``AssignmentRefused`` if there is none and settings do not allow that."""
    kinds = available()
    if kinds:
        return kinds[0]
    if data.settings.sandbox_without_isolation:
        return "limits"
    raise AssignmentRefused(
        "Máy chủ chưa cách ly được chương trình của người học nên chưa chấm bài nào. Hãy cài bubblewrap "
        "(apt install bubblewrap) rồi chạy “isoxa doctor”; xem docs/administrators/sandbox.md."
    )


def grade_assignment(
    data: DataFolder,
    folder: NbgraderFolder,
    assignment: str,
    *,
    students: Sequence[str] | None = None,
    again: bool = False,
    limits: Limits | None = None,
    progress: Callable[[Outcome], None] = lambda _outcome: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[Outcome]:
    """Grade what was submitted to ``assignment`` (by ``students``, or everybody); returns an outcome for each.

    Once ``stop`` says so, the submission in hand is ended without an outcome, and the others are left alone.

    Raises ``AssignmentRefused`` where nothing can be graded: not released, no cage, gradebook unusable, a second run.
    """
    if not any((folder.root / "release" / assignment).glob("*.ipynb")):
        raise AssignmentRefused(
            f"Bài {assignment} chưa được phát hành. Hãy chạy: isoxa course add-assignment"
        )
    kind = choose_cage(data)
    used = limits or limits_from(data.settings)
    programs_on_path()
    handed_in = sorted(path.parent.name for path in folder.root.glob(f"submitted/*/{assignment}"))
    wanted = handed_in if students is None else list(students)
    if missing := sorted(set(wanted) - set(handed_in)):
        raise AssignmentRefused(f"Chưa có bài nộp {assignment} của: {', '.join(missing)}")
    outcomes = []
    with _only_run(folder):
        for student in wanted:
            if stop():
                break
            try:
                outcome = _grade(data, folder, assignment, student, kind, used, again=again, stop=stop)
            except RunStopped:
                break
            except (DatabaseError, sqlite3.DatabaseError) as error:
                raise AssignmentRefused(
                    "Sổ điểm đang bị phần mềm khác giữ hoặc không đọc được; điểm đã ghi trước đó còn nguyên. Hãy đóng "
                    f"formgrader rồi chạy lại; nếu vẫn lỗi, khôi phục từ bản sao lưu ({getattr(error, 'orig', error)})."
                ) from error
            outcomes.append(outcome)
            progress(outcome)
    return outcomes


@contextmanager
def _only_run(folder: NbgraderFolder) -> Iterator[None]:
    with (folder.root / ".sandbox.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AssignmentRefused(
                "Đang có lượt chấm khác của khóa học này. Hãy chờ xong rồi chạy lại."
            ) from None
        yield


def _grade(
    data: DataFolder,
    folder: NbgraderFolder,
    assignment: str,
    student: str,
    kind: str,
    limits: Limits,
    *,
    again: bool,
    stop: Callable[[], bool],
) -> Outcome:
    if not _STUDENT.match(student):
        return _failed(student[:100], assignment, "tên thư mục bài nộp không hợp lệ nên không chấm")
    digest = _digest(folder, assignment, student)
    report = folder.root / "grading_reports" / assignment / f"{student}.json"
    if not again and (before := _before(report, digest)) is not None:
        return before
    try:
        outcome = _run(data, folder, assignment, student, kind, limits, stop)
    except (SubmissionRefused, ScoresRefused) as error:
        outcome = _failed(student, assignment, str(error))
    _remember(report, digest, outcome)
    return outcome


def _run(
    data: DataFolder,
    folder: NbgraderFolder,
    assignment: str,
    student: str,
    kind: str,
    limits: Limits,
    stop: Callable[[], bool],
) -> Outcome:
    submitted = folder.root / "submitted" / student / assignment
    # Its time is read before its files: if a newer version comes in between, no mark of the old one bears its time.
    notes: list[str] = []
    timestamp = _timestamp(submitted, notes)
    tidied = tidy_submission(submitted, folder.root / "release" / assignment, limits)
    tidied.notes += notes
    with tempfile.TemporaryDirectory(prefix="isoxa-cham-", ignore_cleanup_errors=True) as place:
        scratch = Scratch(Path(place))
        scratch.fill(folder, assignment, student, tidied, timestamp, limits)
        cage = build_cage(kind, scratch.root, limits, hidden=[data.path])
        ran = run_autograde(scratch, cage, assignment, student, stop)
        produced = scratch.course.root / "autograded" / student / assignment
        if ran.stopped or ran.returncode or not any(produced.glob("*.ipynb")):
            notes = [*tidied.notes, *([] if ran.stopped else _last_words(ran))]
            return _failed(student, assignment, ran.stopped or _why(ran), notes, ran.seconds)
        marks = read_marks(scratch.gradebook, assignment, student)
        points, most, waiting = write_marks(folder, assignment, student, marks)
        target = folder.root / "autograded" / student / assignment
        target.parent.mkdir(parents=True, exist_ok=True)
        notes = [*tidied.notes, *keep_autograded(produced, target, limits)]
    left = f"; còn {waiting} ô chờ giảng viên chấm" if waiting else ""
    return Outcome(
        student,
        assignment,
        True,
        f"Bài của {student}: {_number(points)}/{_number(most)} điểm{left}.",
        notes,
        points,
        most,
        waiting,
        round(ran.seconds, 1),
    )


def _failed(
    student: str, assignment: str, why: str, notes: Sequence[str] = (), seconds: float = 0.0
) -> Outcome:
    message = f"Bài của {student} {why}; chưa có điểm."
    if why.startswith(("tệp", "không có", "bài nộp", "ô ", "tên")):
        message = f"Bài của {student}: {why}; chưa có điểm."
    return Outcome(student, assignment, False, message, list(notes), seconds=round(seconds, 1))


def _why(ran: Ran) -> str:
    """Why nbgrader gave up, from its log."""
    if "DeadKernelError" in ran.log or "Kernel died" in ran.log:
        return "bị hệ thống ngắt giữa chừng (dùng quá bộ nhớ hoặc thời gian cho phép, hoặc tự kết thúc)"
    if "became unresponsive" in ran.log or "UnresponsiveKernel" in ran.log:
        return "không trả lời và không chịu dừng nên bị ngắt"
    if "MemoryError" in ran.log:
        return "in ra quá nhiều kết quả nên bị dừng"
    return "làm nbgrader dừng với lỗi"


def _last_words(ran: Ran) -> list[str]:
    """The error that nbgrader named last, for the trainer alone: the learner's code can write into this log, and what
    it writes may be a hidden test, so its owner is not told."""
    lines = [line for line in ran.log.splitlines() if "ERROR" in line or "Error" in line]
    return [f"nbgrader dừng với lỗi: {lines[-1][-200:].strip() if lines else ran.returncode}."]


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def _timestamp(submitted: Path, notes: list[str]) -> str | None:
    file = submitted / "timestamp.txt"
    if file.is_symlink() or not file.is_file() or file.stat().st_size > 200:
        return None
    text = file.read_text("utf-8", "replace").strip()
    try:
        parse_utc(text)
    except (ValueError, OverflowError, TypeError):
        notes.append("Giờ nộp ghi trong bài không đọc được nên không dùng.")
        return None
    return text


def _digest(folder: NbgraderFolder, assignment: str, student: str) -> str:
    """Of everything a mark depends on: the submission's files and the assignment's."""
    digest = hashlib.sha256()
    for root in (folder.root / "submitted" / student / assignment, folder.root / "source" / assignment):
        for path in sorted(root.rglob("*")):
            if path.is_symlink() or not path.is_file():
                continue
            digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def last_outcome(folder: NbgraderFolder, assignment: str, student: str) -> Outcome | None:
    """What came of the last run on the submission and the assignment as they are now; None: there was none."""
    report = folder.root / "grading_reports" / assignment / f"{student}.json"
    return _before(report, _digest(folder, assignment, student))


def _before(report: Path, digest: str) -> Outcome | None:
    try:
        kept = json.loads(report.read_text(encoding="utf-8"))
        if kept.pop("digest") != digest:
            return None
        return Outcome(**{**kept, "kept": True})
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _remember(report: Path, digest: str, outcome: Outcome) -> None:
    report.parent.mkdir(parents=True, exist_ok=True)
    draft = report.with_name(f".{report.name}.{os.getpid()}.partial")
    text = json.dumps({"digest": digest, **asdict(outcome)}, ensure_ascii=False, indent=1)
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(report)
