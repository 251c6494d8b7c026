"""Static files: found by content-hashed name, cached for good, compressed, and nothing outside their folders."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
import requests
from isoxa_portal.assets import Assets

from tests.portal.conftest import Browser, Server
from tests.portal.tiny_course import COURSE, LESSON


def test_every_file_a_lesson_page_names_is_there_for_good_and_compressed(server: Server) -> None:
    page = Browser(server).log_in("officer").get(f"khoa-hoc/{COURSE}/bai/{LESSON}").text
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(addresses) > 4
    for address in addresses:
        answer = requests.get(server.root + address, timeout=30)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        if len(answer.content) > 2000:
            assert answer.headers["Content-Encoding"] == "gzip"
        again = requests.get(
            server.root + address, headers={"If-None-Match": answer.headers["ETag"]}, timeout=30
        )
        assert (again.status_code, again.content) == (304, b"")


def test_the_front_end_and_its_extensions_are_served(server: Server) -> None:
    assets = server.app.assets
    for place in ("voila/voila.js", "labextensions/anywidget/package.json"):
        answer = requests.get(server.root + assets.front_end_url(place), timeout=30)
        assert answer.status_code == (200 if place.endswith(".js") else 404)


def test_without_gzip_the_plain_file_is_sent(server: Server) -> None:
    address = server.root + server.app.assets.page_url("portal.css")
    plain = requests.get(address, headers={"Accept-Encoding": "identity"}, timeout=30)
    packed = requests.get(address, timeout=30)
    assert "Content-Encoding" not in plain.headers
    assert plain.content == packed.content
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize(
    "path",
    ["p/portal.css", "p/..%2fhandlers.py", "w/x.js", "v/{v}/voila/../../x", "v/{v}/voila/%2e%2e/x", "v/{v}/"],
)
def test_nothing_else_is_there(server: Server, path: str) -> None:
    version = server.app.assets.front_end_version
    answer = requests.get(f"{server.url}static/{path.format(v=version)}", timeout=30)
    assert answer.status_code == 404


def make(folder: Path, **widgets: str) -> Assets:
    return Assets("/x/", folder, {name.replace("__", "."): made for name, made in widgets.items()}, {}, {})


def test_a_name_changes_with_what_the_file_names(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text('@import "b.css"; i { background: url("c.svg") }')
    (tmp_path / "b.css").write_text("b {}")
    (tmp_path / "c.svg").write_text("<svg/>")
    before = make(tmp_path)
    (tmp_path / "b.css").write_text("b { color: red }")
    after = make(tmp_path)
    assert before.page_url("a.css") != after.page_url("a.css")
    assert before.page_url("c.svg") == after.page_url("c.svg")
    served = after.page_file(after.page_url("a.css").rpartition("/")[2])
    assert served is not None
    text = served.content.decode()
    assert after.page_url("b.css").rpartition("/")[2] in text
    assert after.page_url("c.svg").rpartition("/")[2] in text


def test_a_script_may_import_its_neighbours_and_the_widgets_modules(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { x } from "./b.js";\nimport { y } from "./dom.js";\n')
    (tmp_path / "b.js").write_text("export const x = 1;\n")
    assets = make(tmp_path, dom__js="dom.123.js")
    served = assets.page_file(assets.page_url("a.js").rpartition("/")[2])
    assert served is not None
    assert f'"./{assets.page_url("b.js").rpartition("/")[2]}"' in served.content.decode()
    assert '"../w/dom.123.js"' in served.content.decode()
    assert assets.page_url("dom.js") == "/x/static/w/dom.123.js"


def test_a_wrong_name_is_an_error_not_a_dead_link(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        make(tmp_path).page_url("khong-co.css")


def test_compression_gives_the_same_bytes_everywhere(server: Server) -> None:
    assets = server.app.assets
    served = assets.page_file(assets.page_url("portal.css").rpartition("/")[2])
    assert served is not None
    assert served.gzipped is not None
    assert gzip.decompress(served.gzipped) == served.content
