"""Submissions and sources that are broken, without running any learner's code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.nbgrader_bridge.sandbox import AssignmentRefused, add_assignment, add_submission
from isoxa_grading.nbgrader_bridge.sandbox.autograded import trim
from isoxa_grading.nbgrader_bridge.sandbox.cages import Cage, available
from isoxa_grading.nbgrader_bridge.sandbox.limits import Limits
from isoxa_grading.nbgrader_bridge.sandbox.marks import CellMark, Marks, ScoresRefused, write_marks
from isoxa_grading.nbgrader_bridge.sandbox.source_check import problems_of
from isoxa_grading.nbgrader_bridge.sandbox.tidy import SubmissionRefused, grade_id, tidy_submission
from isoxa_grading.nbgrader_bridge.sandbox.worker import RunStopped, _end, _watch
from nbformat import NotebookNode

from tests.grading.sandbox.world import NAME, NOW, RIGHT, World, cell, source_notebook

IDS = ["loi-dan", "tong", "kiem-tra", "luon-dung", "nhan-xet", "so-do"]


def tidy(
    world: World, work: NotebookNode | bytes, limits: Limits | None = None
) -> tuple[NotebookNode, list[str]]:
    world.submit("ai", work)
    folder = world.folder.submitted("ai", NAME).parent
    found = tidy_submission(folder, world.folder.release(NAME).parent, limits or Limits())
    nbformat.validate(found.notebooks[NAME])
    return found.notebooks[NAME], found.notes


def ids(notebook: NotebookNode) -> list[str]:
    return [id_ for one in notebook.cells if (id_ := grade_id(one))]


def test_the_release_holds_no_key_and_stock_stub(world: World) -> None:
    text = world.folder.release(NAME).read_text()
    assert "KEYTOKEN" not in text
    assert "MARKTOKEN" not in text
    assert "return a + b" not in text
    assert "raise NotImplementedError" in text


def change_nothing(_notebook: NotebookNode) -> None:
    return


def unmark(notebook: NotebookNode) -> None:
    notebook.cells[1].metadata["nbgrader"]["grade_id"] = "x y"


def repeat(notebook: NotebookNode) -> None:
    notebook.cells.append(deepcopy(notebook.cells[2]))


def no_points(notebook: NotebookNode) -> None:
    del notebook.cells[2].metadata["nbgrader"]["points"]


def below_nothing(notebook: NotebookNode) -> None:
    notebook.cells[2].metadata["nbgrader"]["points"] = -1


def open_solution(notebook: NotebookNode) -> None:
    notebook.cells[1].source = notebook.cells[1].source.replace("### END SOLUTION", "")


def nothing_marked(notebook: NotebookNode) -> None:
    for one in notebook.cells:
        one.metadata.pop("nbgrader")


def newer(notebook: NotebookNode) -> None:
    notebook.cells[1].metadata["nbgrader"]["schema_version"] = 99


def other_language(notebook: NotebookNode) -> None:
    notebook.metadata.kernelspec["language"] = "R"


def broken(notebook: NotebookNode) -> None:
    notebook.cells[1].metadata["nbgrader"] = "hỏng"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (unmark, "ô thứ 2: thiếu mã ô"),
        (repeat, "ô thứ 7: mã ô “kiem-tra” đã dùng"),
        (no_points, "ô thứ 3: điểm tối đa"),
        (below_nothing, "ô thứ 3: điểm tối đa"),
        (open_solution, "ô thứ 2: “BEGIN SOLUTION” và “END SOLUTION” không đi thành cặp"),
        (nothing_marked, "chưa có ô nào được chấm điểm"),
        (newer, "bản nbgrader mới hơn"),
        (other_language, "chỉ chấm được sổ tay Python"),
        (broken, "ô thứ 2: thông tin nbgrader bị hỏng"),
    ],
)
def test_a_broken_source_is_refused_and_nothing_released(
    world: World, tmp_path: Path, change: Callable[[NotebookNode], None], words: str
) -> None:
    notebook = source_notebook()
    assert problems_of(notebook, "x") == []
    change(notebook)
    (tmp_path / "hong.ipynb").write_text(json.dumps(notebook))
    with pytest.raises(AssignmentRefused, match=words):
        add_assignment(world.folder, "hong", tmp_path / "hong.ipynb")
    assert not (world.folder.root / "source" / "hong").exists()
    assert not (world.folder.root / "release" / "hong").exists()


def test_a_source_that_is_no_notebook_is_refused(world: World, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text('{"cells": [')
    with pytest.raises(AssignmentRefused, match="bị hỏng hoặc bị cắt cụt"):
        add_assignment(world.folder, "a", tmp_path / "a.ipynb")
    with pytest.raises(AssignmentRefused, match="không có sổ tay"):
        add_assignment(world.folder, "b", tmp_path / "khong-co")


def test_an_assignment_with_submissions_is_not_released_over(world: World, tmp_path: Path) -> None:
    world.submit("a", RIGHT)
    with pytest.raises(AssignmentRefused, match="đã có người nộp"):
        add_assignment(world.folder, NAME)


@pytest.mark.parametrize("name", ["../a", "a/b", "", ".a", "a b", "ă", "a" * 200])
def test_names_that_could_leave_their_folder_are_refused(world: World, tmp_path: Path, name: str) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text("{}")
    with pytest.raises(AssignmentRefused):
        add_submission(world.folder, NAME, name, [file], now=NOW)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[1]", b"null", b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
     b'{"nbformat": 99, "cells": []}', b"[" * 200_000],
)  # fmt: skip
def test_what_is_no_notebook_is_refused_in_words(world: World, content: bytes) -> None:
    with pytest.raises(SubmissionRefused, match="xin nộp lại"):
        tidy(world, content)


def test_a_truncated_notebook_is_refused_wherever_it_ends(world: World) -> None:
    whole = nbformat.writes(world.answered(RIGHT)).encode()
    for end in range(0, len(whole) - 1, 211):
        with pytest.raises(SubmissionRefused, match="xin nộp lại"):
            tidy(world, whole[:end])


def test_too_much_is_refused_before_it_is_read(world: World) -> None:
    with pytest.raises(SubmissionRefused, match="lớn hơn"):
        tidy(world, world.answered("#" * 3_000_000), Limits(submission_size=2_000_000))


def test_links_and_pipes_are_passed_over(world: World) -> None:
    world.submit("ai", RIGHT)
    folder = world.folder.submitted("ai", NAME).parent
    (folder / "lien-ket.txt").symlink_to(world.data.path / "isoxa.db")
    os.mkfifo(folder / "ong")
    found = tidy_submission(folder, world.folder.release(NAME).parent, Limits())
    assert found.files == {}
    assert len(found.notes) == 2


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_whatever_is_done_to_cells_the_release_is_the_measure(
    released_data: Path, data: st.DataObject
) -> None:
    """Cells deleted, repeated, moved, renamed, given points or unlocked: the fitted notebook is one nbgrader takes."""
    world = World(released_data)
    notebook = world.answered(RIGHT)
    places = data.draw(st.lists(st.integers(0, len(notebook.cells) - 1), max_size=10))
    cells = [deepcopy(notebook.cells[place]) for place in places]
    for one in cells:
        meta = one.metadata.get("nbgrader")
        hostile = st.sampled_from(
            [None, "points", "grade", "solution", "locked", "grade_id", "schema_version"]
        )
        key = data.draw(hostile)
        if meta is not None and key is not None:
            meta[key] = data.draw(
                st.sampled_from([0, 100, -1, True, False, "tong", "cua-bai-khac", None, [], {}])
            )
    notebook.cells = cells
    with TemporaryDirectory() as handed_in:
        (Path(handed_in) / f"{NAME}.ipynb").write_text(json.dumps(notebook))
        found = tidy_submission(Path(handed_in), world.folder.release(NAME).parent, Limits())
    fitted, notes = found.notebooks[NAME], found.notes
    nbformat.validate(fitted)
    assert sorted(ids(fitted)) == sorted(IDS)
    released = {grade_id(one): one.metadata["nbgrader"] for one in world.release.cells if grade_id(one)}
    for one in fitted.cells:
        if grade_id(one):
            assert one.metadata["nbgrader"] == released[grade_id(one)]
    assert len({one["id"] for one in fitted.cells}) == len(fitted.cells)
    assert notes or [grade_id(one) for one in cells if grade_id(one)] == IDS or len(cells) >= len(IDS)


def test_the_learners_own_cells_stay_and_their_outputs_go(world: World) -> None:
    def change(notebook: NotebookNode) -> None:
        own = nbformat.v4.new_code_cell("x = 1")
        own.outputs = [nbformat.v4.new_output("stream", text="x" * 1000)]
        notebook.cells.insert(0, own)
        notebook.cells.append(cell("1", "cua-bai-khac", grade=True, locked=True, points=100))

    fitted, notes = tidy(world, world.answered(RIGHT, change))
    assert fitted.cells[0].source == "x = 1"
    assert fitted.cells[0].outputs == []
    assert ids(fitted) == IDS
    assert any("cua-bai-khac" in note for note in notes)


def test_code_in_an_answer_cell_is_only_text_again(world: World) -> None:
    """A written answer's cell, or a locked one, turned into code: what the release says of it holds."""

    def change(notebook: NotebookNode) -> None:
        for id_ in ("nhan-xet", "so-do"):
            at = next(n for n, one in enumerate(notebook.cells) if grade_id(one) == id_)
            old = notebook.cells[at]
            made = nbformat.v4.new_code_cell("open('/etc/passwd').read()", metadata=old.metadata)
            made["id"] = old["id"]
            notebook.cells[at] = made

    fitted, _notes = tidy(world, world.answered(RIGHT, change))
    cells = {grade_id(one): one for one in fitted.cells}
    assert [cells[id_].cell_type for id_ in ("nhan-xet", "so-do")] == ["markdown", "markdown"]
    assert cells["nhan-xet"].source == "open('/etc/passwd').read()"


def test_whoever_stops_waits_for_no_submission(tmp_path: Path) -> None:
    """A portal that is stopped ends the run in hand at once: no outcome, no process left."""
    cage = Cage("limits", tmp_path, tmp_path, Limits(), None)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as process:
        with pytest.raises(RunStopped):
            _watch(process, cage, time.monotonic(), lambda: True)
        _end(process, cage)
        assert process.returncode is not None


def test_a_half_written_gradebook_stops_the_run_before_any_code(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.submit("a", RIGHT)
    book = world.folder.root / "gradebook.db"
    whole = book.read_bytes()
    book.write_bytes(whole[: len(whole) // 2])
    monkeypatch.setattr("isoxa_grading.nbgrader_bridge.sandbox.grade.choose_cage", lambda _data: "bubblewrap")
    monkeypatch.setattr("isoxa_grading.nbgrader_bridge.sandbox.grade.run_autograde", not_to_be_run)
    with pytest.raises(AssignmentRefused, match="Sổ điểm đang bị phần mềm khác giữ hoặc không đọc được"):
        world.grade()
    assert book.read_bytes() == whole[: len(whole) // 2]
    assert not (world.folder.root / "grading_reports").exists(), "it is run once the gradebook is whole again"


def not_to_be_run(*_arguments: object) -> None:
    raise AssertionError("a learner's code was run")


@pytest.mark.parametrize("score", [-1.0, 2.5, float("nan"), float("inf")])
def test_a_score_that_cannot_be_is_refused_and_nothing_written(world: World, score: float) -> None:
    before = (world.folder.root / "gradebook.db").read_bytes()
    with pytest.raises(ScoresRefused):
        write_marks(world.folder, NAME, "a", Marks(None, [CellMark(NAME, "kiem-tra", score, None)], [], {}))
    with pytest.raises(ScoresRefused):
        write_marks(world.folder, NAME, "a", Marks(None, [CellMark(NAME, "khong-co", 1.0, None)], [], {}))
    assert (world.folder.root / "gradebook.db").read_bytes() == before


def test_outputs_are_cut_and_all_go_above_the_notebooks_size() -> None:
    one = nbformat.v4.new_code_cell("1")
    one.outputs = [
        nbformat.v4.new_output("stream", text="x" * 5000),
        nbformat.v4.new_output(
            "execute_result", data={"text/html": "y" * 5000, "application/json": ["z"] * 5000}
        ),
        nbformat.v4.new_output("error", ename="ValueError", evalue="e" * 5000, traceback=["t" * 5000]),
    ]
    notebook = nbformat.v4.new_notebook(cells=[one])
    notes = trim(notebook, "a.ipynb", Limits(output_size=100))
    assert len(nbformat.writes(notebook)) < 2500
    assert any("quá dài" in note for note in notes)
    assert any("ValueError" in note for note in notes)
    trim(notebook, "a.ipynb", Limits(output_size=100, notebook_size=300))
    assert len(one.outputs) == 1


def test_no_cage_no_grading(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine without bubblewrap or namespaces, nothing runs unless the administrator says so."""
    world.submit("a", RIGHT)
    monkeypatch.setenv("PATH", str(world.data.path))
    available.cache_clear()
    try:
        with pytest.raises(AssignmentRefused, match="apt install bubblewrap"):
            world.grade()
    finally:
        available.cache_clear()
    assert not (world.folder.root / "grading_reports").exists()
