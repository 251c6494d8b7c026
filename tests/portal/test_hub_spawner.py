"""A trainer's folder on the Hub's machine: whose it becomes, and what its links can not do."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

pytest.importorskip("jupyterhub")
from isoxa_portal.hub.spawner import hand_over


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_folder_is_handed_over_and_no_file_outside_with_it(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody").pw_uid
    secret, home = tmp_path / "isoxa.db", tmp_path / "trainer"
    secret.write_text("records", encoding="utf-8")
    (home / "bai-hoc").mkdir(parents=True)
    (home / "bai-hoc" / "01.ipynb").write_text("{}", encoding="utf-8")
    (home / "link").symlink_to(secret)
    (home / "folder").symlink_to(tmp_path)
    hand_over(home, "nobody")
    assert {one.lstat().st_uid for one in (home, *home.rglob("*"))} == {nobody}
    assert secret.stat().st_uid == tmp_path.stat().st_uid == 0
    # From now on it is the trainer's: what else turns up in it is not the Hub's to give away.
    (home / "later").write_text("", encoding="utf-8")
    hand_over(home, "nobody")
    assert (home / "later").stat().st_uid == 0
