"""Cells are compiled whatever else the process is at."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator

import pytest
from notebook_sessions.cells import compiled

SOURCE = "\n".join(f"a{n} = [f({n}), ({n}, {n} + 1), {{'k': {n}}}]" for n in range(300))


class Forgotten:
    """Garbage whose finalizer parses from deep down, as asyncio's report of a forgotten exception does."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        self.parse(20)

    def parse(self, depth: int) -> None:
        if depth:
            self.parse(depth - 1)
        else:
            ast.parse("x + 1")


@pytest.fixture
def collected_often() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(50)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("collected_often")
def test_a_cell_is_compiled_while_garbage_parses() -> None:
    for _ in range(20):
        Forgotten()
    cell = compiled(SOURCE, 0, "bài.ipynb")
    assert cell.problem is None
    assert cell.body is not None
    assert gc.isenabled()


def test_nothing_is_left_switched_off_by_a_cell_that_is_no_python() -> None:
    assert compiled("def f(:", 0, "bài.ipynb").problem
    assert gc.isenabled()
    gc.disable()
    try:
        compiled("1", 0, "bài.ipynb")
        assert not gc.isenabled()
    finally:
        gc.enable()
