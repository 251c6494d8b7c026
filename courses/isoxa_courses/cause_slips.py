"""A corrective-action slip: read from a saved state, and what it lacks.

It follows TCVN ISO 9001:2015, 10.2.1: the nonconformity and its correction, similar cases looked for, the causes, the
actions that remove them, and the review of their effectiveness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .cause_forest import Forest, forest_of
from .reminders import only_reminds
from .tool_states import day_of, mapping, records_of, texts_of

TEXTS = ("problem", "requirement", "evidence", "correction", "similar")
"""The fields of the slip before its causes, in order."""


@dataclass(frozen=True)
class Action:
    """An action of the slip as it could be read; ``due`` is as it was sent."""

    id: str
    text: str
    owner: str
    due: str


@dataclass(frozen=True)
class Slip:
    """The officer's slip as it could be read; ``root`` is the id of one of its causes, or ""."""

    texts: dict[str, str]
    causes: Forest
    root: str
    actions: tuple[Action, ...]
    effect: dict[str, str]

    @property
    def empty(self) -> bool:
        """Whether nothing is written yet."""
        words = (*self.texts.values(), *self.effect.values(), *(cause.text for cause in self.causes.causes))
        return not any(words) and not self.actions


@dataclass(frozen=True)
class MissingPart:
    """What the slip lacks: ``part`` a field, "causes", "root", "actions" or an effect field; ``item`` an id in it.

    ``reason``: "missing" · "shallow" (fewer whys than asked) · "only_reminds" (an action that changes nothing) ·
    "too_early" (an effect checked before the last action is due: it cannot show yet).
    """

    part: str
    item: str
    field: str
    reason: Literal["missing", "shallow", "only_reminds", "too_early"]


def read_slip(raw_state: object) -> Slip:
    """The officer's slip out of a state; whatever makes no sense is left out."""
    own = mapping(mapping(raw_state).get("own"))
    causes = forest_of(own.get("causes"))
    root = own.get("root")
    actions = tuple(
        Action(str(one["id"]), **texts_of(one, ("text", "owner", "due")))
        for one in records_of(own.get("actions"))
    )
    return Slip(
        texts=texts_of(own, TEXTS),
        causes=causes,
        root=root if isinstance(root, str) and root in causes.numbers else "",
        actions=tuple(one for one in actions if one.text or one.owner or one.due),
        effect=texts_of(own.get("effect"), ("measure", "date", "result")),
    )


def missing_parts(slip: Slip, min_whys: int) -> tuple[MissingPart, ...]:
    """What a slip lacks, in the order of the page. One whole action is enough; each that only reminds is named."""
    found = [MissingPart(name, "", "", "missing") for name in TEXTS if not slip.texts[name]]
    if not any(cause.text for cause in slip.causes.causes):
        found.append(MissingPart("causes", "", "", "missing"))
    elif not slip.root or not slip.causes.text_of(slip.root):
        found.append(MissingPart("root", "", "", "missing"))
    elif slip.causes.depth(slip.root) < min_whys:
        found.append(MissingPart("root", slip.root, "", "shallow"))
    found += _missing_of_actions(slip.actions)
    if not slip.effect["measure"]:
        found.append(MissingPart("effect", "", "measure", "missing"))
    checked = day_of(slip.effect["date"])
    finished = [day for action in slip.actions if (day := day_of(action.due)) is not None]
    if checked is None:
        found.append(MissingPart("effect", "", "date", "missing"))
    elif finished and checked <= max(finished):
        found.append(MissingPart("effect", "", "date", "too_early"))
    return tuple(found)


def _missing_of_actions(actions: tuple[Action, ...]) -> list[MissingPart]:
    if not actions:
        return [MissingPart("actions", "", "", "missing")]
    found: list[MissingPart] = []
    enough = False
    for action in actions:
        lacks = [
            MissingPart("actions", action.id, name, "missing")
            for name in ("text", "owner")
            if not getattr(action, name)
        ]
        lacks += [MissingPart("actions", action.id, "due", "missing")] if day_of(action.due) is None else []
        if action.text and only_reminds(action.text):
            lacks.append(MissingPart("actions", action.id, "text", "only_reminds"))
        enough = enough or not lacks
        found += lacks
    return [] if enough else found
