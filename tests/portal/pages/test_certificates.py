"""Certificates on the pages: an officer takes theirs away, anybody checks a number, an administrator revokes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from isoxa_courses.text import format_date
from isoxa_grading.certificates import issue_newest
from isoxa_grading.certificates.keys import trusted
from isoxa_grading.certificates.lookup import MOST
from isoxa_grading.certificates.numbers import can_be_given, make_number
from isoxa_grading.certificates.verifying import verify_pdf
from isoxa_grading.records.database import writing
from isoxa_grading.records.tables import (
    Certificate,
    CertificateLookup,
    Enrolment,
    FactKind,
    Person,
    TrainingFact,
)
from sqlalchemy import delete, select

from tests.portal.conftest import Server
from tests.portal.pages.conftest import HOSTILE, NOW, Page, Reader, World
from tests.portal.tiny_course import COURSE

FILE = f"/khoa-hoc/{COURSE}/giay-chung-nhan.pdf"
LIST = "/quan-tri/giay-chung-nhan"


@pytest.fixture(scope="module")
def numbers(portal: Server, world: World) -> dict[str, str]:
    """Username → number, of those who completed the course."""
    found = {}
    with writing(portal.app.portal.engine) as session:
        for username in ("an", "hostile", "xa"):
            enrolment = session.scalars(
                select(Enrolment).where(Enrolment.person_id == world.people[username])
            ).one()
            session.add(
                TrainingFact(
                    enrolment_id=enrolment.id, kind=FactKind.COMPLETED, on=NOW.date(), value=None, recorded_at=NOW
                )
            )  # fmt: skip
            session.flush()
            # "xa" completed before there were certificates: the page makes up for it.
            if username != "xa":
                made = issue_newest(session, enrolment, now=NOW)
                assert made is not None
                found[username] = made.number
    return found


@pytest.fixture(autouse=True)
def nobody_asked_yet(portal: Server) -> None:
    with writing(portal.app.portal.engine) as session:
        session.execute(delete(CertificateLookup))


def facts(page: Page) -> dict[str, str]:
    return {
        one.dt.get_text(): one.dd.get_text().strip()  # type: ignore[union-attr]
        for one in page.html.select("dl.ix-summary > div")
    }


def test_an_officer_takes_theirs_away(
    numbers: dict[str, str], as_user: Callable[[str], Reader], portal: Server
) -> None:
    reader = as_user("an")
    course = reader.get(f"/khoa-hoc/{COURSE}")
    assert course.link("Tải giấy chứng nhận") == FILE
    assert f"Số {numbers['an']}, tệp PDF có chữ ký số." in course.text
    file = reader.get(FILE)
    assert file.status == 200
    assert file.answer.headers["Content-Type"] == "application/pdf"
    assert f'giay-chung-nhan-{numbers["an"]}.pdf"' in file.answer.headers["Content-Disposition"]
    found = verify_pdf(file.answer.content, trusted(portal.app.portal.data))
    assert found.genuine
    assert found.statement is not None
    assert (found.statement["number"], found.statement["name"]) == (numbers["an"], "Nguyễn Văn An")
    assert reader.get(FILE).answer.content == file.answer.content
    # The public page vouches for this very file.
    public = reader.get(course.link("Xem trang xác nhận"))
    assert hashlib.sha256(file.answer.content).hexdigest() in public.text


def test_without_a_completion_there_is_none(
    numbers: dict[str, str], as_user: Callable[[str], Reader]
) -> None:
    reader = as_user("binh")
    assert "Tải giấy chứng nhận" not in reader.get(f"/khoa-hoc/{COURSE}").text
    page = reader.get(FILE)
    assert page.status == 404
    assert "cấp ngay khi anh/chị hoàn thành khóa học" in page.text
    assert as_user("quan-tri").get(FILE).status == 404


def test_what_was_completed_before_gets_one_at_the_first_look(
    numbers: dict[str, str], as_user: Callable[[str], Reader]
) -> None:
    reader = as_user("xa")
    assert reader.get(f"/khoa-hoc/{COURSE}").link("Tải giấy chứng nhận") == FILE
    assert reader.get(FILE).answer.content[:5] == b"%PDF-"


def test_anybody_checks_a_number(numbers: dict[str, str], reader: Reader) -> None:
    form = reader.get("/xac-nhan")
    assert form.answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert form.one('meta[name="robots"]')["content"] == "noindex, nofollow"
    typed = numbers["an"].lower().replace("-", " ").removeprefix("isoxa")
    page = reader.get("/xac-nhan", params={"so": typed})
    assert page.status == 200
    assert page.answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Có hiệu lực" in page.one("main .ix-notice strong").get_text()
    assert facts(page) == {
        "Họ và tên": "Nguyễn Văn An",
        "Đơn vị khi được cấp": "Xã Suối Lành, tỉnh Lâm Đồng",
        "Khóa học": "Khóa học thử",
        "Hoàn thành ngày": format_date(NOW.date()),
    }
    hostile = reader.get(f"/xac-nhan/{numbers['hostile']}")
    assert facts(hostile)["Họ và tên"] == HOSTILE
    assert not hostile.html.select("main b, main script")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("abc", "chưa phải số giấy chứng nhận"),
        ("ISOXA-2026-000001-A", "chép nhầm"),
        ("<script>alert(1)</script>", "chưa phải số giấy chứng nhận"),
        ("9" * 200, "chép lại đúng dòng"),
        ("../../isoxa.toml", "chưa phải số"),
        ("%00", "chưa phải số"),
    ],
)
def test_what_is_no_number_is_told(reader: Reader, typed: str, words: str) -> None:
    page = reader.get("/xac-nhan", params={"so": typed})
    assert page.status == 404
    assert words in page.text
    assert page.html.find(id="so-error") is not None
    assert not page.html.select("main script")


def test_a_number_never_issued(reader: Reader) -> None:
    number = next(n for n in (make_number(2026, 900_000 + step) for step in range(9)) if can_be_given(n))
    page = reader.get(f"/xac-nhan/{number}")
    assert page.status == 404
    assert f"chưa từng cấp giấy chứng nhận số {number}" in page.text


def test_walking_through_numbers_is_stopped(numbers: dict[str, str], reader: Reader) -> None:
    walk = [n for n in (make_number(2026, 500_000 + step) for step in range(60)) if can_be_given(n)]
    assert reader.get(f"/xac-nhan/{numbers['an']}").status == 200
    seen = [reader.get(f"/xac-nhan/{number}") for number in walk[:MOST]]
    assert [page.status for page in seen] == [404] * (MOST - 1) + [429]
    assert 0 < int(seen[-1].answer.headers["Retry-After"]) <= 600
    assert "Anh/chị đợi khoảng" in seen[-1].text
    assert reader.get(f"/xac-nhan/{numbers['an']}").status == 200


def test_an_administrator_revokes_and_replaces(
    numbers: dict[str, str], as_user: Callable[[str], Reader], reader: Reader, portal: Server, world: World
) -> None:
    number, admin = numbers["hostile"], as_user("quan-tri.lamdong")
    listed = admin.get(LIST)
    assert "Chưa ghi đơn vị cấp giấy" in listed.text
    assert number not in admin.get(f"{LIST}?tim=khong-co-ai").text
    page = admin.get(admin.get(f"{LIST}?tim={number.lower()}").link(number))
    assert facts(page)["Họ và tên"] == HOSTILE
    assert admin.get(page.link("Tải tệp PDF đã ký")).answer.content[:5] == b"%PDF-"
    empty = admin.send(page, "Thu hồi giấy chứng nhận", reason="  ")
    assert empty.status == 400
    assert "Chưa có lý do thu hồi" in empty.text
    done = admin.send(empty, "Thu hồi giấy chứng nhận", reason='Ghi sai <b>họ "tên"</b>')
    assert done.status == 200
    assert "Đã thu hồi." in done.text
    assert facts(done)["Lý do thu hồi"] == 'Ghi sai <b>họ "tên"</b>'
    # The officer sees it, the public learns that it was revoked but not why, the log who did it.
    officer = as_user("hostile")
    course = officer.get(f"/khoa-hoc/{COURSE}")
    assert "đã bị thu hồi ngày" in course.text
    assert "Ghi sai <b>" in course.text
    assert officer.get(FILE).status == 409
    public = reader.get(f"/xac-nhan/{number}")
    assert "Đã bị thu hồi" in public.text
    assert "Ghi sai" not in public.text
    assert number in admin.get("/quan-tri/nhat-ky?viec=certificate.revoked").text
    # Another administrator, at the same page from before, changes nothing.
    again = admin.send(page, "Thu hồi giấy chứng nhận", reason="lần hai")
    assert again.status == 400
    assert "đã bị thu hồi trước đó" in again.text
    with writing(portal.app.portal.engine) as session:
        session.get_one(Person, world.people["hostile"]).full_name = "Tên Đã Sửa"
    newer = admin.send(done, "Cấp lại giấy chứng nhận")
    assert "Đã cấp giấy mới" in newer.text
    assert facts(newer)["Họ và tên"] == "Tên Đã Sửa"
    assert "Người được cấp đã có giấy khác thay thế" in reader.get(f"/xac-nhan/{number}").text
    assert officer.get(f"/khoa-hoc/{COURSE}").link("Tải giấy chứng nhận") == FILE
    assert admin.get(f"{LIST}/{number}").link(newer.one("h1").get_text().split()[-1])


def test_an_expired_one_is_said_to_be(numbers: dict[str, str], reader: Reader, portal: Server) -> None:
    last = (NOW - timedelta(days=2)).date()
    with writing(portal.app.portal.engine) as session:
        one = session.scalars(select(Certificate).where(Certificate.number == numbers["an"])).one()
        one.valid_until = last
    page = reader.get(f"/xac-nhan/{numbers['an']}")
    assert "Hết hiệu lực" in page.one("main .ix-notice strong").get_text()
    assert facts(page)["Có giá trị đến hết ngày"] == format_date(last)


def test_an_erased_person_has_no_name_and_no_file(
    numbers: dict[str, str], as_user: Callable[[str], Reader], reader: Reader, portal: Server, world: World
) -> None:
    from isoxa_grading.certificates.files import file_of

    as_user("an").get(FILE)
    file = file_of(portal.app.portal.data, numbers["an"])
    assert file.exists()
    admin = as_user("quan-tri.lamdong")
    page = admin.get(f"/quan-tri/tai-khoan/{world.accounts['an']}/thong-tin")
    button = next(one for one in page.html.find_all("button") if one.get("value") == "xoa")
    admin.send(page, button, tick=["1"])
    assert not file.exists()
    public = reader.get(f"/xac-nhan/{numbers['an']}")
    assert facts(public)["Họ và tên"] == "Đã xóa theo yêu cầu của người được cấp"
    assert "Nguyễn Văn An" not in public.text
