"""A trainer's JupyterLab as a process on the Hub's machine, opened at the welcome notebook.

Each trainer has a folder of their own under ``homes``, which the server fills itself (`lab_server`). Set ``run_as``
where the Hub runs as root: the servers then run as that account of the machine, which can read neither the records nor
the Hub's secrets. Without it they run as the Hub does, and a trainer can read what the Hub can: enough where the
trainers are those who run the machine.
"""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyterhub.spawner import LocalProcessSpawner, set_user_setuid
from traitlets import Unicode, default

from ..lab_folder import WELCOME
from .authenticator import TRAINERS

__all__ = ["TrainerSpawner", "hand_over"]


class NotATrainer(Exception):
    """Only trainers have a server."""

    jupyterhub_message = (
        "Chỉ giảng viên có JupyterLab. Anh/chị học và làm bài ở cổng học tập, không cần mở máy chủ riêng."
    )


def hand_over(home: Path, account: str) -> None:
    """Make a folder, and what the Hub's own account put there, the property of an account of the machine.

    A folder that is theirs already is left alone, and links are not followed: this may run as root, and whoever has a
    shell in the folder chooses where its links lead.
    """
    owner = pwd.getpwnam(account)
    if home.stat().st_uid == owner.pw_uid:
        return
    for _place, folders, files, handle in os.fwalk(home, topdown=False):
        for name in (*folders, *files):
            os.chown(name, owner.pw_uid, owner.pw_gid, dir_fd=handle, follow_symlinks=False)
    os.chown(home, owner.pw_uid, owner.pw_gid)


class TrainerSpawner(LocalProcessSpawner):
    """JupyterLab for members of the group of trainers; nobody needs an account of the machine."""

    homes = Unicode("hub-homes", help="the folder that holds a folder for each trainer").tag(config=True)
    run_as = Unicode("", help="the machine's account that servers run as; empty: the Hub's own").tag(
        config=True
    )

    @default("default_url")
    def _at_the_welcome_notebook(self) -> str:
        return f"/lab/tree/{WELCOME}"

    @default("cmd")
    def _by_this_python(self) -> list[str]:
        return [sys.executable, "-m", f"{__package__}.lab_server"]

    @property
    def home(self) -> Path:
        """The trainer's folder. The name is escaped as the Hub escapes it for addresses, so it is one folder's name."""
        return Path(self.homes).absolute() / str(self.user.escaped_name)

    async def start(self) -> Any:
        """Make the trainer's folder and start the server in it."""
        if TRAINERS not in {group.name for group in self.user.groups}:
            raise NotATrainer(self.user.name)
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.run_as:
            hand_over(self.home, self.run_as)
        return await super().start()

    def make_preexec_fn(self, name: str) -> Callable[[], None]:
        """In the new process, before the server: become who it runs as, and go to the folder."""
        become = set_user_setuid(self.run_as, chdir=False) if self.run_as else None
        home = self.home

        def before() -> None:
            os.umask(0o077)
            if become is not None:
                become()
            os.chdir(home)

        return before

    def user_env(self, env: dict[str, str]) -> dict[str, str]:
        """The account and folder the process has, not those of a machine's user of that name."""
        env["USER"] = self.run_as or pwd.getpwuid(os.getuid()).pw_name
        env["HOME"] = str(self.home)
        env["SHELL"] = "/bin/bash"
        # nbgrader calls `alembic` by name.
        env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
        return env

    def move_certs(self, paths: Any) -> Any:
        """Nothing to hand over: servers speak to the Hub on this machine."""
        return paths
