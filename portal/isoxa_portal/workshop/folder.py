"""The data folder of a hall: whoever comes in by name must not come in among people with a record of their own."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from isoxa_grading.records.data_folder import DataFolder, DataFolderError, Settings
from isoxa_grading.records.database import migrate, reading, writing
from isoxa_grading.records.enrolments import latest_edition
from isoxa_grading.workshops.joining import outsiders
from pydantic import ValidationError
from sqlalchemy import Engine

from ..errors import CannotServe

__all__ = ["ORGANISER", "WorkshopFolder", "check_apart", "make_ready"]

_IDLE_MINUTES = 12 * 60
_COURSE = "iso-9001-cap-xa"


ORGANISER = "ISOXA_ORGANISER"
"""The environment variable that stands above the setting ``organiser``: what a container is started with."""


class WorkshopFolder(DataFolder):
    """A data folder served as a workshop, whatever its settings say."""

    @property
    def settings(self) -> Settings:
        """Those of the folder, with the workshop on, and nobody signed out over lunch; the environment may name the
        organiser's portal. Raises ``DataFolderError``."""
        found = super().settings
        idle = max(found.session_idle_minutes, _IDLE_MINUTES)
        changed = found.model_copy(update={"workshop": True, "session_idle_minutes": idle})
        named = os.environ.get(ORGANISER, "").strip()
        if not named:
            return changed
        try:
            return Settings.model_validate({**changed.model_dump(), "organiser": named})
        except ValidationError as error:
            raise DataFolderError(
                f"{ORGANISER}={named}: phải là địa chỉ như “https://iso.lamdong.gov.vn/”, không có “?”, “#”, dấu cách."
            ) from error


def make_ready(path: Path, progress: Callable[[str], object]) -> WorkshopFolder:
    """The folder with units and the shipped course; made where it is not there. Raises `CannotServe`."""
    data = WorkshopFolder(path)
    data.create(Settings(workshop=True, session_idle_minutes=_IDLE_MINUTES))
    engine = data.engine()
    try:
        migrate(engine)
        check_apart(data)
        with reading(engine) as session:
            published = latest_edition(session, _COURSE) is not None
        if not published:
            _publish(data, engine, progress)
    finally:
        engine.dispose()
    return data


def _publish(data: DataFolder, engine: Engine, progress: Callable[[str], object]) -> None:
    # Not above: nbgrader takes a second to import, and a hall that is ready needs none of it.
    from isoxa_courses.shipped import content_root
    from isoxa_grading.nbgrader_bridge import build_course
    from isoxa_grading.records.units import load_units

    progress("Nạp danh mục đơn vị hành chính")
    with writing(engine) as session:
        load_units(session)
    progress("Phát hành khóa học")
    shipped = content_root()
    with writing(engine) as session:
        build_course(data, session, shipped.courses / _COURSE, shipped.lessons, now=datetime.now(UTC))


def check_apart(data: DataFolder) -> None:
    """Raises `CannotServe` if the records hold people who did not come in by name."""
    engine = data.engine()
    try:
        with reading(engine) as session:
            count = outsiders(session)
    finally:
        engine.dispose()
    if count:
        raise CannotServe(
            f"{data.path}: thư mục này có hồ sơ của {count} người. Lớp tập huấn cho bất kỳ ai vào không cần tài khoản, "
            "nên phải dùng thư mục riêng, ví dụ: isoxa serve --workshop --data lop-tap-huan"
        )
