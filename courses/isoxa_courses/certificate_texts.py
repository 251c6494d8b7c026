"""``certificate.yaml``: the words a course's certificate is printed with, around name, unit, course and dates.

A trainer edits them; how the page is laid out is not theirs to break (``isoxa_grading.certificates``). The texts are
printed as they stand: no mark-up and no placeholders. A course without the file gets the words below.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from .complaints import validated
from .fields import ContentModel
from .yaml_files import read_yaml

__all__ = ["CERTIFICATE_FILE", "CertificateTexts", "load_certificate_texts"]

CERTIFICATE_FILE = "certificate.yaml"

_Line = Annotated[str, Field(min_length=1, max_length=120)]


class CertificateTexts(ContentModel):
    """The words; each with the length that still fits its place on the page."""

    title: _Line = "Giấy chứng nhận"
    kind: _Line = "Hoàn thành khóa học"
    certifies: _Line = "Chứng nhận ông/bà"
    unit: _Line = "Đơn vị công tác"
    statement: _Line = "đã hoàn thành các bài học và đạt các bài kiểm tra của khóa học"
    content: str = Field("", max_length=400)
    remark: str = Field(
        "Giấy này xác nhận kết quả tham gia khóa học; không thuộc hệ thống văn bằng, "
        "chứng chỉ của hệ thống giáo dục quốc dân.",
        max_length=300,
    )


def load_certificate_texts(folder: Path) -> CertificateTexts:
    """The texts of a course folder. Raises :class:`~isoxa_courses.errors.ContentError` for a broken file."""
    file = folder / CERTIFICATE_FILE
    return validated(CertificateTexts, read_yaml(file)) if file.exists() else CertificateTexts()
