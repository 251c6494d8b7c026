"""The trainer's page "Phân tích câu hỏi": what it says, what it draws, its file, its reach, its look."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.records.database import writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.tables import (
    Answer,
    Attempt,
    AttemptStatus,
    Membership,
    Person,
    QuizVersion,
    SlotScore,
)
from isoxa_portal.pages.item_scatter import scatter
from playwright.sync_api import Browser, Playwright
from sqlalchemy import select

from tests.chromium import FLAGS, chromium_path
from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import HOSTILE, NOW, Page, Reader, World
from tests.portal.tiny_course import CANARIES, COURSE, QUIZ

ADDRESS = f"/cham-bai/phan-tich?khoa={COURSE}&bai={QUIZ}&phien-ban=1"
FILE = ADDRESS.replace("?", "/tai-ve.xlsx?")
ORDER = [f"{CANARIES[5]}-{n}" for n in range(3)]
RIGHT = {
    "c1": (CANARIES[2], 2),
    "c2": (CANARIES[3], 2),
    "c3": (CANARIES[6], 2),
    "c4": (ORDER, 2),
    "c5": ("Bài viết.", 2),
}
WRONG = {
    "c1": ("b", 0),
    "c2": (HOSTILE, 0),
    "c3": ("7", 0),
    "c4": (ORDER[::-1], Decimal("0.67")),
    "c5": ("…", 0),
}


def put_in(server: Server, unit: int, count: int, wrong: int) -> None:
    """``count`` officers of a unit who submitted the quiz, ``wrong`` of them with everything wrong."""
    with writing(server.app.portal.engine) as session:
        edition = latest_edition(session, COURSE)
        version = session.scalars(select(QuizVersion)).one()
        assert edition is not None
        for number in range(count):
            person = Person(full_name=f"Người {number}", sort_key="x", made_up=True, created_at=NOW)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, unit_id=unit, valid_from=date(2025, 7, 1)))
            enrolment = enrol(session, person, edition, due_on=None, source="test", actor=None, now=NOW)
            slots = WRONG if number < wrong else RIGHT
            attempt = Attempt(
                id=uuid4().hex, enrolment_id=enrolment.id, quiz=QUIZ, quiz_version_id=version.id, number=1,
                seed="0" * 64, drawn={"slots": [{"slot": s, "variant": "v1", "layout": {}} for s in slots]},
                status=AttemptStatus.GRADED, started_at=NOW, deadline_at=None, submitted_at=NOW, graded_at=NOW,
                max_points=Decimal(10),
            )  # fmt: skip
            session.add(attempt)
            session.flush()
            for place, (slot, (answer, points)) in enumerate(slots.items(), 1):
                saved = NOW + timedelta(seconds=75 * place)
                session.add_all(
                    [
                        Answer(attempt_id=attempt.id, slot=slot, sequence=1, write_key=slot, answer=answer,
                               late=False, saved_at=saved),
                        SlotScore(attempt_id=attempt.id, slot=slot, revision=1, points=Decimal(points),
                                  max_points=Decimal(2), source="auto", at=NOW),
                    ]
                )  # fmt: skip


@pytest.fixture(scope="module")
def filled(portal: Server, world: World) -> Server:
    """Twelve officers of Lâm Đồng, four of Gia Lai."""
    put_in(portal, world.units["suoi-lanh"], 12, wrong=4)
    put_in(portal, world.units["ia-kha"], 4, wrong=4)
    return portal


@pytest.fixture(scope="module")
def trainer(filled: Server) -> Reader:
    return Reader(filled).log_in("giang-vien")


def cells(page: Page, caption: str) -> list[list[str]]:
    (table,) = [one for one in page.html.find_all("table") if one.caption.get_text().startswith(caption)]
    return [
        [" ".join(c.get_text(" ").split()) for c in row.find_all(["th", "td"])]
        for row in table.select("tbody tr")
    ]


def test_it_is_reached_from_the_grading_page(trainer: Reader) -> None:
    page = trainer.get(trainer.get("/cham-bai").link("Phân tích câu hỏi"))
    assert page.one("h1").get_text() == "Phân tích câu hỏi"
    assert "Tỉnh Lâm Đồng" in page.text
    assert cells(page, "Chọn bài kiểm tra") == [["Bài kiểm tra 1. Mở đầu", "Khóa học thử", "1", "12", "12"]]
    assert trainer.get(page.link("Bài kiểm tra 1. Mở đầu")).path == ADDRESS


def test_the_page_says_its_finding_and_its_figures(trainer: Reader) -> None:
    page = trainer.get(ADDRESS)
    assert "Tính lượt nộp đầu tiên của mỗi người: 12 lượt." in page.text
    # Eight of twelve right in everything: the slots agree, and nothing is flagged.
    assert "Không câu nào trong 5 câu phải xem lại." in page.html.figcaption.get_text()
    tiles = {one.select_one(".ix-tile-words").get_text(): one.select_one(".ix-tile-figure").get_text()
             for one in page.html.select(".ix-tile")}  # fmt: skip
    assert tiles["lượt làm được tính"] == "12"
    assert tiles["câu nên xem lại"] == "0"
    first, *_rest = cells(page, "Số liệu từng câu")
    assert first[1:] == ["12", "0,67", "1,00", "1,00", "1 phút 15 giây", "1 phút 15 giây", "–"]


def test_the_drawing_shows_each_question_and_the_words_say_the_same(trainer: Reader) -> None:
    page = trainer.get(ADDRESS)
    svg = page.html.select("figure.ix-chart svg[role=img]")[0]
    assert [one.get_text() for one in svg.select("text.ix-halo")] == ["1", "2", "3", "4", "5"]
    assert len(svg.select("circle")) == 5
    said = page.html.find(id=svg["aria-describedby"]).get_text()
    assert "Câu 1: tỷ lệ đạt 0,67, độ phân biệt 1,00." in said


def test_what_was_taken_is_listed_and_hostile_text_is_only_text(trainer: Reader) -> None:
    page = trainer.get(ADDRESS)
    assert cells(page, "Đã chọn gì") == [
        ["Phương án một đáp án", "8 lượt (67 %)"],
        ["Phương án hai", "4 lượt (33 %)"],
    ]
    assert HOSTILE in page.html.get_text()
    assert not page.html.find_all("script", string="alert(1)")
    assert "Câu viết, giảng viên chấm" in page.text
    assert page.link("Phần một") == f"/khoa-hoc/{COURSE}/bai/01-mo-dau#phan-1"


def test_too_few_says_so_instead_of_figures(filled: Server) -> None:
    reader = Reader(filled).log_in("giang-vien.gialai")
    page = reader.get(ADDRESS)
    assert "Mới có 4 lượt nộp bài: còn quá sớm để tính, cần ít nhất 10 lượt." in page.text
    assert not page.html.select(".ix-tile, svg[role=img], table")
    assert openpyxl.load_workbook(io.BytesIO(reader.get(FILE).answer.content)).sheetnames


def test_the_file_holds_the_same_figures(trainer: Reader) -> None:
    page = trainer.get(trainer.get(ADDRESS).link("Tải Excel"))
    assert page.answer.headers["Content-Disposition"].startswith(
        'attachment; filename="phan-tich-01-mo-dau-v1-'
    )
    book = openpyxl.load_workbook(io.BytesIO(page.answer.content))
    values = {cell for row in book["Tổng hợp"].iter_rows(values_only=True) for cell in row}
    assert "Tỉnh Lâm Đồng; lượt đầu của mỗi người" in " ".join(str(one) for one in values)
    taken = list(book["Đã trả lời gì"].iter_rows(values_only=True))
    assert any(row[6] == HOSTILE and row[8] == 4 for row in taken)


def test_all_attempts_can_be_asked_for(trainer: Reader) -> None:
    page = trainer.get(trainer.get(ADDRESS).link("Tính mọi lượt đã nộp"))
    assert "Tính mọi lượt đã nộp: 12 lượt của 12 người." in page.text
    assert trainer.get(page.link("Chỉ tính lượt nộp đầu tiên của mỗi người")).path == ADDRESS


@pytest.mark.parametrize(
    "query",
    ["phien-ban=1", "khoa=x&bai=y&phien-ban=1", f"khoa={COURSE}&bai={QUIZ}&phien-ban=2", "phien-ban=abc",
     "phien-ban=-1", "don-vi=1 OR 1", "don-vi=999999"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/cham-bai/phan-tich", "/cham-bai/phan-tich/tai-ve.xlsx"])
def test_what_does_not_exist_is_not_found(trainer: Reader, path: str, query: str) -> None:
    assert trainer.get(f"{path}?{query}").status == 404


def test_a_unit_outside_is_not_found(trainer: Reader, world: World) -> None:
    for unit, status in (("gia-lai", 404), ("ia-kha", 404), ("lam-dong", 200), ("suoi-lanh", 200)):
        for path in (ADDRESS, FILE, "/cham-bai/phan-tich?x="):
            assert trainer.get(f"{path}&don-vi={world.units[unit]}").status == status, (unit, path)


@pytest.mark.parametrize("username", ["an", "so.lamdong", "quan-tri"])
def test_no_other_role_sees_it(as_user: Callable[[str], Reader], filled: Server, username: str) -> None:
    reader = as_user(username)
    assert {reader.get(path).status for path in (ADDRESS, FILE, "/cham-bai/phan-tich")} == {403}


def test_in_english(trainer: Reader) -> None:
    trainer.cookies.cookies.set("isoxa_language", "en")
    try:
        page = trainer.get(f"/ngon-ngu?chon=en&tiep={ADDRESS.replace('&', '%26')}")
        page = trainer.get(ADDRESS)
        assert "None of the 5 questions needs another look." in page.text
        assert "27 % with the highest totals" in page.text
    finally:
        trainer.get("/ngon-ngu?chon=vi")


figures = st.decimals(0, 1, places=2)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(figures, st.decimals(-1, 1, places=2), st.booleans()), min_size=1, max_size=25))
def test_no_mark_leaves_the_field(found: list[tuple[Decimal, Decimal, bool]]) -> None:
    asked = [(number, *one) for number, one in enumerate(found, 1)]
    made = scatter(asked, Decimal("0.3"), Decimal("0.9"), Decimal("0.2"))
    assert made is not None
    assert [dot.number for dot in made.dots] == list(range(1, len(found) + 1))
    for dot, (facility, r, _flagged) in zip(made.dots, found, strict=True):
        assert made.left <= dot.x <= made.right
        assert made.top <= dot.y <= made.bottom
        assert (dot.x <= made.hard_to) == (facility <= Decimal("0.3"))
        assert (dot.y >= made.weak_from) == (r <= Decimal("0.2"))
    assert scatter([], Decimal("0.3"), Decimal("0.9"), Decimal("0.2")) is None


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
    yield browser
    browser.close()


@pytest.mark.browser
def test_axe_finds_nothing_and_a_phone_does_not_scroll_sideways(filled: Server, chromium: Browser) -> None:
    page = chromium.new_page(locale="vi-VN")
    page.set_default_timeout(60_000)
    page.goto(f"{filled.root}/dang-nhap")
    page.get_by_label("Tên đăng nhập").fill("giang-vien")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("link", name="Đăng xuất").or_(page.get_by_role("button", name="Đăng xuất")).wait_for()
    for path in ("/cham-bai/phan-tich", ADDRESS):
        page.goto(filled.root + path)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            found = Axe().run(page).response["violations"]
            assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
            root = "document.documentElement"
            assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0
    # A question's details are closed until one goes to them, by keyboard too.
    link = page.get_by_role("link", name="Câu 2", exact=True).first
    assert not page.locator("#cau-2").is_visible()
    link.press("Enter")
    page.locator("#cau-2").wait_for(state="visible")
    page.close()
