"""Runs stock ``nbgrader autograde`` on a scratch folder, watches it, and ends it when it takes too much.

Two processes matter. nbgrader itself runs none of the learner's code: it puts the locked cells and hidden tests back,
talks to the kernel, and writes the scores into the scratch gradebook. The kernel, which runs the learner's code, is
in a cage (``cages``) where scores, source and everything else are out of reach. Both are watched together.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .cages import Cage, is_own_user
from .limits import MEGABYTE
from .scratch import Scratch

_LOOK_EVERY = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")
# What `python -m nbgrader` runs. jsonschema, which it imports, would compile a grammar of addresses first, for a check
# that nbgrader never asks for: two seconds of every run. Told that there is none, it goes without.
_NBGRADER = (
    "import sys; sys.modules['rfc3987_syntax'] = None; from nbgrader.apps.nbgraderapp import main; main()"
)


class RunStopped(Exception):
    """Whoever asked for the run wants it no more; every process of it is gone, and nothing came of it."""


@dataclass(frozen=True)
class Ran:
    """How a run ended: ``stopped`` says in words why it was ended early, None if it ended by itself."""

    stopped: str | None
    returncode: int
    log: str
    seconds: float


def run_autograde(
    scratch: Scratch,
    cage: Cage,
    assignment: str,
    student: str,
    stop: Callable[[], bool] = lambda: False,
) -> Ran:
    """Grade the scratch folder's submission; returns when every process of the run is gone. Raises ``RunStopped``."""
    environment = scratch.install_kernel(cage)
    log = scratch.root / "log"
    command = [sys.executable, "-c", _NBGRADER, "autograde", assignment, "--student", student, "--force"]
    started = time.monotonic()
    with log.open("wb") as output:
        worker = subprocess.Popen(
            command,
            cwd=scratch.course.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: _limit_worker(cage),
        )
        try:
            stopped = _watch(worker, cage, started, stop)
        finally:
            _end(worker, cage)
    with log.open("rb") as written:
        text = written.read(MEGABYTE).decode("utf-8", "replace")
    return Ran(stopped, worker.returncode, text, time.monotonic() - started)


def _limit_worker(cage: Cage) -> None:
    limits = cage.limits
    for kind, value in (
        (resource.RLIMIT_AS, limits.address_space + 1024 * MEGABYTE),
        (resource.RLIMIT_FSIZE, 10 * limits.file_size),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))


def _watch(
    worker: subprocess.Popen[bytes], cage: Cage, started: float, stop: Callable[[], bool]
) -> str | None:
    limits = cage.limits
    while True:
        try:
            worker.wait(_LOOK_EVERY)
        except subprocess.TimeoutExpired:
            pass
        else:
            return None
        if stop():
            raise RunStopped
        family = _family(worker.pid, cage.user)
        if time.monotonic() - started > limits.seconds:
            return f"chạy quá {limits.seconds} giây nên bị dừng"
        if len(family) > limits.processes:
            return f"tạo quá {limits.processes} tiến trình nên bị dừng"
        if sum(family.values()) > limits.memory:
            return f"dùng quá {limits.memory // MEGABYTE} MB bộ nhớ nên bị dừng"


def _family(first: int | None, user: int | None) -> dict[int, int]:
    """The processes below ``first`` and, where the run has a user of its own, all of that user's: pid → resident
    memory in bytes. Those that have ended and wait to be noticed are left out."""
    children: dict[int, list[int]] = {}
    memory: dict[int, int] = {}
    todo = [] if first is None else [first]
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            owner = place.stat().st_uid
        except OSError:
            continue  # it ended between the two looks
        pid = int(place.name)
        children.setdefault(int(fields[1]), []).append(pid)
        if fields[0] != "Z":
            memory[pid] = int(fields[21]) * _PAGE
        if owner == user and is_own_user(user):
            todo.append(pid)
    found: set[int] = set()
    while todo:
        pid = todo.pop()
        if pid not in found:
            found.add(pid)
            todo += children.get(pid, [])
    return {pid: memory[pid] for pid in found if pid in memory}


def _end(worker: subprocess.Popen[bytes], cage: Cage) -> None:
    """End every process of the run, again and again until none is left.

    When nbgrader goes, its cage goes (``--die-with-parent``), and with the first process of the cage all others in it.
    """
    for _round in range(100):
        # Once the worker's end has been noticed its pid may be somebody else's.
        left = _family(worker.pid if worker.poll() is None else None, cage.user)
        if not left and worker.returncode is not None:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)
    raise RuntimeError(f"processes {sorted(left)[:5]} of a submission would not end")
