"""``isoxa enrol`` and ``isoxa remind``: what they print, write and exit with."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from isoxa_courses.text import VIETNAM, format_date
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import migrate, reading, writing
from isoxa_grading.records.tables import AuditEvent, Enrolment, QualityRole
from isoxa_portal.cli import app
from isoxa_portal.cli.app import user_message
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from tests.grading.enrolment.conftest import World


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    folder = DataFolder(tmp_path_factory.mktemp("cli") / "data")
    folder.create()
    engine = folder.engine()
    migrate(engine)
    with writing(engine) as session:
        world = World(session)
        world.person("Lê Lãnh Đạo", role=QualityRole.LEADER, code="LD-1", email="ld@x.vn")
        world.person("Lê Thường", "Xã Đa Bạc", phone="0912345678")
        world.person("Rơ Châm Xa", "Xã Ia Kha")
    engine.dispose()
    return folder


def run(data: DataFolder, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--data", str(data.path), "--course", "iso"])


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def enrolled(data: DataFolder) -> int:
    engine = data.engine()
    with reading(engine) as session:
        count = session.scalar(select(func.count()).select_from(Enrolment)) or 0
    engine.dispose()
    return count


def test_enrolling_by_unit_role_and_list(data: DataFolder, tmp_path: Path) -> None:
    seen = run(data, "enrol", "--unit", "Lâm Đồng", "--dry-run", "--json")
    assert seen.exit_code == 0, seen.output
    assert (told(seen)["new"], told(seen)["dry_run"], enrolled(data)) == (2, True, 0)

    late = format_date(datetime.now(UTC).astimezone(VIETNAM).date() + timedelta(days=5))
    done = told(run(data, "enrol", "--unit", "Lâm Đồng", "--role", "leader", "--due", late, "--json"))
    assert (done["touched"], enrolled(data)) == (1, 1)

    file = tmp_path / "ds.csv"
    file.write_text("Họ và tên,Đơn vị\nLê Thường,xã Đa Bạc\nLò Lạ,xã Đa Bạc\n", "utf-8")
    listed = run(data, "enrol", "--list", str(file), "--json")
    assert listed.exit_code == 2
    assert (told(listed)["touched"], len(told(listed)["unmatched"])) == (1, 1)
    again = run(data, "enrol", "--list", str(file))
    assert "Đã ghi danh 0 người" in again.stderr
    assert "Không khớp: Trang" in again.stdout
    engine = data.engine()
    with reading(engine) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "enrolment.created")).all()
        assert [one.actor_account_id for one in events] == [None, None]
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Hãy chọn ai"),
        (("--unit", "Lâm Đồng", "--list", "x.csv"), "nói rõ từng người"),
        (("--unit", "Huyện Không Có"), "Không xác định được đơn vị"),
        (("--unit", "Lâm Đồng", "--due", "31/2/2027"), "không phải một ngày có thật"),
        (("--unit", "Lâm Đồng", "--due", "01/01/2020"), "đã qua"),
        (("--list", "khong-co.csv"), "khong-co.csv"),
    ],
)
def test_what_cannot_be_done_is_said(data: DataFolder, arguments: tuple[str, ...], said: str) -> None:
    result = run(data, "enrol", *arguments)
    assert isinstance(result.exception, Exception)
    assert said in (user_message(result.exception) or "")


def test_reminding_shows_then_writes_letters_once(data: DataFolder) -> None:
    late = format_date(datetime.now(UTC).astimezone(VIETNAM).date() + timedelta(days=5))
    run(data, "enrol", "--unit", "Lâm Đồng", "--due", late)
    seen = run(data, "remind", "--kind", "due_soon", "--json")
    assert [one["name"] for one in told(seen)["people"]] == ["Lê Lãnh Đạo"]
    shown = run(data, "remind", "--kind", "not_started")
    assert "Gọi 0912345678: Lê Thường, Xã Đa Bạc. Chưa có thư điện tử." in shown.stdout
    assert "chưa gửi gì" in shown.stderr
    assert not (data.exports / "mail").exists()

    sent = told(run(data, "remind", "--kind", "due_soon", "--send", "--json"))
    assert (sent["queued"], sent["delivered"], sent["server_down"]) == (1, {"written": 1}, "")
    assert len(list((data.exports / "mail").rglob("*.eml"))) == 1
    again = told(run(data, "remind", "--kind", "due_soon", "--send", "--json"))
    assert (again["queued"], again["delivered"], again["today"]) == (0, {}, 1)
