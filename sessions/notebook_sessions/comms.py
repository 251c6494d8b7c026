"""Comms of a session, and the two places where ipywidgets keeps something for the whole process.

`comm` says how a comm is made and who manages them through two functions that may be replaced: here both ask which
session is running. ipywidgets itself keeps every widget in one module-level dictionary and one control comm on the
class; the dictionary is replaced by a view of the running session's widgets, and the control comm is not used at all,
since the session answers on that target itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any
from uuid import uuid5

import comm
from comm.base_comm import BaseComm, CommManager
from ipywidgets.widgets import widget as ipywidgets_widget

from .current import current

if TYPE_CHECKING:
    from .session import Session

log = logging.getLogger(__name__)

CONTROL = "jupyter.widget.control"
WIDGET = "jupyter.widget"
# More than any lesson has; a page that opens comm after comm ends here.
MOST_COMMS = 5_000


class NoSessionHere(RuntimeError):
    """A widget was made where no session runs: in a thread of its own, or when a module was imported."""


class SessionComm(BaseComm):
    """A comm whose messages go to its session's page.

    Its id follows from the session and how many came before it: a session run again under the same id gives its
    widgets the same ids, so that a page that is still open can go on with it.
    """

    def __init__(self, session: Session, **arguments: Any) -> None:
        self._session = session
        if not arguments.get("comm_id"):
            arguments["comm_id"] = uuid5(session.id, f"comm-{session.comms.next_number()}").hex
        super().__init__(**arguments)

    def publish_msg(
        self,
        msg_type: str,
        data: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        buffers: list[Any] | None = None,
        **keys: Any,
    ) -> None:
        """Send a comm message; silent once the session is over."""
        content = {"data": {} if data is None else data, "comm_id": self.comm_id, **keys}
        self._session.publish(msg_type, content, metadata, buffers or ())


class SessionComms(CommManager):
    """The comms of one session."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._numbers = 0
        self.register_target(CONTROL, self._open_control)
        self.register_target(WIDGET, ipywidgets_widget.Widget.handle_comm_opened)

    def next_number(self) -> int:
        """How many ids were given before."""
        self._numbers += 1
        return self._numbers

    def register_comm(self, comm: BaseComm) -> str:
        """Raises ``RuntimeError`` beyond `MOST_COMMS`."""
        if len(self.comms) >= MOST_COMMS:
            raise RuntimeError(f"a session has at most {MOST_COMMS} comms")
        return str(super().register_comm(comm))

    def unregister_comm(self, comm: BaseComm) -> None:
        """A comm that is gone already is no error: sessions end in any order."""
        self.comms.pop(comm.comm_id, None)

    def _open_control(self, control: BaseComm, _opened: dict[str, Any]) -> None:
        control.on_msg(lambda message: self._answer(control, message["content"]["data"]))

    def _answer(self, control: BaseComm, question: dict[str, Any]) -> None:
        """Every widget's whole state, as `Widget._handle_control_comm_msg` gives it."""
        if question.get("method") != "request_states":
            log.warning("control message %.40r of a page is not known", question.get("method"))
            return
        states = {
            one.model_id: {
                "model_name": one._model_name,
                "model_module": one._model_module,
                "model_module_version": one._model_module_version,
                "state": one.get_state(),
            }
            for one in list(self._session.widgets.values())
        }
        plain, paths, buffers = ipywidgets_widget._remove_buffers(states)
        control.send({"method": "update_states", "states": plain, "buffer_paths": paths}, buffers=buffers)


class _Nobody(CommManager):
    """The comm manager where no session runs: what is freed there closes in silence, and nothing is opened."""

    def register_comm(self, comm: BaseComm) -> str:
        raise NoSessionHere("no session runs here")

    def unregister_comm(self, comm: BaseComm) -> None:
        """Its session is over."""


class RunningWidgets(MutableMapping[str, Any]):
    """What ipywidgets believes is all there is: the widgets of the running session."""

    def __getitem__(self, key: str) -> Any:
        return _here()[key]

    def __setitem__(self, key: str, widget: Any) -> None:
        _running().widgets[key] = widget

    def __delitem__(self, key: str) -> None:
        del _here()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_here())

    def __len__(self) -> int:
        return len(_here())


_NOBODY = _Nobody()


def install() -> None:
    """Put comms and widgets of this process under their sessions. Once, before any notebook runs."""
    comm.create_comm = _create_comm
    comm.get_comm_manager = _comm_manager
    ipywidgets_widget._instances = RunningWidgets()


def _create_comm(*_: Any, **arguments: Any) -> BaseComm:
    return SessionComm(_running(), **arguments)


def _comm_manager() -> CommManager:
    session = current()
    return _NOBODY if session is None else session.comms


def _running() -> Session:
    session = current()
    if session is None:
        raise NoSessionHere(
            "widgets are made by a notebook's cells and callbacks, not by threads or at import"
        )
    return session


def _here() -> dict[str, Any]:
    session = current()
    return {} if session is None else session.widgets
