"""The browser modules and style sheets: content-hashed for the portal, in one piece for JupyterLab.

On the portal every module has a name made of its own content and of its imports' hashed names, so it may be cached for
ever, and a page that was cached yesterday still finds the modules it was made with. A widget's ``_esm`` is then only a
short loader (anywidget sends all of ``_esm`` with every instance). Without a portal the widget carries its module and
everything that imports, joined into one.

Our modules keep to a small part of the language, which `tests/widgets/test_assets.py` holds: named imports of
neighbours (``import { a, b } from "./x.js";``), ``import("./i18n/en.json")`` for a catalogue, exports at the start of
a line.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
URL_PREFIX = "static/w/"
LOADER_LIMIT = 600

_STATIC_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([^"]+)";$', re.MULTILINE)
_DYNAMIC_IMPORT = re.compile(r'\bimport\("\./([^"]+)"\)')
_EXPORT = re.compile(r"^export (?:async )?(?:function|class|const) (\w+)", re.MULTILINE)
_EXPORT_DEFAULT = re.compile(r"^export default ", re.MULTILINE)

_LOADER = """\
const b=JSON.parse(document.getElementById("isoxa-page").textContent).base+"static/w/";\
for(const c of %s)if(!document.querySelector(`link[href="${b+c}"]`))\
document.head.append(Object.assign(document.createElement("link"),{rel:"stylesheet",href:b+c}));\
export default async()=>(await import(new URL(b+"%s",location).href)).default;"""


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


def in_order(files: Mapping[str, str]) -> list[str]:
    """The names of ``files`` so that each comes after what it imports. Raises `AssetError` on a circle or a gap."""
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
            visit(needed)
        visiting.pop()
        order.append(name)

    for name in files:
        visit(name)
    return order


def make_bundle(files: Mapping[str, str]) -> dict[str, Asset]:
    """Hash ``files`` (name -> text), each after its imports, so that a change travels up to all who use it."""
    made: dict[str, Asset] = {}
    for name in in_order(files):
        path = Path(name)
        content = files[name]
        if path.suffix == ".json":
            content = f"export default {json.dumps(json.loads(content), ensure_ascii=False)};\n"
        for needed in imports_of(content) if path.suffix == ".js" else []:
            content = content.replace(f'"./{needed}"', f'"./{made[needed].hashed_name}"')
        body = content.encode()
        digest = hashlib.sha256(name.encode() + b"\0" + body).hexdigest()[:16]
        is_style = path.suffix == ".css"
        made[name] = Asset(
            hashed_name=f"{path.stem}.{digest}{'.css' if is_style else '.js'}",
            content=body,
            media_type="text/css" if is_style else "text/javascript",
        )
    return made


@cache
def bundle() -> Mapping[str, Asset]:
    """All modules and style sheets, by their name in the package."""
    return make_bundle(sources())


def styles_of(widget: str) -> list[str]:
    """The style sheets a widget needs, the shared one first."""
    own = f"{widget}.css"
    return ["common.css", *([own] if own in sources() else [])]


def on_portal() -> bool:
    """Whether this process serves a lesson of the portal."""
    return os.environ.get("ISOXA_PORTAL") == "1"


def loader(widget: str) -> str:
    """The short ``_esm`` of the portal: it reads the page's base and imports the hashed module."""
    hashed = bundle()
    styles = json.dumps([hashed[name].hashed_name for name in styles_of(widget)], separators=(",", ":"))
    return _LOADER % (styles, hashed[f"{widget}.js"].hashed_name)


def join_modules(files: Mapping[str, str], main: str) -> str:
    """``main`` and all it imports as one module without imports; its default export is ``main``'s.

    Each module becomes a function of its own, run once, after what it imports.
    """
    needed: set[str] = set()

    def collect(name: str) -> None:
        if name not in needed:
            needed.add(name)
            for other in imports_of(files[name]) if name.endswith(".js") else []:
                collect(other)

    collect(main)
    parts = ["const modules = {};"]
    for name in in_order({name: files[name] for name in files if name in needed}):
        if name.endswith(".json"):
            catalogue = json.dumps(json.loads(files[name]), ensure_ascii=False)
            parts.append(f'modules["{name}"] = {{ default: {catalogue} }};')
            continue
        code = _STATIC_IMPORT.sub(_from_modules, files[name])
        code = _DYNAMIC_IMPORT.sub(lambda match: f'Promise.resolve(modules["{match[1]}"])', code)
        names = _EXPORT.findall(code)
        if _EXPORT_DEFAULT.search(code):
            code = _EXPORT_DEFAULT.sub("const defaultExport = ", code)
            names.append("default: defaultExport")
        code = re.sub(r"^export ", "", code, flags=re.MULTILINE)
        parts.append(f'modules["{name}"] = (() => {{\n{code}\nreturn {{ {", ".join(names)} }};\n}})();')
    parts.append(f'export default modules["{main}"].default;')
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
