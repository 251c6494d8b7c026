"""Is the law that the lessons cite still to be relied on?

A fact that a lesson shows and that was replaced, or should have been looked at again by now, is a fault: officers
would learn it. One that no lesson shows may stay as replaced; if it is overdue, that is worth a word.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from .check_findings import Finding
from .check_notebook import Notebook, lesson_call, source_of
from .facts import Fact
from .text import format_date
from .yaml_files import Document


def cited_facts(notebooks: Iterable[Notebook]) -> set[str]:
    """Ids in ``bai.fact("ID")`` of the notebooks; cells that cannot be parsed are told elsewhere."""
    found: set[str] = set()
    for notebook in notebooks:
        for cell in notebook.cells:
            if cell["cell_type"] != "code":
                continue
            try:
                tree = ast.parse(source_of(cell))
            except SyntaxError:
                continue
            calls = (lesson_call(node) for node in ast.walk(tree) if isinstance(node, ast.Call))
            found |= {id_ for kind, id_ in calls if kind == "fact" and id_ is not None}
    return found


def check_facts(
    facts: Iterable[Fact], document: Document, cited: Collection[str], today: date
) -> Iterator[Finding]:
    """Facts replaced or overdue on ``today``; a fact is due on the day of ``recheck_by``, overdue after it."""
    for index, fact in enumerate(facts):
        warning = fact.id not in cited
        shown = "" if warning else " Bài học đang dùng căn cứ này."
        if fact.status == "replaced":
            if fact.id in cited:
                reason = f"Căn cứ “{fact.id}” đã bị thay thế.{shown}"
                yield Finding(document.problem(("facts", index, "status"), reason))
            continue
        if fact.recheck_by is not None and fact.recheck_by < today:
            reason = f"Căn cứ “{fact.id}” quá hạn kiểm tra lại ({format_date(fact.recheck_by)}).{shown}"
            yield Finding(document.problem(("facts", index, "recheck_by"), reason), warning)
