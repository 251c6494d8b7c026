"""The whole journey through the real portal, at "/" and behind jupyter-server-proxy.

An officer learns PDCA, takes the quiz with a reload and a cut line in the middle; a trainer grades the written answer;
the department sees the officer's commune move by exactly one, on the page and in the files it takes away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from isoxa_courses.models import Lesson
from playwright.sync_api import Page, expect

from tests.browser import report_page
from tests.browser.conftest import NewContext, copy_of
from tests.browser.people import Cast, Login
from tests.browser.records import Asked, asked, finish_the_rest, stored
from tests.browser.serving import Portal, proxy
from tests.browser.steps import (
    OFFLINE,
    answer,
    answer_slots,
    do_board,
    do_checkpoint,
    expect_answer,
    group,
    right,
    saved,
    sign_in,
    wait_for_tools,
)
from tests.conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

CYCLE = {
    "problem": "Ba tháng qua có 14 hồ sơ chứng thực trả trễ",
    "plan": "Dưới 3 hồ sơ trễ mỗi tháng, chị Hoa theo dõi",
    "do": "Trực thêm sáng thứ Hai trong hai tháng tới",
    "check": "Mỗi thứ Sáu đếm hồ sơ trễ, so với 3",
    "act": "Đưa lịch trực mới vào quy trình, bỏ lịch cũ",
}


@pytest.fixture(params=["root", "behind-proxy"])
def deployed(request: pytest.FixtureRequest, demo: Demo, tmp_path: Path) -> Iterator[tuple[Portal, str]]:
    """A portal, and the address a browser reaches it at."""
    folder = copy_of(demo, tmp_path)
    if request.param == "root":
        portal = Portal(folder)
        yield portal, portal.url
        portal.stop()
        return
    with proxy(tmp_path) as hub:
        portal = Portal(folder, base="/lop/proxy/absolute/{port}/")
        try:
            yield portal, hub + portal.url.split("/lop/", 1)[1]
        finally:
            portal.stop()


def test_the_journey(
    deployed: tuple[Portal, str], demo: Demo, lesson: Lesson, new_context: NewContext, tmp_path: Path
) -> None:
    portal, url = deployed
    cast = Cast(portal.engine, demo.accounts)
    officer = cast.demo_officer()

    department = new_context().new_page()
    department.goto(url)
    sign_in(department, cast.staff("department"))
    expect(department.get_by_role("heading", name="Báo cáo hoàn thành", level=1)).to_be_visible()
    before = report_page.commune_row(department, officer.commune)

    page = new_context().new_page()
    page.goto(url)
    sign_in(page, officer)
    learn(page, lesson)
    take_quiz(page, portal, officer)
    finish_the_rest(portal.data, portal.engine, officer.username, cast.staff("trainer").username)

    trainer = new_context().new_page()
    trainer.goto(url)
    sign_in(trainer, cast.staff("trainer"))
    grade(trainer, officer)

    page.reload()
    expect(page.get_by_role("region", name="Điểm của anh/chị")).to_contain_text("100 %")
    expect(page.get_by_text("Rõ ràng, có số liệu ở từng bước.")).to_be_visible()
    page.get_by_role("link", name="Về khóa học").click()
    expect(page.get_by_text("Anh/chị đã hoàn thành khóa học")).to_be_visible()

    after = report_page.commune_row(department, officer.commune)
    moved = {head: after[head] - count for head, count in before.items() if after.get(head) != count}
    assert moved == {"Chưa bắt đầu": -1, "Hoàn thành": 1} | (
        {"Quá hạn": -1} if after["Quá hạn"] < before["Quá hạn"] else {}
    )
    workbook = report_page.download(department, "Tải Excel", tmp_path)
    table = report_page.download(department, "Tải CSV", tmp_path)
    shown = report_page.rows_shown(department)
    assert int(shown[officer.commune]["Hoàn thành"]) == before["Hoàn thành"] + 1
    report_page.same_figures(shown, report_page.rows_of_workbook(workbook))
    report_page.same_figures(shown, report_page.rows_of_csv(table))


def learn(page: Page, lesson: Lesson) -> None:
    expect(page.get_by_role("heading", name="Khóa học của tôi", level=1)).to_be_visible()
    page.get_by_role("link", name="Bắt đầu học").click()
    expect(page.get_by_role("heading", name="PDCA", level=1)).to_be_visible()
    wait_for_tools(page, lesson)
    (board,) = lesson.tools
    do_board(page, board, CYCLE)
    for checkpoint in lesson.checkpoints:
        do_checkpoint(page, lesson, checkpoint.id)
    total = len(lesson.checkpoints) + len(lesson.tools)
    summary = page.get_by_role("region", name="Kết quả của bài học")
    expect(summary).to_contain_text(f"Anh/chị đã hoàn thành bài này: {total} trên {total} phần")
    expect(summary).to_contain_text(CYCLE["act"])
    summary.get_by_role("link", name="Về trang khóa học").click()
    # The lesson's page has links to the quiz too, and may still be there.
    expect(page.get_by_role("heading", name="Các việc của khóa học")).to_be_visible()
    page.get_by_role("link", name="Bài kiểm tra 3").click()


def take_quiz(page: Page, portal: Portal, officer: Login) -> None:
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(group(page, 1)).to_be_visible()
    attempt, questions = asked(portal.data, portal.engine, officer.username)
    half = len(questions) // 2
    first, cut_off, rest = questions[:half], questions[half], questions[half + 1 :]
    answer_slots(page, first)

    page.reload()
    page.get_by_role("button", name="Làm tiếp bài đang làm").click()
    for one in first:
        expect_answer(group(page, one.number), one.question, right(one))
    expect(page.get_by_text(f"Đã trả lời {half} trên {len(questions)} câu")).to_be_visible()

    page.context.set_offline(True)
    answer(group(page, cut_off.number), cut_off.question, right(cut_off))
    page.keyboard.press("Tab")
    expect(page.get_by_role("status").filter(has_text=OFFLINE)).to_be_visible()
    assert cut_off.slot not in stored(portal.engine, attempt)
    page.context.set_offline(False)
    saved(page)
    assert stored(portal.engine, attempt)[cut_off.slot] == cut_off.right

    page.get_by_role("button", name="Nộp bài").click()
    dialog = page.get_by_role("dialog", name="Nộp bài")
    names = ", ".join(f"Câu {one.number}" for one in rest)
    expect(dialog).to_contain_text(f"Chưa trả lời: {names}")
    dialog.get_by_role("button", name="Làm tiếp").click()
    expect(dialog).to_be_hidden()
    answer_slots(page, rest)

    page.get_by_role("button", name="Nộp bài").click()
    expect(dialog).to_contain_text("Anh/chị đã trả lời đủ")
    dialog.get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_role("heading", name="Kết quả", level=1)).to_be_visible()
    every_closed_question_right(page, questions)


def every_closed_question_right(page: Page, questions: list[Asked]) -> None:
    for one in questions:
        item = page.get_by_role("listitem").filter(
            has=page.get_by_role("heading", name=f"Câu {one.number}", exact=True)
        )
        written = one.question.type == "written"
        expect(item).to_contain_text("Chờ chấm" if written else "Đúng – ")


def grade(page: Page, officer: Login) -> None:
    expect(page.get_by_role("heading", name="Chấm bài", level=1)).to_be_visible()
    row = page.get_by_role("row").filter(has_text=officer.name).filter(has_text=officer.commune)
    row.get_by_role("link", name=officer.name).click()
    expect(page.get_by_text("Quý trước xã tôi có 14 hồ sơ chứng thực trả trễ.")).to_be_visible()
    whole = page.get_by_text(re.compile(r"^trên \S+ điểm$")).inner_text()
    page.get_by_label("Điểm", exact=True).fill(whole.split()[1])
    page.get_by_label("Nhận xét").fill("Rõ ràng, có số liệu ở từng bước.")
    page.get_by_role("button", name="Lưu điểm").click()
    expect(page.get_by_text("Đã lưu điểm.")).to_be_visible()
