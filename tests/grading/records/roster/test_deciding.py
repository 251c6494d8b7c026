"""What a person decides about doubtful rows, what an import leaves out and gives back, and undoing an import."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from isoxa_grading.completion.standing import differing
from isoxa_grading.records.accounts import set_password
from isoxa_grading.records.database import writing
from isoxa_grading.records.roster import (
    Choice,
    DecisionRefused,
    RosterError,
    RosterPreview,
    RosterResult,
    UndoRefused,
    decide,
    forget_in_imports,
    import_roster,
    preview_roster,
    read_roster,
    refused_rows_xlsx,
    undo_import,
)
from isoxa_grading.records.tables import (
    Account,
    AuditEvent,
    Base,
    CourseEdition,
    Enrolment,
    Membership,
    Person,
    RoleGrant,
    RosterImport,
    RosterImportRow,
    TrainingFact,
    Unit,
)
from isoxa_grading.records.units import find_unit
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.grading.records.roster.previews import kinds

Xlsx = Callable[..., bytes]
COLUMNS = ("Họ và tên", "Đơn vị", "Tỉnh", "Mã cán bộ", "Ngày sinh", "Chức danh", "Vai trò", "Điện thoại")
AN = ("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "CB01", "05/09/1985", "Chủ tịch", "Lãnh đạo", "0912345678")
BINH = ("Trần Văn Bình", "Xã Di Linh", "Lâm Đồng", "CB02", "06/09/1985", "Công chức", None, "0912345679")
SPLIT = ("Lê Văn Cam", "xã Phong Phú, huyện Tuy Phong", "Lâm Đồng")


class Desk:
    def __init__(self, session: Session, scope: Unit | None, xlsx: Xlsx, now: datetime) -> None:
        self.session, self.scope, self.xlsx, self.now = session, scope, xlsx, now

    def preview(self, *rows: tuple[Any, ...], **others: Any) -> RosterPreview:
        return preview_roster(self.session, read_roster(self.xlsx(*rows, **others), "x.xlsx"), self.scope)

    def put(
        self, preview: RosterPreview | tuple[Any, ...], *rows: tuple[Any, ...], **options: Any
    ) -> RosterResult:
        made = preview if isinstance(preview, RosterPreview) else self.preview(preview, *rows)
        result = import_roster(self.session, made, None, self.now, **options)
        self.now += timedelta(days=1)
        return result

    def unit(self, name: str) -> Unit:
        found = find_unit(self.session, name, self.scope).unit
        assert found is not None
        return found

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything recorded, but for the logs of what was done."""
        self.session.flush()
        logs = {"audit_event", "roster_import", "roster_import_row", "records_version"}
        return {
            name: sorted((tuple(row) for row in self.session.execute(select(table))), key=repr)
            for name, table in Base.metadata.tables.items()
            if name not in logs and name not in ("unit", "unit_successor")
        }


@pytest.fixture
def desk(places: Session, lam_dong: Unit, xlsx: Xlsx, now: datetime) -> Desk:
    return Desk(places, lam_dong, xlsx, now)


class TestChoices:
    def test_a_successor_is_chosen(self, desk: Desk) -> None:
        preview = desk.preview(SPLIT, AN)
        assert kinds(preview) == ["doubtful", "new"]
        [row, _] = preview.rows
        assert [unit.name for unit in row.units] == ["Xã Phan Rí Cửa", "Xã Tuy Phong"]
        assert not row.asks_person
        chosen = desk.unit("Xã Tuy Phong")
        decided = decide(desk.session, preview, {row.row.key: Choice(unit_id=chosen.id)})
        assert kinds(decided) == ["new", "new"]
        desk.put(decided)
        cam = desk.session.scalars(select(Person).where(Person.full_name == "Lê Văn Cam")).one()
        assert cam.memberships[0].unit.name == "Xã Tuy Phong"

    def test_without_a_choice_it_is_left_out(self, desk: Desk) -> None:
        result = desk.put(desk.preview(SPLIT, AN))
        assert result.counts["doubtful"] == result.counts["new"] == 1
        assert [p.full_name for p in desk.session.scalars(select(Person))] == ["Nguyễn Văn An"]

    def test_the_same_person_or_another(self, desk: Desk) -> None:
        desk.put(AN)
        an = desk.session.scalars(select(Person)).one()
        preview = desk.preview(("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", None, None, "Bí thư"))
        [row] = preview.rows
        assert row.asks_person
        assert [choice.person_id for choice in row.people] == [an.id]
        assert "CB01" in row.people[0].about
        same = decide(desk.session, preview, {row.row.key: Choice(person=an.id)})
        assert kinds(same) == ["changed"]
        another = decide(desk.session, preview, {row.row.key: Choice.parse("person:new")})
        assert kinds(another) == ["new"]
        out = decide(desk.session, another, {row.row.key: Choice.parse("leave")})
        assert kinds(out) == ["refused"]
        desk.put(same)
        assert an.memberships[-1].position == "Bí thư"

    def test_a_unit_and_then_a_person(self, desk: Desk) -> None:
        desk.put(("Lê Văn Cam", "Xã Tuy Phong", "Lâm Đồng", "CB7", None, "Bí thư"))
        preview = desk.preview((*SPLIT, None, None, "Chủ tịch"))
        key = preview.rows[0].row.key
        first = decide(desk.session, preview, {key: Choice(unit_id=desk.unit("Xã Tuy Phong").id)})
        assert kinds(first) == ["doubtful"]
        assert first.rows[0].asks_person
        person = first.rows[0].people[0].person_id
        both = decide(desk.session, first, {key: Choice(unit_id=desk.unit("Xã Tuy Phong").id, person=person)})
        assert kinds(both) == ["changed"]

    def test_choices_that_are_not_open_are_refused(self, desk: Desk) -> None:
        desk.put(AN, BINH)
        preview = desk.preview(SPLIT, ("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", None, None, "Bí thư"))
        split, doubt = (row.row.key for row in preview.rows)
        gia_lai = find_unit(desk.session, "xã Ia Grai, tỉnh Gia Lai").unit
        old = desk.session.scalars(select(Unit).where(Unit.short_name == "Gung Ré")).first()
        binh = desk.session.scalars(select(Person).where(Person.staff_code == "CB02")).one()
        assert gia_lai is not None
        assert old is not None
        for choices in (
            {split: Choice(unit_id=gia_lai.id)},
            {split: Choice(unit_id=old.id)},
            {split: Choice(unit_id=999_999)},
            {doubt: Choice(person=binh.id)},
            {doubt: Choice(person=999_999)},
            {"Trang khác!9": Choice(leave_out=True)},
        ):
            with pytest.raises(DecisionRefused):
                decide(desk.session, preview, choices)
        for said in ("unit:x", "person:", "unit:²", "unit:-1", "drop table"):
            with pytest.raises(DecisionRefused):
                Choice.parse(said)

    def test_someone_outside_the_scope_is_not_taken(self, desk: Desk) -> None:
        desk.put(AN)
        gia_lai = find_unit(desk.session, "tỉnh Gia Lai").unit
        elsewhere = Desk(desk.session, gia_lai, desk.xlsx, desk.now)
        preview = elsewhere.preview(("Nguyễn Văn An", "Xã Ia Grai", "Gia Lai", "CB01", "05/09/1985"))
        assert kinds(preview) == ["doubtful"]
        assert preview.rows[0].people == ()
        assert "ngoài phạm vi" in preview.problems[0].reason
        assert "Di Linh" not in preview.problems[0].reason

    def test_absent_officers_are_named_and_kept(self, desk: Desk) -> None:
        desk.put(AN, BINH)
        preview = desk.preview(AN)
        assert [(one.full_name, one.unit.name) for one in preview.absent] == [("Trần Văn Bình", "Xã Di Linh")]
        desk.put(preview)
        assert desk.session.scalar(select(func.count()).select_from(Person)) == 2
        assert preview.to_json()["absent"] == [{"name": "Trần Văn Bình", "unit": "Xã Di Linh"}]

    def test_a_commune_as_scope_needs_no_column_of_units(self, desk: Desk) -> None:
        bare = desk.xlsx(("Nguyễn Văn An", "Chủ tịch"), columns=("Họ và tên", "Chức vụ"))
        file = read_roster(bare, "x.xlsx")
        assert kinds(preview_roster(desk.session, file, desk.unit("Xã Di Linh"))) == ["new"]
        with pytest.raises(RosterError, match="thiếu cột “Đơn vị”"):
            preview_roster(desk.session, file, desk.scope)


class TestLeftOut:
    def test_the_rows_come_back_with_their_reasons_and_can_be_mended(self, desk: Desk) -> None:
        formula = ("=HYPERLINK(1)", "Xã Di Linh", "Lâm Đồng", "007")
        preview = desk.preview(AN, SPLIT, ("Lê Hoa", "Xã Di Lính", "Lâm Đồng", "008", "1/2/1990"), formula)
        stream = io.BytesIO()
        assert refused_rows_xlsx(preview, stream) == 3
        book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
        rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        assert rows[0][-3:] == ["Lý do chưa nhập", "Có phải là", "Dòng trong tệp gốc"]
        assert "được chia" in rows[1][-3]
        assert rows[2][-2] == "Xã Di Linh"
        assert rows[2][-1] == "Trang “Danh sách”, dòng 4"
        assert book.worksheets[0]["E3"].value == "008"
        again = preview_roster(desk.session, read_roster(stream.getvalue(), "lai.xlsx"), desk.scope)
        assert kinds(again) == ["doubtful", "refused", "refused"]
        book.worksheets[0]["B3"] = "Xã Di Linh"
        mended = io.BytesIO()
        book.save(mended)
        once_more = preview_roster(desk.session, read_roster(mended.getvalue(), "lai.xlsx"), desk.scope)
        assert kinds(once_more) == ["doubtful", "new", "refused"]
        assert once_more.rows[1].row.staff_code == "008"


class TestUndoing:
    def test_an_import_is_taken_back_whole(self, desk: Desk, edition: CourseEdition) -> None:
        desk.put(AN, accounts="create", enrol_in=edition)
        before = desk.contents()
        moved = ("NGUYỄN VĂN AN", "Xã Gia Hiệp", "Lâm Đồng", "CB01", "06/09/1985", "Bí thư")
        result = desk.put(
            desk.preview(moved, BINH), accounts="create", enrol_in=edition, due_on=date(2026, 12, 31)
        )
        assert result.counts["moved"] == result.counts["new"] == 1
        assert desk.contents() != before
        assert result.import_id is not None
        assert undo_import(desk.session, result.import_id, None, desk.now) == 2
        after = desk.contents()
        # A due day is a fact with a date: taking it away is a fact as well.
        facts = {"training_fact", "enrolment_standing"}
        versions = {"account"}
        assert differing(desk.session) == 0, "standings follow the facts"
        assert {n: rows for n, rows in after.items() if n not in facts | versions} == {
            n: rows for n, rows in before.items() if n not in facts | versions
        }
        assert len(after["account"]) == len(before["account"])
        enrolment = desk.session.scalars(select(Enrolment)).one()
        assert enrolment.due_on is None
        record = desk.session.get_one(RosterImport, result.import_id)
        assert record.undone_at == desk.now
        assert (
            desk.session.scalar(
                select(func.count())
                .select_from(RosterImportRow)
                .where(RosterImportRow.import_id == record.id)
            )
            == 0
        )
        assert "roster.undone" in set(desk.session.scalars(select(AuditEvent.action)))
        with pytest.raises(UndoRefused, match="đã được hoàn tác"):
            undo_import(desk.session, result.import_id, None, desk.now)

    def test_and_can_be_made_again(self, desk: Desk, edition: CourseEdition) -> None:
        first = desk.put(AN, BINH, accounts="create", enrol_in=edition)
        assert first.import_id is not None
        undo_import(desk.session, first.import_id, None, desk.now)
        assert desk.session.scalar(select(func.count()).select_from(Person)) == 0
        assert desk.session.scalar(select(func.count()).select_from(TrainingFact)) == 0
        again = desk.put(AN, BINH, accounts="create", enrol_in=edition)
        assert again.counts["new"] == 2

    def test_moved_on_the_day_it_began_goes_back(self, desk: Desk) -> None:
        desk.put(AN)
        desk.now -= timedelta(days=1)
        before = desk.contents()
        moved = desk.put(("Nguyễn Văn An", "Xã Gia Hiệp", "Lâm Đồng", "CB01", None, None, "Thư ký ISO"))
        assert moved.import_id is not None
        undo_import(desk.session, moved.import_id, None, desk.now)
        assert desk.contents() == before

    @pytest.mark.parametrize("after", ["password", "edited", "import", "moved", "erased", "lesson"])
    def test_what_came_later_holds_it(self, desk: Desk, edition: CourseEdition, after: str) -> None:
        result = desk.put(AN, BINH, accounts="create", enrol_in=edition)
        assert result.import_id is not None
        an = desk.session.scalars(select(Person).where(Person.staff_code == "CB01")).one()
        if after == "password":
            account = desk.session.scalars(select(Account).where(Account.person_id == an.id)).one()
            set_password(desk.session, account, "một mật khẩu dài", actor=None, now=desk.now)
        elif after == "edited":
            desk.session.scalars(
                select(Membership).where(Membership.person_id == an.id)
            ).one().position = "Bí thư"
        elif after == "import":
            desk.put(("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "CB01", None, "Bí thư"))
        elif after == "moved":
            membership = desk.session.scalars(select(Membership).where(Membership.person_id == an.id)).one()
            membership.valid_to = desk.now.date()
        elif after == "erased":
            forget_in_imports(desk.session, an.id)
        else:
            from isoxa_grading.completion.record import record_started

            enrolment = desk.session.scalars(select(Enrolment).where(Enrolment.person_id == an.id)).one()
            record_started(desk.session, enrolment, now=desk.now)
        before = desk.contents()
        with pytest.raises(UndoRefused, match="Không có gì bị thay đổi") as caught:
            undo_import(desk.session, result.import_id, None, desk.now)
        assert {held.row for held in caught.value.held} == {2}
        assert desk.contents() == before

    def test_there_is_no_such_import(self, desk: Desk) -> None:
        with pytest.raises(UndoRefused):
            undo_import(desk.session, 404, None, desk.now)

    def test_an_officer_of_the_import_may_have_a_role_withdrawn(self, desk: Desk) -> None:
        result = desk.put(AN, accounts="create")
        assert result.import_id is not None
        assert desk.session.scalar(select(func.count()).select_from(RoleGrant)) == 1
        undo_import(desk.session, result.import_id, None, desk.now)
        assert desk.session.scalar(select(func.count()).select_from(RoleGrant)) == 0


class TestTogether:
    def test_two_imports_at_once_make_each_person_once(
        self, units_engine: Engine, xlsx: Xlsx, now: datetime
    ) -> None:
        content = xlsx(*(("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", f"CB{n}") for n in range(40)))
        gate = threading.Barrier(2)
        results: list[RosterResult] = []

        def run() -> None:
            file = read_roster(content, "x.xlsx")
            gate.wait()
            with writing(units_engine) as session:
                preview = preview_roster(session, file)
                results.append(import_roster(session, preview, None, now, accounts="create"))

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(result.counts["new"] for result in results) == [0, 40]
        with Session(units_engine) as session:
            assert session.scalar(select(func.count()).select_from(Person)) == 40
            assert session.scalar(select(func.count()).select_from(Account)) == 40

    @pytest.mark.parametrize("backend", ["sqlite"])
    def test_an_import_killed_in_the_middle_leaves_nothing(
        self, units_engine: Engine, xlsx: Xlsx, tmp_path: Path
    ) -> None:
        """Killed as a machine loses power: no clean-up of any kind runs."""
        file = tmp_path / "x.xlsx"
        file.write_bytes(xlsx(AN, BINH, columns=COLUMNS))
        script = """
import os, signal, sys
from datetime import UTC, datetime
from isoxa_grading.records.database import connect, writing
from isoxa_grading.records.roster import importing, import_roster, preview_roster, read_roster

importing.free_username = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
with writing(connect(sys.argv[1])) as session:
    preview = preview_roster(session, read_roster(sys.argv[2]))
    import_roster(session, preview, None, datetime.now(UTC), accounts="create")
"""
        url = units_engine.url.render_as_string(hide_password=False)
        done = subprocess.run(
            [sys.executable, "-c", script, url, str(file)], check=False, capture_output=True
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        with Session(units_engine) as session:
            for table in (Person, Membership, Account, AuditEvent, RosterImport):
                assert session.scalar(select(func.count()).select_from(table)) == 0
