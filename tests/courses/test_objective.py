"""The reader of objectives: notes, advice, hostile text, and its content file."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.errors import ContentError
from isoxa_courses.objective import CRITERIA, RULES_FILE, load_rules, review_objective
from isoxa_courses.text import nfc

TODAY = date(2026, 11, 21)
PIECES = [
    "từ", "lên", "xuống", "còn", "đến", "trước", "ngày", "tháng", "quý", "năm", "nửa", "đầu", "cuối",
    "98,5", "%", "31/12/2027", "2027", "II", "không", "để", "hồ", "sơ", "trễ", "hạn", "đúng", "người",
    "dân", "và", ";", ".", "(", ")", "6", "→", "-", "/", "≥", "hằng", "trong", "so", "với", "hiện",
    "nay", "tăng", "giảm", "tổ", "chức", "3", "lớp", "một", "cửa", "điểm", "phần", "trăm", "1.250", ",",
    ":",
]  # fmt: skip


def codes(text: str) -> set[str]:
    return {note.code for note in review_objective(text, today=TODAY).notes}


def test_an_activity_is_not_a_result() -> None:
    review = review_objective("Tổ chức 3 lớp tập huấn ISO trong quý I/2027", today=TODAY)
    assert review.specific.verdict == "not_met"
    assert review.specific.words[0] == "Tổ chức"
    assert "kết quả" in review.specific.advice
    assert "activity" in {note.code for note in review.notes}
    assert "activity" not in codes("100 % tổ chức, cá nhân hài lòng trong năm 2027")


def test_two_objectives_in_one_sentence() -> None:
    assert "two_objectives" in codes("98 % hồ sơ đúng hạn và 95 % người dân hài lòng trong năm 2027")
    assert "two_objectives" in codes(
        "Giảm hồ sơ trễ hạn còn 1 %, tăng tỷ lệ hài lòng lên 95 % trong năm 2027"
    )
    assert "two_objectives" not in codes("100 % hồ sơ được tiếp nhận và số hóa trong năm 2027")
    assert "two_objectives" not in codes("98 % hồ sơ đúng hạn trong quý I và 99 % trong quý II/2027")


def test_missing_time_is_named() -> None:
    advice = review_objective("98 % hồ sơ đúng hạn", today=TODAY).time_bound.advice
    assert advice == "Chưa có mốc thời gian: thêm “trước ngày …” hoặc “trong quý …”."


def test_other_notes() -> None:
    assert "no_year" in codes("98 % hồ sơ đúng hạn trước ngày 30/6")
    assert "impossible_date" in codes("98 % hồ sơ đúng hạn trước ngày 31/02/2027")
    assert "relative_time" in codes("98 % hồ sơ đúng hạn cuối năm nay")
    assert "no_marks" in codes("98 % ho so dung han trong nam 2027")
    assert "long" in codes("hồ sơ " * 3_000)
    assert "unreadable" in codes("98 % 😀")


def test_a_deadline_is_judged_from_today() -> None:
    text = "98 % hồ sơ đúng hạn đến hết quý II/2027"
    assert review_objective(text, today=date(2027, 6, 30)).achievable.verdict == "cannot_tell"
    assert review_objective(text, today=date(2027, 7, 1)).achievable.reason == "past"


def test_the_advice_quotes_what_is_missing() -> None:
    blank = review_objective("Tỷ lệ hồ sơ đúng hạn đạt … % trước ngày …/…/2027", today=TODAY)
    assert (blank.measurable.reason, blank.time_bound.reason) == ("blank", "blank")
    assert "… %" in blank.measurable.advice
    pointed = review_objective("Khắc phục xong 5 lỗi đoàn kiểm tra đã chỉ ra tại một cửa", today=TODAY)
    assert (pointed.specific.verdict, pointed.measurable.verdict) == ("cannot_tell", "met")
    assert "nằm ở chỗ khác" in pointed.specific.advice
    plan = review_objective("Số hồ sơ trực tuyến đạt 110 % kế hoạch tỉnh giao", today=TODAY)
    assert (plan.measurable.reason, plan.achievable.verdict) == ("elsewhere", "cannot_tell")
    other = review_objective("Mua 12 bộ chiêng cho đội nghi lễ trong năm 2027", today=TODAY)
    assert (other.relevant.verdict, other.relevant.reason) == ("not_met", "other_work")
    assert "có vẻ" in other.relevant.advice  # it does not know the work, and says so


def test_the_year_of_the_baseline_is_no_deadline() -> None:
    review = review_objective("98 % hồ sơ đúng hạn, năm 2025 đạt 96 %", today=TODAY)
    assert review.achievable.verdict != "not_met"


def test_what_less_is_better_of() -> None:
    worse = "Số hồ sơ sai sót từ 3 hồ sơ lên 10 hồ sơ trong năm 2027"
    assert review_objective(worse, today=TODAY).achievable.reason == "wrong_way"
    more_than_planned = "Số hồ sơ trực tuyến đạt 110 % kế hoạch trong năm 2027"
    assert review_objective(more_than_planned, today=TODAY).achievable.verdict == "cannot_tell"


@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)))
@settings(deadline=None, max_examples=300)
def test_any_text_is_reviewed(text: str) -> None:
    review = review_objective(text, today=TODAY)
    for criterion in CRITERIA:
        judged = getattr(review, criterion)
        assert judged.verdict in {"met", "not_met", "cannot_tell"}
        assert all(word in nfc(text) for word in judged.words)
        assert judged.advice
        assert "{" not in judged.advice.replace("{", "", text.count("{") * 3)
        assert "“”" not in judged.advice or "“”" in text
    assert review == review_objective(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " " * 20_000,
        "a" * 20_000,
        "từ 96 % lên " * 1_700,
        "a" + "\u0301\u0323" * 10_000,
        "7" * 20_000,
        "1/" * 10_000,
        "\x00\x07\u202e\ud800",
        "<script>alert(1)</script>" * 800,
        "😀" * 20_000,
        "không để " * 2_500,
        "99/99/9999 tháng 99 quý 9/2027 năm 9999 ngày 0 tháng 0",
        "trong 999 năm tới",
        "{words} {0} %s ${x}",
        "12 năm 2026 " * 900,
        "5 % (năm 2025: 4 %) phấn đấu " * 400,
        "nội dung số 3 nêu tại Phụ lục 2, " * 400,
    ],
)
def test_hostile_text(text: str) -> None:
    review_objective("x", today=TODAY)  # the rules are read once
    start = time.process_time()
    assert review_objective(text, today=TODAY).to_json()["specific"]["verdict"]
    assert time.process_time() - start < 2  # some tens of milliseconds: only the first 300 words are read


@given(st.text(max_size=10_000))
@settings(deadline=None, max_examples=20)
def test_long_text_is_reviewed(text: str) -> None:
    assert review_objective(text, today=TODAY).time_bound.advice


def broken(tmp_path: Path, old: str, new: str) -> list[str]:
    text = RULES_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "rules.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_rules(path)
    return [f"{problem.line}: {problem.reason}" for problem in caught.value.problems]


def line_of(words: str) -> int:
    return RULES_FILE.read_text(encoding="utf-8").split(words)[0].count("\n") + 1


def test_a_broken_rules_file_names_line_and_reason(tmp_path: Path) -> None:
    (missing,) = broken(tmp_path, "  vague_times: [", "  vague_tims: [")[:1]
    assert "vague_tim" in missing
    (twice,) = broken(tmp_path, "  vague: [\n", "  vague: [\n    tăng cường,\n")
    assert twice.startswith(f"{line_of('    nâng cao, tăng cường') + 1}: ")
    assert "hai lần" in twice
    (brace,) = broken(tmp_path, "không thể đạt: xem", "không {the} đạt: xem")
    assert brace.startswith(f"{line_of('    over_hundred:')}: ")
    (unknown,) = broken(tmp_path, "    over_hundred:", "    over_hundert:")[:1]
    assert "over_hund" in unknown
    (stray,) = broken(tmp_path, "  tools: [\n", "  tools: [\n    nhà văn hóa mới,\n")
    assert stray.startswith(f"{line_of('  tools: [') + 1}: ")
    assert "system" in stray


def test_a_trainer_can_add_a_word(tmp_path: Path) -> None:
    text = "98 % lượt đón tiếp chu đáo trong năm 2027"
    path = tmp_path / "rules.yaml"
    shipped = RULES_FILE.read_text(encoding="utf-8")
    path.write_text(shipped.replace("  system: [\n", "  system: [\n    đón tiếp,\n", 1), encoding="utf-8")
    assert review_objective(text, today=TODAY).relevant.verdict != "met"
    assert review_objective(text, today=TODAY, rules=load_rules(path)).relevant.verdict == "met"
