"""The lines of an officer's risk register: read from a saved state, and what each one lacks.

A line is a risk or an opportunity. Both are read together in one sentence, "Vì … có thể … dẫn đến …", so that cause,
event and effect are kept apart. An opportunity's ``severity`` is its benefit, and its action makes the score rise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from .complaints import validated
from .fields import ContentModel, Line
from .phrases import any_of, is_bare
from .questions.matrix_score import BANDS
from .reminders import only_reminds
from .text import clean
from .tool_states import day_of, level_of, mapping, records_of, texts_of
from .yaml_files import read_yaml

Kind = Literal["risk", "opportunity"]
TEXTS = ("cause", "event", "effect")
"""The three parts of a line, in the order of the sentence that reads them together."""
WORDS_FILE = Path(__file__).parent / "tools" / "risk_register_words.yaml"

Lack: TypeAlias = Literal["missing", "same", "not_lower", "not_higher"]
Hint: TypeAlias = Literal["effect_inside", "cause_inside", "only_reminds"]

_LOW = BANDS[0][0]


@dataclass(frozen=True)
class OwnRisk:
    """A line of the officer's register as it could be read; texts "" and levels None where nothing is said."""

    id: str
    kind: Kind
    cause: str
    event: str
    effect: str
    likelihood: int | None
    severity: int | None
    treatment: str
    owner: str
    due: str
    likelihood_after: int | None
    severity_after: int | None

    @property
    def score(self) -> int | None:
        """Likelihood × severity, 1 to 25; None while a level is missing."""
        return _product(self.likelihood, self.severity)

    @property
    def score_after(self) -> int | None:
        """The same after the treatment."""
        return _product(self.likelihood_after, self.severity_after)

    @property
    def empty(self) -> bool:
        """Whether nothing at all is written or scored yet."""
        words = (self.cause, self.event, self.effect, self.treatment, self.owner, self.due)
        levels = (self.likelihood, self.severity, self.likelihood_after, self.severity_after)
        return not any(words) and all(level is None for level in levels)


@dataclass(frozen=True)
class Problem:
    """What a line lacks.

    ``reason``: "missing" · "same" (the same words as another part) · "not_lower" (a risk's score rises with its
    treatment) · "not_higher" (an opportunity's score falls with its action).
    """

    risk: str
    field: str
    reason: Lack


@dataclass(frozen=True)
class Advice:
    """What may be wrong with a line, and the words that say so; nothing depends on it.

    ``reason``: "effect_inside" (an effect in the cause or the event) · "cause_inside" (a cause in the event or the
    effect) · "only_reminds" (a treatment that changes nothing).
    """

    risk: str
    field: str
    reason: Hint
    words: str


class RiskWords(ContentModel):
    """The lists of the file, which says itself how they are read."""

    leads_to: Annotated[tuple[Line, ...], Field(min_length=1)]
    because: Annotated[tuple[Line, ...], Field(min_length=1)]


def own_risks(raw_state: object) -> list[OwnRisk]:
    """The lines of a register's state (``{"risks": […]}``); those that say nothing are left out. Never raises."""
    lines = [_own_risk(one) for one in records_of(mapping(raw_state).get("risks"))]
    return [line for line in lines if not line.empty]


def problems_of(risk: OwnRisk) -> tuple[Problem, ...]:
    """What a line lacks: its three parts, its levels, and above the low level what is done, by whom, until when."""
    found: list[tuple[str, Lack]] = []
    parts = {name: clean(getattr(risk, name)).casefold() for name in TEXTS}
    for index, name in enumerate(TEXTS):
        if not parts[name]:
            found.append((name, "missing"))
        elif parts[name] in [parts[earlier] for earlier in TEXTS[:index]]:
            found.append((name, "same"))
    found += [(name, "missing") for name in ("likelihood", "severity") if getattr(risk, name) is None]
    treated = bool(risk.treatment) or risk.score_after is not None
    if treated or (risk.score is not None and risk.score > _LOW):
        found += [(name, "missing") for name in ("treatment", "owner") if not getattr(risk, name)]
        found += [("due", "missing")] if day_of(risk.due) is None else []
        after = ("likelihood_after", "severity_after")
        found += [(name, "missing") for name in after if getattr(risk, name) is None]
    if risk.score is not None and risk.score_after is not None:
        if risk.kind == "risk" and risk.score_after > risk.score:
            found.append(("likelihood_after", "not_lower"))
        if risk.kind == "opportunity" and risk.score_after < risk.score:
            found.append(("likelihood_after", "not_higher"))
    return tuple(Problem(risk.id, field, reason) for field, reason in found)


def advice_of(risk: OwnRisk) -> tuple[Advice, ...]:
    """Where parts of a line seem mixed up, and a treatment that only reminds people."""
    found = [
        Advice(risk.id, field, "effect_inside", words)
        for field in ("cause", "event")
        if (words := _found("leads_to", getattr(risk, field)))
    ]
    found += [
        Advice(risk.id, field, "cause_inside", words)
        for field in ("event", "effect")
        if (words := _found("because", getattr(risk, field)))
    ]
    if only_reminds(risk.treatment):
        found.append(Advice(risk.id, "treatment", "only_reminds", ""))
    return tuple(found)


@lru_cache(maxsize=1)
def risk_words() -> RiskWords:
    """The lists of the shipped file. Raises ContentError if it cannot be read."""
    return validated(RiskWords, read_yaml(WORDS_FILE))


@lru_cache(maxsize=2)
def _pattern(name: Literal["leads_to", "because"]) -> re.Pattern[str]:
    return re.compile(any_of(getattr(risk_words(), name), bare=False))


def _found(name: Literal["leads_to", "because"], text: str) -> str:
    if is_bare(text):  # "vi", "do", "nen" are other words too when nothing tells them apart
        return ""
    match = _pattern(name).search(clean(text).casefold())
    return match[0] if match else ""


def _own_risk(raw: Mapping[str, object]) -> OwnRisk:
    words = texts_of(raw, (*TEXTS, "treatment", "owner", "due"))
    return OwnRisk(
        id=str(raw["id"]),
        kind="opportunity" if raw.get("kind") == "opportunity" else "risk",
        cause=words["cause"],
        event=words["event"],
        effect=words["effect"],
        likelihood=level_of(raw.get("likelihood")),
        severity=level_of(raw.get("severity")),
        treatment=words["treatment"],
        owner=words["owner"],
        due=words["due"],
        likelihood_after=level_of(raw.get("likelihood_after")),
        severity_after=level_of(raw.get("severity_after")),
    )


def _product(likelihood: int | None, severity: int | None) -> int | None:
    return None if likelihood is None or severity is None else likelihood * severity
