"""What a start does not import: each of these costs from a tenth of a second to seconds of a small machine."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Tables, papers, notebooks and their servers are for the command, page or lesson that uses them.
HEAVY_FOR_HELP = (
    *("lark", "openpyxl", "numpy", "pandas", "docx", "pyhanko", "typst", "segno", "faker"),
    *("nbformat", "nbconvert", "nbclient", "nbgrader", "jsonschema", "voila", "IPython", "ipywidgets"),
    *("jupyter_server", "jupyter_client", "jupyterhub", "tornado", "alembic", "psycopg", "aiosmtpd", "bs4"),
)
HEAVY_FOR_SERVE = (
    "lark",
    "openpyxl",
    "numpy",
    "pandas",
    "nbgrader",
    "pyhanko",
    "faker",
    "jupyterhub",
    "jupyterlab",
)


def imported_by(program: str, names: tuple[str, ...]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nprint([n for n in {names!r} if n in sys.modules])"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return [name.strip("' ") for name in done.stdout.strip().splitlines()[-1].strip("[]").split(",") if name]


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]])
def test_the_list_of_commands_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        f"import sys; sys.argv = ['isoxa', *{arguments!r}]\n"
        "from isoxa_portal.cli import main\n"
        "try: main()\nexcept SystemExit as end: assert not end.code"
    )
    assert imported_by(program, HEAVY_FOR_HELP) == []


def test_the_portal_is_imported_without_what_its_first_page_does_not_use() -> None:
    assert imported_by("import isoxa_portal.app", HEAVY_FOR_SERVE) == []


def test_what_stood_aside_answers_when_it_is_asked() -> None:
    """jsonschema's questions first, then others: the stand-in leads to the whole module."""
    program = """
import isoxa_portal, sys
from jsonschema import FormatChecker
from jsonschema.exceptions import FormatError
checker = FormatChecker(["iri", "iri-reference"])
early = "lark" in sys.modules
checker.check("https://xã-suối-lành.vn/đường?số=1", "iri")
checker.check("../thư-mục#mục", "iri-reference")
try:
    checker.check("không phải địa chỉ", "iri")
except FormatError:
    import rfc3987_syntax
    print([early, rfc3987_syntax.is_valid_syntax("iri", "a:b"), rfc3987_syntax.is_valid_syntax_iri("a b")])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[False, True, False]"
