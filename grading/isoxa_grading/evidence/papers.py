"""The pack's own documents: the requirement, who was trained, what they scored, certificates, and the reviews."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from isoxa_courses.documents import Block, Column, Document, Fields, Heading, Signature, Table, Text
from isoxa_courses.facts import Fact
from isoxa_courses.text import format_date, format_number

from isoxa_grading.effect import REVIEW_AFTER_DAYS, ReviewLine
from isoxa_grading.records.tables import Degree
from isoxa_grading.reports.columns import ROLE_WORDS, STATE_WORDS

from .gathering import Gathered, Trained

__all__ = ["certificate_list", "people_list", "quiz_list", "requirement", "reviews"]

STANDING = {
    "in_force": "còn hiệu lực",
    "replaced": "đã được thay thế",
    "recheck": "cần rà lại trước khi dùng làm căn cứ",
}
CARRIED_OUT = {Degree.YES: "Đã thực hiện", Degree.PARTLY: "Thực hiện một phần", Degree.NO: "Chưa thực hiện"}
EFFECTIVE = {Degree.YES: "Có hiệu lực", Degree.PARTLY: "Có hiệu lực một phần", Degree.NO: "Chưa có hiệu lực"}
_SIGNERS = (Signature("Người lập"), Signature("Chủ tịch"))


def requirement(found: Gathered) -> Document:
    """What is required, point by point, with what shows it; and the law that binds it."""
    texts = found.texts
    blocks: list[Block] = [
        Heading(f"I. Yêu cầu: {texts.source}, {texts.clause}"),
        Text(texts.requirement),
        Table(
            (Column("Điểm", 1, "number"), Column("Yêu cầu", 6), Column("Minh chứng trong hồ sơ", 5)),
            tuple((one.point, one.text, one.shown_by) for one in texts.points),
        ),
    ]
    if found.facts:
        blocks += [Heading("II. Căn cứ"), *_facts(found.facts)]
    if texts.note:
        blocks += [Heading("Ghi chú"), Text(texts.note)]
    return Document(
        "yeu-cau", "HỒ SƠ MINH CHỨNG", f"Về năng lực: {found.course_title}", tuple(blocks), _SIGNERS
    )


def _facts(facts: Iterable[Fact]) -> Iterable[Text]:
    for number, fact in enumerate(facts, 1):
        place = (
            f"{fact.source}, {fact.article[:1].lower()}{fact.article[1:]}" if fact.article else fact.source
        )
        yield Text(
            f"{number}. {fact.text.rstrip('.')}. ({place}; đối chiếu ngày {format_date(fact.checked)}, "
            f"{STANDING[fact.status]}.)"
        )


def people_list(found: Gathered) -> Document:
    """Who was trained, in which role and edition, when, and to what end."""
    table = Table(
        (
            Column("STT", 4, "number"), Column("Họ và tên", 16), Column("Chức danh", 16), Column("Vai trò", 12),
            Column("Phiên bản", 8), Column("Ngày ghi danh", 10, "date"), Column("Trạng thái", 11),
            Column("Ngày hoàn thành", 10, "date"), Column("Hiệu lực đến hết ngày", 10, "date"),
        ),
        tuple(
            (
                str(one.number), one.full_name, one.position or "", _role(one), one.edition, _day(one.enrolled_on),
                STATE_WORDS[one.state], _day(one.completed_on), _day(one.valid_until),
            )
            for one in found.people
        ),
    )  # fmt: skip
    return _list(found, "DANH SÁCH", f"Cán bộ, công chức tham gia khóa học “{found.course_title}”", table)


def quiz_list(found: Gathered) -> Document:
    """Every attempt handed in, with its marks."""
    table = Table(
        (
            Column("STT", 4, "number"), Column("Họ và tên", 18), Column("Bài kiểm tra", 30), Column("Lần", 5, "number"),
            Column("Ngày nộp", 10, "date"), Column("Điểm", 7, "number"), Column("Điểm tối đa", 7, "number"),
            Column("Kết quả", 10),
        ),
        tuple(
            (
                str(one.number), one.full_name, tried.quiz, str(tried.number), _day(tried.submitted_on),
                _points(tried.points), _points(tried.max_points), _verdict(tried.passed),
            )
            for one in found.people
            for tried in one.tries
        ),
    )  # fmt: skip
    return _list(found, "KẾT QUẢ", f"Các bài kiểm tra của khóa học “{found.course_title}”", table)


def certificate_list(found: Gathered, files: dict[str, str]) -> Document:
    """Certificates that were issued; ``files``: number → file in the pack, for those that have one."""
    table = Table(
        (
            Column("STT", 4, "number"), Column("Họ và tên", 18), Column("Số", 18),
            Column("Ngày hoàn thành", 10, "date"), Column("Hiệu lực đến hết ngày", 10, "date"),
            Column("Tình trạng", 12), Column("Tệp", 24),
        ),
        tuple(
            (
                str(one.number), one.full_name, paper.number, _day(paper.completed_on), _day(paper.valid_until),
                "Đã thu hồi" if paper.revoked_at is not None else "Không bị thu hồi", files.get(paper.number, ""),
            )
            for one in found.people
            for paper in one.certificates
        ),
    )  # fmt: skip
    return _list(found, "DANH SÁCH", f"Giấy chứng nhận hoàn thành khóa học “{found.course_title}”", table)


def reviews(found: Gathered) -> Document:
    """What was judged, newest first; or that nothing has been yet."""
    blocks: list[Block] = [
        Text(
            f"Hiệu lực của đào tạo được đánh giá từ {REVIEW_AFTER_DAYS} ngày sau khi hoàn thành khóa học: "
            "điều đã học có được đem ra làm hay không, công việc đã thay đổi thế nào."
        )
    ]
    if not found.reviews:
        blocks.append(
            Text(f"Đến ngày {format_date(found.as_of)}, đơn vị chưa có phiếu đánh giá hiệu lực nào.")
        )
    for number, line in enumerate(found.reviews, 1):
        blocks += _review(number, line)
    about = f"Hiệu lực của đào tạo: khóa học “{found.course_title}”"
    return Document("danh-gia-hieu-luc", "PHIẾU ĐÁNH GIÁ", about, tuple(blocks), _SIGNERS)


def _review(number: int, line: ReviewLine) -> list[Block]:
    judged = line.judgement
    whom = line.full_name if line.enrolment_id is not None else "tất cả người đã hoàn thành của đơn vị"
    later = "" if line.counts else " (đã có lần đánh giá mới hơn)"
    blocks: list[Block] = [
        Heading(f"{number}. Ngày {format_date(judged.judged_on)}{later}"),
        Fields(
            (
                ("Đánh giá cho", whom or ""),
                ("Kế hoạch đã đề ra trong khóa học", CARRIED_OUT[judged.carried_out]),
                ("Điều đã thay đổi", judged.changed),
                ("Kết luận", EFFECTIVE[judged.effective]),
                *((("Việc làm tiếp", judged.next_step),) if judged.next_step else ()),
                ("Người đánh giá", judged.judged_by),
            )
        ),
    ]
    if judged.figures:
        blocks.append(
            Table(
                (Column("Số liệu", 6), Column("Trước", 2, "number"), Column("Sau", 2, "number")),
                tuple((one.measure, one.before, one.after) for one in judged.figures),
            )
        )
    return blocks


def _list(found: Gathered, title: str, about: str, table: Table) -> Document:
    until = f"Tính đến ngày {format_date(found.as_of)}."
    if not found.people:
        until = f"Đến ngày {format_date(found.as_of)}, đơn vị chưa có cán bộ, công chức nào đăng ký khóa học."
    elif not table.rows:
        until += " Chưa có dòng nào."
    return Document("danh-sach", title, about, (Text(until), table), _SIGNERS, landscape=True)


def _role(one: Trained) -> str:
    return ROLE_WORDS[one.quality_role] if one.quality_role is not None else ""


def _day(day: date | None) -> str:
    return format_date(day) if day is not None else ""


def _points(points: Decimal | None) -> str:
    return format_number(points) if points is not None else ""


def _verdict(passed: bool | None) -> str:
    return {None: "Chờ chấm", True: "Đạt", False: "Chưa đạt"}[passed]
