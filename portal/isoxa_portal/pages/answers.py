"""An officer's answer in words, read from the public form of the question as it was shown to them.

Nothing of the bank is needed: the public form holds the texts, the answer the opaque ids of one attempt.
"""

from __future__ import annotations

from typing import Any

__all__ = ["answer_words", "part_texts"]


def part_texts(shown: dict[str, Any]) -> dict[str, str]:
    """Opaque id → text, over every list of parts that the question shows."""
    return {
        part["id"]: part["text"]
        for name in ("choices", "items", "lefts", "rights", "boxes")
        for part in shown.get(name, [])
    }


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
    if kind == "numeric":
        return f"{answer} {shown.get('unit') or ''}".strip()
    return str(answer)
