"""A lesson page with real widgets and no Jupyter: the browser's model asks the Python widget over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from isoxa_courses.loading import load_lesson
from isoxa_courses.practice import practice_done
from isoxa_courses.shipped import content_root
from isoxa_courses.tools import Tool
from isoxa_widgets import lesson
from isoxa_widgets.assets import bundle
from isoxa_widgets.lessons import tool_widget
from isoxa_widgets.widget import LessonWidget

from tests.widgets.portal_server import BASE

LESSON = "03-pdca"
COURSE = "iso-9001-cap-xa"

_SCRIPT = """
const widgets = %s;
window.kernelDead = %s;
function makeModel(index, state) {
  const heard = {};
  return {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    save_changes: () => {},
    on: (event, run) => { (heard[event] = heard[event] || []).push(run); },
    off: (event, run) => { heard[event] = (heard[event] || []).filter((one) => one !== run); },
    send: async (content) => {
      if (window.kernelDead) return;
      const reply = await fetch("kernel", { method: "POST", body: JSON.stringify({ index, content }) });
      for (const message of await reply.json()) (heard["msg:custom"] || []).forEach((run) => run(message));
    },
  };
}
for (const [index, { esm, css, state }] of widgets.entries()) {
  const el = document.createElement("div");
  document.querySelector("main").append(el);
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  let widget = module.default;
  if (typeof widget === "function") widget = await widget();
  await widget.render({ model: makeModel(index, state), el });
}
window.allDrawn = true;
"""


class LessonKernel:
    """The lesson's kernel and the server's judge in one: ``kernel({"index", "content"})`` -> messages sent back.

    ``LessonKernel(*items)`` shows items of lesson 03, ``LessonKernel.of_tools(*tools)`` tools made in a test.
    """

    def __init__(self, *items: str) -> None:
        self.tools: dict[str, Tool] = {}
        self.content = load_lesson(content_root().courses / COURSE, LESSON)
        tools = lesson(LESSON, COURSE)
        self.widgets: list[LessonWidget] = []
        for item in items:
            if item == "summary":
                self.widgets.append(tools.summary())
            elif item in {tool.id for tool in self.content.tools}:
                self.widgets.append(tools.tool(item))
            else:
                self.widgets.append(tools.checkpoint(item))

    @classmethod
    def of_tools(cls, *tools: Tool) -> LessonKernel:
        """A page that holds these tools and nothing else, such as a ``SmartBuilder`` made in a test."""
        kernel = cls()
        kernel.tools = {tool.id: tool for tool in tools}
        kernel.widgets = [tool_widget(tool) for tool in tools]
        return kernel

    def __call__(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        widget = self.widgets[message["index"]]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(widget, "send", lambda content, buffers=None: sent.append(content), raising=False)
            widget._handle_custom_msg(message["content"], [])
        return sent

    def judge(self, item: str, state: object) -> bool:
        if item in self.tools:
            return self.tools[item].judge(state)
        return practice_done(self.content, item, state)

    def page(self, *, portal: bool, dead: bool = False, tokens: bool = True) -> str:
        """The page; with ``portal`` the loaders of the portal, else the self-contained modules of JupyterLab."""
        drawn = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ISOXA_PORTAL", "1" if portal else "0")
            for widget in self.widgets:
                state = {
                    k: v
                    for k, v in widget.get_state().items()
                    if not k.startswith(("_", "layout", "tabb", "tool"))
                }
                drawn.append({"esm": widget._module_text(), "css": widget._style_text(), "state": state})
        data = json.dumps(drawn, ensure_ascii=False, default=str).replace("</", "<\\/")
        script = _SCRIPT % (data, json.dumps(dead))
        context = json.dumps({"base": BASE, "course": "c", "lesson": "l", "language": "vi"})
        head = f'<script type="application/json" id="isoxa-page">{context}</script>' if portal else ""
        start = bundle()["start_lesson.js"].hashed_name
        begin = f'<script type="module" src="{BASE}static/w/{start}"></script>'
        sheets = "".join(
            f'<link rel="stylesheet" href="{BASE}{name}">' for name in ("tokens.css", "portal.css")
        )
        return (
            '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Thử</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"{sheets if tokens else ''}{head}{begin if portal else ''}</head>"
            "<body><header><span data-ix-who></span></header>"
            '<main id="noi-dung" class="ix-wrap" style="max-width:52rem">'
            "<h1>Bài 3. PDCA</h1><h2>Thực hành</h2><p data-ix-progress>Bài 3 trên 16</p></main>"
            f'<script type="module">{script}</script></body></html>'
        )
