"""A real portal for the tests: a data folder with a tiny course, served in a thread, spoken to over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from isoxa_grading.nbgrader_bridge import build_course
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.data_folder import DataFolder, Settings
from isoxa_grading.records.database import migrate, writing
from isoxa_grading.records.enrolments import enrol, latest_edition
from isoxa_grading.records.tables import Membership, Person, Role, Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_portal.app import PortalApp
from sqlalchemy.orm import Session

from tests.made_once import copy_of, made_once
from tests.portal.tiny_course import COURSE, write_tiny_course

PASSWORD = "mat-khau-thu-nghiem-1"
NOW = datetime(2025, 11, 21, 7, 0, tzinfo=UTC)
ACCOUNTS = {
    "officer": Role.OFFICER,
    "officer2": Role.OFFICER,
    "trainer": Role.TRAINER,
    "department": Role.DEPARTMENT,
    "admin": Role.ADMIN,
}


def add_unit(session: Session, kind: UnitKind, name: str, parent: Unit | None) -> Unit:
    unit = Unit(
        code=f"{kind.value}-{name}",
        kind=kind,
        type_word=kind.value,
        name=name,
        short_name=name,
        parent=parent,
        path="",
        valid_from=date(2025, 7, 1),
        sort_key=name,
        search_key=name,
    )
    session.add(unit)
    session.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def _people(session: Session) -> None:
    country = add_unit(session, UnitKind.COUNTRY, "Việt Nam", None)
    province = add_unit(session, UnitKind.PROVINCE, "Lâm Đồng", country)
    commune = add_unit(session, UnitKind.COMMUNE, "Suối Lành", province)
    edition = latest_edition(session, COURSE)
    assert edition is not None
    for username, role in ACCOUNTS.items():
        person = None
        if role is Role.OFFICER:
            person = Person(full_name=f"Cán bộ {username}", sort_key=username, made_up=True, created_at=NOW)
            session.add(person)
            session.flush()
            session.add(Membership(person_id=person.id, unit_id=commune.id, valid_from=date(2025, 7, 1)))
            enrol(session, person, edition, due_on=None, source="test", actor=None, now=NOW)
        account = create_account(
            session,
            username=username,
            password=PASSWORD,
            display_name=f"Cô chú {username}",
            person=person,
            actor=None,
            now=NOW,
        )
        grant_role(session, account, role, commune if person else province, actor=None, now=NOW)


def fill_portal(folder: Path) -> None:
    """A data folder at ``folder``/data with the tiny course built and five accounts."""
    data = DataFolder(folder / "data")
    data.create(Settings(max_lessons=8))
    engine = data.engine()
    migrate(engine)
    course, notebooks = write_tiny_course(folder / "content")
    with writing(engine) as session:
        build_course(data, session, course, notebooks, now=NOW)
        _people(session)
    engine.dispose()


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A copy of a filled data folder."""
    made = made_once(tmp_path_factory, "portal", fill_portal)
    return DataFolder(copy_of(made, tmp_path_factory.mktemp("portal") / "copy") / "data")


class Server:
    """A portal in a thread of its own."""

    def __init__(self, data: DataFolder, base: str = "/", port: int = 0) -> None:
        self.app = PortalApp()
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(data, base, port)), daemon=True
        )
        self._thread.start()
        self._ready.wait(60)
        if self._failure is not None:
            raise self._failure

    async def _serve(self, data: DataFolder, base: str, port: int) -> None:
        self.loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        try:
            self.app.prepare(data, base_url=base)
            self.url = self.app.listen_on("127.0.0.1", port)
        except Exception as failure:  # noqa: BLE001  # raised again in the thread that asked
            self._failure = failure
            return
        finally:
            self._ready.set()
        await self._stop.wait()
        await self.app.close()

    def call(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """Run a coroutine function on the portal's loop."""
        return asyncio.run_coroutine_threadsafe(work(*arguments), self.loop).result(30)

    @property
    def root(self) -> str:
        return self.url.rstrip("/").removesuffix(self.app.base_url.rstrip("/"))

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)


@dataclass
class Browser:
    """Cookies and an XSRF token, as a browser has them."""

    server: Server
    cookies: requests.Session = field(default_factory=requests.Session)
    xsrf: str = ""

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        more.setdefault("allow_redirects", False)
        return self.cookies.request(method, self.server.url + path.lstrip("/"), timeout=60, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.ask("GET", path, **more)

    def change(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """A change request as our scripts make it."""
        headers = {"X-Isoxa-Xsrf": self.xsrf, **more.pop("headers", {})}
        return self.ask(method, path, json={} if body is None else body, headers=headers, **more)

    def look(self) -> dict[str, Any]:
        answer = self.get("api/session").json()
        self.xsrf = answer["xsrf"]
        return answer

    def log_in(self, username: str, password: str = PASSWORD) -> Browser:
        self.look()
        answer = self.change("POST", "api/login", {"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        self.xsrf = answer.json()["xsrf"]
        return self


@pytest.fixture(scope="session")
def server(data_folder: DataFolder) -> Iterator[Server]:
    served = Server(data_folder)
    yield served
    served.stop()


@pytest.fixture(scope="session")
def prefixed(data_folder: DataFolder) -> Iterator[Server]:
    """The same data folder, served below a path."""
    served = Server(data_folder, "/nguoi/lan/proxy/9/")
    yield served
    served.stop()


@pytest.fixture
def visitor(server: Server) -> Browser:
    return Browser(server)


@pytest.fixture
def as_role(server: Server) -> Callable[[str], Browser]:
    """A new browser signed in as one of `ACCOUNTS`."""
    return lambda username: Browser(server).log_in(username)


@pytest.fixture
def officer(as_role: Callable[[str], Browser]) -> Browser:
    return as_role("officer")


@pytest.fixture
def lesson_folder(tmp_path: Path) -> Path:
    return tmp_path
