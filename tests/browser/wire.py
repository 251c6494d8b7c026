"""What a visit costs: bytes over the wire, both ways, counted by a relay; requests that left the browser."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Page

FORMULA = r"Tỷ lệ đúng hạn: $$r = \frac{n_d}{n} \times 100$$ trong đó $n$ là số hồ sơ."


class Relay:
    """Passes connections on to the portal; ``bytes`` is what has passed, HTTP and websockets, headers and all."""

    def __init__(self, port: int) -> None:
        self.bytes = 0
        self._lock = threading.Lock()
        relay = self

        class Passage(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with socket.create_connection(("127.0.0.1", port)) as portal:
                    back = threading.Thread(target=relay._pass_on, args=(portal, self.request), daemon=True)
                    back.start()
                    relay._pass_on(self.request, portal)
                    back.join()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", 0), Passage)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                with self._lock:
                    self.bytes += len(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def requests_of(page: Page) -> Iterator[list[str]]:
    """The addresses that were really asked for, in order; filled until the block ends."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    asked: dict[str, str] = {}
    found: list[str] = []

    def forget(event: dict[str, Any]) -> None:
        asked.pop(event["requestId"], None)

    def answered(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            forget(event)

    tools.on(
        "Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]})
    )
    tools.on("Network.requestServedFromCache", forget)
    tools.on("Network.responseReceived", answered)
    yield found
    page.wait_for_timeout(300)
    found += [url for url in asked.values() if url.startswith("http")]
    tools.detach()


def add_formula(notebook: Path) -> None:
    """Put a cell with formulas at the end of a notebook."""
    read = nbformat.read(notebook, as_version=4)
    read.cells.append(nbformat.v4.new_markdown_cell(FORMULA, id="cong-thuc"))
    nbformat.write(read, notebook)
