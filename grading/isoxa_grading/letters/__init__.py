"""Official letters to communes: text from the course, figures from the list the commune is on, head of the sender.

``sender`` says in whose name · ``official`` fills a letter for one commune and one list.
"""

from .official import NotOnList, ReadyLetter, official_letter
from .sender import Sender, sender_of

__all__ = ["NotOnList", "ReadyLetter", "Sender", "official_letter", "sender_of"]
