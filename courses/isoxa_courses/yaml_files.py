"""YAML files with the line of everything in them, so that every complaint names file, line and field.

The nodes are composed by ruamel.yaml and turned into plain data here: only strings, numbers, true/false, null, dates,
lists and mappings, in the YAML 1.2 reading (``yes`` and ``on`` are words). A field written twice is an error, not a
silent overwrite.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from .errors import ContentError, Problem

Location = tuple[str | int, ...]

_LARGEST_FILE = 2_000_000
_DEEPEST = 30
_MOST_NODES = 200_000
_TOO_DEEP = "Các mục lồng nhau quá sâu hoặc lặp lại quá nhiều."

_READINGS = (
    (r"'\\t'", "Có phím Tab ở chỗ thụt dòng. YAML chỉ nhận dấu cách: hãy thay Tab bằng hai dấu cách."),
    (
        r"mapping values are not allowed",
        "Dấu hai chấm đặt sai chỗ, hoặc dòng thụt lệch. Nếu dấu hai chấm nằm trong câu chữ, hãy đặt cả câu "
        "trong ngoặc kép.",
    ),
    (r"could not find expected ':'", "Thiếu dấu hai chấm sau tên trường."),
    (r"unexpected end of stream", "Có dấu ngoặc kép (hoặc ngoặc đơn) mở ra mà không đóng lại."),
    (
        r"expected <block end>",
        "Dòng thụt lệch so với các dòng cùng mục, hoặc một dấu ngoặc kép ở dòng trên chưa đóng.",
    ),
    (r"expected ',' or '[\]}]'", "Thiếu dấu phẩy, hoặc thiếu dấu đóng ] hay }."),
    (r"found undefined alias", "Có dấu * ở đầu giá trị. Nếu đó là câu chữ, hãy đặt trong ngoặc kép."),
    (r"another document", "Một tệp chỉ được chứa một phần; hãy bỏ dòng “---” thứ hai."),
    (r"cannot start any token", "Ký tự đầu của giá trị không hợp lệ. Hãy đặt cả giá trị trong ngoặc kép."),
)


@dataclass(frozen=True)
class Document:
    """A YAML file as plain data, and the line of each place in it."""

    path: Path
    data: Any
    lines: dict[Location, int]

    def line(self, location: Sequence[str | int]) -> int:
        """The line of a place; of the nearest place around it, if it is not in the file."""
        return self.lines[self.find(location)]

    def find(self, location: Sequence[str | int]) -> Location:
        """``location`` as far as the file has it; steps that only a model knows are passed over."""
        found: Location = ()
        for step in location:
            if (*found, step) in self.lines:
                found = (*found, step)
        return found

    def problem(self, location: Sequence[str | int], reason: str) -> Problem:
        """A problem at that place; the reason begins with the place in words."""
        place = self.in_words(location)
        return Problem(str(self.path), self.line(location), f"{place}: {reason}" if place else reason)

    def in_words(self, location: Sequence[str | int]) -> str:
        """``"slots › muc-tieu › variants › a › prompt"``: list items by their id, else by number from 1."""
        words: list[str] = []
        value = self.data
        for step in self.find(location):
            value = value[step]
            if isinstance(step, int):
                own = value.get("id") if isinstance(value, dict) else None
                words.append(own if isinstance(own, str) else str(step + 1))
            else:
                words.append(step)
        return " › ".join(words)


def read_yaml(path: Path) -> Document:
    """The file as a :class:`Document`. Raises :class:`ContentError` naming the line that cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, 1, f"Không mở được tệp ({error.strerror}).") from None
    if len(raw) > _LARGEST_FILE:
        raise _unreadable(path, 1, "Tệp lớn hơn 2 MB; đây không phải là tệp nội dung.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, line, "Tệp không ở bảng mã UTF-8. Hãy lưu lại tệp bằng UTF-8.") from None
    node = _compose(path, text)
    if node is None:
        raise _unreadable(path, 1, "Tệp trống.")
    builder = _Builder(path)
    data = builder.build(node, ())
    if not isinstance(data, dict):
        raise _unreadable(path, builder.lines[()], "Tệp phải gồm các dòng “tên: giá trị”.")
    return Document(path, data, builder.lines)


def _compose(path: Path, text: str) -> Node | None:
    """The same nodes from either parser: libyaml's is nine times as fast, Python's says better what is wrong."""
    try:
        _refuse_deep(path, text)
        fast: Node | None = YAML(typ="safe").compose(text)
    except (YAMLError, ValueError):
        return _compose_or_say_why(path, text)
    return fast


def _refuse_deep(path: Path, text: str) -> None:
    # libyaml's composer calls itself for each level and would end the process; its events come one by one.
    depth = 0
    for event in YAML(typ="safe").parse(text):
        if isinstance(event, CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST + 1:
                raise _unreadable(path, event.start_mark.line + 1, _TOO_DEEP)
        elif isinstance(event, CollectionEndEvent):
            depth -= 1


def _compose_or_say_why(path: Path, text: str) -> Node | None:
    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        if error.context_mark and "quoted scalar" in str(error.context):
            line = error.context_mark.line + 1  # the quote that was opened, not the end of the file
        raise _unreadable(path, min(line, text.count("\n") + 1), _in_vietnamese(error)) from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise _unreadable(path, line, "Có ký tự điều khiển không đọc được; hãy xóa ký tự ấy.") from None
    except YAMLError as error:
        raise _unreadable(path, 1, f"Không đọc được YAML: {error}") from None
    except RecursionError:
        raise _unreadable(path, 1, _TOO_DEEP) from None
    return node


def _in_vietnamese(error: MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "")
    for pattern, reason in _READINGS:
        if re.search(pattern, problem):
            return reason
    return f"Không đọc được YAML ({problem})."


def _unreadable(path: Path, line: int, reason: str) -> ContentError:
    return ContentError([Problem(str(path), line, reason)])


class _Builder:
    """Turns nodes into plain data and notes the line of each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._nodes = 0
        self.lines: dict[Location, int] = {}

    def build(self, node: Node, location: Location) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(location, line)
        self._nodes += 1
        # Aliases make a tree of nodes into a graph: it can be endless, or enormous.
        if len(location) > _DEEPEST or self._nodes > _MOST_NODES:
            raise _unreadable(self._path, line, _TOO_DEEP)
        if isinstance(node, MappingNode):
            return self._mapping(node, location)
        if isinstance(node, SequenceNode):
            return [self.build(item, (*location, index)) for index, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        return self._scalar(node, line)

    def _mapping(self, node: MappingNode, location: Location) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode) or str(key_node.tag).endswith(":merge"):
                raise _unreadable(self._path, line, "Tên trường phải là một từ.")
            key = key_node.value
            if key in data:
                raise _unreadable(self._path, line, f"Trường “{key}” viết hai lần trong cùng một mục.")
            self.lines[(*location, key)] = line
            data[key] = self.build(value_node, (*location, key))
        return data

    def _scalar(self, node: ScalarNode, line: int) -> Any:
        kind, text = str(node.tag).rpartition(":")[2], node.value
        if not str(node.tag).startswith("tag:yaml.org,2002:"):
            raise _unreadable(
                self._path, line, f"Không dùng thẻ “{node.tag}”. Hãy đặt giá trị trong ngoặc kép."
            )
        try:
            match kind:
                case "null":
                    return None
                case "bool":
                    return text.lower() == "true"
                case "int":
                    return int(text.replace("_", ""), 0)
                case "float":
                    return float(text.replace("_", ""))
                case "timestamp":
                    return date.fromisoformat(text)
        except ValueError:
            return str(text)  # 007, 2026-13-45, .nan: a word; the model says what it needed
        return str(text)
