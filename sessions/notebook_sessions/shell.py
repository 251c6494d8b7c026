"""What a notebook finds as IPython: one object for the process that acts for whichever session is running.

``display``, ``clear_output``, ``print`` and ipywidgets' ``Output`` ask for the shell, its publisher, its kernel and
the message being answered. They find them here; magics, history, hooks and the rest of IPython's shell are not there
and say so.
"""

from __future__ import annotations

import builtins
import io
import sys
from typing import Any, NoReturn

from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import SingletonConfigurable

from .current import current


class NotInSession(RuntimeError):
    """Something of IPython that needs a process of its own."""


class SessionPublisher(DisplayPublisher):
    """Displayed things go to the running session."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        """As IPython's; outside of a session nothing is displayed anywhere."""
        session = current()
        if session is not None:
            content = {"data": data, "metadata": metadata or {}, "transient": transient or {}}
            session.publish("update_display_data" if update else "display_data", content)

    def clear_output(self, wait: bool = False) -> None:
        session = current()
        if session is not None:
            session.publish("clear_output", {"wait": wait})


class _Kernel:
    """What ``Output`` asks of a kernel."""

    def get_parent(self, _channel: str | None = None) -> dict[str, Any]:
        session = current()
        return {} if session is None else session.parent

    @property
    def comm_manager(self) -> Any:
        session = current()
        return None if session is None else session.comms


class _NoEvents:
    """No hooks around cells: they would be every session's."""

    def trigger(self, *_: Any, **__: Any) -> None:
        """Nobody listens."""

    def register(self, event: str, _: Any) -> NoReturn:
        raise NotInSession(f"hook {event}: a notebook with hooks needs a kernel of its own")

    def unregister(self, *_: Any) -> None:
        """Nothing was registered."""


class SessionShell(InteractiveShell):
    """IPython's shell as far as sessions have one. IPython's own set-up is left out on purpose: it is a process's."""

    def __init__(self, **keywords: Any) -> None:
        SingletonConfigurable.__init__(self, **keywords)
        self.display_formatter = DisplayFormatter(parent=self)
        self.display_pub = SessionPublisher(parent=self)
        self.events = _NoEvents()  # type: ignore[assignment]  # what of EventManager is asked for
        self.kernel = _Kernel()

    @property  # type: ignore[misc]  # IPython's may be set
    def user_ns(self) -> dict[str, Any]:
        """The running session's variables."""
        session = current()
        return {} if session is None else session.namespace

    def get_parent(self) -> dict[str, Any]:
        """The message being answered."""
        return self.kernel.get_parent()

    def set_parent(self, parent: dict[str, Any]) -> None:
        """``Output`` gives back what it got from `get_parent`; there is nothing to change."""

    def showtraceback(self, exc_tuple: Any = None, *_: Any, **__: Any) -> None:
        session = current()
        problem = (exc_tuple or sys.exc_info())[1]
        if session is not None and isinstance(problem, BaseException):
            session.publish_error(problem)

    def run_line_magic(self, magic_name: str, *_: Any, **__: Any) -> NoReturn:
        raise NotInSession(f"%{magic_name}: magics need a kernel of their own")

    run_cell_magic = run_line_magic

    def run_cell(self, *_: Any, **__: Any) -> NoReturn:
        raise NotInSession("run_cell needs a kernel of its own")

    def system(self, *_: Any) -> NoReturn:
        raise NotInSession("commands of the system need a kernel of their own")

    getoutput = system


class _Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr``: what a session prints is its own, the rest goes where it went before."""

    encoding = "utf-8"

    def __init__(self, name: str, otherwise: Any) -> None:
        self._name = name
        self._otherwise = otherwise

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        session = current()
        if session is None:
            self._otherwise.write(text)
        else:
            session.write(self._name, text)
        return len(text)

    def flush(self) -> None:
        session = current()
        if session is None:
            self._otherwise.flush()
        else:
            session.flush()


def install() -> SessionShell:
    """Make the shell of this process. Once; before ipywidgets is imported, which looks for one."""
    shell = SessionShell.instance()
    # Standard output is not the wire: what is printed outside of sessions belongs in the log.
    sys.stdout, sys.stderr = _Stream("stdout", sys.stderr), _Stream("stderr", sys.stderr)
    builtins.input = _no_input
    assert isinstance(shell, SessionShell)
    return shell


def _no_input(_prompt: object = "") -> NoReturn:
    raise NotInSession("input(): a page has no keyboard for its kernel")
