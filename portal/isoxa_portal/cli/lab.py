"""``isoxa lab``: JupyterLab on the course's nbgrader folder, opened at the trainers' welcome notebook."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from .common import DEFAULT_DATA, DataOption, UserError, note, open_data


def lab(
    data: DataOption = DEFAULT_DATA,
    course: Annotated[str, typer.Option(help="Mã khóa học.")] = "iso-9001-cap-xa",
    port: Annotated[int, typer.Option(help="Cổng.")] = 8888,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Không mở trình duyệt.")] = False,
) -> None:
    """Mở JupyterLab với nbgrader trên thư mục khóa học (dành cho giảng viên)."""
    from isoxa_grading.records.database import reading
    from isoxa_grading.records.enrolments import latest_edition

    from ..lab_folder import WELCOME, put_lessons, put_welcome

    data_folder, engine = open_data(data)
    with reading(engine) as session:
        published = latest_edition(session, course)
        edition = published.edition if published else None
    engine.dispose()
    folder = data_folder.nbgrader(course)
    if edition is None or not folder.exists():
        raise UserError(f"Khóa học {course} chưa được phát hành. Hãy chạy: isoxa course build --data {data}")
    frozen = data_folder.editions(course, edition)
    put_welcome(folder)
    put_lessons(folder, course, edition, frozen, frozen / "notebooks")
    note(f"Mở JupyterLab tại {folder}")
    # nbgrader calls `alembic` by name: the environment's programs must be on PATH.
    programs = str(Path(sys.executable).parent)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([programs, os.environ.get("PATH", "")]),
        "ISOXA_DATA": str(data_folder.path),
    }
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        f"--port={port}",
        f"--LabApp.default_url=/lab/tree/{WELCOME}",
        *(["--no-browser"] if no_browser else []),
    ]
    os.chdir(folder)
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell, a program of our own environment
