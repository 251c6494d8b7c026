"""From the outbox to a mail server, or to files where none is set.

``letter`` makes the message · ``server`` speaks SMTP and tells what an answer means · ``files`` writes letters ·
``outbox`` (with ``rows``) takes letters one by one, so that whatever breaks, none is lost and none goes out twice.
"""

from .letter import letter_of
from .outbox import Delivery, Outbox
from .rows import send_again
from .server import LetterRefused, MailServer, MailServerDown, TryLater, Uncertain

__all__ = [
    "Delivery",
    "LetterRefused",
    "MailServer",
    "MailServerDown",
    "Outbox",
    "TryLater",
    "Uncertain",
    "letter_of",
    "send_again",
]
