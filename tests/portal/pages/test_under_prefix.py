"""Every address a page gives stays below the path the portal is served at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import Reader, World

BASE = "/nguoi/lan/proxy/9/"


@pytest.fixture(scope="module")
def below(world: World) -> Iterator[Server]:
    served = Server(world.data, BASE)
    yield served
    served.stop()


@pytest.mark.parametrize(
    ("username", "paths"),
    [
        ("an", ["khoa-hoc", "khoa-hoc/khoa-thu"]),
        ("so.lamdong", ["bao-cao", "bao-cao?tim=suoi", "bao-cao?don-vi=suoi-lanh"]),
        ("giang-vien", ["cham-bai"]),
        ("quan-tri", ["quan-tri", "quan-tri/tai-khoan", "quan-tri/tai-khoan/moi", "quan-tri/danh-sach"]),
    ],
)
def test_nothing_leads_out_of_the_prefix(
    below: Server, world: World, username: str, paths: list[str]
) -> None:
    reader = Reader(below)
    page = reader.get(BASE + "bao-cao?x=1")
    assert page.path.startswith(BASE + "dang-nhap?tiep=%2Fnguoi%2F")
    page = reader.send(reader.get(BASE + "dang-nhap"), "Đăng nhập", username=username, password=PASSWORD)
    assert page.path == BASE + paths[0]
    for path in paths:
        page = reader.get(BASE + path.replace("=suoi-lanh", f"={world.units['suoi-lanh']}"))
        assert page.status == 200, path
        for tag, attribute in (
            ("a", "href"),
            ("link", "href"),
            ("script", "src"),
            ("img", "src"),
            ("form", "action"),
        ):
            for found in page.html.find_all(tag):
                url = found.get(attribute)
                assert url is None or url.startswith((BASE, "#")), f"{path}: {found}"
    page = reader.get(page.link("English"))
    assert page.path.startswith(BASE)
    assert page.html.html["lang"] == "en"
