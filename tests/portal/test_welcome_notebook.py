"""The trainers' welcome notebook: its ten steps run for real, on a copy, and nothing else changes."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from isoxa_courses.shipped import content_root
from isoxa_portal.lab_folder import put_welcome
from isoxa_portal.notebook_commands import CommandFailed, isoxa
from nbclient import NotebookClient


def fingerprint(folder: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            found.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return found.hexdigest()


def outputs(notebook: Any, cell: str) -> str:
    [found] = [one for one in notebook.cells if one.id == cell]
    return "\n".join(str(output.get("text") or output.get("data")) for output in found.outputs)


def test_ten_steps_and_no_output() -> None:
    notebook = nbformat.read(content_root().lessons.parent / "trainers" / "bat-dau.ipynb", as_version=4)
    nbformat.validate(notebook)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert re.findall(r"^## Bước (\d+)\.", text, flags=re.MULTILINE) == [str(n) for n in range(1, 11)]
    assert all(not cell.outputs for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.slow
def test_every_step_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = content_root()
    before = fingerprint(shipped.courses), fingerprint(shipped.lessons.parent)
    # nbgrader calls `alembic` by name, as `isoxa lab` knows.
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.delenv("ISOXA_DATA", raising=False)
    notebook = nbformat.read(put_welcome(tmp_path), as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert "đã có bản làm việc" not in outputs(notebook, "lay-ban-lam-viec")
    assert "13-phieu-hen.ipynb" in outputs(notebook, "tao-khung")
    for shown in ("xem-thu-bai", "xem-thu-cau-hoi"):
        assert "application/vnd.jupyter.widget-view+json" in outputs(notebook, shown)
    assert "không thấy lỗi nào" in outputs(notebook, "kiem-tra")
    assert "dựng mới 2 bài kiểm tra" in outputs(notebook, "dung-thu")
    assert "không có đáp án" in outputs(notebook, "soi-ban-phat-hanh")
    assert {file.name for file in tmp_path.iterdir()} == {"bat-dau.ipynb", "tap-soan"}
    assert (fingerprint(shipped.courses), fingerprint(shipped.lessons.parent)) == before


def test_a_command_that_fails_stops_the_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandFailed, match="isoxa course new-lesson"):
        isoxa("course", "new-lesson", "bai", "--number", 1, "--title", "Bài", "--in", tmp_path / "khong-co")
    assert "chưa có bản làm việc" in capsys.readouterr().out
