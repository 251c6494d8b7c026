"""Item analysis ("Phân tích câu hỏi"): which questions work, which mislead, and what is misunderstood.

``responses`` reads the attempts in a trainer's scope; ``figures``, ``equal``, ``timing`` and ``taken`` compute, each
without knowing of records; ``analysis`` and ``clauses`` put the figures together; ``xlsx`` writes them to a workbook.
"""

from .analysis import EASY, FEWEST, HARD, UNRELIABLE, WEAK, Flag, QuizItems, SlotItems, VariantItems, analyse
from .clauses import ClauseItems, WrongChoice, clauses_of
from .responses import Responses, TakenQuiz, UnknownQuiz, Which, read_responses, taken_quizzes
from .taken import SELDOM, Taken
from .xlsx import write_items_xlsx

__all__ = [
    "EASY",
    "FEWEST",
    "HARD",
    "SELDOM",
    "UNRELIABLE",
    "WEAK",
    "ClauseItems",
    "Flag",
    "QuizItems",
    "Responses",
    "SlotItems",
    "Taken",
    "TakenQuiz",
    "UnknownQuiz",
    "VariantItems",
    "Which",
    "WrongChoice",
    "analyse",
    "clauses_of",
    "read_responses",
    "taken_quizzes",
    "write_items_xlsx",
]
