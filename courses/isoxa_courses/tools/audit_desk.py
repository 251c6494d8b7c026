"""The audit desk: judge a folder of made-up evidence, then plan, carry out and report an audit of one's own unit.

State from outside (the widget's, stored as it is)::

    {"judged": {evidence: {"verdict": "conformity" | "nonconformity" | "observation", "criterion": id,
                           "finding": {"requirement": "…", "evidence": "…", "gap": "…"}}},
     "plan": {"objective", "scope", "criteria", "date", "lead", "team"},
     "schedule": [{"id", "time", "unit", "auditor"}],
     "checklist": [{"id", "requirement", "question", "evidence", "verdict", "finding"}], "conclusion": "…"}

Done: every piece rightly judged, with a requirement that may be cited wherever one is asked (an observation needs
none), each nonconformity written as requirement, evidence and gap; the plan (its team may be empty), and
``own.min_rows`` lines of a checklist. What an officer finds in their own unit is theirs: nobody marks it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, StrictInt, model_validator

from ..audit_documents import PLAN, VERDICTS, AuditWork, Verdict, audit_documents, read_work
from ..documents import Document, DocumentKind
from ..fields import ContentModel, Id, Line, Paragraphs, refusal, unique_ids
from ..text import clean
from .base import Tool

FINDING_PARTS: dict[str, str] = {
    "requirement": "Yêu cầu",
    "evidence": "Bằng chứng",
    "gap": "Chỗ chưa đáp ứng (khoảng cách)",
}
"""The parts of a nonconformity's finding, in order."""
FINDING_WORDS = 8
"""In evidence and gap together; the requirement may be quoted. Fewer cannot say what was seen and what is missing."""
PLAN_NEEDED = tuple(field for field in PLAN if field != "team")
"""A small commune's auditor may be alone; the rest of a plan must stand."""


class Criterion(ContentModel):
    """A requirement that may be cited: where it stands ("TCVN ISO 9001:2015, 7.5.3") and what it says."""

    id: Id
    clause: Line
    text: Line


class Grid(ContentModel):
    """A piece of evidence's table; every row has as many cells as ``columns``. A cell may be empty."""

    columns: Annotated[tuple[Line, ...], Field(min_length=1, max_length=8)]
    rows: Annotated[
        tuple[tuple[Annotated[str, Field(max_length=500), AfterValidator(clean)], ...], ...],
        Field(min_length=1, max_length=40),
    ]

    @model_validator(mode="after")
    def _even(self) -> Grid:
        for number, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                raise refusal(
                    f"Dòng {number + 1} có {len(row)} ô, bảng có {len(self.columns)} cột.", "rows", number
                )
        return self


class Evidence(ContentModel):
    """One piece in the folder: ``kind`` a word such as "Sổ theo dõi", ``finding`` a sample shown after one's own."""

    id: Id
    kind: Line
    title: Line
    body: Paragraphs
    table: Grid | None = None
    verdict: Verdict
    criteria: Annotated[tuple[Id, ...], Field(max_length=10)] = ()
    why: Paragraphs
    finding: Paragraphs | None = None

    @model_validator(mode="after")
    def _whole(self) -> Evidence:
        if self.verdict != "observation" and not self.criteria:
            raise refusal(
                "Cần ít nhất một yêu cầu được dẫn; chỉ điểm lưu ý mới có thể không dẫn.", "criteria"
            )
        if self.verdict == "nonconformity" and self.finding is None:
            raise refusal("Điểm không phù hợp cần một lời ghi mẫu.", "finding")
        if self.verdict == "conformity" and self.finding is not None:
            raise refusal("Nội dung phù hợp không có lời ghi mẫu.", "finding")
        return self


class Own(ContentModel):
    """The audit of the officer's own unit: how many lines of the checklist make it done."""

    intro: Paragraphs | None = None
    min_rows: Annotated[StrictInt, Field(ge=1, le=20)] = 3


class AuditDesk(Tool):
    """``criteria`` to cite, ``evidence`` to judge, and the officer's ``own`` audit."""

    document_kinds: ClassVar[tuple[DocumentKind, ...]] = (
        DocumentKind("ke-hoach-danh-gia", "kế hoạch đánh giá"),
        DocumentKind("phieu-kiem-tra-danh-gia", "phiếu kiểm tra", ("docx", "xlsx")),
        DocumentKind("bao-cao-danh-gia", "báo cáo đánh giá"),
    )

    tool: Literal["audit_desk"]
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=2, max_length=30), AfterValidator(unique_ids)]
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=3, max_length=30), AfterValidator(unique_ids)]
    own: Own

    @model_validator(mode="after")
    def _known_criteria(self) -> AuditDesk:
        known = {criterion.id for criterion in self.criteria}
        for number, piece in enumerate(self.evidence):
            for place, cited in enumerate(piece.criteria):
                if cited not in known:
                    raise refusal(
                        f"Không có yêu cầu nào mang mã “{cited}”.", "evidence", number, "criteria", place
                    )
        return self

    def judge(self, raw: object) -> bool:
        """Whether a state from outside is done."""
        return judge_desk(self, raw).done

    def documents(self, raw: object) -> tuple[Document, ...]:
        """Plan, checklist and report of the officer's own audit, each if there is something to put in it."""
        return audit_documents(read_work(raw))


@dataclass(frozen=True)
class PieceResult:
    """How one judged piece stands. ``sample`` is given once the officer's own words stand, never before."""

    verdict_right: bool
    criterion: Literal["right", "wrong", "missing", "not_asked"]
    finding_missing: tuple[str, ...]
    finding_short: bool
    right: bool
    why: str
    sample: str


@dataclass(frozen=True)
class DeskResult:
    """``pieces`` holds the judged pieces by id; ``rows`` counts the checklist's lines with requirement and question.

    ``row_missing``: line id → what it lacks of these two and, where it is a nonconformity, of evidence and finding
    (told, but not asked for: not every line has been judged yet).
    """

    pieces: dict[str, PieceResult]
    right: int
    total: int
    plan_missing: tuple[str, ...]
    rows: int
    rows_needed: int
    row_missing: dict[str, tuple[str, ...]]

    @property
    def desk_done(self) -> bool:
        """Whether the whole folder is rightly judged."""
        return self.right == self.total

    @property
    def own_done(self) -> bool:
        """Whether the officer's own audit has what is asked."""
        return not self.plan_missing and self.rows >= self.rows_needed

    @property
    def done(self) -> bool:
        """Whether both are."""
        return self.desk_done and self.own_done

    def to_json(self) -> dict[str, Any]:
        """The fields as they are, and ``done``, ``desk_done`` and ``own_done``; tuples as lists."""
        values = asdict(self)
        values["plan_missing"] = list(self.plan_missing)
        values["row_missing"] = {id_: list(fields) for id_, fields in self.row_missing.items()}
        for piece in values["pieces"].values():
            piece["finding_missing"] = list(piece["finding_missing"])
        return {**values, "done": self.done, "desk_done": self.desk_done, "own_done": self.own_done}


def judge_desk(desk: AuditDesk, raw_state: object) -> DeskResult:
    """Judge a state from outside. Anything malformed counts as not judged or not written; never raises."""
    state = raw_state if isinstance(raw_state, dict) else {}
    judged = state.get("judged")
    given = judged if isinstance(judged, dict) else {}
    pieces: dict[str, PieceResult] = {}
    for piece in desk.evidence:
        answer = given.get(piece.id)
        if isinstance(answer, dict) and _verdict(answer) is not None:
            pieces[piece.id] = judge_piece(piece, answer)
    work = read_work(state)
    return DeskResult(
        pieces=pieces,
        right=sum(1 for piece in pieces.values() if piece.right),
        total=len(desk.evidence),
        plan_missing=tuple(field for field in PLAN_NEEDED if not work.plan[field]),
        rows=sum(1 for row in work.checklist if row.requirement and row.question),
        rows_needed=desk.own.min_rows,
        row_missing=_row_missing(work),
    )


def judge_piece(piece: Evidence, answer: dict[Any, Any]) -> PieceResult:
    """One piece against what was said of it. A wrong verdict is not asked for requirement and finding yet."""
    verdict_right = _verdict(answer) == piece.verdict
    criterion: Literal["right", "wrong", "missing", "not_asked"] = "not_asked"
    missing: tuple[str, ...] = ()
    short = False
    if verdict_right and piece.verdict != "observation":
        cited = answer.get("criterion")
        criterion = "missing" if not cited else "right" if cited in piece.criteria else "wrong"
    if verdict_right and piece.verdict == "nonconformity":
        finding = answer.get("finding")
        parts = finding if isinstance(finding, dict) else {}
        words = {part: _words(parts.get(part)) for part in FINDING_PARTS}
        missing = tuple(part for part, count in words.items() if count == 0)
        short = words["evidence"] + words["gap"] < FINDING_WORDS
    written = verdict_right and not missing and not short
    return PieceResult(
        verdict_right=verdict_right,
        criterion=criterion,
        finding_missing=missing,
        finding_short=short,
        right=written and criterion in ("right", "not_asked"),
        why=piece.why,
        sample=(piece.finding or "") if written else "",
    )


def _verdict(answer: dict[Any, Any]) -> str | None:
    verdict = answer.get("verdict")
    return verdict if isinstance(verdict, str) and verdict in VERDICTS else None


def _row_missing(work: AuditWork) -> dict[str, tuple[str, ...]]:
    lacking: dict[str, tuple[str, ...]] = {}
    for row in work.checklist:
        wanted = {"requirement": row.requirement, "question": row.question}
        if row.verdict == "nonconformity":
            wanted |= {"evidence": row.evidence, "finding": row.finding}
        absent = tuple(name for name, text in wanted.items() if not text)
        if absent:
            lacking[row.id] = absent
    return lacking


def _words(text: object) -> int:
    return len(clean(text).split()) if isinstance(text, str) else 0


MODEL = AuditDesk
