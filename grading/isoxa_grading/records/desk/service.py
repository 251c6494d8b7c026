"""The desk as the portal calls it: one transaction a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from ..attempts.service import AttemptService
from ..database import reading, writing
from ..library import CourseLibrary
from ..tables import BankComment
from . import bank, claims, feedback, marks, reopening, support
from .claims import DeskAnswer
from .feedback import Feedback, GivenBack
from .lookup import Found, find_by_name
from .marks import Mark
from .piles import Pile, WaitingLine, count_waiting, has_any, piles, waiting_lines
from .support import Support


@dataclass(frozen=True)
class Trainer:
    """Who grades: the account, the person it is (None: nobody's), and the paths of the units they grade for."""

    account_id: int
    person_id: int | None
    scope_paths: tuple[str, ...]


class Desk:
    """Piles, claims, marks, comments, support. Safe to share between threads; raises the errors of `.errors`."""

    def __init__(self, engine: Engine, library: CourseLibrary, attempts: AttemptService) -> None:
        self._engine = engine
        self._library = library
        self._attempts = attempts

    def piles(self, trainer: Trainer, now: datetime) -> list[Pile]:
        """What waits, by question."""
        with reading(self._engine) as session:
            return piles(
                session,
                self._library,
                trainer.scope_paths,
                account_id=trainer.account_id,
                person_id=trainer.person_id,
                now=now,
            )

    def waiting(self, trainer: Trainer, now: datetime, offset: int, limit: int) -> list[WaitingLine]:
        """What waits, answer by answer, oldest first."""
        with reading(self._engine) as session:
            return waiting_lines(
                session,
                self._library,
                trainer.scope_paths,
                account_id=trainer.account_id,
                person_id=trainer.person_id,
                now=now,
                offset=offset,
                limit=limit,
            )

    def count(self, trainer: Trainer, course: str, quiz: str, slot: str) -> int:
        """How many of a pile have no mark."""
        with reading(self._engine) as session:
            return count_waiting(session, course, quiz, slot, trainer.scope_paths, trainer.person_id)

    def known(self, trainer: Trainer, course: str, quiz: str, slot: str) -> bool:
        """Whether the pile ever held an answer within the trainer's scope."""
        with reading(self._engine) as session:
            return has_any(session, course, quiz, slot, trainer.scope_paths)

    def take_next(
        self,
        trainer: Trainer,
        course: str,
        quiz: str,
        slot: str,
        now: datetime,
        *,
        after: str | None = None,
        anonymous: bool = False,
    ) -> DeskAnswer | None:
        """The next free answer of a pile, now this trainer's to grade; None if none is free."""
        with writing(self._engine) as session:
            task = claims.take_next(
                session,
                course,
                quiz,
                slot,
                trainer.scope_paths,
                account_id=trainer.account_id,
                person_id=trainer.person_id,
                after=after,
                now=now,
            )
            if task is None:
                return None
            return claims.answer_of(session, self._library, task, trainer.scope_paths, anonymous=anonymous)

    def open(self, trainer: Trainer, task_id: str, *, anonymous: bool = False) -> DeskAnswer:
        """An answer seen before, to look at or to grade again."""
        with reading(self._engine) as session:
            task = claims.find_task(session, task_id, trainer.scope_paths, person_id=trainer.person_id)
            return claims.answer_of(session, self._library, task, trainer.scope_paths, anonymous=anonymous)

    def renew(self, trainer: Trainer, task_id: str, now: datetime) -> datetime:
        """Hold an answer for longer; until when."""
        with writing(self._engine) as session:
            task = claims.find_task(
                session, task_id, trainer.scope_paths, person_id=trainer.person_id, lock=True
            )
            return claims.renew(session, task, trainer.account_id, now)

    def release(self, trainer: Trainer, task_id: str) -> None:
        """Give an answer back."""
        with writing(self._engine) as session:
            task = claims.find_task(
                session, task_id, trainer.scope_paths, person_id=trainer.person_id, lock=True
            )
            claims.release(task, trainer.account_id)

    def give(self, trainer: Trainer, task_id: str, mark: Mark, now: datetime) -> int:
        """Store a mark; its revision."""
        with writing(self._engine) as session:
            revision = marks.give(
                session,
                self._library,
                task_id,
                mark,
                trainer.scope_paths,
                account_id=trainer.account_id,
                person_id=trainer.person_id,
                now=now,
            )
        self._attempts.after_commit.request()
        return revision

    def comments(self, trainer: Trainer, course: str) -> list[BankComment]:
        """The trainer's kept comments."""
        with reading(self._engine) as session:
            return bank.comments(session, trainer.account_id, course)

    def keep_comment(self, trainer: Trainer, course: str, text: str, now: datetime) -> BankComment:
        """Keep one."""
        with writing(self._engine) as session:
            return bank.keep(session, trainer.account_id, course, text, now)

    def forget_comment(self, trainer: Trainer, course: str, comment_id: int) -> None:
        """Delete one."""
        with writing(self._engine) as session:
            bank.forget(session, trainer.account_id, course, comment_id)

    def support(self, trainer: Trainer, attempt_id: str) -> Support:
        """Where an attempt's officer stands."""
        with reading(self._engine) as session:
            return support.standing(
                session, self._library, attempt_id, trainer.scope_paths, person_id=trainer.person_id
            )

    def find_by_name(self, trainer: Trainer, typed: str) -> Found:
        """Officers' attempts, by name."""
        with reading(self._engine) as session:
            return find_by_name(session, typed, trainer.scope_paths, person_id=trainer.person_id)

    def extend_due(self, trainer: Trainer, attempt_id: str, due_on: date, reason: str, now: datetime) -> None:
        """More time."""
        with writing(self._engine) as session:
            support.extend_due(
                session,
                attempt_id,
                due_on,
                reason,
                trainer.scope_paths,
                account_id=trainer.account_id,
                person_id=trainer.person_id,
                now=now,
            )

    def one_more(self, trainer: Trainer, attempt_id: str, reason: str, now: datetime) -> None:
        """One more attempt."""
        with writing(self._engine) as session:
            support.one_more(
                session,
                attempt_id,
                reason,
                trainer.scope_paths,
                account_id=trainer.account_id,
                person_id=trainer.person_id,
                now=now,
            )

    def reopen(
        self,
        trainer: Trainer,
        attempt_id: str,
        reason: str,
        last_day: date | None,
        seen_round: int,
        now: datetime,
    ) -> None:
        """The attempt is its officer's again."""
        with writing(self._engine) as session:
            reopening.reopen(
                session,
                self._library,
                attempt_id,
                reason,
                last_day,
                seen_round,
                trainer.scope_paths,
                account_id=trainer.account_id,
                person_id=trainer.person_id,
                now=now,
            )
        self._attempts.after_commit.request()

    def given_back(self, person_id: int) -> list[GivenBack]:
        """The officer's attempts that a trainer opened again and that wait to be submitted."""
        with reading(self._engine) as session:
            return feedback.given_back(session, self._library, person_id)

    def unseen_feedback(self, person_id: int) -> list[Feedback]:
        """What an officer has not read yet of trainers' marks."""
        with reading(self._engine) as session:
            return feedback.unseen(session, self._library, person_id)

    def mark_seen(self, attempt_id: str, person_id: int, now: datetime) -> None:
        """The officer looked; writes only when there was something new."""
        with reading(self._engine) as session:
            if not feedback.is_news(session, attempt_id):
                return
        with writing(self._engine) as session:
            feedback.mark_seen(session, attempt_id, person_id, now)
