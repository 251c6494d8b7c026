"""What an officer writes about their own unit in each lesson's tool, and where it must stand in the documents.

The words differ from field to field, so that one that lands in its neighbour's cell is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Locator


@dataclass(frozen=True)
class Part:
    """Fields by label, of the record named ``record`` (none: of the tool itself); ``begin`` makes the record."""

    fields: Mapping[str, str]
    record: str | None = None
    begin: Callable[[Locator], None] | None = None

    def place(self, card: Locator) -> Locator:
        """Where its fields are found."""
        return card.get_by_role("listitem", name=self.record, exact=True) if self.record else card


@dataclass(frozen=True)
class Paper:
    """A document: the words of its download link, its format, its printed title, and what must stand where.

    ``lines`` are whole paragraphs; each of ``rows`` is part of a table's row, by the titles of the columns.
    """

    link: str
    form: str
    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    landscape: bool = False

    @property
    def words(self) -> str:
        """What the link says."""
        return f"Tải {self.link} ({'Word' if self.form == 'docx' else 'Excel'})"


@dataclass(frozen=True)
class OwnWork:
    """One lesson's tool, what is written in it and what it gives."""

    lesson: str
    tool: str
    title: str
    parts: tuple[Part, ...]
    papers: tuple[Paper, ...]
    heading: str = field(default="Thực hành")


def press(name: str) -> Callable[[Locator], None]:
    """Press the card's button of that name."""
    return lambda card: card.get_by_role("button", name=name, exact=True).click()


def choose(name: str) -> Callable[[Locator], None]:
    """Choose the card's radio of that name."""
    return lambda card: card.get_by_role("radio", name=name, exact=True).check()


def take_typical(event: str) -> Callable[[Locator], None]:
    """Start a line of the register from one that is often met."""

    def begin(card: Locator) -> None:
        card.get_by_label("Lấy một dòng thường gặp, rồi sửa cho đúng đơn vị mình").select_option(label=event)
        card.get_by_role("button", name="Thêm vào sổ").click()

    return begin


# ---- lesson 3 ----

_CYCLE = {
    "Vấn đề: chuyện gì đang xảy ra, có bao nhiêu?": "Tháng trước có 9 hồ sơ đất đai trả trễ",
    "P – Hoạch định: muốn đạt gì, ai làm gì, cần gì, khi nào xong, đánh giá thế nào?": "Còn 3 hồ sơ vào tháng 6",
    "D – Thực hiện: sẽ làm thử ở đâu, bao lâu, ghi lại những gì?": "Làm thử ở quầy 2 trong tám tuần",
    "C – Kiểm tra: lấy số liệu nào, so với cái gì, ai xem?": "Thứ Sáu đếm trên phần mềm một cửa",
    "A – Hành động: nếu đạt thì đổi gì trong quy trình? Nếu chưa đạt thì làm gì tiếp?": "Đưa vào quy trình ISO",
}
PDCA = OwnWork(
    "03-pdca",
    "bang-pdca",
    "Bảng PDCA",
    (Part(_CYCLE),),
    (
        Paper(
            "vòng PDCA",
            "docx",
            "KẾ HOẠCH CẢI TIẾN",
            tuple(f"{label}: {text}" for label, text in _CYCLE.items()),
        ),
    ),
)

# ---- lesson 6a ----

_OBJECTIVE = {
    "Câu mục tiêu": "Trong quý II/2027, giảm tỷ lệ hồ sơ hộ tịch phải bổ sung giấy tờ từ 11% xuống không quá 5%.",
    "Mức hiện nay": "11% của quý IV/2026",
    # A workbook must not take it for a formula, nor a page for mark-up.
    "Nguồn số liệu": '=SUM(A1:A9) & "sổ <b>quầy 3</b>"',
    "Người phụ trách": "Công chức tư pháp – hộ tịch",
}
_OBJECTIVE_ROW = {
    "Mục tiêu": _OBJECTIVE["Câu mục tiêu"],
    **{name: _OBJECTIVE[name] for name in ("Mức hiện nay", "Nguồn số liệu", "Người phụ trách")},
}
SMART = OwnWork(
    "06a-muc-tieu-smart",
    "muc-tieu",
    "Viết mục tiêu SMART",
    (Part(_OBJECTIVE, "Mục tiêu 1"),),
    tuple(
        Paper("mục tiêu chất lượng", form, "MỤC TIÊU CHẤT LƯỢNG", rows=({"STT": "1", **_OBJECTIVE_ROW},))
        for form in ("docx", "xlsx")
    ),
    heading="Thực hành: viết mục tiêu của đơn vị mình",
)

# ---- lesson 6b ----

_PURPOSE = "Đến hết quý III/2027, không quá 5% hồ sơ khai sinh phải bổ sung giấy tờ."
_TASK = {
    "Làm gì (What)": "Soạn phiếu soát năm mục",
    "Vì sao (Why)": "Hồ sơ thiếu giấy tờ tùy thân",
    "Ai làm (Who)": "Bà Lò Thị Thử",
    "Ở đâu (Where)": "Quầy số 3",
    "Bắt đầu (When)": "2027-01-04",
    "Hoàn thành (When)": "2027-03-31",
    "Làm thế nào (How)": "Dùng thử với mười người dân",
    "Nguồn lực": "Hai trăm tờ in mỗi tháng",
    "Cách đánh giá kết quả": "Cuối tháng đếm hồ sơ phải bổ sung",
}
_TASK_ROW = {
    "STT": "1",
    "Nội dung công việc": _TASK["Làm gì (What)"],
    "Mục đích": _TASK["Vì sao (Why)"],
    "Người thực hiện": _TASK["Ai làm (Who)"],
    "Nơi thực hiện": _TASK["Ở đâu (Where)"],
    "Bắt đầu": "04/01/2027",
    "Hoàn thành": "31/03/2027",
    "Cách thực hiện": _TASK["Làm thế nào (How)"],
    "Nguồn lực": _TASK["Nguồn lực"],
    "Cách đánh giá kết quả": _TASK["Cách đánh giá kết quả"],
}
PLAN = OwnWork(
    "06b-ke-hoach-5w1h",
    "ke-hoach",
    "Bảng kế hoạch 5W+1H + 2",
    (Part({"Mục tiêu của kế hoạch": _PURPOSE}), Part(_TASK, "Việc 1")),
    (
        Paper("kế hoạch thực hiện", "docx", "KẾ HOẠCH", (_PURPOSE,), (_TASK_ROW,), landscape=True),
        Paper("kế hoạch thực hiện", "xlsx", "KẾ HOẠCH", rows=(_TASK_ROW,)),
    ),
)

# ---- lesson 7 ----

_RISK = {
    "Nguyên nhân": "Máy in phiếu hẹn chỉ có một chiếc",
    "Sự kiện có thể xảy ra": "Máy hỏng giữa buổi",
    "Hậu quả": "Người dân phải quay lại lấy phiếu",
    "Khả năng xảy ra": "4",
    "Mức ảnh hưởng": "3",
    "Hành động xử lý": "In sẵn hai mươi phiếu trống đánh số",
    "Người phụ trách": "Văn thư xã",
    "Thời hạn": "2027-02-15",
    "Khả năng sau xử lý": "2",
    "Ảnh hưởng sau xử lý": "2",
}
_RISK_ROW = {
    "STT": "1",
    "Nguyên nhân": _RISK["Nguyên nhân"],
    "Sự kiện có thể xảy ra": _RISK["Sự kiện có thể xảy ra"],
    "Hậu quả": _RISK["Hậu quả"],
    "Khả năng": "4",
    "Ảnh hưởng": "3",
    "Điểm, mức": "12 – trung bình",
    "Hành động xử lý": _RISK["Hành động xử lý"],
    "Người phụ trách": _RISK["Người phụ trách"],
    "Thời hạn": "15/02/2027",
    "Điểm, mức sau": "4 – thấp",
}
_CHANCE_ROW = {
    "Hoàn cảnh thuận lợi": "Phần mềm một cửa có thêm chức năng nhắn tin",
    "Việc có thể làm": "Báo cho người dân ngay khi có kết quả",
    "Lợi ích": "Bớt một lượt đi lại",
    "Mức lợi ích": "5",
}
RISKS = OwnWork(
    "07-rui-ro-co-hoi",
    "so-rui-ro",
    "Sổ rủi ro và cơ hội",
    (
        Part(_RISK, "Rủi ro 1", press("Thêm một dòng trống")),
        Part(
            {"Lợi ích": _CHANCE_ROW["Lợi ích"], "Mức lợi ích": "5"},
            "Cơ hội 1",
            take_typical(_CHANCE_ROW["Việc có thể làm"]),
        ),
    ),
    (
        Paper(
            "sổ rủi ro và cơ hội",
            "docx",
            "SỔ RỦI RO VÀ CƠ HỘI",
            rows=(_RISK_ROW, _CHANCE_ROW),
            landscape=True,
        ),
        Paper("sổ rủi ro và cơ hội", "xlsx", "SỔ RỦI RO VÀ CƠ HỘI", rows=(_RISK_ROW, _CHANCE_ROW)),
    ),
)

# ---- lesson 11 ----

_AUDIT = {
    "Mục tiêu đánh giá": "Xem việc chứng thực có theo quy trình không",
    "Phạm vi đánh giá": "Quầy chứng thực, hồ sơ quý I/2027",
    "Chuẩn mực đánh giá": "Điều 7.5.3, quy trình QT-05 của xã",
    "Ngày đánh giá": "2027-04-12",
    "Trưởng đoàn đánh giá": "Lò Văn Nghiệm",
    "Thành viên đoàn đánh giá": "Hà Thị Thử",
}
_VISIT = {
    "Thời gian": "8 giờ 00 đến 9 giờ 30",
    "Đánh giá viên": "Công chức địa chính",
    "Bộ phận, công việc được đánh giá": "Sổ chứng thực và giấy hẹn",
}
_CHECK = {
    "Yêu cầu": "Giấy hẹn ghi giờ trả, QT-05 bước 2",
    "Câu hỏi": "Cho xem năm giấy hẹn gần nhất",
    "Bằng chứng": "Giấy hẹn số 118 không có giờ",
    "Kết luận": "nonconformity",
    "Phát hiện": "Một trong năm giấy hẹn thiếu giờ trả",
}
_CLOSING = "Quy trình được làm theo; cần in giờ trả tự động."
_CHECK_ROW = {
    "TT": "1",
    "Yêu cầu": _CHECK["Yêu cầu"],
    "Câu hỏi": _CHECK["Câu hỏi"],
    "Bằng chứng": _CHECK["Bằng chứng"],
    "Kết luận": "Không phù hợp",
    "Phát hiện": _CHECK["Phát hiện"],
}
_AUDIT_LINES = tuple(f"{label}: {text}" for label, text in {**_AUDIT, "Ngày đánh giá": "12/04/2027"}.items())
AUDIT = OwnWork(
    "11-danh-gia-noi-bo",
    "ban-danh-gia",
    "Bàn đánh giá",
    (
        Part(_AUDIT),
        Part(_VISIT, "Buổi 1", press("Thêm buổi đánh giá")),
        Part(_CHECK, "Dòng 1", press("Thêm dòng vào phiếu")),
        Part({"Kết luận của đoàn đánh giá": _CLOSING}),
    ),
    (
        Paper("kế hoạch đánh giá", "docx", "KẾ HOẠCH", _AUDIT_LINES, ({"TT": "1", **_VISIT},)),
        Paper("phiếu kiểm tra", "docx", "PHIẾU KIỂM TRA", rows=(_CHECK_ROW,), landscape=True),
        Paper("phiếu kiểm tra", "xlsx", "PHIẾU KIỂM TRA", rows=(_CHECK_ROW,)),
        Paper(
            "báo cáo đánh giá",
            "docx",
            "BÁO CÁO",
            (*_AUDIT_LINES, _CLOSING),
            (
                {
                    "Yêu cầu": _CHECK["Yêu cầu"],
                    "Bằng chứng": _CHECK["Bằng chứng"],
                    "Chỗ chưa đáp ứng": _CHECK["Phát hiện"],
                },
            ),
        ),
    ),
)

# ---- lesson 12 ----

_SLIP = {
    "Điểm không phù hợp: chuyện gì đã xảy ra, ở đâu, bao nhiêu?": "Bảy giấy hẹn ghi sai ngày trong tháng 3",
    "Yêu cầu không được đáp ứng": "QT-02, bước 3, ngày trả tính theo ngày làm việc",
    "Bằng chứng": "Giấy hẹn số 31 đến 37",
    "Sự khắc phục: đã sửa ngay việc gì cho người dân?": "Gọi bảy người, hẹn lại và xin lỗi",
    "Trường hợp tương tự: đã tìm ở đâu, có thêm không?": "Xem thêm 40 giấy hẹn tháng 2, không có",
}
_WHYS = ("Ngày trả phải tính nhẩm", "Mẫu giấy hẹn không có lịch", "Mẫu do xã tự in, chưa ai soát")
_ACTION = {
    "Hành động khắc phục: đổi cách làm thế nào?": "Dùng ngày trả do phần mềm tính",
    "Người phụ trách": "Giám đốc Trung tâm",
    "Xong ngày": "2027-04-20",
}
_EFFECT = {
    "Đo hiệu lực bằng gì?": "Số giấy hẹn sai ngày trong ba tháng",
    "Ngày kiểm tra hiệu lực": "2027-07-20",
}
CAUSES = OwnWork(
    "12-hanh-dong-khac-phuc",
    "cay-nguyen-nhan",
    "Cây nguyên nhân",
    (
        Part(_SLIP),
        Part({"1. Vì sao chuyện ấy xảy ra?": _WHYS[0]}, begin=press("Thêm một nguyên nhân")),
        Part({f"1.1. Vì sao “{_WHYS[0]}”?": _WHYS[1]}, begin=press("Hỏi tiếp vì sao 1")),
        Part({f"1.1.1. Vì sao “{_WHYS[1]}”?": _WHYS[2]}, begin=press("Hỏi tiếp vì sao 1.1")),
        Part({}, begin=choose("Chọn 1.1.1 làm nguyên nhân gốc")),
        Part(_ACTION, "Hành động 1", press("Thêm hành động")),
        Part(_EFFECT),
    ),
    (
        Paper(
            "phiếu hành động khắc phục",
            "docx",
            "PHIẾU HÀNH ĐỘNG KHẮC PHỤC",
            (
                "Điều đã xảy ra: Bảy giấy hẹn ghi sai ngày trong tháng 3",
                "Yêu cầu không được đáp ứng: QT-02, bước 3, ngày trả tính theo ngày làm việc",
                "Bằng chứng: Giấy hẹn số 31 đến 37",
                "Sự khắc phục đã thực hiện: Gọi bảy người, hẹn lại và xin lỗi",
                "Trường hợp tương tự đã tìm: Xem thêm 40 giấy hẹn tháng 2, không có",
                "Cách đo: Số giấy hẹn sai ngày trong ba tháng",
                "Ngày kiểm tra: 20/07/2027",
            ),
            (
                {"Số": "1", "Vì sao?": _WHYS[0], "Ghi chú": ""},
                {"Số": "1.1", "Vì sao?": _WHYS[1], "Ghi chú": ""},
                {"Số": "1.1.1", "Vì sao?": _WHYS[2], "Ghi chú": "Nguyên nhân gốc"},
                {
                    "STT": "1",
                    "Hành động": "Dùng ngày trả do phần mềm tính",
                    "Người phụ trách": "Giám đốc Trung tâm",
                    "Thời hạn": "20/04/2027",
                },
            ),
        ),
    ),
)

EVERY_TOOL = (PDCA, SMART, PLAN, RISKS, AUDIT, CAUSES)
