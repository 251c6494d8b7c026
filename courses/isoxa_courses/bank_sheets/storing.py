"""An imported workbook becomes the quiz's YAML file: checked first, written whole or not at all.

A version that officers may have taken is never changed in place. Course folders travel between servers, so no server
can say that nobody took a version: whenever the content differs from the file's, the version is raised by one.
Attempts at the old version keep its content, frozen with their edition, and stay graded by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..complaints import validated
from ..errors import ContentError
from ..loading import load_lesson, load_quiz_file
from ..models import QuizFile
from ..yaml_files import read_yaml
from .cells import BankSheetError, Place
from .changes import BankChanges, changes_between
from .reading import BankBook, read_bank
from .yaml_text import quiz_yaml


@dataclass(frozen=True)
class BankImport:
    """What an import did, or (``written`` false) would do or had no need to do.

    ``old_version`` is None for a new quiz; ``version_raised``: by the import itself; ``comments_lost``: how many lines
    of comment inside the old file are not in the new one.
    """

    quiz: QuizFile
    file: Path
    changes: BankChanges
    old_version: int | None
    version_raised: bool
    comments_lost: int
    written: bool

    def to_json(self) -> dict[str, Any]:
        """``{"quiz", "version", "old_version", "version_raised", "file", "written", "changes", "comments_lost"}``."""
        return {
            "quiz": self.quiz.id,
            "version": self.quiz.version,
            "old_version": self.old_version,
            "version_raised": self.version_raised,
            "file": str(self.file),
            "written": self.written,
            "changes": self.changes.to_json(),
            "comments_lost": self.comments_lost,
        }


def import_bank(
    workbook: Path, course_folder: Path, *, quiz_id: str | None = None, dry_run: bool = False
) -> BankImport:
    """Put a workbook's quiz into the course folder.

    ``quiz_id``: refuse a workbook of another quiz. Raises :class:`BankSheetError` (the workbook, by sheet and cell) and
    ``ContentError`` (the course's own files); then nothing was written.
    """
    book = read_bank(workbook)
    new = book.quiz
    _check_names(book, course_folder, quiz_id)
    file = course_folder / "quizzes" / f"{new.id}.yaml"
    header, inside, old = "", 0, None
    if file.exists():
        old = load_quiz_file(course_folder, new.id)
        header, inside = _comments(file.read_text("utf-8-sig"))
    changes = changes_between(old, new) if old else _all_new(new)
    raised = False
    if old is not None and not changes:
        new = old
    elif old is not None:
        _refuse_stale(book, old)
        raised = new.version == old.version
        new = new.model_copy(update={"version": old.version + 1}) if raised else new
    write = bool(changes) and not dry_run
    if write:
        _write(file, quiz_yaml(new, header), new)
    return BankImport(
        new, file, changes, old.version if old else None, raised, inside if changes else 0, write
    )


def _all_new(quiz: QuizFile) -> BankChanges:
    variants = tuple(f"{slot.id}/{variant.id}" for slot in quiz.slots for variant in slot.variants)
    return BankChanges(slots_added=tuple(slot.id for slot in quiz.slots), variants_added=variants)


def _check_names(book: BankBook, course_folder: Path, quiz_id: str | None) -> None:
    """The names that lead out of the workbook: the quiz asked for, its lesson, the sections to read again."""
    quiz, document = book.quiz, book.document
    if quiz_id is not None and quiz.id != quiz_id:
        reason = f"Tệp này là của bài “{quiz.id}”, không phải “{quiz_id}”. Chưa ghi gì."
        raise BankSheetError([document.place(("quiz",)).problem(reason)])
    if not (course_folder / "lessons" / f"{quiz.lesson}.yaml").is_file():
        reason = f"Khóa học không có bài học “{quiz.lesson}”."
        raise BankSheetError([document.place(("lesson",)).problem(reason)])
    sections = [section.id for section in load_lesson(course_folder, quiz.lesson).sections]
    unknown = [
        document.place(("slots", index, "section")).problem(
            f"Bài “{quiz.lesson}” không có mục “{slot.section}”. Các mục: {', '.join(sections)}."
        )
        for index, slot in enumerate(quiz.slots)
        if slot.section not in sections
    ]
    if unknown:
        raise BankSheetError(unknown)


def _refuse_stale(book: BankBook, old: QuizFile) -> None:
    if book.quiz.version < old.version:
        place: Place = book.document.place(("version",))
        reason = (
            f"Tệp này xuất từ phiên bản {book.quiz.version}, nhưng bài kiểm tra nay là phiên bản {old.version}: "
            "nhập vào sẽ mất những gì đã sửa từ đó. Hãy xuất lại rồi sửa trên tệp mới; nếu chắc chắn muốn dùng nội "
            f"dung của tệp này, hãy ghi {old.version} vào ô này. Chưa ghi gì."
        )
        raise BankSheetError([place.problem(reason)])


def _comments(text: str) -> tuple[str, int]:
    """The comment on top of a file, and the number of comment lines below it."""
    top = re.match(r"(?:[ \t]*#[^\n]*\n|[ \t]*\n)*", text)
    header = top.group() if top else ""
    return header, sum(line.lstrip().startswith("#") for line in text[len(header) :].splitlines())


def _write(file: Path, text: str, quiz: QuizFile) -> None:
    """Replace the file at once, after reading back what will stand in it. Raises ContentError, OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(f".{file.name}.partial")
    try:
        scratch.write_text(text, encoding="utf-8", newline="\n")
        back = validated(QuizFile, read_yaml(scratch))
        if back != quiz:
            place = Place(file.name, "")
            raise BankSheetError(
                [place.problem("Nội dung đọc lại khác với nội dung đã nhập nên chưa ghi gì.")]
            )
        scratch.replace(file)
    except (OSError, ContentError):
        scratch.unlink(missing_ok=True)
        raise
