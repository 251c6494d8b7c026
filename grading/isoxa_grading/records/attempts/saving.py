"""Storing one answer: acknowledged only once committed, stored once however often it is sent, never overwritten.

In order: a key seen before gets its first acknowledgement again (even after the attempt was submitted: the answer
*was* stored in time); a closed attempt takes nothing; a sequence that is not newer is refused with the newer value,
so that two windows cannot overwrite each other unseen; an answer of the wrong type is refused and costs nothing;
a late one is stored and marked.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..library import CourseLibrary
from ..tables import Answer, AttemptStatus
from .errors import AttemptClosed, BadWrite, StaleAnswer, TooLarge
from .find import newest_answer, owned_attempt
from .paper import Paper
from .views import Saved

# A written answer may have 20,000 characters; four bytes each is the worst case.
ANSWER_KILOBYTES = 96
# PostgreSQL's integer; a browser counts from 1 and never comes near.
MAX_SEQUENCE = 2**31 - 1
_KEY = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def check_write(sequence: int, write_key: str) -> None:
    """Raises `BadWrite` unless the sequence is a positive integer and the key 1 to 64 plain characters."""
    usable_sequence = type(sequence) is int and 0 < sequence <= MAX_SEQUENCE
    if not (usable_sequence and isinstance(write_key, str) and _KEY.fullmatch(write_key)):
        raise BadWrite


def check_size(value: Any, kilobytes: int) -> None:
    """Raises `TooLarge` if the value as UTF-8 JSON is longer, `BadWrite` if it is no JSON at all."""
    try:
        size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise BadWrite from error
    if size > kilobytes * 1024:
        raise TooLarge(kilobytes)


def save_answer(
    session: Session,
    library: CourseLibrary,
    attempt_id: str,
    person_id: int,
    slot: str,
    raw: Any,
    sequence: int,
    write_key: str,
    now: datetime,
) -> Saved:
    """Store ``raw`` (browser form; None takes the answer back) as the slot's newest answer.

    Raises `NotYours`, `NoSuchSlot`, `BadWrite`, `TooLarge`, `AnswerError`, `StaleAnswer`, `AttemptClosed`; then
    nothing was stored.
    """
    check_write(sequence, write_key)
    check_size(raw, ANSWER_KILOBYTES)
    attempt = owned_attempt(session, attempt_id, person_id, lock=True)
    paper = Paper.of(library, attempt)
    paper.slot(slot)
    before = session.scalar(
        select(Answer).where(Answer.attempt_id == attempt.id, Answer.write_key == write_key)
    )
    if before is not None:
        if before.slot != slot:
            raise BadWrite
        return Saved(seq=before.sequence, saved_at=before.saved_at, late=before.late)
    if attempt.status is not AttemptStatus.OPEN:
        raise AttemptClosed
    newest = newest_answer(session, attempt.id, slot)
    if newest is not None and sequence <= newest.sequence:
        raise StaleAnswer({"answer": paper.publish(slot, newest.answer), "seq": newest.sequence})
    answer = Answer(
        attempt_id=attempt.id,
        slot=slot,
        sequence=sequence,
        write_key=write_key,
        answer=paper.parse(slot, raw),
        late=attempt.deadline_at is not None and now > attempt.deadline_at,
        saved_at=now,
    )
    session.add(answer)
    session.flush()
    return Saved(seq=answer.sequence, saved_at=answer.saved_at, late=answer.late)
