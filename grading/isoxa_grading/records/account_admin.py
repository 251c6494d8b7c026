"""What administrators do to accounts, one or many: all of it in the caller's transaction, or nothing.

Every act names the accounts with the version that was on the administrator's page. If anybody has changed one of them
since, nothing is done and the administrator is told which: two administrators cannot overwrite each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from isoxa_courses.text import VIETNAM
from sqlalchemy import select
from sqlalchemy.orm import Session

from .account_scope import accounts_in_reach
from .accounts import raise_version
from .audit import audit
from .tables import Account, Membership, Role, RoleGrant, Unit

__all__ = ["AccountChanged", "AccountOutOfReach", "move_account", "take_accounts"]


class AccountOutOfReach(LookupError):
    """An account that is none, or not within the administrator's scope: the two look the same."""


class AccountChanged(Exception):
    """Somebody else changed an account meanwhile; ``str()`` says which (Vietnamese). Nothing was done."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        who = ", ".join(f"“{name}”" for name in names[:5])
        if len(names) > 5:
            who += f" và {len(names) - 5} tài khoản khác"
        super().__init__(
            f"Tài khoản {who or 'này'} vừa được người khác thay đổi, nên chưa có gì được ghi. "
            "Trang này đang hiện thông tin mới nhất; anh/chị xem lại rồi làm lại nếu vẫn cần."
        )


def take_accounts(
    session: Session, scope: Sequence[str], versions: Mapping[int, int | None]
) -> list[Account]:
    """The accounts (id → version seen; None: whichever) for an act on all of them, in the order of names.

    Raises ``AccountOutOfReach`` or ``AccountChanged``.
    """
    wanted = list(versions)
    found: list[Account] = []
    for begin in range(0, len(wanted), 500):
        query = accounts_in_reach(session, scope).where(Account.id.in_(wanted[begin : begin + 500]))
        found += session.scalars(query.with_for_update(of=Account))
    if len(found) != len(wanted):
        raise AccountOutOfReach
    stale = [one.display_name for one in found if versions[one.id] not in (None, one.version)]
    if stale:
        raise AccountChanged(stale)
    return found


def move_account(
    session: Session, account: Account, unit: Unit, *, actor: Account | int | None, now: datetime
) -> bool:
    """Let the account's person serve at ``unit`` from today; their officer's role goes with them.

    Roles given by hand (department, trainer) stay where they are. False: the person serves there already.
    Raises ``ValueError`` (Vietnamese) for an account without a person.
    """
    if account.person_id is None:
        raise ValueError(
            f"Tài khoản “{account.display_name}” không gắn với cán bộ nào nên không chuyển đơn vị được."
        )
    serving = session.scalars(
        select(Membership)
        .where(Membership.person_id == account.person_id, Membership.valid_to.is_(None))
        .order_by(Membership.id)
    ).all()
    if [one.unit_id for one in serving] == [unit.id]:
        return False
    day = now.astimezone(VIETNAM).date()
    last = serving[-1] if serving else None
    before = last.unit_id if last else None
    for membership in serving:
        if membership.valid_from < day:
            membership.valid_to = day - timedelta(days=1)
        elif membership is not last:
            session.delete(membership)
    if last is not None and last.valid_from >= day:
        # Moved on the very day the service began: there is no day at the other unit to record.
        last.unit_id, last.valid_to = unit.id, None
    else:
        session.add(
            Membership(
                person_id=account.person_id, unit_id=unit.id, valid_from=day,
                position=last.position if last else None, quality_role=last.quality_role if last else None,
            )
        )  # fmt: skip
    officers = select(RoleGrant).where(
        RoleGrant.account_id == account.id, RoleGrant.role == Role.OFFICER, RoleGrant.revoked_at.is_(None)
    )
    for grant in session.scalars(officers):
        if grant.unit_id != unit.id:
            grant.revoked_at = now
            session.add(RoleGrant(account_id=account.id, role=Role.OFFICER, unit_id=unit.id, granted_at=now))
    raise_version(account)
    audit(
        session, actor, "person.moved", "person", account.person_id, unit.id, {"unit": [before, unit.id]}, now
    )
    session.flush()
    return True
