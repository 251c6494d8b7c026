"""Figures, answers, charts and links of the pages: pure functions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_portal import i18n
from isoxa_portal.errors import PortalError
from isoxa_portal.pages.answers import answer_words
from isoxa_portal.pages.chart import Measure, bar_chart
from isoxa_portal.pages.environment import day, number, page_environment, percent
from isoxa_portal.pages.report_query import OVERDUE, ROLES, STATES, ReportQuery
from isoxa_portal.pages.report_table import share_words
from isoxa_portal.pages.view import paged, with_query


@pytest.fixture(autouse=True)
def vietnamese() -> None:
    i18n.use_language("vi")


def test_figures_in_both_languages() -> None:
    assert (number(1250), number(Decimal("98.50"))) == ("1.250", "98,5")
    assert (percent(17, 20), percent(1, 3, 1), percent(0, 0)) == ("85 %", "33,3 %", "0 %")
    i18n.use_language("en")
    assert (number(1250), number(Decimal("98.50"))) == ("1,250", "98.5")


def test_a_day_is_a_day_in_vietnam() -> None:
    assert day(date(2026, 11, 21)) == "21/11/2026"
    assert day(datetime(2026, 11, 21, 18, 0, tzinfo=UTC)) == "22/11/2026"
    assert day(None, "–") == "–"


def test_all_means_all() -> None:
    assert share_words(0.999) == "99 %"
    assert share_words(1.0) == "100 %"
    assert share_words(0.29) == "29 %"
    assert share_words(None) == "–"


@pytest.mark.parametrize(
    ("shown", "answer", "words"),
    [
        ({"type": "single_choice", "choices": [{"id": "x", "text": "Một"}]}, "x", "Một"),
        ({"type": "multiple_choice", "choices": [{"id": "x", "text": "Một"}, {"id": "y", "text": "Hai"}]},
         ["y", "x"], "– Hai\n– Một"),
        ({"type": "ordering", "items": [{"id": "x", "text": "Một"}, {"id": "y", "text": "Hai"}]},
         ["y", "x"], "1. Hai\n2. Một"),
        ({"type": "matching", "lefts": [{"id": "a", "text": "Trái"}], "rights": [{"id": "b", "text": "Phải"}]},
         {"a": "b"}, "Trái – Phải"),
        ({"type": "classification", "boxes": [{"id": "p", "text": "P"}, {"id": "d", "text": "D"}],
          "items": [{"id": "x", "text": "Một"}, {"id": "y", "text": "Hai"}]}, {"x": "d", "y": "d"}, "D: Một; Hai"),
        ({"type": "matrix_score", "items": [{"id": "x", "text": "Mất mạng"}, {"id": "y", "text": "Cháy"}]},
         {"x": [4, 3], "y": [None, 5]},
         "Mất mạng: khả năng 4 × ảnh hưởng 3 = 12\nCháy: khả năng chưa chọn × ảnh hưởng 5"),
        ({"type": "table_fill", "columns": ["Ai", "Khi nào"], "bank": [{"id": "p", "text": "Chị Mai"}],
          "rows": [{"text": "Soạn", "cells": [{"id": "x"}, {"text": "31/3"}]},
                   {"text": "Duyệt", "cells": [{"id": "a"}, {}]}]},
         {"a": "p", "x": "p"}, "Soạn – Ai: Chị Mai\nDuyệt – Ai: Chị Mai"),
        ({"type": "numeric", "unit": "%"}, "98,5", "98,5 %"),
        ({"type": "numeric", "unit": None}, "3", "3"),
        ({"type": "short_text"}, "một cửa", "một cửa"),
        ({"type": "written"}, "dòng 1\ndòng 2", "dòng 1\ndòng 2"),
        ({"type": "single_choice", "choices": []}, None, ""),
    ],
)  # fmt: skip
def test_an_answer_in_words(shown: dict, answer: object, words: str) -> None:
    assert answer_words(shown, answer) == words


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 5000), min_size=1, max_size=8), st.integers(1, 20000))
def test_a_bar_never_leaves_its_picture(values: list[int], whole: int) -> None:
    made = bar_chart("Thấy gì", [Measure("a", "good", value, str(value)) for value in values], whole)
    assert made is not None
    for bar, value in zip(made.bars, values, strict=True):
        assert 0 <= bar.width <= 100
        assert (bar.width > 0) == (value > 0)
        assert bar.y + bar.thickness <= made.height
    assert bar_chart("Không có ai", [], whole) is None


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 300), st.text(max_size=12), st.integers(1, 60))
def test_every_page_of_a_list_is_reached_and_nothing_is_lost(count: int, asked: str, size: int) -> None:
    items = list(range(count))
    seen: list[int] = []
    pager = paged(items, "1", size, "/x", {})
    seen += pager.items
    while pager.next_url:
        query = parse_qs(urlsplit(pager.next_url).query)
        pager = paged(items, query["trang"][0], size, "/x", {})
        seen += pager.items
    assert seen == items
    assert 1 <= paged(items, asked, size, "/x", {}).page <= max(1, -(-count // size))


@settings(deadline=None, max_examples=80)
@given(
    st.one_of(st.none(), st.integers(1, 999_999_999)),
    st.sampled_from(["", OVERDUE, *STATES]),
    st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20),
    st.sampled_from(["", *ROLES]),
    st.text("0123456789-/", max_size=12),
)
def test_a_link_says_all_that_was_asked(unit: int | None, state: str, text: str, role: str, day: str) -> None:
    given = {"don-vi": str(unit or ""), "trang-thai": state, "tim": text, "vai-tro": role, "ngay": day}
    asked = ReportQuery.read(lambda name, default: given.get(name, default))
    link = parse_qs(urlsplit(asked.link("/bao-cao")).query)
    assert ReportQuery.read(lambda name, default: link.get(name, [default])[0]) == asked


@pytest.mark.parametrize("unit", ["1 OR 1=1", "-1", "٣", "9" * 30, "<b>"])
def test_a_unit_that_cannot_be_one_is_not_found(unit: str) -> None:
    with pytest.raises(PortalError) as refused:
        ReportQuery.read(lambda name, default: unit if name == "don-vi" else default)
    assert refused.value.status == 404


def test_links_carry_what_people_type() -> None:
    assert with_query("/x", {"tim": "a&b=<c>", "trang": ""}) == "/x?tim=a%26b%3D%3Cc%3E"


def test_templates_escape_and_miss_nothing() -> None:
    environment = page_environment()
    assert environment.from_string("{{ _('%(x)s người', x=name) }}").render(name="<b>") == "&lt;b&gt; người"
    for name in environment.list_templates():
        environment.get_template(name)
