"""The PDCA board: sort a commune's tasks into Plan, Do, Check, Act, then build a cycle for one's own unit.

State from outside (the widget's, stored as it is)::

    {"placed": {item: "plan" | "do" | "check" | "act"}, "cycle": {"problem": "…", "plan": "…", …}}

Done: every item in its box, and at least ``cycle.min_words`` words in each field. What an officer writes about their
own unit is theirs: nobody marks it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, StrictInt

from ..documents import Document, DocumentKind, Fields, Signature
from ..fields import ContentModel, Id, Line, Paragraphs, refusal, unique_ids
from ..text import clean
from .base import Tool

BOXES: dict[str, str] = {
    "plan": "P – Hoạch định",
    "do": "D – Thực hiện",
    "check": "C – Kiểm tra",
    "act": "A – Hành động",
}
CYCLE = ("problem", *BOXES)
"""The fields of the officer's own cycle, in order."""


class Task(ContentModel):
    """A task of the commune, its box, and why it belongs there (shown when it is misplaced)."""

    id: Id
    text: Line
    box: Literal["plan", "do", "check", "act"]
    why: Paragraphs


class CycleField(ContentModel):
    """One field of the officer's own cycle: what to write there."""

    id: Literal["problem", "plan", "do", "check", "act"]
    label: Line
    hint: Line | None = None
    example: Paragraphs | None = None


def _whole_cycle(fields: tuple[CycleField, ...]) -> tuple[CycleField, ...]:
    if tuple(field.id for field in fields) != CYCLE:
        raise refusal(f"Vòng PDCA cần đủ năm ô, theo thứ tự: {', '.join(CYCLE)}.")
    return fields


class Cycle(ContentModel):
    """The officer's own cycle: five fields to fill."""

    intro: Paragraphs | None = None
    min_words: Annotated[StrictInt, Field(ge=1, le=200)] = 5
    fields: Annotated[tuple[CycleField, ...], AfterValidator(_whole_cycle)]


class PdcaBoard(Tool):
    """``items`` to sort and the ``cycle`` to build. The four boxes are fixed: :data:`BOXES`."""

    document_kinds: ClassVar[tuple[DocumentKind, ...]] = (DocumentKind("vong-pdca", "vòng PDCA"),)

    tool: Literal["pdca_board"]
    items: Annotated[tuple[Task, ...], Field(min_length=4, max_length=40), AfterValidator(unique_ids)]
    cycle: Cycle

    @property
    def boxes(self) -> list[dict[str, str]]:
        """``[{"id", "text"}]`` in the order of the cycle."""
        return [{"id": id_, "text": text} for id_, text in BOXES.items()]

    def judge(self, raw: object) -> bool:
        """Whether a state from outside is done."""
        return judge_board(self, raw).done

    def documents(self, raw: object) -> tuple[Document, ...]:
        """The officer's own cycle as a page to discuss in the office."""
        texts = _texts(raw)
        rows = tuple((field.label, texts.get(field.id, "")) for field in self.cycle.fields)
        if not any(value for _label, value in rows):
            return ()
        signatures = (Signature("NGƯỜI LẬP"), Signature("NGƯỜI PHÊ DUYỆT"))
        about = "Cải tiến công việc của đơn vị theo vòng PDCA"
        return (Document("vong-pdca", "KẾ HOẠCH CẢI TIẾN", about, (Fields(rows),), signatures),)


@dataclass(frozen=True)
class Misplaced:
    """An item in the wrong box, the right one, and why."""

    item: str
    right_box: str
    why: str


@dataclass(frozen=True)
class BoardResult:
    """What is wrong and what is missing; ``unplaced`` and ``cycle_missing`` hold ids in the order of the content."""

    done: bool
    misplaced: tuple[Misplaced, ...]
    unplaced: tuple[str, ...]
    cycle_missing: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """``{"done", "misplaced": [{"item", "right_box", "why"}], "unplaced": [ids], "cycle_missing": [ids]}``."""
        return {
            "done": self.done,
            "misplaced": [asdict(item) for item in self.misplaced],
            "unplaced": list(self.unplaced),
            "cycle_missing": list(self.cycle_missing),
        }


def judge_board(board: PdcaBoard, raw_state: object) -> BoardResult:
    """Judge a state from outside. Anything malformed counts as not placed or not written; never raises."""
    state = raw_state if isinstance(raw_state, dict) else {}
    placed = state.get("placed")
    written = state.get("cycle")
    boxes: dict[str, str] = {}
    if isinstance(placed, dict):
        boxes = {item: box for item, box in placed.items() if isinstance(box, str) and box in BOXES}
    texts = written if isinstance(written, dict) else {}
    misplaced = tuple(
        Misplaced(item.id, item.box, item.why)
        for item in board.items
        if boxes.get(item.id, item.box) != item.box
    )
    unplaced = tuple(item.id for item in board.items if item.id not in boxes)
    missing = tuple(id_ for id_ in CYCLE if _words(texts.get(id_)) < board.cycle.min_words)
    return BoardResult(not (misplaced or unplaced or missing), misplaced, unplaced, missing)


def _texts(raw: object) -> dict[str, str]:
    written = raw.get("cycle") if isinstance(raw, dict) else None
    if not isinstance(written, dict):
        return {}
    return {id_: clean(text, lines=True) for id_, text in written.items() if isinstance(text, str)}


def _words(text: object) -> int:
    return len(clean(text).split()) if isinstance(text, str) else 0


MODEL = PdcaBoard
