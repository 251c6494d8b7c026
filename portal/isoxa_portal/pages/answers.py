"""An officer's answer in words, read from the public form of the question as it was shown to them.

Nothing of the bank is needed: the public form holds the texts, the answer the opaque ids of one attempt.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..i18n import gettext as _

__all__ = ["answer_words", "part_texts"]


def part_texts(shown: dict[str, Any]) -> dict[str, str]:
    """Opaque id → text, over every list of parts that the question shows; a cell's is its row and column."""
    texts = {
        part["id"]: part["text"]
        for name in ("choices", "items", "lefts", "rights", "boxes", "bank")
        for part in shown.get(name, [])
    }
    return texts | dict(_cells(shown))


def _cells(shown: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for row in shown.get("rows", []):
        for cell, column in zip(row["cells"], shown["columns"], strict=True):
            if "id" in cell:
                yield cell["id"], f"{row['text']} – {column}"


def answer_words(shown: dict[str, Any], answer: Any) -> str:
    """The answer, a line a part; "" if there is none."""
    if answer is None:
        return ""
    texts = part_texts(shown)
    kind = shown["type"]
    if kind == "single_choice":
        return texts.get(answer, "")
    if kind == "multiple_choice":
        return "\n".join(f"– {texts.get(one, '')}" for one in answer)
    if kind == "ordering":
        return "\n".join(f"{place}. {texts.get(one, '')}" for place, one in enumerate(answer, 1))
    if kind == "matching":
        return "\n".join(f"{texts.get(left, '')} – {texts.get(right, '')}" for left, right in answer.items())
    if kind == "classification":
        boxes = (
            (box["text"], [item for item, chosen in answer.items() if chosen == box["id"]])
            for box in shown["boxes"]
        )
        return "\n".join(
            f"{name}: {'; '.join(texts.get(item, '') for item in items)}" for name, items in boxes if items
        )
    if kind == "matrix_score":
        return "\n".join(f"{texts.get(item, '')}: {_place(*levels)}" for item, levels in answer.items())
    if kind == "table_fill":
        # In the order of the table, whatever the order of the ids.
        return "\n".join(
            f"{name}: {texts.get(answer[cell], '')}" for cell, name in _cells(shown) if cell in answer
        )
    if kind == "numeric":
        return f"{answer} {shown.get('unit') or ''}".strip()
    return str(answer)


def _place(likelihood: int | None, severity: int | None) -> str:
    levels = {"likelihood": likelihood or _("chưa chọn"), "severity": severity or _("chưa chọn")}
    words = _("khả năng %(likelihood)s × ảnh hưởng %(severity)s") % levels
    return words if likelihood is None or severity is None else f"{words} = {likelihood * severity}"
