"""Lists of people: codes, names with units, spreadsheets; what fits nobody, or too many, is told."""

from __future__ import annotations

import io

import pytest
from isoxa_grading.enrolment.lists import Matched, PeopleList, match_list, read_list, read_pasted
from isoxa_grading.records.roster import RosterError
from isoxa_grading.records.tables import Unit
from openpyxl import Workbook

from .conftest import World


@pytest.fixture(params=["sqlite"])
def backend(request: pytest.FixtureRequest) -> str:
    """Nothing here depends on the database."""
    return str(request.param)


def xlsx(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def match(world: World, people: PeopleList | str, scope: Unit | None = None) -> Matched:
    place = scope or world.country
    people = read_pasted(people) if isinstance(people, str) else people
    return match_list(world.session, people, place, [place.path])


def test_pasted_codes_and_names_with_units(world: World) -> None:
    an = world.person("Nguyễn Văn An", code="LD-001")
    binh = world.person("Trần Thị Bình", "Xã Đa Bạc")
    chi = world.person("Lê Chi", code="00017")
    found = match(
        world,
        "ld-001\n\n  Trần Thị Bình ; xã Đa Bạc, tỉnh Lâm Đồng\nLê Chi\t00017\ntran thi binh, da bac\nLD-001\n",
    )
    assert found.people == (an.id, binh.id, chi.id)
    assert (found.unmatched, found.repeated) == ((), 2)


def test_what_fits_nobody_or_several_is_told(world: World) -> None:
    world.person("Nguyễn Văn An", code="LD-001")
    world.person("Nguyễn Văn An", "Xã Đa Bạc")
    world.person("Nguyễn Văn An", "Xã Đa Bạc")
    reasons = [
        line["reason"]
        for line in match(
            world,
            "LD-404\nNguyễn Văn An\nNguyễn Văn An, Đa Bạc\nLò Lạ, Suối Lành\nTrần Bình, LD-001\n"
            "Nguyễn Văn An; xã Không Có\n;;;",
        ).unmatched
    ]
    assert [reason.split(".")[0] for reason in reasons[:5]] == [
        "Không có ai mang mã cán bộ LD-404 trong phạm vi của anh/chị",
        "Có 3 người tên Nguyễn Văn An (Xã Suối Lành, Xã Đa Bạc)",
        "Có 2 người tên Nguyễn Văn An ở Đa Bạc",
        "Không có ai tên Lò Lạ ở Suối Lành trong phạm vi của anh/chị",
        "Mã cán bộ LD-001 trong hồ sơ là của Nguyễn Văn An",
    ]
    assert len(reasons) == 6, "a line of separators says nothing"


def test_a_list_never_finds_anybody_outside_the_scope(world: World) -> None:
    world.person("Rơ Châm Xa", "Xã Ia Kha", code="GL-1")
    for line in ("GL-1", "Rơ Châm Xa", "Rơ Châm Xa, Ia Kha", "Rơ Châm Xa, xã Ia Kha, tỉnh Gia Lai"):
        found = match(world, line, world.lam_dong)
        assert found.people == ()
        assert "Rơ Châm Xa, Xã Ia Kha" not in found.unmatched[0]["reason"]
    assert match(world, "GL-1", world.gia_lai).people


def test_a_spreadsheet_as_offices_make_it(world: World) -> None:
    an = world.person("Nguyễn Văn An")
    binh = world.person("Trần Thị Bình", "Xã Đa Bạc", code="LD-002")
    book = xlsx(
        ("DANH SÁCH CỬ ĐI HỌC", None, None),
        ("TT", "Họ và tên", "Đơn vị", "Mã cán bộ"),
        (1, "Nguyễn Văn An", "UBND xã Suối Lành", None),
        (2, "TRẦN THỊ BÌNH", "Xã Đa Bạc", "LD-002"),
        (3, "Lò Thị Lạ", "Xã Đa Bạc", None),
    )
    found = match(world, read_list(book, "../../ds.xlsx"), world.lam_dong)
    assert found.people == (an.id, binh.id)
    assert [line["where"] for line in found.unmatched] == ["Trang “Sheet”, dòng 5"]


def test_a_spreadsheet_of_codes_alone(world: World) -> None:
    an = world.person("Nguyễn Văn An", code="20240017")
    found = match(world, read_list(xlsx(("STT", "Mã"), (1, 20240017), (2, "LD-9")), "ma.xlsx"))
    assert found.people == (an.id,)
    assert "LD-9" in found.unmatched[0]["reason"]
    assert match(world, read_list(b"20240017\r\n", "ma.csv")).people == (an.id,)


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"xin chao\n"]
)
def test_other_files_are_refused_whole(content: bytes) -> None:
    with pytest.raises(RosterError):
        read_list(content, "tep.xlsx")


def test_too_many_lines_and_none(world: World) -> None:
    with pytest.raises(RosterError, match=r"20\.000"):
        read_pasted("a1\n" * 20_001)
    with pytest.raises(RosterError, match="không có dòng nào"):
        read_pasted(" \n\t\n")
    assert match(world, "x" * 5000).unmatched[0]["text"] == "x" * 120
