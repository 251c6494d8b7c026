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


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Thời gian chờ ở quầy đất đai còn 12 phút (nay 30 phút), trước 30/9/2027", "met"),
        ("Cuối năm 2027: tăng đến 40, nay 31", "met"),
        ("Điểm hộ tịch: 7,2 (cũ) - 8,4 (mới)", "met"),
        ("Chỉ số số hóa: 0,4 (nay), 0,6 (2027)", "met"),
        ("Hộ tịch: 82 % (thực hiện 2026), 90 % (kế hoạch 2027)", "met"),
        ("Tỷ lệ hồ sơ có bản quét 71,5% phải nâng đến 80% trước kỳ họp", "met"),
        ("Nhóm C: 52 tăng thành 44", "not_met"),
        ("Kiểm tra nội bộ: 4 tăng thành 9 cuộc, năm 2027", "met"),
        ("Ca trực thiếu người: 5 ca/tháng về 1 ca/tháng", "met"),
        ("Bộ phận văn thư: năm ngoái 79%, năm nay 88%", "met"),
        ("Bộ phận văn thư: năm ngoái 88%, năm nay 79%", "not_met"),
        ("Tháng trước 64, tháng này phấn đấu 70", "met"),
        ("Lượt xem trang hỏi đáp đi từ 300 đến 900 lượt", "met"),
        ("Từ 3 lớp nay đủ cả 8 lớp được chỉ dẫn tự nộp hồ sơ", "met"),
        ("Cách đây một năm chỉ 4 thủ tục có biểu mẫu điền sẵn, nay đặt đích 12 thủ tục", "met"),
        ("Giữ mức 91 như năm 2026", "met"),
        ("Bản sao điện tử: mới đạt 9 %, hướng tới 40 %, làm cuốn chiếu", "met"),
        ("Điểm chấm quý của tổ: 74, mục tiêu 85", "met"),
        ("Giảm từ 19,8% còn 12%", "met"),
        ("Quét sổ hộ tịch: đã xong 3 trên 11 quyển, hết 30/9/2027 xong cả 11 quyển", "met"),
        ("Thời gian chứng thực từ 2 giờ 40 phút xuống còn 1 giờ 50 phút", "met"),
        ("Thời gian chứng thực từ 1 giờ 50 phút xuống còn 2 giờ 40 phút", "not_met"),
        ("Mỗi lượt lấy số đang mất 3 phút, từ quý II/2027 chỉ còn nửa phút", "met"),
        # stages, levels of several fields and what is not to be changed hold no baseline
        ("Quý I/2027 đạt 80 %, quý III/2027 đạt 90 %", "cannot_tell"),
        ("giảm còn 4 (trước 11)", "met"),
        ("Văn bản trình ký sai thể thức còn 9 văn bản (năm 2026 có 6)", "not_met"),
        ("Mới chỉ 3/12 lĩnh vực có người làm thay, bố trí đủ cho 12/12 lĩnh vực", "met"),
        ("Đạt 95 %, phải tăng thêm trong năm 2027", "cannot_tell"),
        ("Số hóa 5 trên 10 phiên họp của tổ", "cannot_tell"),
    ],
)
def test_small_words_tell_the_baseline(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Đưa số thủ tục có mẫu sẵn từ 5 lên 20 và hạ tỷ lệ tờ khai ghi sai từ 12% xuống 3%", "met"),
        ("Trong điều kiện chưa được bổ sung máy, lĩnh vực hộ tịch vẫn phấn đấu từ 80 % lên 88 %", "met"),
        ("Nang so cuoc kiem tra noi bo tu 2 cuoc len 5 cuoc nham nang cao y thuc", "met"),
        ("Hiện nay 9 thôn chưa có người giúp nộp hồ sơ; đến 30/6/2027 chỉ còn 3 thôn như vậy", "met"),
        ("Người có công: 25 → 10", "met"),
        ("Đang 40, kéo xuống 55, càng thấp càng tốt", "not_met"),
        ("Đang 40, đưa tới 55, càng cao càng tốt", "met"),
        ("Đơn của dân được phân loại ngay trong ngày: từ 60% số đơn lên 90% số đơn", "met"),
        ("Trả lời phản ánh rút từ 36 giờ xuống 2 ngày", "not_met"),
        ("Trả lời phản ánh rút từ 36 giờ xuống 1 ngày", "met"),
        ("Cứ 20 người nộp hồ sơ thì 24 người nộp qua mạng", "not_met"),
        ("Cứ 20 người nộp hồ sơ thì 18 người nộp qua mạng", "cannot_tell"),
        ("Tỷ lệ quét sổ đúng quy cách đã là 94%, cần cộng thêm 8 điểm phần trăm", "not_met"),
        ("Thêm 15 điểm phần trăm trên nền 90%", "not_met"),
    ],
)
def test_which_way_is_meant(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict
