"""The head of a commune's document: who issues it, where, in which year (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

from dataclasses import dataclass

from isoxa_grading.records.tables import Unit
from isoxa_grading.records.tables.units import UnitKind

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
"""Quốc hiệu và tiêu ngữ."""

_BLANK = "……………………"


@dataclass(frozen=True)
class Letterhead:
    """``issuer``: lines in capitals as printed on the left; ``place`` stands before the date, day and month blank.

    The day is the day of signing, which nobody knows yet when a file is downloaded; so is the number.
    """

    issuer: tuple[str, ...]
    place: str
    year: int

    @property
    def dateline(self) -> str:
        """``Di Linh, ngày …… tháng …… năm 2026``."""
        return f"{self.place}, ngày …… tháng …… năm {self.year}"


def letterhead_of(unit: Unit | None, year: int) -> Letterhead:
    """The head for a unit: the people's committee of a commune or province, else the agency's own name."""
    if unit is None:
        return Letterhead((_BLANK,), "………………", year)
    if unit.kind in (UnitKind.COMMUNE, UnitKind.PROVINCE):
        return Letterhead(("ỦY BAN NHÂN DÂN", unit.name.upper()), unit.short_name, year)
    return Letterhead((unit.name.upper(),), _BLANK, year)
