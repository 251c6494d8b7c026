"""``isoxa evidence``: the evidence pack of a commune, as the report page gives it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from isoxa_courses.text import VIETNAM

from .accounts import unit_named
from .common import DEFAULT_DATA, DataOption, UserError, note, now, open_data, parse_day


def evidence(
    unit: Annotated[str, typer.Argument(help="Tên hoặc mã đơn vị cấp xã.")],
    output: Annotated[
        Path | None, typer.Option("--output", help="Tệp ZIP; bỏ trống: đặt tên theo đơn vị và ngày.")
    ] = None,
    data: DataOption = DEFAULT_DATA,
    course: Annotated[str, typer.Option(help="Mã khóa học.")] = "iso-9001-cap-xa",
    as_of: Annotated[
        str, typer.Option("--as-of", help="Tính đến ngày, dạng 31/12/2027; bỏ trống: hôm nay.")
    ] = "",
) -> None:
    """Hồ sơ minh chứng năng lực (điều 7.2) của một xã: một tệp ZIP cho đoàn đánh giá."""
    from isoxa_grading.certificates.files import signed_file
    from isoxa_grading.evidence import evidence_pack, gather
    from isoxa_grading.records.database import reading
    from isoxa_grading.records.library import CourseLibrary
    from isoxa_grading.reports import NotInScope, UnknownCourse

    moment = now()
    day = parse_day(as_of) if as_of else moment.astimezone(VIETNAM).date()
    folder, engine = open_data(data)
    with reading(engine) as session:
        found_unit = unit_named(session, unit)
        try:
            found = gather(
                session,
                folder,
                CourseLibrary(folder),
                found_unit.id,
                course=course,
                scope_paths=[found_unit.path],
                as_of=day,
            )
        except UnknownCourse as error:
            raise UserError(str(error)) from error
        except NotInScope as error:
            raise UserError(
                f"{found_unit.name}: vào ngày đã chọn không phải đơn vị cấp xã. Hãy ghi tên một xã, phường, đặc khu."
            ) from error
    pack = evidence_pack(found, lambda one: signed_file(folder, engine, one.id, now=moment))
    target = output or Path(f"{pack.name}.zip")
    with target.open("wb") as stream:
        for part in pack.parts():
            stream.write(part)
    note(f"Đã ghi {target}")
