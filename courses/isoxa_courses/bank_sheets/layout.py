"""What a workbook of a quiz looks like: its sheets, their columns, and which field of the YAML each column is.

One sheet for the quiz, one for its slots ("câu"), one for each question type. On a type's sheet a variant is a block of
rows: the first row has what the variant has once (the prompt, the explanation), and every row has one part of it (a
choice, a pair, a rubric line). Parts are rows, not columns: a question may have two choices or twenty, each with its
reason beside it, and a row can be read, moved and checked by eye without scrolling sideways.

Writing and reading both follow these tables, so neither can know a column that the other does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["id", "text", "answer", "points", "integer", "mark", "word", "any"]
"""How a cell is read: an id; text; a number kept as text (``98,5``); points; a whole number; a tick; a listed word;
any: as its row says."""


@dataclass(frozen=True)
class Column:
    """One column: ``key`` is the field's name in YAML, ``words`` what a cell of kind ``word`` may say → its value."""

    key: str
    heading: str
    kind: Kind = "text"
    required: bool = False
    width: int = 14
    words: dict[str, str] = field(default_factory=dict)
    limits: tuple[int, int] | None = None


@dataclass(frozen=True)
class PartKind:
    """One list of a question: ``field`` is its name in YAML (``scale.likelihood`` lies deeper), ``word`` its name in
    the column "Phần", ``uses`` the columns of its rows → whether they must be filled. ``bare``: the list holds texts,
    not mappings."""

    field: str
    uses: dict[str, bool]
    word: str = ""
    bare: bool = False


@dataclass(frozen=True)
class TypeSheet:
    """The sheet of one question type; ``head`` is what a variant has once, besides its prompt and explanation."""

    type: str
    title: str
    note: str
    head: tuple[Column, ...] = ()
    columns: tuple[Column, ...] = ()
    parts: tuple[PartKind, ...] = ()

    @property
    def head_columns(self) -> tuple[Column, ...]:
        """Columns filled in the first row of a variant."""
        return (ORDER, PROMPT, *self.head, EXPLANATION)

    @property
    def part_columns(self) -> tuple[Column, ...]:
        """Columns filled in every row: the part's kind, where there are several, then its fields."""
        words = {part.word: part.word for part in self.parts if part.word}
        kind = (Column(PART, "Phần", "word", required=True, width=16, words=words),) if words else ()
        return (*kind, *self.columns)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """From left to right."""
        return (SLOT, VARIANT, *self.head_columns, *self.part_columns)


PART = "part"
SLOT = Column("slot", "Mã câu", "id", required=True, width=18)
VARIANT = Column("variant", "Mã phương án", "id", required=True, width=16)
ORDER = Column("order", "Thứ tự", "integer", width=8, limits=(1, 999))
PROMPT = Column("prompt", "Đề bài", required=True, width=60)
EXPLANATION = Column("explanation", "Giải thích chung", required=True, width=40)

_WHY = Column("why", "Vì sao", width=44)
_LEVELS = (1, 5)


def _id(heading: str) -> Column:
    return Column("id", heading, "id", required=True, width=10)


def _text(heading: str) -> Column:
    return Column("text", heading, width=50)


_CHOICES = {
    "columns": (
        _id("Mã lựa chọn"),
        _text("Lựa chọn"),
        Column("correct", "Đúng", "mark", width=8),
        _WHY,
    ),
    "parts": (PartKind("choices", {"id": True, "text": True, "correct": False, "why": False}),),
}

QUIZ_TITLE = "Bài kiểm tra"
QUIZ_NOTE = "Mỗi dòng một thông tin của bài. Chỉ sửa cột “Giá trị”."
QUIZ_FIELDS = (
    Column("quiz", "Mã bài kiểm tra", "id", required=True),
    Column("version", "Phiên bản", "integer", required=True, limits=(1, 100_000)),
    Column("title", "Tên bài kiểm tra", required=True),
    Column("lesson", "Mã bài học", "id", required=True),
    Column("pass_mark", "Mức đạt (%)", "integer", limits=(1, 100)),
    Column("attempts", "Số lần làm", "integer", limits=(1, 100)),
    Column("time_limit_minutes", "Thời gian (phút)", "integer", limits=(1, 600)),
)
QUIZ_REMARKS = {
    "quiz": "Không sửa: hệ thống nhận bài theo mã này.",
    "version": "Không sửa: khi nội dung đổi, hệ thống tự tăng.",
    "lesson": "Không sửa.",
    "pass_mark": "Để trống: theo mức chung của khóa học.",
    "attempts": "Để trống: theo số lần chung của khóa học.",
    "time_limit_minutes": "Để trống: không giới hạn.",
}

LEVELS = {"nhớ": "recall", "hiểu": "understand", "vận dụng": "apply"}
SLOTS_TITLE = "Câu"
SLOTS_NOTE = (
    "Mỗi dòng một câu, theo thứ tự trong bài. Không sửa cột “Mã câu” của câu đã có; câu mới thì đặt mã mới."
)
SLOT_COLUMNS = (
    Column("id", "Mã câu", "id", required=True, width=24),
    Column("outcome", "Kết quả học tập", required=True, width=60),
    Column("clause", "Điều của tiêu chuẩn", width=18),
    Column("section", "Mục cần đọc lại", "id", required=True, width=22),
    Column("level", "Mức độ", "word", width=12, words=LEVELS),
    Column("points", "Điểm", "points", required=True, width=8),
)

TYPE_SHEETS = (
    TypeSheet(
        "single_choice",
        "Chọn một đáp án",
        "Mỗi dòng một lựa chọn; mỗi phương án đánh dấu x ở cột “Đúng” đúng một dòng.",
        **_CHOICES,  # type: ignore[arg-type] # two fields of one shape, written once for both kinds of choice
    ),
    TypeSheet(
        "multiple_choice",
        "Chọn nhiều đáp án",
        "Mỗi dòng một lựa chọn; mỗi phương án đánh dấu x ở cột “Đúng” một hay nhiều dòng.",
        **_CHOICES,  # type: ignore[arg-type]
    ),
    TypeSheet(
        "ordering",
        "Sắp thứ tự",
        "Mỗi dòng một ý, viết theo đúng thứ tự; khi làm bài hệ thống tự xáo.",
        columns=(_id("Mã ý"), _text("Ý")),
        parts=(PartKind("items", {"id": True, "text": True}),),
    ),
    TypeSheet(
        "matching",
        "Ghép cặp",
        "Mỗi dòng “Cặp” là hai vế đúng với nhau; dòng “Vế thừa” chỉ có vế phải.",
        columns=(_id("Mã cặp"), Column("left", "Vế trái", width=44), Column("right", "Vế phải", width=44)),
        parts=(
            PartKind("pairs", {"id": True, "left": True, "right": True}, "Cặp"),
            PartKind("extra", {"id": True, "right": True}, "Vế thừa"),
        ),
    ),
    TypeSheet(
        "classification",
        "Phân loại",
        "Dòng “Ô” là nơi xếp vào; dòng “Ý” là điều cần xếp, cột “Thuộc ô” ghi mã của ô đúng.",
        columns=(_id("Mã"), _text("Nội dung"), Column("box", "Thuộc ô", "id", width=14), _WHY),
        parts=(
            PartKind("boxes", {"id": True, "text": True}, "Ô"),
            PartKind("items", {"id": True, "text": True, "box": True, "why": False}, "Ý"),
        ),
    ),
    TypeSheet(
        "numeric",
        "Điền số",
        "Mỗi phương án một dòng. Số viết theo cách Việt Nam: 98,5 hoặc 1.250.",
        head=(
            Column("answer", "Đáp số", "answer", required=True),
            Column("tolerance", "Sai số cho phép", "answer", width=12),
            Column("unit", "Đơn vị", width=12),
        ),
    ),
    TypeSheet(
        "short_text",
        "Điền từ",
        "Mỗi dòng một cách viết được chấp nhận; dòng đầu là cách viết được nêu làm đáp án.",
        columns=(Column("text", "Cách viết được chấp nhận", width=50),),
        parts=(PartKind("accepted", {"text": True}, bare=True),),
    ),
    TypeSheet(
        "matrix_score",
        "Chấm ma trận",
        "Dòng “Mức khả năng”, “Mức ảnh hưởng”: lời của các mức 1 đến 5 (không ghi thì dùng thang chung). "
        "Dòng “Rủi ro”: ghi mức đúng; “Lệch” là 0 hoặc 1 mức được chấp nhận.",
        columns=(
            Column("id", "Mã", "id", width=10),
            _text("Nội dung"),
            Column("likelihood", "Khả năng", "integer", width=10, limits=_LEVELS),
            Column("severity", "Ảnh hưởng", "integer", width=10, limits=_LEVELS),
            Column("tolerance", "Lệch", "integer", width=8, limits=(0, 1)),
            _WHY,
        ),
        parts=(
            PartKind("scale.likelihood", {"text": True}, "Mức khả năng", bare=True),
            PartKind("scale.severity", {"text": True}, "Mức ảnh hưởng", bare=True),
            PartKind(
                "items",
                {
                    "id": True,
                    "text": True,
                    "likelihood": True,
                    "severity": True,
                    "tolerance": False,
                    "why": False,
                },
                "Rủi ro",
            ),
        ),
    ),
    TypeSheet(
        "table_fill",
        "Điền bảng",
        "Dòng “Cột”, “Hàng” dựng bảng; “Mẩu chữ” là các mẩu để chọn; “Ô điền” ghi mã hàng, mã cột và mã mẩu chữ đúng; "
        "“Ô cho sẵn” ghi mã hàng, mã cột và chữ đã có.",
        columns=(
            Column("id", "Mã", "id", width=10),
            _text("Nội dung"),
            Column("row", "Ở hàng", "id", width=12),
            Column("column", "Ở cột", "id", width=12),
            Column("answer", "Mẩu chữ đúng", "id", width=14),
            _WHY,
        ),
        parts=(
            PartKind("columns", {"id": True, "text": True}, "Cột"),
            PartKind("rows", {"id": True, "text": True}, "Hàng"),
            PartKind("bank", {"id": True, "text": True}, "Mẩu chữ"),
            PartKind("cells", {"row": True, "column": True, "answer": True, "why": False}, "Ô điền"),
            PartKind("given", {"row": True, "column": True, "text": True}, "Ô cho sẵn"),
        ),
    ),
    TypeSheet(
        "written",
        "Tự luận",
        "Mỗi dòng một tiêu chí chấm; điểm các tiêu chí cộng lại bằng điểm của câu. Câu này giảng viên chấm.",
        head=(
            Column("sample", "Bài mẫu", required=True, width=60),
            Column("min_words", "Số chữ tối thiểu", "integer", width=10, limits=(0, 2_000)),
        ),
        columns=(_id("Mã tiêu chí"), _text("Tiêu chí"), Column("points", "Điểm", "points", width=8)),
        parts=(PartKind("rubric", {"id": True, "text": True, "points": True}),),
    ),
)
"""One for every question type; a test holds that none is missing."""

ABOUT_BLOCKS = (
    "Các dòng của một phương án đứng liền nhau; đề bài và giải thích chung chỉ ghi ở dòng đầu. "
    "Không sửa mã (các cột “Mã …”) của những gì đã có; thêm mới thì đặt mã mới. Không gộp ô, không dùng công thức."
)
HEADING_ROW = 3
"""Two lines of notes stand above the headings."""
