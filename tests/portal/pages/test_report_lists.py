"""From the report's map down to one officer, the call lists, kept figures: pages as a department walks them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from bs4 import Tag
from isoxa_courses.text import format_date
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Enrolment, Person, Role, TrainingFact, Unit, UnitKind
from isoxa_grading.records.tables.people import Membership, QualityRole
from isoxa_grading.records.tables.training import FactKind
from isoxa_grading.reports import ListKind, completion_report, snapshots
from isoxa_portal.pages.report_map import country_map
from sqlalchemy import select, update

from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import HOSTILE, NOW, TODAY, Page, Reader, World
from tests.portal.pages.test_officer_pages import RIGHT, take
from tests.portal.tiny_course import COURSE

FORMULA = '=HYPERLINK("http://khac.example","bấm")'
PLACES = {
    "suoi-lanh": (11.5, 108.0),
    "da-bac": (11.9, 108.4),
    "hon-rom": (10.9, 108.3),
    "ia-kha": (13.9, 107.7),
}


@pytest.fixture(scope="module")
def country(portal: Server, world: World) -> World:
    """Coordinates for all but one commune, roles, a name that is a formula, and somebody who took the quiz."""
    with writing(portal.app.portal.engine) as session:
        for name, (latitude, longitude) in PLACES.items():
            unit = session.get_one(Unit, world.units[name])
            unit.latitude, unit.longitude = latitude, longitude
        session.execute(
            update(Membership)
            .where(Membership.person_id == world.people["an"])
            .values(quality_role=QualityRole.ISO_SECRETARY)
        )
        session.get_one(Person, world.people["xa"]).full_name = FORMULA
        session.execute(
            update(Membership)
            .where(Membership.person_id == world.people["xa"])
            .values(quality_role=QualityRole.LEADER)
        )
        # The course has records from a month ago on: figures of yesterday can be kept.
        session.execute(update(Enrolment).values(enrolled_at=NOW - timedelta(days=30)))
    take(Reader(portal).log_in("an"), RIGHT | {"c5": "Bài viết của An"})
    return world


@pytest.fixture(scope="module")
def province(country: World, portal: Server) -> Reader:
    return Reader(portal).log_in("so.lamdong")


@pytest.fixture(scope="module")
def centre(country: World, portal: Server) -> Reader:
    return Reader(portal).log_in("trung-uong")


def lines(page: Page) -> list[dict[str, str]]:
    def of(row: Tag) -> dict[str, str]:
        cells = {cell["data-label"]: " ".join(cell.get_text().split()) for cell in row.select("td")}
        return {"Đơn vị": row.select_one("th a").get_text(), **cells}

    return [of(row) for row in page.html.select(".ix-call-table tbody tr")]


def csv_of(reader: Reader, path: str) -> list[dict[str, str]]:
    text = reader.cookies.get(reader.server.root + path, timeout=60).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


# ---- drilling down ----


def test_the_map_leads_down_and_says_each_place(centre: Reader, world: World) -> None:
    page = centre.get(f"/bao-cao?khoa={COURSE}&vai-tro=&ngay=")
    links = page.html.select("svg[data-ix-map] a")
    words = [link["aria-label"] for link in links]
    assert any(
        one.startswith("Tỉnh Lâm Đồng: 0 % hoàn thành (0 trên 4 người), 1 trên 4 đơn vị") for one in words
    )
    assert "1 đơn vị chưa có tọa độ nên không có trên bản đồ" in page.text
    legend = [" ".join(one.get_text().split()) for one in page.html.select(".ix-map-legend li")]
    assert legend[:2] == ["chưa cử ai 1", "đã cử, chưa ai hoàn thành 3"]
    down = centre.get(next(link["href"] for link in links if "Lâm Đồng" in link["aria-label"]))
    assert down.one("h1").get_text() == "Tỉnh Lâm Đồng"
    marks = {link["aria-label"]: link["href"] for link in down.html.select("svg[data-ix-map] a")}
    assert "Xã Đá Bạc: chưa cử ai" in marks
    commune = centre.get(marks["Xã Suối Lành: 0 % hoàn thành (0 trên 2 người)"])
    assert [a.get_text() for a in commune.html.select(".ix-crumbs a")] == [
        "Báo cáo hoàn thành",
        "Tỉnh Lâm Đồng",
    ]
    officer = centre.get(commune.link("Nguyễn Văn An"))
    assert officer.one("h1").get_text() == "Nguyễn Văn An"
    assert officer.link("Xã Suối Lành").startswith("/bao-cao?")


def test_the_map_is_drawn_anew_when_a_figure_has_changed_and_only_then(
    centre: Reader, world: World, portal: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = 0

    def counted(*asked: Any) -> Any:
        nonlocal drawn
        drawn += 1
        return country_map(*asked)

    def said(words: str) -> list[str]:
        page = centre.get(f"/bao-cao?khoa={COURSE}&vai-tro={words}")
        return [link["aria-label"] for link in page.html.select("svg[data-ix-map] a")]

    monkeypatch.setattr("isoxa_portal.pages.report_map_view.country_map", counted)
    first = said("")
    before = drawn
    assert said("") == first
    assert drawn == before
    assert said("thu-ky-iso") != first
    engine = portal.app.portal.engine
    place = Membership.person_id == world.people["xa"]
    with writing(engine) as session:
        session.execute(update(Membership).where(place).values(valid_to=TODAY - timedelta(days=1)))
    assert said("") != first
    with writing(engine) as session:
        session.execute(update(Membership).where(place).values(valid_to=None))
    assert said("") == first
    centre.cookies.cookies.set("isoxa_lang", "en")
    assert said("") != first
    centre.cookies.cookies.set("isoxa_lang", None)


def test_course_role_and_day_are_kept_from_level_to_level(province: Reader) -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    page = province.get(f"/bao-cao?khoa={COURSE}&vai-tro=thu-ky-iso&ngay={yesterday}&tim=suoi")
    row = page.html.select_one(".ix-units-table tbody a")["href"]
    assert f"ngay={yesterday}" in row
    assert "vai-tro=thu-ky-iso" in row
    assert "tim=" not in row
    for link in (page.link("Tải Excel"), page.link("Tải PDF để họp"), page.link("Quá hạn")):
        assert f"ngay={yesterday}" in link
        assert "vai-tro=thu-ky-iso" in link
    assert page.field_labelled("Tính đến ngày")["value"] == format_date(TODAY - timedelta(days=1))
    assert page.field_labelled("Vai trò").find("option", selected=True).get_text() == "Thư ký ISO"
    assert "Đây là số liệu của ngày" in page.text
    # Nobody was enrolled yesterday; today one secretary is.
    assert "Chưa cử ai" in page.text
    today = province.get("/bao-cao?vai-tro=thu-ky-iso")
    assert "1 người đăng ký học, ở 1 đơn vị" in today.text


@pytest.mark.parametrize("day", ["2026-02-31", "hôm kia", "9999-01-01"])
def test_a_day_that_is_none_is_told_and_nothing_is_guessed(province: Reader, day: str) -> None:
    page = province.get(f"/bao-cao?ngay={day}")
    assert page.status == 200
    assert page.html.select_one(".ix-errors a")["href"] == "#ngay"
    assert page.field_labelled("Tính đến ngày")["value"] == day
    for path in ("/bao-cao/tai-ve.xlsx", "/bao-cao/danh-sach/qua-han.csv", "/bao-cao/tai-ve.pdf"):
        refused = province.get(f"{path}?ngay={day}")
        assert refused.status == 400
        assert (
            "Không có ngày" in refused.text or "Chưa hiểu ngày" in refused.text or "chưa đến" in refused.text
        )


def test_a_unit_of_before_the_merger_leads_to_todays(province: Reader, portal: Server) -> None:
    with reading(portal.app.portal.engine) as session:
        old = session.scalars(select(Unit.id).where(Unit.short_name == "Gò Lau")).one()
    page = province.get(f"/bao-cao?don-vi={old}")
    assert "Xã Gò Lau nay thuộc" in page.text
    assert {a.get_text() for a in page.html.select(".ix-units-table th a[href*=don-vi]")} >= {
        "Xã Suối Lành",
        "Xã Đá Bạc",
    }


# ---- one officer ----


def test_an_officers_page_says_what_they_did(province: Reader, world: World) -> None:
    page = province.get(f"/bao-cao/hoc-vien/{world.people['an']}")
    assert "Chờ chấm" in page.text
    assert "Thư ký ISO" in page.text
    assert "lần 1 · chưa có điểm" in page.text
    assert "Đăng ký khóa học" in page.text
    assert "Bài viết của An" not in page.text  # answers are the officer's and the trainer's
    hostile = province.get(f"/bao-cao/hoc-vien/{world.people['hostile']}")
    assert hostile.one("h1").get_text() == HOSTILE
    none = province.get(f"/bao-cao/hoc-vien/{world.people['ngoai']}")
    assert "Chưa đăng ký khóa học" in none.text


@pytest.mark.parametrize("person", ["xa", "moi"])
def test_an_officer_outside_is_not_found(province: Reader, centre: Reader, world: World, person: str) -> None:
    path = f"/bao-cao/hoc-vien/{world.people[person]}"
    refused = province.get(path)
    assert refused.status == 404
    assert "Ia Kha" not in refused.text
    # Nor by naming a unit of one's own.
    assert province.get(f"{path}?don-vi={world.units['suoi-lanh']}").status == 404
    assert centre.get(path).status == 200


@pytest.mark.parametrize("person", ["0", "999999999", "abc", "1%20OR%201"])
def test_nobody_is_not_found(province: Reader, person: str) -> None:
    assert province.get(f"/bao-cao/hoc-vien/{person}").status == 404


def test_who_moved_away_is_seen_where_they_were(
    as_user: Callable[[str], Reader], country: World, portal: Server
) -> None:
    with writing(portal.app.portal.engine) as session:
        person = Person(full_name="Ngô Chuyển Đi", sort_key="di", made_up=True, created_at=NOW)
        session.add(person)
        session.flush()
        last = TODAY - timedelta(days=10)
        session.add_all(
            [
                Membership(person_id=person.id, unit_id=country.units["suoi-lanh"], valid_from=last.replace(year=2025),
                           valid_to=last),
                Membership(person_id=person.id, unit_id=country.units["ia-kha"], valid_from=last + timedelta(days=1)),
            ]
        )  # fmt: skip
        person_id = person.id
    path = f"/bao-cao/hoc-vien/{person_id}"
    left, came = as_user("so.lamdong"), as_user("so.gialai")
    assert (left.get(path).status, came.get(path).status) == (404, 200)
    assert left.get(f"{path}?ngay={last.isoformat()}").status == 200
    assert came.get(f"{path}?ngay={last.isoformat()}").status == 404


# ---- lists ----


@pytest.mark.parametrize("kind", list(ListKind))
def test_a_list_has_the_same_rows_on_page_and_in_files(province: Reader, kind: ListKind) -> None:
    page = province.get(f"/bao-cao/danh-sach/{kind.slug}")
    assert page.status == 200
    shown = lines(page)
    filed = csv_of(province, page.link("Tải CSV"))
    assert [row["Đơn vị"] for row in shown] == [row["Đơn vị"] for row in filed]
    for mine, theirs in zip(shown, filed, strict=True):
        for heading, text in mine.items():
            if heading not in ("Giấy tờ", "Đơn vị") and "/" not in text:
                assert theirs[heading].lstrip("'") == text, heading
    content = province.cookies.get(province.server.root + page.link("Tải Excel"), timeout=60).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if "Đơn vị" in row)
    assert len(rows) - top - 1 == len(filed)
    assert sheet.freeze_panes == f"A{top + 2}"


def test_lists_name_whom_to_call(province: Reader) -> None:
    assert [row["Đơn vị"] for row in lines(province.get("/bao-cao/danh-sach/chua-cu-ai"))] == ["Xã Đá Bạc"]
    (late,) = lines(province.get("/bao-cao/danh-sach/qua-han"))
    assert late["Họ và tên"] == "Trần Thị Bình"
    assert late["Số ngày quá hạn"] == "3"
    (waiting,) = lines(province.get("/bao-cao/danh-sach/cho-cham"))
    assert waiting["Họ và tên"] == "Nguyễn Văn An"
    roles = lines(province.get("/bao-cao/danh-sach/vai-tro-chua-co-ai?vai-tro=thu-ky-iso"))
    assert len(roles) == 4  # nobody has completed anywhere


def test_a_list_can_be_searched_sorted_and_narrowed(province: Reader, world: World) -> None:
    path = "/bao-cao/danh-sach/chi-co-mot-nguoi"
    assert [row["Họ và tên"] for row in lines(province.get(path))] == [HOSTILE, "Lê Một"]
    assert [row["Họ và tên"] for row in lines(province.get(f"{path}?tim=le mot"))] == ["Lê Một"]
    by_name = [row["Họ và tên"] for row in lines(province.get(f"{path}?sap-xep=-ho-va-ten"))]
    assert by_name == ["Lê Một", HOSTILE]
    assert lines(province.get(f"{path}?sap-xep=' OR 1")) == lines(province.get(path))
    one = province.get(f"{path}?don-vi={world.units['hon-rom']}")
    assert [row["Họ và tên"] for row in lines(one)] == ["Lê Một"]
    nothing = province.get(f"{path}?tim=khong co ai")
    assert "Không có dòng nào khớp" in nothing.text
    assert len(lines(province.get(nothing.link("Bỏ tìm")))) == 2
    assert province.get("/bao-cao/danh-sach/khong-co").status == 404


def test_a_name_is_never_a_formula(centre: Reader) -> None:
    page = centre.get("/bao-cao/danh-sach/vai-tro-chua-co-ai?tim=ia kha")
    assert FORMULA in page.html.get_text()
    for row in csv_of(centre, page.link("Tải CSV")):
        assert not any(value.startswith(("=", "+", "@")) for value in row.values())
    content = centre.cookies.get(centre.server.root + page.link("Tải Excel"), timeout=60).content
    for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows():
        assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)


def test_no_list_shows_what_lies_outside(province: Reader, world: World) -> None:
    for kind in ListKind:
        for ending in ("", ".csv", ".xlsx"):
            path = f"/bao-cao/danh-sach/{kind.slug}{ending}"
            assert province.get(f"{path}?don-vi={world.units['ia-kha']}").status == 404
        assert "Ia Kha" not in province.get(f"/bao-cao/danh-sach/{kind.slug}").text


# ---- kept figures ----


def test_figures_are_kept_compared_and_never_changed(
    as_user: Callable[[str], Reader], country: World, portal: Server
) -> None:
    reader, engine = as_user("so.lamdong"), portal.app.portal.engine
    page = reader.get("/bao-cao/so-lieu-chot")
    assert "Chưa chốt lần nào" in page.text
    before = reader.send(page, "Chốt số liệu", ngay=(TODAY - timedelta(days=400)).isoformat())
    assert before.status == 400
    assert "Không có số liệu ngày" in before.text
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    reader.send(reader.get("/bao-cao/so-lieu-chot"), "Chốt số liệu", ngay=yesterday)
    kept = reader.send(reader.get("/bao-cao/so-lieu-chot"), "Chốt số liệu")
    assert "Đã chốt số liệu" in kept.text
    again = reader.send(reader.get("/bao-cao/so-lieu-chot"), "Chốt số liệu")  # pressed twice
    assert again.one("#bang-chot").get_text() == "2 lần chốt"

    def shown(page: Page) -> list[list[str]]:
        return [[cell.get_text(" ") for cell in row.select("td")][:2] for row in page.html.select("tbody tr")]

    # Today's and yesterday's, when nobody was enrolled; each reader sees their own units' part.
    assert [row[0].split() for row in shown(again)] == [["4", "+4"], ["0"]]
    for username, registered in (("so.gialai", "2"), ("trung-uong", "6")):
        assert shown(as_user(username).get("/bao-cao/so-lieu-chot"))[0][0].split()[0] == registered
    with reading(engine) as session:
        assert [one.as_of for one in snapshots(session, COURSE)] == [TODAY, TODAY - timedelta(days=1)]
    assert "thêm 4 người đăng ký" in reader.get("/bao-cao").text
    _complete(portal, country.people["mot"])
    report = reader.get("/bao-cao")
    assert "thêm 4 người đăng ký; thêm 1 người hoàn thành" in report.text
    assert shown(reader.get("/bao-cao/so-lieu-chot"))[0][1].split()[0] == "0"  # what was kept stays
    heads = [th.get_text().strip() for th in report.html.select(".ix-units-table thead th")]
    assert "So với kỳ trước" in heads
    # A role's figures are not compared with everybody's.
    assert "So với số liệu chốt" not in reader.get("/bao-cao?vai-tro=lanh-dao").text


def _complete(portal: Server, person_id: int) -> None:
    from isoxa_grading.completion.standing import rebuild

    with writing(portal.app.portal.engine) as session:
        enrolment = session.scalars(select(Enrolment.id).where(Enrolment.person_id == person_id)).one()
        session.add(TrainingFact(enrolment_id=enrolment, kind=FactKind.COMPLETED, on=TODAY, recorded_at=NOW))
        session.flush()
        rebuild(session)


def test_figures_cannot_be_kept_for_a_unit_outside(as_user: Callable[[str], Reader], world: World) -> None:
    reader = as_user("so.gialai")
    page = reader.get("/bao-cao/so-lieu-chot")
    form = page.button("Chốt số liệu").find_parent("form")
    token = form.find("input", attrs={"name": "_isoxa_xsrf"})["value"]
    answer = reader.cookies.post(
        f"{reader.server.root}/bao-cao/so-lieu-chot",
        data={"_isoxa_xsrf": token, "don-vi": str(world.units["lam-dong"])},
        timeout=60,
    )
    assert answer.status_code == 404
    assert reader.get(f"/bao-cao/so-lieu-chot?don-vi={world.units['lam-dong']}").status == 404


def test_a_communes_account_keeps_no_countrys_figures(portal: Server, world: World) -> None:
    with writing(portal.app.portal.engine) as session:
        account = create_account(
            session, username="ubnd.xa", password=PASSWORD, display_name="UBND xã", person=None, actor=None, now=NOW
        )  # fmt: skip
        commune = session.scalars(select(Unit).where(Unit.kind == UnitKind.COMMUNE).limit(1)).one()
        grant_role(session, account, Role.DEPARTMENT, commune, actor=None, now=NOW)
    reader = Reader(portal).log_in("ubnd.xa")
    page = reader.get("/bao-cao/so-lieu-chot")
    assert (page.status, "khi tỉnh hoặc cả nước chốt" in page.text) == (200, True)
    assert not [one for one in page.html.select("main button") if "Chốt số liệu" in one.get_text()]
    token = reader.cookies.get(f"{reader.server.url}api/session", timeout=60).json()["xsrf"]
    answer = reader.cookies.post(
        f"{reader.server.root}/bao-cao/so-lieu-chot", data={"_isoxa_xsrf": token}, timeout=60
    )
    assert (answer.status_code, "Chỉ tài khoản của tỉnh" in answer.text) == (403, True)


def test_somebody_in_two_communes_is_shown_where_they_are_looked_for(
    province: Reader, world: World, portal: Server
) -> None:
    with writing(portal.app.portal.engine) as session:
        person = Person(full_name="Lý Hai Nơi", sort_key="noi", made_up=True, created_at=NOW)
        session.add(person)
        session.flush()
        for name in ("suoi-lanh", "hon-rom"):
            since = TODAY - timedelta(days=40)
            session.add(Membership(person_id=person.id, unit_id=world.units[name], valid_from=since))
        person_id = person.id
    for name, shown in (("suoi-lanh", "Xã Suối Lành"), ("hon-rom", "Phường Hòn Rơm")):
        page = province.get(f"/bao-cao/hoc-vien/{person_id}?don-vi={world.units[name]}")
        assert shown in page.one(".ix-lead").get_text()


def test_page_and_json_are_the_same_figures(centre: Reader, world: World, portal: Server) -> None:
    page = centre.get(f"/bao-cao?don-vi={world.units['lam-dong']}")
    with reading(portal.app.portal.engine) as session:
        path = session.get_one(Unit, world.units["lam-dong"]).path
        made = completion_report(session, course=COURSE, scope_paths=[path], as_of=TODAY).to_json()
    figures = made["figures"]
    shown = [int(one.get_text()) for one in page.html.select(".ix-tile-figure")]
    names = ("registered", "completed", "waiting_for_grading", "overdue", "communes_nobody_sent")
    assert shown[:5] == [figures[name] for name in names]
    table = page.html.select(".ix-units-table tbody tr")
    assert [row.select_one("th a").get_text() for row in table] == [row["name"] for row in made["communes"]]
    for row, commune in zip(table, made["communes"], strict=True):
        assert int(row.select_one("td[data-label='Đăng ký']").get_text()) == commune["registered"]
