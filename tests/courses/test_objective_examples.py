"""The reader of objectives on sentences of our own: their verdicts, and the same verdicts however they are typed.

Each line: specific, measurable, achievable, relevant, time_bound (+ met, - not met, ? cannot tell), and the sentence.
"""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from isoxa_courses.objective import CRITERIA, review_objective
from isoxa_courses.objective.criteria import judge_relevant
from isoxa_courses.objective.notes import has_two_objectives
from isoxa_courses.objective.reading import read_objective
from isoxa_courses.objective.rules import shipped_rules
from isoxa_courses.text import nfc

TODAY = date(2026, 11, 21)
SIGNS = {"met": "+", "not_met": "-", "cannot_tell": "?"}
EXAMPLES = """
+++++ Tỷ lệ hồ sơ chứng thực trả đúng hạn từ 96,0 % lên 98,5 % đến hết quý II/2027
++?++ Phấn đấu 95% người dân hài lòng khi đến giao dịch, hoàn thành trước 30/6/2027
++?++ Giảm số hồ sơ trễ hạn xuống còn 0 hồ sơ vào cuối năm nay
++?++ Đến tháng 6 năm 2027 rút ngắn thời gian chứng thực bản sao còn không quá 2 giờ
++-++ Tỷ lệ hồ sơ nộp trực tuyến đạt 120% vào năm 2027
++?++ Tăng thêm 5 điểm % tỷ lệ hồ sơ trực tuyến so với năm 2026, xong trước ngày 31/12/2027
--?+- Sớm khắc phục tình trạng hồ sơ trễ hạn
--?+- Nâng cao chất lượng phục vụ người dân trong thời gian tới
++?++ Hằng quý 100 % kết quả giải quyết TTHC được số hóa, đến hết quý IV/2027
+++++ Năm 2026 đạt 96 %, năm 2027 đạt 98,5 % hồ sơ đất đai đúng hạn
+++++ Hiện nay 90 % hồ sơ đúng hạn; đến hết năm 2027 đạt 95 %
++?++ Duy trì tỷ lệ hồ sơ đúng hạn từ 98% trở lên trong 6 tháng đầu năm 2027
++-++ Nâng tỷ lệ người dân hài lòng từ 92% lên 90% trong năm 2027
++?+- Không quá 2 lần đi lại cho mỗi hồ sơ khai sinh
++?++ Một nửa số TTHC được cung cấp trực tuyến toàn trình trước 1/7/2027
++?++ Giảm 20% số hồ sơ phải bổ sung so với năm 2026 trong 6 tháng đầu năm 2027
++?+- Mỗi hồ sơ giải quyết trong 3 ngày làm việc
++?++ Trong vòng 6 tháng tới, ít nhất chín mươi phần trăm hồ sơ hộ tịch được trả trước hạn
++-++ 1.300/1.250 hồ sơ đúng hạn trong năm 2027
+++++ Hồ sơ trễ hạn giảm từ 4% năm 2026 xuống 1,5% năm 2027
++-++ Hồ sơ trễ hạn giảm từ 1,5% xuống 4% trong năm 2027
++?+- 100 % TTHC được công khai
--?+- NÂNG CAO NĂNG LỰC CÔNG CHỨC
++?++ Đến 2027 100% cán bộ sử dụng thành thạo phần mềm một cửa
++-++ 98 % hồ sơ được giải quyết đúng hạn trước ngày 30/6/2025
++?++ Không để hồ sơ đất đai nào trễ hạn trong năm 2027
+++++ Rút ngắn thời gian đăng ký kết hôn từ 5 ngày xuống còn 3 ngày làm việc trước tháng 7/2027
++-++ Thời gian giải quyết hồ sơ từ 3 ngày lên 5 ngày trong năm 2027
++?++ Tối đa 15 phút chờ cho mỗi lượt người dân đến chứng thực, áp dụng cả năm 2027
++?++ Hoàn thành số hóa 1.250 hồ sơ hộ tịch trong quý 3 năm 2027
+++++ Tỷ lệ thanh toán trực tuyến lệ phí: 40 % → 70 % đến 31.12.2027
++?++ Dưới 1 % hồ sơ bị trả lại trong giai đoạn 2027-2028
++?++ Từ nay đến hết tháng 9/2027, không phát sinh khiếu nại về thái độ của công chức một cửa
++-++ Hơn 100 % người dân hài lòng trong năm 2027
++-++ Tăng tỷ lệ hồ sơ đúng hạn từ 97 % thêm 5 điểm % trong năm 2027
++?++ Ba phần tư số hồ sơ hộ tịch được trả sớm hạn trong năm 2027
++?++ Tỷ lệ hồ sơ đúng hạn đạt từ 96 % đến 98 % trong năm 2027
++?++ Quý I/2027 đạt 90 %, quý II/2027 đạt 95 % hồ sơ nộp trực tuyến
+++++ Số hồ sơ trễ hạn năm 2027 giảm một nửa so với 40 hồ sơ của năm 2026
+++++ Năm 2026 chưa có hồ sơ nào nộp trực tuyến, năm 2027 có 200 hồ sơ
++-++ Hiện không có hồ sơ trễ hạn, năm 2027 chỉ còn 3 hồ sơ trễ hạn
++-++ Trước quý IV/2026 số hóa xong 100 % hồ sơ hộ tịch
++-++ Điểm đánh giá của công dân đạt 5,2 (thang điểm 5) trong năm 2027
+??++ Tỷ lệ hồ sơ đúng hạn năm 2027 không thấp hơn năm 2026
+??++ Số hồ sơ trực tuyến năm 2027 vượt kế hoạch 15 %
+-?++ Hạn chế hồ sơ trả lại do sai thành phần trong năm 2027
++?++ Chấm dứt tình trạng người dân phải nộp lại giấy tờ trước 30/6/2027
++?++ Chỉ số cải cách hành chính xếp thứ 5 toàn tỉnh năm 2027
????+ Xếp thứ 5 toàn tỉnh năm 2027
???++ Công tác văn thư đạt loại khá trong năm 2027
++??+ Năm 2027 đơn vị đạt danh hiệu Tập thể lao động xuất sắc
?+??+ Hoàn thành 100 % nhiệm vụ được giao trước 25/12/2027
?+?+- Khắc phục xong 5 lỗi đoàn kiểm tra chỉ ra tại Bộ phận Một cửa
++?-+ Nạo vét 6 km kênh mương nội đồng trước 31/8/2027
--??- Đoàn kết, kỷ cương, sáng tạo
"""
CASES = [(line[:5], line[6:]) for line in EXAMPLES.strip().splitlines()]


def verdicts(text: str) -> str:
    review = review_objective(text, today=TODAY)
    return "".join(SIGNS[getattr(review, criterion).verdict] for criterion in CRITERIA)


def bare(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in apart if not unicodedata.combining(char))


def old_tone_marks(text: str) -> str:
    return text.replace("hóa", "hoá").replace("khóa", "khoá").replace("tỷ", "tỉ").replace("quý", "quí")


@pytest.mark.parametrize(("wanted", "text"), CASES)
def test_verdicts(wanted: str, text: str) -> None:
    assert verdicts(text) == wanted


@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        str.lower,
        lambda text: unicodedata.normalize("NFD", text),
        bare,
        lambda text: bare(text).upper(),
        lambda text: "  " + text.replace(" ", "   ") + "\t\n",
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text + ".",
        lambda text: "“" + text + "”",
        lambda text: "- " + text,
        old_tone_marks,
        lambda text: text.replace(" %", "%"),
    ],
)
def test_verdicts_do_not_hang_on_how_it_is_typed(typed) -> None:
    changed = {text: (verdicts(text), verdicts(typed(text))) for _, text in CASES}
    assert {text: pair for text, pair in changed.items() if pair[0] != pair[1]} == {}


@pytest.mark.parametrize("text", [text for _, text in CASES])
def test_the_words_are_quoted_from_the_text(text: str) -> None:
    for given in (text, unicodedata.normalize("NFD", text), bare(text), text.upper()):
        review = review_objective(given, today=TODAY)
        for criterion in CRITERIA:
            judged = getattr(review, criterion)
            assert all(word and word in nfc(given) for word in judged.words)
            assert judged.advice


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("98 % hồ sơ đúng hạn trước ngày 31/12/2027", "trước ngày 31/12/2027"),
        ("98 % hồ sơ đúng hạn đến hết quý II/2027", "đến hết quý II/2027"),
        ("98 % hồ sơ đúng hạn trong 6 tháng đầu năm", "trong 6 tháng đầu năm"),
        ("98 % hồ sơ đúng hạn trong 6 tháng cuối năm 2027", "trong 6 tháng cuối năm 2027"),
        ("98 % hồ sơ đúng hạn, chậm nhất ngày 31 tháng 12 năm 2027", "chậm nhất ngày 31 tháng 12 năm 2027"),
        ("98 % hồ sơ đúng hạn vào tháng 6/2027", "vào tháng 6/2027"),
        ("98 % hồ sơ đúng hạn vào Q2/2027", "vào Q2/2027"),
        ("98 % hồ sơ đúng hạn từ tháng 1 đến tháng 6/2027", "từ tháng 1 đến tháng 6/2027"),
        ("98 % hồ sơ đúng hạn từ 01/01/2027 đến 30/06/2027", "từ 01/01/2027 đến 30/06/2027"),
        ("98 % hồ sơ đúng hạn trong quý tới", "trong quý tới"),
        ("98 % hồ sơ đúng hạn đến cuối năm sau", "đến cuối năm sau"),
        ("98 % hồ sơ đúng hạn trong nửa đầu năm 2027", "trong nửa đầu năm 2027"),
        ("98 % hồ sơ đúng hạn trong năm", "trong năm"),
        ("98 % hồ sơ đúng hạn giai đoạn 2027 - 2030", "giai đoạn 2027 - 2030"),
        ("98 % hồ sơ đúng hạn, xong trong 90 ngày tới", "trong 90 ngày tới"),
        ("98 % hồ sơ đúng hạn trước 2027-12-31", "trước 2027-12-31"),
        ("98 % hồ sơ đúng hạn trong những tháng cuối năm", "cuối năm"),
        ("98 % hồ sơ đúng hạn trong 90 ngày kể từ ngày 01/3/2027", "90 ngày kể từ ngày 01/3/2027"),
        ("98 % hồ sơ đúng hạn, 2027", "2027"),
        ("98 % hồ sơ đúng hạn vào tháng 6 tới", "vào tháng 6 tới"),
    ],
)
def test_times(text: str, words: str) -> None:
    judged = review_objective(text, today=TODAY).time_bound
    assert judged.verdict == "met"
    assert words in judged.words[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("98 % hồ sơ đúng hạn trước ngày 30-9", "no_year"),
        ("98 % hồ sơ đúng hạn trong quý II", "no_year"),
        ("98 % hồ sơ đúng hạn trước ngày 31/02/2027", "impossible"),
        ("98 % hồ sơ đúng hạn trước ngày …/…/20…", "blank"),
        ("Số hóa 60 % hồ sơ trong vòng 90 ngày", "no_start"),
        ("98 % hồ sơ đúng hạn trước mùa mưa", "event"),
        ("98 % hồ sơ đúng hạn theo tiến độ chung", "event"),
    ],
)
def test_what_may_be_a_deadline(text: str, reason: str) -> None:
    judged = review_objective(text, today=TODAY).time_bound
    assert (judged.verdict, judged.reason) == ("cannot_tell", reason)


@pytest.mark.parametrize(
    "text",
    [
        "Số hóa toàn bộ hồ sơ giai đoạn 2015-2020",
        "Giấy tờ hộ tịch cấp trước năm 2016 được nhập vào cơ sở dữ liệu",
        "Mỗi hồ sơ chứng thực không quá một ngày rưỡi",
        "98 % hồ sơ đúng hạn",
        "98 % hồ sơ đúng hạn trong thời gian tới",
        "Sớm đạt 98 % hồ sơ đúng hạn",
        "Hằng tháng 98 % hồ sơ đúng hạn",
        "98 % hồ sơ đúng hạn, theo Nghị định 61/2018/NĐ-CP",
        "98 % hồ sơ đúng hạn theo TCVN ISO 9001:2015",
        "Trả hồ sơ trong 3 ngày làm việc",
        "98 % hồ sơ đúng hạn, cao hơn năm ngoái",
        "Năm công chức được tập huấn",
    ],
)
def test_what_is_no_deadline(text: str) -> None:
    assert review_objective(text, today=TODAY).time_bound.verdict == "not_met"


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        ("Trước 30/4 số hóa 60 % hồ sơ đất đai", "cannot_tell", "no_year"),
        ("Trc 30/4: nhập xong sổ khai sinh 1998-2012", "cannot_tell", "no_year"),
        ("Nhập xong sổ khai sinh 1998-2012", "not_met", "baseline"),
        ("100 % trang sổ chứng thực năm 2026 có dấu giáp lai", "not_met", "baseline"),
        ("Hồ sơ hộ tịch - 97 % - 31/12 - chị Mai", "cannot_tell", "no_year"),
        ("Em gửi 12 phiếu khảo sát trước thứ tư ngày 16", "cannot_tell", "no_year"),
        ("Giữ an toàn sổ hộ tịch trong thời gian sửa kho", "cannot_tell", "event"),
        ("Giảm số lượt chờ chứng thực dịp cao điểm", "cannot_tell", "event"),
        ("Hồ sơ đất đai đúng hạn 97 %, tạo đà cho những năm tiếp theo", "not_met", "vague"),
        ("Số buổi trực hộ tịch lưu động chia đều 4 quý năm 2027", "met", "limit"),
        ("Hồ sơ đất đai trễ hạn sang 2027 mình chỉ để 3 bộ", "met", "limit"),
        ("Sau sáp nhập dân phải chờ 40 phút mỗi lượt, nay rút còn 25 phút", "not_met", "none"),
        ("Sau khi cân nhắc nhân lực, bộ phận hộ tịch nhận 97 % hồ sơ đúng hạn", "not_met", "none"),
        ("Giải quyết xong 5 kiến nghị đã hứa trước hội nghị", "not_met", "none"),
        ("Tỷ lệ đúng hạn ba quý: 92 - 94 - 96", "not_met", "none"),
        ("Nhập xong hồ sơ đất đai 2009-2014", "not_met", "baseline"),
        ("Phản ánh của dân năm ngoái tồn 14 phiếu, năm nay trả lời hết", "met", "limit"),
        ("Nghị quyết số 12 năm 2026: 98 % hồ sơ đất đai đúng hạn", "not_met", "baseline"),
        ("Kiến nghị chưa trả lời ít hơn hồi đầu năm", "not_met", "baseline"),
        ("Không còn hồ sơ hộ tịch nào tồn sang quý sau", "not_met", "no_end"),
        ("1 quý 2 lần gặp gỡ dân bàn về hồ sơ đất", "not_met", "no_end"),
        ("Kế hoạch 2027 số hóa 60 % hồ sơ hộ tịch", "met", "limit"),
        ("Hộ tịch | 98 % đúng hạn | 2027", "met", "limit"),
        (
            "Trong 3 tháng kể từ ngày thông tư mới về chứng thực và hộ tịch có hiệu lực, sửa xong quy trình",
            "met",
            "limit",
        ),
        ("Đến 30/9 hồ sơ hộ tịch đúng hạn đạt 98 %", "cannot_tell", "no_year"),
        ("Đến 8/10 người dân được hỏi hài lòng", "not_met", "none"),
        ("15/6 là mốc niêm yết xong thủ tục", "cannot_tell", "no_year"),
        ("98 % hồ sơ đúng hạn, chốt 31/10", "cannot_tell", "no_year"),
        ("98 % hồ sơ đúng hạn, 31/12", "cannot_tell", "no_year"),
        ("Hồ sơ hộ tịch đúng hạn 98 %, tháng Tư", "cannot_tell", "no_year"),
        ("Nửa đầu tháng 9 trả hết hồ sơ tồn", "cannot_tell", "no_year"),
        ("6 tháng, hồ sơ đúng hạn đạt 98 %", "cannot_tell", "no_start"),
        ("Số hóa 60 % hồ sơ trong vòng nửa năm", "cannot_tell", "no_start"),
        ("Hài lòng tại quầy hộ tịch: 8/10", "not_met", "none"),
        ("Chỉ số Q9 đạt 90 điểm", "not_met", "none"),
        ("Lấy sự hài lòng của dân làm đích đến khi giải quyết hồ sơ", "not_met", "none"),
        ("Hồ sơ đúng hạn đạt … %, con số sẽ được bổ sung sau khi họp", "not_met", "none"),
    ],
)
def test_what_a_time_belongs_to(text: str, verdict: str, reason: str) -> None:
    judged = review_objective(text, today=TODAY).time_bound
    assert (judged.verdict, judged.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Trước 31/3 số hóa … % hồ sơ đất đai", "cannot_tell"),
        ("Trước 30/9 nhập xong sổ khai tử 2001-2011", "cannot_tell"),
        ("Mục 3.5 và 3.8: hoàn thành 2 việc trong năm 2027", "cannot_tell"),
        ("Năm 2027 hạ hồ sơ tồn từ 50 xuống 10 bộ, tăng phiếu khảo sát thu về từ 30 lên 200 phiếu", "met"),
        (
            "Năm 2027 hạ hồ sơ tồn từ 50 xuống 60 bộ, tăng phiếu khảo sát thu về từ 30 lên 200 phiếu",
            "not_met",
        ),
        ("Hồ sơ khai tử trễ từ 8 còn 1 bộ, biên lai điện tử của quầy từ 50% lên 90%", "met"),
        ("Tái sử dụng dữ liệu: 20% số hồ sơ (6 tháng đầu năm 2026) → 50% số hồ sơ (cùng kỳ năm 2027)", "met"),
        ("Thời gian cấp trích lục giảm xuống 1 buổi làm việc so với 3 buổi làm việc như năm nay", "met"),
        ("Từ 95,0 lên 97,5 (em quên ghi đơn vị), trong năm 2027", "met"),
        ("Được giao 8 việc, phải xong 10 việc trong năm 2027", "not_met"),
        ("Trong 30 đơn kiến nghị, trả lời xong 33 đơn", "not_met"),
        ("Nhập 2.100 hồ sơ khai sinh giai đoạn 1985 - 1995; 2 kho được dọn", "cannot_tell"),
    ],
)
def test_what_a_baseline_belongs_to(text: str, verdict: str) -> None:
    assert review_objective(text, today=TODAY).achievable.verdict == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Phấn đấu hoàn thành nhiệm vụ sau mùa mưa bão", "cannot_tell"),
        ("Đề cao tinh thần trách nhiệm trước nhân dân, hoàn thành 100 % nhiệm vụ", "cannot_tell"),
        ("Tiếp thu góp ý, đơn vị phấn đấu đạt 94", "cannot_tell"),
        ("Hoàn thành 6 đầu việc tại mục II văn bản hướng dẫn", "cannot_tell"),
        ("Xong 12 nội dung trong sổ theo dõi kết luận", "cannot_tell"),
        ("Năm 2027 tăng 12 % theo yêu cầu ở công văn khẩn", "cannot_tell"),
        ("Cải tiến không ngừng", "cannot_tell"),
        ("BHYT 96, xong 2027", "not_met"),
        ("Vận động các hộ áp dụng quy trình canh tác an toàn", "not_met"),
        ("Tổ chức hội thao cho cán bộ", "not_met"),
        ("Đăng ký môi trường đạt 45 trong năm 2027", "met"),
        ("Ban hành quy trình đăng ký môi trường", "met"),
    ],
)
def test_whose_work_the_rules_see(text: str, verdict: str) -> None:
    assert judge_relevant(read_objective(text, TODAY, shipped_rules())).verdict == verdict


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Đạt 8,5 điểm vào lần khảo sát tới", "lần khảo sát tới"),
        ("Công khai 12 thủ tục, đợt công bố tới", "đợt công bố tới"),
        ("Sửa xong 5 biểu mẫu trước hôm nghiệm thu", "trước hôm nghiệm thu"),
        ("Đến ngày phường dọn về trụ sở mới, không hồ sơ nào thất lạc", "Đến ngày phường dọn"),
        ("Số hóa 60 % hồ sơ trước giờ bế mạc", "trước giờ bế mạc"),
        ("Số hóa 60 % hồ sơ trước phiên họp thường kỳ", "trước phiên họp"),
        ("Số hóa 60 % hồ sơ khi hết kỳ", "khi hết kỳ"),
        ("Số hóa 60 % hồ sơ lúc dự án kết thúc", "lúc dự án kết thúc"),
        ("Kết thúc khóa học, nhóm có 3 quy trình được ký", "Kết thúc khóa"),
        ("Tuyên truyền nộp hồ sơ qua mạng, đợt ra quân đầu tháng", "đợt ra quân"),
        ("Tuyên truyền nộp hồ sơ qua mạng trong tháng Thanh niên", "trong tháng Thanh"),
        ("Tuyên truyền nộp hồ sơ qua mạng dịp Giáng sinh", "dịp Giáng"),
        ("Hồ sơ đất đai đạt 95 %, thời hạn theo thông báo của phòng", "thời hạn theo"),
        ("Hồ sơ đất đai đạt 95 %, theo kế hoạch", "theo kế hoạch"),
        ("Ki-ốt tra cứu phục vụ 200 lượt trong tháng đầu vận hành", "trong tháng đầu vận"),
        ("Trả lời 8 kiến nghị trước kỳ họp thường lệ cuối năm", "trước kỳ"),
        ("Số hóa 60 % hồ sơ trước thời điểm bàn giao trụ sở", "trước thời điểm"),
        ("Số hóa 60 % hồ sơ trước bữa họp dân", "trước bữa họp"),
        ("Số hóa 60 % hồ sơ trong tuần cao điểm", "tuần cao điểm"),
        ("Số hóa 60 % hồ sơ, tiến độ theo bảng phân công", "tiến độ theo"),
    ],
)
def test_events_are_told_by_what_leads_to_them(text: str, words: str) -> None:
    judged = review_objective(text, today=TODAY).time_bound
    assert (judged.verdict, judged.reason) == ("cannot_tell", "event")
    assert words in judged.words[0] or judged.words[0] in words


@pytest.mark.parametrize(
    "text",
    [
        "Tài liệu gửi đại biểu trước phiên họp 3 ngày",
        "Trả kết quả trước ngày hẹn 98 %",
        "Mỗi đợt kiểm tra có biên bản",
        "Nêu gương trước tập thể, trước nhân dân",
        "Rút thời gian từ ngày nhận đến ngày trả còn 3 ngày",
        "Không hồ sơ nào hẹn sang hôm sau",
        "Toàn bộ lỗi kỳ đánh giá trước ghi ở quầy được sửa",
        "Thực hiện đạt 100% theo kế hoạch",
        "Họp quầy vào mỗi thứ Sáu cuối tháng",
        "Phiên tiếp dân diễn ra đúng lịch",
    ],
)
def test_what_is_no_event(text: str) -> None:
    assert review_objective(text, today=TODAY).time_bound.verdict == "not_met"


def test_a_sitting_with_its_year_is_a_deadline() -> None:
    text = "Trả lời 8 kiến nghị trước kỳ họp giữa năm 2027"
    assert review_objective(text, today=TODAY).time_bound.verdict == "met"


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("Tỷ lệ đơn được trả lời và tỷ lệ phiếu khảo sát thu về đều đạt 92 %", True),
        ("96 % là mức chung cho cả hai việc: hồ sơ đất trả đúng hẹn và văn bản đi đúng thể thức", True),
        ("Tỷ lệ hồ sơ số hóa từ 40 % lên 70 %, còn số đơn phải nhắc lại từ 12 xuống 3 đơn", True),
        ("Không thất lạc hồ sơ hộ tịch nào; 9/9 quầy có máy quét", True),
        ("Bớt số hồ sơ đất bị trả lại, tăng lượt người dân nộp qua mạng", True),
        ("Số đơn tồn đọng giảm dần, số phiếu dân khen ngày một nhiều", True),
        ("Hoàn tất cả hai việc anh Bảo dặn ở quầy hộ tịch", False),
        ("Trẻ chưa có giấy khai sinh: 41 cháu năm 2026, còn không quá 10 cháu năm 2027", False),
        ("Đơn thư được phân loại xong trong 3 ngày làm việc, không sót đơn nào", False),
        ("Tỷ lệ hồ sơ số hóa từ 40 % lên 70 %, xong trước đợt tổng kết", False),
        ("Bằng cách công khai trên mạng, rút ngắn thời gian người dân chờ câu trả lời", False),
    ],
)
def test_two_results_joined(text: str, two: bool) -> None:
    assert has_two_objectives(read_objective(text, TODAY, shipped_rules())) is two
