"""Behind a real jupyter-server-proxy, which passes the prefix on (``absolute``) or takes it away."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from isoxa_grading.records.data_folder import DataFolder

from tests.portal.conftest import Browser, Server
from tests.portal.test_lessons import heard, kernel_of, message, open_channel
from tests.portal.tiny_course import COURSE, LESSON, QUIZ


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Jupyter server with the proxy, and no login of its own."""
    home, port = tmp_path_factory.mktemp("hub"), free_port()
    command = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}"),
        *("--ip=127.0.0.1", "--IdentityProvider.token=", f"--ServerApp.root_dir={home}"),
        "--ServerApp.jpserver_extensions={'jupyter_server_proxy': True, 'jupyterlab': False, 'nbgrader': False}",
    ]
    environment = {
        "PATH": str(Path(sys.executable).parent),
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
    }
    process = subprocess.Popen(
        command, cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            if requests.get(f"{url}/api", timeout=5).ok:
                break
        except requests.ConnectionError:
            time.sleep(0.2)
    yield url
    process.terminate()
    process.wait(20)


class Proxied(Server):
    """A portal asked for through the proxy."""

    def __init__(self, data: DataFolder, base: str, port: int, hub: str) -> None:
        super().__init__(data, base, port)
        self.url = hub + base


@pytest.mark.parametrize("way", ["proxy/absolute", "proxy"])
def test_the_journey_through_the_proxy(data_folder: DataFolder, hub: str, way: str) -> None:
    port = free_port()
    portal = Proxied(data_folder, f"/{way}/{port}/", port, hub)
    try:
        browser = Browser(portal)
        login = browser.get(f"khoa-hoc/{COURSE}/bai/{LESSON}", allow_redirects=True)
        assert login.status_code == 200
        assert urlsplit(login.url).path == f"/{way}/{port}/dang-nhap"
        assert parse_qs(urlsplit(login.url).query)["tiep"] == [
            f"/{way}/{port}/khoa-hoc/{COURSE}/bai/{LESSON}"
        ]
        browser.log_in("officer")
        headers = {"Origin": hub, "Sec-Fetch-Site": "same-origin"}
        page = browser.get(f"khoa-hoc/{COURSE}/bai/{LESSON}")
        assert page.status_code == 200
        kernel = kernel_of(page.text)
        channel = open_channel(browser, kernel)
        channel.send(message("kernel_info_request", {}))
        assert "kernel_info_reply" in heard(channel, "kernel_info_reply")
        channel.close()
        started = browser.change("POST", "api/attempts", {"course": COURSE, "quiz": QUIZ}, headers=headers)
        assert started.status_code == 200
        assert browser.ask("POST", f"voila/api/shutdown/{kernel}", headers=headers).status_code == 204
        static = requests.get(hub + portal.app.assets.page_url("portal.css"), timeout=30)
        assert static.headers["Cache-Control"].endswith("immutable")
    finally:
        portal.stop()
