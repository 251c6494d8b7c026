"""The risk register: place a commune's risks on the 5×5 matrix, then keep a register of one's own.

State from outside (the widget's, stored as it is)::

    {"placed": {worked id: {"likelihood": 1-5, "severity": 1-5}},
     "risks": [{"id", "kind": "risk" | "opportunity", "cause", "event", "effect", "likelihood", "severity",
                "treatment", "owner", "due", "likelihood_after", "severity_after"}]}

For an opportunity ``severity`` is read as its benefit, and its action makes the score rise instead of fall.

Done: every worked risk within its tolerance, and at least ``own.min_risks`` risks and ``own.min_opportunities``
opportunities complete (:func:`problems_of` says what one lacks). Score and levels are common practice and not a
requirement: TCVN ISO 9001:2015, 6.1, asks for planned actions and for neither matrix nor register.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, model_validator

from ..documents import Block, Column, Document, DocumentKind, Signature, Table, Text
from ..fields import ContentModel, Id, Line, Paragraphs, refusal, unique_ids
from ..questions.matrix_score import BANDS, Level, Scale, band_of
from ..text import clean
from ..tool_states import day_of, day_text, level_of, mapping, records_of, texts_of
from .base import Tool

Kind = Literal["risk", "opportunity"]
TEXTS = ("cause", "event", "effect")
"""The three parts of a risk, in the order of the sentence that reads them together."""

_LOW = BANDS[0][0]


class Worked(ContentModel):
    """A risk of the made-up commune: its place by how many levels an answer may differ, its treatment and after."""

    id: Id
    cause: Line
    event: Line
    effect: Line
    likelihood: Level
    severity: Level
    tolerance: Annotated[StrictInt, Field(ge=0, le=1)] = 1
    treatment: Line
    likelihood_after: Level
    severity_after: Level
    why: Paragraphs

    @model_validator(mode="after")
    def _treated(self) -> Self:
        if self.likelihood_after * self.severity_after > self.likelihood * self.severity:
            raise refusal("Điểm sau khi xử lý không được cao hơn điểm trước.", "likelihood_after")
        return self


class Typical(ContentModel):
    """A risk or opportunity that many communes know, to start one's own from."""

    id: Id
    kind: Kind = "risk"
    cause: Line
    event: Line
    effect: Line


class OwnRegister(ContentModel):
    """The officer's own register: how much of it makes the tool done."""

    intro: Paragraphs | None = None
    min_risks: Annotated[StrictInt, Field(ge=1, le=20)] = 3
    min_opportunities: Annotated[StrictInt, Field(ge=0, le=20)] = 1


class RiskRegister(Tool):
    """``scale`` (5 words for each axis), ``worked`` risks to place, ``typical`` ones to start from, and the ``own``."""

    document_kinds: ClassVar[tuple[DocumentKind, ...]] = (
        DocumentKind("so-rui-ro-co-hoi", "sổ rủi ro và cơ hội", ("docx", "xlsx")),
    )

    tool: Literal["risk_register"]
    scale: Scale = Scale()
    worked: Annotated[tuple[Worked, ...], Field(min_length=1, max_length=10), AfterValidator(unique_ids)]
    typical: Annotated[tuple[Typical, ...], Field(max_length=30), AfterValidator(unique_ids)] = ()
    own: OwnRegister = OwnRegister()

    def judge(self, raw: object) -> bool:
        """Whether a state from outside is done."""
        return judge_register(self, raw).done

    def documents(self, raw: object) -> tuple[Document, ...]:
        """The officer's register: one table of risks, one of opportunities, and the scale they were scored on."""
        risks = own_risks(raw)
        blocks: list[Block] = []
        for kind, caption in (("risk", "Rủi ro"), ("opportunity", "Cơ hội")):
            rows = tuple(_row(number, one) for number, one in enumerate(_of_kind(risks, kind), start=1))
            if rows:
                blocks.append(Table(_columns(kind), rows, caption))
        if not blocks:
            return ()
        blocks += [_scale_table(self.scale), Text(_LEGEND)]
        signatures = (Signature("NGƯỜI LẬP"), Signature("NGƯỜI PHÊ DUYỆT"))
        about = "Rủi ro, cơ hội và hành động giải quyết trong công việc của đơn vị"
        return (
            Document(
                "so-rui-ro-co-hoi", "SỔ RỦI RO VÀ CƠ HỘI", about, tuple(blocks), signatures, landscape=True
            ),
        )


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
        return not any(words) and self.likelihood is None and self.severity is None


@dataclass(frozen=True)
class Misplaced:
    """A worked risk in the wrong place: for each axis how far off beyond the tolerance ("high", "low", "right")."""

    item: str
    likelihood: Literal["high", "low", "right"]
    severity: Literal["high", "low", "right"]
    why: str


@dataclass(frozen=True)
class Problem:
    """What a line of the register lacks.

    ``reason``: "missing" · "same" (the same words as another part) · "not_lower" (a risk's score rises with its
    treatment) · "not_higher" (an opportunity's score falls with its action).
    """

    risk: str
    field: str
    reason: Literal["missing", "same", "not_lower", "not_higher"]


@dataclass(frozen=True)
class RegisterResult:
    """What is wrong and missing; ids in the order of the content and of the register."""

    done: bool
    misplaced: tuple[Misplaced, ...]
    unplaced: tuple[str, ...]
    problems: tuple[Problem, ...]
    risks: int
    opportunities: int

    def to_json(self) -> dict[str, Any]:
        """``{"done", "misplaced": […], "unplaced": [ids], "problems": […], "risks", "opportunities"}`` (complete)."""
        return {
            "done": self.done,
            "misplaced": [asdict(one) for one in self.misplaced],
            "unplaced": list(self.unplaced),
            "problems": [asdict(one) for one in self.problems],
            "risks": self.risks,
            "opportunities": self.opportunities,
        }


def judge_register(register: RiskRegister, raw_state: object) -> RegisterResult:
    """Judge a state from outside. Anything malformed counts as not placed or not written; never raises."""
    placed = mapping(mapping(raw_state).get("placed"))
    misplaced, unplaced = [], []
    for item in register.worked:
        place = mapping(placed.get(item.id))
        likelihood, severity = level_of(place.get("likelihood")), level_of(place.get("severity"))
        if likelihood is None or severity is None:
            unplaced.append(item.id)
            continue
        off = _off(likelihood, item.likelihood, item.tolerance), _off(severity, item.severity, item.tolerance)
        if off != ("right", "right"):
            misplaced.append(Misplaced(item.id, *off, item.why))
    risks = own_risks(raw_state)
    problems = {one.id: problems_of(one) for one in risks}
    complete = {
        kind: sum(not problems[one.id] for one in _of_kind(risks, kind)) for kind in ("risk", "opportunity")
    }
    done = (
        not misplaced
        and not unplaced
        and complete["risk"] >= register.own.min_risks
        and complete["opportunity"] >= register.own.min_opportunities
    )
    every = tuple(problem for one in risks for problem in problems[one.id])
    return RegisterResult(
        done, tuple(misplaced), tuple(unplaced), every, complete["risk"], complete["opportunity"]
    )


def own_risks(raw_state: object) -> list[OwnRisk]:
    """The officer's register, lines that say nothing left out."""
    lines = [_own_risk(one) for one in records_of(mapping(raw_state).get("risks"))]
    return [line for line in lines if not line.empty]


def problems_of(risk: OwnRisk) -> tuple[Problem, ...]:
    """What a line lacks: its three parts, its levels, and above the low level what is done, by whom, until when."""
    found: list[tuple[str, Literal["missing", "same", "not_lower", "not_higher"]]] = []
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


def _off(level: int, right: int, tolerance: int) -> Literal["high", "low", "right"]:
    if abs(level - right) <= tolerance:
        return "right"
    return "high" if level > right else "low"


def _of_kind(risks: list[OwnRisk], kind: str) -> list[OwnRisk]:
    return [one for one in risks if one.kind == kind]


_LEGEND = (
    "Điểm = khả năng xảy ra × mức ảnh hưởng (với cơ hội: × mức lợi ích). Từ 1 đến 5 điểm: mức thấp; từ 6 đến 12 "
    "điểm: mức trung bình; từ 15 đến 25 điểm: mức cao. Thang điểm chỉ để minh họa và sắp thứ tự ưu tiên; TCVN ISO "
    "9001:2015 không bắt buộc chấm điểm hay lập ma trận."
)


def _columns(kind: str) -> tuple[Column, ...]:
    weight = "Ảnh hưởng" if kind == "risk" else "Lợi ích"
    return (
        Column("STT", 2, "number"),
        Column("Nguyên nhân", 8),
        Column("Sự kiện có thể xảy ra", 8),
        Column("Hậu quả" if kind == "risk" else "Kết quả tốt", 8),
        Column("Khả năng", 3, "number"),
        Column(weight, 3, "number"),
        Column("Điểm, mức", 4),
        Column("Hành động xử lý" if kind == "risk" else "Hành động nắm bắt", 10),
        Column("Người phụ trách", 5),
        Column("Thời hạn", 4, "date"),
        Column("Điểm, mức sau", 4),
    )


def _row(number: int, risk: OwnRisk) -> tuple[str, ...]:
    return (
        str(number),
        risk.cause,
        risk.event,
        risk.effect,
        _shown(risk.likelihood),
        _shown(risk.severity),
        _scored(risk.score),
        risk.treatment,
        risk.owner,
        day_text(risk.due),
        _scored(risk.score_after),
    )


def _shown(level: int | None) -> str:
    return "" if level is None else str(level)


def _scored(score: int | None) -> str:
    return "" if score is None else f"{score} – {band_of(score)}"


def _scale_table(scale: Scale) -> Table:
    columns = (Column("Mức", 1, "number"), Column("Khả năng xảy ra", 5), Column("Mức ảnh hưởng", 5))
    levels = enumerate(zip(scale.likelihood, scale.severity, strict=True), start=1)
    rows = tuple((str(level), likelihood, severity) for level, (likelihood, severity) in levels)
    return Table(columns, rows, "Thang điểm")


MODEL = RiskRegister
