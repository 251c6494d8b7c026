"""``isoxa serve``: the portal; with ``--workshop``, a hall that people come into by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .common import DEFAULT_DATA, DataOption, note, open_data, steps

if TYPE_CHECKING:
    from isoxa_grading.records.data_folder import DataFolder

PortOption = Annotated[
    int | None, typer.Option("--port", min=0, max=65535, help="Cổng; bỏ trống: theo isoxa.toml.")
]
IpOption = Annotated[str | None, typer.Option("--ip", help="Địa chỉ lắng nghe; bỏ trống: theo isoxa.toml.")]
BaseUrlOption = Annotated[
    str | None, typer.Option("--base-url", help="Đường dẫn gốc, ví dụ /isoxa/; bỏ trống: theo isoxa.toml.")
]
NoBrowserOption = Annotated[bool, typer.Option("--no-browser", help="Không mở trình duyệt.")]
WorkshopOption = Annotated[
    bool,
    typer.Option(
        "--workshop",
        help="Lớp tập huấn: vào bằng họ tên, không cần tài khoản. Tự chuẩn bị thư mục dữ liệu riêng.",
    ),
]


def serve(
    data: DataOption = DEFAULT_DATA,
    port: PortOption = None,
    ip: IpOption = None,
    base_url: BaseUrlOption = None,
    no_browser: NoBrowserOption = False,
    workshop: WorkshopOption = False,
) -> None:
    """Mở cổng học tập: trang web cho cán bộ, giảng viên, cơ quan quản lý và quản trị viên."""
    from isoxa_portal.app import launch
    from isoxa_portal.workshop.folder import check_apart, make_ready

    if workshop:
        with steps("Chuẩn bị lớp tập huấn") as progress:
            data_folder: DataFolder = make_ready(
                data, lambda step: progress.update(progress.task_ids[0], description=step)
            )
    else:
        data_folder, engine = open_data(data)
        engine.dispose()
        if data_folder.settings.workshop:
            check_apart(data_folder)
    words = "Lớp tập huấn" if data_folder.settings.workshop else "Cổng học tập"
    launch(
        data_folder,
        port=port,
        ip=ip,
        base_url=base_url,
        open_browser=not no_browser,
        on_ready=lambda url: note(f"{words} đang chạy tại {url}\nDừng bằng Ctrl+C."),
    )
