"""Which Chromium the tests drive, and with what flags.

Debian's headless shell comes first: the same engine without a browser's windows, tabs and services around it, which
no test looks at. It is what Playwright itself takes where nobody names a browser.
"""

from __future__ import annotations

import shutil

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, "Chromium is needed: make system-tools"
    return found
