"""The one command, ``isoxa``: a thin shell over the packages' functions.

Every command takes ``--data`` (or ``ISOXA_DATA``; default ``./isoxa-data``), shows progress on stderr, prints JSON
on stdout where ``--json`` is offered, and exits with 0 only on success: 1 for what the user can mend (said in one
sentence, no traceback), 2 for wrong usage or, in an import, rows left out.
"""

from .app import app, main

__all__ = ["app", "main"]
