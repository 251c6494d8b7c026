"""A hall behind a prefix, and the organiser's portal, on the same released course."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from isoxa_courses.text import name_sort_key
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import Membership, Person, Role, Unit
from isoxa_portal.workshop.folder import WorkshopFolder
from sqlalchemy import select

from tests.grading.workshops.conftest import MORNING, _make
from tests.made_once import copy_of, made_once
from tests.portal.conftest import PASSWORD, Server
from tests.portal.pages.conftest import Page, Reader

BASE = "/user/lop-7/isoxa/"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "workshops", _make) / "data"


@pytest.fixture(scope="module")
def hall(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(WorkshopFolder(copy_of(released, tmp_path_factory.mktemp("hall") / "data")), BASE)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def office(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = DataFolder(copy_of(released, tmp_path_factory.mktemp("office") / "data"))
    engine = data.engine()
    with writing(engine) as session:
        province = session.scalars(select(Unit).where(Unit.name == "Tỉnh Lâm Đồng")).one()
        commune = session.scalars(select(Unit).where(Unit.name == "Xã Suối Lành")).one()
        for role in (Role.TRAINER, Role.DEPARTMENT):
            account = create_account(
                session, username=role.value, password=PASSWORD, display_name=f"Chị {role.value}", actor=None,
                now=MORNING,
            )  # fmt: skip
            grant_role(session, account, role, province, actor=None, now=MORNING)
        name = "Nguyễn Văn An"
        person = Person(full_name=name, sort_key=name_sort_key(name), created_at=MORNING)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, unit_id=commune.id, valid_from=date(2025, 7, 1)))
    engine.dispose()
    served = Server(data)
    yield served
    served.stop()


@pytest.fixture(scope="module")
def trainer(office: Server) -> Reader:
    return Reader(office).log_in("trainer")


@pytest.fixture(scope="module")
def code(opened: Page) -> str:
    """The code of the class that a module has opened."""
    return opened.one(".ix-class-code").get_text()
