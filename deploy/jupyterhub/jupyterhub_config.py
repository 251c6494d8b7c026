"""A JupyterHub on one machine for a training centre: `jupyterhub -f deploy/jupyterhub/jupyterhub_config.py`.

ISOXA_DATA names the data folder. Everything else has a default; docs/administrators/hub.md says what to set when.
"""

import os
from pathlib import Path

from isoxa_portal.hub.configuration import configure

c = get_config()  # noqa: F821  # JupyterHub puts it there

here = Path(__file__).resolve().parent
proxy = here / "node_modules" / ".bin" / "configurable-http-proxy"

configure(
    c,
    os.environ.get("ISOXA_DATA", "isoxa-data"),
    portal_port=int(os.environ.get("ISOXA_PORTAL_PORT", "8866")),
    proxy=proxy if proxy.exists() else None,
)

# Where people come in. Behind a web server that ends HTTPS: 127.0.0.1, and `cookie_secure = true` in isoxa.toml.
c.JupyterHub.bind_url = os.environ.get("ISOXA_HUB_URL", "http://127.0.0.1:8000")

# The machine's account that trainers' servers run as, where the Hub runs as root.
c.TrainerSpawner.run_as = os.environ.get("ISOXA_HUB_TRAINER_USER", "")
