"""From a read roster to records: the preview's decisions, the import, and importing again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from isoxa_grading.records.accounts import create_account, grant_role
from isoxa_grading.records.roster import (
    RosterPreview,
    RosterResult,
    import_roster,
    preview_roster,
    read_roster,
)
from isoxa_grading.records.tables import (
    Account,
    AuditEvent,
    Base,
    CourseEdition,
    Enrolment,
    Membership,
    Person,
    QualityRole,
    Role,
    RoleGrant,
    RosterImport,
    TrainingFact,
    Unit,
)
from isoxa_grading.records.units import find_unit
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.grading.records.roster.previews import kinds

Xlsx = Callable[..., bytes]
AN = (
    "Nguyễn Văn An",
    "Xã Di Linh",
    "Lâm Đồng",
    "CB01",
    "05/09/1985",
    "Chủ tịch UBND",
    "Lãnh đạo",
    "0912345678",
    None,
)


class Desk:
    """Imports rosters into one database, a day after the other."""

    def __init__(self, session: Session, scope: Unit, xlsx: Xlsx, now: datetime) -> None:
        self.session, self.scope, self.xlsx, self.now = session, scope, xlsx, now

    def preview(self, *rows: tuple[Any, ...], **others: Any) -> RosterPreview:
        return preview_roster(self.session, read_roster(self.xlsx(*rows, **others), "x.xlsx"), self.scope)

    def put(self, *rows: tuple[Any, ...], **options: Any) -> RosterResult:
        result = import_roster(self.session, self.preview(*rows), None, self.now, **options)
        self.now += timedelta(days=1)
        return result

    def rows_in_all(self) -> dict[str, int]:
        self.session.flush()
        return {
            name: self.session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }

    def person(self) -> Person:
        return self.session.scalars(select(Person)).one()

    def unit(self, name: str) -> Unit:
        found = find_unit(self.session, name, self.scope).unit
        assert found is not None
        return found


@pytest.fixture
def desk(places: Session, lam_dong: Unit, xlsx: Xlsx, now: datetime) -> Desk:
    return Desk(places, lam_dong, xlsx, now)


def test_a_new_person_with_everything(desk: Desk, edition: CourseEdition) -> None:
    assert kinds(desk.preview(AN)) == ["new"]
    assert desk.session.scalars(select(Person)).all() == []  # a preview writes nothing
    today = desk.now
    result = desk.put(AN, enrol_in=edition, due_on=date(2026, 12, 31), accounts="create", made_up=True)
    assert result.counts == {
        "total": 1,
        "new": 1,
        "changed": 0,
        "moved": 0,
        "unchanged": 0,
        "doubtful": 0,
        "refused": 0,
    }
    person = desk.person()
    assert (person.full_name, person.staff_code, person.phone, person.made_up) == (
        "Nguyễn Văn An", "CB01", "0912345678", True,
    )  # fmt: skip
    assert person.birth_date == date(1985, 9, 5)
    [membership] = person.memberships
    assert (membership.unit.name, membership.quality_role) == ("Xã Di Linh", QualityRole.LEADER)
    assert (membership.valid_from, membership.valid_to) == (today.date(), None)
    account = desk.session.scalars(select(Account)).one()
    assert (account.username, account.password_hash, account.person_id) == ("cb01", None, person.id)
    assert result.accounts == {person.id: "cb01"}
    assert [(grant.role, grant.unit_id) for grant in account.grants] == [(Role.OFFICER, membership.unit_id)]
    enrolment = desk.session.scalars(select(Enrolment)).one()
    assert (enrolment.person_id, enrolment.due_on) == (person.id, date(2026, 12, 31))
    facts = desk.session.scalars(select(TrainingFact).order_by(TrainingFact.id)).all()
    assert [(fact.kind.value, fact.value) for fact in facts] == [
        ("enrolled", None),
        ("due", date(2026, 12, 31)),
    ]
    record = desk.session.scalars(select(RosterImport)).one()
    assert record.id == result.import_id
    assert record.summary["new"] == 1
    actions = set(desk.session.scalars(select(AuditEvent.action)))
    assert actions == {"person.created", "account.created", "enrolment.created", "roster.imported"}


def test_importing_again_changes_nothing(desk: Desk, edition: CourseEdition) -> None:
    rows = (
        AN,
        ("Trần Thị Bưởi", "xã Gung Ré", "Lâm Đồng"),
        ("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "CB02"),
    )
    options: dict[str, Any] = {"enrol_in": edition, "due_on": date(2026, 12, 31), "accounts": "create"}
    first = desk.put(*rows, **options)
    assert first.counts["new"] == 3
    before = desk.rows_in_all()
    again = desk.put(*rows, **options)
    assert again.counts["unchanged"] == 3
    assert again.import_id is None
    assert desk.rows_in_all() == before


def test_changes_are_shown_then_made_and_empty_cells_clear_nothing(desk: Desk) -> None:
    desk.put(AN)
    row = ("Nguyễn Văn Ân", "Xã Di Linh", "Lâm Đồng", "CB01", None, "Bí thư", "Thư ký ISO", None, "an@x.vn")
    [decision] = desk.preview(row).rows
    assert decision.kind == "changed"
    assert decision.changes == {
        "full_name": ("Nguyễn Văn An", "Nguyễn Văn Ân"),
        "email": (None, "an@x.vn"),
        "position": ("Chủ tịch UBND", "Bí thư"),
        "quality_role": (QualityRole.LEADER, QualityRole.ISO_SECRETARY),
    }
    desk.put(row)
    person = desk.person()
    assert (person.full_name, person.email, person.phone) == ("Nguyễn Văn Ân", "an@x.vn", "0912345678")
    assert person.birth_date == date(1985, 9, 5)
    [membership] = person.memberships
    assert membership.position == "Bí thư"
    detail = desk.session.scalars(
        select(AuditEvent.detail).where(AuditEvent.action == "person.changed")
    ).one()
    assert detail["position"] == ["Chủ tịch UBND", "Bí thư"]
    assert "an@x.vn" not in str(detail)


def test_a_name_typed_plainly_takes_no_diacritics_away(desk: Desk) -> None:
    desk.put(AN)
    for typed in ("NGUYỄN VĂN AN", "nguyen van an"):
        assert kinds(desk.preview((typed, "Xã Di Linh", "Lâm Đồng", "CB01"))) == ["unchanged"]
    assert desk.person().full_name == "Nguyễn Văn An"


def test_a_move_ends_one_service_and_begins_another(desk: Desk) -> None:
    desk.put(AN, accounts="create")
    account = desk.session.scalars(select(Account)).one()
    grant_role(desk.session, account, Role.TRAINER, desk.scope, actor=None, now=desk.now)
    moved_on = desk.now.date()
    moved = ("Nguyễn Văn An", "Xã Bảo Lâm 1", "Lâm Đồng", "CB01")
    assert kinds(desk.preview(moved)) == ["moved"]
    desk.put(moved)
    memberships = desk.session.scalars(select(Membership).order_by(Membership.id)).all()
    assert [(m.unit.short_name, m.valid_to) for m in memberships] == [
        ("Di Linh", moved_on - timedelta(days=1)),
        ("Bảo Lâm 1", None),
    ]
    assert memberships[1].valid_from == moved_on
    live = desk.session.scalars(select(RoleGrant).where(RoleGrant.revoked_at.is_(None))).all()
    assert {(grant.role, grant.unit_id) for grant in live} == {
        (Role.OFFICER, memberships[1].unit_id),
        (Role.TRAINER, desk.scope.id),
    }
    assert kinds(desk.preview(moved)) == ["unchanged"]


def test_moved_on_the_day_it_began(desk: Desk) -> None:
    desk.put(AN)
    desk.now -= timedelta(days=1)
    desk.put(("Nguyễn Văn An", "Xã Bảo Lâm 1", "Lâm Đồng", "CB01", None, "Bí thư"))
    [membership] = desk.session.scalars(select(Membership)).all()
    assert (membership.unit.short_name, membership.valid_to, membership.position) == (
        "Bảo Lâm 1",
        None,
        "Bí thư",
    )


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "cb01"), "unchanged"),  # by code, whatever its case
        (
            ("NGUYEN VAN AN", "Xã Bảo Lâm 1", "Lâm Đồng", None, None, None, None, "0912 345 678"),
            "moved",
        ),  # by phone
        (("Nguyễn Văn An", "Xã Bảo Lâm 1", "Lâm Đồng", None, "5/9/1985"), "moved"),  # by name and birth date
        (("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng"), "unchanged"),  # by name within the unit
        (("Nguyễn Văn An", "Xã Bảo Lâm 1", "Lâm Đồng"), "new"),  # a common name elsewhere is somebody else
        (("Nguyễn Văn Án", "Xã Di Linh", "Lâm Đồng"), "new"),
        (("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", None, "06/09/1990"), "doubtful"),
        (("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", None, "1985"), "unchanged"),
        (("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", None, 1990), "doubtful"),
        (("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "CB99"), "doubtful"),
        (("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "CB99", "06/09/1990"), "new"),
        (("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", None, None, "Bí thư"), "doubtful"),
        (("Nguyễn Văn Ân", "Xã Di Linh", "Lâm Đồng", None, None, None, None, "0912345678"), "doubtful"),
        (
            ("Trần Bình", "Xã Di Linh", "Lâm Đồng", None, None, None, None, "0912345678"),
            "new",
        ),  # a shared telephone
        (("Trần Bình", "Xã Di Linh", "Lâm Đồng", "CB01"), "doubtful"),  # somebody else's code
        (("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "CB99", "05/09/1985"), "doubtful"),  # another code
    ],
)
def test_who_a_row_is(desk: Desk, row: tuple[Any, ...], kind: str) -> None:
    desk.put(AN)
    assert kinds(desk.preview(row)) == [kind]


def test_two_who_match_are_doubtful_and_nobody_is_guessed(desk: Desk) -> None:
    twins = [("Lê Hoa", "Xã Di Linh", "Lâm Đồng", code, "01/01/1990") for code in ("A1", "A2")]
    desk.put(twins[0])
    desk.session.add(
        Person(full_name="Lê Hoa", sort_key="", birth_date=date(1990, 1, 1), created_at=desk.now)
    )
    preview = desk.preview(("Lê Hoa", "Xã Bảo Lâm 1", "Lâm Đồng", None, "01/01/1990"))
    assert kinds(preview) == ["doubtful"]
    [problem] = preview.problems
    assert len(preview.rows[0].people) == 2
    assert "Có 2 người" in problem.reason
    assert problem.column == "Ngày sinh"


def test_a_person_twice_in_one_file(desk: Desk) -> None:
    preview = desk.preview(AN, AN, ("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng"))
    assert kinds(preview) == ["new", "unchanged", "unchanged"]
    assert "Trùng người với dòng 2" in preview.rows[1].note
    desk.put(AN, AN)
    assert desk.person().full_name == "Nguyễn Văn An"
    assert kinds(desk.preview(AN, AN)) == ["unchanged", "unchanged"]


def test_a_second_row_adds_what_the_first_has_not(desk: Desk) -> None:
    bare = ("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "CB01")
    preview = desk.preview(bare, AN)
    assert kinds(preview) == ["new", "unchanged"]
    desk.put(bare, AN)
    assert (desk.person().phone, desk.person().memberships[0].position) == ("0912345678", "Chủ tịch UBND")
    more = ("Nguyễn Văn An", "Xã Di Linh", "Lâm Đồng", "CB01", None, None, None, None, "an@x.vn")
    assert kinds(desk.preview(bare, more)) == ["changed", "unchanged"]
    desk.put(bare, more)
    assert desk.person().email == "an@x.vn"


def test_twice_with_two_units_is_for_a_person_to_decide(desk: Desk) -> None:
    elsewhere = ("Nguyễn Văn An", "Xã Bảo Lâm 1", "Lâm Đồng", "CB01")
    preview = desk.preview(AN, elsewhere)
    assert kinds(preview) == ["new", "doubtful"]
    assert preview.problems[0].column == "Đơn vị"
    assert "Xã Di Linh" in preview.problems[0].reason


def test_units_that_are_not_found_are_refused_with_the_nearest(desk: Desk) -> None:
    preview = desk.preview(
        ("A B", "Xã Di Lính", "Lâm Đồng"),
        ("A B", "Xã Di Linh", "Gia Lai"),
        ("A B", "Xã Ia Grai", "Gia Lai"),
        ("A B", "Xã Di Linh", "Lâm Đòng"),
        ("A C", "UBND xã Di Linh, tỉnh Lâm Đồng", "Lâm Đồng"),
        ("A D", "UBND tỉnh Lâm Đồng", "Lâm Đồng"),
    )
    assert kinds(preview) == ["refused"] * 4 + ["new"] * 2
    assert preview.problems[0].nearest == "Xã Di Linh"
    assert preview.problems[0].column == "Đơn vị"
    assert "không thuộc" in preview.problems[2].reason
    assert preview.rows[5].unit is not None
    assert preview.rows[5].unit.name == "Tỉnh Lâm Đồng"


def test_good_rows_are_imported_beside_refused_ones(desk: Desk) -> None:
    result = desk.put(AN, ("1234", "Xã Di Linh", "Lâm Đồng"), ("Bình", "nơi nào đó", "Lâm Đồng"))
    assert (result.counts["new"], result.counts["refused"]) == (1, 2)
    assert desk.person().full_name == "Nguyễn Văn An"


def test_old_names_say_what_they_are_today(desk: Desk) -> None:
    [decision] = desk.preview(("Lê Hoa", "xã Gung Ré", "Lâm Đồng")).rows
    assert decision.unit is not None
    assert decision.unit.name == "Xã Di Linh"
    assert "nay là Xã Di Linh" in decision.note


def test_usernames_are_numbered_and_existing_accounts_kept(desk: Desk) -> None:
    create_account(desk.session, username="lehoa", password=None, display_name="x", actor=None, now=desk.now)
    rows = [("Lê Hoa", unit, "Lâm Đồng") for unit in ("Xã Di Linh", "Xã Bảo Lâm 1")]
    assert desk.put(rows[0]).accounts == {}
    made = desk.put(*rows, accounts="create")
    assert sorted(made.accounts.values()) == ["lehoa2", "lehoa3"]
    assert desk.put(*rows, accounts="create").accounts == {}


def test_what_happened_since_the_preview_counts(desk: Desk) -> None:
    preview = desk.preview(AN)
    desk.put(AN)
    result = import_roster(desk.session, preview, None, desk.now)
    assert (result.counts["new"], result.counts["unchanged"]) == (0, 1)
    assert desk.person()


def test_a_new_due_day_for_those_enrolled(desk: Desk, edition: CourseEdition) -> None:
    desk.put(AN, enrol_in=edition, due_on=date(2026, 12, 31))
    result = desk.put(AN, enrol_in=edition, due_on=date(2027, 1, 31))
    assert result.enrolled == 1
    assert desk.session.scalars(select(Enrolment.due_on)).one() == date(2027, 1, 31)
    desk.put(AN, enrol_in=edition)
    assert desk.session.scalars(select(Enrolment.due_on)).one() == date(2027, 1, 31)


def test_seven_hundred_people(desk: Desk, edition: CourseEdition) -> None:
    communes = desk.session.scalars(select(Unit.name).where(Unit.parent_id == desk.scope.id)).all()
    names = ("Nguyễn Văn An", "Trần Thị Bưởi", "Lê Đức Anh", "Phạm Ánh", "Đỗ Ẩn", "Hồ Ấm")
    rows = [(names[n % 6], communes[n % len(communes)], "Lâm Đồng", f"M{n}") for n in range(700)]
    start = time.process_time()
    result = desk.put(*rows, enrol_in=edition, due_on=date(2026, 12, 31), accounts="create")
    assert result.counts["new"] == result.enrolled == len(result.accounts) == 700
    # About one second of work on an idle machine; a query a row would take ten.
    assert time.process_time() - start < 6
    order = desk.session.scalars(select(Person.full_name).order_by(Person.sort_key, Person.id)).all()
    assert list(dict.fromkeys(order)) == [
        "Nguyễn Văn An", "Lê Đức Anh", "Phạm Ánh", "Hồ Ấm", "Đỗ Ẩn", "Trần Thị Bưởi",
    ]  # fmt: skip
