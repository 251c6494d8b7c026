"""Plans and what is written of them: fates, scope, facts, audit rows; once, and all or nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from isoxa_grading.completion import (
    State,
    record_due,
    record_enrolled,
    record_waived,
    record_waiver_ended,
    record_withdrawn,
    state_at,
)
from isoxa_grading.completion.record_many import (
    record_due_all,
    record_enrolled_again,
    record_waived_all,
    record_waiver_ended_all,
    record_withdrawn_all,
)
from isoxa_grading.completion.standing import differing
from isoxa_grading.enrolment import NO_ROLE, BatchRefused, Fate, Selection, confirm, draft
from isoxa_grading.records.tables import (
    AuditEvent,
    BatchKind,
    Enrolment,
    EnrolmentBatch,
    Membership,
    Person,
    QualityRole,
    TrainingFact,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from .conftest import NOW, TODAY, World

LATER = TODAY + timedelta(days=40)


def facts(session: Session, enrolment: Enrolment) -> list[TrainingFact]:
    return list(
        session.scalars(
            select(TrainingFact)
            .where(TrainingFact.enrolment_id == enrolment.id)
            .order_by(TrainingFact.id)
            .execution_options(populate_existing=True)
        )
    )


def said(session: Session, enrolment: Enrolment) -> list[tuple[str, str, date | None]]:
    """Kind, source and value of each fact."""
    return [(one.kind.value, one.source_id, one.value) for one in facts(session, enrolment)]


def state(world: World, person: Person, day: date = TODAY) -> State:
    return state_at(facts(world.session, world.enrolment(person)), day)


def events(session: Session, action: str) -> list[AuditEvent]:
    return list(
        session.scalars(select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id))
    )


def test_enrolling_tells_new_enrolled_withdrawn_and_without_account(world: World) -> None:
    new = world.person("Lê Mới")
    bare = world.person("Lê Không Tài Khoản", account=False)
    known = world.person("Lê Cũ", enrolled=True, due=LATER)
    gone = world.person("Lê Thôi", enrolled=True)
    world.do(BatchKind.WITHDRAW, gone, reason="Đã nghỉ việc")
    counts = world.plan().counts
    assert (counts["new"], counts["same"], counts["again"], counts["without_account"]) == (2, 1, 1, 1)

    batch = world.do(BatchKind.ENROL, due=TODAY + timedelta(days=9))
    assert batch.counts["touched"] == 2
    assert state(world, new) is state(world, bare) is State.NOT_STARTED
    assert world.enrolment(new).due_on == TODAY + timedelta(days=9)
    assert world.enrolment(known).due_on == LATER, "whoever is enrolled keeps their due day"
    assert state(world, gone) is State.NOT_ENROLLED, "nobody comes back unasked"
    created = events(world.session, "enrolment.created")[-2:]
    assert {int(one.subject_id) for one in created} == {new.id, bare.id}
    assert all(one.unit_id and one.actor_account_id == world.admin.id for one in created)

    world.do(BatchKind.ENROL, again=True)
    assert state(world, gone) is State.NOT_STARTED
    assert world.plan().counts["same"] == 4


def test_somebody_who_left_an_old_edition_is_enrolled_in_the_new_one(world: World) -> None:
    stays = world.person("Lê Ở", enrolled=True)
    gone = world.person("Lê Thôi", enrolled=True)
    world.do(BatchKind.WITHDRAW, gone, reason="Chuyển công tác")
    world.edition = world.publish("2026.2", NOW - timedelta(days=1))
    world.do(BatchKind.ENROL, again=True)
    assert world.enrolment(stays).edition_id != world.edition.id, "an enrolment of before stands"
    assert world.enrolment(gone).edition_id == world.edition.id


def test_units_roles_and_people_narrow_together_and_never_widen_the_scope(world: World) -> None:
    leader = world.person("Lê Lãnh Đạo", role=QualityRole.LEADER)
    plain = world.person("Lê Thường", "Xã Đa Bạc")
    elsewhere = world.person("Rơ Châm Xa", "Xã Ia Kha", role=QualityRole.LEADER)

    def chosen(selection: Selection, scope: str = "Việt Nam") -> set[int]:
        rows = world.plan(selection=selection, scope=world.units[scope]).rows
        return {one.person_id for one, _fate in rows}

    province = (world.lam_dong.id,)
    assert chosen(Selection()) == {leader.id, plain.id, elsewhere.id}
    assert chosen(Selection(units=province)) == {leader.id, plain.id}
    assert chosen(Selection(units=province, roles=("leader",))) == {leader.id}
    assert chosen(Selection(roles=(NO_ROLE,))) == {plain.id}
    assert chosen(Selection(roles=(NO_ROLE, "leader"))) == {leader.id, plain.id, elsewhere.id}
    assert chosen(Selection(people=(elsewhere.id, plain.id))) == {elsewhere.id, plain.id}
    # A department of another province asks for these very units and people.
    assert chosen(Selection(units=province), "Tỉnh Gia Lai") == set()
    assert chosen(Selection(people=(leader.id, elsewhere.id)), "Tỉnh Gia Lai") == {elsewhere.id}
    assert chosen(Selection(people=()), "Tỉnh Gia Lai") == set()


def test_whoever_left_or_was_erased_since_the_preview_is_not_touched(world: World) -> None:
    moved, erased, stays = (world.person(f"Lê {name}") for name in ("Chuyển", "Xóa", "Ở"))
    selection = Selection(people=(moved.id, erased.id, stays.id))
    batch = draft(world.session, BatchKind.ENROL, world.edition, selection, actor=world.admin.id, now=NOW)
    world.session.scalars(select(Membership).where(Membership.person_id == moved.id)).one().valid_to = TODAY
    erased.erased_at = NOW
    world.session.flush()
    done = confirm(world.session, batch, scope_paths=[world.lam_dong.path], now=NOW)
    assert done.counts["touched"] == done.counts["total"] == 1
    assert world.enrolment(stays)


def test_a_batch_is_done_once(world: World) -> None:
    world.person("Lê Mới")
    batch = world.do(BatchKind.ENROL)
    first = dict(batch.counts)
    world.person("Lê Sau")
    again = confirm(world.session, batch, scope_paths=[world.country.path], now=NOW + timedelta(hours=1))
    assert (again.counts, again.done_at) == (first, NOW)


def test_due_days_change_only_for_those_who_still_learn(world: World) -> None:
    learner = world.person("Lê Học", enrolled=True)
    same = world.person("Lê Đúng Hạn", enrolled=True, due=LATER)
    excused = world.person("Lê Miễn", enrolled=True, due=TODAY)
    outside = world.person("Lê Ngoài")
    world.do(BatchKind.WAIVE, excused, reason="Đã có chứng chỉ")
    plan = world.plan(BatchKind.DUE, due=LATER)
    fates = {one.person_id: fate for one, fate in plan.rows}
    assert fates == {
        learner.id: Fate.CHANGES,
        same.id: Fate.SAME,
        excused.id: Fate.DONE,
        outside.id: Fate.OUTSIDE,
    }
    world.do(BatchKind.DUE, due=LATER)
    assert world.enrolment(learner).due_on == LATER
    (event,) = events(world.session, "enrolment.due_changed")
    assert (event.detail["before"], event.detail["after"]) == (None, LATER.isoformat())
    world.do(BatchKind.DUE, learner, due=None)
    assert world.enrolment(learner).due_on is None
    assert facts(world.session, world.enrolment(learner))[-1].value is None


@pytest.mark.parametrize(
    ("kind", "action", "becomes"),
    [
        (BatchKind.WAIVE, "enrolment.waived", State.WAIVED),
        (BatchKind.WITHDRAW, "enrolment.withdrawn", State.NOT_ENROLLED),
    ],
)
def test_excusing_needs_a_reason_which_the_fact_leads_to(
    world: World, kind: BatchKind, action: str, becomes: State
) -> None:
    person = world.person("Lê Học", enrolled=True)
    with pytest.raises(BatchRefused, match="lý do"):
        world.do(kind, person, reason=" \n ")
    reason = 'Chuyển công tác "từ 1/12"'
    world.do(kind, person, reason=reason)
    assert state(world, person) is becomes
    (event,) = events(world.session, action)
    assert (event.detail["reason"], event.subject_kind) == (reason, "enrolment")
    assert facts(world.session, world.enrolment(person))[-1].source_id == str(event.id)
    assert world.plan(kind).counts["changes"] == 0, "nothing is left to do"


def test_a_waiver_is_taken_back_for_a_reason(world: World) -> None:
    excused, learner = world.person("Lê Miễn", enrolled=True), world.person("Lê Học", enrolled=True)
    outside = world.person("Lê Ngoài")
    for _time in range(2):
        world.do(BatchKind.WAIVE, excused, reason="Đã có chứng chỉ")
        assert state(world, excused) is State.WAIVED
        with pytest.raises(BatchRefused, match="lý do"):
            world.do(BatchKind.END_WAIVER, excused)
        fates = {one.person_id: fate for one, fate in world.plan(BatchKind.END_WAIVER).rows}
        assert fates == {excused.id: Fate.CHANGES, learner.id: Fate.SAME, outside.id: Fate.OUTSIDE}
        world.do(BatchKind.END_WAIVER, reason="Chứng chỉ là của khóa khác")
        assert (state(world, excused), state(world, learner)) == (State.NOT_STARTED, State.NOT_STARTED)
    event = events(world.session, "enrolment.waiver_ended")[-1]
    assert (event.detail["reason"], event.subject_id) == (
        "Chứng chỉ là của khóa khác",
        str(world.enrolment(excused).id),
    )
    assert facts(world.session, world.enrolment(excused))[-1].source_id == str(event.id)
    assert differing(world.session) == 0


def test_a_due_day_that_is_past_or_a_slip_of_the_pen_is_refused(world: World) -> None:
    with pytest.raises(BatchRefused, match="đã qua"):
        world.do(BatchKind.ENROL, due=TODAY - timedelta(days=1))
    for slip in (date(2062, 12, 31), date(206, 12, 31)):
        with pytest.raises(BatchRefused, match="10 năm"):
            world.do(BatchKind.DUE, due=slip)


def test_names_of_a_list_and_unconfirmed_drafts_are_forgotten_after_a_day(world: World) -> None:
    lost = [{"where": "dòng 1", "text": "Lò Thị Lạ", "reason": "…"}]
    session, somebody = world.session, Selection(people=())

    def written() -> str:
        return draft(
            session, BatchKind.ENROL, world.edition, somebody, unmatched=lost, actor=None, now=NOW
        ).id

    done, never = written(), written()
    confirm(session, session.get_one(EnrolmentBatch, done), scope_paths=[world.country.path], now=NOW)
    later = NOW + timedelta(hours=25)
    draft(session, BatchKind.ENROL, world.edition, somebody, actor=None, now=later)
    session.expire_all()
    kept = session.get_one(EnrolmentBatch, done)
    assert (kept.unmatched, kept.counts["unmatched"]) == ([], 1)
    assert session.get(EnrolmentBatch, never) is None


def test_many_at_once_add_the_very_facts_that_one_by_one_do(world: World) -> None:
    """The same changes to two groups, in turn by the single functions and by those for many."""
    ones = [
        world.enrolment(world.person(f"Lê {i}", enrolled=True, due=LATER if i else None)) for i in range(3)
    ]
    many = [
        world.enrolment(world.person(f"Lý {i}", enrolled=True, due=LATER if i else None)) for i in range(3)
    ]
    session, ids = world.session, {one.id: 77 for one in many}
    for again in (False, True, False):
        day = TODAY if again else LATER
        for one in ones:
            record_due(session, one, due_on=day, now=NOW)
            record_withdrawn(session, one, reason_audit_id=77 + again, now=NOW)
            record_withdrawn(session, one, reason_audit_id=99, now=NOW)
            record_enrolled(session, one, now=NOW)
            record_enrolled(session, one, now=NOW)
            record_due(session, one, due_on=None, now=NOW)
            record_waiver_ended(session, one, reason_audit_id=6 + again, now=NOW)
            record_waived(session, one, reason_audit_id=8 + again, now=NOW)
        record_due_all(session, many, due_on=day, now=NOW)
        record_withdrawn_all(session, many, dict.fromkeys(ids, 77 + again), now=NOW)
        record_withdrawn_all(session, many, dict.fromkeys(ids, 99), now=NOW)
        record_enrolled_again(session, many, now=NOW)
        record_enrolled_again(session, many, now=NOW)
        record_due_all(session, many, due_on=None, now=NOW)
        record_waiver_ended_all(session, many, dict.fromkeys(ids, 6 + again), now=NOW)
        record_waived_all(session, many, dict.fromkeys(ids, 8 + again), now=NOW)
        assert [said(session, one) for one in many] == [said(session, one) for one in ones]
    assert differing(session) == 0


def test_all_or_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure after the first thousand leaves nothing when the transaction is rolled back."""
    for number in range(3):
        world.person(f"Lê {number}")
    world.session.commit()

    def stop(_done: int) -> None:
        raise RuntimeError

    monkeypatch.setattr("isoxa_grading.enrolment.applying._CHUNK", 2)
    batch = draft(world.session, BatchKind.ENROL, world.edition, Selection(), actor=None, now=NOW)
    with pytest.raises(RuntimeError):
        confirm(world.session, batch, scope_paths=[world.country.path], now=NOW, progress=stop)
    world.session.rollback()
    assert world.session.scalars(select(Enrolment)).all() == []
