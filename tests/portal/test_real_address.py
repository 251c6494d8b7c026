"""Whose address counts behind a proxy, and that nobody else may write one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest
from isoxa_grading.records.data_folder import DataFolder, DataFolderError, Settings
from isoxa_portal.real_address import AddressServer, real_address
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

OURS = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("::1")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.1.1.1, 198.51.100.1, 10.2.3.4", "198.51.100.1"),
        ("127.0.0.1", "10.2.3.4", "10.2.3.4"),
        ("127.0.0.1", "198.51.100.1, x'; DROP TABLE", "127.0.0.1"),
        ("::ffff:127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_header_counts_as_far_as_our_own_proxies_speak(peer: str, forwarded: str, found: str) -> None:
    assert real_address(peer, forwarded, OURS) == found


class Echo(RequestHandler):
    """Says whose request it takes this for."""

    def get(self) -> None:
        self.write(self.request.remote_ip or "")


def served(trusted: Sequence[str]) -> list[str]:
    """What a server takes two requests for, the second one without the header."""

    async def ask() -> list[str]:
        app = Application([("/", Echo)])
        server = (
            AddressServer(app, trusted_downstream=list(trusted))
            if trusted
            else HTTPServer(app, xheaders=False)
        )
        socket, port = bind_unused_port()
        server.add_sockets([socket])
        client = AsyncHTTPClient(force_instance=True)
        said = []
        for headers in ({"X-Forwarded-For": "1.1.1.1, 198.51.100.1", "X-Real-Ip": "9.9.9.9"}, {}):
            answer = await client.fetch(f"http://127.0.0.1:{port}/", headers=headers)
            said.append(answer.body.decode())
        client.close()
        server.stop()
        await server.close_all_connections()
        return said

    return asyncio.run(ask())


def test_a_server_behind_a_proxy_and_one_in_the_open() -> None:
    assert served(["127.0.0.1"]) == ["198.51.100.1", "127.0.0.1"]
    assert served(["10.0.0.0/8"]) == ["127.0.0.1", "127.0.0.1"], "who connects is no proxy of ours"
    assert served([]) == ["127.0.0.1", "127.0.0.1"]


def test_the_setting(tmp_path: Path) -> None:
    data = DataFolder(tmp_path)
    data.create(Settings(trusted_proxies=["127.0.0.1", "10.0.0.0/8"]))
    assert data.settings.trusted_proxies == ["127.0.0.1", "10.0.0.0/8"]
    text = data.settings_file.read_text("utf-8")
    for wrong in ('["nginx"]', '["10.0.0.1/8"]', '"127.0.0.1"', "[1]"):
        changed = text.replace('["127.0.0.1", "10.0.0.0/8"]', wrong)
        assert changed != text
        data.settings_file.write_text(changed, "utf-8")
        with pytest.raises(DataFolderError, match="trusted_proxies"):
            _ = data.settings
