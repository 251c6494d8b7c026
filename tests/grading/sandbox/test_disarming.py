"""What learners write and show, as formgrader's own page has it: nothing of it runs for the trainer who looks."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.nbgrader_bridge.course_folder import names_for_gradebook
from isoxa_grading.nbgrader_bridge.sandbox.disarming import disarm, is_harmless
from isoxa_grading.nbgrader_bridge.sandbox.grade import _last_words, _why
from isoxa_grading.nbgrader_bridge.sandbox.worker import Ran
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

HOSTILE = [
    "<script>alert(1)</script>",
    "Bài <img src=x onerror=alert(1)>",
    "[bài](javascript:alert(1))",
    "[bài](java&#115;cript:alert(1))",
    "[bài](JaVaScRiPt&colon;alert(1))",
    "[bài]( data:text/html,alert(1))",
    "<javascript:alert(1)>",
    "```mermaid\n</pre><script>alert(1)</script>\n```",
    "~~~ Mermaid\n</pre><script>alert(1)</script>\n~~~",
    "$\\href{javascript:alert(1)}{x}$",
    "<!--><img src=x onerror=alert(1)>-->",
    "<svg onload=alert(1)></svg>",
    "a\n\n<div\nonclick=alert(1)>x</div>",
    "```\n</code></pre>\n<script>alert(1)</script>",
]
WRITING = [
    "# Kết luận\n\nĐơn vị **chưa** đạt vì a < b và c > d.\n\n- một\n- hai\n\n> trích",
    "| a | b |\n|---|---|\n| 1 | 2<br>3 |\n\n`<xã>` và\n\n```python\nprint('<b>')\n```",
    "[Nghị định](https://vanban.chinhphu.vn/x?a=1&b=2) và $x^2 < 4$ ![ảnh](attachment:a.png)",
]


class Page(HTMLParser):
    """What in a page would run, or does on a click."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "svg", "iframe", "object", "form"):
            self.runs.append(tag)
        for name, value in attrs:
            if name.startswith("on") or ("alert" in (value or "") and name in ("href", "src")):
                self.runs.append(f"{name}={value}")


def formgrader(notebook: NotebookNode, **names_of: str) -> str:
    """The body of formgrader's page of a notebook."""
    from nbgrader.server_extensions.formgrader import handlers

    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    names = ("base_url", "submission_id", "assignment_id", "notebook_id", "notebook_path", "student")
    resources = {
        **dict.fromkeys((*names, "last_name", "first_name"), "x"),
        "index": 0,
        "total": 1,
        **names_of,
    }
    html, _ = HTMLExporter(config=config).from_notebook_node(notebook, resources=resources)
    body = str(html[html.index("<body>") :])
    # The page's own script, which shows the name when it is asked for.
    return re.sub(
        r'<script type="text/javascript">.*?</script>|onclick="toggle_name[^"]*"', "", body, flags=re.S
    )


def shown(kind: str, content: str, **metadata: Any) -> NotebookNode:
    return nbformat.v4.new_output("display_data", {kind: content, "text/plain": "chữ"}, metadata=metadata)


def test_nothing_a_learner_left_runs_in_formgrader() -> None:
    script = "<script>alert(1)</script>"
    outputs = [
        shown("text/html", script),
        shown("application/javascript", "alert(1)"),
        shown("image/svg+xml", "<svg onload=alert(1)></svg>"),
        shown("text/markdown", script),
        shown("text/latex", script),
        shown("image/png", "' onerror=alert(1) x='", **{"image/png": {"width": "1 onload=alert(1)"}}),
        shown("image/jpeg", "AAAA", **{"image/jpeg": {"width": "1 onload=alert(1)"}}),
        nbformat.v4.new_output("stream", name="stdout", text=script),
        nbformat.v4.new_output("error", ename=script, evalue=script, traceback=[script]),
    ]
    raw = nbformat.v4.new_raw_cell(script, metadata={"raw_mimetype": "text/html"})
    marked = nbformat.v4.new_markdown_cell(
        "Bài", metadata={"nbgrader": {"grade_id": '"><script>alert(1)</script>', "solution": True}}
    )
    notebook = nbformat.v4.new_notebook(
        cells=[
            *map(nbformat.v4.new_markdown_cell, HOSTILE),
            raw,
            marked,
            nbformat.v4.new_code_cell(script, outputs=outputs, metadata={"tags": ['"><script>']}),
        ],
        metadata={
            "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {"x": f"</script>{script}"}}}
        },
    )
    assert len(Page(formgrader(notebook)).runs) > 10, "the page would run it: this test can fail"
    notes = disarm(notebook, "bai.ipynb")
    nbformat.validate(notebook)
    assert Page(formgrader(notebook)).runs == []
    assert len(notes) == len(HOSTILE) - 1, "a fence that never ends holds no HTML"


@pytest.mark.parametrize("source", WRITING, ids=["headings", "table and code", "links"])
def test_ordinary_writing_stays_as_it_is(source: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(source)])
    notebook.cells[0].attachments = {"a.png": {"image/png": "AAAA", "text/html": "<script>"}}
    assert disarm(notebook, "bai.ipynb") == []
    assert notebook.cells[0].source == source
    assert notebook.cells[0].attachments == {"a.png": {"image/png": "AAAA"}}


def test_what_is_shown_as_text_is_all_there() -> None:
    source = "```` <script>\nmột ``` hai"
    cell = nbformat.v4.new_markdown_cell(source)
    disarm(nbformat.v4.new_notebook(cells=[cell]), "bai.ipynb")
    assert source in cell.source
    assert is_harmless(cell.source, {})


@settings(deadline=None, max_examples=80)
@given(st.lists(st.sampled_from(["<", ">", "script", "img src=x onerror=alert(1)", "`", "\n", " ", "[a](", ")", "!--", "/", "$", "&lt;", "javascript:", "~~~", "a", "|", "-", "\\", '"']), max_size=14).map("".join))  # fmt: skip  # noqa: E501
def test_whatever_is_written_runs_not(source: str) -> None:
    cell = nbformat.v4.new_markdown_cell(source)
    disarm(nbformat.v4.new_notebook(cells=[cell]), "bai.ipynb")
    from nbconvert.filters import markdown2html

    assert Page(markdown2html(cell.source)).runs == []


def test_what_nbgrader_said_last_is_for_the_trainer_alone() -> None:
    ran = Ran(None, 1, "ERROR | assert tong(5, 5) == 10, 'KEYTOKEN'", 1.0)
    assert "KEYTOKEN" not in _why(ran)
    assert "KEYTOKEN" in _last_words(ran)[0]


def test_a_name_is_no_tag_in_formgrader() -> None:
    assert names_for_gradebook("Nguyễn Thị An") == ("An", "Nguyễn Thị")
    assert names_for_gradebook("An") == ("An", "")
    notebook = nbformat.v4.new_notebook()
    given, family = names_for_gradebook("Nguyễn <img src=x onerror=alert(1)>")
    assert Page(formgrader(notebook, first_name=given, last_name=family)).runs == []
    assert Page(formgrader(notebook, first_name="<img src=x onerror=alert(1)>")).runs
