"""The attempt service: what the portal calls, one transaction a call.

Everything an officer is told was saved is committed before they are told. The hook that brings nbgrader's gradebook
up to date runs after the commit, in a thread of its own; if it fails or never runs, the outbox row is still there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from ..database import DatabaseProblem, reading, writing
from ..library import CourseLibrary
from ..tables import Attempt, AttemptStatus
from .after_commit import AfterCommit
from .find import find_attempt, owned_attempt
from .grading import grade
from .present import receipt_of, view_of, views_of
from .saving import save_answer
from .starting import start_attempt
from .submitting import HandedIn, HandIn, submit_attempts
from .together import Together
from .views import AttemptView, Receipt, Saved
from .waiting import WrittenAnswer, answer_to_grade


class AttemptService:
    """Starts, saves, submits, shows and grades attempts. Safe to share between threads.

    ``secret`` makes the draws unguessable; ``on_submit`` is called without arguments after a commit that put
    something into the outbox. All of the calls raise the errors of `.errors` and of `..database`.
    """

    def __init__(
        self,
        engine: Engine,
        courses: CourseLibrary,
        secret: bytes,
        on_submit: Callable[[], object] | None = None,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._secret = secret
        self.after_commit = AfterCommit(on_submit)
        self._hand_ins: Together[HandIn, AttemptView | Receipt] = Together(
            self._hand_in, "isoxa-hand-in", everyones=(DatabaseProblem,)
        )

    def start(self, person_id: int, course: str, quiz_id: str, now: datetime) -> AttemptView:
        """The open attempt if there is one, else a new one. Raises `AttemptRefused`, `NoSuchSlot`."""
        try:
            return self._start(person_id, course, quiz_id, now)
        except IntegrityError:
            # Somebody made the same attempt first; the second look finds it.
            return self._start(person_id, course, quiz_id, now)

    def _start(self, person_id: int, course: str, quiz_id: str, now: datetime) -> AttemptView:
        with writing(self._engine) as session:
            attempt = start_attempt(session, self._courses, self._secret, person_id, course, quiz_id, now)
            return view_of(session, self._courses, attempt, now)

    def view(self, attempt_id: str, person_id: int, now: datetime) -> AttemptView:
        """The attempt for its own officer. Raises `NotYours`."""
        with reading(self._engine) as session:
            return view_of(session, self._courses, owned_attempt(session, attempt_id, person_id), now)

    def save(
        self,
        attempt_id: str,
        person_id: int,
        slot: str,
        raw: Any,
        sequence: int,
        write_key: str,
        now: datetime,
    ) -> Saved:
        """Store an answer; see `.saving`. Raises `NotYours`, `NoSuchSlot`, `BadWrite`, `TooLarge`, `AnswerError`,
        `StaleAnswer`, `AttemptClosed`."""
        with writing(self._engine) as session:
            saved = save_answer(
                session, self._courses, attempt_id, person_id, slot, raw, sequence, write_key, now
            )
        return saved

    def submit(
        self, attempt_id: str, person_id: int, now: datetime, *, seen_round: int | None = None
    ) -> AttemptView:
        """Hand in and score; again, it shows the same result. ``seen_round``: see `.submitting`. Raises `NotYours`."""
        view = self.hand_in(attempt_id, person_id, now, seen_round=seen_round).result()
        assert isinstance(view, AttemptView), "only who asks for it in brief is given a receipt"
        return view

    def hand_in(
        self,
        attempt_id: str,
        person_id: int,
        now: datetime,
        *,
        seen_round: int | None = None,
        brief: bool = False,
    ) -> Future[AttemptView | Receipt]:
        """`submit` for a caller that does not wait in a thread; those that come at the same time are one transaction.

        Each future has its result once that is committed. ``brief``: a `Receipt` of what is submitted; what is still
        open (another round than the one seen) is shown whole all the same.
        """
        return self._hand_ins.ask(HandIn(attempt_id, person_id, now, seen_round, brief))

    def _hand_in(self, wishes: Sequence[HandIn]) -> list[AttemptView | Receipt | Exception]:
        with writing(self._engine) as session:
            outcomes = submit_attempts(session, self._courses, wishes)
        known = {
            one.attempt.id: one.known
            for one in outcomes
            if isinstance(one, HandedIn) and one.known is not None
        }
        if known:
            self.after_commit.request()
        shown: list[AttemptView | Receipt | Exception] = []
        whole: dict[int, Attempt] = {}
        for place, (wish, one) in enumerate(zip(wishes, outcomes, strict=True)):
            if isinstance(one, Exception):
                shown.append(one)
                continue
            shown.append(receipt_of(one.attempt))
            if not wish.brief or one.attempt.status is AttemptStatus.OPEN:
                whole[place] = one.attempt
        if whole:
            with reading(self._engine) as session:
                views = views_of(session, self._courses, list(whole.values()), wishes[-1].at, known)
            for place, view in zip(whole, views, strict=True):
                shown[place] = view
        return shown

    def grade_slot(
        self,
        attempt_id: str,
        slot: str,
        points: Decimal,
        comment: str,
        grader_account_id: int,
        now: datetime,
        reason: str | None = None,
        *,
        scope_paths: Sequence[str] | None = None,
        rubric: Sequence[str] | None = None,
        seen_round: int | None = None,
    ) -> AttemptView:
        """A trainer's mark; see `.grading`. ``scope_paths``: the trainer's; None skips the check (the CLI's operator).

        ``seen_round``: the round whose answer the trainer read; a mark for another is refused.
        Returns the attempt as its officer sees it. Raises `NotYours`, `NoSuchSlot`, `GradeRefused`.
        """
        with writing(self._engine) as session:
            attempt = grade(
                session,
                self._courses,
                attempt_id,
                slot,
                points,
                comment,
                grader_account_id,
                now,
                reason,
                scope_paths,
                rubric,
                seen_round,
            )
            view = view_of(session, self._courses, attempt, now)
        self.after_commit.request()
        return view

    def to_grade(self, attempt_id: str, slot: str, scope_paths: Sequence[str]) -> WrittenAnswer:
        """One answer for the grading page. Raises `NotYours`, `NoSuchSlot`."""
        with reading(self._engine) as session:
            return answer_to_grade(session, self._courses, attempt_id, slot, scope_paths)

    def owner_of(self, attempt_id: str) -> int:
        """The person whose attempt it is, for pages that a trainer opens. Raises `NotYours`."""
        with reading(self._engine) as session:
            return find_attempt(session, attempt_id).enrolment.person_id

    def close(self) -> None:
        """Finish what was handed in, let the hook finish, and call it no more."""
        self._hand_ins.close()
        self.after_commit.close()
