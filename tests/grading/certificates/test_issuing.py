"""One certificate for one completion, with the name and unit of that day; taken back, replaced, forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from isoxa_grading.certificates import (
    CertificateRefused,
    forget_person,
    issue_all,
    issue_missing,
    issue_newest,
    parse_number,
    reissue,
    revoke,
)
from isoxa_grading.certificates.lookup import (
    Standing,
    TooManyLookups,
    certificates_of,
    certificates_within,
    find_certificate,
    look_up,
    standing_of,
)
from isoxa_grading.completion import record_lesson_completed, record_quiz_passed
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import (
    AuditEvent,
    Certificate,
    CertificateLookup,
    Enrolment,
    Membership,
    Unit,
)
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from .conftest import NOW, Complete, make_commune, make_edition, make_enrolment, make_unit

DAY = timedelta(days=1)


def only(session: Session, enrolment: Enrolment) -> Certificate:
    return session.scalars(select(Certificate).where(Certificate.enrolment_id == enrolment.id)).one()


def test_a_completion_is_certified_once(session: Session, complete: Complete) -> None:
    first, second = complete(), complete(name="Hồ Văn Hai")
    made = only(session, first)
    assert made.number == parse_number(made.number)
    assert made.number.startswith("ISOXA-2026-000001-")
    assert (made.person_name, made.unit_name, made.completed_on) == (
        "Trần Thị Mẫu", "Xã Suối Lành, tỉnh Núi Xanh", date(2026, 11, 21),
    )  # fmt: skip
    assert made.valid_until is None
    assert only(session, second).number != made.number
    record_lesson_completed(session, first, lesson="01", now=NOW + DAY)
    assert issue_newest(session, first, now=NOW + DAY) is made
    assert issue_missing(session, now=NOW + DAY) == 0


def test_the_year_begins_anew_with_the_day_in_vietnam(session: Session, complete: Complete) -> None:
    complete()
    # 18:00 UTC on New Year's Eve is New Year's Day in Vietnam.
    late = complete(now=NOW.replace(month=12, day=31, hour=18))
    assert only(session, late).number.startswith("ISOXA-2027-000001-")


def test_it_says_what_was_so_that_day(session: Session, complete: Complete) -> None:
    enrolment = complete()
    made = only(session, enrolment)
    enrolment.person.full_name = "Trần Thị Khác"
    commune = session.get_one(Unit, made.unit_id)
    commune.name, commune.valid_to = "Xã Sáp Nhập", date(2026, 12, 1)
    session.flush()
    session.expire(made)
    assert (made.person_name, made.unit_name) == ("Trần Thị Mẫu", "Xã Suối Lành, tỉnh Núi Xanh")


def test_what_was_completed_before_is_made_up_for(session: Session, complete: Complete) -> None:
    enrolments = [complete() for _ in range(3)]
    session.execute(delete(Certificate))
    membership = session.scalars(
        select(Membership).where(Membership.person_id == enrolments[0].person_id)
    ).one()
    elsewhere = make_unit(session, "Xã Mới Đến", membership.unit.kind, membership.unit.parent, "xã")
    membership.valid_to = date(2026, 11, 30)
    session.add(Membership(person_id=membership.person_id, unit=elsewhere, valid_from=date(2026, 12, 1)))
    enrolments[1].person.erased_at = NOW
    session.flush()
    assert issue_missing(session, now=NOW + 20 * DAY, limit=1) == 1
    assert issue_missing(session, now=NOW + 20 * DAY) == 1
    assert issue_missing(session, now=NOW + 20 * DAY) == 0
    # The unit is that of the day of completion, not of the day of issue.
    assert only(session, enrolments[0]).unit_name == "Xã Suối Lành, tỉnh Núi Xanh"


def test_a_renewal_gets_a_new_one(session: Session, complete: Complete) -> None:
    quiz = {"quizzes": [{"id": "q"}], "validity_months": 12}
    enrolment = complete(**quiz)
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0
    record_quiz_passed(session, enrolment, quiz="q", attempt_id="a", now=NOW)
    first = only(session, enrolment)
    assert first.valid_until == date(2027, 11, 21)
    assert standing_of(first, date(2027, 11, 21)) is Standing.VALID
    assert standing_of(first, date(2027, 11, 22)) is Standing.EXPIRED
    record_quiz_passed(session, enrolment, quiz="q", attempt_id="b", now=NOW + 400 * DAY)
    newer, older = certificates_of(session, enrolment.person_id, "iso", now=NOW + 400 * DAY)
    assert (older.certificate, older.standing) == (first, Standing.EXPIRED)
    assert newer.standing is Standing.VALID
    assert newer.certificate.valid_until == date(2028, 12, 26)


def test_revoked_for_a_reason_and_replaced(session: Session, complete: Complete) -> None:
    enrolment = complete()
    made = only(session, enrolment)
    for reason, code in (("  ", "no_reason"), ("x" * 501, "long_reason")):
        with pytest.raises(CertificateRefused) as refused:
            revoke(session, made, reason, actor=None, now=NOW)
        assert refused.value.code == code
    with pytest.raises(CertificateRefused, match="chưa bị thu hồi"):
        reissue(session, made, actor=None, now=NOW)
    revoke(session, made, " Ghi sai  họ tên ", actor=None, now=NOW)
    with pytest.raises(CertificateRefused, match="đã bị thu hồi trước đó"):
        revoke(session, made, "lần nữa", actor=None, now=NOW)
    assert made.revoke_reason == "Ghi sai họ tên"
    # Taken back is taken back: nothing issues it again by itself.
    assert issue_newest(session, enrolment, now=NOW + DAY) is made
    assert issue_missing(session, now=NOW + DAY) == 0
    enrolment.person.full_name = "Trần Thị Đúng"
    newer = reissue(session, made, actor=None, now=NOW + DAY)
    assert (newer.person_name, newer.completed_on, newer.replaces_id) == (
        "Trần Thị Đúng", made.completed_on, made.id,
    )  # fmt: skip
    with pytest.raises(CertificateRefused, match="đã được cấp lại"):
        reissue(session, made, actor=None, now=NOW)
    lines = certificates_of(session, enrolment.person_id, "iso", now=NOW + DAY)
    assert [(one.standing, one.replaced_by) for one in lines] == [
        (Standing.VALID, ""), (Standing.REVOKED, newer.number),
    ]  # fmt: skip
    events = session.scalars(
        select(AuditEvent).where(AuditEvent.action.startswith("certificate.")).order_by(AuditEvent.id)
    ).all()
    assert [(one.action, one.detail["number"]) for one in events] == [
        ("certificate.revoked", made.number), ("certificate.reissued", newer.number),
    ]  # fmt: skip


def test_an_erased_person_has_no_name_in_it(session: Session, complete: Complete) -> None:
    enrolment = complete()
    made = only(session, enrolment)
    made.face = {"name": "Trần Thị Mẫu"}
    session.flush()
    forget_person(session, enrolment.person_id)
    enrolment.person.erased_at = NOW
    session.expire(made)
    assert (made.person_name, made.face) == (None, None)
    seen = look_up(session, made.number, address="1.2.3.4", now=NOW)
    assert seen is not None
    assert (seen.name, seen.standing) == (None, Standing.VALID)
    revoke(session, made, "x", actor=None, now=NOW)
    with pytest.raises(CertificateRefused, match="không còn tên"):
        reissue(session, made, actor=None, now=NOW)


def test_the_public_learns_little(session: Session, complete: Complete) -> None:
    made = only(session, complete())
    typed = made.number.lower().replace("-", " ")
    seen = look_up(session, typed, address="1.2.3.4", now=NOW)
    assert seen is not None
    assert (seen.standing, seen.name, seen.course) == (
        Standing.VALID, "Trần Thị Mẫu", "Khóa học #thử *đậm* <b>",
    )  # fmt: skip
    revoke(session, made, "Bí mật nội bộ", actor=None, now=NOW)
    seen = look_up(session, made.number, address="1.2.3.4", now=NOW)
    assert seen is not None
    assert seen.standing is Standing.REVOKED
    assert "Bí mật" not in repr(seen)
    never = next(n for n in numbers(5000) if find_certificate(session, n) is None)
    assert look_up(session, never, address="1.2.3.4", now=NOW) is None


def numbers(begin: int) -> list[str]:
    from isoxa_grading.certificates.numbers import can_be_given, make_number

    return [n for n in (make_number(2026, begin + step) for step in range(60)) if can_be_given(n)]


def test_walking_through_the_numbers_is_slowed_down(session: Session, complete: Complete) -> None:
    made = only(session, complete())
    walk = numbers(700)

    def ask(number: str, address: str = "1.2.3.4", **more: Any) -> None:
        look_up(session, number, address=address, **{"now": NOW, **more})

    ask(made.number)
    for number in walk[:29]:
        ask(number)
    with pytest.raises(TooManyLookups) as refused:
        ask(walk[30])
    assert 0 < refused.value.wait_seconds <= 600
    assert "10 phút" in str(refused.value)
    # What was asked before may be asked again; others, and who is known, are not held up.
    ask(made.number)
    ask(walk[30], "5.6.7.8")
    ask(walk[30], account_id=7)
    with pytest.raises(ValueError, match="ISOXA-2026-000123-K"):
        ask("khong-phai-so")
    ask(walk[30], now=NOW + timedelta(minutes=11))
    # A patient walker meets the limit of the day, and the day forgets.
    later = NOW + timedelta(minutes=11)
    with pytest.raises(TooManyLookups):  # noqa: PT012  # whichever number meets it
        for step, number in enumerate(numbers(20_000) + numbers(30_000) + numbers(40_000) + numbers(50_000)):
            ask(number, now=later + step * timedelta(seconds=21))
    ask(walk[5], now=NOW + 3 * DAY)
    assert session.scalar(select(func.count()).select_from(CertificateLookup)) == 1


def test_administrators_find_those_of_their_units(session: Session, complete: Complete) -> None:
    first, second = only(session, complete()), only(session, complete(name="Hồ Văn Đặng"))
    unit = session.get_one(Unit, first.unit_id)

    def found(paths: list[str], text: str = "", limit: int = 10) -> list[str]:
        lines = certificates_within(session, paths, text=text, now=NOW, limit=limit)
        return [one.certificate.number for one in lines]

    assert found([unit.path]) == found(["/"]) == [second.number, first.number]
    assert found(["/999/"]) == found([]) == []
    assert found([unit.path], "ho van dang") == [second.number]
    assert found([unit.path], first.number[-8:].lower()) == [first.number]
    assert found([unit.path], limit=1) == [second.number]


def test_at_the_same_time_nobody_gets_the_same_number(engine: Engine) -> None:
    with writing(engine) as session:
        commune, edition = make_commune(session), make_edition(session, "e")
        made = [make_enrolment(session, edition, commune, f"Người {n}").id for n in range(4)]

    def finish(enrolment_id: int) -> None:
        for _ in range(2):
            with writing(engine) as session:
                enrolment = session.get_one(Enrolment, enrolment_id)
                record_lesson_completed(session, enrolment, lesson="01", now=NOW)

    _together([lambda one=one: finish(one) for one in made])  # type: ignore[misc]
    with writing(engine) as session:
        given = session.scalars(select(Certificate.number)).all()
    assert len(given) == len(set(given)) == 4


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_making_up_for_many_at_the_same_time_gives_each_one(engine: Engine) -> None:
    with writing(engine) as session:
        commune, edition = make_commune(session), make_edition(session, "e")
        for n in range(5):
            enrolment = make_enrolment(session, edition, commune, f"Người {n}")
            record_lesson_completed(session, enrolment, lesson="01", now=NOW)
        session.execute(delete(Certificate))
    issued: list[int] = []
    _together([lambda: issued.append(issue_all(engine, now=NOW))] * 3)
    with writing(engine) as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 5
    assert len(issued) == 3
