"""Every address × role × scope: one's own unit, a sibling, the unit above, another province, the whole country.

The cases come from the application's own list of routes. An address that shows or changes what belongs to a unit says
in ``SCOPED`` how to ask for it at a place and how to tell whether it was given; any other says in ``UNSCOPED`` why it
needs no scope. A new route that says neither fails here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import requests
from isoxa_courses.official_letters import OFFICIAL_KINDS
from isoxa_grading.nbgrader_bridge import student_name
from isoxa_grading.records.tables import Role
from isoxa_grading.records.units import in_scope
from isoxa_grading.reports import ListKind
from isoxa_portal.routes import ALL_ROLES, routes

from tests.portal.conftest import Server
from tests.portal.pages.conftest import Page, Reader, World
from tests.portal.pages.scope_world import ACTORS, ASSIGNMENT, LIST, PLACES, Case, Things, build
from tests.portal.test_routes import methods
from tests.portal.tiny_course import COURSE, QUIZ

Ask = Callable[[Case], bool]
"""Asks for the thing at the case's place; whether it was given."""


def there(page: Page) -> bool:
    """A thing out of reach looks like one that does not exist."""
    assert page.status in (200, 303, 404), (page.status, page.text)
    return page.status != 404


def unit_known(page: Page, field: str) -> bool:
    """Whether a form or list took the unit that was named, or said that it lies outside."""
    error = page.html.find(id=f"{field}-error")
    assert error is None or "nằm ngoài phạm vi" in error.get_text(), error
    return error is None


def end_session(case: Case) -> bool:
    """The answer is always the same; the session tells."""
    session_id = case.revive_session()
    assert case.post("/quan-tri/phien", phien=str(session_id)).status == 303
    return case.has_ended(session_id)


def live_session(case: Case) -> bool:
    case.revive_session()
    return case.name in case.get("/quan-tri/phien").text


def new_account(case: Case) -> bool:
    page = case.post(
        "/quan-tri/tai-khoan/moi", display_name="Thử", role="trainer", username=case.fresh_username,
        unit=case.things.names[case.place], password="mat-khau-thu-9",
    )  # fmt: skip
    assert page.status in (303, 400), page.text
    return page.status == 303 or unit_known(page, "unit")


def account_path(case: Case) -> str:
    return f"/quan-tri/tai-khoan/{case.account}"


def certificate_path(case: Case) -> str:
    return f"/quan-tri/giay-chung-nhan/{case.things.certificates[case.place]}"


ACCOUNT = r"/quan-tri/tai-khoan/(?P<account>[0-9]{1,9})"
GRADING = r"/cham-bai/(?P<attempt>\w+)/(?P<slot>[\w.-]+)"
WORK = r"/cham-bai/san-pham/(?P<work>\d{1,18})"
FILE = r"(?P<kind>[a-z0-9-]+)\.(?P<format_>docx|xlsx)"
ROSTER = r"/quan-tri/danh-sach"
TICKET = rf"{ROSTER}/(?P<ticket>[0-9a-f]{{32}})"
DONE = rf"{ROSTER}/xong(?:/(?P<import_id>[0-9]{{1,9}}))?"
DONE_SHEET = rf"{ROSTER}/xong/(?P<import_id>[0-9]{{1,9}})/chua-nhap\.xlsx"
CALL_LIST = rf"/bao-cao/danh-sach/(?P<list_>{'|'.join(kind.slug for kind in ListKind)})"
DESK = r"/api/desk/answers/(?P<task>[0-9a-f]{32})"
PILE = r"/cham-bai/ban/(?P<course>[\w.-]{1,80})/(?P<quiz>[\w.-]{1,80})/(?P<slot>[\w.-]{1,80})"
SUPPORT = r"/cham-bai/ho-tro/(?P<attempt>\w+)"
CERTIFICATE = r"/quan-tri/giay-chung-nhan/(?P<number>[0-9A-Za-z-]{1,40})"
BANK = r"/api/desk/comments/(?P<course>[\w.-]{1,80})"
EXERCISE = r"/khoa-hoc/(?P<course>[\w.-]+)/bai-tap/(?P<assignment>[\w.-]+)"
HANDED_IN = r"/cham-bai/bai-tap/(?P<course>[\w.-]+)/(?P<assignment>[\w.-]+)"
HAND_IN = r"/cham-bai/bai-nop/(?P<hand_in>[0-9a-f]{32})"
OWN_WORK = rf"{EXERCISE}/bai-nop/(?P<hand_in>[0-9a-f]{{32}})/(?P<index>[0-9]{{1,4}})"
ATTEMPT = r"/api/attempts/(?P<attempt>[\w-]+)"
ENROLLING = r"/ghi-danh/(?P<act>ghi-danh|doi-han|mien-hoc|bo-mien-hoc|thoi-hoc)"
CLASS = r"/lop-tap-huan/(?P<workshop>[0-9]{1,9})"
SENT = rf"{CLASS}/nhap/(?P<ticket>[0-9a-f]{{32}})"
BATCH = r"/ghi-danh/viec/(?P<batch>[0-9a-f]{32})"
REMINDERS = r"/ghi-danh/nhac-hoc"


def batch_of(case: Case) -> str:
    """The address of a batch about the place's officer, named by id."""
    fields = {"khoa": COURSE, "cach": "nguoi", "nguoi": str(case.person), "bo-han": "1"}
    return str(case.post("/ghi-danh/doi-han", **fields).answer.headers["Location"])


def workshop_path(case: Case) -> str:
    return f"/lop-tap-huan/{case.things.workshops[case.place]}"


def sent_files(case: Case) -> Page:
    """What the account sent to the workshop at the place; the address of its preview is in the answer."""
    return case.post(f"{workshop_path(case)}/nhap", files={"file": ("x.json", b"{}")})


def sent_path(case: Case) -> str:
    """That preview; for a workshop that takes none, of a ticket that there is not."""
    none = f"{workshop_path(case)}/nhap/{'0' * 32}"
    return str(sent_files(case).answer.headers.get("Location", none))


def desk(case: Case, method: str, path: str, body: Any = None) -> requests.Response:
    """The desk's API, asked about the task at the place."""
    return case.api(method, f"/api/desk/answers/{case.things.tasks[case.place]}{path}", body)


def given(answer: requests.Response) -> bool:
    assert answer.status_code in (200, 400, 404), answer.text
    return answer.status_code != 404


def takes(case: Case) -> bool:
    """Whether the officer of the place is among those whose answers this trainer is handed."""
    pile = {"course": COURSE, "quiz": QUIZ, "slot": "c5"}
    seen, after = False, None
    while (
        found := case.api("POST", "/api/desk/next", {**pile, "after": after}).json()["answer"]
    ) is not None:
        after = found["task"]
        seen |= found["officer"] == case.name
        case.api("DELETE", f"/api/desk/answers/{after}/claim")
    return seen


def work_taken_away(case: Case) -> bool:
    """Whether the ZIP of an assignment has the work of the place's officer."""
    content = case.get(f"/cham-bai/bai-tap/{COURSE}/{ASSIGNMENT}/bai-nop.zip").answer.content
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    return any(name.startswith(f"submitted/{student_name(case.person)}/") for name in names)


SCOPED: dict[tuple[str, str], Ask] = {
    ("POST", ENROLLING): lambda c: (
        c.post("/ghi-danh/ghi-danh", khoa=COURSE, cach="danh-sach", dan=c.name).status == 303
    ),
    ("GET", BATCH): lambda c: c.name in c.get(batch_of(c)).text,
    ("GET", r"/ghi-danh/nguoi-hoc"): lambda c: c.name in c.get(f"/ghi-danh/nguoi-hoc?tim={c.name}").text,
    ("GET", rf"{REMINDERS}/?"): lambda c: unit_known(c.get(f"{REMINDERS}?{c.query()}"), "don-vi"),
    ("POST", rf"{REMINDERS}/?"): lambda c: (
        c.post(REMINDERS, **{"viec": "gui", "khoa": COURSE, "don-vi": c.things.names[c.place]}).status == 303
    ),
    ("GET", r"/lop-tap-huan/?"): lambda c: f"Lớp của {c.place}." in c.get("/lop-tap-huan").text,
    ("GET", CLASS): lambda c: there(c.get(workshop_path(c))),
    ("GET", rf"{CLASS}/ma-lop"): lambda c: there(c.get(f"{workshop_path(c)}/ma-lop")),
    ("GET", rf"{CLASS}/man-hinh"): lambda c: there(c.get(f"{workshop_path(c)}/man-hinh")),
    ("GET", rf"{CLASS}/man-hinh\.json"): lambda c: there(c.get(f"{workshop_path(c)}/man-hinh.json")),
    # Of another day it is refused in words; of a class outside the scope there is nothing to say.
    ("POST", rf"{CLASS}/nhip"): lambda c: c.post(f"{workshop_path(c)}/nhip", so_buoc="1").status != 404,
    ("POST", rf"{CLASS}/gui-ve"): lambda c: there(c.post(f"{workshop_path(c)}/gui-ve")),
    ("POST", rf"{CLASS}/gui-ve/bo"): lambda c: there(c.post(f"{workshop_path(c)}/gui-ve/bo", chac_chan="1")),
    ("POST", rf"{CLASS}/gui-ve/bao-dam"): lambda c: there(c.post(f"{workshop_path(c)}/gui-ve/bao-dam")),
    ("POST", rf"{CLASS}/nhap"): lambda c: there(sent_files(c)),
    ("GET", SENT): lambda c: there(c.get(sent_path(c))),
    ("POST", SENT): lambda c: there(c.post(sent_path(c))),
    ("POST", r"/api/desk/next"): takes,
    ("GET", DESK): lambda c: given(desk(c, "GET", "")),
    ("PUT", rf"{DESK}/claim"): lambda c: (
        given(desk(c, "PUT", "/claim")) and given(desk(c, "DELETE", "/claim"))
    ),
    ("DELETE", rf"{DESK}/claim"): lambda c: given(desk(c, "DELETE", "/claim")),
    ("PUT", rf"{DESK}/grade"): lambda c: given(
        desk(c, "PUT", "/grade", {"points": "11", "comment": "", "revision": 0})
    ),
    ("GET", r"/cham-bai/ho-tro/?"): lambda c: c.name in c.get(f"/cham-bai/ho-tro?tim={c.name}").text,
    ("GET", SUPPORT): lambda c: there(c.get(f"/cham-bai/ho-tro/{c.things.attempts[c.place]}")),
    ("POST", SUPPORT): lambda c: (
        c.post(f"/cham-bai/ho-tro/{c.things.attempts[c.place]}", viec="gia-han").status != 404
    ),
    ("GET", HANDED_IN): lambda c: c.name in c.get(f"/cham-bai/bai-tap/{COURSE}/{ASSIGNMENT}").text,
    ("GET", rf"{HANDED_IN}/bai-nop\.zip"): work_taken_away,
    ("GET", rf"{HANDED_IN}/gia-han/?"): lambda c: (
        f"gia-han/{c.person}"
        in c.get(f"/cham-bai/bai-tap/{COURSE}/{ASSIGNMENT}/gia-han?tim={c.name}").answer.text
    ),
    ("GET", rf"{HANDED_IN}/gia-han/(?P<person>[0-9]{{1,9}})"): lambda c: there(
        c.get(f"/cham-bai/bai-tap/{COURSE}/{ASSIGNMENT}/gia-han/{c.person}")
    ),
    ("POST", rf"{HANDED_IN}/gia-han/(?P<person>[0-9]{{1,9}})"): lambda c: (
        c.post(f"/cham-bai/bai-tap/{COURSE}/{ASSIGNMENT}/gia-han/{c.person}", viec="gia-han").status != 404
    ),
    ("GET", HAND_IN): lambda c: there(c.get(f"/cham-bai/bai-nop/{c.things.hand_ins[c.place]}")),
    ("GET", rf"{HAND_IN}/(?P<index>[0-9]{{1,4}})"): lambda c: there(
        c.get(f"/cham-bai/bai-nop/{c.things.hand_ins[c.place]}/0")
    ),
    ("GET", r"/bao-cao/?"): lambda c: there(c.get(f"/bao-cao?don-vi={c.unit}")),
    ("GET", r"/bao-cao/tai-ve\.(?P<name>xlsx|csv|pdf)"): lambda c: there(
        c.get(f"/bao-cao/tai-ve.csv?don-vi={c.unit}")
    ),
    ("GET", CALL_LIST): lambda c: there(c.get(f"/bao-cao/danh-sach/qua-han?don-vi={c.unit}")),
    ("GET", rf"{CALL_LIST}\.(?P<name>xlsx|csv)"): lambda c: there(
        c.get(f"/bao-cao/danh-sach/chua-cu-ai.csv?don-vi={c.unit}")
    ),
    ("GET", r"/bao-cao/hieu-luc/?"): lambda c: there(c.get(f"/bao-cao/hieu-luc?don-vi={c.unit}")),
    ("GET", r"/bao-cao/so-lieu-chot"): lambda c: there(c.get(f"/bao-cao/so-lieu-chot?don-vi={c.unit}")),
    # A commune's account is refused its own (403), and told of no other (404).
    ("POST", r"/bao-cao/so-lieu-chot"): lambda c: (
        c.post("/bao-cao/so-lieu-chot", **{"don-vi": str(c.unit)}).status != 404
    ),
    ("GET", r"/cham-bai/?"): lambda c: c.name in c.get("/cham-bai").text,
    ("GET", GRADING): lambda c: there(c.get(f"/cham-bai/{c.things.attempts[c.place]}/c5")),
    ("POST", GRADING): lambda c: (
        c.post(f"/cham-bai/{c.things.attempts[c.place]}/c5", points="abc", comment="", reason="").status
        != 404
    ),
    ("GET", r"/cham-bai/phan-tich/?"): lambda c: there(c.get(f"/cham-bai/phan-tich?don-vi={c.unit}")),
    ("GET", r"/cham-bai/phan-tich/tai-ve\.xlsx"): lambda c: there(
        c.get(f"/cham-bai/phan-tich/tai-ve.xlsx?khoa={COURSE}&bai={QUIZ}&phien-ban=1&don-vi={c.unit}")
    ),
    ("GET", r"/cham-bai/san-pham/?"): lambda c: c.name in c.get("/cham-bai/san-pham").text,
    ("GET", WORK): lambda c: there(c.get(f"/cham-bai/san-pham/{c.things.works[c.place]}")),
    ("GET", rf"{WORK}/{FILE}"): lambda c: there(
        c.get(f"/cham-bai/san-pham/{c.things.works[c.place]}/vong-pdca.docx")
    ),
    ("GET", r"/quan-tri/?"): lambda c: f"nhap-{c.place}.xlsx" in c.get("/quan-tri").text,
    ("GET", r"/quan-tri/tai-khoan/?"): lambda c: c.name in c.get(f"/quan-tri/tai-khoan?tim={c.name}").text,
    ("POST", r"/quan-tri/tai-khoan/nhieu"): lambda c: there(
        c.post("/quan-tri/tai-khoan/nhieu", **{"viec": "mo-khoa", "tai-khoan": c.key})
    ),
    ("POST", r"/quan-tri/tai-khoan/moi"): new_account,
    ("GET", ACCOUNT): lambda c: there(c.get(account_path(c))),
    ("POST", ACCOUNT): lambda c: there(c.post(account_path(c), viec="mo-khoa", version=c.version)),
    ("GET", f"{ACCOUNT}/thong-tin"): lambda c: there(c.get(f"{account_path(c)}/thong-tin")),
    ("POST", f"{ACCOUNT}/thong-tin"): lambda c: there(
        c.post(f"{account_path(c)}/thong-tin", viec="sua", version=c.version, full_name=c.name)
    ),
    ("GET", r"/quan-tri/ma-kich-hoat"): lambda c: there(c.get(f"/quan-tri/ma-kich-hoat?don-vi={c.unit}")),
    ("POST", r"/quan-tri/ma-kich-hoat"): lambda c: there(
        c.post("/quan-tri/ma-kich-hoat", **{"don-vi": str(c.unit)})
    ),
    ("GET", r"/quan-tri/yeu-cau"): lambda c: c.name in c.get("/quan-tri/yeu-cau").text,
    ("POST", r"/quan-tri/yeu-cau"): lambda c: there(
        c.post("/quan-tri/yeu-cau", **{"viec": "ma", "tai-khoan": c.key})
    ),
    ("GET", r"/quan-tri/phien"): live_session,
    ("POST", r"/quan-tri/phien"): end_session,
    ("GET", r"/quan-tri/nhat-ky"): lambda c: c.name in c.get("/quan-tri/nhat-ky?viec=data_request.made").text,
    ("GET", r"/quan-tri/giay-chung-nhan/?"): lambda c: c.name in c.get("/quan-tri/giay-chung-nhan").text,
    ("GET", CERTIFICATE): lambda c: there(c.get(certificate_path(c))),
    ("POST", CERTIFICATE): lambda c: c.post(certificate_path(c), viec="thu-hoi", reason="").status != 404,
    ("GET", rf"{CERTIFICATE}\.pdf"): lambda c: there(c.get(f"{certificate_path(c)}.pdf")),
    ("GET", DONE): lambda c: there(c.get(f"{ROSTER}/xong/{c.things.imports[c.place]}")),
    ("POST", DONE): lambda c: c.post(f"{ROSTER}/xong/{c.things.imports[c.place]}", viec="xem").status != 404,
}
# A roster's units are bounded by one of the administrator's own units, not by one below it.
OWN_UNIT: dict[tuple[str, str], Ask] = {
    ("POST", rf"{ROSTER}/?"): lambda c: (
        c.post(f"{ROSTER}", files={"file": ("ds.csv", LIST)}, scope=str(c.unit)).status != 404
    ),
    ("GET", TICKET): lambda c: there(c.get(f"{ROSTER}/{c.kept_upload()}")),
    ("POST", TICKET): lambda c: c.post(f"{ROSTER}/{c.kept_upload()}", viec="ghi").status != 404,
    ("GET", rf"{TICKET}/chua-nhap\.xlsx"): lambda c: there(
        c.get(f"{ROSTER}/{c.kept_upload()}/chua-nhap.xlsx")
    ),
}
# Somebody's own alone, whatever role the asker has over them.
OWN_PERSON: dict[tuple[str, str], Ask] = {
    ("GET", ATTEMPT): lambda c: there(c.get(f"/api/attempts/{c.things.attempts[c.place]}")),
    ("PUT", rf"{ATTEMPT}/slots/(?P<slot>[\w.-]+)"): lambda c: (
        c.reader.cookies.put(
            f"{c.reader.server.root}/api/attempts/{c.things.attempts[c.place]}/slots/c1",
            json={"answer": "x", "seq": 9, "key": "k"},
            headers={
                "X-Isoxa-Xsrf": c.reader.cookies.get(f"{c.reader.server.root}/api/session").json()["xsrf"]
            },
            timeout=60,
        ).status_code
        != 404
    ),
    ("POST", rf"{ATTEMPT}/submit"): lambda c: (
        c.post(f"/api/attempts/{c.things.attempts[c.place]}/submit").status != 404
    ),
    ("GET", r"/khoa-hoc/(?P<course>[\w.-]+)/ket-qua/(?P<attempt>\w+)"): lambda c: there(
        c.get(f"/khoa-hoc/{COURSE}/ket-qua/{c.things.attempts[c.place]}")
    ),
    ("GET", OWN_WORK): lambda c: there(
        c.get(f"/khoa-hoc/{COURSE}/bai-tap/{ASSIGNMENT}/bai-nop/{c.things.hand_ins[c.place]}/0")
    ),
    ("GET", DONE_SHEET): lambda c: there(c.get(f"{ROSTER}/xong/{c.things.imports[c.place]}/chua-nhap.xlsx")),
}
ONES_OWN = "one's own"
OF_COMMUNES = "communes alone; tests/portal/pages/test_report_papers.py"
UNSCOPED = {
    rf"/bao-cao/cong-van/(?P<list_>{'|'.join(OFFICIAL_KINDS.values())})/(?P<unit>\d{{1,9}})\.docx": OF_COMMUNES,
    r"/bao-cao/ho-so/(?P<unit>\d{1,9})\.zip": OF_COMMUNES,
    r"/bao-cao/hieu-luc/(?P<unit>\d{1,9})": OF_COMMUNES,
    r"/bao-cao/hoc-vien/(?P<person>[0-9]{1,9})": "officers of communes; tests/portal/pages/test_report_lists.py",
    r"/api/desk/piles": "counts; tests/grading/records/desk, tests/portal/pages/test_desk_api.py",
    BANK: ONES_OWN,
    rf"{BANK}/(?P<comment>[0-9]{{1,9}})": ONES_OWN,
    PILE: "the same for every trainer; tests/portal/pages/test_desk_api.py",
    r"/api/session": ONES_OWN,
    r"/api/login": "nobody is signed in yet",
    r"/api/logout": ONES_OWN,
    r"/api/courses/(?P<course>[\w.-]+)": ONES_OWN,
    r"/api/courses/(?P<course>[\w.-]+)/lessons/(?P<lesson>[\w.-]+)/state": ONES_OWN,
    r"/api/courses/(?P<course>[\w.-]+)/lessons/(?P<lesson>[\w.-]+)/items/(?P<item>[\w.-]+)": ONES_OWN,
    r"/api/courses/(?P<course>[\w.-]+)/quizzes/(?P<quiz>[\w.-]+)": ONES_OWN,
    r"/api/attempts": ONES_OWN,
    r"/khoa-hoc/(?P<course>[\w.-]+)/bai/(?P<lesson>[\w.-]+)": "the same for everyone",
    r"/khoa-hoc/(?P<course>[\w.-]+)/kiem-tra/(?P<quiz>[\w.-]+)": "the same for everyone",
    r"/api/kernels/(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)": "one's own; tests/portal/test_lessons.py",
    r"/api/kernels/(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)/channels": "one's own; tests/portal/test_lessons.py",
    r"/api/kernels/(?P<shared_id>\w{8}-\w{4}-8\w{3}-\w{4}-\w{12})/channels": "one's own; tests/portal/test_lessons.py",
    r"/so-do": "counts of the whole server; administrators alone",
    r"/voila/api/shutdown/(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)": "one's own; tests/portal/test_lessons.py",
    r"/static/p/(?P<name>[\w.-]+)": "public",
    r"/static/w/(?P<name>[\w.-]+)": "public",
    r"/static/v/(?P<version>[0-9a-f]{16})/(?P<name>[\w@./-]+)": "public",
    EXERCISE: "the same for everyone, and one's own work; tests/portal/pages/test_assignments.py",
    rf"{EXERCISE}/de\.zip": "the same for everyone",
    rf"{EXERCISE}/de/(?P<index>[0-9]{{1,4}})": "the same for everyone",
    r"/cham-bai/bai-tap/?": "counts, and a run of the scope's; tests/portal/pages/test_assignments.py",
    r"/?": "leads on",
    r"/dang-nhap": "nobody is signed in yet",
    r"/dang-xuat": ONES_OWN,
    r"/ngon-ngu": "this browser's",
    r"/xac-nhan/?": "public",
    r"/xac-nhan/(?P<number>[^/]{1,300})": "public: what the paper says; tests/portal/pages/test_certificates.py",
    r"/khoa-hoc/(?P<course>[\w.-]+)/giay-chung-nhan\.pdf": ONES_OWN,
    r"/ghi-danh/?": "figures of the scope alone; tests/portal/pages/test_enrolment_pages.py",
    rf"{BATCH}/khong-khop\.xlsx": "what the account itself sent",
    rf"{REMINDERS}/thu/(?P<person>[0-9]{{1,9}})": "who is on the list; tests/portal/pages/test_enrolment_pages.py",
    rf"{REMINDERS}/can-goi\.xlsx": "the list of the page; tests/portal/pages/test_enrolment_pages.py",
    rf"{REMINDERS}/da-gui": "letters to the scope's people; tests/portal/pages/test_enrolment_pages.py",
    r"/kich-hoat": "whoever holds the code",
    r"/oauth_callback": "whoever the Hub sends back with a code; their own sign-in",
    r"/vao-lop": "nobody is signed in yet; in a hall alone",
    r"/vao-lop/don-vi\.json": "public: the names of communes; in a hall alone",
    r"/mang-ket-qua-ve": ONES_OWN,
    r"/api/workshop/standing": ONES_OWN,
    r"/api/v1/workshops/reports": "whoever has a class's code; tests/portal/workshop/test_reports.py",
    r"/khoa-hoc/(?P<course>[\w.-]+)/cho-mo\.json": ONES_OWN,
    r"/mang-ket-qua-ve/(?P<course>[\w.-]+)\.isoxa\.json": ONES_OWN,
    r"/quen-mat-khau": "nobody is signed in yet",
    r"/doi-mat-khau": ONES_OWN,
    r"/thong-tin-cua-toi": ONES_OWN,
    r"/thong-tin-cua-toi\.(?P<kind>json|html)": ONES_OWN,
    r"/khoa-hoc/(?P<course>[\w.-]+)/tai-lieu": ONES_OWN,
    rf"/khoa-hoc/(?P<course>[\w.-]+)/bai/(?P<lesson>[\w.-]+)/tai-lieu/(?P<item>[\w.-]+)/{FILE}": ONES_OWN,
    r"/khoa-hoc/?": ONES_OWN,
    r"/khoa-hoc/(?P<course>[\w.-]+)": ONES_OWN,
}
# Of a scoped address, a method that shows nothing but an empty form or leads elsewhere.
EMPTY = {
    ("GET", r"/quan-tri/tai-khoan/nhieu"),
    ("GET", r"/quan-tri/tai-khoan/moi"),
    ("GET", rf"{ROSTER}/?"),
    ("GET", ENROLLING),
    ("POST", r"/lop-tap-huan/?"),  # of one's own unit; tests/portal/workshop
    ("POST", BATCH),  # does what its preview shows; tests/grading/enrolment/test_batches.py
}
KEYS = [(method, route) for route in routes() for method in methods(route)]
STAFF = (Role.TRAINER, Role.DEPARTMENT, Role.ADMIN)


def test_every_route_says_how_it_is_bounded() -> None:
    silent = [
        (method, route.pattern)
        for method, route in KEYS
        if route.pattern not in UNSCOPED
        and (method, route.pattern) not in {*SCOPED, *OWN_UNIT, *OWN_PERSON, *EMPTY}
    ]
    assert silent == []
    # And nothing here speaks of a route that is no more.
    known = {(method, route.pattern) for method, route in KEYS}
    assert {*SCOPED, *OWN_UNIT, *OWN_PERSON, *EMPTY} <= known
    assert set(UNSCOPED) <= {pattern for _method, pattern in known}


def cases(table: dict[tuple[str, str], Ask]) -> list[object]:
    roles = {(method, route.pattern): route.roles or ALL_ROLES for method, route in KEYS}
    return [
        pytest.param(ask, role, actor, place, id=f"{key[0]} {key[1]} {role.value} {actor} asks {place}")
        for key, ask in table.items()
        for role in STAFF
        if role in roles.get(key, ())
        for actor in ACTORS
        for place in PLACES
    ]


@pytest.fixture(scope="module")
def things(portal: Server, world: World) -> Things:
    return build(portal, world)


@pytest.fixture(scope="module")
def readers(portal: Server, things: Things) -> dict[str, Reader]:
    names = [f"{role.value}.{place}" for role in STAFF for place in ACTORS]
    return {name: Reader(portal).log_in(name) for name in names}


def case_of(readers: dict[str, Reader], things: Things, role: Role, actor: str, place: str) -> Case:
    username = f"{role.value}.{actor}"
    return Case(readers[username], username, things, place)


@pytest.mark.parametrize(("ask", "role", "actor", "place"), cases(SCOPED))
def test_what_lies_within_the_scope_is_given_and_nothing_else(
    things: Things, readers: dict[str, Reader], ask: Ask, role: Role, actor: str, place: str
) -> None:
    given = ask(case_of(readers, things, role, actor, place))
    assert given is in_scope(things.paths[place], things.paths[actor])


@pytest.mark.parametrize(("ask", "role", "actor", "place"), cases(OWN_UNIT))
def test_a_roster_belongs_to_ones_own_unit(
    things: Things, readers: dict[str, Reader], ask: Ask, role: Role, actor: str, place: str
) -> None:
    assert ask(case_of(readers, things, role, actor, place)) is (place == actor)


@pytest.mark.parametrize(("ask", "role", "actor", "place"), cases(OWN_PERSON))
def test_what_is_somebodys_own_is_given_to_no_other_role(
    things: Things, readers: dict[str, Reader], ask: Ask, role: Role, actor: str, place: str
) -> None:
    assert ask(case_of(readers, things, role, actor, place)) is False


@pytest.mark.parametrize(
    "key", [key for key in OWN_PERSON if key[1] != DONE_SHEET], ids=lambda key: " ".join(key)
)
def test_an_officer_has_their_own_alone(things: Things, portal: Server, key: tuple[str, str]) -> None:
    reader = Reader(portal).log_in("o.suoi-lanh")
    given = [place for place in PLACES if OWN_PERSON[key](Case(reader, "o.suoi-lanh", things, place))]
    assert given == ["suoi-lanh"]
