"""``isoxa init``, ``grade``, ``backup`` and ``doctor``: looking after a data folder."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer
from isoxa_courses.text import format_datetime

from .assignments import grade_hand_ins
from .common import (
    DEFAULT_DATA,
    STOPPED,
    DataOption,
    JsonOption,
    UserError,
    counted,
    note,
    now,
    open_data,
    print_json,
    stdout,
    steps,
    stop_on_ctrl_c,
)

_AT_ONCE = 20
"""Submissions a transaction of ``grade``: stopped, it ends within a blink."""


def init(data: DataOption = DEFAULT_DATA) -> None:
    """Tạo thư mục dữ liệu: cài đặt, khóa bí mật, cơ sở dữ liệu và danh mục đơn vị hành chính."""
    from isoxa_grading.records.data_folder import DataFolder
    from isoxa_grading.records.database import migrate, writing
    from isoxa_grading.records.units import load_units

    folder = DataFolder(data)
    folder.create()
    engine = folder.engine()
    with steps("Tạo cơ sở dữ liệu"):
        migrate(engine)
    with steps("Nạp danh mục đơn vị hành chính"), writing(engine) as session:
        load_units(session)
    note(f"{folder.path}: sẵn sàng. Tiếp theo: isoxa course build --data {data}")


def grade(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Ghi nốt những gì sổ điểm nbgrader còn thiếu, chấm bài tập thực hành mới nộp; chạy lại không đổi kết quả.

    Dừng giữa chừng bằng Ctrl+C: bài đang ghi được ghi xong, lần chạy sau ghi tiếp những bài còn lại. Chạy được cả khi
    cổng đang phục vụ.
    """
    from isoxa_grading.nbgrader_bridge import drain_outbox, outbox_length
    from isoxa_grading.records.library import CourseLibrary

    data_folder, engine = open_data(data)
    with stop_on_ctrl_c() as stopped, counted("Ghi sổ điểm", outbox_length(engine)) as tell:
        written = drain_outbox(
            data_folder,
            engine,
            CourseLibrary(data_folder),
            now=now(),
            progress=tell,
            stop=stopped.is_set,
            batch=_AT_ONCE,
        )
        ran = grade_hand_ins(data_folder, engine, stopped.is_set)
    waiting = outbox_length(engine) if stopped.is_set() else 0
    if as_json:
        print_json({"written": written, "waiting": waiting, "hand_ins": len(ran)})
    elif waiting:
        note(
            f"Đã dừng: ghi {written} bài, còn {waiting} bài. Chạy lại lệnh này để ghi tiếp; không bài nào bị mất."
        )
    else:
        note(f"Đã ghi {written} bài vào sổ điểm.")
    if ran and not as_json:
        note(f"Đã chấm {sum(one.graded for one in ran)}/{len(ran)} bài tập thực hành mới nộp.")
    if waiting:
        raise typer.Exit(STOPPED)


def backup(
    data: DataOption = DEFAULT_DATA,
    output: Annotated[
        Path | None, typer.Option("--output", help="Tệp .tar.gz; bỏ trống: DATA/backups/…")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Sao lưu cả thư mục dữ liệu vào một tệp; chạy được khi cổng đang phục vụ (SQLite)."""
    data_folder, engine = open_data(data)
    engine.dispose()
    target = output or data_folder.backups / f"isoxa-{now():%Y%m%d-%H%M%S}.tar.gz"
    if target.exists():
        raise UserError(f"{target}: tệp đã có, không ghi đè. Hãy chọn tên khác.")
    with steps("Sao lưu"), tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "isoxa-data"
        skipped = shutil.ignore_patterns(
            "backups", "*.db", "*.db-wal", "*.db-shm", "isoxa-kernels*", "*.lock"
        )
        # Databases first: of what comes in meanwhile there are files without a row, never a row without its files.
        for database in data_folder.path.rglob("*.db"):
            if data_folder.backups in database.parents:
                continue
            _copy_database(database, copy / database.relative_to(data_folder.path))
        shutil.copytree(data_folder.path, copy, ignore=skipped, symlinks=True, dirs_exist_ok=True)
        partial = target.with_name(target.name + ".partial")
        with tarfile.open(partial, "w:gz") as archive:
            archive.add(copy, "isoxa-data")
        partial.chmod(0o600)
        partial.rename(target)
    if not data_folder.database_url.startswith("sqlite"):
        note("Hồ sơ nằm ở PostgreSQL: hãy sao lưu thêm bằng pg_dump.")
    if as_json:
        print_json({"file": str(target), "bytes": target.stat().st_size})
    else:
        note(f"Đã sao lưu vào {target}")


def _copy_database(database: Path, target: Path) -> None:
    """SQLite's own online copy: one consistent snapshot, writers undisturbed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with (
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as to,
    ):
        source.backup(to)


def doctor(
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Lập lại bảng tình trạng học tập từ hồ sơ gốc khi có sai lệch.")
    ] = False,
) -> None:
    """Khám thư mục dữ liệu và máy chủ: phiên bản, quyền tệp, tình trạng học tập, việc còn nợ sổ điểm."""
    from isoxa_grading.completion.standing import differing, rebuild
    from isoxa_grading.records.database import reading, writing
    from isoxa_grading.records.tables import Attempt, CourseEdition, OutboxItem, Person, SignInSession, Unit
    from sqlalchemy import func, select

    data_folder, engine = open_data(data)
    with reading(engine) as session:
        figures: dict[str, Any] = {
            "python": sys.version.split()[0],
            "database": engine.dialect.name,
            "units": session.scalar(select(func.count()).select_from(Unit)),
            "people": session.scalar(select(func.count()).select_from(Person)),
            "editions": session.scalar(select(func.count()).select_from(CourseEdition)),
            "attempts": session.scalar(select(func.count()).select_from(Attempt)),
            "signed_in": session.scalar(
                select(func.count())
                .select_from(SignInSession)
                .where(SignInSession.ended_at.is_(None), SignInSession.expires_at > now())
            ),
            "outbox_waiting": session.scalar(
                select(func.count()).select_from(OutboxItem).where(OutboxItem.done_at.is_(None))
            ),
        }
        figures["standings_differing"] = differing(session)
    if repair and figures["standings_differing"]:
        with writing(engine) as session:
            note(f"Đã lập lại tình trạng học tập của {rebuild(session)} lượt ghi danh.")
            figures["standings_differing"] = differing(session)
    problems = [*_open_to_others(data_folder.path), *_tools(figures), *_lessons(data_folder.path, figures)]
    if figures["standings_differing"]:
        problems.append(
            f"{figures['standings_differing']} lượt ghi danh có tình trạng khác với hồ sơ gốc nên báo cáo có thể sai; "
            "hồ sơ gốc vẫn nguyên. Hãy chạy “isoxa doctor --repair”."
        )
    if figures["outbox_waiting"]:
        problems.append(f"{figures['outbox_waiting']} bài chưa vào sổ điểm nbgrader: chạy “isoxa grade”.")
    if as_json:
        print_json({"figures": figures, "problems": problems, "at": format_datetime(now())})
    else:
        for name, value in figures.items():
            stdout.print(f"{name:16} {value}", markup=False)
        for problem in problems:
            stdout.print(f"! {problem}", markup=False, soft_wrap=True)
        if not problems:
            note("Không thấy vấn đề nào.")
    raise typer.Exit(1 if problems else 0)


def _lessons(folder: Path, figures: dict[str, Any]) -> list[str]:
    """How the lessons of a portal that runs on this folder stand; nothing where none runs."""
    from ..lesson_metrics import read_status

    status = read_status(folder, now())
    if status is None:
        figures["lessons"] = "–"
        return []
    figures |= {f"lessons_{name}": value for name, value in status.items()}
    if status["waiting"]:
        return [
            f"{status['waiting']} người đang chờ mở bài vì đã mở đủ {status['places']} bài: tăng max_lessons trong "
            "isoxa.toml nếu máy còn bộ nhớ, hoặc chạy thêm máy chủ."
        ]
    return []


def _open_to_others(folder: Path) -> list[str]:
    """Files with secrets, keys or records that other users of the machine could read."""
    guarded = ("secrets", "editions", "nbgrader", "hand-ins")
    found = [place for name in guarded if (place := folder / name).exists() and place.stat().st_mode & 0o077]
    found += [place for place in folder.glob("*.db") if place.stat().st_mode & 0o077]
    return [f"{place}: người dùng khác trên máy đọc được; chạy: chmod go-rwx {place}" for place in found]


def _tools(figures: dict[str, Any]) -> list[str]:
    from importlib.metadata import version

    for package in ("isoxa", "voila", "nbgrader", "ipywidgets", "jupyterlab"):
        figures[package] = version(package)
    from isoxa_grading.nbgrader_bridge.sandbox import available_cages

    # Only hand-written assignments need it, so a machine without it is not ill.
    figures["sandbox"] = ", ".join(available_cages()) or "không có; cài bubblewrap để chấm bài lập trình"
    return []
