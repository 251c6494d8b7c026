"""The real server as a process on a copy of the demo, at "/" or behind a real jupyter-server-proxy.

A portal that is stopped must take every process of its lessons with it: ``Portal.stop`` says so if it does not.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
from isoxa_grading.records.data_folder import DataFolder
from sqlalchemy import Engine

PROGRAMS = Path(sys.executable).parent
# A laptop with two cores and other things to do.
PATIENCE = 120.0
_LESSON_PROCESSES = ("ipykernel_launcher", "notebook_sessions.worker")


def until(check: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait for something that only a look can tell."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, f"still waiting for: {what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """A running portal. ``url`` is its address with a slash at its end; ``{port}`` in ``base`` becomes its port."""

    def __init__(self, folder: Path, *, base: str = "/") -> None:
        self.data = DataFolder(folder)
        port = free_port()
        self._command = [
            *(str(PROGRAMS / "isoxa"), "serve", "--data", str(folder), "--no-browser"),
            *("--port", str(port), "--base-url", base.format(port=port)),
        ]
        self.start()

    def start(self) -> None:
        """Run it, after `stop` at the same address."""
        self.engine: Engine = self.data.engine()
        self.said: list[str] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=_environment()
        )
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()
        if not self._ready.wait(PATIENCE) or self._process.poll() is not None:
            self._process.kill()
            raise AssertionError("the portal did not start:\n" + "".join(self.said))

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.said.append(line)
            found = re.search(r"http://\S+", line)
            if found and not self._ready.is_set():
                self.url = found[0]
                self._ready.set()
        self._ready.set()

    def lesson_processes(self) -> list[psutil.Process]:
        """The workers and kernels that run now."""
        server = psutil.Process(self._process.pid)
        found = []
        for process in server.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(part.startswith(_LESSON_PROCESSES) for part in process.cmdline()):
                    found.append(process)
        return found

    def stop(self) -> None:
        """End it as Ctrl+C does; nothing it started may stay."""
        below = psutil.Process(self._process.pid).children(recursive=True)
        self._process.send_signal(signal.SIGINT)
        try:
            code = self._process.wait(PATIENCE)
        finally:
            self._process.kill()
        self._reader.join(10)
        if self._process.stderr is not None:
            self._process.stderr.close()
        self.engine.dispose()
        _gone, alive = psutil.wait_procs(below, timeout=10)
        for process in alive:
            process.kill()
        said = "".join(self.said)
        assert code == 0, said
        assert "Traceback" not in said, said
        assert not alive, f"these outlived the portal: {alive}"


@contextlib.contextmanager
def proxy(home: Path) -> Iterator[str]:
    """A Jupyter server below /lop/ with jupyter-server-proxy and no login of its own; gives its address."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
        *(f"--port={port}", "--ServerApp.base_url=/lop/", f"--ServerApp.root_dir={home}"),
        *("--IdentityProvider.token=", "--PasswordIdentityProvider.hashed_password="),
        "--ServerApp.jpserver_extensions={'jupyter_server_proxy': True, 'jupyterlab': False, 'nbgrader': False}",
    ]
    environment = {**_environment(), "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home)}
    process = subprocess.Popen(
        command, cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/lop/"

    def answers() -> bool:
        assert process.poll() is None, "the Jupyter server ended"
        try:
            with urllib.request.urlopen(f"{url}api", timeout=5) as reply:
                return bool(reply.status == 200)
        except OSError:
            return False

    try:
        until(answers, "the Jupyter server")
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _environment() -> dict[str, str]:
    """What a process started by hand would have."""
    kept = {
        name: os.environ[name]
        for name in ("HOME", "LANG", "PYTHONPATH", "TMPDIR", "TZ")
        if name in os.environ
    }
    return {**kept, "PATH": os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", os.defpath)])}
