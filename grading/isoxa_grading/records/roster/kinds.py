"""Files that are no roster that can be read: what each is, and what to do about it in Excel (Vietnamese)."""

from __future__ import annotations

__all__ = ["about_ole", "describe_archive", "other_kind"]

_SAVE_AS = (
    "Hãy mở tệp bằng Excel, chọn Tệp → Lưu thành… (File → Save As), "
    "chọn loại “Excel Workbook (*.xlsx)” rồi nhập lại."
)


def about_ole(content: bytes) -> str:
    """What a file in Microsoft's old container is."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return (
            "tệp Excel có đặt mật khẩu nên không đọc được. Hãy mở bằng Excel, chọn Tệp → Thông tin → "
            "Bảo vệ sổ làm việc → Mã hóa bằng mật khẩu, xóa mật khẩu, lưu lại rồi nhập."
        )
    if "WordDocument".encode("utf-16-le") in content:
        return (
            "đây là tệp Word, không phải bảng tính. Hãy chép bảng sang Excel, lưu thành .xlsx rồi nhập lại."
        )
    return f"tệp Excel đời cũ (.xls), hệ thống không đọc trực tiếp. {_SAVE_AS}"


def other_kind(content: bytes) -> str:
    """What it is, where it is a known kind that is no roster; else ""."""
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF"):
        return "đây là tệp PDF, không phải bảng tính. Hãy dùng tệp Excel gốc, hoặc chép danh sách sang tệp .xlsx."
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")):
        return "đây là hình ảnh, không phải bảng tính. Hãy dùng tệp Excel gốc, hoặc gõ lại danh sách trong Excel."
    if head.startswith(b"{\\rtf"):
        return "đây là tệp văn bản RTF, không phải bảng tính. Hãy chép bảng sang Excel, lưu thành .xlsx rồi nhập lại."
    if head[:5].lower() == b"<?xml" or b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return f"đây là tệp XML, không phải .xlsx. {_SAVE_AS}"
    if head.lower().startswith((b"mime-version", b"from:", b"content-type:")):
        return f"đây là trang web lưu lại (.mht), không phải .xlsx. {_SAVE_AS}"
    if head.startswith((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        return "đây là tệp nén. Hãy giải nén rồi nhập tệp Excel bên trong."
    return ""


def describe_archive(names: set[str]) -> str:
    """What a zip archive without a workbook is."""
    if any(name.startswith("word/") for name in names):
        return "đây là tệp Word, không phải bảng tính Excel. Hãy chép bảng sang Excel, lưu thành .xlsx rồi nhập lại."
    if "content.xml" in names:
        return f"đây là bảng tính OpenDocument (.ods), không phải bảng tính Excel. {_SAVE_AS}"
    if "xl/workbook.bin" in names:
        return f"đây là bảng tính nhị phân (.xlsb), không phải bảng tính Excel dạng .xlsx. {_SAVE_AS}"
    if any(name.lower().endswith((".xlsx", ".xls", ".csv")) for name in names):
        return "đây là tệp nén, không phải bảng tính Excel. Hãy giải nén rồi nhập tệp Excel bên trong."
    return f"không phải bảng tính Excel (.xlsx). {_SAVE_AS}"
