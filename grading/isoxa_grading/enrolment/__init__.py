"""Who is to learn, until when, who is excused, and who is reminded: acts on many people at once.

One path for the page and the command line::

    lists       a spreadsheet or pasted lines → people of the scope, and the lines that fit nobody
    selection   units, roles or people → who serves there now, within the scope
    learners    those people with their place, account and standing in the course
    planning    kind of act + learners → what becomes of each (the preview)
    batches     a plan written down, confirmed once; ``applying`` writes it with facts and audit rows
    reminding   who is overdue, due soon or has not begun; letters are queued in the outbox
    mail        the outbox → a mail server, or files
"""

from .batches import BatchRefused, confirm, draft, find_batch, plan_of, unit_names
from .learners import Learner, learners
from .planning import Fate, Plan, make_plan
from .selection import NO_ROLE, Selection, serving_select

__all__ = [
    "NO_ROLE",
    "BatchRefused",
    "Fate",
    "Learner",
    "Plan",
    "Selection",
    "confirm",
    "draft",
    "find_batch",
    "learners",
    "make_plan",
    "plan_of",
    "serving_select",
    "unit_names",
]
