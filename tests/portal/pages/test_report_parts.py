"""The report's pictures and words, without a server: maps, months, what changed, the day asked for."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.reports import Figures, MonthRow
from isoxa_portal import i18n
from isoxa_portal.pages.report_change import change_since, difference
from isoxa_portal.pages.report_map import CLASSES, Place, class_of, country_map, province_map
from isoxa_portal.pages.report_months import month_chart
from isoxa_portal.pages.report_query import ReportQuery

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    i18n.use_language("vi")


@st.composite
def communes(draw: st.DrawFn) -> list[Place]:
    """Communes anywhere in the country, also at one and the same spot, of a few provinces."""
    made = []
    for number in range(draw(st.integers(1, 40))):
        registered = draw(st.integers(0, 9))
        completed = draw(st.integers(0, registered))
        made.append(
            Place(
                number + 1, f"Xã {number}", draw(st.floats(8.2, 23.5)), draw(st.floats(102.0, 114.9)),
                registered, completed, completed / registered if registered else None, draw(st.integers(1, 4)),
            )
        )  # fmt: skip
    return made


@settings(deadline=None, max_examples=60)
@given(communes())
def test_every_commune_is_on_the_countrys_map_once(places: list[Place]) -> None:
    made = country_map(places, lambda province: (f"/tinh/{province}", f"Tỉnh {province}"))
    assert made is not None
    assert {region.unit_id for region in made.regions} == {place.province for place in places}
    drawn = dict.fromkeys(CLASSES, 0)
    for region in made.regions:
        assert region.url == f"/tinh/{region.unit_id}"
        for kind, path in region.paths:
            points = re.findall(r"M(-?\d+) (-?\d+)", path)
            drawn[kind] += len(points)
            assert all(0 <= int(x) <= made.width and 0 <= int(y) <= made.height for x, y in points)
    expected = [class_of(place.registered, place.share) for place in places]
    assert drawn == {kind: expected.count(kind) for kind in CLASSES}
    assert [line.count for line in made.legend] == [expected.count(kind) for kind in CLASSES]


@settings(deadline=None, max_examples=60)
@given(communes())
def test_every_commune_of_a_province_can_be_pointed_at(places: list[Place]) -> None:
    made = province_map(places, lambda place: (f"/xa/{place.unit_id}", place.name))
    assert made is not None
    assert sorted(mark.url for mark in made.marks) == sorted(f"/xa/{place.unit_id}" for place in places)
    edge = 6 * made.radius
    for mark in made.marks:
        assert -edge <= mark.x <= made.width + edge
        assert -edge <= mark.y <= made.height + edge
    spots = {(mark.x, mark.y) for mark in made.marks}
    assert len(spots) == len(places) or len(places) > 3  # two at one place are pushed apart


def test_two_communes_at_one_place_are_pushed_apart() -> None:
    places = [Place(n, f"Xã {n}", 11.5, 108.0, 1, 0, 0.0) for n in (1, 2)]
    made = province_map([*places, Place(3, "Xã 3", 12.0, 108.5, 0, 0, None)], lambda p: ("/", p.name))
    assert made is not None
    first, second = (mark for mark in made.marks if mark.words != "Xã 3")
    assert abs(first.x - second.x) >= 2 * made.radius


def test_islands_lie_in_their_places_and_far_ones_get_a_frame() -> None:
    coast = [Place(n, f"Xã {n}", 12.0 + n / 20, 109.0 + n / 50, 1, 1, 1.0, 1) for n in range(8)]
    island = Place(99, "Đặc khu Trường Sa", 9.71, 114.45, 0, 0, None, 1)
    country = country_map([*coast, island], lambda _province: ("/", "Khánh Hòa"))
    assert country is not None
    (label,) = country.labels
    assert label.text == "Trường Sa"
    assert label.x > 0.9 * country.width
    province = province_map([*coast, island], lambda place: (f"/{place.unit_id}", place.name))
    assert province is not None
    (frame,) = province.frames
    assert frame.words == "Trường Sa"
    assert frame.x > province.width / 2  # it lies to the east
    mark = next(one for one in province.marks if one.url == "/99")
    assert frame.x < mark.x < frame.x + frame.side
    # The rest is not shrunk by it.
    others = [one.y for one in province.marks if one.url != "/99"]
    assert max(others) - min(others) > 0.5 * province.height


def test_three_thousand_communes_stay_light() -> None:
    places = [
        Place(n, "Xã", 9 + n % 140 / 10, 102.1 + n % 70 / 10, n % 4, 0, None, n % 34) for n in range(3321)
    ]
    made = country_map(places, lambda province: (f"/bao-cao?don-vi={province}", "Tỉnh"))
    assert made is not None
    assert sum(len(path) for region in made.regions for _kind, path in region.paths) < 100_000
    assert country_map([], lambda _p: ("", "")) is None
    assert province_map([], lambda _p: ("", "")) is None


@pytest.mark.parametrize(
    ("registered", "share", "kind"),
    [(0, None, "nobody"), (3, 0.0, "zero"), (3, 0.333, "low"), (2, 0.5, "middle"), (9, 0.799, "middle"),
     (5, 0.8, "high"), (4, None, "high")],
)  # fmt: skip
def test_a_mark_says_the_share(registered: int, share: float | None, kind: str) -> None:
    assert class_of(registered, share) == kind


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=30))
def test_months_are_columns_of_the_last_year(counts: list[int]) -> None:
    months, until = [], 0
    for number, count in enumerate(counts):
        until += count
        months.append(MonthRow(date(2024 + number // 12, number % 12 + 1, 1), count, until))
    made = month_chart(months)
    shown = counts[-12:]
    if not any(shown):
        assert made is None
        return
    assert made is not None
    assert len(made.columns) == len(shown)
    tallest = max(made.columns, key=lambda column: column.height)
    assert shown[made.columns.index(tallest)] == max(shown)
    for column, count in zip(made.columns, shown, strict=True):
        assert (column.height > 0) == (count > 0)
        assert column.left >= 0
        assert column.left + column.width <= 100
        assert column.y >= 20  # room for the figure above
    assert any(column.over for column in made.columns)


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ([3], "Tháng 1/2026 có 3 người hoàn thành lần đầu"),
        ([3, 5], "Tháng 2/2026 có nhiều người hoàn thành nhất: 5 người"),
        ([5, 3], "Tháng 2/2026 có 3 người hoàn thành; nhiều nhất là tháng 1/2026: 5 người"),
        ([5, 0], "Tháng 2/2026 chưa có ai hoàn thành; nhiều nhất là tháng 1/2026: 5 người"),
        ([5, 5], "Tháng 2/2026 có 5 người hoàn thành, bằng tháng nhiều nhất"),
    ],
)
def test_the_months_title_says_the_finding(counts: list[int], title: str) -> None:
    made = month_chart([MonthRow(date(2026, n + 1, 1), count, 0) for n, count in enumerate(counts)])
    assert made is not None
    assert made.title == title


def figures(**counts: int) -> Figures:
    names = ("communes", "communes_nobody_sent", "communes_one_person_only", "registered", "not_started",
             "in_progress", "waiting_for_grading", "completed", "completed_late", "expired", "waived", "overdue",
             "not_registered")  # fmt: skip
    return Figures(**{name: counts.get(name, 0) for name in names}, share_completed=None)


def test_what_changed_is_told_in_words_and_signs() -> None:
    made = change_since(
        figures(registered=1520, completed=12, communes_nobody_sent=3),
        figures(registered=1500, completed=12, communes_nobody_sent=5, overdue=1),
        date(2026, 10, 31),
    )
    assert made.sentence == (
        "So với số liệu chốt ngày 31/10/2026: thêm 20 người đăng ký; bớt 1 người quá hạn; bớt 2 đơn vị chưa cử ai."
    )
    assert made.notes == {"registered": "+20", "overdue": "−1", "communes_nobody_sent": "−2"}
    same = change_since(figures(), figures(), date(2026, 10, 31))
    assert same.sentence.endswith("chưa có gì thay đổi.")
    assert (difference(1500, 0), difference(0, 1500), difference(2, 2)) == ("+1.500", "−1.500", "không đổi")


@pytest.mark.parametrize(
    ("asked", "day", "problem"),
    [
        ("", TODAY, ""),
        ("2026-10-31", date(2026, 10, 31), ""),
        ("31/10/2026", date(2026, 10, 31), ""),
        ("1.2.2026", date(2026, 2, 1), ""),
        ("31/02/2026", TODAY, "Không có ngày 31/02/2026 trong lịch. Xin kiểm tra lại."),
        ("2026-13-01", TODAY, "Không có ngày 2026-13-01 trong lịch. Xin kiểm tra lại."),
        ("hôm qua", TODAY, "Chưa hiểu ngày “hôm qua”. Xin ghi ngày dạng 31/12/2026."),
        ("٢٠٢٦-٠١-٠١", TODAY, "Chưa hiểu ngày “٢٠٢٦-٠١-٠١”. Xin ghi ngày dạng 31/12/2026."),
        ("2026-11-23", TODAY, "Ngày 23/11/2026 chưa đến. Số liệu chỉ có đến hôm nay."),
        ("0000-01-01", TODAY, "Không có ngày 0000-01-01 trong lịch. Xin kiểm tra lại."),
    ],
)
def test_the_day_asked_for(asked: str, day: date, problem: str) -> None:
    assert ReportQuery(day=asked).as_of(TODAY) == (day, problem)


def test_a_kept_link_means_the_day_it_is_opened() -> None:
    query = ReportQuery(course="c", unit=3, role="lanh-dao")
    assert "ngay" not in query.settled("c", TODAY, TODAY).link("/bao-cao")
    before = TODAY - timedelta(days=3)
    assert "ngay=2026-11-19" in query.settled("c", before, TODAY).link("/bao-cao")
    # One level down, course, role and day stay; the table's order and search do not.
    down = ReportQuery(course="c", role="lanh-dao", day="2026-11-19", text="x", sort="-ten").at_unit(
        "/bao-cao", 7
    )
    assert down == "/bao-cao?khoa=c&don-vi=7&vai-tro=lanh-dao&ngay=2026-11-19"
