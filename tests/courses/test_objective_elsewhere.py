"""What stands elsewhere: a deadline that somebody else sets, or that is told later; an object told by reference."""

from __future__ import annotations

from datetime import date

import pytest
from isoxa_courses.objective import review_objective

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("98 % hồ sơ hộ tịch đúng hạn, thời hạn xem ở phụ lục kèm theo", "thời hạn xem ở"),
        ("98 % hồ sơ hộ tịch đúng hạn, mốc hoàn thành sẽ thông báo sau", "mốc hoàn thành sẽ thông"),
        ("98 % hồ sơ hộ tịch đúng hạn, đúng thời hạn Sở Tư pháp ấn định", "đúng thời hạn Sở Tư pháp ấn định"),
        ("98 % hồ sơ hộ tịch đúng hạn; thời gian: như Phụ lục", "thời gian: như Phụ"),
        ("98 % hồ sơ hộ tịch đúng hạn, hạn cuối [điền sau]", "hạn cuối [điền sau]"),
        (
            "98 % hồ sơ hộ tịch đúng hạn, đúng mốc ghi trong thông báo giao ban",
            "đúng mốc ghi trong thông báo giao ban",
        ),
        ("98 % hồ sơ hộ tịch đúng hạn, xong theo thông báo của tỉnh", "xong theo thông báo"),
        ("98 % hồ sơ hộ tịch đúng hạn; hoàn thành: ..........", "thành: .........."),
        ("98 % ho so ho tich dung han, thoi han theo Ke hoach cua UBND tinh", "thoi han theo Ke"),
    ],
)
def test_a_deadline_that_stands_elsewhere_cannot_be_told(text: str, words: str) -> None:
    review = review_objective(text, today=TODAY).time_bound
    assert (review.verdict, review.words) == ("cannot_tell", (words,))
    assert review.reason in {"elsewhere", "event", "blank"}
    assert words in review.advice


@pytest.mark.parametrize(
    "text",
    [
        "98 % hồ sơ hộ tịch được trả đúng thời hạn quy định",
        "Đơn của công dân được trả lời đúng thời hạn pháp luật quy định",
        "Thời gian chờ chứng thực theo đúng mức đã niêm yết",
        "Giảm thời gian chờ của công dân tại quầy",
        "Tỷ lệ phản ánh được trả lời đúng hạn đạt yêu cầu của tỉnh",
        "Hồ sơ được trả đúng thời gian đã hẹn trên phiếu",
    ],
)
def test_the_time_allowed_for_each_case_is_no_deadline(text: str) -> None:
    assert review_objective(text, today=TODAY).time_bound.verdict == "not_met"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Vụ xuân 2027 gieo cấy 240 ha lúa", "met"),
        ("Trước Tết Nguyên đán 2027 số hóa xong sổ hộ tịch", "met"),
        ("Trước Tết Nguyên đán số hóa xong sổ hộ tịch", "cannot_tell"),
        ("Mọi đơn thư được trả lời trước ngày ... tháng ... năm 2027", "cannot_tell"),
        ("Thu phí không dùng tiền mặt: 2026: 55 % -> 2027: 80 %", "met"),
        ("Giữ tỷ lệ hồ sơ đúng hạn ổn định như năm 2026", "not_met"),
    ],
)
def test_seasons_and_years(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).time_bound.verdict == verdict


@pytest.mark.parametrize(
    "text",
    [
        "98 % hồ sơ thuộc lĩnh vực nói trên được trả đúng hạn trong năm 2027",
        "Nâng tỷ lệ hồ sơ đúng hạn của thủ tục số 7 trong bảng từ 93 % lên 97 %",
        "Năm 2027, 100 % thủ tục trong danh mục kèm theo được công khai",
        "Số hồ sơ trễ hạn của lĩnh vực đó: năm 2026 là 21 hồ sơ, năm 2027 không quá 10 hồ sơ",
        "Trước 30/11/2027 số hóa xong hồ sơ thuộc các nhóm liệt kê tại Phụ lục I",
    ],
)
def test_an_object_told_by_reference_alone(text: str) -> None:
    assert review_objective(text, today=TODAY).specific.verdict == "cannot_tell"


@pytest.mark.parametrize(
    "text",
    [
        "98 % hồ sơ đất đai được trả đúng hạn trong năm 2027",
        "Hết quý II/2027 soát xét xong 64 quy trình, trong đó công khai 60 quy trình đó",
        "100 % phiếu hẹn ghi rõ ngày trả, không để người dân thiếu phiếu này",
    ],
)
def test_an_object_that_is_named_is_none(text: str) -> None:
    assert review_objective(text, today=TODAY).specific.verdict == "met"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Phấn đấu 105 % hồ sơ chứng thực được giải quyết trước hạn, vượt chỉ tiêu tỉnh giao", "not_met"),
        ("Hồ sơ đo đạc trả đúng hạn đạt 110 % so với tổng số hồ sơ tiếp nhận", "not_met"),
        ("Hồ sơ đo đạc đạt 110 % so với năm 2026", "cannot_tell"),
        ("Trong vụ xuân 2026 gieo cấy xong 210 ha lúa, trước ngày 25/02/2026", "not_met"),
        ("Từ 2 ngày xuống trả trong ngày đối với bản sao trích lục", "met"),
        ("Giữ ở mức 99,1 % của năm 2026 tỷ lệ hồ sơ khai sinh đúng hẹn cho cả năm 2027", "met"),
    ],
)
def test_what_can_be_and_what_cannot(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict
