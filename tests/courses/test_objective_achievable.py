"""Which way is better, where the baseline stands and what cannot be, in sentences of our own."""

from __future__ import annotations

from datetime import date

import pytest
from isoxa_courses.objective import review_objective

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Công tác văn thư từ 88 điểm xuống 81 điểm, năm 2027", "not_met"),
        ("Điểm trừ của bộ phận từ 9 điểm xuống 3 điểm, năm 2027", "met"),
        ("Mảng giải quyết kiến nghị nâng từ 70 lên 82 trong năm 2027", "met"),
        ("Mảng giải quyết kiến nghị nâng từ 82 lên 70 trong năm 2027", "not_met"),
        ("Lĩnh vực khiếu nại giảm từ 9 xuống 2 trong năm 2027", "met"),
        ("Mảng chứng thực: mới được 40 %, kéo lên 65 %", "met"),
        ("Hạ tỷ lệ trẻ thấp còi từ 12% còn 9%, đưa số lớp có máy chiếu từ 4 lên 9 lớp", "met"),
        ("Đưa số hồ sơ kẹt liên thông từ 50 còn 5, năm 2027", "met"),
        ("Đưa số hộ còn nợ lệ phí từ 30 lên 41 hộ trong năm 2027", "not_met"),
        ("Nâng số thủ tục được cắt giảm giấy tờ từ 12 lên 7 thủ tục, xong 2027", "not_met"),
        ("Tỷ lệ phản ánh được công khai kết quả nâng từ 60 % lên 90 %", "met"),
        ("Đưa số biểu mẫu bắt khai hai lần từ 11 mẫu về 0 mẫu", "met"),
        ("Khâu trình ký trong quy trình: đang 6 khâu, về 4 khâu", "met"),
        ("Rút thời gian trả kết quả từ 48 giờ xuống còn 3 ngày", "not_met"),
        ("Rút thời gian trả kết quả từ 96 giờ xuống còn 3 ngày", "met"),
        ("Số phiếu khen giảm từ 200 còn 150 phiếu", "not_met"),
        ("Số hộ đã có sổ đỏ giảm từ 90 hộ còn 30 hộ", "not_met"),
        ("Số hộ chưa có sổ đỏ giảm từ 90 hộ còn 30 hộ", "met"),
        ("Trước phải ký 2 chữ, sau phải ký 6 chữ", "not_met"),
        ("Mức một cửa: 8,8/10 xuống 7,9/10", "not_met"),
        ("Đang dùng 12 loại sổ, phấn đấu chỉ dùng 5 loại sổ", "met"),
        ("Tăng giờ mở cửa quầy từ 7 giờ lên 9 giờ mỗi ngày", "met"),
        ("Tổng thu từ bến bãi đang 3 tỷ đồng, phấn đấu còn 2 tỷ đồng", "not_met"),
    ],
)
def test_which_way_is_better(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Hiện chỉ 2/5 công chức một cửa đạt chuẩn tin học, sang năm 2027 phải là 5/5", "met"),
        ("Tỷ lệ biên lai điện tử hiện 1/4, mục tiêu 3/4, hạn 20/7", "met"),
        ("Nâng số quầy nhận thẻ từ 3/9 quầy lên 9/9 quầy", "met"),
        ("Mục b: 0,5 thành 0,8, dịp sơ kết", "met"),
        ("Phần hộ tịch đang là bảy mươi, đến 31/3/2027 phải đạt chín mươi", "met"),
        ("Tỷ lệ văn bản gửi đúng ngày tối thiểu 97 %, kỳ trước mới 88 %", "met"),
        ("Số thôn có sổ góp ý: 4/10 thôn bây giờ, 10/10 thôn sau này", "met"),
        ("Đi từ con số không, đến 31/10/2027 có 8 biểu mẫu song ngữ", "met"),
        ("Hồ sơ quá hạn hiện 8 bộ, phải đưa về không", "met"),
        ("Trả đúng hẹn từ 97% số bộ trở lên trong cả năm 2027 (năm 2026: 92%)", "met"),
        ("Điểm tự chấm: đợt trước 74/100, đợt tháng 10/2027 phải từ 85/100", "met"),
        ("Số hóa 60 quyển: quý I/2027 xong 30 quyển, quý II/2027 thêm 30 quyển", "cannot_tell"),
        ("Tách thửa 92%, hợp thửa 95%, chuyển mục đích 90%", "cannot_tell"),
        ("Tiêu chí 3 được 6 điểm kỳ rồi, kỳ này lấy 9 điểm", "met"),
        ("Giờ chỉ có 2 người làm được, cuối năm sau phải 6 người làm được", "met"),
        ("Chưa thôn nào có mã QR, đến 30/6/2027 cả 9 thôn có mã QR", "met"),
        ("Kế hoạch giao 80 %, phấn đấu 90 % trong năm 2027", "cannot_tell"),
        ("Đạt 85 điểm, không mục nào dưới 5 điểm", "cannot_tell"),
        ("Nhóm A từ 90 %, nhóm B từ 80 %", "cannot_tell"),
        ("Mục 4: 80; mục 5: 85; mục 6: 90", "cannot_tell"),
        ("Phấn đấu 95 %, tối thiểu phải 90 %", "cannot_tell"),
        ("Tỷ lệ đúng hạn 98 %, còn 2 % trễ hạn", "cannot_tell"),
        ("Đã nhận 6 ý kiến góp ý: thực hiện đủ cả 6", "cannot_tell"),
        ("Số phản ánh hiện trường trả lời trễ không quá 3 phản ánh, năm 2027", "cannot_tell"),
        ("Xuất phát từ việc dân phải gọi năm lần bảy lượt, 95 % cuộc gọi có người nghe", "cannot_tell"),
    ],
)
def test_where_the_baseline_stands(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Tuyển đủ 6 trong 4 suất cộng tác viên, trước tháng 5", "not_met"),
        ("Mục 3: lấy 40 trên tối đa 35 điểm", "not_met"),
        ("Trong 20 đơn thư tồn giải quyết dứt điểm 25 đơn thư", "not_met"),
        ("Cả 100 lượt chấm ở quầy thì phấn đấu 104 lượt chấm hài lòng", "not_met"),
        ("Số phiếu khen bằng 120 % số phiếu thu về", "not_met"),
        ("Số phiếu khen bằng 120 % năm 2026", "cannot_tell"),
        ("Hoàn thành kế hoạch 105 %", "cannot_tell"),
        ("Giảm mỗi quý 14 lượt phản ánh về thái độ (hiện mỗi quý có 10 lượt)", "not_met"),
        ("Trước 30/6/2026 cấp xong mã cho toàn bộ hộ, rồi đến 31/12/2027 có 85 % kết quả điện tử", "not_met"),
    ],
)
def test_what_cannot_be(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict
