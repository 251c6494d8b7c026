"""Notebooks for many visitors in a few processes.

A notebook served as a page is the same for everybody and its visitors send it no code, so a visit needs no process of
its own: here a worker process runs the notebook once per visit in a *session*, which has a namespace, a comm manager
and widgets of its own, and answers the page's websocket as a kernel would. The front end (Voilà's, or any that speaks
Jupyter's messages) and the notebooks stay as they are.

The server's side is `SessionHost`; `unsuited` tells beforehand whether a notebook needs a real kernel instead.
docs/contributors/notebook-sessions.md explains how it works and what a session is not.
"""

from . import messages
from .check import Unsuited, unsuited
from .host import CellResult, HostLimits, NoSession, SessionHost, WorkerLost
from .process import WorkerPlace

__all__ = [
    "CellResult",
    "HostLimits",
    "NoSession",
    "SessionHost",
    "Unsuited",
    "WorkerLost",
    "WorkerPlace",
    "messages",
    "unsuited",
]
