"""What nbgrader starts as "the kernel": puts a connection file's name into a prepared cage and becomes that cage.

Run as a script, by path, so that it costs no import of the platform: ``start_kernel.py CAGE.json CONNECTION_FILE``.
CAGE.json holds ``argv`` (the cage's command line, in which ``{plan}`` stands for the plan of ``enter.py``), ``plan``,
``files`` (a folder to make) and ``take_as`` (its name in the cage). The folder that nbgrader wants the kernel to work
in is the current one; the cage is given a copy of its files, not the folder itself, so that nothing the learner's code
writes lies where nbgrader writes afterwards.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any


def main(cage_file: str, connection_file: str) -> None:
    """Become the cage."""
    cage: dict[str, Any] = json.loads(Path(cage_file).read_text(encoding="utf-8"))
    plan: dict[str, Any] = cage["plan"]
    files = Path(cage["files"])
    if plan["user"] is not None:
        os.chown(connection_file, plan["user"], plan["user"])
    if plan["take"]:
        _copy_files(Path.cwd(), files)
        plan["take"] = cage["take_as"] or str(files)
    plan["command"] = [part.replace("{connection_file}", connection_file) for part in plan["command"]]
    text = json.dumps(plan)
    argv = [part.replace("{files}", str(files)) if part != "{plan}" else text for part in cage["argv"]]
    # The first process of a cage can be looked at from inside, its environment too: it gets none but the path.
    os.execvpe(argv[0], argv, {"PATH": os.environ["PATH"]})  # noqa: S606 - no shell; the platform's own command line


def _copy_files(origin: Path, target: Path) -> None:
    """Everything but notebooks, which hold the tests; and no symbolic links, which could name anything."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for folder, _subfolders, names in os.walk(origin):
        to = target / Path(folder).relative_to(origin)
        to.mkdir(exist_ok=True)
        for name in names:
            file = Path(folder) / name
            if file.suffix != ".ipynb" and file.is_file() and not file.is_symlink():
                shutil.copyfile(file, to / name)


if __name__ == "__main__":
    main(*sys.argv[1:3])
