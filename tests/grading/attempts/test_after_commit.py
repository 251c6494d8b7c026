"""What happens when the gradebook fails, is slow, or the process dies before it is written."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading

from isoxa_grading.records.attempts import AttemptService
from isoxa_grading.records.attempts.after_commit import AfterCommit
from isoxa_grading.records.tables import Attempt, AttemptStatus, OutboxItem
from sqlalchemy import select


def with_hook(school, hook):
    school.service.close()
    school.service = AttemptService(school.engine, school.library, b"secret", hook)


def test_the_hook_is_asked_for_once_a_submit(school):
    person = school.officer()
    view = school.start(person)
    school.submit(view.id, person)
    assert school.service.after_commit.wait(10)
    school.submit(view.id, person)
    assert school.service.after_commit.wait(10)
    assert school.hook_calls == [1]


def test_a_failing_hook_does_not_break_the_submit(school, caplog):
    def broken():
        raise OSError("gradebook.db is on a disk that is gone")

    with_hook(school, broken)
    person = school.officer()
    view = school.start(person)
    with caplog.at_level(logging.ERROR):
        done = school.submit(view.id, person)
        assert school.service.after_commit.wait(10)
        school.service.close()
    assert done.status is AttemptStatus.GRADED
    (item,) = school.rows(select(OutboxItem))
    assert (item.kind, item.attempt_id, item.done_at) == ("attempt", view.id, None)
    assert "disk that is gone" in caplog.text


def test_a_slow_hook_does_not_hold_the_submit_up(school):
    release = threading.Event()
    with_hook(school, release.wait)
    person = school.officer()
    view = school.start(person)
    assert school.submit(view.id, person).result is not None
    assert not school.service.after_commit.wait(0.01)
    release.set()
    assert school.service.after_commit.wait(10)


def test_requests_during_a_run_share_the_next():
    started, release = threading.Event(), threading.Event()
    runs = []

    def hook():
        runs.append(1)
        started.set()
        release.wait(10)

    after = AfterCommit(hook)
    after.request()
    assert started.wait(10)
    for _ in range(5):
        after.request()
    release.set()
    assert after.wait(10)
    after.close()
    assert len(runs) == 2


CHILD = """
import os, signal, sys
from datetime import datetime
from isoxa_grading.records.attempts import AttemptService, CourseLibrary
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import connect
url, folder, attempt, person, now = sys.argv[1:]
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
service = AttemptService(connect(url), CourseLibrary(DataFolder(folder)), b"", die)
service.submit(attempt, int(person), datetime.fromisoformat(now))
service.after_commit.wait()
"""


def test_killed_between_commit_and_gradebook_leaves_the_outbox_row(school, data):
    person = school.officer()
    view = school.start(person)
    school.answer(view, person, right={"n1", "n2"})
    url = school.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    done = subprocess.run(
        [sys.executable, "-c", CHILD, url, str(data.path), view.id, str(person), school.now.isoformat()],
        env={**os.environ},
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    (attempt,) = school.rows(select(Attempt))
    assert attempt.status is AttemptStatus.GRADED
    assert attempt.passed is True
    (item,) = school.rows(select(OutboxItem))
    assert item.done_at is None
    again = school.submit(view.id, person)
    assert again.result.points == attempt.points
    assert len(school.rows(select(OutboxItem))) == 1
