"""Files for the browser under names that say their content: a new content is a new name, so each is cached for good.

Three shelves below ``/static/``: ``p`` the portal's own style sheets, scripts and pictures; ``w`` the widgets'
modules; ``v`` Voilà's front end (`front_end`) under one hash of it all, since its files ask for each other by their own
names. Text is kept compressed, made once when first asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
import threading
from pathlib import Path
from typing import Any

import brotli

from .front_end import LESSON, FrontEnd

# Of brotli's eleven levels the last two take twenty times as long for a tenth less.
_BROTLI_LEVEL = 9
_SMALLEST_PACKED = 600
_TEXT = re.compile(r"^(text/|application/(javascript|json)|image/svg)")
# What a file of the portal may name beside itself: CSS url(...) and @import, and JavaScript's static imports.
_REFERENCES = {
    ".css": re.compile(r"""(?P<before>url\(\s*["']?|@import\s+["'])(?P<name>[\w.-]+\.\w+)"""),
    ".js": re.compile(r"""(?P<before>(?:\bfrom|\bimport)\s*\(?\s*["'])\./(?P<name>[\w.-]+\.js)(?=["'])"""),
}


def media_type(name: str) -> str:
    """The media type of a file, by its name."""
    if name.endswith((".js", ".mjs")):
        return "text/javascript"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


class ServedFile:
    """One file as served: plain and, where it saves anything, brotli or gzip. ``etag`` is quoted, as HTTP wants it."""

    def __init__(self, content: bytes, kind: str) -> None:
        self.content = content
        self.media_type = f"{kind}; charset=UTF-8" if kind.startswith("text/") else kind
        self.etag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
        self._worth_packing = bool(_TEXT.match(kind)) and len(content) >= _SMALLEST_PACKED
        self._packed: dict[str, bytes] = {}
        self._packing = threading.Lock()

    def coding(self, accepted: str) -> str | None:
        """The best way to send it to a browser with this ``Accept-Encoding``: ``br``, ``gzip`` or None, as it is."""
        if not self._worth_packing:
            return None
        known = {one.strip() for one in accepted.lower().split(",")}
        return next((coding for coding in ("br", "gzip") if coding in known), None)

    def is_packed(self, coding: str) -> bool:
        """Whether `packed` answers at once."""
        return coding in self._packed

    def packed(self, coding: str) -> bytes:
        """The content in a coding that `coding` gave. Takes half a second for the front end, once."""
        with self._packing:
            if coding not in self._packed:
                self._packed[coding] = (
                    brotli.compress(self.content, mode=brotli.MODE_TEXT, quality=_BROTLI_LEVEL)
                    if coding == "br"
                    else gzip.compress(self.content, 9, mtime=0)
                )
            return self._packed[coding]


class Assets:
    """Every file the browser may ask for. ``base`` is the portal's base path.

    ``page_files``: the portal's static folder; ``widget_files``: hashed name → (content, media type), with
    ``widget_names`` from plain to hashed name; ``front_end``: Voilà's.
    """

    def __init__(
        self,
        base: str,
        page_files: Path,
        widget_names: dict[str, str],
        widget_files: dict[str, tuple[bytes, str]],
        front_end: FrontEnd,
    ) -> None:
        self._base = base
        self._widget_names = widget_names
        self._widgets = {name: ServedFile(content, kind) for name, (content, kind) in widget_files.items()}
        self._page_names: dict[str, str] = {}
        self._pages: dict[str, ServedFile] = {}
        self._folder = page_files
        for file in sorted(page_files.iterdir()) if page_files.is_dir() else []:
            if file.is_file() and not file.name.startswith("."):
                self._add_page_file(file.name, ())
        self._front_end = front_end
        self.front_end_version = front_end.version
        self._opened: dict[str, ServedFile] = {}

    def __deepcopy__(self, _memo: object) -> Assets:
        """Itself: nbconvert copies whatever a page is rendered with, and this is every file there is."""
        return self

    def page_url(self, name: str) -> str:
        """The address of a file of the portal's static folder or, failing that, of the widgets' modules.

        Raises ``KeyError`` for a name that is neither: a template with a wrong name must not pass its test.
        """
        if name in self._page_names:
            return f"{self._base}static/p/{self._page_names[name]}"
        return f"{self._base}static/w/{self._widget_names[name]}"

    def front_end_url(self, place: str) -> str:
        """The address of a folder of Voilà's front end, without a slash at its end."""
        return f"{self._base}static/v/{self.front_end_version}/{place}"

    def page_config(self, voila: dict[str, Any]) -> dict[str, Any]:
        """Voilà's page configuration, changed to what is served here."""
        return self._front_end.page_config(voila, f"{self._base}static/v/{self.front_end_version}")

    def pack(self) -> None:
        """Compress what every lesson begins with, so that its first reader does not wait for that."""
        for file in (
            self.front_end_file(self.front_end_version, LESSON),
            self.widget_file(self._widget_names["start_lesson.js"]),
        ):
            coding = file.coding("br") if file else None
            if file and coding:
                file.packed(coding)

    def page_file(self, hashed: str) -> ServedFile | None:
        return self._pages.get(hashed)

    def widget_file(self, hashed: str) -> ServedFile | None:
        return self._widgets.get(hashed)

    def front_end_file(self, version: str, path: str) -> ServedFile | None:
        """A file of the front end."""
        if version != self.front_end_version:
            return None
        if path not in self._opened:
            content = self._front_end.content(path)
            if content is None:
                return None
            self._opened[path] = ServedFile(content, media_type(path))
        return self._opened[path]

    def _add_page_file(self, name: str, asking: tuple[str, ...]) -> str:
        """Hash a file after the files it names, so that its own name changes when theirs do."""
        if name in self._page_names:
            return self._page_names[name]
        content = (self._folder / name).read_bytes()
        pattern = _REFERENCES.get(Path(name).suffix)
        if pattern is not None:

            def rename(match: re.Match[str]) -> str:
                other = match["name"]
                dot = "./" if name.endswith(".js") else ""
                if other in asking or other == name or not (self._folder / other).is_file():
                    hashed = self._widget_names.get(other)
                    return f"{match['before']}../w/{hashed}" if hashed else match[0]
                return f"{match['before']}{dot}{self._add_page_file(other, (*asking, name))}"

            content = pattern.sub(rename, content.decode("utf-8")).encode("utf-8")
        stem, dot, suffix = name.rpartition(".")
        hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{suffix}"
        self._page_names[name] = hashed
        self._pages[hashed] = ServedFile(content, media_type(name))
        return hashed
