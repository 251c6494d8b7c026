"""The grading desk: one question across all officers, each answer in one trainer's hands at a time.

`piles` counts what waits; `claims` gives a trainer the next answer and keeps it from the others for a while; `marks`
takes the mark; `bank` keeps comments for use again; `support` gives more time or one more attempt, `reopening` the
same attempt back, each with a reason, to whom `lookup` found; `feedback` tells officers; `service` is what the portal
calls. The rows behind all of it are `tables.GradingTask`, which `attempts.tasks` keeps in step with the scores.

    WorkError (attempts.errors)
    ├── NoSuchTask      404  no such answer, out of scope, or one's own
    ├── TaskHeld        409  another trainer has it open
    ├── AlreadyGraded   409  it was graded since this trainer opened it
    ├── BankFull        409  the comment bank's limits
    └── SupportRefused  400  a due day or an attempt that cannot be given, or given back
"""

from .claims import CLAIM, DeskAnswer
from .errors import AlreadyGraded, BankFull, NoSuchTask, SupportRefused, TaskHeld
from .feedback import Feedback, GivenBack
from .lookup import Found, FoundAttempt
from .piles import Pile, WaitingLine
from .reopening import ReopenStanding
from .service import Desk, Trainer
from .support import Support

__all__ = [
    "CLAIM",
    "AlreadyGraded",
    "BankFull",
    "Desk",
    "DeskAnswer",
    "Feedback",
    "Found",
    "FoundAttempt",
    "GivenBack",
    "NoSuchTask",
    "Pile",
    "ReopenStanding",
    "Support",
    "SupportRefused",
    "TaskHeld",
    "Trainer",
    "WaitingLine",
]
