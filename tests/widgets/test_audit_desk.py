"""The audit desk in Chromium, with a small folder of its own: by mouse, by keyboard alone, on a second PC, a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from isoxa_courses.tools.audit_desk import AuditDesk
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.widgets.conftest import serious_faults, until
from tests.widgets.lesson_page_stub import LessonKernel
from tests.widgets.portal_server import PortalServer

pytestmark = pytest.mark.browser
SignIn = Callable[..., BrowserContext]

DESK: dict[str, Any] = {
    "id": "ban",
    "tool": "audit_desk",
    "title": "Bàn đánh giá",
    "intro": "Tập bằng chứng dưới đây là giả định. Anh/chị xét từng mục.",
    "criteria": [
        {
            "id": "b4",
            "clause": "Quy trình QT-05, bước 4",
            "text": "Mỗi hồ sơ có phiếu kiểm soát, ghi giờ chuyển từng khâu.",
        },
        {
            "id": "k75",
            "clause": "TCVN ISO 9001:2015, 7.5.3",
            "text": "Tài liệu đang dùng là bản còn hiệu lực.",
        },
        {"id": "k72", "clause": "TCVN ISO 9001:2015, 7.2", "text": "Người làm việc có đủ năng lực."},
    ],
    "evidence": [
        {
            "id": "so",
            "kind": "Sổ theo dõi",
            "title": "Trang sổ chứng thực ngày 12/10/2026",
            "body": "Anh/chị rút năm dòng.\n\nHồ sơ số 21 và 34 không kèm phiếu kiểm soát.",
            "table": {
                "columns": ["Số", "Giờ nhận", "Giờ hẹn trả", "Giờ trả", "Phiếu kiểm soát", "Người ký"],
                "rows": [
                    ["19", "8 giờ 05", "10 giờ 30", "9 giờ 40", "có", "bà An"],
                    ["21", "8 giờ 20", "10 giờ 30", "10 giờ 10", "không", "bà An"],
                    ["34", "9 giờ 15", "11 giờ 00", "10 giờ 55", "không", "ông Bình"],
                ],
            },
            "verdict": "nonconformity",
            "criteria": ["b4"],
            "why": "Bước 4 đòi phiếu kiểm soát trong mỗi hồ sơ; hai hồ sơ không có.",
            "finding": "Bước 4 của QT-05 yêu cầu phiếu kiểm soát. Xem 3 hồ sơ, số 21 và 34 không có phiếu.",
        },
        {
            "id": "bieu-mau",
            "kind": "Tài liệu",
            "title": "Biểu mẫu đặt ở quầy",
            "body": "Mẫu đơn trên bàn là lần sửa 3, đúng danh mục.",
            "verdict": "conformity",
            "criteria": ["k75"],
            "why": "Bản đang dùng trùng với danh mục: có yêu cầu, có bằng chứng, không có khoảng cách.",
        },
        {
            "id": "bang",
            "kind": "Quan sát",
            "title": "Ngăn tủ đựng hồ sơ chờ trả",
            "body": "Ngăn tủ gần đầy, nhãn đã mờ. Chưa có hồ sơ nào lạc.",
            "verdict": "observation",
            "why": "Chưa yêu cầu nào bị vi phạm, nhưng có thể dẫn tới nhầm hồ sơ.",
        },
    ],
    "own": {"intro": "Chọn một việc nhỏ ở đơn vị mình.", "min_rows": 1},
}
FINDING = {
    "Yêu cầu": "Bước 4 của QT-05: mỗi hồ sơ có phiếu kiểm soát.",
    "Bằng chứng": "Xem ba hồ sơ ngày 12/10/2026; số 21 và 34 không có phiếu.",
    "Chỗ chưa đáp ứng": "Hai trên ba hồ sơ thiếu phiếu kiểm soát.",
}
PLAN = {
    "Mục tiêu đánh giá": "Biết quy trình hộ tịch có được làm đúng không.",
    "Phạm vi đánh giá": "Bộ phận hộ tịch, hồ sơ quý III.",
    "Chuẩn mực đánh giá": "Quy trình HT-02; TCVN ISO 9001:2015, 8.5.",
    "Ngày đánh giá": "2026-12-15",
    "Trưởng đoàn đánh giá": "Nguyễn Thị Lan",
}


@pytest.fixture
def kernel(portal: PortalServer) -> LessonKernel:
    kernel = LessonKernel.of_tools(AuditDesk.model_validate(DESK))
    portal.world.kernel = kernel
    portal.world.pages["lesson"] = kernel.page(portal=True)
    return kernel


def open_desk(context: BrowserContext, portal: PortalServer) -> tuple[Page, Locator]:
    page = context.new_page()
    page.goto(f"{portal.url}lesson")
    page.wait_for_function("window.allDrawn")
    expect(page.get_by_text("Đang mở…")).to_have_count(0)
    return page, page.get_by_role("region", name="Bàn đánh giá", exact=True)


def saved(portal: PortalServer, username: str = "lan") -> dict[str, Any]:
    return portal.world.items.get((username, "ban"), {}).get("state") or {}


def is_done(portal: PortalServer) -> bool:
    return bool(portal.world.items.get(("lan", "ban"), {}).get("done"))


def parts(desk: Locator) -> Locator:
    return desk.get_by_role("group", name="Ghi phát hiện, đủ ba phần")


def test_by_mouse_and_again_on_another_pc(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    _, desk = open_desk(sign_in(), portal)
    check = desk.get_by_role("button", name="Kiểm tra mục này")
    verdict = desk.locator(".ix-w-sheet .ix-w-verdict")
    tab = desk.get_by_role("tab")
    expect(desk.get_by_text("0 trên 3 mục đã xét")).to_be_visible()
    expect(desk.get_by_role("tabpanel")).to_contain_text("Trang sổ chứng thực ngày 12/10/2026")
    expect(desk.get_by_role("cell", name="ông Bình")).to_be_visible()

    check.click()
    expect(desk.get_by_role("alert")).to_contain_text("chọn một kết luận")

    # Wrong first: why, and nothing yet of what a right answer looks like.
    desk.get_by_label("Phù hợp", exact=True).check()
    check.click()
    expect(verdict).to_contain_text("Kết luận chưa đúng.")
    expect(verdict).to_contain_text("hai hồ sơ không có")
    expect(verdict).to_be_focused()
    expect(tab.nth(0)).to_have_accessible_name(
        "1 Sổ theo dõi Trang sổ chứng thực ngày 12/10/2026 (cần xem lại)"
    )
    expect(verdict.locator("blockquote")).to_have_count(0)

    # The verdict right, the requirement wrong, the finding short: each is told, the sample waits.
    desk.get_by_label("Không phù hợp", exact=True).check()
    expect(verdict).to_have_count(0)
    desk.get_by_label("Đối chiếu với yêu cầu nào?").select_option("k72")
    parts(desk).get_by_label("Bằng chứng").fill("thiếu phiếu")
    check.click()
    expect(verdict).to_contain_text("Yêu cầu được dẫn chưa phải")
    expect(verdict).to_contain_text("còn thiếu phần: yêu cầu, chỗ chưa đáp ứng")
    expect(verdict.locator("blockquote")).to_have_count(0)

    desk.get_by_label("Đối chiếu với yêu cầu nào?").select_option("b4")
    desk.get_by_role("button", name="Dùng lời của yêu cầu đã chọn").click()
    expect(parts(desk).get_by_label("Yêu cầu")).to_have_value(
        "Quy trình QT-05, bước 4: Mỗi hồ sơ có phiếu kiểm soát, ghi giờ chuyển từng khâu."
    )
    for name in ("Bằng chứng", "Chỗ chưa đáp ứng"):
        parts(desk).get_by_label(name).fill(FINDING[name])
    check.click()
    expect(verdict).to_contain_text("Đúng.")
    expect(verdict.locator("blockquote")).to_contain_text("Bước 4 của QT-05 yêu cầu phiếu kiểm soát")
    expect(verdict).to_contain_text("1 trên 3 mục đã đúng")

    tab.nth(1).click()
    expect(verdict).to_have_count(0)
    desk.get_by_label("Phù hợp", exact=True).check()
    expect(parts(desk)).to_be_hidden()
    desk.get_by_label("Đối chiếu với yêu cầu nào?").select_option("k75")
    desk.get_by_role("button", name="Mục sau").click()
    desk.get_by_label("Điểm lưu ý", exact=True).check()
    expect(desk.get_by_label("Đối chiếu với yêu cầu nào?")).to_be_hidden()
    check.click()
    expect(verdict).to_contain_text("3 trên 3 mục đã đúng")
    until(lambda: set(saved(portal).get("judged", {})) == {"so", "bieu-mau", "bang"}, "the whole folder")
    assert not is_done(portal), "the officer's own audit is still to come"

    for name, text in PLAN.items():
        desk.get_by_label(name).fill(text)
    desk.get_by_role("button", name="Thêm buổi đánh giá").click()
    visit = desk.locator(".ix-w-record").first
    visit.get_by_label("Thời gian").fill("8 giờ 00")
    visit.get_by_label("Đánh giá viên").fill("Trần Văn Minh")
    desk.get_by_role("button", name="Thêm dòng vào phiếu").click()
    row = desk.locator(".ix-w-checklist .ix-w-record").last
    row.get_by_label("Yêu cầu").fill("HT-02, bước 3")
    row.get_by_label("Kết luận").select_option("nonconformity")
    row.get_by_label("Phát hiện").fill("Hai hồ sơ không có giấy hẹn.")
    picture = desk.get_by_role(
        "img", name="Đã kết luận 1 nội dung: 0 phù hợp, 1 không phù hợp, 0 điểm lưu ý."
    )
    expect(picture).to_be_visible()
    expect(desk.locator(".ix-w-report-findings li")).to_have_text(
        "HT-02, bước 3 – Hai hồ sơ không có giấy hẹn."
    )

    own = desk.locator(".ix-w-own-audit .ix-w-verdict")
    desk.get_by_role("button", name="Xem còn thiếu gì").click()
    expect(own).to_contain_text("0 trên 1 dòng đủ yêu cầu và câu hỏi")
    expect(own).to_be_focused()
    expect(row.get_by_label("Câu hỏi")).to_have_attribute("aria-invalid", "true")
    expect(row.get_by_label("Bằng chứng")).to_have_attribute("aria-invalid", "true")
    row.get_by_label("Câu hỏi").fill("Cho xem giấy hẹn của hồ sơ tuần trước?")
    row.get_by_label("Bằng chứng").fill("Mười hồ sơ tháng 9.")
    desk.get_by_label("Kết luận của đoàn đánh giá").fill("Quy trình được làm theo, còn hai chỗ thiếu.")
    desk.get_by_role("button", name="Xem còn thiếu gì").click()
    expect(own).to_contain_text("Anh/chị đã xét đúng cả tập bằng chứng")
    expect(desk.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: is_done(portal), "done at the server")

    state = saved(portal)
    assert state["judged"]["so"]["criterion"] == "b4"
    assert state["judged"]["so"]["finding"]["gap"] == FINDING["Chỗ chưa đáp ứng"]
    assert state["plan"]["date"] == "2026-12-15"
    assert [one["auditor"] for one in state["schedule"]] == ["Trần Văn Minh"]

    # Tomorrow, on another machine: everything stands, and can be gone on with.
    _, again = open_desk(sign_in(), portal)
    expect(again.get_by_text("3 trên 3 mục đã xét")).to_be_visible()
    expect(again.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    expect(again.get_by_label("Không phù hợp", exact=True)).to_be_checked()
    expect(parts(again).get_by_label("Chỗ chưa đáp ứng")).to_have_value(FINDING["Chỗ chưa đáp ứng"])
    expect(again.get_by_label("Ngày đánh giá")).to_have_value("2026-12-15")
    expect(again.locator(".ix-w-report-findings li")).to_contain_text("Mười hồ sơ tháng 9.")
    expect(again.get_by_label("Kết luận của đoàn đánh giá")).to_have_value(
        "Quy trình được làm theo, còn hai chỗ thiếu."
    )
    expect(again.get_by_role("link", name="Tải báo cáo đánh giá (Word)")).to_have_attribute(
        "href", "/x/khoa-hoc/c/bai/l/tai-lieu/ban/bao-cao-danh-gia.docx"
    )


class Keys:
    """A person with a keyboard and no mouse: Tab until the wanted control has the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str, back: bool = False) -> None:
        for _ in range(60):
            if self.focused().startswith(name):
                return
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab never reached {name!r}; the focus is on {self.focused()!r}")

    def focused(self) -> str:
        """The label or text of what has the focus."""
        return str(
            self.page.evaluate(
                "(() => { const e = document.activeElement;"
                " return (e.labels && e.labels[0] ? e.labels[0] : e).textContent.trim(); })()"
            )
        )

    def write(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.insert_text(text)


def test_by_keyboard_alone(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    page, desk = open_desk(sign_in(), portal)
    keys, press = Keys(page), page.keyboard.press
    keys.to("1")
    tab = desk.get_by_role("tab")
    for key, index in (("ArrowDown", 1), ("End", 2), ("ArrowRight", 0), ("ArrowUp", 2), ("Home", 0)):
        press(key)
        expect(tab.nth(index)).to_be_focused()
        expect(tab.nth(index)).to_have_attribute("aria-selected", "true")
        expect(desk.get_by_role("tabpanel")).to_contain_text(DESK["evidence"][index]["title"])

    keys.to("Phù hợp")
    press("ArrowRight")
    expect(desk.get_by_label("Không phù hợp", exact=True)).to_be_checked()
    keys.to("Đối chiếu")
    page.keyboard.type("Quy trình QT-05")
    for name, text in FINDING.items():
        keys.write(name, text)
    keys.to("Kiểm tra mục này")
    press("Enter")
    verdict = desk.locator(".ix-w-sheet .ix-w-verdict")
    expect(verdict).to_contain_text("Đúng.")
    expect(verdict).to_be_focused()
    keys.to("Mục sau")
    press("Enter")
    expect(desk.get_by_role("tabpanel")).to_be_focused()
    keys.to("Phù hợp")
    press("Space")
    keys.to("Đối chiếu")
    page.keyboard.type("TCVN ISO 9001:2015, 7.5")
    keys.to("Mục sau")
    press("Enter")
    keys.to("Phù hợp")
    press("ArrowLeft")
    expect(desk.get_by_label("Điểm lưu ý", exact=True)).to_be_checked()
    keys.to("Kiểm tra mục này")
    press("Space")
    expect(verdict).to_contain_text("3 trên 3 mục đã đúng")

    for name, text in PLAN.items():
        keys.to(name)
        if name == "Ngày đánh giá":
            page.keyboard.type(
                "12152026"
                if page.evaluate("new Intl.DateTimeFormat().formatToParts()[0].type") == "month"
                else "15122026"
            )
        else:
            page.keyboard.insert_text(text)
    keys.to("Thêm dòng vào phiếu")
    press("Enter")
    expect(desk.locator(".ix-w-checklist .ix-w-record").get_by_label("Yêu cầu")).to_be_focused()
    page.keyboard.insert_text("HT-02, bước 3")
    keys.write("Câu hỏi", "Cho xem giấy hẹn của tuần trước?")
    keys.to("Kết luận")
    press("End")
    keys.to("Xem còn thiếu gì")
    press("Enter")
    expect(desk.get_by_text("✓ Đã hoàn thành")).to_be_visible()
    until(lambda: is_done(portal), "done at the server")
    assert saved(portal)["checklist"][0]["verdict"] == "observation"
    assert saved(portal)["judged"]["bieu-mau"]["criterion"] == "k75"
    # Removed by a slip of the finger, and taken back.
    keys.to("Xóa", back=True)
    press("Enter")
    until(lambda: saved(portal)["checklist"] == [], "removed")
    press("Enter")
    until(lambda: len(saved(portal)["checklist"]) == 1, "taken back")


def test_a_verdict_that_came_late_is_not_shown_for_what_was_changed_since(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    page, desk = open_desk(sign_in(), portal)
    held: list[Any] = []
    page.route("**/kernel", lambda route: held.append(route))
    desk.get_by_label("Phù hợp", exact=True).check()
    desk.get_by_role("button", name="Kiểm tra mục này").click()
    until(lambda: page.evaluate("1") == 1 and len(held) == 1, "the question")
    desk.get_by_label("Không phù hợp", exact=True).check()
    held[0].continue_()
    expect(desk.get_by_role("button", name="Kiểm tra mục này")).not_to_have_attribute("aria-disabled", "true")
    expect(desk.locator(".ix-w-sheet .ix-w-verdict")).to_have_count(0)
    expect(desk.get_by_role("tab").first).to_have_attribute("data-standing", "judged")


def test_untidy_states_are_shown_as_far_as_they_make_sense(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    portal.world.items["lan", "ban"] = {
        "state": {
            "judged": {
                "so": {"verdict": "nonconformity", "criterion": "gone", "finding": "a text"},
                "bieu-mau": 7,
                "bang": {"verdict": "perhaps"},
                "gone": {"verdict": "conformity"},
            },
            "plan": ["x"],
            "schedule": {"id": "r1"},
            "checklist": [None, {"id": "r1", "requirement": "<b>HT-02</b>", "verdict": "perhaps"}],
            "conclusion": 5,
        },
        "seq": 3,
        "done": False,
        "key": "",
    }
    _, desk = open_desk(sign_in(), portal)
    expect(desk.get_by_text("1 trên 3 mục đã xét")).to_be_visible()
    expect(desk.get_by_label("Không phù hợp", exact=True)).to_be_checked()
    expect(desk.get_by_label("Yêu cầu", exact=True).last).to_have_value("<b>HT-02</b>")
    expect(desk.locator(".ix-w-own-audit select").last).to_have_value("")
    desk.get_by_role("button", name="Xem còn thiếu gì").click()
    expect(desk.locator(".ix-w-own-audit .ix-w-verdict")).to_contain_text("Còn phần chưa ghi.")


def test_two_windows_on_one_desk(sign_in: SignIn, portal: PortalServer, kernel: LessonKernel) -> None:
    (_, first), (_, second) = open_desk(sign_in(), portal), open_desk(sign_in(), portal)
    first.get_by_label("Phạm vi đánh giá").fill("viết ở máy một")
    until(lambda: saved(portal).get("plan", {}).get("scope") == "viết ở máy một", "saved")
    second.get_by_label("Phạm vi đánh giá").fill("viết ở máy hai")
    expect(second.get_by_text("Phần này vừa được sửa ở một cửa sổ khác")).to_be_visible()
    expect(second.get_by_label("Phạm vi đánh giá")).to_have_value("viết ở máy một")
    second.get_by_role("button", name="Dùng bản ở cửa sổ này").click()
    until(lambda: saved(portal)["plan"]["scope"] == "viết ở máy hai", "the second one insists")


def test_alone_as_in_jupyterlab(chromium: Browser, portal: PortalServer, kernel: LessonKernel) -> None:
    portal.world.pages["alone"] = kernel.page(portal=False, tokens=False)
    page = chromium.new_page()
    page.goto(f"{portal.url}alone")
    page.wait_for_function("window.allDrawn")
    desk = page.get_by_role("region", name="Bàn đánh giá", exact=True)
    expect(page.get_by_text("Đang mở…")).to_have_count(0)
    desk.get_by_label("Điểm lưu ý", exact=True).check()
    desk.get_by_role("button", name="Kiểm tra mục này").click()
    expect(desk.locator(".ix-w-sheet .ix-w-verdict")).to_contain_text("Kết luận chưa đúng.")
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious_for_axe_and_nothing_sideways(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel, width: int
) -> None:
    page, desk = open_desk(sign_in(viewport={"width": width, "height": 800}), portal)
    desk.get_by_label("Không phù hợp", exact=True).check()
    desk.get_by_text("Xem các yêu cầu để đối chiếu").click()
    desk.get_by_role("button", name="Kiểm tra mục này").click()
    expect(desk.locator(".ix-w-sheet .ix-w-verdict")).to_be_visible()
    desk.get_by_role("button", name="Thêm buổi đánh giá").click()
    desk.get_by_role("button", name="Thêm dòng vào phiếu").click()
    desk.locator(".ix-w-checklist select").select_option("conformity")
    desk.get_by_role("button", name="Xem còn thiếu gì").click()
    expect(desk.locator(".ix-w-own-audit .ix-w-verdict")).to_be_visible()
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
