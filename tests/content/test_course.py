"""The course as a whole: the checker finds nothing, every legal fact is used, dated and due for another look."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from isoxa_courses.check import check_course
from isoxa_courses.models import Course

CHECKED = date(2026, 11, 21)


def test_the_checker_finds_nothing(folder: Path, lessons_folder: Path) -> None:
    report = check_course(folder, lessons_folder, today=CHECKED)
    assert [str(problem) for problem in report.problems] == []


def test_rules_of_the_edition(course: Course) -> None:
    assert (course.edition, course.pass_mark, course.attempts) == ("2026.2", 80, 3)
    assert {"03-pdca", "11-danh-gia-noi-bo"} <= {lesson.id for lesson in course.lessons}
    assert all(lesson.required for lesson in course.lessons)
    ids = [lesson.id for lesson in course.lessons]
    assert ids == sorted(ids), "in the order of the syllabus"
    assert [(quiz.id, quiz.after, quiz.required) for quiz in course.quizzes] == [
        (id_, id_, True) for id_ in ids
    ]


def test_every_fact_says_where_it_stands_and_when_to_look_again(course: Course) -> None:
    for fact in course.facts:
        assert fact.article, fact.id
        assert fact.checked == CHECKED, fact.id
        assert fact.recheck_by is not None, fact.id
        assert fact.recheck_by > fact.checked, fact.id


def test_facts_and_lessons_name_each_other(course: Course, sources: str) -> None:
    shown = re.findall(r'bai\.fact\("([^"]+)"\)', sources)
    assert set(shown) == {fact.id for fact in course.facts}


def test_law_is_not_overstated(sources: str, yaml_texts: dict[str, list[str]]) -> None:
    """Decision 19 encourages communes; the coming edition of the standard is told from facts.yaml alone."""
    everything = {"notebooks": sources} | {
        file: "\n".join(texts) for file, texts in yaml_texts.items() if file != "facts.yaml"
    }
    for file, text in everything.items():
        assert "9001:2026" not in text, file
        for claim in re.findall(r"[^.\n]*bắt buộc[^.\n]*", text, flags=re.IGNORECASE):
            assert "cấp xã" not in claim.lower() or "“" in claim, (file, claim)
