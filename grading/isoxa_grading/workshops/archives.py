"""A ZIP of result files, as a class leader collects them: opened with limits, never a ZIP within a ZIP."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from .errors import FileRefused, Reason
from .result_file import LARGEST_FILE

__all__ = ["Room", "unpacked"]

_MOST_FILES = 500
_MOST_BYTES = 64 * 1024 * 1024
_CHUNK = 64 * 1024


@dataclass
class Room:
    """What the ZIPs of one import may still unfold into, all together: a hundred of them are no way around it."""

    files: int = _MOST_FILES
    size: int = _MOST_BYTES


def unpacked(name: str, content: bytes, room: Room) -> list[tuple[str, bytes]]:
    """The files in it, which take of the ``room``; a file that is no ZIP is itself. Raises `FileRefused` for one that
    holds too much.

    What the directory of the ZIP says of sizes is not believed: reading stops at the limit.
    """
    if not content.startswith(b"PK\x03\x04"):
        return [(name, content)]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [
                one for one in archive.infolist() if not one.is_dir() and not _of_a_system(one.filename)
            ]
            room.files -= len(inside)
            if room.files < 0:
                raise _too_much(name)
            found = []
            for one in inside:
                read = _read(archive, one, min(LARGEST_FILE + 1, max(room.size, 0) + 1))
                room.size -= len(read)
                if len(read) > LARGEST_FILE or room.size < 0:
                    raise _too_much(name)
                found.append((f"{name}/{PurePosixPath(one.filename).name}", read))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise FileRefused(
            Reason.NOT_A_RESULT,
            "Tệp nén hỏng hoặc có mật khẩu nên không mở được. Xin gửi thẳng các tệp kết quả; chưa có gì được ghi.",
        ) from error
    if not found:
        raise FileRefused(Reason.NOT_A_RESULT, "Tệp nén này rỗng.")
    return found


def _read(archive: zipfile.ZipFile, one: zipfile.ZipInfo, most: int) -> bytes:
    made = bytearray()
    with archive.open(one) as stream:
        while len(made) < most and (chunk := stream.read(min(_CHUNK, most - len(made)))):
            made += chunk
    return bytes(made)


def _of_a_system(path: str) -> bool:
    name = PurePosixPath(path)
    return "__MACOSX" in name.parts or name.name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _too_much(name: str) -> FileRefused:
    return FileRefused(
        Reason.TOO_LARGE,
        f"Tệp nén “{name}” bung ra quá lớn hoặc có quá nhiều tệp, nên không được mở hết. Chưa có gì được ghi; xin gửi "
        "làm nhiều lần.",
    )
