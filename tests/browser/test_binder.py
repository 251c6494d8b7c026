"""What repo2docker and BinderHub do with `binder/`: a clean environment, the requirements, postBuild, start; then the
launch link in Chromium, a lesson, the results taken home, and the file imported on a second data folder.

uv, where it is there, makes the environment from its own cache; pip does it else. ``pip install .`` in postBuild asks
an index for the build's backend, as on Binder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests
from playwright.sync_api import expect

from tests.browser.conftest import NewContext

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"
# BinderHub's are of this kind; a Hub's user may have any letter in the name.
BASE = "/user/tr%E1%BA%A7n-x~7-isoxa-k3v9/"
TOKEN = "mot-ma-ngau-nhien"
MOST_MEGABYTES = 1000
COURSE, LESSON = "iso-9001-cap-xa", "03-pdca"

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]


def test_the_files_are_by_the_conventions() -> None:
    """The rules are those of repo2docker's documentation, "Configuration files"."""
    assert re.fullmatch(r"python-3\.\d+\n", (BINDER / "runtime.txt").read_text())
    for name in ("postBuild", "start"):
        script = BINDER / name
        assert os.access(script, os.X_OK)
        assert script.read_text().startswith("#!/")
    assert (BINDER / "start").read_text().rstrip().endswith('exec "$@"')
    requirements = (BINDER / "requirements.txt").read_text()
    pinned = re.findall(r"^[a-z0-9][\w.\[\]-]*==", requirements, re.MULTILINE | re.IGNORECASE)
    hashed = re.findall(r"^[a-z0-9][^\n]*\\\n    --hash=sha256:", requirements, re.MULTILINE | re.IGNORECASE)
    assert len(pinned) == len(hashed) > 100
    assert "://" not in re.sub(r"^\s*#.*$", "", requirements, flags=re.MULTILINE)
    assert "jupyter-server-proxy==" in requirements
    packages = [line for line in (BINDER / "apt.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", one) for one in packages)


@dataclass
class Image:
    """What repo2docker leaves: the repository as home, an environment, and the variables of the container."""

    home: Path
    programs: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "LANG"))
        }
        path = os.pathsep.join([str(self.programs), "/usr/local/bin", "/usr/bin", "/bin"])
        return {**kept, "HOME": str(self.home), "PATH": path}

    def run(self, *command: str | Path) -> None:
        done = subprocess.run(
            command, cwd=self.home, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]


def make_environment(place: Path, requirements: Path) -> None:
    uv = shutil.which("uv")
    if uv:
        commands = [
            [uv, "venv", "-q", "--seed", "--python", sys.executable, place],
            [uv, "pip", "install", "-q", "--python", place / "bin/python"],
        ]
    else:
        commands = [
            [sys.executable, "-m", "venv", place],
            [place / "bin/python", "-m", "pip", "install", "-q"],
        ]
    commands[1] += ["--require-hashes", "-r", requirements]
    for command in commands:
        subprocess.run(list(map(str, command)), check=True, cwd=place.parent)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    place = tmp_path_factory.mktemp("image")
    home = place / "home"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, home / name)
    make_environment(place / "env", home / "binder" / "requirements.txt")
    made = Image(home, place / "env" / "bin")
    made.run(home / "binder" / "postBuild")
    shutil.copytree(home / "isoxa-data", place / "office")
    return made


@dataclass
class Server:
    """A Jupyter server of the image, started through ``start``."""

    process: subprocess.Popen[bytes]
    url: str
    started: float

    def megabytes(self) -> float:
        """Of all its processes together; what they share is counted once (proportional set size)."""
        root = psutil.Process(self.process.pid)
        return sum(one.memory_full_info().pss for one in [root, *root.children(recursive=True)]) / 2**20


@pytest.fixture(scope="module")
def server(image: Image) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(
            image.home / "binder" / "start",
            "jupyter",
            "lab",
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
        ),
        *(f"--port={port}", f"--ServerApp.base_url={BASE}", f"--IdentityProvider.token={TOKEN}"),
    ]
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=image.home, env=image.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}{BASE}"
    while time.monotonic() < started + 240:
        try:
            if requests.get(f"{url}api", timeout=5).ok:
                break
        except requests.ConnectionError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.2)
    yield Server(process, url, started)
    # Its children are the portal and the lessons' processes.
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    process.wait(30)
    for child in children:
        if child.is_running():
            child.terminate()


def test_from_the_link_to_the_organisers_records(
    image: Image, server: Server, new_context: NewContext, tmp_path: Path
) -> None:
    assert (image.home / "bat-dau.ipynb").is_file(), "what the third link opens"
    page = new_context().new_page()
    page.goto(f"{server.url}isoxa/?token={TOKEN}")
    expect(page.get_by_role("heading", name="Vào lớp tập huấn")).to_be_visible()
    waited = time.monotonic() - server.started
    assert page.locator("html").get_attribute("lang") == "vi"
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Mùa Xuân")
    unit = page.get_by_label("Xã, phường, đặc khu")
    unit.press_sequentially("di linh")
    page.get_by_role("option", name="Xã Di Linh, tỉnh Lâm Đồng").click()
    page.get_by_role("button", name="Vào lớp").click()
    expect(page.get_by_text("lớp kết thúc, nơi này xóa hết")).to_be_visible()
    page.goto(f"{server.url}isoxa/khoa-hoc/{COURSE}/bai/{LESSON}")
    checkpoint = page.locator("[id^=luyen-tap-]").first
    expect(checkpoint).not_to_contain_text("Đang mở…")
    checkpoint.get_by_role("radio").first.check()
    checkpoint.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(checkpoint.get_by_role("button", name="Kiểm tra", exact=True)).to_be_hidden()
    megabytes = server.megabytes()
    print(f"start to page: {waited:.1f} s; memory with a lesson open: {megabytes:.0f} MB")
    assert megabytes < MOST_MEGABYTES
    page.goto(f"{server.url}isoxa/mang-ket-qua-ve")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp kết quả").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    office = image.home.parent / "office"
    isoxa = [image.programs / "isoxa", "workshop"]

    def run(*arguments: str | Path) -> dict[str, object]:
        done = subprocess.run(
            [*isoxa, *arguments, "--json", "--data", office],
            env=image.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found: dict[str, object] = json.loads(done.stdout)
        return found

    opened = run(
        *("open", "--title", "Lớp", "--place", "Hội trường", "--trainer", "Cô Lan", "--date", "21/11/2026")
    )
    taken = run("import", file, "--workshop", str(opened["id"]), "--add-new")
    assert taken["recorded"] == 1
    [line] = taken["files"]  # type: ignore[misc]
    assert (line["full_name"], line["unit"]) == ("Nguyễn Thị Mùa Xuân", "Xã Di Linh")
    report = subprocess.run(
        [image.programs / "isoxa", "report", "--json", "--data", office],
        env=image.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Di Linh" in report.stdout
