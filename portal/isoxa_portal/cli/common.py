"""What commands share: the data folder option, printing, progress."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Annotated, Any

import typer
from isoxa_grading.records.data_folder import DataFolder
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from sqlalchemy import Engine

DataOption = Annotated[
    Path, typer.Option("--data", envvar="ISOXA_DATA", help="Thư mục dữ liệu.", show_default=True)
]
DEFAULT_DATA = Path("isoxa-data")
JsonOption = Annotated[bool, typer.Option("--json", help="In một đối tượng JSON ra stdout.")]

stderr = Console(stderr=True, highlight=False)
stdout = Console(highlight=False)


class UserError(Exception):
    """Something the user can mend, said in a sentence."""


def complaint(message: str) -> None:
    """One error to the user, on stderr."""
    stderr.print(message, style="red", markup=False, soft_wrap=True)


def note(message: str) -> None:
    """A line of progress, on stderr."""
    stderr.print(message, markup=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """One line of JSON on stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def parse_day(text: str) -> date:
    """A day as Vietnamese offices write it, 31/12/2027. Raises ``UserError``."""
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()
    except ValueError:
        raise UserError(f"“{text}” không phải một ngày có thật dạng 31/12/2027.") from None


def open_data(path: Path) -> tuple[DataFolder, Engine]:
    """An existing data folder with its database at the newest schema; ``UserError`` if it is not one."""
    from isoxa_grading.records.database import migrate

    data = DataFolder(path)
    if not data.exists:
        raise UserError(f"{path}: chưa có thư mục dữ liệu. Hãy chạy: isoxa init --data {path}")
    engine = data.engine()
    migrate(engine)
    return data, engine


STOPPED = 130
"""Exit code of a command that was stopped by Ctrl+C, as shells have it."""


@contextmanager
def stop_on_ctrl_c() -> Iterator[Event]:
    """An event that the first Ctrl+C (or SIGTERM) sets, for work that stops by itself between two steps.

    The second one interrupts at once, as it always does.
    """
    stopped = Event()
    signs = signal.SIGINT, signal.SIGTERM
    before = {sign: signal.getsignal(sign) for sign in signs}

    def restore() -> None:
        for sign, handler in before.items():
            signal.signal(sign, handler)

    def stop(_sign: int, _frame: FrameType | None) -> None:
        stopped.set()
        restore()

    for sign in signs:
        signal.signal(sign, stop)
    try:
        yield stopped
    finally:
        restore()


@contextmanager
def counted(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar for so many things, and the function that is told how many are done; silent where stderr is no terminal.

    More than ``total`` may come to be done, where others add to the work meanwhile.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=stderr, transient=True) as progress:
        task = progress.add_task(title, total=total)
        yield lambda done: progress.update(task, completed=done, total=max(done, total))


@contextmanager
def steps(title: str) -> Iterator[Progress]:
    """A spinner with elapsed time for work that takes a while; silent where stderr is no terminal."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=stderr, transient=True) as progress:
        progress.add_task(title, total=None)
        yield progress
