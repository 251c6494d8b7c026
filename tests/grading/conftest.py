"""Databases for the tests under tests/grading: each test runs on SQLite and on PostgreSQL, on its own database.

``database_url`` is an empty database; ``engine`` one brought to the newest schema; ``units_engine`` one that
also holds the units of Vietnam; ``session`` a writing session on ``engine``, rolled back at the end; ``places`` the
same on a shared database with units. Schema and units are made once a run (a template), then copied, so a test's
database costs milliseconds.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from isoxa_grading.records.database import connect, migrate, writing
from sqlalchemy import URL, Engine, text
from sqlalchemy.orm import Session


class PostgresServer:
    """A throw-away cluster on a Unix socket, without durability: it is thrown away anyway."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        # Not pytest's own temporary folder: its parents are closed to the user the server runs as.
        memory = Path("/dev/shm")
        self.folder = Path(tempfile.mkdtemp(prefix="isoxa-pg-", dir=memory if memory.is_dir() else None))
        self.prefix: list[str] = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.folder.chmod(0o755)
            self.prefix = ["runuser", "-u", "postgres", "--"]
        data = self.folder / "data"
        # A Vietnamese default collation: what must sort in binary order has to say so.
        self._run("initdb", "-D", data, "-U", "isoxa", "-A", "trust", "-E", "UTF8", "--no-sync",
                  "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi")  # fmt: skip
        options = (
            f"-k {self.folder} -c listen_addresses='' -c fsync=off -c synchronous_commit=off "
            "-c full_page_writes=off -c dynamic_shared_memory_type=mmap -c shared_buffers=32MB -c max_connections=60"
        )
        self._run("pg_ctl", "-D", data, "-w", "-s", "-l", self.folder / "log", "-o", options, "start")

    def url(self, database: str) -> str:
        return f"postgresql://isoxa@/{database}?host={self.folder}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-s", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def execute(self, statement: str) -> None:
        engine = connect(self.url("postgres"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self.prefix, str(self.binaries / program), *map(str, arguments)]
        done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, check=False)  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")


class Databases:
    """Makes databases: empty, or copies of a template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: PostgresServer | None = None
        self.templates: dict[tuple[str, str], str] = {}
        self.made = 0

    def fresh(self, backend: str, template: str = "empty") -> str:
        """The URL of a new database: ``template`` is empty, schema, units or what ``derive`` made."""
        if template == "schema":
            self.derive(backend, template, "empty", migrate)
        elif template == "units":
            self.derive(backend, template, "schema", _load_units)
        return self._new(backend, None if template == "empty" else self.templates[backend, template])

    def derive(self, backend: str, name: str, before: str, fill: Callable[[Engine], object]) -> None:
        """Make the template ``name`` of ``before``, unless it is there: what many tests begin with is filled once."""
        if (backend, name) not in self.templates:
            self.templates[backend, name] = self._template(backend, before, fill)

    def _template(self, backend: str, before: str, fill: Callable[[Engine], object]) -> str:
        url = self.fresh(backend, before)
        engine = connect(url)
        fill(engine)
        if backend == "sqlite":
            with engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
        return url

    def _new(self, backend: str, source: str | None) -> str:
        self.made += 1
        name = f"isoxa_{self.made}"
        if backend == "sqlite":
            file = self.folder / f"{name}.db"
            if source:
                shutil.copyfile(source.removeprefix("sqlite:///"), file)
            return f"sqlite:///{file}"
        server = self._postgres()
        made_from = source.rpartition("@/")[2].partition("?")[0] if source else "template0"
        server.execute(f"CREATE DATABASE {name} TEMPLATE {made_from}")
        return server.url(name)

    def _postgres(self) -> PostgresServer:
        if self.server is None:
            found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin: int(bin.parent.name))
            if not found:
                pytest.skip("PostgreSQL is not installed (apt install postgresql)")
            self.server = PostgresServer(found[-1])
        return self.server

    def drop(self, url: URL) -> None:
        """Give the space back at once: a cluster in memory should not grow with the number of tests."""
        if url.get_backend_name() == "sqlite":
            for file in self.folder.glob(f"{Path(url.database or '').name}*"):
                file.unlink()
        elif self.server is not None:
            self.server.execute(f"DROP DATABASE {url.database} WITH (FORCE)")

    def close(self) -> None:
        if self.server is not None:
            self.server.stop()


def _load_units(engine: Engine) -> None:
    from isoxa_grading.records.units import load_units

    with writing(engine) as session:
        load_units(session)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    made = Databases(tmp_path_factory.mktemp("databases"))
    yield made
    made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(databases: Databases, backend: str) -> str:
    return databases.fresh(backend)


def engine_on(databases: Databases, backend: str, template: str) -> Iterator[Engine]:
    """A database of the test's own, with what the template holds."""
    engine = connect(databases.fresh(backend, template))
    yield engine
    engine.dispose()
    databases.drop(engine.url)


@pytest.fixture
def engine(databases: Databases, backend: str) -> Iterator[Engine]:
    yield from engine_on(databases, backend, "schema")


@pytest.fixture
def units_engine(databases: Databases, backend: str) -> Iterator[Engine]:
    yield from engine_on(databases, backend, "units")


@pytest.fixture(scope="session")
def _shared_units(databases: Databases) -> Iterator[dict[str, Engine]]:
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def places(databases: Databases, backend: str, _shared_units: dict[str, Engine]) -> Iterator[Session]:
    """A session on one database with units for all tests: what a test writes there is rolled back. Never commit."""
    engine = _shared_units.get(backend) or connect(databases.fresh(backend, "units"))
    _shared_units[backend] = engine
    with Session(engine.execution_options(isoxa_mode="writing"), expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine.execution_options(isoxa_mode="writing"), expire_on_commit=False) as opened:
        yield opened
