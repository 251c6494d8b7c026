"""Ready letters: the list's own figures and names, the decree's form, and nothing for who is not on the list."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import docx
import pytest
from docx.document import Document as Word
from isoxa_courses.documents import Table
from isoxa_grading.letters import NotOnList, ReadyLetter, official_letter, sender_of
from isoxa_grading.letters.official import answer_day
from isoxa_grading.records.data_folder import DataFolder
from isoxa_grading.records.tables import Unit
from isoxa_grading.records.tables.units import UnitKind
from isoxa_grading.reports import ListKind, NotInScope, call_list
from isoxa_grading.work_products import write_official_letter

from tests.grading.reports.conftest import START, LamDong, World

DAY = START + timedelta(days=10)
SAVED = datetime(2026, 3, 12, 5, 0, tzinfo=UTC)
Made = Callable[..., LamDong]


def letter(
    here: LamDong, data: DataFolder, kind: ListKind, unit: Unit, scope: Unit | None = None, day: date = DAY
) -> ReadyLetter:
    session = here.world.session
    sender = sender_of(session, None, [here.province.id], unit, day)
    return official_letter(
        session, data, kind, unit.id, course="iso", scope_paths=[(scope or here.province).path], as_of=day,
        today=day, sender=sender,
    )  # fmt: skip


def text_of(made: ReadyLetter) -> str:
    return "\n".join(one for one in made.paper.body if isinstance(one, str))


def table_of(made: ReadyLetter) -> Table | None:
    return next((one for one in made.paper.body if isinstance(one, Table)), None)


def word_of(made: ReadyLetter) -> Word:
    stream = io.BytesIO()
    write_official_letter(made.paper, stream, saved_at=SAVED)
    return docx.Document(io.BytesIO(stream.getvalue()))


def test_a_letter_says_what_the_list_says(lam_dong: Made, data: DataFolder) -> None:
    here = lam_dong()
    unit = here.units["Xã Đạ Tẻh"]
    made = letter(here, data, ListKind.OVERDUE, unit)
    rows = call_list(
        here.world.session, ListKind.OVERDUE, course="iso", scope_paths=[here.province.path], as_of=DAY
    ).rows
    mine = [row for row in rows if row.unit_id == unit.id]
    table = table_of(made)
    assert table is not None
    assert [row[1] for row in table.rows] == [row.full_name for row in mine]
    assert [column.title for column in table.columns] == [
        "STT", "Họ và tên", "Chức danh", "Vai trò", "Trạng thái", "Ngày đến hạn", "Số ngày quá hạn",
    ]  # fmt: skip
    assert [row[-1] for row in table.rows] == [str(-(row.days or 0)) for row in mine]
    figures = here.report.figures
    assert figures.overdue == len(rows)
    commune = next(row for row in here.report.communes if row.unit_id == unit.id)
    said = f"có {commune.registered} người đăng ký khóa học “ISO cho cấp xã”, {commune.completed} người đã hoàn thành"
    assert said in text_of(made)
    assert f"{len(mine)} người đã quá hạn" in text_of(made)
    assert "đến ngày 12/03/2026" in text_of(made)
    assert made.paper.to == "Ủy ban nhân dân xã Đạ Tẻh"
    assert made.name == "cong-van-qua-han-da-teh"


def test_the_page_has_the_form_of_the_decree(lam_dong: Made, data: DataFolder) -> None:
    here = lam_dong()
    word = word_of(letter(here, data, ListKind.OVERDUE, here.units["Xã Đạ Tẻh"]))
    left, right = (cell.text.split("\n") for cell in word.tables[0].rows[0].cells)
    assert left[:2] == ["ỦY BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG"]
    assert left[-2] == "Số: ……/……"
    assert left[-1].startswith("V/v đôn đốc cán bộ, công chức")
    assert right[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert right[-1] == "Lâm Đồng, ngày …… tháng …… năm 2026"
    lines = [one.text for one in word.paragraphs if one.text]
    assert lines[0] == "Kính gửi: Ủy ban nhân dân xã Đạ Tẻh"
    assert lines[-1].endswith("xã Đạ Tẻh./.")
    recipients, signer = (cell.text.strip().split("\n") for cell in word.tables[-1].rows[0].cells)
    assert recipients == ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
    assert signer == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]


def test_lists_that_name_nobody_have_no_table(lam_dong: Made, data: DataFolder) -> None:
    here = lam_dong()
    nobody = letter(here, data, ListKind.NOBODY_SENT, here.units["Xã Di Linh"])
    assert table_of(nobody) is None
    assert "https://iso.lamdong.example" in text_of(nobody)
    roles = letter(here, data, ListKind.ROLES_WITHOUT_ANYONE, here.units["Xã Đức Trọng"])
    assert table_of(roles) is None
    assert "Còn 4 vai trò" in text_of(roles)
    assert "Lãnh đạo, Thư ký ISO, Bộ phận Một cửa, Đánh giá viên nội bộ" in text_of(roles)


def test_one_person_is_named_with_the_reason(lam_dong: Made, data: DataFolder) -> None:
    here = lam_dong()
    made = letter(here, data, ListKind.ONE_PERSON_ONLY, here.units["Xã Đức Trọng"])
    assert "có 1 người đăng ký" in text_of(made)
    assert "(chỉ cử một người)" in text_of(made)
    table = table_of(made)
    assert table is not None
    assert [row[1] for row in table.rows] == ["Đỗ Thị Một"]


OFF_THE_LIST = (
    (ListKind.NOBODY_SENT, "Xã Đạ Tẻh"),
    (ListKind.OVERDUE, "Xã Đức Trọng"),
    (ListKind.DUE_SOON, "Xã Đạ Tẻh"),
    (ListKind.WAITING_FOR_GRADING, "Xã Đạ Tẻh"),  # the list calls on trainers
)


def test_no_letter_to_a_commune_that_is_not_on_the_list(lam_dong: Made, data: DataFolder) -> None:
    here = lam_dong()
    for kind, unit in OFF_THE_LIST:
        with pytest.raises(NotOnList):
            letter(here, data, kind, here.units[unit])


def test_nothing_outside_the_scope(lam_dong: Made, data: DataFolder, world: World) -> None:
    here = lam_dong()
    elsewhere = world.commune("Xã Ia Kha", world.province("Tỉnh Gia Lai"))
    with pytest.raises(NotInScope):
        letter(here, data, ListKind.NOBODY_SENT, elsewhere)
    # The province as a whole is a unit in scope, but no commune: no letter goes to it.
    with pytest.raises(NotOnList):
        letter(here, data, ListKind.NOBODY_SENT, here.province)


def test_hostile_names_stay_text(lam_dong: Made, data: DataFolder, world: World) -> None:
    here = lam_dong()
    names = ['=HYPERLINK("http://x","Bấm")', 'O\'Hùng "Ba" / \\ {bang} {so}', "Đinh " + "Dài" * 98]
    unit = world.commune('Xã "Ma/Đa" {bang}', here.province)
    for name in names:
        world.enrol(world.person(name, unit, position="{khoa_hoc}"), due=START)
    made = letter(here, data, ListKind.OVERDUE, unit)
    word = word_of(made)
    assert sorted(row.cells[1].text for row in word.tables[1].rows[1:]) == sorted(names)
    assert {row.cells[2].text for row in word.tables[1].rows[1:]} == {"{khoa_hoc}"}
    assert len(word.tables) == 3
    assert 'xã "Ma/Đa" {bang}' in text_of(made)
    assert made.name == "cong-van-qua-han-ma-da-bang"


def test_a_trainers_own_words_are_used(lam_dong: Made, data: DataFolder) -> None:
    here = lam_dong()
    folder = data.editions("iso", "2026.1") / "letters"
    folder.mkdir(parents=True)
    (folder / "cong-van-chua-cu-ai.yaml").write_text(
        'letter: nobody_sent\nabout: "mời học"\nsigner: "Phó Giám đốc"\ncopies: ["Lãnh đạo Sở"]\nbody: "Mời {xa}."\n',
        "utf-8",
    )
    made = letter(here, data, ListKind.NOBODY_SENT, here.units["Xã Di Linh"])
    assert made.paper.body == ("Mời xã Di Linh.",)
    assert made.paper.recipients == ("Như trên", "Lãnh đạo Sở", "Lưu: VT")


def test_who_sends(lam_dong: Made, world: World) -> None:
    here = lam_dong()
    unit, session = here.units["Xã Di Linh"], world.session
    agency = world.unit("Sở Khoa học và Công nghệ tỉnh Lâm Đồng", UnitKind.DEPARTMENT, here.province)
    clerk = world.person("Trần Thị Sở", agency)
    sent = sender_of(session, clerk.id, [here.province.id], unit, DAY)
    assert sent.letterhead.issuer == ("SỞ KHOA HỌC VÀ CÔNG NGHỆ",)
    assert (sent.superior, sent.letterhead.place) == ("UBND TỈNH LÂM ĐỒNG", "Lâm Đồng")
    assert sent.signer == ()
    country = sender_of(session, None, [world.country.id], unit, DAY)
    assert country.letterhead.issuer[0].startswith("…")
    # Of several charges the narrowest over this commune counts, and one elsewhere does not.
    other = world.province("Tỉnh Gia Lai")
    both = sender_of(session, None, [other.id, world.country.id, here.province.id], unit, DAY)
    assert both.letterhead.issuer == ("ỦY BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG")


def test_the_same_letter_is_the_same_file(lam_dong: Made, data: DataFolder) -> None:
    here = lam_dong()
    made = letter(here, data, ListKind.OVERDUE, here.units["Xã Đạ Tẻh"])
    files = [io.BytesIO(), io.BytesIO()]
    for stream in files:
        write_official_letter(made.paper, stream, saved_at=SAVED)
    assert files[0].getvalue() == files[1].getvalue()


def test_an_answer_is_never_asked_for_on_a_day_off() -> None:
    for days in range(14):
        today = date(2026, 11, 2) + timedelta(days=days)
        day = answer_day(today)
        assert day.weekday() < 5
        assert 10 <= (day - today).days <= 12
