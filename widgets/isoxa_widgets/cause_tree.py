"""The cause tree: correction or corrective action, a guided chain of whys, and a slip of one's own."""

from __future__ import annotations

from random import Random
from typing import Any, TypeVar

from isoxa_courses.tools.cause_tree import KINDS, CauseTree, judge_causes
from traitlets import Dict, List

from .tool import ToolWidget

T = TypeVar("T")


class CauseTreeWidget(ToolWidget):
    """``sort`` and ``kinds``: ``[{"id", "text"}]``; ``own``: ``{"intro", "min_whys"}``.

    ``chain``: ``{"problem", "steps": [{"id", "question", "options": [{"id", "text"}]}]}``, without what is right.
    """

    module = "cause_tree"
    sort: List[Any] = List().tag(sync=True)
    kinds: List[Any] = List().tag(sync=True)
    chain = Dict().tag(sync=True)
    own = Dict().tag(sync=True)

    def __init__(self, tree: CauseTree) -> None:
        self._tree = tree
        steps = [
            {
                "id": step.id,
                "question": step.question,
                "options": _shuffled(f"{tree.id}/{step.id}", [_shown(option) for option in step.options]),
            }
            for step in tree.chain.steps
        ]
        super().__init__(
            tree,
            "Cây nguyên nhân",
            sort=_shuffled(tree.id, [_shown(item) for item in tree.sort]),
            kinds=[{"id": id_, "text": text} for id_, text in KINDS.items()],
            chain={"problem": tree.chain.problem, "steps": steps},
            own=tree.own.model_dump(mode="json"),
        )

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``{"kind": "causes", …}`` for ``question["state"]``: what `judge_causes` says."""
        result = judge_causes(self._tree, question.get("state"))
        if result.done:
            self.done = True
        return {"kind": "causes", **result.to_json()}


def _shown(part: Any) -> dict[str, str]:
    return {"id": part.id, "text": part.text}


def _shuffled(seed: str, parts: list[T]) -> list[T]:
    # The order of the file must not tell what is right; the same order for everybody.
    Random(seed).shuffle(parts)  # noqa: S311 - nothing secret
    return parts


WIDGET = CauseTreeWidget
