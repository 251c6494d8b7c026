"""``isoxa lab`` for real: JupyterLab opens on the course folder: welcome notebook, lessons, formgrader."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from isoxa_grading.nbgrader_bridge import build_course
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, writing
from isoxa_portal.lab_folder import WELCOME, put_lessons, put_welcome

from tests.portal import tiny_course

TOKEN = "thu-nghiem"
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def get(url: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.read().decode()


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    """A data folder with a small course, built."""
    folder = DataFolder(tmp_path / "du-lieu")
    folder.create()
    engine = folder.engine()
    migrate(engine)
    course, lessons = tiny_course.write_tiny_course(tmp_path / "noi-dung")
    with writing(engine) as session:
        build_course(folder, session, course, lessons, now=datetime.now(UTC))
    engine.dispose()
    return folder


@pytest.fixture
def lab(data: DataFolder, tmp_path: Path) -> Iterator[str]:
    """The address of a running lab; the settings and files of whoever runs the tests are left alone."""
    port = free_port()
    home = tmp_path / "home"
    settings = home / "jupyter"
    settings.mkdir(parents=True)
    # Containers run the tests as root, which JupyterLab refuses by itself.
    (settings / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"allow_root": True}}))
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(settings),
        "JUPYTER_TOKEN": TOKEN,
    }
    command = [
        sys.executable,
        *("-c", "from isoxa_portal.cli import main; main()"),
        *(
            "lab",
            "--data",
            str(tmp_path / "du-lieu"),
            "--course",
            tiny_course.COURSE,
            "--port",
            str(port),
            "--no-browser",
        ),
    ]
    log = tmp_path / "lab.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=said)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                get(f"{address}/api/status")
                break
            except (urllib.error.URLError, OSError):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.3)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.slow
def test_lab_opens_with_formgrader_on_the_course(lab: str, data: DataFolder) -> None:
    assert get(f"{lab}/lab")[0] == 200
    with urllib.request.urlopen(f"{lab}/?token={TOKEN}", timeout=20) as opened:
        assert urllib.parse.urlsplit(opened.url).path == "/lab/tree/bat-dau.ipynb"
    status, welcome = get(f"{lab}/api/contents/bat-dau.ipynb?content=0")
    assert (status, json.loads(welcome)["type"]) == (200, "notebook")
    status, shown = get(f"{lab}/api/contents/bai-hoc/2025.1")
    lessons = {one["name"] for one in json.loads(shown)["content"]}
    assert {f"{tiny_course.LESSON}.ipynb", f"{tiny_course.TOOL_LESSON}.ipynb"} <= lessons
    status, page = get(f"{lab}/formgrader")
    assert status == 200
    assert "nbgrader" in page
    status, listed = get(f"{lab}/formgrader/api/assignments")
    assert status == 200
    by_name = {one["name"]: one for one in json.loads(listed)}
    released = [f"{tiny_course.QUIZ}-v1"]
    assert set(by_name) == set(released)
    assert all(one["max_score"] > 0 for one in by_name.values())
    assert by_name[released[0]]["source_path"].startswith("source/")


def test_what_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    course, notebooks = tiny_course.write_tiny_course(tmp_path / "noi-dung")
    own = tmp_path / WELCOME
    own.write_text("của giảng viên", encoding="utf-8")
    assert put_welcome(tmp_path) == own
    assert own.read_text(encoding="utf-8") == "của giảng viên"
    place = put_lessons(tmp_path, tiny_course.COURSE, "1", course, notebooks)
    (place / f"{tiny_course.LESSON}.ipynb").write_text("{}", encoding="utf-8")
    assert put_lessons(tmp_path, tiny_course.COURSE, "1", course, notebooks) == place
    assert (place / f"{tiny_course.LESSON}.ipynb").read_text(encoding="utf-8") == "{}"
    assert not any("quizzes" in found.parts for found in place.rglob("*"))
