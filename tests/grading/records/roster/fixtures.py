"""Rosters as departments have them, made by this script, each row with the verdict that is expected of it.

``python -m tests.grading.records.roster.fixtures FOLDER`` writes the files. In a fixture a row is a tuple of cells;
``P(...)`` is one that is a person, with what importing it should come to (see ``sample_files``).
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.grading.records.roster.sample_files import (
    Fixture,
    P,
    Page,
    Row,
    encoded,
    html,
    vietnamese_1258,
    xlsx,
)

HEAD = ("STT", "Họ và tên", "Đơn vị", "Tỉnh", "Ngày sinh", "Chức vụ", "Điện thoại")
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"


def one(name: str, *rows: Row, merges: Sequence[str] = (), **options: Any) -> Fixture:
    return Fixture(name, [Page("Danh sách", list(rows), merges)], **options)


def person(number: int, called: str, said: str, /, **expected: Any) -> P:
    """A plain row under ``HEAD``."""
    return P(number, called, said, "Lâm Đồng", "05/09/1985", "Công chức", f"09123456{number:02d}", **expected)


def csv_fixture(name: str, write: Callable[[list[Page]], bytes]) -> Fixture:
    page = Page(
        f"{name}.csv",
        [
            ("Họ và tên", "Đơn vị", "Tỉnh", "Ngày sinh"),
            P(
                "Nguyễn Thị Thủy",
                "Xã Di Linh",
                "Lâm Đồng",
                "05/09/1985",
                unit="Xã Di Linh",
                name="Nguyễn Thị Thủy",
            ),
            P(
                "Lê Đức Ưởng",
                "Phường B'Lao",
                "Lâm Đồng",
                "1/12/1990",
                unit="Phường B'Lao",
                name="Lê Đức Ưởng",
            ),
        ],
    )
    return Fixture(name, [page], write, suffix=".csv")


FIXTURES: list[Fixture] = [
    one(
        "01-tieu-de-gop-o",
        ("UBND TỈNH LÂM ĐỒNG", None, None, None, NATION),
        ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", None, None, None, MOTTO),
        (),
        ("DANH SÁCH CÁN BỘ, CÔNG CHỨC THAM GIA TẬP HUẤN ISO 9001:2015",),
        ("(Kèm theo Công văn số 123/SKHCN ngày 05 tháng 11 năm 2026)",),
        (),
        ("TT", "HỌ TÊN", "Đơn vị công tác", "Chức vụ", "SĐT"),
        P(
            1,
            "Nguyễn Văn An",
            "UBND xã Di Linh",
            "Chủ tịch",
            912345678,
            unit="Xã Di Linh",
            name="Nguyễn Văn An",
        ),
        P(
            2,
            "Trần Thị Bưởi",
            "xã Bảo Lâm 1",
            "Công chức",
            "0912.345.679",
            unit="Xã Bảo Lâm 1",
            name="Trần Thị Bưởi",
        ),
        ("Tổng cộng: 02 người",),
        (None, None, None, "Lâm Đồng, ngày 05 tháng 11 năm 2026"),
        (None, "Người lập biểu", None, "KT. GIÁM ĐỐC"),
        (None, None, None, "PHÓ GIÁM ĐỐC"),
        (None, "Phạm Thị Lan", None, "Hoàng Văn Nam"),
        ("Nơi nhận:",),
        ("- Như trên;",),
        ("- Lưu: VT.",),
        merges=("A1:D1", "E1:G1", "A4:G4", "A10:E10"),
        scope="",
    ),
    one(
        "02-tieu-de-hai-dong",
        ("STT", "Họ và tên", "Ngày sinh", None, "Đơn vị", "Liên hệ", None),
        (None, None, "Nam", "Nữ", None, "SĐT", "Email"),
        (1, 2, 3, 4, 5, 6, 7),
        P(
            1,
            "Nguyễn Văn An",
            "05/09/1985",
            None,
            "xã Di Linh",
            "0912345678",
            "an@lamdong.gov.vn",
            unit="Xã Di Linh",
        ),
        P(
            2,
            "Trần Thị Bưởi",
            None,
            1990,
            "xã Di Linh",
            "0912345679",
            None,
            unit="Xã Di Linh",
            name="Trần Thị Bưởi",
        ),
        merges=("A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:G1"),
    ),
    one(
        "03-ho-va-ten-hai-cot",
        ("TT", "Họ và tên đệm", "Tên", "Xã/phường", "Tỉnh"),
        P(1, "Nguyễn Văn", "An", "Di Linh", "Lâm Đồng", unit="Xã Di Linh", name="Nguyễn Văn An"),
        P(2, "Trần Thị", "Bưởi", "P. Xuân Hương - Đà Lạt", "Lâm Đồng", unit="Phường Xuân Hương - Đà Lạt"),
    ),
    one(
        "04-ho-ten-gop-hai-cot",
        ("TT", "Họ và tên", None, "Đơn vị"),
        P(1, "Nguyễn Văn", "An", "Xã Di Linh", unit="Xã Di Linh", name="Nguyễn Văn An"),
        merges=("B1:C1",),
    ),
    one(
        "05-don-vi-gop-xuong",
        ("STT", "Đơn vị", "Họ và tên", "Chức danh"),
        P(1, "Xã Di Linh", "Nguyễn Văn An", "Chủ tịch", unit="Xã Di Linh"),
        P(2, None, "Trần Thị Bưởi", "Công chức", unit="Xã Di Linh"),
        P(3, None, "Lê Văn Cam", "Công chức", unit="Xã Di Linh"),
        P(4, "Xã Gia Hiệp", "Phạm Thị Dung", "Chủ tịch", unit="Xã Gia Hiệp"),
        P(5, None, "Hoàng Văn Em", "Công chức", unit="Xã Gia Hiệp"),
        merges=("B2:B4", "B5:B6"),
    ),
    one(
        "06-muc-theo-xa",
        ("DANH SÁCH CÁN BỘ TỈNH LÂM ĐỒNG",),
        ("STT", "Họ và tên", "Chức vụ", "Ngày sinh"),
        ("I", "XÃ DI LINH"),
        P(1, "Nguyễn Văn An", "Chủ tịch", "05/09/1985", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "Công chức", "06/09/1985", unit="Xã Di Linh"),
        ("II", "PHƯỜNG B'LAO (02 người)"),
        P(1, "Lê Văn Cam", "Chủ tịch", "05/09/1975", unit="Phường B'Lao"),
        P(2, "Phạm Thị Dung", "Công chức", "05/09/1995", unit="Phường B'Lao"),
        ("III. Xã Gia Hiệp",),
        P(1, "Hoàng Văn Em", "Chủ tịch", "15/09/1985", unit="Xã Gia Hiệp"),
        ("Cộng:", 5),
        merges=("A9:D9",),
        scope="",
    ),
    one(
        "07-muc-theo-huyen-va-xa",
        ("STT", "Họ và tên", "Chức vụ"),
        ("A", "HUYỆN DI LINH"),
        ("I", "Xã Gung Ré"),
        P(1, "Nguyễn Văn An", "Chủ tịch", unit="Xã Di Linh"),
        ("II", "Thị trấn Di Linh"),
        P(1, "Trần Thị Bưởi", "Công chức", unit="Xã Di Linh"),
        ("B", "HUYỆN TUY PHONG"),
        ("I", "Xã Phong Phú"),
        P(1, "Lê Văn Cam", "Chủ tịch", kind="doubtful", known=False),
    ),
    one(
        "08-nhom-trong-xa",
        ("STT", "Họ và tên", "Chức vụ"),
        ("XÃ DI LINH",),
        ("1", "Lãnh đạo"),
        P(1, "Nguyễn Văn An", "Chủ tịch", unit="Xã Di Linh"),
        ("Công chức chuyên môn",),
        P(2, "Trần Thị Bưởi", "Công chức", unit="Xã Di Linh"),
        merges=("A2:C2", "A5:C5"),
    ),
    Fixture(
        "09-moi-xa-mot-trang",
        [
            Page("Xã Di Linh", [("STT", "Họ tên"), P(1, "Nguyễn Văn An", unit="Xã Di Linh")]),
            Page("2. Gia Hiệp", [("STT", "Họ tên"), P(1, "Trần Thị Bưởi", unit="Xã Gia Hiệp")]),
            Page("Ghi chú", [("Các xã gửi trước ngày 30/11",)]),
            Page("Ẩn", [("STT", "Họ tên", "Đơn vị"), (1, "Người Trong Trang Ẩn", "Xã Di Linh")], hidden=True),
        ],
    ),
    one(
        "10-danh-sach-cua-mot-xa",
        ("UBND TỈNH LÂM ĐỒNG\nXÃ DI LINH", None, NATION),
        ("DANH SÁCH CÁN BỘ, CÔNG CHỨC XÃ DI LINH NĂM 2026",),
        ("Số TT", "Họ và tên", "Chức danh", "Số điện thoại"),
        P(1, "Nguyễn Văn An", "Chủ tịch UBND", "84912345678", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "Công chức Văn phòng - Thống kê", "+84 912 345 679", unit="Xã Di Linh"),
        scope="",
    ),
    one(
        "11-phong-cua-xa",
        ("UBND XÃ DI LINH, TỈNH LÂM ĐỒNG",),
        ("STT", "Họ và tên", "Đơn vị"),
        P(1, "Nguyễn Văn An", "Phòng Kinh tế", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "Văn phòng HĐND và UBND", unit="Xã Di Linh"),
        P(3, "Lê Văn Cam", "Trung tâm Phục vụ hành chính công", unit="Xã Di Linh"),
        scope="",
    ),
    one(
        "12-chuc-vu-ghi-ca-xa",
        ("STT", "Họ và tên", "Chức vụ"),
        P(1, "Nguyễn Văn An", "Chủ tịch UBND xã Di Linh", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "Công chức Văn hóa - Xã hội phường B’Lao", unit="Phường B'Lao"),
    ),
    one(
        "13-nfd-khoang-trang-la",
        tuple(unicodedata.normalize("NFD", name) for name in HEAD),
        P(
            1,
            unicodedata.normalize("NFD", "Nguyễn\u00a0 Thị\u200b Thuỷ "),
            "\ufeffXã\u00a0Di\u200bLinh".replace("\u200b", " "),
            unicodedata.normalize("NFD", "Lâm Đồng"),
            "05/09/1985 ",
            "Công\nchức",
            " 0912 345 678\u00a0",
            unit="Xã Di Linh",
            name="Nguyễn Thị Thuỷ",
        ),
    ),
    one(
        "14-so-dien-thoai",
        HEAD,
        P(1, "Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "05/09/1985", "x", 912345678.0, unit="Xã Di Linh"),
        P(
            2,
            "Trần Thị Bưởi",
            "Xã Di Linh",
            "Lâm Đồng",
            "05/09/1985",
            "x",
            "0912 345 671/0987 654 321",
            unit="Xã Di Linh",
        ),
        P(
            3,
            "Lê Văn Cam",
            "Xã Di Linh",
            "Lâm Đồng",
            "05/09/1985",
            "x",
            "02633.822.123 - 0912345672",
            unit="Xã Di Linh",
        ),
        P(4, "Phạm Thị Dung", "Xã Di Linh", "Lâm Đồng", "05/09/1985", "x", "không có", unit="Xã Di Linh"),
        P(
            5,
            "Hoàng Văn Em",
            "Xã Di Linh",
            "Lâm Đồng",
            "05/09/1985",
            "x",
            "(+84)912345673 (Zalo)",
            unit="Xã Di Linh",
        ),
        P(6, "Võ Thị Gấm", "Xã Di Linh", "Lâm Đồng", "05/09/1985", "x", "123", kind="refused", known=False),
        P(
            7,
            "Đỗ Văn Hải",
            "Xã Di Linh",
            "Lâm Đồng",
            "05/09/1985",
            "x",
            "9,12E+08",
            kind="refused",
            known=False,
        ),
    ),
    one(
        "15-ngay-sinh",
        HEAD,
        *[
            P(n, name, "Xã Di Linh", "Lâm Đồng", born, "", "", unit="Xã Di Linh")
            for n, (name, born) in enumerate(
                [
                    ("Nguyễn Văn An", "5/9/1985"),
                    ("Trần Thị Bưởi", "05-09-1985"),
                    ("Lê Văn Cam", datetime(1985, 9, 5)),
                    ("Phạm Thị Dung", date(1985, 9, 5)),
                    ("Hoàng Văn Em", 31295),
                    ("Võ Thị Gấm", "1985"),
                    ("Đỗ Văn Hải", 1985),
                    ("Bùi Thị In", "09/1985"),
                    ("Ngô Văn Khoa", "5 tháng 9 năm 1985"),
                    ("Dương Thị Lài", "1985-09-05"),
                    ("Lý Văn Mạnh", "05/09/85"),
                    ("Mai Thị Nga", "05.09.1985"),
                ],
                1,
            )
        ],
        P(13, "Cao Văn Oanh", "Xã Di Linh", "Lâm Đồng", "31/02/1985", "", "", kind="refused", known=False),
        P(14, "Tạ Thị Phượng", "Xã Di Linh", "Lâm Đồng", "hôm qua", "", "", kind="refused", known=False),
    ),
    one(
        "16-ngay-thang-nam-ba-cot",
        ("STT", "Họ và tên", "Ngày sinh", None, None, "Đơn vị"),
        (None, None, "Ngày", "Tháng", "Năm", None),
        P(1, "Nguyễn Văn An", 5, 9, 1985, "Xã Di Linh", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", None, None, 1990, "Xã Di Linh", unit="Xã Di Linh"),
        merges=("A1:A2", "B1:B2", "C1:E1", "F1:F2"),
    ),
    one(
        "17-thang-truoc-ngay",
        HEAD,
        P(1, "Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "09/25/1985", "", "", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "Xã Di Linh", "Lâm Đồng", "25/09/1985", "", "", unit="Xã Di Linh"),
        P(3, "Lê Văn Cam", "Xã Di Linh", "Lâm Đồng", "05/09/1985", "", "", kind="refused", known=False),
    ),
    one(
        "18-ten-chu-hoa-danh-xung",
        HEAD,
        person(1, "NGUYỄN VĂN AN", "XÃ DI LINH", unit="Xã Di Linh", name="Nguyễn Văn An"),
        person(2, "Ông Trần Văn Bình", "Xã Di Linh", unit="Xã Di Linh", name="Trần Văn Bình"),
        person(3, "Bà Lê Thị Cúc", "Xã Di Linh", unit="Xã Di Linh", name="Lê Thị Cúc"),
        person(4, "Đ/c Phạm Văn Dũng", "Xã Di Linh", unit="Xã Di Linh", name="Phạm Văn Dũng"),
        person(5, "K'BRÊU", "Xã Di Linh", unit="Xã Di Linh", name="K'Brêu"),
        person(6, "Ths. Hoàng Thị Em", "Xã Di Linh", unit="Xã Di Linh", name="Hoàng Thị Em"),
        person(7, "7. Võ Văn Gia", "Xã Di Linh", unit="Xã Di Linh", name="Võ Văn Gia"),
        person(8, "Đỗ Thị Hoa - Chủ tịch UBND", "Xã Di Linh", unit="Xã Di Linh", name="Đỗ Thị Hoa"),
        person(9, "Bá Văn Ích", "Xã Di Linh", unit="Xã Di Linh", name="Bá Văn Ích"),
        person(10, "H'Hen Niê Kđăm", "Xã Di Linh", unit="Xã Di Linh", name="H'Hen Niê Kđăm"),
    ),
    one(
        "19-cach-ghi-don-vi",
        HEAD,
        *[
            person(n, f"Nguyễn Văn Số {letter}", said, unit=unit)
            for n, (letter, said, unit) in enumerate(
                [
                    ("A", "UBND xã Di Linh", "Xã Di Linh"),
                    ("B", "Ủy ban nhân dân xã Di Linh", "Xã Di Linh"),
                    ("C", "Uỷ ban nhân dân xã Di Linh", "Xã Di Linh"),
                    ("D", "X. Di Linh", "Xã Di Linh"),
                    ("E", "P.1 Bảo Lộc", "Phường 1 Bảo Lộc"),
                    ("G", "Phường 01 Bảo Lộc", "Phường 1 Bảo Lộc"),
                    ("H", "ĐẢNG ỦY XÃ DI LINH", "Xã Di Linh"),
                    ("I", "UBND Xã D’Ran", "Xã D'Ran"),
                    ("K", "phường Xuân Hương – Đà Lạt", "Phường Xuân Hương - Đà Lạt"),
                    ("L", "P. Xuân Hương, Đà Lạt", "Phường Xuân Hương - Đà Lạt"),
                    ("M", "Di Linh", "Xã Di Linh"),
                    ("N", "xã Di Linh, tỉnh Lâm Đồng", "Xã Di Linh"),
                    ("O", "xã Di Linh - Lâm Đồng", "Xã Di Linh"),
                    ("P", "đặc khu Phú Quí", "Đặc khu Phú Quý"),
                    ("Q", "xã Đăk Mil", "Xã Đắk Mil"),
                    ("R", "HĐND và UBND xã Di Linh", "Xã Di Linh"),
                    ("S", "xã di linh", "Xã Di Linh"),
                    ("T", "Phòng Văn hóa - Xã hội xã Di Linh", "Xã Di Linh"),
                    ("U", "xã Di Linh (huyện Di Linh cũ)", "Xã Di Linh"),
                    ("V", "xã Hoà Ninh", "Xã Hòa Ninh"),
                ],
                1,
            )
        ],
    ),
    one(
        "20-khong-dau",
        ("STT", "Ho va ten", "Don vi", "Tinh"),
        P(1, "Nguyen Van An", "xa Di Linh", "Lam Dong", unit="Xã Di Linh"),
        P(2, "Tran Thi Buoi", "phuong Xuan Huong - Da Lat", "Lam Dong", unit="Phường Xuân Hương - Đà Lạt"),
        P(3, "Le Van Cam", "xa Gung Re, huyen Di Linh", "Lam Dong", unit="Xã Di Linh"),
    ),
    one(
        "21-hai-xa-khac-dau",
        HEAD[:4],
        P(1, "Nguyễn Văn An", "Xã Ba Tơ", "Quảng Ngãi", unit="Xã Ba Tơ"),
        P(2, "Trần Thị Bưởi", "Xã Ba Tô", "Quảng Ngãi", unit="Xã Ba Tô"),
        P(3, "Lê Văn Cam", "Xã Ba To", "Quảng Ngãi", kind="doubtful", known=False),
        P(4, "Phạm Thị Dung", "xa ba to", "Quang Ngai", kind="doubtful", known=False),
        scope="",
    ),
    one(
        "22-xa-trung-ten-hai-tinh",
        ("STT", "Họ và tên", "Đơn vị"),
        P(1, "Nguyễn Văn An", "Xã Tân Thành", kind="doubtful", known=False),
        P(2, "Trần Thị Bưởi", "Xã Tân Thành, tỉnh Lâm Đồng", unit="Xã Tân Thành"),
        P(3, "Lê Văn Cam", "Xã Di Linh", unit="Xã Di Linh"),
        scope="",
    ),
    one(
        "23-xa-cu",
        ("STT", "Họ và tên", "Đơn vị", "Huyện", "Tỉnh"),
        P(1, "Nguyễn Văn An", "xã Gung Ré, huyện Di Linh", None, "Lâm Đồng", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "xã Gung Ré", "Di Linh", "Lâm Đồng", unit="Xã Di Linh"),
        P(3, "Lê Văn Cam", "UBND xã Gung Ré huyện Di Linh", None, None, unit="Xã Di Linh"),
        P(4, "Phạm Thị Dung", "TT. Di Linh, H. Di Linh", None, "Lâm Đồng", unit="Xã Di Linh"),
        P(5, "Hoàng Văn Em", "Phường 1, TP Bảo Lộc", None, "Lâm Đồng", unit="Phường 1 Bảo Lộc"),
        P(6, "Võ Thị Gấm", "xã Gung Ré (cũ)", None, "Lâm Đồng", unit="Xã Di Linh"),
        P(7, "Đỗ Văn Hải", "xã Hàm Kiệm", "Hàm Thuận Nam", "Bình Thuận", unit="Xã Hàm Kiệm"),
        P(8, "Bùi Thị In", "xã Gung Ré", "Bảo Lâm", "Lâm Đồng", kind="refused", known=False),
        scope="",
    ),
    one(
        "24-xa-cu-bi-chia",
        ("STT", "Họ và tên", "Đơn vị", "Tỉnh"),
        P(1, "Nguyễn Văn An", "xã Phong Phú, huyện Tuy Phong", "Bình Thuận", kind="doubtful", known=False),
        P(2, "Trần Thị Bưởi", "xã Hòa Thắng, huyện Bắc Bình", "Lâm Đồng", kind="doubtful", known=False),
        P(3, "Lê Văn Cam", "Phường 1", "Lâm Đồng", kind="doubtful", known=False),
    ),
    one(
        "25-tinh-cu",
        ("STT", "Họ và tên", "Xã", "Tỉnh"),
        P(1, "Nguyễn Văn An", "Tuy Phong", "Bình Thuận", unit="Xã Tuy Phong"),
        P(2, "Trần Thị Bưởi", "xã Đắk Mil", "tỉnh Đắk Nông", unit="Xã Đắk Mil"),
        P(3, "Lê Văn Cam", "Di Linh", "T. Lâm Đồng", unit="Xã Di Linh"),
        scope="",
    ),
    one(
        "26-khong-co-don-vi",
        HEAD,
        person(1, "Nguyễn Văn An", "Xã Di Linh", unit="Xã Di Linh"),
        P(
            2,
            "Trần Thị Bưởi",
            None,
            "Lâm Đồng",
            "05/09/1985",
            "Công chức",
            "0912345679",
            kind="refused",
            known=False,
        ),
        person(3, "Lê Văn Cam", "Xã Gia Hiệp", unit="Xã Gia Hiệp"),
        P(4, None, "Xã Di Linh", "Lâm Đồng", None, "Công chức", None, kind="refused", known=False),
    ),
    one(
        "27-ghi-sai",
        HEAD,
        person(1, "Nguyễn Văn An", "Xã Di Lính", kind="refused", known=False),
        person(2, "Trần Thị Bưởi", "Phường Di Linh", kind="refused", known=False),
        P(3, "Lê Văn Cam", "Xã Di Linh", "Lâm Đòng", "05/09/1985", "", "", kind="refused", known=False),
        P(4, "Phạm Thị Dung", "Xã Di Linh", "Gia Lai", "05/09/1985", "", "", kind="refused", known=False),
        person(5, "Hoàng Văn Em", "Huyện Di Linh", kind="refused", known=False),
        person(6, "Võ Thị Gấm", "Sở Nội vụ", kind="refused", known=False),
        person(7, "Đỗ Văn Hải", "Trường Tiểu học Di Linh", kind="refused", known=False),
        person(8, "Bùi Thị In", "Lâm Đồng", kind="doubtful", known=False),
    ),
    one(
        "28-mot-nguoi-hai-lan",
        HEAD,
        person(1, "Nguyễn Văn An", "Xã Di Linh", unit="Xã Di Linh"),
        P(
            2,
            "NGUYỄN VĂN AN",
            "UBND xã Di Linh",
            "Lâm Đồng",
            "05/09/1985",
            "Công chức",
            "0912345601",
            kind="unchanged",
            unit="Xã Di Linh",
        ),
        P(
            3,
            "Nguyễn Văn An",
            "Xã Gia Hiệp",
            "Lâm Đồng",
            "05/09/1985",
            "Công chức",
            "0912345601",
            kind="doubtful",
            unit="Xã Gia Hiệp",
        ),
        P(
            4,
            "Nguyễn Văn An",
            "Xã Di Linh",
            "Lâm Đồng",
            "06/09/1990",
            "Kế toán",
            "0912345699",
            unit="Xã Di Linh",
        ),
    ),
    one(
        "29-chung-dien-thoai",
        HEAD,
        P(1, "Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "", "Chủ tịch", "02633870001", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "Xã Di Linh", "Lâm Đồng", "", "Công chức", "02633870001", unit="Xã Di Linh"),
    ),
    one(
        "30-da-co-trong-ho-so",
        ("STT", "Họ và tên", "Đơn vị", "Mã CB", "Ngày sinh", "SĐT", "Chức vụ"),
        P(1, "Nguyễn Văn An", "Xã Di Linh", "CB01", None, None, "Bí thư", kind="changed", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "Xã Gia Hiệp", "cb02", None, None, None, kind="moved", unit="Xã Gia Hiệp"),
        P(3, "LÊ VĂN CAM", "Xã Di Linh", None, None, "0912345603", None, kind="unchanged", unit="Xã Di Linh"),
        P(
            4,
            "Phạm Thị Dung",
            "Xã Gia Hiệp",
            None,
            "04/04/1984",
            None,
            None,
            kind="moved",
            unit="Xã Gia Hiệp",
        ),
        P(5, "Hoàng Văn Em", "Xã Di Linh", None, None, None, None, kind="unchanged", unit="Xã Di Linh"),
        P(6, "Võ Thị Gấm", "Xã Di Linh", None, "16/06/1996", None, None, kind="doubtful", unit="Xã Di Linh"),
        P(7, "Đỗ Văn Hải", "Xã Di Linh", None, None, "0999999999", None, kind="doubtful", unit="Xã Di Linh"),
        P(8, "Bùi Thị In", "Xã Di Linh", None, None, None, "Kế toán", kind="doubtful", unit="Xã Di Linh"),
        P(9, "Ngô Văn Khoa", "Xã Di Linh", "CB01", None, None, None, kind="doubtful", unit="Xã Di Linh"),
        P(10, "Nguyễn Văn An", "Xã Gia Hiệp", None, None, None, None, unit="Xã Gia Hiệp"),
        before=[
            ("Nguyễn Văn An", "Xã Di Linh", "CB01", "01/01/1981", "0912345601", "Chủ tịch"),
            ("Trần Thị Bưởi", "Xã Di Linh", "CB02", "02/02/1982", "0912345602", "Công chức"),
            ("Lê Văn Cam", "Xã Di Linh", "CB03", "03/03/1983", "0912345603", "Công chức"),
            ("Phạm Thị Dung", "Xã Di Linh", "CB04", "04/04/1984", "0912345604", "Công chức"),
            ("Hoàng Văn Em", "Xã Di Linh", "CB05", "05/05/1985", "0912345605", "Công chức"),
            ("Võ Thị Gấm", "Xã Di Linh", "CB06", "06/06/1986", "0912345606", "Công chức"),
            ("Đỗ Văn Hải", "Xã Di Linh", "CB07", "07/07/1987", "0912345607", "Công chức"),
            ("Bùi Thị In", "Xã Di Linh", "CB08", "08/08/1988", "0912345608", "Công chức"),
        ],
    ),
    csv_fixture("31-csv-utf8", encoded("utf-8")),
    csv_fixture("32-csv-utf8-bom-cham-phay", encoded("utf-8-sig", ";")),
    csv_fixture("33-csv-utf16-tab", encoded("utf-16", "\t")),
    csv_fixture("34-csv-utf16-be-khong-bom", encoded("utf-16-be", "\t")),
    csv_fixture("35-csv-utf16-le-khong-bom", encoded("utf-16-le", ";")),
    csv_fixture("36-csv-windows-1258", vietnamese_1258),
    Fixture(
        "37-csv-dong-sep-va-tieu-de",
        [
            Page(
                "37-csv-dong-sep-va-tieu-de.csv",
                [
                    ("sep=;",),
                    ("DANH SÁCH, TRÍCH NGANG",),
                    ("STT", "Họ, tên", "Xã, phường, đặc khu", "Ngày, tháng, năm sinh", "Số ĐT"),
                    P(
                        "1",
                        "Nguyễn Văn An",
                        "xã Gung Ré, huyện Di Linh",
                        "05/09/1985",
                        '="0912345678"',
                        unit="Xã Di Linh",
                    ),
                    P("2", "Trần Thị Bưởi", "", "", "", kind="refused", known=False),
                ],
            )
        ],
        encoded("utf-8-sig", ";"),
        suffix=".csv",
    ),
    Fixture(
        "38-csv-don-vi-ghi-mot-lan",
        [
            Page(
                "38-csv-don-vi-ghi-mot-lan.csv",
                [
                    ("Đơn vị", "Họ tên", "Tỉnh"),
                    P("Xã Di Linh", "Nguyễn Văn An", "Lâm Đồng", unit="Xã Di Linh"),
                    P("", "Trần Thị Bưởi", "Lâm Đồng", unit="Xã Di Linh"),
                    P("Xã Gia Hiệp", "Lê Văn Cam", "Lâm Đồng", unit="Xã Gia Hiệp"),
                    P("", "Phạm Thị Dung", "Lâm Đồng", unit="Xã Gia Hiệp"),
                ],
            )
        ],
        encoded("utf-8"),
        suffix=".csv",
    ),
    Fixture(
        "39-html-duoi-xls",
        [Page("39-html-duoi-xls.xls", [HEAD, person(1, "Nguyễn Văn An", "Xã Di Linh", unit="Xã Di Linh")])],
        html,
        suffix=".xls",
    ),
    one(
        "40-nhu-tren",
        HEAD,
        person(1, "Nguyễn Văn An", "Xã Di Linh", unit="Xã Di Linh"),
        person(2, "Trần Thị Bưởi", '"', unit="Xã Di Linh"),
        person(3, "Lê Văn Cam", "-nt-", unit="Xã Di Linh"),
    ),
    one(
        "41-cot-can-cuoc-va-cot-la",
        (
            "STT",
            "Họ và tên (chữ in hoa)",
            "Số CCCD",
            "Giới tính",
            "Đơn vị công tác hiện nay",
            "Họ và tên vợ/chồng",
            "Ghi chú",
        ),
        P(
            1,
            "NGUYỄN VĂN AN",
            "068085001234",
            "Nam",
            "xã Di Linh",
            "Lê Thị B",
            "x",
            unit="Xã Di Linh",
            name="Nguyễn Văn An",
        ),
    ),
    one(
        "42-o-doc-hai",
        HEAD,
        person(1, "=cmd|' /C calc'!A0", "Xã Di Linh", kind="refused", known=False),
        person(2, "<script>alert(1)</script>", "Xã Di Linh", kind="refused", known=False),
        person(3, "A" * 500, "Xã Di Linh", kind="refused", known=False),
        person(
            4, "Nguyễn\x0bVăn \u202eAn\u202c", "Xã Di Linh'; DROP TABLE unit; --", kind="refused", known=False
        ),
        person(5, "Trần\u200b Thị \u00adBưởi", "Xã Di Linh", unit="Xã Di Linh", name="Trần Thị Bưởi"),
        write=lambda pages: _with_controls(pages),
    ),
    one(
        "43-tieu-de-lap-lai",
        ("TỈNH LÂM ĐỒNG",),
        ("XÃ DI LINH",),
        ("STT", "Họ và tên", "Đơn vị"),
        P(1, "Nguyễn Văn An", "Xã Di Linh", unit="Xã Di Linh"),
        (),
        ("DANH SÁCH CÁN BỘ XÃ GIA HIỆP",),
        ("STT", "Đơn vị", "Họ và tên"),
        P(1, "Xã Gia Hiệp", "Trần Thị Bưởi", unit="Xã Gia Hiệp"),
        merges=("A1:C1", "A2:C2", "A6:C6"),
    ),
    one(
        "44-hai-cot-don-vi",
        ("STT", "Họ và tên", "Đơn vị", "Xã, phường"),
        P(1, "Nguyễn Văn An", "Phòng Kinh tế", "Di Linh", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "UBND xã Gia Hiệp", "Gia Hiệp", unit="Xã Gia Hiệp"),
        P(3, "Lê Văn Cam", "UBND xã Gia Hiệp", "Di Linh", kind="doubtful", known=False),
    ),
    one(
        "45-xa-cu-xa-moi",
        ("STT", "Họ và tên", "Xã cũ", "Huyện cũ", "Xã mới"),
        P(1, "Nguyễn Văn An", "Phong Phú", "Tuy Phong", "Tuy Phong", unit="Xã Tuy Phong"),
        P(2, "Trần Thị Bưởi", "Gung Ré", "Di Linh", None, unit="Xã Di Linh"),
    ),
    one(
        "46-so-nganh",
        ("STT", "Họ và tên", "Đơn vị"),
        P(1, "Nguyễn Văn An", "Sở KH&CN", unit="Sở Khoa học và Công nghệ"),
        P(2, "Trần Thị Bưởi", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH LÂM ĐỒNG", unit="Sở Khoa học và Công nghệ"),
        P(3, "Lê Văn Cam", "Văn phòng Sở KHCN", unit="Sở Khoa học và Công nghệ"),
        P(4, "Phạm Thị Dung", "UBND tỉnh Lâm Đồng", unit="Tỉnh Lâm Đồng"),
        P(5, "Hoàng Văn Em", "Sở Nội vụ", kind="refused", known=False),
    ),
    one(
        "47-nhieu-dong-trong-dong",
        ("Nguồn: phòng Nội vụ",),
        HEAD,
        ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"),
        person(1, "Nguyễn Văn An\nChủ tịch UBND", "Xã Di Linh", unit="Xã Di Linh", name="Nguyễn Văn An"),
        (),
        (),
        person(2, "Trần Thị\nBưởi", "UBND\nxã Di Linh", unit="Xã Di Linh", name="Trần Thị Bưởi"),
        ("Danh sách này có 02 người./.",),
        (None, None, None, None, "CHỦ TỊCH"),
        (None, None, None, None, "(Ký tên, đóng dấu)"),
        (None, None, None, None, "Nguyễn Văn Chủ"),
    ),
    one(
        "48-chi-co-ten-va-muc",
        ("STT", "Họ và tên"),
        ("Xã Di Linh",),
        P(1, "Nguyễn Văn An", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", unit="Xã Di Linh"),
        ("Phường B'Lao",),
        P(1, "Lê Văn Cam", unit="Phường B'Lao"),
    ),
    one(
        "49-muc-ghi-sai-khong-dung-muc-truoc",
        ("STT", "Họ và tên"),
        ("Xã Di Linh",),
        P(1, "Nguyễn Văn An", unit="Xã Di Linh"),
        ("Xã Không Có Thật",),
        P(1, "Lê Văn Cam", kind="refused", known=False),
    ),
    one(
        "50-vai-tro",
        ("STT", "Họ và tên", "Đơn vị", "Vai trò"),
        P(1, "Nguyễn Văn An", "Xã Di Linh", "Lãnh đạo", unit="Xã Di Linh"),
        P(2, "Trần Thị Bưởi", "Xã Di Linh", "THƯ KÝ ISO", unit="Xã Di Linh"),
        P(3, "Lê Văn Cam", "Xã Di Linh", "Bộ phận Tiếp nhận và Trả kết quả", unit="Xã Di Linh"),
        P(4, "Phạm Thị Dung", "Xã Di Linh", "Thư ký ISOO", kind="refused", known=False),
    ),
    one(
        "51-ngoai-pham-vi",
        HEAD[:4],
        P(1, "Nguyễn Văn An", "Xã Ia Grai", "Gia Lai", kind="refused", known=False),
        P(2, "Trần Thị Bưởi", "Xã Di Linh", "", unit="Xã Di Linh"),
    ),
]


def _with_controls(pages: list[Page]) -> bytes:
    """openpyxl refuses control characters; Excel files from other programs have them, written as _x000B_."""
    cleaned = [
        Page(
            page.name,
            [
                tuple(cell.replace("\x0b", "_x000B_") if isinstance(cell, str) else cell for cell in row)
                for row in page.rows
            ],
        )
        for page in pages
    ]
    return xlsx(cleaned)


def names(fixtures: Iterable[Fixture]) -> list[str]:
    return [fixture.name for fixture in fixtures]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for fixture in FIXTURES:
        (folder / f"{fixture.name}{fixture.suffix}").write_bytes(fixture.content)
