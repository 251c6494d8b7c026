"""What an officer sees: courses, a course, a result."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from isoxa_courses.text import format_date

from tests.portal.pages.conftest import HOSTILE, TODAY, Page, Reader
from tests.portal.tiny_course import CANARIES, COURSE, LESSON, QUIZ

CARD = f"/khoa-hoc/{COURSE}"


def take(reader: Reader, answers: dict[str, Any]) -> Page:
    """Take the quiz through the API as the quiz page does; returns the result page."""
    attempt = reader.api("POST", "attempts", {"course": COURSE, "quiz": QUIZ})
    for slot in attempt["slots"]:
        if slot["slot"] in answers:
            answer = answers[slot["slot"]]
            if callable(answer):
                answer = answer(slot)
            reader.api(
                "PUT",
                f"attempts/{attempt['id']}/slots/{slot['slot']}",
                {"answer": answer, "seq": 1, "key": f"k-{attempt['id'][:8]}-{slot['slot']}"},
            )
    submitted = reader.api("POST", f"attempts/{attempt['id']}/submit")
    return reader.get(submitted["result_url"])


def choice(text: str) -> Callable[[dict[str, Any]], str]:
    return lambda slot: next(one["id"] for one in slot["choices"] if one["text"] == text)


def in_order(slot: dict[str, Any]) -> list[str]:
    return [one["id"] for one in sorted(slot["items"], key=lambda one: one["text"])]


RIGHT = {"c1": choice("Phương án một"), "c2": CANARIES[3], "c3": CANARIES[6], "c4": in_order}


def statuses(page: Page) -> dict[str, str]:
    return {
        task.select_one(".ix-task-name").get_text(): task.select_one(".ix-status").get_text().strip()
        for task in page.html.select(".ix-task")
    }


def test_the_first_visit_offers_to_begin(as_user: Callable[[str], Reader]) -> None:
    page = as_user("an").get("/khoa-hoc")
    assert page.one("h1").get_text() == "Khóa học của tôi"
    assert "0 trên 2 việc" in page.text
    assert f"Hạn hoàn thành {format_date(TODAY + timedelta(days=30))}" in page.text
    assert page.link("Bắt đầu học") == f"{CARD}/bai/{LESSON}"
    assert "Việc tiếp theo: Bài 1. Mở đầu" in page.text
    assert page.link("Khóa học thử") == CARD


def test_an_overdue_course_says_so_in_words(as_user: Callable[[str], Reader]) -> None:
    assert f"Quá hạn từ {format_date(TODAY - timedelta(days=3))}" in as_user("binh").get("/khoa-hoc").text


def test_without_a_course_it_says_what_to_do(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("ngoai")
    page = reader.get("/khoa-hoc")
    assert "Anh/chị chưa được ghi danh khóa học nào" in page.text
    assert "Xin hỏi người lập danh sách ở đơn vị" in page.text
    assert reader.get(CARD).status == 403
    assert reader.get("/khoa-hoc/khong-co").status == 404


def test_a_course_lists_its_steps_with_a_word_each(as_user: Callable[[str], Reader]) -> None:
    page = as_user("an").get(CARD)
    found = statuses(page)
    assert list(found)[:2] == ["Bài 1. Mở đầu", "Bài 2. Tiếp theo"]
    assert found["Bài 1. Mở đầu"] == "Chưa bắt đầu"
    assert found["Bài kiểm tra 1. Mở đầu"] == "Chưa làm"
    assert page.link("Bài kiểm tra 1. Mở đầu") == f"{CARD}/kiem-tra/{QUIZ}"
    assert "5 câu, làm được 3 lần" in page.text
    assert "từ 80 % số điểm trở lên" in page.text


def test_a_hostile_name_is_only_a_name(as_user: Callable[[str], Reader]) -> None:
    for path in ("/khoa-hoc", CARD):
        page = as_user("hostile").get(path)
        assert page.one(".ix-who-name").get_text() == HOSTILE
        assert not page.html.find_all("script", string="alert(1)")


def test_a_result_waits_for_its_written_answer(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("mot")
    page = take(reader, RIGHT | {"c5": "Dòng một\n<img src=x onerror=alert(1)>"})
    assert page.one("h1").get_text() == "Kết quả"
    assert "Đang chờ chấm" in page.text
    assert "Các câu đã chấm được 8 điểm." in page.text
    assert "Chờ chấm" in page.html.select(".ix-slot")[4].get_text()
    assert not page.html.find_all("img", src="x")
    assert "<img src=x" in page.html.select(".ix-slot .ix-written")[4].get_text()
    assert statuses(reader.get(CARD))["Bài kiểm tra 1. Mở đầu"] == "Chờ chấm"
    assert "đang chờ giảng viên chấm" in reader.get(CARD).text or "Việc tiếp theo" in reader.get(CARD).text


def test_a_failed_result_leads_on_and_keeps_its_keys(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("binh")
    page = take(reader, {"c1": choice("Phương án hai"), "c4": lambda slot: list(reversed(in_order(slot)))})
    assert "0,67 trên 10 điểm – 7 %" in page.text
    assert "Chưa đạt" in page.one(".ix-score").get_text()
    words = [one.select_one(".ix-status").get_text().strip() for one in page.html.select(".ix-slot")]
    assert words == [
        "Chưa đúng",
        "Chưa trả lời",
        "Chưa trả lời",
        "Đúng một phần – 0,67 trên 2 điểm",
        "Chưa trả lời",
    ]
    assert "Phương án hai" in page.html.select(".ix-slot")[0].get_text()
    assert page.link("Đọc lại: Phần một") == f"{CARD}/bai/{LESSON}#phan-1"
    assert page.link("Làm lại") == f"{CARD}/kiem-tra/{QUIZ}"
    assert "Anh/chị còn 2 lần làm" in page.text
    assert not [canary for canary in CANARIES if canary in page.answer.text]
    course = reader.get(CARD)
    assert statuses(course)["Bài kiểm tra 1. Mở đầu"] == "Chưa đạt"
    assert course.link("Kết quả lần 1") == page.path
    assert course.link("Học tiếp")


def test_the_last_result_tells_answers_and_reasons(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("xa")
    for _attempt in range(3):
        page = take(reader, {"c1": choice("Phương án hai")})
    assert "Anh/chị đã dùng hết số lần làm." in page.text
    assert "Đáp án: Phương án một" in page.text
    assert "Không nên chọn: Phương án hai" in page.text
    assert "Nên chọn: Phương án một" in page.text
    assert CANARIES[1] in page.text
    assert not [a for a in page.html.find_all("a") if a.get_text().strip() == "Làm lại"]
    assert statuses(reader.get(CARD))["Bài kiểm tra 1. Mở đầu"] == "Chưa đạt, hết lần làm"


def test_anothers_result_is_not_found(as_user: Callable[[str], Reader]) -> None:
    mine = take(as_user("hostile"), {"c1": choice("Phương án hai")})
    assert mine.status == 200
    stranger = as_user("an")
    page = stranger.get(mine.path)
    assert page.status == 404
    assert "Không tìm thấy" in page.one("h1").get_text()
    assert stranger.get(mine.path.replace(COURSE, "khoa-khac")).status == 404
    assert stranger.get(f"{CARD}/ket-qua/khong-co").status == 404


def test_an_open_attempt_is_gone_on_with(as_user: Callable[[str], Reader]) -> None:
    reader = as_user("moi")
    attempt = reader.api("POST", "attempts", {"course": COURSE, "quiz": QUIZ})
    page = reader.get(f"{CARD}/ket-qua/{attempt['id']}")
    assert page.path == f"{CARD}/kiem-tra/{QUIZ}"
    assert statuses(reader.get(CARD))["Bài kiểm tra 1. Mở đầu"] == "Đang làm"
    assert reader.get("/khoa-hoc").link("Học tiếp") == f"{CARD}/kiem-tra/{QUIZ}"


def test_a_trainer_may_look_without_a_record(as_user: Callable[[str], Reader]) -> None:
    page = as_user("giang-vien").get(CARD)
    assert "những gì làm ở đây không được ghi lại" in page.text
    assert page.link("Bài 1. Mở đầu") == f"{CARD}/bai/{LESSON}"
