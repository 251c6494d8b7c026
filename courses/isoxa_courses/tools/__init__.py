"""The tools of the lessons: one module each, found by being here; its ``MODEL`` is what the YAML must hold."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from .base import Tool

MODELS: dict[str, type[Tool]] = {
    module.name: import_module(f"{__name__}.{module.name}").MODEL
    for module in sorted(iter_modules(__path__), key=lambda module: module.name)
    if module.name != "base"
}

if TYPE_CHECKING:
    AnyTool = Tool
else:
    AnyTool = Annotated[
        Union[tuple(MODELS.values())],  # noqa: UP007 - the members are known at run time
        Field(discriminator="tool"),
    ]

__all__ = ["MODELS", "AnyTool", "Tool"]
