"""What is said of an upload, at once: every kind of wrong file, names that are paths, bombs; and what is taken."""

from __future__ import annotations

import gzip
import io
import json
import warnings
import zipfile
from collections.abc import Callable

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from isoxa_grading.handins import HandInRefused, Upload, check_upload, find_assignment
from isoxa_grading.handins.one_file import LIMITS, UploadLimits, content_fault, file_name, name_fault
from isoxa_grading.records.database import reading
from nbformat import NotebookNode

from tests.grading.handins.conftest import COURSE, World
from tests.grading.sandbox.world import NAME, RIGHT

SOTAY = f"{NAME}.ipynb"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
JPEG = b"\xff\xd8\xff\xe0" + bytes(200)


@pytest.fixture(scope="module")
def world(lasting_world: World) -> World:
    return lasting_world


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def changed(world: World, change: Callable[[NotebookNode], None]) -> bytes:
    notebook = nbformat.reads(world.work().decode(), as_version=4)
    change(notebook)
    return nbformat.writes(notebook).encode()


def refused(world: World, *uploads: Upload) -> str:
    with pytest.raises(HandInRefused) as refusal:
        check_upload(world.assignment, uploads)
    return "\n".join(refusal.value.messages)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "rỗng"),
        (JPEG, "thật ra là ảnh JPEG đổi tên"),
        (PNG, "thật ra là ảnh PNG đổi tên"),
        (b"PK\x03\x04" + bytes(50), "tệp nén hoặc tệp Word, Excel đổi tên"),
        (gzip.compress(bytes(10_000_000)), "tệp nén đổi tên"),
        (b"%PDF-1.7 ...", "tệp PDF đổi tên"),
        (b"<!doctype html><html>", "là trang web"),
        (b"xin chao", "bị hỏng hoặc bị cắt cụt"),
        (b"\xff\xfe{\x00}\x00", "bị hỏng hoặc bị cắt cụt"),
        (b"[" * 200_000, "bị hỏng hoặc bị cắt cụt"),
        (b'{"a":' * 15_000, "bị hỏng hoặc bị cắt cụt"),
        (b'{"cells": ' + b"9" * 5000 + b"}", "bị hỏng hoặc bị cắt cụt"),
        (b"[1, 2]", "không phải sổ tay Jupyter"),
        (b'{"cells": 3}', "không phải sổ tay Jupyter"),
        (b'{"cells": []}', "không có ô nào của bài"),
        (b'{"cells": [1, null, {"metadata": 3}]}', "không có ô nào của bài"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_told_from_one(world: World, content: bytes, words: str) -> None:
    assert words in refused(world, Upload(SOTAY, content))


def test_a_truncated_notebook(world: World) -> None:
    whole = world.work()
    for end in (1, len(whole) // 2, len(whole) - 3):
        assert "bị cắt cụt" in refused(world, Upload(SOTAY, whole[:end]))


def test_a_notebook_whose_cells_are_nonsense(world: World) -> None:
    notebook = json.loads(world.work())
    notebook["cells"].append({"cell_type": "code", "metadata": {}})
    assert "không phải sổ tay Jupyter hợp lệ" in refused(world, Upload(SOTAY, json.dumps(notebook).encode()))


def test_outputs_of_twenty_megabytes_are_named_as_the_cause(world: World) -> None:
    # A little below what all files together may weigh, so that the notebook's own limit speaks.
    def printed(output: bytes) -> bytes:
        return world.work().replace(b'"outputs": []', b'"outputs": [' + output + b"]", 1)

    said = refused(world, Upload(SOTAY, printed(b'{"text": "' + b"x" * 20_000_000 + b'"}')))
    assert "19,1 MB" in said
    assert "Clear Outputs" in said
    assert "Clear Outputs" in refused(world, Upload(SOTAY, printed(b"{}," * 60_000 + b"{}")))
    assert "20 MB" in refused(world, Upload(SOTAY, bytes(LIMITS.together + 1)))


def test_another_assignments_notebook(world: World) -> None:
    def others(notebook: NotebookNode) -> None:
        for cell in notebook.cells:
            cell.metadata.nbgrader.grade_id += "-khac"

    assert "sổ tay của bài khác" in refused(world, Upload(SOTAY, changed(world, others)))


def test_deleted_and_duplicated_cells_are_told_and_taken(world: World) -> None:
    def untidy(notebook: NotebookNode) -> None:
        notebook.cells = [*notebook.cells[:3], *notebook.cells[4:], notebook.cells[1]]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the cell's id that stands twice, when the test writes it
        content = changed(world, untidy)
    checked = check_upload(world.assignment, [Upload(SOTAY, content)])
    said = "\n".join(checked.notes)
    assert "ô “luon-dung” đã bị xóa khỏi bài nộp" in said
    assert "ô “tong” xuất hiện nhiều lần" in said


def test_the_assignment_itself_handed_in_unchanged_is_told(world: World) -> None:
    untouched = world.folder.release(NAME).read_bytes()
    assert any(
        "còn y như đề" in note for note in check_upload(world.assignment, [Upload(SOTAY, untouched)]).notes
    )
    assert check_upload(world.assignment, [Upload(SOTAY, world.work())]).notes == []


def test_a_notebook_with_another_name_is_known_by_its_cells(world: World) -> None:
    checked = check_upload(world.assignment, [Upload("C:\\Users\\An\\bt1 (2).ipynb", world.work())])
    assert list(checked.files) == [SOTAY]
    assert checked.notes == [f"Tệp “bt1 (2).ipynb” được nhận là bài làm của {SOTAY}."]
    two = [Upload("a.ipynb", world.work()), Upload("b.ipynb", world.work("x = 1"))]
    assert "chỉ chọn một tệp" in refused(world, *two)


def test_of_two_notebooks_each_is_known_by_its_cells(world: World) -> None:
    release = world.folder.root / "release" / "hai"
    release.mkdir()
    for name in ("problem1", "problem2"):
        cell = nbformat.v4.new_code_cell("assert x", metadata={"nbgrader": {"grade_id": name, "grade": True}})
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), release / f"{name}.ipynb")
    with reading(world.engine) as session:
        two = find_assignment(world.data, session, COURSE, "hai")
    first, second = ((release / f"problem{n}.ipynb").read_bytes() for n in (1, 2))
    checked = check_upload(two, [Upload("của tôi.ipynb", second), Upload("problem1-Copy1.ipynb", first)])
    assert checked.files == {"problem1.ipynb": first, "problem2.ipynb": second}
    checked = check_upload(two, [Upload("problem2.ipynb", second)])
    assert any("thiếu sổ tay problem1.ipynb" in note for note in checked.notes)
    with pytest.raises(HandInRefused, match="cùng là bài làm của problem1"):
        check_upload(two, [Upload("problem1.ipynb", first), Upload("problem2.ipynb", first)])


def test_data_without_a_notebook(world: World) -> None:
    assert f"Cần nộp: {SOTAY}" in refused(world, Upload("so-lieu.csv", b"a,b\n1,2\n"))
    assert "chưa chọn tệp" in refused(world, Upload("", b""))
    assert "chưa chọn tệp" in refused(world)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("anh.csv", PNG, "thật ra là ảnh PNG"),
        ("so.csv", "Họ tên".encode("utf-16"), "UTF-8"),
        ("anh.jpg", PNG, "không phải JPG thật (ảnh PNG"),
        ("bai.zip", zipped(a=b"x"), "Không nhận tệp “bai.zip”"),
        ("bai.html", b"<script>", "Không nhận tệp"),
        ("bai.svg", b"<svg/>", "Không nhận tệp"),
        ("timestamp.txt", b"2020", "do hệ thống dùng"),
        ("a\x00b.csv", b"1", "ký tự lạ"),
        (".csv", b"1", "ký tự lạ"),
        ("x" * 90 + ".csv", b"1", "quá dài"),
        ("to.csv", b"1" * (LIMITS.other + 1), "nặng hơn 5 MB"),
        ("gia.xlsx", b"khong phai zip", "không phải tệp Word, Excel"),
        ("gia.xlsx", zipped(a=b"x"), "không phải tệp Word, Excel"),
        ("bom.xlsx", zipped(_Content_Types___xml=b"", a=bytes(70_000_000)), "bung ra quá lớn"),
    ],
)  # fmt: skip
def test_other_files(world: World, name: str, content: bytes, words: str) -> None:
    assert words in refused(world, Upload(SOTAY, world.work()), Upload(name, content))


def test_good_files_go_along_and_every_fault_is_told(world: World) -> None:
    office = io.BytesIO()
    with zipfile.ZipFile(office, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    sent = [
        Upload(SOTAY, world.work()), Upload("số liệu 2026.csv", "Xã,Số\nĐá Bạc,3\n".encode()),
        Upload("bang.xlsx", office.getvalue()), Upload("anh.png", PNG),
    ]  # fmt: skip
    assert sorted(check_upload(world.assignment, sent).files) == sorted(one.name for one in sent)
    said = refused(
        world, Upload("a.exe", b"MZ"), Upload("b.csv", b""), Upload("B.csv", b"1"), Upload("b.CSV", b"1")
    )
    assert [words in said for words in ("a.exe", "“b.csv” rỗng", "Có hai tệp cùng tên")] == [True] * 3
    assert "nhiều nhất 20 tệp" in refused(world, *[Upload(f"{n}.csv", b"1") for n in range(21)])


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=30), st.sampled_from(["", ".csv", ".ipynb", "/../../x.txt", "\\..\\x.py"]))
def test_no_name_is_a_path(text: str, end: str) -> None:
    name, ending = file_name(text + end)
    if not name_fault(text + end, name, ending):
        assert not set("/\\\0") & set(name)
        assert not name.startswith(".")
        assert ".." not in name
        assert len(name.encode()) < 250


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_whatever_is_sent_is_taken_or_refused_in_words(world: World, data: st.DataObject) -> None:
    whole = bytearray(world.work(RIGHT))
    for _change in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=12))
    try:
        taken, said = set(check_upload(world.assignment, [Upload(SOTAY, bytes(whole))]).files), []
    except HandInRefused as refusal:
        taken, said = set(), refusal.messages
    assert taken == {SOTAY} or (said and all(message.strip() for message in said))


def test_too_many_parts_is_not_called_too_heavy() -> None:
    fault = content_fault("a.ipynb", "ipynb", b'{"cells": [{}, {}, {}]}', UploadLimits(parts=3))
    assert "quá nhiều ô" in fault
    assert "MB" not in fault
