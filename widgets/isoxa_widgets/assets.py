"""The browser modules and style sheets: one file a page for the portal, one a widget for JupyterLab.

On the portal each kind of page (``PAGES``) is one module: its start and all it imports, joined, so that a browser on a
slow line asks once instead of following imports from file to file. Its name is made of its content: it may be cached
for ever, and a page that was cached yesterday still finds the module it was made with. A lesson's module holds every
widget; a widget's ``_esm`` is then only a short loader (anywidget sends all of ``_esm`` with every instance). Without a
portal the widget carries its module and everything that imports.

Our modules keep to a small part of the language, which `tests/widgets/test_assets.py` holds: named imports of
neighbours (``import { a, b } from "./x.js";``), ``import("./i18n/en.json")`` for a catalogue, exports at the start of
a line.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
URL_PREFIX = "static/w/"
LOADER_LIMIT = 600
LESSON = "start_lesson.js"
LESSON_STYLES = "lesson.css"
PAGES = (LESSON, "start_quiz.js", "start_desk.js")
"""The modules that pages name in a script element."""

_STATIC_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([^"]+)";$', re.MULTILINE)
_DYNAMIC_IMPORT = re.compile(r'\bimport\("\./([^"]+)"\)')
_EXPORT = re.compile(r"^export (?:async )?(?:function|class|const) (\w+)", re.MULTILINE)
_EXPORT_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_WIDGET = re.compile(r"^export default \{ ?render\b", re.MULTILINE)

# The widget is fetched when it is shown: anywidget gives up on a module that is not ready within two seconds of its
# model's arrival, which an old computer with twelve of them at once does not keep to.
_LOADER = """\
const b=JSON.parse(document.getElementById("isoxa-page").textContent).base+"static/w/",c=b+"%s";\
if(!document.querySelector(`link[href="${c}"]`))\
document.head.append(Object.assign(document.createElement("link"),{rel:"stylesheet",href:c}));\
export default{render:async(c)=>(await import(new URL(b+"%s",location).href)).default("%s").render(c)};"""


class AssetError(ValueError):
    """A module imports one that is missing, or two import each other."""


@dataclass(frozen=True)
class Asset:
    """One file as the portal serves it, at ``static/w/`` + ``hashed_name``."""

    hashed_name: str
    content: bytes
    media_type: str


@cache
def sources() -> Mapping[str, str]:
    """Every .js, .css and catalogue of the package by its path in it, such as ``dom.js`` or ``i18n/en.json``."""
    found = [*PACKAGE.glob("*.js"), *PACKAGE.glob("*.css"), *PACKAGE.glob("i18n/*.json")]
    return {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in sorted(found)}


def imports_of(source: str) -> list[str]:
    """The neighbours a module imports, in the order it names them."""
    return [match[2] for match in _STATIC_IMPORT.finditer(source)] + _DYNAMIC_IMPORT.findall(source)


def in_order(files: Mapping[str, str], given: Container[str] = ()) -> list[str]:
    """The names of ``files`` so that each comes after what it imports, save what is ``given``.

    Raises `AssetError` on a circle or a gap.
    """
    order: list[str] = []
    visiting: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name in visiting:
            raise AssetError(f"modules import each other: {' -> '.join([*visiting, name])}")
        if name not in files:
            raise AssetError(f"{visiting[-1]} imports {name}, which is missing")
        visiting.append(name)
        for needed in imports_of(files[name]) if name.endswith(".js") else []:
            if needed not in given:
                visit(needed)
        visiting.pop()
        order.append(name)

    for name in files:
        visit(name)
    return order


def make_bundle(files: Mapping[str, str], pages: Mapping[str, Sequence[str]]) -> dict[str, Asset]:
    """What the portal serves of ``files`` (name -> text): catalogues, style sheets, and ``pages``' modules.

    ``pages``: a page's first module -> the widgets it offers besides what it imports. Raises `AssetError`.
    """
    made: dict[str, Asset] = {}
    for name, text in files.items():
        if name.endswith(".json"):
            catalogue = json.dumps(json.loads(text), ensure_ascii=False)
            made[name] = _asset(name, f"export default {catalogue};\n", "text/javascript")
        elif name.endswith(".css"):
            made[name] = _asset(name, text, "text/css")
    catalogues = {name: asset.hashed_name for name, asset in made.items() if name.endswith(".json")}
    for page, widgets in pages.items():
        code = _join(files, [*widgets, page], catalogues)
        made[page] = _asset(
            page, f"{code}\nexport default (name) => modules[name].default;\n", "text/javascript"
        )
    return made


def _asset(name: str, text: str, media_type: str) -> Asset:
    body = text.encode()
    digest = hashlib.sha256(name.encode() + b"\0" + body).hexdigest()[:16]
    suffix = ".css" if media_type == "text/css" else ".js"
    return Asset(hashed_name=f"{Path(name).stem}.{digest}{suffix}", content=body, media_type=media_type)


def widgets() -> list[str]:
    """The modules that a lesson's cells show: each default-exports a ``render``."""
    return [name for name, code in sources().items() if name.endswith(".js") and _WIDGET.search(code)]


@cache
def bundle() -> Mapping[str, Asset]:
    """The pages' modules, the catalogues and the style sheets, by their name in the package.

    ``lesson.css`` is the shared sheet and every widget's in one.
    """
    sheets = dict.fromkeys(sheet for name in widgets() for sheet in styles_of(name.removesuffix(".js")))
    files = {**sources(), LESSON_STYLES: "\n".join(sources()[sheet] for sheet in sheets)}
    return make_bundle(files, {page: widgets() if page == LESSON else [] for page in PAGES})


def styles_of(widget: str) -> list[str]:
    """The style sheets a widget needs, the shared one first."""
    own = f"{widget}.css"
    return ["common.css", *([own] if own in sources() else [])]


def on_portal() -> bool:
    """Whether this process serves a lesson of the portal."""
    return os.environ.get("ISOXA_PORTAL") == "1"


def loader(widget: str) -> str:
    """The short ``_esm`` of the portal: it reads the page's base and takes the widget from the lesson's module."""
    hashed = bundle()
    return _LOADER % (hashed[LESSON_STYLES].hashed_name, hashed[LESSON].hashed_name, f"{widget}.js")


def join_modules(files: Mapping[str, str], main: str) -> str:
    """``main`` and all it imports as one module without imports; its default export is ``main``'s."""
    code = _join(files, [main], None)
    return f'{code}\nexport default modules["{main}"].default;'


def _join(files: Mapping[str, str], mains: Sequence[str], catalogues: Mapping[str, str] | None) -> str:
    """``mains`` and all they import in one piece of code, as ``modules[name]``; the last of ``mains`` runs last.

    Each module becomes a function of its own, run once, after what it imports. A catalogue is fetched by its name in
    ``catalogues`` when it is wanted; without ``catalogues`` it is put in.
    """
    needed: dict[str, None] = {}

    def collect(name: str) -> None:
        needed[name] = None
        for other in imports_of(files[name]) if name.endswith(".js") else []:
            if other not in needed and other in files and not (catalogues and other in catalogues):
                collect(other)

    for main in mains:
        collect(main)

    def fetch(match: re.Match[str]) -> str:
        return (
            f'import("./{catalogues[match[1]]}")' if catalogues else f'Promise.resolve(modules["{match[1]}"])'
        )

    parts = ["const modules = {};"]
    for name in in_order({name: files[name] for name in needed}, given=catalogues or ()):
        if name.endswith(".json"):
            text = json.dumps(json.loads(files[name]), ensure_ascii=False)
            parts.append(f'modules["{name}"] = {{ default: {text} }};')
            continue
        code = _STATIC_IMPORT.sub(_from_modules, files[name])
        code = _DYNAMIC_IMPORT.sub(fetch, code)
        names = _EXPORT.findall(code)
        if _EXPORT_DEFAULT.search(code):
            code = _EXPORT_DEFAULT.sub("const defaultExport = ", code)
            names.append("default: defaultExport")
        code = re.sub(r"^export ", "", code, flags=re.MULTILINE)
        parts.append(f'modules["{name}"] = (() => {{\n{code}\nreturn {{ {", ".join(names)} }};\n}})();')
    return "\n".join(parts)


def _from_modules(match: re.Match[str]) -> str:
    names = re.sub(r"(\w+) as (\w+)", r"\1: \2", match[1])
    return f'const {{{names}}} = modules["{match[2]}"];'


@cache
def _inline(widget: str) -> str:
    return join_modules(sources(), f"{widget}.js")


def esm_for(widget: str) -> str:
    """A widget's ``_esm``: the loader on the portal, the whole module elsewhere."""
    return loader(widget) if on_portal() else _inline(widget)


def css_for(widget: str) -> str:
    """A widget's ``_css``: nothing on the portal (the loader links the sheets), the sheets' text elsewhere."""
    return "" if on_portal() else "\n".join(sources()[name] for name in styles_of(widget))
