"""The pack as files: their names, what each shows, and the ZIP, written file by file so that nobody waits for the end.

``muc-luc.xlsx`` lists every file with what it shows and its SHA-256; ``SHA256SUMS`` is for ``sha256sum -c``. They come
last, since they speak of all the others. Names are ASCII.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from isoxa_courses.documents import Column, Document, Table, Text
from isoxa_courses.text import format_date

from isoxa_grading.records.tables import Certificate
from isoxa_grading.work_products import Letterhead, letterhead_of, write_docx, write_xlsx
from isoxa_grading.work_products.file_names import ascii_name
from isoxa_grading.work_products.fixed_zip import zip_parts

from .gathering import Gathered, Trained
from .papers import certificate_list, people_list, quiz_list, requirement, reviews

__all__ = ["Pack", "evidence_pack", "pack_name"]

CertificateOf = Callable[[Certificate], bytes]


@dataclass(frozen=True)
class _File:
    """A file of the pack: what is in it, and which point of the requirement it shows."""

    name: str
    content: bytes
    about: str
    shows: str


@dataclass(frozen=True)
class Pack:
    """``name``: of the ZIP, and of the one folder in it. ``parts`` gives its bytes, piece by piece."""

    name: str
    found: Gathered
    certificate_of: CertificateOf

    def parts(self) -> Iterator[bytes]:
        """The ZIP, a piece a file: the same bytes whenever it is asked for."""
        return zip_parts(self._entries(), self.found.as_of)

    def content(self) -> bytes:
        """The whole ZIP."""
        return b"".join(self.parts())

    def _entries(self) -> Iterator[tuple[str, bytes]]:
        writer = _Writer(self.found)
        written: list[tuple[_File, str]] = []
        for file in writer.files(self.certificate_of):
            written.append((file, hashlib.sha256(file.content).hexdigest()))
            yield f"{self.name}/{file.name}", file.content
            # Only what the index says of it is kept.
            written[-1] = (_File(file.name, b"", file.about, file.shows), written[-1][1])
        index = writer.index(written)
        yield f"{self.name}/muc-luc.xlsx", index
        sums = [
            *((digest, file.name) for file, digest in written),
            (hashlib.sha256(index).hexdigest(), "muc-luc.xlsx"),
        ]
        yield f"{self.name}/SHA256SUMS", "".join(f"{digest}  {name}\n" for digest, name in sums).encode()


def evidence_pack(found: Gathered, certificate_of: CertificateOf) -> Pack:
    """The pack of what was gathered. ``certificate_of`` gives the signed file of a certificate, or raises.

    It is asked as the files are written, since signing many takes a while, but for the first one here: what keeps a
    certificate from being signed is told before anything is sent.
    """
    for paper in (paper for one in found.people for paper in one.certificates if _given(paper)):
        certificate_of(paper)
        break
    return Pack(pack_name(found), found, certificate_of)


def _given(paper: Certificate) -> bool:
    """Of a certificate that was taken back, or whose name was erased, only the line in the list is in the pack."""
    return paper.revoked_at is None and paper.person_name is not None


def pack_name(found: Gathered) -> str:
    """``ho-so-dieu-7-2-da-teh-2026-11-22``."""
    return f"ho-so-dieu-7-2-{ascii_name(found.unit.short_name)}-{found.as_of.isoformat()}"


class _Writer:
    """Writes the pack's files under the commune's own head."""

    def __init__(self, found: Gathered) -> None:
        self._found = found
        self._head: Letterhead = letterhead_of(found.unit, found.as_of.year)
        self._at = _morning(found.as_of)

    def files(self, certificate_of: CertificateOf) -> Iterator[_File]:
        found = self._found
        yield self._word(
            "1-yeu-cau/yeu-cau-ve-nang-luc", requirement(found), "Yêu cầu và căn cứ", "Điều 7.2, toàn bộ"
        )
        yield from self._both(
            "2-dao-tao/danh-sach-nguoi-hoc",
            people_list(found),
            "Ai đã học, vai trò, ngày hoàn thành",
            "7.2 a, b, c",
        )
        yield from self._both(
            "3-kiem-tra/ket-qua-kiem-tra", quiz_list(found), "Điểm từng lần kiểm tra", "7.2 b"
        )
        places = {
            paper.number: f"4-giay-chung-nhan/{paper.number}.pdf"
            for one in found.people
            for paper in one.certificates
            if _given(paper)
        }
        yield from self._both(
            "4-giay-chung-nhan/danh-sach-giay-chung-nhan",
            certificate_list(found, places),
            "Giấy chứng nhận đã cấp",
            "7.2 b, d",
        )
        for one in found.people:
            for paper in filter(_given, one.certificates):
                about = f"Giấy chứng nhận của {one.full_name}, có chữ ký số"
                yield _File(places[paper.number], certificate_of(paper), about, "7.2 b, d")
        for one in found.people:
            yield from self._products(one)
        yield self._word(
            "6-hieu-luc/danh-gia-hieu-luc", reviews(found), "Đánh giá hiệu lực của đào tạo", "7.2 c"
        )

    def index(self, written: list[tuple[_File, str]]) -> bytes:
        """What each file holds and shows."""
        table = Table(
            (
                Column("STT", 4, "number"), Column("Tệp", 34), Column("Nội dung", 30), Column("Chứng minh", 14),
                Column("SHA-256", 40),
            ),
            tuple(
                (str(place), file.name, file.about, file.shows, digest)
                for place, (file, digest) in enumerate(written, 1)
            ),
            "Mục lục",
        )  # fmt: skip
        about = f"Hồ sơ minh chứng điều 7.2, tính đến ngày {format_date(self._found.as_of)}"
        return self._xlsx(Document("muc-luc", "MỤC LỤC", about, (Text(about), table), landscape=True))

    def _products(self, one: Trained) -> Iterator[_File]:
        """What somebody made: each document in Word, under the day it was saved."""
        folder = f"5-san-pham/{one.number:02d}-{ascii_name(one.full_name, longest=40)}"
        taken: set[str] = set()
        for product in one.products:
            for document in product.documents:
                name = ascii_name(f"{product.lesson_number} {document.kind}")
                name = name if name not in taken else f"{name}-{product.work_id}"
                taken.add(name)
                about = f"{document.title}: {document.about}, {one.full_name} lập"
                head = letterhead_of(self._found.unit, product.saved_at.year)
                yield _File(f"{folder}/{name}.docx", _docx(document, head, product.saved_at), about, "7.2 b")

    def _both(self, name: str, document: Document, about: str, shows: str) -> Iterator[_File]:
        yield self._word(name, document, about, shows)
        yield _File(f"{name}.xlsx", self._xlsx(document), f"{about} (bảng tính)", shows)

    def _word(self, name: str, document: Document, about: str, shows: str) -> _File:
        return _File(f"{name}.docx", _docx(document, self._head, self._at), about, shows)

    def _xlsx(self, document: Document) -> bytes:
        stream = io.BytesIO()
        write_xlsx(document, self._head, stream, saved_at=self._at)
        return stream.getvalue()


def _docx(document: Document, head: Letterhead, at: datetime) -> bytes:
    stream = io.BytesIO()
    write_docx(document, head, stream, saved_at=at)
    return stream.getvalue()


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
