"""The first program inside a cage: gives up every privilege, sets limits, then becomes the learner's kernel.

Its text is passed to ``python -c`` with one JSON argument, so it needs nothing but the standard library and no file
of the platform inside the cage. Order matters: what needs privilege (covering folders, taking the submission's own
files into the work folder) comes first, then user and group are given up for good, then limits that nobody can raise.

The argument: ``cover`` (folders to hide under an empty one), ``work`` (the folder to work in), ``work_size`` (bytes;
mounts it in memory, 0 if it is already there), ``take`` (a folder whose files are copied into it, or null), ``user``
(uid and gid to become, null to stay), ``limits`` (name → value of RLIMIT_*), ``environment``, ``command``.
"""

import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

PR_SET_NO_NEW_PRIVS = 38


def enter(plan: dict[str, Any]) -> None:
    """Follow the plan; does not return."""
    for folder in plan["cover"]:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,mode=755", "tmpfs", folder], check=True)
    work = Path(plan["work"])
    if plan["work_size"]:
        size = f"size={plan['work_size']},mode=700"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(work)], check=True)
    _take(Path(plan["take"]) if plan["take"] else None, work)
    os.chdir(work)
    user = plan["user"]
    if user is not None:
        for place in (work, *work.rglob("*")):
            os.chown(place, user, user, follow_symlinks=False)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    if ctypes.CDLL(None).prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError("prctl(PR_SET_NO_NEW_PRIVS)")
    for name, value in plan["limits"].items():
        resource.setrlimit(getattr(resource, name), (value, value))
    os.execvpe(plan["command"][0], plan["command"], plan["environment"])  # noqa: S606 - the kernel, without a shell


def _take(origin: Path | None, work: Path) -> None:
    if origin is None:
        return
    shutil.copytree(origin, work, copy_function=shutil.copyfile, dirs_exist_ok=True)


if __name__ == "__main__":
    enter(json.loads(sys.argv[1]))
