"""A Hub for one data folder, set up: accounts, portal, trainers' servers, who may do what.

``jupyterhub_config.py`` calls `configure`; whatever it sets afterwards counts. The Hub's own files stand in
``DATA/hub`` (0700): its database and its secrets. ``DATA/hub-homes`` holds a folder for each trainer (0700), where
another account of the machine can get to its own.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from isoxa_grading.records.data_folder import DataFolder

__all__ = ["SERVICE", "configure", "load_roles"]

SERVICE = "isoxa"
TEMPLATES = Path(__file__).parent / "templates"
TRAINERS = "giang-vien"


def load_roles(service: str = SERVICE) -> list[dict[str, Any]]:
    """Everybody may use the portal and nothing of the Hub's; trainers also have a server.

    The Hub's standard role for users (``self``) lets everybody start a server; what stands in its place lets the portal
    be told who they are.
    """
    portal = f"access:services!service={service}"
    known = ["read:users:name!user", "read:users:groups!user"]
    return [
        {"name": "user", "description": "Vào cổng học tập", "scopes": [portal, *known]},
        {
            "name": TRAINERS,
            "description": "Có JupyterLab của mình",
            "scopes": ["self", portal],
            "groups": [TRAINERS],
        },
    ]


def configure(c: Any, data: Path | str, *, portal_port: int = 8866, proxy: Path | None = None) -> None:
    """Set up ``c`` (JupyterHub's configuration object) for the data folder ``data``.

    ``portal_port``: where the portal listens on this machine; ``proxy``: the program configurable-http-proxy, where it
    is not on PATH. Raises ``DataFolderError`` where ``data`` is no data folder of isoxa's.
    """
    folder = DataFolder(data)
    settings = folder.settings
    place = folder.path / "hub"
    place.mkdir(mode=0o700, exist_ok=True)

    c.JupyterHub.authenticator_class = "isoxa_portal.hub.authenticator.IsoxaAuthenticator"
    c.IsoxaAuthenticator.data = str(folder.path)
    c.IsoxaAuthenticator.portal_path = f"services/{SERVICE}/"
    c.JupyterHub.load_roles = load_roles()
    c.JupyterHub.template_paths = [str(TEMPLATES)]
    # The first page after signing in: everybody's is the portal's.
    c.JupyterHub.default_url = f"/services/{SERVICE}/"
    c.JupyterHub.cookie_max_age_days = settings.session_hours / 24

    c.JupyterHub.spawner_class = "isoxa_portal.hub.spawner.TrainerSpawner"
    c.TrainerSpawner.homes = str(folder.path / "hub-homes")
    c.Spawner.http_timeout = 60

    c.JupyterHub.db_url = f"sqlite:///{place / 'jupyterhub.sqlite'}"
    c.JupyterHub.cookie_secret_file = str(place / "cookie_secret")
    c.JupyterHub.services = [
        {
            "name": SERVICE,
            "url": f"http://127.0.0.1:{portal_port}",
            "command": [
                *(sys.executable, "-c", "from isoxa_portal.cli import main; main()"),
                *("serve", "--hub", "--no-browser", "--data", str(folder.path)),
            ],
            # The portal is the Hub's own front room: nobody need be asked whether it may know their name.
            "oauth_no_confirm": True,
            # A busy or old machine may need a minute to start it; a Hub whose service is not up in time stops.
            "timeout": 180,
        }
    ]
    c.ConfigurableHTTPProxy.pid_file = str(place / "proxy.pid")
    if proxy is not None:
        c.ConfigurableHTTPProxy.command = [str(proxy)]
