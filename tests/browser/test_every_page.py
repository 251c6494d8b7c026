"""Every page of every role: no request to another host, no serious fault for axe, no sideways scrolling on a phone.

With ``ISOXA_SCREENSHOTS=FOLDER`` each page is also written there as a picture, at 1280 and at 390 px.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from isoxa_courses.models import Lesson
from isoxa_grading.nbgrader_bridge import NbgraderFolder, student_name
from isoxa_grading.nbgrader_bridge.sandbox.marks import CellMark, Marks, write_marks
from isoxa_grading.records.database import reading
from isoxa_grading.records.tables import Account, Attempt, HandIn
from isoxa_grading.records.tables.training import AttemptStatus
from isoxa_portal.demo.exercise import NAME as EXERCISE
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from tests.browser.conftest import NewContext
from tests.browser.people import Cast, Login, finish_lesson
from tests.browser.records import COURSE, LESSON, QUIZ
from tests.browser.serving import Portal
from tests.browser.steps import do_checkpoint, group, sign_in, wait_for_tools

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
TITLE = "Tỷ lệ hồ sơ đúng hạn của quý III"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# Contrast takes most of axe's time on a long table, and colours do not change with the width.
AXE: dict[int, dict[str, Any]] = {
    1280: {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}},
    390: {"resultTypes": ["violations"]},
}

# Of rows made alike (the same tags, classes, attributes and stripe) axe looks at the first: a list of 124 communes says
# the same 124 times, and costs as much as all other pages together.
MARK_REPEATED = """() => {
    for (const rows of document.querySelectorAll('tbody')) {
        const seen = new Set();
        [...rows.children].forEach((row, index) => {
            const parts = [row, ...row.querySelectorAll('*')];
            const look = index % 2 + parts.map(
                part => part.tagName + [...part.attributes].map(
                    one => one.name + (['class', 'role', 'scope', 'type', 'style'].includes(one.name) ? one.value : '')
                )
            ).join(' ');
            row.toggleAttribute('data-repeated', seen.has(look));
            seen.add(look);
        });
    }
}"""


@dataclass
class Walk:
    """A way through the pages in one browser; ``look`` examines where it stands, ``end`` says what was wrong."""

    portal: Portal
    context: BrowserContext
    page: Page
    name: str
    faults: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def go(self, path: str, name: str) -> None:
        self.page.goto(self.portal.url + path)
        self.look(name)

    def follow_links(self) -> None:
        """Look at every page that links lead to from here, one of each kind: pages added later are walked too."""
        seen: set[str] = set()
        waiting = [self.page.url]
        while waiting:
            address = waiting.pop(0)
            kind = kind_of(address, self.portal.url)
            if kind is None or kind in seen:
                continue
            answer = self.page.goto(address)
            if answer is None or answer.status != 200:
                self.faults.append(f"{address} is linked to and does not open")
            here = kind_of(self.page.url, self.portal.url)
            if here is not None and here not in seen:
                self.look(re.sub(r"\W+", "-", here).strip("-"))
            seen |= {kind, here or kind}
            waiting += self.page.evaluate(
                "[...document.querySelectorAll('a[href]:not([download], svg a)')].map(a => a.href)"
            )

    def look(self, name: str) -> None:
        for size in (WIDE, PHONE):
            self.page.set_viewport_size(size)
            self._picture(f"{name}-{size['width']}")
            self.page.evaluate(MARK_REPEATED)
            found = Axe().run(
                self.page, context={"exclude": [["[data-repeated]"]]}, options=AXE[size["width"]]
            )
            for fault in found.response["violations"]:
                if fault["impact"] in ("serious", "critical"):
                    nodes = [node["html"][:200] for node in fault["nodes"]]
                    self.faults.append(f"{name} at {size['width']}: {fault['id']} {nodes}")
        over = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if over > 0:
            self.faults.append(f"{name} scrolls sideways by {over} px on a phone")
        self.page.set_viewport_size(WIDE)

    def _picture(self, name: str) -> None:
        folder = os.environ.get("ISOXA_SCREENSHOTS")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{self.name}-{name}.png", full_page=True)

    def end(self) -> None:
        assert self.faults == []
        assert self.strangers == [], "requests to other hosts"


def kind_of(address: str, root: str) -> str | None:
    """The page without what tells one record from another; None for what is no page of this walk."""
    parts = urlsplit(address)
    asked = sorted(name for name, _value in parse_qsl(parts.query))
    # Another order or another sheet of one list is the same page; a lesson has a walk of its own.
    if not address.startswith(root) or {"sap-xep", "trang", "chon"} & set(asked) or "/bai/" in parts.path:
        return None
    if re.search(r"\.(xlsx|csv|json|html|pdf)$", parts.path):
        return None
    path = re.sub(r"/(\d+|[0-9a-f]{32}|ISOXA-\d{4}-\d{6}-\w)(?=/|$)", "/N", parts.path)
    return "?".join([path.rstrip("/"), *asked])


@pytest.fixture
def walk(portal: Portal, new_context: NewContext) -> Iterator[Callable[[str, Login | None], Walk]]:
    """Start a walk as somebody; every request to another host than the portal's is stopped and noted."""
    begun: list[Walk] = []

    def start(name: str, login: Login | None) -> Walk:
        context = new_context()
        made = Walk(portal, context, context.new_page(), name)
        elsewhere = re.compile(rf"^(?!{re.escape(portal.url)}|data:|blob:)")
        context.route(elsewhere, lambda route: (made.strangers.append(route.request.url), route.abort())[1])
        here = portal.url.replace("http", "ws", 1)
        made.page.on(
            "websocket",
            lambda socket: None if socket.url.startswith(here) else made.strangers.append(socket.url),
        )
        if login is not None:
            made.page.goto(portal.url)
            sign_in(made.page, login)
        begun.append(made)
        return made

    yield start
    for made in begun:
        made.end()


def test_a_request_to_another_host_would_be_seen(portal: Portal, new_context: NewContext) -> None:
    """The net of the other tests has no hole: one stranger let through on purpose is caught."""
    page = new_context(bypass_csp=True).new_page()
    strangers: list[str] = []
    elsewhere = re.compile(rf"^(?!{re.escape(portal.url)}|data:|blob:)")
    page.context.route(elsewhere, lambda route: (strangers.append(route.request.url), route.abort())[1])
    page.goto(portal.url)
    page.evaluate("fetch('http://khac.example/a.js', {mode: 'no-cors'}).catch(() => null)")
    assert strangers == ["http://khac.example/a.js"]


def test_pages_of_a_visitor(walk: Callable[[str, Login | None], Walk]) -> None:
    visit = walk("visitor", None)
    visit.go("", "login")
    visit.follow_links()
    visit.go("dang-nhap", "login")
    visit.page.get_by_role("button", name="Đăng nhập").click()
    expect(visit.page.get_by_role("heading", name="Cần xem lại")).to_be_visible()
    visit.look("login-errors")
    visit.go(f"khoa-hoc/{COURSE}", "login-for-a-page")
    visit.page.get_by_role("link", name="English").click()
    expect(visit.page.get_by_role("button", name="Log in")).to_be_visible()
    visit.look("login-english")


def test_pages_of_an_officer_who_learns(
    walk: Callable[[str, Login | None], Walk], cast: Cast, lesson: Lesson
) -> None:
    visit = walk("officer", cast.officer())
    page = visit.page
    visit.follow_links()
    visit.go(f"khoa-hoc/{COURSE}/kiem-tra/{QUIZ}", "quiz-locked")
    visit.go("khoa-hoc/khong-co", "not-found")
    visit.go("bao-cao", "forbidden")
    page.goto(f"{visit.portal.url}khoa-hoc/{COURSE}/bai/{LESSON}")
    wait_for_tools(page, lesson)
    do_checkpoint(page, lesson, lesson.checkpoints[0].id)
    visit.look("lesson")


def test_pages_of_an_officer_who_is_examined(
    walk: Callable[[str, Login | None], Walk], portal: Portal, cast: Cast, lesson: Lesson
) -> None:
    officer = cast.officer()
    finish_lesson(portal.data, portal.engine, officer, lesson)
    visit = walk("quiz", officer)
    page = visit.page
    page.goto(f"{portal.url}khoa-hoc/{COURSE}/kiem-tra/{QUIZ}")
    begin = page.get_by_role("button", name="Bắt đầu làm bài")
    expect(begin).to_be_visible()
    visit.look("start")
    begin.click()
    expect(group(page, 1)).to_be_visible()
    visit.look("paper")
    page.get_by_role("button", name="Nộp bài").click()
    dialog = page.get_by_role("dialog", name="Nộp bài")
    expect(dialog).to_be_visible()
    visit.look("dialog")
    dialog.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Kết quả", level=1)).to_be_visible()
    visit.look("result-nothing-answered")
    visit.go(f"khoa-hoc/{COURSE}", "course-after")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("passed", Attempt.passed.is_(True)),
        ("failed", Attempt.passed.is_(False)),
        ("waiting", Attempt.status == AttemptStatus.SUBMITTED),
    ],
)
def test_pages_of_a_result(
    walk: Callable[[str, Login | None], Walk], cast: Cast, name: str, wanted: object
) -> None:
    officer, attempt = cast.officer_with(wanted)
    visit = walk(name, officer)
    visit.look("courses")
    visit.go(f"khoa-hoc/{COURSE}/ket-qua/{attempt}", "result")


@pytest.mark.filterwarnings("ignore:Object of type")
def test_pages_of_an_assignment(
    walk: Callable[[str, Login | None], Walk], portal: Portal, cast: Cast, tmp_path: Path
) -> None:
    """Found at home, taken away, refused, handed in by keyboard and by dropping a file; the trainer's pages of it, with
    more time for one person; and the news of the marks."""
    release = portal.data.nbgrader(COURSE) / "release" / EXERCISE / f"{EXERCISE}.ipynb"
    answered = release.read_text("utf-8").replace("raise NotImplementedError()", "return 95.0")
    officer = cast.officer()
    visit = walk("assignment", officer)
    page = visit.page
    page.goto(f"{portal.url}khoa-hoc")
    expect(page.locator(".ix-card .ix-task")).to_contain_text("Chưa nộp")
    page.get_by_role("link", name=TITLE).click()
    visit.look("assignment")
    photo = tmp_path / f"{EXERCISE}.ipynb"
    photo.write_bytes(b"\xff\xd8\xff\xe0" + bytes(500))
    page.get_by_label("Các tệp bài làm").set_input_files(photo)
    hand_in = page.get_by_role("button", name="Nộp bài")
    hand_in.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ix-errors")).to_be_focused()
    expect(page.locator(".ix-errors")).to_contain_text("thật ra là ảnh JPEG đổi tên")
    visit.look("assignment-refused")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Các tệp bài làm")).to_be_focused()
    drop(page, f"{EXERCISE} (2).ipynb", answered)
    hand_in.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã nhận bài, lần nộp 1")).to_be_visible()
    visit.look("assignment-received")

    trainer = walk("assignment-trainer", cast.staff("trainer"))
    theirs = trainer.page
    trainer.go("cham-bai/bai-tap", "assignments")
    theirs.get_by_role("link", name=TITLE).click()
    trainer.look("handed-in")
    with theirs.expect_download() as zipped:
        theirs.get_by_role("link", name="Tải tất cả bài nộp (.zip)").click()
    assert zipped.value.suggested_filename == f"bai-nop-{EXERCISE}.zip"
    theirs.get_by_role("link", name=officer.name).click()
    expect(theirs.get_by_role("heading", name=officer.name, level=1)).to_be_visible()
    trainer.look("hand-in")
    theirs.get_by_role("link", name="Gia hạn, cho nộp thêm").click()
    theirs.get_by_label("Hạn mới (hết ngày)").fill("31/12/2030")
    theirs.keyboard.press("Enter")
    expect(theirs.locator(".ix-errors")).to_contain_text("Chưa có lý do")
    trainer.look("grant-refused")
    theirs.get_by_label("Lý do gia hạn (học viên đọc được)").fill("Nghỉ ốm")
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_text("Đã gia hạn. Học viên thấy hạn mới kèm lý do.")).to_be_visible()
    theirs.get_by_role("link", name="Gia hạn cho một người").click()
    theirs.get_by_label("Tên học viên").fill(officer.name)
    theirs.keyboard.press("Enter")
    expect(theirs.get_by_role("link", name=officer.name)).to_be_visible()
    trainer.look("grant-find")

    mark_all(portal, officer)
    visit.go("khoa-hoc", "home-with-news")
    expect(page.get_by_text("Được gia hạn nộp đến 31/12/2030 23:59")).to_be_visible()
    page.get_by_role("link", name=f"Xem kết quả và nhận xét: {TITLE}").click()
    expect(page.get_by_text("Đã chấm: 6,5/10")).to_be_visible()
    visit.look("assignment-marked")


def mark_all(portal: Portal, officer: Login) -> None:
    """Marks of what the officer handed in, as a run and a trainer leave them in nbgrader's gradebook."""
    query = select(HandIn).join(Account, Account.person_id == HandIn.person_id)
    with reading(portal.engine) as session:
        row = session.scalars(query.where(Account.username == officer.username)).one()
    scores = {"thu-mot-linh-vuc": 3.0, "thu-khong-ho-so": 0.0, "nhan-xet": 2.0, "de-xuat": 1.5}
    cells = [CellMark(EXERCISE, id_, score, None) for id_, score in scores.items()]
    folder = NbgraderFolder(portal.data.nbgrader(COURSE))
    write_marks(folder, EXERCISE, student_name(row.person_id), Marks(row.received_at, cells, [], {}))


def drop(page: Page, name: str, content: str) -> None:
    """A file let go over the form's area, as from a file manager."""
    carried = page.evaluate_handle(
        """([name, content]) => {
            const carried = new DataTransfer();
            carried.items.add(new File([content], name));
            return carried;
        }""",
        [name, content],
    )
    page.locator(".ix-drop").dispatch_event("drop", {"dataTransfer": carried})


def test_pages_of_a_department(walk: Callable[[str, Login | None], Walk], cast: Cast) -> None:
    visit = walk("department", cast.staff("department"))
    visit.follow_links()
    page = visit.page
    page.goto(f"{visit.portal.url}bao-cao/danh-sach/chua-cu-ai")
    page.locator(".ix-call-table tbody").get_by_role("link").first.click()
    expect(page.get_by_text("Đơn vị này chưa có người nào trong danh sách học.")).to_be_visible()
    visit.look("commune-nobody")
    visit.go("bao-cao?tim=khong-co-xa-nay", "report-nothing-found")


def test_pages_of_a_trainer(walk: Callable[[str, Login | None], Walk], cast: Cast) -> None:
    visit = walk("trainer", cast.staff("trainer"))
    page = visit.page
    visit.follow_links()
    page.goto(f"{visit.portal.url}cham-bai")
    page.get_by_role("link", name="Chấm bài chờ lâu nhất").click()
    page.get_by_label("Điểm", exact=True).fill("một trăm")
    page.get_by_role("button", name="Lưu điểm").click()
    expect(page.get_by_role("heading", name="Cần xem lại")).to_be_visible()
    visit.look("answer-errors")


def test_pages_of_an_administrator(
    walk: Callable[[str, Login | None], Walk], cast: Cast, tmp_path: Path
) -> None:
    visit = walk("admin", cast.staff("admin"))
    page = visit.page
    visit.follow_links()
    page.goto(f"{visit.portal.url}quan-tri/tai-khoan/moi")
    page.get_by_role("button", name="Tạo tài khoản").click()
    expect(page.get_by_role("heading", name="Cần xem lại")).to_be_visible()
    visit.look("account-new-errors")
    page.goto(f"{visit.portal.url}quan-tri/danh-sach")
    page.get_by_label("Tệp danh sách").set_input_files(untidy_roster(tmp_path))
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("table").first).to_be_visible()
    visit.look("roster-preview")
    page.get_by_role("button", name="Xác nhận nhập").click()
    expect(page.get_by_role("heading", name="Đã nhập danh sách", level=1)).to_be_visible()
    visit.look("roster-result")


def untidy_roster(folder: Path) -> Path:
    """Two rows to take in, two that cannot be."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Họ và tên", "Đơn vị", "Tỉnh", "Mã cán bộ", "Chức danh"),
        ("Nguyễn Thị Thử", "Xã Di Linh", "Lâm Đồng", "THU001", "Công chức Văn phòng"),
        ("Trần Văn Nghiệm", "xa di linh", "Lam Dong", "THU002", "Công chức một cửa"),
        ("Lê Văn Lạc", "Xã Không Đâu Có", "Lâm Đồng", "THU003", ""),
        ("", "Xã Di Linh", "Lâm Đồng", "THU004", ""),
    ):
        sheet.append(row)
    file = folder / "danh-sach.xlsx"
    book.save(file)
    return file
