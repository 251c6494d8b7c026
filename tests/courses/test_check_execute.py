"""Lessons are run: good ones remembered, bad ones told at the cell where they stopped."""

from __future__ import annotations

import json
import time
from pathlib import Path
from threading import Event

import pytest
from isoxa_courses.check import check_course
from isoxa_courses.check_execute import LessonRunner, default_memory
from isoxa_courses.check_notebook import Notebook, read_notebook
from nbclient import NotebookClient

from tests.courses.conftest import CourseCopy

NOTEBOOK = "01-thu.ipynb"
pytestmark = pytest.mark.timeout(120)


def read(path: Path) -> Notebook:
    notebook, problems = read_notebook(path)
    assert notebook is not None, problems
    return notebook


def test_a_good_lesson_runs_once(copy: CourseCopy, tmp_path: Path) -> None:
    runner = LessonRunner(copy.folder, tmp_path / "memory")
    notebook = read(copy.path(NOTEBOOK))
    (first,) = runner.run([notebook])
    assert first.problem is None
    assert not first.remembered
    began = time.perf_counter()
    report = check_course(copy.folder, copy.notebooks, runner=runner)
    assert report.figures["lessons"]["01-thu"]["executes"] is True
    assert report.figures["lessons"]["01-thu"]["seconds"] == first.seconds
    (second,) = runner.run([notebook])
    assert second.remembered
    assert time.perf_counter() - began < 4, "no kernel is started for what is remembered"

    # What the lesson shows has changed: what is remembered says nothing about it.
    copy.replace("lessons/01-thu.yaml", "id: chon-mot", "id: chon-khac")
    (third,) = runner.run([notebook])
    assert third.problem is not None
    assert copy.line(NOTEBOOK, '"id": "c1"') == third.problem.line
    assert "Chạy thử bài thì dừng ở ô này" in third.problem.reason
    # And a spoilt note is no note.
    for note in (tmp_path / "memory").iterdir():
        note.write_text("{", "utf-8")
    copy.replace("lessons/01-thu.yaml", "id: chon-khac", "id: chon-mot")
    (fourth,) = runner.run([notebook])
    assert (fourth.problem, fourth.remembered) == (None, False)


def test_each_way_to_stop_is_told_at_its_cell(copy: CourseCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isoxa_courses.check_execute.CELL_SECONDS", 3)
    data = json.loads(copy.path(NOTEBOOK).read_text("utf-8"))
    cases = {
        "bad": ("1 / 0", "ZeroDivisionError: division by zero"),
        "slow": ("while True:\n    pass", "chạy quá 3 giây"),
        "dead": ("import os\nos._exit(1)", "dừng đột ngột"),
    }
    notebooks = []
    for name, (source, _) in cases.items():
        cell = {"cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": []}
        changed = {**data, "cells": [{**cell, "id": "first", "source": "1"}, {**cell, "source": source}]}
        path = copy.path(NOTEBOOK).with_name(f"{name}.ipynb")
        path.write_text(json.dumps(changed, ensure_ascii=False, indent=1), "utf-8")
        notebooks.append(read(path))
    runs = LessonRunner(copy.folder).run(notebooks)
    for run, (name, (_, reason)) in zip(runs, cases.items(), strict=True):
        assert run.problem is not None
        assert reason in run.problem.reason
        assert f"ô “{name}”" in run.problem.reason
        lines = Path(run.problem.file).read_text("utf-8").splitlines()
        assert f'"id": "{name}"' in lines[run.problem.line - 1]


def test_a_kernel_that_never_answers_is_told(
    copy: CourseCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is there and says nothing, one that ends at once, none at all."""
    notebook = read(copy.path(NOTEBOOK))
    monkeypatch.setattr("isoxa_courses.check_execute.START_SECONDS", 2)
    spec = tmp_path / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    cases = (
        (["sh", "-c", "sleep 600"], "không trả lời trong 2 giây"),
        (["true"], "đã dừng đột ngột"),
        (["/khong/co"], "/khong/co"),
    )
    for command, reason in cases:
        spec.write_text(json.dumps({"argv": command, "display_name": "x", "language": "python"}), "utf-8")
        began = time.perf_counter()
        (run,) = LessonRunner(copy.folder).run([notebook])
        assert time.perf_counter() - began < 30
        assert run.problem is not None
        assert run.problem.reason.startswith("Chưa chạy thử được bài: ")
        assert reason in run.problem.reason
        assert run.problem.line == 1


def test_a_run_in_which_nothing_happens_is_left_behind(
    copy: CourseCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What once hung for minutes: the call that starts the kernel did not come back."""
    notebook = read(copy.path(NOTEBOOK))
    monkeypatch.setattr("isoxa_courses.check_execute.START_SECONDS", 1)
    monkeypatch.setattr("isoxa_courses.check_execute.GRACE_SECONDS", 1)
    released = Event()
    monkeypatch.setattr(NotebookClient, "execute", lambda *_, **__: released.wait())
    try:
        (run,) = LessonRunner(copy.folder).run([notebook])
    finally:
        released.set()
    assert run.problem is not None
    assert "không trả lời trong 2 giây" in run.problem.reason


def test_a_folder_that_cannot_be_written_only_forgets(copy: CourseCopy, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    (run,) = LessonRunner(copy.folder, blocked / "memory").run([read(copy.path(NOTEBOOK))])
    assert (run.problem, run.remembered) == (None, False)


def test_where_runs_are_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_memory() == tmp_path / "isoxa" / "lessons"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_memory() == Path.home() / ".cache" / "isoxa" / "lessons"
