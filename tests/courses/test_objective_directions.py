"""Whether more or less is better: by what is said of the thing counted, by a cap, by the verb next to the figures."""

from __future__ import annotations

from datetime import date

import pytest
from isoxa_courses.objective import review_objective

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Số trường người dân phải tự khai trên tờ khai điện tử từ 24 trường xuống 9 trường", "met"),
        ("Số trường người dân phải tự khai trên tờ khai điện tử từ 9 trường lên 24 trường", "not_met"),
        ("Tỷ lệ phiếu hẹn không ghi giờ trả: hiện nay 40 %, năm 2027 là 5 %", "met"),
        ("Tỷ lệ phiếu hẹn không ghi giờ trả: hiện nay 5 %, năm 2027 là 15 %", "not_met"),
        ("Số thủ tục không phải nộp bản giấy giảm từ 20 xuống 12 vào cuối năm 2027", "not_met"),
        ("Số dữ liệu hộ tịch chưa đối soát từ 500 lên 4.200 dữ liệu", "not_met"),
        (
            "Số tiêu chí bị trừ điểm trong bảng chấm cải cách hành chính từ 3 tiêu chí lên 9 tiêu chí",
            "not_met",
        ),
        ("Số cán bộ không chuyên trách biết tự ký số tăng từ 2 người lên 11 người", "met"),
    ],
)
def test_by_what_is_said_of_the_thing_counted(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Không quá 9 % hồ sơ nộp trực tuyến bị trả lại (đầu kỳ 6,5 %), trước 15/12", "not_met"),
        ("Kỳ đánh giá tháng 5/2026 ghi nhận 12 điểm yếu; kỳ đánh giá tháng 5/2027 không quá 4 điểm", "met"),
        ("Tư pháp đang 92 %, không được dưới 95 %", "met"),
        ("Tin nhắn báo trễ từ 50 % lên 100 % hồ sơ trễ", "met"),
        ("Đất đai: đang 81, kéo lên 90", "met"),
        ("Phần hồ sơ cán bộ đã số hóa: năm 2026 là 2/3, chỉ tiêu năm 2027 là 3/5", "not_met"),
    ],
)
def test_by_the_figure_and_its_verb(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Tỷ lệ cuộc gọi đến tổng đài được nhấc máy từ 91 % năm 2026 còn 85 % năm 2027", "not_met"),
        ("Mức chênh lệch giữa sổ giấy và phần mềm hộ tịch: 1 % năm 2026, 4,1 % năm 2027", "not_met"),
        ("Sai sót khi nhập hồ sơ trên phần mềm giảm từ 18 hồ sơ còn 6 hồ sơ", "met"),
        ("Tỷ lệ hồ sơ trễ hạn có thư xin lỗi: năm 2026: 40 %; năm 2027: 90 %", "met"),
        ("Tỷ lệ hồ sơ trễ hạn không có thư xin lỗi: năm 2026: 10 %; năm 2027: 60 %", "not_met"),
        ("Số vụ việc hòa giải thành công từ 12 vụ lên 20 vụ", "met"),
        ("Chỉ tiêu: hồ sơ phải gia hạn. Kết quả 2026: 4 %. Kế hoạch 2027: 11 %.", "not_met"),
    ],
)
def test_by_gains_and_losses_that_no_list_has(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Thời gian lưu bản ghi cuộc gọi tăng từ 3 tháng lên 12 tháng", "met"),
        ("Hồ sơ trả sớm hơn hẹn bình quân 1 ngày năm 2026, năm 2027 trả sớm hơn hẹn bình quân 2 ngày", "met"),
        ("Thời gian thẩm định hồ sơ tăng từ 7 ngày lên 10 ngày trong năm 2027", "not_met"),
    ],
)
def test_time_given_and_time_taken(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict
