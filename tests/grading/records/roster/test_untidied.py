"""Whatever harmless untidiness a list has, it imports to the same people; and again, to no change."""

from __future__ import annotations

import io
import random
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from isoxa_grading.records.database import connect
from isoxa_grading.records.roster import import_roster, preview_roster, read_roster
from isoxa_grading.records.tables import Membership, Person, Unit, UnitKind
from isoxa_grading.records.units import find_scope
from isoxa_grading.records.words import shipped_words
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.grading.conftest import Databases

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
FAMILY = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Võ",
    "Đặng",
    "Tô",
    "Cao",
    "K'",
    "Khổng",
    "Tổng",
    "Lãnh",
)
MIDDLE = ("Văn", "Thị", "Đức", "Thúy", "Hoàng", "Ngọc", "Thị Kim")
GIVEN = ("An", "Ân", "Bưởi", "Ưởng", "Hòa", "Thủy", "Quý", "Ý", "Lãnh", "Khánh Hà")
POSITIONS = ("Chủ tịch UBND", "Công chức", "Văn phòng - Thống kê", "Bí thư", "Kế toán trưởng", None)
FIELDS = ("full_name", "unit", "province", "staff_code", "birth_date", "position", "phone", "email")
SPACES = (" ", "  ", "\u00a0", " \u200b", "\t", "\u2003")


class Province:
    """A database with units, a province of it and its communes."""

    def __init__(self, session: Session, unit: Unit, communes: list[Unit]) -> None:
        self.session, self.unit, self.communes = session, unit, communes


@pytest.fixture(scope="module")
def province(databases: Databases) -> Iterator[Province]:
    engine = connect(databases.fresh("sqlite", "units"))
    with Session(engine.execution_options(isoxa_mode="writing"), expire_on_commit=False) as session:
        lam_dong = find_scope(session, "Lâm Đồng").unit
        assert lam_dong is not None
        communes = select(Unit).where(Unit.parent_id == lam_dong.id, Unit.kind == UnitKind.COMMUNE)
        yield Province(session, lam_dong, list(session.scalars(communes.order_by(Unit.id))))
    engine.dispose()


def people(chance: random.Random, communes: list[Unit], count: int) -> list[dict[str, Any]]:
    return [
        {
            "full_name": f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(GIVEN)}".replace(
                "' ", "'"
            ),
            "unit": chance.choice(communes),
            "province": "Lâm Đồng",
            "staff_code": f"CB{number:03}",
            "birth_date": date(1965 + chance.randrange(35), chance.randint(1, 12), chance.randint(1, 28)),
            "position": chance.choice(POSITIONS),
            "phone": f"09{chance.randrange(10**8):08}",
            "email": f"can.bo{number}@lamdong.gov.vn" if chance.random() < 0.5 else None,
        }
        for number in range(count)
    ]


class Untidy:
    """Writes the same people in another way, by chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def sheet(self, officers: list[dict[str, Any]]) -> list[list[Any]]:
        chance = self.chance
        columns = ["number", *FIELDS, *(["note"] if chance.random() < 0.5 else [])]
        chance.shuffle(columns)
        rows: list[list[Any]] = []
        if chance.random() < 0.6:
            rows += [
                ["UBND TỈNH LÂM ĐỒNG", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
                [],
                ["DANH SÁCH CÁN BỘ, CÔNG CHỨC"],
            ]
        rows.append([self.header(column) for column in columns])
        if chance.random() < 0.3:
            rows.append([f"({number})" for number in range(1, len(columns) + 1)])
        for number, officer in enumerate(officers, 1):
            if chance.random() < 0.1:
                rows.append([None, " "])
            values = {"number": number, "note": chance.choice([None, "x"]), **officer}
            rows.append([self.cell(column, values[column]) for column in columns])
        if chance.random() < 0.5:
            rows += [
                [],
                ["Tổng cộng:", len(officers)],
                [None, "Người lập biểu", None, "CHỦ TỊCH"],
                [None, "Lê Thị Lập"],
            ]
        return rows

    def header(self, column: str) -> str:
        names = shipped_words().file.columns
        if column in ("number", "note"):
            return {"number": self.chance.choice(["STT", "TT", "Số TT"]), "note": "Ghi chú"}[column]
        known = names[column] + (names["commune"] if column == "unit" else [])
        return self.letters(self.chance.choice(known))

    def cell(self, column: str, value: Any) -> Any:
        chance = self.chance
        if value is None or isinstance(value, int):
            return value if value is not None else chance.choice([None, "", " ", "-"])
        if column == "unit":
            name = value.name
            if chance.random() < 0.5:
                name = chance.choice(["UBND ", "Ủy ban nhân dân ", "Đảng ủy "]) + name[0].lower() + name[1:]
            elif chance.random() < 0.3 and value.type_word == "xã":
                name = f"X. {value.short_name}"
            return self.letters(name + chance.choice(["", "", ", tỉnh Lâm Đồng", " - Lâm Đồng"]))
        if column == "birth_date":
            day = f"{value.day}{chance.choice('/.-')}{value.month}{chance.choice('/.-')}{value.year}"
            return chance.choice(
                [value, f"{value:%d/%m/%Y}", day, f"{value:%Y-%m-%d}", f" {value:%d/%m/%Y} "]
            )
        if column == "phone":
            digits = value[1:]
            return chance.choice(
                [value, int(value), f"+84{digits}", f"84{digits}", f"{value[:4]} {value[4:7]} {value[7:]}",
                 f"{value[:4]}.{value[4:7]}.{value[7:]}", f"'{value}"]
            )  # fmt: skip
        if column in ("staff_code", "email"):
            return chance.choice([value, f" {value} ", f"{value}\u00a0"])
        if column == "position":
            return self.spaces(value)
        return self.letters(value)

    def letters(self, text: str) -> str:
        text = self.chance.choice([str, str, str.upper])(text)
        text = self.spaces(text)
        return unicodedata.normalize(self.chance.choice(["NFC", "NFC", "NFD"]), text)

    def spaces(self, text: str) -> str:
        if self.chance.random() < 0.5:
            return text
        padded = "".join(self.chance.choice(SPACES) if letter == " " else letter for letter in text)
        return (
            f"{self.chance.choice(['', ' ', chr(0xFEFF)])}{padded}{self.chance.choice(['', ' ', chr(0xA0)])}"
        )

    def file(self, officers: list[dict[str, Any]]) -> bytes:
        rows = self.sheet(officers)
        if self.chance.random() < 0.5:
            book = openpyxl.Workbook()
            for row in rows:
                book.worksheets[0].append(row)
            stream = io.BytesIO()
            book.save(stream)
            return stream.getvalue()
        return self.csv(rows)

    def csv(self, rows: list[list[Any]]) -> bytes:
        import csv

        stream = io.StringIO()
        ends = self.chance.choice(["\n", "\r\n"])
        writer = csv.writer(stream, delimiter=self.chance.choice(",;\t"), lineterminator=ends)
        writer.writerows(rows)
        return stream.getvalue().encode(self.chance.choice(["utf-8", "utf-8-sig", "utf-16"]))


def recorded(session: Session) -> set[tuple[Any, ...]]:
    query = (
        select(
            Person.full_name, Membership.unit_id, Person.staff_code, Person.birth_date, Person.phone, Person.email,
            Membership.position,
        ).join(Membership, Membership.person_id == Person.id)
    )  # fmt: skip
    return {tuple(row) for row in session.execute(query)}


@settings(
    deadline=None,
    max_examples=40,
    derandomize=True,  # what a run finds, every run finds; new seeds are for a longer search by hand
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**9), count=st.integers(1, 12))
@example(seed=15092, count=1)  # a comma in three titles against semicolons in two rows
def test_the_same_people(province: Province, seed: int, count: int) -> None:
    session, lam_dong = province.session, province.unit
    chance = random.Random(seed)
    officers = people(chance, province.communes, count)
    content = Untidy(chance).file(officers)
    with session.begin_nested() as records:
        preview = preview_roster(session, read_roster(content, "x.xlsx"), lam_dong)
        assert [str(problem) for problem in preview.problems] == []
        import_roster(session, preview, None, NOW)
        session.flush()
        assert recorded(session) == {
            (one["full_name"], one["unit"].id, one["staff_code"], one["birth_date"], one["phone"], one["email"],
             one["position"])
            for one in officers
        }  # fmt: skip
        again = Untidy(chance).file(officers)
        second = import_roster(
            session, preview_roster(session, read_roster(again, "x.xlsx"), lam_dong), None, NOW
        )
        assert second.import_id is None
        assert second.counts["unchanged"] == count
        records.rollback()
    session.expire_all()
