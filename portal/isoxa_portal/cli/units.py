"""``isoxa unit add``: departments and other agencies beside the communes."""

from __future__ import annotations

from typing import Annotated

import typer
from isoxa_grading.records.tables.units import UnitKind

from .accounts import unit_named
from .common import DEFAULT_DATA, DataOption, UserError, note, now, open_data

units = typer.Typer(help="Đơn vị: sở, ngành và cơ quan khác.", no_args_is_help=True)


@units.callback()
def _group() -> None:
    """Keep ``add`` a command of its own."""


@units.command()
def add(
    name: Annotated[str, typer.Argument(help="Tên đơn vị, ví dụ “Sở Khoa học và Công nghệ”.")],
    parent: Annotated[
        str, typer.Option("--parent", help="Đơn vị cấp trên (tên hoặc mã); bỏ trống: cả nước.")
    ] = "",
    kind: Annotated[
        UnitKind, typer.Option(help="department: sở, ngành; agency: cơ quan khác.")
    ] = UnitKind.DEPARTMENT,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Thêm một sở, ngành hoặc cơ quan; danh sách cán bộ nhập sau đó nhận ra tên này."""
    from isoxa_grading.records.database import writing
    from isoxa_grading.records.units import add_unit

    if kind not in (UnitKind.DEPARTMENT, UnitKind.AGENCY):
        raise UserError("Chỉ thêm được sở, ngành (department) hoặc cơ quan khác (agency).")
    _data_folder, engine = open_data(data)
    with writing(engine) as session:
        try:
            unit = add_unit(session, kind, name, unit_named(session, parent), actor=None, now=now())
        except ValueError as error:
            raise UserError(str(error)) from error
        note(f"Đã thêm {unit.name} (mã {unit.code}).")
