"""Where a trainer writes: a working copy of a course, and the frame of a new lesson with its quiz.

A working copy is laid out as a checkout is, so that a lesson opened in it finds its own practice content::

    PLACE/courses/COURSE/       course.yaml, lessons/, quizzes/, facts.yaml, …
    PLACE/notebooks/lessons/    ID.ipynb

What is there is never written over: both functions say what they made, and an empty list means that all was there.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .text import clean

__all__ = ["AuthoringProblem", "WorkingCopy", "copy_course", "new_lesson"]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 60


class AuthoringProblem(Exception):
    """It cannot be done as asked; nothing was changed. The message (Vietnamese) says what to do."""


@dataclass(frozen=True)
class WorkingCopy:
    """A working copy of ``course`` at ``place``."""

    place: Path
    course: str

    @property
    def folder(self) -> Path:
        """The course folder."""
        return self.place / "courses" / self.course

    @property
    def lessons(self) -> Path:
        """The folder of the lesson notebooks."""
        return self.place / "notebooks" / "lessons"


def copy_course(origin: Path, lessons: Path, copy: WorkingCopy, *, practice: bool = False) -> bool:
    """Copy a course folder and its lesson notebooks; False: the copy is there already and was left alone.

    ``practice``: only the first lesson and its quizzes, and none of the standards that the course sets itself, so that
    a lesson of one question can be tried out from beginning to end.
    """
    if copy.folder.exists():
        return False
    scratch = copy.place / ".dang-chep"
    shutil.rmtree(scratch, ignore_errors=True)
    hidden = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(origin, scratch, ignore=hidden)
    kept = _keep_first_lesson(scratch) if practice else None
    copy.lessons.mkdir(parents=True, exist_ok=True)
    for notebook in sorted(lessons.glob("*.ipynb")):
        target = copy.lessons / notebook.name
        if (kept is None or notebook.stem == kept) and not target.exists():
            shutil.copyfile(notebook, target)
    copy.folder.parent.mkdir(parents=True, exist_ok=True)
    scratch.rename(copy.folder)
    return True


def new_lesson(copy: WorkingCopy, lesson: str, number: int | str, title: str) -> list[Path]:
    """Write the frame of a lesson (notebook, practice content, quiz) and put it at the end of ``course.yaml``.

    The frame passes ``isoxa course check``: it has one section, one practice question and one question of the quiz, to
    be written over. Returns the files made; those that are there stay as they are. Raises `AuthoringProblem`.
    """
    if not _ID.fullmatch(lesson) or len(lesson) > _LONGEST_ID:
        raise AuthoringProblem(
            f"Mã bài “{lesson}” chưa dùng được: chỉ gồm chữ thường không dấu, số và gạch nối, ví dụ 13-phieu-hen."
        )
    title = clean(title)
    if not title:
        raise AuthoringProblem("Bài chưa có tên.")
    course_file = copy.folder / "course.yaml"
    if not course_file.is_file():
        raise AuthoringProblem(
            f"{copy.place}: chưa có bản làm việc ở đây. Hãy chạy: isoxa course copy {copy.place}"
        )
    made = []
    frames = {
        copy.folder / "lessons" / f"{lesson}.yaml": _practice_frame(lesson, title),
        copy.folder / "quizzes" / f"{lesson}.yaml": _quiz_frame(lesson, number, title),
        copy.lessons / f"{lesson}.ipynb": _notebook_frame(lesson, number, title),
    }
    for file, text in frames.items():
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            made.append(file)
    if _enlist(course_file, lesson, number, title):
        made.append(course_file)
    return made


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 10_000
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _keep_first_lesson(folder: Path) -> str:
    """Reduce a copied course to its first lesson; returns its id."""
    yaml = _yaml()
    file = folder / "course.yaml"
    course: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"))
    _without(course, "standards")
    first = str(course["lessons"][0]["id"])
    course["lessons"] = course["lessons"][:1]
    course["quizzes"] = [quiz for quiz in course["quizzes"] if quiz.get("after", first) == first]
    kept = {str(quiz["id"]) for quiz in course["quizzes"]}
    for part, names in (("lessons", {first}), ("quizzes", kept)):
        for content in (folder / part).glob("*.yaml"):
            if content.stem not in names:
                content.unlink()
    _write(yaml, course, file)
    return first


def _without(course: Any, key: str) -> None:
    """Take a key out, with the comment above it (which ruamel.yaml keeps at the key before)."""
    names = list(course)
    if key in names:
        if at := names.index(key):
            course.ca.items.pop(names[at - 1], None)
        del course[key]


def _enlist(file: Path, lesson: str, number: int | str, title: str) -> bool:
    """Name the lesson and its quiz in ``course.yaml``; False: both are named."""
    yaml = _yaml()
    course: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"))
    changed = False
    if lesson not in {one["id"] for one in course["lessons"]}:
        course["lessons"].append(
            {
                "id": lesson,
                "number": number,
                "title": title,
                "minutes": 5,
                "required": False,
                "summary": title,
            }
        )
        changed = True
    if lesson not in {one["id"] for one in course["quizzes"]}:
        course["quizzes"].append({"id": lesson, "after": lesson, "required": False})
        changed = True
    if changed:
        _write(yaml, course, file)
    return changed


def _write(yaml: YAML, value: Any, file: Path) -> None:
    text = StringIO()
    yaml.dump(value, text)
    file.write_text(text.getvalue(), encoding="utf-8")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _question(indent: str) -> str:
    lines = (
        "type: single_choice",
        'prompt: "Viết đề bài ở đây."',
        "choices:",
        '  - {id: a, text: "Phương án đúng", correct: true, why: "Vì sao đúng."}',
        '  - {id: b, text: "Phương án chưa đúng", why: "Vì sao chưa đúng."}',
        'explanation: "Điều người học cần nhớ."',
    )
    return "\n".join(f"{indent}{line}" for line in lines)


def _practice_frame(lesson: str, title: str) -> str:
    return f"""# Câu luyện tập của bài: người học thấy ngay đúng sai và lý do.
lesson: {lesson}
title: {_quoted(title)}
sections:
  - {{id: noi-dung, title: "Nội dung"}}
checkpoints:
  - id: cau-1
    section: noi-dung
{_question("    ")}
tools: []
"""


def _quiz_frame(lesson: str, number: int | str, title: str) -> str:
    return f"""# Ngân hàng câu hỏi của bài kiểm tra: có đáp án, không gửi ra ngoài nhóm ra đề.
quiz: {lesson}
version: 1
title: {_quoted(f"Bài kiểm tra {number}. {title}")}
lesson: {lesson}
slots:
  - id: cau-1
    outcome: "Điều người học làm được"
    section: noi-dung
    points: 1
    variants:
      - id: mot
{_question("        ")}
"""


def _notebook_frame(lesson: str, number: int | str, title: str) -> str:
    opening = f'from isoxa_widgets import lesson\n\nbai = lesson("{lesson}")'
    cells = [
        _markdown("tieu-de", f"# Bài {number}. {title}\n\nHọc xong, anh/chị làm được việc gì?"),
        _code("mo-bai", opening),
        _markdown("noi-dung", '<a id="noi-dung"></a>\n\n## Nội dung\n\nViết lời giảng ở đây.'),
        _code("cau-1", 'bai.checkpoint("cau-1")'),
        _code("tom-tat", "bai.summary()"),
    ]
    metadata = {
        "isoxa": {"lesson": lesson},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _markdown(id_: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id_, "metadata": {}, "source": source}


def _code(id_: str, source: str) -> dict[str, Any]:
    about: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": id_,
        "metadata": {},
        "outputs": [],
    }
    return {**about, "source": source}
