"""What waits, and who gets which answer: two trainers on one pile never hold the same one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from isoxa_grading.records.desk import CLAIM, AlreadyGraded, NoSuchTask, TaskHeld
from isoxa_grading.records.desk.marks import Mark

MARK = Mark(points=Decimal("3.5"), comment="Được.", rubric=("r2",), revision=0)


def test_piles_are_counted_within_the_scope_without_ones_own(world, other_commune):
    assert world.desk.piles(world.an, world.school.now) == []
    for _ in range(3):
        world.submitted()
    world.submitted(unit=other_commune)
    mine = world.school.officer()
    world.school.do_lesson(mine)
    world.submitted(person=mine)
    (pile,) = world.desk.piles(world.an, world.school.now)
    assert (pile.course, pile.quiz, pile.slot, pile.number, pile.waiting, pile.held) == (
        "khoa-thu",
        "01-mo-dau",
        "s3",
        3,
        4,
        0,
    )
    assert pile.outcome == "Viết biện pháp"
    (own_left_out,) = world.desk.piles(replace(world.an, person_id=mine), world.school.now)
    assert own_left_out.waiting == 3
    world.next(world.binh)
    (pile,) = world.desk.piles(world.an, world.school.now)
    assert (pile.waiting, pile.held) == (4, 1)
    assert world.desk.piles(replace(world.an, scope_paths=()), world.school.now) == []
    lines = world.desk.waiting(world.an, world.school.now, 0, 10)
    assert [line.held for line in lines] == [True, False, False, False]
    assert world.desk.waiting(world.an, world.school.now, 3, 10) == lines[3:]


def test_an_unanswered_question_waits_for_nobody(world):
    school = world.school
    person = school.officer()
    school.do_lesson(person)
    view = school.start(person, "01-mo-dau")
    school.submit(view.id, person)
    assert world.desk.piles(world.an, school.now) == []


def test_the_oldest_first_and_each_to_one_trainer(world):
    attempts = [world.submitted() for _ in range(4)]
    first, second = world.next(world.an), world.next(world.binh)
    assert [first.attempt_id, second.attempt_id] == attempts[:2]
    # Asked again, it is still one's own; behind it comes the next that is free.
    assert world.next(world.an).task == first.task
    third = world.next(world.an, after=first.task)
    assert third.attempt_id == attempts[2]
    assert world.next(world.binh, after=second.task).attempt_id == attempts[3]
    assert world.next(world.an, after=third.task) is None
    assert world.desk.count(world.an, "khoa-thu", "01-mo-dau", "s3") == 4


def test_many_threads_never_share_an_answer(world):
    wanted = {world.submitted(minutes=0) for _ in range(6)}

    def take(trainer):
        found, after = [], None
        while (one := world.next(trainer, after=after)) is not None:
            found.append(one.attempt_id)
            after = one.task
        return found

    with ThreadPoolExecutor(2) as pool:
        mine, yours = pool.map(take, (world.an, world.binh))
    assert not set(mine) & set(yours)
    assert set(mine) | set(yours) <= wanted
    assert len(mine) == len(set(mine))


def test_a_claim_runs_out_and_is_taken_over(world):
    attempt = world.submitted()
    held = world.next(world.an)
    assert world.next(world.binh) is None
    with pytest.raises(TaskHeld):
        world.desk.renew(world.binh, held.task, world.school.now)
    with pytest.raises(TaskHeld):
        world.desk.give(world.binh, held.task, MARK, world.school.now)
    world.school.now += CLAIM - timedelta(seconds=1)
    until = world.desk.renew(world.an, held.task, world.school.now)
    assert until == world.school.now + CLAIM
    world.school.now += CLAIM - timedelta(seconds=1)
    assert world.next(world.binh) is None
    world.school.now += timedelta(seconds=2)
    assert world.next(world.binh).attempt_id == attempt
    with pytest.raises(TaskHeld, match="Giảng viên khác"):
        world.desk.give(world.an, held.task, MARK, world.school.now)


def test_what_is_given_back_is_free_but_only_by_its_holder(world):
    world.submitted()
    held = world.next(world.an)
    world.desk.release(world.binh, held.task)
    assert world.next(world.binh) is None
    world.desk.release(world.an, held.task)
    assert world.next(world.binh).task == held.task


def test_out_of_scope_ones_own_and_made_up_are_not_there(world, other_commune):
    world.submitted()
    held = world.next(world.an)
    elsewhere = replace(world.binh, scope_paths=(other_commune.path,))
    itself = replace(world.binh, person_id=_person(world, held.attempt_id))
    for trainer, task in ((elsewhere, held.task), (itself, held.task), (world.an, "0" * 32)):
        with pytest.raises(NoSuchTask):
            world.desk.open(trainer, task)
        with pytest.raises(NoSuchTask):
            world.desk.renew(trainer, task, world.school.now)
        with pytest.raises(NoSuchTask):
            world.desk.release(trainer, task)
        with pytest.raises(NoSuchTask):
            world.desk.give(trainer, task, MARK, world.school.now)
    world.desk.release(world.an, held.task)
    assert world.next(elsewhere) is None
    assert world.next(itself) is None


def test_without_names_nothing_tells_whose_it_is(world):
    attempt = world.submitted(text="Bài của tôi, đủ năm từ.")
    shown = world.next(world.an, anonymous=True)
    assert (shown.officer, shown.unit, shown.attempt_id) == (None, None, None)
    assert attempt not in repr(shown)
    assert "Nguyễn Thị Thử" not in repr(shown)
    assert shown.answer == "Bài của tôi, đủ năm từ."
    assert shown.words == 6
    named = world.desk.open(world.an, shown.task)
    assert (named.officer, named.unit, named.attempt_id) == ("Nguyễn Thị Thử", "Xã Thử", attempt)
    assert sum(line.points for line in named.rubric) == named.max_points == 5


def test_a_mark_with_its_rubric_and_the_same_again(world):
    attempt = world.submitted()
    held = world.next(world.an)
    assert world.desk.give(world.an, held.task, MARK, world.school.now) == 1
    # The answer was lost on the way, and the browser sends again.
    assert world.desk.give(world.an, held.task, MARK, world.school.now) == 1
    assert world.desk.piles(world.an, world.school.now) == []
    again = world.desk.open(world.an, held.task)
    assert (again.revision, again.points, again.comment, again.met) == (1, Decimal("3.5"), "Được.", ("r2",))
    person = _person(world, attempt)
    result = next(one for one in world.school.view(attempt, person).slots if one.slot == "s3").result
    assert [(line.points, line.met) for line in result.rubric] == [(2, False), (3, True)]


def test_graded_meanwhile_is_said_and_nothing_is_overwritten(world):
    world.submitted()
    held = world.next(world.an)
    world.school.now += CLAIM + timedelta(seconds=1)
    taken = world.next(world.binh)
    world.desk.give(world.binh, taken.task, MARK, world.school.now)
    other = replace(MARK, points=Decimal(1))
    with pytest.raises(AlreadyGraded, match="3,5 điểm"):
        world.desk.give(world.an, held.task, other, world.school.now)
    regrade = replace(other, revision=1, reason="Sót một ý")
    assert world.desk.give(world.an, held.task, regrade, world.school.now) == 2
    assert world.desk.open(world.an, held.task).points == 1


def _person(world, attempt_id: str) -> int:
    return world.school.service.owner_of(attempt_id)
