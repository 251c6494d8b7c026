"""Which work products there are: one's own, and those a trainer may look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from isoxa_courses.documents import Document, DocumentKind
from isoxa_courses.fields import lesson_order
from isoxa_courses.models import Lesson
from isoxa_courses.text import VIETNAM
from isoxa_courses.tools import Tool
from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session, joinedload

from isoxa_grading.records.attempts import current_enrolment
from isoxa_grading.records.attempts.scope import unit_of_person, within
from isoxa_grading.records.library import CourseLibrary, EditionMissing
from isoxa_grading.records.tables import CourseEdition, Enrolment, LessonWork, Unit

from .letterhead import Letterhead, letterhead_of


class NoDocument(LookupError):
    """No such document, nothing in it yet, or not to be seen by who asks; ``str()`` is Vietnamese."""

    def __init__(self) -> None:
        super().__init__("Chưa có văn bản này. Anh/chị điền phần thực hành của bài học trước, rồi tải lại.")


@dataclass(frozen=True)
class WorkProduct:
    """What one officer made with one tool. ``kinds``: what it can be taken away as, in the tool's order."""

    work_id: int
    person_id: int
    officer: str
    unit: Unit | None
    course: str
    lesson: str
    lesson_title: str
    lesson_number: int | str
    item: str
    title: str
    done: bool
    saved_at: datetime
    kinds: tuple[DocumentKind, ...]
    documents: tuple[Document, ...]

    def document(self, kind: str) -> Document:
        """Its document of that kind. Raises `NoDocument`."""
        for one in self.documents:
            if one.kind == kind:
                return one
        raise NoDocument


@dataclass(frozen=True)
class MadeDocument:
    """A document with the head it is printed under."""

    document: Document
    letterhead: Letterhead
    saved_at: datetime


def products_of(session: Session, library: CourseLibrary, person_id: int, course: str) -> list[WorkProduct]:
    """What the person has made in the course they are enrolled in, in the order of its lessons."""
    enrolment = current_enrolment(session, person_id, course)
    if enrolment is None:
        return []
    return sorted(
        _read(session, library, _works().where(LessonWork.enrolment_id == enrolment.id)), key=_place
    )


def products_within(
    session: Session, library: CourseLibrary, scope_paths: Sequence[str], *, limit: int
) -> list[WorkProduct]:
    """The newest work products of officers who serve in one of the scopes; at most ``limit`` are read."""
    if not scope_paths:
        return []
    newest = within(_works(), scope_paths).order_by(LessonWork.saved_at.desc(), LessonWork.id.desc())
    return _read(session, library, newest.limit(limit))


def products_of_enrolments(
    session: Session, library: CourseLibrary, enrolment_ids: Sequence[int], *, until: datetime
) -> list[WorkProduct]:
    """What these enrolments' officers finished and last saved before ``until``, in the order of the lessons."""
    wanted = _works().where(
        LessonWork.enrolment_id.in_(enrolment_ids), LessonWork.done_at < until, LessonWork.saved_at < until
    )
    return sorted(_read(session, library, wanted), key=lambda one: (_place(one), one.work_id))


def product_of(
    session: Session, library: CourseLibrary, work_id: int, scope_paths: Sequence[str]
) -> WorkProduct:
    """One work product within the scopes. Raises `NoDocument`."""
    if scope_paths:
        for product in _read(session, library, within(_works().where(LessonWork.id == work_id), scope_paths)):
            return product
    raise NoDocument


def made_document(
    session: Session, library: CourseLibrary, person_id: int, course: str, lesson: str, item: str, kind: str
) -> MadeDocument:
    """The person's own document, ready to be written. Raises `NoDocument`."""
    for product in products_of(session, library, person_id, course):
        if (product.lesson, product.item) == (lesson, item):
            return with_head(product, kind)
    raise NoDocument


def with_head(product: WorkProduct, kind: str) -> MadeDocument:
    """A document of the product under its unit's head. Raises `NoDocument`."""
    year = product.saved_at.astimezone(VIETNAM).year
    return MadeDocument(product.document(kind), letterhead_of(product.unit, year), product.saved_at)


def _place(product: WorkProduct) -> tuple[tuple[int, str], str]:
    return lesson_order(product.lesson_number), product.item


def _works() -> Select[int]:
    return select(LessonWork.id).join(Enrolment, Enrolment.id == LessonWork.enrolment_id)


def _read(session: Session, library: CourseLibrary, ids: Select[int]) -> list[WorkProduct]:
    """The products among these works: those of tools that give documents, with something written in them."""
    tools = _tools(session, library)
    places = (tuple_(Enrolment.edition_id, LessonWork.lesson, LessonWork.item)).in_(list(tools))
    works = session.scalars(
        select(LessonWork)
        .where(LessonWork.id.in_(ids.where(places).scalar_subquery()))
        .options(joinedload(LessonWork.enrolment).joinedload(Enrolment.person))
        .order_by(LessonWork.saved_at.desc(), LessonWork.id.desc())
    ).all()
    found = []
    for work in works:
        lesson, tool = tools[work.enrolment.edition_id, work.lesson, work.item]
        documents = tool.documents(work.state)
        if not documents:
            continue
        person = work.enrolment.person
        given = {document.kind for document in documents}
        found.append(
            WorkProduct(
                work_id=work.id,
                person_id=person.id,
                officer=person.full_name,
                unit=unit_of_person(session, person.id),
                course=work.enrolment.edition.course,
                lesson=lesson.id,
                lesson_title=lesson.title,
                lesson_number=lesson.number,
                item=tool.id,
                title=tool.title or lesson.title,
                done=work.done_at is not None,
                saved_at=work.saved_at,
                kinds=tuple(kind for kind in tool.document_kinds if kind.kind in given),
                documents=documents,
            )
        )
    return found


def _tools(session: Session, library: CourseLibrary) -> dict[tuple[int, str, str], tuple[Lesson, Tool]]:
    """(edition, lesson, item) → lesson and tool, for the tools of all editions that give documents."""
    found: dict[tuple[int, str, str], tuple[Lesson, Tool]] = {}
    for edition in session.scalars(select(CourseEdition)):
        try:
            course = library.edition(edition.course, edition.edition)
        except EditionMissing:
            continue  # Published elsewhere; what was made with it cannot be read here.
        for lesson in course.lessons:
            for tool in lesson.tools:
                if tool.document_kinds:
                    found[edition.id, lesson.id, tool.id] = (lesson, tool)
    return found
