"""The officer's own work under the summary: how it reads, what is open, what is printed, and what nonsense gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.loading import load_lesson
from isoxa_courses.shipped import content_root
from isoxa_courses.tools.audit_desk import AuditDesk
from isoxa_widgets.summary import Summary
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.widgets.conftest import serious_faults
from tests.widgets.lesson_page_stub import COURSE, LESSON, LessonKernel
from tests.widgets.portal_server import PortalServer
from tests.widgets.test_audit_desk import DESK

SignIn = Callable[..., BrowserContext]
STATE: dict[str, Any] = {
    "judged": {},
    "plan": {"objective": "Biết quy trình hộ tịch có được làm đúng không.", "date": "2026-12-15", "lead": ""},
    "schedule": [],
    "checklist": [
        {
            "id": "r1",
            "requirement": "HT-02, bước 3",
            "question": "Cho xem giấy hẹn?",
            "evidence": "Mười hồ sơ tháng 9.",
            "verdict": "nonconformity",
            "finding": "Hai hồ sơ không có giấy hẹn.",
        }
    ],
    "conclusion": "",
}


def summary_with_desk() -> Summary:
    """The summary of a lesson whose one exercise is an audit desk."""
    lesson = load_lesson(content_root().courses / COURSE, LESSON)
    desk = AuditDesk.model_validate(DESK)
    return Summary(lesson.model_copy(update={"checkpoints": (), "tools": (desk,)}))


def documents(summary: Summary, states: object) -> list[dict[str, Any]]:
    reply = summary.answer({"kind": "check", "states": states})
    json.dumps(reply)
    found: list[dict[str, Any]] = reply["documents"]
    return found


def test_a_state_reads_as_its_documents_without_what_is_empty() -> None:
    plan, checklist, report = documents(summary_with_desk(), {"ban": STATE})
    assert [plan["title"], checklist["title"], report["title"]] == [
        "kế hoạch đánh giá",
        "phiếu kiểm tra",
        "báo cáo đánh giá",
    ]
    assert plan["blocks"][1]["fields"] == [
        ["Mục tiêu đánh giá", STATE["plan"]["objective"]],
        ["Ngày đánh giá", "15/12/2026"],
    ]
    table = next(block for block in checklist["blocks"] if "rows" in block)
    assert table["rows"] == [
        [
            "1",
            "HT-02, bước 3",
            "Cho xem giấy hẹn?",
            "Mười hồ sơ tháng 9.",
            "Không phù hợp",
            "Hai hồ sơ không có giấy hẹn.",
        ]
    ]
    headings = [block["text"] for block in report["blocks"] if "heading" in block]
    assert "VII. Kết luận" not in headings, "nothing stands under it yet"
    for one in (plan, checklist, report):
        assert all(set(pair) != {"heading"} for pair in one["blocks"])


@pytest.mark.parametrize("states", [None, [], "x", {}, {"gone": STATE}, {"ban": None}, {"ban": {"plan": 3}}])
def test_nothing_written_gives_no_document(states: object) -> None:
    assert documents(summary_with_desk(), states) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "plan", "schedule", "checklist", "verdict", "requirement", "date", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=14,
)


@settings(deadline=None, max_examples=80)
@given(state=JSON)
def test_any_state_gets_an_answer(state: object) -> None:
    for one in documents(_SUMMARY, {"ban": state}):
        assert one["blocks"]
        assert not one["blocks"][-1].get("heading")


_SUMMARY = summary_with_desk()


@pytest.fixture
def kernel(portal: PortalServer) -> LessonKernel:
    kernel = LessonKernel.of_tools(AuditDesk.model_validate(DESK))
    kernel.widgets.append(summary_with_desk())
    portal.world.kernel = kernel
    portal.world.pages["lesson"] = kernel.page(portal=True)
    portal.world.items["lan", "ban"] = {"state": STATE, "seq": 1, "done": False, "key": ""}
    return kernel


def open_summary(context: BrowserContext, portal: PortalServer) -> tuple[Page, Locator]:
    page = context.new_page()
    page.goto(f"{portal.url}lesson")
    page.wait_for_function("window.allDrawn")
    expect(page.get_by_text("Đang mở…")).to_have_count(0)
    return page, page.get_by_role("region", name="Kết quả của bài học")


@pytest.mark.browser
def test_own_work_is_shown_kept_open_and_brought_up_to_date(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    page, summary = open_summary(sign_in(), portal)
    report = summary.locator("details", has_text="Báo cáo đánh giá")
    plan = summary.locator("details").first
    expect(report.get_by_role("cell", name="Hai hồ sơ không có giấy hẹn.")).to_be_visible()
    expect(plan.locator("dd").first).to_be_hidden()
    plan.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(plan.locator("dd").first).to_have_text(STATE["plan"]["objective"])
    page.get_by_label("Kết luận của đoàn đánh giá").fill("Còn hai chỗ thiếu.")
    expect(report.get_by_text("Còn hai chỗ thiếu.")).to_be_visible()
    expect(plan.locator("dd").first).to_be_visible()
    # What is open is printed, and nothing else.
    page.evaluate("document.body.classList.add('ix-w-print-summary')")
    page.emulate_media(media="print")
    expect(report.locator("summary")).to_be_visible()
    expect(summary.locator("details", has_text="Phiếu kiểm tra").locator("summary").first).to_be_hidden()


@pytest.mark.browser
def test_without_a_kernel_only_the_list_stands(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    portal.world.pages["lesson"] = kernel.page(portal=True, dead=True)
    page, summary = open_summary(sign_in(), portal)
    expect(summary.get_by_text("Đã làm 0 trên 7 phần thực hành.")).to_be_visible()
    page.wait_for_timeout(6500)
    expect(summary.locator("details")).to_have_count(0)
    # Nobody asked, so nobody is told that the kernel is silent.
    expect(page.locator(".ix-w-banner")).to_be_hidden()


@pytest.mark.browser
def test_nothing_serious_for_axe_on_a_phone(
    sign_in: SignIn, portal: PortalServer, kernel: LessonKernel
) -> None:
    page, summary = open_summary(sign_in(viewport={"width": 390, "height": 800}), portal)
    expect(summary.locator("details")).to_have_count(3)
    for index in (0, 1):
        summary.locator("details > summary").nth(index).click()
    expect(summary.locator("details[open]")).to_have_count(3)
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
