"""The data folder: who may read what in it, settings that say what is wrong with them, secrets."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from isoxa_grading.records.data_folder import CertificateSettings, DataFolder, DataFolderError, Settings
from isoxa_grading.records.database import migrate


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "dữ liệu")
    folder.create()
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_create_twice_keeps_settings(data: DataFolder) -> None:
    data.settings_file.write_text("port = 9000\n")
    data.create()
    assert data.exists
    assert data.settings.port == 9000
    assert data.settings.base_url == "/"


def test_given_settings_are_written_and_read_back(tmp_path: Path) -> None:
    settings = Settings(
        base_url="/isoxa/", port=0, cookie_secure=True, lesson_user='a"b\\c',
        public_address="https://iso.example.vn/lop", certificate=CertificateSettings(issuer='Sở "KH&CN"'),
    )  # fmt: skip
    folder = DataFolder(tmp_path / "d")
    folder.create(settings)
    assert folder.settings == settings
    assert folder.settings.public_address == "https://iso.example.vn/lop/"
    assert mode(folder.settings_file) == 0o600


def test_only_released_is_open_to_others(data: DataFolder) -> None:
    data.secret("cookie")
    engine = data.engine()
    migrate(engine)
    data.nbgrader("c").mkdir()
    for folder in ("secrets", "editions", "nbgrader", "exports", "backups"):
        assert mode(data.path / folder) == 0o700
    for file in data.path.glob("isoxa.db*"):
        assert mode(file) == 0o600
    assert mode(data.path) == 0o711
    assert mode(data.path / "released") == 0o755
    engine.dispose()


def test_secret_is_random_stable_and_closed(data: DataFolder) -> None:
    first = data.secret("cookie")
    assert len(first) == 32
    assert data.secret("cookie") == first
    assert data.secret("seed") != first
    (data.path / "secrets" / "cookie").chmod(0o644)
    assert data.secret("cookie") == first
    assert mode(data.path / "secrets" / "cookie") == 0o600


def test_secret_made_by_many_at_once_is_one(data: DataFolder) -> None:
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.append(data.secret("x"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert [file.name for file in (data.path / "secrets").iterdir()] == ["x"]


def test_a_cut_secret_is_not_used(data: DataFolder) -> None:
    data.secret("x")
    (data.path / "secrets" / "x").write_bytes(b"")
    with pytest.raises(DataFolderError, match="bị cắt ngắn"):
        data.secret("x")


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a..b", "x\0", "C:\\x"])
def test_names_cannot_leave_the_folder(data: DataFolder, name: str) -> None:
    for make in (
        data.secret,
        data.nbgrader,
        lambda n: data.editions("c", n),
        lambda n: data.released(n, "1"),
    ):
        with pytest.raises(ValueError, match="not a name"):
            make(name)


def test_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match="isoxa init --data"):
        _ = DataFolder(tmp_path / "none").settings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# x\nprot = 1\n", "isoxa.toml:2: prot: không có cài đặt này"),
        ('ip = "::"\n\nport = "8866"\n', "isoxa.toml:3: port: phải là số nguyên"),
        ("port = 70000", "isoxa.toml:1: port: quá lớn"),
        ("cookie_secure = 1", "isoxa.toml:1: cookie_secure: phải là true hoặc false"),
        ("max_lessons = 0", "isoxa.toml:1: max_lessons: quá nhỏ"),
        ('base_url = "isoxa"', "isoxa.toml:1: base_url: phải bắt đầu và kết thúc bằng"),
        ('base_url = "/a/../"', "isoxa.toml:1: base_url: phải bắt đầu"),
        ("ip = 1", "isoxa.toml:1: ip: phải là chuỗi trong ngoặc kép"),
        ("port = 1\n[certificate]\n# x\nissuer = 7", "isoxa.toml:4: certificate.issuer: phải là chuỗi"),
        ('[certificate]\nnguoi_ky = ""', "isoxa.toml:2: certificate.nguoi_ky: không có cài đặt này"),
        ("issuer = 1\ncertificate = 1", "isoxa.toml:1: issuer: không có cài đặt này"),
        ('public_address = "iso.example.vn"', "isoxa.toml:1: public_address: phải bắt đầu bằng “https://”"),
        ("[server]\nport = 1", "isoxa.toml:1: server: không có cài đặt này"),
        ("port = ", "không đúng cú pháp TOML"),
        ("port = 1\nport = 2", "không đúng cú pháp TOML"),
    ],
)
def test_wrong_settings_say_file_line_and_reason(data: DataFolder, text: str, expected: str) -> None:
    data.settings_file.write_text(text)
    with pytest.raises(DataFolderError) as caught:
        _ = data.settings
    assert expected in str(caught.value)


def test_settings_that_are_not_text(data: DataFolder) -> None:
    data.settings_file.write_bytes(b"\xff\xfe\x00port")
    with pytest.raises(DataFolderError, match="không đọc được"):
        _ = data.settings


def test_unsupported_database_url_names_the_setting(data: DataFolder) -> None:
    data.settings_file.write_text('database_url = "mysql://x/y"')
    with pytest.raises(DataFolderError, match="database_url: Không hỗ trợ"):
        data.engine()
