"""Who is asking under a Hub: our sign-in and the Hub's both count; a Hub that is silent for a while costs nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from isoxa_grading.records.accounts import LoginRefused, create_account, disable_account, grant_role
from isoxa_grading.records.database import connect, migrate, reading, writing
from isoxa_grading.records.login import account_of
from isoxa_grading.records.signin import SessionLimits
from isoxa_grading.records.tables import Role
from isoxa_grading.records.tables.units import UnitKind
from isoxa_portal.errors import CannotServe
from isoxa_portal.hub.accounts import HubPerson, check_password, person_named
from isoxa_portal.hub.identity import FRESH_SECONDS, GRACE_SECONDS, HubIdentity, NoSuchAccount
from isoxa_portal.hub.service import Hub, HubUnreachable, hub_of_environment
from sqlalchemy import Engine
from tornado.web import create_signed_value

from tests.portal.conftest import NOW, PASSWORD, Server, add_unit

ENVIRONMENT = {
    "JUPYTERHUB_API_TOKEN": "t",
    "JUPYTERHUB_API_URL": "http://127.0.0.1:8081/a/hub/api",
    "JUPYTERHUB_BASE_URL": "/a/",
    "JUPYTERHUB_CLIENT_ID": "service-isoxa",
    "JUPYTERHUB_SERVICE_PREFIX": "/a/services/isoxa/",
    "JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:8866",
}


@dataclass(frozen=True)
class SmallHub(Hub):
    """A Hub that knows some tokens, counts what it is asked, and can fall silent."""

    users: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    silent: list[bool] = field(default_factory=list)

    def token_for_code(self, code: str, verifier: str) -> str:
        return code

    def name_of(self, token: str) -> str | None:
        self.asked.append(token)
        if self.silent:
            raise HubUnreachable("silent")
        return self.users.get(token)


@dataclass
class Clock:
    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = connect(f"sqlite:///{tmp_path / 'isoxa.db'}")
    migrate(found)
    with writing(found) as session:
        commune = add_unit(session, UnitKind.COUNTRY, "Việt Nam", None)
        for name, role in (("lan", Role.OFFICER), ("minh", Role.TRAINER)):
            account = create_account(
                session, username=name, password=PASSWORD, display_name=name, person=None, actor=None, now=NOW
            )
            grant_role(session, account, role, commune, actor=None, now=NOW)
    yield found
    found.dispose()


@pytest.fixture
def hub() -> SmallHub:
    real = hub_of_environment(ENVIRONMENT)
    return SmallHub(**vars(real), users={"h1": "lan", "h2": "minh"})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def identity(engine: Engine, hub: SmallHub, clock: Clock) -> Iterator[HubIdentity]:
    made = HubIdentity(engine, SessionLimits(), hub, timer=clock)
    yield made
    made.close()


def come_in(identity: HubIdentity, name: str, hub_token: str) -> str:
    return identity.open(name, hub_token, address="", user_agent="", now=NOW)


def names(identity: HubIdentity, *tokens: str) -> dict[str, str]:
    return {token: found.username for token, found in identity.who(tokens, NOW).items()}


def test_two_people_are_two_people(identity: HubIdentity) -> None:
    lan, minh = come_in(identity, "lan", "h1"), come_in(identity, "minh", "h2")
    assert names(identity, lan, minh, "khac.h1", "") == {lan: "lan", minh: "minh"}


def test_the_hub_is_asked_rarely(identity: HubIdentity, hub: SmallHub, clock: Clock) -> None:
    lan = come_in(identity, "lan", "h1")
    for _ in range(5):
        names(identity, lan)
    assert hub.asked == []
    clock.at += FRESH_SECONDS
    assert names(identity, lan) == {lan: "lan"}
    assert names(identity, lan) == {lan: "lan"}
    assert hub.asked == ["h1"]


def test_signing_out_of_the_hub_ends_it(identity: HubIdentity, hub: SmallHub, clock: Clock) -> None:
    lan = come_in(identity, "lan", "h1")
    del hub.users["h1"]
    clock.at += FRESH_SECONDS
    assert names(identity, lan) == {}


def test_a_silent_hub_costs_nobody_for_ten_minutes(
    identity: HubIdentity, hub: SmallHub, clock: Clock
) -> None:
    lan = come_in(identity, "lan", "h1")
    hub.silent.append(True)
    clock.at += GRACE_SECONDS - 1
    assert names(identity, lan) == {lan: "lan"}
    clock.at += 2
    assert names(identity, lan) == {}
    hub.silent.clear()
    assert names(identity, lan) == {lan: "lan"}


def test_another_persons_part_of_a_cookie_is_worth_nothing(identity: HubIdentity) -> None:
    lan, minh = come_in(identity, "lan", "h1"), come_in(identity, "minh", "h2")
    mine, theirs = lan.split(".")[0], minh.split(".")[1]
    assert names(identity, f"{mine}.{theirs}", mine, f"{mine}.", f".{theirs}", f"{mine}.khong-co") == {}


def test_signing_out_here_and_being_disabled(identity: HubIdentity, engine: Engine) -> None:
    lan, minh = come_in(identity, "lan", "h1"), come_in(identity, "minh", "h2")
    identity.sign_out(lan, NOW)
    with writing(engine) as session:
        account = account_of(session, "minh")
        assert account is not None
        disable_account(session, account, actor=None, now=NOW)
    assert names(identity, lan, minh) == {}
    with pytest.raises(NoSuchAccount):
        come_in(identity, "minh", "h2")
    with pytest.raises(NoSuchAccount):
        come_in(identity, "nguoi-la", "h1")


def test_renewing_in_place_keeps_to_the_hubs_sign_in(
    identity: HubIdentity, hub: SmallHub, clock: Clock
) -> None:
    before = come_in(identity, "lan", "h1")
    late = NOW + timedelta(hours=3)
    assert not identity.who([before], late)
    again = identity.sign_in("lan", PASSWORD, address="", user_agent="", now=late)
    cookie = identity.carry_on(again, before)
    assert [one.username for one in identity.who([cookie], late).values()] == ["lan"]
    # Somebody else's password at this browser: the Hub has not seen them.
    other = identity.carry_on(identity.sign_in("minh", PASSWORD, address="", user_agent="", now=late), before)
    assert not identity.who([other], late)
    clock.at += FRESH_SECONDS
    del hub.users["h1"]
    for shown in (before, None, "", again):
        with pytest.raises(LoginRefused, match="trang của trung tâm"):
            identity.carry_on(again, shown)


def test_passwords_at_the_hub_are_the_portals_with_its_patience(engine: Engine) -> None:
    assert check_password(engine, " Lan ", PASSWORD, "1", NOW) == HubPerson("lan", trainer=False)
    assert check_password(engine, "minh", PASSWORD, "1", NOW) == HubPerson("minh", trainer=True)
    for _ in range(4):
        with pytest.raises(LoginRefused) as refused:
            check_password(engine, "lan", "sai", "1", NOW)
        assert refused.value.wait_seconds == 0
    with pytest.raises(LoginRefused, match="đợi 2 giây"):
        check_password(engine, "lan", PASSWORD, "1", NOW)
    check_password(engine, "lan", PASSWORD, "1", NOW + timedelta(seconds=3))


def test_an_account_that_is_gone_is_nobody(engine: Engine) -> None:
    assert person_named(engine, "minh") == HubPerson("minh", trainer=True)
    assert person_named(engine, "khong-co") is None
    with reading(engine) as session:
        assert account_of(session, "minh") is not None


def test_where_the_hub_is() -> None:
    hub = hub_of_environment(ENVIRONMENT)
    assert (hub.logout_path, hub.lab_path) == ("/a/hub/logout", "/a/hub/spawn")
    assert (hub.ip, hub.port, hub.base) == ("127.0.0.1", 8866, "/a/services/isoxa/")
    url = hub.authorize_url("s&t", "c")
    assert url.startswith(
        "/a/hub/api/oauth2/authorize?client_id=service-isoxa&redirect_uri=%2Fa%2Fservices%2Fisoxa%2F"
    )
    assert "state=s%26t" in url


@pytest.mark.parametrize("missing", sorted(set(ENVIRONMENT) - {"JUPYTERHUB_BASE_URL"}))
def test_without_a_hub_the_option_says_what_is_missing(missing: str) -> None:
    with pytest.raises(CannotServe, match=missing):
        hub_of_environment({name: value for name, value in ENVIRONMENT.items() if name != missing})


def test_a_token_that_is_void_names_nobody(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    made = hub_of_environment(ENVIRONMENT)
    hub = SmallHub(made.api_url, made.api_token, made.client_id, made.hub_path, made.base, made.ip, made.port)
    monkeypatch.setattr(server.app.portal, "hub", hub)
    name = "isoxa_hub_" + "s" * 12
    kept = create_signed_value(
        server.app.portal.xsrf_secret, name + "s" * 20, '{"verifier": "v", "back": null}'
    )
    answer = requests.get(
        f"{server.url}oauth_callback?code=void&state={'s' * 20}", cookies={name: kept.decode()}, timeout=60
    )
    assert hub.asked == ["void"]
    assert (answer.status_code, "None" in answer.text) == (400, False)
    assert "Lần đăng nhập này đã quá lâu" in answer.text
