"""How a Jupyter server starts the portal: ``/isoxa/`` below its own address, through jupyter-server-proxy.

An entry point of the group ``jupyter_serverproxy_servers`` names `workshop_server`, so the link of a Binder
(``?urlpath=isoxa/``) opens the course, and JupyterLab's launcher has a button for it. Under BinderHub the prefix is
another one for everybody. The portal is told it for the links it writes; the proxy takes it away from what is asked
(``absolute_url`` False): passed on, one with a per cent sign in it would be escaped twice.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

__all__ = ["workshop_server"]

_SECONDS = 120


def workshop_server() -> dict[str, Any]:
    """What jupyter-server-proxy asks for; ``{port}`` and ``{base_url}`` are its own to fill in."""
    # Not resolved: an environment's Python is a link, and its programs lie beside the link.
    programs = str(Path(sys.executable).parent)
    return {
        "command": [
            *(sys.executable, "-m", "isoxa_portal.cli", "serve", "--workshop", "--no-browser"),
            *("--ip", "127.0.0.1", "--port", "{port}", "--base-url", "{base_url}isoxa/"),
        ],
        "environment": {
            "ISOXA_DATA": os.environ.get("ISOXA_DATA") or str(Path.home() / "isoxa-data"),
            # nbgrader calls `alembic` by name.
            "PATH": os.pathsep.join([programs, os.environ.get("PATH", os.defpath)]),
        },
        "absolute_url": False,
        "timeout": _SECONDS,
        "new_browser_tab": False,
        "launcher_entry": {
            "title": "ISO xã: lớp tập huấn",
            "icon_path": str(Path(__file__).parent.parent / "static" / "logo.svg"),
            "path_info": "isoxa/",
        },
    }
