"""What a sentence shows, as names that a table can weigh: its words, and its plan (what stands behind what).

The plan is the sentence with every figure, time and phrase of the lists replaced by what it is, so that
``98 % hồ sơ đất đai đúng hạn`` and ``hai phần ba đơn thư được trả lời`` look alike. Words are taken without
diacritics: one table serves all ways of typing.
"""

from __future__ import annotations

from itertools import combinations

from .quantity import Quantity
from .reading import Reading
from .times import Time
from .words import Found

_KINDS = (
    "activity", "done", "result", "turning", "limiting", "more", "less", "system", "people", "outside", "vague",
    "things", "levels", "pointing", "elsewhere", "grades", "titles", "most", "baseline", "events", "vague_times",
    "activity_units", "at_most", "at_least", "below", "above", "all", "none", "soft", "generic", "other",
)  # fmt: skip
"""The lists that a phrase can be of; of several, the first here tells what it is."""
_EMPTY = frozenset({"generic", "other"})
_UNKNOWN = "UNK"
_ELSEWHERE = "<T:elsewhere>"
_PUNCTUATION = frozenset(",:;.-()")
_LONGEST_STEP, _STEPS = 6, 5


def features(reading: Reading) -> frozenset[str]:
    """The names, between some tens and a few thousand (at most 300 words are read); the same for the same reading."""
    words, plan = _outline(reading)
    found = {f"len={min(_STEPS, len(words) // _LONGEST_STEP)}"}
    found.update(_runs("w", ["^", *words, "$"], 3))
    spoken = [word for word in words if word not in _PUNCTUATION]
    found.update(f"h{count}={' '.join(spoken[:count])}" for count in (1, 2, 3))
    told = [kind for kind in plan if kind not in _EMPTY]
    found.update(_runs("t", ["^", *told, "$"], 3))
    found.update(f"th{count}={' '.join([*told, '$'][:count])}" for count in (1, 2, 3, 4))
    found.update(f"tp={one}&{other}" for one, other in combinations(sorted({"^", *told, "$"}), 2))
    return frozenset(found)


def _runs(name: str, items: list[str], longest: int) -> set[str]:
    return {
        f"{name}{count}={' '.join(items[at : at + count])}"
        for count in range(1, longest + 1)
        for at in range(len(items) - count + 1)
    }


def _outline(reading: Reading) -> tuple[list[str], list[str]]:
    """The words with figures and times told by their kind, and the plan: one entry a phrase, none repeated."""
    text = reading.text
    times = {time.first: time for time in reading.times}
    figures = {one.first: one for one in reading.quantities if not one.zero}
    phrases: dict[int, Found] = {}
    for one in reading.marks:
        for at in range(one.first, one.last):
            phrases[at] = _weightier(phrases.get(at), one)
    words: list[str] = []
    plan: list[str] = []
    at, end = 0, len(text.tokens)
    while at < end and text.kind(at) == "sign":
        at += 1  # "- Hồ sơ …", "… năm 2027.": how it is set says nothing
    while end > at and text.kind(end - 1) == "sign" and text.bare(end - 1) != "%":
        end -= 1
    while at < end:
        if at in reading.schedule:
            name, last = _ELSEWHERE, reading.schedule.stop
            _append(plan, name)
        elif at in times:
            name, last = _of_time(reading, times[at]), times[at].last
            _append(plan, name)
        elif at in figures:
            name, last = _of_figure(reading, figures[at]), max(figures[at].number_last, at + 1)
            _append(plan, name)
        else:
            name, last = _of_word(reading, at), at + 1
            mark = phrases.get(at)
            kind = _kind(mark) if mark is not None else ""
            if kind and mark is not None and mark.first < at and plan and plan[-1] == kind:
                pass  # inside of the phrase before
            elif kind:
                _append(plan, kind)
            else:
                _append(plan, name if name.startswith("<") or text.kind(at) == "sign" else _UNKNOWN)
        words.append(name)
        at = last
    return words, plan


def _append(plan: list[str], kind: str) -> None:
    if not (plan and plan[-1] == kind and kind in {_UNKNOWN, *_EMPTY}):
        plan.append(kind)


def _weightier(known: Found | None, mark: Found) -> Found:
    """Of two phrases in one place the one of the earlier kind."""
    if known is None:
        return mark
    return min(known, mark, key=lambda one: _KINDS.index(_kind(one)) if _kind(one) else len(_KINDS))


def _kind(mark: Found) -> str:
    return next((kind for kind in _KINDS if kind in mark.lists), "")


def _of_time(reading: Reading, time: Time) -> str:
    return f"<T:{'base' if time in reading.baseline_times else 'lim' if time.limits else time.kind}>"


def _of_figure(reading: Reading, quantity: Quantity) -> str:
    roles = reading.roles
    role = "base" if quantity in roles.baselines else "chg" if quantity in roles.changes else "tgt"
    return f"<Q:{quantity.kind}:{role}>"


def _of_word(reading: Reading, at: int) -> str:
    token = reading.text.tokens[at]
    if at in reading.names:
        return "<N>"
    return {"number": "<#>", "date": "<#>", "blank": "<_>"}.get(token.kind, token.bare)
