"""The table of weights, and rules and weights together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from isoxa_courses.objective import (
    CRITERIA,
    WEIGHTS_FILE,
    judged_by_rules,
    load_weights,
    review_objective,
)
from isoxa_courses.objective.features import features
from isoxa_courses.objective.reading import read_objective
from isoxa_courses.objective.rules import shipped_rules
from isoxa_courses.objective.weighing import said
from isoxa_courses.objective.weights import ALWAYS, COLUMNS, KINDS, RELEVANT, VOICE, shipped_weights

TODAY = date(2026, 11, 21)


def shown(text: str) -> frozenset[str]:
    return features(read_objective(text, TODAY, shipped_rules()))


def test_the_shipped_table_can_be_read() -> None:
    weights = load_weights()
    assert {len(row) for row in (*weights.rows.values(), *weights.voices.values())} == {COLUMNS}
    assert len(weights.rows) > 1_000
    assert ALWAYS in weights.rows
    assert WEIGHTS_FILE.stat().st_size < 1_500_000


def test_a_line_with_too_few_numbers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.tsv"
    path.write_text("w1=trả\t1\t2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="w1=trả"):
        load_weights(path)


def test_features_do_not_hang_on_typing() -> None:
    text = "Đến hết năm 2027, 98 % hồ sơ đất đai trả đúng hạn"
    assert shown(text) == shown(text.upper()) == shown(f"- {text}.") == shown(f"  {text}\n")


def test_figures_and_works_of_one_kind_look_alike() -> None:
    plans = [
        {name for name in shown(text) if name.startswith("t")}
        for text in ("98 % hồ sơ đất đai trả đúng hạn", "80 % hồ sơ hộ tịch trả đúng hẹn")
    ]
    assert plans[0] == plans[1]


def test_scores_are_sums_over_features_and_voices_that_are_known() -> None:
    weights = shipped_weights()
    always, voice = weights.rows[ALWAYS], weights.voices[VOICE]
    for names, share in (([], 1), (["no such feature"], 2**0.5)):
        wanted = [(one / share + more) / 100 for one, more in zip(always, voice, strict=True)]
        assert weights.scores(names, [VOICE, "rules: unheard of"]) == pytest.approx(wanted)


def test_every_verdict_of_the_rules_has_a_voice() -> None:
    """Of reasons some are too rare to have one."""
    told = {tuple(name.split()[1:3]) for name in shipped_weights().voices}
    assert told >= {
        (name, verdict) for name in ("specific", "measurable", "relevant") for verdict in RELEVANT
    }


def test_what_the_rules_say_is_named_with_verdict_and_reason() -> None:
    reading = read_objective("Tổ chức 3 lớp tập huấn ISO", TODAY, shipped_rules())
    assert said(reading, judged_by_rules(reading)) == (
        VOICE,
        "rules: specific not_met activity",
        "rules: measurable met figure",
        "rules: relevant met system",
        "rules: activity",
        "rules: no two_objectives",
        "rules: figure target count",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Tổ chức 3 lớp tập huấn ISO trong quý I/2027",
        "Nâng cao chất lượng phục vụ nhân dân",
        "98 % hồ sơ đúng hạn và 95 % người dân hài lòng trong năm 2027",
        "Đạt 98,5 %",
        "Hoàn thành 6 việc nêu tại Thông báo 27",
        "Trồng 20 ha cà phê",
        "a b c",
        "0",
        "|||",
        "vì , vì , vì vì vì vì, vì",
    ],
)
def test_verdicts_never_contradict_each_other(text: str) -> None:
    review = review_objective(text, today=TODAY)
    noted = "activity" in {note.code for note in review.notes}
    if any(char.isalpha() for char in text):
        assert (review.specific.verdict, review.measurable.verdict, noted) in KINDS
    assert all(getattr(review, criterion).advice for criterion in CRITERIA)
