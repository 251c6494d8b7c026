"""Questions previewed by their author: as an officer gets them, with key and score beside, and never on the portal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from ipywidgets import VBox
from isoxa_courses.errors import UnknownName
from isoxa_courses.loading import load_quiz_file
from isoxa_courses.questions import TYPES, type_of
from isoxa_courses.shipped import content_root
from isoxa_widgets import preview
from isoxa_widgets.preview import PreviewRefused, QuestionPreview
from nbclient import NotebookClient

SHIPPED = content_root().courses / "iso-9001-cap-xa"
QUIZZES = sorted(path.stem for path in (SHIPPED / "quizzes").glob("*.yaml"))


def ask(widget: QuestionPreview, answer: object) -> dict[str, Any]:
    sent: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(widget, "send", lambda content, buffers=None: sent.append(content), raising=False)
        widget._handle_custom_msg({"kind": "check", "id": 1, "answer": answer}, [])
    return sent[0]


def questions_in(box: VBox) -> list[QuestionPreview]:
    return [one for one in box.children if isinstance(one, QuestionPreview)]


def test_every_variant_of_a_slot_with_its_panel() -> None:
    box = preview("03-pdca", "buoc-con-thieu")
    shown = questions_in(box)
    assert [one._variant.id for one in shown] == ["doi-mai", "ben-nang", "khe-sang"]
    assert all(one.author in box.children for one in shown)
    assert "Kiểm tra, vì không so kết quả với 99%" in shown[0].author.value


def test_all_types_are_shown_without_keys_and_scored_in_full_for_the_right_answer() -> None:
    seen = set()
    for quiz_id in QUIZZES:
        for widget in questions_in(preview(quiz_id)):
            variant = widget._variant
            if variant.type in seen:
                continue
            seen.add(variant.type)
            kind = type_of(variant)
            public = json.dumps(widget.question, ensure_ascii=False)
            assert '"correct"' not in public
            assert '"why"' not in public
            right = kind.publish(variant, kind.right_answer(variant), widget._ids.opaque)
            reply = ask(widget, right)
            assert (reply["kind"], reply["done"]) == ("feedback", True)
            points = "chờ giảng viên chấm" if variant.type == "written" else "điểm</dd>"
            assert points in widget.author.value
    assert seen == set(TYPES)


def test_a_wrong_answer_earns_nothing_and_is_explained() -> None:
    (widget, *_) = questions_in(preview("03-pdca", "buoc-con-thieu"))
    reply = ask(widget, widget._ids.opaque("a"))
    assert (reply["kind"], reply["done"]) == ("feedback", False)
    assert "0/1 điểm" in widget.author.value
    assert ask(widget, "nothing of ours")["kind"] == "problem"
    assert ask(widget, {"a": [1]})["kind"] == "problem"


def test_texts_of_the_bank_are_never_markup(tmp_path: Path) -> None:
    (tmp_path / "quizzes").mkdir()
    text = (SHIPPED / "quizzes" / "03-pdca.yaml").read_text("utf-8")
    hostile = text.replace("Báo cáo không có số liệu", "<img src=x onerror=alert(1)>", 1)
    (tmp_path / "quizzes" / "03-pdca.yaml").write_text(hostile, "utf-8")
    (widget, *_) = questions_in(preview("03-pdca", "buoc-con-thieu", folder=tmp_path))
    assert "<img" not in widget.author.value
    assert "&lt;img" in widget.author.value


def test_it_refuses_on_the_portal_and_for_names_that_are_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(PreviewRefused, match="99-khong-co"):
        preview("99-khong-co")
    with pytest.raises(PreviewRefused):
        preview("03-pdca", folder=tmp_path)
    with pytest.raises(UnknownName):
        preview("03-pdca", "khong-co")
    with monkeypatch.context() as patch:
        patch.setenv("ISOXA_RELEASE_DIR", str(tmp_path))
        with pytest.raises(PreviewRefused):
            preview("03-pdca")
    monkeypatch.setenv("ISOXA_PORTAL", "1")
    with pytest.raises(PreviewRefused):
        preview("03-pdca")


def test_one_cell_shows_it_without_a_server(tmp_path: Path) -> None:
    slot = load_quiz_file(SHIPPED, "07-rui-ro-co-hoi").slots[0].id
    code = f'from isoxa_widgets import preview; preview("07-rui-ro-co-hoi", "{slot}")'
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    (output,) = notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in output["data"]
