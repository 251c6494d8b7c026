"""Every figure of the country's overview, recomputed from raw rows by plain loops, for random histories.

The histories move people between communes, have them serve in two, end communes, enrol and withdraw, open editions,
let attempts wait, reopen them, complete late, lapse and be excused; the day asked for is before, within or after them.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from isoxa_grading.completion import (
    Requirements,
    State,
    due_on,
    is_overdue,
    record_checkpoint_done,
    record_due,
    record_enrolled,
    record_graded,
    record_lesson_completed,
    record_quiz_passed,
    record_reopened,
    record_submitted,
    record_waived,
    record_waiver_ended,
    record_withdrawn,
    state_at,
)
from isoxa_grading.completion.standing import differing
from isoxa_grading.completion.state import ACTIVITY
from isoxa_grading.records.tables import Enrolment, Membership, QualityRole, TrainingFact, Unit
from isoxa_grading.reports import (
    Filters,
    call_list,
    completion_report,
    overview,
    snapshot_figures,
    take_snapshot,
)
from isoxa_grading.reports.call_rows import ListKind
from sqlalchemy import select

START = date(2026, 3, 2)
DAYS = 40
DONE = (State.COMPLETED, State.COMPLETED_LATE)
MANIFEST = {
    "validity_months": 1,
    "lessons": [{"id": "01", "items": ["a", "b"]}],
    "quizzes": [{"id": "q1", "title": "Bài kiểm tra 1"}],
}


def noon(world: Any, days: int) -> Any:
    return world.edition.published_at + timedelta(days=days)


def live(world: Any, chance: random.Random) -> None:
    """A small country's two months."""
    s = world.session
    editions = [world.publish("2026.2", MANIFEST), world.publish("2026.3", MANIFEST, days=12)]
    provinces = [world.province(f"Tỉnh {n}") for n in range(2)]
    communes = [
        world.commune(f"Xã {n}", chance.choice(provinces), latitude=10.0 + n, longitude=106.0)
        if n % 3
        else world.commune(f"Xã {n}", chance.choice(provinces))
        for n in range(7)
    ]
    if chance.random() < 0.5:
        communes[0].valid_to = START + timedelta(days=chance.randrange(DAYS))
    for number in range(26):
        person = world.person(f"Người {number}")
        for _post in range(chance.choice((1, 1, 1, 2, 3))):
            begin = START + timedelta(days=chance.randrange(-9, DAYS // 2))
            end = begin + timedelta(days=chance.randrange(DAYS)) if chance.random() < 0.3 else None
            s.add(
                Membership(
                    person_id=person.id,
                    unit_id=chance.choice(communes[:5] if number < 24 else communes).id,
                    quality_role=chance.choice((None, *QualityRole)),
                    valid_from=begin,
                    valid_to=end,
                )
            )
        s.flush()
        for edition in chance.choice(([], editions[:1], editions[1:], editions)):
            enrolment = Enrolment(
                person=person, edition=edition, enrolled_at=noon(world, 0), due_on=None, source="test"
            )
            act(world, chance, enrolment, number)


def act(world: Any, chance: random.Random, enrolment: Enrolment, number: int) -> None:
    s, day, attempt = world.session, chance.randrange(8), f"{number:031x}{enrolment.edition_id or 0}"
    record_enrolled(s, enrolment, now=noon(world, day))
    about: dict[str, Any] = {"quiz": "q1", "attempt_id": attempt}
    rounds = 0
    for _step in range(chance.randrange(14)):
        day += chance.randrange(4)
        now = noon(world, day)
        match chance.randrange(10):
            case 0:
                record_withdrawn(s, enrolment, reason_audit_id=day, now=now)
            case 1:
                record_enrolled(s, enrolment, now=now)
            case 2:
                due = chance.choice((None, now.date() + timedelta(days=chance.randrange(-5, 20))))
                record_due(s, enrolment, due_on=due, now=now)
            case 3 if chance.random() < 0.3:
                record_waived(s, enrolment, reason_audit_id=day, now=now)
            case 3:
                record_waiver_ended(s, enrolment, reason_audit_id=day, now=now)
            case 4:
                rounds += 1
                record_submitted(s, enrolment, **about, attempt_round=rounds, now=now)
            case 5 if rounds:
                record_graded(s, enrolment, **about, attempt_round=rounds, now=now)
                record_quiz_passed(s, enrolment, **about, now=now)
            case 6 if rounds:
                record_reopened(s, enrolment, **about, attempt_round=rounds, now=now)
            case 7 | 8:
                record_lesson_completed(s, enrolment, lesson="01", now=now)
            case _:
                record_checkpoint_done(s, enrolment, lesson="01", item=chance.choice("abz"), now=now)


class Naive:
    """The figures by plain loops over raw rows, as the words of the report define them."""

    def __init__(self, world: Any, day: date, role: QualityRole | None) -> None:
        s = world.session
        self.units = {unit.id: unit for unit in s.scalars(select(Unit))}
        self.communes = [
            unit
            for unit in self.units.values()
            if unit.kind == "commune"
            and unit.valid_from <= day
            and (unit.valid_to is None or unit.valid_to >= day)
        ]
        inside = {unit.id for unit in self.communes}
        facts: dict[int, list[TrainingFact]] = defaultdict(list)
        for fact in s.scalars(select(TrainingFact)):
            facts[fact.enrolment_id].append(fact)
        enrolments: dict[int, list[Enrolment]] = defaultdict(list)
        for enrolment in s.scalars(select(Enrolment)):
            enrolments[enrolment.person_id].append(enrolment)
        posts: dict[tuple[int, int], Membership] = {}
        for post in s.scalars(select(Membership).order_by(Membership.id)):
            serves = post.valid_from <= day and (post.valid_to is None or post.valid_to >= day)
            if serves and post.unit_id in inside:
                posts[post.person_id, post.unit_id] = post
        self.people: dict[int, dict[str, Any]] = {}
        self.serving: list[tuple[int, int, QualityRole | None]] = []
        for (person, unit), post in posts.items():
            if role is None or post.quality_role == role:
                self.serving.append((person, unit, post.quality_role))
                self.people[person] = self.standing(enrolments[person], facts, day)

    def standing(self, enrolments: list[Enrolment], facts: dict[int, Any], day: date) -> dict[str, Any]:
        newest = sorted(enrolments, key=lambda e: (e.edition.published_at, e.edition_id), reverse=True)
        for enrolment in newest:
            known = [fact for fact in facts[enrolment.id] if fact.on <= day]
            state = state_at(known, day)
            if state != State.NOT_ENROLLED:
                steps = list(Requirements.from_manifest(enrolment.edition.manifest).steps())
                done = {(fact.kind, fact.subject) for fact in known} & set(steps)
                return {
                    "state": state,
                    "overdue": is_overdue(state, due_on(known, day), day),
                    "share": len(done) / len(steps) if state == State.IN_PROGRESS else None,
                    "activity": max((f.on for f in known if f.kind in ACTIVITY), default=None),
                    "completed_on": min((f.on for f in known if f.kind == "completed"), default=None),
                }
        return {
            "state": State.NOT_ENROLLED,
            "overdue": False,
            "share": None,
            "activity": None,
            "completed_on": None,
        }

    def counts(self, people: list[int]) -> dict[str, Any]:
        standing = [self.people[person] for person in people]
        states = [one["state"] for one in standing]
        owing = sum(state not in (State.NOT_ENROLLED, State.WAIVED) for state in states)
        done = sum(state in DONE for state in states)
        return {
            "registered": sum(state != State.NOT_ENROLLED for state in states),
            "not_started": states.count(State.NOT_STARTED),
            "in_progress": states.count(State.IN_PROGRESS),
            "waiting_for_grading": states.count(State.WAITING_FOR_GRADING),
            "completed": done,
            "completed_late": states.count(State.COMPLETED_LATE),
            "expired": states.count(State.EXPIRED),
            "waived": states.count(State.WAIVED),
            "overdue": sum(one["overdue"] for one in standing),
            "not_registered": states.count(State.NOT_ENROLLED),
            "share_completed": done * 1000 // owing / 1000 if owing else None,
        }

    def of(self, units: set[int]) -> list[int]:
        return list({person for person, unit, _role in self.serving if unit in units})

    def about_communes(self, units: set[int]) -> dict[str, int]:
        rows = [self.counts(self.of({unit})) for unit in units]
        return {
            "communes": len(rows),
            "communes_nobody_sent": sum(row["registered"] == 0 for row in rows),
            "communes_one_person_only": sum(row["registered"] == 1 or row["completed"] == 1 for row in rows),
        }


@pytest.mark.parametrize("seed", range(4))
def test_the_countrys_overview_is_what_plain_loops_count(world: Any, seed: int) -> None:
    chance = random.Random(seed)
    live(world, chance)
    assert differing(world.session) == 0
    within = START + timedelta(days=chance.randrange(DAYS))
    check(world, within, None)
    check(world, within, chance.choice(list(QualityRole)))
    check(world, START + timedelta(days=3 * DAYS), None)
    if seed == 0:
        check(world, START - timedelta(days=3), None)


def check(world: Any, day: date, role: QualityRole | None) -> None:
    naive = Naive(world, day, role)
    asked: dict[str, Any] = {
        "course": "iso",
        "scope_paths": [world.country.path],
        "as_of": day,
        "filters": Filters(role=role),
    }
    made = overview(world.session, **asked)
    every = {unit.id for unit in naive.communes}
    expected = naive.counts(naive.of(every)) | naive.about_communes(every)
    assert {name: getattr(made.figures, name) for name in expected} == expected

    inside: dict[int, set[int]] = defaultdict(set)
    for commune in naive.communes:
        inside[commune.parent_id].add(commune.id)
    assert {row.unit_id for row in made.units} == set(inside)
    for row in made.units:
        communes = inside[row.unit_id]
        people = naive.of(communes)
        expected = naive.counts(people) | naive.about_communes(communes)
        assert {name: getattr(row, name) for name in expected} == expected
        activity = [naive.people[one]["activity"] for one in people if naive.people[one]["activity"]]
        assert row.last_activity == max(activity, default=None)
        shares = [naive.people[one]["share"] for one in people if naive.people[one]["share"] is not None]
        assert (row.progress_share is None) == (not shares)
        assert not shares or abs((row.progress_share or 0) - sum(shares) / len(shares)) <= 0.001

    for role_row in made.roles:
        having = [(person, unit) for person, unit, held in naive.serving if held == role_row.role]
        counts = naive.counts(list({person for person, _unit in having}))
        assert role_row.serving == len({person for person, _unit in having})
        assert (role_row.registered, role_row.completed) == (counts["registered"], counts["completed"])
        trained = {unit for person, unit in having if naive.people[person]["state"] in DONE}
        assert role_row.communes_without == (len(every - trained) if role_row.role else None)

    located = [unit for unit in naive.communes if unit.latitude is not None]
    assert {dot.unit_id for dot in made.dots} == {unit.id for unit in located}
    for dot in made.dots:
        counts = naive.counts(naive.of({dot.unit_id}))
        assert (dot.registered, dot.completed, dot.share) == (
            counts["registered"], counts["completed"], counts["share_completed"],
        )  # fmt: skip

    firsts = [
        one["completed_on"]
        for one in naive.people.values()
        if one["completed_on"] and one["state"] != State.NOT_ENROLLED
    ]
    for month in made.months:
        assert month.completed == sum(day.replace(day=1) == month.first_day for day in firsts)
        assert month.completed_until == sum(day.replace(day=1) <= month.first_day for day in firsts)
    assert sum(month.completed for month in made.months) == len(firsts)

    report = completion_report(world.session, **asked)
    assert report.figures == made.figures
    assert len({row.person_id for row in report.officers()}) == made.figures.registered
    late = call_list(world.session, ListKind.OVERDUE, **asked)
    assert len({row.person_id for row in late.rows}) == made.figures.overdue
    waiting = call_list(world.session, ListKind.WAITING_FOR_GRADING, **asked)
    assert len({row.person_id for row in waiting.rows}) == made.figures.waiting_for_grading
    missing = call_list(world.session, ListKind.ROLES_WITHOUT_ANYONE, **asked)
    wanted = [row for row in made.roles if row.role and role in (None, row.role)]
    assert len(missing.rows) == sum(row.communes_without or 0 for row in wanted) == made.roles_missing
    for kind, count in ((ListKind.DUE_SOON, made.due_soon), (ListKind.EXPIRING_SOON, made.expiring_soon)):
        rows = call_list(world.session, kind, **asked).rows
        assert len({row.person_id for row in rows}) == count
        assert all(row.days is None or row.days >= 0 for row in rows if kind is ListKind.DUE_SOON)


@pytest.mark.parametrize("seed", range(2))
def test_a_snapshot_keeps_the_figures_whatever_comes_after(world: Any, seed: int) -> None:
    chance = random.Random(seed)
    live(world, chance)
    day, country = START + timedelta(days=20), [world.country.path]
    before = overview(world.session, course="iso", scope_paths=country, as_of=day)
    kept = take_snapshot(world.session, course="iso", as_of=day, now=noon(world, 30))
    for post in world.session.scalars(select(Membership)):
        post.unit_id = world.session.scalars(select(Unit.id).where(Unit.kind == "commune")).first()
    world.session.flush()
    found = snapshot_figures(world.session, kept, country)
    assert found.figures == before.figures
    assert found.roles == before.roles
    for row in before.units:
        for name, value in vars(found.units[row.unit_id]).items():
            assert getattr(row, name) == value
    province = world.session.get_one(Unit, before.units[0].unit_id)
    alone = snapshot_figures(world.session, kept, [province.path])
    assert alone.figures.registered == before.units[0].registered
    assert set(alone.units) < set(found.units)
