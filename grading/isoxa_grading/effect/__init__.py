"""Reviews of effect: 90 days after a course was completed, was what they planned carried out, and what changed?

ISO 9001:2015, 7.2 c, asks an office to judge whether what it did for competence was effective. ``completions`` says
whose completion is to be judged and since when, ``reviewing`` takes a judgement down. A review is for one person, or
for all of a commune who had completed the course 90 days before; the newest one counts, the earlier ones stay.
"""

from .completions import REVIEW_AFTER_DAYS, Completion, DueReview, completions_of, due_reviews
from .reviewing import (
    MOST_FIGURES,
    Judgement,
    Measured,
    ReviewLine,
    ReviewRefused,
    record_review,
    reviews_of,
)

__all__ = [
    "MOST_FIGURES",
    "REVIEW_AFTER_DAYS",
    "Completion",
    "DueReview",
    "Judgement",
    "Measured",
    "ReviewLine",
    "ReviewRefused",
    "completions_of",
    "due_reviews",
    "record_review",
    "reviews_of",
]
