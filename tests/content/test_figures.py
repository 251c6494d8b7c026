"""The case of xã Suối Lành: every figure the lesson tells is computed here from the few that are given."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

from isoxa_courses.models import Lesson
from isoxa_courses.text import format_number, parse_number

DUE, ON_TIME = 1250, 1200
TARGET = Fraction(985, 1000)
CAUSES = (31, 12, 7)
TRIAL_DUE, TRIAL_ON_TIME, TRIAL_CAUSES = 600, 588, (3, 7, 2)
SECOND_DUE, SECOND_ON_TIME = 650, 642


def percent(part: int, whole: int, places: int) -> str:
    return format_number(Decimal(100) * part / whole, places) + "%"


N = r"(?<![\d.,])(\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?)"
RATIO = re.compile(rf"{N} : {N} = \*{{0,2}}{N}%")
PART_OF = re.compile(rf"{N} trên {N}[^.;%]*?, tức {N}%")
SHARE_OF = re.compile(rf"{N} × {N}% = {N}")
DIFFERENCE = re.compile(rf"(?<![−+×] ){N} − {N} = {N}")


def decimals(number: str) -> int:
    return len(number.partition(",")[2])


def needed(due: int) -> int:
    return math.ceil(due * TARGET)


def test_before(prose: str, lesson: Lesson) -> None:
    assert sum(CAUSES) == DUE - ON_TIME == 50
    assert percent(ON_TIME, DUE, 1) == "96,0%"
    assert lesson.checkpoint("ty-le").question.answer == Decimal(100) * ON_TIME / DUE
    for figure in ("1.250 hồ sơ đến hạn", "1.200 hồ sơ được trả đúng hạn", "50 hồ sơ quá hạn", "96,0%"):
        assert figure in prose
    for cause in CAUSES:
        assert f"| {cause} |" in prose
        assert percent(cause, DUE, 2) in prose


def test_target(prose: str, lesson: Lesson) -> None:
    assert needed(DUE) == 1232
    assert lesson.checkpoint("so-toi-thieu").question.answer == needed(DUE)
    assert DUE - needed(DUE) == 18
    assert "nhiều nhất 18" in prose
    assert "1.231,25" in lesson.checkpoint("so-toi-thieu").question.explanation
    assert Fraction("1231.25") == DUE * TARGET


def test_the_largest_cause_alone_is_not_enough(prose: str) -> None:
    left = DUE - ON_TIME - CAUSES[0]
    assert left == 19
    assert DUE - left == 1231
    assert Fraction(DUE - left, DUE) < TARGET
    assert percent(DUE - left, DUE, 2) == "98,48%"
    assert percent(DUE - left, DUE, 1) == "98,5%"
    for figure in ("50 − 31 = 19", "1.250 − 19 = 1.231", "98,48%"):
        assert figure in prose


def test_trial(prose: str, lesson: Lesson) -> None:
    assert sum(TRIAL_CAUSES) == TRIAL_DUE - TRIAL_ON_TIME == 12
    assert Fraction(TRIAL_ON_TIME, TRIAL_DUE) < TARGET
    assert needed(TRIAL_DUE) - TRIAL_ON_TIME == 3
    key = next(c for c in lesson.checkpoint("ket-luan").question.choices if c.correct)
    assert "98,0%" in key.text
    assert "3 hồ sơ" in key.text
    assert "591" in (key.why or "")
    assert needed(TRIAL_DUE) == 591
    for cause in TRIAL_CAUSES:
        assert f"{cause} ({percent(cause, TRIAL_DUE, 2)})" in prose
    assert "12 (2,00%)" in prose
    # The signing measure worked, the other did not: by rate, since the two periods differ in size.
    assert Fraction(TRIAL_CAUSES[0], TRIAL_DUE) < Fraction(CAUSES[0], DUE)
    assert Fraction(TRIAL_CAUSES[1], TRIAL_DUE) >= Fraction(CAUSES[1], DUE)


def test_second_round(prose: str) -> None:
    assert needed(SECOND_DUE) == 641 <= SECOND_ON_TIME
    assert Fraction("640.25") == SECOND_DUE * TARGET
    assert percent(SECOND_ON_TIME, SECOND_DUE, 2) == "98,77%"
    for figure in ("650 × 98,5% = 640,25", "641 hồ sơ", "642", "98,77%"):
        assert figure in prose


def test_the_summary_repeats_the_same_figures(prose: str) -> None:
    summary = prose.split('<a id="tom-tat"></a>')[1]
    for figure in (
        "1.200 trên 1.250",
        "96,0%",
        "1.232",
        "98,48%",
        "588 trên 600",
        "98,0%",
        "642 trên 650",
        "98,77%",
    ):
        assert figure in summary


def test_the_commune_is_called_made_up_where_it_first_appears(prose: str) -> None:
    first = prose.index("**xã Suối Lành**")
    assert "không có thật" in prose[first : first + 80]


def test_the_picture_draws_the_figures(notebook) -> None:
    source = next(cell.source for cell in notebook.cells if cell.id == "p-hinh")
    filled = [
        float(width) for width in re.findall(r'<rect x="4" [^>]*?width="([0-9.]+)"[^>]*fill="var', source)
    ]
    assert [round(width / 340, 3) for width in filled] == [0.96, 0.985, 1.0, 0.36]


def test_every_sum_written_out_is_right(prose: str, yaml_texts: dict[str, list[str]]) -> None:
    """``a : b = c%``, ``a trên b, tức c%``, ``a × b% = c``, ``a − b = c``, wherever they stand, quiz included."""
    text = "\n".join([prose, *(line for lines in yaml_texts.values() for line in lines)]).replace("…%", "%")
    found = 0
    for pattern in (RATIO, PART_OF):
        for part, whole, rate in pattern.findall(text):
            exact = Decimal(100) * parse_number(part) / parse_number(whole)
            shown = parse_number(rate)
            step = Decimal(10) ** -decimals(rate)
            assert abs(exact - shown) <= step, (part, whole, rate)
            found += 1
    for whole, rate, result in SHARE_OF.findall(text):
        assert parse_number(whole) * parse_number(rate) / 100 == parse_number(result.rstrip(".")), whole
        found += 1
    for more, less, left in DIFFERENCE.findall(text):
        assert parse_number(more) - parse_number(less) == parse_number(left.rstrip(".")), more
        found += 1
    assert found >= 15


def test_no_percentage_of_unknown_origin(prose: str) -> None:
    """Every percentage the lesson shows is one of the computed ones, rounded half up where it is rounded."""
    known = {percent(ON_TIME, DUE, 1), "98,5%", "100%", percent(SECOND_ON_TIME, SECOND_DUE, 2)}
    known |= {percent(TRIAL_ON_TIME, TRIAL_DUE, 1), percent(DUE - 19, DUE, 2)}
    known |= {percent(cause, DUE, 2) for cause in (*CAUSES, sum(CAUSES))}
    known |= {percent(cause, TRIAL_DUE, 2) for cause in (*TRIAL_CAUSES, sum(TRIAL_CAUSES))}
    assert set(re.findall(rf"{N}%", prose)) == {shown.rstrip("%") for shown in known}
