"""Lesson processes: what they are given, whom they run as, and which messages reach them.

A lesson's kernel runs course content, never an officer's code: the browser may send it comm and info messages only.
Still it is held apart. It gets a short environment of its own (nothing inherited: no secrets, no data folder, no
database URL), the released folder as its working directory and, where the portal runs as root and ``lesson_user`` is
set, another user of the operating system, for whom the rest of the data folder is closed.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager, ServerKernelManager

from .errors import CannotServe

AT_ONCE = 4
ALLOWED_MESSAGES = ["comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request"]


@dataclass(frozen=True)
class LessonUser:
    """The operating system's user that lesson processes run as."""

    uid: int
    gid: int

    @classmethod
    def named(cls, name: str) -> LessonUser:
        """Raises ``CannotServe`` if there is no such user, this process may not become it, or it may not
        run our Python: better said at the start than at every lesson."""
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            raise CannotServe(f"lesson_user: máy này không có người dùng “{name}”.") from None
        if os.geteuid() != 0:
            raise CannotServe("lesson_user: chỉ dùng được khi máy chủ chạy bằng quyền root.")
        user = cls(entry.pw_uid, entry.pw_gid)
        try:
            subprocess.run(
                [sys.executable, "-c", "import ipykernel"], check=True, **user.as_popen(), timeout=60
            )
        except (OSError, subprocess.SubprocessError):
            raise CannotServe(
                f"lesson_user: người dùng “{name}” không chạy được {sys.executable}; hãy cấp quyền đọc thư mục đó."
            ) from None
        return user

    def as_popen(self) -> dict[str, Any]:
        """Arguments of ``Popen`` that start a process as this user, with no other group of ours."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


class LessonKernelManager(ServerKernelManager):
    """Starts one lesson process. Not restarted when it dies: its widgets would be gone, so the page says so."""

    # Ports are chosen before they are bound, and under load two kernels get the same one; a socket file has its name.
    transport = "ipc" if os.name == "posix" else "tcp"
    autorestart = False
    lesson_user: LessonUser | None = None

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kwargs: Any) -> None:
        if self.lesson_user is not None:
            os.chown(self.connection_file, self.lesson_user.uid, self.lesson_user.gid)
            kwargs |= self.lesson_user.as_popen()
        await super()._async_launch_kernel(kernel_cmd, **kwargs)


class LessonKernels(AsyncMappingKernelManager):
    """All lesson processes of this portal."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kernel_manager_class = f"{__name__}.LessonKernelManager"
        self.allow_tracebacks = False
        self.buffer_offline_messages = False
        self._starting = asyncio.Semaphore(AT_ONCE)

    def confine(self, user: LessonUser | None) -> None:
        """Choose the user for processes started from now on, and make the folders they need."""
        LessonKernelManager.lesson_user = user
        self.allowed_message_types = list(ALLOWED_MESSAGES)
        home = self.home
        home.mkdir(mode=0o700, exist_ok=True)
        if user is not None:
            for place in (Path(self.connection_dir), home):
                os.chown(place, user.uid, user.gid)

    @property
    def home(self) -> Path:
        """The home folder of lesson processes; it lives as long as the portal."""
        return Path(self.connection_dir) / "home"

    async def start(self, folder: Path, kernel_id: str) -> None:
        """Start a process on a released folder under this id."""
        environment = lesson_environment(folder, self.home, os.environ)
        # A process takes a second of a core to start: a hundred asked for at once start one after the other.
        async with self._starting:
            await self.start_kernel(
                kernel_id=kernel_id, kernel_name="python3", cwd=str(folder), env=environment
            )

    async def stop(self, kernel_id: str) -> None:
        """End a process now. One that is gone already is no error."""
        if kernel_id in self:
            await ensure_async(self.shutdown_kernel(kernel_id, now=True))

    def connections(self, kernel_id: str) -> int:
        """How many pages are connected to it."""
        return int(self._kernel_connections.get(kernel_id, 0))

    def last_activity(self, kernel_id: str) -> datetime | None:
        """When it last had anything to do; None if it is gone."""
        if kernel_id not in self:
            return None
        kernel: ServerKernelManager = self.get_kernel(kernel_id)  # type: ignore[assignment]  # what we make
        seen: datetime = kernel.last_activity
        return seen


def lesson_environment(folder: Path, home: Path, ours: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a lesson process on a released folder."""
    programs = os.pathsep.join([str(Path(sys.executable).parent), ours.get("PATH", os.defpath)])
    environment = {
        "PATH": programs,
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_RUNTIME_DIR": str(home),
        "PYTHONDONTWRITEBYTECODE": "1",
        # One lesson must not take every core.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "ISOXA_PORTAL": "1",
        "ISOXA_RELEASE_DIR": str(folder),
    }
    for needed in ("SYSTEMROOT", "TZ"):
        if needed in ours:
            environment[needed] = ours[needed]
    return environment
