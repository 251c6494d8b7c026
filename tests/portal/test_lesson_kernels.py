"""What a lesson process is given, and whom it runs as."""

from __future__ import annotations

import asyncio
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isoxa_grading.records.data_folder import DataFolder
from isoxa_portal.errors import CannotServe
from isoxa_portal.lesson_kernels import LessonKernelManager, LessonUser, lesson_environment

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
NAMES = st.from_regex(r"[A-Z_]{1,20}", fullmatch=True)


@given(st.dictionaries(NAMES, st.text(min_size=1, max_size=20)))
def test_nothing_of_ours_is_passed_on(ours: dict[str, str]) -> None:
    given_ = lesson_environment(Path("/r"), Path("/h"), {**ours, "PATH": "/bin", "DATABASE_URL": "bi-mat"})
    assert "bi-mat" not in given_.values()
    inherited = set(given_) & set(ours) - {"PATH", "TZ", "SYSTEMROOT"}
    fixed = lesson_environment(Path("/r"), Path("/h"), {"PATH": "/bin"})
    assert all(given_[name] == fixed[name] for name in inherited)


def test_an_unknown_user_is_refused_in_words() -> None:
    with pytest.raises(CannotServe, match="không có người dùng"):
        LessonUser.named("khong-co-nguoi-nay")


@as_root
def test_a_user_who_cannot_run_our_python_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    closed = tmp_path / "python"
    closed.symlink_to(sys.executable)
    tmp_path.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(closed))
    with pytest.raises(CannotServe, match="không chạy được"):
        LessonUser.named("nobody")


@as_root
def test_the_lesson_user_reads_what_is_released_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path_factory.mktemp("lesson-user")
    for place in (root, *root.parents[:3]):
        if place != Path("/tmp"):
            place.chmod(0o755)
    data = DataFolder(root / "data")
    data.create()
    data.secret("attempts")
    released = data.released("khoa", "1")
    released.mkdir(parents=True)
    (released / "bai.txt").write_text("duoc-doc\n")
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setattr(LessonKernelManager, "lesson_user", LessonUser(nobody.pw_uid, nobody.pw_gid))
    connection = root / "kernel.json"
    script = (
        f"id -u; cat bai.txt; cat {connection} > /dev/null && echo noi; "
        f"cat {data.path}/secrets/attempts || echo dong1; cat {data.settings_file} || echo dong2; "
        f"ls {data.path}/editions || echo dong3; ls {data.path} || echo dong4"
    )

    async def launch() -> str:
        manager = LessonKernelManager(kernel_name="python3", connection_file=str(connection))
        _, arguments = await manager._async_pre_start_kernel(cwd=str(released), env={"PATH": os.defpath})
        arguments |= {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        await manager._async_launch_kernel(["/bin/sh", "-c", script], **arguments)
        process = manager.provisioner.process
        said = await asyncio.to_thread(process.stdout.read)
        process.wait()
        process.stdout.close()
        return str(said.decode())

    said = asyncio.run(launch())
    # The data folder itself may be passed through, but not listed.
    assert said.split() == [str(nobody.pw_uid), "duoc-doc", "noi", "dong1", "dong2", "dong3", "dong4"]
