"""Activation codes: random, typed by hand, used once and in time; and asking for a new password."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta
from math import log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.records.accounts import (
    LoginRefused,
    PasswordRefused,
    change_own_password,
    create_account,
    disable_account,
    set_password,
)
from isoxa_grading.records.activation import (
    ALPHABET,
    GROUP,
    GROUPS,
    activate,
    issue_codes,
    new_code,
    plain_code,
    void_codes,
)
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.resets import PER_ADDRESS, open_reset_requests, request_reset
from isoxa_grading.records.signin import recognise, sign_in
from isoxa_grading.records.tables import Account, ActivationCode, AuditEvent, ResetRequest
from isoxa_grading.records.units import country
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

SECRET = b"only for tests" * 3
DAYS = timedelta(days=14)
CHOSEN = "ruộng bậc thang"


@pytest.fixture
def account(engine: Engine, now: datetime) -> Account:
    with writing(engine) as session:
        return create_account(
            session, username="an", password=None, display_name="Nguyễn Văn An", actor=None, now=now
        )


def issue(engine: Engine, account: Account, now: datetime) -> str:
    with writing(engine) as session:
        [issued] = issue_codes(
            session,
            [session.get_one(Account, account.id)],
            secret=SECRET,
            valid_for=DAYS,
            actor=None,
            now=now,
        )
        return issued.code


def use(engine: Engine, code: str, now: datetime, password: str = CHOSEN, username: str = "an") -> str:
    return activate(
        engine, username, code, password, secret=SECRET, address="10.0.0.1", user_agent="Cốc Cốc", now=now
    )


def refused(engine: Engine, code: str, now: datetime, **more: str) -> str:
    with pytest.raises(LoginRefused) as caught:
        use(engine, code, now, **more)
    return str(caught.value)


# -- the code itself ---------------------------------------------------------------------------------------------------


def test_a_code_is_sixty_bits_without_look_alikes() -> None:
    assert GROUPS * GROUP * log2(len(ALPHABET)) >= 60
    assert len(set(ALPHABET)) == len(ALPHABET)
    for alike in ("0O", "1IL", "2Z", "5S", "8B", "6G", "UV"):
        assert len(set(alike) & set(ALPHABET)) <= 1
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch(rf"([{ALPHABET}]{{5}}-){{2}}[{ALPHABET}]{{5}}", code) for code in codes)
    seen = {letter: sum(code.count(letter) for code in codes) for letter in ALPHABET}
    assert min(seen.values()) > 0.8 * 30000 / len(ALPHABET)


def test_a_vietnamese_keyboard_leaves_a_code_alone() -> None:
    """Telex and VNI change vowels, D and W; tone keys act only after a vowel."""
    assert not set(ALPHABET) & set("AEIOUYDW")


@settings(deadline=None)
@given(st.data())
def test_a_code_is_read_however_it_is_typed(data: st.DataObject) -> None:
    code = new_code()
    typed = "".join(
        data.draw(st.sampled_from([one, one.lower(), f"{one} ", f" {one}", f"{one}–", f"{one}."]))
        for one in code
        if one != "-"
    )
    assert plain_code(typed) == code.replace("-", "")


# -- using it ----------------------------------------------------------------------------------------------------------


def test_a_code_opens_the_account_once(engine: Engine, account: Account, now: datetime) -> None:
    code = issue(engine, account, now)
    with reading(engine) as session:
        assert code.replace("-", "") not in str(session.scalars(select(ActivationCode.code_mac)).all())
    token = use(engine, code.lower().replace("-", " "), now + timedelta(days=13))
    who = recognise(engine, token, now + timedelta(days=13))
    assert who is not None
    assert who.username == "an"
    assert sign_in(engine, "an", CHOSEN, address="", user_agent="", now=now + timedelta(days=13))
    assert "đã được dùng lúc" in refused(engine, code, now + timedelta(days=13))
    with reading(engine) as session:
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions == ["account.created", "activation.issued", "account.activated"]
        assert code not in str(session.scalars(select(AuditEvent.detail)).all())


def test_a_late_code(engine: Engine, account: Account, now: datetime) -> None:
    code = issue(engine, account, now)
    assert "đã hết hạn lúc" in refused(engine, code, now + DAYS)
    assert use(engine, code, now + DAYS - timedelta(seconds=1))


def test_a_newer_code_voids_the_older(engine: Engine, account: Account, now: datetime) -> None:
    old, new = issue(engine, account, now), issue(engine, account, now)
    assert "thay bằng mã mới hơn" in refused(engine, old, now)
    assert use(engine, new, now)


def test_other_ends_of_a_code(engine: Engine, account: Account, now: datetime) -> None:
    code = issue(engine, account, now)
    with writing(engine) as session:
        set_password(session, session.get_one(Account, account.id), "mật khẩu khác", actor=None, now=now)
    assert "đã bị hủy" in refused(engine, code, now)
    code = issue(engine, account, now)
    with writing(engine) as session:
        disable_account(session, session.get_one(Account, account.id), actor=None, now=now)
    assert "chưa đúng" in refused(engine, code, now)
    with writing(engine) as session:
        void_codes(session, [], now)


def test_a_refused_password_costs_no_code(engine: Engine, account: Account, now: datetime) -> None:
    code = issue(engine, account, now)
    for bad in ("ngắn", "12345678", "an"):
        with pytest.raises(PasswordRefused):
            use(engine, code, now, password=bad)
    assert use(engine, code, now)


def test_a_code_of_somebody_else_is_wrong(engine: Engine, account: Account, now: datetime) -> None:
    with writing(engine) as session:
        create_account(session, username="binh", password=None, display_name="B", actor=None, now=now)
    code = issue(engine, account, now)
    said = refused(engine, code, now, username="binh")
    assert said == refused(engine, code, now, username="khong-co") == refused(engine, new_code(), now)
    assert use(engine, code, now + timedelta(minutes=5))


@pytest.mark.parametrize("code", ["", "x" * 100_000, "\0", "\ud800", "' OR 1=1 --", "٣٣٣٣٣", "Ă" * 15])
def test_hostile_codes(engine: Engine, account: Account, now: datetime, code: str) -> None:
    issue(engine, account, now)
    assert "chưa đúng" in refused(engine, code, now)


def test_guessing_is_slowed_down(engine: Engine, account: Account, now: datetime) -> None:
    code = issue(engine, account, now)
    for _ in range(4):
        refused(engine, new_code(), now)
    assert "đợi" in refused(engine, code, now)
    assert use(engine, code, now + timedelta(minutes=1))


def test_two_at_once_with_one_code(engine: Engine, account: Account, now: datetime) -> None:
    code = issue(engine, account, now)
    outcomes: list[str] = []

    def go() -> None:
        try:
            use(engine, code, now)
            outcomes.append("in")
        except LoginRefused as refusal:
            outcomes.append("used" if "đã được dùng" in str(refusal) else str(refusal))

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "used", "used", "used"]


def test_activation_ends_what_was_open(engine: Engine, account: Account, now: datetime) -> None:
    first = use(engine, issue(engine, account, now), now)
    second = use(engine, issue(engine, account, now), now, password="mật khẩu thứ hai")
    assert recognise(engine, first, now) is None
    assert recognise(engine, second, now) is not None


def test_ones_own_password(engine: Engine, account: Account, now: datetime) -> None:
    token = use(engine, issue(engine, account, now), now)
    with writing(engine) as session:
        mine = session.get_one(Account, account.id)
        with pytest.raises(PasswordRefused, match="đang dùng chưa đúng"):
            change_own_password(session, mine, "không phải", "mật khẩu mới", now=now)
        with pytest.raises(PasswordRefused, match="phải khác"):
            change_own_password(session, mine, CHOSEN, CHOSEN, now=now)
        change_own_password(session, mine, CHOSEN, "mật khẩu mới", now=now)
    assert recognise(engine, token, now) is None


# -- forgotten ---------------------------------------------------------------------------------------------------------


def ask(engine: Engine, username: str, now: datetime, address: str = "10.0.0.9") -> None:
    with writing(engine) as session:
        request_reset(session, username, address, now)


def open_requests(session: Session) -> list[str]:
    return [one.account.username for one in open_reset_requests(session, [country(session).path])]


def test_asking_is_the_same_for_everyone_and_kept_once(units_engine: Engine, now: datetime) -> None:
    with writing(units_engine) as session:
        made = create_account(session, username="an", password=None, display_name="An", actor=None, now=now)
    for name in ("an", " AN ", "khong-co", "", "'; DROP TABLE account"):
        ask(units_engine, name, now)
    with reading(units_engine) as session:
        assert open_requests(session) == ["an"]
        assert len(session.scalars(select(ResetRequest.id)).all()) == 5
    issue(units_engine, made, now)
    with reading(units_engine) as session:
        assert open_requests(session) == []
        answered = session.scalars(select(ResetRequest).where(ResetRequest.account_id == made.id)).one()
        assert answered.outcome == "code_issued"
    ask(units_engine, "an", now + timedelta(days=2))
    with reading(units_engine) as session:
        assert open_requests(session) == ["an"]
        # What named nobody is gone after a day.
        assert len(session.scalars(select(ResetRequest.id)).all()) == 2


def test_asking_too_often(engine: Engine, now: datetime) -> None:
    for _ in range(PER_ADDRESS):
        ask(engine, "x", now)
    with pytest.raises(LoginRefused) as caught:
        ask(engine, "y", now)
    assert caught.value.wait_seconds == 3600
    ask(engine, "y", now, address="10.0.0.10")
    ask(engine, "y", now + timedelta(hours=1))
