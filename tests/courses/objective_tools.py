"""A small SMART builder and a small plan table with made-up content, and states that finish them."""

from __future__ import annotations

from typing import Any

from isoxa_courses.tools.plan_table import ROW_FIELDS, PlanTable
from isoxa_courses.tools.smart_builder import SmartBuilder

# Far enough away that no sentence here is late for as long as these tests are run.
GOOD = "Trong năm 2099, nâng tỷ lệ hồ sơ chứng thực được trả đúng hạn từ 96,0% lên ít nhất 98,5%"
GOOD_TOO = "Đến hết quý II/2099, không quá 5% hồ sơ hộ tịch của người dân phải bổ sung giấy tờ"
WEAK = "Nâng cao chất lượng phục vụ người dân"
IMPOSSIBLE = "Trong năm 2099, nâng tỷ lệ hồ sơ chứng thực được trả đúng hạn từ 96,0% lên 105%"

BUILDER: dict[str, Any] = {
    "id": "muc-tieu",
    "tool": "smart_builder",
    "title": "Bàn viết mục tiêu",
    "intro": "Xã Suối Lành là xã giả định.",
    "repairs": [
        {
            "id": "cau-1",
            "text": "Đẩy mạnh việc giải quyết hồ sơ chứng thực trong thời gian tới.",
            "hint": "Bao nhiêu hồ sơ, đến khi nào?",
            "sample": GOOD,
        },
        {"id": "cau-2", "text": "Giảm hồ sơ hộ tịch phải bổ sung giấy tờ.", "sample": GOOD_TOO},
    ],
    "own": {"intro": "Viết mục tiêu của đơn vị.", "example": GOOD, "min_objectives": 1},
}

_FULL = {
    "what": "Làm phiếu hướng dẫn giấy tờ cho 5 thủ tục hộ tịch",
    "why": "Người dân đang phải quay lại vì thiếu giấy tờ",
    "who": "Ông Bình, công chức tư pháp – hộ tịch",
    "where": "Bộ phận một cửa",
    "when": "Từ 01/02/2027 đến 28/02/2027",
    "how": "Soạn, hỏi thử 5 người dân, sửa rồi in",
    "resources": "2 ngày công, 500 nghìn đồng tiền in",
    "evaluation": "Số hồ sơ phải bổ sung, đếm hằng tuần trong tháng 3",
}

PLAN: dict[str, Any] = {
    "id": "ke-hoach",
    "tool": "plan_table",
    "title": "Bảng kế hoạch",
    "objective_from": {"lesson": "06a-muc-tieu-smart", "tool": "muc-tieu"},
    "gaps": {
        "objective": GOOD_TOO,
        "rows": [
            {
                "id": "dong-1",
                "cells": {**_FULL, "resources": "", "evaluation": "Đánh giá cuối năm"},
                "missing": ["resources", "evaluation"],
                "why": "Chưa ghi nguồn lực; “cuối năm” chưa nói nhìn vào số nào.",
            },
            {"id": "dong-2", "cells": _FULL, "missing": [], "why": "Dòng này đủ các cột."},
            {
                "id": "dong-3",
                "cells": {**_FULL, "who": "Các bộ phận liên quan"},
                "missing": ["who"],
                "why": "“Các bộ phận liên quan” thì không ai chịu trách nhiệm.",
            },
        ],
    },
    "own": {"intro": "Lập kế hoạch của đơn vị.", "min_rows": 2, "example": {"cells": _FULL}},
}


def builder() -> SmartBuilder:
    """The builder: two repairs, one own objective."""
    return SmartBuilder.model_validate(BUILDER)


def plan() -> PlanTable:
    """The plan: three rows, of which the second is whole; two own rows."""
    return PlanTable.model_validate(PLAN)


def builder_done() -> dict[str, Any]:
    """A state that finishes the builder."""
    return {
        "repairs": {"cau-1": GOOD, "cau-2": GOOD_TOO},
        "objectives": [
            {"id": "r1", "text": GOOD, "baseline": "96,0%", "source": "Sổ một cửa", "owner": "Bà An"}
        ],
    }


def plan_done() -> dict[str, Any]:
    """A state that finishes the plan."""
    row = {field: _FULL.get(field, "") for field in ROW_FIELDS}
    return {
        "found": {"dong-1": ["evaluation", "resources"], "dong-3": ["who"]},
        "objective": GOOD,
        "rows": [
            {"id": "r1", **row, "start": "2027-02-01", "end": "2027-02-28"},
            {
                "id": "r2",
                **row,
                "what": "Dán phiếu ở nhà văn hóa thôn",
                "start": "2027-03-01",
                "end": "2027-03-01",
            },
        ],
    }
