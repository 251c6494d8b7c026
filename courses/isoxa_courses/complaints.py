"""pydantic's complaints about a content file, in Vietnamese and with their lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .errors import ContentError, Problem
from .text import format_number
from .yaml_files import Document

M = TypeVar("M", bound=BaseModel)

_DECIMAL = re.compile(r"Decimal\('([0-9.]+)'\)")  # how pydantic hands over a decimal limit

_REASONS = {
    "missing": "Thiếu trường “{field}”.",
    "extra_forbidden": "Không có trường nào tên là “{field}”; hãy kiểm tra chính tả và chỗ thụt dòng.",
    "string_type": "Phải là chữ. Nếu giống số, ngày hoặc true/false, hãy đặt trong ngoặc kép.",
    "int_type": "Phải là số nguyên, không đặt trong ngoặc kép.",
    "bool_type": "Phải là true hoặc false.",
    "decimal_type": "Phải là một số.",
    "decimal_parsing": "Phải là một số.",
    "finite_number": "Phải là một số.",
    "tuple_type": "Phải là danh sách: mỗi mục một dòng, bắt đầu bằng dấu “-”.",
    "model_type": "Phải gồm các dòng “tên: giá trị”.",
    "model_attributes_type": "Phải gồm các dòng “tên: giá trị”.",
    "dict_type": "Phải gồm các dòng “tên: giá trị”.",
    "too_short": "Cần ít nhất {min_length} mục, ở đây có {actual_length}.",
    "too_long": "Nhiều nhất {max_length} mục.",
    "string_too_long": "Dài quá {max_length} ký tự.",
    "string_pattern_mismatch": "Mã chỉ gồm chữ không dấu, số, gạch nối và gạch dưới, không có dấu cách.",
    "greater_than_equal": "Phải từ {ge} trở lên.",
    "less_than_equal": "Nhiều nhất là {le}.",
    "literal_error": "Phải là một trong các giá trị: {expected}.",
    "union_tag_invalid": "Không có loại “{tag}”. Các loại có sẵn: {expected_tags}.",
    "union_tag_not_found": "Thiếu trường {discriminator}.",
    "date_type": "Phải là ngày viết như 2026-11-21.",
    "date_parsing": "Phải là ngày viết như 2026-11-21.",
    "date_from_datetime_parsing": "Phải là ngày viết như 2026-11-21.",
}


def validated(model: type[M], document: Document) -> M:
    """The document as ``model``. Raises :class:`ContentError` with every problem, each at its line."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise ContentError(_problem(document, item) for item in _causes(error)) from None


def _causes(error: ValidationError) -> list[Mapping[str, Any]]:
    """The errors without those that only follow: pydantic counts items that failed as not there."""
    errors: list[Mapping[str, Any]] = [*error.errors(include_url=False)]
    return [
        one
        for one in errors
        if one["type"] != "too_short"
        or not any(other is not one and other["loc"][: len(one["loc"])] == one["loc"] for other in errors)
    ]


def _problem(document: Document, error: Mapping[str, Any]) -> Problem:
    location, context = error["loc"], error.get("ctx", {})
    if error["type"] == "isoxa":
        return document.problem((*location, *context["at"]), error["msg"])
    template = _REASONS.get(error["type"])
    if template is None:
        return document.problem(location, f"Giá trị không hợp lệ ({error['msg']}).")
    if error["type"] == "union_tag_invalid":
        location = (*location, str(context["discriminator"]).strip("'"))
    reason = template.format(field=location[-1] if location else "", **context)
    reason = _DECIMAL.sub(lambda match: format_number(Decimal(match[1])), reason)
    return document.problem(location, reason.replace("'", "").replace(" or ", " hoặc "))
