"""Static files: found by content-hashed name, cached for good, compressed, and nothing outside their folders."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
import requests
from isoxa_portal.assets import Assets, ServedFile
from isoxa_portal.front_end import FrontEnd, Record, installed, installed_builds, read_record

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
            assert answer.headers["Content-Encoding"] in ("gzip", "br")
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


NO_FRONT_END = FrontEnd({}, Record())


def make(folder: Path, **widgets: str) -> Assets:
    return Assets(
        "/x/", folder, {name.replace("__", "."): made for name, made in widgets.items()}, {}, NO_FRONT_END
    )


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
    address = server.root + server.app.assets.page_url("portal.css")
    served = server.app.assets.page_file(address.rpartition("/")[2])
    assert served is not None
    assert gzip.decompress(served.packed("gzip")) == served.content
    assert brotli.decompress(served.packed("br")) == served.content
    for accepted, coding in (("gzip, deflate, br, zstd", "br"), ("gzip", "gzip"), ("deflate", None)):
        answer = requests.get(address, headers={"Accept-Encoding": accepted}, timeout=30, stream=True)
        assert answer.headers.get("Content-Encoding") == coding
        packed = served.content if coding is None else served.packed(coding)
        assert answer.raw.read(decode_content=False) == packed
        assert int(answer.headers["Content-Length"]) == len(packed)


def test_what_is_small_or_no_text_is_sent_as_it_is() -> None:
    assert ServedFile(b"a" * 599, "text/css").coding("br") is None
    assert ServedFile(b"a" * 9000, "font/woff2").coding("br") is None
    assert ServedFile(b"a" * 9000, "text/css").coding("") is None


def front_end(folder: Path, record: Record) -> FrontEnd:
    chunks = folder / "voila"
    chunks.mkdir()
    (chunks / "voila.js").write_text("var start = 1;")
    (chunks / "1.voila.js").write_text('"use strict";push(1) // no newline at its end')
    (chunks / "2.voila.js").write_text("push(2);")
    (chunks / "1.voila.js.LICENSE.txt").write_text("licence")
    return FrontEnd({"voila": chunks}, record)


def test_the_lessons_script_is_its_recorded_chunks_and_the_start(tmp_path: Path) -> None:
    made = front_end(tmp_path, Record(("voila/2.voila.js", "voila/1.voila.js"), ("voila/2.voila.js",)))
    script = (made.content("lesson.js") or b"").decode()
    limits, *lines = [line for line in script.splitlines() if line]
    assert "AbortSignal.timeout" in limits, "before anything that sets such a limit"
    assert lines == [
        "(()=>{push(2);",
        "})();",
        '(()=>{"use strict";push(1) // no newline at its end',
        "})();",
        "var start = 1;",
    ]
    assert made.content("formulas.js") == b"(()=>{push(2);\n})();\n"
    assert made.content("voila/1.voila.js.LICENSE.txt") is None
    assert made.missing == []


def test_limits_that_an_old_computer_does_not_keep_to_are_longer(tmp_path: Path) -> None:
    made = front_end(tmp_path, Record(("voila/3.voila.js",)))
    (tmp_path / "voila" / "3.voila.js").write_text("for(;Date.now()-o<2e3;)look();x<2e3")
    made = FrontEnd({"voila": tmp_path / "voila"}, Record(("voila/3.voila.js",)))
    for path in ("lesson.js", "voila/3.voila.js"):
        assert b"for(;Date.now()-o<6e4;)look();x<2e3" in (made.content(path) or b"")


def test_the_installed_manager_has_the_limit_that_is_lengthened() -> None:
    """A new build that says it otherwise would bring back lost tools on slow computers."""
    script = installed().content("lesson.js") or b""
    assert len(re.findall(rb"Date\.now\(\)-\w+<6e4;.{0,200}widget model not found", script)) == 1
    assert not re.search(rb"Date\.now\(\)-\w+<2e3\b", script)


def test_a_record_of_another_version_costs_time_only(tmp_path: Path) -> None:
    made = front_end(tmp_path, Record(("voila/9.voila.js", "voila/1.voila.js"), ()))
    assert made.missing == ["voila/9.voila.js"]
    script = made.content("lesson.js") or b""
    assert script.endswith(b"var start = 1;")
    assert b"push(1)" in script


def test_the_record_names_the_version_too(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert front_end(tmp_path / "a", Record()).version != front_end(tmp_path / "b", Record(("x",))).version


def test_what_is_left_out_stands_before_the_start(tmp_path: Path) -> None:
    made = front_end(tmp_path, Record(("voila/1.voila.js",), left_out={"@jupyterlab/notebook": "4.999.0"}))
    script = (made.content("lesson.js") or b"").decode()
    assert (
        script.index("push(1)")
        < script.index('{"@jupyterlab/notebook": "4.999.0"}')
        < script.index("var start")
    )
    assert made.version != FrontEnd({"voila": tmp_path / "voila"}, Record(("voila/1.voila.js",))).version


def test_the_record_fits_what_is_installed() -> None:
    hint = (
        "Voilà or an extension is another build than was recorded: python -m tests.browser.record_front_end"
    )
    record = read_record()
    assert record.builds == installed_builds(), hint
    assert installed().missing == [], hint
    assert len(record.lesson) > 20, hint
    assert not set(record.lesson) & set(record.formulas)


def test_with_other_builds_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert b'["left-out"]' in (installed().content("lesson.js") or b"")
    monkeypatch.setattr("isoxa_portal.front_end.installed_builds", lambda: {"voila": "0.5.99"})
    assert b'["left-out"]' not in (installed.__wrapped__().content("lesson.js") or b"")
