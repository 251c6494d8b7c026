"""The tokens: named as the contract says, used by name, and readable."""

from __future__ import annotations

import re
from pathlib import Path

import isoxa_portal
import pytest

STATIC = Path(isoxa_portal.__file__).parent / "static"
TOKENS = (STATIC / "tokens.css").read_text("utf-8")
PROMISED = [
    *("ink", "ink-soft", "paper", "paper-soft", "line", "accent", "accent-ink", "focus", "radius", "measure"),
    *("good", "good-soft", "bad", "bad-soft", "wait", "wait-soft"),
    *(f"space-{step}" for step in range(1, 7)),
    *(f"size-{name}" for name in ("small", "body", "lead", "h3", "h2", "h1")),
]
PAIRS = [
    ("ink", "paper"), ("ink", "paper-soft"), ("ink-soft", "paper"), ("ink-soft", "paper-soft"),
    ("accent", "paper"), ("accent", "paper-soft"), ("accent", "accent-soft"), ("accent-deep", "accent-soft"),
    ("accent-ink", "accent"), ("accent-ink", "accent-deep"), ("ink", "focus"), ("ink", "accent-soft"),
    ("good", "good-soft"), ("good", "paper"), ("bad", "bad-soft"), ("bad", "paper"), ("wait", "wait-soft"),
    ("wait", "paper"), ("ink", "good-soft"), ("ink", "bad-soft"), ("ink", "wait-soft"), ("paper", "bad"),
]  # fmt: skip


def value(token: str) -> str:
    found = re.search(rf"--ix-{re.escape(token)}:\s*([^;]+);", TOKENS)
    assert found, token
    return found[1].strip()


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2) of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_contrast_is_enough_to_read(front: str, back: str) -> None:
    high, low = sorted((luminance(value(front)), luminance(value(back))), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


@pytest.mark.parametrize("token", PROMISED)
def test_the_contracts_tokens_are_there(token: str) -> None:
    assert value(token)


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_uses_tokens_that_exist(sheet: Path) -> None:
    css = sheet.read_text("utf-8")
    assert not {name for name in re.findall(r"var\(--ix-([\w-]+)\)", css) if f"--ix-{name}:" not in TOKENS}
    assert "http" not in css.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("script", ["portal.js", "login.js"])
def test_no_script_reaches_for_another_host(script: str) -> None:
    assert "http" not in (STATIC / script).read_text("utf-8")
