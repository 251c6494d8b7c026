"""A trainer's server on the Hub's machine: puts into the folder it is started in what is missing, then is jupyterhub's
own server for one user.

It does so itself, as the account it runs as. The Hub, which may run as root, writes nothing there: the folder is the
trainer's, who can put a link in it to anybody's file.
"""

from __future__ import annotations

from pathlib import Path

from jupyterhub.singleuser import main as serve

from ..lab_folder import fill_home

__all__ = ["main"]


def main() -> None:
    """Serve until the Hub ends it."""
    fill_home(Path.cwd())
    serve()


if __name__ == "__main__":
    main()
