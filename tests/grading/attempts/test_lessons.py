"""Lesson work: kept, judged by the server, never taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from isoxa_grading.records.attempts import BadWrite, NoSuchSlot, NotEnrolled, StaleAnswer, TooLarge
from isoxa_grading.records.tables import FactKind, LessonWork, TrainingFact
from sqlalchemy import select

COURSE, LESSON = "khoa-thu", "01-mo-dau"
RIGHT = {"cp-mot": {"answer": "b"}, "cp-hai": {"answer": ["p", "d", "c"]}}


@pytest.fixture
def person(school):
    return school.officer()


@pytest.fixture
def save(school, person):
    def act(item, state, seq, key=None, *, lesson=LESSON, who=person):
        key = key or f"key-{item}-{seq}"
        return school.lessons.save(who, COURSE, lesson, item, state, seq, key, school.now)

    return act


def facts(school):
    rows = school.rows(select(TrainingFact).order_by(TrainingFact.id))
    return [(row.kind, row.subject) for row in rows if row.kind is not FactKind.ENROLLED]


def test_saved_judged_and_there_again(school, person, save):
    wrong = save("cp-mot", {"answer": "a"}, 1)
    assert (wrong.done, wrong.lesson_done, wrong.lesson_total, wrong.lesson_complete) == (False, 0, 2, False)
    assert facts(school) == [(FactKind.STARTED, "")]
    right = save("cp-mot", RIGHT["cp-mot"], 2)
    assert (right.done, right.lesson_done, right.lesson_complete) == (True, 1, False)
    state = school.lessons.state(person, COURSE, LESSON)
    assert state.items["cp-mot"].state == RIGHT["cp-mot"]
    assert (state.items["cp-mot"].seq, state.items["cp-mot"].done) == (2, True)
    assert (state.done, state.total, state.complete) == (1, 2, False)
    assert right.to_json()["lesson"] == {"done": 1, "total": 2, "complete": False}


def test_the_last_item_completes_the_lesson(school, save):
    save("cp-mot", RIGHT["cp-mot"], 1)
    assert save("cp-hai", RIGHT["cp-hai"], 1).lesson_complete is True
    assert facts(school) == [
        (FactKind.STARTED, ""),
        (FactKind.CHECKPOINT_DONE, f"{LESSON}/cp-mot"),
        (FactKind.CHECKPOINT_DONE, f"{LESSON}/cp-hai"),
        (FactKind.LESSON_COMPLETED, LESSON),
    ]


def test_done_is_never_taken_back(school, person, save):
    save("cp-mot", RIGHT["cp-mot"], 1)
    (first,) = school.rows(select(LessonWork.done_at))
    school.pass_time(days=1)
    assert save("cp-mot", {"answer": "a"}, 2).done is True
    assert save("cp-mot", RIGHT["cp-mot"], 3).lesson_done == 1
    assert school.rows(select(LessonWork.done_at)) == [first]
    assert school.lessons.state(person, COURSE, LESSON).items["cp-mot"].state == RIGHT["cp-mot"]


def test_the_browser_is_not_believed(save):
    assert save("cp-mot", {"answer": "a", "done": True, "correct": True}, 1).done is False


def test_same_key_same_acknowledgement(school, save):
    first = save("cp-mot", RIGHT["cp-mot"], 1, "key")
    assert save("cp-mot", RIGHT["cp-mot"], 1, "key") == first
    assert len(facts(school)) == 2


def test_stale_is_refused_with_the_newer_state(save):
    save("cp-mot", {"answer": "a"}, 3)
    for seq in (3, 2):
        with pytest.raises(StaleAnswer) as caught:
            save("cp-mot", {"answer": "b"}, seq, f"other-tab-{seq}")
        assert caught.value.newer == {"state": {"answer": "a"}, "seq": 3}


HOSTILE = [
    None,
    [],
    5,
    True,
    {},
    {"answer": None},
    {"answer": {"b": 1}},
    {"answer": [["b"]]},
    {"answer": "không có"},
    {"answer": ["b", "b", "b"]},
    {"answer": "\x00"},
    {"answer": 10**30},
    {"__proto__": {"done": True}},
]


def test_a_state_of_any_shape_is_kept_and_is_not_done(school, person, save):
    for seq, state in enumerate(HOSTILE, 1):
        for item in ("cp-mot", "cp-hai"):
            assert save(item, state, seq).done is False
        assert school.lessons.state(person, COURSE, LESSON).items["cp-mot"].state == state


def test_too_large_says_so_and_the_former_stays(school, person, save):
    save("cp-mot", {"answer": "a"}, 1)
    with pytest.raises(TooLarge, match="64 KB"):
        save("cp-mot", {"answer": "ă" * 40_000}, 2)
    assert save("cp-mot", {"answer": "a" * 60_000}, 2).seq == 2


def test_bad_sequence_and_key(school, save):
    for seq in (0, -1, 2**31, True, 1.0, "1", None):
        with pytest.raises(BadWrite):
            save("cp-mot", {}, seq, "key")
    for key in ("x" * 65, "a b", "khóa", 5, "a\n"):
        with pytest.raises(BadWrite):
            save("cp-mot", {}, 1, key)
    assert save("cp-mot", {}, 2**31 - 1, "x" * 64).seq == 2**31 - 1


def test_not_enrolled_no_lesson_no_item(school, save, person):
    stranger = school.officer(enrolled=False)
    with pytest.raises(NotEnrolled):
        save("cp-mot", {}, 1, who=stranger)
    with pytest.raises(NotEnrolled):
        school.lessons.state(stranger, COURSE, LESSON)
    for lesson in ("99", "../../etc/passwd", ""):
        with pytest.raises(NoSuchSlot):
            save("cp-mot", {}, 1, lesson=lesson)
        with pytest.raises(NoSuchSlot):
            school.lessons.state(person, COURSE, lesson)
    with pytest.raises(NoSuchSlot):
        save("cp-ba", {}, 1)
    assert not school.rows(select(LessonWork))


def test_many_at_once_complete_once(school, save):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: save(one[0], one[1], 1), [*RIGHT.items(), *RIGHT.items()]))
    assert facts(school).count((FactKind.LESSON_COMPLETED, LESSON)) == 1
    assert len(school.rows(select(LessonWork))) == 2
