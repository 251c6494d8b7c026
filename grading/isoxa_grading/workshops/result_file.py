"""The result file that a participant takes home: one JSON object, signed.

Plain JSON: whoever has the file can read it, and nothing in it unfolds into more than its own size. An answer stands
in its public form, under the ids of its own attempt; so no file of a portal tells what an answer key calls anything,
and an answer fits the attempt's seed or it is none. See ``docs/trainers/lop-tap-huan.md`` for what a signature proves.

`encode` and `decode` know the form alone; whether a file fits its course is `checking`'s.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

from .codes import proof_of
from .errors import FileRefused, Reason
from .signing import Signer, signature_fits

__all__ = [
    "ENDING",
    "FORMAT",
    "LARGEST_FILE",
    "Attempt",
    "Content",
    "CourseName",
    "LessonItem",
    "Participant",
    "ResultFile",
    "decode",
    "encode",
]

FORMAT = "isoxa-ket-qua-tap-huan"
VERSION = 1
ENDING = ".isoxa.json"
LARGEST_FILE = 8 * 1024 * 1024

Key = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern="^[A-Za-z0-9][A-Za-z0-9._-]*$")]
Text = Annotated[str, msgspec.Meta(max_length=300)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class CourseName(msgspec.Struct, frozen=True):
    """Which released course this was done on."""

    id: Name
    edition: Name
    content_sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Participant(msgspec.Struct, frozen=True):
    """Who says to have done it. ``key`` is random, and the same in every file of this participant."""

    key: Key
    full_name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    unit_code: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    unit_name: Text
    position: Text = ""
    quality_role: Annotated[str, msgspec.Meta(max_length=20)] = ""
    staff_code: Annotated[str, msgspec.Meta(max_length=40)] = ""


class LessonItem(msgspec.Struct, frozen=True):
    """The state of one checkpoint or tool; tools' states are the work products."""

    lesson: Name
    item: Name
    state: Any
    saved_at: Moment


class Attempt(msgspec.Struct, frozen=True):
    """A submitted attempt. ``variants``: slot → what the seed drew; ``answers``: slot → public form.

    ``points`` is for whoever reads the file: an import scores the answers itself.
    """

    id: Key
    quiz: Name
    version: Count
    number: Count
    seed: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    variants: dict[Name, Name]
    answers: dict[Name, Any]
    started_at: Moment
    submitted_at: Moment
    points: Text | None = None
    max_points: Text | None = None


class Content(msgspec.Struct, frozen=True):
    """What is signed. ``class_name``: the open part of the code on the wall, or ''."""

    course: CourseName
    participant: Participant
    joined_at: Moment
    made_at: Moment
    lessons: Annotated[list[LessonItem], msgspec.Meta(max_length=2000)]
    attempts: Annotated[list[Attempt], msgspec.Meta(max_length=500)]
    class_name: Annotated[str, msgspec.Meta(max_length=4)] = ""


class _Whole(msgspec.Struct, frozen=True):
    format: str
    version: int
    content: Any
    public_key: Annotated[str, msgspec.Meta(max_length=100)]
    signature: Annotated[str, msgspec.Meta(max_length=200)]
    proof: Annotated[str, msgspec.Meta(max_length=64)] = ""


@dataclass(frozen=True)
class ResultFile:
    """A file that is whole and was not altered since it was signed. ``text``: as it came."""

    content: Content
    signed: bytes
    proof: str
    sha256: str
    text: str

    def proves(self, code: str) -> bool:
        """Whether whoever made it knew this code."""
        return bool(self.proof) and self.proof == proof_of(code, self.signed)


def encode(content: Content, signer: Signer, code: str = "") -> bytes:
    """The file: signed by this portal's key, and with the code where one was given."""
    plain = msgspec.to_builtins(content)
    signed = _canonical(plain)
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "content": plain,
        "public_key": _base64(signer.public_key),
        "signature": _base64(signer.sign(signed)),
        "proof": proof_of(code, signed) if code else "",
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


def decode(file: bytes) -> ResultFile:
    """The file as it was made. Raises `FileRefused`: whatever is not such a file, or not whole, or altered."""
    if len(file) > LARGEST_FILE:
        raise FileRefused(
            Reason.TOO_LARGE,
            "Tệp quá lớn (trên 8 MB) nên không phải tệp kết quả tập huấn. Chưa có gì được ghi.",
        )
    text, plain = _read(file)
    if plain.get("format") != FORMAT:
        raise _no_result()
    version = plain.get("version")
    if type(version) is int and version > VERSION:
        raise FileRefused(
            Reason.NEWER_FORMAT,
            "Tệp do bản isoxa mới hơn cổng này làm ra. Hãy nâng cấp cổng rồi nhập lại; tệp vẫn dùng được.",
        )
    try:
        whole = msgspec.convert(plain, _Whole)
        signed = _canonical(whole.content)
        if not signature_fits(_bytes(whole.public_key), _bytes(whole.signature), signed):
            raise _altered()
        content = msgspec.convert(whole.content, Content)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        raise _altered() from error
    return ResultFile(content, signed, whole.proof, hashlib.sha256(file).hexdigest(), text)


def _read(file: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_result() from error
    try:
        plain = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise _no_result() from error
    except ValueError as error:
        if text.lstrip()[:1] == "{" and f'"{FORMAT}"' in text[:200]:
            raise FileRefused(
                Reason.CUT,
                "Tệp bị cắt cụt hoặc hỏng khi chép, gửi. Xin người học gửi lại tệp gốc; chưa có gì được ghi.",
            ) from error
        raise _no_result() from error
    if not isinstance(plain, dict):
        raise _no_result()
    return text, plain


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _no_result() -> FileRefused:
    return FileRefused(
        Reason.NOT_A_RESULT,
        f"Đây không phải tệp kết quả tập huấn. Tệp đúng có đuôi “{ENDING}”, tải từ nút “Mang kết quả về”.",
    )


def _altered() -> FileRefused:
    return FileRefused(
        Reason.ALTERED,
        "Nội dung tệp đã bị sửa sau khi tải về (chữ ký không khớp). Xin người học gửi tệp gốc; chưa có gì được ghi.",
    )


def _canonical(plain: Any) -> bytes:
    """One spelling of the same JSON value, so that re-formatting a file does not break its signature."""
    return json.dumps(
        plain, ensure_ascii=True, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)
