"""``isoxa course export-bank`` and ``import-bank``: exit codes, what is said, and that an error writes nothing."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from isoxa_courses.loading import load_quiz_file
from isoxa_courses.shipped import content_root
from isoxa_portal.cli import main

SHIPPED = content_root().courses / "iso-9001-cap-xa"
SINGLE = "Chọn một đáp án"


@dataclass(frozen=True)
class Said:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``isoxa course`` in this process; a traceback would come through as an exception."""

    def run_one(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["isoxa", "course", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        code = stop.value.code
        return Said(code if isinstance(code, int) else int(code is not None), said.out, said.err)

    return run_one


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "khoa"))


@pytest.fixture
def book(run: Run, course: Path, tmp_path: Path) -> Path:
    path = tmp_path / "bai3.xlsx"
    assert run("export-bank", "03-pdca", path, "--course", course).code == 0
    return path


def put(path: Path, cell: str, value: object, sheet: str = SINGLE) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


@pytest.mark.parametrize("command", ["export-bank", "import-bank"])
def test_help_in_vietnamese(run: Run, command: str) -> None:
    said = run(command, "--help")
    assert said.code == 0
    assert "Excel" in said.out


def test_export_says_what_it_cannot_do(run: Run, course: Path, book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    again = run("export-bank", "03-pdca", book, "--course", course)
    assert (again.code, book.read_bytes()) == (1, before)
    assert "--force" in again.err
    assert run("export-bank", "03-pdca", book, "--course", course, "--force").code == 0
    unknown = run("export-bank", "khong-co", tmp_path / "x.xlsx", "--course", course)
    assert (unknown.code, "03-pdca" in unknown.err) == (1, True)
    assert run("export-bank", "../course", tmp_path / "x.xlsx", "--course", course).code == 1
    assert run("export-bank", "03-pdca", tmp_path / "x.csv", "--course", course).code == 1
    assert run("export-bank", "03-pdca", tmp_path / "x.xlsx", "--course", tmp_path).code == 1
    assert not (tmp_path / "x.xlsx").exists()


def test_unchanged_then_dry_run_then_for_real(run: Run, course: Path, book: Path) -> None:
    file = course / "quizzes" / "03-pdca.yaml"
    before, version = file.read_text("utf-8"), load_quiz_file(course, "03-pdca").version
    same = run("import-bank", book, "--course", course)
    assert (same.code, "không đổi" in same.err) == (0, True)
    put(book, "D4", "Bước nào còn thiếu trong chuyện này?")
    tried = run("import-bank", book, "--course", course, "--dry-run")
    assert (tried.code, file.read_text("utf-8")) == (0, before)
    assert "Sửa phương án (1): buoc-con-thieu/doi-mai" in tried.out
    assert "chưa ghi gì" in tried.err
    done = run("import-bank", book, "--course", course, "--quiz", "03-pdca", "--json")
    told = json.loads(done.out)
    assert (done.code, told["written"], told["version_raised"], told["version"]) == (
        0,
        True,
        True,
        version + 1,
    )
    assert told["changes"]["variants_changed"] == ["buoc-con-thieu/doi-mai"]
    assert load_quiz_file(course, "03-pdca").version == version + 1


def test_errors_name_sheet_and_cell_and_write_nothing(run: Run, course: Path, book: Path) -> None:
    file = course / "quizzes" / "03-pdca.yaml"
    before = file.read_bytes()
    put(book, "H4", "x")
    put(book, "G5", "=1+1")
    said = run("import-bank", book, "--course", course)
    assert said.code == 1
    assert "Trang “Chọn một đáp án”, ô G5: Ô có công thức" in said.err
    assert "hơn một đáp án đúng" in said.err
    told = run("import-bank", book, "--course", course, "--json")
    assert told.code == 1
    assert {one["cell"] for one in json.loads(told.out)["problems"]} >= {"G5"}
    assert file.read_bytes() == before


def test_files_that_are_no_bank(run: Run, course: Path, tmp_path: Path) -> None:
    missing = run("import-bank", tmp_path / "khong-co.xlsx", "--course", course)
    assert (missing.code, "khong-co.xlsx" in missing.err) == (1, True)
    pdf = tmp_path / "a.xlsx"
    pdf.write_bytes(b"%PDF-1.7")
    assert "Không phải tệp Excel" in run("import-bank", pdf, "--course", course).err
