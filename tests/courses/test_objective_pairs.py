"""Baselines that no rule knows: figures weighed by the table of pairs, and figures that the readers of numbers miss."""

from __future__ import annotations

from datetime import date

import pytest
from isoxa_courses.objective import review_objective
from isoxa_courses.objective.pairing import Figures, candidates, pair_features, shipped_pairs
from isoxa_courses.objective.reading import Reading, read_objective
from isoxa_courses.objective.rules import shipped_rules
from isoxa_courses.objective.weights import ALWAYS

TODAY = date(2026, 11, 21)


def read(text: str, *, paired: bool = True) -> Reading:
    return read_objective(text, TODAY, shipped_rules(), paired=paired)


def figures(text: str) -> Figures:
    reading = read(text, paired=False)
    return Figures(reading.text, TODAY, reading.marks, reading.times, reading.quantities)


def test_the_shipped_table_can_be_read() -> None:
    rows = shipped_pairs().rows
    assert {len(row) for row in rows.values()} == {3}
    assert len(rows) > 1_000
    assert ALWAYS in rows


@pytest.mark.parametrize(
    ("text", "base", "target"),
    [
        ("Việc in sổ đất: 97 quyển, nay phải còn 13 quyển", "97 quyển", "còn 13 quyển"),
        ("Số công chức thạo phần mềm nhích từ ba lên năm người trong năm 2027", "ba", "năm người"),
        ("Năm 2027 đưa việc đối soát từ 3 lần/quý lên 6 lần/quý", "3 lần/quý", "6 lần/quý"),
        ("Năm 2026 xã xếp thứ 9/15, năm 2027 xếp thứ 5 trở lên", "xếp thứ 9/15", "xếp thứ 5 trở lên"),
        ("Ép hồ sơ phải trả lại về mức 4 bộ (quý III/2026 có tới 17 bộ)", "17 bộ", "4 bộ"),
        (
            "Tám trên mười người được hướng dẫn riêng, hiện mới năm trên mười người",
            "năm trên mười người",
            "Tám trên mười người",
        ),
    ],
)
def test_pairs_that_are_found(text: str, base: str, target: str) -> None:
    reading = read(text)
    assert [tuple(map(reading.quote, pair)) for pair in reading.roles.pairs] == [(base, target)]


@pytest.mark.parametrize(
    "text",
    [
        "Mục 4: 80; mục 5: 85; mục 6: 90",
        "95 % hồ sơ đất đai và 98 % hồ sơ hộ tịch đúng hạn năm 2027",
        "Năm 2027 số hóa 80 % sổ hộ tịch và giảm còn 5 phút thời gian tìm một hồ sơ",
    ],
)
def test_two_targets_are_no_pair(text: str) -> None:
    assert read(text).roles.pairs == ()
    assert review_objective(text, today=TODAY).achievable.verdict == "cannot_tell"


def test_what_the_rules_find_is_not_asked_of_the_table() -> None:
    text = "Nâng tỷ lệ hồ sơ đúng hạn từ 92 % lên 97 % trong năm 2027"
    alone, both = read(text, paired=False), read(text)
    assert [tuple(map(alone.quote, pair)) for pair in alone.roles.pairs] == [("92 %", "97 %")]
    assert [tuple(map(both.quote, pair)) for pair in both.roles.pairs] == [("92 %", "97 %")]
    assert not both.roles.weighed


def test_scores_are_sums_over_features_that_are_known() -> None:
    scores = shipped_pairs().scores(frozenset(["no such feature"]))
    assert scores == [number / 100 / 2**0.5 for number in shipped_pairs().rows[ALWAYS]]


def test_features_do_not_hang_on_typing() -> None:
    text = "Năm 2026 đúng hạn 92 % hồ sơ, năm 2027 đúng hạn 97 % hồ sơ"
    shown = [
        {names for pair in candidates(one) for names in pair_features(one, *pair)}
        for one in (figures(text), figures(text.upper()), figures(f"  {text}"))
    ]
    assert shown[0] == shown[1] == shown[2] != set()
