"""The risk register: place a commune's risks on the 5×5 matrix, then keep a register of one's own.

State from outside (the widget's, stored as it is)::

    {"placed": {worked id: {"likelihood": 1-5, "severity": 1-5}},
     "risks": [{"id", "kind": "risk" | "opportunity", "cause", "event", "effect", "likelihood", "severity",
                "treatment", "owner", "due", "likelihood_after", "severity_after"}]}

For an opportunity ``severity`` is read as its benefit, and its action makes the score rise instead of fall.

Done: every worked risk within its tolerance, and at least ``own.min_risks`` risks and ``own.min_opportunities``
opportunities complete (:func:`isoxa_courses.risk_lines.problems_of` says
what one lacks). Score and levels are common practice and not a
requirement: TCVN ISO 9001:2015, 6.1, asks for planned actions and for neither matrix nor register.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, model_validator

from ..documents import Block, Column, Document, DocumentKind, Signature, Table, Text
from ..fields import ContentModel, Id, Line, Paragraphs, refusal, unique_ids
from ..questions.matrix_score import Level, Scale, Texts, band_of
from ..risk_lines import Advice, Kind, OwnRisk, Problem, advice_of, own_risks, problems_of
from ..tool_states import day_text, level_of, mapping
from .base import Tool


class RegisterScale(Scale):
    """What the levels 1 to 5 mean, in rising order; ``benefit`` is an opportunity's second axis."""

    benefit: Texts = ("Không đáng kể", "Nhỏ", "Vừa", "Lớn", "Rất lớn")


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
    scale: RegisterScale = RegisterScale()
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
class Misplaced:
    """A worked risk in the wrong place: for each axis how far off beyond the tolerance ("high", "low", "right")."""

    item: str
    likelihood: Literal["high", "low", "right"]
    severity: Literal["high", "low", "right"]
    why: str


@dataclass(frozen=True)
class RegisterResult:
    """What is wrong and missing; ids in the order of the content and of the register."""

    done: bool
    misplaced: tuple[Misplaced, ...]
    unplaced: tuple[str, ...]
    problems: tuple[Problem, ...]
    advice: tuple[Advice, ...]
    risks: int
    opportunities: int

    def to_json(self) -> dict[str, Any]:
        """The fields by name, as lists and objects; ``risks`` and ``opportunities`` are how many are complete."""
        return {
            "done": self.done,
            "misplaced": [asdict(one) for one in self.misplaced],
            "unplaced": list(self.unplaced),
            "problems": [asdict(one) for one in self.problems],
            "advice": [asdict(one) for one in self.advice],
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
    return RegisterResult(
        done,
        tuple(misplaced),
        tuple(unplaced),
        tuple(problem for one in risks for problem in problems[one.id]),
        tuple(advice for one in risks for advice in advice_of(one)),
        complete["risk"],
        complete["opportunity"],
    )


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
    weight = "Ảnh hưởng" if kind == "risk" else "Mức lợi ích"
    return (
        Column("STT", 3, "number"),
        Column("Nguyên nhân" if kind == "risk" else "Hoàn cảnh thuận lợi", 11),
        Column("Sự kiện có thể xảy ra" if kind == "risk" else "Việc có thể làm", 11),
        Column("Hậu quả" if kind == "risk" else "Lợi ích", 11),
        Column("Khả năng", 5, "number"),
        Column(weight, 7, "number"),
        Column("Điểm, mức", 7),
        Column("Hành động xử lý" if kind == "risk" else "Hành động để nắm bắt", 14),
        Column("Người phụ trách", 9),
        Column("Thời hạn", 11, "date"),
        Column("Điểm, mức sau", 8),
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


def _scale_table(scale: RegisterScale) -> Table:
    columns = (
        Column("Mức", 1, "number"),
        Column("Khả năng xảy ra", 5),
        Column("Mức ảnh hưởng (rủi ro)", 5),
        Column("Mức lợi ích (cơ hội)", 5),
    )
    levels = zip(scale.likelihood, scale.severity, scale.benefit, strict=True)
    return Table(
        columns, tuple((str(level), *words) for level, words in enumerate(levels, start=1)), "Thang điểm"
    )


MODEL = RiskRegister
