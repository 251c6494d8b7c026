"""Grading that a trainer asked for by a button: one run at a time, gone on with after a restart.

A press is a row (``GradingRun``); the portal's worker carries it out (`carry_out`), counting in the row as it goes. The
row's ``unfinished`` is unique, so the database itself refuses a second one; a lock on a file in the data folder says
which process has it in hand, and is free again whenever that process is gone.
"""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from ..records.attempts.errors import WorkError
from ..records.audit import audit
from ..records.data_folder import DataFolder
from ..records.database import DatabaseProblem, reading, writing
from ..records.tables import GradingRun
from .grading import grade_new, new_work

if TYPE_CHECKING:
    from ..nbgrader_bridge.sandbox import Outcome

__all__ = ["Run", "RunUnderWay", "ask_for_run", "carry_out", "last_run", "run_under_way", "why_no_run"]

log = logging.getLogger("isoxa.handins")

_BROKE = (
    "Lượt chấm dừng giữa chừng vì lỗi của máy chủ; những bài đã chấm giữ nguyên điểm. Hãy bấm chấm lại; nếu vẫn lỗi, "
    "xin báo quản trị viên."
)


class RunUnderWay(WorkError):
    """There is a run already; nothing was begun."""

    code = "run_under_way"

    def __init__(self) -> None:
        super().__init__(
            "Đang có một lượt chấm nên chưa bắt đầu lượt mới. Chờ lượt này xong rồi bấm lại nếu còn bài mới."
        )


@dataclass(frozen=True)
class Run:
    """A run as pages show it. ``total`` None: not counted yet; ``graded``: of ``done``, those with marks."""

    by_account_id: int
    by: str
    asked_at: datetime
    total: int | None
    done: int
    graded: int
    ended_at: datetime | None
    problem: str


def why_no_run(data: DataFolder) -> str:
    """Why nothing can be run on this machine (Vietnamese); "" if it can. Blocks: a cage is tried once a process."""
    from ..nbgrader_bridge.sandbox import AssignmentRefused, choose_cage
    from ..nbgrader_bridge.sandbox.cages import available

    try:
        choose_cage(data)
    except AssignmentRefused as refusal:
        # Once bubblewrap is installed, no restart is needed.
        available.cache_clear()
        return str(refusal)
    return ""


def ask_for_run(engine: Engine, account_id: int, scope_paths: Sequence[str], now: datetime) -> int:
    """Put down that new work of officers in these units is to be run; the run's id. Raises ``RunUnderWay``."""
    try:
        with writing(engine) as session:
            if session.scalar(select(GradingRun.id).where(GradingRun.unfinished.is_not(None))) is not None:
                raise RunUnderWay
            run = GradingRun(
                asked_by_account_id=account_id, asked_at=now, scope=list(scope_paths), unfinished=1
            )
            session.add(run)
            session.flush()
            audit(session, account_id, "assignment.run_asked", "grading_run", run.id, None, {}, now)
            return run.id
    except IntegrityError as error:
        # Asked for in the same moment on another replica.
        raise RunUnderWay from error


def run_under_way(session: Session) -> Run | None:
    """The run that has not ended."""
    return _shown(session, GradingRun.unfinished.is_not(None))


def last_run(session: Session, account_id: int) -> Run | None:
    """The newest run that ended of those this account asked for."""
    return _shown(session, GradingRun.unfinished.is_(None), GradingRun.asked_by_account_id == account_id)


def _shown(session: Session, *of: Any) -> Run | None:
    query = select(GradingRun).where(*of).order_by(GradingRun.id.desc()).limit(1)
    row = session.scalar(query.options(joinedload(GradingRun.asked_by)))
    if row is None:
        return None
    return Run(
        row.asked_by_account_id,
        row.asked_by.display_name,
        row.asked_at,
        row.total,
        row.done,
        row.graded,
        row.ended_at,
        row.problem or "",
    )


def carry_out(
    data: DataFolder,
    engine: Engine,
    *,
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Do the run that was asked for; whether there was one to do. Blocks.

    Once ``stop`` says so it is left as it is, for the next process; so it is when the database cannot be reached
    (``DatabaseProblem`` is raised). Whatever else is raised ends it, with the reason in the row and in the log.
    """
    with _in_hand(data) as mine:
        row = _unfinished(engine) if mine else None
        if row is None:
            return False
        try:
            problem = _carry_out(data, engine, row, now, stop)
        except DatabaseProblem:
            raise
        except Exception:
            log.exception("run %s of hand-written assignments broke off", row.id)
            problem = _BROKE
        if not stop():
            _note(engine, row.id, unfinished=None, ended_at=now(), problem=problem or None)
    return True


def _unfinished(engine: Engine) -> GradingRun | None:
    with reading(engine) as session:
        return session.scalar(select(GradingRun).where(GradingRun.unfinished.is_not(None)))


def _carry_out(
    data: DataFolder,
    engine: Engine,
    row: GradingRun,
    now: Callable[[], datetime],
    stop: Callable[[], bool],
) -> str:
    work = new_work(data, engine, row.scope)
    done, graded = row.done, row.graded
    _note(engine, row.id, total=done + sum(len(one.students) for one in work))

    def count(outcome: Outcome) -> None:
        nonlocal done, graded
        done, graded = done + 1, graded + outcome.graded
        _note(engine, row.id, done=done, graded=graded)

    told = grade_new(data, engine, work, actor=row.asked_by_account_id, now=now, stop=stop, progress=count)
    return "\n".join(told.refused)


def _note(engine: Engine, run_id: int, **values: Any) -> None:
    with writing(engine) as session:
        session.execute(update(GradingRun).where(GradingRun.id == run_id).values(**values))


@contextmanager
def _in_hand(data: DataFolder) -> Iterator[bool]:
    """Whether this process may carry runs out now: no other is at it."""
    with (data.path / "grading-run.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
