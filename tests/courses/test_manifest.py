from __future__ import annotations

import json
from decimal import Decimal

import pytest
from isoxa_courses.loading import load_course
from isoxa_courses.manifest import EditionManifest, content_sha256, manifest_of
from isoxa_courses.models import Course

from tests.courses.conftest import CourseCopy


def test_the_manifest_tells_all_that_completion_needs(course: Course) -> None:
    manifest = manifest_of(course)
    assert manifest.to_json() == {
        "course": "khoa-thu",
        "edition": "1.0",
        "title": "Khóa học thử",
        "pass_mark": 70,
        "attempts": 2,
        "validity_months": 24,
        "lessons": [
            {
                "id": "01-thu",
                "number": 1,
                "title": "Bài học thử",
                "required": True,
                "items": ["chon-mot", "noi-cap", "viet", "bang"],
            }
        ],
        "quizzes": [
            {
                "id": "01-thu",
                "title": "Bài kiểm tra 1. Thử",
                "version": 3,
                "after": "01-thu",
                "required": True,
                "pass_mark": 70,
                "attempts": 2,
                "max_points": 14.5,
            }
        ],
    }
    back = EditionManifest.from_json(json.loads(json.dumps(manifest.to_json())))
    assert back == manifest
    assert back.quizzes[0].max_points == Decimal("14.5")
    with pytest.raises(ValueError, match="edition"):
        EditionManifest.from_json({"course": "x"})


def test_the_hash_follows_content_and_only_content(copy: CourseCopy) -> None:
    before = content_sha256(copy.folder, copy.notebooks)
    quiz = copy.path("quizzes/01-thu.yaml")
    quiz.write_bytes(quiz.read_bytes().replace(b"\n", b"\r\n"))
    (copy.folder / "ghi-chu.txt").write_text("x", "utf-8")
    (copy.notebooks / "nhap.ipynb").write_text("{}", "utf-8")
    assert content_sha256(copy.folder, copy.notebooks) == before
    hashes = {before}
    for name, old, new in (
        ("facts.yaml", "chỉ để thử", "để thử"),
        ("quizzes/01-thu.yaml", "Chọn chữ cuối", "Chọn chữ sau cùng"),
        ("01-thu.ipynb", "Một đoạn văn ngắn", "Một đoạn văn"),
    ):
        copy.replace(name, old, new)
        hashes.add(content_sha256(copy.folder, copy.notebooks))
    assert len(hashes) == 4
    load_course(copy.folder)
