"""Imports point one way, and the folders of the packages are never imported as packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("courses", "grading", "portal", "widgets")


def lint_imports(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            *arguments,
        ],
        cwd=root,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(root / folder) for folder in FOLDERS)},
        timeout=240,
    )


def test_imports_point_one_way() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "imports point one way KEPT" in done.stdout
    assert "0 broken" in done.stdout


def test_an_import_the_wrong_way_is_found(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for folder in FOLDERS:
        package = Path(folder) / f"isoxa_{folder}"
        for origin in (ROOT / package).rglob("*.py"):
            target = tmp_path / origin.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(origin, target)
    (tmp_path / "courses/isoxa_courses/lac_loi.py").write_text(
        "import isoxa_portal\nimport tornado\n", "utf-8"
    )
    done = lint_imports(tmp_path, "--no-cache")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "imports point one way BROKEN" in done.stdout
    assert "courses know no database and no web BROKEN" in done.stdout


def ruff(snippet: str, folder: Path) -> str:
    path = folder / "snippet.py"
    path.write_text(snippet, encoding="utf-8")
    done = subprocess.run(
        (
            *(sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"),
            *("--config", str(ROOT / "pyproject.toml"), "--select", "TID251", str(path)),
        ),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_are_not_packages(folder: str, tmp_path: Path) -> None:
    for snippet in (f"import {folder}\n", f"from {folder} import isoxa_{folder}\n"):
        assert f"`{folder}` is banned: import isoxa_{folder}" in ruff(snippet, tmp_path)
    assert "All checks passed" in ruff(f"import isoxa_{folder}\n", tmp_path)


def test_courses_load_without_database_or_web() -> None:
    heavy = ("sqlalchemy", "tornado", "voila", "nbgrader", "ipywidgets", "nbformat")
    script = (
        "import sys, isoxa_courses.scoring, isoxa_courses.loading, isoxa_courses.practice\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
