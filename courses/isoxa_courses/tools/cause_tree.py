"""The cause tree: correction or corrective action, five whys, and a corrective-action slip of one's own.

State from outside (the widget's, stored as it is)::

    {"sorted": {id: "correction" | "corrective_action" | "neither"}, "chain": {step: option},
     "own": {"problem", "requirement", "evidence", "correction", "similar",
             "causes": [{"id", "parent": id or "", "text"}], "root": cause id,
             "actions": [{"id", "text", "owner", "due"}], "effect": {"measure", "date", "result"}}}

Done: all sorted and the chain right, and a slip whose root cause stands at least ``own.min_whys`` whys deep, with one
action that has an owner and a day and does more than remind people, and a planned effect check. Its ``result`` may be
empty: the check comes later. Terms: TCVN ISO 9000:2015, 3.12.3 (sự khắc phục) and 3.12.2 (hành động khắc phục);
what the slip holds: TCVN ISO 9001:2015, 10.2.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, StrictInt

from ..cause_slips import Action, MissingPart, Slip, missing_parts, read_slip
from ..documents import Block, Column, Document, DocumentKind, Fields, Heading, Signature, Table
from ..fields import ContentModel, Id, Line, Paragraphs, refusal, unique_ids
from ..tool_states import day_text, mapping
from .base import Tool

KINDS: dict[str, str] = {
    "correction": "Sự khắc phục",
    "corrective_action": "Hành động khắc phục",
    "neither": "Không phải hai loại trên",
}


class Statement(ContentModel):
    """Something a commune did about a problem, what it is, and why (shown when it is sorted wrongly)."""

    id: Id
    text: Line
    kind: Literal["correction", "corrective_action", "neither"]
    why: Paragraphs


class Option(ContentModel):
    """One answer to a "why", and what is right or wrong with it."""

    id: Id
    text: Line
    correct: bool = False
    why: Paragraphs


def _one_right(options: tuple[Option, ...]) -> tuple[Option, ...]:
    if sum(option.correct for option in options) != 1:
        raise refusal("Mỗi câu “Vì sao?” cần đúng một ý có correct: true.")
    return options


class Step(ContentModel):
    """One "Vì sao?" of the guided chain; the next one goes on from its right answer."""

    id: Id
    question: Line
    options: Annotated[
        tuple[Option, ...],
        Field(min_length=2, max_length=6),
        AfterValidator(unique_ids),
        AfterValidator(_one_right),
    ]

    @property
    def right(self) -> Option:
        """The answer the chain goes on from."""
        return next(option for option in self.options if option.correct)


class Chain(ContentModel):
    """The guided five whys on the made-up case."""

    problem: Paragraphs
    steps: Annotated[tuple[Step, ...], Field(min_length=2, max_length=7), AfterValidator(unique_ids)]


class OwnSlip(ContentModel):
    """The officer's own slip: how many whys must lead to the root cause."""

    intro: Paragraphs | None = None
    min_whys: Annotated[StrictInt, Field(ge=1, le=7)] = 3


class CauseTree(Tool):
    """Statements to ``sort``, a guided ``chain`` of whys, and the ``own`` slip."""

    document_kinds: ClassVar[tuple[DocumentKind, ...]] = (
        DocumentKind("phieu-hanh-dong-khac-phuc", "phiếu hành động khắc phục"),
    )

    tool: Literal["cause_tree"]
    sort: Annotated[tuple[Statement, ...], Field(min_length=3, max_length=20), AfterValidator(unique_ids)]
    chain: Chain
    own: OwnSlip = OwnSlip()

    def judge(self, raw: object) -> bool:
        """Whether a state from outside is done."""
        return judge_causes(self, raw).done

    def documents(self, raw: object) -> tuple[Document, ...]:
        """The officer's corrective-action slip."""
        slip = read_slip(raw)
        if slip.empty:
            return ()
        signatures = (
            Signature("NGƯỜI LẬP"),
            Signature("NGƯỜI KIỂM TRA HIỆU LỰC"),
            Signature("NGƯỜI PHÊ DUYỆT"),
        )
        about = "Xử lý điểm không phù hợp và loại bỏ nguyên nhân"
        return (
            Document(
                "phieu-hanh-dong-khac-phuc", "PHIẾU HÀNH ĐỘNG KHẮC PHỤC", about, _blocks(slip), signatures
            ),
        )


@dataclass(frozen=True)
class Missorted:
    """A statement sorted wrongly, where it belongs, and why."""

    item: str
    right_kind: str
    why: str


@dataclass(frozen=True)
class ChainAnswer:
    """A step of the chain that was answered: with which option, whether it is the right one, and why."""

    step: str
    option: str
    right: bool
    why: str


@dataclass(frozen=True)
class CauseResult:
    """What is wrong and what is missing; ids in the order of the content and of the slip."""

    done: bool
    missorted: tuple[Missorted, ...]
    unsorted: tuple[str, ...]
    chain: tuple[ChainAnswer, ...]
    chain_missing: tuple[str, ...]
    own_missing: tuple[MissingPart, ...]

    def to_json(self) -> dict[str, Any]:
        """The fields by name; as lists of ids and of objects."""
        return {
            "done": self.done,
            "missorted": [asdict(one) for one in self.missorted],
            "unsorted": list(self.unsorted),
            "chain": [asdict(one) for one in self.chain],
            "chain_missing": list(self.chain_missing),
            "own_missing": [asdict(one) for one in self.own_missing],
        }


def judge_causes(tree: CauseTree, raw_state: object) -> CauseResult:
    """Judge a state from outside. Anything malformed counts as not done; never raises."""
    state = mapping(raw_state)
    chosen = mapping(state.get("sorted"))
    missorted, unsorted = [], []
    for item in tree.sort:
        kind = chosen.get(item.id)
        if not isinstance(kind, str) or kind not in KINDS:
            unsorted.append(item.id)
        elif kind != item.kind:
            missorted.append(Missorted(item.id, item.kind, item.why))
    answers = mapping(state.get("chain"))
    answered, unanswered = [], []
    for step in tree.chain.steps:
        answer = answers.get(step.id)
        option = next((one for one in step.options if one.id == answer), None)
        if option is None:
            unanswered.append(step.id)
        else:
            answered.append(ChainAnswer(step.id, option.id, option.correct, option.why))
    missing = missing_parts(read_slip(raw_state), tree.own.min_whys)
    done = not (missorted or unsorted or unanswered or missing) and all(one.right for one in answered)
    return CauseResult(done, tuple(missorted), tuple(unsorted), tuple(answered), tuple(unanswered), missing)


def _blocks(slip: Slip) -> tuple[Block, ...]:
    texts, effect = slip.texts, slip.effect
    return (
        Heading("1. Điểm không phù hợp"),
        Fields(
            (
                ("Điều đã xảy ra", texts["problem"]),
                ("Yêu cầu không được đáp ứng", texts["requirement"]),
                ("Bằng chứng", texts["evidence"]),
            )
        ),
        Heading("2. Sự khắc phục và trường hợp tương tự"),
        Fields(
            (
                ("Sự khắc phục đã thực hiện", texts["correction"]),
                ("Trường hợp tương tự đã tìm", texts["similar"]),
            )
        ),
        Heading("3. Nguyên nhân"),
        _cause_table(slip),
        *(() if slip.root else (Fields((("Nguyên nhân gốc được chọn", ""),)),)),
        Heading("4. Hành động khắc phục"),
        _action_table(slip.actions),
        Heading("5. Kiểm tra hiệu lực"),
        Fields(
            (
                ("Cách đo", effect["measure"]),
                ("Ngày kiểm tra", day_text(effect["date"])),
                ("Kết quả kiểm tra", effect["result"]),
                ("Rủi ro, cơ hội và quy trình cần cập nhật (nếu có)", ""),
            )
        ),
    )


def _cause_table(slip: Slip) -> Table:
    columns = (Column("Số", 2), Column("Vì sao?", 12), Column("Ghi chú", 4))
    rows = tuple(
        (slip.causes.numbers[cause.id], cause.text, "Nguyên nhân gốc" if cause.id == slip.root else "")
        for cause in slip.causes.causes
        if cause.text
    )
    caption = "Số 1.1 trả lời câu “Vì sao?” của số 1, số 1.1.1 trả lời của số 1.1, và cứ thế."
    return Table(columns, rows or (("", "", ""),), caption)


def _action_table(actions: tuple[Action, ...]) -> Table:
    columns = (
        Column("STT", 1, "number"),
        Column("Hành động", 9),
        Column("Người phụ trách", 4),
        Column("Thời hạn", 3, "date"),
    )
    rows = tuple(
        (str(number), action.text, action.owner, day_text(action.due))
        for number, action in enumerate(actions, start=1)
    )
    return Table(columns, rows or (("", "", "", ""),))


MODEL = CauseTree
