"""``isoxa lab``: JupyterLab on the course's nbgrader folder."""

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
    data_folder, engine = open_data(data)
    engine.dispose()
    folder = data_folder.nbgrader(course)
    if not folder.exists():
        raise UserError(f"Khóa học {course} chưa được phát hành. Hãy chạy: isoxa course build --data {data}")
    note(f"Mở JupyterLab tại {folder}")
    # nbgrader calls `alembic` by name: the environment's programs must be on PATH.
    programs = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": os.pathsep.join([programs, os.environ.get("PATH", "")])}
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        f"--port={port}",
        *(["--no-browser"] if no_browser else []),
    ]
    os.chdir(folder)
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell, a program of our own environment
