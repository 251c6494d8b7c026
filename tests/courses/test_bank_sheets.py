"""The workbook of a quiz: what goes out comes back the same; what is wrong is told by sheet and cell."""

from __future__ import annotations

import shutil
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from isoxa_courses.bank_sheets import (
    BankSheetError,
    changes_between,
    import_bank,
    quiz_yaml,
    read_bank,
    write_bank,
)
from isoxa_courses.bank_sheets.archive import LARGEST_FILE, LARGEST_UNPACKED
from isoxa_courses.bank_sheets.layout import TYPE_SHEETS
from isoxa_courses.complaints import validated
from isoxa_courses.loading import load_course, load_quiz_file
from isoxa_courses.models import QuizFile
from isoxa_courses.questions import TYPES, Question
from isoxa_courses.shipped import content_root
from isoxa_courses.yaml_files import read_yaml
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from .strategies import questions

SHIPPED = content_root().courses / "iso-9001-cap-xa"
QUIZZES = sorted(path.stem for path in (SHIPPED / "quizzes").glob("*.yaml"))
SINGLE, SLOTS, NUMBER = "Chọn một đáp án", "Câu", "Điền số"


def quiz_of(*variants: Question, **own: Any) -> QuizFile:
    """Each variant a slot of its own; then once more two in one slot where both are graded alike."""
    slots = []
    for index, variant in enumerate(variants):
        points = Decimal(1) if variant.type == "written" else Decimal("0.75")
        slot = {"id": f"s{index}", "outcome": "Biết", "section": "mot", "points": points, "level": "apply"}
        slots.append({**slot, "variants": [variant]})
    if variants[0].type != "written" and variants[-1].type != "written":
        pair = [variants[0], variants[-1].model_copy(update={"id": "v2"})]
        slots.append(
            {"id": "cap", "outcome": "Làm", "clause": "9.1", "section": "hai", "points": 2, "variants": pair}
        )
    return QuizFile.model_validate(
        {"quiz": "q", "version": 3, "title": "Bài “thử”: 1/2", "lesson": "b1", "slots": slots, **own}
    )


def same(one: QuizFile, other: QuizFile) -> bool:
    return one == other and one.model_dump_json() == other.model_dump_json()


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bank") / "03-pdca.xlsx"
    write_bank(load_quiz_file(SHIPPED, "03-pdca"), path)
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One variant a slot, so that the many edits are quick."""
    quiz = load_quiz_file(SHIPPED, "03-pdca")
    slots = [slot.model_copy(update={"variants": slot.variants[:1]}) for slot in quiz.slots]
    path = tmp_path_factory.mktemp("bank") / "nho.xlsx"
    write_bank(quiz.model_copy(update={"slots": tuple(slots)}), path)
    return path


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "khoa"))


def cell_of(sheet: Worksheet, heading: str, row: int) -> str:
    """The name of the cell below a heading; ``row`` counts from 1 below the headings."""
    for cell in sheet[3]:
        if cell.value == heading:
            return f"{cell.column_letter}{3 + row}"
    raise AssertionError(heading)


Edit = Callable[[Workbook], None]


def edited(exported: Path, tmp_path: Path, edit: Edit) -> Path:
    book = load_workbook(exported)
    edit(book)
    path = tmp_path / "sua.xlsx"
    book.save(path)
    return path


def complaints(path: Path) -> list[str]:
    with pytest.raises(BankSheetError) as refused:
        read_bank(path)
    assert str(refused.value) == "\n".join(map(str, refused.value.problems))
    return [str(problem) for problem in refused.value.problems]


def put(title: str, heading: str, row: int, value: Any) -> Edit:
    def edit(book: Workbook) -> None:
        sheet = book[title]
        sheet[cell_of(sheet, heading, row)].value = value

    return edit


class TestRoundTrip:
    def test_every_type_has_a_sheet_and_every_field_a_column(self) -> None:
        assert {kind.type for kind in TYPE_SHEETS} == set(TYPES)
        for kind in TYPE_SHEETS:
            known = {column.key for column in kind.all_columns} | {
                part.field.split(".")[0] for part in kind.parts
            }
            assert set(TYPES[kind.type].model.model_fields) <= known | {"id", "type"}
            keys = [column.key for column in kind.all_columns]
            assert len(set(keys)) == len(keys)

    @pytest.mark.parametrize("quiz_id", QUIZZES)
    def test_shipped_quizzes_come_back_the_same(self, quiz_id: str, tmp_path: Path) -> None:
        quiz = load_quiz_file(SHIPPED, quiz_id)
        write_bank(quiz, tmp_path / "a.xlsx")
        assert same(read_bank(tmp_path / "a.xlsx").quiz, quiz)
        (tmp_path / "a.yaml").write_text(quiz_yaml(quiz), "utf-8")
        assert same(validated(QuizFile, read_yaml(tmp_path / "a.yaml")), quiz)

    @settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def test_any_questions_of_all_ten_types_come_back_the_same(
        self, tmp_path: Path, data: st.DataObject
    ) -> None:
        quiz = quiz_of(*(data.draw(questions((kind,))) for kind in sorted(TYPES)))
        write_bank(quiz, tmp_path / "a.xlsx")
        assert same(read_bank(tmp_path / "a.xlsx").quiz, quiz)
        (tmp_path / "a.yaml").write_text(quiz_yaml(quiz), "utf-8")
        assert same(validated(QuizFile, read_yaml(tmp_path / "a.yaml")), quiz)

    def test_awkward_texts_come_back_the_same(self, tmp_path: Path) -> None:
        texts = [
            "9.1",
            "007",
            "true",
            "1/2",
            "#N/A",
            "'x",
            "@x",
            "+1",
            '"a": {b}',
            "# không",
            "- gạch",
            "a\\nb",
            "2026-11-21",
        ]
        accepted = {
            "id": "true",
            "type": "short_text",
            "explanation": "Dòng một\nDòng hai\n\n  - ba: #4",
            "accepted": texts,
        }
        question = TYPES["short_text"].model.model_validate({**accepted, "prompt": "chữ " * 200})
        quiz = quiz_of(question, pass_mark=70, attempts=2, time_limit_minutes=30)
        write_bank(quiz, tmp_path / "a.xlsx")
        assert same(read_bank(tmp_path / "a.xlsx").quiz, quiz)
        (tmp_path / "a.yaml").write_text(quiz_yaml(quiz), "utf-8")
        assert same(validated(QuizFile, read_yaml(tmp_path / "a.yaml")), quiz)

    def test_a_text_that_would_be_a_formula_is_not_written(self, tmp_path: Path) -> None:
        short = {"id": "v", "type": "short_text", "prompt": "=1+1", "explanation": "x", "accepted": ["a"]}
        with pytest.raises(BankSheetError, match="ô D4: Nội dung bắt đầu bằng dấu “=”"):
            write_bank(quiz_of(TYPES["short_text"].model.model_validate(short)), tmp_path / "a.xlsx")

    def test_the_yaml_keeps_the_style_of_the_course(self) -> None:
        old = (SHIPPED / "quizzes" / "03-pdca.yaml").read_text("utf-8").splitlines()
        new = quiz_yaml(load_quiz_file(SHIPPED, "03-pdca")).splitlines()
        shared = len(set(old) & set(new)) / len(set(old))
        assert shared > 0.9

    def test_the_workbook_guides_whoever_fills_it(self, exported: Path) -> None:
        book = load_workbook(exported)
        assert book.sheetnames[:2] == ["Bài kiểm tra", SLOTS]
        sheet = book[SINGLE]
        assert sheet.freeze_panes == "C4"
        assert "Không sửa mã" in str(sheet["A2"].value)
        assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "whole"}
        assert not any(cell.data_type == "f" for one in book for row in one.iter_rows() for cell in row)
        assert sheet["D4"].number_format == "@"


class TestUntidy:
    @pytest.mark.parametrize("value", [2.5, "2,5", "2.5", " 2,5 "])
    def test_points_as_excel_or_people_write_them(
        self, exported: Path, tmp_path: Path, value: object
    ) -> None:
        path = edited(exported, tmp_path, put(SLOTS, "Điểm", 1, value))
        assert read_bank(path).quiz.slots[0].points == Decimal("2.5")

    @pytest.mark.parametrize("value", [98.5, "98,5", "98.5", 98.50000000000001])
    def test_numbers_as_excel_or_people_write_them(
        self, exported: Path, tmp_path: Path, value: object
    ) -> None:
        path = edited(exported, tmp_path, put(NUMBER, "Đáp số", 1, value))
        numbers: list[Any] = [
            v for slot in read_bank(path).quiz.slots for v in slot.variants if v.type == "numeric"
        ]
        assert numbers[0].answer == Decimal("98.5")

    def test_spaces_decomposed_letters_blank_rows_and_ids_left_out(
        self, exported: Path, tmp_path: Path
    ) -> None:
        def edit(book: Workbook) -> None:
            for sheet in book.worksheets:
                sheet.title = (
                    unicodedata.normalize("NFD", sheet.title) if sheet.title != SLOTS else sheet.title
                )
                for row in sheet.iter_rows(min_row=3):
                    for cell in row:
                        if isinstance(cell.value, str):
                            cell.value = f"  {unicodedata.normalize('NFD', cell.value)} \u200b"
            single = next(sheet for sheet in book if unicodedata.normalize("NFC", sheet.title) == SINGLE)
            for row in (5, 6, 7):
                single[f"A{row}"].value = single[f"B{row}"].value = None
            single.insert_rows(8)

        quiz = read_bank(edited(exported, tmp_path, edit)).quiz
        assert same(quiz, load_quiz_file(SHIPPED, "03-pdca"))

    def test_columns_in_another_order_and_notes_of_ones_own(self, exported: Path, tmp_path: Path) -> None:
        def edit(book: Workbook) -> None:
            sheet = book[SLOTS]
            for row in sheet.iter_rows(min_row=3):
                row[1].value, row[3].value = row[3].value, row[1].value
            sheet["G3"].value, sheet["G4"].value = "Ghi chú của tổ", "xem lại"

        assert same(read_bank(edited(exported, tmp_path, edit)).quiz, load_quiz_file(SHIPPED, "03-pdca"))


def merge(book: Workbook) -> None:
    book[SINGLE].merge_cells("D7:D9")


def two_keys(book: Workbook) -> None:
    sheet = book[SINGLE]
    for row in (1, 2):
        sheet[cell_of(sheet, "Đúng", row)].value = "x"


def no_key(book: Workbook) -> None:
    sheet = book[SINGLE]
    for row in range(1, 5):
        sheet[cell_of(sheet, "Đúng", row)].value = None


def drop_sheet(book: Workbook) -> None:
    del book["Ghép cặp"]


def unknown_type(book: Workbook) -> None:
    book.create_sheet("Điền ô chữ")["A1"].value = "x"


def torn(book: Workbook) -> None:
    sheet = book[SINGLE]
    sheet.append([cell.value for cell in sheet[4]])


def twice(book: Workbook) -> None:
    sheet = book[SINGLE]
    sheet["B8"].value = sheet["B4"].value
    sheet["B8"].value, sheet["A8"].value = sheet["B4"].value, sheet["A4"].value


def stray(book: Workbook) -> None:
    book[SLOTS]["J5"].value = "?"


def lost_column(book: Workbook) -> None:
    book[SINGLE].delete_cols(7)


BROKEN: list[tuple[Edit, str]] = [
    (two_keys, "Trang “Chọn một đáp án”, ô H5: Phương án “doi-mai” có hơn một đáp án đúng"),
    (no_key, "Trang “Chọn một đáp án”, ô H4: Phương án “doi-mai” chưa có đáp án đúng"),
    (put(SINGLE, "Đề bài", 1, "=1+1"), "Trang “Chọn một đáp án”, ô D4: Ô có công thức"),
    (put(SINGLE, "Vì sao", 2, '=HYPERLINK("x")'), "Trang “Chọn một đáp án”, ô I5: Ô có công thức"),
    (put(SINGLE, "Đúng", 2, "có lẽ"), "Trang “Chọn một đáp án”, ô H5: “có lẽ” không rõ là đúng hay sai"),
    (put(SINGLE, "Lựa chọn", 2, None), "Trang “Chọn một đáp án”, ô G5: Dòng này chưa ghi “Lựa chọn”"),
    (put(SINGLE, "Lựa chọn", 2, 9.1), "Trang “Chọn một đáp án”, ô G5: Ô này là số (9,1)"),
    (put(SINGLE, "Lựa chọn", 2, date(2026, 9, 1)), "Trang “Chọn một đáp án”, ô G5: Excel đã đổi nội dung"),
    (put(SINGLE, "Mã lựa chọn", 2, "a"), "Trang “Chọn một đáp án”, ô F5: Mã “a” đã dùng cho một mục khác"),
    (
        put(SINGLE, "Mã lựa chọn", 2, "đáp án"),
        "Trang “Chọn một đáp án”, ô F5: “đáp án” không dùng làm mã được",
    ),
    (
        put(SINGLE, "Mã câu", 1, "khong-co"),
        "Trang “Chọn một đáp án”, ô A4: Trang “Câu” không có câu “khong-co”",
    ),
    (put(SINGLE, "Đề bài", 1, None), "Trang “Chọn một đáp án”, ô D4: Chưa ghi “Đề bài”"),
    (merge, "Trang “Chọn một đáp án”, ô D7: Các ô D7:D9 bị gộp"),
    (torn, "Các dòng của một phương án phải đứng liền nhau"),
    (twice, "Nếu đây là phương án mới, hãy đổi “Mã phương án”"),
    (lost_column, "Trang “Chọn một đáp án”: Thiếu cột “Lựa chọn”"),
    (drop_sheet, "sua.xlsx: Thiếu trang “Ghép cặp”"),
    (unknown_type, "Trang “Điền ô chữ”: Không có loại câu hỏi hay trang nào tên này"),
    (stray, "Trang “Câu”, ô J5: Ô này nằm ngoài các cột có tên"),
    (put(SLOTS, "Điểm", 1, "nhiều"), "Trang “Câu”, ô F4: “nhiều” không phải là số"),
    (put(SLOTS, "Điểm", 1, 0.333), "Trang “Câu”, ô F4: Điểm chỉ được có nhiều nhất hai chữ số"),
    (put(SLOTS, "Điểm", 1, 0), "Trang “Câu”, ô F4: Phải từ 0,25 trở lên"),
    (put(SLOTS, "Điểm", 1, None), "Trang “Câu”, ô F4: Chưa ghi “Điểm”"),
    (put(SLOTS, "Mã câu", 2, "buoc-con-thieu"), "Trang “Câu”, ô A5: Mã câu “buoc-con-thieu” đã dùng ở ô A4"),
    (put(SLOTS, "Mức độ", 1, "khó"), "Trang “Câu”, ô E4: Không có “khó” trong cột này"),
    (put(NUMBER, "Đáp số", 1, "khoảng 5"), "Trang “Điền số”, ô"),
    (put("Tự luận", "Điểm", 1, 9), "Tổng điểm trong các tiêu chí"),
    (put("Phân loại", "Thuộc ô", 7, "zz"), "Không có ô “zz” ở các dòng “Ô”"),
    (put("Phân loại", "Thuộc ô", 1, "zz"), "Dòng “Ô” không dùng cột “Thuộc ô”"),
    (put("Phân loại", "Phần", 1, "Hộp"), "Không có “Hộp” trong cột này"),
    (put("Bài kiểm tra", "Giá trị", 2, "một"), "Trang “Bài kiểm tra”, ô B5: “một” không phải là số"),
    (put("Bài kiểm tra", "Giá trị", 3, None), "Trang “Bài kiểm tra”, ô B6: Chưa ghi “Tên bài kiểm tra”"),
]


@pytest.mark.parametrize(("edit", "words"), BROKEN, ids=[words[-40:] for _edit, words in BROKEN])
def test_what_is_wrong_is_told_by_sheet_and_cell(small: Path, tmp_path: Path, edit: Edit, words: str) -> None:
    assert words in "\n".join(complaints(edited(small, tmp_path, edit)))


class TestHostileFiles:
    @pytest.mark.parametrize(
        "content", [b"", b"%PDF-1.7", b"PK\x03\x04rubbish", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"]
    )
    def test_a_file_that_is_no_workbook(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(content)
        (words,) = complaints(path)
        assert words.startswith("a.xlsx: ")
        assert "Excel" in words

    def test_a_large_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(b"PK" + bytes(LARGEST_FILE))
        assert "lớn hơn 5 MB" in complaints(path)[0]

    def test_a_truncated_workbook(self, exported: Path, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(exported.read_bytes()[:-2000])
        assert "tải về chưa hết" in complaints(path)[0]

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("xl/vbaProject.bin", b"x", "macro"),
            ("xl/media/a.xml", b" " * (LARGEST_UNPACKED + 1), "bung ra quá lớn"),
            ("xl/extra.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "XML không an toàn"),
        ],
    )
    def test_a_part_that_should_not_be_there(
        self, exported: Path, tmp_path: Path, name: str, content: bytes, words: str
    ) -> None:
        path = Path(shutil.copy(exported, tmp_path / "a.xlsx"))
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        assert words in complaints(path)[0]

    def test_formatting_down_to_the_last_row(self, exported: Path, tmp_path: Path) -> None:
        path = edited(exported, tmp_path, put(SLOTS, "Điểm", 900_000, " "))
        assert "xóa hẳn các dòng" in complaints(path)[0]


class TestImport:
    def test_unchanged_writes_nothing(self, exported: Path, course: Path) -> None:
        before = (course / "quizzes" / "03-pdca.yaml").read_bytes()
        done = import_bank(exported, course)
        assert (done.written, bool(done.changes), done.version_raised) == (False, False, False)
        assert (course / "quizzes" / "03-pdca.yaml").read_bytes() == before

    def test_a_change_raises_the_version_once_and_keeps_the_comment_on_top(
        self, exported: Path, tmp_path: Path, course: Path
    ) -> None:
        path = edited(exported, tmp_path, put(SINGLE, "Lựa chọn", 1, "Hoạch định, vì chưa có con số nào"))
        file = course / "quizzes" / "03-pdca.yaml"
        before, version = file.read_text("utf-8"), load_quiz_file(course, "03-pdca").version
        tried = import_bank(path, course, dry_run=True)
        assert (tried.written, file.read_text("utf-8")) == (False, before)
        done = import_bank(path, course, quiz_id="03-pdca")
        assert done.changes.variants_changed == ("buoc-con-thieu/doi-mai",)
        assert (done.written, done.version_raised, done.quiz.version) == (True, True, version + 1)
        assert file.read_text("utf-8").startswith(before.split("quiz:")[0])
        assert load_course(course).quiz("03-pdca").version == version + 1
        again = import_bank(path, course)
        assert (again.written, bool(again.changes)) == (False, False), (
            "the same file once more changes nothing"
        )
        assert not list(file.parent.glob(".*"))

    def test_a_workbook_of_an_older_version_does_not_undo_later_work(
        self, exported: Path, tmp_path: Path, course: Path
    ) -> None:
        import_bank(edited(exported, tmp_path, put(SLOTS, "Kết quả học tập", 1, "Khác")), course)
        file = course / "quizzes" / "03-pdca.yaml"
        before = file.read_bytes()
        with pytest.raises(BankSheetError, match=r"Trang “Bài kiểm tra”, ô B5: Tệp này xuất từ phiên bản"):
            import_bank(edited(exported, tmp_path, put(SLOTS, "Kết quả học tập", 2, "Khác nữa")), course)
        assert file.read_bytes() == before

    def test_a_new_quiz_keeps_its_version(self, exported: Path, tmp_path: Path, course: Path) -> None:
        done = import_bank(edited(exported, tmp_path, put("Bài kiểm tra", "Giá trị", 1, "03-moi")), course)
        assert (done.written, done.old_version, done.version_raised) == (True, None, False)
        assert load_quiz_file(course, "03-moi").id == "03-moi"

    @pytest.mark.parametrize(
        ("edit", "words"),
        [
            (
                put(SLOTS, "Mục cần đọc lại", 2, "khong-co"),
                "Trang “Câu”, ô D5: Bài “03-pdca” không có mục “khong-co”",
            ),
            (
                put("Bài kiểm tra", "Giá trị", 4, "99-x"),
                "Trang “Bài kiểm tra”, ô B7: Khóa học không có bài học",
            ),
            (
                put("Bài kiểm tra", "Giá trị", 1, "07-x"),
                "Trang “Bài kiểm tra”, ô B4: Tệp này là của bài “07-x”",
            ),
        ],
    )
    def test_names_that_the_course_does_not_have(
        self, exported: Path, tmp_path: Path, course: Path, edit: Edit, words: str
    ) -> None:
        before = sorted(path.read_bytes() for path in (course / "quizzes").iterdir())
        with pytest.raises(BankSheetError, match=words):
            import_bank(edited(exported, tmp_path, edit), course, quiz_id="03-pdca")
        assert sorted(path.read_bytes() for path in (course / "quizzes").iterdir()) == before

    def test_changes_are_named(self) -> None:
        old = load_quiz_file(SHIPPED, "03-pdca")
        first, second, *rest = old.slots
        smaller = first.model_copy(update={"variants": first.variants[1:], "clause": "4"})
        new = old.model_copy(update={"title": "Khác", "slots": (*rest, smaller)})
        changes = changes_between(old, new)
        assert changes.fields == ("Tên bài kiểm tra",)
        assert changes.slots_removed == (second.id,)
        assert changes.slots_changed == (first.id,)
        assert changes.variants_removed[0] == f"{first.id}/{first.variants[0].id}"
        assert changes.slots_moved
        assert not changes_between(old, old)
