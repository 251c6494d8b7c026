"""``isoxa serve``: the portal; with ``--workshop``, a hall that people come into by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .common import DEFAULT_DATA, DataOption, UserError, note, open_data, steps

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
HubOption = Annotated[
    bool, typer.Option("--hub", help="Chạy như một dịch vụ của JupyterHub: đăng nhập ở Hub.")
]


def serve(
    data: DataOption = DEFAULT_DATA,
    port: PortOption = None,
    ip: IpOption = None,
    base_url: BaseUrlOption = None,
    no_browser: NoBrowserOption = False,
    workshop: WorkshopOption = False,
    hub: HubOption = False,
) -> None:
    """Mở cổng học tập: trang web cho cán bộ, giảng viên, cơ quan quản lý và quản trị viên."""
    from isoxa_portal.app import launch
    from isoxa_portal.hub.service import hub_of_environment
    from isoxa_portal.workshop.folder import WorkshopFolder, check_apart, make_ready

    if hub and workshop:
        raise UserError("--hub và --workshop không dùng cùng nhau: lớp tập huấn không có tài khoản.")
    service = hub_of_environment() if hub else None
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
            data_folder = WorkshopFolder(data_folder.path)
    words = "Lớp tập huấn" if data_folder.settings.workshop else "Cổng học tập"
    launch(
        data_folder,
        port=service.port if service and port is None else port,
        ip=service.ip if service and ip is None else ip,
        base_url=service.base if service else base_url,
        hub=service,
        open_browser=not no_browser and not hub,
        on_ready=lambda url: note(f"{words} đang chạy tại {url}\nDừng bằng Ctrl+C."),
    )
