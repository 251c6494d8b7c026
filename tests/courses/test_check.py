"""What a trainer is told before a course is built."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from isoxa_courses.check import CheckReport, check_course
from isoxa_courses.check_question import is_catch_all

from tests.courses.conftest import CourseCopy

QUIZ, LESSON, NOTEBOOK = "quizzes/01-thu.yaml", "lessons/01-thu.yaml", "01-thu.ipynb"


TODAY = date(2026, 11, 21)


def check(copy: CourseCopy) -> CheckReport:
    return check_course(copy.folder, copy.notebooks, today=TODAY)


def told(report: CheckReport, reason: str) -> tuple[str, int]:
    """(file name, line) of the one problem there is; it must say ``reason``."""
    assert len(report.problems) == 1, "\n".join(map(str, report.problems))
    problem = report.problems[0]
    assert reason in problem.reason
    return Path(problem.file).name, problem.line


def change_cells(copy: CourseCopy, **changes: dict[str, Any]) -> None:
    """Change cells of the notebook by id (hyphens as underscores)."""
    path = copy.path(NOTEBOOK)
    data = json.loads(path.read_text("utf-8"))
    for cell in data["cells"]:
        cell.update(changes.get(cell["id"].replace("-", "_"), {}))
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")


def test_a_good_course_and_its_figures(copy: CourseCopy) -> None:
    report = check(copy)
    assert report.ok
    figures = {
        "lessons": {
            "01-thu": {
                "words": 10,
                "minutes": 10,
                "reading_minutes": 13.6,  # 10 / 200 + 3 × 1,2 + 1 × 10
                "checkpoints": 3,
                "checkpoint_sections": 2,
                "tools": 1,
                "worked_examples": 0,
                "executes": None,
                "seconds": None,
            }
        },
        "quizzes": {
            "01-thu": {
                "slots": 10,
                "variants": 12,
                "least_variants": 1,
                "points": 14.5,
                "types": {
                    "classification": 1,
                    "matching": 1,
                    "matrix_score": 1,
                    "multiple_choice": 1,
                    "numeric": 2,
                    "ordering": 1,
                    "short_text": 1,
                    "single_choice": 2,
                    "table_fill": 1,
                    "written": 1,
                },
                "levels": {"recall": 8, "understand": 1, "apply": 1},
                "application_share": 0.1,
                "written": 1,
                "choice_questions": 3,
                # (1 × (1/3 + 1/2) / 2 + 1,5 × 1/4) / 2,5: by lot; all choices are of one length.
                "chance_score": 31.7,
                "longest_choice_score": 31.7,
                "key_positions": {"bank": [1, 1, 0], "after_draw": [0.83, 0.83, 0.33], "chance": 0.8187},
            }
        },
        "facts": 1,
    }
    told = report.to_json()
    warnings = told.pop("warnings")
    assert told == {"ok": True, "problems": [], "figures": figures}
    assert all(set(warning) == {"file", "line", "reason"} for warning in warnings)
    assert json.loads(json.dumps(report.to_json())) == report.to_json()


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "reason"),
    [
        (
            QUIZ,
            'text: "B", why: "B đứng thứ hai trong bảng chữ cái."',
            'text: "B"',
            'text: "B"',
            "chưa có “why”",
        ),
        (LESSON, ', why: "Thiếu một."', "", 'text: "Ba"', "chưa có “why”"),
        (QUIZ, ', why: "2 chia hết cho 2."', "", 'text: "Số 2"', "chưa có “why”"),
        (LESSON, 'title: "Bài học thử"', 'title: "Bài thử"', "title:", "Khác với tên bài trong course.yaml"),
        (
            QUIZ,
            "Chọn chữ cuối.",
            "Chọn chữ cuối của Bài  Thi.",
            "Bài  Thi",
            "Không dùng “bài thi”; hãy viết “bài kiểm tra”",
        ),
        (QUIZ, "Chọn chữ cuối.", "Quiz này hỏi chữ cuối.", "Quiz này", "“quiz”"),
        (LESSON, "Viết ít nhất ba từ.", "Viết cho quiz.", "Viết cho quiz", "“quiz”"),
        (
            LESSON,
            "Hai cộng hai bằng bốn.",
            "Bảng chữ cái bắt đầu bằng A, không phải chữ nào khác.",
            "Bảng chữ cái bắt đầu",
            "Trùng với lời giải trong quizzes/01-thu.yaml",
        ),
    ],
)
def test_content_rules(copy: CourseCopy, name: str, old: str, new: str, place: str, reason: str) -> None:
    copy.replace(name, old, new)
    assert told(check(copy), reason) == (Path(name).name, copy.line(name, place))


def test_two_wrong_choices_may_not_share_a_reason(copy: CourseCopy) -> None:
    copy.replace(QUIZ, "C đứng thứ ba.", "b đứng thứ hai  trong bảng chữ cái.")
    assert told(check(copy), "Lý do giống hệt của lựa chọn “b”")[1] == copy.line(
        QUIZ, "b đứng thứ hai  trong"
    )


def test_a_choice_about_the_other_choices(copy: CourseCopy) -> None:
    copy.replace(QUIZ, '{id: d, text: "5", why:', '{id: d, text: "Tất cả các đáp án trên", why:')
    assert told(check(copy), "Lựa chọn nói về các lựa chọn khác") == (
        "01-thu.yaml",
        copy.line(QUIZ, "đáp án trên"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Tất cả các đáp án trên",
        "TẤT CẢ CÁC PHƯƠNG ÁN TRÊN ĐỀU ĐÚNG",
        "Cả A, B, C đều đúng",
        "Cả A và C",
        "A và B đúng",
        "Cả ba ý trên",
        "Cả 3 đáp án trên.",
        "Tất cả đều đúng.",
        "Không có đáp án nào đúng",
        "Không câu nào đúng",
        "Tất cả các việc nêu trên",
    ],
)
def test_catch_all(text: str) -> None:
    assert is_catch_all(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tất cả hồ sơ đều được trả đúng hạn",
        "Cả hai bước đều đúng quy trình",
        "Không có trường hợp trễ hạn",
        "Ghi lại tất cả các trường hợp đúng hạn",
        "Tất cả các nội dung dưới đây được niêm yết tại trụ sở",
        "Cán bộ A và B",
        "Không ý kiến nào của người dân bị bỏ sót",
    ],
)
def test_words_that_only_look_like_a_catch_all(text: str) -> None:
    assert not is_catch_all(text)


def test_items_of_the_new_types_say_why(copy: CourseCopy) -> None:
    copy.replace(QUIZ, ', why: "Hiếm nhưng mất hết."', "")
    copy.replace(QUIZ, ', why: "Lãnh đạo duyệt văn bản của xã."', "")
    reasons = [problem.reason for problem in check(copy).problems]
    assert len(reasons) == 2
    assert "Mục “i2” chưa có “why” (vì sao ở mức ấy)" in reasons[0]
    assert "Ô “v2/ai” chưa có “why”" in reasons[1]


def test_banned_words_are_whole_words(copy: CourseCopy) -> None:
    copy.replace(QUIZ, "Chọn chữ cuối.", "Chọn chữ cuối trong bài thiết kế quizz.")
    assert check(copy).ok


def test_an_accepted_answer_may_be_an_old_word(copy: CourseCopy) -> None:
    copy.replace(QUIZ, '"Kiểm tra", "Check"', '"Kiểm tra", "quiz"')
    assert check(copy).ok


def test_files_that_the_course_does_not_name(copy: CourseCopy) -> None:
    (copy.folder / "lessons" / "02-quen.yaml").write_text("lesson: 02-quen\n", "utf-8")
    assert told(check(copy), "course.yaml không nhắc đến tệp này") == ("02-quen.yaml", 1)


@pytest.mark.parametrize(
    ("cell", "source", "reason"),
    [
        ("c1", 'bai.checkpoint("khong-co")', "Không có câu luyện tập “khong-co”"),
        ("c4", 'bai.tool("khong-co")', "Không có công cụ “khong-co”"),
        ("c5", 'bai.fact("khong-co")', "Không có căn cứ “khong-co”"),
        ("c5", "bai.fact(ma)", "cần đúng một mã viết thẳng"),
        ("c5", 'bai.checkpoint("viet")', "đã gọi ở ô khác"),
        ("c5", 'bai.fact("can-cu-thu"', "không đọc được"),
        ("mo_bai", 'bai = lesson("02-khac")', "lesson(“01-thu”)"),
    ],
)
def test_calls_in_the_notebook(copy: CourseCopy, cell: str, source: str, reason: str) -> None:
    change_cells(copy, **{cell: {"source": source}})
    problems = [problem for problem in check(copy).problems if reason in problem.reason]
    assert len(problems) == 1
    assert Path(problems[0].file).name == NOTEBOOK
    lines = copy.path(NOTEBOOK).read_text("utf-8").splitlines()
    near = "\n".join(lines[problems[0].line - 1 :][:6])
    assert json.dumps(source, ensure_ascii=False)[1:-1] in near


@pytest.mark.parametrize(
    ("cell", "change", "reason"),
    [
        ("c1", {"source": "1"}, "Thiếu ô bai.checkpoint(“chon-mot”)"),
        ("c4", {"source": ""}, "Thiếu ô bai.tool(“bang”)"),
        ("thuc_hanh", {"source": "## Thực hành"}, "Thiếu neo <a id=“thuc-hanh”>"),
        ("c1", {"execution_count": 3}, "Ô còn kết quả chạy"),
        ("c6", {"outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]}, "Ô còn kết quả chạy"),
        ("c6", {"id": "c5"}, "trùng với một ô khác"),
        ("c6", {"id": ""}, "thiếu mã ô"),
        ("c6", {"cell_type": "khac"}, "không đúng định dạng"),
        ("mo_dau", {"source": '<a id="mo-dau"></a> Làm **quiz** nhé.'}, "“quiz”"),
        ("mo_dau", {"source": '<a id="mo-dau"></a> <svg aria-label="Bài thi"></svg>'}, "“bài thi”"),
        (
            "mo_dau",
            {"source": '<a id="mo-dau"></a>\nĐến 31/12, ít nhất\n98,5% hồ sơ trả đúng hạn.'},
            "lời giải của quizzes/01-thu.yaml",
        ),
    ],
)
def test_the_notebook_itself(copy: CourseCopy, cell: str, change: dict[str, Any], reason: str) -> None:
    change_cells(copy, **{cell: change})
    assert told(check(copy), reason)[0] == NOTEBOOK


@pytest.mark.parametrize(
    "source",
    ["import threading", "import os\nos.chdir('/')", "import os\nos.environ['A'] = 'b'", "input('?')"],
)
def test_code_that_needs_a_process_of_its_own_is_told_unless_the_notebook_asks_for_one(
    copy: CourseCopy, source: str
) -> None:
    change_cells(copy, c6={"source": source})
    name, line = told(check(copy), "không chạy chung được")
    assert name == NOTEBOOK
    assert (
        json.dumps(source.splitlines()[-1])[1:-1]
        in copy.path(NOTEBOOK).read_text("utf-8").splitlines()[line - 1]
    )
    data = json.loads(copy.path(NOTEBOOK).read_text("utf-8"))
    data["metadata"]["isoxa"] = {"kernel": "own"}
    copy.path(NOTEBOOK).write_text(json.dumps(data, ensure_ascii=False, indent=1), "utf-8")
    assert check(copy).ok


def test_tags_and_code_are_not_prose(copy: CourseCopy) -> None:
    change_cells(
        copy, mo_dau={"source": '<a id="mo-dau" class="quiz"></a> Một đoạn.'}, c6={"source": "quiz = 1"}
    )
    assert check(copy).ok


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"3", b'{"nbformat": 4, "nbformat_minor": 5}', b"\xff", b"[" * 5000]
)
def test_a_file_that_is_no_notebook(copy: CourseCopy, raw: bytes) -> None:
    copy.path(NOTEBOOK).write_bytes(raw)
    problems = check(copy).problems
    assert problems
    assert {Path(problem.file).name for problem in problems} == {NOTEBOOK}


def test_a_missing_notebook(copy: CourseCopy) -> None:
    copy.path(NOTEBOOK).unlink()
    assert told(check(copy), "Không có tệp sổ tay") == (NOTEBOOK, 1)


@pytest.mark.parametrize(
    "course_yaml",
    ["", "lessons: 3\n", "lessons:\n  - 3\n", "lessons:\n  - {id: [1]}\nquizzes: {id: x}\n", "- x\n"],
)
def test_a_broken_course_is_a_report_not_a_crash(copy: CourseCopy, course_yaml: str) -> None:
    copy.path("course.yaml").write_text(course_yaml, "utf-8")
    report = check(copy)
    assert not report.ok
    assert report.to_json()["problems"][0]["reason"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert told(check_course(tmp_path / "x", tmp_path), "Không có tệp này") == ("course.yaml", 1)
