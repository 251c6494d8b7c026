"""The modules' names and forms: hashed for the portal, in one piece for JupyterLab, and nothing from another host."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from isoxa_widgets.assets import (
    LOADER_LIMIT,
    PAGES,
    AssetError,
    bundle,
    css_for,
    esm_for,
    join_modules,
    loader,
    make_bundle,
    sources,
    styles_of,
    widgets,
)

WIDGETS = sorted(name.removesuffix(".js") for name in widgets())
MODULES = [name for name in sources() if name.endswith(".js")]


def test_a_change_changes_the_pages_that_import_it_and_no_other() -> None:
    files = {
        "a.js": 'import { b } from "./b.js";\nconsole.log(b);\n',
        "b.js": 'import { c } from "./c.js";\nexport const b = c;\n',
        "c.js": "export const c = 1;\n",
        "w.js": 'import { c } from "./c.js";\nexport default { c };\n',
        "z.js": "console.log(1);\n",
        "y.js": "console.log(2);\n",
        "a.css": ".a {}",
    }
    pages: dict[str, list[str]] = {"a.js": [], "y.js": ["w.js"], "z.js": []}
    before = make_bundle(files, pages)
    after = make_bundle({**files, "c.js": "export const c = 2;\n"}, pages)
    assert set(before) == {"a.js", "y.js", "z.js", "a.css"}
    assert {name for name in before if before[name].hashed_name != after[name].hashed_name} == {
        "a.js",
        "y.js",
    }


def test_a_catalogue_is_fetched_when_wanted_and_its_change_counts_too() -> None:
    files = {
        "a.js": 'export const load = () => import("./i18n/en.json");\n',
        "i18n/en.json": '{"Lưu": "Save"}',
    }
    made = make_bundle(files, {"a.js": []})
    assert made["i18n/en.json"].content.decode() == 'export default {"Lưu": "Save"};\n'
    assert f'import("./{made["i18n/en.json"].hashed_name}")' in made["a.js"].content.decode()
    other = make_bundle({**files, "i18n/en.json": "{}"}, {"a.js": []})
    assert other["a.js"].hashed_name != made["a.js"].hashed_name
    assert '"Save"' in join_modules(
        {**files, "b.js": 'import { load } from "./a.js";\nexport default load;\n'}, "b.js"
    )


@pytest.mark.parametrize(
    "files",
    [
        {"a.js": 'import { b } from "./b.js";\n'},
        {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'},
    ],
    ids=["missing", "circle"],
)
def test_a_missing_or_circular_import_is_an_error(files: dict[str, str]) -> None:
    with pytest.raises(AssetError):
        make_bundle(files, {"a.js": []})


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_one_module_that_fetches_at_most_a_catalogue(page: str) -> None:
    code = re.sub(
        r"/\*.*?\*/|^\s*//[^\n]*", "", bundle()[page].content.decode(), flags=re.DOTALL | re.MULTILINE
    )
    # Written loosely on purpose: an import in a form that the joining does not know must show up here.
    targets = re.findall(r"""(?:from|import)\s*\(?\s*["'`]([^"'`]+)["'`]""", code)
    assert targets == [f"./{bundle()['i18n/en.json'].hashed_name}"]


def test_a_lesson_offers_every_widget_and_its_looks_in_one_sheet() -> None:
    code, looks = bundle()["start_lesson.js"].content.decode(), bundle()["lesson.css"].content.decode()
    for widget in WIDGETS:
        assert f'modules["{widget}.js"] = ' in code
        assert all(sources()[sheet] in looks for sheet in styles_of(widget))
    assert 'modules["quiz_page.js"]' not in code
    assert 'modules["grading_desk.js"]' not in code


@pytest.mark.parametrize("name", MODULES)
def test_modules_keep_to_what_can_be_joined(name: str) -> None:
    code = sources()[name]
    named = re.findall(r'^import \{[^}]*\} from "\./[\w/.]+";$', code, re.MULTILINE)
    assert len(re.findall(r"^import\b", code, re.MULTILINE)) == len(named)
    exports = re.findall(r"^export .*$", code, re.MULTILINE)
    allowed = re.compile(r"export (default \{|(async )?function |const \w+ =|class )")
    assert all(allowed.match(line) for line in exports), exports
    assert not re.search(r"^[ \t]+export ", code, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(sources()))
def test_nothing_comes_from_another_host(name: str) -> None:
    text = sources()[name].replace('"http://www.w3.org/2000/svg"', "")  # the name of SVG, not an address
    assert not re.search(r"https?://|//cdn|@import", text), name


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_portal_gets_a_short_loader_of_hashed_files(widget: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISOXA_PORTAL", "1")
    code = esm_for(widget)
    assert code == loader(widget)
    assert len(code.encode()) < LOADER_LIMIT
    assert bundle()["start_lesson.js"].hashed_name in code
    assert f'.default("{widget}.js").render(' in code
    assert bundle()["lesson.css"].hashed_name in code
    assert css_for(widget) == ""


@pytest.mark.parametrize("widget", WIDGETS)
def test_jupyterlab_gets_one_module_that_imports_nothing(
    widget: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ISOXA_PORTAL", raising=False)
    code = esm_for(widget)
    assert not re.search(r"\bimport\b\s*[{(\"']", code)
    assert len(re.findall(r"^export ", code, re.MULTILINE)) == 1
    assert ".ix-w" in css_for(widget)


@pytest.mark.parametrize("widget", WIDGETS)
def test_the_joined_module_is_sound(widget: str, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here; the browser tests run the joined modules")
    file = tmp_path / "joined.mjs"  # as JupyterLab gets it
    file.write_text(join_modules(sources(), f"{widget}.js"), "utf-8")
    subprocess.run([node, "--check", file], check=True)


def test_renamed_imports_survive_joining() -> None:
    files = {
        "main.js": 'import { one as first, two } from "./parts.js";\n\nexport default { sum: first + two };\n',
        "parts.js": "export const one = 1;\nexport function two() {}\n",
    }
    joined = join_modules(files, "main.js")
    assert 'const { one: first, two } = modules["parts.js"];' in joined
    assert joined.endswith('export default modules["main.js"].default;')


def test_the_english_catalogue_has_every_text_and_the_same_gaps() -> None:
    catalogue = json.loads(sources()["i18n/en.json"])
    used: set[str] = set()
    for name in MODULES:
        calls = re.findall(r"\bt\(\s*(\"(?:[^\"\\]|\\.)*\")?", sources()[name])
        if name == "i18n.js":
            continue
        assert all(calls), f"{name} calls t() without a literal"
        used |= {json.loads(text) for text in calls}
    assert used - set(catalogue) == set()
    assert set(catalogue) - used == set()
    for text, english in catalogue.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english)), text


def test_style_sheets_stay_in_their_own_place() -> None:
    for name, text in sources().items():
        if not name.endswith(".css"):
            continue
        plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        for selectors in re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*\{", plain):
            assert ".ix-w" in selectors, f"{name}: {selectors}"


def test_no_module_uses_what_old_browsers_or_plain_http_lack() -> None:
    for name in MODULES:
        assert "randomUUID" not in re.sub(r"//.*", "", sources()[name])
        assert "innerHTML" not in sources()[name], f"{name}: text goes in as text nodes"
