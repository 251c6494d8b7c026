"""Made-up officers for every commune of a real province, as the spreadsheet a department would send.

The communes are real, the people are not: every staff code begins with ``GIALAP`` and the title says so. The same
seed gives the same file. The spread is that of the provinces' own reports: some communes send nobody, some hang on
one person, most send a few.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from faker import Faker

PROVINCE = "Lâm Đồng"
STAFF_CODE_PREFIX = "GIALAP"
SEED = 2026

# (weight, how many officers a commune registers)
_SPREAD = ((8, 0), (20, 1), (30, 2), (30, 3), (20, 4), (10, 5), (4, 6), (2, 9))

# In this order: a commune that sends one sends its ISO secretary, and everything hangs on that person.
_POSITIONS = (
    ("Công chức Văn phòng HĐND và UBND", "Thư ký ISO"),
    ("Phó Chủ tịch UBND", "Lãnh đạo"),
    ("Công chức bộ phận một cửa", "Một cửa"),
    ("Công chức Tư pháp - Hộ tịch", "Chuyên môn"),
    ("Công chức Địa chính - Xây dựng", "Chuyên môn"),
    ("Công chức Văn hóa - Xã hội", "Đánh giá viên nội bộ"),
    ("Công chức Tài chính - Kế toán", "Chuyên môn"),
    ("Công chức bộ phận một cửa", "Một cửa"),
    ("Chủ tịch UBND", "Lãnh đạo"),
)

COLUMNS = ("Họ và tên", "Đơn vị", "Tỉnh", "Mã cán bộ", "Ngày sinh", "Chức danh", "Vai trò")


@dataclass(frozen=True)
class MadeUpOfficer:
    """One row of the demo roster; ``commune`` is the unit's full name."""

    full_name: str
    commune: str
    staff_code: str
    birth_date: date
    position: str
    quality_role: str


def made_up_officers(communes: Sequence[str], *, seed: int = SEED) -> list[MadeUpOfficer]:
    """Officers for the named communes, several hundred for a province of 124."""
    chance = random.Random(seed)  # noqa: S311 - invented people need no secrecy
    names = Faker("vi_VN")
    names.seed_instance(seed)
    officers: list[MadeUpOfficer] = []
    for commune in communes:
        weights, sizes = zip(*_SPREAD, strict=True)
        for position, quality_role in _POSITIONS[: chance.choices(sizes, weights)[0]]:
            officers.append(
                MadeUpOfficer(
                    full_name=_full_name(names, chance),
                    commune=commune,
                    staff_code=f"{STAFF_CODE_PREFIX}{len(officers) + 1:04d}",
                    birth_date=date(1968, 1, 1) + timedelta(days=chance.randrange(32 * 365)),
                    position=position,
                    quality_role=quality_role,
                )
            )
    return officers


def write_roster(path: Path, officers: Sequence[MadeUpOfficer]) -> None:
    """The roster as XLSX, in the columns that `isoxa roster import` documents."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Danh sách")
        heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, COLUMNS, heading)
        for row, officer in enumerate(officers, start=1):
            sheet.write_string(row, 0, officer.full_name)
            sheet.write_string(row, 1, officer.commune)
            sheet.write_string(row, 2, PROVINCE)
            sheet.write_string(row, 3, officer.staff_code)
            sheet.write_datetime(row, 4, officer.birth_date, day)
            sheet.write_string(row, 5, officer.position)
            sheet.write_string(row, 6, officer.quality_role)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(officers), len(COLUMNS) - 1)
        for column, width in enumerate((26, 26, 12, 14, 12, 36, 22)):
            sheet.set_column(column, column, width)
        sheet.set_header("&CNgười trong danh sách này là nhân vật giả lập, chỉ để trình diễn")


def _full_name(names: Faker, chance: random.Random) -> str:
    if chance.random() < 0.5:
        return f"{names.last_name()} Thị {names.first_name_female()}"
    middle = chance.choice(("Văn", "Đức", "Hữu", "Quang", "Xuân", "Minh"))
    return f"{names.last_name()} {middle} {names.first_name_male()}"
