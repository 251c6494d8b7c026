"""The units of Vietnam as loaded, and finding one by what a roster writes."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from isoxa_courses.text import fold
from isoxa_grading.records.tables import Unit, UnitKind, UnitSuccessor
from isoxa_grading.records.units import country, find_unit, in_scope, load_units, under, unit_label
from sqlalchemy import func, select
from sqlalchemy.orm import Session

LAST_OLD_DAY = date(2025, 6, 30)


def province(session: Session, name: str) -> Unit:
    query = select(Unit).where(
        Unit.kind == UnitKind.PROVINCE, Unit.valid_to.is_(None), Unit.short_name == name
    )
    return session.scalars(query).one()


def test_counts(places: Session) -> None:
    query = select(Unit.kind, Unit.valid_to, func.count()).group_by(Unit.kind, Unit.valid_to)
    counts = {(kind, valid_to): number for kind, valid_to, number in places.execute(query)}
    assert counts == {
        (UnitKind.COUNTRY, None): 1,
        (UnitKind.PROVINCE, None): 34,
        (UnitKind.COMMUNE, None): 3321,
        (UnitKind.PROVINCE, LAST_OLD_DAY): 63,
        (UnitKind.DISTRICT, LAST_OLD_DAY): 696,
        # Five of the source's 10,040 rows are island districts that had no communes.
        (UnitKind.COMMUNE, LAST_OLD_DAY): 10_035,
    }


@pytest.mark.parametrize(
    ("name", "communes"),
    [("Lâm Đồng", 124), ("Huế", 40), ("Bắc Ninh", 99), ("Lạng Sơn", 65), ("Gia Lai", 135)],
)
def test_communes_of_a_province(places: Session, name: str, communes: int) -> None:
    one = province(places, name)
    below = select(func.count()).where(under(Unit.path, one.path), Unit.kind == UnitKind.COMMUNE)
    assert places.scalar(below) == communes
    assert places.scalar(select(func.count()).where(Unit.parent_id == one.id)) == communes


def test_every_unit_of_today_has_its_place_on_the_map(places: Session) -> None:
    today = places.scalars(select(Unit).where(Unit.valid_to.is_(None), Unit.kind == UnitKind.COMMUNE)).all()
    for unit in today:
        assert 8 < (unit.latitude or 0) < 24, unit.name
        assert 102 < (unit.longitude or 0) < 117, unit.name
        assert unit.area_km2 is None or 0.1 < unit.area_km2 < 2000, unit.name
    assert len([unit for unit in today if unit.area_km2 is None]) == 4  # the source does not know
    assert {unit.type_word for unit in today} == {"xã", "phường", "đặc khu"}


def test_names_are_composed_and_carry_their_type(places: Session) -> None:
    for unit in places.scalars(select(Unit).where(Unit.kind != UnitKind.COUNTRY)):
        assert unicodedata.is_normalized("NFC", unit.name)
        assert unit.name == f"{unit.type_word.capitalize()} {unit.short_name}"
        assert "(" not in unit.short_name


def test_paths_lead_from_the_country_down(places: Session) -> None:
    parents = {unit.id: unit for unit in places.scalars(select(Unit))}
    for unit in parents.values():
        above = parents[unit.parent_id].path if unit.parent_id else "/"
        assert unit.path == f"{above}{unit.id}/"


def test_every_old_unit_has_a_successor(places: Session) -> None:
    rows = places.execute(
        select(Unit.kind, UnitSuccessor.unit_id, UnitSuccessor.successor_id, UnitSuccessor.whole).join(
            Unit, Unit.id == UnitSuccessor.unit_id
        )
    ).all()
    heirs: dict[int, list[bool]] = {}
    for row in rows:
        heirs.setdefault(row.unit_id, []).append(row.whole)
    kinds = {row.unit_id: row.kind for row in rows}
    communes = [whole for unit, whole in heirs.items() if kinds[unit] is UnitKind.COMMUNE]
    assert len(communes) == 10_035
    split = [whole for whole in communes if len(whole) > 1]
    assert len(split) == 471
    assert not any(any(whole) for whole in split)
    assert all(whole == [True] for whole in communes if len(whole) == 1)
    assert sum(kind is UnitKind.PROVINCE for kind in kinds.values()) == 63
    islands = [unit for unit, kind in kinds.items() if kind is UnitKind.DISTRICT]
    assert len(islands) == 5
    successors = {row.successor_id for row in rows}
    today = set(places.scalars(select(Unit.id).where(Unit.kind == UnitKind.COMMUNE, Unit.valid_to.is_(None))))
    assert today <= successors


def test_loading_again_adds_nothing(places: Session) -> None:
    before = places.scalar(select(func.count()).select_from(UnitSuccessor))
    assert load_units(places) == 0
    assert places.scalar(select(func.count()).select_from(UnitSuccessor)) == before


def test_new_units_can_follow_loading(places: Session) -> None:
    """On PostgreSQL the ids were drawn from the sequence, so the next insert does not collide."""
    parent = province(places, "Lâm Đồng")
    extra = Unit(
        code="SO-KHCN", kind=UnitKind.DEPARTMENT, type_word="sở", name="Sở Khoa học và Công nghệ",
        short_name="Khoa học và Công nghệ", parent_id=parent.id, path="", valid_from=date(2025, 7, 1),
        sort_key="", search_key="khoa hoc va cong nghe",
    )  # fmt: skip
    places.add(extra)
    places.flush()
    assert extra.id > 14_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Xã Di Linh, tỉnh Lâm Đồng", "Xã Di Linh, tỉnh Lâm Đồng"),
        ("UBND xã Di Linh, Lâm Đồng", "Xã Di Linh, tỉnh Lâm Đồng"),
        ("Uỷ ban nhân dân xã Di Linh ; Lâm Đồng", "Xã Di Linh, tỉnh Lâm Đồng"),
        ("  xa   di LINH ,lam dong ", "Xã Di Linh, tỉnh Lâm Đồng"),
        (unicodedata.normalize("NFD", "XÃ DI LINH, TỈNH LÂM ĐỒNG"), "Xã Di Linh, tỉnh Lâm Đồng"),
        ("P. Xuân Hương - Đà Lạt, Lâm Đồng", "Phường Xuân Hương - Đà Lạt, tỉnh Lâm Đồng"),
        ("phường Xuân Hương – Đà Lạt, Lâm Đồng", "Phường Xuân Hương - Đà Lạt, tỉnh Lâm Đồng"),
        ("Phường 1 Bảo Lộc, Lâm Đồng", "Phường 1 Bảo Lộc, tỉnh Lâm Đồng"),
        ("Xã D’Ran, Lâm Đồng", "Xã D'Ran, tỉnh Lâm Đồng"),
        ("đặc khu Phú Quý, Lâm Đồng", "Đặc khu Phú Quý, tỉnh Lâm Đồng"),
        ("Phường Thuận Hoá, TP Huế", "Phường Thuận Hóa, thành phố Huế"),
        ("TP. Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("tỉnh Lâm Đồng", "Tỉnh Lâm Đồng"),
        ("Quan Son, Thanh Hoa", "Xã Quan Sơn, tỉnh Thanh Hóa"),
        ("xã Ba Tơ, Quảng Ngãi", "Xã Ba Tơ, tỉnh Quảng Ngãi"),
        ("xã Ba Tô, Quảng Ngãi", "Xã Ba Tô, tỉnh Quảng Ngãi"),
        # Names of before July 2025.
        ("xã Gung Ré, huyện Di Linh, tỉnh Lâm Đồng", "Xã Di Linh, tỉnh Lâm Đồng"),
        ("xã Gung Ré, Lâm Đồng", "Xã Di Linh, tỉnh Lâm Đồng"),
        ("huyện Lý Sơn, Quảng Ngãi", "Đặc khu Lý Sơn, tỉnh Quảng Ngãi"),
        ("xã Đắk Mil, tỉnh Đắk Nông", "Xã Đắk Mil, tỉnh Lâm Đồng"),
    ],
)
def test_finds(places: Session, text: str, found: str) -> None:
    match = find_unit(places, text, None)
    assert match.unit is not None, match.reason
    assert unit_label(match.unit) == found
    assert match.unit.valid_to is None


@pytest.mark.parametrize(
    ("text", "reason", "candidates"),
    [
        ("xa ba to, quang ngai", "nhiều đơn vị", {"Xã Ba Tơ", "Xã Ba Tô"}),
        ("Ba To, Quang Ngai", "nhiều đơn vị", {"Xã Ba Tơ", "Xã Ba Tô"}),
        ("xã Di Lính, Lâm Đồng", "Không tìm thấy đơn vị", {"Xã Di Linh"}),
        ("phường Di Linh, Lâm Đồng", "Không tìm thấy đơn vị", {"Xã Di Linh"}),
        ("xã Di Linh, tỉnh Lâm Đòng", "Không tìm thấy tỉnh", {"Tỉnh Lâm Đồng"}),
        ("thành phố Đà Lạt, Lâm Đồng", "cấp huyện", set()),
        ("xã Qwrtzx, Lâm Đồng", "Không tìm thấy", set()),
        ("", "Chưa ghi", set()),
        (" , ;", "Chưa ghi", set()),
        ("a,b,c,d,e", "Không tìm thấy", set()),
        ("x" * 5000, "Không tìm thấy", set()),
        ("%_'\"--; DROP TABLE unit", "Không tìm thấy", set()),
    ],
)
def test_never_guesses(places: Session, text: str, reason: str, candidates: set[str]) -> None:
    match = find_unit(places, text, None)
    assert match.unit is None
    assert reason in match.reason
    assert candidates <= {unit.name for unit in match.candidates}


def test_a_split_commune_gives_its_parts_to_choose(places: Session) -> None:
    match = find_unit(places, "xã Tân Thạnh, huyện Thới Lai, thành phố Cần Thơ", None)
    assert match.unit is None
    assert "được chia" in match.reason
    assert {unit.name for unit in match.candidates} == {"Xã Tân Thạnh", "Xã Trường Thành"}


def test_scope(places: Session, lam_dong: Unit) -> None:
    gia_lai = province(places, "Gia Lai")
    assert find_unit(places, "xã Di Linh", lam_dong).unit is not None
    assert find_unit(places, "xã Gung Ré, huyện Di Linh", lam_dong).unit is not None
    assert find_unit(places, "xã Di Linh", gia_lai).unit is None
    outside = find_unit(places, "xã Di Linh, tỉnh Lâm Đồng", gia_lai)
    assert outside.unit is None
    assert "không thuộc Tỉnh Gia Lai" in outside.reason
    assert find_unit(places, "xã Di Linh, Lâm Đồng", country(places)).unit is not None
    several = find_unit(places, "xã Tân Thành", None)
    assert several.unit is None
    assert len(several.candidates) > 2


def test_in_scope_and_under_agree(places: Session, lam_dong: Unit) -> None:
    paths = set(places.scalars(select(Unit.path)))
    for scope in (lam_dong.path, country(places).path, find_unit(places, "xã Di Linh", lam_dong).unit.path):  # type: ignore[union-attr]
        assert set(places.scalars(select(Unit.path).where(under(Unit.path, scope)))) == {
            path for path in paths if in_scope(path, scope)
        }
    assert not in_scope("/1/234/", "/1/23/")


def test_vietnamese_order_is_the_same_everywhere(places: Session, lam_dong: Unit) -> None:
    names = places.scalars(
        select(Unit.short_name).where(Unit.parent_id == lam_dong.id).order_by(Unit.sort_key)
    ).all()
    wanted = ["Ba Gia", "Bà Gia"]
    assert sorted(wanted) == wanted
    position = {name: index for index, name in enumerate(names)}
    # đ comes after d, ă and â after a, whatever the tone.
    assert position["D'Ran"] < position["Di Linh"] < position["Đạ Huoai"] < position["Đam Rông 1"]
    assert position["Bảo Lâm 1"] < position["Bảo Lâm 2"] < position["Bắc Bình"]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("backend", ["sqlite"])
def test_any_commune_is_found_by_its_full_name(places: Session, data: st.DataObject) -> None:
    today = select(Unit).where(Unit.kind == UnitKind.COMMUNE, Unit.valid_to.is_(None)).order_by(Unit.id)
    number = data.draw(st.integers(0, 3320))
    unit = places.scalars(today.offset(number).limit(1)).one()
    text = data.draw(
        st.sampled_from(
            [str, str.upper, str.lower, lambda s: unicodedata.normalize("NFD", s), lambda s: f" {s} "]
        )
    )(unit_label(unit))
    assert find_unit(places, text, None).unit is unit
    bare = find_unit(places, fold(unit_label(unit)), None)
    assert bare.unit is unit or unit in bare.candidates
