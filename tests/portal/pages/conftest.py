"""A portal with two provinces, untidy and hostile names, and a browser that reads pages as people do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from bs4 import BeautifulSoup, Tag
from isoxa_courses.text import VIETNAM, name_sort_key, sort_key
from isoxa_grading.nbgrader_bridge import build_course
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.data_folder import DataFolder, Settings
from isoxa_grading.records.database import migrate, writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.tables import Account, Membership, Person, Role, Unit, UnitSuccessor
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.records.units import search_key
from sqlalchemy.orm import Session

from tests.made_once import copy_of, made_once
from tests.portal.conftest import PASSWORD, Server
from tests.portal.tiny_course import COURSE, write_tiny_course

# The portal runs on the clock of today.
NOW = datetime.now(UTC)
TODAY = NOW.astimezone(VIETNAM).date()
HOSTILE = '<script>alert(1)</script>Ngọc & "Ánh" {{ 7*7 }} %(x)s'


def add_unit(
    session: Session,
    kind: UnitKind,
    type_word: str,
    short: str,
    parent: Unit | None,
    until: date | None = None,
) -> Unit:
    name = f"{type_word.capitalize()} {short}".strip()
    unit = Unit(
        code=f"{kind.value}-{short}", kind=kind, type_word=type_word, name=name, short_name=short, parent=parent,
        path="", valid_from=date(1900, 1, 1) if until else date(2025, 7, 1), valid_to=until,
        sort_key=sort_key(short), search_key=search_key(short),
    )  # fmt: skip
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


@dataclass
class World:
    """Ids of what the tests speak of."""

    data: DataFolder
    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)


def _fill(session: Session, world: World) -> None:
    country = add_unit(session, UnitKind.COUNTRY, "nước", "Việt Nam", None)
    lam_dong = add_unit(session, UnitKind.PROVINCE, "tỉnh", "Lâm Đồng", country)
    gia_lai = add_unit(session, UnitKind.PROVINCE, "tỉnh", "Gia Lai", country)
    communes = {
        "suoi-lanh": add_unit(session, UnitKind.COMMUNE, "xã", "Suối Lành", lam_dong),
        "da-bac": add_unit(session, UnitKind.COMMUNE, "xã", "Đá Bạc", lam_dong),
        "hon-rom": add_unit(session, UnitKind.COMMUNE, "phường", "Hòn Rơm", lam_dong),
        "nam-xe": add_unit(session, UnitKind.COMMUNE, "xã", "<b>Nậm Xé</b>", lam_dong),
        "ia-kha": add_unit(session, UnitKind.COMMUNE, "xã", "Ia Kha", gia_lai),
    }
    # Before July 2025 the province had a commune that went to two of today's.
    until = date(2025, 6, 30)
    before = add_unit(session, UnitKind.PROVINCE, "tỉnh", "Lâm Đồng", country, until)
    split = add_unit(session, UnitKind.COMMUNE, "xã", "Gò Lau", before, until)
    for old, new in ((before, lam_dong), (split, communes["suoi-lanh"]), (split, communes["da-bac"])):
        session.add(
            UnitSuccessor(unit_id=old.id, successor_id=new.id, whole=old is before, since=date(2025, 7, 1))
        )
    world.units = {"lam-dong": lam_dong.id, "gia-lai": gia_lai.id} | {k: u.id for k, u in communes.items()}
    edition = latest_edition(session, COURSE)
    assert edition is not None

    def account(username: str, person: Person | None, name: str, *grants: tuple[Role, Unit]) -> Account:
        made = create_account(
            session,
            username=username,
            password=PASSWORD,
            display_name=name,
            person=person,
            actor=None,
            now=NOW,
        )
        for role, unit in grants:
            grant_role(session, made, role, unit, actor=None, now=NOW)
        world.accounts[username] = made.id
        return made

    def officer(
        username: str, name: str, commune: str, due: date | None = None, enrolled: bool = True
    ) -> None:
        person = Person(full_name=name, sort_key=name_sort_key(name), made_up=True, created_at=NOW)
        session.add(person)
        session.flush()
        unit = communes[commune]
        session.add(
            Membership(
                person_id=person.id, unit_id=unit.id, position="Công chức", valid_from=date(2025, 7, 1)
            )
        )
        if enrolled:
            enrol(session, person, edition, due_on=due, source="test", actor=None, now=NOW)
        world.people[username] = person.id
        account(username, person, name, (Role.OFFICER, unit))

    officer("an", "Nguyễn Văn An", "suoi-lanh", TODAY + timedelta(days=30))
    officer("binh", "Trần Thị Bình", "suoi-lanh", TODAY - timedelta(days=3))
    officer("hostile", HOSTILE, "nam-xe")
    officer("mot", "Lê Một", "hon-rom")
    officer("xa", "Rơ Châm Xa", "ia-kha")
    officer("moi", "Đinh Văn Mới", "ia-kha")
    officer("ngoai", "Phạm Chưa Ghi Danh", "da-bac", enrolled=False)
    account("so.lamdong", None, "Sở KH&CN Lâm Đồng", (Role.DEPARTMENT, lam_dong))
    account("so.gialai", None, "Sở KH&CN Gia Lai", (Role.DEPARTMENT, gia_lai))
    account("trung-uong", None, "Ủy ban Tiêu chuẩn", (Role.DEPARTMENT, country))
    account("giang-vien", None, "Giảng viên Lâm Đồng", (Role.TRAINER, lam_dong))
    account("giang-vien.gialai", None, "Giảng viên Gia Lai", (Role.TRAINER, gia_lai))
    account("quan-tri", None, "Quản trị chung", (Role.ADMIN, country))
    account("quan-tri.lamdong", None, "Quản trị Lâm Đồng", (Role.ADMIN, lam_dong))
    account("kiem-nhiem", None, "Kiêm nhiệm", (Role.TRAINER, lam_dong), (Role.DEPARTMENT, country))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    made = made_once(tmp_path_factory, "pages", _make)
    names = json.loads((made / "world.json").read_text())
    folder = copy_of(made / "data", tmp_path_factory.mktemp("pages") / "data")
    return World(DataFolder(folder), **names)


def _make(folder: Path) -> None:
    data = DataFolder(folder / "data")
    data.create(Settings(max_lessons=2))
    engine = data.engine()
    migrate(engine)
    course, notebooks = write_tiny_course(folder / "content")
    made = World(data)
    with writing(engine) as session:
        build_course(data, session, course, notebooks, now=NOW)
        _fill(session, made)
    engine.dispose()
    names = {"units": made.units, "people": made.people, "accounts": made.accounts}
    (folder / "world.json").write_text(json.dumps(names))


@pytest.fixture(scope="module")
def portal(world: World) -> Iterator[Server]:
    served = Server(world.data)
    yield served
    served.stop()


class Page:
    """A page as it was answered; ``text`` is what can be read, with single spaces."""

    def __init__(self, answer: requests.Response) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.url = answer.url

    # Read when asked for: many tests want to know the status alone.
    @cached_property
    def html(self) -> BeautifulSoup:
        return BeautifulSoup(self.answer.text, "html.parser")

    @cached_property
    def text(self) -> str:
        return " ".join(self.html.get_text(" ").split())

    @property
    def path(self) -> str:
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def one(self, selector: str) -> Tag:
        found = self.html.select(selector)
        assert len(found) == 1, f"{selector}: {len(found)} on {self.url}"
        return found[0]

    def link(self, words: str) -> str:
        found = [a["href"] for a in self.html.find_all("a") if " ".join(a.get_text().split()) == words]
        assert found, f"no link {words!r} on {self.url}"
        return str(found[0])

    def field_labelled(self, words: str) -> Tag:
        (label,) = [one for one in self.html.find_all("label") if one.get_text().strip() == words]
        found = self.html.find(id=label["for"])
        assert isinstance(found, Tag)
        return found

    def button(self, words: str) -> Tag:
        (found,) = [one for one in self.html.find_all("button") if one.get_text().strip() == words]
        return found


class Reader:
    """Follows links and sends forms, with nothing but the pages: no script runs."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookies = requests.Session()

    def get(self, path: str, **more: Any) -> Page:
        return Page(self.cookies.get(self.server.root + path, timeout=60, **more))

    def send(
        self, page: Page, button: str | Tag, files: Any = None, tick: Iterable[str] = (), **values: str
    ) -> Page:
        """Press a button of a page with these values in its form; ``tick``: values of boxes to tick."""
        pressed = page.button(button) if isinstance(button, str) else button
        form = pressed.find_parent("form")
        assert form is not None
        inputs = form.find_all("input", attrs={"name": True})
        boxes = [one for one in inputs if one.get("type") == "checkbox"]
        data = {one["name"]: one.get("value", "") for one in inputs if one not in boxes}
        for choice in form.find_all("select"):
            chosen = choice.find("option", selected=True) or choice.find("option")
            data[choice["name"]] = chosen["value"] if chosen else ""
        data |= {one["name"]: one.get_text() for one in form.find_all("textarea")}
        if pressed.get("name"):
            data[pressed["name"]] = pressed["value"]
        data.pop("file", None)
        ticked = [
            (one["name"], one["value"]) for one in boxes if one["value"] in tick or one.has_attr("checked")
        ]
        unknown = (set(values) - set(data)) | (set(tick) - {value for _name, value in ticked})
        assert not unknown, f"the form has no {unknown}"
        action = str(pressed.get("formaction") or form.get("action") or page.path)
        sent = [*(data | values).items(), *ticked]
        return Page(self.cookies.post(self.server.root + action, data=sent, files=files, timeout=60))

    def log_in(self, username: str, password: str = PASSWORD) -> Reader:
        """As a program does; what the form answers is test_login_pages.py's."""
        self.api("POST", "login", {"username": username, "password": password})
        return self

    def api(self, method: str, path: str, body: Any = None) -> Any:
        token = self.cookies.get(f"{self.server.root}/api/session", timeout=60).json()["xsrf"]
        answer = self.cookies.request(
            method,
            f"{self.server.root}/api/{path}",
            json=body or {},
            headers={"X-Isoxa-Xsrf": token},
            timeout=60,
        )
        assert answer.ok, answer.text
        return answer.json()


@pytest.fixture
def reader(portal: Server) -> Reader:
    return Reader(portal)


@pytest.fixture
def as_user(portal: Server) -> Callable[[str], Reader]:
    return lambda username: Reader(portal).log_in(username)
