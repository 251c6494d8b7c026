"""Lesson 11: the samples, times and dates of the audit at xã Suối Lành, and the answers of its quiz, computed anew."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

import nbformat
import pytest
from isoxa_courses.models import Course, Lesson, Quiz
from isoxa_courses.text import format_number, parse_number
from isoxa_courses.tools.audit_desk import AuditDesk, Evidence

LESSON = "11-danh-gia-noi-bo"
HALF_YEAR, HALF_YEAR_LATE = 1250, 50
PILOT, PILOT_LATE = 600, 12
LATE_CHOSEN, ON_TIME_CHOSEN, START = 5, 10, 23
AUDIT = date(2026, 10, 14)
NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?")
CLOCK = re.compile(r"(\d{2}):(\d{2})")


@pytest.fixture(scope="module")
def lesson(course: Course) -> Lesson:
    return course.lesson(LESSON)


@pytest.fixture(scope="module")
def quiz(course: Course) -> Quiz:
    return course.quiz(LESSON)


@pytest.fixture(scope="module")
def cells(lessons_folder: Path) -> dict[str, str]:
    """The lesson's markdown by cell."""
    notebook: Any = nbformat.read(lessons_folder / f"{LESSON}.ipynb", as_version=4)
    return {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "markdown"}


@pytest.fixture(scope="module")
def desk(lesson: Lesson) -> AuditDesk:
    tool = lesson.tool("ban-danh-gia")
    assert isinstance(tool, AuditDesk)
    return tool


def piece(desk: AuditDesk, id_: str) -> Evidence:
    return next(evidence for evidence in desk.evidence if evidence.id == id_)


def rows(desk: AuditDesk, id_: str) -> list[dict[str, str]]:
    table = piece(desk, id_).table
    assert table is not None
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def numbers(text: str) -> list[Decimal]:
    return [parse_number(found) for found in NUMBER.findall(text)]


def minutes(clock: str) -> int:
    found = CLOCK.fullmatch(clock)
    assert found is not None, clock
    return int(found[1]) * 60 + int(found[2])


def day(text: str) -> date:
    found = re.search(r"(\d{2})/(\d{1,2})/(\d{4})", text)
    assert found is not None, text
    return date(int(found[3]), int(found[2]), int(found[1]))


def months_later(start: date, months: int) -> date:
    return start.replace(month=start.month + months)


def chance_of_one_late(size: int) -> Fraction:
    """At least one late file among ``size`` drawn without replacement."""
    return 1 - Fraction(comb(HALF_YEAR - HALF_YEAR_LATE, size), comb(HALF_YEAR, size))


def test_the_picture_of_sample_sizes(cells: dict[str, str]) -> None:
    source = cells["hinh-co-mau"]
    told = re.findall(r"Rút (\d+) hồ sơ: gặp (\d+) lần trên 100", source)
    assert len(told) == 3
    assert [round(100 * chance_of_one_late(int(size))) for size, _ in told] == [
        int(share) for _, share in told
    ]
    bars = [float(width) for width in re.findall(r'<rect x="4" [^>]*width="([0-9.]+)"', source)]
    assert [round(width / 340, 2) for width in bars] == [int(share) / 100 for _, share in told]
    for size, share in told:
        assert f"Rút {size} hồ sơ: {share}%" in source, "the text alternative"
    assert "cứ ba lần có hai lần không gặp" in source
    assert round(3 * (1 - chance_of_one_late(10))) == 2


def test_the_sample_of_the_worked_example(cells: dict[str, str]) -> None:
    told = cells["suoi-lanh"]
    on_time = PILOT - PILOT_LATE
    step = on_time // ON_TIME_CHOSEN
    drawn = [START + step * count for count in range(ON_TIME_CHOSEN)]
    assert (on_time, step) == (588, 58)
    assert drawn[-1] <= on_time
    assert f"{on_time} : {ON_TIME_CHOSEN} = {format_number(Decimal(on_time) / ON_TIME_CHOSEN)}" in told
    assert f"hồ sơ {drawn[0]}, {drawn[1]}, {drawn[2]}… đến {drawn[-1]}" in told
    assert f"tức {format_number(Decimal(100) * PILOT_LATE / PILOT)}%" in told
    assert {139, 429} <= set(drawn), "the two files found are among those drawn"
    found = dict(re.findall(r"\| (Bước \d)[^|]*\| (\d+ \| \d+) \|", cells["vd-xem"]))
    assert found == {"Bước 2": "15 | 15", "Bước 4": "15 | 15", "Bước 5": "5 | 5", "Bước 6": "15 | 13"}
    assert LATE_CHOSEN + ON_TIME_CHOSEN == 15


def test_the_two_files_of_the_worked_example(cells: dict[str, str]) -> None:
    late = {}
    for number, due, book, software in re.findall(
        r"\| (\d+) \| (\d\d:\d\d) \| (\d\d:\d\d) \| (\d\d:\d\d) \|", cells["vd-xem"]
    ):
        assert minutes(book) < minutes(software) < minutes(due), "on time by either clock"
        late[number] = minutes(software) - minutes(book)
        assert f"Hồ sơ {number}: sổ {book}, phần mềm {software}" in cells["vd-viet"]
    assert late == {"139": 75, "429": 47}
    for cell in ("vd-xem", "vd-viet", "tom-tat"):
        assert "75 phút" in cells[cell]
        assert "47 phút" in cells[cell]
    assert format_number(Decimal(100) * 2 / 15, 1) + "%" in cells["vd-viet"]
    assert f"khoảng {PILOT * 2 // 15} trong {PILOT}" in cells["vd-viet"]


def test_scope_and_programme(cells: dict[str, str]) -> None:
    told = cells["dieu-36-thanh-cau-hoi"]
    public, covered = numbers(re.findall(r"Danh mục công khai[^.]*", told)[0])
    assert f"**{public - covered} thủ tục** nằm ngoài" in told
    shown = len(re.findall(r"\(khoản \d, điểm [a-zđ]\)", told))
    assert (shown, 13 - shown) == (4, 9)
    assert "Chín nội dung còn lại" in told
    table = [row for row in cells["chuong-trinh"].splitlines() if row.startswith("| ")][1:]
    visits = sum(len(re.findall(r"tháng \d+", row.split("|")[-2])) for row in table)
    assert visits == 6
    assert "Sáu lượt" in cells["chuong-trinh"]


def test_articles_counted_in_the_fact(course: Course) -> None:
    """Circular 26, Article 36: points a, b, c, d, đ, e, g of clause 1; a, b, c, d, đ, e of clause 2."""
    assert "bảy nội dung" in course.fact("tt26-dieu-36").text
    assert "sáu nội dung" in course.fact("tt26-dieu-36").text
    assert len("abcdđeg") + len("abcdđe") == 13


def test_checkpoint_of_the_step(lesson: Lesson) -> None:
    question = lesson.checkpoint("cach-rut").question
    total, size = numbers(question.prompt)[:2]
    assert question.answer == total / size


def test_folder_is_varied(desk: AuditDesk) -> None:
    verdicts = [evidence.verdict for evidence in desk.evidence]
    assert len(verdicts) >= 10
    assert {name: verdicts.count(name) >= 3 for name in set(verdicts)} == dict.fromkeys(
        ("conformity", "nonconformity", "observation"), True
    )
    assert len({evidence.kind for evidence in desk.evidence}) >= 7
    assert sum(evidence.table is not None for evidence in desk.evidence) >= 5
    cited = {name for evidence in desk.evidence for name in evidence.criteria}
    spare = {criterion.id for criterion in desk.criteria} - cited
    assert spare, "some requirement is cited by nothing: choosing by elimination must not work"
    for evidence in desk.evidence:
        assert all(day(found) <= AUDIT for found in re.findall(r"\d{2}/\d{1,2}/\d{4}", evidence.title))


def test_register_has_one_late_file_without_reason(desk: AuditDesk) -> None:
    late = [row for row in rows(desk, "so-tra") if minutes(row["Giờ trả"]) > minutes(row["Giờ hẹn"])]
    silent = [row["Số"] for row in late if not (row["Báo trước cho dân"] and row["Lý do quá hạn"])]
    assert (len(late), silent) == (2, ["5"])
    for row in late:
        called = CLOCK.search(row["Báo trước cho dân"])
        assert called is None or minutes(called[0]) < minutes(row["Giờ hẹn"])
    finding = piece(desk, "so-tra").finding or ""
    assert "1 trong 2 hồ sơ quá hạn" in finding
    assert "hồ sơ số 5 hẹn 15:30, trả 16:10" in finding


def test_account_was_open_and_used_after_its_owner_left(desk: AuditDesk) -> None:
    left = day(piece(desk, "tai-khoan").body)
    used = {row["Tài khoản"]: day(row["Lần tiếp nhận hồ sơ gần nhất"]) for row in rows(desk, "tai-khoan")}
    still = [row["Tài khoản"] for row in rows(desk, "tai-khoan") if row["Tình trạng"] == "đang mở"]
    assert "Q-03" in still
    assert used["Q-03"] > left
    assert used["Q-03"].weekday() < 5


def test_forms_in_the_tray(desk: AuditDesk) -> None:
    wrong = [row["Biểu mẫu"] for row in rows(desk, "khay-mau") if row["Danh mục ghi"] != row["Trong khay"]]
    assert wrong == ["BM-05-02"]
    assert f"1 trong {len(rows(desk, 'khay-mau'))} biểu mẫu" in (piece(desk, "khay-mau").finding or "")


def test_procedure_was_updated_within_three_months(desk: AuditDesk) -> None:
    body = piece(desk, "sua-quy-trinh").body
    in_force, approved = (day(found) for found in re.findall(r"\d{2}/\d{1,2}/\d{4}", body)[:2])
    last = months_later(in_force, 3)
    assert approved <= last == date(2026, 9, 1)
    assert "ngày 01/9" in piece(desk, "sua-quy-trinh").why


def test_slip_was_closed_the_day_it_was_written_and_the_fault_came_back(desk: AuditDesk) -> None:
    assert "cùng ngày lập" in piece(desk, "phieu-cu").body
    assert months_later(date(2026, 4, 22), 5) <= AUDIT


def test_additional_papers_became_fewer(desk: AuditDesk) -> None:
    rates = []
    for row in rows(desk, "bang-giay-to"):
        received, again = parse_number(row["Hồ sơ nhận"]), parse_number(row["Phải bổ sung"])
        rates.append(100 * again / received)
        assert row["Tỷ lệ"] == format_number(rates[-1], 1) + "%"
    assert rates[1] < rates[0]


def test_waiting_grows_but_nothing_was_promised(desk: AuditDesk) -> None:
    waits = [numbers(row["Thời gian chờ trung bình"])[0] for row in rows(desk, "cho-lau")]
    assert waits == sorted(waits)
    assert f"từ {waits[0]} lên {waits[-1]} phút" in piece(desk, "cho-lau").why
    assert "chưa đặt mức" in piece(desk, "cho-lau").body


def test_six_people_were_instructed(desk: AuditDesk) -> None:
    people = rows(desk, "tap-huan")
    assert len(people) == 6
    assert all("đạt" in (row["Bài tình huống lần 1"], row["Lần 2, ngày 08/7"]) for row in people)
    instructed, decided = day(piece(desk, "tap-huan").title), day(piece(desk, "hop-lanh-dao").title)
    assert decided < instructed < AUDIT - timedelta(days=90)


def test_draws_follow_from_the_prompt(quiz: Quiz) -> None:
    for variant in quiz.slot("rut-deu").variants:
        size, total, start = numbers(variant.prompt)[:3]
        step = total / size
        assert step == int(step)
        assert start <= step, "the first file is drawn by lot from the first step"
        assert variant.answer == start + 3 * step
        assert [start + step * count for count in range(4)] == numbers(variant.explanation)[-4:]


def test_registers_count_as_told(quiz: Quiz) -> None:
    pattern = re.compile(r"Hồ sơ (\d): hẹn (\d\d:\d\d), trả (\d\d:\d\d), lý do ([^.]+)\.")
    for variant in quiz.slot("doc-so").variants:
        entries = pattern.findall(variant.prompt)
        assert len(entries) == 6
        silent = [
            number
            for number, due, given, reason in entries
            if minutes(given) > minutes(due) and reason == "để trống"
        ]
        assert variant.answer == len(silent)
        told = re.search(r"[Hh]ồ sơ ((?:\d(?:, | và )?)+):", variant.explanation)
        assert told is not None
        assert re.findall(r"\d", told[1]) == silent


def test_minutes_in_the_findings_to_choose_from(quiz: Quiz) -> None:
    variant = quiz.slot("cau-viet-du-ba-phan").variant("ao-truc")
    key = next(choice for choice in variant.choices if choice.correct)
    first, second = (minutes(f"{hour}:{minute}") for hour, minute in CLOCK.findall(key.text))
    assert f"muộn {second - first} phút" in key.text


def test_two_months_from_the_minutes(quiz: Quiz) -> None:
    variant = quiz.slot("sau-bao-cao").variant("suoi-truc")
    key = next(choice for choice in variant.choices if choice.correct)
    assert "ngày 05/9" in variant.prompt.lower()
    assert months_later(date(2026, 9, 5), 2).strftime("%d/%m") in key.text


@pytest.mark.parametrize(
    ("variant_id", "looked", "of", "found"),
    [("ho-tich", 12, 168, 3), ("tai-khoan", 21, 21, 2), ("van-ban", 6, 6, 2)],
)
def test_cases_to_write_about(quiz: Quiz, variant_id: str, looked: int, of: int, found: int) -> None:
    variant = quiz.slot("viet-diem-khong-phu-hop").variant(variant_id)
    assert {looked, of} <= set(numbers(variant.prompt))
    assert f"{found} trên {looked}" in variant.sample
    assert len(variant.sample.split()) >= variant.min_words
    if variant_id == "ho-tich":
        step = of // looked
        files = [14, 56, 140]
        assert all((number - files[0]) % step == 0 for number in files), "evenly drawn, as told"
        assert set(files) <= set(numbers(variant.prompt))
    if variant_id == "van-ban":
        last = months_later(date(2026, 3, 1), 3)
        assert last.strftime("%d/") + str(last.month) in variant.sample
        assert date(2026, 10, 8) > months_later(last, 4)


def test_missing_procedures_are_counted(quiz: Quiz) -> None:
    variant = quiz.slot("xep-phat-hien-o-xa").variant("rung-thom")
    item = next(item for item in variant.items if "Danh mục công khai" in item.text)
    public, covered = numbers(item.text)
    assert f"còn thiếu {public - covered}" in item.why
