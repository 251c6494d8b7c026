"""A notebook's code cells, compiled once and kept."""

from __future__ import annotations

import ast
import gc
import json
import linecache
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_PARSING = threading.Lock()


@dataclass(frozen=True)
class CodeCell:
    """One code cell. ``index`` counts all cells from 0. ``last``: an expression whose value is shown.

    ``problem``: why it cannot be run (not Python: a magic, a slip of the pen).
    """

    index: int
    body: CodeType | None = None
    last: CodeType | None = None
    problem: str | None = None


def code_cells(notebook: Path) -> tuple[CodeCell, ...]:
    """Raises ``OSError``, or ``ValueError`` if the file is no notebook of version 4."""
    status = notebook.stat()
    return _read(str(notebook), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _read(path: str, _changed: int, _size: int) -> tuple[CodeCell, ...]:
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
        cells = [(cell["cell_type"], cell["source"]) for cell in found["cells"]]
    except (KeyError, TypeError) as problem:
        raise ValueError(f"{path}: no notebook of version 4") from problem
    name = Path(path).name
    return tuple(
        compiled(source if isinstance(source, str) else "".join(source), index, name)
        for index, (kind, source) in enumerate(cells)
        if kind == "code"
    )


def compiled(source: str, index: int, notebook: str) -> CodeCell:
    """A cell's code as Python. IPython's own syntax is not Python, and is the cell's problem."""
    where = f"<{notebook}, cell {index}>"
    # Kept for good, so that a traceback in the log shows the line.
    linecache.cache[where] = (len(source), None, source.splitlines(keepends=True), where)
    try:
        with _nothing_collected():
            tree = ast.parse(source, where)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            last = compile(ast.Expression(tree.body.pop().value), where, "eval", _FLAGS)  # type: ignore[attr-defined]
        body = compile(tree, where, "exec", _FLAGS) if tree.body else None
    except (SyntaxError, ValueError, RecursionError) as problem:
        return CodeCell(index, problem=str(problem))
    return CodeCell(index, body, last)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """CPython's parser fails with a ``SystemError`` if a tree is made while it makes another: the garbage collector
    may run a finalizer that does so (a task's forgotten exception is logged with its traceback, for which lines are
    parsed)."""
    with _PARSING:
        wanted = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if wanted:
                gc.enable()
