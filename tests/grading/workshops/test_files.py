"""The file's form, the code on the wall, and who may come in: cut, altered, foreign, hostile."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from isoxa_grading.records.activation import ALPHABET
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.database import reading, writing
from isoxa_grading.workshops import (
    EntryRefused,
    Fate,
    FileRefused,
    Plan,
    Reason,
    WorkshopRefused,
    chosen_unit,
    decode,
    encode,
    entry_of,
    namesakes,
    open_workshop,
    read_code,
    return_as,
    shown_code,
    signer_of,
)
from isoxa_grading.workshops.codes import is_code, new_code, proof_of
from isoxa_grading.workshops.joining import outsiders
from isoxa_grading.workshops.result_file import Content, CourseName, LessonItem, Participant

from tests.grading.workshops.conftest import DAY, MORNING, Hall, Office

NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def content(state: Any = None, name: str = "Nguyễn Văn An") -> Content:
    return Content(
        course=CourseName("khoa-thu", "2025.1", "0" * 64),
        participant=Participant("a" * 32, name, "00001", "Xã Suối Lành"),
        joined_at=NOW,
        made_at=NOW,
        lessons=[LessonItem("01-mo-dau", "kt-1", state, NOW)],
        attempts=[],
    )


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Any:
    data = DataFolder(tmp_path_factory.mktemp("signer"))
    data.create()
    return signer_of(data)


@pytest.fixture(scope="module")
def file(signer: Any) -> bytes:
    return encode(content({"answer": "b"}), signer, "CODE")


def refused(file: bytes) -> Reason:
    with pytest.raises(FileRefused) as caught:
        decode(file)
    assert str(caught.value).endswith(".")
    return caught.value.reason


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON, st.text(min_size=1, max_size=30))
def test_what_is_written_is_read_again(signer: Any, state: Any, name: str) -> None:
    file = encode(content(state, name), signer)
    read = decode(file)
    assert read.content == content(state, name)
    # Another editor's spelling of the same JSON is the same file.
    again = decode(json.dumps(json.loads(file), indent=4, ensure_ascii=True).encode())
    assert again.content == read.content


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_cut_anywhere(file: bytes, data: st.DataObject) -> None:
    cut = file[: data.draw(st.integers(0, len(file.rstrip()) - 1))]
    assert refused(cut) in (Reason.CUT, Reason.NOT_A_RESULT)
    assert refused(file[: len(file) // 2]) is Reason.CUT


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_altered_anywhere(file: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(file) - 1))
    byte = data.draw(st.integers(0, 255))
    changed = file[:at] + bytes([byte]) + file[at + 1 :]
    try:
        found = decode(changed)
    except FileRefused:
        return
    assert found.content == decode(file).content  # a space, or the proof, which is asked for later


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (b"", Reason.NOT_A_RESULT),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", Reason.NOT_A_RESULT),
        (b"[]", Reason.NOT_A_RESULT),
        (b"{}", Reason.NOT_A_RESULT),
        (b"null", Reason.NOT_A_RESULT),
        (b'{"format": 7}', Reason.NOT_A_RESULT),
        (b"[" * 100_000, Reason.NOT_A_RESULT),
        (b'{"format": "isoxa-ket-qua-tap-huan"', Reason.CUT),
        (b'{"format": "isoxa-ket-qua-tap-huan", "version": 1}', Reason.ALTERED),
        (b'{"format": "isoxa-ket-qua-tap-huan", "version": NaN}', Reason.CUT),
        (b'{"format": "isoxa-ket-qua-tap-huan", "version": 2}', Reason.NEWER_FORMAT),
        (b'{"format": "isoxa-ket-qua-tap-huan", "version": ' + b"9" * 5000 + b"}", Reason.CUT),
        (b" " * (8 * 2**20 + 1), Reason.TOO_LARGE),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_result(what: bytes, reason: Reason) -> None:
    assert refused(what) is reason


def test_a_key_of_the_wrong_length(file: bytes) -> None:
    whole = json.loads(file)
    for change in ({"public_key": "AAAA"}, {"signature": "AAAA"}, {"public_key": "không"}, {"content": []}):
        assert refused(json.dumps(whole | change).encode()) is Reason.ALTERED


@settings(deadline=None, max_examples=100)
@given(st.integers(0, 11), st.sampled_from(ALPHABET))
def test_a_slip_in_a_code_shows(at: int, wrong: str) -> None:
    code = new_code()
    changed = code[:at] + wrong + code[at + 1 :]
    assert is_code(changed) is (changed == code)
    if at < 11 and code[at] != code[at + 1]:
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        # The one pair that Luhn's rule cannot tell apart: the first and the last character.
        assert not is_code(swapped) or {code[at], code[at + 1]} == {ALPHABET[0], ALPHABET[-1]}


def test_a_code_is_read_as_people_type_it() -> None:
    code = new_code()
    assert read_code(shown_code(code).lower().replace("-", " ")) == code
    assert proof_of(code, b"x") != proof_of(new_code(), b"x")
    with pytest.raises(EntryRefused) as caught:
        read_code("khong-phai-ma")
    assert caught.value.field == "class_code"


def test_two_of_one_name_are_two(hall: Hall) -> None:
    first = hall.join("Nguyễn Văn An", position="Văn thư")
    with pytest.raises(EntryRefused) as caught:
        hall.join("nguyễn văn an")
    assert caught.value.field == "full_name"
    with pytest.raises(EntryRefused) as caught:
        hall.join("Nguyễn Văn An", apart=True, position="văn thư")
    assert caught.value.field == "position"
    second = hall.join("Nguyễn Văn An", apart=True, position="Kế toán")
    hall.join("Nguyễn Văn An", "Xã Đá Bạc")
    assert hall.person(first) != hall.person(second)
    with writing(hall.engine) as session:
        unit = chosen_unit(session, "Xã Suối Lành, Lâm Đồng")
        assert len(namesakes(session, "NGUYỄN VĂN AN", unit)) == 2
        code = hall.entry(second).return_code
        found = return_as(
            session, "Nguyễn Văn An", unit, f" {code[:3].lower()}-{code[3:]}", address="", now=MORNING
        )
        assert found.account_id == second
        with pytest.raises(EntryRefused):
            return_as(
                session, "Nguyễn Văn An", chosen_unit(session, "Xã Đá Bạc"), code, address="", now=MORNING
            )
        assert entry_of(session, 99999) is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "full_name"),
        ({"name": "1234"}, "full_name"),
        ({"name": "A" * 300}, "full_name"),
        ({"name": "Lò Thị Thử", "class_code": "sai"}, "class_code"),
    ],
)
def test_who_cannot_come_in_so(hall: Hall, fields: dict[str, str], field: str) -> None:
    with pytest.raises(EntryRefused) as caught:
        hall.join(**fields)
    assert caught.value.field == field


def test_a_unit_that_is_none_or_many(hall: Hall) -> None:
    with reading(hall.engine) as session:
        for typed in ("", "xã Không Có Thật", "tỉnh Lâm Đồng", "<script>", "x" * 5000):
            with pytest.raises(EntryRefused) as caught:
                chosen_unit(session, typed)
            assert caught.value.field == "unit"
        assert chosen_unit(session, "xa suoi lanh").name == "Xã Suối Lành"
        assert chosen_unit(session, "", hall.unit("Xã Ia Kha").id).name == "Xã Ia Kha"
        with pytest.raises(EntryRefused):
            chosen_unit(session, "", hall.unit("Tỉnh Gia Lai").id)


def test_who_may_be_among_those_who_come_in_by_name(hall: Hall, office: Office) -> None:
    hall.join("Nguyễn Văn An")
    office.add("Trần Thị Bình")
    with reading(hall.engine) as session:
        assert outsiders(session) == 0
    with reading(office.engine) as session:
        assert outsiders(session) == 1


def test_a_workshop_that_cannot_be_opened(office: Office) -> None:
    good = Plan("khoa-thu", "Lớp", "Hội trường", "Giảng viên", DAY)
    bad = {
        "course": Plan("khong-co", "Lớp", "Hội trường", "Giảng viên", DAY),
        "title": Plan("khoa-thu", " ", "Hội trường", "Giảng viên", DAY),
        "place": Plan("khoa-thu", "Lớp", "x" * 201, "Giảng viên", DAY),
        "held_until": Plan("khoa-thu", "Lớp", "Hội trường", "Giảng viên", DAY, DAY.replace(day=1)),
    }
    unit = office.unit("Tỉnh Lâm Đồng")
    with writing(office.engine) as session:
        for field, plan in bad.items():
            with pytest.raises(WorkshopRefused) as caught:
                open_workshop(session, plan, unit, actor=None, now=MORNING)
            assert caught.value.field == field
        assert is_code(open_workshop(session, good, unit, actor=None, now=MORNING).code)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_signed_anew_is_recorded_or_refused_in_words(
    hall: Hall,
    office: Office,
    forge: Callable[[bytes, Callable[[dict[str, Any]], None]], bytes],
    data: st.DataObject,
) -> None:
    if not hasattr(hall, "kept"):
        account = hall.join("Nguyễn Văn An")
        hall.do_lesson(account)
        hall.take(account, {"c2": "x", "c3": "5"})
        hall.kept, hall.workshop = hall.file(account), office.open()  # type: ignore[attr-defined]

    def change(content: dict[str, Any]) -> None:
        place: Any = content
        while isinstance(place, dict | list) and place:
            key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            if data.draw(st.booleans()) or not isinstance(place[key], dict | list):
                place[key] = data.draw(JSON)
                return
            place = place[key]

    [line] = office.preview(hall.workshop, forge(hall.kept, change))  # type: ignore[attr-defined]
    assert line.fate is not Fate.REFUSED or line.message.endswith(".")


def test_paths_of_content(tmp_path: Path) -> None:
    """The signing key is the folder's own, closed, and the same ever after."""
    data = DataFolder(tmp_path)
    data.create()
    assert signer_of(data).public_key == signer_of(data).public_key
    assert (tmp_path / "secrets" / "workshop-signing").stat().st_mode & 0o777 == 0o600
