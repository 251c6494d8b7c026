"""The lesson notebook as a Solara app: its text and its widgets in the same order. ``servers.solara`` runs a copy.

Solara knows no notebooks with Markdown cells, so each visit's component runs the code cells as the notebook would and
puts a Markdown element for each text.
"""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import solara  # type: ignore[import-not-found]  # in an environment of its own

CELLS = [
    (cell["cell_type"], "".join(cell["source"]))
    for cell in json.loads(Path(os.environ["ISOXA_LESSON"]).read_text("utf-8"))["cells"]
]


def _last_value(source: str, names: dict[str, Any]) -> Any:
    """Run a cell; the value of its last expression, as a notebook shows it."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - the notebook that is measured
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)  # noqa: S307 - the same


@solara.component  # type: ignore[untyped-decorator]
def Page() -> None:
    def run() -> list[Any]:
        names: dict[str, Any] = {}
        return [source if kind == "markdown" else _last_value(source, names) for kind, source in CELLS]

    for shown in solara.use_memo(run, []):
        if isinstance(shown, str):
            solara.Markdown(shown)
        elif hasattr(shown, "_repr_html_"):
            solara.HTML(unsafe_innerHTML=shown._repr_html_())
        elif shown is not None:
            solara.display(shown)
