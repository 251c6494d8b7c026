"""The letters of a course: what a trainer may write in them, and what the check says of the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_courses.errors import ContentError
from isoxa_courses.evidence_texts import EVIDENCE_FILE, load_evidence_texts
from isoxa_courses.facts import FactsFile
from isoxa_courses.loading import read_course
from isoxa_courses.official_letters import (
    OFFICIAL_KINDS,
    TABLE,
    OfficialFields,
    OfficialKind,
    load_official,
    official_file,
)

FIELDS = OfficialFields(
    xa="xã Di Linh", khoa_hoc="ISO cho cấp xã", ngay="22/11/2026", han_gui="02/12/2026", so="2", dang_ky="5",
    hoan_thanh="1",
)  # fmt: skip
GOOD = (
    'letter: overdue\nabout: "đôn đốc {khoa_hoc}"\nsigner: "GIÁM ĐỐC"\nbody: |\n  Có {so} người.\n  {bang}\n'
)


def course_with(folder: Path, name: str, text: str) -> Path:
    """A course folder that holds no more than its letters; the check goes on to them whatever else is missing."""
    (folder / "letters").mkdir(parents=True, exist_ok=True)
    (folder / "course.yaml").write_text("course: thu\n", "utf-8")
    (folder / name).write_text(text, "utf-8")
    return folder


def complaints(folder: Path, name: str) -> list[str]:
    return [
        f"{one.line}: {one.reason}"
        for one in read_course(folder).problems
        if one.file.endswith(Path(name).name)
    ]


@pytest.mark.parametrize("kind", OFFICIAL_KINDS)
def test_every_letter_that_comes_with_isoxa_fills(kind: OfficialKind, tmp_path: Path) -> None:
    about, paragraphs = load_official(tmp_path, kind).fill(FIELDS)
    assert "ISO cho cấp xã" in about
    assert "{" not in about
    assert all("{" not in one for one in paragraphs if one != TABLE)
    assert paragraphs.count(TABLE) == (0 if kind in ("nobody_sent", "roles_without_anyone") else 1)
    # No public address, nobody to call: the lines that name them are not there.
    assert not any("Địa chỉ học" in one or "liên hệ: " in one for one in paragraphs)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("{so}", "{so_nguoi}"), "Không có ô “{so_nguoi}”"),
        (GOOD.replace("{so}", "{so"), "Dấu { hoặc } lẻ"),
        (GOOD.replace("{so}", "{vai_tro}"), "Không có ô “{vai_tro}”"),
        (GOOD.replace("  {bang}\n", ""), "đúng một dòng {bang}"),
        (GOOD.replace("Có {so} người.", "Gồm: {bang}"), "đứng riêng một dòng"),
        (GOOD.replace("signer", "signed"), "signed"),
        (GOOD.replace("letter: overdue", "letter: due_soon"), "tên tệp là của công văn “overdue”"),
        (GOOD + "copies: [" + ", ".join('"a"' for _ in range(7)) + "]\n", "Nhiều nhất 6 mục"),
    ],
)
def test_a_letter_that_is_wrong_is_told_by_file_line_and_reason(tmp_path: Path, text: str, said: str) -> None:
    name = official_file("overdue")
    found = complaints(course_with(tmp_path, name, text), name)
    assert found, "nothing was said"
    assert any(said in one for one in found), found
    assert all(one.partition(":")[0].isdecimal() for one in found)


def test_a_good_letter_is_not_complained_about(tmp_path: Path) -> None:
    name = official_file("overdue")
    assert complaints(course_with(tmp_path, name, GOOD), name) == []


def test_a_letter_under_another_name_would_not_be_used(tmp_path: Path) -> None:
    found = complaints(course_with(tmp_path, "letters/cong-van-qua-hen.yaml", GOOD), "cong-van-qua-hen.yaml")
    assert len(found) == 1
    assert "không được dùng" in found[0]


def test_the_evidence_pack_names_facts_that_there_are(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "courses/iso-9001-cap-xa" / EVIDENCE_FILE
    folder = course_with(tmp_path, "letters/x.yaml", GOOD)
    shutil.copy(shipped, folder / EVIDENCE_FILE)
    assert any("Không có căn cứ “qd19-nguoi-dung-dau”" in one for one in complaints(folder, EVIDENCE_FILE))
    texts = load_evidence_texts(folder)
    known = FactsFile.model_validate(
        {
            "facts": [
                {
                    "id": texts.facts[1],
                    "text": "x",
                    "source": "y",
                    "checked": "2026-11-21",
                    "status": "in_force",
                }
            ]
        }
    )
    assert [fact.id for fact in texts.facts_of(known.facts)] == [texts.facts[1]]


def test_a_broken_letter_is_not_half_read(tmp_path: Path) -> None:
    folder = course_with(tmp_path, official_file("overdue"), "letter: overdue\nbody: [")
    with pytest.raises(ContentError):
        load_official(folder, "overdue")


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=300) | st.sampled_from(["{bang}", "{so}", "a\r\nb", '=HYPERLINK("x")', "\x00{xa}"]))
def test_what_is_filled_in_is_never_read_for_fields(name: str) -> None:
    letter = load_official(Path("khong-co"), "overdue")
    values = OfficialFields(**{**vars(FIELDS), "xa": name})
    about, paragraphs = letter.fill(values)
    kept = values.values()["xa"]
    assert "\n" not in about
    assert paragraphs.count(TABLE) == 1
    if kept:
        assert any(kept in one for one in paragraphs)
