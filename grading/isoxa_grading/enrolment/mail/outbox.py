"""Takes letters out of the outbox one by one.

A letter is claimed (``sending``) in a transaction of its own before the server sees it and settled in another one after
the server answered. If the machine stops between the two, nobody knows whether it went: at the next run such a letter
becomes ``uncertain`` and is shown to people, who decide. Everything else is tried again: after 1, 5, 15, 30 and then
every 60 minutes; a letter that could not go out for a week is dropped, since what it says is no longer true.

Whether somebody must still be reminded is asked again when their letter is taken: who has finished meanwhile, was
withdrawn or got another due day gets none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from isoxa_courses.errors import ContentError
from isoxa_courses.reminder_letters import load_reminder
from isoxa_courses.text import VIETNAM
from sqlalchemy import CursorResult, Engine, select, update
from sqlalchemy.orm import Session

from ...records.data_folder import DataFolder, DataFolderError
from ...records.database import reading, writing
from ...records.tables import Account, Enrolment, EnrolmentBatch, Reminder, ReminderStatus
from ...records.units import country
from ..learners import Learner, learners
from ..reminding import cannot_write, is_due_reminder
from ..selection import Selection
from .files import write_letter
from .letter import fields_of, letter_of
from .rows import back_off, drop_stale, mark_lost, put_off_all
from .server import LetterRefused, MailServer, MailServerDown, TryLater, Uncertain

__all__ = ["Delivery", "Outbox"]

PASSWORD_FILE = "mail-password"  # noqa: S105  # the name of a file
_CLAIMED = timedelta(minutes=15)


@dataclass
class Delivery:
    """What one run did: letters by status, and why the mail server could not be used, or ""."""

    counts: Counter[str] = field(default_factory=Counter)
    server_down: str = ""


@dataclass(frozen=True)
class _Taken:
    """A letter that was claimed, made and addressed."""

    reminder_id: int
    address: str
    message: EmailMessage


class Outbox:
    """The outbox of one data folder.

    ``pause(seconds)`` waits between two letters and answers True when the run should stop.
    """

    def __init__(
        self,
        data: DataFolder,
        engine: Engine,
        *,
        clock: Callable[[], datetime],
        pause: Callable[[float], bool] = lambda _seconds: False,
    ) -> None:
        self._data, self._engine, self._clock, self._pause = data, engine, clock, pause

    def deliver(self, *, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Delivery:
        """Send (or write) every letter whose time has come. One run at a time is enough; two do no harm."""
        made = Delivery()
        if not self._any():
            return made
        now = self._clock()
        with writing(self._engine) as session:
            made.counts["uncertain"] += mark_lost(session, now)
            made.counts["dropped"] += drop_stale(session, now)
        waiting = self._waiting(now)
        if not waiting:
            return made
        try:
            with self._carrier() as carry:
                self._run(waiting, carry, made, progress)
        except MailServerDown as down:
            made.server_down = str(down)
            with writing(self._engine) as session:
                put_off_all(session, str(down), now, self._clock())
        return made

    def _run(
        self,
        waiting: Sequence[int],
        carry: Callable[[_Taken], ReminderStatus],
        made: Delivery,
        progress: Callable[[int, int], None],
    ) -> None:
        seconds = 60 / self._data.settings.mail.per_minute if self._data.settings.mail.host else 0.0
        for done, reminder_id in enumerate(waiting, 1):
            taken = self._take(reminder_id, made)
            if taken is not None:
                self._hand_over(taken, carry, made)
                if seconds and done < len(waiting) and self._pause(seconds):
                    return
            progress(done, len(waiting))

    def _hand_over(self, taken: _Taken, carry: Callable[[_Taken], ReminderStatus], made: Delivery) -> None:
        now = self._clock()
        try:
            status, why = carry(taken), ""
        except MailServerDown as down:
            self._settle(taken, ReminderStatus.WAITING, str(down), now, retry=True)
            raise
        except TryLater as later:
            made.counts["put_off"] += 1
            self._settle(taken, ReminderStatus.WAITING, str(later), now, retry=True)
            return
        except LetterRefused as refused:
            status, why = ReminderStatus.REFUSED, str(refused)
        except Uncertain as uncertain:
            made.counts["uncertain"] += 1
            self._settle(taken, ReminderStatus.UNCERTAIN, str(uncertain), now)
            raise MailServerDown(str(uncertain)) from uncertain
        made.counts[status.value] += 1
        self._settle(taken, status, why, now)

    @contextmanager
    def _carrier(self) -> Iterator[Callable[[_Taken], ReminderStatus]]:
        """How letters leave: by the mail server, or as files."""
        mail = self._data.settings.mail
        if not mail.host:
            yield self._write
            return
        with MailServer(mail, self._password()) as server:

            def send(taken: _Taken) -> ReminderStatus:
                server.hand_over(taken.message, taken.address)
                return ReminderStatus.SENT

            yield send

    def _write(self, taken: _Taken) -> ReminderStatus:
        day = self._clock().astimezone(VIETNAM).date()
        write_letter(self._data.exports, day, taken.reminder_id, taken.message)
        return ReminderStatus.WRITTEN

    def _password(self) -> str:
        if not self._data.settings.mail.user:
            return ""
        file = self._data.path / "secrets" / PASSWORD_FILE
        try:
            return file.read_text("utf-8").strip("\r\n")
        except FileNotFoundError:
            raise MailServerDown(
                f"Chưa có mật khẩu hộp thư: quản trị viên ghi vào tệp secrets/{PASSWORD_FILE} của thư mục dữ liệu"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise DataFolderError(f"{file}: không đọc được ({error}).") from error

    def _any(self) -> bool:
        """Whether there is anything to look at: a run each minute must not take the database's writing lock."""
        open_ones = (ReminderStatus.WAITING, ReminderStatus.SENDING)
        with reading(self._engine) as session:
            return (
                session.scalar(select(Reminder.id).where(Reminder.status.in_(open_ones)).limit(1)) is not None
            )

    def _waiting(self, now: datetime) -> list[int]:
        with reading(self._engine) as session:
            query = select(Reminder.id).where(
                Reminder.status == ReminderStatus.WAITING, Reminder.next_try_at <= now
            )
            return list(session.scalars(query.order_by(Reminder.id)))

    def _take(self, reminder_id: int, made: Delivery) -> _Taken | None:
        """Claim the letter and make it; None when somebody else has it, or there is no reason to send it."""
        now = self._clock()
        with writing(self._engine) as session:
            claim = update(Reminder).where(
                Reminder.id == reminder_id, Reminder.status == ReminderStatus.WAITING
            )
            done: CursorResult[Any] = session.connection().execute(
                claim.values(status=ReminderStatus.SENDING, claimed_until=now + _CLAIMED)
            )
            if done.rowcount != 1:
                return None
            reminder = session.get_one(Reminder, reminder_id)
            day = now.astimezone(VIETNAM).date()
            one = _learner(session, reminder.enrolment_id, day)
            try:
                return self._made(session, reminder, one, day, now)
            except _NotSent as reason:
                reminder.status, reminder.error = reason.status, str(reason)
                reminder.claimed_until, reminder.finished_at = None, now
                made.counts[reason.status.value] += 1
                return None

    def _made(
        self, session: Session, reminder: Reminder, one: Learner | None, day: date, now: datetime
    ) -> _Taken:
        kind = reminder.kind
        if one is None or one.enrolment_id != reminder.enrolment_id or not is_due_reminder(kind, one, day):
            raise _NotSent(
                ReminderStatus.DROPPED, "Không còn cần nhắc: đã học, đổi hạn, thôi học hoặc chuyển đi."
            )
        if why := cannot_write(one):
            raise _NotSent(ReminderStatus.REFUSED, f"{why}.")
        settings = self._data.settings
        edition = reminder.enrolment.edition
        try:
            letter = load_reminder(self._data.editions(edition.course, edition.edition), kind.value)
        except ContentError as error:
            raise MailServerDown(f"Mẫu thư nhắc hỏng: {error}") from error
        fields = fields_of(
            kind, one, course_title=edition.title, day=day, address=settings.public_address,
            contact=settings.help_contact, sender=_sender(session, reminder, settings.mail.sender_name),
        )  # fmt: skip
        address = one.email or ""
        reminder.address = address
        message = letter_of(
            letter, fields, to=address, message_id=reminder.message_id, mail=settings.mail, now=now
        )
        return _Taken(reminder.id, address, message)

    def _settle(
        self, taken: _Taken, status: ReminderStatus, why: str, now: datetime, *, retry: bool = False
    ) -> None:
        with writing(self._engine) as session:
            reminder = session.get_one(Reminder, taken.reminder_id)
            reminder.status, reminder.error, reminder.claimed_until = status, why or None, None
            if retry:
                reminder.next_try_at = now + back_off(reminder.tries)
                reminder.tries += 1
            else:
                reminder.finished_at = now


class _NotSent(Exception):
    def __init__(self, status: ReminderStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


def _learner(session: Session, enrolment_id: int, day: date) -> Learner | None:
    """The person of an enrolment as they are now."""
    enrolment = session.get_one(Enrolment, enrolment_id)
    found = learners(
        session,
        Selection(people=(enrolment.person_id,)),
        course=enrolment.edition.course,
        scope_paths=[country(session).path],
        day=day,
    )
    return found[0] if found else None


def _sender(session: Session, reminder: Reminder, otherwise: str) -> str:
    """Who asked for the letter: the department's own name."""
    query = select(Account.display_name).join(EnrolmentBatch, EnrolmentBatch.account_id == Account.id)
    return session.scalar(query.where(EnrolmentBatch.id == reminder.batch_id)) or otherwise
