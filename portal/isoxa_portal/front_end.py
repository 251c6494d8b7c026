"""Voilà's front end as a lesson's page loads it: what every lesson needs in one file, the rest where it always was.

Voilà's front end and its extensions are built by webpack: a start and a few hundred small files ("chunks"), fetched
when the start comes to them; a lesson needs a hundred or so. A chunk does no more than hand its modules to a list that
the start reads. So the chunks which lessons are known to need may stand in one script ahead of ``voila.js``, as they
are: the start finds them there and asks for none. Whatever is not among them is fetched one by one, as ever; a record
that fits badly costs time and never a lesson.

Voilà also imports JupyterLab's notebook, console and data grid, for extensions that might want them; lessons have none
that does. Builds of webpack share modules by name and version in a table ("module federation"), and the highest version
that suits is taken: so an empty module under a higher version takes their place, in this version of Voilà alone.

``front_end.json`` is the record of what lessons ask for: made by loading them (docs/contributors/front-end.md), held by
``tests/browser/test_lesson_weight.py``. MathJax is in a second file, which only a page with a formula fetches
(``formulas/remoteEntry.js``, an extension like any other).

Two limits of time in it are too short for an old computer, or one with other things to do, and cost the lesson its
tools for good: they are lengthened to a minute on the way out (`_PATIENT`, `_PATIENCE`).
"""

from __future__ import annotations

import hashlib
import json
import logging
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_path

log = logging.getLogger("isoxa.portal")

RECORD = Path(__file__).parent / "front_end.json"
LESSON = "lesson.js"
FORMULAS = "formulas.js"
_START = "voila/voila.js"
_FORMULAS_EXTENSION = "isoxa-formulas"
_BUILDS = ("voila", "jupyterlab_widgets", "anywidget")
# A chunk without modules: what stands third is called by the start with its own tools, of which S is the shared table.
_LEAVE_OUT = """\
(self.webpackChunk_JUPYTERLAB_CORE_OUTPUT=self.webpackChunk_JUPYTERLAB_CORE_OUTPUT||[]).push([["left-out"],{},(webpack)=>{
const table=webpack.S.default=webpack.S.default||{};
for(const [name,version] of Object.entries(%s))
table[name]={[version]:{get:()=>Promise.resolve(()=>({})),from:"left-out",eager:false}};
}]);
"""
# ipywidgets' manager looks for a model for two seconds and then says "model not found" for good. Where a look takes
# longer than that, it says so of a model that has come meanwhile.
_PATIENT = re.compile(rb"(Date\.now\(\)-\w+<)2e3\b")
_LONGER = rb"\g<1>6e4"
# anywidget gives a model two seconds to be ready and then shuts it.
_PATIENCE = b"""\
(()=>{const limit=AbortSignal.timeout.bind(AbortSignal);AbortSignal.timeout=(ms)=>limit(Math.max(ms,60000))})();
"""
_PLACES = {
    "voila": ("voila", "templates/base/static"),
    "labextensions/@voila-dashboards/widgets-manager8": (
        "voila",
        "labextensions/@voila-dashboards/widgets-manager8",
    ),
    "labextensions/@jupyter-widgets/jupyterlab-manager": (
        "labextensions",
        "@jupyter-widgets/jupyterlab-manager",
    ),
    "labextensions/anywidget": ("labextensions", "anywidget"),
}


@dataclass(frozen=True)
class Record:
    """Which chunks go into which file, in the order they are asked for: paths below the front end's address.

    ``builds``: the packages that brought them, with their versions. ``left_out``: shared module -> the version under
    which nothing takes its place; only with these builds.
    """

    lesson: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    builds: Mapping[str, str] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)


def read_record(file: Path = RECORD) -> Record:
    """The record beside this module."""
    found = json.loads(file.read_text("utf-8"))
    return Record(tuple(found["lesson"]), tuple(found["formulas"]), found["builds"], found["left_out"])


def installed_builds() -> dict[str, str]:
    """What is installed now, as a record has it."""
    return {package: version(package) for package in _BUILDS}


class FrontEnd:
    """The files below ``static/v/VERSION/``; ``version`` is one hash of them all, since they name each other.

    ``places``: folder in the address -> folder on disk. ``missing``: what the record names and is not installed.
    """

    def __init__(self, places: Mapping[str, Path], record: Record) -> None:
        self._files = {
            f"{place}/{file.relative_to(root).as_posix()}": file
            for place, root in places.items()
            for file in root.rglob("*")
            if _wanted(file)
        }
        self._record = record
        self.missing = [path for path in (*record.lesson, *record.formulas) if path not in self._files]

    @cached_property
    def version(self) -> str:
        digest = hashlib.sha256(repr((self._record, _PATIENT, _LONGER, _PATIENCE)).encode())
        for path, file in sorted(self._files.items()):
            digest.update(f"{path}\0".encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()[:16]

    def content(self, path: str) -> bytes | None:
        """The file at ``path``; only names found when the portal started, so no path leads out of its folder."""
        if path == LESSON and _START in self._files:
            start = self._files[_START].read_bytes()
            return _PATIENCE + self._joined(self._record.lesson) + self._leave_out() + start
        if path == FORMULAS:
            return self._joined(self._record.formulas)
        return self._patient(path) if path in self._files else None

    def _patient(self, path: str) -> bytes:
        content = self._files[path].read_bytes()
        return _PATIENT.sub(_LONGER, content) if path.endswith(".js") else content

    def _joined(self, chunks: Iterable[str]) -> bytes:
        # A function of its own each: what one chunk declares, and its "use strict", ends with it.
        parts = [b"(()=>{" + self._patient(chunk) + b"\n})();\n" for chunk in chunks if chunk in self._files]
        return b"".join(parts)

    def _leave_out(self) -> bytes:
        left_out = self._record.left_out
        return (_LEAVE_OUT % json.dumps(dict(left_out))).encode() if left_out else b""

    def page_config(self, voila: Mapping[str, Any], address: str) -> dict[str, Any]:
        """Voilà's page configuration with this front end at ``address`` (an URL without a slash at its end).

        Besides Voilà's own options: ``frontEndScript``, the one script of a lesson's page; ``frontEndEntries``, what it
        fetches next, to be fetched at once; ``formulasUrl``.
        """
        extensions = [
            *voila["federated_extensions"],
            {"name": _FORMULAS_EXTENSION, "load": "remoteEntry.js", "extension": "./extension"},
        ]
        shelf = f"{address}/labextensions"
        return {
            **voila,
            "fullStaticUrl": f"{address}/voila",
            "fullLabextensionsUrl": shelf,
            "federated_extensions": extensions,
            # Voilà takes "no address" for "the MathJax that I bring", which is ours to serve.
            "fullMathjaxUrl": None,
            "mathjaxConfig": None,
            "formulasUrl": f"{address}/{FORMULAS}",
            "frontEndScript": f"{address}/{LESSON}",
            "frontEndEntries": [
                posixpath.normpath(f"{shelf}/{one['name']}/{one['load']}") for one in extensions
            ],
        }


@cache
def installed() -> FrontEnd:
    """The front end of the installed Voilà. Raises ``FileNotFoundError`` if it is not wholly installed."""
    places = {place: _find(*where) for place, where in _PLACES.items()}
    places[f"labextensions/{_FORMULAS_EXTENSION}"] = Path(__file__).parent / "formulas"
    record, builds = read_record(), installed_builds()
    if builds != record.builds:
        log.warning(
            "front end: recorded for %s, installed are %s: lessons work and load more slowly "
            "(docs/contributors/front-end.md)",
            dict(record.builds),
            builds,
        )
        record = replace(record, left_out={})
    return FrontEnd(places, record)


def _find(kind: str, path: str) -> Path:
    """A folder of Jupyter's shared files."""
    for root in jupyter_path(kind):
        if (Path(root) / path).is_dir():
            return Path(root) / path
    raise FileNotFoundError(f"share/jupyter/{kind}/{path}: Voilà chưa được cài đầy đủ.")


def _wanted(file: Path) -> bool:
    return file.is_file() and not file.name.endswith((".map", ".txt", ".json", ".html"))
