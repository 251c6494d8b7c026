"""The completion report counts what it says, where people serve on the day, in Vietnamese order."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from isoxa_grading.completion import State, record_checkpoint_done, record_waived, record_withdrawn
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.reports import (
    CommuneRow,
    Filters,
    NotInScope,
    OnePersonReason,
    UnknownCourse,
    completion_report,
)
from sqlalchemy import event
from sqlalchemy.orm import Session

START = date(2026, 3, 2)


def row_of(report: Any, name: str) -> CommuneRow:
    return next(row for row in report.communes if row.name == name)


def test_figures_rows_and_lists_of_a_province(lam_dong: Callable[..., Any]) -> None:
    made = lam_dong()
    report = made.report
    figures = report.figures
    assert (figures.communes, figures.communes_nobody_sent, figures.communes_one_person_only) == (4, 1, 2)
    assert (figures.registered, figures.not_started, figures.in_progress) == (10, 3, 2)
    assert (figures.waiting_for_grading, figures.completed, figures.completed_late) == (1, 4, 1)
    assert figures.overdue == 5  # Ánh, Ân, Đông, K'Brêu, Ba; Bốn has no due day
    assert figures.not_registered == 1
    assert figures.share_completed == 0.4

    mixed = row_of(report, "Xã Đạ Tẻh")
    assert (mixed.registered, mixed.not_started, mixed.in_progress) == (6, 1, 2)
    assert (mixed.waiting_for_grading, mixed.completed, mixed.completed_late, mixed.overdue) == (1, 2, 1, 4)
    assert mixed.progress_share == 0.375  # one and two of four steps
    assert mixed.last_activity == START + timedelta(days=6)
    assert mixed.share_completed == 0.333

    nobody = row_of(report, "Xã Di Linh")
    assert (nobody.registered, nobody.not_registered, nobody.share_completed) == (0, 1, None)
    assert (nobody.last_activity, nobody.progress_share) == (None, None)
    assert [row.name for row in report.nobody_sent] == ["Xã Di Linh"]

    one_only = {row.commune.name: (row.reason, row.officer.full_name) for row in report.one_person_only}
    assert one_only == {
        "Xã Đức Trọng": (OnePersonReason.ONE_REGISTERED, "Đỗ Thị Một"),
        "Phường 1 Bảo Lộc": (OnePersonReason.ONE_TRAINED, "Vũ Thị Hai"),
    }
    assert report.scope_names == ("Tỉnh Lâm Đồng",)


def test_communes_and_officers_stand_in_vietnamese_order(lam_dong: Callable[..., Any]) -> None:
    made = lam_dong()
    names = [row.name for row in made.report.communes]
    assert names == ["Phường 1 Bảo Lộc", "Xã Di Linh", "Xã Đạ Tẻh", "Xã Đức Trọng"]
    officers = [row.full_name for row in made.report.officers(made.units["Xã Đạ Tẻh"].id)]
    # By given name: a before â, d before đ, o before ơ.
    assert officers == [
        "Nguyễn Thị Ánh", "Lê Văn Ân", "Trần Đình Đông", "K'Brêu", "Hoàng Văn Ớt", "Phạm Thị Yến"
    ]  # fmt: skip


def test_an_officers_row(lam_dong: Callable[..., Any]) -> None:
    made = lam_dong()
    rows = {row.full_name: row for row in made.report.officers(made.units["Xã Đạ Tẻh"].id)}
    waits, late, half = rows["K'Brêu"], rows["Hoàng Văn Ớt"], rows["Trần Đình Đông"]
    assert (waits.state, waits.share_done, waits.best_score) == (State.WAITING_FOR_GRADING, 0.75, 0.5)
    assert (waits.overdue, waits.completed_on) == (True, None)
    assert (late.state, late.share_done, late.best_score) == (State.COMPLETED_LATE, 1.0, 0.9)
    assert (late.completed_on, late.due_on) == (START + timedelta(days=6), START + timedelta(days=5))
    assert not late.overdue
    assert (half.state, half.share_done, half.best_score) == (State.IN_PROGRESS, 0.5, None)
    assert half.last_activity == START + timedelta(days=4)
    assert (half.commune, half.province, half.position) == ("Xã Đạ Tẻh", "Tỉnh Lâm Đồng", "Công chức")


def test_the_past_is_reported_as_it_was(lam_dong: Callable[..., Any]) -> None:
    before = lam_dong(days=-1).report.figures
    assert (before.communes, before.communes_nobody_sent, before.registered) == (4, 4, 0)
    made = lam_dong(days=3)
    assert (made.report.figures.completed, made.report.figures.overdue) == (2, 0)
    rows = {row.full_name: row for row in made.report.officers(made.units["Xã Đạ Tẻh"].id)}
    assert (rows["Hoàng Văn Ớt"].state, rows["Hoàng Văn Ớt"].best_score) == (State.NOT_STARTED, None)
    assert (rows["Trần Đình Đông"].share_done, rows["Trần Đình Đông"].last_activity) == (0.0, None)


def test_rows_add_up_to_the_figures(lam_dong: Callable[..., Any]) -> None:
    for days in range(-1, 9):
        report = lam_dong(days=days).report
        for name in (
            "registered",
            "not_started",
            "in_progress",
            "waiting_for_grading",
            "completed",
            "overdue",
        ):
            total = sum(getattr(row, name) for row in report.communes)
            assert total == getattr(report.figures, name)
        states = ("not_started", "in_progress", "waiting_for_grading", "completed", "expired", "waived")
        for row in [*report.communes, report.figures]:
            assert row.registered == sum(getattr(row, name) for name in states)
        assert len(report.officers()) == report.figures.registered


def test_one_completion_moves_its_commune_by_one(world: Any) -> None:
    province = world.province("Tỉnh A")
    commune = world.commune("Xã Một", province)
    world.enrol(world.person("An", commune))
    enrolment = world.enrol(world.person("Bình", commune))
    before = world.report(province)
    world.complete(enrolment, days=3)
    after = world.report(province)
    assert (before.communes[0].completed, after.communes[0].completed) == (0, 1)
    assert before.communes[0].not_started - after.communes[0].not_started == 1
    assert [row.reason for row in after.one_person_only] == [OnePersonReason.ONE_TRAINED]
    assert before.one_person_only == []


def test_a_sibling_province_is_never_counted(world: Any) -> None:
    # Ids 2 and 20 make paths of which one begins with the other, but for the slash.
    provinces = [world.province(f"Tỉnh {n}") for n in range(20)]
    for province in provinces:
        commune = world.commune(f"Xã của {province.name}", province)
        world.complete(world.enrol(world.person("An", commune)))
    likes = [a for a in provinces if any(a is not b and a.path[:-1] in b.path for b in provinces)]
    assert likes
    for province in likes + provinces[-1:]:
        report = world.report(province)
        assert [row.name for row in report.communes] == [f"Xã của {province.name}"]
        assert report.figures.registered == 1
        assert {row.province for row in report.officers()} == {province.name}


def test_scope_holds_for_every_question(world: Any) -> None:
    ours, theirs = world.province("Tỉnh Ta"), world.province("Tỉnh Khác")
    here, there = world.commune("Xã Đây", ours), world.commune("Xã Kia", theirs)
    world.enrol(world.person("An", here))
    world.enrol(world.person("Người Kia", there))
    report = world.report(ours)
    with pytest.raises(NotInScope):
        report.officers(there.id)
    with pytest.raises(NotInScope):
        report.officers(10**9)
    for unit_id in (there.id, theirs.id, world.country.id, 10**9, -1):
        with pytest.raises(NotInScope):
            world.report(ours, unit_id=unit_id)
    assert world.report(ours, text="Người Kia").communes == []
    assert world.report([]).figures.communes == 0
    assert world.report([ours, world.country]).figures.communes == 2
    assert [row.name for row in world.report([ours, here]).communes] == ["Xã Đây"]


@pytest.mark.parametrize("scope", ["", "/", "1/35/", "/1/35", "%"])
def test_a_scope_that_is_no_path_is_refused(world: Any, scope: str) -> None:
    with pytest.raises(ValueError, match="path"):
        completion_report(world.session, course="iso", scope_paths=[scope], as_of=START)


def test_narrowing_to_a_unit_narrows_everything(lam_dong: Callable[..., Any], world: Any) -> None:
    unit = lam_dong().units["Xã Đức Trọng"]
    report = lam_dong(unit_id=unit.id).report
    assert (report.figures.communes, report.figures.registered) == (1, 1)
    assert report.scope_names == ("Xã Đức Trọng",)
    assert [row.full_name for row in report.officers()] == ["Đỗ Thị Một"]


@pytest.mark.parametrize(
    ("filters", "communes", "officers"),
    [
        ({"state": State.WAITING_FOR_GRADING}, ["Xã Đạ Tẻh"], ["K'Brêu"]),
        ({"state": State.COMPLETED_LATE}, ["Xã Đạ Tẻh"], ["Hoàng Văn Ớt"]),
        ({"state": State.NOT_ENROLLED}, ["Xã Di Linh"], []),
        ({"state": State.EXPIRED}, [], []),
        ({"text": "da teh", "state": State.NOT_STARTED}, ["Xã Đạ Tẻh"], ["Nguyễn Thị Ánh"]),
        ({"text": "DO THI MOT"}, ["Xã Đức Trọng"], ["Đỗ Thị Một"]),
        ({"text": "  bảo  lộc "}, ["Phường 1 Bảo Lộc"], ["Bùi Văn Ba", "Đặng Thị Bốn", "Vũ Thị Hai"]),
        ({"text": "không có ai tên này"}, [], []),
        ({"overdue": True, "text": "bao loc"}, ["Phường 1 Bảo Lộc"], ["Bùi Văn Ba"]),
        ({"text": "%"}, [], []),
        ({"text": "' OR 1=1 --"}, [], []),
    ],
)
def test_filters_narrow_the_table_but_not_the_figures(
    lam_dong: Callable[..., Any], filters: dict[str, Any], communes: list[str], officers: list[str]
) -> None:
    report = lam_dong(**filters).report
    assert [row.name for row in report.communes] == communes
    assert [row.full_name for row in report.officers()] == officers
    assert (report.figures.registered, len(report.nobody_sent), len(report.one_person_only)) == (10, 1, 2)


def test_people_are_counted_where_they_serve_on_the_day(world: Any) -> None:
    province = world.province("Tỉnh A")
    old, new = world.commune("Xã Cũ", province), world.commune("Xã Mới", province)
    person = world.person("An", old, until=START + timedelta(days=4))
    world.complete(world.enrol(person))
    moved = world.person("placeholder", new, since=START + timedelta(days=5)).memberships[0]
    moved.person = person
    world.session.flush()
    assert {row.name: row.completed for row in world.report(province, days=4).communes} == {
        "Xã Cũ": 1,
        "Xã Mới": 0,
    }
    assert {row.name: row.completed for row in world.report(province, days=5).communes} == {
        "Xã Cũ": 0,
        "Xã Mới": 1,
    }


def test_serving_in_two_communes_counts_in_both_rows_and_once_at_the_top(world: Any) -> None:
    province = world.province("Tỉnh A")
    first, second = world.commune("Xã Một", province), world.commune("Xã Hai", province)
    world.complete(world.enrol(world.person("An", first, second, second)))
    report = world.report(province)
    assert [row.completed for row in report.communes] == [1, 1]
    assert (report.figures.registered, report.figures.completed) == (1, 1)
    assert len(report.officers(second.id)) == 1


def test_only_communes_of_the_day_and_their_people(world: Any) -> None:
    province = world.province("Tỉnh A")
    kept = world.commune("Xã Còn", province)
    gone = world.commune("Xã Hết", province, valid_to=START + timedelta(days=3))
    agency = world.unit("Sở Nội vụ", UnitKind.DEPARTMENT, province)
    for unit in (kept, gone, agency):
        world.enrol(world.person("An", unit))
    assert [row.name for row in world.report(province, days=3).communes] == ["Xã Còn", "Xã Hết"]
    assert world.report(province, days=4).figures.registered == 1


def test_waived_counts_as_registered_but_not_in_the_share(world: Any) -> None:
    province = world.province("Tỉnh A")
    commune = world.commune("Xã Một", province)
    world.complete(world.enrol(world.person("An", commune)))
    waived = world.enrol(world.person("Bình", commune), due=START)
    record_waived(world.session, waived, reason_audit_id=1, now=world.edition.published_at)
    row = world.report(province).communes[0]
    assert (row.registered, row.waived, row.completed, row.share_completed, row.overdue) == (2, 1, 1, 1.0, 0)
    record_withdrawn(world.session, waived, reason_audit_id=2, now=world.edition.published_at)
    row = world.report(province).communes[0]
    assert (row.registered, row.waived, row.not_registered) == (1, 0, 1)


def test_the_newest_edition_counts_unless_withdrawn_from_it(world: Any) -> None:
    province = world.province("Tỉnh A")
    commune = world.commune("Xã Một", province)
    manifest = {"lessons": [{"id": "01", "items": list("abcdefgh")}], "quizzes": []}
    newer = world.publish("2026.2", manifest, days=1)
    an = world.person("An", commune)
    world.complete(world.enrol(an))
    again = world.enrol(an, days=3, edition=newer)
    world.study(again, "ab", days=4)
    (row,) = world.report(province).officers()
    assert (row.state, row.share_done) == (State.IN_PROGRESS, 0.25)
    (row,) = world.report(province, edition="2026.1").officers()
    assert (row.state, row.share_done) == (State.COMPLETED, 1.0)
    assert world.report(province, days=2).figures.completed == 1
    record_withdrawn(world.session, again, reason_audit_id=1, now=world.edition.published_at)
    (row,) = world.report(province).officers()
    assert row.state == State.COMPLETED


def test_what_is_optional_is_no_part_of_the_share(world: Any) -> None:
    province = world.province("Tỉnh A")
    enrolment = world.enrol(world.person("An", world.commune("Xã Một", province)))
    record_checkpoint_done(world.session, enrolment, lesson="02", item="d", now=enrolment.enrolled_at)
    record_checkpoint_done(world.session, enrolment, lesson="01", item="no-such", now=enrolment.enrolled_at)
    (row,) = world.report(province).officers()
    assert (row.state, row.share_done) == (State.IN_PROGRESS, 0.0)


def test_an_unknown_course_or_edition_is_said(session: Session, world: Any) -> None:
    with pytest.raises(UnknownCourse, match="“khong-co”"):
        completion_report(session, course="khong-co", scope_paths=["/1/"], as_of=START)
    with pytest.raises(UnknownCourse, match=r"2099\.1"):
        completion_report(session, course="iso", edition="2099.1", scope_paths=["/1/"], as_of=START)


def test_json_is_plain(lam_dong: Callable[..., Any]) -> None:
    report = lam_dong(state=State.COMPLETED).report
    made = json.loads(json.dumps(report.to_json(officers=True), ensure_ascii=False))
    assert made["figures"]["registered"] == 10
    assert made["as_of"] == "2026-03-12"
    assert made["filters"]["state"] == "completed"
    assert {row["state"] for row in made["officers"]} == {"completed"}
    assert made["one_person_only"][0]["reason"] in ("one_registered", "one_trained")
    assert Filters(**made["filters"]) == report.filters


def test_the_number_of_queries_does_not_grow_with_the_communes(world: Any) -> None:
    def queries(communes: int) -> int:
        province = world.province(f"Tỉnh {communes} xã")
        for n in range(communes):
            commune = world.commune(f"Xã {n} của {communes}", province)
            for name in ("An", "Bình")[: n % 3]:
                world.enrol(world.person(name, commune))
        asked: list[str] = []

        def count(*arguments: Any) -> None:
            asked.append(arguments[2])

        connection = world.session.connection()
        event.listen(connection, "before_cursor_execute", count)
        report = world.report(province)
        report.officers()
        event.remove(connection, "before_cursor_execute", count)
        assert len(report.communes) == communes
        return len(asked)

    assert queries(3) == queries(15) <= 14


def test_states_in_a_text_are_told_apart_by_their_ends() -> None:
    """The tally counts them there (``survey``)."""
    assert not [(one, other) for one in State for other in State if one != other and one.endswith(other)]
