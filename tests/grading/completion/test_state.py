"""The rule in Python and the rule in SQL agree, whatever the facts."""

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from isoxa_grading.completion import (
    Fact,
    Requirements,
    Standing,
    State,
    due_on,
    is_overdue,
    standing_of,
    state_at,
    state_select,
    summary_select,
)
from isoxa_grading.completion.standing import overdue_on, refresh, state_on
from isoxa_grading.records.tables import CourseEdition, Enrolment, EnrolmentStanding, Person, TrainingFact
from isoxa_grading.records.tables.training import FactKind
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
START = date(2026, 3, 1)
DAYS = 6
AT_ONCE = 300

MANIFEST = {"lessons": [{"id": "q1"}, {"id": "l", "items": ["x"]}], "quizzes": [{"id": "q2"}]}

days = st.integers(0, DAYS - 1).map(lambda n: START + timedelta(days=n))
# Few subjects, sources and days, so that facts meet; kinds that decide more come more often, and those that settle
# everything (withdrawn, waived) less.
KINDS = [*FactKind] + 2 * [
    FactKind.ENROLLED,
    FactKind.SUBMITTED,
    FactKind.GRADED,
    FactKind.REOPENED,
    FactKind.COMPLETED,
    FactKind.DUE,
    FactKind.VALID_UNTIL,
]
facts = st.builds(
    Fact,
    id=st.just(0),
    kind=st.sampled_from(KINDS),
    on=days,
    subject=st.sampled_from(["", "q1", "q2"]),
    source_id=st.sampled_from(["", "x1", "x2"]),
    value=st.none() | days,
)
histories = st.lists(facts, max_size=10, unique_by=lambda fact: (fact.kind, fact.subject, fact.source_id))
enrolled = Fact(0, FactKind.ENROLLED, START, subject="at the start")


@pytest.fixture
def enrolment_ids(session: Session) -> list[int]:
    edition = CourseEdition(
        course="iso", edition="1", title="ISO", manifest=MANIFEST, content_sha256="0" * 64, published_at=NOW
    )
    people = [Person(full_name="Mẫu", sort_key="mau", made_up=True, created_at=NOW) for _ in range(AT_ONCE)]
    rows = [Enrolment(person=p, edition=edition, enrolled_at=NOW, due_on=None, source="test") for p in people]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def check(session: Session, drawn: dict[int, list[Fact]], days: Iterable[date]) -> None:
    """Store the histories, ask for the states of each day both ways, and take the histories back."""
    savepoint = session.begin_nested()
    rows = [
        {
            "enrolment_id": enrolment_id,
            "kind": fact.kind,
            "on": fact.on,
            "subject": fact.subject,
            "source_id": fact.source_id,
            "value": fact.value,
            "recorded_at": NOW,
        }
        for enrolment_id, history in drawn.items()
        for fact in history
    ]
    if rows:
        session.execute(insert(TrainingFact), rows)
    stored: dict[int, list[TrainingFact]] = {enrolment_id: [] for enrolment_id in drawn}
    for fact in session.scalars(select(TrainingFact).where(TrainingFact.enrolment_id.in_(drawn))):
        stored[fact.enrolment_id].append(fact)
    chosen = select(Enrolment.id).where(Enrolment.id.in_(drawn))
    for day in days:
        expected = {i: state_at(history, day) for i, history in stored.items()}
        dues = {i: due_on(history, day) for i, history in stored.items()}
        assert dict(session.execute(state_select(day, enrolments=chosen)).all()) == expected
        summary = session.execute(summary_select(day, enrolments=chosen)).all()
        assert {row.enrolment_id: row.due_on for row in summary} == dues
        overdue = {i: is_overdue(expected[i], dues[i], day) for i in stored}
        assert {row.enrolment_id: row.overdue for row in summary} == overdue
    check_standings(session, stored)
    savepoint.rollback()
    session.expunge_all()


def check_standings(session: Session, stored: dict[int, list[TrainingFact]]) -> None:
    """What is kept of each enrolment is what its facts say, on every day from the last fact on."""
    edition = session.scalars(select(CourseEdition)).one()
    refresh(session, edition, list(stored), enrolling=True)
    required = Requirements.from_manifest(MANIFEST)
    expected = {i: standing_of(facts, required) for i, facts in stored.items()}
    rows = session.scalars(select(EnrolmentStanding)).all()
    assert {row.enrolment_id: row.current for row in rows} == {
        i: standing.state != State.NOT_ENROLLED for i, standing in expected.items() if standing is not None
    }
    for row in rows:
        made = {f.name: getattr(row, f.name) for f in fields(Standing)}
        assert made == asdict(expected[row.enrolment_id])
    for n in range(DAYS + 2):
        day = START + timedelta(days=n)
        said = session.execute(
            select(EnrolmentStanding.enrolment_id, state_on(day), overdue_on(day)).where(
                EnrolmentStanding.last_fact_on <= day
            )
        ).all()
        for enrolment_id, state, overdue in said:
            facts, standing = stored[enrolment_id], expected[enrolment_id]
            assert standing is not None
            assert state == standing.state_on(day) == state_at(facts, day)
            assert bool(overdue) == is_overdue(state_at(facts, day), due_on(facts, day), day)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=st.lists(st.tuples(st.booleans(), histories), min_size=1, max_size=8),
    day=st.integers(-1, DAYS).map(lambda n: START + timedelta(days=n)),
)
def test_sql_and_python_agree(
    session: Session, enrolment_ids: list[int], drawn: list[tuple[bool, list[Fact]]], day: date
) -> None:
    """What Hypothesis finds and shrinks."""
    told = [[enrolled, *history] if begun else history for begun, history in drawn]
    check(session, dict(zip(enrolment_ids, told, strict=False)), [day])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_and_python_agree_on_many(session: Session, enrolment_ids: list[int], seed: int) -> None:
    """The same in bulk: enough histories that every boundary between two days is met."""
    random = Random(seed)

    def day() -> date:
        return START + timedelta(days=random.randrange(DAYS))

    def history() -> list[Fact]:
        drawn = {
            (random.choice(KINDS), random.choice(["", "q1"]), random.choice(["", "x1"])) for _ in range(8)
        }
        told = [
            Fact(0, kind, day(), subject, source, None if random.random() < 0.15 else day())
            for kind, subject, source in sorted(drawn)
        ]
        random.shuffle(told)
        return [enrolled, *told[: random.randrange(9)]]

    every_day = [START + timedelta(days=n) for n in range(-1, DAYS + 1)]
    check(session, {enrolment_id: history() for enrolment_id in enrolment_ids}, every_day)


@given(history=histories, day=days, data=st.data())
@settings(deadline=None)
def test_the_order_of_facts_and_the_future_do_not_matter(
    history: list[Fact], day: date, data: st.DataObject
) -> None:
    numbered = [
        Fact(n, f.kind, f.on, f.subject, f.source_id, f.value) for n, f in enumerate([enrolled, *history])
    ]
    shuffled = data.draw(st.permutations(numbered))
    later = [fact for fact in shuffled if fact.on <= day]
    assert state_at(shuffled, day) == state_at(numbered, day) == state_at(later, day)


@given(history=histories)
@settings(deadline=None)
def test_what_was_completed_without_a_validity_stays_completed(history: list[Fact]) -> None:
    kept = [f for f in history if f.kind not in (FactKind.WITHDRAWN, FactKind.VALID_UNTIL)]
    done = Fact(99, FactKind.COMPLETED, START, subject="first")
    for n in range(DAYS):
        state = state_at([enrolled, done, *kept], START + timedelta(days=n))
        assert state in (State.COMPLETED, State.COMPLETED_LATE)


def test_every_state_can_be_reached() -> None:
    k = FactKind
    first, second, due = START, START + timedelta(days=1), START
    cases: dict[State, list[Fact]] = {
        State.NOT_ENROLLED: [],
        State.NOT_STARTED: [enrolled],
        State.IN_PROGRESS: [enrolled, Fact(1, k.STARTED, first)],
        State.WAITING_FOR_GRADING: [enrolled, Fact(1, k.SUBMITTED, first, "q", "x")],
        State.COMPLETED: [enrolled, Fact(1, k.COMPLETED, first), Fact(2, k.DUE, first, value=due)],
        State.COMPLETED_LATE: [enrolled, Fact(1, k.COMPLETED, second), Fact(2, k.DUE, first, value=due)],
        State.EXPIRED: [enrolled, Fact(1, k.COMPLETED, first), Fact(2, k.VALID_UNTIL, first, value=first)],
        State.WAIVED: [enrolled, Fact(1, k.WAIVED, first)],
    }
    assert set(cases) == set(State)
    assert {state: state_at(history, second) for state, history in cases.items()} == {s: s for s in State}


@pytest.mark.parametrize(
    ("state", "late"),
    [
        (State.NOT_STARTED, True),
        (State.IN_PROGRESS, True),
        (State.WAITING_FOR_GRADING, True),
        (State.COMPLETED, False),
        (State.COMPLETED_LATE, False),
        (State.EXPIRED, False),
        (State.WAIVED, False),
        (State.NOT_ENROLLED, False),
    ],
)
def test_overdue_begins_the_day_after_the_due_day(state: State, late: bool) -> None:
    assert not is_overdue(state, START, START)
    assert is_overdue(state, START, START + timedelta(days=1)) is late
    assert not is_overdue(state, None, START)
