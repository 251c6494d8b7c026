"""What the part's page promises is what it exports."""

from __future__ import annotations

import re
from pathlib import Path

import notebook_sessions
from notebook_sessions import HostLimits, SessionHost

PAGE = Path(__file__).parents[2] / "docs/contributors/notebook-sessions.md"


def interface() -> str:
    """The page's part about what others may use."""
    text = PAGE.read_text("utf-8")
    return text[text.index("## The public interface") : text.index("## What is replaced")]


def test_every_exported_name_is_documented_and_there() -> None:
    words = set(re.findall(r"\w+", interface()))
    assert [name for name in notebook_sessions.__all__ if name not in words] == []
    assert [name for name in notebook_sessions.__all__ if not hasattr(notebook_sessions, name)] == []


def test_what_the_example_imports_is_exported() -> None:
    imported = re.search(r"from notebook_sessions import \(([^)]*)\)", interface())
    assert imported is not None
    assert set(re.findall(r"\w+", imported[1])) == set(notebook_sessions.__all__)


def test_what_the_example_calls_is_there() -> None:
    called = set(re.findall(r"\bhost\.(\w+)\(", interface()))
    public = {
        name for name, value in vars(SessionHost).items() if not name.startswith("_") and callable(value)
    }
    assert called == public
    limits = re.search(r"HostLimits\(([^)]*)\)", interface())
    assert limits is not None
    assert set(re.findall(r"(\w+)=", limits[1])) == set(HostLimits.__dataclass_fields__)
