"""The command line: help, exit codes, and a sentence instead of a traceback for what a user can mend."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from isoxa_courses.shipped import content_root
from isoxa_grading.records import database
from isoxa_portal.cli import main

from tests.conftest import Demo

COURSE = "iso-9001-cap-xa"
FIXTURES = Path(__file__).parents[1] / "courses" / "fixtures"
COMMANDS = [
    [],
    *([one] for one in ("init", "demo", "serve", "lab", "grade", "report", "backup", "doctor")),
    *(["course", one] for one in ("check", "build")),
    ["roster", "import"],
    *(["account", one] for one in ("create", "password", "disable", "list")),
]
COLUMNS = ("Họ và tên", "Đơn vị", "Tỉnh", "Mã cán bộ")


@dataclass(frozen=True)
class Said:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``isoxa`` in this process; a traceback would come through as an exception."""

    def run_one(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["isoxa", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        code = stop.value.code
        return Said(code if isinstance(code, int) else int(code is not None), said.out, said.err)

    return run_one


def roster_file(path: Path, *rows: tuple[str, ...], columns: tuple[str, ...] = COLUMNS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (columns, *rows):
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_in_vietnamese(run: Run, command: list[str]) -> None:
    said = run(*command, "--help")
    assert said.code == 0
    assert "--help" in said.out
    assert any(letter in said.out for letter in "ăâđêôơư")


def test_a_command_that_is_none_and_an_option_that_is_none(run: Run) -> None:
    assert run("khong-co").code == 2
    assert run("report", "--khong-co").code == 2


@pytest.mark.parametrize(
    "command", [["serve"], ["grade"], ["report"], ["backup"], ["doctor"], ["account", "list"]]
)
def test_a_folder_that_is_no_data_folder(run: Run, tmp_path: Path, command: list[str]) -> None:
    said = run(*command, "--data", tmp_path / "khong-co")
    assert said.code == 1
    assert "isoxa init" in said.err
    assert not (tmp_path / "khong-co").exists(), "nothing is made by the way"


def test_init_then_build_then_an_account(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "du-lieu"
    assert run("init", "--data", data).code == 0
    assert run("init", "--data", data).code == 0, "twice changes nothing"
    build = run("course", "build", "--data", data, "--json")
    quizzes = ["03-pdca", "06a-muc-tieu-smart", "06b-ke-hoach-5w1h", "07-rui-ro-co-hoi", "11-danh-gia-noi-bo"]
    built = [f"{quiz}-v1" for quiz in [*quizzes, "12-hanh-dong-khac-phuc"]]
    assert json.loads(build.out)["built"] == built
    assert json.loads(run("course", "build", "--data", data, "--json").out)["built"] == []
    create = ("account", "create", "--data", data, "--username", "so.khcn", "--role", "department")
    monkeypatch.setattr(sys, "stdin", Lines("mat-khau-du-dai-1"))
    assert run(*create, "--unit", "Tỉnh Không Có", "--password-stdin").code == 1
    monkeypatch.setattr(sys, "stdin", Lines("mat-khau-du-dai-1"))
    assert run(*create, "--unit", "Lâm Đồng", "--password-stdin").code == 0
    monkeypatch.setattr(sys, "stdin", Lines("mat-khau-du-dai-1"))
    taken = run(*create, "--unit", "Lâm Đồng", "--password-stdin")
    assert (taken.code, "so.khcn" in taken.err) == (1, True)
    (row,) = json.loads(run("account", "list", "--data", data, "--json").out)
    assert (row["username"], row["role"], row["unit"]) == ("so.khcn", "department", "Tỉnh Lâm Đồng")
    monkeypatch.setattr(sys, "stdin", Lines("ngan"))
    short = run("account", "password", "--data", data, "--username", "so.khcn", "--password-stdin")
    assert (short.code, short.out) == (1, "")
    assert "mật khẩu" in short.err.lower()
    assert run("account", "disable", "--data", data, "--username", "khong.co").code == 1
    assert run("account", "disable", "--data", data, "--username", "so.khcn").code == 0


class Lines:
    """Standard input with one line."""

    def __init__(self, line: str) -> None:
        self._line = line

    def readline(self) -> str:
        return self._line + "\n"

    def isatty(self) -> bool:
        return False


class TestRoster:
    def test_a_file_that_is_no_spreadsheet(self, run: Run, demo_copy: Demo, tmp_path: Path) -> None:
        file = tmp_path / "danh-sach.xlsx"
        file.write_bytes(b"%PDF-1.7 not a workbook")
        said = run("roster", "import", file, "--data", demo_copy.folder)
        assert said.code == 1
        assert said.err.strip()

    def test_a_file_that_is_not_there(self, run: Run, demo_copy: Demo, tmp_path: Path) -> None:
        said = run("roster", "import", tmp_path / "khong-co.xlsx", "--data", demo_copy.folder)
        assert said.code == 1
        assert "khong-co.xlsx" in said.err

    def test_a_column_that_is_missing_is_named(self, run: Run, demo_copy: Demo, tmp_path: Path) -> None:
        file = roster_file(tmp_path / "a.xlsx", ("Nguyễn Thị Thử",), columns=("Họ và tên",))
        said = run("roster", "import", file, "--data", demo_copy.folder)
        assert said.code == 1
        assert "Đơn vị" in said.err

    def test_rows_left_out_end_with_2_and_are_listed(self, run: Run, demo_copy: Demo, tmp_path: Path) -> None:
        file = roster_file(
            tmp_path / "a.xlsx",
            ("Nguyễn Thị Thử", "Xã Di Linh", "Lâm Đồng", "THU001"),
            ("Trần Văn Lạc", "Xã Không Đâu Có", "Lâm Đồng", "THU002"),
        )
        command = ("roster", "import", file, "--data", demo_copy.folder, "--json")
        preview = run(*command, "--dry-run")
        first, again = run(*command), run(*command)
        assert [preview.code, first.code, again.code] == [2, 2, 2]
        assert preview.out == first.out, "the preview tells what the import then does"
        found, later = json.loads(first.out), json.loads(again.out)
        assert (found["new"], found["refused"]) == (1, 1)
        assert (later["new"], later["unchanged"], later["refused"]) == (0, 1, 1)
        (problem,) = found["rows"]
        assert "Xã Không Đâu Có" in json.dumps(problem, ensure_ascii=False)

    def test_a_day_that_is_none_and_a_course_that_is_none(
        self, run: Run, demo_copy: Demo, tmp_path: Path
    ) -> None:
        file = roster_file(tmp_path / "a.xlsx", ("Nguyễn Thị Thử", "Xã Di Linh", "Lâm Đồng", "THU001"))
        command = ("roster", "import", file, "--data", demo_copy.folder)
        day = run(*command, "--due", "31/02/2027")
        assert (day.code, "31/02/2027" in day.err) == (1, True)
        course = run(*command, "--course", "khong-co")
        assert (course.code, "khong-co" in course.err) == (1, True)


class TestCourse:
    @pytest.fixture
    def broken(self, tmp_path: Path) -> Path:
        return Path(shutil.copytree(content_root().courses / COURSE, tmp_path / COURSE))

    @pytest.fixture(autouse=True)
    def forgetful(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Lessons that ran are remembered for this test only."""
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def test_the_shipped_course_is_sound_and_every_lesson_runs(self, run: Run) -> None:
        said = run("course", "check", "--json")
        found = json.loads(said.out)
        # Law falls due on a day; the software does not break on that day (tests/content looks from a fixed one).
        told = [one["reason"] for one in found["problems"] if "quá hạn kiểm tra lại" not in one["reason"]]
        assert told == []
        assert said.code == (1 if found["problems"] else 0)
        assert {lesson["executes"] for lesson in found["figures"]["lessons"].values()} == {True}
        again = json.loads(run("course", "check", "--json").out)
        assert again == found, "the second check remembers the runs, seconds and all"

    def test_what_falls_short_of_no_set_standard_is_advice(self, run: Run, tmp_path: Path) -> None:
        small = Path(shutil.copytree(FIXTURES, tmp_path / "nho"))
        check = ("course", "check", small / "khoa-thu", "--lessons", small / "notebooks", "--no-execute")
        said = run(*check)
        assert said.code == 0
        assert "Nên xem lại: " in said.out
        found = json.loads(run(*check, "--json").out)
        assert found["ok"]
        assert found["figures"]["lessons"]["01-thu"]["executes"] is None
        with (small / "khoa-thu" / "course.yaml").open("a", encoding="utf-8") as file:
            file.write("standards: {lesson: {tools: 2}}\n")
        said = run(*check)
        assert said.code == 1
        assert "Bài có 1 công cụ; cần ít nhất 2." in said.out

    def test_yaml_that_cannot_be_read_is_told_by_file_line_and_reason(self, run: Run, broken: Path) -> None:
        file = broken / "quizzes" / "03-pdca.yaml"
        lines = file.read_text("utf-8").splitlines()
        lines.insert(6, "  - {id: hong, outcome: [")
        file.write_text("\n".join(lines), "utf-8")
        said = run("course", "check", broken, "--no-execute")
        assert said.code == 1
        told = next(line for line in said.out.splitlines() if "quizzes/03-pdca.yaml" in line)
        name, line, reason = told.split(":", 2)
        assert name.endswith("03-pdca.yaml")
        assert int(line) >= 7
        assert reason.strip()

    def test_a_lesson_that_is_not_there(self, run: Run, broken: Path) -> None:
        file = broken / "course.yaml"
        file.write_text(file.read_text("utf-8").replace("after: 03-pdca", "after: 09-khong-co"), "utf-8")
        said = run("course", "check", broken, "--no-execute", "--json")
        assert said.code == 1
        assert "09-khong-co" in said.out
        assert json.loads(said.out)["problems"]


class TestReport:
    def test_figures_and_files_agree(self, run: Run, demo_copy: Demo, tmp_path: Path) -> None:
        target, results = tmp_path / "bao-cao.csv", tmp_path / "ket-qua.csv"
        where = ("--data", demo_copy.folder, "--unit", "Lâm Đồng", "--output", target, "--results", results)
        where = (*where, "--frames", tmp_path / "bang")
        said = run("report", *where, "--json")
        assert said.code == 0
        with results.open(encoding="utf-8-sig", newline="") as file:
            quizzes = list(csv.DictReader(file, delimiter=";"))
        assert f"{len(quizzes)} kết quả" in said.err
        assert {row["Tỉnh, thành phố"] for row in quizzes} == {"Tỉnh Lâm Đồng"}
        with (tmp_path / "bang" / "clauses.csv").open(encoding="utf-8-sig", newline="") as file:
            clauses = list(csv.DictReader(file, delimiter=";"))
        assert {row["clause"] for row in clauses}
        assert {row["province"] for row in clauses} == {"Tỉnh Lâm Đồng"}
        figures = json.loads(said.out)["figures"]
        with target.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        assert len(rows) == figures["communes"] == 124
        assert sum(int(row["Hoàn thành"]) for row in rows) == figures["completed"] > 0

    def test_a_file_of_another_kind(self, run: Run, demo_copy: Demo, tmp_path: Path) -> None:
        said = run("report", "--data", demo_copy.folder, "--output", tmp_path / "a.docx")
        assert (said.code, ".xlsx" in said.err) == (1, True)
        said = run("report", "--data", demo_copy.folder, "--results", tmp_path / "a.xlsx")
        assert (said.code, ".csv" in said.err) == (1, True)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    @pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
    def test_a_full_disk_is_said(self, run: Run, demo_copy: Demo, tmp_path: Path, name: str) -> None:
        (tmp_path / name).symlink_to("/dev/full")
        said = run("report", "--data", demo_copy.folder, "--output", tmp_path / name)
        assert said.code == 1
        assert "đầy" in said.err


def test_a_database_that_is_locked(run: Run, demo_copy: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.connect, "__kwdefaults__", {"busy_seconds": 0.1})
    holder = sqlite3.connect(demo_copy.folder / "isoxa.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    said = run("account", "disable", "--data", demo_copy.folder, "--username", "giangvien")
    holder.execute("ROLLBACK")
    holder.close()
    assert said.code == 1
    assert "đang bận" in said.err


def test_a_backup_holds_everything_and_overwrites_nothing(run: Run, demo_copy: Demo, tmp_path: Path) -> None:
    target = tmp_path / "sao-luu.tar.gz"
    assert run("backup", "--data", demo_copy.folder, "--output", target).code == 0
    assert run("backup", "--data", demo_copy.folder, "--output", target).code == 1
    shutil.unpack_archive(target, tmp_path / "phuc-hoi", filter="data")
    restored = tmp_path / "phuc-hoi" / "isoxa-data"
    said = run("report", "--data", restored, "--json")
    assert said.out == run("report", "--data", demo_copy.folder, "--json").out


def test_the_doctor_shows_the_lessons_of_a_running_portal(run: Run, demo_copy: Demo) -> None:
    figures = {"sessions": 3, "sessions_in_memory": 2, "places": 2, "waiting": 4, "workers": 1}
    status = {"at": datetime.now(UTC).isoformat(), "pid": 1, **figures}
    place = demo_copy.folder / "lessons.json"
    place.write_text(json.dumps(status))
    said = run("doctor", "--data", demo_copy.folder, "--json")
    assert said.code == 1
    told = json.loads(said.out)
    assert told["figures"]["lessons_sessions"] == 3
    assert any("4 người đang chờ" in problem for problem in told["problems"])
    for old in (
        json.dumps({**status, "at": "2026-01-01T00:00:00+00:00"}),
        "hỏng",
        json.dumps({**status, "places": "nhiều"}),
        "[]",
    ):
        place.write_text(old)
        assert run("doctor", "--data", demo_copy.folder).code == 0


def test_the_doctor_finds_a_folder_open_to_others(run: Run, demo_copy: Demo) -> None:
    assert run("doctor", "--data", demo_copy.folder).code == 0
    (demo_copy.folder / "secrets").chmod(0o755)
    said = run("doctor", "--data", demo_copy.folder, "--json")
    assert said.code == 1
    assert any("secrets" in problem for problem in json.loads(said.out)["problems"])
