"""The cages this machine can build, strongest first, and the proof by trial that they hold.

``bubblewrap``  a view of the file system with only Python and the system's libraries in it (read-only), one folder in
                memory to write to, its own processes, no network. Works as an ordinary user where the system allows
                user namespaces, and as root always.
``unshare``     root only: the machine's files stay in view but belong to others; its own user, processes, no network;
                the data folder covered.
``limits``      resource limits and, as root, a user of its own. The network stays open, and without root the files do
                too: never chosen unless ``isoxa.toml`` says so.

A cage is offered only after a trial in it (``holds``) started Python, could not read a private file of ours and could
not reach a port of ours.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .limits import Limits

WORK = Path("/bai-lam")
"""Where learner's code finds itself inside bubblewrap."""
TAKEN = Path("/nop")
"""Where bubblewrap shows the submission's own files, read-only."""
KINDS = ("bubblewrap", "unshare", "limits")
_ENTER = (Path(__file__).with_name("enter.py")).read_text(encoding="utf-8")
_OWN_PACKAGES = ("isoxa_courses", "isoxa_grading", "isoxa_widgets", "isoxa_portal")
_FIRST_USER = 2_000_000_000
_NOBODY = 65534


@dataclass(frozen=True)
class Cage:
    """One kind of cage, for one run: ``scratch`` is the run's folder, ``meeting`` where kernel and nbgrader meet."""

    kind: str
    scratch: Path
    meeting: Path
    limits: Limits
    user: int | None
    hidden: tuple[Path, ...] = ()

    def command(self, command: Sequence[str], *, take: bool = True) -> dict[str, Any]:
        """What ``start_kernel.py`` needs to run ``command`` in the cage; ``take``: with the current folder's files."""
        bubblewrap = self.kind == "bubblewrap"
        work = WORK if bubblewrap else self.scratch / "work"
        plan = {
            "cover": [str(place) for place in self.hidden] if self.kind == "unshare" else [],
            "work": str(work),
            "work_size": self.limits.disk if self.kind == "unshare" else 0,
            "take": str(TAKEN) if take else None,
            "user": self.user,
            "limits": self._resource_limits(),
            "environment": self._environment(work),
            "command": list(command),
        }
        inner = [sys.executable, "-I", "-S", "-c", _ENTER, "{plan}"]
        return {
            "argv": [*self._outer(take), *inner],
            "plan": plan,
            "files": str(self.scratch / "files"),
            "take_as": str(TAKEN) if bubblewrap else None,
        }

    def _outer(self, take: bool) -> list[str]:
        if self.kind == "bubblewrap":
            return _bubblewrap(self, take)
        if self.kind == "unshare":
            return ["unshare", "--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child",
                    "--mount-proc", "--"]  # fmt: skip
        return []

    def _resource_limits(self) -> dict[str, int]:
        return {
            "RLIMIT_AS": self.limits.address_space,
            "RLIMIT_CPU": self.limits.seconds,
            "RLIMIT_FSIZE": self.limits.file_size,
            "RLIMIT_NOFILE": 256,
            "RLIMIT_CORE": 0,
            "RLIMIT_NPROC": self.limits.threads + self._counted_already(),
        }

    def _counted_already(self) -> int:
        """Threads of our own user that RLIMIT_NPROC counts too: none for a user of its own, and none in a user
        namespace since Linux 5.14."""
        new = tuple(int(part) for part in platform.release().split("-")[0].split(".")[:2]) >= (5, 14)
        if self.user is not None or (self.kind == "bubblewrap" and new):
            return 0
        mine = os.getuid()
        return sum(
            len(list((place / "task").iterdir()))
            for place in Path("/proc").glob("[0-9]*")
            if place.exists() and place.stat().st_uid == mine
        )

    def _environment(self, work: Path) -> dict[str, str]:
        return {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(work),
            "TMPDIR": str(work),
            "LANG": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONNOUSERSITE": "1",
            "IPYTHONDIR": str(work / ".ipython"),
            "MPLCONFIGDIR": str(work / ".matplotlib"),
            "NBGRADER_EXECUTION": "autograde",
            # One thread a library: address space and process limits are for the learner's code.
            "MALLOC_ARENA_MAX": "2",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }


def _bubblewrap(cage: Cage, take: bool) -> list[str]:
    argv = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
            "--die-with-parent", "--new-session", "--clearenv", "--hostname", "bai-lam"]  # fmt: skip
    if cage.user is None:
        argv += ["--unshare-user", "--disable-userns", "--cap-drop", "ALL"]
    visible = _visible()
    # Before what is shown: an installation may itself lie below /tmp.
    argv += ["--perms", "1777", "--size", str(cage.limits.disk), "--tmpfs", "/tmp"]  # noqa: S108
    # Folders on the way are made by bubblewrap for their maker alone; another user must pass through.
    for place in sorted(
        {folder for shown in (*visible, cage.meeting) for folder in shown.parents} - {Path("/"), Path("/tmp")}  # noqa: S108
    ):
        argv += ["--perms", "0755", "--dir", str(place)]
    for place in visible:
        argv += (
            ["--symlink", str(place.readlink()), str(place)]
            if place.is_symlink()
            else ["--ro-bind", *2 * [str(place)]]
        )
    for place in cage.hidden:
        if any(place.is_relative_to(shown) for shown in visible):
            argv += ["--tmpfs", str(place)]
    argv += ["--proc", "/proc", "--dev", "/dev"]
    argv += ["--perms", "0700", "--size", str(cage.limits.disk), "--tmpfs", str(WORK)]
    argv += [*_ways_to(cage.meeting), "--bind", str(cage.meeting), str(cage.meeting)]
    if take:
        argv += ["--ro-bind", "{files}", str(TAKEN)]
    return [*argv, "--chdir", str(WORK), "--remount-ro", "/", "--"]


def _ways_to(*places: Path) -> list[str]:
    """Folders on the way are made by bubblewrap for their maker alone; another user must pass through."""
    ways = sorted({folder for place in places for folder in place.parents} - {Path("/"), Path("/tmp")})  # noqa: S108
    return [part for way in ways for part in ("--perms", "0755", "--dir", str(way))]


def _visible() -> list[Path]:
    """The system's programs and libraries, and this Python: all that a kernel needs to start."""
    system = [Path(name) for name in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache",
                                      "/etc/alternatives", "/etc/localtime", "/etc/fonts")]  # fmt: skip
    places = [place for place in system if place.exists()]
    for place in (Path(sys.base_prefix).resolve(), Path(sys.prefix)):
        if not any(place.is_relative_to(seen) for seen in places):
            places.append(place)
    return places


def own_packages() -> list[Path]:
    """Where the platform's own packages lie: course content travels in them, keys included."""
    found: dict[Path, None] = {}
    for name in _OWN_PACKAGES:
        spec = find_spec(name)
        if spec and spec.submodule_search_locations:
            found |= dict.fromkeys(Path(place) for place in spec.submodule_search_locations)
        # An editable installation has the content a second time, beside the other packages.
        beside = (Path(entry) / name for entry in sys.path if entry)
        found |= dict.fromkeys(place for place in beside if place.is_dir())
    return list(found)


def build_cage(kind: str, scratch: Path, limits: Limits, hidden: Sequence[Path] = ()) -> Cage:
    """A cage of that kind around a new scratch folder; makes the folders it needs in it."""
    root = os.geteuid() == 0
    user = _user_for(scratch) if root else None
    meeting, work = scratch / "meet", scratch / "work"
    for place in (meeting, work):
        place.mkdir(mode=0o700, exist_ok=True)
        if user is not None:
            os.chown(place, user, user)
    # Others may pass through to the two folders that are theirs, and list nothing.
    scratch.chmod(0o711)
    return Cage(kind, scratch, meeting, limits, user, (*hidden, *own_packages()))


def _user_for(scratch: Path) -> int:
    """A user id that nobody has, one a run; 65534 (nobody) where the machine maps only low ids."""
    candidate = _FIRST_USER + scratch.stat().st_ino % 100_000_000
    for row in Path("/proc/self/uid_map").read_text().splitlines():
        first, _outside, count = map(int, row.split())
        if first <= candidate < first + count:
            return candidate
    return _NOBODY


def is_own_user(user: int | None) -> bool:
    """Whether a run's user is nobody else's, so that all its processes are the run's."""
    return user is not None and user >= _FIRST_USER


@lru_cache(maxsize=1)
def available() -> tuple[str, ...]:
    """The kinds of cage that hold on this machine, strongest first; tried once a process."""
    return tuple(kind for kind in KINDS[:2] if holds(kind))


def holds(kind: str) -> bool:
    """Try a cage: Python must start in it, a private file of ours stay unreadable, a port of ours unreachable."""
    program = {"bubblewrap": "bwrap", "unshare": "unshare"}[kind]
    if shutil.which(program) is None or (kind == "unshare" and os.geteuid() != 0):
        return False
    with tempfile.TemporaryDirectory(prefix="isoxa-thu-") as folder, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        private = Path(folder) / "private"
        private.write_text("x")
        private.chmod(0o600)
        cage = build_cage(kind, Path(folder), Limits())
        trial = _TRIAL.format(private=str(private), port=listener.getsockname()[1])
        made = cage.command([sys.executable, "-c", trial], take=False)
        plan = json.dumps(made["plan"])
        argv = [plan if part == "{plan}" else part for part in made["argv"]]
        try:
            done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
        except subprocess.TimeoutExpired:
            return False
    return done.returncode == 0 and done.stdout.strip() == "held"


_TRIAL = """
import ipykernel, resource, socket
assert resource.getrlimit(resource.RLIMIT_NPROC)[1] < 100000
try:
    open({private!r}).read()
except OSError:
    pass
else:
    raise SystemExit("reads private files")
try:
    socket.create_connection(("127.0.0.1", {port}), timeout=2)
except OSError:
    print("held")
"""
