"""The three servers, each as a process of its own, with nothing of the caller's settings.

Stock Voilà and Solara run without ``ISOXA_PORTAL``: a widget then brings its whole module along, for there is no
portal to fetch it from, and keeps its state in its kernel. The portal's widgets bring a short loader. All three read
the same released edition (``ISOXA_RELEASE_DIR``).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from .visit import HOST, Site

COURSE = "iso-9001-cap-xa"
SOLARA = "solara==1.64.1"
# What Solara's page fetches from a network else; without it the page cannot be shown here.
SOLARA_ASSETS = "solara-assets"
# Solara's front end for the next version of Vuetify is newer than the one among its assets; this one is there.
SOLARA_VUETIFY = "ipyvuetify<2"
_START_SECONDS = 120
_INSTALL_SECONDS = 150


class Unavailable(RuntimeError):
    """This server cannot be had here; ``str()`` says why."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Server:
    """A server that runs, and its lesson. ``log`` is what it said."""

    def __init__(self, command: Sequence[str], site: Site, home: Path, more: Mapping[str, str]) -> None:
        self.site, self._command = site, command
        home.mkdir(exist_ok=True)
        self.log = home / "said.txt"
        environment = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "TMPDIR": str(home),
            "PYTHONDONTWRITEBYTECODE": "1",
            **more,
        }
        with self.log.open("wb") as said:
            self._process = subprocess.Popen(
                command, stdout=said, stderr=said, env=environment, cwd=home, start_new_session=True
            )
        self.pid = self._process.pid

    def __enter__(self) -> Self:
        """Wait until it answers. Raises `Unavailable`."""
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with socket.create_connection((HOST, self.site.port), 1):
                    return self
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise Unavailable(f"{Path(self._command[0]).name}: {self.log.read_text(errors='replace')[-500:]}")

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it and what it started."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def stock(released: Path, lesson: str, scratch: Path) -> Server:
    """``voila`` on the released notebooks, as it comes; nobody needs to sign in."""
    port = free_port()
    voila = str(Path(sys.executable).with_name("voila"))
    command = [voila, str(released / "lessons"), "--no-browser", f"--port={port}", f"--Voila.ip={HOST}"]
    site = Site(port, f"/voila/render/{lesson}.ipynb", "/voila/api/shutdown/{kernel}")
    return Server(command, site, scratch / "stock", {"ISOXA_RELEASE_DIR": str(released)})


def ours(data: Path, lesson: str, scratch: Path) -> Server:
    """``isoxa serve``."""
    port = free_port()
    isoxa = str(Path(sys.executable).with_name("isoxa"))
    command = [isoxa, "serve", "--data", str(data), "--port", str(port), "--no-browser"]
    site = Site(port, f"/khoa-hoc/{COURSE}/bai/{lesson}", "/voila/api/shutdown/{kernel}")
    return Server(command, site, scratch / "ours", {})


def solara(released: Path, lesson: str, scratch: Path) -> Server:
    """Solara with its production settings on ``solara_app``, in an environment of its own. Raises `Unavailable`."""
    python = install_solara(scratch / "solara_environment")
    port = free_port()
    folder = scratch / "solara_app"
    folder.mkdir(exist_ok=True)
    shutil.copy(Path(__file__).with_name("solara_app.py"), folder / "app.py")
    command = [
        str(python.with_name("solara")), "run", str(folder / "app.py"), "--production", "--no-open",
        "--host", HOST, "--port", str(port),
    ]  # fmt: skip
    site = Site(port, "/", "/_solara/api/close/{kernel}?session_id={page}", "solara")
    more = {
        "ISOXA_RELEASE_DIR": str(released),
        "ISOXA_LESSON": str(released / "lessons" / f"{lesson}.ipynb"),
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
        # Where anywidget's and ipywidgets' browser modules are: installed beside, not in its own environment.
        "JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter"),
        "JUPYTER_CONFIG_PATH": str(Path(sys.prefix) / "etc" / "jupyter"),
    }
    return Server(command, site, scratch / "solara", more)


def install_solara(place: Path) -> Path:
    """Python of a new environment with Solara, which sees our packages too. Raises `Unavailable`."""
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    python = place / "bin" / "python"
    try:
        subprocess.run(
            [sys.executable, "-m", "venv", str(place)], check=True, capture_output=True, timeout=60
        )
        (packages,) = place.glob("lib/python*/site-packages")
        (packages / "beside.pth").write_text(f"import site; site.addsitedir({ours!r})\n")
        install = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
        ]
        subprocess.run(
            [*install, SOLARA, SOLARA_ASSETS, SOLARA_VUETIFY],
            check=True,
            capture_output=True,
            timeout=_INSTALL_SECONDS,
        )
    except subprocess.CalledProcessError as problem:
        said = problem.stderr.decode(errors="replace").strip().splitlines() or ["?"]
        raise Unavailable(f"{SOLARA} could not be installed: {said[-1][:200]}") from problem
    except subprocess.TimeoutExpired as problem:
        raise Unavailable(f"{SOLARA} was not installed within {problem.timeout:.0f} s") from problem
    return python
