"""``isoxa serve``: the portal."""

from __future__ import annotations

from typing import Annotated

import typer

from .common import DEFAULT_DATA, DataOption, note, open_data

PortOption = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help="Cổng; bỏ trống: theo isoxa.toml.")
]
IpOption = Annotated[str | None, typer.Option("--ip", help="Địa chỉ lắng nghe; bỏ trống: theo isoxa.toml.")]
BaseUrlOption = Annotated[
    str | None, typer.Option("--base-url", help="Đường dẫn gốc, ví dụ /isoxa/; bỏ trống: theo isoxa.toml.")
]
NoBrowserOption = Annotated[bool, typer.Option("--no-browser", help="Không mở trình duyệt.")]


def serve(
    data: DataOption = DEFAULT_DATA,
    port: PortOption = None,
    ip: IpOption = None,
    base_url: BaseUrlOption = None,
    no_browser: NoBrowserOption = False,
) -> None:
    """Mở cổng học tập: trang web cho cán bộ, giảng viên, cơ quan quản lý và quản trị viên."""
    from isoxa_portal.app import launch

    data_folder, engine = open_data(data)
    engine.dispose()
    launch(
        data_folder,
        port=port,
        ip=ip,
        base_url=base_url,
        open_browser=not no_browser,
        on_ready=lambda url: note(f"Cổng học tập đang chạy tại {url}\nDừng bằng Ctrl+C."),
    )
