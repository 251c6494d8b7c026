"""``isoxa demo``: a filled data folder, served."""

from __future__ import annotations

from rich.table import Table

from .common import DEFAULT_DATA, DataOption, JsonOption, note, now, print_json, stdout, steps
from .serve import BaseUrlOption, IpOption, NoBrowserOption, PortOption


def demo(
    data: DataOption = DEFAULT_DATA,
    port: PortOption = None,
    ip: IpOption = None,
    base_url: BaseUrlOption = None,
    no_browser: NoBrowserOption = False,
    as_json: JsonOption = False,
) -> None:
    """Trình diễn: cán bộ giả lập ở các xã có thật của một tỉnh; mở cổng và in địa chỉ, tài khoản."""
    from isoxa_grading.records.data_folder import DataFolder

    from isoxa_portal.app import launch, open_port
    from isoxa_portal.demo import fill_demo

    folder = DataFolder(data)
    folder.create()
    settings = folder.settings
    # Better said now than after minutes of filling.
    for listener in open_port(settings.ip if ip is None else ip, settings.port if port is None else port):
        listener.close()
    engine = folder.engine()
    with steps("Chuẩn bị dữ liệu trình diễn") as progress:
        accounts = fill_demo(
            folder,
            engine,
            now=now(),
            progress=lambda step: progress.update(progress.task_ids[0], description=step),
        )
    engine.dispose()

    def announce(url: str) -> None:
        if as_json:
            print_json(
                {
                    "url": url,
                    "accounts": [
                        {"role": one.role, "username": one.username, "password": one.password}
                        for one in accounts
                    ],
                }
            )
            return
        table = Table(title=f"ISO xã đang chạy tại {url}", title_justify="left")
        for heading in ("Vai trò", "Tên đăng nhập", "Mật khẩu"):
            table.add_column(heading)
        for one in accounts:
            table.add_row(_ROLES[one.role], one.username, one.password)
        stdout.print(table)
        note(
            "Người học và kết quả là giả lập; tên xã là thật. Dừng bằng Ctrl+C, chạy lại sẽ giữ nguyên dữ liệu."
        )

    launch(folder, port=port, ip=ip, base_url=base_url, open_browser=not no_browser, on_ready=announce)


_ROLES = {
    "officer": "Cán bộ, công chức (chưa bắt đầu học)",
    "trainer": "Giảng viên",
    "department": "Cơ quan quản lý",
    "admin": "Quản trị viên",
}
