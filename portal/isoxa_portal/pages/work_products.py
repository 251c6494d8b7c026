"""Work products: "Tài liệu của tôi", the files an officer takes away, and what trainers look at.

An officer reaches their own, a trainer those of officers who serve in the units of the role; all else is not found.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from isoxa_courses.text import fold
from isoxa_grading.records.database import reading
from isoxa_grading.records.signin import SignedIn
from isoxa_grading.records.tables import Role
from isoxa_grading.work_products import (
    MadeDocument,
    NoDocument,
    WorkProduct,
    made_document,
    product_of,
    products_of,
    products_within,
    with_head,
    write_docx,
    write_xlsx,
)

from ..course_access import CourseAccess, course_access
from ..errors import PortalError
from ..handlers import PortalHandler
from ..i18n import gettext as _
from ..lesson_pages import LEARNERS
from ..portal import Portal
from ..routes import Route
from .view import Link, Place, Status, paged

__all__ = ["work_product_pages"]

TRAINER = frozenset({Role.TRAINER})
NEWEST = 600
"""A trainer looks at what is new; more than this many saved works are not read for one page."""
PAGE = 30
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMATS = {"docx": "Word", "xlsx": "Excel"}


@dataclass(frozen=True)
class ProductLine:
    """A work product in a list; ``url`` reopens it (the officer) or shows it (the trainer)."""

    title: str
    lesson: str
    officer: str
    unit: str
    done: bool
    saved_at: datetime
    url: str
    files: list[Link]

    @property
    def about(self) -> str:
        """What the link leads to, where many lead to the same officer."""
        return self.title

    @property
    def state(self) -> Status:
        """How far it is."""
        return Status("good", _("Đã hoàn thành")) if self.done else Status("now", _("Đang làm dở"))


def _lesson(product: WorkProduct) -> str:
    return _("Bài %(number)s. %(title)s") % {
        "number": product.lesson_number,
        "title": product.lesson_title,
    }


def _files(product: WorkProduct, root: str) -> list[Link]:
    return [
        Link(
            _("Tải %(title)s (%(format)s)") % {"title": kind.title, "format": _FORMATS[format_]},
            f"{root}/{kind.kind}.{format_}",
        )
        for kind in product.kinds
        for format_ in kind.formats
    ]


def _line(product: WorkProduct, url: str, files_root: str) -> ProductLine:
    return ProductLine(
        product.title,
        _lesson(product),
        product.officer,
        product.unit.name if product.unit is not None else "",
        product.done,
        product.saved_at,
        url,
        _files(product, files_root),
    )


def _missing(error: NoDocument) -> PortalError:
    return PortalError(404, "not_found", str(error))


def _own(portal: Portal, me: SignedIn, course: str) -> list[WorkProduct]:
    if me.person_id is None:
        return []
    with reading(portal.engine) as session:
        return products_of(session, portal.library, me.person_id, course)


def _own_file(portal: Portal, me: SignedIn, course: str, lesson: str, item: str, kind: str) -> MadeDocument:
    with reading(portal.engine) as session:
        try:
            if me.person_id is None:
                raise NoDocument
            return made_document(session, portal.library, me.person_id, course, lesson, item, kind)
        except NoDocument as error:
            raise _missing(error) from error


def _within(portal: Portal, scope: list[str]) -> list[WorkProduct]:
    with reading(portal.engine) as session:
        return products_within(session, portal.library, scope, limit=NEWEST)


def _seen(portal: Portal, work: int, scope: list[str]) -> WorkProduct:
    with reading(portal.engine) as session:
        try:
            return product_of(session, portal.library, work, scope)
        except NoDocument as error:
            raise _missing(error) from error


class _FileHandler(PortalHandler):
    """What both kinds of files share."""

    async def give(self, made: MadeDocument, format_: str) -> None:
        """Write the file as a download."""
        content = await self.run(_bytes, made, format_)
        name = f"{made.document.kind}-{fold(made.letterhead.place).replace(' ', '-')}"
        ascii_name = "".join(one for one in name if one.isascii() and (one.isalnum() or one == "-")).strip(
            "-"
        )
        self.set_header("Content-Type", _TYPES[format_])
        self.set_header("Content-Disposition", f'attachment; filename="{ascii_name}.{format_}"')
        self.finish(content)


def _can_be(made: MadeDocument, format_: str) -> None:
    """Raises `PortalError` 404 for a workbook of a document without a table."""
    if format_ == "xlsx" and not made.document.tables:
        raise _missing(NoDocument())


def _bytes(made: MadeDocument, format_: str) -> bytes:
    _can_be(made, format_)
    stream = io.BytesIO()
    write = write_docx if format_ == "docx" else write_xlsx
    write(made.document, made.letterhead, stream, saved_at=made.saved_at)
    return stream.getvalue()


class OwnProductsHandler(PortalHandler):
    """ "Tài liệu của tôi": what was made in a course, to reopen and to take away."""

    async def get(self, course: str) -> None:
        access: CourseAccess = await self.run(course_access, self.portal, self.me, course)
        found = await self.run(_own, self.portal, self.me, course)
        lines = [
            _line(
                one,
                f"{access.root}/bai/{one.lesson}#luyen-tap-{one.item}",
                f"{access.root}/bai/{one.lesson}/tai-lieu/{one.item}",
            )
            for one in found
        ]
        place: Place = [
            (_("Khóa học của tôi"), self.portal.url("khoa-hoc")),
            (access.manifest.title, access.root),
            (_("Tài liệu của tôi"), None),
        ]
        self.render_page("work_products.html", products=lines, course_url=access.root, place=place)


class OwnFileHandler(_FileHandler):
    """One of one's own documents as a file."""

    async def get(self, course: str, lesson: str, item: str, kind: str, format_: str) -> None:
        made = await self.run(_own_file, self.portal, self.me, course, lesson, item, kind)
        await self.give(made, format_)

    async def head(self, course: str, lesson: str, item: str, kind: str, format_: str) -> None:
        """Whether there is one; the lesson's page asks before it sends the browser to the file."""
        made = await self.run(_own_file, self.portal, self.me, course, lesson, item, kind)
        _can_be(made, format_)
        self.set_header("Content-Type", _TYPES[format_])
        self.finish()


class _SeenHandler(_FileHandler):
    @property
    def scope(self) -> list[str]:
        return self.me.scope_paths(Role.TRAINER)

    async def product(self, work: str) -> WorkProduct:
        return await self.run(_seen, self.portal, int(work), self.scope)


class ProductsHandler(_SeenHandler):
    """ "Sản phẩm của học viên": the newest first."""

    async def get(self) -> None:
        root = self.portal.url("cham-bai/san-pham")
        found = await self.run(_within, self.portal, self.scope)
        lines = [_line(one, f"{root}/{one.work_id}", f"{root}/{one.work_id}") for one in found]
        pager = paged(lines, self.get_query_argument("trang", ""), PAGE, root, {})
        place: Place = [(_("Chấm bài"), self.portal.url("cham-bai")), (_("Sản phẩm của học viên"), None)]
        self.render_page("products_seen.html", products=pager.items, pager=pager, place=place)


class ProductHandler(_SeenHandler):
    """One work product, to be read in the browser."""

    async def get(self, work: str) -> None:
        product = await self.product(work)
        root = self.portal.url("cham-bai/san-pham")
        place: Place = [
            (_("Chấm bài"), self.portal.url("cham-bai")),
            (_("Sản phẩm của học viên"), root),
            (product.officer, None),
        ]
        line = _line(product, f"{root}/{product.work_id}", f"{root}/{product.work_id}")
        self.render_page("product_seen.html", product=line, documents=product.documents, place=place)


class SeenFileHandler(_SeenHandler):
    """The same as a file."""

    async def get(self, work: str, kind: str, format_: str) -> None:
        product = await self.product(work)
        try:
            made = with_head(product, kind)
        except NoDocument as error:
            raise _missing(error) from error
        await self.give(made, format_)


def work_product_pages() -> list[Route]:
    """The officer's page and files, the trainer's list, page and files."""
    course = r"/khoa-hoc/(?P<course>[\w.-]+)"
    file = r"(?P<kind>[a-z0-9-]+)\.(?P<format_>docx|xlsx)"
    work = r"/cham-bai/san-pham/(?P<work>\d{1,18})"
    return [
        Route(rf"{course}/tai-lieu", OwnProductsHandler, LEARNERS, "page"),
        Route(
            rf"{course}/bai/(?P<lesson>[\w.-]+)/tai-lieu/(?P<item>[\w.-]+)/{file}",
            OwnFileHandler,
            LEARNERS,
            "page",
        ),
        Route(r"/cham-bai/san-pham/?", ProductsHandler, TRAINER, "page"),
        Route(work, ProductHandler, TRAINER, "page"),
        Route(rf"{work}/{file}", SeenFileHandler, TRAINER, "page"),
    ]
