"""``isoxa course``: check and build; the bank's commands are next door (``bank.py``)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from isoxa_courses.shipped import content_root

from .bank import export_bank, import_bank
from .common import DEFAULT_DATA, DataOption, JsonOption, note, now, open_data, print_json, stdout, steps

course = typer.Typer(help="Kiểm tra và phát hành khóa học.", no_args_is_help=True)
course.command("export-bank")(export_bank)
course.command("import-bank")(import_bank)

FolderArgument = Annotated[
    Path | None,
    typer.Argument(help="Thư mục khóa học; bỏ trống: khóa học đi kèm phần mềm.", show_default=False),
]
LessonsOption = Annotated[
    Path | None, typer.Option("--lessons", help="Thư mục chứa các bài học .ipynb.", show_default=False)
]


def content_folders(folder: Path | None, lessons: Path | None) -> tuple[Path, Path]:
    """The course folder and its lessons' folder: what was named, or what comes with the software."""
    root = content_root()
    course_folder = folder or root.courses / "iso-9001-cap-xa"
    return course_folder, lessons or root.lessons


@course.command()
def check(
    folder: FolderArgument = None,
    lessons: LessonsOption = None,
    execute: Annotated[
        bool,
        typer.Option(
            "--execute/--no-execute", help="Chạy thử sổ tay của từng bài; bài không đổi thì không chạy lại."
        ),
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Kiểm tra nội dung; mỗi lỗi ghi rõ tệp, dòng và lý do. Lời nhắc không làm lệnh báo lỗi."""
    from isoxa_courses.check import check_course
    from isoxa_courses.check_execute import LessonRunner, default_memory

    course_folder, lessons_folder = content_folders(folder, lessons)
    runner = LessonRunner(course_folder, default_memory()) if execute else None
    with steps("Kiểm tra khóa học"):
        found = check_course(course_folder, lessons_folder, runner=runner)
    if as_json:
        print_json(found.to_json())
    else:
        for problem in found.problems:
            stdout.print(str(problem), markup=False, soft_wrap=True)
        for warning in found.warnings:
            stdout.print(f"Nên xem lại: {warning}", markup=False, soft_wrap=True)
        if not found.problems:
            note(f"{course_folder}: không thấy lỗi nào.")
    raise typer.Exit(1 if found.problems else 0)


@course.command()
def build(
    folder: FolderArgument = None,
    lessons: LessonsOption = None,
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
) -> None:
    """Phát hành khóa học: dựng thư mục nbgrader, bỏ đáp án khỏi bản phát hành."""
    from isoxa_grading.nbgrader_bridge import build_course
    from isoxa_grading.records.database import writing

    data_folder, engine = open_data(data)
    course_folder, lessons_folder = content_folders(folder, lessons)
    with steps("Phát hành khóa học") as progress, writing(engine) as session:
        report = build_course(
            data_folder,
            session,
            course_folder,
            lessons_folder,
            now=now(),
            progress=lambda step: progress.update(progress.task_ids[0], description=step),
        )
    if as_json:
        print_json({"edition": report.edition, "built": report.built, "kept": report.kept})
    else:
        note(
            f"Bản {report.edition}: dựng mới {len(report.built)} bài kiểm tra, giữ nguyên {len(report.kept)}."
        )
