"""Learners' code that means harm: each stopped or without effect, each reported, nothing else touched."""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from isoxa_courses.shipped import content_root
from isoxa_grading.nbgrader_bridge.sandbox.limits import MEGABYTE, Limits
from nbformat import NotebookNode

from tests.grading.sandbox.world import NAME, RIGHT, World

pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("caged"),
    pytest.mark.filterwarnings("ignore:Object of type"),
]

CURIOUS = """
import glob, os, socket, sys
reached = []

def tries(what, act):
    try:
        found = act()
    except Exception as error:
        print(what, type(error).__name__)
    else:
        if found not in (None, False, 0, [], ""):
            reached.append((what, str(found)[:200]))

for path in {paths!r}:
    tries(path, lambda: open(path, "rb").read(10))
for folder in {folders!r}:
    tries(folder, lambda: os.listdir(folder))
for pattern in ("/tmp/*/course", "/tmp/*/*/gradebook.db", "/bai-lam/**/*.ipynb", "/nop/*.ipynb", "/home/*",
                "/root/.ssh", "/sys/*"):
    tries(pattern, lambda: [name for name in glob.glob(pattern, recursive=True)])
tries("own packages", lambda: [p for p in sys.path for n in glob.glob(p + "/isoxa_*/**/*.yaml", recursive=True)])
tries("import", lambda: __import__("isoxa_courses.shipped").shipped)
tries("port", lambda: socket.create_connection(("127.0.0.1", {port}), timeout=1))
tries("outside", lambda: socket.create_connection(("192.0.2.1", 80), timeout=1))
tries("system", lambda: open("/usr/x", "w"))
tries("python", lambda: open(os.path.join(sys.prefix, "x"), "w"))
tries("root", lambda: os.setuid(0) or os.getuid() == 0)
tries("environment", lambda: [k for k in os.environ if "ISOXA" in k or "SECRET" in k.upper()])
tries("first process", lambda: b"ISOXA" in open("/proc/1/environ", "rb").read())
tries("processes", lambda: len([p for p in os.listdir("/proc") if p.isdigit()]) > 8)
tries("bigger file", lambda: open("lon", "wb").write(b"x" * 30_000_000))
# What lies about for nbgrader to trip over: a book of its own, a link where the notebook goes.
open("gradebook.db", "w").write("100 points")
os.symlink({records!r}, "{name}.ipynb")
print("REACHED", reached)

def tong(a, b):
    return a + b
"""


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen(5)
        opened.settimeout(0.1)
        yield opened


def printed(world: World, student: str) -> str:
    cell = world.cell(world.autograded(student), "tong")
    return "".join(str(output.get("text", output.get("traceback", ""))) for output in cell.outputs)


def tree(world: World) -> dict[str, bytes]:
    """Everything a run has no business with."""
    skipped = (
        "gradebook.db",
        "autograded",
        "grading_reports",
        ".sandbox.lock",
        ".gradebook.lock",
        "submitted",
    )
    return {
        str(path): path.read_bytes()
        for path in sorted(world.data.path.rglob("*"))
        if path.is_file() and not any(part in skipped for part in path.parts)
    }


def scores(world: World, student: str) -> dict[str, float | None]:
    query = """select base_cell.name, grade.auto_score from grade join base_cell on base_cell.id = grade.cell_id
    join submitted_notebook n on n.id = grade.notebook_id join submitted_assignment a on a.id = n.assignment_id
    where a.student_id = ?"""
    with sqlite3.connect(world.folder.root / "gradebook.db") as book:
        return dict(book.execute(query, (student,)).fetchall())


def test_reads_nothing_reaches_nothing_and_earns_only_its_score(
    world: World, listener: socket.socket
) -> None:
    world.submit("khac", RIGHT)
    secret = world.data.path / "secrets" / "k"
    world.data.secret("k")
    records = world.data.path / "isoxa.db"
    keys = content_root().courses / "iso-9001-cap-xa" / "quizzes" / "03-pdca.yaml"
    paths = [records, secret, world.folder.source(NAME), world.folder.root / "gradebook.db", keys,
             world.folder.submitted("khac", NAME)]  # fmt: skip
    for path in paths:
        assert path.read_bytes(), "the learner's code is asked for what is really there"
    code = CURIOUS.format(
        paths=[str(path) for path in paths],
        folders=[str(world.data.path), str(world.data.path.parent), str(keys.parent)],
        port=listener.getsockname()[1],
        records=str(records),
        name=NAME,
    )
    world.submit("tomo", code)
    before = tree(world)
    outcome = world.grade("tomo")["tomo"]
    assert outcome.graded, outcome
    assert "REACHED []" in printed(world, "tomo"), printed(world, "tomo")[-1500:]
    assert outcome.points == 3
    assert scores(world, "tomo") == {
        "kiem-tra": 2.0, "luon-dung": 1.0, "nhan-xet": 0.0, "so-do": None,
    }  # fmt: skip
    assert tree(world) == before
    with pytest.raises(TimeoutError):
        listener.accept()


def test_each_greedy_cell_costs_itself_alone(world: World) -> None:
    """20 MB of output, 100 GB of memory, a loop without end: reported, and the answer beside them scored."""

    def greed(notebook: NotebookNode) -> None:
        for code in ("print('x' * 20_000_000)", "a = bytearray(10 ** 11)", "while True:\n    pass"):
            notebook.cells.insert(1, nbformat.v4.new_code_cell(code))

    world.submit("tham", world.answered(RIGHT, greed))
    outcome = world.grade(limits=Limits(seconds=120, cell_seconds=3))["tham"]
    assert outcome.graded, outcome
    assert outcome.points == 3
    assert world.folder.autograded("tham", NAME).stat().st_size < 1_000_000
    for words in ("kết quả quá dài", "xin quá bộ nhớ cho phép", "quá thời gian cho phép của một ô"):
        assert any(words in note for note in outcome.notes), outcome.notes


def test_code_that_will_not_be_interrupted_is_ended_and_recorded(world: World) -> None:
    stubborn = (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n"
    )
    world.submit("li", stubborn)
    limits = Limits(seconds=14, cell_seconds=60)
    started = time.monotonic()
    outcome = world.grade(limits=limits)["li"]
    assert time.monotonic() - started < 40
    assert outcome.message == "Bài của li chạy quá 14 giây nên bị dừng; chưa có điểm."
    assert not scores(world, "li")
    assert not world.folder.autograded("li", NAME).exists()
    assert world.grade(limits=limits)["li"].kept, "it is not run again for nothing"
    assert not left_over()


def test_a_fork_bomb_ends_with_its_cage(world: World) -> None:
    world.submit(
        "bom", "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"
    )
    # Small on purpose: what is tested is that the limit holds, not how much this machine bears.
    outcome = world.grade(limits=Limits(seconds=90, cell_seconds=60, threads=40, processes=12))["bom"]
    assert outcome.message == "Bài của bom tạo quá 12 tiến trình nên bị dừng; chưa có điểm."
    assert not left_over()


def test_memory_in_use_ends_the_run(world: World) -> None:
    world.submit("phinh", "a = []\nwhile True:\n    a.append(bytearray(10 ** 7))\n")
    limits = Limits(seconds=90, cell_seconds=60, memory=400 * MEGABYTE, address_space=4096 * MEGABYTE)
    outcome = world.grade(limits=limits)["phinh"]
    assert outcome.message == "Bài của phinh dùng quá 400 MB bộ nhớ nên bị dừng; chưa có điểm."
    assert not left_over()


def left_over() -> list[str]:
    """Kernels and cages of runs of ours that still live."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            line = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if "isoxa-cham-" in line and int(place.name) != os.getpid():
            found.append(line[:200])
    return found
