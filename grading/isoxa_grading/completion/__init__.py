"""The one rule that decides completion: records become dated facts, and the state follows from them.

``record`` turns each change into facts, in the transaction of the change. ``state`` says the state on a day
from a list of facts, in Python. ``select`` says the same for all enrolments at once, in SQL; a property
test holds the two together. ``standing`` keeps for each enrolment what all of its facts say, so that a report of
today need not pass over them. Facts are only ever added, so a past day's state can be asked again and comes
out the same.

Only facts with ``on`` <= the day count. The first line that fits decides:

===================  ==================================================================================
state                when, on the day
===================  ==================================================================================
not_enrolled         no more ENROLLED than WITHDRAWN facts (each withdrawal takes one enrolment back)
completed            a COMPLETED fact that is still valid; the first COMPLETED was on or before the due day,
                     or there is no due day
completed_late       the same, but the first COMPLETED was after the due day
waived               a WAIVED fact, newer (by id) than every WAIVER_ENDED
expired              COMPLETED, but the last VALID_UNTIL has passed and nothing was completed since
waiting_for_grading  a SUBMITTED round of an attempt without a GRADED or REOPENED fact of the same round
in_progress          any STARTED, CHECKPOINT_DONE, LESSON_COMPLETED, SUBMITTED, GRADED, REOPENED or QUIZ_PASSED
                     fact
not_started          otherwise
===================  ==================================================================================

The due day is the ``value`` of the newest DUE fact (highest id; ``None`` takes the due day away), so a due
day that is put right later also rights the states of that later day. The last day of validity is the latest
``value`` of the VALID_UNTIL facts. Both last days are inclusive.

An attempt's rounds: submitted, perhaps reopened by a trainer, submitted again. SUBMITTED, GRADED and REOPENED name
the round (``source_id``: the attempt's id, from the second round ID.2, ID.3, …), and REOPENED the one that it ended,
which then waits for nobody. A reopening takes nothing back: a QUIZ_PASSED or COMPLETED fact of an ended round stands.

Overdue is no state: it goes with one. An enrolment is overdue when its due day is before the day and its
state is not_started, in_progress or waiting_for_grading.
"""

from .record import (
    record_checkpoint_done,
    record_due,
    record_enrolled,
    record_graded,
    record_lesson_completed,
    record_new_enrolments,
    record_quiz_passed,
    record_reopened,
    record_started,
    record_submitted,
    record_waived,
    record_waiver_ended,
    record_withdrawn,
)
from .record_results import AttemptResult, record_results
from .requirements import Requirements, add_months
from .select import state_select, summary_select
from .standing import Standing, standing_of
from .state import OPEN_STATES, Fact, FactLike, State, due_on, is_overdue, state_at

__all__ = [
    "OPEN_STATES",
    "AttemptResult",
    "Fact",
    "FactLike",
    "Requirements",
    "Standing",
    "State",
    "add_months",
    "due_on",
    "is_overdue",
    "record_checkpoint_done",
    "record_due",
    "record_enrolled",
    "record_graded",
    "record_lesson_completed",
    "record_new_enrolments",
    "record_quiz_passed",
    "record_reopened",
    "record_results",
    "record_started",
    "record_submitted",
    "record_waived",
    "record_waiver_ended",
    "record_withdrawn",
    "standing_of",
    "state_at",
    "state_select",
    "summary_select",
]
