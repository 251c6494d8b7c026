"""Where the content that comes with isoxa lies: in the checkout, or inside the installed package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ContentRoot:
    """``courses``: one folder a course; ``lessons``: the lesson notebooks."""

    courses: Path
    lessons: Path


def content_root() -> ContentRoot:
    """The shipped content. Raises ``FileNotFoundError`` if the installation lacks it."""
    package = Path(__file__).resolve().parent
    installed = package / "content"
    if installed.is_dir():
        return ContentRoot(installed / "courses", installed / "notebooks" / "lessons")
    checkout = package.parents[1]
    root = ContentRoot(checkout / "courses", checkout / "notebooks" / "lessons")
    if not root.lessons.is_dir():
        raise FileNotFoundError(2, "không thấy nội dung khóa học đi kèm", str(root.lessons))
    return root
