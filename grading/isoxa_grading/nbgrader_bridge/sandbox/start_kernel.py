"""What nbgrader starts as "the kernel": puts a connection file's name into a prepared cage and becomes that cage.

Run as a script, by path, so that it costs no import of the platform: ``start_kernel.py CAGE.json CONNECTION_FILE``.
CAGE.json holds ``argv`` (the cage's command line, in which ``{plan}`` stands for the plan of ``enter.py``), ``plan``
and ``take_as``. The folder that nbgrader wants the kernel to work in is the current one; the cage is given its files,
not the folder itself, so that nothing the learner's code writes lies where nbgrader writes afterwards.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any


def main(cage_file: str, connection_file: str) -> None:
    """Become the cage."""
    cage: dict[str, Any] = json.loads(Path(cage_file).read_text(encoding="utf-8"))
    plan: dict[str, Any] = cage["plan"]
    here = str(Path.cwd())
    if plan["user"] is not None:
        os.chown(connection_file, plan["user"], plan["user"])
    if plan["take"]:
        plan["take"] = cage["take_as"] or here
    plan["command"] = [part.replace("{connection_file}", connection_file) for part in plan["command"]]
    text = json.dumps(plan)
    argv = [part.replace("{here}", here) if part != "{plan}" else text for part in cage["argv"]]
    os.execvp(argv[0], argv)  # noqa: S606 - no shell; the command line is the platform's own


if __name__ == "__main__":
    main(*sys.argv[1:3])
