"""The meeting's paper: a page a province, the report's figures, text that is only text, the same file each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from isoxa_grading.reports import Filters, NotInScope, call_lists, overview
from isoxa_grading.reports.pdf import LISTS, paper_of, write_pdf
from pypdf import PdfReader

from .conftest import START, LamDong, World

HOSTILE = '#panic("x") $1/0$ *_`@a` <b> \\u{41} "{{"'


@pytest.fixture
def backend() -> str:
    """One database is enough here: the paper is made from the report's rows alone."""
    return "sqlite"


def made(world: World, scope: str, *, days: int = 10, **filters: Any) -> bytes:
    stream = io.BytesIO()
    write_pdf(
        world.session, stream, course="iso", scope_paths=[scope], as_of=START + timedelta(days=days),
        filters=Filters(**filters),
    )  # fmt: skip
    return stream.getvalue()


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_a_provinces_page_has_the_reports_figures_and_lists(lam_dong: Callable[..., LamDong]) -> None:
    found = lam_dong()
    world, figures = found.world, found.report.figures
    (text,) = pages(made(world, found.province.path))
    assert "Tỉnh Lâm Đồng" in text
    assert "số liệu đến ngày 12/03/2026" in text
    for figure, words in (
        (figures.registered, "người đăng ký học"), (figures.completed, "người hoàn thành"),
        (figures.overdue, "người quá hạn"), (figures.communes_nobody_sent, "trên 4 đơn vị chưa cử ai"),
    ):  # fmt: skip
        assert f"{figure} {words}" in text
    assert "Chưa cử ai (1 đơn vị) Xã Di Linh" in text
    assert "Xã Đức Trọng Đỗ Thị Một chỉ cử một người" in text
    assert "quá 5 ngày" in text
    assert "Chờ chấm (1 bài) Xã Đạ Tẻh K'Brêu nộp 05/03/2026" in text


def test_of_the_country_a_page_of_provinces_comes_first(lam_dong: Callable[..., LamDong]) -> None:
    world = lam_dong().world
    other = world.commune("Xã Ia Kha", world.province("Tỉnh Gia Lai"))
    world.enrol(world.person("Rơ Châm Xa", other))
    first, *rest = pages(made(world, world.country.path))
    assert "Tỉnh Gia Lai 1 0 1 0 0 %" in first
    assert len(rest) == 2
    assert "Ia Kha" in rest[0]
    assert "Ia Kha" not in rest[1]
    with pytest.raises(NotInScope):
        made(world, other.path, unit_id=lam_dong_id(world))


def lam_dong_id(world: World) -> int:
    from isoxa_grading.records.tables import Unit
    from sqlalchemy import select

    return world.session.scalars(select(Unit.id).where(Unit.name == "Tỉnh Lâm Đồng")).one()


def test_the_same_records_and_day_make_the_same_file(lam_dong: Callable[..., LamDong]) -> None:
    found = lam_dong()
    assert made(found.world, found.province.path) == made(found.world, found.province.path)


def test_names_are_only_text_and_a_page_stays_a_page(world: World) -> None:
    province = world.province(f"Tỉnh {HOSTILE}")
    due = START + timedelta(days=1)
    for number in range(40):
        commune = world.commune(f"Xã {number} " + "Rất Dài " * 20, province)
        world.enrol(world.person(f"{HOSTILE} {number} " + "Nguyễn" * 30, commune), due=due)
        world.commune(f"Phường {number} {HOSTILE}", province)
    (text,) = pages(made(world, province.path))
    assert HOSTILE[:20] in text
    assert "và 19 đơn vị khác" in text  # 40 sent nobody, 21 fit
    assert "và 33 người khác" in text
    assert "…" in text


def test_every_line_on_the_paper_is_one_of_the_lists(lam_dong: Callable[..., LamDong]) -> None:
    found = lam_dong()
    asked: dict[str, Any] = {
        "course": "iso", "scope_paths": [found.province.path], "as_of": START + timedelta(days=10),
    }  # fmt: skip
    view = overview(found.world.session, **asked)
    lists = call_lists(found.world.session, LISTS, **asked)
    (sheet,) = paper_of(view, lists)["sheets"]
    for one, drawn in zip(lists, sheet["lists"], strict=True):
        communes = [row.commune for row in one.rows]
        assert len(drawn["rows"]) == len(communes)
        assert {line[0] for line in drawn["rows"]} == set(communes)
    assert sum(bar["share"] for bar in sheet["chart"]["bars"]) == pytest.approx(1)
