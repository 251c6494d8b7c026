"""``isoxa course copy`` and ``new-lesson``: a working copy to write in, and the frame of a lesson."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .common import UserError, note

PlaceArgument = Annotated[
    Path, typer.Argument(help="Thư mục đặt bản làm việc, ví dụ soan-bai.", show_default=False)
]
CourseOption = Annotated[str, typer.Option(help="Mã khóa học.")]
COURSE = "iso-9001-cap-xa"


def copy(
    place: PlaceArgument,
    course: CourseOption = COURSE,
    practice: Annotated[
        bool, typer.Option("--practice", help="Bản để tập soạn: chỉ bài đầu, không đặt chuẩn cho khóa học.")
    ] = False,
) -> None:
    """Chép khóa học đi kèm phần mềm thành bản làm việc để soạn; có bản làm việc rồi thì giữ nguyên."""
    from isoxa_courses.authoring import WorkingCopy, copy_course
    from isoxa_courses.shipped import content_root

    root, working = content_root(), WorkingCopy(place, course)
    if not (root.courses / course).is_dir():
        raise UserError(f"Phần mềm không có khóa học “{course}”.")
    if copy_course(root.courses / course, root.lessons, working, practice=practice):
        note(f"Bản làm việc: nội dung ở {working.folder}, các bài ở {working.lessons}.")
    else:
        note(f"{working.folder}: đã có bản làm việc, giữ nguyên.")


def new_lesson(
    lesson: Annotated[str, typer.Argument(help="Mã bài, ví dụ 13-phieu-hen.", show_default=False)],
    title: Annotated[str, typer.Option(help="Tên bài.", show_default=False)],
    number: Annotated[str, typer.Option(help="Số của bài, ví dụ 13 hoặc 6a.", show_default=False)],
    place: Annotated[Path, typer.Option("--in", help="Thư mục của bản làm việc.", show_default=False)],
    course: CourseOption = COURSE,
) -> None:
    """Tạo khung một bài mới: sổ tay, câu luyện tập, bài kiểm tra; tệp nào có rồi thì giữ nguyên."""
    from isoxa_courses.authoring import AuthoringProblem, WorkingCopy
    from isoxa_courses.authoring import new_lesson as make

    try:
        made = make(WorkingCopy(place, course), lesson, int(number) if number.isdecimal() else number, title)
    except AuthoringProblem as problem:
        raise UserError(str(problem)) from None
    for file in made:
        note(f"Đã tạo hoặc sửa {file}")
    if not made:
        note(f"Bài {lesson} đã có đủ tệp, giữ nguyên.")
