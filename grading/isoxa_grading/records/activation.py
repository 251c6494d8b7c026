"""Activation codes: how somebody without a password, or who forgot it, comes in once and chooses their own.

A code is 15 characters in three groups, printed and handed over on paper. The alphabet has no look-alikes, and nothing
that a Vietnamese keyboard would change while it is typed: no vowel, no D, no W (Telex turns DD and W into other
letters; tone keys and VNI's digits act only after a vowel or a D). 22 characters to the power of 15 are 66 bits.

Only the HMAC of account and code is kept. A code ends by use, after some days, or when a newer one is issued.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from isoxa_courses.text import fold, format_datetime
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from .account_scope import home_units
from .audit import audit, id_of
from .database import reading, writing
from .login import LoginRefused, account_of, check_wait, forget_failures, login_name, record_failure
from .passwords import check_policy, hash_password
from .resets import close_reset_requests
from .signin import DEFAULT_LIMITS, SessionLimits, end_sessions_of, start_session
from .tables import Account, ActivationCode, Unit

__all__ = ["ALPHABET", "IssuedCode", "activate", "issue_codes", "new_code", "plain_code", "void_codes"]

ALPHABET = "23456789CFHJKLMNPQRTVX"
GROUPS, GROUP = 3, 5
# What a hand may have made of a printed character; none of them is in the alphabet.
_LOOK_ALIKES = str.maketrans("bsz", "852")
_CHUNK = 500


@dataclass(frozen=True)
class IssuedCode:
    """A code as it is printed; it is kept nowhere. ``unit``: where the account belongs."""

    account_id: int
    display_name: str
    username: str
    unit: Unit | None
    code: str
    expires_at: datetime


def new_code() -> str:
    """A random code, ``XXXXX-XXXXX-XXXXX``."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP))
    return "-".join(drawn[begin : begin + GROUP] for begin in range(0, len(drawn), GROUP))


def plain_code(typed: str) -> str:
    """What was meant: case, spaces, dashes and look-alikes aside."""
    return re.sub(r"[^0-9a-z]", "", fold(typed[:200])).translate(_LOOK_ALIKES).upper()


def issue_codes(
    session: Session,
    accounts: Sequence[Account],
    *,
    secret: bytes,
    valid_for: timedelta,
    actor: Account | int | None,
    now: datetime,
) -> list[IssuedCode]:
    """A new code for each account; earlier ones are void from now on, and open requests are answered.

    A password there is goes on working until the code is used.
    """
    void_codes(session, accounts, now, "replaced")
    close_reset_requests(session, accounts, "code_issued", actor=actor, now=now)
    units = home_units(session, accounts)
    issued = []
    for account in accounts:
        code = new_code()
        session.add(
            ActivationCode(
                account_id=account.id, code_mac=_mac(secret, account.id, code), issued_at=now,
                issued_by_account_id=id_of(actor), expires_at=now + valid_for,
            )
        )  # fmt: skip
        unit = units.get(account.id)
        audit(
            session, actor, "activation.issued", "account", account.id, unit.id if unit else None,
            {"expires_at": (now + valid_for).isoformat()}, now,
        )  # fmt: skip
        issued.append(
            IssuedCode(account.id, account.display_name, account.username, unit, code, now + valid_for)
        )
    session.flush()
    return issued


def void_codes(session: Session, accounts: Iterable[Account], now: datetime, reason: str = "voided") -> None:
    """No code of these accounts can be used any more."""
    ids = [account.id for account in accounts]
    for begin in range(0, len(ids), _CHUNK):
        session.execute(
            update(ActivationCode)
            .where(
                ActivationCode.account_id.in_(ids[begin : begin + _CHUNK]), ActivationCode.ended_at.is_(None)
            )
            .values(ended_at=now, end_reason=reason)
        )


def activate(
    engine: Engine,
    username: str,
    code: str,
    password: str,
    *,
    secret: bytes,
    address: str,
    user_agent: str,
    now: datetime,
    limits: SessionLimits = DEFAULT_LIMITS,
) -> str:
    """Use a code: the account gets this password and a new session; returns its token.

    Raises ``PasswordRefused`` (the code stays good) or ``LoginRefused``. Whoever holds a code of the account is told
    that it was used, is too old or was replaced; everyone else learns only that name and code do not fit.
    """
    name = login_name(username)
    check_policy(password, name)
    with reading(engine) as session:
        check_wait(session, name, address, now)
    hashed = hash_password(password)  # takes 30 ms: not while the database is held
    with writing(engine) as session:
        check_wait(session, name, address, now)
        account = account_of(session, name)
        found = _find(session, secret, account, code)
        if account is None or found is None:
            raise record_failure(session, name, address, now, _WRONG)
        _use(session, found, now)
        account.password_hash = hashed
        forget_failures(session, account)
        void_codes(session, [account], now)
        close_reset_requests(session, [account], "password_set", actor=account, now=now)
        end_sessions_of(session, account, now, "password_changed")
        unit = home_units(session, [account]).get(account.id)
        audit(
            session, account, "account.activated", "account", account.id, unit.id if unit else None, {}, now
        )
        return start_session(session, account, now, user_agent, address, limits=limits)


_WRONG = (
    "Tên đăng nhập hoặc mã kích hoạt chưa đúng. Anh/chị kiểm tra lại phiếu; nếu không còn phiếu, hãy xin "
    "người quản trị cấp mã mới."
)


def _find(session: Session, secret: bytes, account: Account | None, typed: str) -> ActivationCode | None:
    if account is None:
        return None
    return session.scalars(
        select(ActivationCode)
        .where(ActivationCode.code_mac == _mac(secret, account.id, typed))
        .with_for_update()
    ).one_or_none()


def _use(session: Session, found: ActivationCode, now: datetime) -> None:
    """Take the code, or say to the one who holds it why it is no good."""
    if found.ended_at is not None:
        why = {
            "used": f"Mã kích hoạt này đã được dùng lúc {format_datetime(found.ended_at)}. Nếu chính anh/chị đã dùng, "
            "hãy đăng nhập bằng mật khẩu đã chọn; nếu không phải, hãy báo ngay cho người quản trị.",
            "replaced": "Mã kích hoạt này đã được thay bằng mã mới hơn. Anh/chị dùng phiếu mới nhất.",
        }
        raise LoginRefused(
            why.get(found.end_reason or "", "Mã kích hoạt này đã bị hủy. Hãy xin người quản trị cấp mã mới.")
        )
    if found.expires_at <= now:
        raise LoginRefused(
            f"Mã kích hoạt này đã hết hạn lúc {format_datetime(found.expires_at)}. Hãy xin người quản trị cấp mã mới."
        )
    found.ended_at, found.end_reason = now, "used"
    session.flush()


def _mac(secret: bytes, account_id: int, code: str) -> str:
    return hmac.new(
        secret, f"activation {account_id} {plain_code(code)}".encode(), hashlib.sha256
    ).hexdigest()
