"""Reviews of effect: who is due, what is refused, and that a review is only ever followed by a newer one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from isoxa_grading.effect import (
    REVIEW_AFTER_DAYS,
    Judgement,
    Measured,
    ReviewRefused,
    completions_of,
    due_reviews,
    record_review,
    reviews_of,
)
from isoxa_grading.records.tables import AuditEvent, Degree, EffectReview, Enrolment, Unit
from isoxa_grading.reports import NotInScope
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from tests.grading.reports.conftest import START, LamDong, World, noon

Made = Callable[..., LamDong]
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
GOOD = Judgement(
    judged_on=START + timedelta(days=100),
    carried_out=Degree.YES,
    changed="Hồ sơ trễ hạn giảm.",
    effective=Degree.YES,
    judged_by="Nguyễn Văn Chủ, Chủ tịch UBND xã",
    figures=(Measured("Tỷ lệ đúng hạn (%)", "96,0", "98.5"), Measured(" ", "", "")),
)


def due(here: LamDong, days: int, scope: Unit | None = None) -> dict[str, tuple[int, date]]:
    rows = due_reviews(
        here.world.session, course="iso", scope_paths=[(scope or here.province).path],
        as_of=START + timedelta(days=days),
    )  # fmt: skip
    return {row.commune: (row.persons, row.due_since) for row in rows}


def review(
    here: LamDong,
    unit: str,
    judgement: Judgement = GOOD,
    enrolment: int | None = None,
    now: datetime | None = None,
) -> EffectReview:
    return record_review(
        here.world.session, here.units[unit].id, enrolment, judgement, course="iso",
        scope_paths=[here.province.path], actor=None, now=now or noon(120),
    )  # fmt: skip


@pytest.mark.parametrize("backend", BOTH, indirect=True)
def test_who_is_due_and_since_when(lam_dong: Made) -> None:
    here = lam_dong()
    assert due(here, 91) == {}
    since = START + timedelta(days=92)
    assert due(here, 92) == {"Xã Đức Trọng": (1, since), "Phường 1 Bảo Lộc": (1, since)}
    assert due(here, 96) == {
        "Phường 1 Bảo Lộc": (1, since),
        "Xã Đạ Tẻh": (2, START + timedelta(days=94)),
        "Xã Đức Trọng": (1, since),
    }
    assert due(here, 96, here.units["Xã Đạ Tẻh"]).keys() == {"Xã Đạ Tẻh"}


def test_a_review_of_the_commune_judges_all_whose_days_are_over(lam_dong: Made) -> None:
    here = lam_dong()
    review(here, "Xã Đạ Tẻh", replace(GOOD, judged_on=START + timedelta(days=95)))
    # One completed on day 4, one on day 6: the second was not due yet.
    assert due(here, 96)["Xã Đạ Tẻh"] == (1, START + timedelta(days=96))
    assert due(here, 94)["Xã Đạ Tẻh"][0] == 1, "as of a day before the review it was still due"
    review(here, "Xã Đạ Tẻh")
    assert "Xã Đạ Tẻh" not in due(here, 110)


def test_a_review_of_one_person_judges_that_one_wherever_they_go(lam_dong: Made, world: World) -> None:
    here = lam_dong()
    unit = here.units["Xã Đạ Tẻh"]
    people = completions_of(
        world.session, unit.id, course="iso", scope_paths=[here.province.path], as_of=noon(120).date()
    )
    assert [one.full_name for one in people] == ["Hoàng Văn Ớt", "Phạm Thị Yến"]
    review(here, "Xã Đạ Tẻh", enrolment=people[0].enrolment_id)
    assert due(here, 110)["Xã Đạ Tẻh"][0] == 1
    person = world.session.get_one(Enrolment, people[0].enrolment_id).person
    person.memberships[0].unit = here.units["Xã Di Linh"]
    world.session.flush()
    assert "Xã Di Linh" not in due(here, 110)


@pytest.mark.parametrize("backend", BOTH, indirect=True)
def test_a_newer_review_follows_and_the_earlier_stays(lam_dong: Made) -> None:
    here = lam_dong()
    session, unit = here.world.session, here.units["Xã Đức Trọng"]
    first = review(here, "Xã Đức Trọng")
    changed = replace(
        GOOD, changed="Đã khác.", effective=Degree.PARTLY, next_step="Học lại bài 6a trước 30/9."
    )
    review(here, "Xã Đức Trọng", changed)
    lines = reviews_of(session, unit.id, course="iso", as_of=noon(120).date())
    assert [(line.judgement.changed, line.counts) for line in lines] == [
        ("Đã khác.", True),
        ("Hồ sơ trễ hạn giảm.", False),
    ]
    assert lines[1].judgement.figures == (Measured("Tỷ lệ đúng hạn (%)", "96", "98,5"),)
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "effect.reviewed")).all()
    assert [(one.subject_kind, one.unit_id) for one in events] == [("unit", unit.id)] * 2
    for statement in (
        update(EffectReview).where(EffectReview.id == first.id).values(effective="no"),
        delete(EffectReview),
    ):
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(statement)


REFUSED: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"judged_on": START + timedelta(days=121)}, "judged_on", "chưa đến"),
    (
        {"judged_on": START + timedelta(days=91)},
        "judged_on",
        f"{REVIEW_AFTER_DAYS} ngày sau khi hoàn thành",
    ),
    ({"changed": " \n\t"}, "changed", "điều đã thay đổi"),
    ({"changed": "x" * 2001}, "changed", "Dài quá 2.000"),
    ({"effective": Degree.NO}, "next_step", "việc làm tiếp"),
    ({"judged_by": "\x00"}, "judged_by", "họ tên"),
    ({"judged_by": "A" * 300}, "judged_by", "Dài quá 200"),
    ({"figures": (Measured("Tỷ lệ", "chín sáu", "98"),)}, "figures", "phải là số"),
    ({"figures": (Measured("Tỷ lệ", "96", ""),)}, "figures", "phải là số"),
    ({"figures": (Measured("", "96", "98"),)}, "figures", "đo cái gì"),
    ({"figures": (Measured("Tỷ lệ", "9" * 200, "98"),)}, "figures", "phải là số"),
)


def test_what_is_refused_says_where_and_why(lam_dong: Made) -> None:
    here = lam_dong()
    for change, field, said in REFUSED:
        with pytest.raises(ReviewRefused, match=said) as refused:
            review(here, "Xã Đức Trọng", replace(GOOD, **change))
        assert refused.value.field == field
    assert here.world.session.scalars(select(EffectReview)).all() == []


def test_nothing_to_judge_and_nobody_elses(lam_dong: Made, world: World) -> None:
    here = lam_dong()
    with pytest.raises(ReviewRefused, match="chưa có ai hoàn thành"):
        review(here, "Xã Di Linh")
    (other,) = completions_of(
        world.session, here.units["Xã Đức Trọng"].id, course="iso", scope_paths=[here.province.path],
        as_of=noon(120).date(),
    )  # fmt: skip
    with pytest.raises(ReviewRefused, match="không còn công tác"):
        review(here, "Xã Đạ Tẻh", enrolment=other.enrolment_id)
    here.units["Xã Ia Kha"] = world.commune("Xã Ia Kha", world.province("Tỉnh Gia Lai"))
    with pytest.raises(NotInScope):
        review(here, "Xã Ia Kha")
