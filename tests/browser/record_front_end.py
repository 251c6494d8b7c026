"""Records which files of Voilà's front end a lesson asks for: ``python -m tests.browser.record_front_end``.

To be run after an upgrade of Voilà, ipywidgets or anywidget. It serves a small course with every file by itself, opens
a lesson without and then with a formula, and writes what was asked for into ``front_end.json``.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
from isoxa_grading.records.data_folder import DataFolder
from isoxa_portal import front_end
from isoxa_portal.front_end import RECORD, Record, installed_builds, read_record
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.wire import add_formula, requests_of
from tests.chromium import FLAGS, chromium_path
from tests.portal.conftest import PASSWORD, Server, fill_portal
from tests.portal.tiny_course import COURSE, TOOL_LESSON

# What our tools are to the front end.
_TOOL = """\
import anywidget

class Tool(anywidget.AnyWidget):
    _esm = "export default { render({ el }) { el.append('đã mở'); } };"

display(Tool())
"""
_OF_FRONT_END = re.compile(r"/static/v/[0-9a-f]+/(?P<path>[^?]+)")


def chunks(urls: Iterable[str], known: Iterable[str] = ()) -> list[str]:
    """The scripts of the front end among addresses, but for those that are asked for by themselves on purpose."""
    paths = [match["path"] for url in urls if (match := _OF_FRONT_END.search(url))]
    own = (front_end.LESSON, front_end.FORMULAS)
    return [
        path
        for path in dict.fromkeys(paths)
        if path.endswith(".js") and path not in own and "remoteEntry" not in path and path not in known
    ]


def _open(page: Page, address: str, *, formula: bool) -> list[str]:
    with requests_of(page) as asked:
        page.goto(address)
        expect(page.locator(".ix-tool .lm-Widget").first).to_have_text("đã mở", timeout=60_000)
        if formula:
            expect(page.locator("mjx-container").first).to_be_visible(timeout=60_000)
        page.wait_for_load_state("networkidle")
    return asked


def main() -> None:
    """Record, and say what changed."""
    before = read_record()
    bare = Record(left_out=before.left_out, builds=installed_builds())
    front_end.read_record = lambda _file=RECORD: bare
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        fill_portal(Path(place))
        data = DataFolder(Path(place) / "data")
        (notebook,) = data.path.glob(f"released/{COURSE}/*/lessons/{TOOL_LESSON}.ipynb")
        read = nbformat.read(notebook, as_version=4)
        read.cells.append(nbformat.v4.new_code_cell(_TOOL, id="cong-cu"))
        nbformat.write(read, notebook)
        server = Server(data)
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_page()
        page.goto(server.url)
        page.get_by_label("Tên đăng nhập").fill("officer")
        page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("button", name="Đăng xuất")).to_be_visible()
        address = f"{server.url}khoa-hoc/{COURSE}/bai/{TOOL_LESSON}"
        lesson = chunks(_open(page, address, formula=False))
        add_formula(notebook)
        formulas = chunks(_open(page, address, formula=True), lesson)
        browser.close()
        server.stop()
    RECORD.write_text(
        json.dumps(
            {
                "builds": dict(bare.builds),
                "left_out": dict(before.left_out),
                "lesson": lesson,
                "formulas": formulas,
            },
            indent=2,
        )
        + "\n",
        "utf-8",
    )
    for name, old, new in (("lesson", before.lesson, lesson), ("formulas", before.formulas, formulas)):
        print(
            f"{name}: {len(new)} files; new {sorted(set(new) - set(old))}; gone {sorted(set(old) - set(new))}"
        )


if __name__ == "__main__":
    main()
