"""Does a lesson's notebook run from top to bottom? Each in one kernel of its own, at most two at once.

Running is slow (seconds a lesson), so a run that went well is remembered under a hash of everything it depended on:
the notebook, the lesson's practice content and facts, and the Python sources of the packages the notebook imports.
Runs that failed are not remembered. A notebook is a program: do not check one that you would not open and run.

A kernel can fail in ways that nobody is told of: its process never comes up, or is there and answers nothing. So each
run is watched from outside; one in which nothing happens any more is ended, said, and left behind.
"""

from __future__ import annotations

import ast
import atexit
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from signal import SIGKILL
from subprocess import DEVNULL
from threading import Thread
from time import perf_counter
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from .check_notebook import Notebook, source_of
from .errors import Problem

AT_ONCE = 2
CELL_SECONDS = 60
START_SECONDS = 60
"""A kernel that has not answered by then never will; on a busy machine of two cores it takes five to ten."""
GRACE_SECONDS = 20
"""Beyond the limits above, for nbclient to notice by itself and to clear up."""
RELEASE_DIR = "ISOXA_RELEASE_DIR"
"""Tells a lesson's kernel which course's practice content to use."""


def default_memory() -> Path:
    """Where this account remembers good runs: ``$XDG_CACHE_HOME/isoxa/lessons``, or under ``~/.cache``."""
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "isoxa" / "lessons"


@dataclass(frozen=True)
class Execution:
    """``seconds``: how long the run took, when it was run; ``problem``: where and why it stopped, or None."""

    seconds: float
    problem: Problem | None = None
    remembered: bool = False


@dataclass(frozen=True)
class LessonRunner:
    """Runs lessons with the content of ``course_folder``; ``memory``: a folder to remember good runs in."""

    course_folder: Path
    memory: Path | None = None

    def run(self, notebooks: Sequence[Notebook]) -> list[Execution]:
        """One execution for each notebook, in order."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(self._run_or_remember, notebooks))

    def _run_or_remember(self, notebook: Notebook) -> Execution:
        place = self.memory / f"{self._digest(notebook)}.json" if self.memory else None
        if place is not None and (seconds := _remembered(place)) is not None:
            return Execution(seconds, remembered=True)
        done = self._run(notebook)
        if place is not None and done.problem is None:
            _remember(place, done.seconds)
        return done

    def _run(self, notebook: Notebook) -> Execution:
        node = nbformat.reads(notebook.text, as_version=4)  # type: ignore[no-untyped-call]
        run = _WatchedRun(node, self._resources(), self._environment())
        began = perf_counter()
        run.start()
        reason = run.outcome()
        problem = None
        if reason is not None:
            problem = _stopped(notebook, node, reason) if run.ready else _never_began(notebook, reason)
        return Execution(round(perf_counter() - began, 1), problem)

    def _resources(self) -> dict[str, Any]:
        return {"metadata": {"path": str(self.course_folder.resolve())}}

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "ISOXA_PORTAL"}
        return {**kept, RELEASE_DIR: str(self.course_folder.resolve())}

    def _digest(self, notebook: Notebook) -> str:
        known = sha256(notebook.text.encode())
        lesson = self.course_folder / "lessons" / f"{notebook.path.stem}.yaml"
        for file in (lesson, self.course_folder / "facts.yaml", *_sources(notebook)):
            content = file.read_bytes() if file.is_file() else b""
            known.update(f"\n{file.name} {len(content)}\n".encode() + content)
        return known.hexdigest()


class _WatchedRun(Thread):
    """A notebook's run in a thread of its own; a daemon, since one that hangs can only be left behind.

    ``ready``: the kernel has answered, so what goes wrong from now on goes wrong in a cell.
    """

    def __init__(self, node: Any, resources: dict[str, Any], environment: dict[str, str]) -> None:
        super().__init__(name="isoxa-check-lesson", daemon=True)
        self.ready = False
        self._reason: str | None = None
        self._environment = environment
        self._last = perf_counter()
        self._client = NotebookClient(
            node,
            timeout=CELL_SECONDS,
            startup_timeout=START_SECONDS,
            kernel_name="python3",
            resources=resources,
            on_notebook_start=self._on_ready,
            on_cell_start=self._on_cell,
            on_cell_complete=self._on_cell,
        )

    def outcome(self) -> str | None:
        """Wait for the end of it, or for nothing to happen any more; why it stopped, or None if all went well."""
        while self.is_alive():
            self.join(0.1)
            limit = (CELL_SECONDS if self.ready else START_SECONDS) + GRACE_SECONDS
            if self.is_alive() and perf_counter() - self._last > limit:
                self._kill()
                self._reason = f"tiến trình chạy bài không trả lời trong {limit} giây"
                break
        # nbclient would clear up once more when the program ends, and complain of what is no longer there.
        atexit.unregister(self._client._cleanup_kernel)
        return self._reason

    def run(self) -> None:
        """The run itself."""
        try:
            # What went wrong comes back in messages; the kernel's own log lines would only disturb the report.
            self._client.execute(env=self._environment, stderr=DEVNULL)
        except CellExecutionError as error:
            self._reason = f"{error.ename}: {error.evalue}"
        except CellTimeoutError:
            self._reason = f"chạy quá {CELL_SECONDS} giây"
        except (
            RuntimeError
        ) as error:  # nbclient's DeadKernelError, or jupyter_client's: it never came to life
            silent = "didn't respond" in str(error)
            self._reason = (
                f"tiến trình chạy bài không trả lời trong {START_SECONDS} giây"
                if silent
                else "tiến trình chạy bài đã dừng đột ngột"
            )
        except OSError as error:  # no process could be started at all
            self._reason = str(error)

    def _on_ready(self, **_about: Any) -> None:
        self.ready = True
        self._on_cell()

    def _on_cell(self, **_about: Any) -> None:
        self._last = perf_counter()

    def _kill(self) -> None:
        """End the kernel, if it got as far as being a process."""
        provisioner = getattr(self._client.km, "provisioner", None)
        pid = getattr(provisioner, "pid", None)
        if isinstance(pid, int) and pid > 1:
            with suppress(ProcessLookupError):
                os.kill(pid, SIGKILL)


def _never_began(notebook: Notebook, reason: str) -> Problem:
    """No cell is to blame: the machine is."""
    said = " ".join(reason.split())[:200]
    return Problem(
        str(notebook.path),
        1,
        f"Chưa chạy thử được bài: {said}. Đóng bớt chương trình khác rồi kiểm tra lại.",
    )


def _stopped(notebook: Notebook, node: Any, reason: str) -> Problem:
    """The problem at the first cell that ended in an error, or that was begun and not finished."""
    code = [cell for cell in node.cells if cell.cell_type == "code" and cell.source.strip()]
    failed = next((cell for cell in code if any(out.output_type == "error" for out in cell.outputs)), None)
    unfinished = next((cell for cell in code if cell.execution_count is None), code[-1] if code else None)
    cell = failed or unfinished
    said = f"Chạy thử bài thì dừng ở ô này ({' '.join(reason.split())[:200]})."
    if cell is None:
        return Problem(str(notebook.path), 1, said)
    return notebook.problem(cell, said)


def _sources(notebook: Notebook) -> Iterator[Path]:
    """The Python files of the packages that the notebook imports, and of this one, which they stand on."""
    names = {__name__.partition(".")[0]}
    for cell in notebook.cells:
        if cell["cell_type"] == "code":
            names |= set(_imported(source_of(cell)))
    for name in sorted(names):
        try:
            spec = find_spec(name)
        except ValueError:
            continue  # `import __main__`: no package
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            yield from sorted(Path(folder).rglob("*.py"))


def _imported(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _remembered(place: Path) -> float | None:
    try:
        return float(json.loads(place.read_text("utf-8"))["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not run yet, or a file that someone spoilt: run again


def _remember(place: Path, seconds: float) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps({"seconds": seconds}), "utf-8")
    except OSError:
        return  # a read-only home: the next check runs the lesson again, nothing else is lost
