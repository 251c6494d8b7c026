"""The message of one reminder. Nothing from the records can reach its headers but the address, which is checked.

Header values are made by the standard library's header classes, which refuse line breaks; the name of the person
stands in the body alone.
"""

from __future__ import annotations

from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from isoxa_courses.reminder_letters import LetterFields, ReminderLetter
from isoxa_courses.text import VIETNAM, clean, format_date

from ...records.data_folder import MailSettings
from ...records.tables import ReminderKind
from ..learners import Learner

__all__ = ["fields_of", "letter_of"]


def fields_of(
    kind: ReminderKind, one: Learner, *, course_title: str, day: date, address: str, contact: str, sender: str
) -> LetterFields:
    """What the letter to this person can say. ``address``: of the portal; ``sender``: who signs."""
    due = one.due_on if kind is not ReminderKind.NOT_STARTED else None
    return LetterFields(
        ho_ten=one.full_name,
        don_vi=one.unit,
        khoa_hoc=course_title,
        han=format_date(due) if due else "",
        so_ngay=str(abs((due - day).days)) if due else "",
        dia_chi=address,
        lien_he=contact,
        nguoi_gui=sender,
    )


def letter_of(
    letter: ReminderLetter,
    fields: LetterFields,
    *,
    to: str,
    message_id: str,
    mail: MailSettings,
    now: datetime,
) -> EmailMessage:
    """The message. Raises ``ValueError`` for an address that is none."""
    subject, body = letter.fill(fields)
    message = EmailMessage(policy=SMTP_POLICY)
    message["Subject"] = subject
    if mail.sender:
        message["From"] = Address(clean(mail.sender_name), addr_spec=mail.sender)
    message["To"] = Address(addr_spec=to)
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message["Date"] = format_datetime(now.astimezone(VIETNAM))
    message["Message-ID"] = message_id
    # Replies of machines ("I am on holiday") are not for letters that a machine sent.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="base64")
    return message
