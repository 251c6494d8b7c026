"""An officer's own internal audit, read from a saved state, and the three documents it gives.

Plan, checklist and report come from one piece of work, so nothing is written twice: the report takes its scope from the
plan and its findings from the checklist. The report's order (who and what, where, result, findings, conclusion) follows
what clause 9.2.2 of TCVN ISO 9001:2015 asks to be reported and kept; the layout is this course's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .documents import Block, Column, Document, Fields, Heading, Signature, Table, Text
from .text import clean, format_number
from .tool_states import day_text, mapping, records_of, text_of, texts_of

Verdict: TypeAlias = Literal["conformity", "nonconformity", "observation"]
VERDICTS: dict[str, str] = {
    "conformity": "Phù hợp",
    "nonconformity": "Không phù hợp",
    "observation": "Điểm lưu ý",
}
PLAN: dict[str, str] = {
    "objective": "Mục tiêu đánh giá",
    "scope": "Phạm vi đánh giá",
    "criteria": "Chuẩn mực đánh giá",
    "date": "Ngày đánh giá",
    "lead": "Trưởng đoàn đánh giá",
    "team": "Thành viên đoàn đánh giá",
}
"""The fields of a plan, in order, and their labels."""

_VISIT = ("time", "unit", "auditor")
_CHECK = ("requirement", "question", "evidence", "finding")
_SYSTEM = "hệ thống quản lý chất lượng"
_IMPARTIAL = "Đánh giá viên không đánh giá công việc do chính mình thực hiện hoặc phụ trách."


@dataclass(frozen=True)
class Visit:
    """One line of the schedule: when, where, by whom."""

    time: str
    unit: str
    auditor: str


@dataclass(frozen=True)
class Check:
    """One line of the checklist; ``verdict`` is one of :data:`VERDICTS`, or empty until it was judged."""

    id: str
    requirement: str
    question: str
    evidence: str
    verdict: str
    finding: str


@dataclass(frozen=True)
class AuditWork:
    """What an officer wrote about their own unit's audit; ``plan`` has every key of :data:`PLAN`."""

    plan: dict[str, str]
    schedule: tuple[Visit, ...]
    checklist: tuple[Check, ...]
    conclusion: str

    def counts(self) -> dict[str, int]:
        """How many lines of the checklist have each verdict."""
        return {verdict: sum(1 for row in self.checklist if row.verdict == verdict) for verdict in VERDICTS}


def read_work(raw: object) -> AuditWork:
    """The work in a state from outside (JSON of any shape): what makes no sense is left out. Never raises."""
    state = mapping(raw)
    plan = texts_of(state.get("plan"), PLAN)
    visits = [Visit(**texts_of(row, _VISIT)) for row in records_of(state.get("schedule"))]
    checks = [_check(row) for row in records_of(state.get("checklist"))]
    return AuditWork(
        plan={**plan, "date": day_text(plan["date"]), "lead": clean(plan["lead"])},
        schedule=tuple(visit for visit in visits if visit.time or visit.unit or visit.auditor),
        checklist=tuple(
            check
            for check in checks
            if check.requirement or check.question or check.evidence or check.verdict or check.finding
        ),
        conclusion=text_of(state.get("conclusion")),
    )


def audit_documents(work: AuditWork) -> tuple[Document, ...]:
    """Plan, checklist and report, each if there is something to put in it."""
    made: list[Document] = []
    if work.schedule or any(work.plan.values()):
        made.append(_plan(work))
    if work.checklist:
        made.append(_checklist(work))
    if work.conclusion or any(check.verdict or check.finding for check in work.checklist):
        made.append(_report(work))
    return tuple(made)


def _plan(work: AuditWork) -> Document:
    blocks: list[Block] = [
        Heading("I. Nội dung đánh giá"),
        Fields(tuple((label, work.plan[field]) for field, label in PLAN.items())),
        Heading("II. Lịch đánh giá"),
        _schedule(work),
        Heading("III. Yêu cầu đối với đoàn đánh giá"),
        Text(_IMPARTIAL),
    ]
    return Document(
        "ke-hoach-danh-gia", "KẾ HOẠCH", f"Đánh giá nội bộ {_SYSTEM}", tuple(blocks), _signatures(work)
    )


def _checklist(work: AuditWork) -> Document:
    columns = (
        Column("TT", 1, "number"),
        Column("Yêu cầu", 4),
        Column("Câu hỏi", 5),
        Column("Bằng chứng", 5),
        Column("Kết luận", 2),
        Column("Phát hiện", 5),
    )
    rows = (
        (row.requirement, row.question, row.evidence, VERDICTS.get(row.verdict, ""), row.finding)
        for row in work.checklist
    )
    head = Fields(tuple((PLAN[field], work.plan[field]) for field in ("scope", "date", "lead")))
    return Document(
        "phieu-kiem-tra-danh-gia",
        "PHIẾU KIỂM TRA",
        f"Dùng cho đánh giá nội bộ {_SYSTEM}",
        (head, Table(columns, _numbered(rows))),
        (Signature("ĐÁNH GIÁ VIÊN"), Signature("TRƯỞNG ĐOÀN ĐÁNH GIÁ", work.plan["lead"])),
        landscape=True,
    )


def _report(work: AuditWork) -> Document:
    blocks: list[Block] = [
        Heading("I. Thông tin chung"),
        Fields(tuple((label, work.plan[field]) for field, label in PLAN.items())),
        Heading("II. Nơi và thời gian đánh giá"),
        _schedule(work),
        Heading("III. Kết quả"),
        Text(_result(work)),
        Heading("IV. Điểm không phù hợp"),
        _findings(work, "nonconformity", "Chỗ chưa đáp ứng", "Không ghi nhận điểm không phù hợp nào."),
        Heading("V. Điểm lưu ý"),
        _findings(work, "observation", "Nội dung lưu ý", "Không ghi nhận điểm lưu ý nào."),
        Heading("VI. Nội dung phù hợp"),
        _findings(work, "conformity", "Ghi nhận", "Chưa ghi nhận nội dung nào."),
        Heading("VII. Kết luận"),
        Text(work.conclusion) if work.conclusion else Fields((("Kết luận của đoàn đánh giá", ""),)),
    ]
    return Document(
        "bao-cao-danh-gia", "BÁO CÁO", f"Kết quả đánh giá nội bộ {_SYSTEM}", tuple(blocks), _signatures(work)
    )


def _result(work: AuditWork) -> str:
    counts = work.counts()
    judged = sum(counts.values())
    parts = [f"{format_number(counts[verdict])} {word.lower()}" for verdict, word in VERDICTS.items()]
    line = f"Đã kết luận {format_number(judged)} nội dung: {', '.join(parts)}."
    left = len(work.checklist) - judged
    return line if left == 0 else f"{line}\nCòn {format_number(left)} nội dung trong phiếu chưa kết luận."


def _findings(work: AuditWork, verdict: str, title: str, none: str) -> Block:
    rows = [row for row in work.checklist if row.verdict == verdict]
    if not rows:
        return Text(none)
    columns = (Column("TT", 1, "number"), Column("Yêu cầu", 4), Column("Bằng chứng", 5), Column(title, 5))
    return Table(columns, _numbered((row.requirement, row.evidence, row.finding) for row in rows))


def _schedule(work: AuditWork) -> Block:
    if not work.schedule:
        return Text("Chưa lập lịch.")
    columns = (
        Column("TT", 1, "number"),
        Column("Thời gian", 3),
        Column("Bộ phận, công việc được đánh giá", 6),
        Column("Đánh giá viên", 4),
    )
    return Table(columns, _numbered((visit.time, visit.unit, visit.auditor) for visit in work.schedule))


def _signatures(work: AuditWork) -> tuple[Signature, ...]:
    return (Signature("TRƯỞNG ĐOÀN ĐÁNH GIÁ", work.plan["lead"]), Signature("NGƯỜI PHÊ DUYỆT"))


def _numbered(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(number), *row) for number, row in enumerate(rows, start=1))


def _check(row: Mapping[str, object]) -> Check:
    verdict = row.get("verdict")
    known = verdict if isinstance(verdict, str) and verdict in VERDICTS else ""
    return Check(id=str(row["id"]), verdict=known, **texts_of(row, _CHECK))
