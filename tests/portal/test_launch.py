"""The portal as a process: it says when it is ready, and ends cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from isoxa_grading.records.data_folder import DataFolder
from isoxa_portal.app import launch
from isoxa_portal.errors import CannotServe

PROGRAM = """
import sys
from pathlib import Path
from isoxa_grading.records.data_folder import DataFolder
from isoxa_portal.app import launch
launch(DataFolder(Path(sys.argv[1])), port=0, base_url="/x/", on_ready=lambda url: print(url, flush=True))
"""


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.create()
    return folder


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_it_is_told_to_stop(data: DataFolder, tmp_path: Path, sign: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data.path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"TMPDIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert requests.get(f"{url}api/session", timeout=30).json()["account"] is None
    assert url.endswith("/x/")
    process.send_signal(sign)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert list(tmp_path.glob("isoxa_*")) == [], "no temporary folder is left"


def test_a_port_that_is_taken_is_said_in_words(data: DataFolder) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CannotServe, match="cổng"):
            launch(data, port=taken.getsockname()[1])
