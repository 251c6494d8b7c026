"""Whom to remind, and letters on their way: to a real mail server that takes, refuses, stalls, hangs up or is away."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.reminder_letters import LetterFields, load_reminder
from isoxa_grading.enrolment import Selection, draft
from isoxa_grading.enrolment.mail import Delivery, Outbox, letter_of, send_again
from isoxa_grading.enrolment.reminding import queue_reminders, reminder_lists
from isoxa_grading.records.data_folder import DataFolder, MailSettings, Settings
from isoxa_grading.records.database import reading, writing
from isoxa_grading.records.erasing import erase_person
from isoxa_grading.records.library import CourseLibrary
from isoxa_grading.records.tables import (
    AuditEvent,
    BatchKind,
    CourseEdition,
    Person,
    Reminder,
    ReminderKind,
    ReminderStatus,
    Unit,
)
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.grading.conftest import Databases

from .conftest import NOW, TODAY, World

HOSTILE = 'Nguyễn "An" <x@y.vn>\r\nBcc: tat-ca@lamdong.gov.vn\r\n\r\n=HYPERLINK("http://x")'


@dataclass
class Postbox:
    """What a server does with letters: recipients it refuses, and whether it answers after the text."""

    refuse: dict[str, str] = field(default_factory=dict)
    hang_up_after_text: bool = False
    stall_after_text: bool = False
    received: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str | None, list[str]]] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, _session: SmtpSession, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: SmtpSession, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=modern)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        if self.hang_up_after_text:
            assert server.transport is not None
            server.transport.abort()
        if self.stall_after_text:
            await asyncio.sleep(3)
        return "250 Taken"


@dataclass
class Office:
    """A data folder with a database, and a mail server beside it."""

    data: DataFolder
    engine: Engine
    people: dict[str, int] = field(default_factory=dict)
    now: datetime = NOW
    stop_after: int | None = None
    pauses: list[float] = field(default_factory=list)

    def write_settings(self, **mail: Any) -> None:
        lines = "".join(
            f"{name} = {value}\n" if isinstance(value, int) else f'{name} = "{value}"\n'
            for name, value in mail.items()
        )
        self.data.settings_file.write_text(
            f'database_url = "{self.engine.url}"\n'
            'public_address = "https://iso.lamdong.example/"\nhelp_contact = "Phòng QLĐL, ĐT 0263 000"\n'
            f"[mail]\n{lines}",
            "utf-8",
        )

    def queue(self, kind: ReminderKind = ReminderKind.OVERDUE) -> dict[str, Any]:
        with writing(self.engine) as session:
            edition = session.scalars(select(CourseEdition)).one()
            country = session.scalars(select(Unit).where(Unit.path == "/1/")).one()
            batch = draft(session, BatchKind.REMIND, edition, Selection(), actor=None, now=self.now)
            queue_reminders(
                session, batch, kind, scope_paths=[country.path], unit_id=country.id, domain="iso.example",
                now=self.now,
            )  # fmt: skip
            return batch.counts

    def deliver(self) -> Delivery:
        return Outbox(self.data, self.engine, clock=lambda: self.now, pause=self._pause).deliver()

    def _pause(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        return len(self.pauses) == self.stop_after

    def letters(self) -> dict[str, Reminder]:
        with reading(self.engine) as session:
            return {one.enrolment.person.full_name: one for one in session.scalars(select(Reminder))}

    def statuses(self) -> dict[str, str]:
        return {name: one.status.value for name, one in self.letters().items()}

    def change(self, name: str, **values: Any) -> None:
        with writing(self.engine) as session:
            person = session.get_one(Person, self.people[name])
            for key, value in values.items():
                setattr(person, key, value)


@pytest.fixture
def office(tmp_path: Path, databases: Databases, make_world: Callable[[Session], World]) -> Iterator[Office]:
    data = DataFolder(tmp_path / "data")
    data.create(Settings(database_url=databases.fresh("sqlite", "schema")))
    engine = data.engine()
    made = Office(data, engine)
    with writing(engine) as session:
        world = make_world(session)
        late = {"enrolled": True, "due": TODAY - timedelta(days=3)}
        for name, email in (("Lê An", "an@x.vn"), ("Lê Bình", "binh@x.vn"), ("Lê Chi", "chi@x.vn")):
            made.people[name] = world.person(name, email=email, **late).id
        made.people["Lê Dũng"] = world.person("Lê Dũng", phone="0912345678", **late).id
    yield made
    engine.dispose()


@pytest.fixture
def serve(office: Office) -> Iterator[Callable[..., Postbox]]:
    """Start a mail server and set it in the office's settings."""
    running: list[Controller] = []

    def start(box: Postbox | None = None, **mail: Any) -> Postbox:
        box = box or Postbox()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(box, hostname="127.0.0.1", port=port)
        controller.start()
        running.append(controller)
        settings = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "nhac@lamdong.vn"}
        office.write_settings(**{**settings, "per_minute": 600, "timeout_seconds": 1, **mail})
        return box

    yield start
    for controller in running:
        controller.stop(no_assert=True)


# -- whom --------------------------------------------------------------------------------------------------------------


def test_the_three_lists_name_everybody_once(world: World) -> None:
    world.person("Lê Quá Hạn", enrolled=True, due=TODAY - timedelta(days=1), email="a@x.vn")
    world.person("Lê Hôm Nay", enrolled=True, due=TODAY, email="a@x.vn")
    world.person("Lê Sắp", enrolled=True, due=TODAY + timedelta(days=14))
    world.person("Lê Xa", enrolled=True, due=TODAY + timedelta(days=15), email="xau xi@")
    world.person("Lê Không Hạn", enrolled=True, account=False, email="k@x.vn")
    world.person("Lê Ngoài")
    world.do(
        BatchKind.WAIVE, world.person("Lê Miễn", enrolled=True, due=TODAY - timedelta(9)), reason="Đã học"
    )
    world.do(BatchKind.WITHDRAW, world.person("Lê Thôi", enrolled=True), reason="Nghỉ hưu")
    lists = reminder_lists(
        world.session, Selection(), course="iso", scope_paths=[world.lam_dong.path], day=TODAY
    )
    found = {kind.value: {one.learner.full_name: one.call for one in rows} for kind, rows in lists.items()}
    assert found == {
        "overdue": {"Lê Quá Hạn": ""},
        "due_soon": {"Lê Hôm Nay": "", "Lê Sắp": "Chưa có thư điện tử"},
        "not_started": {
            "Lê Xa": "Thư điện tử ghi không đúng",
            "Lê Không Hạn": "Chưa có tài khoản để đăng nhập",
        },
    }
    elsewhere = reminder_lists(
        world.session,
        Selection(units=(world.lam_dong.id,)),
        course="iso",
        scope_paths=[world.gia_lai.path],
        day=TODAY,
    )
    assert not any(elsewhere.values())


# -- what the letter says ----------------------------------------------------------------------------------------------

texts = st.text(max_size=300)


@settings(deadline=None, max_examples=60)
@given(name=texts, unit=texts, sender=texts)
def test_nothing_of_the_records_reaches_a_header(name: str, unit: str, sender: str) -> None:
    fields = LetterFields(name, unit, "Khóa\r\nBcc: x@y.vn", "1/1/2026", "3", nguoi_gui=sender)
    mail = MailSettings(host="h", sender="nhac@x.vn", sender_name='Sở "KH&CN", Lâm Đồng')
    letter = load_reminder(Path("/khong-co"), "overdue")
    message = letter_of(letter, fields, to="an@x.vn", message_id="<1@x>", mail=mail, now=NOW)
    read = message_from_bytes(message.as_bytes(), policy=modern)
    assert [header.lower() for header in read] == [
        "subject", "from", "to", "date", "message-id", "auto-submitted", "content-type",
        "content-transfer-encoding", "mime-version",
    ]  # fmt: skip
    assert read["To"].addresses[0].addr_spec == "an@x.vn"
    assert len(read["To"].addresses) == len(read["From"].addresses) == 1
    assert "\n" not in read["Subject"]


def test_an_address_that_is_none_makes_no_letter() -> None:
    letter, mail = load_reminder(Path("/khong-co"), "not_started"), MailSettings(host="h", sender="a@x.vn")
    for address in ("an@x.vn\r\nBcc: b@x.vn", "an@x.vn, b@x.vn", "an", "", "ân@x.vn"):
        with pytest.raises((ValueError, IndexError)):
            letter_of(letter, LetterFields("A", "B", "C"), to=address, message_id="<1@x>", mail=mail, now=NOW)


# -- sending -----------------------------------------------------------------------------------------------------------


def test_letters_go_out_once_and_say_what_they_should(office: Office, serve: Callable[..., Postbox]) -> None:
    office.change("Lê An", full_name=HOSTILE)
    box = serve()
    assert office.queue() == {"kind": "overdue", "total": 4, "queued": 3, "today": 0, "to_call": 1}
    assert office.deliver().counts["sent"] == 3
    assert office.deliver().counts["sent"] == 0, "nobody is written to twice"
    assert office.queue()["queued"] == 0, "one letter a day of a kind"
    assert sorted(to for _from, [to] in box.envelopes) == ["an@x.vn", "binh@x.vn", "chi@x.vn"]
    assert {sender for sender, _to in box.envelopes} == {"nhac@lamdong.vn"}
    letter = next(one for one in box.received if one["To"] == "binh@x.vn")
    assert letter["Subject"] == "Đã quá hạn học: ISO cho cấp xã"
    assert letter["Message-ID"].startswith("<isoxa.overdue.")
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_content()
    assert "Kính gửi anh/chị Lê Bình (Xã Suối Lành)," in body
    assert "là ngày 19/11/2026, đến nay đã quá 3 ngày." in body
    assert "Địa chỉ học: https://iso.lamdong.example/" in body
    hostile = next(one for one in box.received if one["To"] == "an@x.vn")
    assert hostile["Bcc"] is None
    assert 'Nguyễn "An" <x@y.vn> Bcc: tat-ca@lamdong.gov.vn' in hostile.get_content()
    assert office.pauses == [0.1, 0.1], "so many a minute, and no wait after the last"
    with reading(office.engine) as session:
        (first, _second) = session.scalars(select(AuditEvent).where(AuditEvent.action == "reminder.queued"))
        assert (first.detail["queued"], first.detail["to_call"]) == (3, 1)


def test_a_stop_in_between_leaves_the_rest_for_the_next_run(
    office: Office, serve: Callable[..., Postbox]
) -> None:
    box = serve()
    office.queue()
    office.stop_after = 1
    office.deliver()
    assert sorted(office.statuses().values()) == ["sent", "waiting", "waiting"]
    office.stop_after = None
    office.deliver()
    assert len(box.received) == 3


def test_a_refused_recipient_spoils_no_other_letter(office: Office, serve: Callable[..., Postbox]) -> None:
    box = serve(Postbox(refuse={"an@x.vn": "550 No such user", "chi@x.vn": "451 Greylisted"}))
    office.queue()
    made = office.deliver()
    assert (made.counts["refused"], made.counts["sent"], made.counts["put_off"]) == (1, 1, 1)
    letters = office.letters()
    assert "550 No such user" in (letters["Lê An"].error or "")
    assert letters["Lê Chi"].next_try_at == NOW + timedelta(minutes=1)
    assert office.deliver().counts["put_off"] == 0, "not before its time"
    box.refuse.clear()
    office.now += timedelta(minutes=2)
    office.deliver()
    assert office.statuses() == {"Lê An": "refused", "Lê Bình": "sent", "Lê Chi": "sent"}


def test_a_server_that_is_down_loses_nothing(office: Office, serve: Callable[..., Postbox]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        office.write_settings(
            host="127.0.0.1",
            port=closed.getsockname()[1],
            security="none",
            sender="n@x.vn",
            timeout_seconds=1,
        )
        office.queue()
        waits = []
        for _ in range(6):
            made = office.deliver()
            assert "không mở cổng" in made.server_down
            later = office.letters()["Lê An"].next_try_at
            waits.append((later - office.now).total_seconds() / 60)
            office.now = later
    assert waits == [1, 5, 15, 30, 60, 60]
    box = serve()
    office.deliver()
    assert len(box.received) == 3
    assert set(office.statuses().values()) == {"sent"}


@pytest.mark.parametrize("trouble", ["hang_up_after_text", "stall_after_text"])
def test_a_letter_that_may_have_gone_is_not_sent_again_unasked(
    office: Office, serve: Callable[..., Postbox], trouble: str
) -> None:
    box = serve(Postbox(**{trouble: True}))
    office.queue()
    assert office.deliver().counts["uncertain"] == 1
    assert sorted(office.statuses().values()) == ["uncertain", "waiting", "waiting"]
    setattr(box, trouble, False)
    office.now += timedelta(hours=2)
    assert office.deliver().counts["sent"] == 2
    assert len(box.received) == 3
    with writing(office.engine) as session:
        assert send_again(session, [one.id for one in office.letters().values()], office.now) == 1
    office.deliver()
    assert set(office.statuses().values()) == {"sent"}
    assert len({one["Message-ID"] for one in box.received}) == 3, "the same letter has the same id"


def test_a_crash_in_the_middle_is_told(office: Office, serve: Callable[..., Postbox]) -> None:
    box = serve()
    office.queue()
    with writing(office.engine) as session:
        reminder = session.scalars(select(Reminder).order_by(Reminder.id)).first()
        assert reminder is not None
        reminder.status, reminder.claimed_until = ReminderStatus.SENDING, NOW + timedelta(minutes=15)
    assert office.deliver().counts["sent"] == 2, "another run may still be at it"
    office.now += timedelta(minutes=16)
    assert office.deliver().counts["uncertain"] == 1
    assert len(box.received) == 2


def test_two_runs_at_once_send_each_letter_once(office: Office, serve: Callable[..., Postbox]) -> None:
    box = serve()
    office.queue()
    runs = [threading.Thread(target=office.deliver) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(30)
    assert len(box.received) == 3


def test_who_needs_no_reminder_any_more_gets_none(office: Office, serve: Callable[..., Postbox]) -> None:
    box = serve(Postbox(refuse={f"{name}@x.vn": "451 Later" for name in ("an", "binh", "chi")}))
    office.queue()
    office.deliver()
    box.refuse.clear()
    with writing(office.engine) as session:
        world = session.scalars(select(Unit).where(Unit.path == "/1/")).one()
        edition = session.scalars(select(CourseEdition)).one()
        from isoxa_grading.enrolment import confirm

        selection = Selection(people=(office.people["Lê An"],))
        batch = draft(session, BatchKind.WITHDRAW, edition, selection, reason="Nghỉ hưu", actor=None, now=NOW)
        confirm(session, batch, scope_paths=[world.path], now=NOW)
    office.change("Lê Bình", email=None)
    office.change("Lê Chi", email="moi@x.vn")
    office.now += timedelta(minutes=5)
    office.deliver()
    assert office.statuses() == {"Lê An": "dropped", "Lê Bình": "refused", "Lê Chi": "sent"}
    assert box.envelopes == [("nhac@lamdong.vn", ["moi@x.vn"])], "to the address of today"


def test_what_could_not_go_out_for_a_week_is_given_up(office: Office) -> None:
    office.write_settings(host="127.0.0.1", port=1, security="none", sender="n@x.vn", timeout_seconds=1)
    office.queue()
    office.now += timedelta(days=9)
    office.deliver()
    assert set(office.statuses().values()) == {"dropped"}


def test_where_a_letter_went_is_erased_with_the_person(office: Office, serve: Callable[..., Postbox]) -> None:
    serve()
    office.queue()
    office.deliver()
    assert office.letters()["Lê An"].address == "an@x.vn"
    with writing(office.engine) as session:
        person = session.get_one(Person, office.people["Lê An"])
        erase_person(session, CourseLibrary(office.data), person, actor=None, now=NOW)
    assert {one.address for one in office.letters().values()} == {None, "binh@x.vn", "chi@x.vn"}


def test_without_a_mail_server_letters_are_files(office: Office) -> None:
    office.queue()
    assert office.deliver().counts["written"] == 3
    files = sorted((office.data.exports / "mail" / "2026-11-22").iterdir())
    assert [file.suffix for file in files] == [".eml"] * 3
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    read = message_from_bytes(files[0].read_bytes(), policy=modern)
    assert isinstance(read, EmailMessage)
    assert read["To"] == "an@x.vn"
    assert "Kính gửi anh/chị Lê An" in read.get_content()


def test_a_password_is_asked_from_its_file_and_never_sent_in_the_clear(office: Office) -> None:
    office.write_settings(host="127.0.0.1", port=1, security="starttls", user="u", sender="n@x.vn")
    office.queue()
    assert "secrets/mail-password" in office.deliver().server_down
    (office.data.path / "secrets" / "mail-password").write_text("mật khẩu\n", "utf-8")
    office.now += timedelta(hours=1)
    assert "không mở cổng" in office.deliver().server_down
    with pytest.raises(ValueError, match="không mã hóa"):
        MailSettings(host="h", sender="a@x.vn", security="none", user="u")


def test_starttls_is_not_given_up_where_the_server_has_none(
    office: Office, serve: Callable[..., Postbox]
) -> None:
    box = serve(security="starttls")
    office.queue()
    assert "không có cách mã hóa" in office.deliver().server_down
    assert box.received == []
