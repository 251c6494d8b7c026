"""What people do on the pages, found as they find it: by role, label and visible words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from isoxa_courses.models import Lesson
from isoxa_courses.questions import type_of
from isoxa_courses.text import format_number
from isoxa_courses.tools.pdca_board import PdcaBoard
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import Login
from tests.browser.records import Asked

OFFLINE = "Mất kết nối – câu trả lời được giữ trên máy này"
ESSAY = (
    "Quý trước xã tôi có 14 hồ sơ chứng thực trả trễ. Lập kế hoạch: dưới 3 hồ sơ trễ mỗi tháng, giao chị Hoa theo dõi. "
    "Thực hiện: trực thêm sáng thứ Hai. Kiểm tra: mỗi thứ Sáu đếm hồ sơ trễ, so với 3. Hành động: đưa lịch trực mới "
    "vào quy trình và bỏ lịch cũ."
)


def sign_in(page: Page, login: Login) -> None:
    """On the login page."""
    page.get_by_label("Tên đăng nhập").fill(login.username)
    page.get_by_label("Mật khẩu", exact=True).fill(login.password)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()


def group(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=f"Câu {number}", exact=True)


def saved(page: Page) -> None:
    """The page says that everything has reached the server."""
    expect(page.get_by_role("status").filter(has_text="Đã lưu").first).to_be_visible()


# ---- questions ----


def answer(place: Locator, question: Any, wanted: Any) -> None:
    """Answer a question, shown in ``place``, with an answer in the bank's ids."""
    if question.type == "single_choice":
        place.get_by_role("radio", name=_choice(question, wanted), exact=True).check()
    elif question.type == "multiple_choice":
        for id_ in wanted:
            place.get_by_role("checkbox", name=_choice(question, id_), exact=True).check()
    elif question.type == "ordering":
        _put_in_order(place, [_item(question, id_) for id_ in wanted])
    elif question.type == "matching":
        for left, right in wanted.items():
            select = place.get_by_label(question_left(question, left), exact=True)
            texts = select.locator("option").all_inner_texts()
            label = next(text for text in texts if text.endswith(f". {question.rights[right]}"))
            select.select_option(label=label)
    elif question.type == "classification":
        for item, box in wanted.items():
            row = place.get_by_role("radiogroup", name=_item(question, item), exact=True)
            row.get_by_role("radio", name=question.box_texts[box], exact=True).check()
    elif question.type == "matrix_score":
        for select, level in _levels(place, question, wanted):
            select.select_option(str(level))
    elif question.type == "table_fill":
        for cell, text in wanted.items():
            select = place.get_by_label(question.cell_title(cell), exact=True)
            texts = select.locator("option").all_inner_texts()
            select.select_option(label=next(t for t in texts if t.endswith(f". {question.bank_texts[text]}")))
    elif question.type == "numeric":
        place.get_by_label("Kết quả của anh/chị").fill(format_number(Decimal(wanted)))
    elif question.type == "short_text":
        place.get_by_label("Câu trả lời của anh/chị").fill(wanted)
    else:
        place.get_by_label("Bài viết của anh/chị").fill(wanted)


def expect_answer(place: Locator, question: Any, wanted: Any) -> None:
    """The page shows this answer."""
    if question.type == "single_choice":
        expect(place.get_by_role("radio", name=_choice(question, wanted), exact=True)).to_be_checked()
    elif question.type == "multiple_choice":
        for choice in question.choices:
            box = place.get_by_role("checkbox", name=choice.text, exact=True)
            expect(box).to_be_checked(checked=choice.id in wanted)
    elif question.type == "ordering":
        assert _order(place) == [_item(question, id_) for id_ in wanted]
        expect(place.get_by_role("button", name="Giữ nguyên thứ tự này")).to_be_hidden()
    elif question.type == "matching":
        for left, right in wanted.items():
            chosen = place.get_by_label(question_left(question, left), exact=True).locator("option:checked")
            expect(chosen).to_have_text(re.compile(re.escape(question.rights[right]) + "$"))
    elif question.type == "classification":
        for item, box in wanted.items():
            row = place.get_by_role("radiogroup", name=_item(question, item), exact=True)
            expect(row.get_by_role("radio", name=question.box_texts[box], exact=True)).to_be_checked()
    elif question.type == "matrix_score":
        for select, level in _levels(place, question, wanted):
            expect(select).to_have_value(str(level))
    elif question.type == "table_fill":
        for cell, text in wanted.items():
            chosen = place.get_by_label(question.cell_title(cell), exact=True).locator("option:checked")
            expect(chosen).to_have_text(re.compile(re.escape(question.bank_texts[text]) + "$"))
    else:
        shown = format_number(Decimal(wanted)) if question.type == "numeric" else wanted
        expect(place.get_by_role("textbox")).to_have_value(shown)


def answer_slots(page: Page, questions: list[Asked]) -> None:
    """Answer rightly (the written one with a text of our own) and wait until the server has everything."""
    for one in questions:
        answer(group(page, one.number), one.question, right(one))
    page.keyboard.press("Tab")
    saved(page)


def right(one: Asked) -> Any:
    return ESSAY if one.question.type == "written" else one.right


def _choice(question: Any, id_: str) -> str:
    return next(choice.text for choice in question.choices if choice.id == id_)


def _item(question: Any, id_: str) -> str:
    return next(item.text for item in question.items if item.id == id_)


def _levels(place: Locator, question: Any, wanted: Any) -> Iterator[tuple[Locator, int]]:
    """Each list of a matrix score, with the level it is to show."""
    for item, levels in wanted.items():
        risk = place.get_by_role("group", name=_item(question, item), exact=True)
        for label, level in zip(("Khả năng xảy ra", "Mức ảnh hưởng"), levels, strict=True):
            yield risk.get_by_label(label, exact=True), level


def question_left(question: Any, id_: str) -> str:
    return next(pair.left for pair in question.pairs if pair.id == id_)


def _order(place: Locator) -> list[str]:
    buttons = place.get_by_role("button", name=re.compile("^Lên: "))
    return [
        name.removeprefix("Lên: ")
        for name in buttons.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    ]


def _put_in_order(place: Locator, wanted: list[str]) -> None:
    expect(place.get_by_role("button", name=re.compile("^Lên: "))).to_have_count(len(wanted))
    if _order(place) == wanted:
        place.get_by_role("button", name="Giữ nguyên thứ tự này").click()
    for position, text in enumerate(wanted):
        while _order(place).index(text) > position:
            place.get_by_role("button", name=f"Lên: {text}", exact=True).click()


# ---- the lesson ----


def wait_for_tools(page: Page, lesson: Lesson) -> None:
    """Until everything on the lesson's page can be worked with."""
    for item in [*lesson.checkpoints, *lesson.tools]:
        expect(part(page, item.id)).to_be_attached()
        expect(part(page, item.id)).not_to_contain_text("Đang mở…")


def part(page: Page, item: str) -> Locator:
    """A checkpoint or tool of the lesson; the summary's links lead to the same ids."""
    return page.locator(f"#luyen-tap-{item}")


def do_checkpoint(page: Page, lesson: Lesson, id_: str) -> None:
    """Answer rightly and have it checked."""
    question = next(one for one in lesson.checkpoints if one.id == id_).question
    card = part(page, id_)
    answer(card, question, type_of(question).right_answer(question))
    card.get_by_role("button", name="Kiểm tra", exact=True).click()
    expect(card).to_contain_text("Đúng rồi")
    expect(card).to_contain_text("Đã hoàn thành")


def do_board(page: Page, board: PdcaBoard, cycle: dict[str, str]) -> None:
    """Sort every task rightly, be told so, then write a cycle of one's own."""
    card = part(page, board.id)
    boxes = card.get_by_role("group", name="Đặt việc đang chọn vào ô:")
    names = dict(zip(("plan", "do", "check", "act"), "PDCA", strict=True))
    for item in board.items:
        task = card.get_by_role("button", name=item.text, exact=True)
        if task.get_attribute("aria-pressed") != "true":
            task.click()
        boxes.get_by_role("button", name=re.compile(f"^{names[item.box]}\\b")).click()
    check = card.get_by_role("button", name="Kiểm tra bảng")
    check.click()
    total = len(board.items)
    expect(card).to_contain_text(f"{total} trên {total} việc ở đúng ô")
    for field in board.cycle.fields:
        card.get_by_label(field.label, exact=True).fill(cycle[field.id])
    check.click()
    expect(card).to_contain_text("lập xong một vòng PDCA cho đơn vị mình")
    expect(card).to_contain_text("Đã hoàn thành")
