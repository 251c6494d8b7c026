"""isoxa's commands in a trainer's notebook: what one says appears below the cell, and a failure stops the cell."""

from __future__ import annotations

import os
import subprocess
import sys

__all__ = ["CommandFailed", "isoxa"]


class CommandFailed(RuntimeError):
    """A command ended with an error; what it said stands above."""


def isoxa(*words: object) -> None:
    """Run ``isoxa WORDS…`` as in a terminal. Raises `CommandFailed`."""
    arguments = [str(word) for word in words]
    # Output that nobody colours, wraps or guesses the encoding of.
    plain = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from isoxa_portal.cli import main; main()", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **plain},
        check=False,
    )
    print(done.stdout.strip())
    if done.returncode:
        raise CommandFailed(
            f"Lệnh “isoxa {' '.join(arguments)}” chưa xong (mã {done.returncode}). "
            "Lý do ghi ở trên; sửa rồi chạy lại ô này."
        )
