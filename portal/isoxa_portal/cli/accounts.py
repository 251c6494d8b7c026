"""``isoxa account create|password|disable|list``."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer
from isoxa_grading.records.tables import Account, Unit
from isoxa_grading.records.tables.people import Role
from sqlalchemy import select
from sqlalchemy.orm import Session

from .common import DEFAULT_DATA, DataOption, JsonOption, UserError, note, now, open_data, print_json, stdout

accounts = typer.Typer(help="Tài khoản và vai trò.", no_args_is_help=True)

UsernameOption = Annotated[str, typer.Option("--username", help="Tên đăng nhập.")]
StdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ dòng đầu của stdin thay vì hỏi.")
]


@accounts.command()
def create(
    username: UsernameOption,
    role: Annotated[Role, typer.Option(help="Vai trò.")],
    name: Annotated[str, typer.Option(help="Họ tên hoặc tên đơn vị hiển thị; bỏ trống: tên đăng nhập.")] = "",
    unit: Annotated[
        str, typer.Option(help="Đơn vị (tên hoặc mã) mà vai trò có hiệu lực; bỏ trống: cả nước.")
    ] = "",
    data: DataOption = DEFAULT_DATA,
    password_stdin: StdinOption = False,
) -> None:
    """Tạo tài khoản với một vai trò trên một đơn vị và mọi đơn vị bên dưới."""
    from isoxa_grading.records.accounts import create_account, grant_role
    from isoxa_grading.records.database import writing

    _data_folder, engine = open_data(data)
    password = _password(password_stdin)
    moment = now()
    with writing(engine) as session:
        scope = unit_named(session, unit)
        account = create_account(
            session,
            username=username,
            password=password,
            display_name=name or username,
            actor=None,
            now=moment,
        )
        grant_role(session, account, role, scope, actor=None, now=moment)
        note(f"Đã tạo tài khoản {account.username}: {role.value}, {scope.name}.")


@accounts.command()
def password(
    username: UsernameOption, data: DataOption = DEFAULT_DATA, password_stdin: StdinOption = False
) -> None:
    """Đặt mật khẩu mới; mọi phiên đang đăng nhập bằng tài khoản này kết thúc."""
    from isoxa_grading.records.accounts import set_password
    from isoxa_grading.records.database import writing

    _data_folder, engine = open_data(data)
    chosen = _password(password_stdin)
    with writing(engine) as session:
        set_password(session, _account(session, username), chosen, actor=None, now=now())
    note(f"Đã đặt mật khẩu mới cho {username}.")


@accounts.command()
def disable(username: UsernameOption, data: DataOption = DEFAULT_DATA) -> None:
    """Khóa tài khoản; hồ sơ học tập vẫn giữ nguyên."""
    from isoxa_grading.records.accounts import disable_account
    from isoxa_grading.records.database import writing

    _data_folder, engine = open_data(data)
    with writing(engine) as session:
        disable_account(session, _account(session, username), actor=None, now=now())
    note(f"Đã khóa tài khoản {username}.")


@accounts.command("list")
def list_(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Liệt kê tài khoản không phải của người học (giảng viên, cơ quan quản lý, quản trị viên)."""
    from isoxa_grading.records.database import reading
    from isoxa_grading.records.tables import RoleGrant

    _data_folder, engine = open_data(data)
    query = (
        select(Account.username, Account.display_name, RoleGrant.role, Unit.name, Account.disabled_at)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Unit, Unit.id == RoleGrant.unit_id)
        .where(RoleGrant.role != Role.OFFICER, RoleGrant.revoked_at.is_(None))
        .order_by(Account.username)
    )
    with reading(engine) as session:
        rows = [
            {
                "username": row.username,
                "name": row.display_name,
                "role": row.role.value,
                "unit": row.name,
                "disabled": row.disabled_at is not None,
            }
            for row in session.execute(query)
        ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        state = " (đã khóa)" if row["disabled"] else ""
        stdout.print(f"{row['username']:20} {row['role']:12} {row['unit']}{state}", markup=False)


def unit_named(session: Session, text: str) -> Unit:
    """The unit of that name or code; the country where nothing was named. Raises ``UserError``."""
    from isoxa_grading.records.units import country, find_scope

    if not text:
        return country(session)
    match = find_scope(session, text)
    if match.unit is None:
        nearest = ", ".join(candidate.name for candidate in match.candidates)
        raise UserError(
            f"Không xác định được đơn vị “{text}”: {match.reason}"
            + (f" Gần nhất: {nearest}." if nearest else "")
        )
    return match.unit


def _account(session: Session, username: str) -> Account:
    account = session.scalar(select(Account).where(Account.username == username.strip().lower()))
    if account is None:
        raise UserError(f"Không có tài khoản “{username}”.")
    return account


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Mật khẩu mới: ")
    if getpass.getpass("Gõ lại mật khẩu: ") != first:
        raise UserError("Hai lần gõ không giống nhau. Chưa thay đổi gì.")
    return first
