"""The risk register: place a commune's risks on the 5×5 matrix, then keep a register of one's own."""

from __future__ import annotations

from typing import Any

from isoxa_courses.questions.matrix_score import BANDS
from isoxa_courses.tools.risk_register import RiskRegister, judge_register
from traitlets import Dict, List

from .tool import ToolWidget


class RiskRegisterWidget(ToolWidget):
    """``scale``: ``{"likelihood", "severity", "benefit"}``, five words each; ``bands``: ``[{"to", "text"}]``.

    ``worked``: ``[{"id", "cause", "event", "effect"}]`` without their places; ``typical``: the same with ``"kind"``;
    ``own``: ``{"intro", "min_risks", "min_opportunities"}``.
    """

    module = "risk_register"
    scale = Dict().tag(sync=True)
    bands: List[Any] = List().tag(sync=True)
    worked: List[Any] = List().tag(sync=True)
    typical: List[Any] = List().tag(sync=True)
    own = Dict().tag(sync=True)

    def __init__(self, register: RiskRegister) -> None:
        self._register = register
        super().__init__(
            register,
            "Sổ rủi ro và cơ hội",
            scale=register.scale.model_dump(mode="json"),
            bands=[{"to": highest, "text": word} for highest, word in BANDS],
            worked=[
                {"id": one.id, "cause": one.cause, "event": one.event, "effect": one.effect}
                for one in register.worked
            ],
            typical=[one.model_dump(mode="json") for one in register.typical],
            own=register.own.model_dump(mode="json"),
        )

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """``{"kind": "register", …}`` for ``question["state"]``; ``"placed_right"`` tells how each was treated."""
        result = judge_register(self._register, question.get("state"))
        if result.done:
            self.done = True
        wrong = {*result.unplaced, *(one.item for one in result.misplaced)}
        right = [
            {
                "id": one.id,
                "treatment": one.treatment,
                "likelihood_after": one.likelihood_after,
                "severity_after": one.severity_after,
                "why": one.why,
            }
            for one in self._register.worked
            if one.id not in wrong
        ]
        return {"kind": "register", **result.to_json(), "placed_right": right}


WIDGET = RiskRegisterWidget
