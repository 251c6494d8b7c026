"""Days that are left open, and what looks like it: each by examples on both sides."""

from __future__ import annotations

from datetime import date

import pytest
from isoxa_courses.objective import review_objective

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        "97 % hồ sơ hộ tịch đúng hạn, xong lúc nào thì chờ Chủ tịch duyệt",
        "Lúc nào tỉnh mở kết nối thì 100 % hồ sơ kết hôn tra được trên mạng",
        "Đ/c Phó Chủ tịch đã ấn định ngày xong tại giao ban: 100 % hồ sơ lưu có mục lục",
        "100 % thủ tục mới lên bảng tra cứu, deadline: TBD",
        "92 % hồ sơ xây dựng đúng hạn (mốc: đang xin ý kiến)",
        "Số hóa 900 hồ sơ, xong vào: ?",
        "Hạn (ngày/tháng/năm): chưa nhập; 98 % hồ sơ chứng thực trả trong buổi",
        "96 % hồ sơ đất đai đúng hạn, tới ngày 15 thì phải xong",
        "Khi khánh thành trụ sở mới, 100 % quầy có bảng thủ tục",
        "Hết giai đoạn thí điểm, 80 % hồ sơ được trả tại nhà",
        "95 % hồ sơ trợ cấp đúng hạn, theo kỳ đã ghi ở sổ mục tiêu",
        "Mở mã tra cứu cho 100 % hồ sơ, lịch mở sẽ ghi trong kế hoạch riêng",
    ],
)
def test_a_day_left_open_cannot_be_told(text: str) -> None:
    assert review_objective(text, today=TODAY).time_bound.verdict == "cannot_tell"


@pytest.mark.parametrize(
    "text",
    [
        "Hồ sơ hẹn ngày nào xong ngày đó, đạt 99 %",
        "Lúc nào cũng có người trực ở quầy, 100 % lượt dân đến được đón",
        "Tăng từ 3 điểm lên 8 điểm hỗ trợ nộp hồ sơ, sớm ngày nào hay ngày ấy",
        "Thư xin lỗi gửi dân 1 ngày trước khi hồ sơ hết hạn, 100 % trường hợp",
        "6 tháng một lần đánh giá mức hài lòng, kết quả từ 90 % trở lên",
        "Thời gian chờ ở quầy không quá 15 phút",
        "Nâng điểm hài lòng lên 8,4; đợt khảo sát gần nhất là 7,9",
    ],
)
def test_what_only_looks_like_a_day_left_open(text: str) -> None:
    assert review_objective(text, today=TODAY).time_bound.verdict == "not_met"


def test_where_the_deadline_stands_tells_no_level() -> None:
    told = review_objective(
        "Giảm thời gian chờ của dân tại quầy, thời gian thực hiện theo kế hoạch đã duyệt", today=TODAY
    )
    assert (told.measurable.verdict, told.time_bound.verdict) == ("not_met", "cannot_tell")
    both = review_objective("Tỷ lệ hồ sơ đúng hạn: mức và thời gian xem bảng của văn phòng", today=TODAY)
    assert both.measurable.verdict == "cannot_tell"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Trả hết giấy chứng nhận tồn trước Tết Nguyên đán 2026", "not_met"),
        ("Trả hết giấy chứng nhận tồn trước Tết Nguyên đán 2027", "cannot_tell"),
        ("Đến cuối tháng mười năm 2026, 98 % hồ sơ trả đúng hẹn", "not_met"),
        ("Bớt 6 trong số 10 mẫu đơn dân phải điền", "met"),
        ("Bớt 12 trong số 10 mẫu đơn dân phải điền", "not_met"),
        ("Toàn bộ 19 thôn, trong đó 21 thôn có tổ công nghệ số", "not_met"),
        ("Nâng điểm hài lòng lên 8,4; đợt khảo sát gần nhất là 8,9", "not_met"),
        ("Nâng điểm hài lòng lên 8,9; đợt khảo sát gần nhất là 8,4", "met"),
        ("Phấn đấu 96 % hồ sơ đúng hạn, trong khi tỉnh giao 94 %", "cannot_tell"),
        ("Phường bên trả 90 % hồ sơ trong ngày, năm 2027 phường ta phấn đấu 93 %", "cannot_tell"),
        ("Tạo chuyển biến rõ nét trên mọi lĩnh vực trong năm 2027", "cannot_tell"),
        ("Từ 1/5 xuống 1/10 tổng số hồ sơ phải bổ sung", "met"),
        ("Phường xếp thứ 31/40 năm 2026, năm 2027 phấn đấu lên thứ 20/40 về chỉ số hài lòng", "met"),
    ],
)
def test_baselines_wholes_and_levels_of_others(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict


@pytest.mark.parametrize("year", [2026, 2031])
def test_an_older_plan_tells_no_baseline_whatever_the_year(year: int) -> None:
    planned = f"Kế hoạch năm {year} là 90 %, năm {year + 1} phấn đấu 95 % hồ sơ đúng hạn"
    reached = f"Thực hiện năm {year} là 90 %, năm {year + 1} phấn đấu 95 % hồ sơ đúng hạn"
    verdicts = [
        review_objective(one, today=date(year, 11, 21)).achievable.verdict for one in (planned, reached)
    ]
    assert verdicts == ["cannot_tell", "met"]
