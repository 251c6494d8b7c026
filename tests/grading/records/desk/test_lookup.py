"""Officers' attempts by name: within the scope, without the trainer's own, last attempts only."""

from __future__ import annotations

from dataclasses import replace

from isoxa_grading.records.desk.lookup import MOST_PERSONS
from isoxa_grading.records.tables import AttemptStatus


def test_found_by_words_of_the_name(world, other_commune):
    school = world.school
    person = school.officer("Trần Thị Ngọc Ánh")
    school.submit(school.start(person).id, person)
    second = school.start(person).id
    school.start(school.officer("Trần Thị Ánh Nguyệt", unit=other_commune))
    school.officer("Trần Ánh")  # has not begun
    (found,) = world.desk.find_by_name(world.an, "anh TRẦN").attempts
    assert (found.attempt_id, found.number, found.status) == (second, 2, AttemptStatus.OPEN)
    assert (found.officer, found.unit) == ("Trần Thị Ngọc Ánh", "Xã Thử")
    assert found.quiz_title.startswith("Bài kiểm tra 2")
    for nobody in ("", "  ", "anh tran binh", "%", "_", "x" * 500):
        assert world.desk.find_by_name(world.an, nobody).attempts == ()
    for trainer in (replace(world.an, scope_paths=()), replace(world.an, person_id=person)):
        assert world.desk.find_by_name(trainer, "anh").attempts == ()


def test_a_common_name_is_cut_and_said(world):
    school = world.school
    for _ in range(MOST_PERSONS + 1):
        school.start(school.officer("Nguyễn Văn Hai"))
    found = world.desk.find_by_name(world.an, "hai")
    assert (len(found.attempts), found.more) == (MOST_PERSONS, True)
