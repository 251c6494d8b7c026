"""pydantic's complaints about a content file, in Vietnamese and with their lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .errors import ContentError, Problem
from .yaml_files import Document

M = TypeVar("M", bound=BaseModel)

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
        raise ContentError(_problem(document, item) for item in error.errors(include_url=False)) from None


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
    return document.problem(location, reason.replace("'", "").replace(" or ", " hoặc "))
