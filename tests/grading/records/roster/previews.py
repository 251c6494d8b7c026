"""What tests read off a preview."""

from __future__ import annotations

from isoxa_grading.records.roster import RosterPreview


def kinds(preview: RosterPreview) -> list[str]:
    return [decision.kind.value for decision in preview.rows]
