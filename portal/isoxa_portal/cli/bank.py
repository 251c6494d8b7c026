"""``isoxa course export-bank`` and ``isoxa course import-bank``: a quiz's questions in Excel and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from isoxa_courses.shipped import content_root

from .common import JsonOption, UserError, note, print_json, stdout

if TYPE_CHECKING:
    from isoxa_courses.bank_sheets import BankImport

CourseOption = Annotated[
    Path | None,
    typer.Option(
        "--course", help="Thư mục khóa học; bỏ trống: khóa học đi kèm phần mềm.", show_default=False
    ),
]


def _course_folder(folder: Path | None) -> Path:
    found = folder or content_root().courses / "iso-9001-cap-xa"
    if not (found / "course.yaml").is_file():
        raise UserError(f"{found}: không phải thư mục khóa học (không có course.yaml).")
    return found


def export_bank(
    quiz: Annotated[str, typer.Argument(metavar="QUIZ", help="Mã bài kiểm tra, ví dụ 03-pdca.")],
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Tệp Excel sẽ được ghi.")],
    course: CourseOption = None,
    force: Annotated[bool, typer.Option("--force", help="Ghi đè nếu tệp đã có.")] = False,
) -> None:
    """Xuất ngân hàng câu hỏi của một bài kiểm tra ra Excel để soạn, sửa."""
    from isoxa_courses.bank_sheets import write_bank
    from isoxa_courses.loading import load_quiz_file

    if file.suffix.lower() != ".xlsx":
        raise UserError(f"{file}: tên tệp phải kết thúc bằng .xlsx.")
    if file.exists() and not force:
        raise UserError(f"{file} đã có nên chưa ghi gì. Hãy đặt tên khác, hoặc thêm --force để ghi đè.")
    folder = _course_folder(course)
    known = sorted(path.stem for path in (folder / "quizzes").glob("*.yaml"))
    if quiz not in known:
        raise UserError(
            f"Không có bài kiểm tra “{quiz}”. Các bài có sẵn: {', '.join(known) or 'chưa có bài nào'}."
        )
    write_bank(load_quiz_file(folder, quiz), file)
    note(
        f"Đã ghi {file}. Tệp có đáp án: chỉ giữ trong nhóm ra đề. Sửa xong, nhập lại: isoxa course import-bank {file}"
    )


def import_bank(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.xlsx", help="Tệp Excel đã xuất bằng export-bank rồi sửa.")
    ],
    quiz: Annotated[
        str | None,
        typer.Option("--quiz", help="Chỉ nhập nếu tệp là của bài kiểm tra này.", show_default=False),
    ] = None,
    course: CourseOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ kiểm tra và cho xem thay đổi, không ghi.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Nhập ngân hàng câu hỏi từ Excel; mỗi lỗi ghi rõ trang, ô và lý do. Có lỗi thì không ghi gì."""
    from isoxa_courses.bank_sheets import BankSheetError, CellProblem
    from isoxa_courses.bank_sheets import import_bank as bring_in

    try:
        done = bring_in(file, _course_folder(course), quiz_id=quiz, dry_run=dry_run)
    except BankSheetError as error:
        if not as_json:
            raise
        problems = [one.to_json() for one in error.problems if isinstance(one, CellProblem)]
        print_json({"written": False, "problems": problems})
        raise typer.Exit(1) from None
    if as_json:
        print_json({**done.to_json(), "problems": []})
    else:
        _tell(done, dry_run=dry_run)


def _tell(done: BankImport, *, dry_run: bool) -> None:
    for line in done.changes.lines():
        stdout.print(line, markup=False, soft_wrap=True)
    if not done.changes:
        note(f"{done.file}: nội dung không đổi, không ghi gì.")
        return
    if done.version_raised:
        note(
            f"Có thể đã có người làm phiên bản {done.old_version}, nên bài kiểm tra thành phiên bản "
            f"{done.quiz.version}. Bài đã làm vẫn được chấm theo câu đã hỏi."
        )
    if done.comments_lost:
        note(
            f"{done.comments_lost} dòng ghi chú (#) bên trong tệp cũ không được giữ; ghi chú đầu tệp vẫn còn."
        )
    if dry_run:
        note("Chỉ xem trước: chưa ghi gì.")
        return
    note(f"Đã ghi {done.file} ({done.quiz.id}, phiên bản {done.quiz.version}).")
    if done.old_version is None:
        note("Bài kiểm tra mới: hãy thêm mã của bài vào mục quizzes trong course.yaml.")
    note(
        "Tiếp theo: isoxa course check; nếu bản hiện tại đã phát hành thì tăng edition trong course.yaml rồi build."
    )
