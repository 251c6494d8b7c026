"""Is the law that the lessons cite still to be relied on?

Officers learn what a lesson shows. So a fact that should have been looked at again by now is a fault there, and one
that was replaced may stand only beside what replaced it, in the same lesson. A fact that no lesson shows may stay as
replaced; if it is overdue, that is worth a word.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence, Set
from datetime import date

from .check_findings import Finding
from .check_notebook import Notebook, lesson_call, source_of
from .facts import Fact
from .text import format_date
from .yaml_files import Document


def cited_facts(notebook: Notebook) -> set[str]:
    """Ids in ``bai.fact("ID")`` of a notebook; cells that cannot be parsed are told elsewhere."""
    found: set[str] = set()
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
    facts: Sequence[Fact], document: Document, cited: Sequence[Set[str]], today: date
) -> Iterator[Finding]:
    """Facts replaced, or overdue on ``today``; ``cited``: the ids that each lesson shows.

    A fact is due on the day of ``recheck_by`` and overdue after it.
    """
    known = {fact.id for fact in facts}
    for index, fact in enumerate(facts):
        place = ("facts", index)
        if fact.replaced_by is not None and fact.replaced_by not in known:
            reason = f"Không có căn cứ “{fact.replaced_by}”."
            yield Finding(document.problem((*place, "replaced_by"), reason))
        shown = any(fact.id in lesson for lesson in cited)
        if fact.status == "replaced":
            if any(fact.id in lesson and fact.replaced_by not in lesson for lesson in cited):
                reason = (
                    f"Căn cứ “{fact.id}” đã bị thay thế mà bài học còn dẫn. Hãy bỏ ô ấy; nếu cần nêu để so sánh, "
                    "hãy ghi replaced_by và dẫn cả căn cứ mới trong cùng bài."
                )
                yield Finding(document.problem((*place, "status"), reason))
        elif fact.recheck_by is not None and fact.recheck_by < today:
            where = " Bài học đang dùng căn cứ này." if shown else ""
            reason = f"Căn cứ “{fact.id}” quá hạn kiểm tra lại ({format_date(fact.recheck_by)}).{where}"
            yield Finding(document.problem((*place, "recheck_by"), reason), warning=not shown)
