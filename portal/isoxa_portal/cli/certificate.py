"""``isoxa certificate issue|list|revoke|reissue|verify|trust``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from isoxa_courses.text import VIETNAM, clean, format_date, format_datetime, format_number

from .common import (
    DEFAULT_DATA,
    DataOption,
    JsonOption,
    UserError,
    note,
    now,
    open_data,
    print_json,
    stdout,
    steps,
)

if TYPE_CHECKING:
    from isoxa_grading.certificates.verifying import Verification
    from isoxa_grading.records.tables import Certificate
    from sqlalchemy.orm import Session

certificate = typer.Typer(help="Giấy chứng nhận: cấp, tra, thu hồi, kiểm tra tệp.", no_args_is_help=True)

NumberArgument = Annotated[str, typer.Argument(help="Số giấy, ví dụ ISOXA-2026-000123-K.")]
_MOST = 1_000_000
_VERDICTS = {
    "genuine": "ĐÚNG: tệp do đơn vị cấp ký, không bị sửa chỗ nào.",
    "altered": "ĐÃ BỊ SỬA: tệp không còn như khi được ký. Không dùng tệp này; xin tệp gốc hoặc tra số giấy.",
    "stranger": "KHÔNG PHẢI CỦA CHÚNG TÔI: tệp có chữ ký, nhưng người ký không nằm trong tệp tin cậy.",
    "unsigned": "KHÔNG CÓ CHỮ KÝ SỐ: không thể biết ai làm ra tệp này.",
    "not_pdf": "KHÔNG PHẢI TỆP PDF đọc được.",
}
_STANDINGS = {
    "valid": "Có hiệu lực.",
    "expired": "Đã hết hiệu lực.",
    "revoked": "Đã bị thu hồi.",
    "never_issued": "Trong thư mục dữ liệu này không có giấy nào mang số ấy.",
}


@certificate.command()
def issue(data: DataOption = DEFAULT_DATA, as_json: JsonOption = False) -> None:
    """Cấp giấy cho những người đã hoàn thành mà chưa có giấy; chạy lại bao nhiêu lần cũng vậy."""
    from isoxa_grading.certificates.files import remove_forgotten
    from isoxa_grading.certificates.issuing import issue_all
    from isoxa_grading.records.database import reading

    folder, engine = open_data(data)
    with steps("Cấp giấy chứng nhận"):
        issued = issue_all(engine, now=now())
        with reading(engine) as session:
            removed = remove_forgotten(folder, session)
    if as_json:
        print_json({"issued": issued, "files_removed": removed})
        return
    note(f"Đã cấp {format_number(issued)} giấy chứng nhận.")
    if not clean(folder.settings.certificate.issuer):
        note(
            "Chưa ghi đơn vị cấp giấy: điền issuer trong mục [certificate] của isoxa.toml trước khi in giấy thật."
        )


@certificate.command(name="list")
def list_(
    data: DataOption = DEFAULT_DATA,
    search: Annotated[str, typer.Option("--search", help="Họ tên, đơn vị hoặc số giấy.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Liệt kê giấy chứng nhận, mới nhất trước."""
    from isoxa_grading.certificates.lookup import certificates_within
    from isoxa_grading.records.database import reading

    _folder, engine = open_data(data)
    with reading(engine) as session:
        found = certificates_within(session, None, text=search, now=now(), limit=_MOST)
        if as_json:
            print_json([_as_json(one.certificate, one.standing.value) for one in found])
            return
        for one in found:
            made = one.certificate
            stdout.print(
                f"{made.number}  {format_date(made.completed_on)}  {_STANDINGS[one.standing.value]:<16} "
                f"{made.person_name or '(đã xóa tên)'}  –  {made.unit_name}",
                markup=False, soft_wrap=True,
            )  # fmt: skip
    note(f"{format_number(len(found))} giấy.")


@certificate.command()
def revoke(
    number: NumberArgument,
    reason: Annotated[str, typer.Option("--reason", help="Vì sao; người được cấp đọc lý do này.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Thu hồi một giấy chứng nhận; không lấy lại được."""
    from isoxa_grading.certificates import revoke as take_back
    from isoxa_grading.records.database import writing

    _folder, engine = open_data(data)
    with writing(engine) as session:
        found = _find(session, number)
        take_back(session, found, reason, actor=None, now=now())
        note(f"Đã thu hồi giấy số {found.number}. Trang xác nhận công khai cho biết giấy không còn giá trị.")


@certificate.command()
def reissue(number: NumberArgument, data: DataOption = DEFAULT_DATA) -> None:
    """Cấp giấy mới, với họ tên hiện nay, thay cho một giấy đã thu hồi."""
    from isoxa_grading.certificates import reissue as give_again
    from isoxa_grading.records.database import writing

    _folder, engine = open_data(data)
    with writing(engine) as session:
        found = _find(session, number)
        made = give_again(session, found, actor=None, now=now())
        note(f"Đã cấp giấy số {made.number} thay cho {found.number}.")


@certificate.command()
def trust(
    output: Annotated[Path, typer.Option("--output", help="Tệp .pem để phát cho người kiểm tra.")],
    data: DataOption = DEFAULT_DATA,
) -> None:
    """Xuất tệp tin cậy: ai có tệp này kiểm tra được giấy của đơn vị mà không cần máy chủ."""
    from isoxa_grading.certificates.keys import write_trust

    folder, engine = open_data(data)
    engine.dispose()
    count = write_trust(folder, output, now())
    note(f"Đã ghi {output} ({count} chứng thư, không có khóa bí mật).")


@certificate.command()
def verify(
    file: Annotated[Path, typer.Argument(help="Tệp PDF cần kiểm tra.")],
    trust: Annotated[
        Path | None, typer.Option("--trust", help="Tệp tin cậy; khi có thì không cần thư mục dữ liệu.")
    ] = None,
    data: DataOption = DEFAULT_DATA,
    as_json: JsonOption = False,
) -> None:
    """Kiểm tra một tệp giấy chứng nhận: ai ký, có bị sửa không, ghi gì. Mã thoát 0: đúng và còn hiệu lực."""
    from isoxa_grading.certificates.keys import trusted
    from isoxa_grading.certificates.verifying import read_trust, verify_pdf

    content = file.read_bytes()
    if trust is not None:
        found = verify_pdf(content, read_trust(trust))
        standing = _by_date(found)
    else:
        if not (data / "isoxa.toml").is_file():
            raise UserError(
                f"{data}: không có thư mục dữ liệu. Hãy dùng --trust TỆP.pem (xin ở đơn vị cấp giấy), hoặc --data."
            )
        folder, engine = open_data(data)
        found = verify_pdf(content, trusted(folder))
        from isoxa_grading.records.database import reading

        with reading(engine) as session:
            standing = _by_records(session, found)
        engine.dispose()
    good = found.genuine and standing == "valid"
    if as_json:
        print_json(
            {
                "file": str(file),
                **found.to_json(),
                "standing": standing,
                "checked_records": trust is None,
                "ok": good,
            }
        )
    else:
        _tell(found, standing, offline=trust is not None)
    raise typer.Exit(0 if good else 1)


def _find(session: Session, number: str) -> Certificate:
    from isoxa_grading.certificates import CertificateRefused, parse_number
    from isoxa_grading.certificates.lookup import find_certificate

    found = find_certificate(session, parse_number(number))
    if found is None:
        raise CertificateRefused("unknown")
    return found


def _as_json(one: Certificate, standing: str) -> dict[str, Any]:
    return {
        "number": one.number,
        "standing": standing,
        "name": one.person_name,
        "unit": one.unit_name,
        "course": one.course_title,
        "completed_on": one.completed_on.isoformat(),
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "issued_at": one.issued_at.isoformat(),
        "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
        "revoke_reason": one.revoke_reason,
    }


def _by_date(found: Verification) -> str | None:
    """Valid or expired, by what the file says; None where it says nothing that can be trusted."""
    if not found.genuine or found.statement is None:
        return None
    last = str(found.statement.get("valid_until") or "")
    today = now().astimezone(VIETNAM).date()
    return "expired" if last and date.fromisoformat(last) < today else "valid"


def _by_records(session: Session, found: Verification) -> str | None:
    from isoxa_grading.certificates.lookup import find_certificate, standing_of

    if not found.genuine or found.statement is None:
        return None
    known = find_certificate(session, str(found.statement.get("number")))
    if known is None:
        return "never_issued"
    return standing_of(known, now().astimezone(VIETNAM).date()).value


def _tell(found: Verification, standing: str | None, *, offline: bool) -> None:
    def say(words: str) -> None:
        stdout.print(words, markup=False, soft_wrap=True)

    say(_VERDICTS[found.verdict.value])
    said = found.statement or {}
    if said:
        lines = {
            "Số": said.get("number"),
            "Họ và tên": said.get("name"),
            "Đơn vị": said.get("unit"),
            "Khóa học": said.get("course"),
            "Hoàn thành": _day(said.get("completed_on")),
            "Có giá trị đến hết": _day(said.get("valid_until")),
            "Đơn vị cấp": said.get("issuer"),
            "Tra cứu tại": said.get("url"),
        }
        for words, value in lines.items():
            if value:
                say(f"  {words}: {value}")
        if said.get("made_up"):
            say("  Giấy TRÌNH DIỄN, cấp cho một người được dựng lên.")
    if found.signer:
        say(f"  Người ký (theo chứng thư): {found.signer}")
    if found.signed_at:
        say(f"  Ký lúc (theo đồng hồ của người ký): {format_datetime(found.signed_at)}")
    say(f"  SHA-256: {found.sha256}")
    if standing:
        say(_STANDINGS[standing])
    if offline and found.genuine:
        say(
            "Tệp không cho biết giấy có bị thu hồi hay không: hãy tra số giấy trên trang xác nhận của đơn vị cấp."
        )


def _day(text: object) -> str:
    return format_date(date.fromisoformat(str(text))) if text else ""
