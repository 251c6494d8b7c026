"""What a learner wrote, made harmless for whoever opens it in formgrader or as nbgrader's feedback.

Both write HTML in Markdown, and HTML and JavaScript that a cell showed, into their page as it is (nbconvert's
``sanitize_html`` does not reach formgrader's own templates). There it would run as the trainer who looks: in a
JupyterLab, which is a shell, on the portal's own host. So of what cells showed plain text and pictures stay; Markdown
with HTML in it, or with a link that is none, is shown as the text it is; and of metadata only what nbgrader needs is
kept. The learner's code shares the cage with nbgrader, so nothing in the notebook is believed to be the release's.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import nbformat
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

__all__ = ["disarm"]

_LONGEST = 30_000
"""A Markdown cell of more characters is not rendered: nobody writes ten pages in one, and it may cost minutes."""
_PICTURES = ("image/png", "image/jpeg")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_GOOD_LINKS = ("http:", "https:", "mailto:", "attachment:", "data:image/")
# A diagram is put into the page as it is written; a formula may hold a link to anything.
_ACTIVE = re.compile(r"mermaid|\\href|\\require|\\style", re.IGNORECASE)
_TAGS = frozenset(
    {"a", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol",
     "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)  # fmt: skip
_NOT_SHOWN = "(kết quả dạng này không hiện ở đây; mở bài nộp trong JupyterLab để xem)"


def disarm(notebook: NotebookNode, name: str) -> list[str]:
    """Change a run's notebook in place; returns notes for the trainer: which cells are shown as text."""
    notes = []
    notebook.metadata = nbformat.from_dict({"kernelspec": _plain(notebook.metadata.get("kernelspec"))})
    for number, cell in enumerate(notebook.cells, 1):
        marks = cell.metadata.get("nbgrader")
        known = isinstance(marks, dict) and isinstance(marks.get("grade_id"), str)
        cell.metadata = nbformat.from_dict(
            {"nbgrader": marks} if known and _ID.fullmatch(marks["grade_id"]) else {}
        )
        if not _ID.fullmatch(str(cell.get("id", ""))):
            cell["id"] = nbformat.v4.new_code_cell().id
        if cell.cell_type == "code":
            cell.execution_count = _count(cell.get("execution_count"))
            cell.outputs = [_output(one) for one in cell.outputs]
        elif cell.cell_type == "markdown":
            _keep_pictures(cell)
            if not is_harmless(cell.source, cell.get("attachments", {})):
                cell.source = _as_text(cell.source)
                notes.append(
                    f"{name}, ô thứ {number}: có mã HTML hoặc liên kết lạ, hoặc quá dài, nên hiện nguyên văn."
                )
    return notes


def is_harmless(markdown: str, attachments: dict[str, dict[str, str]]) -> bool:
    """Whether formgrader makes of it nothing but text, tables, pictures and links to pages."""
    source = _LINE_BREAK.sub(" ", markdown)
    if len(source) > _LONGEST or _ACTIVE.search(source):
        return False
    try:
        html = _rendered(source, attachments, escape=False)
        # Where escaping makes no difference there is no HTML in it, so the tags below are the renderer's own.
        return html == _rendered(source, attachments, escape=True) and _Tags(html).good
    except (InvalidNotebook, RecursionError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        # What breaks the renderer here (a picture that is missing, say) breaks the trainer's page too.
        return False


def _rendered(markdown: str, attachments: dict[str, dict[str, str]], *, escape: bool) -> str:
    renderer = IPythonRenderer(escape=escape, attachments=attachments)
    html: str = MarkdownWithMath(renderer=renderer).render(markdown)
    return html


class _Tags(HTMLParser):
    """``good``: only tags of writing, and links that lead to pages."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.good = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for attribute, value in attrs:
            # Browsers pass over white space and control characters in a link.
            link = re.sub(r"[\x00-\x20\x7f]", "", value or "").casefold()
            if attribute.startswith("on") or (
                attribute in ("href", "src") and _SCHEME.match(link) and not link.startswith(_GOOD_LINKS)
            ):
                self.good = False
        self.good = self.good and tag in _TAGS

    def handle_comment(self, data: str) -> None:
        self.good = False

    def handle_decl(self, decl: str) -> None:
        self.good = False

    def handle_pi(self, data: str) -> None:
        self.good = False

    def unknown_decl(self, data: str) -> None:
        self.good = False


def _as_text(source: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{source}\n{fence}"


def _keep_pictures(cell: NotebookNode) -> None:
    kept = {
        name: {kind: content for kind, content in bundle.items() if _is_picture(kind, content)}
        for name, bundle in cell.pop("attachments", {}).items()
    }
    if any(kept.values()):
        cell.attachments = nbformat.from_dict({name: bundle for name, bundle in kept.items() if bundle})


def _is_picture(kind: str, content: Any) -> bool:
    return kind in _PICTURES and isinstance(content, str) and _BASE64.fullmatch(content) is not None


def _output(output: NotebookNode) -> NotebookNode:
    made: NotebookNode
    if output.output_type == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        made = nbformat.v4.new_output("stream", name=name, text=output.text)
    elif output.output_type == "error":
        said = {key: output[key] for key in ("ename", "evalue", "traceback")}
        made = nbformat.v4.new_output("error", **said)
    else:
        shown = output.get("data", {}).items()
        data = {kind: part for kind, part in shown if kind == "text/plain" or _is_picture(kind, part)}
        made = nbformat.v4.new_output("display_data", data or {"text/plain": _NOT_SHOWN})
        if output.output_type == "execute_result":
            made.output_type, made.execution_count = "execute_result", _count(output.get("execution_count"))
    return made


def _count(value: Any) -> int | None:
    return value if type(value) is int else None


def _plain(kernel: Any) -> dict[str, str]:
    found = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for key in found:
        value = kernel.get(key) if isinstance(kernel, dict) else None
        if isinstance(value, str) and re.fullmatch(r"[\w .()-]{1,100}", value):
            found[key] = value
    return found
