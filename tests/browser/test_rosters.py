"""An afternoon of an administrator in Chromium: a department's list dropped on the page, its doubts decided, the
activation sheet printed, and an officer's first login with a code on another computer.
"""

from __future__ import annotations

import base64
import io
import re
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.browser.people import Cast
from tests.browser.serving import Portal
from tests.browser.steps import sign_in

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEW, SPLIT = "Lê Thị Hoa Mơ", "Đinh Văn Hòa"
CHOSEN = "ruộng bậc thang xanh"


def department_list(known: str, known_commune: str) -> bytes:
    """As a department makes it: titles, merged cells, old names, a total and a signature below.

    ``known`` is recorded at ``known_commune`` with another position.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["UBND TỈNH LÂM ĐỒNG"])
    sheet.append(["DANH SÁCH CÁN BỘ THAM GIA TẬP HUẤN ISO"])
    sheet.merge_cells("A2:G2")
    sheet.append([])
    sheet.append(["TT", "HỌ TÊN", "Ngày sinh", "Chức vụ", "Đơn vị công tác", "SĐT", "Mã cán bộ"])
    sheet.append([1, NEW, "03/04/1986", "Công chức Tư pháp", "xã Gung Ré, huyện Di Linh", 912345678, "MOI01"])
    sheet.append([2, SPLIT, "12/12/1979", "Chủ tịch UBND", "xã Phong Phú, huyện Tuy Phong", None, "MOI02"])
    sheet.append([3, known, None, "Chức danh khác hẳn", known_commune, None, None])
    sheet.append([4, "Phạm Văn Không", None, None, "xã Không Có Thật", None, "MOI03"])
    sheet.append([None, "Tổng cộng: 4 người"])
    sheet.append([None, None, None, None, "NGƯỜI LẬP BIỂU"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def drop(page: Page, content: bytes, name: str) -> None:
    """Drop a file on the area that takes files, as the mouse does."""
    transfer = page.evaluate_handle(
        """([content, name, type]) => {
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name, { type }));
            return transfer;
        }""",
        [base64.b64encode(content).decode(), name, KIND],
    )
    area = page.locator(".ix-drop")
    for event in ("dragenter", "dragover", "drop"):
        area.dispatch_event(event, {"dataTransfer": transfer})


def figure(page: Page, words: str) -> str:
    return page.locator(".ix-tile").filter(has_text=words).locator(".ix-tile-figure").inner_text()


def choose(page: Page, name: str, option: str) -> None:
    """In the row of that name choose what begins so."""
    picker = page.get_by_role("row").filter(has_text=name).get_by_role("combobox")
    label = next(one for one in picker.locator("option").all_inner_texts() if one.startswith(option))
    picker.select_option(label=label)


def open_with_cookies(new_context: NewContext, cookies: list[Any], address: str) -> str:
    """Where a browser with these cookies ends up."""
    context = new_context()
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(address)
    return page.url


def test_from_a_list_to_a_first_login(portal: Portal, cast: Cast, new_context: NewContext) -> None:
    known = cast.officer()
    admin = new_context()
    admin.add_init_script("window.print = () => { document.body.dataset.printed = 'yes'; }")
    page = admin.new_page()
    page.goto(portal.url)
    sign_in(page, cast.staff("admin"))

    # The file is dropped and seen; nothing is written.
    page.goto(f"{portal.url}quan-tri/danh-sach")
    drop(page, department_list(known.name, known.commune), "Danh sách tập huấn.xlsx")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem trước danh sách")
    expect(page.get_by_text("Tệp Danh sách tập huấn.xlsx. Chưa có gì được ghi.")).to_be_visible()
    assert (figure(page, "Cần quyết định"), figure(page, "Thêm mới"), figure(page, "Không nhập được")) == (
        "2",
        "1",
        "1",
    )

    # Doubts: the old commune was split, and somebody of that name serves there already.
    choose(page, SPLIT, "Xã Tuy Phong")
    choose(page, known.name, f"Chính là {known.name}")
    page.get_by_role("button", name="Ghi lựa chọn và tính lại").click()
    expect(page.get_by_text("Đã ghi lựa chọn.")).to_be_visible()
    assert (figure(page, "Cần quyết định"), figure(page, "Thêm mới"), figure(page, "Thay đổi")) == (
        "0",
        "2",
        "1",
    )
    page.get_by_role("link", name=re.compile("Thay đổi")).click()
    expect(page.get_by_text("Chức danh khác hẳn").first).to_be_visible()

    # The rows left out come away as a spreadsheet.
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải các dòng chưa nhập (Excel)").click()
    left = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert left is not None
    assert "Phạm Văn Không" in [cell.value for cell in left[2]]

    page.get_by_role("button", name="Xác nhận nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhập danh sách")
    expect(page.get_by_text("Đã ghi.")).to_be_visible()
    assert figure(page, "người mới") == "2"

    # The sheet of one unit: a slip for its new officer.
    page.get_by_role("link", name="In mã kích hoạt").click()
    page.get_by_role("button", name=re.compile("Xã Tuy Phong")).click()
    slip = page.locator(".ix-slip").filter(has_text=SPLIT)
    expect(slip).to_be_visible()
    username, code = slip.locator("dd").all_inner_texts()
    page.get_by_role("button", name="In phiếu").click()
    expect(page.locator("body")).to_have_attribute("data-printed", "yes")
    page.emulate_media(media="print")
    expect(slip).to_be_visible()
    expect(page.get_by_text("In ngay bây giờ")).to_be_hidden()
    expect(page.locator(".ix-header")).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")

    # Another computer: the code, typed by hand, and a password of one's own.
    officer = new_context()
    theirs = officer.new_page()
    theirs.goto(portal.url)
    theirs.get_by_role("link", name="kích hoạt tài khoản").click()
    theirs.get_by_label("Tên đăng nhập").fill(username)
    theirs.get_by_label("Mã kích hoạt").press_sequentially(code.lower().replace("-", " "))
    theirs.get_by_label("Mật khẩu mới", exact=True).fill(CHOSEN)
    theirs.get_by_label("Nhập lại mật khẩu mới").fill(CHOSEN)
    theirs.get_by_role("button", name="Kích hoạt và đăng nhập").click()
    expect(theirs.get_by_role("link", name=SPLIT)).to_be_visible()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Khóa học của tôi")
    cookies = officer.cookies()
    home = f"{portal.url}khoa-hoc"
    assert open_with_cookies(new_context, cookies, home) == home  # the same sign-in, so far

    theirs.get_by_role("button", name="Đăng xuất").click()
    expect(theirs.get_by_text("Anh/chị đã đăng xuất.")).to_be_visible()
    assert "/dang-nhap" in open_with_cookies(new_context, cookies, home)

    # The slip is spent; the password works.
    theirs.goto(f"{portal.url}kich-hoat")
    theirs.get_by_label("Tên đăng nhập").fill(username)
    theirs.get_by_label("Mã kích hoạt").fill(code)
    theirs.get_by_label("Mật khẩu mới", exact=True).fill("mật khẩu của kẻ khác")
    theirs.get_by_label("Nhập lại mật khẩu mới").fill("mật khẩu của kẻ khác")
    theirs.get_by_role("button", name="Kích hoạt và đăng nhập").click()
    expect(theirs.get_by_text("Mã kích hoạt này đã được dùng lúc").first).to_be_visible()
    theirs.goto(f"{portal.url}dang-nhap")
    theirs.get_by_label("Tên đăng nhập").fill(username)
    theirs.get_by_label("Mật khẩu", exact=True).fill(CHOSEN)
    theirs.get_by_role("button", name="Đăng nhập").click()
    expect(theirs.get_by_role("button", name="Đăng xuất")).to_be_visible()
