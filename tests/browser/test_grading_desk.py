"""The grading desk as trainers use it: by keyboard alone, two at once, on a phone; an attempt given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.attempts.find import scores_of
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.tables import Account, Attempt, GradingTask, Reopening, Role, RoleGrant, Unit
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from tests.browser.people import PASSWORD, Cast, Login
from tests.browser.serving import Portal
from tests.browser.steps import ESSAY, saved, sign_in

SECOND = "gv.thu.hai"


@pytest.fixture(scope="module")
def trainers(portal: Portal, cast: Cast) -> tuple[Login, Login]:
    """The demo's trainer and a colleague with the same scope."""
    first = cast.staff("trainer")
    with writing(portal.engine) as session:
        grants = session.execute(
            select(RoleGrant.role, Unit)
            .join(Unit, Unit.id == RoleGrant.unit_id)
            .join(Account, Account.id == RoleGrant.account_id)
            .where(Account.username == first.username, RoleGrant.role == Role.TRAINER)
        ).all()
        now = datetime.now(UTC)
        second = create_account(
            session, username=SECOND, password=PASSWORD, display_name="Giảng viên hai", person=None,
            actor=None, now=now,
        )  # fmt: skip
        for role, unit in grants:
            grant_role(session, second, role, unit, actor=None, now=now)
    return first, Login(SECOND, PASSWORD)


def waiting(portal: Portal) -> int:
    with reading(portal.engine) as session:
        return session.scalar(select(func.count()).where(GradingTask.waiting.is_(True))) or 0


def open_desk(page: Page, portal: Portal, login: Login) -> None:
    page.goto(f"{portal.url}cham-bai")
    sign_in(page, login)
    page.get_by_role("link", name="Mở bàn chấm").first.click()
    expect(page.get_by_role("heading", name="Bài làm")).to_be_focused()


def held_task(portal: Portal, username: str) -> set[str]:
    with reading(portal.engine) as session:
        return set(
            session.scalars(
                select(GradingTask.id)
                .join(Account, Account.id == GradingTask.claimed_by_account_id)
                .where(Account.username == username, GradingTask.claimed_until > datetime.now(UTC))
            )
        )


def test_two_trainers_grade_one_pile_by_keyboard(
    portal: Portal, trainers: tuple[Login, Login], new_context: Callable[..., BrowserContext]
) -> None:
    assert waiting(portal) >= 4
    first, second = new_context().new_page(), new_context().new_page()
    open_desk(first, portal, trainers[0])
    open_desk(second, portal, trainers[1])
    # Each holds the open answer and the one loaded ahead; none is held twice.
    for page, login in ((first, trainers[0]), (second, trainers[1])):
        page.wait_for_load_state("networkidle")
        assert len(held_task(portal, login.username)) == 2
    assert not held_task(portal, trainers[0].username) & held_task(portal, trainers[1].username)
    before = waiting(portal)
    mine = held_task(portal, trainers[0].username)

    points = first.get_by_label("Điểm", exact=True)
    # Ticking a line fills the score; unticking takes it back; it can be written over.
    first.keyboard.press("Alt+1")
    expect(first.get_by_role("checkbox").nth(1)).to_be_checked()
    assert points.input_value() not in ("", "0")
    first.keyboard.press("Alt+I")
    expect(points).to_be_focused()
    first.keyboard.press("Control+A")
    first.keyboard.type("abc")
    first.keyboard.press("Alt+S")
    expect(first.get_by_role("alert")).to_contain_text("không phải là số")
    expect(points).to_be_focused()
    first.keyboard.press("Control+A")
    first.keyboard.type("11000")
    first.keyboard.press("Control+Enter")
    expect(first.get_by_role("alert")).to_contain_text("Điểm phải từ 0")
    first.keyboard.press("Control+A")
    first.keyboard.type("0,5")
    first.keyboard.press("Alt+X")
    # Letters that are commands with Alt are only letters in the text.
    first.keyboard.type("snpka: cần nêu số liệu của đơn vị.")
    # Tab leads out of the field, to the buttons and the kept comments.
    first.get_by_role("button", name="Lưu nhận xét vào kho").press("Enter")
    expect(first.get_by_role("status").filter(has_text="Đã lưu nhận xét vào kho")).to_be_visible()
    first.keyboard.press("Alt+S")
    expect(first.get_by_text("Đã lưu 0,5 điểm")).to_be_visible()
    expect(first.get_by_role("heading", name="Bài làm")).to_be_focused()
    expect(first.get_by_label("Điểm", exact=True)).to_have_value("")
    assert waiting(portal) == before - 1

    # The kept comment goes into the next one by keyboard.
    first.keyboard.press("Alt+K")
    first.keyboard.press("Enter")
    expect(first.get_by_label("Nhận xét (học viên đọc được)")).to_have_value(
        "snpka: cần nêu số liệu của đơn vị."
    )
    first.keyboard.press("Alt+2")
    # What was typed outlives a reload.
    typed = first.get_by_label("Điểm", exact=True).input_value()
    first.reload()
    expect(first.get_by_label("Nhận xét (học viên đọc được)")).to_have_value(
        "snpka: cần nêu số liệu của đơn vị."
    )
    expect(first.get_by_label("Điểm", exact=True)).to_have_value(typed)
    first.keyboard.press("Alt+S")
    expect(first.get_by_text("Đã lưu")).to_be_visible()
    expect(first.get_by_role("heading", name="Bài làm")).to_be_focused()

    # Look back: a reason is needed, the old mark is kept.
    first.keyboard.press("Alt+P")
    expect(first.get_by_text("Câu này đã được chấm")).to_be_visible()
    first.get_by_label("Điểm", exact=True).fill("1")
    first.keyboard.press("Alt+S")
    expect(first.get_by_label("Lý do chấm lại")).to_be_focused()
    first.keyboard.type("Sót một ý")
    first.keyboard.press("Alt+S")
    expect(first.get_by_text("Đã lưu 1 điểm")).to_be_visible()
    expect(first.get_by_text("Câu này đã được chấm")).to_be_hidden()

    with reading(portal.engine) as session:
        done = session.scalars(select(GradingTask).where(GradingTask.id.in_(mine))).all()
        marks = [scores_of(session, [one.attempt_id])[one.attempt_id][one.slot] for one in done]
    assert {one.source for one in marks} == {"trainer"}
    assert sorted(one.revision for one in marks) == [1, 2]

    # Left, the answers are free again.
    second.goto(f"{portal.url}cham-bai")
    second.wait_for_load_state("networkidle")
    assert held_task(portal, trainers[1].username) == set()


def test_without_names_on_a_phone(
    portal: Portal, trainers: tuple[Login, Login], new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport={"width": 390, "height": 844}).new_page()
    open_desk(page, portal, trainers[1])
    sent: list[str] = []
    page.on(
        "response", lambda answer: sent.append(answer.text()) if "/api/desk/answers/" in answer.url else None
    )
    named = page.locator(".ix-w-desk-left .ix-w-hint").first.inner_text()
    officer = named.split(" · ")[0]
    page.get_by_label("Ẩn tên học viên").check()
    expect(page.get_by_text("Đang ẩn tên học viên.")).to_be_visible()
    expect(page.get_by_text(officer)).to_have_count(0)
    assert sent
    assert not any(officer in text for text in sent)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(page) == []
    page.keyboard.press("Alt+N")
    expect(page.get_by_text("để sau; những gì đã ghi")).to_be_visible()


def test_an_attempt_given_back_is_handed_in_again(
    portal: Portal, cast: Cast, trainers: tuple[Login, Login], new_context: Callable[..., BrowserContext]
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}}
    desk = new_context(**phone).new_page()
    open_desk(desk, portal, trainers[0])
    with desk.expect_popup() as opened:
        desk.get_by_role("link", name="Gia hạn, mở lại bài, cho làm thêm (mở thẻ mới)").click()
    support = opened.value
    attempt = support.url.rstrip("/").rsplit("/", 1)[1]
    login, _same = cast.officer_with(Attempt.id == attempt)
    support.get_by_role("button", name="Mở lại bài").click()
    expect(support.get_by_role("link", name="Chưa có lý do nên chưa đổi gì")).to_be_visible()
    expect(support.get_by_label("Lý do mở lại")).to_have_attribute("aria-invalid", "true")
    support.get_by_label("Lý do mở lại").fill("Anh/chị viết thêm số liệu của đơn vị")
    support.get_by_role("button", name="Mở lại bài").dblclick()
    expect(support.get_by_text("Đã mở lại bài.")).to_be_visible()
    expect(support.get_by_text("Bài này đang mở, học viên đang làm")).to_be_visible()
    assert serious(support) == []
    # The answer that is still on the desk is nobody's to mark any more.
    desk.get_by_label("Điểm", exact=True).fill("1")
    desk.keyboard.press("Alt+S")
    expect(desk.get_by_role("alert")).to_contain_text("Không tìm thấy câu này")

    page = new_context(**phone).new_page()
    page.goto(f"{portal.url}khoa-hoc")
    sign_in(page, login)
    expect(page.get_by_text("Giảng viên mở lại bài của anh/chị")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("link", name="Làm tiếp: ").click()
    page.get_by_role("button", name="Làm tiếp bài đang làm").click()
    note = page.get_by_role("note").filter(has_text="mở lại bài này lúc")
    expect(note).to_contain_text("Lý do: Anh/chị viết thêm số liệu của đơn vị")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious(page) == []
    written = page.get_by_label("Bài viết của anh/chị").last
    expect(written).not_to_have_value("")
    written.fill(ESSAY)
    saved(page)
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("dialog").get_by_role("button", name="Nộp bài").click()
    expect(page.get_by_text("Kết quả này là của lần nộp sau khi mở lại.")).to_be_visible()
    expect(page.get_by_text(ESSAY[:40])).to_be_visible()
    with reading(portal.engine) as session:
        assert session.get_one(Attempt, attempt).round == 2
        assert len(session.scalars(select(Reopening).where(Reopening.attempt_id == attempt)).all()) == 1


def serious(page: Page) -> list[str]:
    problems = Axe().run(page).response["violations"]
    return [one["id"] for one in problems if one["impact"] in ("serious", "critical")]
