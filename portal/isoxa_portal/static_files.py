"""Static files: public, named by content, cached for a year, compressed."""

from __future__ import annotations

from tornado.web import RequestHandler

from .assets import ServedFile
from .errors import not_found
from .handlers import PortalHandler
from .portal import Portal
from .routes import Route

_FOR_GOOD = "public, max-age=31536000, immutable"


class StaticHandler(PortalHandler):
    """One file by its hashed name. Public, so nobody's session is looked up."""

    async def prepare(self) -> None:
        """No cookie is read: the answer is the same for everyone and may be kept by any cache."""

    def find(self, portal: Portal, **place: str) -> ServedFile | None:
        """The file at this address."""
        raise NotImplementedError

    async def get(self, **place: str) -> None:
        file = self.find(self.portal, **place)
        if file is None:
            raise not_found()
        self.set_header("Cache-Control", _FOR_GOOD)
        self.set_header("ETag", file.etag)
        self.set_header("Vary", "Accept-Encoding")
        self.clear_header("Content-Security-Policy")
        if self.request.headers.get("If-None-Match") == file.etag:
            self.set_status(304)
            self.finish()
            return
        self.set_header("Content-Type", file.media_type)
        coding = file.coding(self.request.headers.get("Accept-Encoding", ""))
        if coding is None:
            self.finish(file.content)
            return
        if not file.is_packed(coding):
            await self.run(file.packed, coding)
        self.set_header("Content-Encoding", coding)
        self.finish(file.packed(coding))

    head = get

    def compute_etag(self) -> None:
        """Ours is of the file itself, the same for all encodings."""


class PageFile(StaticHandler):
    """The portal's own files."""

    def find(self, portal: Portal, **place: str) -> ServedFile | None:
        return portal.assets.page_file(place["name"])


class WidgetFile(StaticHandler):
    """The widgets' modules and styles."""

    def find(self, portal: Portal, **place: str) -> ServedFile | None:
        return portal.assets.widget_file(place["name"])


class FrontEndFile(StaticHandler):
    """Voilà's front end."""

    def find(self, portal: Portal, **place: str) -> ServedFile | None:
        return portal.assets.front_end_file(place["version"], place["name"])


def static_routes() -> list[Route]:
    """The three shelves."""
    shelves: list[tuple[str, type[RequestHandler]]] = [
        (r"/static/p/(?P<name>[\w.-]+)", PageFile),
        (r"/static/w/(?P<name>[\w.-]+)", WidgetFile),
        (r"/static/v/(?P<version>[0-9a-f]{16})/(?P<name>[\w@./-]+)", FrontEndFile),
    ]
    return [Route(pattern, handler, None, "file") for pattern, handler in shelves]
