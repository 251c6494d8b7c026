"""What differs between two versions of a quiz, slot by slot and variant by variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..fields import ContentModel
from ..models import QuizFile, Slot
from .layout import QUIZ_FIELDS, SLOT_COLUMNS

_NOT_CONTENT = ("quiz", "version")


@dataclass(frozen=True)
class BankChanges:
    """Names of what changed; a variant is ``"slot/variant"``. ``fields``: headings of the quiz's own fields."""

    fields: tuple[str, ...] = ()
    slots_added: tuple[str, ...] = ()
    slots_changed: tuple[str, ...] = ()
    slots_removed: tuple[str, ...] = ()
    slots_moved: bool = False
    variants_added: tuple[str, ...] = ()
    variants_changed: tuple[str, ...] = ()
    variants_removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def to_json(self) -> dict[str, Any]:
        """The fields by name; lists and one bool."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people, one line a kind of change (Vietnamese)."""
        told = (
            ("Sửa thông tin của bài", self.fields),
            ("Thêm câu", self.slots_added),
            ("Sửa câu", self.slots_changed),
            ("Bỏ câu", self.slots_removed),
            ("Thêm phương án", self.variants_added),
            ("Sửa phương án", self.variants_changed),
            ("Bỏ phương án", self.variants_removed),
        )
        lines = [f"{what} ({len(names)}): {', '.join(names)}" for what, names in told if names]
        return [*lines, "Đổi thứ tự các câu hoặc phương án"] if self.slots_moved else lines


def changes_between(old: QuizFile, new: QuizFile) -> BankChanges:
    """What ``new`` changes in ``old``, their versions aside."""
    before, after = _by_id(old.slots), _by_id(new.slots)
    kept = [id_ for id_ in after if id_ in before]
    was, now = _variants(old), _variants(new)
    moved = _moved(list(before), list(after)) or any(
        _moved([one.id for one in before[id_].variants], [one.id for one in after[id_].variants])
        for id_ in kept
    )
    return BankChanges(
        fields=tuple(
            column.heading
            for column in QUIZ_FIELDS
            if column.key not in _NOT_CONTENT and getattr(old, column.key) != getattr(new, column.key)
        ),
        slots_added=tuple(id_ for id_ in after if id_ not in before),
        slots_changed=tuple(id_ for id_ in kept if _own(before[id_]) != _own(after[id_])),
        slots_removed=tuple(id_ for id_ in before if id_ not in after),
        slots_moved=moved,
        variants_added=tuple(name for name in now if name not in was),
        variants_changed=tuple(name for name in now if name in was and now[name] != was[name]),
        variants_removed=tuple(name for name in was if name not in now),
    )


def _by_id(slots: Sequence[Slot]) -> dict[str, Slot]:
    return {slot.id: slot for slot in slots}


def _own(slot: Slot) -> list[object]:
    return [getattr(slot, column.key) for column in SLOT_COLUMNS]


def _variants(quiz: QuizFile) -> dict[str, ContentModel]:
    return {f"{slot.id}/{variant.id}": variant for slot in quiz.slots for variant in slot.variants}


def _moved(before: list[str], after: list[str]) -> bool:
    """Whether those in both stand in another order."""
    return [one for one in before if one in after] != [one for one in after if one in before]
