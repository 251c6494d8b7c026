"""A legal fact in a lesson: shown from facts.yaml, so that a change of law is made in one place."""

from __future__ import annotations

from datetime import date
from html import escape

from isoxa_courses.models import Fact
from isoxa_courses.text import format_date


class FactNote:
    """One fact as a note in the text: what, from where, checked when. Jupyter and Voilà show its HTML."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact

    def __repr__(self) -> str:
        return f"FactNote({self.fact.id!r})"

    def source(self) -> str:
        """The source and its article on one line."""
        return ", ".join(part for part in (self.fact.article, self.fact.source) if part)

    def standing(self, today: date | None = None) -> str:
        """Whether it may be relied on, in words; a fact past its day of re-checking says so."""
        fact = self.fact
        checked = f"Đối chiếu ngày {format_date(fact.checked)}"
        if fact.status == "replaced":
            return f"{checked}: đã bị thay thế, chỉ để tham khảo."
        overdue = fact.recheck_by is not None and today is not None and today > fact.recheck_by
        if fact.status == "recheck" or overdue:
            return f"{checked}: cần đối chiếu lại trước khi dùng làm căn cứ."
        return f"{checked}: còn hiệu lực."

    def _repr_html_(self) -> str:
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in self.fact.text.split("\n\n"))
        return (
            f'<aside class="ix-w ix-w-fact" data-fact="{escape(self.fact.id)}" aria-label="Căn cứ">{paragraphs}'
            f'<p class="ix-w-hint">Căn cứ: {escape(self.source())}. {escape(self.standing(date.today()))}</p></aside>'
        )
