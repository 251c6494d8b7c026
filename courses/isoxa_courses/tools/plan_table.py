"""The plan table: find what is missing in a made-up commune's plan, then write one's own, 5W+1H + 2.

The two that are most often forgotten are what ISO 9001, 6.2.2 asks for beside what, who, when: which resources are
needed (b) and how the results will be evaluated (e).

State from outside (the widget's, stored as it is)::

    {"found": {row: [columns]}, "objective": "…",
     "rows": [{"id", "what", "why", "who", "where", "start", "end", "how", "resources", "evaluation"}]}

Done: in every row of the made-up plan exactly the columns that are missing or too vague; an objective; and at least
``own.min_rows`` rows with every column filled and a start that is not after the end.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, StrictInt, field_validator

from ..documents import Column, Document, DocumentKind, Heading, Signature, Table, Text
from ..fields import ContentModel, Id, Line, Paragraphs, refusal, unique_ids
from ..text import clean
from ..tool_states import day_of, day_text, has_words, mapping, records_of, text_of, texts_of
from .base import Tool

GapColumn = Literal["what", "why", "who", "where", "when", "how", "resources", "evaluation"]
GAP_COLUMNS: dict[GapColumn, str] = {
    "what": "Làm gì",
    "why": "Vì sao",
    "who": "Ai làm",
    "where": "Ở đâu",
    "when": "Khi nào",
    "how": "Làm thế nào",
    "resources": "Nguồn lực",
    "evaluation": "Cách đánh giá",
}
"""The columns of a plan as officers read them: 5W+1H + 2. The officer's own rows split "when" into start and end."""
ROW_FIELDS = ("what", "why", "who", "where", "start", "end", "how", "resources", "evaluation")

# A date needs a tenth of the line, or Word breaks it in two.
_TABLE = (
    Column("STT", 5, "number"),
    Column("Nội dung công việc", 15),
    Column("Mục đích", 11),
    Column("Người thực hiện", 11),
    Column("Nơi thực hiện", 9),
    Column("Bắt đầu", 11, "date"),
    Column("Hoàn thành", 11, "date"),
    Column("Cách thực hiện", 13),
    Column("Nguồn lực", 11),
    Column("Cách đánh giá kết quả", 13),
)


class ObjectiveSource(ContentModel):
    """Where the objective comes from: a SMART builder of another lesson of the course."""

    lesson: Id
    tool: Id


class Cells(ContentModel):
    """One row of a plan. A column left out has nothing written in it."""

    what: str = Field(default="", max_length=2_000)
    why: str = Field(default="", max_length=2_000)
    who: str = Field(default="", max_length=2_000)
    where: str = Field(default="", max_length=2_000)
    when: str = Field(default="", max_length=2_000)
    how: str = Field(default="", max_length=2_000)
    resources: str = Field(default="", max_length=2_000)
    evaluation: str = Field(default="", max_length=2_000)

    @field_validator("*")
    @classmethod
    def _clean(cls, value: str) -> str:
        return clean(value, lines=True)


class GapRow(ContentModel):
    """A row of the made-up plan; ``missing`` names the columns that are empty or too vague (none: a good row)."""

    id: Id
    cells: Cells
    missing: tuple[GapColumn, ...] = ()
    why: Paragraphs


def _empty_ones_are_missing(rows: tuple[GapRow, ...]) -> tuple[GapRow, ...]:
    for index, row in enumerate(rows):
        for name, label in GAP_COLUMNS.items():
            if not getattr(row.cells, name) and name not in row.missing:
                raise refusal(f"Ô “{label}” để trống thì phải có “{name}” trong missing.", index, "missing")
    if not any(row.missing for row in rows):
        raise refusal("Kế hoạch này không thiếu gì: ít nhất một dòng phải có missing.")
    return rows


class Gaps(ContentModel):
    """A plan with holes in it."""

    objective: Line
    rows: Annotated[
        tuple[GapRow, ...],
        Field(min_length=2, max_length=8),
        AfterValidator(unique_ids),
        AfterValidator(_empty_ones_are_missing),
    ]


class ExampleRow(ContentModel):
    """A whole row, shown beside the officer's own."""

    cells: Cells


class OwnPlan(ContentModel):
    """The officer's own plan."""

    intro: Paragraphs | None = None
    min_rows: Annotated[StrictInt, Field(ge=1, le=12)] = 3
    example: ExampleRow


class PlanTable(Tool):
    """``gaps`` to find, and an ``own`` plan to write for an objective."""

    document_kinds: ClassVar[tuple[DocumentKind, ...]] = (
        DocumentKind("ke-hoach-thuc-hien", "kế hoạch thực hiện", ("docx", "xlsx")),
    )

    tool: Literal["plan_table"]
    objective_from: ObjectiveSource | None = None
    gaps: Gaps
    own: OwnPlan

    def judge(self, raw: object) -> bool:
        """Whether a state from outside is done."""
        return judge_plan(self, raw).done

    def documents(self, raw: object) -> tuple[Document, ...]:
        """The officer's own plan, on a broad page: the objective, then the table."""
        objective = text_of(mapping(raw).get("objective"))
        rows = own_rows(raw)
        if not (objective or rows):
            return ()
        cells = tuple(
            (str(number), *(_cell(row, field) for field in ROW_FIELDS)) for number, row in enumerate(rows, 1)
        )
        blocks = (
            Heading("I. Mục tiêu"),
            Text(objective or "…"),
            Heading("II. Nội dung thực hiện"),
            Table(_TABLE, cells),
        )
        signatures = (Signature("NGƯỜI LẬP"), Signature("NGƯỜI PHÊ DUYỆT"))
        kind = self.document_kinds[0].kind
        about = "Thực hiện mục tiêu chất lượng"
        return (Document(kind, "KẾ HOẠCH", about, blocks, signatures, landscape=True),)


@dataclass(frozen=True)
class GapResult:
    """One row of the made-up plan: the columns rightly named, wrongly named, and how many are still to find."""

    row: str
    right: bool
    found: tuple[str, ...]
    extra: tuple[str, ...]
    left: int
    why: str


@dataclass(frozen=True)
class RowResult:
    """One row of the officer's own: the empty fields, and whether the days make sense."""

    row: str
    empty: tuple[str, ...]
    order_wrong: bool

    @property
    def complete(self) -> bool:
        """Every field filled, and it does not end before it starts."""
        return not self.empty and not self.order_wrong


@dataclass(frozen=True)
class PlanResult:
    """``gaps`` in the order of the content; ``rows`` in the order of the state, the untouched ones left out."""

    done: bool
    gaps: tuple[GapResult, ...]
    objective: bool
    rows: tuple[RowResult, ...]
    needed: int

    @property
    def complete_rows(self) -> int:
        """How many of the officer's rows are complete."""
        return sum(1 for row in self.rows if row.complete)

    def to_json(self) -> dict[str, Any]:
        """``{"done", "gaps": [...], "objective": bool, "rows": [{…, "complete"}], "complete_rows", "needed"}``."""
        return {
            "done": self.done,
            "gaps": [asdict(one) for one in self.gaps],
            "objective": self.objective,
            "rows": [{**asdict(one), "complete": one.complete} for one in self.rows],
            "complete_rows": self.complete_rows,
            "needed": self.needed,
        }


def judge_plan(plan: PlanTable, raw: object) -> PlanResult:
    """Judge a state from outside. Anything malformed counts as not found or not written; never raises."""
    state = mapping(raw)
    found = mapping(state.get("found"))
    gaps = tuple(_judge_gap(row, found.get(row.id)) for row in plan.gaps.rows)
    objective = has_words(text_of(state.get("objective")))
    rows = tuple(_judge_row(row) for row in own_rows(state))
    complete = sum(1 for row in rows if row.complete)
    done = objective and complete >= plan.own.min_rows and all(gap.right for gap in gaps)
    return PlanResult(done, gaps, objective, rows, plan.own.min_rows)


def own_rows(raw: object) -> list[dict[str, str]]:
    """The rows of a saved state that have any words: ``{"id", "what", …, "evaluation"}``, every field there."""
    found = records_of(mapping(raw).get("rows"))
    rows = [{"id": str(one["id"]), **texts_of(one, ROW_FIELDS)} for one in found]
    return [row for row in rows if any(has_words(row[field]) for field in ROW_FIELDS)]


def _judge_gap(row: GapRow, raw: object) -> GapResult:
    named = [name for name in raw if isinstance(name, str)] if isinstance(raw, list) else []
    missing = set(row.missing)
    found = tuple(name for name in GAP_COLUMNS if name in named and name in missing)
    extra = tuple(name for name in GAP_COLUMNS if name in named and name not in missing)
    left = len(missing) - len(found)
    return GapResult(row.id, not (extra or left), found, extra, left, row.why)


def _judge_row(row: dict[str, str]) -> RowResult:
    start, end = day_of(row["start"]), day_of(row["end"])
    said = {field: has_words(row[field]) for field in ROW_FIELDS}
    said["start"], said["end"] = start is not None, end is not None
    empty = tuple(field for field in ROW_FIELDS if not said[field])
    return RowResult(row["id"], empty, start is not None and end is not None and start > end)


def _cell(row: dict[str, str], field: str) -> str:
    return day_text(row[field]) if field in ("start", "end") else row[field]


MODEL = PlanTable
